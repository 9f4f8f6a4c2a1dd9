package registry

import (
	"bytes"
	"encoding/csv"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// readEachByItself imports a table as ReadCSV does, with each record going the
// whole way through the importer. The table is one that encoding/csv reads.
func readEachByItself(t *testing.T, table string, columns Columns, c Checks) (*Registry, *Report, error) {
	t.Helper()
	im, err := newImporter(c)
	require.NoError(t, err)
	r := csv.NewReader(strings.NewReader(table))
	header, err := r.Read()
	require.NoError(t, err)
	reader, err := newTableReader(columns, header, im)
	require.NoError(t, err)
	row := reader.newRow()
	for n := int64(2); ; n++ {
		record, err := r.Read()
		if err == io.EOF {
			return im.finish()
		}
		require.NoError(t, err)
		reader.read(record, &row)
		if err := im.text(n, &row); err != nil {
			return nil, im.report, err
		}
	}
}

// mixedColumns are values right and wrong for each column of a table. The first
// ones are taken most.
var mixedColumns = [...]struct {
	name   string
	values []string
}{
	{"id", nil},
	{"name", []string{"青岛啤酒", "一木实业有限公司", "", "a\x01", "\xff", "a\u2028b", strings.Repeat("长", 2000)}},
	{"domain", []string{"企业", "", "other", "company"}},
	{"division", []string{"370202", "370203", "", "370202001", "３７０２０２", "37020x", "370299", "370201"}},
	{"industry", []string{"5211", "2017:5212", "", "2011:5211", "9999", "x"}},
	{"status", []string{"存续", "注销", "", "gone"}},
	{"founded", []string{"2001-02-28", "", "2001-02-29", "1999-1-1", "2020-12-31"}},
	{"inspected", []string{"", "2023-07-01", "tomorrow"}},
	{"a", []string{"1", "", strings.Repeat("x", 200), "\x7f"}},
	{"b", []string{"", "值", "\x80", strings.Repeat("y", maxAttributeValue+1)}},
}

// mixedTable is a table of n records.
func mixedTable(random *rand.Rand, n int) string {
	var ids []string
	for r := range city(n) {
		ids = append(ids, r.id)
	}
	pick := func(values []string) string {
		if random.IntN(12) > 0 {
			values = values[:2]
		}
		return values[random.IntN(len(values))]
	}
	var b strings.Builder
	for i, c := range mixedColumns {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(c.name)
	}
	for i := range n {
		b.WriteByte('\n')
		id := ids[i]
		mixed := []string{id, id, strings.ToLower(id), id[:17] + "０", id[:17] + "Z", id[:16] + "0" + id[17:], id[:15], "", " ", ids[random.IntN(n)], ids[i/2]}
		b.WriteString(pick(mixed))
		for _, c := range mixedColumns[1:] {
			b.WriteByte(',')
			b.WriteString(pick(c.values))
		}
	}
	b.WriteByte('\n')
	return b.String()
}

// TestCleanRecords compares ReadCSV, where most records go a shorter way, with
// records that all go the whole way: registry, report and error are the same.
func TestCleanRecords(t *testing.T) {
	all := Columns{
		ID: "id", Name: "name", Domain: "domain", Division: "division", Industry: "industry", Edition: 2017,
		Status: "status", Founded: "founded", LastInspected: "inspected", Attributes: []string{"a", "b"},
	}
	few := Columns{ID: "id", Name: "name", Attributes: []string{"b"}}
	old := cityChecks()
	old.Divisions, _ = NewDivisions(func(yield func(Division) bool) {
		_ = yield(Division{Code: "370202", Name: "市南区"}) && yield(Division{Code: "370201", Name: "旧区", To: dayOf(t, "2000-01-01")})
	})
	keep := map[Kind]Action{}
	for _, kind := range Kinds() {
		if mayKeep(kind) {
			keep[kind] = Keep
		}
	}
	with := func(c Checks, change func(*Checks)) Checks {
		change(&c)
		return c
	}
	random := rand.New(rand.NewPCG(8, 9))
	for _, tt := range []struct {
		name    string
		columns Columns
		checks  Checks
		ends    bool
	}{
		{"all columns", all, cityChecks(), false},
		{"few columns", few, cityChecks(), false},
		{"any ID", all, Checks{}, false},
		{"any ID, few columns", few, Checks{}, false},
		{"retired", all, old, false},
		{"kept", all, with(old, func(c *Checks) { c.Actions = keep }), false},
		{"few reported", all, with(old, func(c *Checks) { c.MaxReported = 3 }), false},
		{"stop", all, with(old, func(c *Checks) { c.Actions = map[Kind]Action{DuplicateID: Stop} }), true},
		{"rows", all, with(old, func(c *Checks) { c.MaxRows = 1234 }), true},
	} {
		table := mixedTable(random, 3000)
		want, wantReport, wantErr := readEachByItself(t, table, tt.columns, tt.checks)
		require.Equal(t, tt.ends, wantErr != nil, "%s: %v", tt.name, wantErr)
		require.NotZero(t, wantReport.Kept, tt.name)
		require.NotZero(t, wantReport.Rejected, tt.name)
		for _, processors := range []int{1, 2} {
			before := runtime.GOMAXPROCS(processors)
			got, report, err := ReadCSV(strings.NewReader(table), tt.columns, tt.checks)
			runtime.GOMAXPROCS(before)
			require.Equal(t, wantErr, err, tt.name)
			require.Equal(t, wantReport, report, tt.name)
			if err != nil {
				require.Nil(t, got)
				continue
			}
			require.Equal(t, want.divisionTable, got.divisionTable, tt.name)
			require.Equal(t, want.industryTable, got.industryTable, tt.name)
			require.Equal(t, want.Len(), got.Len(), tt.name)
			for i, e := range want.All() {
				require.Equal(t, plain(e), plain(got.At(i)), tt.name)
				require.True(t, e.Attributes.Equal(got.At(i).Attributes), "%s: row %d", tt.name, i)
				row, ok := got.Row(e.ID)
				require.True(t, ok)
				require.Equal(t, i, row)
			}
		}
	}
}

// TestMostRecordsAreClean has the shorter way taken by what is right: no
// problem, nothing folded, and all but the first of each division and industry.
func TestMostRecordsAreClean(t *testing.T) {
	im, err := newImporter(cityChecks())
	require.NoError(t, err)
	s := newRecordReader(bytes.NewReader(cityCSV(1000)), 1<<20)
	header, err := s.read()
	require.NoError(t, err)
	table, err := newTableReader(cityColumns, header, im)
	require.NoError(t, err)
	c := newRecordChecker(table, im)
	var b recordBatch
	for !b.ended() {
		s.fill(&b, len(header))
		c.check(&b)
		for i := range b.rows {
			require.True(t, b.checked[i].clean, "%q", b.record(i))
		}
	}
}

// TestReadCSVMaxRows has a clean record over the limit.
func TestReadCSVMaxRows(t *testing.T) {
	checks := cityChecks()
	checks.MaxRows = 50
	reg, report, err := ReadCSV(bytes.NewReader(cityCSV(100)), cityColumns, checks)
	require.EqualError(t, err, "registry: row 52: more than 50 rows")
	require.Nil(t, reg)
	require.EqualValues(t, 50, report.Rows)
	require.EqualValues(t, 50, report.Kept)
}

// TestBatchesPanicInChecks has a fault of our own in the checks of the goroutine
// that reads ahead: it comes up in the caller's.
func TestBatchesPanicInChecks(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	checked := make(chan bool)
	check := func(*recordBatch) {
		close(checked)
		panic("a fault")
	}
	s := newBatchSource(newRecordReader(strings.NewReader(strings.Repeat("0123456789\n", batchSize)), 1<<20), 1, check)
	defer s.stop()
	s.next()
	<-checked // for the third batch, as the second waits for the caller
	require.PanicsWithValue(t, "a fault", func() {
		for {
			s.next()
		}
	})
}
