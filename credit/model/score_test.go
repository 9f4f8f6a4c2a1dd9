package model

import (
	"fmt"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// total returns the points of an entity.
func total(t *testing.T, m *Model, on string, facts ...Fact) uint64 {
	t.Helper()
	_, n, err := scorer(t, m, on).Classify(facts)
	require.NoError(t, err)
	return n
}

// TestTimeBoundaries looks at the days around the ends of 6, 12 and 24 months.
func TestTimeBoundaries(t *testing.T) {
	m := parse(t, carriers)
	for _, tt := range []struct {
		on, day string
		weight  uint64
	}{
		{"2026-11-27", "2026-11-28", 0}, // after the day of scoring
		{"2026-11-27", "2026-11-27", 3},
		{"2026-11-27", "2026-05-28", 3},
		{"2026-11-27", "2026-05-27", 3}, // exactly 6 months
		{"2026-11-27", "2026-05-26", 2},
		{"2026-11-27", "2025-11-27", 2}, // exactly 12
		{"2026-11-27", "2025-11-26", 1},
		{"2026-11-27", "2024-11-27", 1}, // exactly 24
		{"2026-11-27", "2024-11-26", 0},
		{"2026-11-27", "0001-01-01", 0},
		{"2026-08-31", "2026-02-28", 3}, // the month is too short
		{"2026-08-31", "2026-02-27", 2},
		{"2026-08-28", "2026-02-28", 3},
		{"2024-08-31", "2024-02-29", 3}, // a leap year
		{"2024-08-31", "2024-02-28", 2},
		{"2024-08-29", "2024-02-29", 3},
		{"2024-02-29", "2023-08-29", 3}, // from the leap day
		{"2024-02-29", "2023-08-28", 2},
		{"2024-02-29", "2023-02-28", 2}, // which the year before does not have
		{"2024-02-29", "2023-02-27", 1},
		{"2024-02-29", "2022-02-28", 1},
		{"2025-02-28", "2024-08-28", 3}, // not the last day of August
		{"2025-02-28", "2024-02-29", 2},
		{"2025-02-28", "2024-02-28", 2},
		{"2025-02-28", "2024-02-27", 1},
		{"2026-05-31", "2025-11-30", 3},
		{"2026-05-31", "2025-11-29", 2},
	} {
		facts := readFacts(t, m, tt.day+" 0 speeding 1 1")
		require.Equal(t, 5*tt.weight+4, total(t, m, tt.on, facts...), "%s on %s", tt.day, tt.on)
	}
}

// TestVisits keeps the limit for a visit to one term, one day and one visit.
func TestVisits(t *testing.T) {
	m := parse(t, strings.Replace(carriers, " at most 100\n", "\n", 1))
	for _, tt := range []struct {
		facts []string
		want  uint64
	}{
		{[]string{"2026-11-01 0 brakes 30 1"}, 90},
		{[]string{"2026-11-01 0 brakes 31 1"}, 90},
		{[]string{"2026-11-01 0 brakes 1 60"}, 90},
		{[]string{"2026-11-01 0 brakes 20 1", "2026-11-01 0 brakes 20 1"}, 90},
		{[]string{"2026-11-01 0 brakes 20 1", "2026-11-01 1 brakes 20 1"}, 120},
		{[]string{"2026-11-01 0 brakes 20 1", "2026-11-02 0 brakes 20 1"}, 120},
		{[]string{"2026-11-01 0 brakes 40 1", "2026-11-01 1 brakes 40 1", "2026-11-01 0 brakes 40 1"}, 180}, // not in order
		{[]string{"2026-11-01 0 brakes 40 1", "2026-11-01 0 speeding 10 1", "2026-11-01 0 brakes 40 1"}, 240},
	} {
		require.Equal(t, tt.want+4, total(t, m, "2026-11-27", readFacts(t, m, tt.facts...)...), tt.facts)
	}
}

// TestLatestVisit scores by days on which other visits were the latest.
func TestLatestVisit(t *testing.T) {
	m := NYC()
	facts := readFacts(t, m,
		"2026-03-01 1 critical 5 1", "2026-01-01 0 general 28 1", "2026-03-01 2 general 2 1", "2026-03-01 2 critical 5 2",
		"2026-06-01 0 general 0 1")
	for _, tt := range []struct {
		on    string
		class string
		total uint64
	}{
		{"2026-01-01", "C", 28}, {"2026-02-28", "C", 28}, {"2026-03-01", "A", 12}, {"2026-05-31", "A", 12}, {"2026-06-01", "A", 0}, {"2027-01-01", "A", 0},
	} {
		c, n, err := scorer(t, m, tt.on).Classify(facts)
		require.NoError(t, err)
		require.Equal(t, tt.class, c.Label, tt.on)
		require.Equal(t, tt.total, n, tt.on)
	}
	_, err := scorer(t, m, "2025-12-31").Score(facts)
	require.Equal(t, &NoVisitError{date("2025-12-31")}, err)
	require.EqualError(t, err, "model: no visit on or before 2025-12-31, expected a latest one")
}

// TestBadFacts makes each field of a fact wrong, also of facts that would not count.
func TestBadFacts(t *testing.T) {
	m := parse(t, carriers)
	good := readFacts(t, m, "2026-11-01 0 lights 3 1")[0]
	for _, tt := range []struct {
		name   string
		change func(*Fact)
		want   string
	}{
		{"term", func(f *Fact) { f.Term = 4 }, "model: fact 1: term 4, expected 0 to 3"},
		{"no date", func(f *Fact) { f.Date = registry.Date{} }, `model: fact 1: term "lights": date "", expected a date`},
		{"points in a gap", func(f *Fact) { f.Points = 1 }, `model: fact 1: term "lights": points "1", expected 0,2..5`},
		{"points above", func(f *Fact) { f.Points = 6 }, `model: fact 1: term "lights": points "6", expected 0,2..5`},
		{"negative points taken round", func(f *Fact) { f.Points = ^uint32(0) }, `model: fact 1: term "lights": points "4294967295", expected 0,2..5`},
		{"one range, below", func(f *Fact) { f.Term, f.Points = 0, 0 }, `model: fact 1: term "brakes": points "0", expected 1..60`},
		{"one range, above", func(f *Fact) { f.Term, f.Points = 0, 61 }, `model: fact 1: term "brakes": points "61", expected 1..60`},
		{"no count", func(f *Fact) { f.Count = 0 }, `model: fact 1: term "lights": count 0, expected 1 to 1000`},
		{"count", func(f *Fact) { f.Count = 1001 }, `model: fact 1: term "lights": count 1001, expected 1 to 1000`},
		{"later", func(f *Fact) { f.Date, f.Count = date("2030-01-01"), 0 }, `model: fact 1: term "lights": count 0, expected 1 to 1000`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bad := good
			tt.change(&bad)
			s := scorer(t, m, "2026-11-27")
			_, err := s.Score([]Fact{good, bad, bad})
			require.EqualError(t, err, tt.want)
			_, _, err2 := s.Classify([]Fact{good, bad, bad})
			require.Equal(t, err, err2)
			var which *FactError
			require.ErrorAs(t, err, &which)
			require.Equal(t, 1, which.Index)
			_, err = m.FormatFact(bad)
			require.Equal(t, which.Err, err)
			_, err = m.AppendRow(nil, Row{"e", bad})
			require.Equal(t, which.Err, err)
		})
	}
	var points *PointsError
	_, err := scorer(t, m, "2026-11-27").Score([]Fact{{Date: good.Date, Count: 1}})
	require.ErrorAs(t, err, &points)
	require.Equal(t, &PointsError{`term "brakes"`, "0", "1..60"}, points)
}

