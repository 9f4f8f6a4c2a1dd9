package xlsx

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/doublerandom/doublerandom/registry"
)

// directory returns a workbook as officials keep it: a title over merged cells, a note, a
// header with line breaks, two sheets, a sheet of instructions, blank rows, and damaged cells.
func directory(t testing.TB) []byte {
	first := sheetOf{"企业名录", [][]any{
		{"青岛市市场主体名录"},
		{"填报单位：市市场监管局"},
		{"序号", "统一社会信用代码\n（必填）", "企业名称", "行政区划代码", "行业代码", "登记状态", "成立日期", "注册资本"},
		{1, code(t, 1), "青岛一号公司", 370202, "8210", "存续", time.Date(2020, 3, 1, 0, 0, 0, 0, time.UTC), "100"},
		{2, code(t, 2), "青岛二号\n公司", "370202", "8210", "注销", "2020年3月1日", 250},
		{},
		{3, 913702021234567890.0, "青岛三号公司", "370202", "8210", "存续", "2020/12/31", ""},
		{4, code(t, 4), "青岛四号公司", "370202", "8210", "存续", 43891, ""},
		{5, "9.13702E+17", "青岛五号公司", "370202", "8210", "存续", "", ""},
		{6, code(t, 6), "青岛六号公司", "370202", "8210", "存续", "2020-02-30", ""},
	}}
	second := sheetOf{"企业名录（续）", [][]any{
		{"企业名称", "统一社会信用代码"},
		{"青岛七号公司", code(t, 7)},
		{"青岛一号公司", code(t, 1)},
	}}
	return bookOf(t, func(f *excelize.File) {
		require.NoError(t, f.MergeCell("企业名录", "A1", "H1"))
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: ptr("yyyy-mm-dd")})
		require.NoError(t, err)
		require.NoError(t, f.SetCellStyle("企业名录", "G4", "G4", style))
	}, sheetOf{"填表说明", [][]any{{"请如实填写"}}}, first, second)
}

func ptr[T any](v T) *T { return &v }

func names() Headers {
	h := EntityHeaders()
	h["capital"] = []string{"注册资本"}
	return h
}

func TestReadEntities(t *testing.T) {
	reg, report, err := open(t, directory(t)).ReadEntities(names(), 2017, registry.Checks{Codes: true})
	require.NoError(t, err)
	require.Equal(t, []Place{{"企业名录", 3}, {"企业名录（续）", 1}}, report.Headers)
	require.Equal(t, `8 rows: 3 kept, 5 rejected; 3 dates of Excel's
  bad-row              3
  duplicate-id         1
  bad-date             1
  企业名录!7: bad-row: cell B7: "9.13702021234568E+17" is a number in scientific notation: Excel keeps 15 digits, the others are lost; format the column as text and enter the code again
  企业名录!8: bad-row: cell G8: "43891" is a number without a date's format: enter the day as YYYY-MM-DD
  企业名录!9: bad-row: cell B9: "9.13702E+17" is a number in scientific notation: Excel keeps 15 digits, the others are lost; format the column as text and enter the code again
  企业名录!10: bad-date: founded: date "2020-02-30": day 30 is outside 1–29 of February 2020
  企业名录（续）!3: duplicate-id: seen before, with the name "青岛一号公司"
`, report.String())
	require.Equal(t, 3, reg.Len())
	e := reg.At(0)
	require.Equal(t, "青岛一号公司 370202 8210 active 2020-03-01", fmt.Sprint(e.Name, " ", e.Division, " ", e.Industry.Code, " ", e.Status, " ", e.Founded))
	capital, _ := e.Attributes.Value("capital")
	require.Equal(t, "100", capital)
	e = reg.At(1)
	require.Equal(t, "青岛二号公司 closed 2020-03-01", fmt.Sprint(e.Name, " ", e.Status, " ", e.Founded))
	require.Equal(t, code(t, 7), reg.At(2).ID)
	require.Equal(t, "370202", reg.At(2).Division) // from the code
	for row, want := range map[int64]string{1: "企业名录!4", 3: "企业名录!7", 6: "企业名录!10", 8: "企业名录（续）!3"} {
		place, ok := report.Place(row)
		require.True(t, ok)
		require.Equal(t, want, place.String())
	}
	for _, row := range []int64{0, -1, 9} {
		_, ok := report.Place(row)
		require.False(t, ok)
	}
}

// TestDays reads dates of both of Excel's calendars.
func TestDays(t *testing.T) {
	for _, c := range []struct {
		date1904 bool
		number   float64
		want     string
	}{
		{false, 43891, "2020-03-01"}, {true, 43891 - 1462, "2020-03-01"}, {false, 43891.75, "2020-03-01"}, {false, 1, "1900-01-01"},
		{false, 61, "1900-03-01"}, {false, 60, "bad"}, {false, 0, "bad"}, {false, -5, "bad"}, {false, 3e6, "bad"},
	} {
		book := bookOf(t, func(f *excelize.File) {
			require.NoError(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &c.date1904}))
			style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
			require.NoError(t, err)
			require.NoError(t, f.SetCellStyle("a", "B2", "B2", style))
		}, sheetOf{"a", [][]any{{"id", "成立日期"}, {"x", c.number}}})
		reg, report, err := open(t, book).ReadEntities(EntityHeaders(), 2017, registry.Checks{})
		require.NoError(t, err)
		if c.want == "bad" {
			require.EqualValues(t, 1, report.Rejected, "%v %s", c.number, report)
			continue
		}
		require.Equal(t, 1, reg.Len(), "%v %s", c.number, report)
		require.Equal(t, c.want, reg.At(0).Founded.String())
	}
}

