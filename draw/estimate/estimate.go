// Package estimate says what a draw tells of the whole frame: totals and rates with intervals
// that honour the chances with which the units were drawn. The share of the drawn units at
// which something was found is not that of the frame, where risky units were drawn more
// often: an announced "problem rate" of 17 % has been 5.6 % in truth.
//
// [Of] takes the result of a draw and what was found; [By] does it for each district, industry or class. Everything here is statistics, in
// floating point; nothing of it decides a draw. All functions are safe for concurrent use.
package estimate

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/distribution"
)

// A Finding is what an inspection found.
type Finding uint8

const (
	// NoAnswer is for a unit that could not be inspected: unreachable, refused, closed.
	NoAnswer Finding = iota
	// Clean is for a unit at which the matter was not found.
	Clean
	// Found is for a unit at which it was.
	Found
)

// An Estimate is what follows for the frame. Rates are from 0 to 1.
type Estimate struct {
	Inspected int     // drawn units with an answer
	Missing   int     // drawn units without one
	Units     float64 // units in the strata that were drawn from

	Naive   float64    // share of the inspected units: shown for comparison only
	Total   float64    // units at which the matter would be found: Horvitz–Thompson
	TotalSE float64    // standard error of Total
	HT      float64    // Total by Units; without answers too low, since they count as clean
	Rate    float64    // Hájek's ratio, which leaves units without an answer out; Rate·Units is Hájek's total
	SE      float64    // standard error of Rate
	Low     float64    // lower end of the interval of Rate, by Korn and Graubard
	High    float64    // upper end
	Level   float64    // of the interval, such as 0.95
	Normal  [2]float64 // the usual interval, for comparison only
	// EffectiveUnits is the number of units of simple random sampling with replacement that would be
	// as precise; see Of for its bound.
	EffectiveUnits float64
	// Approximate says that some pairs of units are never drawn together, or that a stratum has one
	// drawn unit: then SE is approximate.
	Approximate bool
}

// Of estimates, for the whole frame of a draw, the share of units at which something would be
// found, from what was found at the drawn units; the reserves are not asked for. A unit
// that was replaced counts as NoAnswer, its replacement not at all: it had another chance. Level
// is the level of the interval, above 0 and below 1.
//
// With z_k = y_k/π_k the total is that of Horvitz and Thompson (1952), and the rate Hájek's (1971)
// ratio R of the totals of y and of 1. Its variance is that of the linearized residuals e_k =
// (y_k − R)/(π_k·N̂) by strata, in Hájek's approximation for designs with fixed size, which is
// exact for simple random sampling:
//
//	Σ_h n_h/(n_h − 1) · Σ_k (1 − π_k)·(e_k − ē_h)², ē_h weighted with 1 − π_k
//
// and that of the total the same with z_k for e_k
// (Deville, 1999; Matei and Tillé, 2005). Strata with one drawn unit are taken together. The
// interval is Clopper and Pearson's for the effective number of units, corrected for the degrees of
// freedom (Korn and Graubard, 1998): unlike the normal one it holds where little or nothing was
// found. The effective number n is at most that of a simple random sample of as many, n/(1 − n/N):
// where nothing was found at units of a small weight, the spread says too little (as in Parker and others, 2017, NCHS
// Data Presentation Standards for Proportions). In simulations with 20 to 400 drawn units an interval of level 0.95 held the truth in 97
// to 99.7 % of 4,000 draws, the normal one in 64 to 96 %. Where weights differ within a stratum SE is too large by
// about a tenth: it does not see that each weight gets its share.
//
// It returns an error if the level is not valid or nothing was inspected.
func Of(result *draw.Result, finding func(id string) Finding, level float64) (*Estimate, error) {
	s, err := collect(result, finding, func(string) string { return "all" }, level)
	if err != nil {
		return nil, err
	}
	e := s.estimate(s.groups["all"], level)
	e.Units = 0
	for _, h := range s.strata {
		e.Units += h.size
		e.Approximate = e.Approximate || h.zero
	}
	e.HT = e.Total / e.Units
	return e, nil
}

// A Group is the estimate for some of the units of a frame: a district, an industry, a class.
type Group struct {
	Label string // as the grouping has it
	// Estimate is for the units of the group. The frame's units are not asked for their groups: Units is the
	// Horvitz–Thompson estimate of how many there are, from all that were drawn.
	Estimate
}

// By estimates as [Of] does, for each group of units that the function group makes, sorted by their
// labels. Units with the label "" are left out. A crossing of two groupings is a grouping by both
// labels. Groups without an inspected unit are not listed, and in small ones the intervals are
// wide: package credit/target shrinks them and says which stand out.
//
// A group is a domain in the sense of Särndal, Swensson and Wretman (1992, section 10.3): units outside
// it have the residual 0 and count in n_h and ē_h of their stratum, since chance alone decided how
// many of the group were drawn. The degrees of freedom are those of the strata with units of the group.
func By(result *draw.Result, finding func(id string) Finding, group func(id string) string, level float64) ([]Group, error) {
	s, err := collect(result, finding, group, level)
	if err != nil {
		return nil, err
	}
	var list []Group
	for label, g := range s.groups {
		if label != "" && g.answered > 0 {
			list = append(list, Group{label, *s.estimate(g, level)})
		}
	}
	slices.SortFunc(list, func(a, b Group) int { return cmp.Compare(a.Label, b.Label) })
	return list, nil
}

// An observed is a drawn unit with an answer.
type observed struct{ y, chance float64 }

