package registry

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/doublerandom/doublerandom/internal/realdata"
	"github.com/stretchr/testify/require"
)

func TestReadCSV(t *testing.T) {
	want := []Entity{
		{ID: "a1", Name: "青岛, 公平", Founded: dayOf(t, "1980-01-22"), Status: Closed},
		{ID: "a2", Name: `"一木" 集团`},
	}
	columns := Columns{ID: "id", Name: "name", Founded: "reg_date", Status: "状态", Attributes: []string{"capital"}}
	const file = "id,name,other,reg_date,状态,capital\n" +
		"a1,\"青岛, 公平\",\"x\ny\",1980-01-22,注销,640\n" +
		"\n" +
		"a2,\"\"\"一木\"\" 集团\",,,,\n"
	for name, in := range map[string]io.Reader{
		"LF":                  strings.NewReader(file),
		"CR LF":               strings.NewReader(strings.ReplaceAll(file, "\n", "\r\n")),
		"mark":                strings.NewReader("\uFEFF" + file),
		"no last line end":    strings.NewReader(strings.TrimSuffix(file, "\n")),
		"no last LF":          strings.NewReader(strings.TrimSuffix(file, "\n") + "\r"),
		"blank lines":         strings.NewReader(file + "\n\r\n\n"),
		"byte by byte":        iotest.OneByteReader(strings.NewReader(file)),
		"half by half":        iotest.HalfReader(strings.NewReader(file)),
		"data with the end":   iotest.DataErrReader(strings.NewReader(file)),
		"wrapped, as for GBK": &narrowing{strings.NewReader(strings.ReplaceAll(file, "青", "@"))},
	} {
		reg, report, err := ReadCSV(in, columns, Checks{})
		require.NoError(t, err, name)
		require.Equal(t, &Report{Rows: 2, Kept: 2}, report, name)
		for i := range want {
			require.Equal(t, want[i], plain(reg.At(i)), name)
		}
		v, ok := reg.At(0).Attributes.Value("capital")
		require.True(t, ok)
		require.Equal(t, "640", v)
		require.Zero(t, reg.At(1).Attributes.Len(), "an empty cell is no attribute")
	}
}

// narrowing stands for the reader of another encoding that a caller wraps.
type narrowing struct{ r io.Reader }

func (n *narrowing) Read(p []byte) (int, error) {
	k, err := n.r.Read(p[:len(p)/3])
	return copy(p, bytes.ReplaceAll(bytes.Clone(p[:k]), []byte("@"), []byte("青"))), err
}

func TestReadCSVTakesFromCode(t *testing.T) {
	const file = "id,division,domain\n" + goodCode + ",370203,\n12370202MB2857286X,,事业单位\n"
	columns := Columns{ID: "id"}
	reg, _, err := ReadCSV(strings.NewReader("id\n"+goodCode+"\n"), columns, Checks{Codes: true})
	require.NoError(t, err)
	require.Equal(t, Entity{ID: goodCode, Domain: Enterprise, Division: "370200"}, plain(reg.At(0)))

	reg, _, err = ReadCSV(strings.NewReader("id\n"+goodCode+"\n"), columns, Checks{})
	require.NoError(t, err)
	require.Equal(t, Entity{ID: goodCode}, plain(reg.At(0)), "only with Codes")

	columns.Division, columns.Domain = "division", "domain"
	reg, _, err = ReadCSV(strings.NewReader(file), columns, Checks{Codes: true, Actions: map[Kind]Action{CodeCheck: Keep}})
	require.NoError(t, err)
	require.Equal(t, Entity{ID: goodCode, Division: "370203"}, plain(reg.At(0)), "the columns stand, even if empty")
	require.Equal(t, Entity{ID: "12370202MB2857286X", Domain: Institution}, plain(reg.At(1)))
}

