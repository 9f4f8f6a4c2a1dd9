package registry

import (
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/stretchr/testify/require"
)

func sampleEntity(t testing.TB) Entity {
	a, err := NewAttributes(Attribute{"capital_wan", "1286.5"}, Attribute{"dash", "-"}, Attribute{"risk", "C"}, Attribute{"slash", "a/b"})
	require.NoError(t, err)
	return Entity{ID: "x", Domain: Enterprise, Division: "370202001", Industry: Industry{2017, "8210"}, Status: Active, Attributes: a}
}

func TestFields(t *testing.T) {
	e := sampleEntity(t)
	for _, tt := range []struct {
		name  string
		field Field
		want  string // of the sample
		zero  string // of the zero Entity
	}{
		{"province", ByDivision(2), "37", ""},
		{"district", ByDivision(6), "370202", ""},
		{"town", ByDivision(9), "370202001", ""},
		{"more digits than there are", ByDivision(12), "370202001", ""},
		{"no digits", ByDivision(0), "", ""},
		{"negative digits", ByDivision(-1), "", ""},
		{"industry division", ByIndustry(2), "82", ""},
		{"industry class", ByIndustry(4), "8210", ""},
		{"industry in full", ByIndustry(9), "8210", ""},
		{"industry, negative digits", ByIndustry(-9), "", ""},
		{"domain", ByDomain(), "enterprise", "unknown"},
		{"status", ByStatus(), "active", "unknown"},
		{"attribute", ByAttribute("risk"), "C", ""},
		{"no such attribute", ByAttribute("Risk"), "", ""},
	} {
		require.Equal(t, tt.want, tt.field(e), tt.name)
		require.Equal(t, tt.zero, tt.field(Entity{}), tt.name)
	}
}

func TestStratumBy(t *testing.T) {
	e := sampleEntity(t)
	text := func(s string) Field { return func(Entity) string { return s } }
	for _, tt := range []struct {
		name      string
		fields    []Field
		want, err string
	}{
		{"two fields", []Field{ByDivision(6), ByAttribute("risk")}, "370202/C", ""},
		{"one field", []Field{ByStatus()}, "active", ""},
		{"no field", nil, "", ""}, // the frame refuses an empty label
		{"empty", []Field{text("")}, "-", ""},
		{"empty ones", []Field{text(""), text("a"), text("")}, "-/a/-", ""},
		{"dash within", []Field{text("a-b"), text("--")}, "a-b/--", ""},
		{"slash", []Field{text("a"), ByAttribute("slash")}, "", `field 2 is "a/b", expected a text without "/" and other than "-"`},
		{"dash", []Field{ByAttribute("dash"), text("a")}, "", `field 1 is "-", expected a text without "/" and other than "-"`},
		{"long", []Field{text(strings.Repeat("x", 90))}, strings.Repeat("x", 90), ""}, // the same
		{"long with a slash", []Field{text(strings.Repeat("/", 90))}, "",
			`field 1 is "` + strings.Repeat("/", 80) + `"… (90 bytes), expected a text without "/" and other than "-"`},
	} {
		label, err := StratumBy(tt.fields...)(e)
		require.Equal(t, tt.want, label, tt.name)
		if tt.err != "" {
			require.EqualError(t, err, tt.err)
		} else {
			require.NoError(t, err)
		}
	}
	_, _, err := newRegistryOf(t, e).Frame(Rules{Stratum: StratumBy(ByAttribute("slash"))})
	require.EqualError(t, err, `registry: frame: stratum of "x": field 1 is "a/b", expected a text without "/" and other than "-"`)
	_, _, err = newRegistryOf(t, e).Frame(Rules{Stratum: StratumBy()})
	require.EqualError(t, err, `registry: frame: unit "x": stratum is empty`)
	long := text(strings.Repeat("x", 32))
	_, _, err = newRegistryOf(t, e).Frame(Rules{Stratum: StratumBy(long, long)})
	require.EqualError(t, err, `registry: frame: unit "x": stratum "`+strings.Repeat("x", 32)+"/"+strings.Repeat("x", 32)+`" has 65 bytes, at most 64`)
}

// TestStratumByKeepsApart checks that entities with different fields never share
// a label, over all pairs of fields from a few texts.
func TestStratumByKeepsApart(t *testing.T) {
	texts := []string{"", "-", "a", "a-", "-a", "--", "/", "a/", "a/b", "b"}
	from := map[string][2]string{}
	for _, x := range texts {
		for _, y := range texts {
			label, err := StratumBy(func(Entity) string { return x }, func(Entity) string { return y })(Entity{})
			if err != nil {
				continue
			}
			other, seen := from[label]
			require.False(t, seen, "%q of %q and %q", label, other, [2]string{x, y})
			from[label] = [2]string{x, y}
		}
	}
	require.Len(t, from, 36) // of the six texts without "/" that are not "-"
}

