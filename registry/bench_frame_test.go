package registry

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"

	"github.com/stretchr/testify/require"
)

// These benchmarks use b.N: the first run of a benchmark with b.Loop takes place
// before -cpu is obeyed, and would show the speed of two processors as that of one.

// cityUnits is the number of entities of the largest city that the design
// measures by.
const cityUnits = 1_081_742

// cityIDs returns a city's IDs of 18 bytes, ascending.
func cityIDs() []string {
	ids := make([]string, cityUnits)
	for i := range ids {
		ids[i] = cityID(i)
	}
	return ids
}

func cityID(i int) string { return fmt.Sprintf("9137020%011d", i*10+i*3%10) }

// cityUnit returns unit i of the city: 100 strata with 4 weights.
func cityUnit(id string, i int) Unit {
	weights := [...]uint64{1, 2, 4, 10}
	x := uint32(i) * 2654435761 >> 7 // spread, so that neighbours differ
	return Unit{id, fmt.Sprintf("3702%02d/%c", x%25, 'A'+x/25%4), weights[x/100%4]}
}

func cityFrame(tb testing.TB) *Frame {
	ids := cityIDs()
	f, err := NewFrame(func(yield func(Unit, error) bool) {
		for i, id := range ids {
			if !yield(cityUnit(id, i), nil) {
				return
			}
		}
	})
	require.NoError(tb, err)
	return f
}

func perUnit(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/cityUnits, "ns/unit")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkFrameHashFloor hashes a key of 32 bytes and an ID of 18 for each unit:
// the least that a draw can do, and the measure of the benchmarks below.
func BenchmarkFrameHashFloor(b *testing.B) {
	ids := cityIDs()
	var buf [32 + 18]byte
	var x byte
	b.ResetTimer()
	for range b.N {
		for _, id := range ids {
			copy(buf[32:], id)
			sum := sha256.Sum256(buf[:])
			x ^= sum[0]
		}
	}
	runtime.KeepAlive(x)
	perUnit(b)
}

// BenchmarkFrameRoot takes at most 3.3 × BenchmarkFrameHashFloor on one core.
func BenchmarkFrameRoot(b *testing.B) {
	f := cityFrame(b)
	b.ResetTimer()
	for range b.N {
		_, err := f.Root(sha256.New)
		require.NoError(b, err)
	}
	perUnit(b)
}

// BenchmarkParseFrame takes at most 1.5 × BenchmarkFrameHashFloor.
func BenchmarkParseFrame(b *testing.B) {
	var text bytes.Buffer
	_, err := cityFrame(b).WriteTo(&text)
	require.NoError(b, err)
	b.ResetTimer()
	for range b.N {
		_, err := ParseFrame(bytes.NewReader(text.Bytes()))
		require.NoError(b, err)
	}
	perUnit(b)
}

// BenchmarkWriteFrame writes the frame's text to nowhere.
func BenchmarkWriteFrame(b *testing.B) {
	f := cityFrame(b)
	b.ResetTimer()
	for range b.N {
		_, err := f.WriteTo(io.Discard)
		require.NoError(b, err)
	}
	perUnit(b)
}

// BenchmarkSortFrame builds the frame from units in random order.
func BenchmarkSortFrame(b *testing.B) {
	units := make([]Unit, cityUnits)
	for i, id := range cityIDs() {
		units[i] = cityUnit(id, i)
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(units), func(i, j int) { units[i], units[j] = units[j], units[i] })
	b.ResetTimer()
	for range b.N {
		_, err := NewFrame(unitsOf(units))
		require.NoError(b, err)
	}
	perUnit(b)
}

// BenchmarkProve makes one proof.
func BenchmarkProve(b *testing.B) {
	f := cityFrame(b)
	tree, err := f.Tree(sha256.New)
	require.NoError(b, err)
	i := 0
	b.ResetTimer()
	for range b.N {
		_, _, _, err := tree.Prove(f.ID(i))
		require.NoError(b, err)
		i = (i + 7919) % f.Len()
	}
}

// BenchmarkFrameMemory reports the bytes that a frame takes for each unit: in the
// end (live) and at most while it is read (peak).
func BenchmarkFrameMemory(b *testing.B) {
	var live, peak int64
	b.ResetTimer()
	for range b.N {
		live, peak = parseMemory(b, cityUnits)
	}
	b.ReportMetric(float64(live)/cityUnits, "live-B/unit")
	b.ReportMetric(float64(peak)/cityUnits, "peak-B/unit")
	b.ReportMetric(0, "ns/op")
}

// TestParseFrameMemory checks that a frame takes its columns, which is 26 bytes a
// unit with IDs of 18 bytes, and while it is read no more than columns that grow.
// The text alone would add 29 bytes a unit.
func TestParseFrameMemory(t *testing.T) {
	const units = 200_000
	live, peak := parseMemory(t, units)
	require.LessOrEqual(t, live/units, int64(30))
	require.LessOrEqual(t, peak/units, int64(80))
}

// parseMemory reads a frame of n units that is never in memory as text. It
// returns the frame's bytes on the heap, and the most that were there meanwhile.
func parseMemory(tb testing.TB, n int) (live, peak int64) {
	defer debug.SetGCPercent(debug.SetGCPercent(5)) // or garbage would count
	before := liveHeap()
	done, stopped := make(chan bool), make(chan bool)
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for {
			select {
			case <-done:
				close(stopped)
				return
			default:
				metrics.Read(sample)
				peak = max(peak, int64(sample[0].Value.Uint64())-before)
				runtime.Gosched()
			}
		}
	}()
	f, err := ParseFrame(&cityReader{n: n})
	close(done)
	<-stopped
	require.NoError(tb, err)
	require.Equal(tb, n, f.Len())
	live = liveHeap() - before
	runtime.KeepAlive(f)
	return live, max(peak, live)
}

// A cityReader is the text of a city's first n units, made as it is read.
type cityReader struct {
	i, n int
	line []byte
}

func (r *cityReader) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(r.line) == 0 {
			if r.i == r.n {
				return n, io.EOF
			}
			r.line, _ = cityUnit(cityID(r.i), r.i).AppendText(nil)
			r.line = append(r.line, '\n')
			r.i++
		}
		m := copy(p[n:], r.line)
		n, r.line = n+m, r.line[m:]
	}
	return n, nil
}

// liveHeap returns the bytes of the objects in use.
func liveHeap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// unitsOf returns the units as NewFrame takes them.
func unitsOf(units []Unit) iter.Seq2[Unit, error] {
	return func(yield func(Unit, error) bool) {
		for _, u := range units {
			if !yield(u, nil) {
				return
			}
		}
	}
}
