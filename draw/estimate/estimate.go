// Package estimate says what a draw tells of the whole frame: totals and rates with intervals
// that honour the chances with which the units were drawn. The share of the drawn units at
// which something was found is not that of the frame, where risky units were drawn more
// often: an announced "problem rate" of 17 % has been 5.6 % in truth.
//
// [Of] takes the result of a draw and what was found. Everything here is statistics, in
// floating point; nothing of it decides a draw. All functions are safe for concurrent use.
package estimate

import (
	"errors"
	"fmt"
	"math"

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

	Naive  float64    // share of the inspected units: shown for comparison only
	Total  float64    // units at which the matter would be found: Horvitz–Thompson
	HT     float64    // Total by Units; without answers too low, since they count as clean
	Rate   float64    // Hájek's ratio, which leaves units without an answer out
	SE     float64    // standard error of Rate
	Low    float64    // lower end of the interval of Rate, by Korn and Graubard
	High   float64    // upper end
	Level  float64    // of the interval, such as 0.95
	Normal [2]float64 // the usual interval, for comparison only
	// EffectiveUnits is the number of units of simple random sampling with replacement that would be
	// as precise.
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
// (Deville, 1999; Matei and Tillé, 2005). Strata with one drawn unit are taken together. The
// interval is Clopper and Pearson's for the effective number of units, corrected for the degrees of
// freedom (Korn and Graubard, 1998): unlike the normal one it holds where little or nothing was
// found. In simulations with 20 to 400 drawn units an interval of level 0.95 held the truth in 95 to
// 99 % of 4,000 draws, the normal one in 64 to 96 %. Where weights differ within a stratum SE is too large by
// about a tenth: it does not see that each weight gets its share.
//
// It returns an error if the level is not valid or nothing was inspected.
func Of(result *draw.Result, finding func(id string) Finding, level float64) (*Estimate, error) {
	if !(level > 0 && level < 1) {
		return nil, fmt.Errorf("estimate: level %v, expected between 0 and 1", level)
	}
	e := &Estimate{Level: level}
	strata := map[string]*sample{}
	var order []*sample
	for s := range result.Strata() {
		if !s.Quota.IsZero() {
			e.Units += float64(s.Units)
			strata[s.Label] = new(sample)
			order = append(order, strata[s.Label])
			if pairs, err := result.ZeroPairs(s.Label); err != nil || pairs.Zero.Sign() > 0 || pairs.Unknown.Sign() > 0 {
				e.Approximate = true
			}
		}
	}
	found, weight := 0.0, 0.0
	for d := range result.Drawn() {
		f := finding(d.ID)
		if f != Clean && f != Found {
			e.Missing++
			continue
		}
		e.Inspected++
		u := observed{chance: d.Chance.Float64()}
		if f == Found {
			u.y = 1
			e.Naive++
			found += 1 / u.chance
		}
		weight += 1 / u.chance
		strata[d.Stratum].units = append(strata[d.Stratum].units, u)
	}
	if e.Inspected == 0 {
		return nil, errors.New("estimate: no drawn unit was inspected")
	}
	e.Naive /= float64(e.Inspected)
	e.Total, e.HT, e.Rate = found, found/e.Units, found/weight
	variance, degrees := e.variance(order, weight)
	e.SE = math.Sqrt(variance)
	e.interval(variance, degrees)
	return e, nil
}

type observed struct{ y, chance float64 }

// A sample is the inspected units of a stratum.
type sample struct{ units []observed }

// variance returns the variance of the rate and its degrees of freedom.
func (e *Estimate) variance(strata []*sample, weight float64) (sum float64, degrees int) {
	alone := new(sample)
	add := func(s *sample) {
		n, free := float64(len(s.units)), 0.0
		mean := 0.0
		for _, u := range s.units {
			free += 1 - u.chance
			mean += (1 - u.chance) * (u.y - e.Rate) / u.chance
		}
		degrees += len(s.units) - 1
		if free == 0 {
			return // all are certain: nothing is left to chance
		}
		mean /= free
		for _, u := range s.units {
			r := (u.y-e.Rate)/u.chance - mean
			sum += n / (n - 1) * (1 - u.chance) * r * r / (weight * weight)
		}
	}
	for _, s := range strata {
		switch len(s.units) {
		case 0:
		case 1:
			alone.units = append(alone.units, s.units...)
			e.Approximate = true
		default:
			add(s)
		}
	}
	if len(alone.units) > 1 {
		add(alone)
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