func TestWeightByClass(t *testing.T) {
	e := sampleEntity(t)
	table := map[string]uint64{"A": 1, "B": 2, "C": 4, "": 3, "zero": 0}
	weigh := WeightByClass(ByAttribute("risk"), table)
	table["C"] = 99 // the weigher has its own copy
	weight, err := weigh(e)
	require.NoError(t, err)
	require.Equal(t, uint64(4), weight)
	weight, err = weigh(Entity{})
	require.NoError(t, err)
	require.Equal(t, uint64(3), weight)

	_, err = WeightByClass(ByStatus(), map[string]uint64{"b": 1, "a": 2, "c": 3})(e)
	require.EqualError(t, err, `class "active" is not in the table: a, b, c`)
	_, _, err = newRegistryOf(t, e).Frame(Rules{Weight: WeightByClass(ByStatus(), nil)})
	require.EqualError(t, err, `registry: frame: weight of "x": class "active" is not in the table: `)
	_, _, err = newRegistryOf(t, e).Frame(Rules{Weight: WeightByClass(func(Entity) string { return "zero" }, table)})
	require.EqualError(t, err, `registry: frame: unit "x": weight 0, expected 1 to 9223372036854775807`)
}

func TestWeightByBand(t *testing.T) {
	bands := []Band{{1, 10}, {100, 20}, {1000, 30}, {1<<64 - 1, 40}}
	for text, want := range map[string]uint64{
		"1286.5": 30, "1000": 30, "999.999": 20, "100": 20, "99": 10, "1": 10, "1.0": 10, "0001": 10,
		"18446744073709551614": 30, "18446744073709551615": 40, "18446744073709551616": 40,
		"184467440737095516150": 40, strings.Repeat("9", 5000) + ".5": 40,
		// Below the first band, or no such number: the weight for a missing one.
		"0": 7, "0.5": 7, "0.999": 7, "": 7, "abc": 7, "1e9": 7, "-5": 7, "+5": 7, " 5": 7, "5 ": 7, "5.": 7, ".5": 7, ".": 7,
		"1,286": 7, "5.5.5": 7, "0x10": 7, "NaN": 7, "１２": 7, "5万": 7, "5.5万": 7, strings.Repeat("9", 5000) + "x": 7,
	} {
		weigh, err := WeightByBand(func(Entity) string { return text }, 7, bands...)
		require.NoError(t, err)
		weight, err := weigh(Entity{})
		require.NoError(t, err)
		require.Equal(t, want, weight, label.Quote(text))
	}

	weigh, err := WeightByBand(ByAttribute("capital_wan"), 1, bands...)
	require.NoError(t, err)
	bands[2].Weight = 99 // the weigher has its own copy
	f, _, err := newRegistryOf(t, sampleEntity(t), Entity{ID: "none"}).Frame(Rules{Weight: weigh})
	require.NoError(t, err)
	require.Equal(t, "none all 1\nx all 30\n", frameText(t, f))

	weigh, err = WeightByBand(ByAttribute("capital_wan"), 5)
	require.NoError(t, err)
	weight, err := weigh(sampleEntity(t))
	require.NoError(t, err)
	require.Equal(t, uint64(5), weight, "no bands")

	fromZero, err := WeightByBand(func(Entity) string { return "0.5" }, 5, Band{0, 2})
	require.NoError(t, err)
	weight, err = fromZero(Entity{})
	require.NoError(t, err)
	require.Equal(t, uint64(2), weight)
}

func TestWeightByBandErrors(t *testing.T) {
	for _, tt := range []struct {
		missing uint64
		bands   []Band
		want    string
	}{
		{0, nil, `registry: weight for a missing number is 0, expected at least 1`},
		{1, []Band{{0, 1}, {5, 0}}, `registry: band from 5 has weight 0, expected at least 1`},
		{1, []Band{{5, 1}, {5, 2}}, `registry: band from 5 follows the one from 5, expected ascending`},
		{1, []Band{{0, 1}, {9, 1}, {5, 2}}, `registry: band from 5 follows the one from 9, expected ascending`},
	} {
		weigh, err := WeightByBand(ByStatus(), tt.missing, tt.bands...)
		require.EqualError(t, err, tt.want)
		require.Nil(t, weigh)
	}
}
