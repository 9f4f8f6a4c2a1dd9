package registry

import (
	"errors"
	"fmt"
	"io"
	"strings"
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
	for i := range header {
		header[i] = strings.Clone(header[i])
	}
	table, err := newTableReader(columns, header, im)
	if err != nil {
		return nil, nil, err
	}
	batch := newBatch(table, im)
	for {
		record, err := s.read()
		if err == nil && len(record) == len(header) {
			if err = batch.add(s.row, record); err != nil {
				return nil, im.report, err
			}
			continue
		}
		if err2 := batch.flush(); err2 != nil {
			return nil, im.report, err2
		}
		var bad recordError
		switch {
		case err == io.EOF:
			return im.finish()
		case err == errTooLong:
			err = im.tooLong(s.row)
		case errors.As(err, &bad):
			err = im.unreadable(s.row, BadRow, string(bad))
		case err != nil:
			err = fmt.Errorf("registry: row %d: %w", s.row, err)
		default:
			err = im.unreadable(s.row, BadRow, fmt.Sprintf("%d fields, expected %d as in the header", len(record), len(header)))
		}
		if err != nil {
			return nil, im.report, err
		}
	}
}

// A batch holds back a few rows, so that the index can look for all their IDs at
// the same time. They are imported in order.
type batch struct {
	table  *tableReader
	im     *importer
	n      int
	rows   [32]textRow
	number [32]int64
	hashes [32]uint64
	warmth uint64 // keeps the compiler from dropping the looks
}

func newBatch(t *tableReader, im *importer) *batch {
	b := &batch{table: t, im: im}
	for i := range b.rows {
		b.rows[i] = t.newRow()
	}
	return b
}

func (b *batch) add(row int64, record []string) error {
	b.table.read(record, &b.rows[b.n])
	b.number[b.n] = row
	b.n++
	if b.n < len(b.rows) {
		return nil
	}
	return b.flush()
}

func (b *batch) flush() error {
	n := b.n
	b.n = 0
	index := &b.im.to.index
	for i := range n {
		b.hashes[i] = index.hash(b.rows[i].id)
		b.rows[i].hash = b.hashes[i]
	}
	b.warmth += index.warm(b.hashes[:n])
	for i := range n {
		if err := b.im.text(b.number[i], &b.rows[i]); err != nil {
			return err
		}
	}
	return nil
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
