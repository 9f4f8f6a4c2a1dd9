package registry

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func divisionsOf(t testing.TB, list ...Division) *Divisions {
	t.Helper()
	table, err := NewDivisions(slices.Values(list))
	require.NoError(t, err)
	return table
}

// Qingdao as it was re-zoned: a district that ended, a code that came back.
func rezoned(t testing.TB) *Divisions {
	return divisionsOf(t,
		Division{"370205", "四方区", Date{}, mustDate(t, "2012-11-30")},
		Division{"370202", "市南区", Date{}, Date{}},
		Division{"370214", "城阳区", mustDate(t, "1994-06-08"), Date{}},
		Division{"370211", "黄岛区 (新)", mustDate(t, "2012-12-01"), Date{}},
		Division{"370211", "黄岛区", Date{}, mustDate(t, "2012-11-30")},
		Division{"370299", "试验区", mustDate(t, "2010-01-01"), mustDate(t, "2010-12-31")},
		Division{"370299", "试验区二", mustDate(t, "2015-01-01"), mustDate(t, "2015-01-01")},
		Division{"370202001", "八大关街道", Date{}, Date{}},
	)
}

func TestDivisionsFind(t *testing.T) {
	table := rezoned(t)
	for _, c := range []struct {
		code, on string
		name     string
		kind     Kind
	}{
		{"370202", "2024-01-01", "市南区", 0},
		{"370202", "0001-01-01", "市南区", 0},
		{"370202", "", "市南区", 0},
		{"370202001", "2024-01-01", "八大关街道", 0},
		{"370202002", "2024-01-01", "", UnknownDivision},
		{"370205", "2012-11-30", "四方区", 0},
		{"370205", "2012-12-01", "", RetiredDivision},
		{"370205", "", "四方区", 0},
		{"370214", "1994-06-08", "城阳区", 0},
		{"370214", "1994-06-07", "", UnknownDivision},
		{"370214", "", "城阳区", 0},
		{"370211", "2012-11-30", "黄岛区", 0},
		{"370211", "2012-12-01", "黄岛区 (新)", 0},
		{"370211", "", "黄岛区 (新)", 0},
		{"370299", "2009-12-31", "", UnknownDivision},
		{"370299", "2010-01-01", "试验区", 0},
		{"370299", "2010-12-31", "试验区", 0},
		{"370299", "2011-01-01", "", RetiredDivision},
		{"370299", "2014-12-31", "", RetiredDivision},
		{"370299", "2015-01-01", "试验区二", 0},
		{"370299", "2015-01-02", "", RetiredDivision},
		{"370299", "", "试验区二", 0},
		{"370203", "2024-01-01", "", UnknownDivision},
		{"", "2024-01-01", "", UnknownDivision},
		{"3702", "2024-01-01", "", UnknownDivision},
		{"37020a", "2024-01-01", "", UnknownDivision},
		{"000370202", "2024-01-01", "", UnknownDivision},
		{"３７", "2024-01-01", "", UnknownDivision},
	} {
		var on Date
		if c.on != "" {
			on = mustDate(t, c.on)
		}
		require.Equal(t, c.kind, table.kind(c.code, on), "%s on %q", c.code, c.on)
		d, ok := table.Find(c.code, on)
		require.Equal(t, c.kind == 0, ok)
		require.Equal(t, c.name, d.Name, "%s on %q", c.code, c.on)
		if ok {
			require.Equal(t, c.code, d.Code)
			require.True(t, d.ValidOn(on))
		} else {
			require.Zero(t, d)
		}
	}
}

func TestDivisionsAllIsSorted(t *testing.T) {
	table := rezoned(t)
	want := slices.Collect(table.All())
	require.Len(t, want, table.Len())
	require.Equal(t, 8, table.Len())
	var lines []string
	for _, d := range want {
		lines = append(lines, d.String())
	}
	require.Equal(t, []string{
		"370202 市南区 always to open",
		"370202001 八大关街道 always to open",
		"370205 四方区 always to 2012-11-30",
		"370211 黄岛区 always to 2012-11-30",
		"370211 黄岛区 (新) 2012-12-01 to open",
		"370214 城阳区 1994-06-08 to open",
		"370299 试验区 2010-01-01 to 2010-12-31",
		"370299 试验区二 2015-01-01 to 2015-01-01",
	}, lines)

	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		shuffled := slices.Clone(want)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		require.Equal(t, want, slices.Collect(divisionsOf(t, shuffled...).All()))
	}
}

// A town's code may read as the same number as a county's.
func TestDivisionsSameNumber(t *testing.T) {
	table := divisionsOf(t, Division{"000370202", "a", Date{}, Date{}}, Division{"370202", "b", Date{}, Date{}})
	for code, name := range map[string]string{"000370202": "a", "370202": "b"} {
		d, ok := table.Find(code, Date{})
		require.True(t, ok, code)
		require.Equal(t, name, d.Name)
	}
}

func TestDivisionsZero(t *testing.T) {
	var empty Divisions
	require.Zero(t, empty.Len())
	require.Empty(t, slices.Collect(empty.All()))
	require.Equal(t, UnknownDivision, empty.kind("370202", Date{}))
	require.Zero(t, divisionsOf(t).Len())
}

