package registry

import (
	"fmt"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A Kind is a kind of problem that an import finds in a row.
type Kind uint8

// The kinds of problem, in the order in which a row is checked.
const (
	BadRow           Kind = iota + 1 // the row cannot be read: wrong number of fields, bad quoting, bad JSON
	RowTooLong                       // the row is longer than Checks.MaxRow
	EmptyID                          // no ID
	BadText                          // control characters, invalid UTF-8, or an ID with spaces or over 64 bytes
	CodeLength                       // the code is not 18 characters long
	CodeAlphabet                     // the code has a character outside the alphabet of GB 32100
	CodeCheck                        // the check character of GB 32100 is wrong
	CodeOrganisation                 // the inner organisation code fails GB 11714 (a warning)
	DuplicateID                      // the ID was seen before; the first row stands
	UnknownDivision                  // the division is not in the table
	RetiredDivision                  // the division existed but no longer does on the day of the import
	UnknownIndustry                  // the industry is not in its edition of GB/T 4754
	BadDate                          // a date is not YYYY-MM-DD or not in the calendar
	BadStatus                        // the status is none of those known
	kindCount
)

var kindNames = [...]string{
	BadRow: "bad-row", RowTooLong: "row-too-long", EmptyID: "empty-id", BadText: "bad-text",
	CodeLength: "code-length", CodeAlphabet: "code-alphabet", CodeCheck: "code-check",
	CodeOrganisation: "code-organisation", DuplicateID: "duplicate-id",
	UnknownDivision: "unknown-division", RetiredDivision: "retired-division",
	UnknownIndustry: "unknown-industry", BadDate: "bad-date", BadStatus: "bad-status",
}

// String returns the kind's text, such as "code-check".
func (k Kind) String() string {
	if k == 0 || k >= kindCount {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return kindNames[k]
}

// Kinds returns all kinds in the order in which a row is checked.
func Kinds() []Kind {
	all := make([]Kind, 0, kindCount-1)
	for k := Kind(1); k < kindCount; k++ {
		all = append(all, k)
	}
	return all
}

// An Action says what an import does with a row that has a problem.
type Action uint8

// The actions.
const (
	DefaultAction Action = iota // Reject, or Keep for CodeOrganisation, RetiredDivision
	Reject                      // leave the row out
	Keep                        // keep the row; a field that cannot be read is left at its zero value
	Stop                        // end the import with the problem as its error
)

// A Problem is one thing found wrong in one row of an import.
type Problem struct {
	Row  int64  // row number; the header line of a file is row 1
	ID   string // the row's ID as far as it could be read, cut to 64 bytes
	Kind Kind   // what kind of problem it is
	Text string // what is wrong and what was expected
}

// Error returns the problem as one line, such as
//
//	registry: row 17: code-check: "91510100201920161Y": check character is "Y", expected "1"
func (p *Problem) Error() string {
	if p.ID == "" {
		return fmt.Sprintf("registry: row %d: %s: %s", p.Row, p.Kind, p.Text)
	}
	return fmt.Sprintf("registry: row %d: %s: %s: %s", p.Row, p.Kind, label.Quote(p.ID), p.Text)
}
