package audit

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	sumdb "golang.org/x/mod/sumdb/note"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/merkle"
	"github.com/doublerandom/doublerandom/registry"
)

func TestVerifyReceipt(t *testing.T) {
	b := build(t, recipe{receipts: 2, frame: statement.Salted, hideRows: true})
	note := b.signed["receipts/1.note"].Note
	r := VerifyReceipt(note, b.policy)
	require.Equal(t, Fixed, r.Verdict, r.String())
	require.Equal(t, Fixed, VerifyReceipt(note, b.policy, b.signed[FileNotice].Note, b.signed[FileSealed].Note).Verdict)

	other := build(t, recipe{receipts: 1, number: 2, previous: statement.ID{1}})
	stopped(t, VerifyReceipt(note, b.policy, other.signed[FileSealed].Note), WrongVerdict, CheckReceipts, Wrong, "the receipt is of another sealed result")
	stopped(t, VerifyReceipt(note, b.policy, other.signed[FileNotice].Note), WrongVerdict, CheckReceipts, Wrong, "the receipt is of another draw than the notice")

	letter, err := sumdb.Sign(&sumdb.Note{Text: "a letter\n"}, b.regul.Signer)
	require.NoError(t, err)
	require.Equal(t, Wrong, VerifyReceipt(note, b.policy, letter).Of(CheckFiles))

	r = CheckReceiptAgainst(b.files, note, b.policy)
	require.Equal(t, OpenedUncheckable, r.Verdict, r.String())
	stopped(t, CheckReceiptAgainst(other.files, note, other.policy), WrongVerdict, CheckReceipts, Wrong, `"receipt" has another notice`)

	require.Equal(t, WrongVerdict, VerifyReceipt(nil, b.policy).Verdict)
	require.Equal(t, WrongVerdict, VerifyReceipt(make([]byte, 3000), b.policy).Verdict)
	require.Equal(t, CannotTell, VerifyReceipt(note, new(Policy)).Verdict)
	b.policy.Regulators = []string{newSigner("witness-1.example").vkey}
	require.Equal(t, WrongVerdict, VerifyReceipt(note, b.policy).Verdict)
}

func TestAttackSwappedReceipts(t *testing.T) {
	b := build(t, recipe{receipts: 2})
	first, second := new(statement.Receipt), new(statement.Receipt)
	require.NoError(t, first.UnmarshalText(b.signed["receipts/1.note"].Text))
	require.NoError(t, second.UnmarshalText(b.signed["receipts/2.note"].Text))

	// One company is shown the other's outcome, signed by the regulator.
	swapped := *first
	swapped.Outcome, swapped.Rank, swapped.Salt, swapped.Path = second.Outcome, second.Rank, second.Salt, second.Path
	signed := b.sign("receipts/1.note", &swapped, b.regul)
	r := VerifyReceipt(signed.Note, b.policy)
	require.Equal(t, WrongVerdict, r.Verdict)
	require.Contains(t, r.Reason, "its outcome")
	require.Equal(t, Wrong, b.run().Of(CheckReceipts))

	// Or the other's row.
	swapped = *first
	swapped.Unit = second.Unit
	signed = b.sign("receipts/1.note", &swapped, b.regul)
	r = VerifyReceipt(signed.Note, b.policy)
	require.Equal(t, WrongVerdict, r.Verdict)
	require.Contains(t, r.Reason, "its row")
}

func TestAttackWrongSalt(t *testing.T) {
	// The sealed tree has salts of the regulator's own choice, so that it could
	// search for leaves: the proofs hold, but the opening shows it.
	b := build(t, recipe{frame: statement.Salted, hideRows: true, tree: func(frame *registry.Frame, result *draw.Result) statement.ID {
		tree, _ := treeOf(frame, result, registry.Salt{9})
		return tree.Root()
	}})
	tree, leaf := treeOf(b.frame, b.result, registry.Salt{9})
	unit, proof, frameSalt, err := b.rows.Prove(b.frame.ID(0))
	require.NoError(t, err)
	c := &statement.Receipt{
		Notice: b.signed[FileNotice].ID, Sealed: b.signed[FileSealed].ID, Frame: b.rows.Root(), Units: proof.Units, Root: tree.Root(),
		Unit: unit, FrameSalt: frameSalt, FramePath: proof.Path, Outcome: leaf(0).Outcome, Rank: leaf(0).Rank, Salt: leaf(0).Salt, Path: tree.Prove(0),
	}
	signed := b.sign("receipts/1.note", c, b.regul)
	require.Equal(t, Fixed, VerifyReceipt(signed.Note, b.policy).Verdict, "nobody can tell before the opening")
	stopped(t, b.run(), WrongVerdict, CheckReceipts, Wrong, `"receipts/1.note" has another salt than follows from the seed`)

	// Auditors see it without any receipt.
	b = build(t, recipe{tree: b.tree})
	stopped(t, b.run(), WrongVerdict, CheckSealedRoot, Wrong, "the sealed result is over another outcome than the derived one")
}

