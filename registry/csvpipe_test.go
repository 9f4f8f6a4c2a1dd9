package registry

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// withProcessors runs the test without and with a goroutine that reads ahead.
func withProcessors(t *testing.T, test func(t *testing.T)) {
	for _, n := range []int{1, 2} {
		t.Run(fmt.Sprintf("%d processors", n), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
			test(t)
		})
	}
}

// A seenRecord is a record or a fault, with its row.
type seenRecord struct {
	row    int64
	fields string
}

// recordsOf reads records of the given width by batches, up to the error that
// ends them.
func recordsOf(t *testing.T, r io.Reader, max, width int) (seen []seenRecord, end error) {
	t.Helper()
	s := newBatchSource(newRecordReader(r, max), width, func(*recordBatch) {})
	defer s.stop()
	for {
		b := s.next()
		require.Len(t, b.fields, len(b.rows)*width)
		require.Less(t, b.size, batchSize+max+2)
		for i, row := range b.rows {
			seen = append(seen, seenRecord{row, strings.Join(b.fields[i*width:(i+1)*width], "|")})
		}
		if b.ended() {
			return seen, b.err
		}
		if b.err != nil {
			seen = append(seen, seenRecord{b.errRow, "bad: " + b.err.Error()})
		}
	}
}

// csvRecords are the same by encoding/csv and counting, for a text without
// quotes.
func csvRecords(t *testing.T, text string, width int) (want []seenRecord) {
	t.Helper()
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		r := csv.NewReader(strings.NewReader(line))
		fields, err := r.Read()
		switch {
		case err == io.EOF: // blank
		case len(fields) != width:
			want = append(want, seenRecord{int64(i + 1), fmt.Sprintf("bad: %d fields, expected %d as in the header", len(fields), width)})
		default:
			require.NoError(t, err)
			want = append(want, seenRecord{int64(i + 1), strings.Join(fields, "|")})
		}
	}
	return want
}

// TestBatchesAgree compares batches with encoding/csv for random tables, whose
// lines are of the lengths at which batches, blocks and words of eight bytes end.
func TestBatchesAgree(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	table := func(width int) string {
		var b strings.Builder
		for b.Len() < 3*batchSize {
			switch random.IntN(12) {
			case 0:
				b.WriteString([]string{"\n", "\r\n", "a\n", strings.Repeat(",", width) + "\n"}[random.IntN(4)])
				continue
			case 1: // to the end of a block, less a few
				if left := blockSize - b.Len()%blockSize; left > 20+width {
					b.WriteString(strings.Repeat("x", left-random.IntN(12)-1) + strings.Repeat(",", width-1) + "\n")
					continue
				}
			}
			for i := range width {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString(strings.Repeat([]string{"a", "市", " ", "\x00", "-", "\u00ff"}[random.IntN(6)], random.IntN(40)))
			}
			b.WriteString([]string{"\n", "\r\n"}[random.IntN(2)])
		}
		return b.String()
	}
	withProcessors(t, func(t *testing.T) {
		for _, width := range []int{1, 2, 3, 9} {
			text := table(width)
			want := csvRecords(t, text, width)
			for _, r := range []io.Reader{strings.NewReader(text), iotest.HalfReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))} {
				got, end := recordsOf(t, r, 1<<20, width)
				require.Equal(t, io.EOF, end)
				require.Equal(t, want, got)
			}
		}
	})
}

// TestBatchesWithQuotes has a quoted record, with commas and line ends in it, at
// every place around the end of a batch.
func TestBatchesWithQuotes(t *testing.T) {
	withProcessors(t, func(t *testing.T) {
		for shift := range 40 {
			text := strings.Repeat("a,b\n", (batchSize-20)/4) + strings.Repeat("x", shift) + ",y\n\"p,q\r\nr\",\"\"\"\"\n\"bad\"x,y\nc,d\n"
			got, end := recordsOf(t, strings.NewReader(text), 1<<20, 2)
			require.Equal(t, io.EOF, end)
			row := int64((batchSize - 20) / 4)
			require.Equal(t, []seenRecord{
				{row, "a|b"}, {row + 1, strings.Repeat("x", shift) + "|y"}, {row + 2, "p,q\nr|\""}, {row + 3, "bad: field 1: text after the closing quote"}, {row + 4, "c|d"},
			}, got[len(got)-5:])
		}
	})
}

// TestBatchesTooLong has a record of just the limit, and one over it, at the
// beginning and after many others.
func TestBatchesTooLong(t *testing.T) {
	const max = 1000
	fits, over := strings.Repeat("x", max-1)+",\r\n", strings.Repeat("x", max)+",\n"
	withProcessors(t, func(t *testing.T) {
		for _, before := range []int{0, 1, 200, 40000} {
			pad := strings.Repeat("a,b\n", before)
			got, end := recordsOf(t, strings.NewReader(pad+fits), max, 2)
			require.Equal(t, io.EOF, end)
			require.Len(t, got, before+1)
			got, end = recordsOf(t, strings.NewReader(pad+over+pad), max, 2)
			require.Equal(t, errTooLong, end)
			require.Len(t, got, before)
		}
	})
}

// endsBy reads a text, and then does what its end says.
type endsBy struct {
	text io.Reader
	end  func() error
}

func (f endsBy) Read(p []byte) (int, error) {
	if n, err := f.text.Read(p); err == nil {
		return n, nil
	}
	return 0, f.end()
}

// TestReadCSVReaderFails has a reader that fails, panics or exits after several
// batches: the caller of ReadCSV sees the same as if no goroutine read ahead.
func TestReadCSVReaderFails(t *testing.T) {
	var b strings.Builder
	b.WriteString("id\n")
	for i := range 5 * batchSize / 5 {
		fmt.Fprintf(&b, "%d\n", i+10000)
	}
	withProcessors(t, func(t *testing.T) {
		read := func(end func() error) (*Registry, *Report, error) {
			return ReadCSV(endsBy{strings.NewReader(b.String()), end}, Columns{ID: "id"}, Checks{})
		}
		broken := errors.New("broken pipe")
		reg, report, err := read(func() error { return broken })
		require.ErrorIs(t, err, broken)
		require.EqualError(t, err, "registry: row 65538: broken pipe")
		require.Nil(t, reg)
		require.NotNil(t, report)

		require.PanicsWithValue(t, "no more", func() { read(func() error { panic("no more") }) })

		done, returned := make(chan bool), false
		go func() {
			defer close(done)
			read(func() error { runtime.Goexit(); return nil })
			returned = true
		}()
		<-done
		require.False(t, returned)
	})
}

// TestReadCSVStops stops at the first bad row: nothing reads or runs after that.
func TestReadCSVStops(t *testing.T) {
	text := "id\na\n\x01\n" + strings.Repeat("0123456789\n", batchSize)
	withProcessors(t, func(t *testing.T) {
		before := runtime.NumGoroutine()
		in := &counted{r: strings.NewReader(text)}
		_, _, err := ReadCSV(in, Columns{ID: "id"}, Checks{Actions: map[Kind]Action{BadText: Stop}})
		var problem *Problem
		require.ErrorAs(t, err, &problem)
		require.EqualValues(t, 3, problem.Row)
		after := in.n
		runtime.Gosched()
		require.Equal(t, after, in.n)
		require.LessOrEqual(t, runtime.NumGoroutine(), before)
		require.Less(t, in.n, len(text), "it read to the end")
	})
}
