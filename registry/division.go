package registry

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A Division is an administrative division of GB/T 2260, or a town below one,
// during one period of validity.
type Division struct {
	Code string // 6 digits, or 9 for a town
	Name string // 1–256 bytes of UTF-8 without control characters
	From Date   // first valid day; zero if valid since before anything the table knows
	To   Date   // last valid day; zero if still valid
}

// String returns the division as its code, name and period, such as
// "370214 城阳区 1994-06-08 to open".
func (d Division) String() string {
	from, to := "always", "open"
	if !d.From.IsZero() {
		from = d.From.String()
	}
	if !d.To.IsZero() {
		to = d.To.String()
	}
	return d.Code + " " + d.Name + " " + from + " to " + to
}

// ValidOn reports whether day lies in the division's period; both its ends do.
// The zero day lies in every period.
func (d Division) ValidOn(day Date) bool {
	return day.IsZero() || d.From.Compare(day) <= 0 && (d.To.IsZero() || day.Compare(d.To) <= 0)
}

// Divisions is a table of divisions and when they were valid. It is immutable
// and safe for concurrent use; the zero Divisions is an empty table.
type Divisions struct {
	sorted []Division       // by code, then by period
	last   map[uint32]int32 // divisionKey to the code's last period in sorted; only looked up
}

// maxTableName is the most bytes a name in a table of codes may have.
const maxTableName = 256

// NewDivisions returns a table of the divisions that seq yields, in any order. A
// code may come more than once if its periods do not overlap. A code that is
// not 6 or 9 digits, a bad name, a period that ends before it begins or two
// periods that overlap are an error, which names the division.
func NewDivisions(seq iter.Seq[Division]) (*Divisions, error) {
	t := &Divisions{last: make(map[uint32]int32)}
	for d := range seq {
		if what := d.problem(); what != "" {
			return nil, fmt.Errorf("registry: entry %d of the divisions, %s: %s", len(t.sorted)+1, label.Quote(d.Code), what)
		}
		t.sorted = append(t.sorted, d)
	}
	slices.SortStableFunc(t.sorted, func(a, b Division) int {
		return cmp.Or(strings.Compare(a.Code, b.Code), a.From.Compare(b.From))
	})
	for i, d := range t.sorted {
		if i > 0 && t.sorted[i-1].Code == d.Code {
			if before := t.sorted[i-1]; before.To.IsZero() || d.From.Compare(before.To) <= 0 {
				return nil, fmt.Errorf("registry: division %s overlaps division %s", d, before)
			}
		}
		key, _ := divisionKey(d.Code)
		t.last[key] = int32(i)
	}
	return t, nil
}

// Len returns the number of entries; a code with two periods counts twice.
func (t *Divisions) Len() int { return len(t.sorted) }

// All returns all entries, ordered by code and then by period.
func (t *Divisions) All() iter.Seq[Division] { return slices.Values(t.sorted) }

// Find returns the division that has the given code on the given day, and
// whether there is one. The zero day finds the code's latest period.
func (t *Divisions) Find(code string, on Date) (Division, bool) {
	d, kind := t.find(code, on)
	return d, kind == 0
}

// kind returns what is wrong with a code on a day: RetiredDivision if it was
// valid before but is not any more, UnknownDivision if it is not in the table or
// not valid yet, 0 if it is valid. With the zero day any period counts.
func (t *Divisions) kind(code string, on Date) Kind {
	_, kind := t.find(code, on)
	return kind
}

func (t *Divisions) find(code string, on Date) (Division, Kind) {
	key, ok := divisionKey(code)
	if !ok {
		return Division{}, UnknownDivision
	}
	last, ok := t.last[key]
	if !ok {
		return Division{}, UnknownDivision
	}
	for i := int(last); i >= 0 && t.sorted[i].Code == code; i-- {
		d := t.sorted[i]
		if d.ValidOn(on) {
			return d, 0
		}
		if !d.To.IsZero() && d.To.Compare(on) < 0 {
			return Division{}, RetiredDivision // and earlier periods ended earlier still
		}
	}
	return Division{}, UnknownDivision
}

// divisionKey packs a code of 6 or 9 digits into a number, and reports whether
// it is one.
func divisionKey(code string) (uint32, bool) {
	if len(code) != 6 && len(code) != 9 {
		return 0, false
	}
	var key uint32
	for i := range len(code) {
		digit := uint32(code[i]) - '0'
		if digit > 9 {
			return 0, false
		}
		key = key*10 + digit
	}
	if len(code) == 9 {
		key |= 1 << 31 // nine digits need 30 bits
	}
	return key, true
}

// problem says what is wrong with a division, or "".
func (d Division) problem() string {
	if _, ok := divisionKey(d.Code); !ok {
		return "expected 6 or 9 digits"
	}
	if what := nameProblem(d.Name); what != "" {
		return fmt.Sprintf("name %s: %s", label.Quote(d.Name), what)
	}
	if !d.To.IsZero() && d.To.Compare(d.From) < 0 {
		return fmt.Sprintf("its last day %s is before its first, %s", d.To, d.From)
	}
	return ""
}

// nameProblem says what is wrong with a name in a table of codes, or "".
func nameProblem(name string) string {
	switch {
	case name == "":
		return "empty"
	case len(name) > maxTableName:
		return fmt.Sprintf("longer than %d bytes", maxTableName)
	case !utf8.ValidString(name):
		return "not UTF-8"
	case strings.ContainsFunc(name, unicode.IsControl):
		return "has a control character"
	}
	return ""
}
