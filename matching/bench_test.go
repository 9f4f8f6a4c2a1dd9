package matching_test

import (
	"crypto/sha256"
	"runtime"
	"testing"

	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/matching/internal/city"
	"github.com/stretchr/testify/require"
)

// These benchmarks use b.N: the first run of a benchmark with b.Loop takes place
// before -cpu is obeyed.

// BenchmarkTicketFloor is the measure of BenchmarkMatchCity and BenchmarkMatchLarge,
// which take at most 8 times as long as it for their number of places: one hash of 45
// bytes for each of 40 candidates of a place.
func BenchmarkTicketFloor(b *testing.B) {
	for _, size := range []struct {
		name  string
		tasks int
	}{{"City", 11_300}, {"Large", 100_000}} {
		b.Run(size.name, func(b *testing.B) {
			var buf [45]byte
			x := byte(0)
			for range b.N {
				for i := range 2 * size.tasks * 40 {
					buf[0] = byte(i)
					sum := sha256.Sum256(buf[:])
					x ^= sum[0]
				}
			}
			runtime.KeepAlive(x)
		})
	}
}

func benchmarkMatch(b *testing.B, tasks int, tight bool) {
	p := city.New(tasks, tight).Problem()
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		r, steps, err := p.Assign(matching.Key{1})
		require.NoError(b, err)
		refused := 0
		for range r.Refused() {
			refused++
		}
		b.ReportMetric(float64(refused), "refused")
		b.ReportMetric(float64(r.Regions()), "regions")
		b.ReportMetric(float64(steps.Repairs), "repairs")
	}
}

func BenchmarkMatchCity(b *testing.B)       { benchmarkMatch(b, 11_300, false) }
func BenchmarkMatchCityTight(b *testing.B)  { benchmarkMatch(b, 11_300, true) }
func BenchmarkMatchLarge(b *testing.B)      { benchmarkMatch(b, 100_000, false) }
func BenchmarkMatchLargeTight(b *testing.B) { benchmarkMatch(b, 100_000, true) }

// BenchmarkMatchOne is a flying inspection: one task for which every inspector of the
// city may go, from the directory on.
func BenchmarkMatchOne(b *testing.B) {
	c := city.New(1, false)
	task := []matching.Task{{ID: "91370200MA00000000", Places: make([]matching.Place, 2)}}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		p, err := c.Directory.Problem(task, nil, nil)
		require.NoError(b, err)
		_, _, err = p.Assign(matching.Key{1})
		require.NoError(b, err)
	}
}

func benchmarkCheck(b *testing.B, tasks int, tight bool) {
	p := city.New(tasks, tight).Problem()
	r, _, err := p.Assign(matching.Key{1})
	require.NoError(b, err)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		require.NoError(b, p.Check(r, matching.Full))
	}
}

func BenchmarkCheckCity(b *testing.B)       { benchmarkCheck(b, 11_300, false) }
func BenchmarkCheckLarge(b *testing.B)      { benchmarkCheck(b, 100_000, false) }
func BenchmarkCheckLargeTight(b *testing.B) { benchmarkCheck(b, 100_000, true) }
