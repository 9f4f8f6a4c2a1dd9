package model

import (
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// TestNewErrors has what no text can say; the rest is in TestParseErrors.
func TestNewErrors(t *testing.T) {
	good := parse(t, carriers).Definition()
	for _, tt := range []struct {
		name   string
		change func(*Definition)
		want   string
	}{
		{"name", func(d *Definition) { d.Name = "a b" }, `model: name "a b" has the space U+0020 at byte 2`},
		{"first day", func(d *Definition) { d.From = registry.Date{} }, `model: first day of model "carriers": date "", expected a date`},
		{"terms", func(d *Definition) { d.Terms = nil }, `model: "carriers": 0 terms, expected 1 to 64`},
		{"many terms", func(d *Definition) { d.Terms = make([]Term, 65) }, `model: "carriers": 65 terms, expected 1 to 64`},
		{"classes", func(d *Definition) { d.Classes = nil }, `model: "carriers": 0 classes, expected 1 to 32`},
		{"times", func(d *Definition) { d.Times = make([]Times, 17) }, `model: "carriers": 17 tables of time weights, expected 0 to 16`},
		{"steps", func(d *Definition) { d.Times[0].Steps = make([]Step, 17) }, `model: "carriers": time weights "sms": 17 steps, expected up to 16`},
		{"step", func(d *Definition) { d.Times[0].Steps[1].Weight = 1001 }, `model: "carriers": time weights "sms": weight 1001, expected 0 to 1000`},
		{"months", func(d *Definition) { d.Times[0].Steps[2].Months = 1201 }, `model: "carriers": time weights "sms": 1201 months, expected 1 to 1200`},
		{"older", func(d *Definition) { d.Times[0].Else = 1001 }, `model: "carriers": time weights "sms": weight 1001, expected 0 to 1000`},
		{"rounding", func(d *Definition) { d.Times[0].RoundUp = true }, `model: "carriers": time weights "sms": rounded without a division`},
		{"label of times", func(d *Definition) { d.Times[0].Label, d.Terms[0].Times, d.Terms[1].Times = "", "", "" }, `model: "carriers": time weights "": label is empty`},
		{"times twice", func(d *Definition) { d.Times[1].Label, d.Terms[2].Times = "sms", "sms" }, `model: "carriers": time weights "sms": there twice`},
		{"label of term", func(d *Definition) { d.Terms[1].Label = "" }, `model: "carriers": term "": label is empty`},
		{"ranges", func(d *Definition) { d.Terms[1].Points = nil }, `model: "carriers": term "speeding": 0 ranges of points, expected 1 to 32`},
		{"many ranges", func(d *Definition) { d.Terms[1].Points = make([]Range, 33) }, `model: "carriers": term "speeding": 33 ranges of points, expected 1 to 32`},
		{"range", func(d *Definition) { d.Terms[1].Points[0].Most = 1<<32 - 1 }, `model: "carriers": term "speeding": points 4294967295, expected 0 to 10000`},
		{"factor", func(d *Definition) { d.Terms[1].Factor = 1001 }, `model: "carriers": term "speeding": factor 1001, expected 1 to 1000`},
		{"visit", func(d *Definition) { d.Terms[0].VisitMost = MaxLimit + 1 }, `model: "carriers": term "brakes": at most 1000000000001 a visit, expected up to 1000000000000`},
		{"floor", func(d *Definition) { d.Terms[0].Least = MaxLimit + 1 }, `model: "carriers": term "brakes": at least 1000000000001, expected up to 1000000000000`},
		{"cap", func(d *Definition) { d.Terms[0].Most = MaxLimit + 1 }, `model: "carriers": term "brakes": at most 1000000000001, expected up to 1000000000000`},
		{"label of class", func(d *Definition) { d.Classes[0].Label = "" }, `model: "carriers": class "": label is empty`},
		{"total", func(d *Definition) { d.Classes[0].Total = MaxLimit + 1 }, `model: "carriers": class "low": total at most 1000000000001, expected 0 to 1000000000000`},
		{"each term", func(d *Definition) { d.Classes[0].EachTerm = NoLimit - 1 }, `model: "carriers": class "low": each term at most 18446744073709551614, expected 0 to 1000000000000`},
		{"rate", func(d *Definition) { d.Classes[0].Rate = registry.WholePPM + 1 }, `model: "carriers": class "low": rate 1000001, expected 1 to 1000000`},
		{"weight", func(d *Definition) { d.Classes[0].Weight = MaxWeight + 1 }, `model: "carriers": class "low": weight 1000000001, expected 1 to 1000000000`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bad := good.clone()
			tt.change(&bad)
			m, err := New(bad)
			require.EqualError(t, err, tt.want)
			require.Nil(t, m)
		})
	}
}

