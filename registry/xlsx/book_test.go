package xlsx

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/doublerandom/doublerandom/registry"
)

// A sheetOf is a sheet of a test's workbook: its rows, with cells of any type.
type sheetOf struct {
	name string
	rows [][]any
}

// bookOf returns a workbook; change may change it before it is written.
func bookOf(t testing.TB, change func(*excelize.File), sheets ...sheetOf) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, s := range sheets {
		if i == 0 {
			require.NoError(t, f.SetSheetName("Sheet1", s.name))
		} else {
			_, err := f.NewSheet(s.name)
			require.NoError(t, err)
		}
		for r, row := range s.rows {
			for c, v := range row {
				name, err := excelize.CoordinatesToCellName(c+1, r+1)
				require.NoError(t, err)
				require.NoError(t, f.SetCellValue(s.name, name, v))
			}
		}
	}
	if change != nil {
		change(f)
	}
	var out bytes.Buffer
	require.NoError(t, f.Write(&out))
	return out.Bytes()
}

func open(t testing.TB, book []byte) *Workbook {
	t.Helper()
	w, err := Open(bytes.NewReader(book))
	require.NoError(t, err)
	t.Cleanup(func() { _ = w.Close() })
	return w
}

// code returns a valid unified social credit code with the given number in it.
func code(t testing.TB, n int) string {
	t.Helper()
	const digits = "0123456789"
	organisation := []byte("MA3C0000")
	for i := 7; n > 0; i, n = i-1, n/10 {
		organisation[i] = digits[n%10]
	}
	for _, c := range "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
		nine := string(organisation) + string(c)
		if registry.CheckOrganisationCode(nine) == nil {
			check, err := registry.CheckDigit("91370202" + nine)
			require.NoError(t, err)
			return "91370202" + nine + string(check)
		}
	}
	t.Fatal("no code")
	return ""
}

func TestOpenRefuses(t *testing.T) {
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	part, err := z.Create("xl/workbook.xml")
	require.NoError(t, err)
	_, err = part.Write(make([]byte, 4<<20))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.Less(t, bomb.Len(), 1<<14)
	good := bookOf(t, nil, sheetOf{"a", [][]any{{"id"}}})
	for _, c := range []struct {
		name, err string
		file      []byte
	}{
		{"empty", "xlsx: not an .xlsx workbook: an old .xls or an encrypted file must be saved as .xlsx first", nil},
		{"text", "xlsx: not an .xlsx workbook: an old .xls or an encrypted file must be saved as .xlsx first", []byte("id,name\n")},
		{"old", "xlsx: not an .xlsx workbook: an old .xls or an encrypted file must be saved as .xlsx first", append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, make([]byte, 600)...)},
		{"cut", "xlsx: not an .xlsx workbook: an old .xls or an encrypted file must be saved as .xlsx first", good[:len(good)/2]},
		{"bomb", "xlsx: unzip size exceeds the 1048576 bytes limit", bomb.Bytes()},
	} {
		w, err := openWithin(bytes.NewReader(c.file), 1<<20)
		require.EqualError(t, err, c.err, c.name)
		require.Nil(t, w)
	}
}

func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		name, err string
		sheets    []sheetOf
	}{
		{"none", `xlsx: no column for id in the first 30 rows of any sheet: expected one of 统一社会信用代码, 社会信用代码, 信用代码, 统一代码, uscc, id`,
			[]sheetOf{{"a", [][]any{{"something"}}}}},
		{"others", `xlsx: no column for id in sheet "名录", whose row 2 has others: expected one of 统一社会信用代码, 社会信用代码, 信用代码, 统一代码, uscc, id`,
			[]sheetOf{{"说明", [][]any{{"填表说明"}}}, {"名录", [][]any{{"标题"}, {"企业名称", "行业代码"}}}}},
		{"twice", `xlsx: sheet "a" row 1: columns A and C are both for id`, []sheetOf{{"a", [][]any{{"统一社会信用代码", "名称", "信用代码"}}}}},
	} {
		_, _, err := open(t, bookOf(t, nil, c.sheets...)).ReadEntities(EntityHeaders(), 2017, registry.Checks{})
		require.EqualError(t, err, c.err, c.name)
	}
	names := EntityHeaders()
	names["other"] = []string{"名称"}
	_, _, err := open(t, bookOf(t, nil, sheetOf{"a", [][]any{{"id"}}})).ReadEntities(names, 2017, registry.Checks{})
	require.EqualError(t, err, `xlsx: header "名称" stands for name and for other`)
}

func TestPlainName(t *testing.T) {
	for s, want := range map[string]string{
		"统一社会信用代码（必填）": "统一社会信用代码", " 企业\n名称 ": "企业名称", "ＩＤ": "id", "*成立日期：": "成立日期", "a(b)c": "ac", "a)b": "ab", "": "",
	} {
		require.Equal(t, want, plainName(s), s)
	}
}

func TestSafe(t *testing.T) {
	for s, want := range map[string]string{"": "", "企业": "企业", "=1+1": "'=1+1", "+86": "'+86", "-x": "'-x", "@a": "'@a", "\tx": "'\tx", "＝1": "'＝1", "a=1": "a=1", "a\nb": "a\nb"} {
		got, err := safe(s)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for s, want := range map[string]string{
		"\xff":                      "text is not valid UTF-8",
		"a\x00":                     "text has a control character at byte 2",
		strings.Repeat("企", 32_767): "text has 32767 characters, expected at most 32766",
	} {
		_, err := safe(s)
		require.EqualError(t, err, want)
	}
}
