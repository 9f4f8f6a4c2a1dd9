package evaluate

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// choose returns n over k as a fraction.
func choose(n, k int) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Binomial(int64(n), int64(k)))
}

func float(r *big.Rat) float64 { f, _ := r.Float64(); return f }

// Every hypergeometric distribution of up to 14 visits, by its definition in exact fractions, with both
// tails and the two-sided p-value.
func TestHypergeometric(t *testing.T) {
	for all := 1; all <= 14; all++ {
		for found := 0; found <= all; found++ {
			for drawn := 0; drawn <= all; drawn++ {
				d := hypergeometric(all, found, drawn)
				p := make([]*big.Rat, drawn+1)
				for k := range p {
					p[k] = new(big.Rat)
					if k <= found && drawn-k <= all-found {
						p[k].Mul(choose(found, k), choose(all-found, drawn-k))
						p[k].Quo(p[k], choose(all, drawn))
					}
				}
				for n := range p {
					low, high := new(big.Rat), new(big.Rat)
					for k := range p {
						if k <= n {
							low.Add(low, p[k])
						}
						if k >= n {
							high.Add(high, p[k])
						}
					}
					atMost, atLeast := d.tails(n)
					require.InDelta(t, float(low), atMost, 1e-12, "at most %d with %d of %d drawn, %d found", n, drawn, all, found)
					require.InDelta(t, float(high), atLeast, 1e-12)
					require.InDelta(t, max(least, min(1, 2*min(float(low), float(high)))), d.twoSided(n), 1e-12)
				}
			}
		}
	}
}

// Sums of counts: two strata, and single visits of different chances, against all outcomes written out.
func TestSums(t *testing.T) {
	a, b := hypergeometric(9, 4, 5), hypergeometric(20, 3, 7)
	sum := a.plus(b)
	for n := range 9 {
		want := 0.0
		for i, p := range a.p {
			for j, q := range b.p {
				if a.low+i+b.low+j <= n {
					want += p * q
				}
			}
		}
		atMost, _ := sum.tails(n)
		require.InDelta(t, want, atMost, 1e-12)
	}
	chances := []float64{0.1, 0.7, 0.35, 0.02, 0.5, 0.99}
	d := certain(0)
	for _, q := range chances {
		d = d.plusOne(q)
	}
	for n := range len(chances) + 1 {
		want := 0.0
		for set := range 1 << len(chances) {
			p, count := 1.0, 0
			for i, q := range chances {
				if set>>i&1 == 1 {
					p, count = p*q, count+1
				} else {
					p *= 1 - q
				}
			}
			if count <= n {
				want += p
			}
		}
		atMost, _ := d.tails(n)
		require.InDelta(t, want, atMost, 1e-12)
	}
	// What is cut away at both ends leaves the counts where they were.
	long := certain(0)
	for range 400 {
		long = long.plusOne(0.5)
	}
	atMost, atLeast := long.tails(200)
	require.InDelta(t, 1, atMost+atLeast-float(new(big.Rat).Quo(choose(400, 200), new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), 400)))), 1e-9)
	cut := countChance{3, []float64{1e-70, 0.25, 0.75, 1e-70}}.cut()
	require.Equal(t, countChance{4, []float64{0.25, 0.75}}, cut)
}

// Quantiles go on evenly between the counts.
func TestQuantile(t *testing.T) {
	d := countChance{2, []float64{0.2, 0.5, 0.3}}
	for p, want := range map[float64]float64{0.1: 1.5, 0.2: 2, 0.45: 2.5, 0.7: 3, 0.85: 3.5, 1: 4} {
		require.InDelta(t, want, d.quantile(p), 1e-9, p)
	}
	for _, z := range []float64{0, 1, 1.959963984540054, 6, 20} {
		require.InDelta(t, z, tailPoint(math.Erfc(z/math.Sqrt2)/2), 1e-6)
	}
}

// The spread by the formulas of Spiegelhalter (2005): φ is the mean square of the winsorised z-scores, τ² is from φ
// and the weights.
func TestDispersion(t *testing.T) {
	z := []float64{-9, -1, -0.5, 0, 0.2, 0.4, 0.8, 1, 2, 8}
	weights := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	d := dispersion(z, weights, 0.1)
	want := 0.0
	for _, v := range []float64{-1, -1, -0.5, 0, 0.2, 0.4, 0.8, 1, 2, 2} {
		want += v * v / 10
	}
	require.InDelta(t, want, d.Phi, 1e-12)
	require.Equal(t, 10, d.Inspectors)
	require.Greater(t, d.Corrected, d.Phi)
	sum, squares := 0.0, 0.0
	for _, w := range weights {
		sum += w
		squares += w * w
	}
	tau := max(0, (10*d.Corrected-9)/(sum-squares/sum))
	require.InDelta(t, math.Sqrt(tau), d.Tau, 1e-9)
}

