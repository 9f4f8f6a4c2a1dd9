package model

import (
	"fmt"
	"slices"

	"github.com/doublerandom/doublerandom/registry"
)

// A Scorer scores entities by a model on one day. It is made by [Model.On] or [Versions.On].
type Scorer struct {
	model *Model
	on    registry.Date
	terms []dayTerm
}

// A dayTerm is a term made ready for a day.
type dayTerm struct {
	*Term
	whole   *Range // all points, if they are one range
	steps   []dayStep
	divisor uint64
	up      uint64 // added before the division
}

// A dayStep is a step of a table: the weight of facts not before a day. The last step of each
// table has no date, and so is for all.
type dayStep struct {
	from   registry.Date
	weight uint64
}

// On returns the scorer for a day. It fails with a [*PeriodError] if the model is not in force on
// that day; while it is open that is every day from the first.
func (m *Model) On(day registry.Date) (*Scorer, error) {
	d := &m.def
	if day.IsZero() || day.Compare(d.From) < 0 || !d.To.IsZero() && day.Compare(d.To) > 0 {
		return nil, &PeriodError{m.String(), day, d.From, d.To}
	}
	s := &Scorer{m, day, make([]dayTerm, len(d.Terms))}
	for i := range d.Terms {
		t := dayTerm{Term: &d.Terms[i], divisor: 1}
		if len(t.Points) == 1 {
			t.whole = &t.Points[0]
		}
		times := Times{Else: 1, Divisor: 1}
		if at := slices.IndexFunc(d.Times, func(o Times) bool { return o.Label == t.Times }); at >= 0 {
			times = d.Times[at]
		}
		for _, step := range times.Steps {
			t.steps = append(t.steps, dayStep{day.AddMonths(-step.Months), step.Weight})
		}
		t.steps = append(t.steps, dayStep{weight: times.Else})
		t.divisor = times.Divisor
		if times.RoundUp {
			t.up = times.Divisor - 1
		}
		s.terms[i] = t
	}
	return s, nil
}

// Model returns the model.
func (s *Scorer) Model() *Model { return s.model }

// Day returns the day of scoring.
func (s *Scorer) Day() registry.Date { return s.on }

// Classify returns the class of an entity with the given facts, in any order, and the total of
// its points: those of [Scorer.Score], which has the errors and says which facts count. It
// allocates no memory, unless visits play a part and the facts are not in the order of
// [CompareFacts].
func (s *Scorer) Classify(facts []Fact) (Class, uint64, error) {
	var sums [MaxTerms]uint64
	if err := s.sum(facts, &sums, nil); err != nil {
		return Class{}, 0, err
	}
	var total, highest uint64
	for i := range s.terms {
		points, _ := s.terms[i].limit(sums[i])
		total += points
		highest = max(highest, points)
	}
	return s.class(total, highest), total, nil
}

// class returns the first class whose limits hold. The last has none.
func (s *Scorer) class(total, highest uint64) Class {
	classes := s.model.def.Classes
	i := 0
	for total > classes[i].Total || highest > classes[i].EachTerm {
		i++
	}
	return classes[i]
}

// limit returns the points of a term that has a weighted sum, and the limit that made them so.
func (t *dayTerm) limit(sum uint64) (points uint64, limit string) {
	if t.divisor > 1 {
		sum = (sum + t.up) / t.divisor
	}
	switch {
	case sum < t.Least:
		return t.Least, "at least"
	case t.Most > 0 && sum > t.Most:
		return t.Most, "at most"
	}
	return sum, ""
}

// sum adds up the weighted points of each term, and, if there are notes, notes how. Nothing
// overflows, see the limits of the package.
func (s *Scorer) sum(facts []Fact, sums *[MaxTerms]uint64, notes []note) error {
	if len(facts) > MaxFacts {
		return fmt.Errorf("model: %d facts, expected at most %d", len(facts), MaxFacts)
	}
	// All facts are checked before any is passed over, so that one that is wrong is found on
	// every day.
	for i := range facts {
		if f := &facts[i]; int(f.Term) >= len(s.terms) || f.Date.IsZero() || f.Count-1 >= MaxCount || !s.terms[f.Term].permits(f.Points) {
			return &FactError{i, s.model.checkFact(*f)}
		}
	}
	latest := 0
	if s.model.ordered {
		if !slices.IsSortedFunc(facts, CompareFacts) {
			facts = slices.Clone(facts)
			slices.SortFunc(facts, CompareFacts)
		}
		if s.model.def.Latest {
			var err error
			if latest, err = s.latest(facts); err != nil {
				return err
			}
		}
	}
	return s.add(facts, latest, sums, notes)
}

// permits is Term.allows, faster for one range.
func (t *dayTerm) permits(points uint32) bool {
	if t.whole != nil {
		return points >= t.whole.Least && points <= t.whole.Most
	}
	return t.allows(points)
}

// latest returns the index of the first fact of the latest visit.
func (s *Scorer) latest(facts []Fact) (int, error) {
	end := len(facts)
	for end > 0 && facts[end-1].Date.Compare(s.on) > 0 {
		end--
	}
	if end == 0 {
		return 0, &NoVisitError{s.on}
	}
	first := end - 1
	for first > 0 && CompareFacts(facts[first-1], facts[end-1]) == 0 {
		first--
	}
	return first, nil
}

// add adds up facts that are checked and, if the model needs it, in order, from the given one.
func (s *Scorer) add(facts []Fact, first int, sums *[MaxTerms]uint64, notes []note) error {
	var counts [MaxTerms]uint32 // facts of a term
	var used [MaxTerms]uint64   // points that a term has from the visit of the fact before
	var last *Fact
	for i := first; i < len(facts); i++ {
		f := &facts[i]
		if f.Date.Compare(s.on) > 0 {
			continue
		}
		t := &s.terms[f.Term]
		counts[f.Term]++
		raw := uint64(f.Points) * uint64(f.Count) * t.Factor
		counted := raw
		if t.VisitMost > 0 {
			if last != nil && CompareFacts(*last, *f) != 0 {
				clear(used[:len(s.terms)])
			}
			last = f
			counted = min(raw, t.VisitMost-used[f.Term])
			used[f.Term] += counted
		}
		step := 0
		for f.Date.Compare(t.steps[step].from) < 0 {
			step++
		}
		sums[f.Term] += counted * t.steps[step].weight
		if notes != nil {
			notes[f.Term].add(step, raw, counted)
		}
	}
	if s.model.once {
		for i := range s.terms {
			if t := &s.terms[i]; t.Once && counts[i] != 1 {
				return &TermError{t.Label, int(counts[i])}
			}
		}
	}
	return nil
}
