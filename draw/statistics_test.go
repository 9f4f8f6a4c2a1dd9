package draw

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/internal/longtest"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// The seeds here are fixed, so a test passes always or never. The thresholds are
// such that of 10,000 series of seeds one would fail although all is right.

// seeds returns how many seeds to draw with.
func seeds(short int) int {
	if longtest.Enabled() {
		return 20 * short
	}
	return short
}

// chiSquareLimit returns the 99.99 % quantile of the chi-square distribution with
// k degrees of freedom, by the approximation of Wilson and Hilferty:
// k·(1 − 2/9k + z·√(2/9k))³ with z = 3.719, the same quantile of the normal one.
func chiSquareLimit(k int) float64 {
	v := 2 / (9 * float64(k))
	return float64(k) * math.Pow(1-v+3.719*math.Sqrt(v), 3)
}

func TestChiSquareLimit(t *testing.T) {
	for _, k := range []int{10, 20, 100, 160} {
		// For an even k the tail above x is e^(−x/2)·Σ (x/2)^i/i! over i < k/2.
		half, sum := chiSquareLimit(k)/2, 0.0
		for i, term := 0, 1.0; i < k/2; i, term = i+1, term*half/float64(i+1) {
			sum += term
		}
		require.InDelta(t, 1e-4, math.Exp(-half)*sum, 2e-5, k)
	}
}

// requireChiSquare compares how often each outcome was seen with its chance.
// Exactly one outcome is seen at each of independent trials.
func requireChiSquare[K comparable](t *testing.T, about string, chances map[K]float64, seen map[K]int) {
	t.Helper()
	trials, sum, chi := 0, 0.0, 0.0
	for k, n := range seen {
		require.Contains(t, chances, k, "%s: impossible", about)
		trials += n
	}
	for k, chance := range chances {
		want := chance * float64(trials)
		require.Greater(t, want, 20.0, "%s: too few trials", about)
		require.NotZero(t, seen[k], "%s: %v never seen", about, k)
		sum += chance
		chi += (float64(seen[k]) - want) * (float64(seen[k]) - want) / want
	}
	require.InDelta(t, 1, sum, 1e-9, about)
	limit := chiSquareLimit(len(chances) - 1)
	t.Logf("%s: chi-square %.1f over %d outcomes and %d trials, limit %.1f", about, chi, len(chances), trials, limit)
	require.Less(t, chi, limit, about)
}

type pair [2]string

// TestUnitsAndPairs draws from two strata of mixed weights. From each draw one
// drawn unit and one drawn pair are picked at random: so the trials are
// independent, and the chance of unit i is π_i/n, that of a pair π_ij/(n(n−1)/2).
func TestUnitsAndPairs(t *testing.T) {
	frame := frameOf(t, append(
		weighted("A", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 9),
		weighted("B", 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 40, 2, 2, 2, 2)...))
	plan := planOf(t, frame, 0, "7", "6")
	rng := rand.New(rand.NewPCG(3, 4))
	units, pairs := map[string]map[string]int{"A": {}, "B": {}}, map[string]map[pair]int{"A": {}, "B": {}}
	drawn := map[string]int{}
	together := map[pair]int{}
	trials := seeds(20_000)
	var last *Result
	for i := range trials {
		last = runOf(t, plan, frame, seedOf("units and pairs", i))
		ids := map[string][]string{}
		for d := range last.Drawn() {
			ids[d.Stratum] = append(ids[d.Stratum], d.ID)
			drawn[d.ID]++
		}
		for _, label := range []string{"A", "B"} {
			list := ids[label]
			slices.Sort(list)
			for j := range list {
				for k := range j {
					together[pair{list[k], list[j]}]++
				}
			}
			units[label][list[rng.IntN(len(list))]]++
			a := rng.IntN(len(list))
			b := (a + 1 + rng.IntN(len(list)-1)) % len(list)
			pairs[label][pair{list[min(a, b)], list[max(a, b)]}]++
		}
	}
	worst, zero := 0.0, 0
	for label, n := range map[string]float64{"A": 7, "B": 6} {
		unitChances, pairChances := map[string]float64{}, map[pair]float64{}
		for _, u := range frame.All() {
			if u.Stratum != label {
				continue
			}
			chance := last.cell(label, u.Weight).Chance.Float64()
			unitChances[u.ID] = chance / n
			worst = max(worst, deviation(drawn[u.ID], trials, chance))
			for _, v := range frame.All() {
				if v.Stratum != label || v.ID <= u.ID {
					continue
				}
				joint, err := last.Joint(label, u.Weight, v.Weight)
				require.NoError(t, err)
				p := pair{u.ID, v.ID}
				if joint.IsZero() {
					require.Zero(t, together[p])
					zero++
					continue
				}
				worst = max(worst, deviation(together[p], trials, joint.Float64()))
				if joint.Float64()/(n*(n-1)/2)*float64(trials) > 20 {
					pairChances[p] = joint.Float64() / (n * (n - 1) / 2)
				} else {
					require.NotZero(t, together[p])
					delete(pairs[label], p)
				}
			}
		}
		rest := 0.0
		for _, c := range pairChances {
			rest += c
		}
		for p := range pairChances { // without the rare pairs
			pairChances[p] /= rest
		}
		requireChiSquare(t, "units of "+label, unitChances, units[label])
		requireChiSquare(t, "pairs of "+label, pairChances, pairs[label])
	}
	// 40 units and 380 pairs, each a binomial count of its own: of 420 standard
	// normal values all are below 5.1 with a chance of 99.99 %.
	t.Logf("%d seeds: largest deviation of a unit or pair %.2f standard deviations; %d pairs never drawn together", trials, worst, zero)
	require.Less(t, worst, 5.1)
	var counted int64
	for _, label := range []string{"A", "B"} {
		p, err := last.ZeroPairs(label)
		require.NoError(t, err)
		require.Zero(t, p.Unknown.Sign())
		require.EqualValues(t, 190, p.All.Int64())
		counted += p.Zero.Int64()
	}
	require.EqualValues(t, zero, counted)
}

