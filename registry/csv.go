package registry

import (
	"errors"
	"fmt"
	"io"
)

// ReadCSV builds a registry from comma-separated text as RFC 4180 has it, in
// UTF-8 with or without a byte order mark, with LF or CR LF; a source in GBK is
// wrapped by the caller. The first row is the header, in which the columns are
// found by their names; it is row 1. Blank lines have a row number and are
// skipped. A quoted field may go on over several lines; its record is one row.
//
// Rows are checked as c says. A row with a bad quote or with more or fewer
// fields than the header is a [BadRow], and reading goes on at the next line. A
// row over c.MaxRow ends the import, whatever its action, since the place in
// the file is lost; the memory a row takes is bounded by a multiple of c.MaxRow.
//
// An error is a [*Problem] if a row stopped the import, and wraps r's error if
// there was one. With an error the registry is nil. The report is there
// all the same, except if c or the header is at fault.
//
// Where there is more than one processor r is read by a goroutine, which does a
// part of the checks too. It has ended when ReadCSV returns, for which ReadCSV waits while r.Read
// does; a panic of r comes up in the caller's goroutine.
//
// Where the columns have no division or domain and c.Codes is set, they are
// taken from the code by [DivisionOfCode] and [DomainOfCode]. An attribute that
// is empty is left out.
func ReadCSV(r io.Reader, columns Columns, c Checks) (*Registry, *Report, error) {
	im, err := newImporter(c)
	if err != nil {
		return nil, nil, err
	}
	s := newRecordReader(r, im.checks.MaxRow)
	header, err := s.read()
	if err != nil {
		return nil, nil, headerError(err, im.checks.MaxRow)
	}
	table, err := newTableReader(columns, header, im)
	if err != nil {
		return nil, nil, err
	}
	checker := newRecordChecker(table, im)
	batches := newBatchSource(s, len(header), checker.check)
	defer batches.stop()
	rows := newRowBatch(table, checker, im)
	for {
		b := batches.next()
		if err := rows.add(b); err != nil {
			return nil, im.report, err
		}
		var bad recordError
		switch err := b.err; {
		case err == nil:
		case err == io.EOF:
			return im.finish()
		case err == errTooLong:
			return nil, im.report, im.tooLong(b.errRow)
		case errors.As(err, &bad):
			if err := im.unreadable(b.errRow, BadRow, string(bad)); err != nil {
				return nil, im.report, err
			}
		default:
			return nil, im.report, fmt.Errorf("registry: row %d: %w", b.errRow, err)
		}
	}
}

func headerError(err error, maxRow int) error {
	var bad recordError
	switch {
	case err == io.EOF:
		return errors.New("registry: no header: the file is empty")
	case err == errTooLong:
		return fmt.Errorf("registry: header: more than %d bytes", maxRow)
	case errors.As(err, &bad):
		return fmt.Errorf("registry: header: %s", string(bad))
	}
	return fmt.Errorf("registry: header: %w", err)
}
