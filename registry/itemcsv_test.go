package registry

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/internal/realdata"
	"github.com/stretchr/testify/require"
)

// openRealItems opens a real item list; a test without it is skipped.
func openRealItems(t *testing.T) io.Reader {
	t.Helper()
	return bytes.NewReader(realdata.Read(t, "zj_spot_check_items.csv"))
}

// TestReadersOnRealList pins what can be read of a real list, and logs the rest.
func TestReadersOnRealList(t *testing.T) {
	rows, err := csv.NewReader(openRealItems(t)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 80)
	read, refused := map[string]int{}, map[string]int{}
	count := func(field string, err error) {
		if err == nil {
			read[field]++
			return
		}
		var e *ReadError
		require.True(t, errors.As(err, &e))
		refused[field]++
		t.Logf("%s refused: %s — %s: %s", field, e.Text, e.Rest, e.Reason)
	}
	for _, row := range rows[1:] {
		_, err := ReadRatio(row[7])
		count("ratio", err)
		_, err = ReadFrequency(row[8])
		count("frequency", err)
	}
	require.Equal(t, map[string]int{"ratio": 42, "frequency": 69}, read)
	require.Equal(t, map[string]int{"ratio": 37, "frequency": 10}, refused)
}

func TestReadItemsCSVOnRealList(t *testing.T) {
	list, report, err := ReadItemsCSV(openRealItems(t), ItemColumns{
		Name: "item", Part: "subitem", Basis: "basis", Ratio: "ratio", Frequency: "frequency", Methods: "method"})
	require.NoError(t, err)
	require.Equal(t, 79, list.Len())
	require.Equal(t, []int{79, 41, 69, 48}, []int{report.Rows, report.Ratios, report.Frequencies, len(report.Refused)})
	require.Equal(t, []int64{13, 14}, report.YearlyRatio)

	// Read by hand, by the row of the file.
	for _, c := range []struct {
		row              int
		ratio, frequency string
	}{
		{2, "", "city exactly 1 per year; district exactly 1 per month"},
		{4, "city floor 300000ppm/draw", "at least 1 per year"},
		{6, "floor 2000ppm/draw", "at least 2 per year"},
		{8, "fixed 100000ppm/draw", "at least 1 per year"},
		{10, "fixed 50000ppm/draw", "1 to 2 per year"},
		{11, "fixed 50000ppm/draw", "exactly 1 per year"},
		{12, "", ""},
		{13, "fixed 330000ppm/year", ""},
		{15, "fixed 1000000ppm/draw", "exactly 1 per year"},
		{36, "", "at least 1 per year"},
		{48, "floor 30000ppm/draw", "exactly 1 per year"},
		{49, "cap 20000ppm/draw", "at most 2 per year"},
		{55, "cap 100000ppm/year", "at most 2 per licence each 单位"},
		{59, "cap 100000ppm/year", "at most 1 per 2 years each 单位"},
		{63, "cap 300000ppm/year", "at most 2 per filing each 机构"},
		{68, "cap 60000ppm/draw", "at most 2 per year"},
	} {
		item := list.At(c.row - 2)
		require.Equal(t, []string{c.ratio, c.frequency}, []string{item.Ratio.String(), item.Frequency.String()}, "row %d", c.row)
	}
}

func TestReadItemsCSV(t *testing.T) {
	const text = "\uFEFF编号, 事项 ,内容,依据,类别,比例,频次,方式,证件,部门,领域,区划,行业\r\n" +
		"a1,广告检查,登记,\"《广告法》\n第一条\",重点检查事项,不低于3%,每年1次,现场检查；书面检查,执法;食品,C,enterprise,370202;370203,2017:72\r\n" +
		"a2,其他,,,,按计划,1次/年,,,,,,\r\n" +
		"a3,器械,,,general,33%,每年1次33%；或者每年分次达到33%,,,,,,\r\n" +
		"a4,药品,,,,不低于20%,每年2次各10%,,,,,,\r\n"
	columns := ItemColumns{"编号", "事项", "内容", "依据", "类别", "比例", "频次", "方式", "证件", "部门", "领域", "区划", "行业"}
	list, report, err := ReadItemsCSV(strings.NewReader(text), columns)
	require.NoError(t, err)
	ratio, err := ParseRatio("floor 30000ppm/draw")
	require.NoError(t, err)
	frequency, err := ParseFrequency("exactly 1 per year")
	require.NoError(t, err)
	yearly, err := ParseRatio("fixed 330000ppm/year")
	require.NoError(t, err)
	require.Equal(t, Item{ID: "a1", Name: "广告检查：登记", Basis: "《广告法》 第一条", Importance: KeyItem, Ratio: ratio, Frequency: frequency,
		Methods: []string{"现场检查", "书面检查"}, Certificates: []string{"执法", "食品"}, Department: "C",
		Target: Target{[]Domain{Enterprise}, []string{"370202", "370203"}, []Industry{{2017, "72"}}}}, list.At(0))
	require.Equal(t, Item{ID: "a2", Name: "其他", Frequency: frequency}, list.At(1))
	require.Equal(t, Item{ID: "a3", Name: "器械", Importance: GeneralItem, Ratio: yearly}, list.At(2))
	require.Equal(t, []int{4, 2, 2}, []int{report.Rows, report.Ratios, report.Frequencies})
	require.Equal(t, []int64{4}, report.YearlyRatio)
	require.Len(t, report.Refused, 4)
	require.EqualError(t, &report.Refused[0], `registry: item row 3: "a2": ratio "按计划": only a person can read "按计划": refers to a plan`)
	require.Equal(t, "frequency", report.Refused[1].Err.Field)
	require.EqualError(t, &report.Refused[2], `registry: item row 5: "a4": ratio "不低于20%": only a person can read "不低于20%": stands beside a frequency that states another ratio`)
	require.EqualError(t, &report.Refused[3], `registry: item row 5: "a4": frequency "每年2次各10%": only a person can read "各10%": states a ratio, not how often`)
	require.True(t, list.At(3).Ratio.IsZero())
}

