package dossier

import (
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func day(s string) registry.Date {
	d, err := registry.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// table is a table with each form of a rule.
const table = rulesHeader + `
norm NEW newer
norm OLD older
rule penalty NEW after from 2026-04-01 to open no notice publish within 10 days counted after decision for 1..12 months repair after 1 months
rule penalty NEW afterpub from 2026-04-01 to open notice 3 days publish within 20 days counted after publication for 1..12 months repair after 2 months
rule penalty NEW minor from 2026-04-01 to open notice 3 days publish any time counted from decision for 0..3 months repair after 0 months
rule penalty OLD any from 2020-01-01 to 2026-03-31 notice 5 days publish any time counted from publication for 3..36 months repair after 6 months
rule penalty OLD firm from 2020-01-01 to 2026-03-31 notice 5 days publish any time counted from decision for 3..36 months no repair
rule abnormal-operation NEW listed from 2020-01-01 to open no notice publish any time counted from publication until removed repair after 2 months
rule abnormal-operation OLD listed from 2020-01-01 to 2026-03-31 notice 2 days publish any time counted from decision until removed no repair
rule serious-violation NEW listed from 2020-01-01 to open notice 7 days publish within 30 days counted from decision for 12..36 months repair after 12 months
transition penalty OLD NEW from 2026-04-01
transition abnormal-operation OLD NEW from 2025-01-01
`

func rulesOf(t testing.TB, text string) *Rules {
	t.Helper()
	r, err := ParseRules([]byte(text))
	require.NoError(t, err)
	return r
}

// decision returns a decision with all that does not matter filled in.
func decision(id string, kind Kind, norm, category, date string, months int) Decision {
	return Decision{ID: id, Entity: "acme", Kind: kind, Norm: norm, Category: category, Date: day(date), Department: "market",
		Months: months, Document: "document of " + id, Basis: "law, article 1", Summary: "fined"}
}

func enter(t testing.TB, r *Rules, d Decision, events ...Event) *Entry {
	t.Helper()
	e, err := r.Enter(d)
	require.NoError(t, err)
	for _, event := range events {
		e, err = e.Add(event)
		require.NoError(t, err)
	}
	return e
}

func on(date string, a Action) Event { return Event{Action: a, Date: day(date)} }

func std(d registry.Date) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC)
}

// The reference: what the doc comments say, day by day, with the calendar of the
// standard library. It shares no code with the package.
type reference struct {
	rules     []Rule
	d         Decision
	rule      Rule
	events    []Event
	published time.Time
}

func newReference(rules *Rules, e *Entry) *reference {
	r := &reference{d: e.Decision()}
	for rule := range rules.All() {
		r.rules = append(r.rules, rule)
	}
	r.rule = r.ruleOn(r.d.Norm, r.d.Category, std(r.d.Date))
	for event := range e.Events() {
		r.events = append(r.events, event)
		if event.Action == Published {
			r.published = std(event.Date)
		}
	}
	return r
}

func (r *reference) ruleOn(norm, category string, on time.Time) Rule {
	for _, rule := range r.rules {
		if rule.Kind == r.d.Kind && rule.Norm == norm && rule.Category == category &&
			!on.Before(std(rule.From)) && (rule.To.IsZero() || !on.After(std(rule.To))) {
			return rule
		}
	}
	panic("no rule")
}

// anniversary is the same day so many months later, or the last of that month.
func anniversary(d time.Time, months int) time.Time {
	first := time.Date(d.Year(), d.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	for n := d.Day(); ; n-- {
		if day := first.AddDate(0, 0, n-1); day.Month() == first.Month() {
			return day
		}
	}
}

// passed reports whether so many months have passed on a day under a rule.
func (r *reference) passed(rule Rule, months int, on time.Time) bool {
	base := std(r.d.Date)
	if rule.Count == FromPublication || rule.Count == AfterPublication {
		base = r.published
	}
	end := anniversary(base, months)
	if months > 0 && (rule.Count == AfterDecision || rule.Count == AfterPublication) {
		return on.After(end)
	}
	return !on.Before(end)
}

// happened returns the events of an action up to a day.
func (r *reference) happened(a Action, on time.Time) (list []Event) {
	for _, event := range r.events {
		if event.Action == a && !std(event.Date).After(on) {
			list = append(list, event)
		}
	}
	return list
}

func (r *reference) lifted(on time.Time) bool {
	return len(r.happened(RepairGranted, on))+len(r.happened(Removed, on)) > 0
}

func (r *reference) public(on time.Time) bool {
	if len(r.happened(Published, on)) == 0 || r.lifted(on) || len(r.happened(Withdrawn, on)) > 0 {
		return false
	}
	if !r.rule.UntilRemoved && r.passed(r.rule, r.d.Months, on) {
		return false
	}
	for _, t := range r.happened(Transferred, on) {
		if rule := r.ruleOn(t.Norm, t.Category, std(t.Date)); !rule.UntilRemoved && r.passed(rule, t.Months, on) {
			return false
		}
	}
	return true
}

func (r *reference) repairable(on time.Time) bool {
	if !r.public(on) {
		return false
	}
	if r.rule.Repair && r.passed(r.rule, r.rule.RepairAfter, on) {
		return true
	}
	for _, t := range r.happened(Transferred, on) {
		if rule := r.ruleOn(t.Norm, t.Category, std(t.Date)); rule.Repair && r.passed(rule, rule.RepairAfter, on) {
			return true
		}
	}
	return false
}

func (r *reference) noticeOver(on time.Time) bool {
	notices := r.happened(Notified, on)
	if len(notices) == 0 || !std(notices[0].Date).AddDate(0, 0, r.rule.Notice+1).Equal(on) {
		return false
	}
	eve := on.AddDate(0, 0, -1)
	return len(r.happened(Objected, eve))+len(r.happened(Withdrawn, eve)) == 0
}

// binds reports whether a measure for the entry binds on a day, given whether the
// entry was public on some day up to then.
func (r *reference) binds(m Measure, on time.Time, wasPublic bool) bool {
	switch {
	case on.Before(std(m.From)) || !wasPublic || len(r.happened(Withdrawn, on)) > 0 || m.LiftedByRepair && r.lifted(on):
		return false
	case m.To.IsZero():
		return r.public(on)
	}
	return !on.After(std(m.To))
}
