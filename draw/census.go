package draw

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/registry"
)

// A Census counts the units of each stratum and weight. The censuses of the
// shards of a frame add up to that of the whole. It is immutable and safe for
// concurrent use; the zero Census counts nothing.
type Census struct {
	cells []censusCell // sorted by label, then weight
}

type censusCell struct {
	label         string
	weight, units uint64
}

func (c censusCell) compare(d censusCell) int {
	return cmp.Or(strings.Compare(c.label, d.label), cmp.Compare(c.weight, d.weight))
}

// Count returns the census of a frame or of a shard of one.
func Count(frame *registry.Frame) Census {
	strata, cells := frame.Strata(), frame.Cells()
	counted := make([]censusCell, len(cells))
	for i, c := range cells {
		counted[i] = censusCell{strata[c.Stratum].Label, c.Weight, c.Units}
	}
	return Census{counted}
}

// Add returns the sum of two censuses.
func (c Census) Add(d Census) Census {
	all := slices.Concat(c.cells, d.cells)
	slices.SortStableFunc(all, censusCell.compare)
	sum := all[:0]
	for _, cell := range all {
		if n := len(sum); n > 0 && sum[n-1].compare(cell) == 0 {
			sum[n-1].units += cell.units
			continue
		}
		sum = append(sum, cell)
	}
	return Census{sum}
}

// strata returns the strata of the census. It returns an error if units or
// weights exceed a frame's limits.
func (c Census) strata() ([]registry.Stratum, error) {
	var strata []registry.Stratum
	var total uint64
	for _, cell := range c.cells {
		if cell.units > (registry.MaxWeight-total)/cell.weight {
			return nil, fmt.Errorf("draw: stratum %q: total weight exceeds %d", cell.label, uint64(registry.MaxWeight))
		}
		total += cell.units * cell.weight
		if n := len(strata); n == 0 || strata[n-1].Label != cell.label {
			strata = append(strata, registry.Stratum{Label: cell.label})
		}
		s := &strata[len(strata)-1]
		s.Units += cell.units
		s.Weight += cell.units * cell.weight
	}
	return strata, nil
}
