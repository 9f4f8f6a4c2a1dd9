package teams

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/matching/visit"
)

const templateHeader = "doublerandom/tasks/v1"

// MaxStrata is the greatest number of strata of a template.
const MaxStrata = 1 << 20

// A Template says what a visit needs, by stratum of the draw.
type Template struct {
	Strata []Stratum // in any order, each label once

	// Slots are the times at which visits may take place, with the room of each area; none if the
	// draw does not fix times. They are in any order, each once.
	Slots []visit.Slot
	// Methods are the ways of inspecting, in any order, of which each visit gets so many by ticket.
	Methods  []string
	PerVisit int // 0 to the number of Methods
}

// A Stratum is the places of a team for units of one stratum.
type Stratum struct {
	Label  string           // of the stratum
	Places []matching.Place // 2–[matching.MaxTeam]
}

// sorted returns the template with its strata sorted, or what is wrong with it.
func (t *Template) sorted() (*Template, error) {
	if len(t.Strata) > MaxStrata {
		return nil, fmt.Errorf("teams: %d strata, expected at most %d", len(t.Strata), MaxStrata)
	}
	s := slices.Clone(t.Strata)
	slices.SortStableFunc(s, func(x, y Stratum) int { return strings.Compare(x.Label, y.Label) })
	for i, stratum := range s {
		if problem := label.Check(stratum.Label); problem != "" {
			return nil, fmt.Errorf("teams: stratum %s", problem)
		}
		if i > 0 && s[i-1].Label == stratum.Label {
			return nil, fmt.Errorf("teams: stratum %q is there twice", stratum.Label)
		}
		if n := len(stratum.Places); n < 2 || n > matching.MaxTeam {
			return nil, fmt.Errorf("teams: stratum %q: a team of %d, expected 2 to %d", stratum.Label, n, matching.MaxTeam)
		}
		for _, p := range stratum.Places {
			for _, asked := range []string{p.Area, p.Role, p.Certificate} {
				if problem := label.Check(orNone(asked)); problem != "" || asked == "none" {
					return nil, fmt.Errorf("teams: stratum %q: a place asks for %q, which is no label", stratum.Label, asked)
				}
			}
		}
	}
	out := &Template{Strata: s, Slots: slices.Clone(t.Slots), Methods: slices.Clone(t.Methods), PerVisit: t.PerVisit}
	slices.SortStableFunc(out.Slots, func(x, y visit.Slot) int { return strings.Compare(x.ID, y.ID) })
	slices.Sort(out.Methods)
	return out, out.problem()
}

// problem returns what is wrong with slots and methods, sorted ones.
func (t *Template) problem() error {
	if len(t.Slots) > visit.MaxSlots {
		return fmt.Errorf("teams: %d slots, expected at most %d", len(t.Slots), visit.MaxSlots)
	}
	for i, s := range t.Slots {
		if problem := label.Check(s.ID); problem != "" || s.ID == "none" {
			return fmt.Errorf("teams: slot %s is no label", label.Quote(s.ID))
		}
		if i > 0 && t.Slots[i-1].ID == s.ID {
			return fmt.Errorf("teams: slot %s is there twice", label.Quote(s.ID))
		}
		for area, n := range s.Room {
			if label.Check(area) != "" || n < 0 {
				return fmt.Errorf("teams: slot %s: room for %d visits in %s", label.Quote(s.ID), n, label.Quote(area))
			}
		}
	}
	for i, m := range t.Methods {
		if problem := label.Check(m); problem != "" || i > 0 && t.Methods[i-1] == m {
			return fmt.Errorf("teams: method %s is no label, or there twice", label.Quote(m))
		}
	}
	if t.PerVisit < 0 || t.PerVisit > len(t.Methods) {
		return fmt.Errorf("teams: %d of %d methods for a visit", t.PerVisit, len(t.Methods))
	}
	return nil
}

// MarshalText returns the template's one text, with its strata sorted. It fails if
// something is not valid.
func (t *Template) MarshalText() ([]byte, error) {
	s, err := t.sorted()
	if err != nil {
		return nil, err
	}
	b := fmt.Appendf(nil, "%s\nstrata %d\n", templateHeader, len(s.Strata))
	for _, stratum := range s.Strata {
		b = fmt.Appendf(b, "stratum %s\n", stratum.Label)
		for _, p := range stratum.Places {
			b = fmt.Appendf(b, "place %s %s %s\n", orNone(p.Area), orNone(p.Role), orNone(p.Certificate))
		}
	}
	b = fmt.Appendf(b, "slots %d\n", len(s.Slots))
	for _, slot := range s.Slots {
		b = fmt.Appendf(b, "slot %s\n", slot.ID)
		for _, area := range slices.Sorted(maps.Keys(slot.Room)) {
			b = fmt.Appendf(b, "room %s %d\n", area, slot.Room[area])
		}
	}
	b = fmt.Appendf(b, "methods %d %d\n", len(s.Methods), s.PerVisit)
	for _, m := range s.Methods {
		b = fmt.Appendf(b, "method %s\n", m)
	}
	return b, nil
}

// UnmarshalText reads a template's text and nothing else. If the text is malformed the
// template is unchanged.
func (t *Template) UnmarshalText(text []byte) error {
	next := new(Template)
	err := readText(text, "template", templateHeader, next, func(f []string) string {
		switch {
		case f[0] == "strata" && len(f) == 2:
		case f[0] == "stratum" && len(f) == 2:
			next.Strata = append(next.Strata, Stratum{Label: f[1]})
		case f[0] == "place" && len(f) == 4 && len(next.Strata) > 0:
			s := &next.Strata[len(next.Strata)-1]
			if len(s.Places) == matching.MaxTeam {
				return "too many places"
			}
			s.Places = append(s.Places, matching.Place{Area: fromNone(f[1]), Role: fromNone(f[2]), Certificate: fromNone(f[3])})
		case f[0] == "slots" && len(f) == 2:
		case f[0] == "slot" && len(f) == 2:
			next.Slots = append(next.Slots, visit.Slot{ID: f[1], Room: map[string]int{}})
		case f[0] == "room" && len(f) == 3 && len(next.Slots) > 0:
			n, err := strconv.ParseUint(f[2], 10, 31)
			if err != nil {
				return "expected a whole number"
			}
			next.Slots[len(next.Slots)-1].Room[f[1]] = int(n)
		case f[0] == "methods" && len(f) == 3:
			n, err := strconv.ParseUint(f[2], 10, 31)
			if err != nil {
				return "expected a whole number"
			}
			next.PerVisit = int(n)
		case f[0] == "method" && len(f) == 2:
			next.Methods = append(next.Methods, f[1])
		default:
			return "expected a line of a template with its fields"
		}
		return ""
	})
	if err != nil {
		return err
	}
	*t = *next
	return nil
}
