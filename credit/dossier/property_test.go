package dossier

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/internal/longtest"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// TestPeriods goes through all days of 2023-12 to 2028-03, all periods of up to 36
// months and all ways to count, and compares the last day and its neighbours.
func TestPeriods(t *testing.T) {
	for count := FromDecision; count <= AfterPublication; count++ {
		rule := &Rule{Kind: Penalty, Norm: "N", Category: "c", From: day("2020-01-01"), Count: count, Most: 36, Repair: true}
		for d := day("2023-12-01"); d.Compare(day("2028-04-01")) < 0; d = d.AddDays(1) {
			published := d.AddDays(d.Day() % 9)
			r := reference{d: Decision{Kind: Penalty, Date: d}, rule: *rule, published: std(published)}
			for months := range 37 {
				last := rule.last(months, d, published)
				if r.passed(*rule, months, std(last)) || !r.passed(*rule, months, std(last.AddDays(1))) {
					t.Fatalf("%s, decided %s, published %s, %d months: last day %s", count, d, published, months, last)
				}
			}
		}
	}
}

// TestPublish tries each day around a notice of each day around the change of the
// norms: none is early, none late, and all others are allowed.
func TestPublish(t *testing.T) {
	rules := rulesOf(t, table)
	for rule := range rules.All() {
		decided := rule.From
		if decided.Compare(day("2026-03-28")) < 0 {
			decided = day("2026-03-28")
		}
		for ; within(decided, rule.From, rule.To) && decided.Compare(day("2026-04-05")) < 0; decided = decided.AddDays(1) {
			d := decision("E", rule.Kind, rule.Norm, rule.Category, decided.String(), rule.Least)
			for noticed := decided; noticed.Compare(day("2026-04-09")) < 0; noticed = noticed.AddDays(1) {
				e := enter(t, rules, d)
				free := decided
				if rule.Notice > 0 {
					e = enter(t, rules, d, on(noticed.String(), Notified))
					free = noticed.AddDays(rule.Notice + 1)
				}
				r := newReference(rules, e)
				for p := decided; p.Compare(decided.AddDays(130)) < 0; p = p.AddDays(1) {
					late := rule.Within > 0 && p.Compare(free.AddDays(rule.Within)) > 0
					r.published = std(p)
					over := !rule.UntilRemoved && r.passed(rule, d.Months, std(p))
					public, err := e.Add(on(p.String(), Published))
					if want := p.Compare(free) >= 0 && !late && !over; (err == nil) != want {
						t.Fatalf("%s: decided %s, noticed %s, published %s: %v", rule.key(), decided, noticed, p, err)
					}
					if err != nil {
						continue
					}
					first, last, _ := public.Span()
					require.Equal(t, p, first)
					require.False(t, public.Public(p.AddDays(-1)))
					require.True(t, public.Public(p))
					if !last.IsZero() {
						require.True(t, public.Public(last))
						require.False(t, public.Public(last.AddDays(1)))
					}
					_, err = public.Add(on(p.AddDays(1).String(), Published))
					require.ErrorAs(t, err, new(*StateError), "published twice")
				}
			}
		}
	}
}

// TestRepairDay tries to apply for repair on each day: it is possible from the
// first day after the months of the rule, on the day of publication at the soonest.
func TestRepairDay(t *testing.T) {
	rules := rulesOf(t, table)
	for rule := range rules.All() {
		if rule.To.IsZero() {
			continue
		}
		for _, decided := range []string{"2023-08-31", "2024-02-29", "2025-12-31", "2026-03-31"} {
			for _, wait := range []int{10, 40, 79} { // all within 3 months
				events := []Event{{Action: Published, Date: day(decided).AddDays(wait)}}
				if rule.Notice > 0 {
					events = slices.Insert(events, 0, on(decided, Notified))
				}
				e := enter(t, rules, decision("E", rule.Kind, rule.Norm, rule.Category, decided, rule.Most), events...)
				r := newReference(rules, e)
				for d := day(decided); d.Compare(day(decided).AddDays(400)) < 0; d = d.AddDays(1) {
					_, err := e.Add(on(d.String(), RepairApplied))
					want := rule.Repair && d.Compare(events[len(events)-1].Date) >= 0 && r.passed(rule, rule.RepairAfter, std(d))
					if (err == nil) != want {
						t.Fatalf("%s: decided %s, published after %d days, applied %s: %v", rule.key(), decided, wait, d, err)
					}
				}
			}
		}
	}
}

