package xlsx

import (
	"fmt"
	"maps"
	"slices"

	"github.com/doublerandom/doublerandom/registry"
)

// ReadEntities builds a registry from the sheets that have a header row with the
// entities' ID, in their order: a sheet has at most 1,048,576 rows, and a city more. Headers
// are those of [EntityHeaders], as the caller has changed them; a field that is
// not among the usual ones becomes an attribute under its own name.
//
// Rows are checked as c says, as in [registry.ReadRows]. Blank rows are passed over. A
// row with a cell that cannot be used, such as a code that Excel has turned into a
// number and cut, is a [registry.BadRow] whose text names the cell. Industries that state
// no edition are of the given one.
//
// Without a header it returns a [*HeaderError]. Errors of the registry are its own;
// the report is there with them, if a header was found.
func (w *Workbook) ReadEntities(names Headers, edition uint16, c registry.Checks) (*registry.Registry, *Report, error) {
	headers, err := w.headers(names, "id")
	if err != nil {
		return nil, nil, err
	}
	columns := registry.Columns{ID: "id", Edition: edition}
	for field, to := range map[string]*string{
		"name": &columns.Name, "domain": &columns.Domain, "division": &columns.Division, "industry": &columns.Industry,
		"status": &columns.Status, "founded": &columns.Founded, "inspected": &columns.LastInspected,
	} {
		for _, h := range headers {
			if _, ok := h.columns[field]; ok {
				*to = field
			}
		}
	}
	usual := EntityHeaders()
	for _, field := range slices.Sorted(maps.Keys(names)) {
		if _, ok := usual[field]; !ok {
			columns.Attributes = append(columns.Attributes, field)
		}
	}
	table := newTable(w, headers, slices.Sorted(maps.Keys(names)))
	table.codes = c.Codes
	defer table.close()
	reg, report, err := registry.ReadRows(table, columns, c)
	if report == nil {
		return nil, nil, err
	}
	table.report.Report = report
	return reg, table.report, err
}

// codes and dates are the fields that Excel may damage.
var (
	codes = [...]string{"id", "division", "industry"}
	dates = [...]string{"founded", "inspected"}
)

// A table is the rows of all sheets with a header, as registry.Rows.
type table struct {
	book    *Workbook
	headers []header // that are not begun
	fields  []string
	codes   bool     // IDs are unified social credit codes
	down    []string // fields of which cells may be merged over several rows
	report  *Report

	at     header
	rows   *sheetRows        // of the sheet at hand
	above  map[string]string // of its fields in down, the last text
	row    int64
	failed error
}

func newTable(w *Workbook, headers []header, fields []string) *table {
	t := &table{book: w, headers: headers, fields: fields, report: &Report{headers: headers}}
	for _, h := range headers {
		t.report.Headers = append(t.report.Headers, Place{h.sheet, h.row})
	}
	return t
}

// Columns returns the fields.
func (t *table) Columns() ([]string, error) { return t.fields, nil }

// Next goes to the next row that is not blank.
func (t *table) Next() bool {
	for t.failed == nil {
		if t.rows == nil {
			if len(t.headers) == 0 {
				return false
			}
			t.at, t.headers = t.headers[0], t.headers[1:]
			if t.rows, t.failed = t.book.rows(t.at.sheet); t.failed != nil {
				return false
			}
			t.above = map[string]string{}
		}
		for t.rows.next() {
			if t.rows.row > t.at.row && !t.rows.blank(t.at.columns) {
				t.row++
				t.report.note(t.row, t.place())
				t.fillDown()
				return true
			}
		}
		t.failed = t.rows.err()
		t.close()
	}
	return false
}

// fillDown notes the texts that stand for empty cells below them.
func (t *table) fillDown() {
	for _, field := range t.down {
		if text := t.cell(field).oneLine(); text != "" {
			t.above[field] = text
		}
	}
}

// text returns the text of a field in the row at hand, in one line.
func (t *table) text(field string) string {
	if slices.Contains(t.down, field) {
		return t.above[field]
	}
	return t.cell(field).oneLine()
}

func (t *table) place() Place { return Place{t.at.sheet, t.rows.row} }

// Scan gives the row's fields to dest, which are the registry's scanners.
func (t *table) Scan(dest ...any) error {
	for i, field := range t.fields {
		text, err := t.field(field)
		if err != nil {
			return err
		}
		if err := dest[i].(interface{ Scan(any) error }).Scan(text); err != nil {
			return err
		}
	}
	return nil
}

// field returns the text of a field in the row at hand.
func (t *table) field(field string) (string, error) {
	if _, ok := t.at.columns[field]; !ok {
		return t.ofCode(field), nil
	}
	c, text, wrong := t.cell(field), "", ""
	switch {
	case slices.Contains(codes[:], field):
		text, wrong = c.code()
	case slices.Contains(dates[:], field):
		if text, wrong = c.date(t.book.date1904); wrong == "" && text != c.stored {
			t.report.Dates++
		}
	default:
		text = c.oneLine()
	}
	if wrong != "" {
		return "", t.wrongCell(field, wrong)
	}
	return text, nil
}

// cell returns the cell of a field in the row at hand, an empty one where the sheet has
// no column for it.
func (t *table) cell(field string) cell {
	if column, ok := t.at.columns[field]; ok {
		return t.rows.at(column)
	}
	return cell{}
}

// wrongCell says what is wrong with a field's cell in the row at hand. WriteErrors finds
// the cell again by its name.
func (t *table) wrongCell(field, wrong string) error {
	return fmt.Errorf("%s%s: %q %s", cellPrefix, cellName(t.at.columns[field], t.rows.row), t.cell(field).prose(), wrong)
}

const cellPrefix = "cell "

// ofCode returns what the code says of a field for which this sheet has no column, though
// another one has; if none has, the registry does the same.
func (t *table) ofCode(field string) string {
	if !t.codes || field != "division" && field != "domain" {
		return ""
	}
	id, _ := t.cell("id").code()
	if field == "division" {
		return registry.DivisionOfCode(id)
	}
	return registry.DomainOfCode(id).String()
}

// Err returns the error that ended Next.
func (t *table) Err() error { return t.failed }

func (t *table) close() {
	if t.rows != nil {
		t.rows.close()
		t.rows = nil
	}
}
