package registry

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShareBounds(t *testing.T) {
	for _, c := range []struct {
		name   string
		share  Share
		units  uint64
		lo, hi uint64
	}{
		{"3 % floor of 100", Share{RatioFloor, 30_000, PerDraw}, 100, 3, 100},
		{"3 % floor of 101 rounds up", Share{RatioFloor, 30_000, PerDraw}, 101, 4, 101},
		{"3 % floor of 1 is one", Share{RatioFloor, 30_000, PerDraw}, 1, 1, 1},
		{"floor of none", Share{RatioFloor, 30_000, PerDraw}, 0, 0, 0},
		{"5 % fixed of 7", Share{RatioFixed, 50_000, PerDraw}, 7, 1, 1},
		{"5 % fixed of 40 is exact", Share{RatioFixed, 50_000, PerDraw}, 40, 2, 2},
		{"100 % fixed", Share{RatioFixed, WholePPM, PerDraw}, 7, 7, 7},
		{"2 % cap of 49 allows none", Share{RatioCap, 20_000, PerDraw}, 49, 0, 0},
		{"2 % cap of 50", Share{RatioCap, 20_000, PerDraw}, 50, 0, 1},
		{"2 % cap of 99 rounds down", Share{RatioCap, 20_000, PerDraw}, 99, 0, 1},
		{"1 ppm of the most units", Share{RatioFixed, 1, PerDraw}, math.MaxUint64, 18446744073710, 18446744073710},
		{"all of the most units", Share{RatioCap, WholePPM, PerDraw}, math.MaxUint64, 0, math.MaxUint64},
		{"above all", Share{RatioCap, 4_000_000_000, PerDraw}, 10, 0, 10},
		{"no figure", Share{}, 10, 0, 0},
	} {
		lo, hi := c.share.Bounds(c.units)
		require.Equal(t, [2]uint64{c.lo, c.hi}, [2]uint64{lo, hi}, c.name)
	}
}

// TestPPMAgainstBig compares the 128-bit arithmetic with math/big.
func TestPPMAgainstBig(t *testing.T) {
	for _, units := range []uint64{0, 1, 7, 999_999, 1_000_000, 1_000_001, 1 << 32, 1<<63 - 1, math.MaxUint64} {
		for _, p := range []PPM{1, 2, 999, 1000, 30_000, 333_333, 999_999, WholePPM} {
			n := new(big.Int).Mul(new(big.Int).SetUint64(units), big.NewInt(int64(p)))
			quo, rem := n.QuoRem(n, big.NewInt(1_000_000), new(big.Int))
			require.Equal(t, quo.Uint64(), p.down(units))
			want := quo.Uint64()
			if rem.Sign() > 0 {
				want++
			}
			require.True(t, want > 0 || units == 0, "at least one")
			require.Equal(t, want, p.up(units), "%d of %d", p, units)
		}
	}
}

func TestShareRemaining(t *testing.T) {
	floor, limit, fixed := Share{RatioFloor, 100_000, PerYear}, Share{RatioCap, 100_000, PerYear}, Share{RatioFixed, 100_000, PerYear}
	for _, c := range []struct {
		name                  string
		share                 Share
		units, already, draws uint64
		lo, hi                uint64
	}{
		{"floor, first of four", floor, 100, 0, 4, 3, 100},
		{"floor, last", floor, 100, 8, 1, 2, 100},
		{"floor, reached", floor, 100, 10, 2, 0, 100},
		{"fixed, first of four", fixed, 100, 0, 4, 3, 10},
		{"fixed, exceeded", fixed, 100, 11, 2, 0, 0},
		{"cap", limit, 100, 3, 2, 0, 7},
		{"cap, exceeded", limit, 100, math.MaxUint64, 2, 0, 0},
		{"no draws left", fixed, 100, 0, 0, 0, 0},
		{"many draws left", fixed, 100, 0, math.MaxUint64, 1, 10},
		{"per draw", Share{RatioFixed, 100_000, PerDraw}, 100, 99, 2, 10, 10},
	} {
		lo, hi := c.share.Remaining(c.units, c.already, c.draws)
		require.Equal(t, [2]uint64{c.lo, c.hi}, [2]uint64{lo, hi}, c.name)
	}
}

