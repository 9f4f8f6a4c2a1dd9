package draw

import (
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// An Explanation says why one unit was drawn or not.
type Explanation struct {
	Unit    registry.Unit // its row in the frame
	Index   uint64        // the row's place, from 0
	Units   uint64        // rows in the frame
	Cell    CellResult    // its cell
	Ticket  Ticket        // its ticket
	Rank    uint64        // its place in the cell if drawn or a reserve, otherwise 0
	Drawn   bool          // it was drawn
	Reserve bool          // it is a reserve of its cell
}

// Explain says why the unit with the given ID was drawn or not. The result must
// be one that [Check] accepts; Explain does not repeat the draw.
func (r *Result) Explain(plan *Plan, frame *registry.Frame, id string) (*Explanation, error) {
	if r.planID != plan.id {
		return nil, fmt.Errorf("draw: result is for plan %x, expected %x", r.planID, plan.id)
	}
	i, ok := frame.Find(id)
	if !ok {
		return nil, fmt.Errorf("draw: id %s is not in the frame", label.Quote(id))
	}
	e := &Explanation{Unit: frame.At(i), Index: uint64(i), Units: uint64(frame.Len())}
	cell := r.cell(e.Unit.Stratum, e.Unit.Weight)
	if cell == nil {
		return nil, fmt.Errorf("draw: result has no cell of weight %d in stratum %q", e.Unit.Weight, e.Unit.Stratum)
	}
	key, err := plan.suite.key(r.seed, purposeSelect, e.Unit.Stratum)
	if err != nil {
		return nil, err
	}
	e.Cell, e.Ticket = cell.CellResult, ticket(plan.suite.f.Hasher(), &key, id)
	for u := range cell.units {
		if d := cell.at(u); d.ID == id {
			e.Rank, e.Drawn, e.Reserve = d.Rank, !d.Reserve, d.Reserve
		}
	}
	return e, nil
}

// String returns the explanation in words, as one paragraph.
func (e *Explanation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s is row %d of %d in the frame, in stratum %s with weight %d. ",
		e.Unit.ID, e.Index+1, e.Units, e.Unit.Stratum, e.Unit.Weight)
	fmt.Fprintf(&b, "The stratum has %d of that weight, each drawn with chance %s. ", e.Cell.Units, e.Cell.Chance)
	switch {
	case e.Cell.Certain && e.Cell.Chance.Cmp(WholeFraction(1)) < 0:
		b.WriteString("As the quota of the stratum was rounded, their weight is so large that all of them are drawn, so it was drawn.")
		return b.String()
	case e.Cell.Certain:
		b.WriteString("Their weight is so large that all of them are drawn for certain, so it was drawn.")
		return b.String()
	case e.Cell.Count == 0:
		fmt.Fprintf(&b, "Of these, %s were expected to be drawn and the wheel gave 0, so it was not drawn.", e.Cell.Share)
	default:
		fmt.Fprintf(&b, "Of these, %s were expected to be drawn and the wheel gave %d: those with tickets up to %s. Its own ticket, %s, is ",
			e.Cell.Share, e.Cell.Count, e.Cell.CutOff, e.Ticket)
		if e.Drawn {
			fmt.Fprintf(&b, "not above that: it was drawn, with rank %d.", e.Rank)
			return b.String()
		}
		b.WriteString("above that: it was not drawn.")
	}
	if e.Reserve {
		fmt.Fprintf(&b, " It is reserve %d of its cell.", e.Rank-e.Cell.Count)
	}
	return b.String()
}
