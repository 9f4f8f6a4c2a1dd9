package draw

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func TestHighestAveragesOfTheFirstCongress(t *testing.T) {
	// The 15 states of the census of 1790 and 105 seats, the example by which
	// Jefferson's method was argued about: Virginia has 18.31 seats by its size.
	states := []struct {
		name               string
		people             uint64
		webster, jefferson uint64
	}{
		{"Connecticut", 236_841, 7, 7},
		{"Delaware", 55_540, 2, 1},
		{"Georgia", 70_835, 2, 2},
		{"Kentucky", 68_705, 2, 2},
		{"Maryland", 278_514, 8, 8},
		{"Massachusetts", 475_327, 14, 14},
		{"New Hampshire", 141_822, 4, 4},
		{"New Jersey", 179_570, 5, 5},
		{"New York", 331_589, 10, 10},
		{"North Carolina", 353_523, 10, 10},
		{"Pennsylvania", 432_879, 13, 13},
		{"Rhode Island", 68_446, 2, 2},
		{"South Carolina", 206_236, 6, 6},
		{"Vermont", 85_533, 2, 2},
		{"Virginia", 630_560, 18, 19},
	}
	var strata []registry.Stratum
	for _, s := range states {
		strata = append(strata, registry.Stratum{Label: s.name, Units: s.people})
	}
	quotas, err := Proportional(strata, 105, Bounds{})
	require.NoError(t, err)
	webster, err := HighestAverages(strata, quotas, SainteLague, Bounds{})
	require.NoError(t, err)
	jefferson, err := HighestAverages(strata, quotas, DHondt, Bounds{})
	require.NoError(t, err)
	for h, s := range states {
		require.Equal(t, fmt.Sprint(s.webster), webster[h].Count.String(), s.name)
		require.Equal(t, fmt.Sprint(s.jefferson), jefferson[h].Count.String(), s.name)
	}
}

func TestHighestAverages(t *testing.T) {
	for _, test := range []struct {
		name    string
		units   []uint64
		quotas  []string
		divisor Divisor
		bounds  Bounds
		want    string
	}{
		// Quotients of 53, 24, 23: 53, 24, 23, 17⅔, 10⅗, 8, 7⅔ are the first seven.
		{"seven by hand", []uint64{53, 24, 23}, []string{"371/100", "42/25", "161/100"}, SainteLague, Bounds{}, "3 2 2"},
		{"eight by hand", []uint64{100, 80, 30, 20}, []string{"80/23", "64/23", "24/23", "16/23"}, SainteLague, Bounds{}, "3 3 1 1"},
		{"the same by D'Hondt", []uint64{100, 80, 30, 20}, []string{"80/23", "64/23", "24/23", "16/23"}, DHondt, Bounds{}, "4 3 1 0"},
		{"whole already", []uint64{9, 9, 9}, []string{"4", "0", "9"}, SainteLague, Bounds{}, "4 0 9"},
		{"whole already, D'Hondt", []uint64{9, 9, 9}, []string{"4", "0", "9"}, DHondt, Bounds{}, "4 0 9"},
		{"ties go by label", []uint64{9, 9, 9, 9}, []string{"1/2", "1/2", "1/2", "1/2"}, SainteLague, Bounds{}, "1 1 0 0"},
		{"ties go by label, D'Hondt", []uint64{9, 9, 9}, []string{"5/3", "5/3", "5/3"}, DHondt, Bounds{}, "2 2 1"},
		{"total rounded up", []uint64{9, 9}, []string{"1/10", "1/5"}, SainteLague, Bounds{}, "0 1"},
		{"nothing", []uint64{9, 9}, []string{"0", "0"}, SainteLague, Bounds{}, "0 0"},
		{"stratum without quota", []uint64{9, 9}, []string{"3/2"}, SainteLague, Bounds{}, "2 0"},
		{"minimum", []uint64{9, 9, 9}, []string{"19/4", "1/8", "1/8"}, SainteLague, Bounds{Floor: 1}, "3 1 1"},
		{"minimum of a stratum with quota 0", []uint64{9, 9}, []string{"4", "0"}, SainteLague, Bounds{Min: valuesOf(0, 1)}, "3 1"},
		{"maximum", []uint64{9, 9, 9}, []string{"4", "3/4", "1/4"}, SainteLague, Bounds{Max: valuesOf(2)}, "2 2 1"},
		{"units are a maximum", []uint64{1, 9, 1}, []string{"1", "1", "1/3"}, DHondt, Bounds{}, "1 2 0"},
		{"no strata", nil, nil, SainteLague, Bounds{}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			q, err := HighestAverages(strataOf(test.units...), quotasOf(t, test.quotas...), test.divisor, test.bounds)
			require.NoError(t, err)
			require.Equal(t, test.want, textOf(q))
		})
	}
}

