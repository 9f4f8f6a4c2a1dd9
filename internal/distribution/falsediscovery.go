package distribution

import (
	"cmp"
	"math"
	"slices"
)

// AdjustPValues returns the q-value of each p-value by Benjamini and Hochberg (1995): the smallest
// false-discovery rate at which it would be called a discovery, min over j ≥ rank of p_(j)·m/j, at most 1.
// Among those with q ≤ 0.05 no more than one in twenty is expected to be false, if the tests are
// independent or positively dependent (Benjamini and Yekutieli, 2001). NaN stays NaN and does not
// count as a test.
func AdjustPValues(p []float64) []float64 {
	var order []int
	q := slices.Clone(p)
	for i, v := range p {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	least := 1.0
	for rank := len(order); rank > 0; rank-- {
		i := order[rank-1]
		least = min(least, p[i]*float64(len(order))/float64(rank))
		q[i] = least
	}
	return q
}
