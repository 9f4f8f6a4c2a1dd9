package registry

import (
	"fmt"
	"strconv"
	"time"
)

// Rows are the rows of a query. A *sql.Rows of package database/sql is one; the
// caller closes it.
type Rows interface {
	Columns() ([]string, error) // the columns' names
	Next() bool                 // goes to the next row
	Scan(dest ...any) error     // copies the row's columns
	Err() error                 // the error that ended Next, if any
}

// ReadRows builds a registry from the rows of a query. The columns are found by
// their names; the first row is row 1. NULL is the same as "". Text, bytes and
// whole numbers are taken as they are spelled, truth values as "true" and
// "false", and a time as the day it has in its own time zone. A floating-point
// number is refused, since its digits may not be those that were stored: cast it
// in the query.
//
// Rows are checked as c says; a row that Scan refuses is a [BadRow], and one
// over c.MaxRow is rejected or stops the import. The error of rows is wrapped.
// What is taken from the code, and other errors, are as in [ReadCSV].
func ReadRows(rows Rows, columns Columns, c Checks) (*Registry, *Report, error) {
	im, err := newImporter(c)
	if err != nil {
		return nil, nil, err
	}
	header, err := rows.Columns()
	if err != nil {
		return nil, nil, fmt.Errorf("registry: header: %w", err)
	}
	table, err := newTableReader(columns, header, im)
	if err != nil {
		return nil, nil, err
	}
	used := table.used(len(header))
	values := make([]scannedText, len(header))
	record := make([]string, len(header))
	dest := make([]any, len(header))
	for i := range dest {
		if dest[i] = any(&values[i]); !used[i] {
			dest[i] = ignored{}
		}
	}
	fields := table.newRow()
	row := int64(0)
	for rows.Next() {
		row++
		err := rows.Scan(dest...)
		size := 0
		for i, v := range values {
			record[i] = string(v)
			size += len(v)
		}
		switch {
		case err != nil:
			err = im.unreadable(row, BadRow, cut(err.Error()))
		case size > im.checks.MaxRow:
			err = im.unreadable(row, RowTooLong, fmt.Sprintf("%d bytes, at most %d", size, im.checks.MaxRow))
		default:
			table.read(record, &fields)
			err = im.text(row, &fields)
		}
		if err != nil {
			return nil, im.report, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, im.report, fmt.Errorf("registry: row %d: %w", row+1, err)
	}
	return im.finish()
}

// used reports for each of n columns whether a field needs it.
func (t *tableReader) used(n int) []bool {
	used := make([]bool, n)
	for _, at := range append([]int{
		t.id, t.name, t.domain, t.division, t.industry, t.status, t.founded, t.inspected,
	}, t.attributes...) {
		if at >= 0 {
			used[at] = true
		}
	}
	return used
}

// A scannedText takes a value of a database as text. It has the method of
// sql.Scanner, with the types of driver.Value.
type scannedText string

// Scan implements sql.Scanner.
func (s *scannedText) Scan(src any) error {
	*s = ""
	switch v := src.(type) {
	case nil:
	case string:
		*s = scannedText(v)
	case []byte:
		*s = scannedText(v)
	case int64:
		*s = scannedText(strconv.FormatInt(v, 10))
	case bool:
		*s = scannedText(strconv.FormatBool(v))
	case time.Time:
		*s = scannedText(v.Format(time.DateOnly))
	default: // a float, most likely
		return fmt.Errorf("type %T may lose digits: cast it to text in the query", src)
	}
	return nil
}

// ignored takes the value of a column that nothing is read from.
type ignored struct{}

// Scan implements sql.Scanner.
func (ignored) Scan(any) error { return nil }

// cut bounds a text that goes into a report.
func cut(s string) string {
	const most = 400
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
