package dossier

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/registry"
)

// A Turn is what changes on a day. The zero Turn is none.
type Turn uint8

// The turns, and their texts.
const (
	NoticeOver   Turn = iota + 1 // "notice over": the notice has run without an objection
	Appears                      // "appears": the entry is public from this day
	Repairable                   // "repairable": repair of the public entry may be applied for from this day
	MeasureBegin                 // "measure begins": it binds from this day
	MeasureEnd                   // "measure ends": it does not bind from this day
	Disappears                   // "disappears": the entry is not public from this day
	Lapsed                       // "lapsed": the entry could be published and was not; it no longer can be
)

var turnNames = [...]string{"", "notice over", "appears", "repairable", "measure begins", "measure ends", "disappears", "lapsed"}

// String returns the text of t, "" for the zero Turn.
func (t Turn) String() string { return nameOf(turnNames[:], uint8(t), "Turn") }

// A Change is one thing that is otherwise than on the day before.
type Change struct {
	Date    registry.Date // the first day on which it is so
	Turn    Turn          // what changes
	Entry   *Entry        // the entry that changes, or for which the measure is
	Measure string        // ID of the measure that begins or ends; else ""
	Ends    Ending        // what ended it, for Disappears and MeasureEnd
}

// String returns the change as one line, such as
//
//	2026-07-01 disappears: penalty E1 of 91370200163562681G (term)
func (c Change) String() string {
	d := c.Entry.Decision()
	s := fmt.Sprintf("%s %s: ", c.Date, c.Turn)
	if c.Measure != "" {
		s += "measure " + c.Measure + " for "
	}
	s += fmt.Sprintf("%s %s of %s", d.Kind, d.ID, d.Entity)
	if c.Turn == Disappears || c.Turn == MeasureEnd {
		s += fmt.Sprintf(" (%s)", c.Ends)
	}
	return s
}

// Changes returns what changes in the days after from, so many of them: on the days
// from the one after it to the last, that day included. They are sorted by date, then
// by ID of the entry, turn and ID of the measure. It looks at the whole file; for one
// entity use [File.ChangesOf]. Without days, or from the zero Date, it returns none.
//
// Like all answers they are computed from what is on file. Of an entry that is not
// yet published they say when its notice is over, not that it appears.
func (f *File) Changes(from registry.Date, days int) []Change {
	if f == nil {
		return nil
	}
	c := newCollector(from, days)
	for _, e := range f.entries {
		c.entry(e)
	}
	for i, m := range f.measures {
		c.measure(m, f.of[i])
	}
	return c.sorted()
}

// ChangesOf returns what changes about one entity, as [File.Changes] does.
func (f *File) ChangesOf(entity string, from registry.Date, days int) []Change {
	c := newCollector(from, days)
	entries, measures := f.rowsOf(entity)
	for _, row := range entries {
		c.entry(f.entries[row])
	}
	for _, row := range measures {
		c.measure(f.measures[row], f.of[row])
	}
	return c.sorted()
}

// A collector keeps the changes of a window.
type collector struct {
	first, last registry.Date
	list        []Change
}

func newCollector(from registry.Date, days int) *collector {
	if from.IsZero() || days < 1 {
		return &collector{}
	}
	return &collector{first: from.AddDays(1), last: from.AddDays(days)}
}

// in reports whether a day is in the window; the zero Date never is.
func (c *collector) in(d registry.Date) bool {
	return !d.IsZero() && d.Compare(c.first) >= 0 && d.Compare(c.last) <= 0
}

func (c *collector) add(d registry.Date, turn Turn, e *Entry, measure string, by Ending) {
	if c.in(d) {
		c.list = append(c.list, Change{d, turn, e, measure, by})
	}
}

func (c *collector) entry(e *Entry) {
	from, until, by := e.Span()
	if !from.IsZero() {
		c.add(from, Appears, e, "", 0)
		c.add(dayAfter(until), Disappears, e, "", by)
		if day := e.repairable; within(day, from, until) {
			c.add(day, Repairable, e, "", 0)
		}
	}
	if !e.noticed.IsZero() && e.StateOn(e.noticed) == NoticeGiven {
		c.add(dayAfter(e.noticed), NoticeOver, e, "", 0)
	}
	if e.published.IsZero() && !e.never() && !e.due.IsZero() && e.StateOn(e.due).may(Published) {
		c.add(dayAfter(e.due), Lapsed, e, "", 0)
	}
}

func (c *collector) measure(m *Measure, e *Entry) {
	if from, until, by := m.span(e); !from.IsZero() {
		c.add(from, MeasureBegin, e, m.ID, 0)
		c.add(dayAfter(until), MeasureEnd, e, m.ID, by)
	}
}

func (c *collector) sorted() []Change {
	slices.SortFunc(c.list, func(a, b Change) int {
		return cmp.Or(a.Date.Compare(b.Date), strings.Compare(a.Entry.decision.ID, b.Entry.decision.ID),
			cmp.Compare(a.Turn, b.Turn), strings.Compare(a.Measure, b.Measure))
	})
	return c.list
}

// dayAfter returns the day after a last day, of which a zero one is never.
func dayAfter(d registry.Date) registry.Date { return d.AddDays(1) }
