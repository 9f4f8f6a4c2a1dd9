// Package dossier keeps the public credit file of entities: penalties, lists and
// inspection results, with what is public about an entity on a day and until
// when, the joint-punishment measures that bind a department, and what changes
// in the next days.
//
// The steps are
//
//	rules, err := dossier.ParseRules(text)       // the law, as a table
//	entry, err := rules.Enter(dossier.Decision{…}) // a decision, under the rule of its day
//	entry, err = entry.Add(dossier.Event{Action: dossier.Notified, Date: day})
//	file, err := dossier.NewFile(entries, measures)
//	file.Public(entity, day)                     // what is public, and until when
//	file.Binding(department, entity, dossier.Permit, day)
//	file.Changes(day, 30)
//
// [Rules.Enter] and [Entry.Add] refuse what the rules do not allow: a period
// outside the norm, a publication before the notice has run or while an objection
// is open, a repair too early, a second publication. [File] and the entries in it
// never change.
//
// No period, no norm and no day of change is in the code. All come from the
// table, since law changes: in China the rules on repair did on 2026-04-01.
// [ChineseRules] is a table to begin from.
//
// # Which rule governs
//
// The rule of an entry is the one that its norm and category have on the day of
// the decision. A later rule does not touch it, be it milder or harsher, unless
// the table has a [Transition] and a department makes use of it by [Transferred];
// and that can only shorten.
//
// # Days
//
// There are days only, no times. What happens on a day holds from that day on: an
// entry published on 10 April is public on 10 April; one repaired, removed or
// withdrawn on 20 May is not public on 20 May. A period of months ends as the rule
// says, see [Count]. All dates given here are in the years 1900 to 2999. Days are
// calendar days; a norm that counts working days needs a number of calendar days
// that is long enough. The package asks no clock: a log may hold events of any
// day, and each answer takes all of them into account.
package dossier

import (
	"fmt"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// A Kind says what an entry of the credit file is. The zero Kind is none.
type Kind uint8

// The kinds, and their texts.
const (
	Penalty           Kind = iota + 1 // "penalty" (行政处罚)
	AbnormalOperation                 // "abnormal-operation" (经营异常名录)
	SeriousViolation                  // "serious-violation" (严重违法失信名单)
	InspectionResult                  // "inspection-result" (抽查检查结果)
)

var kindNames = [...]string{"", "penalty", "abnormal-operation", "serious-violation", "inspection-result"}

// String returns the text of the kind, "" for the zero Kind.
func (k Kind) String() string { return nameOf(kindNames[:], uint8(k), "Kind") }

// ParseKind returns the kind that has the text.
func ParseKind(s string) (Kind, error) {
	k, ok := named(kindNames[:], s)
	if !ok {
		return 0, fmt.Errorf("dossier: kind %s is not known", label.Quote(s))
	}
	return Kind(k), nil
}

// nameOf returns the name of the i-th value of a type.
func nameOf(names []string, i uint8, typ string) string {
	if int(i) < len(names) {
		return names[i]
	}
	return fmt.Sprintf("%s(%d)", typ, i)
}

// named returns the value, from 1, that has the name.
func named(names []string, s string) (uint8, bool) {
	for i := 1; i < len(names); i++ {
		if names[i] == s {
			return uint8(i), true
		}
	}
	return 0, false
}

// The years in which a date may be. Periods are at most 100 years, so that
// nothing computed from a date can leave the calendar and be cut there.
const firstYear, lastYear = 1900, 2999

// dateProblem says what is wrong with a date, or returns "".
func dateProblem(d registry.Date) string {
	switch year := d.Year(); {
	case d.IsZero():
		return "is missing"
	case year < firstYear || year > lastYear:
		return fmt.Sprintf("%s is outside %d–%d", d, firstYear, lastYear)
	}
	return ""
}

// A field is a name and a value to check.
type field struct{ name, value string }

// labelProblem says which of the fields is no label, and why, or returns "".
func labelProblem(fields ...field) string {
	for _, f := range fields {
		if wrong := label.Check(f.value); wrong != "" {
			return f.name + " " + wrong
		}
	}
	return ""
}

// textProblem says which of the fields is no text of one line, and why, or returns "".
func textProblem(fields ...field) string {
	for _, f := range fields {
		if wrong := label.CheckText(f.value); wrong != "" {
			return f.name + " " + wrong
		}
	}
	return ""
}

// earlier returns the earlier of two last days, of which a zero one is never.
func earlier(a, b registry.Date) registry.Date {
	if a.IsZero() || !b.IsZero() && b.Compare(a) < 0 {
		return b
	}
	return a
}

// later returns the later of two days.
func later(a, b registry.Date) registry.Date {
	if a.Compare(b) < 0 {
		return b
	}
	return a
}

// within reports whether a day is in a span that ends with its last day, or never
// if that is zero. A span without a first day is empty.
func within(on, from, until registry.Date) bool {
	return !from.IsZero() && from.Compare(on) <= 0 && (until.IsZero() || on.Compare(until) <= 0)
}
