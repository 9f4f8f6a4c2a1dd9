package target

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/doublerandom/doublerandom/internal/distribution"
)

// A Spot is a cell whose rate is not explained by chance.
type Spot struct {
	Label string  // the cell's
	Cold  bool    // fewer violations than the reference; otherwise more
	Rate  float64 // the cell's own
	P     float64 // chance of a rate as far off, if the cell's were the reference; both sides
	Q     float64 // least false-discovery rate at which it is a spot
}

// Spots returns the hot and cold spots among cells at a false-discovery rate such as 0.05, the smallest Q
// first, and hot before cold: of the spots no more than that share is expected to be false, however many cells
// there are. The reference is the rate that all have in common, such as that of the whole frame,
// between 0 and 1.
//
// P is twice the smaller tail of the binomial distribution with the cell's effective units, continued to
// fractions by the beta distribution, as in the interval of Korn and Graubard; so it is on the safe
// side. Q is Benjamini and Hochberg's (1995); crossings of groupings depend on each other positively, for
// which it holds too (Benjamini and Yekutieli, 2001). A cell without effective units is never a spot.
func Spots(cells []Cell, reference, rate float64) ([]Spot, error) {
	if err := check(cells); err != nil {
		return nil, err
	}
	if !(reference > 0 && reference < 1) {
		return nil, fmt.Errorf("target: reference %v, expected between 0 and 1", reference)
	}
	if !(rate > 0 && rate < 1) {
		return nil, fmt.Errorf("target: false-discovery rate %v, expected between 0 and 1", rate)
	}
	p := make([]float64, len(cells))
	for i := range cells {
		p[i] = math.NaN()
		if cells[i].EffectiveUnits > 0 {
			p[i] = tails(cells[i].found(), cells[i].EffectiveUnits, reference)
		}
	}
	var spots []Spot
	for i, q := range distribution.AdjustPValues(p) {
		if q <= rate {
			c := &cells[i]
			spots = append(spots, Spot{Label: c.Label, Cold: c.Rate < reference, Rate: c.Rate, P: p[i], Q: q})
		}
	}
	slices.SortFunc(spots, func(a, b Spot) int {
		cold := 0
		if a.Cold != b.Cold {
			cold = -1
			if a.Cold {
				cold = 1
			}
		}
		return cmp.Or(cmp.Compare(a.Q, b.Q), cold, cmp.Compare(a.P, b.P), cmp.Compare(a.Label, b.Label))
	})
	return spots, nil
}

// tails returns twice the smaller tail of k of n at a rate: P(K ≥ k) = I_rate(k, n − k + 1) and P(K ≤ k) =
// 1 − I_rate(k + 1, n − k).
func tails(k, n, rate float64) float64 {
	upper, lower := 1.0, 1.0
	if k > 0 {
		upper = distribution.BetaCDF(rate, k, n-k+1)
	}
	if k < n {
		lower = distribution.BetaCDF(1-rate, n-k, k+1)
	}
	return min(1, 2*min(upper, lower))
}
