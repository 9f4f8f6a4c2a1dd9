package draw

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// valuesOf returns values for "A", "B", ….
func valuesOf(values ...uint64) map[string]uint64 {
	m := map[string]uint64{}
	for h, v := range values {
		m[string(rune('A'+h))] = v
	}
	return m
}

func TestFixed(t *testing.T) {
	q, err := Fixed(strataOf(31, 5, 0), valuesOf(12, 5, 0))
	require.NoError(t, err)
	require.Equal(t, "12 5 0", textOf(q))

	_, err = Fixed(strataOf(31, 5), valuesOf(40, 5))
	require.EqualError(t, err, `draw: stratum "A": quota 40 exceeds 31 units`)
	_, err = Fixed(strataOf(31, 5), valuesOf(4))
	require.EqualError(t, err, `draw: stratum "B" has no count`)
	_, err = Fixed(strataOf(31), map[string]uint64{"A": 1, "a": 1, "Z": 2, "b": 3})
	require.EqualError(t, err, `draw: count for stratum "Z", which is not in the frame`)
}

func TestRate(t *testing.T) {
	strata := strataOf(100, 7, 1_000_000, 0)
	for _, test := range []struct {
		ppm  uint64
		want string
	}{
		{0, "0 0 0 0"},
		{30_000, "3 21/100 30000 0"},
		{1, "1/10000 7/1000000 1 0"},
		{1_000_000, "100 7 1000000 0"},
	} {
		q, err := Rate(strata, test.ppm)
		require.NoError(t, err)
		require.Equal(t, test.want, textOf(q))
	}
	_, err := Rate(strata, 1_000_001)
	require.EqualError(t, err, "draw: rate of 1000001 ppm exceeds 1000000")
	_, err = Rate(strataOf(math.MaxUint64), 1_000_000)
	require.EqualError(t, err, `draw: stratum "A": quota 18446744073709551615: numerator and denominator may be at most 9223372036854775807`)
}

func TestClassRates(t *testing.T) {
	strata := []registry.Stratum{{Label: "370202/A", Units: 200}, {Label: "370202/D", Units: 30}, {Label: "370203/A", Units: 10}}
	class := func(label string) string { return label[strings.IndexByte(label, '/')+1:] }
	q, err := ClassRates(strata, class, map[string]uint64{"A": 10_000, "D": 200_000, "E": 500_000})
	require.NoError(t, err)
	require.Equal(t, "2 6 1/10", textOf(q))

	_, err = ClassRates(strata, class, map[string]uint64{"A": 10_000})
	require.EqualError(t, err, `draw: stratum "370202/D": class "D" has no rate`)
	_, err = ClassRates(strata, class, map[string]uint64{"A": 10_000, "D": 2_000_000})
	require.EqualError(t, err, `draw: class "D": rate of 2000000 ppm exceeds 1000000`)
}

