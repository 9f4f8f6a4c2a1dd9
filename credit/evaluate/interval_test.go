package evaluate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// Five inspectors with an overall rate of 13.5 % and the prior beta(0.957, 6.155).
func TestReferenceValues(t *testing.T) {
	prior := Prior{0.957, 6.155}
	for _, c := range []struct {
		k, n, mean float64
	}{{0, 50, 1.7}, {0, 12, 5.0}, {12, 30, 34.9}, {3, 8, 26.2}, {9, 60, 14.8}} {
		mean, interval := prior.Posterior(c.k, c.n, 0.95)
		require.InDelta(t, c.mean, 100*mean, 0.05, "%v/%v", c.k, c.n)
		require.Less(t, interval.Low, mean)
		require.Greater(t, interval.High, mean)
	}
	require.Equal(t, "0–7.1 %", Wilson(0, 50, 0.95).String())
	require.Equal(t, "24.6–57.7 %", Wilson(12, 30, 0.95).String())
	// Clopper and Pearson: nothing in n has the upper limit 1 − 0.025^(1/n).
	require.InDelta(t, 1-math.Pow(0.025, 1.0/50), Exact(0, 50, 0.95).High, 1e-9)
	require.Zero(t, Exact(0, 50, 0.95).Low)
	require.True(t, math.IsNaN(Exact(3, 2, 0.95).Low))
	require.Equal(t, Interval{0, 1}, Exact(0, 0, 0.95))
}

// season makes visits by single inspectors in two strata, of whom the first so many are harsh and as
// many lenient.
func season(rng *rand.Rand, inspectors, visits, planted int) (list []Visit) {
	for i := range inspectors {
		for k := range visits {
			rate := []float64{0.1, 0.4}[k%2]
			switch {
			case i < planted:
				rate = min(0.95, rate+0.5)
			case i < 2*planted:
				rate /= 40
			}
			n := len(list)
			list = append(list, Visit{ID: fmt.Sprintf("v%06d", n), Entity: fmt.Sprintf("e%06d", n), Stratum: fmt.Sprintf("s%d", k%2),
				Inspectors: []string{fmt.Sprintf("i%05d", i)}, Found: rng.Float64() < rate})
		}
	}
	return list
}

// Without differences hardly anybody is a trigger, in 2,000 tests at a time; the planted are found, on
// their sides. The order of the visits does not matter.
func TestTriggers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	wrong := 0
	for range 10 {
		r, err := Evaluate(season(rng, 2000, 40, 0), Usual())
		require.NoError(t, err)
		wrong += len(r.Triggers())
	}
	require.LessOrEqual(t, wrong, 3, "ten times one chance in twenty of any at all")

	visits := season(rng, 500, 60, 8)
	r, err := Evaluate(visits, Usual())
	require.NoError(t, err)
	hit := map[Direction]int{}
	for _, f := range r.Triggers() {
		if f.Inspector < "i00016" {
			hit[f.Direction]++
			require.Equal(t, f.Inspector < "i00008", f.Direction == Harsh)
		}
		require.Contains(t, r.Explain(f), "a trigger for a review of the cases, and no finding against anybody")
	}
	require.GreaterOrEqual(t, hit[Harsh], 7)
	require.GreaterOrEqual(t, hit[Lenient], 6)
	require.LessOrEqual(t, len(r.Triggers()), 18)

	shuffled := slices.Clone(visits)
	rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	again, err := Evaluate(shuffled, Usual())
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(r.Inspectors), fmt.Sprint(again.Inspectors))

	few := append(visits, Visit{ID: "w", Entity: "w", Stratum: "s0", Inspectors: []string{"new"}, Found: true})
	r, err = Evaluate(few, Usual())
	require.NoError(t, err)
	f, ok := r.Find("new")
	require.True(t, ok)
	require.Equal(t, InsufficientData, f.Verdict)
}

// Of two in a team the pair model finds the one whom the findings follow.
func TestPairModel(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var visits []Visit
	for n := range 6000 {
		a, b := rng.IntN(40), rng.IntN(40)
		if a == b {
			continue
		}
		odds := -1.0
		if a == 7 || b == 7 {
			odds = 2
		}
		visits = append(visits, Visit{ID: fmt.Sprintf("v%d", n), Entity: fmt.Sprintf("e%d", n), Stratum: "s",
			Inspectors: []string{fmt.Sprintf("i%02d", a), fmt.Sprintf("i%02d", b)}, Found: rng.Float64() < 1/(1+math.Exp(-odds))})
	}
	rules := Usual()
	rules.Teams = PairModel
	r, err := Evaluate(visits, rules)
	require.NoError(t, err)
	triggers := r.Triggers()
	require.Len(t, triggers, 1)
	require.Equal(t, "i07", triggers[0].Inspector)
	require.Equal(t, Harsh, triggers[0].Direction)
	require.Greater(t, triggers[0].Effect, 1.5)
}