// TestModelIsImmutable changes what went in and what came out.
func TestModelIsImmutable(t *testing.T) {
	d := parse(t, carriers).Definition()
	m, err := New(d)
	require.NoError(t, err)
	spoil := func(d Definition) {
		d.Times[0].Steps[0].Weight = 99
		d.Times[1].Label = "spoiled"
		d.Terms[0].Points[0].Most = 99
		d.Terms[1].Factor = 99
		d.Classes[0].Weight = 99
	}
	spoil(d)
	spoil(m.Definition())
	for c := range m.Classes() {
		c.Weight = 99
	}
	require.Equal(t, carriers, textOf(t, m))
}

func TestAccessors(t *testing.T) {
	m := parse(t, strings.Replace(carriers, "to open", "to 2026-12-31", 1))
	require.Equal(t, "carriers", m.Name())
	require.Equal(t, uint32(1), m.Version())
	require.Equal(t, "carriers version 1", m.String())
	from, to := m.Period()
	require.Equal(t, "2020-01-01 2026-12-31", from.String()+" "+to.String())
	i, ok := m.Term("lights")
	require.True(t, ok)
	require.Equal(t, uint16(2), i)
	_, ok = m.Term("light")
	require.False(t, ok)
	c, ok := m.Class("medium")
	require.True(t, ok)
	require.Equal(t, Class{"medium", 200, 80, 20000, 2}, c)
	_, ok = m.Class("none")
	require.False(t, ok)
	classes := slices.Collect(m.Classes())
	require.Len(t, classes, 3)
	require.Equal(t, c, classes[1])
}

// TestFrame gives the classes' weights to a frame, and their rates to a ratio policy.
func TestFrame(t *testing.T) {
	m := parse(t, carriers)
	weigh := m.Weigher(func(e registry.Entity) string { return e.Name })
	for class, want := range map[string]uint64{"low": 1, "medium": 2, "high": 3} {
		weight, err := weigh(registry.Entity{Name: class})
		require.NoError(t, err)
		require.Equal(t, want, weight)
	}
	_, err := weigh(registry.Entity{Name: "lowest"})
	require.EqualError(t, err, `class "lowest" is not in the table: high, low, medium`)

	ratio, err := m.Ratio(registry.RatioFloor, registry.PerYear)
	require.NoError(t, err)
	rates := map[string]registry.Share{}
	for r := range ratio.Rules() {
		rates[r.Class] = r.Share
	}
	require.Equal(t, map[string]registry.Share{
		"low":    {Kind: registry.RatioFloor, PPM: 10_000, Basis: registry.PerYear},
		"medium": {Kind: registry.RatioFloor, PPM: 20_000, Basis: registry.PerYear},
		"high":   {Kind: registry.RatioFloor, PPM: 30_000, Basis: registry.PerYear},
	}, rates)
	again, err := registry.ParseRatio(ratio.String())
	require.NoError(t, err)
	require.True(t, ratio.Equal(again))
	_, err = m.Ratio(0, registry.PerDraw)
	require.ErrorContains(t, err, "model: carriers version 1: registry: ratio rule for")
}