// deviation returns how many standard deviations a binomial count is off.
func deviation(count, trials int, chance float64) float64 {
	if chance == 1 {
		if count == trials {
			return 0
		}
		return math.Inf(1)
	}
	m := float64(trials)
	return math.Abs(float64(count)-m*chance) / math.Sqrt(m*chance*(1-chance))
}

// TestQuotasOnAverage rounds fractional quotas under many seeds: the chances of
// units are those stated for the mixture of both counts.
func TestQuotasOnAverage(t *testing.T) {
	frame := frameOf(t, slices.Concat(weighted("A", 1, 1, 2, 5), weighted("B", 1, 1, 1), weighted("C", 3, 3, 1, 1, 1, 1)))
	plan := planOf(t, frame, 0, "7/5", "1/3", "38/15")
	drawn, counts := map[string]int{}, map[string]int{}
	trials := seeds(10_000)
	var last *Result
	for i := range trials {
		last = runOf(t, plan, frame, seedOf("quotas", i))
		for d := range last.Drawn() {
			drawn[d.ID]++
			counts[d.Stratum]++
		}
		require.True(t, last.Len() == 4 || last.Len() == 5, "quotas add up to 64/15")
	}
	for s := range last.Strata() {
		low, _ := s.Quota.Floor()
		f := s.Quota.Float64() - float64(low)
		require.Less(t, deviation(counts[s.Label]-int(low)*trials, trials, f), 5.0, s.Label)
	}
	for _, u := range frame.All() {
		chance := last.cell(u.Stratum, u.Weight).Chance
		require.Less(t, deviation(drawn[u.ID], trials, chance.Float64()), 5.0, "%s with chance %s", u.ID, chance)
	}
}