// TestRemainingReachesTheYear plays every small year to its end.
func TestRemainingReachesTheYear(t *testing.T) {
	for _, kind := range []RatioKind{RatioFloor, RatioFixed} {
		for units := range uint64(60) {
			for draws := uint64(1); draws <= 13; draws++ {
				share := Share{kind, 330_000, PerYear}
				target, _ := share.Bounds(units)
				var sum, before uint64 = 0, math.MaxUint64
				for left := draws; left > 0; left-- {
					n, hi := share.Remaining(units, sum, left)
					require.LessOrEqual(t, n, before, "a later draw is not larger")
					require.LessOrEqual(t, n, hi)
					sum, before = sum+n, n
				}
				require.Equal(t, target, sum)
			}
		}
	}
}

func TestSubShareBounds(t *testing.T) {
	sub := SubShare{"重点", RatioFloor, 80_000}
	lo, hi := sub.Bounds(200, 20)
	require.Equal(t, [2]uint64{16, 20}, [2]uint64{lo, hi})
	lo, hi = sub.Bounds(5, 0)
	require.Equal(t, [2]uint64{0, 0}, [2]uint64{lo, hi}, "not more than were drawn")
	lo, hi = SubShare{"重点", RatioCap, 80_000}.Bounds(99, 10)
	require.Equal(t, [2]uint64{0, 7}, [2]uint64{lo, hi})
}

func TestRatioFor(t *testing.T) {
	share := func(p PPM) Share { return Share{RatioFixed, p, PerDraw} }
	r, err := NewRatio(
		RatioRule{Tier: CityTier, Class: "A", Share: share(4)}, RatioRule{Class: "A", Share: share(3)},
		RatioRule{Tier: CityTier, Share: share(2)}, RatioRule{Tier: DistrictTier, Share: share(5)}, RatioRule{Share: share(1)})
	require.NoError(t, err)
	for _, c := range []struct {
		tier  Tier
		class string
		want  PPM
	}{{CityTier, "A", 4}, {TownTier, "A", 3}, {DistrictTier, "A", 3}, {DistrictTier, "B", 5}, {CityTier, "B", 2}, {CityTier, "", 2}, {TownTier, "B", 1}, {AnyTier, "", 1}} {
		rule, ok := r.For(c.tier, c.class)
		require.True(t, ok)
		require.Equal(t, c.want, rule.Share.PPM, "%s %s", c.tier, c.class)
	}
	_, ok := Ratio{}.For(CityTier, "A")
	require.False(t, ok)
}

func TestParseRatio(t *testing.T) {
	for _, text := range []string{
		"floor 30000ppm/draw", "cap 1ppm/year", "fixed 1000000ppm/draw",
		"floor 30000ppm/draw; class A cap 10000ppm/draw; city floor 300000ppm/year; town class 高风险 fixed 2000ppm/draw",
		"fixed 100000ppm/draw of which 重点检查单位 floor 80000ppm; city floor 300000ppm/year",
		"class class fixed 5ppm/draw of which of cap 5ppm",
	} {
		r, err := ParseRatio(text)
		require.NoError(t, err)
		require.Equal(t, text, r.String())
		var again Ratio
		marshalled, err := r.MarshalText()
		require.NoError(t, err)
		require.NoError(t, again.UnmarshalText(marshalled))
		require.True(t, r.Equal(again))
	}
}

