package registry

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// An Industry is a code of GB/T 4754 together with the edition it is from, for
// the same code means different things in different editions. It is a
// comparable value; the zero Industry is no industry.
type Industry struct {
	Edition uint16 // year of the edition, 1900–2100, such as 2017
	Code    string // a section A–T, or the 2, 3 or 4 digits of a division, group or class
}

// The editions that ParseIndustry takes.
const (
	firstEdition = 1900
	lastEdition  = 2100
)

// ParseIndustry returns the industry that s spells: the edition's four digits, a
// colon and the code, which is a section's letter A–T or the 2, 3 or 4 digits of
// a division, group or class, such as "2017:8210". Whether the edition has
// the code is for an [Industries] table to say. Empty text is an error here;
// [Industry.UnmarshalText] reads it as no industry.
func ParseIndustry(s string) (Industry, error) {
	if len(s) < len("2017:A") || len(s) > len("2017:8210") || s[4] != ':' || !allDigits(s[:4]) {
		return Industry{}, fmt.Errorf("registry: industry %s: expected an edition and a code, as in 2017:8210", label.Quote(s))
	}
	var edition uint16
	for i := range 4 {
		edition = edition*10 + uint16(s[i]-'0')
	}
	n := Industry{edition, s[5:]}
	if what := n.problem(); what != "" {
		return Industry{}, fmt.Errorf("registry: industry %s: %s", label.Quote(s), what)
	}
	return n, nil
}

// String returns the industry as "2017:8210", or "" for the zero Industry.
func (n Industry) String() string {
	if n.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d:%s", n.Edition, n.Code)
}

// IsZero reports whether n is the zero Industry, which is no industry.
func (n Industry) IsZero() bool { return n == Industry{} }

// Within reports whether n is parent or lies below it by its digits: the same
// edition, and a code that begins with parent's. A section's letter is in no
// code, so only the section itself lies within a section here; to find what
// else does takes a table and [Industries.Within]. The zero Industry lies within
// nothing, and nothing lies within it; the same goes for a malformed one.
func (n Industry) Within(parent Industry) bool {
	_, ok := industryKey(n)
	_, parentOK := industryKey(parent)
	return ok && parentOK && n.Edition == parent.Edition && strings.HasPrefix(n.Code, parent.Code)
}

// MarshalText returns the text of [Industry.String]; it is empty for the zero
// Industry. An industry that [ParseIndustry] could not read back is an error.
func (n Industry) MarshalText() ([]byte, error) {
	if n.IsZero() {
		return []byte{}, nil
	}
	if what := n.problem(); what != "" {
		return nil, fmt.Errorf("registry: industry %s: %s", label.Quote(n.String()), what)
	}
	return []byte(n.String()), nil
}

// UnmarshalText sets n to the industry that text spells, as [ParseIndustry]
// reads it, or to the zero Industry if text is empty. If text is malformed, n is
// unchanged.
func (n *Industry) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*n = Industry{}
		return nil
	}
	parsed, err := ParseIndustry(string(text))
	if err != nil {
		return err
	}
	*n = parsed
	return nil
}

// problem says what keeps n from being of the form that ParseIndustry reads, or "".
func (n Industry) problem() string {
	if _, ok := industryKey(n); ok {
		return ""
	}
	if n.Edition < firstEdition || n.Edition > lastEdition {
		return fmt.Sprintf("edition %d is outside %d–%d", n.Edition, firstEdition, lastEdition)
	}
	return fmt.Sprintf("code %s: expected a letter A–T or 2 to 4 digits", label.Quote(n.Code))
}

// An IndustryEntry is one row of a table of industries.
type IndustryEntry struct {
	Industry Industry // the code and its edition
	Section  string   // the section it belongs to, A–T; for a section, itself
	Name     string   // 1–256 bytes of UTF-8 without control characters
}

// Industries is a table of the codes of one or more editions of GB/T 4754. It is
// immutable and safe for concurrent use; the zero Industries is an empty table.
type Industries struct {
	sorted []IndustryEntry  // by edition, then by code
	index  map[uint32]int32 // industryKey to place in sorted; only looked up
}

