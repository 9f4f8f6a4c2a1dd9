package teams

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/matching"
)

const (
	templateHeader = "doublerandom/tasks/v1"
	rulesHeader    = "doublerandom/exclusions/v1"
)

// Limits of the texts.
const (
	MaxStrata = 1 << 20 // of a template
	maxText   = 1 << 28 // bytes
)

// A Template says what a visit needs, by stratum of the draw.
type Template struct {
	Strata []Stratum // in any order, each label once
}

// A Stratum is the places of a team for units of one stratum.
type Stratum struct {
	Label  string           // of the stratum
	Places []matching.Place // 2–[matching.MaxTeam]
}

// Rules say who must not go where, or with whom. They are for all units of the frame: which of
// them the draw takes is not known yet.
type Rules struct {
	Exclusions []matching.Exclusion // of units and inspectors
	Pairs      []matching.Pair      // of inspectors
}

func parseRoster(text []byte) (*matching.Roster, error) {
	return matching.ParseRoster(bytes.NewReader(text))
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
	return &Template{s}, nil
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
	return b, nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func fromNone(s string) string {
	if s == "none" {
		return ""
	}
	return s
}

// UnmarshalText reads a template's text and nothing else. If the text is malformed the
// template is unchanged.
func (t *Template) UnmarshalText(text []byte) error {
	next := new(Template)
	err := readLines(text, "template", templateHeader, func(f []string) string {
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
		default:
			return "expected strata, stratum or place with its fields"
		}
		return ""
	})
	if err != nil {
		return err
	}
	again, err := next.MarshalText()
	if err != nil {
		return err
	}
	if err := compareLines("template", text, again); err != nil {
		return err
	}
	*t = *next
	return nil
}

// sorted returns the rules sorted, each once, or what is wrong with them.
func (r *Rules) sorted() (*Rules, error) {
	s := &Rules{slices.Clone(r.Exclusions), slices.Clone(r.Pairs)}
	for _, e := range s.Exclusions {
		for _, part := range []string{e.Task, e.Inspector, e.Reason} {
			if problem := label.Check(part); problem != "" {
				return nil, fmt.Errorf("teams: exclusion of %s from %s: a field %s", quote(e.Inspector), quote(e.Task), problem)
			}
		}
	}
	for i, p := range s.Pairs {
		for _, part := range []string{p.A, p.B, p.Reason} {
			if problem := label.Check(part); problem != "" {
				return nil, fmt.Errorf("teams: pair of %s and %s: a field %s", quote(p.A), quote(p.B), problem)
			}
		}
		if p.A > p.B {
			s.Pairs[i].A, s.Pairs[i].B = p.B, p.A
		}
	}
	slices.SortFunc(s.Exclusions, func(x, y matching.Exclusion) int {
		return cmp.Or(strings.Compare(x.Task, y.Task), strings.Compare(x.Inspector, y.Inspector), strings.Compare(x.Reason, y.Reason))
	})
	slices.SortFunc(s.Pairs, func(x, y matching.Pair) int {
		return cmp.Or(strings.Compare(x.A, y.A), strings.Compare(x.B, y.B), strings.Compare(x.Reason, y.Reason))
	})
	s.Exclusions, s.Pairs = slices.Compact(s.Exclusions), slices.Compact(s.Pairs)
	return s, nil
}

// MarshalText returns the one text of the rules, sorted. It fails if something is not
// valid, such as an empty reason.
func (r *Rules) MarshalText() ([]byte, error) {
	s, err := r.sorted()
	if err != nil {
		return nil, err
	}
	b := fmt.Appendf(nil, "%s\nexclusions %d\n", rulesHeader, len(s.Exclusions))
	for _, e := range s.Exclusions {
		b = fmt.Appendf(b, "exclusion %s %s %s\n", e.Task, e.Inspector, e.Reason)
	}
	b = fmt.Appendf(b, "pairs %d\n", len(s.Pairs))
	for _, p := range s.Pairs {
		b = fmt.Appendf(b, "pair %s %s %s\n", p.A, p.B, p.Reason)
	}
	return b, nil
}

// UnmarshalText reads the text of rules and nothing else. If the text is malformed the
// rules are unchanged.
func (r *Rules) UnmarshalText(text []byte) error {
	next := new(Rules)
	err := readLines(text, "exclusions", rulesHeader, func(f []string) string {
		switch {
		case (f[0] == "exclusions" || f[0] == "pairs") && len(f) == 2:
		case f[0] == "exclusion" && len(f) == 4:
			next.Exclusions = append(next.Exclusions, matching.Exclusion{Task: f[1], Inspector: f[2], Reason: f[3]})
		case f[0] == "pair" && len(f) == 4:
			next.Pairs = append(next.Pairs, matching.Pair{A: f[1], B: f[2], Reason: f[3]})
		default:
			return "expected exclusion or pair with their fields"
		}
		return ""
	})
	if err != nil {
		return err
	}
	again, err := next.MarshalText()
	if err != nil {
		return err
	}
	if err := compareLines("exclusions", text, again); err != nil {
		return err
	}
	*r = *next
	return nil
}

// readLines calls line with the fields of each line after the header. What it does not
// say is for compareLines.
func readLines(text []byte, what, header string, line func(fields []string) string) error {
	if len(text) > maxText {
		return fmt.Errorf("teams: %s has %d bytes, expected at most %d", what, len(text), maxText)
	}
	n := 0
	for l := range strings.Lines(string(text)) {
		n++
		l = strings.TrimSuffix(l, "\n")
		if n == 1 && l == header {
			continue
		}
		problem := fmt.Sprintf("expected %q", header)
		if n > 1 {
			problem = line(strings.Split(l, " "))
		}
		if problem != "" {
			return fmt.Errorf("teams: %s line %d is %s: %s", what, n, quote(l), problem)
		}
	}
	return nil
}

// compareLines returns an error that names the first line in which a text is not the one that
// it should be.
func compareLines(what string, have, want []byte) error {
	if bytes.Equal(have, want) {
		return nil
	}
	for n := 1; ; n++ {
		h, restHave, _ := bytes.Cut(have, []byte("\n"))
		w, restWant, _ := bytes.Cut(want, []byte("\n"))
		if !bytes.Equal(h, w) || len(restHave) == 0 || len(restWant) == 0 {
			return fmt.Errorf("teams: %s line %d is %s, expected %s with a newline, and the entries sorted, each once", what, n, quote(string(h)), quote(string(w)))
		}
		have, want = restHave, restWant
	}
}

// quote quotes text from outside, cut to a bounded length.
func quote(s string) string {
	const most = 80
	if len(s) > most {
		return fmt.Sprintf("%q… (%d bytes)", s[:most], len(s))
	}
	return fmt.Sprintf("%q", s)
}
