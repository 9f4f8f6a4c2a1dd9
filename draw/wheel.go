package draw

import (
	"cmp"
	"slices"
	"strings"
)

// A Wheel shows how the shares of a stratum's cells became whole numbers: each
// cell that is not taken whole is an arc, the arcs are laid end to end in an
// order that the seed gave, and equidistant marks behind a start that the seed
// gave, too, say how many units each yields.
//
// The circle has length Size, the weight of all these units. Mark j, for j = 0 to
// Marks − 1, is at (Start + j·Size)/Marks; an arc yields the marks from its
// beginning up to, but without, its end.
type Wheel struct {
	Marks uint64 // units to draw from the arcs
	Size  uint64 // sum of the arcs' lengths; 0 if all cells are taken whole
	Start uint64 // below Size
	Arcs  []Arc  // in the order in which they were laid down
}

// An Arc is one cell on a [Wheel].
type Arc struct {
	Weight uint64 // of each unit of the cell
	Length uint64 // of all its units together
	Count  uint64 // marks on it, the number of units drawn from the cell
}

// Wheel returns the wheel of the stratum with the given label, and whether there is one.
func (s *Selection) Wheel(label string) (Wheel, bool) {
	i, ok := slices.BinarySearchFunc(s.strata, label, func(d stratumDraw, label string) int {
		return strings.Compare(d.label, label)
	})
	if !ok {
		return Wheel{}, false
	}
	stratum := &s.strata[i]
	d := stratum.mix.of(stratum.count)
	w := Wheel{Marks: d.n, Size: d.weight, Start: stratum.start}
	for _, at := range stratum.order {
		c := &s.cells[stratum.first+at]
		w.Arcs = append(w.Arcs, Arc{c.weight, c.weight * c.units, c.count})
	}
	return w, true
}

// Cell returns what is known of the cell of a weight in a stratum before any unit
// is looked at, all but the cut-off, which is zero; and whether there is one. Its
// number of units and its chance follow from the plan and the census alone: they
// are the same under every seed.
func (s *Selection) Cell(stratum string, weight uint64) (CellResult, bool) {
	i, ok := slices.BinarySearchFunc(s.cells, weight, func(c cellDraw, weight uint64) int {
		return cmp.Or(strings.Compare(s.strata[c.stratum].label, stratum), cmp.Compare(c.weight, weight))
	})
	if !ok {
		return CellResult{}, false
	}
	return s.cellResult(i), true
}