// A stratum is what was drawn from a stratum, all groups together.
type stratum struct {
	size     float64 // units in the frame
	answered int     // drawn units with an answer
	free     float64 // sum of 1 − π over them
	zero     bool    // some pairs of units are never drawn together
}

// A domain is what was drawn of a group.
type domain struct {
	answered, missing int
	weight            float64      // sum of 1/π, those without an answer included
	units             [][]observed // by stratum
}

type sample struct {
	strata []stratum
	groups map[string]*domain
}

// collect sorts the drawn units by stratum and group.
func collect(result *draw.Result, finding func(id string) Finding, group func(id string) string, level float64) (*sample, error) {
	if !(level > 0 && level < 1) {
		return nil, fmt.Errorf("estimate: level %v, expected between 0 and 1", level)
	}
	s, index, answered := &sample{groups: map[string]*domain{}}, map[string]int{}, 0
	for h := range result.Strata() {
		if !h.Quota.IsZero() {
			pairs, err := result.ZeroPairs(h.Label)
			index[h.Label] = len(s.strata)
			s.strata = append(s.strata, stratum{
				size: float64(h.Units), zero: err != nil || pairs.Zero.Sign() > 0 || pairs.Unknown.Sign() > 0,
			})
		}
	}
	for d := range result.Drawn() {
		label, f, chance := group(d.ID), finding(d.ID), d.Chance.Float64()
		g := s.groups[label]
		if g == nil {
			g = &domain{units: make([][]observed, len(s.strata))}
			s.groups[label] = g
		}
		g.weight += 1 / chance
		if f != Clean && f != Found {
			g.missing++
			continue
		}
		u := observed{chance: chance}
		if f == Found {
			u.y = 1
		}
		h := index[d.Stratum]
		g.units[h] = append(g.units[h], u)
		g.answered++
		s.strata[h].answered++
		s.strata[h].free += 1 - chance
		answered++
	}
	if answered == 0 {
		return nil, errors.New("estimate: no drawn unit was inspected")
	}
	return s, nil
}

// estimate returns the estimate for a domain with at least one answer.
func (s *sample) estimate(g *domain, level float64) *Estimate {
	e := &Estimate{Level: level, Inspected: g.answered, Missing: g.missing, Units: g.weight}
	weight := 0.0
	for h, units := range g.units {
		for _, u := range units {
			e.Naive += u.y
			e.Total += u.y / u.chance
			weight += 1 / u.chance
		}
		e.Approximate = e.Approximate || len(units) > 0 && (s.strata[h].zero || s.strata[h].answered == 1)
	}
	e.Naive /= float64(e.Inspected)
	e.HT, e.Rate = e.Total/e.Units, e.Total/weight
	squares, _ := s.variance(g, 0, 1)
	e.TotalSE = math.Sqrt(squares)
	variance, degrees := s.variance(g, e.Rate, weight)
	e.SE = math.Sqrt(variance)
	e.interval(variance, degrees)
	return e
}

// variance returns the variance of the rate of a domain and its degrees of freedom. With rate 0 and
// weight 1 it is the variance of the total.
func (s *sample) variance(g *domain, rate, weight float64) (sum float64, degrees int) {
	add := func(n int, free float64, units []observed) {
		degrees += n - 1
		if free == 0 {
			return // all are certain: nothing is left to chance
		}
		mean, inside := 0.0, 0.0
		for _, u := range units {
			mean += (1 - u.chance) * (u.y - rate) / u.chance
			inside += 1 - u.chance
		}
		mean /= free
		squares := max(0, free-inside) * mean * mean // of the units outside the domain, whose residual is 0
		for _, u := range units {
			r := (u.y-rate)/u.chance - mean
			squares += (1 - u.chance) * r * r
		}
		sum += float64(n) / float64(n-1) * squares / (weight * weight)
	}
	var alone []observed // in strata with one drawn unit
	strata, free := 0, 0.0
	for h := range s.strata {
		switch n := s.strata[h].answered; {
		case n == 1:
			alone = append(alone, g.units[h]...)
			strata++
			free += s.strata[h].free
		case n > 1 && len(g.units[h]) > 0:
			add(n, s.strata[h].free, g.units[h])
		}
	}
	if strata > 1 && len(alone) > 0 {
		add(strata, free, alone)
	}
	return sum, max(degrees, 1)
}

// interval sets both intervals.
func (e *Estimate) interval(variance float64, degrees int) {
	alpha, n := 1-e.Level, float64(e.Inspected)
	z := distribution.NormalQuantile(1 - alpha/2)
	e.Normal = [2]float64{max(0, e.Rate-z*e.SE), min(1, e.Rate+z*e.SE)}
	e.EffectiveUnits = n
	if variance > 0 {
		e.EffectiveUnits = e.Rate * (1 - e.Rate) / variance
	}
	// Where risky units were drawn more often and few others were, nothing may have been found at the others: then
	// the spread that was seen is too small, and would prove more than so many inspections can.
	if n < e.Units {
		e.EffectiveUnits = min(e.EffectiveUnits, n*e.Units/(e.Units-n))
	}
	// Without any spread the design effect cannot be told: one is assumed.
	k := e.EffectiveUnits
	if e.Inspected > 1 {
		t := distribution.TQuantile(1-alpha/2, n-1) / distribution.TQuantile(1-alpha/2, float64(degrees))
		k *= t * t
	}
	k = min(k, max(n, e.EffectiveUnits))
	x := e.Rate * k
	if x > 0 {
		e.Low = distribution.BetaQuantile(alpha/2, x, k-x+1)
	}
	e.High = 1
	if x < k {
		e.High = distribution.BetaQuantile(1-alpha/2, x+1, k-x)
	}
}