func TestReadCSVBadRows(t *testing.T) {
	const file = "id,name\n" +
		"a\n" + // 2
		"b,\"x\"y\n" + // 3
		"c,x\"y\n" + // 4
		"\n" + // 5
		"d,1,2\n" + // 6
		"e,fine\n" + // 7
		"\"f\",\"fine\"\r\n" + // 8
		"g,\"no end\nh,more\n" // 9
	reg, report, err := ReadCSV(strings.NewReader(file), Columns{ID: "id", Name: "name"}, Checks{})
	require.NoError(t, err)
	requireAddsUp(t, reg, report, Checks{})
	require.Equal(t, 2, reg.Len())
	require.Equal(t, []Problem{
		{2, "", BadRow, "1 fields, expected 2 as in the header"},
		{3, "", BadRow, "field 2: text after the closing quote"},
		{4, "", BadRow, "field 2: a quote inside a field that does not begin with one"},
		{6, "", BadRow, "3 fields, expected 2 as in the header"},
		{9, "", BadRow, "field 2: no closing quote before the end of the file"},
	}, report.Problems)
	_, ok := reg.Lookup("f")
	require.True(t, ok)

	_, report, err = ReadCSV(strings.NewReader(file), Columns{ID: "id"}, Checks{Actions: map[Kind]Action{BadRow: Stop}})
	require.EqualError(t, err, "registry: row 2: bad-row: 1 fields, expected 2 as in the header")
	require.Equal(t, int64(1), report.Rows)
}

func TestReadCSVBadHeader(t *testing.T) {
	many := "c0"
	for i := range 50 {
		many += fmt.Sprintf(",c%d", i+1)
	}
	columns := Columns{ID: "uscc", Name: "name", Attributes: []string{"capital"}}
	for _, c := range []struct {
		name, file string
		columns    Columns
		want       string
	}{
		{"empty", "", columns, "registry: no header: the file is empty"},
		{"blank", "\n\r\n\n", columns, "registry: no header: the file is empty"},
		{"mark only", "\uFEFF", columns, "registry: no header: the file is empty"},
		{"missing", "uscc,Name,x\n", columns, `registry: header: no column "name", "capital" among "uscc", "Name", "x"`},
		{"many", many + "\n", Columns{ID: "uscc"}, `registry: header: no column "uscc" among ` +
			`"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c12", "c13", "c14", "c15", "c16", "c17", "c18", "c19", ` +
			`"c20", "c21", "c22", "c23", "c24", "c25", "c26", "c27", "c28", "c29", "c30", "c31", "c32", "c33", "c34", "c35", "c36", "c37", "c38", "c39" and 11 more`},
		{"twice", "uscc,name,capital,name\n", columns, `registry: header: column "name" is there twice`},
		{"quotes", "uscc,\"name\n", columns, "registry: header: field 2: no closing quote before the end of the file"},
		{"too long", strings.Repeat("x", 2000), columns, "registry: header: more than 1000 bytes"},
		{"no ID", "uscc\n", Columns{}, "registry: columns: no column for the ID"},
		{"edition", "uscc\n", Columns{ID: "uscc", Edition: 17}, "registry: columns: edition 17: expected a year from 1900 to 2100"},
		{"binary", "\x7fELF\x02\x01\x01\x00\x00\xff\xfe\n", Columns{ID: "uscc"}, `registry: header: no column "uscc" among "\x7fELF\x02\x01\x01\x00\x00\xff\xfe"`},
	} {
		reg, report, err := ReadCSV(strings.NewReader(c.file), c.columns, Checks{MaxRow: 1000})
		require.EqualError(t, err, c.want, c.name)
		require.Nil(t, reg, c.name)
		require.Nil(t, report, c.name)
	}
	broken := errors.New("disk full of holes")
	_, _, err := ReadCSV(iotest.ErrReader(broken), columns, Checks{})
	require.ErrorIs(t, err, broken)
	require.EqualError(t, err, "registry: header: disk full of holes")
}