// The frame of a survey does not depend on what was found; that of a second inspection has all visits
// of the triggers and of as many others as asked for.
func TestFrames(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	visits := season(rng, 100, 60, 2)
	text := func(visits []Visit) string {
		frame, err := registry.NewFrame(Respondents(visits))
		require.NoError(t, err)
		return fmt.Sprint(frame.Len(), frame.Strata())
	}
	before := text(visits)
	changed := slices.Clone(visits)
	for i := range changed {
		changed[i].Found = !changed[i].Found
	}
	require.Equal(t, before, text(changed))

	r, err := Evaluate(visits, Usual())
	require.NoError(t, err)
	triggers := r.Triggers()
	require.NotEmpty(t, triggers)
	frame, err := registry.NewFrame(r.Recheck(visits, 3, [32]byte{1}))
	require.NoError(t, err)
	require.Equal(t, len(triggers)*4*60, frame.Len())
	for _, v := range visits {
		if v.Inspectors[0] == triggers[0].Inspector {
			_, ok := frame.Find(v.ID)
			require.True(t, ok)
		}
	}
}

// All 20 ways to give three of six visits to one of two inspectors: the p-value of the test is the share of
// them, as far as repeats tell.
func TestRerandomise(t *testing.T) {
	var visits []Visit
	for i := range 6 {
		visits = append(visits, Visit{ID: fmt.Sprintf("v%d", i), Entity: fmt.Sprintf("e%d", i), Stratum: "s", Inspectors: []string{[]string{"a", "b"}[i/3]}, Found: i < 3})
	}
	assign := func(seed [32]byte) (map[string][]string, error) {
		rng := rand.New(rand.NewChaCha8(seed))
		teams := map[string][]string{}
		for k, i := range rng.Perm(6) {
			teams[fmt.Sprintf("v%d", i)] = []string{[]string{"a", "b"}[k/3]}
		}
		return teams, nil
	}
	tests, err := Rerandomise(visits, assign, [32]byte{9}, 4000)
	require.NoError(t, err)
	require.Len(t, tests, 2)
	require.InDelta(t, 1.0/20, tests[0].High, 0.014, "four standard errors of 4,000 repeats")
	require.Equal(t, "a", tests[0].Inspector)
	require.InDelta(t, 1.0/20, tests[1].Low, 0.014)
	again, err := Rerandomise(visits, assign, [32]byte{9}, 4000)
	require.NoError(t, err)
	require.Equal(t, tests, again)
}

// Nothing of fewer than five leaves: in random surveys each count that is published, and each
// difference of a total and its listed parts, is 0 or at least five.
func TestSurveyCells(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 400 {
		var replies []Reply
		for i := range 5 + rng.IntN(60) {
			d := rng.IntN(4)
			replies = append(replies, Reply{Respondent: fmt.Sprintf("r%d", i), Department: fmt.Sprintf("d%d", d), Inspector: fmt.Sprintf("d%d-i%d", d, rng.IntN(4)),
				Scores: []int{1 + rng.IntN(5)}, Complaint: rng.IntN(6) == 0})
		}
		s, err := Summarise(replies, 5, 0.95)
		require.NoError(t, err)
		safe := func(n int) { require.True(t, n == 0 || n >= MinReplies, "a group of %d", n) }
		safe(s.All.Replies)
		rest := s.All.Replies
		for _, d := range s.Departments {
			safe(d.Replies)
			rest -= d.Replies
			left := d.Replies
			for _, i := range d.Inspectors {
				safe(i.Replies)
				left -= i.Replies
			}
			safe(left)
		}
		safe(rest)
		if s.Others != nil {
			require.Equal(t, rest, s.Others.Replies)
		}
	}
}

func TestEvaluateRejects(t *testing.T) {
	good := Visit{ID: "v", Entity: "e", Stratum: "s", Inspectors: []string{"i"}}
	for want, visits := range map[string][]Visit{
		`evaluate: visit "v": inspector is empty`: {{ID: "v", Entity: "e", Stratum: "s", Inspectors: []string{""}}},
	} {
		_, err := Evaluate(visits, Usual())
		require.EqualError(t, err, want)
	}
	for _, visits := range [][]Visit{nil, {good, good}, {{ID: "v", Entity: "e", Stratum: "s"}}, {{ID: "v", Entity: "e", Stratum: "s", Inspectors: []string{"i", "i"}}}} {
		_, err := Evaluate(visits, Usual())
		require.Error(t, err)
	}
	bad := Usual()
	bad.MinVisits = 0
	_, err := Evaluate([]Visit{good}, bad)
	require.EqualError(t, err, "evaluate: minimum of 0 visits, expected at least 1")
	bad = Usual()
	bad.Winsor = 0.5
	_, err = Evaluate([]Visit{good}, bad)
	require.EqualError(t, err, "evaluate: winsorised share 0.5, expected from 0 to less than 0.5")
}