func TestParseRatioErrors(t *testing.T) {
	long := make([]byte, maxPolicyText+1)
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", `registry: ratio "": found "", expected floor, cap or fixed`},
		{"leading zero", "floor 030000ppm/draw", `registry: ratio "floor 030000ppm/draw": not in its one spelling "floor 30000ppm/draw"`},
		{"plus", "floor +3ppm/draw", `registry: ratio "floor +3ppm/draw": found "+3ppm/draw", expected a ratio such as 30000ppm/draw`},
		{"zero", "floor 0ppm/draw", `registry: ratio rule for tier any, all classes: 0 ppm: expected 1 to 1000000`},
		{"above all", "cap 1000001ppm/draw", `registry: ratio rule for tier any, all classes: 1000001 ppm: expected 1 to 1000000`},
		{"no unit", "cap 5/draw", `registry: ratio "cap 5/draw": found "5/draw", expected a ratio such as 30000ppm/draw`},
		{"unknown basis", "cap 5ppm/month", `registry: ratio "cap 5ppm/month": found "5ppm/month", expected a ratio such as 30000ppm/draw`},
		{"trailing space", "cap 5ppm/draw ", `registry: ratio "cap 5ppm/draw ": found "", expected the end of the rule`},
		{"newline", "cap 5ppm/draw\n", `registry: ratio "cap 5ppm/draw\n": found "5ppm/draw\n", expected a ratio such as 30000ppm/draw`},
		{"any is not written", "any cap 5ppm/draw", `registry: ratio "any cap 5ppm/draw": found "any", expected floor, cap or fixed`},
		{"unsorted", "city cap 5ppm/draw; cap 5ppm/draw", `registry: ratio "city cap 5ppm/draw; cap 5ppm/draw": not in its one spelling "cap 5ppm/draw; city cap 5ppm/draw"`},
		{"twice", "class A cap 5ppm/draw; class A cap 6ppm/draw", `registry: ratio has two rules for tier any, class "A"`},
		{"no class", "class  cap 5ppm/draw", `registry: ratio "class  cap 5ppm/draw": not in its one spelling "cap 5ppm/draw"`},
		{"semicolon in a class", "class a;b cap 5ppm/draw", `registry: ratio rule for tier any, class "a;b": class has a semicolon`},
		{"sub-quota above", "cap 5ppm/draw of which X cap 6ppm", `registry: ratio rule for tier any, all classes: sub-quota of 6 ppm is above its quota of 5 ppm`},
		{"half a sub-quota", "cap 5ppm/draw of X", `registry: ratio "cap 5ppm/draw of X": found "X", expected which`},
		{"no group", "cap 5ppm/draw of which  cap 5ppm", `registry: ratio rule for tier any, all classes: sub-quota's group is empty`},
		{"too long", string(long), `registry: ratio has 16385 bytes, limit 16384`},
	} {
		r := Ratio{[]RatioRule{{Share: Share{RatioCap, 1, PerDraw}}}}
		before := r
		_, err := ParseRatio(c.text)
		require.EqualError(t, err, c.want, c.name)
		if c.text != "" {
			require.EqualError(t, r.UnmarshalText([]byte(c.text)), c.want, c.name)
		}
		require.Equal(t, before, r, "%s: the receiver is unchanged", c.name)
	}
}

func TestNewRatioErrors(t *testing.T) {
	good := Share{RatioCap, 5, PerDraw}
	for _, c := range []struct {
		name string
		rule RatioRule
		want string
	}{
		{"tier", RatioRule{Tier: 5, Share: good}, `registry: ratio rule for tier Tier(5), all classes: unknown tier`},
		{"basis", RatioRule{Share: Share{RatioCap, 5, 2}}, `registry: ratio rule for tier any, all classes: unknown basis RatioBasis(2)`},
		{"kind", RatioRule{Share: Share{4, 5, PerDraw}}, `registry: ratio rule for tier any, all classes: kind RatioKind(4): expected floor, cap or fixed`},
		{"class", RatioRule{Class: "a b", Share: good}, `registry: ratio rule for tier any, class "a b": class has the space U+0020 at byte 2`},
		{"sub-quota's kind", RatioRule{Share: good, Sub: SubShare{"x", 0, 5}}, `registry: ratio rule for tier any, all classes: sub-quota: kind none: expected floor, cap or fixed`},
	} {
		_, err := NewRatio(c.rule)
		require.EqualError(t, err, c.want, c.name)
	}
	_, err := NewRatio(make([]RatioRule, 33)...)
	require.EqualError(t, err, "registry: ratio has 33 rules, limit 32")
	r, err := NewRatio()
	require.NoError(t, err)
	require.True(t, r.IsZero())
	require.Equal(t, "", r.String())
}

func FuzzParseRatio(f *testing.F) {
	f.Add("floor 30000ppm/draw; class A cap 10000ppm/draw; city floor 300000ppm/year")
	f.Add("fixed 100000ppm/draw of which 重点检查单位 floor 80000ppm")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRatio(text)
		if err != nil {
			require.True(t, r.IsZero())
			return
		}
		require.Equal(t, text, r.String())
		again, err := NewRatio(r.rules...)
		require.NoError(t, err)
		require.True(t, r.Equal(again))
	})
}
