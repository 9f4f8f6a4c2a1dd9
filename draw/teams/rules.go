package teams

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/matching"
)

const rulesHeader = "doublerandom/exclusions/v1"

// Rules say who must not go where, or with whom. They are for all units of the frame: which of
// them the draw takes is not known yet.
type Rules struct {
	Exclusions []matching.Exclusion // of units and inspectors
	Pairs      []matching.Pair      // of inspectors
}

// sorted returns the rules sorted, each once, or what is wrong with them.
func (r *Rules) sorted() (*Rules, error) {
	s := &Rules{slices.Clone(r.Exclusions), slices.Clone(r.Pairs)}
	for _, e := range s.Exclusions {
		for _, part := range []string{e.Task, e.Inspector, e.Reason} {
			if problem := label.Check(part); problem != "" {
				return nil, fmt.Errorf("teams: exclusion of %s from %s: a field %s", label.Quote(e.Inspector), label.Quote(e.Task), problem)
			}
		}
	}
	for i, p := range s.Pairs {
		for _, part := range []string{p.A, p.B, p.Reason} {
			if problem := label.Check(part); problem != "" {
				return nil, fmt.Errorf("teams: pair of %s and %s: a field %s", label.Quote(p.A), label.Quote(p.B), problem)
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
	err := readText(text, "exclusions", rulesHeader, next, func(f []string) string {
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
	*r = *next
	return nil
}
