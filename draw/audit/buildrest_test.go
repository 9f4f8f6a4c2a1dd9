package audit

import (
	"bytes"
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
)

// buildRest makes everything after the notice, up to where the recipe stops.
func (b *built) buildRest() {
	notice := b.signed[FileNotice].ID
	if b.stop == "notice" {
		return
	}
	var values []statement.Value
	c := statement.Close{Notice: notice, Closed: b.at.Add(after("close"))}
	for i, name := range names() {
		key := newSigner("contributor-" + name[:1])
		commitFile, revealFile := paths(name)
		fault := b.faults[name]
		var commit statement.ID
		nonce := b.nonce(name)
		if i < 2 && fault != statement.NoCommit {
			commit = b.sign(commitFile, &statement.Commit{Notice: notice, Contributor: name,
				Commitment: statement.CommitmentOf(b.suite, notice, name, b.value(name), nonce)}, key).ID
		}
		if i == 2 {
			nonce = statement.ID{}
		}
		if fault != 0 {
			c.Missing = append(c.Missing, statement.Missing{Contributor: name, Fault: fault, Commit: commit})
			continue
		}
		reveal := statement.Reveal{Notice: notice, Contributor: name, Value: b.value(name), Nonce: nonce}
		c.Counted = append(c.Counted, statement.Counted{Contributor: name, Commit: commit, Reveal: b.sign(revealFile, &reveal, key).ID})
		values = append(values, statement.Value{Contributor: reveal.Contributor, Value: reveal.Value})
	}
	if b.stop == "reveal" {
		return
	}
	closeID := b.sign(FileClose, &c, b.regul).ID
	if b.stop == "close" {
		return
	}
	pulse, value := statement.ID{}, ""
	if !b.noBeacon {
		p := &statement.Pulse{Notice: notice, Close: closeID, Beacon: testBeacon, Round: testRound, Value: testValue}
		pulse = b.sign(FilePulse, p, b.regul).ID
		value = p.Value
	}
	if b.stop == "pulse" {
		return
	}
	var secret *[32]byte
	if b.mode == statement.Sealed {
		s := b.secret()
		secret = &s
	}
	b.seed = statement.Seed(b.suite, notice, value, values, secret)
	var err error
	b.result, err = draw.Run(b.plan, b.frame, b.seed)
	require.NoError(b.t, err)
	b.buildResult(notice, closeID, pulse)
}

func (b *built) buildResult(notice, closeID, pulse statement.ID) {
	var result bytes.Buffer
	_, err := b.result.WriteTo(&result)
	require.NoError(b.t, err)
	text := result.Bytes()
	if b.editResult != nil {
		text = b.editResult(text)
	}
	if b.mode == statement.Open {
		b.put(FileResult, text)
		return
	}
	b.sealed, err = seal.New(b.suite, b.frame, b.result, nil)
	require.NoError(b.t, err)
	root := b.sealed.Root()
	if b.tree != nil {
		root = b.tree(b.frame, b.result)
	}
	sealed := b.sign(FileSealed, &statement.SealedResult{
		Notice: notice, Close: closeID, Pulse: pulse, Frame: b.plan.FrameRoot(), Units: b.plan.Units(), Root: root,
	}, b.regul).ID
	for i := range b.receipts {
		r, err := seal.NewReceipt(notice, sealed, b.rows, b.sealed, b.frame.ID(i))
		require.NoError(b.t, err)
		b.sign(fmt.Sprintf("%s/%d.note", DirReceipts, i+1), r, b.regul)
	}
	b.buildEvents(notice, sealed)
	if b.stop == "sealed" {
		return
	}
	s := b.secret()
	b.sign(FileOpening, &statement.Opening{
		Notice: notice, Sealed: sealed, Opened: b.at.Add(after("opening")), Secret: s, Result: statement.IDOf(b.suite, text),
	}, b.regul)
	if !b.hideRows {
		b.put(FileResult, text)
	}
}

// buildEvents publishes events, hidden when they happen and shown after the
// opening.
func (b *built) buildEvents(notice, sealed statement.ID) {
	var previous statement.ID
	for i, d := range b.events {
		seq := uint64(i) + 1
		d.Nonce = b.suite.Sum(fmt.Appendf(nil, "nonce of event %d", seq))
		hidden := statement.Event{Notice: notice, Sealed: sealed, Sequence: seq, Previous: previous, Made: b.at.Add(after("event")),
			Hidden: statement.EventCommitment(b.suite, seq, d)}
		shown := hidden
		shown.Hidden, shown.Detail = statement.ID{}, &d
		previous = b.sign(fmt.Sprintf("%s/%04d.note", DirEvents, seq), &hidden, b.regul).ID
		if b.stop == "" {
			b.sign(fmt.Sprintf("%s/%04d-shown.note", DirEvents, seq), &shown, b.regul)
		}
	}
}
