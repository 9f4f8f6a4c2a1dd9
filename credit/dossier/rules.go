package dossier

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// A Count says from when a rule counts its months, and whether that day is the
// first of them. The zero Count is none.
//
// Counted from a day, that day is part of the period: three months from 1 April
// end with 30 June. Counted after a day it is not, and the period ends with the
// same day of the last month: three months after 1 April end with 1 July (Civil
// Code of China, articles 201 and 202). If the last month has no such day its last
// day takes the place: one month from 31 January ends with 27 or 28 February, one
// month after it with 28 or 29 February. A period of 0 months has no day.
type Count uint8

// The ways to count, and their texts.
const (
	FromDecision     Count = iota + 1 // "from decision"
	AfterDecision                     // "after decision"
	FromPublication                   // "from publication"
	AfterPublication                  // "after publication"
)

var countNames = [...]string{"", "from decision", "after decision", "from publication", "after publication"}

// String returns the text of c, "" for the zero Count.
func (c Count) String() string { return nameOf(countNames[:], uint8(c), "Count") }

// next returns the first day after so many months, given the day of the decision
// and that of the publication.
func (c Count) next(months int, decided, published registry.Date) registry.Date {
	day := decided
	if c == FromPublication || c == AfterPublication {
		day = published
	}
	if (c == AfterDecision || c == AfterPublication) && months > 0 {
		return day.AddMonths(months).AddDays(1)
	}
	return day.AddMonths(months)
}

// A Norm is a legal norm that rules belong to.
type Norm struct {
	Label string // 1–64 bytes without spaces and control characters
	Title string // what it is and where to find it: one line of 1–1000 bytes
}

// A Rule says what holds for the entries of a kind, norm and category that are
// decided from From to To.
type Rule struct {
	Kind     Kind          // of the entries
	Norm     string        // label of a norm of the table
	Category string        // as the norm calls it, such as general or food: 1–64 bytes without spaces and control characters
	From     registry.Date // first day of decision
	To       registry.Date // last day of decision; zero: no end yet

	Notice int // days between the notice to the entity and the publication in which it may object, 0 to 3660; 0: no such step
	Within int // days within which an entry is published once it may be, 1 to 3660; 0: at any time

	Count        Count // how the months below are counted
	UntilRemoved bool  // public until a removal is decided; Least and Most are then 0
	Least        int   // months of publication that may be chosen at least, 0 to Most; 0: an entry need not be published
	Most         int   // months that may be chosen at most, 1 to 1200

	Repair      bool // whether repair is possible
	RepairAfter int  // months until it may be applied for, Least to Most, or 0 to 1200 if UntilRemoved; 0 without Repair
}

// A Transition lets entries pass from an older norm to a newer one, by
// [Transferred], from a day on. Whether law allows that is for lawyers to say.
type Transition struct {
	Kind     Kind          // of the entries
	Old, New string        // labels of norms of the table
	From     registry.Date // first day on which it may be done
}

// Rules are the rule table. It is immutable and safe for concurrent use. A nil or
// zero Rules has no rules, so that no entry can be made under it.
//
// Its text has one spelling, see [ParseRules].
type Rules struct {
	norms       []Norm       // by label
	rules       []Rule       // by kind, norm, category and first day
	transitions []Transition // by kind, old and new
}

// An OverlapError says that two rules of one kind, norm and category hold on the
// same day, so that the law of that day would be unclear.
type OverlapError struct {
	First, Second Rule // by their first days
}

// Error returns the error as one line.
func (e *OverlapError) Error() string {
	return fmt.Sprintf("dossier: rules for %s: the one from %s to %s and the one from %s to %s overlap",
		e.First.key(), e.First.From, orOpen(e.First.To), e.Second.From, orOpen(e.Second.To))
}

// Limits on what a table may state.
const (
	maxMonths = 1200
	maxDays   = 3660
	maxRows   = 10_000
)