func TestCode(t *testing.T) {
	for _, c := range []struct{ stored, shown, text, wrong string }{
		{"370202", "370202", "370202", ""},
		{" 91370202MA3C000019 ", " 91370202MA3C000019 ", "91370202MA3C000019", ""},
		{"111", "0111", "0111", ""}, // the format 0000
		{"111", "111", "111", ""},   // a lost zero is for the registry's table to find
		{"370202", "370,202", "", `is a number that is shown as "370,202": format the column as text and enter the code again`},
		{"913702021234567000", "9.13702E+17", "", "is a number in scientific notation: Excel keeps 15 digits, the others are lost; format the column as text and enter the code again"},
		{"913702021234567000", "913702021234567,000", "", "is a number of more than 15 digits, of which Excel keeps 15: format the column as text and enter the code again"},
		{"", "", "", ""},
	} {
		text, wrong := cell{c.stored, c.shown}.code()
		require.Equal(t, c.text, text)
		require.Equal(t, c.wrong, wrong)
	}
}

// errorsOf opens the marked workbook of the directory under checks.
func errorsOf(t *testing.T, c registry.Checks) *excelize.File {
	t.Helper()
	w := open(t, directory(t))
	_, report, err := w.ReadEntities(names(), 2017, c)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, w.WriteErrors(&out, report))
	f, err := excelize.OpenReader(&out)
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestWriteErrors(t *testing.T) {
	f := errorsOf(t, registry.Checks{Codes: true})
	require.Equal(t, []string{"汇总", "问题 企业名录", "问题 企业名录（续）"}, f.GetSheetList())
	summary, err := f.GetRows("汇总")
	require.NoError(t, err)
	require.Equal(t, [][]string{{"整行无法读取", "bad-row", "3"}, {"代码重复", "duplicate-id", "1"}, {"日期有误", "bad-date", "1"}}, summary[3:])
	rows, err := f.GetRows("问题 企业名录")
	require.NoError(t, err)
	require.Equal(t, []string{"行号", "问题", "说明", "序号", "统一社会信用代码（必填）", "企业名称", "行政区划代码", "行业代码", "登记状态", "成立日期", "注册资本"}, rows[2])
	require.Len(t, rows, 7)
	require.Equal(t, []string{"10", "日期有误", `founded: date "2020-02-30": day 30 is outside 1–29 of February 2020`, "6", code(t, 6), "青岛六号公司", "370202", "8210", "存续", "2020-02-30"}, rows[6])
	// The wrong cells are marked, and no others.
	for cell, marked := range map[string]bool{"E4": true, "F4": false, "J5": true, "E5": false, "E6": true, "J7": true, "A7": false} {
		id, err := f.GetCellStyle("问题 企业名录", cell)
		require.NoError(t, err)
		style, err := f.GetStyle(id)
		require.NoError(t, err)
		require.Equal(t, marked, style.Fill.Pattern == 1, cell)
	}
}

// TestWriteErrorsCut has problems beyond the limit, which are counted.
func TestWriteErrorsCut(t *testing.T) {
	f := errorsOf(t, registry.Checks{Codes: true, MaxReported: 2})
	summary, err := f.GetRows("汇总")
	require.NoError(t, err)
	require.Equal(t, []string{"以下各表只列出前若干条", "", "2"}, summary[len(summary)-1])
}

func TestReadEntitiesStops(t *testing.T) {
	w := open(t, directory(t))
	reg, report, err := w.ReadEntities(names(), 2017, registry.Checks{Codes: true, Actions: map[registry.Kind]registry.Action{registry.BadRow: registry.Stop}})
	require.Nil(t, reg)
	require.ErrorContains(t, err, "cell B7")
	require.EqualValues(t, 3, report.Rows)
}

func TestTooManyColumns(t *testing.T) {
	row := make([]any, maxColumns+1)
	for i := range row {
		row[i] = "x"
	}
	w := open(t, bookOf(t, nil, sheetOf{"a", [][]any{{"id"}, row}}))
	_, _, err := w.ReadEntities(EntityHeaders(), 2017, registry.Checks{})
	require.EqualError(t, err, `registry: row 1: xlsx: sheet "a" row 2: 1001 columns, expected at most 1000`)
}

// FuzzReadEntities reads any bytes: nothing panics, and what is read adds up.
func FuzzReadEntities(f *testing.F) {
	f.Add(directory(f))
	f.Add(bookOf(f, nil, sheetOf{"a", [][]any{{"id"}, {"x"}}}))
	f.Fuzz(func(t *testing.T, book []byte) {
		w, err := Open(bytes.NewReader(book))
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "xlsx: "), err)
			return
		}
		defer w.Close()
		reg, report, err := w.ReadEntities(names(), 2017, registry.Checks{Codes: true})
		if err == nil {
			require.EqualValues(t, reg.Len(), report.Kept)
			require.Equal(t, report.Rows, report.Kept+report.Rejected)
		}
	})
}
