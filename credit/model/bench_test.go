package model

import (
	"math/rand/v2"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// city is the size of the city of the design.
const city = 1_081_742

// BenchmarkScoreCity classifies a city of 1,081,742 entities with 5 facts each, in one goroutine:
// by ready-made models, and by the one whose visits play a part with facts out of order.
func BenchmarkScoreCity(b *testing.B) {
	on, err := registry.ParseDate("2026-11-27")
	require.NoError(b, err)
	for _, bb := range []struct {
		name   string
		model  *Model
		sorted bool
	}{
		{"China4", China4(), false},
		{"FMCSA", FMCSA(), true},
		{"FMCSAUnsorted", FMCSA(), false},
	} {
		b.Run(bb.name, func(b *testing.B) {
			s, err := bb.model.On(on)
			require.NoError(b, err)
			facts := cityFacts(bb.model, on, bb.sorted)
			b.ReportAllocs()
			for b.Loop() {
				high := 0
				for i := 0; i < len(facts); i += 5 {
					c, _, err := s.Classify(facts[i : i+5])
					if err != nil {
						b.Fatal(err)
					}
					if c.Weight > 10 {
						high++
					}
				}
				if high == 0 {
					b.Fatal("nobody has a high risk")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(facts)), "ns/record")
		})
	}
}

// BenchmarkScore explains one entity with 5 facts.
func BenchmarkScore(b *testing.B) {
	on, err := registry.ParseDate("2026-11-27")
	require.NoError(b, err)
	m := FMCSA()
	s, err := m.On(on)
	require.NoError(b, err)
	facts := cityFacts(m, on, true)[:5]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Score(facts); err != nil {
			b.Fatal(err)
		}
	}
}

func cityFacts(m *Model, on registry.Date, sorted bool) []Fact {
	rng := rand.New(rand.NewPCG(1, 2))
	facts := make([]Fact, 0, 5*city)
	for range city {
		for range 5 {
			term := uint16(rng.IntN(len(m.def.Terms)))
			r := m.def.Terms[term].Points[0]
			facts = append(facts, Fact{
				Date: on.AddDays(-rng.IntN(1000)), Visit: uint32(rng.IntN(2)), Term: term, Count: 1,
				Points: r.Least + uint32(rng.IntN(int(r.Most-r.Least)+1)),
			})
		}
		if sorted {
			sortFacts(facts[len(facts)-5:])
		}
	}
	return facts
}
