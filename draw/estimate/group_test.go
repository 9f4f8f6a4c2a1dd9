package estimate

import (
	"fmt"
	"math"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/longtest"
	"github.com/stretchr/testify/require"
)

// third puts a unit into one of three groups, across strata and weights.
func third(id string) string { return fmt.Sprintf("g%d", id[len(id)-1]%3) }

func TestByOneGroupIsOf(t *testing.T) {
	w := newWorld(t, []int{300, 500, 20, 1}, []int{1, 2, 4}, 60)
	for n := range 10 {
		r := w.draw(t, n)
		all, err := Of(r, w.finding, 0.9)
		require.NoError(t, err)
		groups, err := By(r, w.finding, func(string) string { return "x" }, 0.9)
		require.NoError(t, err)
		require.Len(t, groups, 1)
		require.Equal(t, "x", groups[0].Label)
		g := groups[0].Estimate
		require.InDelta(t, all.Units, g.Units, all.Units/10, "estimated")
		g.Units, g.HT = all.Units, all.HT
		require.Equal(t, *all, g)
	}
}

// slowVariance is the formula as it stands in the documentation, with the residual 0 outside the group.
func slowVariance(r *draw.Result, w *world, label string, rate float64) float64 {
	type unit struct{ e, free float64 }
	weight, strata := 0.0, map[string][]unit{}
	for d := range r.Drawn() {
		if third(d.ID) == label {
			weight += 1 / d.Chance.Float64()
		}
	}
	for d := range r.Drawn() {
		u := unit{free: 1 - d.Chance.Float64()}
		if third(d.ID) == label {
			y := 0.0
			if w.truth[d.ID] {
				y = 1
			}
			u.e = (y - rate) / (d.Chance.Float64() * weight)
		}
		strata[d.Stratum] = append(strata[d.Stratum], u)
	}
	sum := 0.0
	for _, units := range strata {
		n, mean, free := float64(len(units)), 0.0, 0.0
		for _, u := range units {
			mean += u.free * u.e
			free += u.free
		}
		for _, u := range units {
			sum += n / (n - 1) * u.free * (u.e - mean/free) * (u.e - mean/free)
		}
	}
	return sum
}

func TestBy(t *testing.T) {
	w := newWorld(t, []int{900, 600, 500}, []int{1, 2, 4}, 120)
	for n := range 20 {
		r := w.draw(t, n)
		all, err := Of(r, w.finding, 0.95)
		require.NoError(t, err)
		groups, err := By(r, w.finding, third, 0.95)
		require.NoError(t, err)
		require.Len(t, groups, 3)
		total, units, inspected := 0.0, 0.0, 0
		for i, g := range groups {
			require.Equal(t, fmt.Sprintf("g%d", i), g.Label)
			require.InDelta(t, math.Sqrt(slowVariance(r, w, g.Label, g.Rate)), g.SE, 1e-12)
			require.InDelta(t, g.Total/g.Units, g.Rate, 1e-12, "all have answered")
			total += g.Total
			units += g.Units
			inspected += g.Inspected
		}
		require.InDelta(t, all.Total, total, 1e-9)
		require.InDelta(t, 2000, units, 200)
		require.Equal(t, all.Inspected, inspected)
	}
	r := w.draw(t, 1)
	some, err := By(r, w.finding, func(id string) string {
		if third(id) == "g1" {
			return ""
		}
		return third(id)
	}, 0.95)
	require.NoError(t, err)
	require.Len(t, some, 2, "units without a group are left out")
	_, err = By(r, func(string) Finding { return NoAnswer }, third, 0.95)
	require.EqualError(t, err, "estimate: no drawn unit was inspected")
	_, err = By(r, w.finding, third, 1)
	require.EqualError(t, err, "estimate: level 1, expected between 0 and 1")
	quiet, err := By(r, func(id string) Finding {
		if third(id) == "g0" {
			return NoAnswer
		}
		return Clean
	}, third, 0.95)
	require.NoError(t, err)
	require.Len(t, quiet, 2, "a group that nobody answered for is not there")
}

// A group that is a whole stratum has the estimate of that stratum alone.
func TestByStratum(t *testing.T) {
	w := newWorld(t, []int{400, 300}, []int{1, 3}, 50)
	r := w.draw(t, 3)
	strata := map[string]string{}
	for d := range r.Drawn() {
		strata[d.ID] = d.Stratum
	}
	groups, err := By(r, w.finding, func(id string) string { return strata[id] }, 0.95)
	require.NoError(t, err)
	for _, g := range groups {
		alone, err := Of(r, func(id string) Finding {
			if strata[id] != g.Label {
				return NoAnswer
			}
			return w.finding(id)
		}, 0.95)
		require.NoError(t, err)
		require.InDelta(t, alone.Rate, g.Rate, 1e-12)
		require.InDelta(t, alone.SE, g.SE, 1e-12)
		require.InDelta(t, alone.Low, g.Low, 1e-9)
		require.InDelta(t, alone.High, g.High, 1e-9)
	}
}

// The intervals of groups hold the truth of their group as often as they say.
func TestByCoverage(t *testing.T) {
	rounds := 200
	if longtest.Enabled() {
		rounds = 3000
	}
	w := newWorld(t, []int{900, 600, 500}, []int{1, 2, 4}, 90)
	truth, size := map[string]float64{}, map[string]float64{}
	for _, u := range w.frame.All() {
		size[third(u.ID)]++
		if w.truth[u.ID] {
			truth[third(u.ID)]++
		}
	}
	held, asked := 0, 0
	for n := range rounds {
		groups, err := By(w.draw(t, n), w.finding, third, 0.95)
		require.NoError(t, err)
		for _, g := range groups {
			rate := truth[g.Label] / size[g.Label]
			asked++
			if g.Low <= rate && rate <= g.High {
				held++
			}
		}
	}
	coverage := float64(held) / float64(asked)
	t.Logf("three groups of 30 units: the intervals hold %.1f %%", 100*coverage)
	require.Greater(t, coverage, 0.93) // 600 intervals have a standard deviation of 0.9 %
}
