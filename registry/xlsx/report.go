package xlsx

import (
	"fmt"
	"sort"
	"strings"

	"github.com/doublerandom/doublerandom/registry"
)

// A Place is a row of a sheet.
type Place struct {
	Sheet string // the sheet's name
	Row   int    // the row's number as Excel shows it, from 1
}

// String returns the place, such as 企业名录!17.
func (p Place) String() string { return fmt.Sprintf("%s!%d", p.Sheet, p.Row) }

// A Report says what the import of a directory found: the registry's report, with
// the places of its rows in the workbook. Rows are counted from 1 over all sheets,
// without blank ones. It is safe for concurrent use.
type Report struct {
	*registry.Report
	Headers []Place // the header rows, in the order of the sheets
	Dates   int64   // cells with a date of Excel's that became YYYY-MM-DD

	headers []header // the same, with their columns
	runs    []run    // ascending
}

// A run is rows of the import that follow each other in a sheet.
type run struct {
	first int64 // the row of the import
	place Place // where that is
}

// note notes the place of the next row.
func (r *Report) note(row int64, place Place) {
	if n := len(r.runs); n > 0 {
		last := r.runs[n-1]
		if last.place.Sheet == place.Sheet && int64(place.Row-last.place.Row) == row-last.first {
			return
		}
	}
	r.runs = append(r.runs, run{row, place})
}

// Place returns where a row of the import is in the workbook. It returns false
// for a row that was not read.
func (r *Report) Place(row int64) (Place, bool) {
	i := sort.Search(len(r.runs), func(i int) bool { return r.runs[i].first > row }) - 1
	if i < 0 || row > r.Rows {
		return Place{}, false
	}
	p := r.runs[i].place
	return Place{p.Sheet, p.Row + int(row-r.runs[i].first)}, true
}

// String returns the report for people to read, its problems with their places.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d rows: %d kept, %d rejected", r.Rows, r.Kept, r.Rejected)
	if r.Dates > 0 {
		fmt.Fprintf(&b, "; %d dates of Excel's", r.Dates)
	}
	b.WriteByte('\n')
	for kind, n := range r.Counts() {
		fmt.Fprintf(&b, "  %-20s %d\n", kind, n)
	}
	for _, p := range r.Problems {
		place, _ := r.Place(p.Row)
		fmt.Fprintf(&b, "  %s: %s: %s\n", place, p.Kind, p.Text)
	}
	return b.String()
}
