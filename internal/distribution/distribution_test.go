package distribution

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBeta has the binomial sums that the function stands for, and symmetric points: for whole a and b,
// I_x(a, b) = P(Bin(a+b−1, x) ≥ a).
func TestBeta(t *testing.T) {
	for a := 1; a <= 12; a++ {
		for b := 1; b <= 12; b++ {
			for _, x := range []float64{0.01, 0.2, 0.5, 0.77, 0.999} {
				n, sum := a+b-1, 0.0
				for k := a; k <= n; k++ {
					lg := func(v int) float64 { y, _ := math.Lgamma(float64(v + 1)); return y }
					sum += math.Exp(lg(n) - lg(k) - lg(n-k) + float64(k)*math.Log(x) + float64(n-k)*math.Log1p(-x))
				}
				require.InDelta(t, sum, BetaCDF(x, float64(a), float64(b)), 1e-12)
				p := BetaCDF(x, float64(a), float64(b))
				if p > 1e-9 && p < 1-1e-9 {
					require.InDelta(t, x, BetaQuantile(p, float64(a), float64(b)), 1e-7)
				}
			}
		}
	}
	for _, a := range []float64{0.5, 1, 7.25, 1e5} {
		require.InDelta(t, 0.5, BetaCDF(0.5, a, a), 1e-9)
	}
	require.True(t, math.IsNaN(BetaCDF(0.5, 0, 1)))
	require.True(t, math.IsNaN(BetaQuantile(1.5, 1, 1)))
	require.Zero(t, BetaCDF(-1, 2, 3))
	// Tables of Student's and the normal distribution.
	for n, want := range map[float64]float64{1: 12.7062047364, 4: 2.7764451052, 10: 2.2281388520, 30: 2.0422724563, 1000: 1.9623390808} {
		require.InDelta(t, want, TQuantile(0.975, n), 1e-8)
	}
	require.InDelta(t, 1.9599639845, NormalQuantile(0.975), 1e-9)
}