func TestProportional(t *testing.T) {
	for _, test := range []struct {
		name   string
		units  []uint64
		n      uint64
		bounds Bounds
		want   string
	}{
		{"plain", []uint64{500, 300, 200}, 60, Bounds{}, "30 18 12"},
		{"fractions", []uint64{3, 4, 7}, 5, Bounds{}, "15/14 10/7 5/2"},
		{"nothing", []uint64{3, 4, 7}, 0, Bounds{}, "0 0 0"},
		{"everything", []uint64{3, 4, 7}, 14, Bounds{}, "3 4 7"},
		{"empty stratum", []uint64{3, 0, 7}, 5, Bounds{}, "3/2 0 7/2"},
		{"no strata", nil, 0, Bounds{}, ""},
		// Shares would be 9, 1/2, 1/2; the floor takes 4 of 10 for B and C.
		{"floor", []uint64{180, 10, 10}, 10, Bounds{Floor: 2}, "6 2 2"},
		{"floor above units", []uint64{180, 1, 10}, 10, Bounds{Floor: 2}, "7 1 2"},
		{"floor above maximum", []uint64{180, 9, 11}, 10, Bounds{Floor: 2, Max: valuesOf(100, 1)}, "7 1 2"},
		{"named minimum goes before the floor", []uint64{180, 10, 10}, 10, Bounds{Floor: 2, Min: map[string]uint64{"B": 0}}, "144/19 8/19 2"},
		// Shares would be 30, 20, 10. A is cut to 12; 48 go 2:1 to B and C.
		{"maximum", []uint64{300, 200, 100}, 60, Bounds{Max: map[string]uint64{"A": 12}}, "12 32 16"},
		// A to 12; then B would have 32 and is cut to 20; C takes 28.
		{"maximum after maximum", []uint64{300, 200, 100}, 60, Bounds{Max: valuesOf(12, 20)}, "12 20 28"},
		// C is raised to 30, so 30 are left for A and B, 3:2.
		{"minimum", []uint64{300, 200, 100}, 60, Bounds{Min: map[string]uint64{"C": 30}}, "18 12 30"},
		// Both at once, where clamping once and scaling the rest would err:
		// λ = 3/20, shares 12, 30, 18.
		{"minimum and maximum", []uint64{300, 200, 100}, 60, Bounds{Min: map[string]uint64{"C": 18}, Max: map[string]uint64{"A": 12}}, "12 30 18"},
		{"maximum above units", []uint64{3, 4, 7}, 14, Bounds{Max: map[string]uint64{"A": 99}}, "3 4 7"},
		{"minimum equals maximum", []uint64{30, 40, 70}, 14, Bounds{Min: valuesOf(7), Max: valuesOf(7)}, "7 28/11 49/11"},
		{"minimums use all", []uint64{30, 40, 70}, 14, Bounds{Min: valuesOf(7, 7)}, "7 7 0"},
		{"maximums use all", []uint64{30, 40, 70}, 14, Bounds{Max: valuesOf(7, 7, 0)}, "7 7 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			q, err := Proportional(strataOf(test.units...), test.n, test.bounds)
			require.NoError(t, err)
			require.Equal(t, test.want, textOf(q))
			require.True(t, q.Total().Equal(WholeFraction(test.n)))
		})
	}
}

func TestAllocationErrors(t *testing.T) {
	for _, test := range []struct {
		name   string
		units  []uint64
		n      uint64
		bounds Bounds
		want   string
	}{
		{"too few units", []uint64{10, 20}, 40, Bounds{}, "draw: strata have 30 units, fewer than the 40 to draw"},
		{"no strata", nil, 1, Bounds{}, "draw: strata have 0 units, fewer than the 1 to draw"},
		{"minimums", []uint64{50, 50, 50}, 40, Bounds{Min: valuesOf(10, 30, 10)},
			`draw: minimums add up to 50, more than the 40 to draw; the highest is 30 for stratum "B"`},
		{"floor", []uint64{50, 1, 50}, 4, Bounds{Floor: 2},
			`draw: minimums add up to 5, more than the 4 to draw; the highest is 2 for stratum "A"`},
		{"maximums", []uint64{50, 60, 5}, 40, Bounds{Max: valuesOf(20, 10)},
			`draw: maximums add up to 35, fewer than the 40 to draw; stratum "B" gives at most 10 of 60 units`},
		{"minimum above units", []uint64{3, 4}, 5, Bounds{Min: valuesOf(0, 5)},
			`draw: stratum "B": minimum 5 exceeds 4 units`},
		{"minimum above maximum", []uint64{3, 4}, 5, Bounds{Min: valuesOf(0, 3), Max: valuesOf(1, 2)},
			`draw: stratum "B": minimum 3 exceeds maximum 2`},
		{"unknown minimum", []uint64{3}, 1, Bounds{Min: valuesOf(0, 3)},
			`draw: minimum for stratum "B", which is not in the frame`},
		{"unknown maximum", []uint64{3}, 1, Bounds{Max: valuesOf(1, 3)},
			`draw: maximum for stratum "B", which is not in the frame`},
		{"total over the limit", []uint64{math.MaxUint64}, 1 << 63, Bounds{},
			`draw: stratum "A": quota 9223372036854775808: numerator and denominator may be at most 9223372036854775807`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Proportional(strataOf(test.units...), test.n, test.bounds)
			require.EqualError(t, err, test.want)
		})
	}

	_, err := Neyman(strataOf(50, 60), 70, valuesOf(3, 0), Bounds{Min: valuesOf(0, 5)})
	require.EqualError(t, err, `draw: maximums add up to 55, fewer than the 70 to draw; stratum "B" gives at most 5 of 60 units, since its measure is 0`)
	var bounds *BoundsError
	require.True(t, errors.As(err, &bounds))
	require.Equal(t, "55", bounds.Sum.String())
	bounds.Sum = Fraction{}
	require.Equal(t, BoundsError{Total: 70, Stratum: "B", Bound: 5, Units: 60, Zero: true}, *bounds)

	_, err = Proportional(strataOf(math.MaxUint64, math.MaxUint64), 1, Bounds{Floor: math.MaxUint64})
	require.EqualError(t, err, `draw: minimums add up to 36893488147419103230, more than the 1 to draw; the highest is 18446744073709551615 for stratum "A"`)
}