// randomEntry tries random events on an entry and checks what each does to the days
// on which it is public.
func randomEntry(t *testing.T, rng *rand.Rand, rules *Rules, id, entity string) *Entry {
	var list []Rule
	for rule := range rules.All() {
		list = append(list, rule)
	}
	rule := list[rng.IntN(len(list))]
	decided := day("2025-10-01").AddDays(rng.IntN(360))
	for !within(decided, rule.From, rule.To) {
		decided = day("2025-10-01").AddDays(rng.IntN(360))
	}
	d := decision(id, rule.Kind, rule.Norm, rule.Category, decided.String(), 0)
	d.Entity, d.Months = entity, rule.Least+rng.IntN(rule.Most-rule.Least+1)
	e := enter(t, rules, d)
	last := d.Date
	for range rng.IntN(20) {
		event := Event{Action: Action(1 + rng.IntN(int(Withdrawn))), Date: last.AddDays(rng.IntN(40) * rng.IntN(2))}
		switch e.State() { // what comes next in most lives, so that most are long
		case Decided:
			event.Action = []Action{Notified, Published}[rng.IntN(2)]
		case NoticeGiven, Cleared:
			if rng.IntN(3) > 0 {
				event.Action = Published
			}
		case Contested:
			event.Action = []Action{ObjectionRejected, ObjectionRejected, ObjectionUpheld, Withdrawn}[rng.IntN(4)]
		}
		if event.Action == Withdrawn && rng.IntN(3) > 0 {
			continue
		}
		switch event.Action {
		case Transferred:
			event.Norm, event.Category = "NEW", []string{"minor", "after", "listed"}[rng.IntN(3)]
			event.Months = rng.IntN(4)
		case Corrected:
			event.Text = fmt.Sprint("corrected to ", rng.IntN(100))
		}
		before, until, _ := e.Span()
		repairable := e.RepairFrom()
		text := string(e.appendText(nil))
		next, err := e.Add(event)
		require.Equal(t, text, string(e.appendText(nil)), "Add changes nothing")
		if err != nil {
			continue
		}
		last = event.Date
		after, shorter, _ := next.Span()
		if event.Action != Published { // which comes once: TestPublish
			if !after.IsZero() {
				require.Equal(t, before, after, "%s", next.appendText(nil))
				require.Equal(t, shorter, earlier(shorter, until), "nothing lengthens\n%s", next.appendText(nil))
			}
			if !repairable.IsZero() {
				require.LessOrEqual(t, next.RepairFrom().Compare(repairable), 0, "nothing puts repair off")
			}
		}
		e = next
	}
	return e
}

// TestAgainstReference compares each entry with the reference on each day, and the
// changes of a file with what is otherwise from one day to the next.
func TestAgainstReference(t *testing.T) {
	rules := rulesOf(t, table)
	rng := rand.New(rand.NewPCG(2026, 4))
	first, last := day("2025-09-25"), day("2030-02-01")
	states, turns := map[State]int{}, map[Turn]int{}
	rounds := 2
	if longtest.Enabled() {
		rounds = 40
	}
	for round := range rounds {
		var entries []*Entry
		var measures []Measure
		for i := range 50 {
			e := randomEntry(t, rng, rules, fmt.Sprintf("E%02d", i), fmt.Sprint("entity", rng.IntN(6)))
			states[e.State()]++
			entries = append(entries, e)
			for j := range rng.IntN(3) {
				m := Measure{ID: fmt.Sprintf("M%02d.%d", i, j), Entry: fmt.Sprintf("E%02d", i), RequestedBy: "market",
					ExecutedBy: []string{"fire", "tax"}[rng.IntN(2)], Matter: []Matter{Permit, Honour}[rng.IntN(2)],
					From: e.Decision().Date.AddDays(rng.IntN(200)), LiftedByRepair: rng.IntN(2) == 0, Basis: "law"}
				if rng.IntN(2) == 0 {
					m.To = m.From.AddDays(rng.IntN(700))
				}
				measures = append(measures, m)
			}
		}
		f, err := NewFile(entries, measures)
		require.NoError(t, err)
		var references []*reference
		for _, e := range entries {
			references = append(references, newReference(rules, e))
		}
		var want []Change
		public, repairable := make([]bool, len(entries)), make([]bool, len(entries))
		was, lapsable, bound := make([]bool, len(entries)), make([]bool, len(entries)), make([]bool, len(measures))
		for d := first; d.Compare(last) <= 0; d = d.AddDays(1) {
			for i, r := range references {
				e := entries[i]
				turn := func(is bool, turn Turn) {
					if is {
						want = append(want, Change{Date: d, Turn: turn, Entry: e})
					}
				}
				now, can := r.public(std(d)), r.repairable(std(d))
				if now != e.Public(d) {
					t.Fatalf("round %d: public on %s: %v, want %v\n%s", round, d, !now, now, e.appendText(nil))
				}
				turn(r.noticeOver(std(d)), NoticeOver)
				turn(now && !public[i], Appears)
				turn(can && !repairable[i], Repairable)
				turn(!now && public[i], Disappears)
				turn(lapsable[i] && !canPublish(t, rules, e, d.AddDays(-1), d), Lapsed)
				require.False(t, now && !public[i] && was[i], "published twice")
				public[i], repairable[i], was[i] = now, can, was[i] || now
				lapsable[i] = canPublish(t, rules, e, d, d)
			}
			for k, m := range measures {
				i := slices.IndexFunc(entries, func(e *Entry) bool { return e.Decision().ID == m.Entry })
				now := references[i].binds(m, std(d), was[i])
				if now != bound[k] {
					want = append(want, Change{Date: d, Turn: map[bool]Turn{true: MeasureBegin, false: MeasureEnd}[now], Entry: entries[i], Measure: m.ID})
				}
				bound[k] = now
			}
			for _, entity := range []string{"entity0", fmt.Sprint("entity", d.Day()%6)} {
				compareDay(t, f, entity, d, entries, public, measures, bound)
			}
		}
		slices.SortStableFunc(want, func(a, b Change) int {
			return cmp.Or(a.Date.Compare(b.Date), strings.Compare(a.Entry.Decision().ID, b.Entry.Decision().ID), cmp.Compare(a.Turn, b.Turn), strings.Compare(a.Measure, b.Measure))
		})
		got := f.Changes(first, 5000)
		for i := range got {
			turns[got[i].Turn]++
			if got[i].Turn == Disappears || got[i].Turn == MeasureEnd {
				require.NotEqual(t, Undetermined, got[i].Ends)
			}
			got[i].Ends = 0
		}
		got = slices.DeleteFunc(got, func(c Change) bool { return c.Date.Compare(last) > 0 })
		require.Equal(t, texts(want), texts(got), "round %d", round)
		for range 50 { // any window gives its part of the whole
			from, days := first.AddDays(rng.IntN(1400)), 1+rng.IntN(90)
			part := slices.DeleteFunc(slices.Clone(want), func(c Change) bool {
				return c.Date.Compare(from) <= 0 || c.Date.Compare(from.AddDays(days)) > 0
			})
			list := f.Changes(from, days)
			require.Equal(t, len(part), len(list))
			var of []Change
			for entity := range 6 {
				of = append(of, f.ChangesOf(fmt.Sprint("entity", entity), from, days)...)
			}
			require.ElementsMatch(t, list, of)
		}
	}
	for s := Decided; s <= Revoked; s++ {
		require.NotZero(t, states[s], "no entry ends as %s", s)
	}
	for turn := NoticeOver; turn <= Lapsed; turn++ {
		require.Greater(t, turns[turn], 3, "%s", turn)
	}
}

