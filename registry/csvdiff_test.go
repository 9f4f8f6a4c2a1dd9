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

// reference reads a text with encoding/csv and numbers its records as ReadCSV
// does: a record over several lines is one row, and so is a blank line.
func reference(t *testing.T, text string, width int) (want []seenRecord) {
	t.Helper()
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	row, line, offset := int64(0), 1, int64(0) // before the record
	for {
		fields, err := r.Read()
		if err == io.EOF {
			return want
		}
		var bad *csv.ParseError
		start := 0
		if errors.As(err, &bad) {
			start = bad.StartLine
		} else {
			require.NoError(t, err)
			start, _ = r.FieldPos(0)
		}
		row += 1 + int64(start-line) // blank lines came between
		seen := seenRecord{row, strings.Join(fields, "|")}
		switch {
		case bad != nil && bad.Err == csv.ErrBareQuote:
			seen.fields = "bad: a quote inside a field that does not begin with one"
		case bad != nil:
			seen.fields = "bad: no closing quote, or text after it"
		case len(fields) != width:
			seen.fields = fmt.Sprintf("bad: %d fields, expected %d as in the header", len(fields), width)
		}
		want = append(want, seen)
		line += strings.Count(text[offset:r.InputOffset()], "\n")
		offset = r.InputOffset()
	}
}

// inWordsOfReference puts our faults into its words.
func inWordsOfReference(seen []seenRecord) []seenRecord {
	for i, s := range seen {
		place, ok := strings.CutPrefix(s.fields, "bad: field ")
		if !ok {
			continue
		}
		_, what, _ := strings.Cut(place, ": ")
		if strings.HasPrefix(what, "no closing quote") || strings.HasPrefix(what, "text after") {
			what = "no closing quote, or text after it"
		}
		seen[i].fields = "bad: " + what
	}
	return seen
}

// A choppy reader gives pieces of random lengths, at times none, and the error
// with the last piece or after it.
type choppy struct {
	text   string
	most   int // bytes of a piece
	err    error
	random *rand.Rand
}

func newChoppy(text string, most int, err error, seed uint64) *choppy {
	return &choppy{text, most, err, rand.New(rand.NewPCG(seed, 1))}
}

func (c *choppy) Read(p []byte) (int, error) {
	n := copy(p[:min(len(p), c.random.IntN(c.most+1))], c.text)
	c.text = c.text[n:]
	if c.text == "" && (n == 0 || c.random.IntN(2) == 0) {
		return n, c.err
	}
	return n, nil
}

// requireBatchesAgree compares batches with encoding/csv for a text that begins
// so many bytes before the end of the first batch, or alone.
func requireBatchesAgree(t *testing.T, text string, width, before int, seed uint64) {
	t.Helper()
	pad := ""
	if before > 0 {
		plain := strings.Repeat("x", 300) + strings.Repeat(",", width-1) + "\n"
		pad = strings.Repeat(plain, (batchSize-before)/len(plain))
	}
	most := []int{100, 5000, 1 << 17}[seed%3]
	if pad == "" {
		most = []int{1, 3, 100}[seed%3]
	}
	got, end := recordsOf(t, newChoppy(pad+text, most, io.EOF, seed), 1<<20, width)
	require.Equal(t, io.EOF, end)
	want := reference(t, pad+text, width)
	require.Equal(t, len(want), len(got), "%q", text)
	same := 0 // the padding would make an endless text of a failure
	for same < len(want) && strings.HasPrefix(want[same].fields, "x") && want[same] == got[same] {
		same++
	}
	require.Equal(t, want[same:], inWordsOfReference(got[same:]), "%q", text)
}

// TestBatchesAgreeWithQuotes compares random texts of a few characters that
// matter with encoding/csv.
func TestBatchesAgreeWithQuotes(t *testing.T) {
	cases := 1200
	if testing.Short() {
		cases = 200
	}
	parts := []string{
		"a", ",", ",", ",", "\n", "\n", "\"", "\"\"", "\"\n", ",\"", "\r\n", "\r", "青岛", "\"x,y\"", "\"x\ny\"", "\"\r\n\"", strings.Repeat("z", 60),
	}
	withProcessors(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(3, 4))
		for i := range cases {
			var b strings.Builder
			for range random.IntN(80) {
				b.WriteString(parts[random.IntN(len(parts))])
			}
			before := 0
			if i%8 == 0 {
				before = 1 + random.IntN(300)
			}
			requireBatchesAgree(t, b.String(), 1+random.IntN(3), before, uint64(i))
		}
	})
}

