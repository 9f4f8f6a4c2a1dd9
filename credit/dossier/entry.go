package dossier

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// A Decision is what an entry begins with.
type Decision struct {
	ID         string        // of the entry: 1–64 bytes without spaces and control characters
	Entity     string        // ID of the entity, as in the registry
	Kind       Kind          // what the entry is
	Norm       string        // under which it is public
	Category   string        // in which the norm has it
	Date       registry.Date // of the decision
	Department string        // ID of the department that decided
	Months     int           // for which it is public, within the rule; 0 if it is public until removed, or never
	Document   string        // number of the document: one line of 1–1000 bytes
	Basis      string        // legal basis of the decision itself: one line of 1–1000 bytes
	Summary    string        // what is published: one line of 1–1000 bytes
}

// problem says what is wrong with the decision by itself, or returns "".
func (d Decision) problem() string {
	switch {
	case !d.Kind.known():
		return "the kind is not known"
	case dateProblem(d.Date) != "":
		return "the date of the decision " + dateProblem(d.Date)
	}
	return cmp.Or(
		labelProblem(field{"the ID", d.ID}, field{"the entity", d.Entity}, field{"the norm", d.Norm},
			field{"the category", d.Category}, field{"the department", d.Department}),
		textProblem(field{"the document", d.Document}, field{"the basis", d.Basis}, field{"the summary", d.Summary}))
}

// An Ending says what ends a publication or a measure.
type Ending uint8

// The endings. Their texts are what a reader is told.
const (
	Undetermined Ending = iota // "undetermined": nothing that is known
	Term                       // "term": its time is over
	Repair                     // "repair": the entity was repaired
	Removal                    // "removal": the entity was removed from the list
	Withdrawal                 // "withdrawal": the decision was revoked
)

var endingNames = [...]string{"undetermined", "term", "repair", "removal", "withdrawal"}

// String returns the text of e.
func (e Ending) String() string { return nameOf(endingNames[:], uint8(e), "Ending") }

// An Entry is an entry of the credit file: a decision and the log of what happened
// since. It is immutable and safe for concurrent use. Make one with [Rules.Enter]
// and go on with [Entry.Add]; the zero Entry and nil are not valid.
type Entry struct {
	decision Decision
	rules    *Rules
	rule     *Rule // of the day of the decision
	events   []Event
	state    State

	noticed    registry.Date // last day of the notice; zero: none given
	free       registry.Date // first day of publication; zero: not known yet
	due        registry.Date // last day of publication, if free is known; zero: none
	published  registry.Date // zero: not yet
	until      registry.Date // last public day; zero: none known
	ending     Ending        // what determines until
	repairable registry.Date // first day for an application, if published; zero: none
	lifted     registry.Date // day of repair or removal; zero: none
	liftedBy   Ending        // which of the two
	revoked    registry.Date // day of withdrawal; zero: none
}

// maxEvents bounds the log of an entry.
const maxEvents = 1000

// A PeriodError says that a period is not one that the rule allows.
type PeriodError struct {
	Entry  string // its ID
	Months int    // that were chosen
	Rule   Rule   // that says otherwise
}

// Error returns the error as one line.
func (e *PeriodError) Error() string {
	expected := fmt.Sprintf("%d to %d", e.Rule.Least, e.Rule.Most)
	if e.Rule.UntilRemoved {
		expected = "0: it is public until removed"
	}
	return fmt.Sprintf("dossier: entry %s: %d months under %s, expected %s", label.Quote(e.Entry), e.Months, e.Rule.key(), expected)
}

func (r *Rule) allows(months int) bool { return months >= r.Least && months <= r.Most }

// Enter returns the entry of a decision, under the rule of the day of the decision.
// It fails with a [*NoRuleError] or a [*PeriodError], or with another error if a field
// is missing or malformed.
func (r *Rules) Enter(d Decision) (*Entry, error) {
	if wrong := d.problem(); wrong != "" {
		return nil, fmt.Errorf("dossier: entry %s: %s", label.Quote(d.ID), wrong)
	}
	rule, err := r.find(d.Kind, d.Norm, d.Category, d.Date)
	if err != nil {
		return nil, err
	}
	if !rule.allows(d.Months) {
		return nil, &PeriodError{d.ID, d.Months, *rule}
	}
	e := &Entry{decision: d, rules: r, rule: rule, state: Decided}
	if rule.Notice == 0 {
		e.mayPublish(d.Date)
	}
	return e, nil
}

