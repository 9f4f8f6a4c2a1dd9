package credit

import (
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func day(t testing.TB, s string) registry.Date {
	t.Helper()
	d, err := registry.ParseDate(s)
	require.NoError(t, err)
	return d
}

func days(t testing.TB, list ...string) (dates []registry.Date) {
	for _, s := range list {
		dates = append(dates, day(t, s))
	}
	return dates
}

// The holidays and shifted working days of the State Council's notice for 2026, on weekdays and
// weekends.
func calendar2026(t testing.TB) *Calendar {
	c, err := NewCalendar(day(t, "2026-01-01"), day(t, "2026-12-31"),
		days(t, "2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-02-23",
			"2026-04-06", "2026-05-01", "2026-05-04", "2026-05-05", "2026-06-19", "2026-09-25", "2026-10-01", "2026-10-02",
			"2026-10-05", "2026-10-06", "2026-10-07"),
		days(t, "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"))
	require.NoError(t, err)
	return c
}

func TestWorkingDays(t *testing.T) {
	c := calendar2026(t)
	for _, x := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-09-30", 0, "2026-09-30"},
		{"2026-09-30", 1, "2026-10-08"}, // after the holidays
		{"2026-10-09", 1, "2026-10-10"}, // a Saturday that is worked
		{"2026-10-10", 1, "2026-10-12"},
		{"2026-09-04", 20, "2026-10-09"}, // with the worked Sunday 20, without the holidays
		{"2026-11-02", 20, "2026-11-30"}, // four plain weeks
		{"2026-10-03", 1, "2026-10-08"},  // from a day that is none
	} {
		got, err := c.AddWorkingDays(day(t, x.from), x.n)
		require.NoError(t, err)
		require.Equal(t, x.want, got.String(), "%s + %d", x.from, x.n)
	}
	_, err := c.AddWorkingDays(day(t, "2026-12-15"), 20)
	require.EqualError(t, err, `credit: calendar: day "2027-01-01" is not from "2026-01-01" to "2026-12-31": 20 working days after 2026-12-15 are not all known`)
	_, err = c.AddWorkingDays(day(t, "2026-12-15"), -1)
	require.EqualError(t, err, "credit: calendar: -1 working days, expected 0 to 36525")
	_, err = c.Working(registry.Date{})
	require.EqualError(t, err, `credit: calendar: day "" is not from "2026-01-01" to "2026-12-31"`)
	_, err = new(Calendar).Working(day(t, "2026-01-01"))
	require.Error(t, err)
	_, err = new(Calendar).MarshalText()
	require.EqualError(t, err, "credit: calendar has no period")
}

func TestCalendarRejects(t *testing.T) {
	from, to := day(t, "2026-01-01"), day(t, "2026-12-31")
	for _, x := range []struct {
		from, to registry.Date
		off, on  []string
		want     string
	}{
		{to, from, nil, nil, `credit: calendar from "2026-12-31" to "2026-01-01": expected a period of 1 to 36525 days`},
		{registry.Date{}, to, nil, nil, `credit: calendar from "" to "2026-12-31": expected a period of 1 to 36525 days`},
		{from, from.AddDays(MaxCalendarDays), nil, nil, `credit: calendar from "2026-01-01" to "2126-01-02": expected a period of 1 to 36525 days`},
		{from, to, []string{"2027-01-01"}, nil, `credit: calendar: day "2027-01-01" is not from 2026-01-01 to 2026-12-31`},
		{from, to, []string{"2026-01-01", "2026-01-01"}, nil, "credit: calendar: day 2026-01-01 is given twice"},
		{from, to, []string{"2026-01-03"}, nil, "credit: calendar: holiday 2026-01-03 is a Saturday, which is free anyway"},
		{from, to, nil, []string{"2026-01-05"}, "credit: calendar: working day 2026-01-05 is a Monday, which is one anyway"},
	} {
		_, err := NewCalendar(x.from, x.to, days(t, x.off...), days(t, x.on...))
		require.EqualError(t, err, x.want)
	}
}

func TestCalendarText(t *testing.T) {
	text, err := calendar2026(t).MarshalText()
	require.NoError(t, err)
	require.Contains(t, string(text), "doublerandom/calendar/v1\nfrom 2026-01-01\nto 2026-12-31\nholiday 2026-01-01\n")
	var c Calendar
	require.NoError(t, c.UnmarshalText(text))
	require.Equal(t, *calendar2026(t), c)
	head := "doublerandom/calendar/v1\nfrom 2026-01-01\nto 2026-12-31\n"
	for text, want := range map[string]string{
		"":                          `credit: calendar line 1: "" is not expected here`,
		head[:len(head)-1]:          "credit: calendar: days are not in order, or a line end is missing or too many",
		head + "\n":                 "credit: calendar: days are not in order, or a line end is missing or too many",
		head + "holiday 2026-1-1\n": `credit: calendar line 4: registry: date "2026-1-1": expected YYYY-MM-DD`,
		head + "free 2026-01-01\n":  `credit: calendar line 4: "free 2026-01-01" is not expected here`,
		head + "holiday 2026-01-02\nholiday 2026-01-01\n": "credit: calendar: days are not in order, or a line end is missing or too many",
		head + "working 2026-01-04\nholiday 2026-01-01\n": "credit: calendar: days are not in order, or a line end is missing or too many",
		head + "holiday 2026-01-03\n":                     "credit: calendar: holiday 2026-01-03 is a Saturday, which is free anyway",
	} {
		require.EqualError(t, c.UnmarshalText([]byte(text)), want)
		require.Equal(t, *calendar2026(t), c, "unchanged")
	}
	require.EqualError(t, c.UnmarshalText(make([]byte, 694_052)), "credit: calendar: 694052 bytes, expected at most 694051")
}

func FuzzCalendar(f *testing.F) {
	text, err := calendar2026(f).MarshalText()
	require.NoError(f, err)
	f.Add(text)
	f.Add([]byte("doublerandom/calendar/v1\nfrom 2026-01-01\nto 2026-12-31\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c := *calendar2026(t)
		if err := c.UnmarshalText(text); err != nil {
			require.Equal(t, *calendar2026(t), c, "unchanged")
			return
		}
		again, err := c.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
	})
}
