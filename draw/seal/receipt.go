package seal

import (
	"fmt"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
)

// NewReceipt returns the receipt of one unit: its row with the proof in the
// frame, and its outcome with the proof in the sealed tree. The frame's tree is
// salted if the frame's rows are not public. The IDs are those of the draw's
// notice and sealed result. Both trees must be over the same frame.
func NewReceipt(notice, sealed statement.ID, rows *registry.FrameTree, tree *Tree, id string) (*statement.Receipt, error) {
	unit, proof, frameSalt, err := rows.Prove(id)
	if err != nil {
		return nil, err
	}
	leaf, path, err := tree.Prove(id)
	if err != nil {
		return nil, err
	}
	if proof.Units != uint64(tree.frame.Len()) {
		return nil, fmt.Errorf("seal: frame has %d rows, the sealed tree %d", proof.Units, tree.frame.Len())
	}
	return &statement.Receipt{
		Notice: notice, Sealed: sealed,
		Frame: rows.Root(), Units: proof.Units, Root: tree.Root(),
		Index: proof.Index, Unit: unit, FrameSalt: frameSalt, FramePath: proof.Path,
		Outcome: leaf.Outcome, Rank: leaf.Rank, Extension: leaf.Extension, Salt: leaf.Salt, Path: path,
	}, nil
}

// CheckReceipt returns nil if a receipt's two proofs lead to the roots that it
// names. Whether these are the roots that were published is for the caller: the
// frame's in the notice, the tree's in the sealed result.
func CheckReceipt(suite draw.Suite, r *statement.Receipt) error {
	proof := registry.Proof{Index: r.Index, Units: r.Units, Path: r.FramePath}
	var err error
	if r.FrameSalt == (registry.Salt{}) {
		err = registry.CheckUnit(suite.Hash, r.Frame, r.Unit, proof)
	} else {
		err = registry.CheckSaltedUnit(suite.Hash, r.Frame, r.Unit, r.FrameSalt, proof)
	}
	if err != nil {
		return fmt.Errorf("seal: receipt of %q: its row: %w", r.Unit.ID, err)
	}
	leaf := statement.SealedLeaf{ID: r.Unit.ID, Outcome: r.Outcome, Rank: r.Rank, Extension: r.Extension, Salt: r.Salt}
	if err := CheckLeaf(suite, r.Root, r.Index, r.Units, leaf, r.Path); err != nil {
		return fmt.Errorf("seal: receipt of %q: its outcome: %w", r.Unit.ID, err)
	}
	return nil
}