// An inspector with just the least number of visits is evaluated; where nothing was found, or everything,
// nothing follows.
func TestEvaluateEdges(t *testing.T) {
	var visits []Visit
	for i := range 40 {
		visits = append(visits, Visit{ID: string(rune('A' + i)), Entity: "e", Stratum: "s", Inspectors: []string{[]string{"a", "a", "a", "b"}[i%4]}, Found: i%3 == 0})
	}
	r, err := Evaluate(visits, Usual())
	require.NoError(t, err)
	b, _ := r.Find("b")
	require.Equal(t, 10, b.Attended)
	require.NotEqual(t, InsufficientData, b.Verdict)
	require.False(t, math.IsNaN(r.Precision))
	for _, found := range []bool{false, true} {
		for i := range visits {
			visits[i].Found = found
		}
		r, err := Evaluate(visits, Usual())
		require.NoError(t, err)
		require.True(t, math.IsNaN(r.Precision))
		require.Empty(t, r.Triggers())
	}
	// Complaints of few replies are withheld, in the whole survey too.
	survey, err := Summarise([]Reply{{Respondent: "r", Department: "d", Inspector: "i", Scores: []int{3}, Complaint: true}}, 5, 0.95)
	if err == nil {
		require.NotEqual(t, 1, survey.All.Complaints)
		require.NotEqual(t, 1, survey.All.Replies)
	}
}

// A company that was inspected several times can be asked once, in the stratum of its first visit.
func TestRespondentsOnce(t *testing.T) {
	var ids []string
	for u, err := range Respondents([]Visit{
		{ID: "v3", Entity: "e1", Stratum: "late", Inspectors: []string{"a"}},
		{ID: "v1", Entity: "e1", Stratum: "early", Inspectors: []string{"a"}, Found: true},
		{ID: "v2", Entity: "e1", Stratum: "late", Inspectors: []string{"b"}},
		{ID: "v4", Entity: "e2", Stratum: "late", Inspectors: []string{"b"}},
		{ID: "v5", Entity: "e3", Stratum: "late", Inspectors: []string{"b"}},
	}) {
		require.NoError(t, err)
		require.EqualValues(t, 1, u.Weight)
		ids = append(ids, u.ID+" "+u.Stratum)
	}
	require.ElementsMatch(t, []string{"e1 early", "e2 late", "e3 late"}, ids)
	for _, err := range Respondents([]Visit{{}}) {
		require.Error(t, err)
	}
}

// Expectations add up to what was found, with strata of a single visit and teams of several sizes.
func TestExpectationsAddUp(t *testing.T) {
	visits := []Visit{{ID: "alone", Entity: "x", Stratum: "only", Inspectors: []string{"a", "c"}, Found: true}}
	for i := range 90 {
		visits = append(visits, Visit{ID: fmt.Sprint(i), Entity: "e", Stratum: string(rune('p' + i%3)), Found: i%4 == 0,
			Inspectors: [][]string{{"a"}, {"a", "b"}, {"c", "b", "d"}}[i%7%3]})
	}
	r, err := Evaluate(visits, Usual())
	require.NoError(t, err)
	found, expected, attended := 0.0, 0.0, 0.0
	for _, f := range r.Inspectors {
		found, expected, attended = found+f.Found, expected+f.Expected, attended+f.Visits
	}
	require.InDelta(t, float64(r.Found), found, 1e-9)
	require.InDelta(t, found, expected, 1e-9)
	require.InDelta(t, 91, attended, 1e-9)
	require.Equal(t, []string{"finds less than expected", "finds what is expected", "finds more than expected"},
		[]string{Lenient.String(), AsExpected.String(), Harsh.String()})
}

// The product of logRising against the gamma function, where factors are tiny, usual and huge.
func TestLogRising(t *testing.T) {
	for _, c := range []struct {
		x, step float64
		n       int
	}{{0.3, 0.01, 50}, {1e-3, 1e-6, 200}, {1, 10, 500}, {0.2, 1, 0}} {
		a, _ := math.Lgamma(c.x/c.step + float64(c.n))
		b, _ := math.Lgamma(c.x / c.step)
		require.InDelta(t, a-b+float64(c.n)*math.Log(c.step), logRising(c.x, c.step, c.n), 1e-6)
	}
	for _, p := range []Prior{{0, 1}, {1, 0}} {
		mean, _ := p.Posterior(1, 2, 0.95)
		require.True(t, math.IsNaN(mean))
	}
	mean, _ := Prior{1, 1}.Posterior(3, 2, 0.95)
	require.True(t, math.IsNaN(mean))
}

// Ties count on both sides: a statistic that never changes has p = 1.
func TestRandomisationTies(t *testing.T) {
	tests, err := RandomisationTest([]float64{2, 1e6}, func([32]byte) ([]float64, error) { return []float64{2 + 1e-12, 0}, nil }, [32]byte{}, 99)
	require.NoError(t, err)
	require.Equal(t, Randomised{Observed: 2, Repeats: 99, AsLow: 99, AsHigh: 99, Low: 1, High: 1, P: 1, Q: 1}, tests[0])
	require.Equal(t, Randomised{Observed: 1e6, Repeats: 99, AsLow: 99, AsHigh: 0, Low: 1, High: 0.01, P: 0.02, Q: 0.04}, tests[1])
}
