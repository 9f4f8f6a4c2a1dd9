// Package seal fixes the result of a draw before it is opened: a salted Merkle
// root over the whole frame, published at once, and for each company a receipt
// that shows its own outcome and nothing of the others.
//
// [New] makes the tree and [Tree.Root] is what the sealed result publishes;
// [NewReceipt] makes a company's receipt and [CheckReceipt] checks it, offline and
// in less than a millisecond. [PackReceipt] and [UnpackReceipt] are for its way
// on paper, as a QR code.
package seal

import (
	"fmt"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/merkle"
	"github.com/doublerandom/doublerandom/registry"
)

// A Tree is the sealed result: a Merkle tree (RFC 6962) with a leaf for each unit
// of the frame, in the frame's order, that says whether the unit was drawn. Each
// leaf has a salt derived from the draw's seed, so that before the opening
// neither root nor proof tells anything of other units. It is immutable and safe
// for concurrent use.
type Tree struct {
	suite    draw.Suite
	frame    *registry.Frame
	key      [32]byte // of the salts
	outcomes map[string]draw.Drawn
	extend   func(id string) statement.ID
	tree     *merkle.Tree
}

// New returns the tree of a result, which must be that of the frame. If extension
// is not nil, it returns for the ID of a drawn unit the hash of what else its
// leaf fixes, such as its team, or the zero ID; it must always return the same,
// and is called from several goroutines at once.
func New(suite draw.Suite, frame *registry.Frame, result *draw.Result, extension func(id string) statement.ID) (*Tree, error) {
	key, err := statement.SaltKey(suite, result.Seed())
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	t := &Tree{suite: suite, frame: frame, key: key, outcomes: map[string]draw.Drawn{}, extend: extension}
	for _, list := range []func(func(draw.Drawn) bool){result.Drawn(), result.Reserves()} {
		for d := range list {
			if _, ok := frame.Find(d.ID); !ok {
				return nil, fmt.Errorf("seal: id %q of the result is not in the frame", d.ID)
			}
			t.outcomes[d.ID] = d
		}
	}
	t.tree, err = merkle.New(suite.Hash, frame.Len(), func(i int, buf []byte) []byte {
		return t.leaf(frame.ID(i)).AppendTo(buf)
	})
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return t, nil
}

// leaf returns the leaf of a unit.
func (t *Tree) leaf(id string) statement.SealedLeaf {
	leaf := statement.SealedLeaf{ID: id, Outcome: statement.Other, Salt: statement.LeafSalt(t.suite, t.key, id)}
	d, ok := t.outcomes[id]
	if !ok {
		return leaf
	}
	leaf.Outcome, leaf.Rank = statement.Drawn, d.Rank
	if d.Reserve {
		leaf.Outcome = statement.Reserve
	} else if t.extend != nil {
		leaf.Extension = t.extend(id)
	}
	return leaf
}

// Root returns the tree's root, which the sealed result publishes.
func (t *Tree) Root() statement.ID { return t.tree.Root() }

// Prove returns the leaf of a unit and its audit path (RFC 6962, section 2.1.1),
// from the leaf upwards. It returns an error if the frame has no such unit.
func (t *Tree) Prove(id string) (statement.SealedLeaf, []statement.ID, error) {
	i, ok := t.frame.Find(id)
	if !ok {
		return statement.SealedLeaf{}, nil, fmt.Errorf("seal: id %q is not in the frame", id)
	}
	return t.leaf(id), t.tree.Prove(i), nil
}

// CheckLeaf returns nil if path proves that leaf is number index of units in the
// sealed tree with the given root.
func CheckLeaf(suite draw.Suite, root statement.ID, index, units uint64, leaf statement.SealedLeaf, path []statement.ID) error {
	if err := merkle.Check(suite.Hash, root, units, index, leaf.AppendTo(nil), path); err != nil {
		return fmt.Errorf("seal: leaf of %q: %w", leaf.ID, err)
	}
	return nil
}
