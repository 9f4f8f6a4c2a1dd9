package coverage

import (
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkCity spreads 1,081,742 units in 100 strata × 4 weights over eight batches, beside its floor:
// one SHA-256 of 32 bytes of key and the ID for each unit.
func BenchmarkCity(b *testing.B) {
	var strata []string
	for i := range 100 {
		strata = append(strata, string([]byte{'s', byte('0' + i/10), byte('0' + i%10)}))
	}
	const units = 1_081_742
	frame := numberedFrame(b, units, strata, []uint64{1, 2, 4, 8})
	plan := planOf(b, frame, 14, map[uint64][]uint64{1: {1, 1, 1, 1, 1, 1, 1, 1}, 2: {2, 2, 1, 1, 1, 1, 1, 1}, 4: {2, 2, 2, 2, 1, 1, 1, 1}, 8: {1, 1, 1, 1, 0, 0, 0, 0}})
	b.Run("floor", func(b *testing.B) {
		for b.Loop() {
			var message [64]byte
			for i := range units {
				n := copy(message[32:], frame.ID(i))
				sha256.Sum256(message[:32+n])
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*units), "ns/unit")
	})
	b.Run("run", func(b *testing.B) {
		for b.Loop() {
			_, err := Run(plan, frame, seedOf(1))
			require.NoError(b, err)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*units), "ns/unit")
	})
}
