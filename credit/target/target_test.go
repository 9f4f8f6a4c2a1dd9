package target

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// The posterior of each cell, computed by summing over a fine grid of rates.
func TestShrink(t *testing.T) {
	cells := []Cell{{"a", 0, 50}, {"b", 0, 12}, {"c", 0.4, 30}, {"d", 0.375, 8}, {"e", 0.15, 60}, {"f", 0, 0}, {"g", 0.21, 33.3}}
	list, prior, err := Shrink(cells, 0.9)
	require.NoError(t, err)
	for i, s := range list {
		c := cells[i]
		require.Equal(t, c.Label, s.Label)
		sum, mean, low, high := 0.0, 0.0, 0.0, 0.0
		density := func(p float64) float64 {
			return math.Exp((prior.A+c.Rate*c.EffectiveUnits-1)*math.Log(p) + (prior.B+(1-c.Rate)*c.EffectiveUnits-1)*math.Log1p(-p))
		}
		const steps = 200_000
		for k := range steps {
			p := (float64(k) + 0.5) / steps
			sum += density(p)
			mean += p * density(p)
		}
		at := 0.0
		for k := range steps {
			p := (float64(k) + 0.5) / steps
			before := at
			at += density(p) / sum
			if before < 0.05 && at >= 0.05 {
				low = p
			}
			if before < 0.95 && at >= 0.95 {
				high = p
			}
		}
		require.InDelta(t, mean/sum, s.Rate, 1e-3, s.Label)
		require.InDelta(t, low, s.Low, 1e-3, s.Label)
		require.InDelta(t, high, s.High, 1e-3, s.Label)
		all := prior.A / (prior.A + prior.B)
		require.InDelta(t, s.Weight*c.Rate+(1-s.Weight)*all, s.Rate, 1e-12)
	}
	require.InDelta(t, prior.A/(prior.A+prior.B), list[5].Rate, 1e-12, "nothing is known of it")
	nothing, prior, err := Shrink([]Cell{{"a", 0, 10}, {"b", 0, 20}}, 0.95)
	require.NoError(t, err)
	require.Equal(t, Prior{0.5, 30.5}, prior)
	require.Positive(t, nothing[0].Rate)
}

func TestCellsReject(t *testing.T) {
	for want, cells := range map[string][]Cell{
		"target: 0 cells, expected 1 to 1000000":                       nil,
		`target: cell "a" is there twice`:                              {{"a", 0, 1}, {"a", 0, 1}},
		`target: cell "a": rate -0.1, expected 0 to 1`:                 {{"a", -0.1, 1}},
		`target: cell "a": rate NaN, expected 0 to 1`:                  {{"a", math.NaN(), 1}},
		`target: cell "a": -1 effective units, expected 0 to 1e12`:     {{"a", 0.1, -1}},
		`target: cell "a": +Inf effective units, expected 0 to 1e12`:   {{"a", 0.1, math.Inf(1)}},
		"target: no cell has effective units: nothing is known of any": {{"a", 0.1, 0}},
	} {
		_, _, err := Shrink(cells, 0.95)
		require.EqualError(t, err, want)
		_, err = Propose(cells, nil)
		require.EqualError(t, err, want)
	}
	_, _, err := Shrink([]Cell{{"a", 0, 1}}, 1)
	require.EqualError(t, err, "target: level 1, expected between 0 and 1")
	_, err = Spots(nil, 0.1, 0.05)
	require.EqualError(t, err, "target: 0 cells, expected 1 to 1000000")
	_, err = Spots([]Cell{{"a", 0, 1}}, 0, 0.05)
	require.EqualError(t, err, "target: reference 0, expected between 0 and 1")
	_, err = Spots([]Cell{{"a", 0, 1}}, 0.1, 1)
	require.EqualError(t, err, "target: false-discovery rate 1, expected between 0 and 1")
}

