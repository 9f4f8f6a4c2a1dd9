package xlsx

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// A cell is what is stored and what Excel shows of it. The two differ for numbers
// that have a format, such as dates, and for numbers with too many digits.
type cell struct {
	stored, shown string
}

func (c cell) empty() bool { return strings.TrimSpace(c.shown) == "" }

// sheetRows are the rows of a sheet, one after the other. Nothing but a row at a
// time is held. Both forms of each cell are read, since excelize's iterator does not tell
// text from numbers.
type sheetRows struct {
	sheet      string
	storedRows *excelize.Rows
	shownRows  *excelize.Rows
	row        int      // the number of the row at hand, from 1
	raw, shown []string // its cells
	failed     error
}

func (w *Workbook) rows(sheet string) (*sheetRows, error) {
	stored, err := w.file.Rows(sheet)
	if err != nil {
		return nil, fmt.Errorf("xlsx: sheet %q: %w", sheet, err)
	}
	shown, err := w.file.Rows(sheet)
	if err != nil {
		_ = stored.Close()
		return nil, fmt.Errorf("xlsx: sheet %q: %w", sheet, err)
	}
	return &sheetRows{sheet: sheet, storedRows: stored, shownRows: shown}, nil
}

// next goes to the next row, blank ones included.
func (r *sheetRows) next() bool {
	if r.failed != nil || !r.storedRows.Next() || !r.shownRows.Next() {
		return false
	}
	r.row++
	if r.raw, r.failed = r.storedRows.Columns(excelize.Options{RawCellValue: true}); r.failed != nil {
		return false
	}
	if r.shown, r.failed = r.shownRows.Columns(excelize.Options{RawCellValue: false}); r.failed != nil {
		return false
	}
	for len(r.raw) > 0 && r.raw[len(r.raw)-1] == "" {
		r.raw = r.raw[:len(r.raw)-1]
	}
	if len(r.raw) > maxColumns {
		r.failed = fmt.Errorf("%d columns, expected at most %d", len(r.raw), maxColumns)
		return false
	}
	for i, s := range r.raw {
		if len(s) > maxCell && utf8.RuneCountInString(s) > maxCell {
			r.failed = fmt.Errorf("cell %s has more than %d characters", cellName(i, r.row), maxCell)
			return false
		}
	}
	return true
}

// at returns a cell of the row, an empty one beyond its end.
func (r *sheetRows) at(i int) (c cell) {
	if i >= 0 && i < len(r.raw) {
		c.stored = r.raw[i]
	}
	if i >= 0 && i < len(r.shown) {
		c.shown = r.shown[i]
	}
	return c
}

// blank reports whether the row has nothing in any of the given columns.
func (r *sheetRows) blank(columns map[string]int) bool {
	for _, i := range columns {
		if !r.at(i).empty() {
			return false
		}
	}
	return true
}

func (r *sheetRows) err() error {
	err := r.failed
	if err == nil {
		err = r.storedRows.Error()
	}
	if err == nil {
		err = r.shownRows.Error()
	}
	if err != nil {
		return fmt.Errorf("xlsx: sheet %q row %d: %w", r.sheet, max(r.row, 1), err)
	}
	return nil
}

func (r *sheetRows) close() {
	_ = r.storedRows.Close() // of files that were read
	_ = r.shownRows.Close()
}

// cellName returns the name of a cell, such as B17; the column is counted from 0.
func cellName(column, row int) string { return fmt.Sprintf("%s%d", columnName(column), row) }
