package draw

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"iter"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/doublerandom/doublerandom/internal/longtest"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// These benchmarks use b.N: the first run of a benchmark with b.Loop takes place
// before -cpu is obeyed, and would show the speed of two processors as that of one.

// cityUnits is the number of companies of the city that the design is for.
const cityUnits = 1_081_742

// cityID returns the ID of unit i: 18 bytes, ascending.
func cityID(i int) string { return fmt.Sprintf("91370202MA%08d", i) }

// citySeq yields n units in 100 strata of 4 weights, which follow one another at
// random as in a real list.
func citySeq(n int) iter.Seq2[registry.Unit, error] {
	return func(yield func(registry.Unit, error) bool) {
		rng := rand.New(rand.NewPCG(13, 14))
		labels := make([]string, 100)
		for i := range labels {
			labels[i] = fmt.Sprintf("3702%02d/%c", i/4, 'A'+rune(i%4))
		}
		for i := range n {
			if !yield(registry.Unit{ID: cityID(i), Stratum: labels[rng.IntN(100)], Weight: 1 << rng.IntN(4)}, nil) {
				return
			}
		}
	}
}

// cityOf returns a frame of n units and the plan of drawing about 1 in 108.
func cityOf(n int) (*registry.Frame, *Plan) {
	frame, err := registry.NewFrame(citySeq(n))
	if err != nil {
		panic(err)
	}
	quotas, err := Proportional(frame.Strata(), uint64(n)*10_000/cityUnits, Bounds{})
	if err != nil {
		panic(err)
	}
	plan, err := NewPlan(SHA256(), frame, quotas, 2)
	if err != nil {
		panic(err)
	}
	return frame, plan
}

var city = sync.OnceValues(func() (*registry.Frame, *Plan) { return cityOf(cityUnits) })

func perUnit(b *testing.B, units int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(units), "ns/unit")
}

// BenchmarkHashFloor is the least that the draw can cost: the hash of a key and
// each ID, on one core.
func BenchmarkHashFloor(b *testing.B) {
	frame, _ := city()
	b.ResetTimer()
	for range b.N {
		require.NotZero(b, hashAll(frame))
	}
	perUnit(b, frame.Len())
}

func hashAll(frame *registry.Frame) (low byte) {
	message := make([]byte, 32+64)
	for i := range frame.Len() {
		sum := sha256.Sum256(message[:32+copy(message[32:], frame.ID(i))])
		low |= sum[0]
	}
	return low
}

// BenchmarkSelectCity draws 10,000 of the city's companies.
func BenchmarkSelectCity(b *testing.B) {
	frame, plan := city()
	b.ResetTimer()
	for range b.N {
		result, err := Run(plan, frame, Seed{1})
		require.NoError(b, err)
		require.Equal(b, 10_000, result.Len())
	}
	perUnit(b, frame.Len())
}

// BenchmarkCheckCity checks that draw from the text of the frame.
func BenchmarkCheckCity(b *testing.B) {
	frame, plan := city()
	result, err := Run(plan, frame, Seed{1})
	require.NoError(b, err)
	var text bytes.Buffer
	frame.WriteTo(&text)
	b.ResetTimer()
	for range b.N {
		parsed, err := registry.ParseFrame(bytes.NewReader(text.Bytes()))
		require.NoError(b, err)
		require.NoError(b, Check(plan, parsed, result))
	}
	perUnit(b, frame.Len())
}

// BenchmarkGrowth draws from a million units and, among the long tests, from ten:
// the time for each stays the same.
func BenchmarkGrowth(b *testing.B) {
	for _, n := range []int{1_000_000, 10_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if n > 1_000_000 {
				longtest.Skip(b)
			}
			frame, plan := cityOf(n)
			b.ResetTimer()
			for range b.N {
				_, err := Run(plan, frame, Seed{1})
				require.NoError(b, err)
			}
			perUnit(b, n)
		})
	}
}