func TestHighestAveragesErrors(t *testing.T) {
	for _, test := range []struct {
		name    string
		quotas  []string
		divisor Divisor
		bounds  Bounds
		want    string
	}{
		{"divisor", []string{"1"}, 2, Bounds{}, "draw: divisor method Divisor(2) is none of sainte-lague, dhondt"},
		{"quota", []string{"1", "10"}, SainteLague, Bounds{}, `draw: stratum "B": quota 10 exceeds 9 units`},
		{"minimums", []string{"1", "3/2"}, SainteLague, Bounds{Floor: 2},
			`draw: minimums add up to 4, more than the 3 to draw; the highest is 2 for stratum "A"`},
		{"maximums", []string{"5", "3/2"}, SainteLague, Bounds{Max: valuesOf(2, 4)},
			`draw: maximums add up to 6, fewer than the 7 to draw; stratum "A" gives at most 2 of 9 units`},
		{"quota zero", []string{"5", "0"}, SainteLague, Bounds{Max: valuesOf(4)},
			`draw: maximums add up to 4, fewer than the 5 to draw; stratum "B" gives at most 0 of 9 units, since its measure is 0`},
		{"crossed bounds", []string{"5", "1"}, SainteLague, Bounds{Min: valuesOf(3), Max: valuesOf(2)},
			`draw: stratum "A": minimum 3 exceeds maximum 2`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := HighestAverages(strataOf(9, 9), quotasOf(t, test.quotas...), test.divisor, test.bounds)
			require.EqualError(t, err, test.want)
		})
	}
	require.Equal(t, "sainte-lague dhondt", fmt.Sprint(SainteLague, " ", DHondt))
}

// oneByOne is the method as its definition reads: one unit after the other.
func oneByOne(targets []Fraction, least, most []uint64, n, step uint64) []uint64 {
	has, placed := append([]uint64(nil), least...), uint64(0)
	for _, s := range least {
		placed += s
	}
	for ; placed < n; placed++ {
		best, highest := -1, new(big.Rat)
		for h, t := range targets {
			average := t.Rat()
			average.Quo(average, new(big.Rat).SetUint64(step*has[h]+1))
			if has[h] < most[h] && average.Cmp(highest) > 0 {
				best, highest = h, average
			}
		}
		has[best]++
	}
	return has
}

func TestHighestAveragesOneByOne(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	done := 0
	for range 2000 {
		size := 1 + random.IntN(6)
		units, least, most := make([]uint64, size), make([]uint64, size), make([]uint64, size)
		quotas, targets := make(Quotas, size), make([]Fraction, size)
		bounds := Bounds{Min: map[string]uint64{}, Max: map[string]uint64{}}
		for h := range units {
			label := string(rune('A' + h))
			units[h] = 1 + random.Uint64N(40)
			den := 1 + random.Uint64N(4)
			targets[h], _ = NewFraction(random.Uint64N(units[h]*den+1), den)
			quotas[h] = Quota{label, targets[h]}
			most[h], least[h] = units[h], 0
			if random.IntN(2) == 0 {
				most[h] = random.Uint64N(units[h] + 1)
				least[h] = random.Uint64N(most[h] + 1)
				bounds.Min[label], bounds.Max[label] = least[h], most[h]
			}
		}
		strata := strataOf(units...)
		n, _ := quotas.Total().Ceil()
		for _, divisor := range []Divisor{SainteLague, DHondt} {
			q, err := HighestAverages(strata, quotas, divisor, bounds)
			if err != nil {
				require.IsType(t, &BoundsError{}, err)
				continue
			}
			step := map[Divisor]uint64{SainteLague: 2, DHondt: 1}[divisor]
			for h, want := range oneByOne(targets, least, most, n, step) {
				require.Equal(t, fmt.Sprint(want), q[h].Count.String(), "%s %v", textOf(quotas), bounds)
			}
			require.True(t, q.Total().Equal(WholeFraction(n)))
			done++
		}
	}
	require.Greater(t, done, 1500)
}

