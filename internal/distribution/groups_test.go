package distribution

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// The example of Benjamini and Hochberg (1995, section 3.1): at 0.05 the first four of 15 are discoveries.
func TestAdjustPValues(t *testing.T) {
	p := []float64{0.0201, 0.0001, 0.0019, 0.0095, 0.0004, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1}
	q := AdjustPValues(p)
	discoveries := 0
	for i := range p {
		if q[i] <= 0.05 {
			discoveries++
			require.LessOrEqual(t, p[i], 0.0095)
		}
		// The definition, for each alone: the least bound at which the procedure takes it.
		want := 1.0
		for _, at := range p {
			rank := 0
			for _, other := range p {
				if other <= at {
					rank++
				}
			}
			if at >= p[i] {
				want = min(want, at*15/float64(rank))
			}
		}
		require.InDelta(t, want, q[i], 1e-15)
	}
	require.Equal(t, 4, discoveries)
	require.Empty(t, AdjustPValues(nil))
	with := AdjustPValues([]float64{0.01, math.NaN(), 0.5})
	require.True(t, math.IsNaN(with[1]))
	require.Equal(t, []float64{0.02, 0.5}, []float64{with[0], with[2]})
	require.Equal(t, []float64{0.3, 0.3, 0.3}, AdjustPValues([]float64{0.3, 0.3, 0.3}))
}

// FitBeta finds the greatest likelihood: no point of a fine grid has more; and it finds the distribution
// that rates were made from.
func TestFitBeta(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	for _, c := range []struct{ a, b float64 }{{1, 6}, {0.957, 6.155}, {20, 20}, {3, 100}} {
		var found, n []float64
		for range 400 {
			// A beta variate from two gamma variates of whole shape would not do: by inversion.
			rate, size, k := BetaQuantile(rng.Float64(), c.a, c.b), 5+rng.IntN(60), 0.0
			for range size {
				if rng.Float64() < rate {
					k++
				}
			}
			found, n = append(found, k), append(n, float64(size))
		}
		a, b := FitBeta(found, n)
		best := betaBinomial(found, n, a, b)
		for m := 0.5; m <= 1.5; m += 0.02 {
			for s := 0.4; s <= 2.5; s *= 1.05 {
				mean, precision := min(0.99, m*a/(a+b)), s*(a+b)
				require.LessOrEqual(t, betaBinomial(found, n, mean*precision, (1-mean)*precision), best+1e-4)
			}
		}
		t.Logf("beta(%g, %g) found as beta(%.3f, %.3f)", c.a, c.b, a, b)
		require.InDelta(t, c.a/(c.a+c.b), a/(a+b), 0.03)
		require.InDelta(t, 0, math.Log((a+b)/(c.a+c.b)), 0.7) // the precision of 400 rates is known within a factor of two
	}
	a, b := FitBeta([]float64{2, 2, 2, 2}, []float64{10, 10, 10, 10}) // differ less than chance
	require.InDelta(t, MaxPrecision, a+b, 1)
	require.InDelta(t, 0.2, a/(a+b), 1e-9)
	for _, c := range [][2][]float64{{{0, 0}, {5, 5}}, {{5, 5}, {5, 5}}, {nil, nil}, {{math.NaN()}, {1}}} {
		a, b := FitBeta(c[0], c[1])
		require.True(t, math.IsNaN(a) && math.IsNaN(b))
	}
}
