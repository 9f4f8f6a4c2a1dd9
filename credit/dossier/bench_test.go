package dossier

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// city returns n published entries of n/2 entities, and a measure for each fourth.
func city(b *testing.B, n int) (*Rules, []*Entry, []Measure) {
	rules := ChineseRules()
	entries, measures := make([]*Entry, n), []Measure(nil)
	for i := range entries {
		d := decision(fmt.Sprintf("E%08d", i*7919%n), Penalty, "NDRC-36", "general", "2026-04-01", 3+i%10)
		d.Date = d.Date.AddDays(i % 700)
		d.Entity = fmt.Sprintf("9137020%011d", i*104729%(n/2))
		e, err := rules.Enter(d)
		require.NoError(b, err)
		require.NoError(b, e.add(Event{Action: Notified, Date: d.Date}))
		require.NoError(b, e.add(Event{Action: Published, Date: d.Date.AddDays(6)}))
		entries[i] = e
		if i%4 == 0 {
			m := measure(fmt.Sprintf("M%08d", i), d.ID)
			m.From = d.Date
			measures = append(measures, m)
		}
	}
	return rules, entries, measures
}

// BenchmarkCity is a file of 1,000,000 entries and 250,000 measures.
func BenchmarkCity(b *testing.B) {
	const n = 1_000_000
	rules, entries, measures := city(b, n)
	f, err := NewFile(entries, measures)
	require.NoError(b, err)
	today := day("2027-01-15")
	entity := func(i int) string { return fmt.Sprintf("9137020%011d", i*7919%(n/2)) }
	b.Run("NewFile", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, err = NewFile(entries, measures)
		}
	})
	b.Run("Public", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			f.Public(entity(i), today)
		}
	})
	b.Run("Binding", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			f.Binding("fire", entity(i), Permit, today)
		}
	})
	b.Run("ChangesOf", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			f.ChangesOf(entity(i), today, 30)
		}
	})
	b.Run("Changes", func(b *testing.B) {
		for b.Loop() {
			f.Changes(today, 7)
		}
	})
	text, err := f.MarshalText()
	require.NoError(b, err)
	b.Run("MarshalText", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			_, err = f.MarshalText()
		}
	})
	b.Run("ParseFile", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			_, err = rules.ParseFile(text)
		}
	})
	require.NoError(b, err)
}
