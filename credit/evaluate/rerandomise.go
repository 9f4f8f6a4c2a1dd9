package evaluate

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/internal/distribution"
	"github.com/doublerandom/doublerandom/internal/label"
)

// MaxRepeats is the greatest number of repeats of a randomisation test.
const MaxRepeats = 10_000_000

// A Randomised is a statistic beside its values under repeated draws (Fisher, 1935).
type Randomised struct {
	Observed float64 // the statistic
	Repeats  int     // draws
	AsLow    int     // repeats with at most the observed value
	AsHigh   int     // with at least the observed value
	Low      float64 // (1 + AsLow)/(1 + Repeats)
	High     float64 // (1 + AsHigh)/(1 + Repeats)
	P        float64 // twice the smaller of Low and High, at most 1
	Q        float64 // P adjusted by Benjamini and Hochberg over the statistics of the test
}

// An InspectorTest is the test of one inspector. Observed is what was found at the inspector's visits above the rates of their
// strata, each visit counted by the inspector's share of the team.
type InspectorTest struct {
	Inspector string // ID
	Randomised
}

// Rerandomise tests each inspector by repeating the draw of the teams: if it made no difference who went, the same would
// have been found with other teams, and the excess that was observed is one of those that other seeds give. Nothing is assumed of
// rates, teams, conflicts or load, all of which the assignment repeats. The visits are to have the teams as
// they were assigned, not as they were changed later by somebody.
//
// Assign is the committed assignment with another seed, a pure function of it: it returns the team of each visit by the
// visit's ID. Seed i, from 1 to repeats, is HKDF-Expand of base with the purpose "rerandomise" and i in decimal, as all keys of this
// module. Base should be published beforehand, such as a later output of the beacon.
//
// The tests are in the order of the inspectors' IDs. It returns an error if a visit or a team is not valid, if a visit has no team, or if the
// number of repeats is not from 1 to [MaxRepeats]; and the first error of assign.
func Rerandomise(visits []Visit, assign func(seed [32]byte) (map[string][]string, error), base [32]byte, repeats int) ([]InspectorTest, error) {
	t, err := tabulate(visits)
	if err != nil {
		return nil, err
	}
	numberOf := make(map[string]int, len(t.inspectors))
	for i, id := range t.inspectors {
		numberOf[id] = i
	}
	excess := func(team func(v *Visit) []string) []float64 {
		sums := make([]float64, len(t.inspectors))
		for k, i := range t.order {
			x := -t.strata[t.visits[k].stratum].Rate()
			if t.visits[k].found {
				x++
			}
			members := team(&visits[i])
			for _, id := range members {
				if n, ok := numberOf[id]; ok { // others went to none of the visits
					sums[n] += x / float64(len(members))
				}
			}
		}
		return sums
	}
	observed := excess(func(v *Visit) []string { return v.Inspectors })
	results, err := RandomisationTest(observed, func(seed [32]byte) ([]float64, error) {
		teams, err := assign(seed)
		if err != nil {
			return nil, err
		}
		for i := range visits {
			v := visits[i]
			v.Inspectors = teams[v.ID]
			if err := v.check(); err != nil {
				return nil, err
			}
		}
		return excess(func(v *Visit) []string { return teams[v.ID] }), nil
	}, base, repeats)
	if err != nil {
		return nil, err
	}
	tests := make([]InspectorTest, len(results))
	for i := range tests {
		tests[i] = InspectorTest{t.inspectors[i], results[i]}
	}
	return tests, nil
}

// RandomisationTest compares statistics with their values when a draw is repeated, for other statistics than those of
// [Rerandomise]: how often two go together, what a department finds. Repeat returns the statistics, in the same order, for a seed; the
// seeds are as there. Values within a billionth are equal.
//
// If the draw was honest and the statistic depends on nothing else, the observed value is one of repeats + 1 alike, and each
// p-value is at most α with probability at most α (Phipson and Smyth, 2010).
func RandomisationTest(observed []float64, repeat func(seed [32]byte) ([]float64, error), base [32]byte, repeats int) ([]Randomised, error) {
	if repeats < 1 || repeats > MaxRepeats {
		return nil, fmt.Errorf("evaluate: %d repeats, expected 1 to %d", repeats, MaxRepeats)
	}
	if slices.ContainsFunc(observed, math.IsNaN) {
		return nil, errors.New("evaluate: an observed statistic is not a number")
	}
	results := make([]Randomised, len(observed))
	for i := range results {
		results[i] = Randomised{Observed: observed[i], Repeats: repeats}
	}
	for n := range repeats {
		seed, err := derive.Key(sha256.New, base[:], "rerandomise", strconv.Itoa(n+1))
		if err != nil {
			return nil, fmt.Errorf("evaluate: %w", err)
		}
		values, err := repeat(seed)
		if err != nil {
			return nil, fmt.Errorf("evaluate: repeat %d: %w", n+1, err)
		}
		if len(values) != len(observed) {
			return nil, fmt.Errorf("evaluate: repeat %d: %d statistics, expected %d", n+1, len(values), len(observed))
		}
		for i, x := range values {
			if math.IsNaN(x) {
				return nil, fmt.Errorf("evaluate: repeat %d: statistic %d is not a number", n+1, i+1)
			}
			// Sums of the same terms in another order differ in their last digits.
			slack := 1e-9 * max(1, math.Abs(observed[i]))
			if x <= observed[i]+slack {
				results[i].AsLow++
			}
			if x >= observed[i]-slack {
				results[i].AsHigh++
			}
		}
	}
	p := make([]float64, len(results))
	for i := range results {
		r := &results[i]
		r.Low, r.High = float64(1+r.AsLow)/float64(1+repeats), float64(1+r.AsHigh)/float64(1+repeats)
		r.P = min(1, 2*min(r.Low, r.High))
		p[i] = r.P
	}
	for i, q := range distribution.AdjustPValues(p) {
		results[i].Q = q
	}
	return results, nil
}

// tickets returns the names in the order of their tickets under a key: the order of a draw that whoever has the key can repeat.
func tickets(names []string, key [32]byte, purpose string) ([]string, error) {
	tickets := make(map[string][32]byte, len(names))
	for _, name := range names {
		ticket, err := derive.Key(sha256.New, key[:], purpose, name)
		if err != nil {
			return nil, fmt.Errorf("evaluate: %s: %w", label.Quote(name), err)
		}
		tickets[name] = ticket
	}
	sorted := slices.Clone(names)
	slices.SortFunc(sorted, func(a, b string) int {
		x, y := tickets[a], tickets[b]
		return slices.Compare(x[:], y[:])
	})
	return sorted, nil
}
