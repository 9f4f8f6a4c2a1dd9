package registry

import (
	"fmt"
	"strconv"
	"time"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A Date is a day of the Gregorian calendar from 0001-01-01 to 9999-12-31,
// without a time and without a time zone. The zero Date is no date; it is
// before every other.
//
// A Date is a comparable value of four bytes: == says whether two dates are the
// same day. Nothing here asks a clock what day it is.
type Date struct {
	n int32 // days since 0000-12-31, so that 0001-01-01 is 1 and no date is 0
}

// lastDay is 9999-12-31: 9999 years of 365 days and their leap days.
const lastDay = 9999*365 + 9999/4 - 9999/100 + 9999/400

// daysBefore[m] counts the days of a common year before month m; the last entry
// is the whole year. Read only.
var daysBefore = [14]int32{1: 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

// NewDate returns the date with the given year (1–9999), month and day. Unlike
// [time.Date] it does not normalise: 30 February is an error.
func NewDate(year int, month time.Month, day int) (Date, error) {
	if what := dateProblem(year, int(month), day); what != "" {
		return Date{}, fmt.Errorf("registry: date %04d-%02d-%02d: %s", year, int(month), day, what)
	}
	return dateOf(int32(year), int32(month), int32(day)), nil
}

// ParseDate returns the date that s spells. The one spelling is YYYY-MM-DD with
// all its zeros, from 0001-01-01 to 9999-12-31, and a day that the month has.
// Empty text is an error here; [Date.UnmarshalText] reads it as no date.
func ParseDate(s string) (Date, error) {
	if len(s) != len("YYYY-MM-DD") {
		return Date{}, dateFormError(s)
	}
	// Less '0' a digit is at most 9, and a hyphen, from which it takes itself, 0.
	const (
		zeros = 0x2d30302d_30303030 // "0000-00-", first byte lowest
		over  = 0x7f76767f_76767676 // takes what is more than that to 0x80
		tops  = 0x80808080_80808080
	)
	w := eightBytes(s) ^ zeros
	tens, ones := s[8]-'0', s[9]-'0'
	if (w+over|w)&tops != 0 || tens > 9 || ones > 9 {
		return Date{}, dateFormError(s)
	}
	digit := func(i int) int32 { return int32(w >> (8 * i) & 15) }
	year := digit(0)*1000 + digit(1)*100 + digit(2)*10 + digit(3)
	month := digit(5)*10 + digit(6)
	day := int32(tens)*10 + int32(ones)
	// Every month has days 1 to 28, so most dates need no look at its length.
	if year < 1 || month < 1 || month > 12 || day < 1 || day > 28 && day > monthLength(year, month) {
		what := dateProblem(int(year), int(month), int(day))
		return Date{}, fmt.Errorf("registry: date %s: %s", label.Quote(s), what)
	}
	return dateOf(year, month, day), nil
}

func dateFormError(s string) error {
	return fmt.Errorf("registry: date %s: expected YYYY-MM-DD", label.Quote(s))
}

// String returns the date as YYYY-MM-DD, or "" for the zero Date.
func (d Date) String() string {
	if d.n == 0 {
		return ""
	}
	return string(d.append(make([]byte, 0, len("YYYY-MM-DD"))))
}

// IsZero reports whether d is the zero Date, which is no date.
func (d Date) IsZero() bool { return d.n == 0 }

// Compare returns -1 if d is before other, 0 if they are the same day and +1 if
// d is after other. The zero Date is before every other.
func (d Date) Compare(other Date) int {
	switch {
	case d.n < other.n:
		return -1
	case d.n > other.n:
		return 1
	}
	return 0
}

// Year returns the year, 1 to 9999, or 0 for the zero Date.
func (d Date) Year() int {
	year, _, _ := d.civil()
	return int(year)
}

// Month returns the month, or 0 for the zero Date.
func (d Date) Month() time.Month {
	_, month, _ := d.civil()
	return time.Month(month)
}

// Day returns the day of the month, 1 to 31, or 0 for the zero Date.
func (d Date) Day() int {
	_, _, day := d.civil()
	return int(day)
}

// Weekday returns the day of the week, by the Gregorian calendar throughout. It
// panics for the zero Date, which has none.
func (d Date) Weekday() time.Weekday {
	if d.n == 0 {
		panic("registry: weekday of no date")
	}
	return time.Weekday(d.n % 7) // 0001-01-01 was a Monday
}

// DaysSince returns the number of days from other to d: 1 if d is the day after
// other, negative if d is before it. It panics if one of them is the zero Date.
func (d Date) DaysSince(other Date) int {
	if d.n == 0 || other.n == 0 {
		panic("registry: days since or until no date")
	}
	return int(d.n - other.n)
}

// AddDays returns the date the given number of days after d, or before it if
// days is negative. A result outside the calendar is clamped to its first or
// last day, 0001-01-01 or 9999-12-31. The zero Date stays zero.
func (d Date) AddDays(days int) Date {
	switch {
	case d.n == 0:
		return d
	case days > lastDay-int(d.n):
		return Date{lastDay}
	case days < 1-int(d.n):
		return Date{1}
	}
	return Date{d.n + int32(days)}
}

// AddMonths returns the same day of the month the given number of months after
// d, or before it if months is negative. If that month is too short, it returns
// its last day: 31 January and one month is 28 or 29 February. A result outside
// the calendar is clamped to 0001-01-01 or 9999-12-31. The zero Date stays zero.
func (d Date) AddMonths(months int) Date {
	if d.n == 0 {
		return d
	}
	year, month, day := d.civil()
	const lastMonth = 9999*12 - 1
	from := int(year-1)*12 + int(month-1) // months since 0001-01
	switch {
	case months > lastMonth-from:
		return Date{lastDay}
	case months < -from:
		return Date{1}
	}
	to := int32(from + months)
	year, month = to/12+1, to%12+1
	return dateOf(year, month, min(day, monthLength(year, month)))
}

// MarshalText returns the text of [Date.String]; it is empty for the zero Date.
// The error is always nil.
func (d Date) MarshalText() ([]byte, error) {
	if d.n == 0 {
		return []byte{}, nil
	}
	return d.append(nil), nil
}

// UnmarshalText sets d to the date that text spells, as [ParseDate] reads it,
// or to the zero Date if text is empty. If text is malformed, d is unchanged.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// append appends YYYY-MM-DD to b. The date is not zero.
func (d Date) append(b []byte) []byte {
	year, month, day := d.civil()
	return append(b,
		byte('0'+year/1000), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10), '-',
		byte('0'+month/10), byte('0'+month%10), '-',
		byte('0'+day/10), byte('0'+day%10))
}

// civil returns the year, month and day of d, all 0 for the zero Date. It takes
// off whole cycles of the Gregorian calendar: 400 years, centuries, 4 years, years.
func (d Date) civil() (year, month, day int32) {
	if d.n == 0 {
		return 0, 0, 0
	}
	const days4, days100, days400 = 4*365 + 1, 100*365 + 24, 400*365 + 97
	n := d.n - 1
	year = n/days400*400 + 1
	n %= days400
	century := min(n/days100, 3) // the last day of 400 years is in its fourth century
	n -= century * days100
	year += century*100 + n/days4*4
	n %= days4
	rest := min(n/365, 3) // the last day of a leap year is in the fourth year
	n -= rest * 365
	year += rest

	leap := leapDay(year)
	month = n/31 + 1 // this month or the one before
	if n >= daysBefore[month+1]+leapAfter(leap, month+1) {
		month++
	}
	return year, month, n - daysBefore[month] - leapAfter(leap, month) + 1
}

// dateOf returns the date of a year, month and day that are in the calendar.
func dateOf(year, month, day int32) Date {
	y := year - 1
	return Date{y*365 + y/4 - y/100 + y/400 + daysBefore[month] + leapAfter(leapDay(year), month) + day}
}

// leapDay returns 1 in a leap year of the Gregorian calendar, else 0.
func leapDay(year int32) int32 {
	if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return 1
	}
	return 0
}

// leapAfter returns leap if the leap day lies before the given month.
func leapAfter(leap, month int32) int32 {
	if month > 2 {
		return leap
	}
	return 0
}

func monthLength(year, month int32) int32 {
	length := daysBefore[month+1] - daysBefore[month]
	if month == 2 {
		length += leapDay(year)
	}
	return length
}

// dateProblem says what keeps a year, month and day from being a date, or "".
func dateProblem(year, month, day int) string {
	switch {
	case year < 1 || year > 9999:
		return "year " + strconv.Itoa(year) + " is outside 1–9999"
	case month < 1 || month > 12:
		return "month " + strconv.Itoa(month) + " is outside 1–12"
	case day < 1 || day > int(monthLength(int32(year), int32(month))):
		return fmt.Sprintf("day %d is outside 1–%d of %s %d",
			day, monthLength(int32(year), int32(month)), time.Month(month), year)
	}
	return ""
}