// NewIndustries returns a table of the entries that seq yields, in any order. A
// malformed industry, section or name, an industry that comes twice, or
// codes of one division in different sections are an error, which names
// the industry.
func NewIndustries(seq iter.Seq[IndustryEntry]) (*Industries, error) {
	t := &Industries{index: make(map[uint32]int32)}
	for e := range seq {
		if what := e.problem(); what != "" {
			return nil, fmt.Errorf("registry: entry %d of the industries, %s: %s",
				len(t.sorted)+1, label.Quote(e.Industry.String()), what)
		}
		t.sorted = append(t.sorted, e)
	}
	slices.SortStableFunc(t.sorted, func(a, b IndustryEntry) int {
		return cmp.Or(cmp.Compare(a.Industry.Edition, b.Industry.Edition),
			strings.Compare(a.Industry.Code, b.Industry.Code))
	})
	for i, e := range t.sorted {
		key, _ := industryKey(e.Industry)
		if i > 0 {
			before := t.sorted[i-1]
			if before.Industry == e.Industry {
				return nil, fmt.Errorf("registry: industry %s is in the table twice", e.Industry)
			}
			if sameDivision(before.Industry, e.Industry) && before.Section != e.Section {
				return nil, fmt.Errorf("registry: industry %s is in section %s, but %s in section %s",
					e.Industry, e.Section, before.Industry, before.Section)
			}
		}
		t.index[key] = int32(i)
	}
	return t, nil
}

// Len returns the number of entries of all editions.
func (t *Industries) Len() int { return len(t.sorted) }

// All returns all entries, ordered by edition and then by the bytes of the code:
// digits first, the sections' letters last.
func (t *Industries) All() iter.Seq[IndustryEntry] { return slices.Values(t.sorted) }

// Has reports whether the table has n, in n's edition.
func (t *Industries) Has(n Industry) bool {
	_, ok := t.find(n)
	return ok
}

// Find returns the entry of n and whether the table has it.
func (t *Industries) Find(n Industry) (IndustryEntry, bool) {
	i, ok := t.find(n)
	if !ok {
		return IndustryEntry{}, false
	}
	return t.sorted[i], true
}

// Within reports whether child is parent or lies below it. For a parent with
// digits this is [Industry.Within], with no look at the table. If parent is a
// section it is the table's to say; for a class or group that the table lacks,
// its group or division decides.
func (t *Industries) Within(child, parent Industry) bool {
	if child.Within(parent) {
		return true
	}
	if !isSection(parent.Code) || child.Edition != parent.Edition {
		return false
	}
	for n := child; len(n.Code) >= 2; n.Code = n.Code[:len(n.Code)-1] {
		if i, ok := t.find(n); ok {
			return t.sorted[i].Section == parent.Code
		}
	}
	return false
}

func (t *Industries) find(n Industry) (int32, bool) {
	key, ok := industryKey(n)
	if !ok {
		return 0, false
	}
	i, ok := t.index[key]
	return i, ok
}

// industryKey packs an industry into a number: its edition in the upper half,
// and in the lower one the code's length and digits, or its letter. It reports
// whether the industry is well-formed.
func industryKey(n Industry) (uint32, bool) {
	if n.Edition < firstEdition || n.Edition > lastEdition {
		return 0, false
	}
	edition := uint32(n.Edition) << 16
	if isSection(n.Code) {
		return edition | uint32(n.Code[0]), true
	}
	if len(n.Code) < 2 || len(n.Code) > 4 || !allDigits(n.Code) {
		return 0, false
	}
	var digits uint32
	for i := range len(n.Code) {
		digits = digits*10 + uint32(n.Code[i]-'0')
	}
	return edition | uint32(len(n.Code)-1)<<14 | digits, true // digits need 14 bits
}

func isSection(code string) bool {
	return len(code) == 1 && 'A' <= code[0] && code[0] <= 'T'
}

// sameDivision reports whether both industries are of the same edition and,
// having digits, of the same division.
func sameDivision(a, b Industry) bool {
	return a.Edition == b.Edition && len(a.Code) > 1 && len(b.Code) > 1 && a.Code[:2] == b.Code[:2]
}

// problem says what is wrong with an entry, or "".
func (e IndustryEntry) problem() string {
	if what := e.Industry.problem(); what != "" {
		return what
	}
	if !isSection(e.Section) {
		return fmt.Sprintf("section %s: expected a letter A–T", label.Quote(e.Section))
	}
	if isSection(e.Industry.Code) && e.Section != e.Industry.Code {
		return fmt.Sprintf("section %s: expected %s, for it is a section itself", label.Quote(e.Section), label.Quote(e.Industry.Code))
	}
	if what := nameProblem(e.Name); what != "" {
		return fmt.Sprintf("name %s: %s", label.Quote(e.Name), what)
	}
	return ""
}
