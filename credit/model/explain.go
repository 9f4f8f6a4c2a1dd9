package model

import (
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/registry"
)

// A Score is an entity's class and how it came about. The points of the lines add up to the
// total; what a line has adds up to its points.
type Score struct {
	Model    string        // name of the model
	Version  uint32        // its version
	On       registry.Date // day of scoring
	Class    Class         // the first whose limits hold
	Missed   []Class       // those before it, whose limits do not
	Total    uint64        // points over all lines
	Highest  uint64        // the most points of one line
	Lines    []Line        // one for each term, in the order of the model
	Excluded int           // facts after the day of scoring, or before the latest visit if only that counts
}

// A Line is how a term got its points.
type Line struct {
	Term    string // its label
	Facts   int    // that count
	Raw     uint64 // their points by count and factor
	Cut     uint64 // how many of them were over the limit for a visit, in all visits
	Visit   uint64 // that limit; 0: none
	Parts   []Part // the others by the time since; they have facts
	Sum     uint64 // weighted points of all parts
	Divisor uint64 // by which the sum is divided; 1: not at all
	Quot    uint64 // the sum divided, and rounded as the model says
	Limit   string // "at least" or "at most" if that limit of the term made the points; else ""
	Points  uint64 // of the term
}

// A Part is the points of a term that have one time weight.
type Part struct {
	Points uint64 // before the weight
	Weight uint64 // of the time since
}

// Score returns the class of an entity with the given facts, in any order, and how it came
// about. Facts after the day of scoring do not count, so that a past day can be scored again with
// all that is known since; nor do facts before the latest visit, if the model counts that alone.
// All facts, also those, must be valid.
//
// An error is a [*FactError] for the first fact that the model cannot take, a [*NoVisitError] or
// [*TermError] if what the model needs is not there, or says that there are over MaxFacts facts.
func (s *Scorer) Score(facts []Fact) (*Score, error) {
	d := &s.model.def
	score := &Score{Model: d.Name, Version: d.Version, On: s.on, Excluded: len(facts)}
	var sums [MaxTerms]uint64
	notes := make([]note, len(s.terms))
	if err := s.sum(facts, &sums, notes); err != nil {
		return nil, err
	}
	for i := range s.terms {
		l := notes[i].line(&s.terms[i], sums[i])
		score.Lines = append(score.Lines, l)
		score.Total += l.Points
		score.Highest = max(score.Highest, l.Points)
		score.Excluded -= l.Facts
	}
	score.Class = s.class(score.Total, score.Highest)
	for c := range s.model.Classes() {
		if c == score.Class {
			break
		}
		score.Missed = append(score.Missed, c)
	}
	return score, nil
}

// A note is what a line needs to know of the facts of a term.
type note struct {
	facts, raw, cut uint64
	steps           [MaxSteps + 1]struct{ facts, points uint64 }
}

func (n *note) add(step int, raw, counted uint64) {
	n.facts++
	n.raw += raw
	n.cut += raw - counted
	n.steps[step].facts++
	n.steps[step].points += counted
}

func (n *note) line(t *dayTerm, sum uint64) Line {
	l := Line{Term: t.Label, Facts: int(n.facts), Raw: n.raw, Cut: n.cut, Visit: t.VisitMost, Sum: sum, Divisor: t.divisor}
	for i, step := range t.steps {
		if n.steps[i].facts > 0 {
			l.Parts = append(l.Parts, Part{n.steps[i].points, step.weight})
		}
	}
	l.Quot = (sum + t.up) / t.divisor
	l.Points, l.Limit = t.limit(sum)
	return l
}

// String returns the score as lines, each ending with LF, in which all sums can be done again:
//
//	carriers version 1 on 2026-11-27: class high
//	brakes 100: 2 facts, 57 - 15 over 30 a visit = 42; 30*3 + 12*2 = 114; at most 100
//	speeding 0: no facts
//	lights 2: 1 fact, 3; 3*1 = 3; 3 / 2 = 2
//	total 100 + 0 + 2 = 102, highest 100
//	not low: expected total at most 50
//	2 facts excluded
func (s *Score) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s version %d on %s: class %s\n", s.Model, s.Version, s.On, s.Class.Label)
	var points []string
	for i := range s.Lines {
		b.WriteString(s.Lines[i].String() + "\n")
		points = append(points, fmt.Sprint(s.Lines[i].Points))
	}
	fmt.Fprintf(&b, "total %s = %d, highest %d\n", strings.Join(points, " + "), s.Total, s.Highest)
	for _, c := range s.Missed {
		fmt.Fprintf(&b, "not %s: expected %s\n", c.Label, c.condition())
	}
	if s.Excluded > 0 {
		fmt.Fprintf(&b, "%s excluded\n", facts(s.Excluded))
	}
	return b.String()
}

// String returns the line as it stands in the text of its score, without LF.
func (l *Line) String() string {
	b := fmt.Appendf(nil, "%s %d: %s", l.Term, l.Points, facts(l.Facts))
	if l.Facts > 0 {
		b = fmt.Appendf(b, ", %d", l.Raw)
		if l.Cut > 0 {
			b = fmt.Appendf(b, " - %d over %d a visit = %d", l.Cut, l.Visit, l.Raw-l.Cut)
		}
		for i, p := range l.Parts {
			b = fmt.Appendf(append(b, [...]string{"; ", " + "}[min(i, 1)]...), "%d*%d", p.Points, p.Weight)
		}
		b = fmt.Appendf(b, " = %d", l.Sum)
		if l.Divisor > 1 {
			b = fmt.Appendf(b, "; %d / %d = %d", l.Sum, l.Divisor, l.Quot)
		}
	}
	if l.Limit != "" {
		b = fmt.Appendf(b, "; %s %d", l.Limit, l.Points)
	}
	return string(b)
}

func facts(n int) string {
	switch n {
	case 0:
		return "no facts"
	case 1:
		return "1 fact"
	}
	return fmt.Sprintf("%d facts", n)
}
