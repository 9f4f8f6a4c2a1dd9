package estimate

import (
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/longtest"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// A world is a frame with the truth about each unit.
type world struct {
	plan  *draw.Plan
	frame *registry.Frame
	truth map[string]bool
	rate  float64
}

// newWorld has strata of several weights; units of larger weight are worse.
func newWorld(t testing.TB, sizes []int, weights []int, n uint64) *world {
	t.Helper()
	return newWorldOf(t, sizes, weights, n, 0.05)
}

// newWorldOf is newWorld with the chance of a finding at a unit of weight 1.
func newWorldOf(t testing.TB, sizes []int, weights []int, n uint64, chance float64) *world {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, uint64(len(sizes))))
	w := &world{truth: map[string]bool{}}
	var rows strings.Builder
	count, i := 0.0, 0
	for s, size := range sizes {
		for k := range size {
			id, weight := fmt.Sprintf("u%06d", i), weights[k%len(weights)]
			fmt.Fprintf(&rows, "%s s%02d %d\n", id, s, weight)
			if w.truth[id] = rng.Float64() < chance*float64(weight); w.truth[id] {
				count++
			}
			i++
		}
	}
	w.rate = count / float64(i)
	var err error
	w.frame, err = registry.ParseFrame(strings.NewReader(rows.String()))
	require.NoError(t, err)
	quotas, err := draw.Proportional(w.frame.Strata(), n, draw.Bounds{Floor: 1})
	require.NoError(t, err)
	w.plan, err = draw.NewPlan(draw.SHA256(), w.frame, quotas, 0)
	require.NoError(t, err)
	return w
}

func (w *world) draw(t testing.TB, n int) *draw.Result {
	t.Helper()
	r, err := draw.Run(w.plan, w.frame, draw.Seed(sha256.Sum256(fmt.Appendf(nil, "seed %d", n))))
	require.NoError(t, err)
	return r
}

func (w *world) finding(id string) Finding {
	if w.truth[id] {
		return Found
	}
	return Clean
}

// TestCoverage draws many times and counts how often the intervals hold the truth.
func TestCoverage(t *testing.T) {
	rounds := 300
	if longtest.Enabled() {
		rounds = 4000
	}
	for _, c := range []struct {
		name    string
		sizes   []int
		weights []int
		n       uint64
		chance  float64 // of a finding, by weight
		least   float64 // coverage of the interval
	}{
		{"20 of one weight", []int{1000}, []int{1}, 20, 0.05, 0.93},
		{"40 of mixed weights", []int{800, 1200}, []int{1, 1, 2, 4}, 40, 0.05, 0.93},
		{"400 of mixed weights", []int{2000, 3000, 1000, 4000}, []int{1, 2, 4, 8}, 400, 0.05, 0.92},
		// A few risky units have most of the findings and are drawn most often: without the bound on the
		// effective units the interval holds 84 %.
		{"40 where risk is rare", []int{10_000}, slices.Concat(slices.Repeat([]int{1}, 36), slices.Repeat([]int{3}, 10), []int{10, 10, 10, 30}), 40, 0.02, 1},
		{"30 in 15 small strata", []int{40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40}, []int{1, 2, 3}, 30, 0.05, 0.93},
	} {
		w := newWorldOf(t, c.sizes, c.weights, c.n, c.chance)
		held, normal, bias, naive, spread, se := 0, 0, 0.0, 0.0, 0.0, 0.0
		totalSpread, totalSE := 0.0, 0.0
		for n := range rounds {
			e, err := Of(w.draw(t, n), w.finding, 0.95)
			require.NoError(t, err)
			if e.Low <= w.rate && w.rate <= e.High {
				held++
			}
			if e.Normal[0] <= w.rate && w.rate <= e.Normal[1] {
				normal++
			}
			bias += (e.HT - w.rate) / float64(rounds)
			naive += (e.Naive - w.rate) / float64(rounds)
			spread += (e.Rate - w.rate) * (e.Rate - w.rate) / float64(rounds)
			se += e.SE * e.SE / float64(rounds)
			totalSpread += (e.HT - w.rate) * (e.HT - w.rate) / float64(rounds)
			totalSE += e.TotalSE * e.TotalSE / (e.Units * e.Units) / float64(rounds)
		}
		t.Logf("%s: rate %.4f, Horvitz–Thompson off by %+.4f on average, naive by %+.4f; standard error %.4f, estimated %.4f; the interval holds %.1f %%, the normal one %.1f %%",
			c.name, w.rate, bias, naive, math.Sqrt(spread), math.Sqrt(se), 100*float64(held)/float64(rounds), 100*float64(normal)/float64(rounds))
		require.Less(t, math.Abs(bias), 4*math.Sqrt(spread/float64(rounds))+1e-9, "four standard errors of the mean")
		// 300 rounds with coverage 0.95 have a standard deviation of 0.0126: four of them below.
		require.Greater(t, float64(held)/float64(rounds), c.least-0.05, c.name)
		require.InDelta(t, 1, math.Sqrt(se/spread), 0.25, c.name)
		require.InDelta(t, 1, math.Sqrt(totalSE/totalSpread), 0.3, c.name)
	}
}

// TestSimpleRandomSampling compares with the textbook (Cochran, 1977, section 3.2): the variance of a
// share is (1 − n/N)·p(1 − p)/(n − 1).
func TestSimpleRandomSampling(t *testing.T) {
	w := newWorld(t, []int{500}, []int{1}, 50)
	for n := range 20 {
		e, err := Of(w.draw(t, n), w.finding, 0.95)
		require.NoError(t, err)
		require.InDelta(t, e.Naive, e.Rate, 1e-12)
		require.InDelta(t, e.Naive, e.HT, 1e-12)
		require.InDelta(t, math.Sqrt(0.9*e.Rate*(1-e.Rate)/49), e.SE, 1e-12)
		require.InDelta(t, 500*e.SE, e.TotalSE, 1e-9)
		require.False(t, e.Approximate)
	}
}

func TestSpecialCases(t *testing.T) {
	w := newWorld(t, []int{300, 10}, []int{1, 2}, 12)
	r := w.draw(t, 1)
	// Nothing found: Clopper and Pearson's upper limit for 0 of 12, 1 − 0.025^(1/12).
	e, err := Of(r, func(string) Finding { return Clean }, 0.95)
	require.NoError(t, err)
	require.Zero(t, e.Rate)
	require.Zero(t, e.Low)
	require.Greater(t, e.High, 0.2)
	require.Less(t, e.High, 0.35)
	e, err = Of(r, func(string) Finding { return Found }, 0.95)
	require.NoError(t, err)
	require.InDelta(t, 1, e.Rate, 1e-12)
	require.InDelta(t, 1, e.High, 1e-9)
	// Half of the units do not answer.
	k := 0
	e, err = Of(r, func(id string) Finding {
		if k++; k%2 == 0 {
			return NoAnswer
		}
		return w.finding(id)
	}, 0.9)
	require.NoError(t, err)
	require.Equal(t, []int{6, 6}, []int{e.Inspected, e.Missing})
	require.LessOrEqual(t, e.HT, e.Rate+1e-12)
	_, err = Of(r, func(string) Finding { return NoAnswer }, 0.95)
	require.EqualError(t, err, "estimate: no drawn unit was inspected")
	for _, level := range []float64{0, 1, math.NaN()} {
		_, err = Of(r, w.finding, level)
		require.ErrorContains(t, err, "expected between 0 and 1")
	}
}