func TestNewDivisionsRejects(t *testing.T) {
	day := func(s string) Date { return mustDate(t, s) }
	good := Division{"370202", "市南区", Date{}, Date{}}
	for _, c := range []struct {
		name string
		list []Division
		want string
	}{
		{"short code", []Division{good, {"3702", "青岛市", Date{}, Date{}}},
			`registry: entry 2 of the divisions, "3702": expected 6 or 9 digits`},
		{"letter", []Division{{"37020a", "市南区", Date{}, Date{}}},
			`registry: entry 1 of the divisions, "37020a": expected 6 or 9 digits`},
		{"no name", []Division{{"370202", "", Date{}, Date{}}},
			`registry: entry 1 of the divisions, "370202": name "": empty`},
		{"control character", []Division{{"370202", "a\tb", Date{}, Date{}}},
			`registry: entry 1 of the divisions, "370202": name "a\tb": has a control character`},
		{"not UTF-8", []Division{{"370202", "a\xff", Date{}, Date{}}},
			`registry: entry 1 of the divisions, "370202": name "a\xff": not UTF-8`},
		{"long name", []Division{{"370202", strings.Repeat("a", 257), Date{}, Date{}}},
			`registry: entry 1 of the divisions, "370202": name "` + strings.Repeat("a", 80) +
				`"… (257 bytes): longer than 256 bytes`},
		{"ends before it begins", []Division{{"370202", "市南区", day("2012-12-01"), day("2012-11-30")}},
			`registry: entry 1 of the divisions, "370202": its last day 2012-11-30 is before its first, 2012-12-01`},
		{"twice", []Division{good, good},
			`registry: division 370202 市南区 always to open overlaps division 370202 市南区 always to open`},
		{"after an open one", []Division{{"370202", "b", day("2020-01-01"), Date{}}, good},
			`registry: division 370202 b 2020-01-01 to open overlaps division 370202 市南区 always to open`},
		{"by one day", []Division{
			{"370202", "b", day("2020-01-01"), Date{}}, {"370202", "a", Date{}, day("2020-01-01")}},
			`registry: division 370202 b 2020-01-01 to open overlaps division 370202 a always to 2020-01-01`},
		{"inside a longer one", []Division{
			{"370202", "a", day("2010-01-01"), day("2019-12-31")}, {"370202", "b", day("2011-01-01"), day("2011-12-31")}},
			`registry: division 370202 b 2011-01-01 to 2011-12-31 overlaps division 370202 a 2010-01-01 to 2019-12-31`},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := NewDivisions(slices.Values(c.list))
			require.EqualError(t, err, c.want)
			require.Nil(t, table)
		})
	}
}

// openTable opens a file of the shared data, unpacked if it ends in .gz, and
// returns its rows without the header; it skips the test if there is none.
func openTable(t testing.TB, name string) *csv.Reader {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "shared", "data", name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("the data file %s is not here", name)
	}
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close() })
	var in io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		in, err = gzip.NewReader(f)
		require.NoError(t, err)
	}
	rows := csv.NewReader(in)
	_, err = rows.Read()
	require.NoError(t, err)
	return rows
}

// tableRows returns the first most rows of a file of the shared data, or all if
// most is 0.
func tableRows(t testing.TB, name string, most int) [][]string {
	t.Helper()
	in := openTable(t, name)
	var rows [][]string
	for most == 0 || len(rows) < most {
		row, err := in.Read()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		rows = append(rows, row)
	}
	return rows
}

// The divisions of 2023 from the shared data: provinces and cities have short
// codes there, and three cities without counties (东莞, 中山, 儋州) are listed among
// the areas too.
func divisions2023(t testing.TB) iter.Seq[Division] {
	return func(yield func(Division) bool) {
		cities := map[string]bool{}
		for _, file := range []struct{ name, zeros string }{
			{"cn_divisions_provinces.csv", "0000"}, {"cn_divisions_cities.csv", "00"},
			{"cn_divisions_areas.csv", ""}, {"cn_divisions_streets.csv.gz", ""},
		} {
			for _, row := range tableRows(t, file.name, 0) {
				code := row[0] + file.zeros
				if file.zeros == "00" {
					cities[code] = true
				} else if cities[code] {
					continue
				}
				if !yield(Division{Code: code, Name: row[1]}) {
					return
				}
			}
		}
	}
}

func TestRealDivisions(t *testing.T) {
	table, err := NewDivisions(divisions2023(t))
	require.NoError(t, err)
	require.Equal(t, 31+342+2978-3+41352, table.Len())
	for code, name := range map[string]string{
		"370000": "山东省", "370200": "青岛市", "370202": "市南区", "370214": "城阳区", "110101001": "东华门街道",
	} {
		d, ok := table.Find(code, mustDate(t, "2023-12-31"))
		require.True(t, ok, code)
		require.Equal(t, name, d.Name)
	}

	codes, absent := 0, 0
	for _, row := range tableRows(t, "cn_registry_shandong.csv.gz", 0) {
		division := DivisionOfCode(row[0])
		if !strings.HasPrefix(division, "37") {
			continue
		}
		codes++
		if table.kind(division, Date{}) != 0 {
			absent++
		}
	}
	t.Logf("%d of Shandong's %d codes carry a division that the list of 2023 lacks: %.2f %%",
		absent, codes, 100*float64(absent)/float64(codes))
	require.Greater(t, codes, 100_000)
	require.Greater(t, absent*100, codes*5)
	require.Less(t, absent*100, codes*9)
}

func FuzzDivisionsFind(f *testing.F) {
	for _, s := range []string{"", "370202", "370202001", "37020", "３７", "999999999", "000370202"} {
		f.Add(s, int32(0))
	}
	f.Add("370299", int32(734500))
	f.Fuzz(func(t *testing.T, code string, day int32) {
		on := Date{1}.AddDays(int(day))
		table := rezoned(t)
		found := Division{}
		for d := range table.All() { // the table's own rows are the reference
			if d.Code == code && d.ValidOn(on) {
				found = d
			}
		}
		d, ok := table.Find(code, on)
		require.Equal(t, found, d)
		require.Equal(t, found != Division{}, ok)
	})
}
