package model

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func sortFacts(facts []Fact) { slices.SortFunc(facts, CompareFacts) }

func date(s string) registry.Date {
	d, err := registry.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func parse(t testing.TB, text string) *Model {
	t.Helper()
	m, err := Parse([]byte(text))
	require.NoError(t, err)
	return m
}

func scorer(t testing.TB, m *Model, on string) *Scorer {
	t.Helper()
	s, err := m.On(date(on))
	require.NoError(t, err)
	return s
}

// facts reads facts in the text of ParseFact.
func readFacts(t testing.TB, m *Model, texts ...string) (facts []Fact) {
	t.Helper()
	for _, text := range texts {
		f, err := m.ParseFact(text)
		require.NoError(t, err)
		facts = append(facts, f)
	}
	return facts
}

func textOf(t testing.TB, m *Model) string {
	t.Helper()
	b, err := m.MarshalText()
	require.NoError(t, err)
	return string(b)
}

// randomDefinition returns a definition that New accepts, with small numbers so that limits bind.
func randomDefinition(rng *rand.Rand) Definition {
	d := Definition{
		Name: "random", Version: 1 + rng.Uint32N(3), From: date("2020-01-01"), Title: "made by a test", Latest: rng.IntN(3) == 0,
	}
	for i := range rng.IntN(3) {
		t := Times{Label: fmt.Sprint("t", i), Else: rng.Uint64N(3), Divisor: 1 + rng.Uint64N(4)}
		t.RoundUp = t.Divisor > 1 && rng.IntN(2) == 0
		months := 0
		for range rng.IntN(4) {
			months += 1 + rng.IntN(8)
			t.Steps = append(t.Steps, Step{months, rng.Uint64N(5)})
		}
		d.Times = append(d.Times, t)
	}
	for i := range max(len(d.Times), 1+rng.IntN(4)) {
		t := Term{Label: fmt.Sprint("x", i), Factor: 1 + rng.Uint64N(2), Once: rng.IntN(9) == 0}
		for next := rng.Uint32N(3); len(t.Points) == 0 || rng.IntN(2) == 0 && len(t.Points) < 4; {
			r := Range{next, next + rng.Uint32N(4)}
			t.Points = append(t.Points, r)
			next = r.Most + 2 + rng.Uint32N(2)
		}
		if rng.IntN(2) == 0 {
			t.VisitMost = 1 + rng.Uint64N(12)
		}
		if rng.IntN(2) == 0 {
			t.Least = rng.Uint64N(6)
		}
		if rng.IntN(2) == 0 {
			t.Most = t.Least + 1 + rng.Uint64N(20)
		}
		if i < len(d.Times) {
			t.Times = d.Times[i].Label
		}
		d.Terms = append(d.Terms, t)
	}
	total, each, kind := uint64(0), uint64(0), rng.IntN(3)
	for i := range rng.IntN(4) {
		total, each = total+1+rng.Uint64N(15), each+1+rng.Uint64N(8)
		c := Class{Label: fmt.Sprint("c", i), Total: total, EachTerm: each, Rate: registry.PPM(1 + rng.Uint32N(1_000_000)), Weight: 1 + rng.Uint64N(9)}
		switch kind {
		case 0:
			c.Total = NoLimit
		case 1:
			c.EachTerm = NoLimit
		}
		d.Classes = append(d.Classes, c)
	}
	d.Classes = append(d.Classes, Class{Label: "last", Total: NoLimit, EachTerm: NoLimit, Rate: 1, Weight: 1})
	return d
}

// randomFacts returns facts that the model takes, on few days so that visits have several.
func randomFacts(rng *rand.Rand, m *Model, on registry.Date) []Fact {
	var facts []Fact
	for range rng.IntN(12) {
		term := rng.IntN(len(m.def.Terms))
		points := m.def.Terms[term].Points
		r := points[rng.IntN(len(points))]
		day := on.AddMonths(-rng.IntN(20)).AddDays(rng.IntN(3) - 1)
		if rng.IntN(3) == 0 {
			day = on.AddMonths(-3)
		}
		facts = append(facts, Fact{day, rng.Uint32N(2), r.Least + rng.Uint32N(r.Most-r.Least+1), 1 + rng.Uint32N(2), uint16(term)})
	}
	return facts
}