func TestNeyman(t *testing.T) {
	// Three strata of firms by size; N·S = 15000, 30000, 15000 of 60000.
	strata := strataOf(1500, 600, 60)
	spread := valuesOf(10, 50, 250)
	q, err := Neyman(strata, 100, spread, Bounds{})
	require.NoError(t, err)
	require.Equal(t, "25 50 25", textOf(q))

	// With 300 the largest firms are all taken (75 > 60); 240 go 1:2.
	q, err = Neyman(strata, 300, spread, Bounds{})
	require.NoError(t, err)
	require.Equal(t, "80 160 60", textOf(q))

	// A stratum where all units are alike needs none, or the floor.
	q, err = Neyman(strata, 45, valuesOf(10, 50, 0), Bounds{})
	require.NoError(t, err)
	require.Equal(t, "15 30 0", textOf(q))
	q, err = Neyman(strata, 47, valuesOf(10, 50, 0), Bounds{Floor: 2})
	require.NoError(t, err)
	require.Equal(t, "15 30 2", textOf(q))

	_, err = Neyman(strata, 45, valuesOf(10, 50), Bounds{})
	require.EqualError(t, err, `draw: stratum "C" has no spread`)
	_, err = Neyman(strata, 45, valuesOf(10, 50, 1, 1), Bounds{})
	require.EqualError(t, err, `draw: spread for stratum "D", which is not in the frame`)
}

func TestNeymanIsOptimal(t *testing.T) {
	// No other whole allocation of 12 units has a smaller Σ (N·S)²/n than the
	// optimum over the reals, which is at Neyman's quotas (Σ N·S)²/n.
	strata, spread := strataOf(40, 30, 20), valuesOf(3, 7, 11)
	q, err := Neyman(strata, 12, spread, Bounds{})
	require.NoError(t, err)
	sum := func(counts [3]*big.Rat) *big.Rat {
		total := new(big.Rat)
		for h, s := range strata {
			x := new(big.Rat).SetInt(bigProduct(s.Units, spread[s.Label]))
			total.Add(total, x.Mul(x, x).Quo(x, counts[h]))
		}
		return total
	}
	best := sum([3]*big.Rat{q[0].Count.Rat(), q[1].Count.Rat(), q[2].Count.Rat()})
	for a := int64(1); a <= 10; a++ {
		for b := int64(1); a+b <= 11; b++ {
			other := sum([3]*big.Rat{big.NewRat(a, 1), big.NewRat(b, 1), big.NewRat(12-a-b, 1)})
			require.Positive(t, other.Cmp(best))
		}
	}
}

func TestPower(t *testing.T) {
	strata := strataOf(400, 900, 2500)
	for _, test := range []struct {
		name string
		n    uint64
		rule PowerRule
		want string
	}{
		{"equal", 30, PowerRule{}, "10 10 10"},
		{"half", 20, PowerRule{Exponent: ExponentHalf}, "4 6 10"}, // roots 20, 30, 50
		{"one", 38, PowerRule{Exponent: ExponentOne}, "4 9 25"},
		{"announced size", 12, PowerRule{Exponent: ExponentHalf, Size: valuesOf(1, 4, 9)}, "2 4 6"},
		// Thousandths of √2 and √3: 1414 and 1732.
		{"root rounded down", 1573, PowerRule{Exponent: ExponentHalf, Size: valuesOf(0, 2, 3)}, "0 707 866"},
		{"coefficient", 40, PowerRule{Coefficient: valuesOf(1, 1, 2)}, "10 10 20"},
		{"coefficient and half", 21, PowerRule{Exponent: ExponentHalf, Coefficient: valuesOf(3, 1, 1)}, "9 9/2 15/2"}, // 60, 30, 50
		{"size zero counts as 1 at power 0", 30, PowerRule{Size: valuesOf(0, 1, 2)}, "10 10 10"},
		{"size zero", 30, PowerRule{Exponent: ExponentOne, Size: valuesOf(0, 1, 2)}, "0 10 20"},
	} {
		t.Run(test.name, func(t *testing.T) {
			q, err := Power(strata, test.n, test.rule, Bounds{})
			require.NoError(t, err)
			require.Equal(t, test.want, textOf(q))
		})
	}

	_, err := Power(strata, 5, PowerRule{Exponent: 3}, Bounds{})
	require.EqualError(t, err, "draw: exponent Exponent(3) is none of 0, 1/2, 1")
	_, err = Power(strata, 5, PowerRule{Size: valuesOf(1)}, Bounds{})
	require.EqualError(t, err, `draw: stratum "B" has no size`)
	_, err = Power(strata, 5, PowerRule{Coefficient: valuesOf(1, 1)}, Bounds{})
	require.EqualError(t, err, `draw: stratum "C" has no coefficient`)
	require.Equal(t, "0 1/2 1", fmt.Sprint(ExponentZero, " ", ExponentHalf, " ", ExponentOne))
}

