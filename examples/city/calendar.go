package main

import (
	"time"

	"github.com/doublerandom/doublerandom/credit"
	"github.com/doublerandom/doublerandom/registry"
)

// The days of the program. Draws are announced from firstDay to lastNotice, visits end by lastVisit.
const (
	firstDay   = "2026-01-05"
	lastNotice = "2026-08-07"
	lastVisit  = "2026-08-31"
	judgedOn   = "2026-12-01" // when everything is published and verified
)

// calendarText is the calendar of the working days; its holidays are those announced for the year.
const calendarText = `doublerandom/calendar/v1
from 2025-12-01
to 2026-12-31
holiday 2026-01-01
holiday 2026-01-02
holiday 2026-02-16
holiday 2026-02-17
holiday 2026-02-18
holiday 2026-02-19
holiday 2026-02-20
holiday 2026-02-23
holiday 2026-04-06
holiday 2026-05-01
holiday 2026-05-04
holiday 2026-05-05
holiday 2026-06-19
holiday 2026-09-25
holiday 2026-10-01
holiday 2026-10-02
holiday 2026-10-05
holiday 2026-10-06
holiday 2026-10-07
working 2026-01-04
working 2026-02-14
working 2026-02-28
working 2026-05-09
working 2026-09-20
working 2026-10-10
`

// A diary knows the working days and the clock of the city, which is eight hours east of UTC.
type diary struct{ *credit.Calendar }

func newDiary() (diary, error) {
	c := new(credit.Calendar)
	err := c.UnmarshalText([]byte(calendarText))
	return diary{c}, err
}

// date returns a day of this program's own texts.
func date(text string) registry.Date {
	d, err := registry.ParseDate(text)
	if err != nil {
		panic("city: " + err.Error())
	}
	return d
}

// days returns the working days of a period.
func (d diary) days(from, to string) (list []registry.Date, err error) {
	for day := date(from); day.Compare(date(to)) <= 0; day = day.AddDays(1) {
		working, err := d.Working(day)
		if err != nil {
			return nil, err
		}
		if working {
			list = append(list, day)
		}
	}
	return list, nil
}

// clock returns an instant of a day by the clock of the city.
func clock(day registry.Date, hour, minute int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour-8, minute, 0, 0, time.UTC)
}

// dayOf returns the day of an instant in the city.
func dayOf(t time.Time) registry.Date {
	local := t.Add(8 * time.Hour)
	return date(local.Format(time.DateOnly))
}
