package draw

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/doublerandom/doublerandom/registry"
)

// Bounds limit the quota of each stratum. The zero Bounds are 0 and the units of
// the stratum. A stratum that is named in Min or Max must exist.
type Bounds struct {
	// Floor is the minimum, in units, of every stratum that Min does not name,
	// cut to the stratum's maximum: a floor of 2 takes the one unit of a stratum
	// that has only one.
	Floor uint64
	// Min holds minimums in units by stratum label. One above the stratum's
	// maximum or units is an error.
	Min map[string]uint64
	// Max holds maximums in units by stratum label. One above the stratum's
	// units is cut to them, as is that of a stratum without one.
	Max map[string]uint64
}

// A BoundsError reports that no quotas within the bounds add up to the total.
type BoundsError struct {
	Total   uint64   // units to draw
	Sum     Fraction // what the minimums, or the maximums, add up to
	Minimum bool     // whether the minimums are too high; otherwise the maximums are too low
	// Stratum has the highest minimum, or keeps back the most units by its
	// maximum; the first by label bytes if several do. It is "" if no maximum
	// keeps units back: there are too few units.
	Stratum string
	Bound   uint64 // minimum or maximum of Stratum, in units
	Units   uint64 // units of Stratum
	Zero    bool   // whether the maximum is the minimum because the measure of Stratum is zero
}

// Error returns the problem as one line, such as
//
//	draw: minimums add up to 50, more than the 40 to draw; the highest is 30 for stratum "370202/C"
func (e *BoundsError) Error() string {
	sum := cutFraction(e.Sum.String())
	if e.Minimum {
		return fmt.Sprintf("draw: minimums add up to %s, more than the %d to draw; the highest is %d for stratum %s",
			sum, e.Total, e.Bound, cutQuote(e.Stratum))
	}
	if e.Stratum == "" {
		return fmt.Sprintf("draw: strata have %s units, fewer than the %d to draw", sum, e.Total)
	}
	why := ""
	if e.Zero {
		why = ", since its measure is 0"
	}
	return fmt.Sprintf("draw: maximums add up to %s, fewer than the %d to draw; stratum %s gives at most %d of %d units%s",
		sum, e.Total, cutQuote(e.Stratum), e.Bound, e.Units, why)
}

// A shareBox is a stratum in an allocation: the measure z, and the bounds in
// units, with least ≤ most.
type shareBox struct {
	z           *big.Int
	least, most uint64
}

// share returns clamp(level·z, least, most) as a new number.
func (b shareBox) share(level *big.Rat) *big.Rat {
	t := new(big.Rat).SetInt(b.z)
	t.Mul(t, level)
	if least := new(big.Rat).SetUint64(b.least); t.Cmp(least) < 0 {
		return least
	}
	if most := new(big.Rat).SetUint64(b.most); t.Cmp(most) > 0 {
		return most
	}
	return t
}

// boxes returns the box of each stratum, or an error that names the stratum
// whose bounds cross.
func (b Bounds) boxes(strata []registry.Stratum, measure func(h int) *big.Int) ([]shareBox, error) {
	if err := checkStrataOrder(strata); err != nil {
		return nil, err
	}
	if err := checkLabelsKnown(strata, b.Min, "minimum"); err != nil {
		return nil, err
	}
	if err := checkLabelsKnown(strata, b.Max, "maximum"); err != nil {
		return nil, err
	}
	boxes := make([]shareBox, len(strata))
	for h, s := range strata {
		most := s.Units
		if limit, ok := b.Max[s.Label]; ok {
			most = min(most, limit)
		}
		least, named := b.Min[s.Label]
		if !named {
			least = min(b.Floor, most)
		}
		if least > s.Units {
			return nil, fmt.Errorf("draw: stratum %s: minimum %d exceeds %d units", cutQuote(s.Label), least, s.Units)
		}
		if least > most {
			return nil, fmt.Errorf("draw: stratum %s: minimum %d exceeds maximum %d", cutQuote(s.Label), least, most)
		}
		boxes[h] = shareBox{z: measure(h), least: least, most: most}
	}
	return boxes, nil
}

// checkFeasible returns a *BoundsError unless some level makes the shares add up
// to n.
func checkFeasible(strata []registry.Stratum, boxes []shareBox, n uint64) error {
	low, high := new(big.Int), new(big.Int)
	tallest := &BoundsError{Total: n, Minimum: true}
	tightest := &BoundsError{Total: n}
	for h, b := range boxes {
		most, zero := b.most, b.z.Sign() == 0
		if zero {
			most = b.least
		}
		low.Add(low, new(big.Int).SetUint64(b.least))
		high.Add(high, new(big.Int).SetUint64(most))
		units := strata[h].Units
		if b.least > tallest.Bound {
			tallest.Stratum, tallest.Bound, tallest.Units = strata[h].Label, b.least, units
		}
		if units-most > tightest.Units-tightest.Bound {
			tightest.Stratum, tightest.Bound, tightest.Units = strata[h].Label, most, units
			tightest.Zero = zero
		}
	}
	total := new(big.Int).SetUint64(n)
	if low.Cmp(total) > 0 {
		tallest.Sum = Fraction{r: new(big.Rat).SetInt(low)}
		return tallest
	}
	if high.Cmp(total) < 0 {
		tightest.Sum = Fraction{r: new(big.Rat).SetInt(high)}
		return tightest
	}
	return nil
}

// shareLevel returns the least level ≥ 0 at which the shares add up to total,
// or 0 if the minimums alone reach it. The boxes must be feasible.
//
// The sum of the shares is a continuous function of the level, piecewise linear
// and nowhere falling. Its slope changes where a box leaves its minimum (level
// least/z) and where it reaches its maximum (most/z). So it is enough to visit
// these at most 2·H points in order: on the stretch before a point, the boxes in
// between have slope Σ z and all others add a whole number.
func shareLevel(boxes []shareBox, total *big.Int) *big.Rat {
	fixed, slope := new(big.Int), new(big.Int)
	var turns []shareTurn
	for _, b := range boxes {
		fixed.Add(fixed, new(big.Int).SetUint64(b.least))
		if b.z.Sign() > 0 && b.least < b.most {
			least, most := new(big.Int).SetUint64(b.least), new(big.Int).SetUint64(b.most)
			turns = append(turns, shareTurn{at: least, z: b.z}, shareTurn{at: most, z: b.z, top: true})
		}
	}
	if fixed.Cmp(total) >= 0 {
		return new(big.Rat)
	}
	left, right := new(big.Int), new(big.Int)
	slices.SortFunc(turns, func(a, b shareTurn) int {
		return left.Mul(a.at, b.z).Cmp(right.Mul(b.at, a.z))
	})
	for _, t := range turns {
		// Is fixed + slope·at/z ≥ total?
		gap := new(big.Int).Sub(total, fixed)
		if left.Mul(slope, t.at).Cmp(right.Mul(gap, t.z)) >= 0 {
			return new(big.Rat).SetFrac(gap, slope)
		}
		if t.top {
			fixed.Add(fixed, t.at)
			slope.Sub(slope, t.z)
		} else {
			fixed.Sub(fixed, t.at)
			slope.Add(slope, t.z)
		}
	}
	panic("draw: shares do not reach their total")
}

// A shareTurn is the level at/z at which a box leaves its minimum or, at the
// top, reaches its maximum.
type shareTurn struct {
	at, z *big.Int
	top   bool
}