func TestReadItemsCSVErrors(t *testing.T) {
	columns := ItemColumns{ID: "id", Name: "name", Ratio: "ratio", Importance: "rank", Domains: "domain", Industries: "industry"}
	const header = "id,name,ratio,rank,domain,industry\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", `registry: item list is empty, expected a header line`},
		{"no column", "id,name\n", `registry: item row 1: no column "rank"`},
		{"column twice", "id,name,ratio,rank,domain,industry,id\n", `registry: item row 1: column "id" stands twice`},
		{"fields", header + "1,a\n", `registry: item row 2: record on line 2: wrong number of fields`},
		{"quotes", header + "1,a\"b,,,,\n", `registry: item row 2: parse error on line 2, column 4: bare " in non-quoted-field`},
		{"no ID", header + ",a,,,,\n", `registry: item row 2: ID is empty`},
		{"no name", header + "1,,,,,\n", `registry: item row 2: "1": name is empty`},
		{"duplicate", header + "1,a,,,,\n2,a,,,,\n1,a,,,,\n", `registry: item row 4: "1": the ID is already in row 2`},
		{"rank", header + "1,a,,非重点,,\n", `registry: item row 2: "1": unknown importance "非重点"`},
		{"domain", header + "1,a,,,firm,\n", `registry: item row 2: "1": unknown domain "firm"`},
		{"industry", header + "1,a,,,,72\n", `registry: item row 2: "1": industry "72": expected an edition and a code, as in 2017:8210`},
		{"UTF-8", header + "1,a\xff,,,,\n", `registry: item row 2: "1": name is not valid UTF-8 at byte 2`},
	} {
		_, _, err := ReadItemsCSV(strings.NewReader(c.text), columns)
		require.EqualError(t, err, c.want, c.name)
	}
	_, _, err := ReadItemsCSV(strings.NewReader(""), ItemColumns{})
	require.EqualError(t, err, `registry: item list is empty, expected a header line`)
	_, _, err = ReadItemsCSV(strings.NewReader("a\n"), ItemColumns{ID: "a"})
	require.EqualError(t, err, `registry: item columns: no column for the name`)
	endless := io.MultiReader(strings.NewReader(header+"1,\""), repeated('x'))
	_, _, err = ReadItemsCSV(endless, columns)
	require.EqualError(t, err, `registry: item list has more than 67108864 bytes`)
}

// FuzzReadItemsCSV reads any list: each ratio and frequency is read or refused, and
// an error names the row.
func FuzzReadItemsCSV(f *testing.F) {
	const header = "id,name,ratio,frequency,rank,industry\n"
	f.Add(header + "1,a,不低于3%,每年1次,重点,2017:72\n2,\"b\nc\",33%,每年1次33%；或者每年分次达到33%,,\n")
	f.Add(header + "1,a,按计划,各10%,,\n1,a,5%,,,\n")
	f.Add("\uFEFFname,id,rank,industry,frequency,ratio\r\nx,y,,,1次/年,2‰\r\n")
	columns := ItemColumns{ID: "id", Name: "name", Importance: "rank", Ratio: "ratio", Frequency: "frequency", Industries: "industry"}
	f.Fuzz(func(t *testing.T, text string) {
		list, report, err := ReadItemsCSV(strings.NewReader(text), columns)
		if err != nil {
			require.Nil(t, list)
			require.Nil(t, report)
			require.Regexp(t, `^registry: item (list is empty|row [1-9][0-9]*: )`, err)
			return
		}
		require.Equal(t, report.Rows, list.Len())
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF"))).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 1+list.Len())
		stated := map[string]int{}
		for i, field := range rows[0] {
			for _, row := range rows[1:] {
				if strings.TrimSpace(joinLines(row[i])) != "" {
					stated[strings.TrimSpace(field)]++
				}
			}
		}
		refused := map[string]int{}
		for _, e := range report.Refused {
			refused[e.Err.Field]++
		}
		require.Equal(t, stated["ratio"], report.Ratios+refused["ratio"])
		require.Equal(t, stated["frequency"], report.Frequencies+refused["frequency"])
		for _, item := range list.All() {
			require.NotEmpty(t, item.ID)
			if again := item.Ratio; !again.IsZero() {
				again, err = ParseRatio(item.Ratio.String())
				require.NoError(t, err)
				require.Equal(t, item.Ratio, again)
			}
		}
	})
}

// repeated is a reader of one character without an end.
type repeated byte

func (r repeated) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(r)
	}
	return len(p), nil
}