func TestHighestAveragesAreBest(t *testing.T) {
	// All targets a/3, b/3, c/3 with a whole total up to 6, and all allocations of
	// that total: none has a smaller Σ (s−t)²/t than SainteLague's, none has a
	// smaller largest s/t than DHondt's.
	strata := strataOf(6, 6, 6)
	squares := func(counts, targets [3]*big.Rat) *big.Rat {
		total := new(big.Rat)
		for h := range counts {
			d := new(big.Rat).Sub(counts[h], targets[h])
			total.Add(total, d.Mul(d, d).Quo(d, targets[h]))
		}
		return total
	}
	largest := func(counts, targets [3]*big.Rat) *big.Rat {
		most := new(big.Rat)
		for h := range counts {
			if ratio := new(big.Rat).Quo(counts[h], targets[h]); ratio.Cmp(most) > 0 {
				most = ratio
			}
		}
		return most
	}
	for a := int64(1); a <= 16; a++ {
		for b := int64(1); a+b <= 17; b++ {
			for c := 3 - (a+b)%3; a+b+c <= 18; c += 3 {
				n := (a + b + c) / 3
				targets := [3]*big.Rat{big.NewRat(a, 3), big.NewRat(b, 3), big.NewRat(c, 3)}
				quotas := quotasOf(t, targets[0].RatString(), targets[1].RatString(), targets[2].RatString())
				for divisor, measure := range map[Divisor]func(_, _ [3]*big.Rat) *big.Rat{SainteLague: squares, DHondt: largest} {
					q, err := HighestAverages(strata, quotas, divisor, Bounds{})
					require.NoError(t, err)
					best := measure([3]*big.Rat{q[0].Count.Rat(), q[1].Count.Rat(), q[2].Count.Rat()}, targets)
					for i := int64(0); i <= n; i++ {
						for j := int64(0); i+j <= n; j++ {
							other := measure([3]*big.Rat{big.NewRat(i, 1), big.NewRat(j, 1), big.NewRat(n-i-j, 1)}, targets)
							require.LessOrEqual(t, best.Cmp(other), 0, "%s: %s, not %d %d", divisor, textOf(q), i, j)
						}
					}
				}
			}
		}
	}
}

func TestHighestAveragesGrow(t *testing.T) {
	// One unit more takes none from any stratum: no Alabama paradox.
	strata := strataOf(500, 333, 166, 61, 7)
	var before Quotas
	for n := uint64(0); n <= 1067; n++ {
		quotas, err := Proportional(strata, n, Bounds{})
		require.NoError(t, err)
		q, err := HighestAverages(strata, quotas, SainteLague, Bounds{})
		require.NoError(t, err)
		for h := range before {
			require.LessOrEqual(t, before[h].Count.Cmp(q[h].Count), 0)
		}
		before = q
	}
}

func TestHighestAveragesOfHugeStrata(t *testing.T) {
	// The time must not grow with the number of units.
	strata := strataOf(math.MaxUint64, math.MaxUint64, 3)
	for _, divisor := range []Divisor{SainteLague, DHondt} {
		q, err := HighestAverages(strata, quotasOf(t, "4611686018427387903", "4611686018427387902", "2"), divisor, Bounds{})
		require.NoError(t, err)
		require.Equal(t, "4611686018427387903 4611686018427387902 2", textOf(q))
	}
	q, err := HighestAverages(strata, quotasOf(t, "9223372036854775805/2", "9223372036854775805/2", "2"), DHondt,
		Bounds{Max: valuesOf(5)})
	require.NoError(t, err)
	require.Equal(t, "5 9223372036854775799 3", textOf(q))
}

func TestRoundUp(t *testing.T) {
	q, err := RoundUp(strataOf(100, 7, 5, 0, 9), quotasOf(t, "3", "21/100", "0", "0"))
	require.NoError(t, err)
	require.Equal(t, "3 1 1 0 1", textOf(q))

	q, err = RoundUp(strataOf(100, 7), quotasOf(t, "31/10", "13/2"))
	require.NoError(t, err)
	require.Equal(t, "4 7", textOf(q))

	_, err = RoundUp(strataOf(100, 7), quotasOf(t, "31/10", "15/2"))
	require.EqualError(t, err, `draw: stratum "B": quota 15/2 exceeds 7 units`)
	_, err = RoundUp(strataOf(math.MaxInt64, 1), quotasOf(t, "9223372036854775807"))
	require.EqualError(t, err, `draw: stratum "B": quota 1 raises the total of the quotas above 9223372036854775807`)
}
