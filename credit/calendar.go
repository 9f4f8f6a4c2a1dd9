package credit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// A Calendar says which days are working days: Monday to Friday, but for holidays, and the weekend
// days that a government has shifted work to. It knows the days of its period only, since nobody
// knows the holidays of years to come. It is immutable and safe for concurrent use; the zero
// Calendar knows no day.
type Calendar struct {
	from, to registry.Date
	off, on  []registry.Date // exceptions to the days of the week, sorted
}

// MaxCalendarDays is the greatest length of a calendar's period: 100 years.
const MaxCalendarDays = 36_525

// NewCalendar returns the calendar of a period, both ends included, with the holidays that fall on
// Monday to Friday and the working days that fall on a weekend, each in any order. A day that is
// given twice, lies outside the period or needs no exception is an error: the list is then not
// the one that was meant.
func NewCalendar(from, to registry.Date, holidays, working []registry.Date) (*Calendar, error) {
	c := &Calendar{from: from, to: to, off: slices.Clone(holidays), on: slices.Clone(working)}
	if from.IsZero() || to.IsZero() || to.Compare(from) < 0 || to.DaysSince(from) >= MaxCalendarDays {
		return nil, fmt.Errorf("credit: calendar from %q to %q: expected a period of 1 to %d days", from, to, MaxCalendarDays)
	}
	for _, list := range [][]registry.Date{c.off, c.on} {
		slices.SortFunc(list, registry.Date.Compare)
		for i, d := range list {
			switch {
			case !c.covers(d):
				return nil, fmt.Errorf("credit: calendar: day %q is not from %s to %s", d, from, to)
			case i > 0 && d == list[i-1]:
				return nil, fmt.Errorf("credit: calendar: day %s is given twice", d)
			}
		}
	}
	for _, d := range c.off {
		if weekend(d) {
			return nil, fmt.Errorf("credit: calendar: holiday %s is a %s, which is free anyway", d, d.Weekday())
		}
	}
	for _, d := range c.on {
		if !weekend(d) {
			return nil, fmt.Errorf("credit: calendar: working day %s is a %s, which is one anyway", d, d.Weekday())
		}
	}
	return c, nil
}

func weekend(d registry.Date) bool {
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
}

func (c *Calendar) covers(d registry.Date) bool {
	return !d.IsZero() && !c.from.IsZero() && c.from.Compare(d) <= 0 && d.Compare(c.to) <= 0
}

// Working reports whether a day is a working day. It is an error if the calendar does not know the
// day.
func (c *Calendar) Working(d registry.Date) (bool, error) {
	if !c.covers(d) {
		return false, fmt.Errorf("credit: calendar: day %q is not from %q to %q", d, c.from, c.to)
	}
	exceptions, working := c.off, !weekend(d)
	if !working {
		exceptions = c.on
	}
	if _, found := slices.BinarySearchFunc(exceptions, d, registry.Date.Compare); found {
		working = !working
	}
	return working, nil
}

// AddWorkingDays returns the n-th working day after d, which is not counted itself; for n = 0 it
// is d. It is an error if n is negative or the calendar ends before.
func (c *Calendar) AddWorkingDays(d registry.Date, n int) (registry.Date, error) {
	if n < 0 || n > MaxCalendarDays {
		return registry.Date{}, fmt.Errorf("credit: calendar: %d working days, expected 0 to %d", n, MaxCalendarDays)
	}
	at := d
	for left := n; left > 0; {
		at = at.AddDays(1)
		working, err := c.Working(at)
		if err != nil {
			return registry.Date{}, fmt.Errorf("%w: %d working days after %s are not all known", err, n, d)
		}
		if working {
			left--
		}
	}
	return at, nil
}

const calendarHeader = "doublerandom/calendar/v1"

// MarshalText returns the calendar's one text:
//
//	doublerandom/calendar/v1
//	from 2026-01-01
//	to 2026-12-31
//	holiday 2026-01-01
//	working 2026-01-04
//
// with the holidays and then the working days by date. The zero Calendar has none.
func (c *Calendar) MarshalText() ([]byte, error) {
	if c.from.IsZero() {
		return nil, fmt.Errorf("credit: calendar has no period")
	}
	text := fmt.Appendf(nil, "%s\nfrom %s\nto %s\n", calendarHeader, c.from, c.to)
	for _, d := range c.off {
		text = fmt.Appendf(text, "holiday %s\n", d)
	}
	for _, d := range c.on {
		text = fmt.Appendf(text, "working %s\n", d)
	}
	return text, nil
}

// UnmarshalText reads the text of [Calendar.MarshalText] and nothing else. If the text is malformed,
// c is unchanged.
func (c *Calendar) UnmarshalText(text []byte) error {
	const longest = len("holiday 2026-01-01\n")
	if len(text) > (MaxCalendarDays+4)*longest {
		return fmt.Errorf("credit: calendar: %d bytes, expected at most %d", len(text), (MaxCalendarDays+4)*longest)
	}
	var from, to registry.Date
	var off, on []registry.Date
	for i, line := range strings.Split(string(text), "\n") {
		key, value, _ := strings.Cut(line, " ")
		var d registry.Date
		if i > 0 && line != "" {
			var err error
			if d, err = registry.ParseDate(value); err != nil {
				return fmt.Errorf("credit: calendar line %d: %w", i+1, err)
			}
		}
		switch {
		case i == 0 && line == calendarHeader, i > 2 && line == "":
		case i == 1 && key == "from":
			from = d
		case i == 2 && key == "to":
			to = d
		case i > 2 && key == "holiday":
			off = append(off, d)
		case i > 2 && key == "working":
			on = append(on, d)
		default:
			return fmt.Errorf("credit: calendar line %d: %s is not expected here", i+1, label.Quote(line))
		}
	}
	parsed, err := NewCalendar(from, to, off, on)
	if err != nil {
		return err
	}
	if again, err := parsed.MarshalText(); err != nil || !bytes.Equal(again, text) {
		return fmt.Errorf("credit: calendar: days are not in order, or a line end is missing or too many")
	}
	*c = *parsed
	return nil
}
