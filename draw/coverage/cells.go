package coverage

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// Shares say how a cell is spread over the batches: batch k gets
// Parts[k] / ΣParts of its units. A part may be 0, but not all of them.
type Shares struct {
	Stratum string   // label of the cell's stratum
	Weight  uint64   // weight of each of its units, 1 to [registry.MaxWeight]
	Parts   []uint64 // one for each batch, each at most [MaxPart]
}

// SharesByWeight returns the shares of each stratum of the frame and each weight
// of the table, for strata of which the weight alone, such as that of a risk
// class, says when they come. Weights that a stratum does not have today are
// there for its newcomers. It returns an error if the frame has a weight that the
// table does not.
func SharesByWeight(frame *registry.Frame, parts map[uint64][]uint64) ([]Shares, error) {
	strata := frame.Strata()
	for _, c := range frame.Cells() {
		if _, ok := parts[c.Weight]; !ok {
			return nil, fmt.Errorf("coverage: stratum %q: no shares for the %d units of weight %d", strata[c.Stratum].Label, c.Units, c.Weight)
		}
	}
	var shares []Shares
	for _, s := range strata {
		for weight, p := range parts {
			shares = append(shares, Shares{s.Label, weight, slices.Clone(p)})
		}
	}
	slices.SortFunc(shares, func(a, b Shares) int {
		return cmp.Or(strings.Compare(a.Stratum, b.Stratum), cmp.Compare(a.Weight, b.Weight))
	})
	return shares, nil
}

// A Cell is a cell of a plan.
type Cell struct {
	Stratum string   // label of its stratum
	Weight  uint64   // weight of each of its units
	Units   uint64   // units in the frame, 0 if it is only there for newcomers
	Parts   []uint64 // as in [Shares], in lowest terms
}

// A CellError says that a plan has no such cell, so that no shares are known for
// its units.
type CellError struct {
	Stratum string // label of the stratum
	Weight  uint64 // of the units
}

// Error returns the error as one line, such as
//
//	coverage: stratum "370202": the plan has no cell of weight 3
func (e *CellError) Error() string {
	return fmt.Sprintf("coverage: stratum %s: the plan has no cell of weight %d", label.Quote(e.Stratum), e.Weight)
}

// A planCell keeps a cell's parts small: there may be millions.
type planCell struct {
	stratum       string
	weight, units uint64
	parts         []uint32
	sum           uint64 // of the parts
}

// newCell returns the cell with the given shares.
func newCell(s Shares, batches int) (planCell, error) {
	c := planCell{stratum: s.Stratum, weight: s.Weight, parts: make([]uint32, len(s.Parts))}
	if text := label.Check(s.Stratum); text != "" {
		return c, fmt.Errorf("stratum %s", text)
	}
	fail := func(format string, args ...any) (planCell, error) {
		return c, fmt.Errorf("stratum %q: %s", s.Stratum, fmt.Sprintf(format, args...))
	}
	if s.Weight < 1 || s.Weight > registry.MaxWeight {
		return fail("weight %d, expected 1 to %d", s.Weight, uint64(registry.MaxWeight))
	}
	if len(s.Parts) != batches {
		return fail("weight %d has %d parts, expected one for each of %d batches", s.Weight, len(s.Parts), batches)
	}
	for k, part := range s.Parts {
		if part > MaxPart {
			return fail("weight %d has part %d of batch %d, expected at most %d", s.Weight, part, k+1, MaxPart)
		}
		c.parts[k] = uint32(part)
		c.sum += part
	}
	if c.sum == 0 {
		return fail("weight %d has no part of any batch", s.Weight)
	}
	return c, nil
}

// divisor returns the greatest common divisor of a cell's parts.
func (c planCell) divisor() uint64 {
	d := uint64(0)
	for _, part := range c.parts {
		for a := uint64(part); a != 0; {
			d, a = a, d%a
		}
	}
	return d
}

// compare orders cells by stratum, then by weight.
func (c planCell) compare(other planCell) int {
	return cmp.Or(strings.Compare(c.stratum, other.stratum), cmp.Compare(c.weight, other.weight))
}

// setCells makes the cells of a plan from shares in any order.
func (p *Plan) setCells(frame *registry.Frame, shares []Shares) error {
	for _, s := range shares {
		c, err := newCell(s, len(p.batches))
		if err != nil {
			return fmt.Errorf("coverage: %w", err)
		}
		d := c.divisor()
		for k := range c.parts {
			c.parts[k] /= uint32(d)
		}
		c.sum /= d
		p.cells = append(p.cells, c)
	}
	slices.SortStableFunc(p.cells, planCell.compare)
	for i := 1; i < len(p.cells); i++ {
		if p.cells[i-1].compare(p.cells[i]) == 0 {
			return fmt.Errorf("coverage: stratum %q: weight %d has shares twice", p.cells[i].stratum, p.cells[i].weight)
		}
	}
	strata := frame.Strata()
	for _, c := range frame.Cells() {
		at, ok := p.find(strata[c.Stratum].Label, c.Weight)
		if !ok {
			return fmt.Errorf("coverage: stratum %q: no shares for the %d units of weight %d", strata[c.Stratum].Label, c.Units, c.Weight)
		}
		p.cells[at].units = c.Units
	}
	return nil
}

// find returns the index of a cell, and whether there is one.
func (p *Plan) find(stratum string, weight uint64) (int, bool) {
	return slices.BinarySearchFunc(p.cells, planCell{stratum: stratum, weight: weight}, planCell.compare)
}

// places returns the index in p.cells of each cell of a frame.
func (p *Plan) places(frame *registry.Frame) ([]int, error) {
	strata, cells := frame.Strata(), frame.Cells()
	places := make([]int, len(cells))
	for i, c := range cells {
		at, ok := p.find(strata[c.Stratum].Label, c.Weight)
		if !ok {
			return nil, &CellError{strata[c.Stratum].Label, c.Weight}
		}
		places[i] = at
	}
	return places, nil
}

// match is places for a frame that must have the units of each cell that the
// plan says.
func (p *Plan) match(frame *registry.Frame) ([]int, error) {
	places, err := p.places(frame)
	if err != nil {
		return nil, err
	}
	units := make([]uint64, len(p.cells))
	for i, c := range frame.Cells() {
		units[places[i]] = c.Units
	}
	for i, c := range p.cells {
		if units[i] != c.units {
			return nil, fmt.Errorf("coverage: stratum %q has %d units of weight %d in the frame, %d in the plan", c.stratum, units[i], c.weight, c.units)
		}
	}
	return places, nil
}

// share returns the cell's share of a batch in units, rounded down, and whether
// that left a rest.
func (c *planCell) share(batch int) (down uint64, rest bool) {
	hi, lo := bits.Mul64(c.units, uint64(c.parts[batch]))
	down, remainder := bits.Div64(hi, lo, c.sum) // a part is at most the sum, and units below 2^63
	return down, remainder > 0
}
