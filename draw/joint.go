package draw

import (
	"fmt"
	"math/big"
	"math/bits"

	"github.com/doublerandom/doublerandom/internal/label"
)

// maxJointCells bounds the cells whose orders on the wheel [Result.Joint]
// enumerates, besides the two that it is asked for.
const maxJointCells = 16

// Joint returns the exact chance that two different units of a stratum, of
// weights a and b, are both drawn. It is an average over all orders of the cells
// on the wheel and all starts. It returns an error if the stratum has no two
// such units, or if more than 16 other cells have fractional shares, since the
// sum over their orders would be too long.
func (r *Result) Joint(stratum string, a, b uint64) (Fraction, error) {
	mix, at, err := r.mixture(stratum, a, b)
	if err != nil {
		return Fraction{}, err
	}
	if a == b && mix.floor.cells[at[0]].units < 2 {
		return Fraction{}, fmt.Errorf("draw: stratum %q has one unit of weight %d, expected two", stratum, a)
	}
	for _, d := range []*design{&mix.floor, &mix.ceil} {
		if n := len(d.others(at[0], at[1], len(d.cells))); a != b && n > maxJointCells {
			return Fraction{}, fmt.Errorf("draw: stratum %q: %d other cells have fractional shares, expected at most %d",
				stratum, n, maxJointCells)
		}
	}
	return fractionOf(mix.expect(func(d *design) *big.Rat { return d.joint(at[0], at[1]) })), nil
}

// mixture returns the design of a stratum, and the places of the given weights
// in it.
func (r *Result) mixture(stratum string, weights ...uint64) (m mixture, at []int, err error) {
	for i := range r.strata {
		s := &r.strata[i]
		if s.Label != stratum {
			continue
		}
		m = s.mixture()
		for _, w := range weights {
			for c, size := range m.floor.cells {
				if size.weight == w {
					at = append(at, c)
				}
			}
		}
	}
	if len(at) != len(weights) {
		return m, nil, fmt.Errorf("draw: result has no cells of weights %d in stratum %s", weights, label.Quote(stratum))
	}
	return m, at, nil
}

func (s *stratumResult) mixture() mixture {
	sizes := make([]cellSize, len(s.cells))
	for c := range s.cells {
		sizes[c] = cellSize{s.cells[c].Weight, s.cells[c].Units}
	}
	return newMixture(sizes, s.Quota)
}

// joint returns the chance that two different units of cells i and j are drawn.
func (d *design) joint(i, j int) *big.Rat {
	switch {
	case i >= d.certain:
		return d.chance(j)
	case j >= d.certain:
		return d.chance(i)
	}
	ni, nj := d.cells[i].units, d.cells[j].units
	ai, fi := d.split(i)
	aj, fj := d.split(j)
	// In units of 1/W: the expected product of the cells' counts.
	product := new(big.Int)
	if i == j {
		// E[c(c−1)] = (1−f)·a(a−1) + f·(a+1)a = a(a−1) + 2·f·a.
		if ai > 0 {
			product.Mul(whole(ai), whole(ai-1))
			product.Mul(product, whole(d.weight))
			product.Add(product, new(big.Int).Mul(whole(2*ai), whole(fi)))
		}
		nj--
	} else {
		// E[(a+x)(b+y)] = ab + a·E[y] + b·E[x] + E[xy] for the marks x, y that the
		// wheel adds to the floors.
		product.Mul(whole(ai), whole(aj))
		product.Mul(product, whole(d.weight))
		product.Add(product, new(big.Int).Mul(whole(ai), whole(fj)))
		product.Add(product, new(big.Int).Mul(whole(aj), whole(fi)))
		p := new(big.Rat).SetFrac(product, whole(d.weight))
		p.Add(p, d.both(i, j))
		return p.Quo(p, new(big.Rat).SetInt(new(big.Int).Mul(whole(ni), whole(nj))))
	}
	units := new(big.Int).Mul(whole(ni), whole(nj))
	return new(big.Rat).SetFrac(product, units.Mul(units, whole(d.weight)))
}

// others returns the fractions of the cells but i and j that have one, at most
// most of them: the lengths, in units of 1/W of a turn, that can come between i
// and j on the wheel.
func (d *design) others(i, j, most int) (lengths []uint64) {
	for _, c := range d.fractional {
		if c != i && c != j && len(lengths) < most {
			_, f := d.split(c)
			lengths = append(lengths, f)
		}
		if len(lengths) == most {
			break
		}
	}
	return lengths
}

// both returns the chance that cells i and j both get more than the floor of
// their shares.
//
// Over a random start the wheel's mark is uniform on a circle of circumference
// W, and a cell gets more than its floor if the mark is in the first f of its
// interval. What counts is the set of cells between the two: a set of s out of m
// others comes between i and j, in this order, in s!·(m−s+1)! of (m+2)! orders.
func (d *design) both(i, j int) *big.Rat {
	others := d.others(i, j, maxJointCells)
	m := len(others)
	bySize := make([]*big.Int, m+1)
	for s := range bySize {
		bySize[s] = new(big.Int)
	}
	d.overlaps(i, j, others, 1<<m, func(set uint64, length uint64) bool {
		s := bits.OnesCount64(set)
		bySize[s].Add(bySize[s], whole(length))
		return true
	})
	sum := new(big.Int)
	for s, length := range bySize {
		orders := new(big.Int).MulRange(1, int64(s))
		orders.Mul(orders, new(big.Int).MulRange(1, int64(m-s+1)))
		sum.Add(sum, orders.Mul(orders, length))
	}
	all := new(big.Int).MulRange(1, int64(m+2))
	return new(big.Rat).SetFrac(sum, all.Mul(all, whole(d.weight)))
}