// NewRules returns the table of norms, rules and transitions, given in any order.
// It fails with an [*OverlapError] if two rules of the same kind, norm and category
// hold on the same day, and with another error if a field is outside its documented
// range, a norm is used that is not listed, a norm or transition is there twice, or
// there are more than 10,000 of a sort.
func NewRules(norms []Norm, rules []Rule, transitions []Transition) (*Rules, error) {
	if n := max(len(norms), len(rules), len(transitions)); n > maxRows {
		return nil, fmt.Errorf("dossier: rules: %d rows of a sort, expected at most %d", n, maxRows)
	}
	r := &Rules{slices.Clone(norms), slices.Clone(rules), slices.Clone(transitions)}
	slices.SortStableFunc(r.norms, func(a, b Norm) int { return strings.Compare(a.Label, b.Label) })
	slices.SortStableFunc(r.rules, compareRules)
	slices.SortStableFunc(r.transitions, compareTransitions)
	for i, n := range r.norms {
		switch wrong := cmp.Or(labelProblem(field{"label", n.Label}), textProblem(field{"title", n.Title})); {
		case wrong != "":
			return nil, fmt.Errorf("dossier: norm %s: %s", label.Quote(n.Label), wrong)
		case i > 0 && r.norms[i-1].Label == n.Label:
			return nil, fmt.Errorf("dossier: norm %s is there twice", label.Quote(n.Label))
		}
	}
	for i, rule := range r.rules {
		if wrong := cmp.Or(rule.problem(), r.unknownNorm(rule.Norm)); wrong != "" {
			return nil, fmt.Errorf("dossier: rule for %s: %s", rule.key(), wrong)
		}
		if i > 0 {
			before := r.rules[i-1]
			if before.key() == rule.key() && (before.To.IsZero() || before.To.Compare(rule.From) >= 0) {
				return nil, &OverlapError{before, rule}
			}
		}
	}
	for i, t := range r.transitions {
		wrong := cmp.Or(r.unknownNorm(t.Old), r.unknownNorm(t.New))
		switch {
		case !t.Kind.known():
			wrong = "the kind is not known"
		case wrong != "":
		case t.Old == t.New:
			wrong = "the norms are the same"
		case dateProblem(t.From) != "":
			wrong = "the first day " + dateProblem(t.From)
		case i > 0 && compareTransitions(r.transitions[i-1], t) == 0:
			wrong = "it is there twice"
		}
		if wrong != "" {
			return nil, fmt.Errorf("dossier: transition of %s from %s to %s: %s", t.Kind, label.Quote(t.Old), label.Quote(t.New), wrong)
		}
	}
	return r, nil
}

// All goes through the rules by kind, norm, category and first day.
func (r *Rules) All() iter.Seq[Rule] { return slices.Values(r.list()) }

// Norms goes through the norms by label.
func (r *Rules) Norms() iter.Seq[Norm] {
	if r == nil {
		return slices.Values([]Norm(nil))
	}
	return slices.Values(r.norms)
}

// InEffect goes through the rules that govern decisions of a kind and a day.
func (r *Rules) InEffect(kind Kind, on registry.Date) iter.Seq[Rule] {
	return func(yield func(Rule) bool) {
		for _, rule := range r.list() {
			if rule.Kind == kind && within(on, rule.From, rule.To) && !yield(rule) {
				return
			}
		}
	}
}

// A NoRuleError says that the table has no rule for a decision.
type NoRuleError struct {
	Kind     Kind          // of the entry
	Norm     string        // under which it is
	Category string        // in which it is
	Date     registry.Date // of the decision, or of the transfer
	Others   []Rule        // the rules of that kind, norm and category for other days
}

// Error returns the error as one line.
func (e *NoRuleError) Error() string {
	s := fmt.Sprintf("dossier: no rule for %s on %s", Rule{Kind: e.Kind, Norm: e.Norm, Category: e.Category}.key(), e.Date)
	for i, rule := range e.Others {
		s += [...]string{", only from ", " and from "}[min(i, 1)] + rule.From.String() + " to " + orOpen(rule.To)
	}
	return s
}

// Find returns the rule for a decision of a kind, norm, category and day. The error
// is a [*NoRuleError].
func (r *Rules) Find(kind Kind, norm, category string, on registry.Date) (Rule, error) {
	rule, err := r.find(kind, norm, category, on)
	if err != nil {
		return Rule{}, err
	}
	return *rule, nil
}