// treeOf returns a sealed tree with one salt everywhere, and its leaves.
func treeOf(frame *registry.Frame, result *draw.Result, salt registry.Salt) (*merkle.Tree, func(i int) statement.SealedLeaf) {
	right, err := seal.New(draw.SHA256(), frame, result, nil)
	if err != nil {
		panic(err)
	}
	leaf := func(i int) statement.SealedLeaf {
		l, _, err := right.Prove(frame.ID(i))
		if err != nil {
			panic(err)
		}
		l.Salt = salt
		return l
	}
	tree, err := merkle.New(draw.SHA256().Hash, frame.Len(), func(i int, buf []byte) []byte { return leaf(i).AppendTo(buf) })
	if err != nil {
		panic(err)
	}
	return tree, leaf
}

func TestAttackPhantomAndDuplicatedUnits(t *testing.T) {
	// Units that are in the plan's numbers only: the others' chances would fall.
	b := build(t, recipe{})
	text := string(b.files[FileFrame].Data)
	b.put(FileFrame, []byte(text[:len(text)-len("91370202MA00000023 370203/B 3\n")]))
	stopped(t, b.run(), WrongVerdict, CheckFrameRoot, Wrong, "the frame has another number of units than announced")

	// A company that is listed twice, to be drawn twice as easily.
	b.put(FileFrame, []byte(text[:30]+text))
	r := b.run()
	require.Equal(t, WrongVerdict, r.Verdict)
	require.Equal(t, Wrong, r.Of(CheckFrameRoot))

	// In a frame whose rows nobody sees: two receipts give it away.
	duplicated(t, "A", "B", "B", "C")
	duplicated(t, "A", "C", "B", "D")

	// A phantom company that is in the frozen frame looks like any other: that a frame
	// lists real companies only, and all of them, is not claimed.
	phantom := build(t, recipe{units: append(testUnits(), registry.Unit{ID: "PHANTOM", Stratum: "370202/A", Weight: 1})})
	require.Equal(t, OpenedCorrect, phantom.run().Verdict)
}

// duplicated verifies receipts 1 and 2 of a salted frame whose IDs are not in
// ascending order.
func duplicated(t *testing.T, ids ...string) {
	salt := registry.Salt{3}
	suite := draw.SHA256()
	frame, err := merkle.New(suite.Hash, len(ids), func(i int, buf []byte) []byte {
		return fmt.Appendf(buf, "%s 370202/A 1 %s", ids[i], salt)
	})
	require.NoError(t, err)
	leaf := func(i int) statement.SealedLeaf {
		return statement.SealedLeaf{ID: ids[i], Outcome: statement.Other, Salt: salt}
	}
	tree, err := merkle.New(suite.Hash, len(ids), func(i int, buf []byte) []byte { return leaf(i).AppendTo(buf) })
	require.NoError(t, err)
	b := build(t, recipe{frame: statement.Salted, hideRows: true, stop: "sealed", edit: func(s statement.Statement) {
		switch s := s.(type) {
		case *statement.Notice:
			s.Root, s.Units = frame.Root(), 4
		case *statement.SealedResult:
			s.Frame, s.Units, s.Root = frame.Root(), 4, tree.Root()
		}
	}})
	b.policy.At = b.at.Add(after("event"))
	for _, i := range []int{1, 2} {
		b.sign(fmt.Sprintf("receipts/%d.note", i), &statement.Receipt{
			Notice: b.signed[FileNotice].ID, Sealed: b.signed[FileSealed].ID, Frame: frame.Root(), Units: 4, Root: tree.Root(), Index: uint64(i),
			Unit: registry.Unit{ID: ids[i], Stratum: "370202/A", Weight: 1}, FrameSalt: salt, FramePath: frame.Prove(i),
			Outcome: statement.Other, Salt: salt, Path: tree.Prove(i),
		}, b.regul)
	}
	r := b.run()
	require.Equal(t, WrongVerdict, r.Verdict, r.String())
	require.Contains(t, r.String(), "each unit has one place, in the order of IDs")
}

// TestNoUsableReceipt breaks all receipts of a bundle: that none can be used is not said to agree.
func TestNoUsableReceipt(t *testing.T) {
	b := fullBundle(t)
	r := Verify(b.with(func(files fstest.MapFS) {
		for name := range files {
			if len(name) > len(DirReceipts) && name[:len(DirReceipts)] == DirReceipts {
				files[name] = &fstest.MapFile{Data: []byte("no note\n")}
			}
		}
	}), b.policy)
	require.Equal(t, Skipped, r.Of(CheckReceipts), r.String())
	require.Equal(t, WrongVerdict, r.Verdict)
}