// overlaps yields, for the first limit sets of others between i and j, on how
// much of the circle both get more than their floors, i before j and j before i
// together, until yield returns false.
func (d *design) overlaps(i, j int, others []uint64, limit uint64, yield func(set, length uint64) bool) {
	_, fi := d.split(i)
	_, fj := d.split(j)
	for set := range limit {
		gap := uint64(0)
		for rest := set; rest != 0; rest &= rest - 1 {
			gap = (gap + others[bits.TrailingZeros64(rest)]) % d.weight
		}
		length := overlap(fi, fj, (fi+gap)%d.weight, d.weight) + overlap(fj, fi, (fj+gap)%d.weight, d.weight)
		if !yield(set, length) {
			return
		}
	}
}

// overlap returns the length of the overlap of the arcs [0, a) and [at, at + b)
// on a circle of the given size. All are at most size, which is below 2^63.
func overlap(a, b, at, size uint64) uint64 {
	length := uint64(0)
	if end := min(a, at+b); end > at {
		length = end - at
	}
	if at+b > size {
		length += min(a, at+b-size)
	}
	return length
}

// Pairs counts the pairs of different units of a stratum that can never be drawn
// together. In a stratum where Zero is not 0, an estimate of variance is
// approximate.
type Pairs struct {
	Stratum string   // label of the stratum
	All     *big.Int // pairs of units that each can be drawn
	Zero    *big.Int // those that are never drawn together
	Unknown *big.Int // those where finding out would take too long; they are not in Zero
}

// ZeroPairs counts the pairs of a stratum that can never be drawn together: those
// within a cell whose share is at most 1, and some of two small cells. It
// returns an error if the result has no such stratum. The work is bounded: in a
// stratum of several hundred weights some pairs stay unknown.
func (r *Result) ZeroPairs(stratum string) (Pairs, error) {
	m, _, err := r.mixture(stratum)
	if err != nil {
		return Pairs{}, err
	}
	p := Pairs{stratum, new(big.Int), new(big.Int), new(big.Int)}
	if m.ceil.n == 0 && m.ceil.certain == len(m.ceil.cells) {
		return p, nil // nothing is drawn
	}
	cells := m.floor.cells
	units := uint64(0)
	for _, c := range cells {
		units += c.units
	}
	p.All.Set(pairsOf(units))
	p.Unknown.Set(p.All)
	steps := uint64(1<<16 + 64*len(cells)) // sets of cells to look at
	for i, ci := range cells {
		for j := 0; j <= i && steps > 0; j++ {
			pairs := pairsOf(ci.units)
			if i != j {
				pairs.Mul(whole(ci.units), whole(cells[j].units))
			}
			steps--
			switch m.never(i, j, &steps) {
			case yes:
				p.Zero.Add(p.Zero, pairs)
				p.Unknown.Sub(p.Unknown, pairs)
			case no:
				p.Unknown.Sub(p.Unknown, pairs)
			}
		}
	}
	return p, nil
}

// pairsOf returns how many pairs n units have.
func pairsOf(n uint64) *big.Int {
	if n == 0 {
		return new(big.Int)
	}
	p := new(big.Int).Mul(whole(n), whole(n-1))
	return p.Rsh(p, 1)
}

// maxSetCells bounds the cells whose sets never looks at.
const maxSetCells = 62

type answer uint8

const (
	no answer = iota
	yes
	unknown
)

// never says whether two units of cells i and j are never drawn together. It
// takes the sets that it looks at from steps.
func (m *mixture) never(i, j int, steps *uint64) answer {
	floor := m.floor.never(i, j, steps)
	if floor == no || m.f.Sign() == 0 {
		return floor
	}
	ceil := m.ceil.never(i, j, steps)
	if ceil == yes {
		return floor
	}
	return ceil
}

func (d *design) never(i, j int, steps *uint64) answer {
	if i >= d.certain || j >= d.certain {
		if d.chance(i).Sign() == 0 || d.chance(j).Sign() == 0 {
			return yes
		}
		return no
	}
	ai, fi := d.split(i)
	aj, fj := d.split(j)
	switch {
	case ai == 0 && fi == 0 || aj == 0 && fj == 0:
		return yes // nothing is drawn
	case i == j:
		if ai == 0 || ai == 1 && fi == 0 {
			return yes
		}
		return no
	case ai > 0 || aj > 0:
		return no // the one is always drawn from, the other sometimes
	}
	others := d.others(i, j, maxSetCells+1)
	all := len(others) <= maxSetCells // their sets can be counted
	sets := *steps
	if all {
		sets = min(sets, 1<<len(others))
	} else {
		others = others[:maxSetCells]
	}
	found := no
	looked := uint64(0)
	d.overlaps(i, j, others, sets, func(_, length uint64) bool {
		looked++
		if length > 0 {
			found = yes
		}
		return length == 0
	})
	*steps -= looked
	switch {
	case found == yes:
		return no
	case all && sets == 1<<len(others):
		return yes
	}
	return unknown
}