func (r *Rules) find(kind Kind, norm, category string, on registry.Date) (*Rule, error) {
	list, key := r.list(), Rule{Kind: kind, Norm: norm, Category: category}
	i, _ := slices.BinarySearchFunc(list, key, compareRules) // the first of the key: it has no day
	first := i
	for ; i < len(list) && compareKeys(list[i], key) == 0; i++ {
		if within(on, list[i].From, list[i].To) {
			return &list[i], nil
		}
	}
	return nil, &NoRuleError{kind, norm, category, on, slices.Clone(list[first:i])}
}

// transition reports whether entries of a kind may pass from one norm to another on
// a day, and if not, why.
func (r *Rules) transition(kind Kind, from, to string, on registry.Date) (why string) {
	i, ok := slices.BinarySearchFunc(r.transitions, Transition{Kind: kind, Old: from, New: to}, compareTransitions)
	switch {
	case !ok:
		return fmt.Sprintf("the rules have no transition from %s to %s", label.Quote(from), label.Quote(to))
	case on.Compare(r.transitions[i].From) < 0:
		return fmt.Sprintf("the transition from %s to %s begins on %s", label.Quote(from), label.Quote(to), r.transitions[i].From)
	}
	return ""
}

func (r *Rules) list() []Rule {
	if r == nil {
		return nil
	}
	return r.rules
}

func (r *Rules) unknownNorm(norm string) string {
	if _, ok := slices.BinarySearchFunc(r.norms, norm, func(n Norm, s string) int { return strings.Compare(n.Label, s) }); !ok {
		return fmt.Sprintf("norm %s is not listed", label.Quote(norm))
	}
	return ""
}

func (k Kind) known() bool { return k >= Penalty && k <= InspectionResult }

// key returns what rules that must not overlap have in common.
func (r Rule) key() string { return r.Kind.String() + " " + r.Norm + " " + r.Category }

// problem says what is wrong with the rule, or returns "".
func (r Rule) problem() string {
	between := func(n, least, most int, what string) string {
		if n < least || n > most {
			return fmt.Sprintf("%s is %d, expected %d to %d", what, n, least, most)
		}
		return ""
	}
	most := r.Most
	if r.UntilRemoved {
		most = maxMonths
	}
	switch {
	case !r.Kind.known():
		return "the kind is not known"
	case labelProblem(field{"category", r.Category}) != "":
		return labelProblem(field{"category", r.Category})
	case dateProblem(r.From) != "":
		return "the first day " + dateProblem(r.From)
	case !r.To.IsZero() && dateProblem(r.To) != "":
		return "the last day " + dateProblem(r.To)
	case !r.To.IsZero() && r.To.Compare(r.From) < 0:
		return fmt.Sprintf("the last day %s is before the first, %s", r.To, r.From)
	case r.Count < FromDecision || r.Count > AfterPublication:
		return "it does not say from when it counts"
	case r.UntilRemoved && (r.Least != 0 || r.Most != 0):
		return "it has both a period and none"
	case !r.Repair && r.RepairAfter != 0:
		return "it has a time of repair, but no repair"
	}
	wrong := cmp.Or(between(r.Notice, 0, maxDays, "the notice in days"), between(r.Within, 0, maxDays, "the time to publish in days"))
	if !r.UntilRemoved {
		wrong = cmp.Or(wrong, between(r.Most, 1, maxMonths, "the longest period in months"), between(r.Least, 0, r.Most, "the shortest period in months"))
	}
	if r.Repair {
		wrong = cmp.Or(wrong, between(r.RepairAfter, r.Least, most, "the time of repair in months"))
	}
	return wrong
}

// orOpen returns the text of a last day, of which the zero one is "open".
func orOpen(d registry.Date) string { return cmp.Or(d.String(), "open") }

func compareKeys(a, b Rule) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Norm, b.Norm), strings.Compare(a.Category, b.Category))
}

func compareRules(a, b Rule) int { return cmp.Or(compareKeys(a, b), a.From.Compare(b.From)) }

func compareTransitions(a, b Transition) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Old, b.Old), strings.Compare(a.New, b.New))
}
