package model

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/internal/line"
	"github.com/doublerandom/doublerandom/registry"
)

// A Fact is something found on an entity that a model counts.
//
// Its points cannot be negative: a model adds risk up, and good conduct is the absence of facts.
// A visit that found nothing is a fact of 0 points, if the term allows them.
type Fact struct {
	Date   registry.Date // when it was found; not zero
	Visit  uint32        // tells the visits of an entity on one day apart, the later the larger; 0 if there is one
	Points uint32        // one of those that the term allows
	Count  uint32        // how often it was found, 1 to MaxCount
	Term   uint16        // index of the term, see Model.Term
}

// CompareFacts orders facts by date and visit, as [slices.SortFunc] wants it. Facts in that order
// are scored without a copy, whatever the model.
func CompareFacts(a, b Fact) int {
	return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Visit, b.Visit))
}

// FormatFact returns the text of a fact, which [Model.ParseFact] reads, such as
// "2026-03-01 0 hygiene 5 1". It fails if the model cannot take the fact, as [Scorer.Score] does.
func (m *Model) FormatFact(f Fact) (string, error) {
	if err := m.checkFact(f); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s %d %s %d %d", f.Date, f.Visit, m.def.Terms[f.Term].Label, f.Points, f.Count), nil
}

// ParseFact reads the text of a fact, and no other spelling:
//
//	fact = date " " visit " " term " " points " " count
//
// with the label of the term and numbers without leading zeros. It returns a [*DateError] if the
// date is none, a [*PointsError] if the points are negative or the term does not allow them, and
// another error if anything else is wrong.
func (m *Model) ParseFact(s string) (Fact, error) {
	const most = len("YYYY-MM-DD 4294967295  10000 1000") + label.Max
	if len(s) > most {
		return Fact{}, fmt.Errorf("model: fact %s, expected at most %d bytes", label.Quote(s), most)
	}
	field := strings.Split(s, " ")
	if len(field) != 5 {
		return Fact{}, fmt.Errorf("model: fact %s has %d fields, expected date, visit, term, points and count", label.Quote(s), len(field))
	}
	date, err := registry.ParseDate(field[0])
	if err != nil {
		return Fact{}, &DateError{"fact " + label.Quote(s), field[0], "YYYY-MM-DD"}
	}
	visit, ok := line.ParseNumber(field[1], math.MaxUint32)
	if !ok {
		return Fact{}, fmt.Errorf("model: fact %s: visit %s, expected 0 to %d", label.Quote(s), label.Quote(field[1]), uint32(math.MaxUint32))
	}
	term, ok := m.Term(field[2])
	if !ok {
		return Fact{}, fmt.Errorf("model: fact %s: term %s is not in %s", label.Quote(s), label.Quote(field[2]), m)
	}
	points, ok := line.ParseNumber(field[3], MaxPoints)
	if t := m.def.Terms[term]; !ok || !t.allows(uint32(points)) {
		return Fact{}, &PointsError{"fact " + label.Quote(s), field[3], ranges(t.Points)}
	}
	count, ok := line.ParseNumber(field[4], MaxCount)
	if !ok || count == 0 {
		return Fact{}, fmt.Errorf("model: fact %s: count %s, expected 1 to %d", label.Quote(s), label.Quote(field[4]), MaxCount)
	}
	return Fact{date, uint32(visit), uint32(points), uint32(count), term}, nil
}

// checkFact returns what is wrong with a fact for the model.
func (m *Model) checkFact(f Fact) error {
	if int(f.Term) >= len(m.def.Terms) {
		return fmt.Errorf("model: term %d, expected 0 to %d", f.Term, len(m.def.Terms)-1)
	}
	t := &m.def.Terms[f.Term]
	what := "term " + label.Quote(t.Label)
	switch {
	case f.Date.IsZero():
		return &DateError{What: what, Expected: "a date"}
	case !t.allows(f.Points):
		return &PointsError{what, fmt.Sprint(f.Points), ranges(t.Points)}
	case f.Count < 1 || f.Count > MaxCount:
		return fmt.Errorf("model: %s: count %d, expected 1 to %d", what, f.Count, MaxCount)
	}
	return nil
}

func (t *Term) allows(points uint32) bool {
	for _, r := range t.Points {
		if points <= r.Most {
			return points >= r.Least
		}
	}
	return false
}