// TestNoPlaceInTheListIsFavoured is against what went wrong with a real vendor's
// draws: a systematic draw from a sorted list had 33 outcomes, and a third of
// the units could not be drawn.
func TestNoPlaceInTheListIsFavoured(t *testing.T) {
	const units, n = 99, 3
	var list []registry.Unit
	for i := range units {
		// IDs as they are: sorted by district, numbered without gaps.
		list = append(list, registry.Unit{ID: fmt.Sprintf("91370%03dMA%04d", i/9, i), Stratum: "all", Weight: 1})
	}
	frame := frameOf(t, list)
	plan := planOf(t, frame, 0, fmt.Sprint(n))
	rng := rand.New(rand.NewPCG(5, 6))
	places, gaps, outcomes := map[int]int{}, map[int]int{}, map[string]int{}
	pairs := map[pair]bool{}
	trials := seeds(15_000)
	for i := range trials {
		var at []int
		var ids []string
		for d := range runOf(t, plan, frame, seedOf("places", i)).Drawn() {
			place, _ := frame.Find(d.ID)
			at, ids = append(at, place), append(ids, d.ID)
		}
		slices.Sort(ids)
		slices.Sort(at)
		outcomes[strings.Join(ids, " ")]++
		for _, k := range [][2]int{{0, 1}, {0, 2}, {1, 2}} {
			pairs[pair{ids[k[0]], ids[k[1]]}] = true
		}
		a := rng.IntN(n)
		b := (a + 1 + rng.IntN(n-1)) % n
		places[at[a]]++
		gaps[max(at[a]-at[b], at[b]-at[a])/5]++
	}
	placeChances, gapChances := map[int]float64{}, map[int]float64{}
	for i := range units {
		placeChances[i] = 1.0 / units
		if i > 0 {
			gapChances[i/5] += float64(units-i) / (units * (units - 1) / 2)
		}
	}
	requireChiSquare(t, "places", placeChances, places)
	requireChiSquare(t, "distances in the list, by five", gapChances, gaps)
	// There are 156,849 outcomes: of 15,000 draws about 14,300 differ.
	require.Greater(t, len(outcomes), 14_000)
	// 45,000 pairs of 4,851: one pair stays unseen with chance e^-9.3, about 0.4 in all.
	require.Greater(t, len(pairs), 4851-7)
}

// TestEveryPairOfOneWeight draws every pair of small strata of one weight.
func TestEveryPairOfOneWeight(t *testing.T) {
	for _, n := range []int{2, 3, 5, 8, 12} {
		for _, weight := range []uint64{1, 7} {
			var units []registry.Unit
			for i := range n {
				units = append(units, registry.Unit{ID: fmt.Sprint("u", i), Stratum: "s", Weight: weight})
			}
			frame := frameOf(t, units)
			plan := planOf(t, frame, 0, "2")
			pairs := map[string]bool{}
			// The rarest has chance 1/66: 1,500 draws miss it with chance e^-22.
			for i := range 1500 {
				var ids []string
				for d := range runOf(t, plan, frame, seedOf("pairs", i)).Drawn() {
					ids = append(ids, d.ID)
				}
				slices.Sort(ids)
				pairs[strings.Join(ids, " ")] = true
			}
			require.Len(t, pairs, n*(n-1)/2, "of %d units", n)
			p, err := runOf(t, plan, frame, Seed{}).ZeroPairs("s")
			require.NoError(t, err)
			require.Equal(t, []string{fmt.Sprint(n * (n - 1) / 2), "0", "0"}, []string{p.All.String(), p.Zero.String(), p.Unknown.String()})
		}
	}
}

// TestEveryUnitIsDrawable draws every unit, of the smallest chance too.
func TestEveryUnitIsDrawable(t *testing.T) {
	frame := frameOf(t, slices.Concat(weighted("A", 1, 2, 3, 100, 101, 150), weighted("B", 1, 1, 30, 30, 30), weighted("C", 1)))
	plan := planOf(t, frame, 0, "2", "1/2", "1/10")
	drawn := map[string]bool{}
	// The rarest, of weight 1 in A, has chance 2/357: 4,000 draws miss it with chance e^-22.
	for i := range 4000 {
		for d := range runOf(t, plan, frame, seedOf("drawable", i)).Drawn() {
			drawn[d.ID] = true
		}
	}
	require.Len(t, drawn, frame.Len())
}

// TestEveryBitOfTheSeedCounts changes each bit of a seed.
func TestEveryBitOfTheSeedCounts(t *testing.T) {
	frame := frameOf(t, weighted("A", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2))
	plan := planOf(t, frame, 0, "8")
	of := func(seed Seed) string {
		_, body, _ := strings.Cut(resultText(t, runOf(t, plan, frame, seed)), "\ndrawn ")
		return body
	}
	seed := seedOf("bits", 0)
	seen := map[string]bool{of(seed): true}
	for bit := range 8 * len(seed) {
		changed := seed
		changed[bit/8] ^= 1 << (bit % 8)
		seen[of(changed)] = true
	}
	require.Len(t, seen, 1+8*len(seed))
}