// With whole counts the tails are sums of the binomial distribution.
func TestTails(t *testing.T) {
	for n := 1; n <= 30; n++ {
		for _, p := range []float64{0.01, 0.135, 0.5, 0.9} {
			at := make([]float64, n+1)
			for k := range at {
				lg := func(v int) float64 { y, _ := math.Lgamma(float64(v + 1)); return y }
				at[k] = math.Exp(lg(n) - lg(k) - lg(n-k) + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
			}
			for k := range at {
				upper, lower := 0.0, 0.0
				for j := range at {
					if j >= k {
						upper += at[j]
					}
					if j <= k {
						lower += at[j]
					}
				}
				require.InDelta(t, min(1, 2*min(upper, lower)), tails(float64(k), float64(n), p), 1e-10, "%d of %d at %v", k, n, p)
			}
		}
	}
}

// city makes cells of 5 to 200 units with the common rate, but for planted hot and cold ones.
func city(rng *rand.Rand, cells, hot, cold int) (list []Cell) {
	for i := range cells {
		n, rate, k := 5+rng.IntN(196), 0.1, 0
		switch {
		case i < hot:
			n, rate = 100, 0.4
		case i < hot+cold:
			n, rate = 200, 0.005
		}
		for range n {
			if rng.Float64() < rate {
				k++
			}
		}
		list = append(list, Cell{fmt.Sprintf("%04d", i), float64(k) / float64(n), float64(n)})
	}
	return list
}

// The share of false spots stays below the rate asked for, and the planted ones are found on both
// sides; with 1,000 cells a bound of 0.05 for each alone would call about fifty wrongly.
func TestSpots(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	wrong, spots, found := 0.0, 0, 0
	const rounds = 40
	for range rounds {
		list, err := Spots(city(rng, 1000, 20, 10), 0.1, 0.05)
		require.NoError(t, err)
		bad := 0
		for i, s := range list {
			planted := s.Label < "0030"
			if !planted {
				bad++
			} else {
				require.Equal(t, s.Label >= "0020", s.Cold)
				found++
			}
			if i > 0 {
				require.LessOrEqual(t, list[i-1].Q, s.Q)
			}
			require.LessOrEqual(t, s.P, s.Q)
		}
		spots += len(list)
		wrong += float64(bad) / float64(max(1, len(list))) / rounds
	}
	t.Logf("%.1f spots a city, %.1f of the 30 planted found, false share %.3f", float64(spots)/rounds, float64(found)/rounds, wrong)
	require.Less(t, wrong, 0.05)
	require.Greater(t, found, 29*rounds)
	none := 0
	for range 200 { // under the common rate alone
		list, err := Spots(city(rng, 300, 0, 0), 0.1, 0.05)
		require.NoError(t, err)
		if len(list) > 0 {
			none++
		}
	}
	require.LessOrEqual(t, none, 20, "200 cities at a rate of 0.05: 10 expected, standard deviation 3.1, three of them above")
	list, err := Spots([]Cell{{"known", 0.9, 100}, {"unknown", 0.9, 0}}, 0.1, 0.05)
	require.NoError(t, err)
	require.Len(t, list, 1)
}

func TestPropose(t *testing.T) {
	cells := []Cell{{"a", 0.5, 1e9}, {"b", 0.02, 1e9}, {"c", 0, 1e9}, {"elsewhere", 0.1, 50}}
	p, err := Propose(cells, map[string]uint64{"a": 1000, "b": 1000, "c": 1000, "new": 10})
	require.NoError(t, err)
	require.Equal(t, uint64(500), p.Spread["a"])
	require.Equal(t, uint64(140), p.Spread["b"]) // √(0.02 · 0.98)
	require.Equal(t, uint64(1), p.Spread["c"])
	require.Equal(t, uint64(1000), p.Coefficient["a"])
	require.Equal(t, uint64(7000), p.Coefficient["b"])
	require.Equal(t, uint64(1_000_000), p.Coefficient["c"])
	require.Equal(t, uint64(500), p.Expected["a"])
	require.Equal(t, uint64(1), p.Expected["c"])
	require.Positive(t, p.Spread["new"])
	require.Len(t, p.Spread, 4)
	require.NotContains(t, p.Expected, "elsewhere")
}
