package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// sheetRowLimit is the number of rows that Excel has in a sheet.
const sheetRowLimit = 1_048_576

// A column of a table that is written.
type column struct {
	heading string
	width   float64 // in characters
}

// A bookWriter writes tables as sheets: a title over all columns, a line below it, a header
// row that stays in sight, and rows. A table that is longer than a sheet goes on in
// another one.
type bookWriter struct {
	file  *excelize.File
	limit int // rows of a sheet

	title, note, header, text, marked int // styles

	stream  *excelize.StreamWriter
	name    string // of the table
	sheets  int    // of the table
	heading string
	remark  string
	columns []column
	row     int // that was written last
	failed  error
}

func newBook() *bookWriter {
	b := &bookWriter{file: excelize.NewFile(), limit: sheetRowLimit}
	border := []excelize.Border{}
	for _, side := range []string{"left", "top", "right", "bottom"} {
		border = append(border, excelize.Border{Type: side, Color: "BFBFBF", Style: 1})
	}
	text := 49 // the number format "@": Excel takes what is entered as text
	b.style(&b.title, &excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center"}})
	b.style(&b.note, &excelize.Style{Font: &excelize.Font{Color: "595959", Size: 10}, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	b.style(&b.header, &excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}}, Border: border,
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}})
	b.style(&b.text, &excelize.Style{NumFmt: text, Border: border, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	b.style(&b.marked, &excelize.Style{NumFmt: text, Border: border, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFC7CE"}}, Font: &excelize.Font{Color: "9C0006"}, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	return b
}

func (b *bookWriter) style(id *int, s *excelize.Style) {
	if b.failed == nil {
		*id, b.failed = b.file.NewStyle(s)
	}
}

// table begins a table; name is the sheet's, at most 25 characters.
func (b *bookWriter) table(name string, title, note string, columns ...column) {
	b.end()
	b.name, b.heading, b.remark, b.columns, b.sheets = name, title, note, columns, 0
	b.sheet()
}

// sheet begins the next sheet of the table.
func (b *bookWriter) sheet() {
	b.end()
	if b.failed != nil {
		return
	}
	b.sheets++
	name := b.name
	if b.sheets > 1 {
		name = fmt.Sprintf("%s (%d)", b.name, b.sheets)
	}
	if len(b.file.GetSheetList()) == 1 && b.file.GetSheetName(0) == "Sheet1" {
		b.failed = b.file.SetSheetName("Sheet1", name)
	} else {
		_, b.failed = b.file.NewSheet(name)
	}
	if b.failed != nil {
		return
	}
	// A page of A4 on its side is as wide as the table.
	fit, wide, tall, a4, side := true, 1, 0, 9, "landscape"
	b.do(b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}))
	b.do(b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &side, FitToWidth: &wide, FitToHeight: &tall}))
	if b.failed != nil {
		return
	}
	if b.stream, b.failed = b.file.NewStreamWriter(name); b.failed != nil {
		return
	}
	for i, c := range b.columns {
		b.do(b.stream.SetColWidth(i+1, i+1, c.width))
	}
	b.do(b.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 3, TopLeftCell: "A4", ActivePane: "bottomLeft"}))
	b.do(b.stream.SetRow("A1", []any{excelize.Cell{StyleID: b.title, Value: b.heading}}, excelize.RowOpts{Height: 30}))
	b.do(b.stream.SetRow("A2", []any{excelize.Cell{StyleID: b.note, Value: b.remark}}, excelize.RowOpts{Height: 32}))
	if last := columnName(len(b.columns) - 1); len(b.columns) > 1 {
		b.do(b.stream.MergeCell("A1", last+"1"))
		b.do(b.stream.MergeCell("A2", last+"2"))
	}
	header := make([]any, len(b.columns))
	for i, c := range b.columns {
		header[i] = excelize.Cell{StyleID: b.header, Value: c.heading}
	}
	b.do(b.stream.SetRow("A3", header))
	b.row = 3
}

// add adds a row. Strings are written as text, whole numbers as numbers.
func (b *bookWriter) add(values ...any) { b.addMarked(-1, values...) }

// addMarked is add with one marked cell, counted from 0.
func (b *bookWriter) addMarked(mark int, values ...any) {
	if b.row == b.limit {
		b.sheet()
	}
	if b.failed != nil {
		return
	}
	b.row++
	cells := make([]any, len(values))
	for i, v := range values {
		if s, ok := v.(string); ok {
			var err error
			if v, err = safe(s); err != nil {
				b.failed = fmt.Errorf("xlsx: %s row %d: %s: %w", b.name, b.row, b.columns[i].heading, err)
				return
			}
		}
		style := b.text
		if i == mark {
			style = b.marked
		}
		cells[i] = excelize.Cell{StyleID: style, Value: v}
	}
	b.do(b.stream.SetRow(fmt.Sprintf("A%d", b.row), cells))
}

func (b *bookWriter) do(err error) {
	if b.failed == nil && err != nil {
		b.failed = fmt.Errorf("xlsx: %s row %d: %w", b.name, b.row, err)
	}
}

func (b *bookWriter) end() {
	if b.stream != nil {
		b.do(b.stream.Flush())
		b.stream = nil
	}
}

// writeTo ends the workbook and writes it.
func (b *bookWriter) writeTo(w io.Writer) error {
	b.end()
	defer b.file.Close()
	if b.failed != nil {
		return b.failed
	}
	packed, err := b.file.WriteToBuffer()
	if err == nil {
		err = inOrder(w, packed.Bytes())
	}
	if err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return nil
}

// inOrder writes a zip with its parts in the order of their names: excelize writes
// sheets that were streamed in the order of a map.
func inOrder(w io.Writer, packed []byte) error {
	in, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range in.File {
		if err := out.Copy(part); err != nil {
			return err
		}
	}
	return out.Close()
}

// safe returns text for a cell. A cell's text is never a formula in the workbook itself, but it
// becomes one when somebody saves the sheet as CSV and opens that: text that begins like a
// formula gets an apostrophe before it (CWE-1236). Control characters and more than
// 32,767 characters are refused.
func safe(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", fmt.Errorf("text is not valid UTF-8")
	}
	if n := utf8.RuneCountInString(s); n > maxCell-1 {
		return "", fmt.Errorf("text has %d characters, expected at most %d", n, maxCell-1)
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }); i >= 0 {
		return "", fmt.Errorf("text has a control character at byte %d", i+1)
	}
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", firstRune(s)) {
		return "'" + s, nil
	}
	return s, nil
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