func TestReadCSVReaderError(t *testing.T) {
	broken := errors.New("line dropped")
	for _, tail := range []string{"", "b", "b\n", "\"b", "\"b\"", "\"b\"\n", "\"b\"\r", "\"b\"\r\n", "\"\"\"", "x\"", "b\n\"c"} {
		reg, report, err := ReadCSV(io.MultiReader(strings.NewReader("id\na\n"+tail), iotest.ErrReader(broken)), Columns{ID: "id"}, Checks{})
		require.Nil(t, reg)
		require.ErrorIs(t, err, broken, tail)
		require.Equal(t, report.Rows+2, int64(2+strings.Count("a\n"+tail, "\n")), "a row that may be cut is not taken: %q", tail)
		require.EqualError(t, err, fmt.Sprintf("registry: row %d: line dropped", report.Rows+2))
	}
	// A record over two lines, whose last quote may have been the first of a pair, or whose end was cut off.
	for _, tail := range []string{"\"b\nc\"", "\"b\nc", "\"b\nc\"\r", "\"b\nc\"\""} {
		_, report, err := ReadCSV(io.MultiReader(strings.NewReader("id\na\n"+tail), iotest.ErrReader(broken)), Columns{ID: "id"}, Checks{})
		require.EqualError(t, err, "registry: row 3: line dropped", "%q", tail)
		require.Equal(t, int64(1), report.Rows, "%q", tail)
	}
	_, report, err := ReadCSV(io.MultiReader(strings.NewReader("id\na\n"), stuck{}), Columns{ID: "id"}, Checks{})
	require.ErrorIs(t, err, io.ErrNoProgress)
	require.Equal(t, int64(1), report.Rows)
}

// stuck is a reader that never gives anything.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

// endless repeats a text for ever.
type endless struct {
	text string
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.text[e.at:])
	e.at = (e.at + n) % len(e.text)
	return n, nil
}

// counted counts what is read.
type counted struct {
	r io.Reader
	n int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

// TestReadCSVEndlessRow reads files that never end in one row, quoted or not.
func TestReadCSVEndlessRow(t *testing.T) {
	for name, text := range map[string]string{
		"one field": "x", "fields": "x,", "quotes": `""`, "quoted lines": "\"a\n\",", "bad quote": `x"`, "open quote": "\"a\nb", "NUL": "\x00", "CR": "\r",
	} {
		for _, max := range []int{1, 1000, 100_000, 1 << 20} {
			start := "\n"
			if name == "open quote" {
				start, text = "\n\"", "a\nb"
			}
			in := &counted{r: io.MultiReader(strings.NewReader("i"+start), &endless{text: text})}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			reg, report, err := ReadCSV(in, Columns{ID: "i"}, Checks{MaxRow: max})
			runtime.ReadMemStats(&after)
			require.EqualError(t, err, fmt.Sprintf("registry: row 2: row-too-long: more than %d bytes", max), name)
			require.Nil(t, reg)
			require.Equal(t, int64(1), report.Rows)
			require.Equal(t, int64(1), report.Count(RowTooLong))
			requireAddsUp(t, nil, report, Checks{})
			require.LessOrEqual(t, in.n, 4*max+3*blockSize, name)
			require.LessOrEqual(t, after.TotalAlloc-before.TotalAlloc, uint64(100*max+60*blockSize), name)
		}
	}
}

func TestReadCSVLongestRow(t *testing.T) {
	columns := Columns{ID: "i", Name: "n"}
	for _, end := range []string{"\n", "\r\n", ""} {
		for _, quote := range []string{"", `"`} {
			row := func(n int) string {
				return "i,n\na," + quote + strings.Repeat("x", n-2-2*len(quote)) + quote + end
			}
			_, report, err := ReadCSV(strings.NewReader(row(1000)), columns, Checks{MaxRow: 1000})
			require.NoError(t, err)
			require.Equal(t, int64(1), report.Kept)
			_, _, err = ReadCSV(strings.NewReader(row(1001)), columns, Checks{MaxRow: 1000})
			require.EqualError(t, err, "registry: row 2: row-too-long: more than 1000 bytes")
			var problem *Problem
			require.True(t, errors.As(err, &problem))
		}
	}
}

// TestBadRowsKeepOrder shows that rows held back in a batch come before the one
// that is reported.
func TestBadRowsKeepOrder(t *testing.T) {
	var file strings.Builder
	file.WriteString("id\n")
	for i := range 200 {
		switch {
		case i%37 == 36:
			file.WriteString("x,y\n")
		case i%5 == 0:
			file.WriteString("same\n")
		default:
			fmt.Fprintf(&file, "id-%d\n", i)
		}
	}
	reg, report, err := ReadCSV(strings.NewReader(file.String()), Columns{ID: "id"}, Checks{})
	require.NoError(t, err)
	requireAddsUp(t, reg, report, Checks{})
	require.Equal(t, int64(5), report.Count(BadRow))
	_, report, err = ReadCSV(strings.NewReader(file.String()), Columns{ID: "id"}, Checks{Actions: map[Kind]Action{DuplicateID: Stop}})
	require.EqualError(t, err, `registry: row 7: duplicate-id: "same": seen before, with the name ""`)
	require.Equal(t, int64(6), report.Rows)
}

// FuzzReadCSV reads any text: it may be wrong, but the report adds up, and what
// was kept is found.
func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("id,name,division,industry,status,founded,x\n"+goodCode+",青岛,370202,5211,存续,1980-01-22,640\n"), true)
	f.Add([]byte("\uFEFFid,name,division,industry,status,founded,x\r\n\"a\",\"b\"\"\",,,,,\r\n\r\na,,,,,,\n"), false)
	f.Add([]byte("id\n"), false)
	f.Fuzz(func(t *testing.T, file []byte, codes bool) {
		columns := Columns{ID: "id", Name: "name", Division: "division", Industry: "industry", Edition: 2017, Status: "status", Founded: "founded", Attributes: []string{"x"}}
		checks := Checks{Codes: codes, MaxRow: 500, MaxReported: 3}
		reg, report, err := ReadCSV(bytes.NewReader(file), columns, checks)
		if report == nil {
			require.Error(t, err)
			return
		}
		requireAddsUp(t, reg, report, checks)
		require.Equal(t, err != nil, reg == nil)
	})
}