func TestExponentHalfIsIntegerRoot(t *testing.T) {
	for _, x := range []uint64{0, 1, 2, 3, 4, 999_999, 1 << 32, 1<<63 - 1, math.MaxUint64} {
		root, scaled := ExponentHalf.apply(x), bigProduct(x, 1_000_000)
		next := new(big.Int).Add(root, big.NewInt(1))
		require.LessOrEqual(t, new(big.Int).Mul(root, root).Cmp(scaled), 0)
		require.Positive(t, next.Mul(next, next).Cmp(scaled))
	}
}

func TestSharesProperties(t *testing.T) {
	// Of many strata: the total is exact, bounds hold, a larger n lowers no quota.
	random := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		var strata []registry.Stratum
		bounds := Bounds{Floor: random.Uint64N(3), Max: map[string]uint64{}}
		capacity, floor := uint64(0), uint64(0)
		for h := range 40 {
			s := registry.Stratum{Label: fmt.Sprintf("%06d", h), Units: random.Uint64N(1000)}
			strata = append(strata, s)
			most := s.Units
			if random.IntN(3) == 0 {
				most = random.Uint64N(20)
				bounds.Max[s.Label] = most
				most = min(most, s.Units)
			}
			capacity += most
			floor += min(bounds.Floor, most)
		}
		var before Quotas
		for n := floor; n <= capacity; n += 1 + random.Uint64N(capacity)/5 {
			q, err := Power(strata, n, PowerRule{Exponent: ExponentHalf}, bounds)
			require.NoError(t, err)
			require.True(t, q.Total().Equal(WholeFraction(n)))
			for h, s := range strata {
				most, ok := bounds.Max[s.Label]
				if most = min(most, s.Units); !ok {
					most = s.Units
				}
				require.LessOrEqual(t, q[h].Count.Cmp(WholeFraction(most)), 0)
				require.GreaterOrEqual(t, q[h].Count.Cmp(WholeFraction(min(bounds.Floor, most))), 0)
				require.True(t, before == nil || before[h].Count.Cmp(q[h].Count) <= 0)
			}
			before = q
		}
	}
}

func TestAllocationOfHugeStrata(t *testing.T) {
	// Sizes at the edge of uint64 give exact quotas or a clear error, no panic.
	huge := strataOf(math.MaxUint64, math.MaxInt64, 1)
	q, err := Proportional(strataOf(math.MaxInt64-1, 1), math.MaxInt64, Bounds{})
	require.NoError(t, err)
	require.Equal(t, "9223372036854775806 1", textOf(q))

	_, err = Proportional(huge, 5, Bounds{})
	require.EqualError(t, err, `draw: stratum "A": quota 92233720368547758075/27670116110564327423: numerator and denominator may be at most 9223372036854775807`)
	_, err = Neyman(huge, 5, valuesOf(math.MaxUint64, math.MaxUint64, 1), Bounds{})
	require.ErrorContains(t, err, "numerator and denominator may be at most 9223372036854775807")
	q, err = Neyman(huge, 5, valuesOf(0, 0, 1), Bounds{Min: valuesOf(3, 1)})
	require.NoError(t, err)
	require.Equal(t, "3 1 1", textOf(q))
	q, err = Power(huge, 3, PowerRule{Exponent: ExponentZero, Coefficient: valuesOf(math.MaxUint64, math.MaxUint64, math.MaxUint64)}, Bounds{})
	require.NoError(t, err)
	require.Equal(t, "1 1 1", textOf(q))
}
