// Package xlsx reads the directories of a public draw from Excel workbooks as
// officials keep them, and writes plan, draw, roster and publicity tables as
// workbooks.
//
//	book, err := xlsx.Open(file)
//	if err != nil { … }
//	defer book.Close()
//	reg, report, err := book.ReadEntities(xlsx.EntityHeaders(), registry.Checks{Codes: true})
//
// The header row is found by its names, in Chinese or others, below title rows.
// Rows are checked by package registry, as those of a CSV file are; a cell in
// which Excel has damaged a code, as a number that lost digits, is reported with
// its place and never repaired. [Workbook.WriteErrors] gives the rows with
// problems back as a marked sheet.
//
// It is a module of its own because of github.com/xuri/excelize/v2. It reads no
// clock and opens no files of the caller's; while a workbook is open excelize may
// keep large sheets in the system's temporary folder.
package xlsx

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// Limits of a workbook that is read.
const (
	MaxFile     = 512 << 20 // bytes of the file
	maxUnzipped = 4 << 30   // bytes of its parts together
	maxInMemory = 16 << 20  // bytes of a part; larger ones are kept in a temporary file
	maxColumns  = 1000      // columns up to the last one that is not empty
	maxCell     = 32767     // characters that Excel allows in a cell
	headerRows  = 30        // rows among which the header must be
)

// A Workbook is an open workbook. It is not safe for concurrent use.
type Workbook struct {
	file     *excelize.File
	date1904 bool // days are counted from 1904, as old files of Macs do
}

// Open reads a workbook (.xlsx) of at most [MaxFile] bytes, and 4 GiB when
// unpacked. Close must be called. It returns an error for anything else, such as
// an old .xls file, an encrypted one or a damaged zip.
func Open(r io.Reader) (*Workbook, error) { return openWithin(r, maxUnzipped) }

func openWithin(r io.Reader, unzipped int64) (*Workbook, error) {
	limited := &io.LimitedReader{R: r, N: MaxFile + 1}
	file, err := excelize.OpenReader(limited, excelize.Options{
		RawCellValue: true, UnzipSizeLimit: unzipped, UnzipXMLSizeLimit: min(maxInMemory, unzipped),
	})
	switch {
	case limited.N == 0:
		if file != nil {
			_ = file.Close() // what is wrong is said below
		}
		return nil, fmt.Errorf("xlsx: more than %d bytes", MaxFile)
	case errors.Is(err, excelize.ErrWorkbookFileFormat) || errors.Is(err, zip.ErrFormat):
		return nil, errors.New("xlsx: not an .xlsx workbook: an old .xls or an encrypted file must be saved as .xlsx first")
	case err != nil:
		return nil, fmt.Errorf("xlsx: %w", err)
	}
	w := &Workbook{file: file}
	props, err := file.GetWorkbookProps()
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("xlsx: %w", err)
	}
	w.date1904 = props.Date1904 != nil && *props.Date1904
	return w, nil
}

// Close gives back what the workbook takes on disk.
func (w *Workbook) Close() error { return w.file.Close() }

// Sheets returns the names of the sheets in their order.
func (w *Workbook) Sheets() []string { return w.file.GetSheetList() }
