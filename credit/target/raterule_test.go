package target

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// The cases of 49 CFR 382.305 (d) and (e), each as the regulation has it, with rates at the bounds.
func TestCFR382(t *testing.T) {
	r := CFR382()
	const n = 100_000
	for _, c := range []struct {
		current  uint64
		before   uint64 // found in 2024
		last     uint64 // found in 2025
		want     uint64
		citation string
	}{
		{100_000, 0, 499, 100_000, "below 0.5: stays"},
		{100_000, 0, 500, 250_000, "(e)(1): at least 0.5"},
		{100_000, 0, 999, 250_000, "(e)(1): less than 1.0"},
		{100_000, 0, 1000, 500_000, "(e)(2): at least 1.0"},
		{250_000, 0, 1000, 500_000, "(e)(2)"},
		{250_000, 499, 499, 100_000, "(d)(1): two years below 0.5"},
		{250_000, 500, 499, 250_000, "one year below is not enough"},
		{250_000, 499, 500, 250_000, "nor is the other"},
		{250_000, 999, 999, 250_000, "its own level"},
		{500_000, 999, 999, 250_000, "(d)(2): two years below 1.0"},
		{500_000, 499, 999, 250_000, "(d)(2)"},
		{500_000, 499, 499, 100_000, "(d)(1): 25 percent or more"},
		{500_000, 1000, 499, 500_000, "one year at 1.0"},
		{500_000, 499, 1000, 500_000, "the last year at 1.0"},
	} {
		got, err := r.Next(c.current, []Year{{2024, c.before, n}, {2025, c.last, n}})
		require.NoError(t, err)
		require.Equal(t, c.want, got.Rate, "%d ppm, %d, %d: %s", c.current, c.before, c.last, c.citation)
	}
	for _, c := range []struct {
		current uint64
		years   []Year
		want    RateChange
	}{
		{100_000, []Year{{2025, 7, 1000}}, RateChange{250_000, "up: 7 of 1000 inspections in 2025 found a violation, at least 5000 ppm"}},
		{500_000, []Year{{2025, 0, 1000}}, RateChange{500_000, "unchanged: 1 years are known, to lower takes 2"}},
		{500_000, []Year{{2023, 0, 1000}, {2025, 0, 1000}}, RateChange{500_000, "unchanged: 2 good years in a row are not known up to 2025"}},
		{500_000, []Year{{2024, 0, 0}, {2025, 0, 1000}}, RateChange{500_000, "unchanged: 2 good years in a row are not known up to 2025"}},
		{500_000, []Year{{2025, 0, 0}}, RateChange{500_000, "unchanged: 0 inspections in 2025 are fewer than 1"}},
		{500_000, []Year{{2023, 900, 1000}, {2024, 0, 1000}, {2025, 6, 1000}}, RateChange{250_000, "down: in each of 2 years up to 2025 violations were below 10000 ppm"}},
		{100_000, []Year{{2024, 0, 1000}, {2025, 0, 1000}}, RateChange{100_000, "unchanged: 2 years up to 2025 were not all better than the level asks for"}},
	} {
		got, err := r.Next(c.current, c.years)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
	for want, c := range map[string]struct {
		current uint64
		years   []Year
	}{
		`target: rule "49-cfr-382.305": current rate of 5 ppm is none of its levels`:                                 {5, []Year{{2025, 0, 1}}},
		`target: rule "49-cfr-382.305": no years, expected at least one`:                                             {100_000, nil},
		`target: year 2025 is out of order, expected ascending years from 1 to 9999`:                                 {100_000, []Year{{2025, 0, 1}, {2025, 0, 1}}},
		`target: year 0 is out of order, expected ascending years from 1 to 9999`:                                    {100_000, []Year{{0, 0, 1}}},
		`target: year 2025: 2 found of 1 inspected, expected at most as many, and at most 1000000000000`:             {100_000, []Year{{2025, 2, 1}}},
		`target: year 2025: 0 found of 1000000000001 inspected, expected at most as many, and at most 1000000000000`: {100_000, []Year{{2025, 0, 1_000_000_000_001}}},
	} {
		_, err := r.Next(c.current, c.years)
		require.EqualError(t, err, want)
	}
}

// The level of every small count, by exact fractions.
func TestRateRuleLevel(t *testing.T) {
	r := CFR382()
	for inspected := uint64(1); inspected <= 400; inspected++ {
		for found := range inspected + 1 {
			rate := big.NewRat(int64(found), int64(inspected))
			want := 2
			if rate.Cmp(big.NewRat(5, 1000)) < 0 {
				want = 0
			} else if rate.Cmp(big.NewRat(10, 1000)) < 0 {
				want = 1
			}
			require.Equal(t, want, r.level(Year{2025, found, inspected}))
		}
	}
	require.Equal(t, 0, r.level(Year{2025, maxInspected/200 - 1, maxInspected}))
	require.Equal(t, 1, r.level(Year{2025, maxInspected / 200, maxInspected}))
}

func TestRateRuleText(t *testing.T) {
	text, err := CFR382().MarshalText()
	require.NoError(t, err)
	head := "doublerandom/rate-rule/v1\nname x\nyears 2\nleast 1\n"
	for text, want := range map[string]string{
		"":                                  `target: rule line 1: "" is not expected here`,
		"x":                                 `target: rule line 1: "x" is not expected here`,
		head:                                `target: rule "x": 0 levels, expected 1 to 20`,
		head + "level 5":                    `target: rule: the last line has no line end, or a bound is 0`,
		head + "level 5 below 0\n":          `target: rule: the last line has no line end, or a bound is 0`,
		head + "level 05\n":                 `target: rule line 5: "05", expected a whole number without sign and leading zeros`,
		head + "level -5\n":                 `target: rule line 5: "-5", expected a whole number without sign and leading zeros`,
		head + "level 0\n":                  `target: rule "x": level 1: rate of 0 ppm, expected 1 to 1000000`,
		head + "level 5 below 4\n":          `target: rule "x": level 1 is the last and has a bound: nothing holds above it`,
		head + "level 5\nlevel 6\n":         `target: rule "x": level 1: below 0 ppm, expected 1 to 1000000`,
		head + "level 5 below 4\nlevel 5\n": `target: rule "x": level 2: rate of 5 ppm after 5, expected a higher one`,
		head + "level 5 below 4\nlevel 6 below 4\nlevel 7\n":                      `target: rule "x": level 2: below 4 ppm after 4, expected a higher one`,
		"doublerandom/rate-rule/v1\nname x\nyears 0\nleast 1\nlevel 5\n":          `target: rule "x": 0 years to lower, expected 1 to 10`,
		"doublerandom/rate-rule/v1\nname x\nyears 9999999999\nleast 1\nlevel 5\n": `target: rule "x": 1000 years to lower, expected 1 to 10`,
		"doublerandom/rate-rule/v1\nname x\nyears 2\nleast 0\nlevel 5\n":          `target: rule "x": least 0 inspections, expected 1 to 1000000000000`,
		"doublerandom/rate-rule/v1\nname \nyears 2\nleast 1\nlevel 5\n":           `target: rule: name: is empty`,
		"doublerandom/rate-rule/v1\nyears 2\n":                                    `target: rule line 2: "years 2" is not expected here`,
		fmt.Sprintf("%02001d", 0):                                                 `target: rule: 2001 bytes, expected at most 2000`,
	} {
		r := *CFR382()
		require.EqualError(t, r.UnmarshalText([]byte(text)), want)
		require.Equal(t, *CFR382(), r, "unchanged")
	}
	var r RateRule
	require.NoError(t, r.UnmarshalText(text))
	require.Equal(t, *CFR382(), r)
}

func FuzzRateRule(f *testing.F) {
	text, err := CFR382().MarshalText()
	require.NoError(f, err)
	f.Add(text, uint64(3), uint64(1000))
	f.Fuzz(func(t *testing.T, text []byte, found, inspected uint64) {
		r := *CFR382()
		if err := r.UnmarshalText(text); err != nil {
			require.Equal(t, *CFR382(), r, "unchanged")
			return
		}
		again, err := r.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
		for _, l := range r.levels {
			next, err := r.Next(l.Rate, []Year{{2024, found, inspected}, {2025, found, inspected}})
			if err != nil {
				require.True(t, found > inspected || inspected > maxInspected)
				continue
			}
			_, err = r.Next(next.Rate, []Year{{2025, 0, 1}}) // it is one of the levels
			require.NoError(t, err)
		}
	})
}

// The least and the greatest that is allowed.
func TestRateRuleLimits(t *testing.T) {
	levels := make([]Level, 20)
	for i := range levels {
		levels[i] = Level{uint64(i + 1), uint64(i + 1)}
	}
	levels[18].Below, levels[19] = 1_000_000, Level{1_000_000, 0}
	r, err := NewRateRule("x", 1, maxInspected, levels...)
	require.NoError(t, err)
	next, err := r.Next(1, []Year{{9999, maxInspected, maxInspected}})
	require.NoError(t, err)
	require.Equal(t, uint64(1_000_000), next.Rate)
	_, err = NewRateRule("x", 10, 1, levels...)
	require.NoError(t, err)
	_, _, err = Shrink([]Cell{{"a", 0.5, 1e12}}, 0.95)
	require.NoError(t, err)
	_, _, err = Shrink([]Cell{{"a", 0.5, 1}}, 0)
	require.EqualError(t, err, "target: level 0, expected between 0 and 1")
}