// canPublish reports whether an entry could be published on a day, as far as its log
// goes up to another.
func canPublish(t *testing.T, rules *Rules, e *Entry, until, on registry.Date) bool {
	if e.Decision().Date.Compare(until) > 0 {
		return false
	}
	if _, due := e.PublishFrom(); e.State() != Revoked && (!e.published.IsZero() || due.IsZero()) {
		return false // to save time; nothing lapses
	}
	past, err := rules.Enter(e.Decision())
	require.NoError(t, err)
	for event := range e.Events() {
		if event.Date.Compare(until) <= 0 {
			past, err = past.Add(event)
			require.NoError(t, err)
		}
	}
	_, err = past.Add(Event{Action: Published, Date: on})
	if err != nil {
		require.True(t, errors.As(err, new(*StateError)))
	}
	return err == nil
}

func compareDay(t *testing.T, f *File, entity string, on registry.Date, entries []*Entry, public []bool, measures []Measure, bound []bool) {
	var want, got []string
	for i, e := range entries {
		if public[i] && e.Decision().Entity == entity {
			want = append(want, e.Decision().ID)
		}
	}
	for _, p := range f.Public(entity, on) {
		got = append(got, p.Entry.Decision().ID)
		require.True(t, within(on, p.From, p.Until))
	}
	slices.Sort(got)
	require.Equal(t, want, got, "%s on %s", entity, on)
	for _, department := range []string{"fire", "tax", ""} {
		for _, matter := range []Matter{Permit, Honour, ""} {
			want, got = nil, nil
			for k, m := range measures {
				e, _ := f.Entry(m.Entry)
				if bound[k] && e.Decision().Entity == entity && (department == "" || m.ExecutedBy == department) && (matter == "" || m.Matter == matter) {
					want = append(want, m.ID)
				}
			}
			for _, b := range f.Binding(department, entity, matter, on) {
				got = append(got, b.Measure.ID)
			}
			require.Equal(t, want, got, "%s %s %s on %s", department, entity, matter, on)
		}
	}
}

func texts(changes []Change) (list []string) {
	for _, c := range changes {
		c.Ends = 0
		list = append(list, c.String())
	}
	return list
}

// TestAnniversary checks the reference itself where it is known.
func TestAnniversary(t *testing.T) {
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-31", 1, "2026-02-28"}, {"2024-01-31", 1, "2024-02-29"}, {"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"}, {"2026-03-31", 3, "2026-06-30"}, {"2025-12-01", 0, "2025-12-01"},
	} {
		require.Equal(t, c.want, anniversary(std(day(c.from)), c.months).Format(time.DateOnly))
	}
}