// mayPublish sets the days on which the entry may be published.
func (e *Entry) mayPublish(first registry.Date) {
	e.free, e.due = first, registry.Date{}
	if e.rule.Within > 0 {
		e.due = first.AddDays(e.rule.Within)
	}
	if !e.rule.UntilRemoved && e.rule.countsFromDecision() {
		e.due = earlier(e.due, e.rule.last(e.decision.Months, e.decision.Date, registry.Date{}))
	}
}

func (r *Rule) countsFromDecision() bool { return r.Count == FromDecision || r.Count == AfterDecision }

// last returns the last day of a period of months, zero if the rule has none.
func (r *Rule) last(months int, decided, published registry.Date) registry.Date {
	if r.UntilRemoved {
		return registry.Date{}
	}
	return r.Count.next(months, decided, published).AddDays(-1)
}

// Add returns the entry with one more event in its log; e itself stays as it is.
// It fails with a [*StateError] if the entry cannot have the event:
//
//   - dates must not go backwards;
//   - a notice is given where the rule has one, once; an objection is raised from the
//     day of the notice to [Entry.NoticeUntil], once, and then decided;
//   - an entry is published once, after the notice has run, not while an objection is
//     open or after one was upheld, not later than the rule says and not when its
//     period is over or has no day;
//   - repair is applied for from [Entry.RepairFrom] on, and then granted or refused;
//     it may be sought after the period, too, since it can lift measures;
//   - only what is public until removed is removed;
//   - a transfer needs a transition in the rules and a rule of the newer norm.
//
// None of them makes a publication longer. For a transfer errors may also be those
// of [Rules.Enter]. A malformed event, and one after 1,000 others, is another error.
func (e *Entry) Add(event Event) (*Entry, error) {
	next := *e
	next.events = slices.Clip(e.events) // so that appending copies: e may be added to again
	if err := next.add(event); err != nil {
		return nil, err
	}
	return &next, nil
}

// add does what Add says to e itself, which is of no use after an error.
func (e *Entry) add(event Event) error {
	id := e.decision.ID
	if wrong := event.problem(); wrong != "" {
		return fmt.Errorf("dossier: entry %s: event %s: %s", label.Quote(id), event.Action, wrong)
	}
	if len(e.events) == maxEvents {
		return fmt.Errorf("dossier: entry %s has %d events, which is the limit", label.Quote(id), maxEvents)
	}
	state, ok := e.state.after(event.Action)
	if !ok {
		return &StateError{id, e.state, event.Action, event.Date, ""}
	}
	if why := e.refuses(event); why != "" {
		return &StateError{id, e.state, event.Action, event.Date, why}
	}
	e.events, e.state = append(e.events, event), state
	return e.apply(event)
}

// refuses says why an action that is possible in the state is not on this day, or
// returns "".
func (e *Entry) refuses(event Event) string {
	on := event.Date
	if before := e.lastDate(); on.Compare(before) < 0 {
		return fmt.Sprintf("dates go back from %s", before)
	}
	switch event.Action {
	case Notified:
		if e.rule.Notice == 0 {
			return "the rule has no notice"
		}
	case Objected:
		if on.Compare(e.noticed) > 0 {
			return fmt.Sprintf("the notice ran to %s", e.noticed)
		}
	case Published:
		switch {
		case e.rule.Notice > 0 && e.state == Decided:
			return "no notice was given"
		case e.rule.Notice > 0 && on.Compare(e.noticed) <= 0:
			return fmt.Sprintf("the notice runs to %s", e.noticed)
		case !e.rule.UntilRemoved && e.decision.Months == 0:
			return "it is for 0 months"
		case !within(on, e.free, e.due):
			return fmt.Sprintf("it could be published until %s", e.due)
		}
	case RepairApplied:
		switch {
		case e.repairable.IsZero():
			return "the rule has no repair"
		case on.Compare(e.repairable) < 0:
			return fmt.Sprintf("repair is possible from %s", e.repairable)
		}
	case Removed:
		if !e.rule.UntilRemoved {
			return "it is not public until removed"
		}
	case Transferred:
		return e.rules.transition(e.decision.Kind, e.decision.Norm, event.Norm, on)
	}
	return ""
}

// lastDate returns the date of the last event, or of the decision.
func (e *Entry) lastDate() registry.Date {
	if n := len(e.events); n > 0 {
		return e.events[n-1].Date
	}
	return e.decision.Date
}