func TestOnce(t *testing.T) {
	m := FHRS()
	s := scorer(t, m, "2026-11-27")
	one := readFacts(t, m, "2026-11-01 0 hygiene 5 1", "2026-11-01 0 structural 5 1", "2026-11-01 0 confidence-in-management 5 1")
	c, n, err := s.Classify(one)
	require.NoError(t, err)
	require.Equal(t, "5 15", fmt.Sprint(c.Label, " ", n))
	_, _, err = s.Classify(one[:2])
	require.Equal(t, &TermError{"confidence-in-management", 0}, err)
	_, err = s.Score(append(one, one[1]))
	require.EqualError(t, err, `model: term "structural" has 2 facts, expected 1`)
	_, err = s.Score(nil)
	require.IsType(t, &NoVisitError{}, err)
}

func TestOnOutsidePeriod(t *testing.T) {
	m := parse(t, strings.Replace(carriers, "2020-01-01 to open", "2020-01-01 to 2020-12-31", 1))
	for _, day := range []string{"2020-01-01", "2020-12-31"} {
		s := scorer(t, m, day)
		require.Equal(t, date(day), s.Day())
		require.Same(t, m, s.Model())
	}
	for _, tt := range []struct {
		model *Model
		on    registry.Date
		want  string
	}{
		{m, date("2019-12-31"), `model: carriers version 1 is not in force on "2019-12-31", only from 2020-01-01 to 2020-12-31`},
		{m, date("2021-01-01"), `model: carriers version 1 is not in force on "2021-01-01", only from 2020-01-01 to 2020-12-31`},
		{m, registry.Date{}, `model: carriers version 1 is not in force on "", only from 2020-01-01 to 2020-12-31`},
		{parse(t, carriers), date("2019-12-31"), `model: carriers version 1 is not in force on "2019-12-31", only from 2020-01-01 to open`},
	} {
		_, err := tt.model.On(tt.on)
		require.EqualError(t, err, tt.want)
		require.IsType(t, &PeriodError{}, err)
	}
}

func TestClassifyAllocatesNothing(t *testing.T) {
	m := FMCSA()
	s := scorer(t, m, "2026-11-27")
	facts := readFacts(t, m, "2026-01-01 0 driver-fitness 3 1", "2026-01-01 1 unsafe-driving 3 1", "2026-11-01 0 crash-indicator 3 1")
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _, _ = s.Classify(facts) }))
}
