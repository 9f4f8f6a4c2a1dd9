package draw

import (
	"container/heap"
	"fmt"
	"math/big"

	"github.com/doublerandom/doublerandom/registry"
)

// A Divisor is a method of highest averages. The zero Divisor is SainteLague.
type Divisor uint8

// The divisor methods.
const (
	// SainteLague divides by 1, 3, 5, …: unbiased between large and small strata
	// (Webster; Sainte-Laguë 1910; it minimises Σ (s − t)²/t).
	SainteLague Divisor = iota
	// DHondt divides by 1, 2, 3, …: favours large strata (Jefferson; D'Hondt; it
	// minimises the largest s/t).
	DHondt
)

// String returns "sainte-lague" or "dhondt".
func (d Divisor) String() string {
	switch d {
	case SainteLague:
		return "sainte-lague"
	case DHondt:
		return "dhondt"
	}
	return fmt.Sprintf("Divisor(%d)", uint8(d))
}

// HighestAverages makes whole numbers of quotas, within bounds, and keeps their
// total; a total that is not whole is rounded up. Each stratum starts at its
// minimum; then one unit after the other goes to the stratum below its maximum
// that has the highest average t/d, where t is its quota and d the divisor for
// the units it has: 2s+1 for SainteLague and s+1 for DHondt. Of equal averages
// the first by label bytes wins. A stratum with quota 0 stays at its minimum.
// If the bounds leave no room, the error is a [*BoundsError].
//
// The result does not depend on how the quotas were found. The time it takes
// grows with the number of strata, not with the number of units.
//
// Source: Balinski and Young, Fair Representation, 1982.
func HighestAverages(strata []registry.Stratum, quotas Quotas, divisor Divisor, bounds Bounds) (Quotas, error) {
	if divisor > DHondt {
		return nil, fmt.Errorf("draw: divisor method %s is none of sainte-lague, dhondt", divisor)
	}
	if err := quotas.Validate(strata); err != nil {
		return nil, err
	}
	targets := wholeTargets(strata, quotas)
	boxes, err := bounds.boxes(strata, func(h int) *big.Int { return targets[h] })
	if err != nil {
		return nil, err
	}
	total, ok := quotas.Total().Ceil()
	if !ok {
		panic("draw: total of valid quotas overflows")
	}
	if err := checkFeasible(strata, boxes, total); err != nil {
		return nil, err
	}
	seats := newAverages(boxes, divisor, total)
	seats.fill(total)
	return validQuotas(strata, func(h int) Fraction { return WholeFraction(seats.has[h]) })
}

// RoundUp returns the quotas rounded up to whole numbers, at least one for each
// stratum that has units: the rule for a ratio that the law sets as a floor. So
// the total may grow, by less than one for each stratum with a quota.
func RoundUp(strata []registry.Stratum, quotas Quotas) (Quotas, error) {
	if err := quotas.Validate(strata); err != nil {
		return nil, err
	}
	return validQuotas(strata, func(h int) Fraction {
		count, ok := quotas.Of(strata[h].Label).Ceil()
		if !ok {
			panic("draw: valid quota overflows")
		}
		return WholeFraction(max(count, min(1, strata[h].Units)))
	})
}

// wholeTargets returns the quotas of all strata times their common denominator.
func wholeTargets(strata []registry.Stratum, quotas Quotas) []*big.Int {
	common, ok := quotas.Denominator()
	if !ok {
		panic("draw: common denominator of valid quotas overflows")
	}
	targets := make([]*big.Int, len(strata))
	for h, s := range strata {
		r := quotas.Of(s.Label).rat()
		scale := new(big.Int).SetUint64(common)
		targets[h] = scale.Mul(scale.Quo(scale, r.Denom()), r.Num())
	}
	return targets
}

// averages is a heap of the strata below their maximum, the one with the highest
// average on top. It implements heap.Interface.
type averages struct {
	boxes       []shareBox // the measure z is the target
	step        uint64     // the divisor for s units is step·s + 1
	has         []uint64   // units of each stratum so far
	placed      *big.Int   // sum of has
	open        []int      // the heap: strata with a target, below their maximum
	divisors    []*big.Int // divisor of each stratum for its next unit
	left, right *big.Int   // scratch
}

// newAverages returns the state of the method after it has placed all but at
// most 2·H of the total units, H being the number of strata.
//
// For any level, the units with an average above 1/(step·level) are the first
// ones that the method places. A stratum with target z has ⌈level·z − 1/step⌉ of
// them, within its bounds: less than level·z + 1/2 and at least level·z − 1. So
// at the level whose shares add up to total − H, between total − 2·H and total
// units are placed.
func newAverages(boxes []shareBox, divisor Divisor, total uint64) *averages {
	a := &averages{
		boxes: boxes, step: 2, has: make([]uint64, len(boxes)), placed: new(big.Int),
		divisors: make([]*big.Int, len(boxes)), left: new(big.Int), right: new(big.Int),
	}
	if divisor == DHondt {
		a.step = 1
	}
	early := uint64(0)
	if h := uint64(len(boxes)); total > h {
		early = total - h
	}
	level := shareLevel(boxes, new(big.Int).SetUint64(early))
	offset := new(big.Rat).SetFrac64(-1, int64(a.step))
	for h, b := range boxes {
		count := new(big.Rat).SetInt(b.z)
		count.Mul(count, level)
		a.has[h] = clampWhole(ceilOf(count.Add(count, offset)), b.least, b.most)
		a.placed.Add(a.placed, new(big.Int).SetUint64(a.has[h]))
		if b.z.Sign() > 0 && a.has[h] < b.most {
			a.open = append(a.open, h)
		}
		a.divisors[h] = a.divisorFor(a.has[h])
	}
	heap.Init(a)
	return a
}

// fill places units until there are total.
func (a *averages) fill(total uint64) {
	rest := new(big.Int).SetUint64(total)
	rest.Sub(rest, a.placed)
	for n := rest.Int64(); n > 0; n-- {
		h := a.open[0]
		a.has[h]++
		if a.has[h] == a.boxes[h].most {
			heap.Pop(a)
			continue
		}
		a.divisors[h] = a.divisorFor(a.has[h])
		heap.Fix(a, 0)
	}
}

func (a *averages) divisorFor(units uint64) *big.Int {
	d := bigProduct(a.step, units)
	return d.Add(d, big.NewInt(1))
}

func (a *averages) Len() int { return len(a.open) }

func (a *averages) Less(i, j int) bool {
	g, h := a.open[i], a.open[j]
	order := a.left.Mul(a.boxes[g].z, a.divisors[h]).Cmp(a.right.Mul(a.boxes[h].z, a.divisors[g]))
	return order > 0 || order == 0 && g < h
}

func (a *averages) Swap(i, j int) { a.open[i], a.open[j] = a.open[j], a.open[i] }

func (a *averages) Push(any) { panic("draw: averages never grow") }

func (a *averages) Pop() any {
	last := len(a.open) - 1
	a.open = a.open[:last]
	return nil
}

// clampWhole returns n cut to the range from least to most.
func clampWhole(n *big.Int, least, most uint64) uint64 {
	if n.Cmp(new(big.Int).SetUint64(least)) < 0 {
		return least
	}
	if n.Cmp(new(big.Int).SetUint64(most)) > 0 {
		return most
	}
	return n.Uint64()
}