// apply brings the dates of the entry to what they are after an event.
func (e *Entry) apply(event Event) error {
	on := event.Date
	switch event.Action {
	case Notified:
		e.noticed = on.AddDays(e.rule.Notice)
		e.mayPublish(e.noticed.AddDays(1))
	case ObjectionRejected:
		e.mayPublish(later(on, e.noticed.AddDays(1)))
	case Published:
		e.published = on
		e.until = e.rule.last(e.decision.Months, e.decision.Date, on)
		if !e.until.IsZero() {
			e.ending = Term
		}
		e.repairable = e.rule.repairFrom(e.decision.Date, on)
	case Transferred:
		return e.transfer(event)
	case RepairGranted:
		e.lift(on, Repair)
	case Removed:
		e.lift(on, Removal)
	case Withdrawn:
		e.revoked = on
		e.end(on, Withdrawal)
	}
	return nil
}

// repairFrom returns the first day on which repair may be applied for.
func (r *Rule) repairFrom(decided, published registry.Date) registry.Date {
	if !r.Repair {
		return registry.Date{}
	}
	return later(r.Count.next(r.RepairAfter, decided, published), published)
}

// transfer applies a newer rule where that is sooner over. It does not reach back: a
// period that would be over already ends on the day before.
func (e *Entry) transfer(event Event) error {
	d := e.decision
	rule, err := e.rules.find(d.Kind, event.Norm, event.Category, event.Date)
	if err != nil {
		return err
	}
	if !rule.allows(event.Months) {
		return &PeriodError{d.ID, event.Months, *rule}
	}
	if last := rule.last(event.Months, d.Date, e.published); !last.IsZero() {
		e.end(later(last.AddDays(1), event.Date), Term)
	}
	if from := rule.repairFrom(d.Date, e.published); !from.IsZero() {
		e.repairable = earlier(e.repairable, later(from, event.Date))
	}
	return nil
}

func (e *Entry) lift(on registry.Date, by Ending) {
	e.lifted, e.liftedBy = on, by
	e.end(on, by)
}

// end ends the publication on the day before, if it is public at all and would not
// be over then.
func (e *Entry) end(on registry.Date, by Ending) {
	if last := on.AddDays(-1); !e.published.IsZero() && (e.until.IsZero() || last.Compare(e.until) < 0) {
		e.until, e.ending = last, by
	}
}

// Decision returns what the entry began with.
func (e *Entry) Decision() Decision { return e.decision }

// Rule returns the rule of the day of the decision.
func (e *Entry) Rule() Rule { return *e.rule }

// Events goes through the log.
func (e *Entry) Events() iter.Seq[Event] { return slices.Values(e.events) }

// State returns the state after all events.
func (e *Entry) State() State { return e.state }

// StateOn returns the state after the events up to a day, that day included; the
// zero State before the decision.
func (e *Entry) StateOn(on registry.Date) State {
	if on.Compare(e.decision.Date) < 0 {
		return 0
	}
	state := Decided
	for _, event := range e.events {
		if event.Date.Compare(on) > 0 {
			break
		}
		state, _ = state.after(event.Action) // Add has seen to the rest
	}
	return state
}

// Span returns the first and the last day on which the entry is public, and what
// ends it; the last day is zero if it is not determined. If the entry is never
// public all three are zero.
func (e *Entry) Span() (from, until registry.Date, by Ending) {
	if e.published.IsZero() || !e.until.IsZero() && e.until.Compare(e.published) < 0 {
		return registry.Date{}, registry.Date{}, Undetermined
	}
	return e.published, e.until, e.ending
}

// Public reports whether the entry is public on a day.
func (e *Entry) Public(on registry.Date) bool { return within(on, e.published, e.until) }

// Summary returns what is published of the entry on a day: the summary of its
// decision, or of the last correction up to that day.
func (e *Entry) Summary(on registry.Date) string {
	s := e.decision.Summary
	for _, event := range e.events {
		if event.Action == Corrected && event.Date.Compare(on) <= 0 {
			s = event.Text
		}
	}
	return s
}

// NoticeUntil returns the last day of the notice, on which the entity may still
// object; zero if no notice was given.
func (e *Entry) NoticeUntil() registry.Date { return e.noticed }

// PublishFrom returns the days on which the entry could be published, or could have
// been: the first, zero if it is not known, since a notice has to be given first or
// an objection decided, or if there is none; and the last, zero if there is no limit.
func (e *Entry) PublishFrom() (from, until registry.Date) {
	if e.never() || e.published.IsZero() && !e.state.may(Published) {
		return registry.Date{}, registry.Date{}
	}
	return e.free, e.due
}

// never reports whether there is no day, as far as is known, on which the entry may
// be published.
func (e *Entry) never() bool {
	return e.free.IsZero() || !e.rule.UntilRemoved && e.decision.Months == 0 ||
		!e.due.IsZero() && e.due.Compare(e.free) < 0
}

// RepairFrom returns the first day on which repair may be applied for; zero if the
// rule has none, or the entry was not published.
func (e *Entry) RepairFrom() registry.Date { return e.repairable }
