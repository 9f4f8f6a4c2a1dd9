package draw

import (
	"math/big"
	"math/bits"

	"github.com/doublerandom/doublerandom/internal/wheel"
)

// A cellSize is a cell as the design sees it: how many units of which weight.
type cellSize struct {
	weight, units uint64
}

// A design is what drawing n units from a stratum means: which cells are taken
// for certain, and the share of each other cell. It depends on the counts alone,
// not on the seed.
type design struct {
	cells   []cellSize // by ascending weight
	certain int        // cells[certain:] are taken whole
	n       uint64     // to draw from cells[:certain]
	weight  uint64     // total weight of cells[:certain]

	fractional []int // those of cells[:certain] whose shares are not whole
}

// newDesign returns the design of drawing n of the units in cells, which are
// sorted by ascending weight and hold at least n units.
//
// A unit with n·w ≥ W is taken for certain; then n and W shrink, and others may
// follow. Heaviest first decides all: what the lightest of a round would have
// met, it still meets after the heavier ones have left.
func newDesign(cells []cellSize, n uint64) design {
	d := design{cells: cells, certain: len(cells), n: n}
	for _, c := range cells {
		d.weight += c.weight * c.units
	}
	for d.certain > 0 {
		c := cells[d.certain-1]
		hi, lo := bits.Mul64(d.n, c.weight)
		if hi == 0 && lo < d.weight {
			break
		}
		d.certain--
		d.n -= c.units
		d.weight -= c.weight * c.units
	}
	for i := range d.certain {
		if _, f := d.split(i); f > 0 {
			d.fractional = append(d.fractional, i)
		}
	}
	return d
}

// share returns the number of units expected from cell i: n·w·N/W, or N if the
// cell is certain.
func (d *design) share(i int) *big.Rat {
	return d.times(i, d.cells[i].units)
}

// chance returns the chance of each unit of cell i to be drawn: n·w/W, or 1.
func (d *design) chance(i int) *big.Rat { return d.times(i, 1) }

func (d *design) times(i int, units uint64) *big.Rat {
	if i >= d.certain {
		return new(big.Rat).SetInt(whole(units))
	}
	numerator := new(big.Int).Mul(whole(d.n), whole(d.cells[i].weight))
	numerator.Mul(numerator, whole(units))
	return new(big.Rat).SetFrac(numerator, whole(d.weight))
}

// split returns the whole part of cell i's share and, as a multiple of 1/W, its
// fraction.
func (d *design) split(i int) (a, f uint64) {
	hi, lo := bits.Mul64(d.n, d.cells[i].weight*d.cells[i].units)
	return bits.Div64(hi, lo, d.weight)
}

func whole(x uint64) *big.Int { return new(big.Int).SetUint64(x) }

// counts returns how many units each cell yields when the wheel over the
// uncertain cells, laid down in the given order, starts at start.
func (d *design) counts(order []int, start uint64) []uint64 {
	counts := make([]uint64, len(d.cells))
	for i := d.certain; i < len(d.cells); i++ {
		counts[i] = d.cells[i].units
	}
	w := wheel.New(d.weight, start)
	for _, i := range order {
		counts[i] = w.Next(d.n, d.cells[i].weight*d.cells[i].units)
	}
	return counts
}

// A mixture is the design of a stratum whose quota may be fractional: the floor
// of the quota with chance 1 − f, the ceiling with chance f, its fraction.
type mixture struct {
	whole       uint64 // the floor
	f           *big.Rat
	floor, ceil design // the same if f is 0
}

// newMixture returns the design of a quota, which must not exceed the units.
func newMixture(cells []cellSize, quota Fraction) mixture {
	floor, _ := quota.Floor()
	m := mixture{whole: floor, f: quota.Rat(), floor: newDesign(cells, floor)}
	m.f.Sub(m.f, new(big.Rat).SetInt(whole(floor)))
	m.ceil = m.floor
	if m.f.Sign() > 0 {
		m.ceil = newDesign(cells, floor+1)
	}
	return m
}

// of returns the design that draws count units, the quota rounded.
func (m *mixture) of(count uint64) *design {
	if count == m.whole {
		return &m.floor
	}
	return &m.ceil
}

// expect returns (1 − f)·value(floor) + f·value(ceil).
func (m *mixture) expect(value func(*design) *big.Rat) *big.Rat {
	v := value(&m.floor)
	if m.f.Sign() == 0 {
		return v
	}
	v.Mul(v, new(big.Rat).Sub(big.NewRat(1, 1), m.f))
	ceil := value(&m.ceil)
	return v.Add(v, ceil.Mul(ceil, m.f))
}

// fractionOf returns a number that is not negative as a Fraction.
func fractionOf(r *big.Rat) Fraction { return Fraction{r: r} }
