package audit

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
)

// cityUnits is the number of companies of the city that the design is for.
const cityUnits = 1_081_742

// BenchmarkVerifyCity verifies the bundle of an open draw of a whole city from a
// folder: compare its ns/unit with draw's BenchmarkHashFloor.
func BenchmarkVerifyCity(b *testing.B) {
	units := make([]registry.Unit, cityUnits)
	for i := range units {
		units[i] = registry.Unit{ID: fmt.Sprintf("91370202MA%08d", i), Stratum: fmt.Sprintf("3702%02d/%c", i%25, 'A'+i/25%4), Weight: 1 << (i * 7 % 4)}
	}
	frame, err := registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		for _, u := range units {
			if !yield(u, nil) {
				return
			}
		}
	})
	require.NoError(b, err)
	quotas, err := draw.Proportional(frame.Strata(), 10_000, draw.Bounds{})
	require.NoError(b, err)
	city := build(b, recipe{mode: statement.Open, units: units, quotas: quotas})
	dir := b.TempDir()
	for name, file := range city.files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(b, os.MkdirAll(filepath.Dir(full), 0o755))
		require.NoError(b, os.WriteFile(full, file.Data, 0o644))
	}
	policy := city.policy
	city, units, frame = nil, nil, nil
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if r := Verify(os.DirFS(dir), policy); r.Verdict != OpenedCorrect {
			b.Fatal(r)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/cityUnits, "ns/unit")
}

// BenchmarkVerifyReceipt verifies one receipt, with the signature of the regulator.
func BenchmarkVerifyReceipt(b *testing.B) {
	units := make([]registry.Unit, 1<<16)
	for i := range units {
		units[i] = registry.Unit{ID: fmt.Sprintf("91370202MA%08d", i), Stratum: "370202/A", Weight: 1}
	}
	city := build(b, recipe{units: units, receipts: 1, quotas: draw.Quotas{{Stratum: "370202/A", Count: draw.WholeFraction(9)}}})
	note := city.signed["receipts/1.note"].Note
	b.ResetTimer()
	for range b.N {
		if r := VerifyReceipt(note, city.policy); r.Verdict != Fixed {
			b.Fatal(r)
		}
	}
	b.ReportMetric(float64(len(note)), "bytes")
}

// A policy that is verified with many times gives the same each time, from several
// goroutines at once.
func TestConcurrentUse(t *testing.T) {
	b := fullBundle(t)
	want := b.run()
	done := make(chan *Report)
	for range 4 {
		go func() { done <- Verify(b.files, b.policy) }()
	}
	for range 4 {
		require.Equal(t, want, <-done)
	}
}