func FuzzBatches(f *testing.F) {
	f.Add("a,\"b\r\n\"\"c\"\r\nd", uint8(2), uint8(0), uint64(1))
	f.Add("\"a\"b\n\"c", uint8(1), uint8(70), uint64(2))
	f.Add(strings.Repeat("x,y\n", 40)+"\"x\n\n\",y\r\n\nz,\n", uint8(2), uint8(130), uint64(3))
	f.Fuzz(func(t *testing.T, text string, width, before uint8, seed uint64) {
		requireBatchesAgree(t, strings.TrimPrefix(text, "\uFEFF"), 1+int(width%4), int(before), seed)
	})
}

// TestBatchesCut has the reader fail after each byte of a text: the records
// before that are there, and then neither a part of one nor a fault.
func TestBatchesCut(t *testing.T) {
	broken := errors.New("line dropped")
	text := "a,b\r\n\"c,\nd\",\"\"\"\"\n\ne,\"f\r\ng\"\r\n\"h\",\"\"\n" + strings.Repeat("i,j\r\n", 30) + "\"k\n\",l\n"
	whole := reference(t, text, 2)
	r := csv.NewReader(strings.NewReader(text))
	ends := make([]int64, len(whole))
	for i := range ends {
		_, err := r.Read()
		require.NoError(t, err)
		ends[i] = r.InputOffset()
	}
	withProcessors(t, func(t *testing.T) {
		for cut := range len(text) {
			n := 0
			for ends[n] <= int64(cut) {
				n++
			}
			got, end := recordsOf(t, newChoppy(text[:cut], 1+cut%90, broken, uint64(cut)), 1<<20, 2)
			require.Equal(t, broken, end)
			require.Equal(t, whole[:n], append([]seenRecord{}, got...), "cut after %q", text[:cut])
		}
	})
}

// TestReadCSVOnProcessors imports one file with faults of many kinds on one
// processor and on more, in pieces: registry, report and error are the same.
func TestReadCSVOnProcessors(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 7))
	lines := strings.SplitAfter(string(cityCSV(3000)), "\n")
	for i := 1; i < len(lines); i++ {
		switch random.IntN(20) {
		case 0:
			lines[i] = "\r\n" + lines[i]
		case 1:
			lines[i] = lines[random.IntN(i)]
		case 2:
			lines[i] = `"` + strings.Replace(lines[i], ",", `",`, 1)
		case 3:
			lines[i] = strings.Replace(lines[i], ",", "", 1)
		case 4:
			lines[i] = strings.Replace(lines[i], ",", `x",`, 1)
		case 5:
			lines[i] = strings.ToLower(lines[i])
		case 6:
			lines[i] = strings.Replace(lines[i], "1", "2", 1)
		}
	}
	lines[2000] = `"` + strings.Replace(lines[2000], ",", "\",\"a\nb", 1)
	file := "\uFEFF" + strings.Join(lines, "")
	type outcome struct {
		entities []Entity
		report   *Report
		err      string
	}
	read := func(processors int, r io.Reader, c Checks) (o outcome) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		reg, report, err := ReadCSV(r, cityColumns, c)
		o.report = report
		if err != nil {
			require.Nil(t, reg)
			o.err = err.Error()
			return o
		}
		for _, e := range reg.All() {
			o.entities = append(o.entities, plain(e))
		}
		return o
	}
	for _, tt := range []struct {
		name   string
		change func(c *Checks)
		ends   bool
	}{
		{"to the end", func(c *Checks) {}, false},
		{"stop", func(c *Checks) { c.Actions = map[Kind]Action{CodeCheck: Stop} }, true},
		{"rows", func(c *Checks) { c.MaxRows = 1500 }, true},
		{"long row", func(c *Checks) { c.MaxRow = 250 }, true},
	} {
		checks := cityChecks()
		tt.change(&checks)
		long := file
		if tt.name == "long row" {
			long = strings.Replace(file, lines[1500], strings.Repeat("x", 251)+"\n", 1)
		}
		want := read(1, strings.NewReader(long), checks)
		require.NotEmpty(t, want.report.Problems, tt.name)
		require.Equal(t, tt.ends, want.err != "", "%s: %s", tt.name, want.err)
		for _, processors := range []int{2, 8} {
			require.Equal(t, want, read(processors, strings.NewReader(long), checks), tt.name)
			require.Equal(t, want, read(processors, iotest.HalfReader(strings.NewReader(long)), checks), tt.name)
			require.Equal(t, want, read(processors, newChoppy(long, 4000, io.EOF, 8), checks), tt.name)
		}
	}
}