// TestConcurrentReads is for the race detector.
func TestConcurrentReads(t *testing.T) {
	reg, _, err := ReadCSV(bytes.NewReader(cityCSV(9000)), cityColumns, cityChecks())
	require.NoError(t, err)
	require.Equal(t, 9000, reg.Len())
	var wait sync.WaitGroup
	for range 4 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i, e := range reg.All() {
				row, ok := reg.Row(e.ID)
				capital, ok2 := e.Attributes.Value("capital_wan")
				if !ok || !ok2 || row != i || capital == "" {
					t.Errorf("row %d: %d, %q", i, row, capital)
					return
				}
			}
		}()
	}
	wait.Wait()
}

// TestCity compares every field of a generated city with what was generated.
func TestCity(t *testing.T) {
	reg, report, err := ReadCSV(bytes.NewReader(cityCSV(10_000)), cityColumns, cityChecks())
	require.NoError(t, err)
	require.Equal(t, &Report{Rows: 10_000, Kept: 10_000}, report)
	i := 0
	for row := range city(10_000) {
		e := reg.At(i)
		status, _ := statusOfText(row.status)
		require.Equal(t, Entity{
			ID: row.id, Name: row.name, Domain: Enterprise, Division: row.division, Industry: Industry{2017, row.industry},
			Status: status, Founded: dayOf(t, row.founded),
		}, plain(e))
		v, _ := e.Attributes.Value("capital_wan")
		require.Equal(t, row.capital, v)
		i++
	}
}

// TestQingdao imports a real registry where it is at hand.
func TestQingdao(t *testing.T) {
	text := bytes.NewReader(realdata.Read(t, "cn_registry_qingdao.csv.gz"))
	columns, err := ParseColumns("id=uscc,name=name,founded=reg_date,attr=capital_wan,attr=type")
	require.NoError(t, err)
	checks := Checks{Codes: true}
	reg, report, err := ReadCSV(text, columns, checks)
	require.NoError(t, err)
	requireAddsUp(t, reg, report, checks)
	t.Logf("\n%s", report)
	require.Equal(t, int64(15_373), report.Rows)
	require.Less(t, report.Rejected, report.Rows/20)
	e, ok := reg.Lookup(goodCode)
	require.True(t, ok)
	require.Equal(t, "青岛公平衡器总公司", e.Name)
	require.Equal(t, "370200", e.Division)
	require.Equal(t, "1980-01-22", e.Founded.String())
}
