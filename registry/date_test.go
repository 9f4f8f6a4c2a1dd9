package registry

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func mustDate(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	require.NoError(t, err)
	return d
}

// Every day of the calendar, counted up by a calendar of the test's own.
func TestDateEveryDay(t *testing.T) {
	lengths := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	n := int32(0)
	for year := 1; year <= 9999; year++ {
		for m, length := range lengths {
			if m == 1 && (year%400 == 0 || year%4 == 0 && year%100 != 0) {
				length++
			}
			for day := 1; day <= length; day++ {
				n++
				d, err := NewDate(year, time.Month(m+1), day)
				if err != nil || d.n != n || d.Year() != year || d.Month() != time.Month(m+1) || d.Day() != day {
					t.Fatalf("%d-%d-%d: day %d, expected %d: %v", year, m+1, day, d.n, n, err)
				}
				if day != 1 && day < 28 {
					continue // texts are slower; the ends of the months are enough
				}
				text := d.String()
				if back, err := ParseDate(text); err != nil || back != d {
					t.Fatalf("%s: read back as %v: %v", text, back, err)
				}
			}
			if _, err := NewDate(year, time.Month(m+1), length+1); err == nil {
				t.Fatalf("%d-%d has a day %d", year, m+1, length+1)
			}
		}
	}
	require.EqualValues(t, lastDay, n)
}

// The standard library has the same calendar.
func TestDateAgreesWithTime(t *testing.T) {
	for n := int32(1); n <= lastDay; n += 97 {
		d := Date{n}
		at := time.Date(1, time.January, int(n), 0, 0, 0, 0, time.UTC)
		if d.String() != at.Format(time.DateOnly) {
			t.Fatalf("day %d: %s, expected %s", n, d, at.Format(time.DateOnly))
		}
	}
}

func TestDateDays(t *testing.T) {
	first := mustDate(t, "0001-01-01")
	for d, n := first, 0; n <= 3_652_058; d, n = d.AddDays(97), n+97 {
		require.Equal(t, time.Date(1, 1, 1+n, 0, 0, 0, 0, time.UTC).Weekday(), d.Weekday(), d)
		require.Equal(t, n, d.DaysSince(first))
		require.Equal(t, -n, first.DaysSince(d))
	}
	require.PanicsWithValue(t, "registry: weekday of no date", func() { Date{}.Weekday() })
	require.PanicsWithValue(t, "registry: days since or until no date", func() { first.DaysSince(Date{}) })
	require.PanicsWithValue(t, "registry: days since or until no date", func() { Date{}.DaysSince(first) })
}

func TestParseDateRejects(t *testing.T) {
	shape := func(s string) string { return `registry: date "` + s + `": expected YYYY-MM-DD` }
	for _, c := range []struct{ text, want string }{
		{"", shape("")},
		{"2024-1-1", shape("2024-1-1")},
		{"2024-01-01 ", shape("2024-01-01 ")},
		{" 024-01-01", shape(" 024-01-01")},
		{"+024-01-01", shape("+024-01-01")},
		{"2024/01/01", shape("2024/01/01")},
		{"2024-01/01", shape("2024-01/01")},
		{"2024-0a-01", shape("2024-0a-01")},
		{"2024-01-0:", shape("2024-01-0:")},
		{"20240101", shape("20240101")},
		{"10000-01-01", shape("10000-01-01")},
		{"0000-12-31", `registry: date "0000-12-31": year 0 is outside 1–9999`},
		{"2024-00-01", `registry: date "2024-00-01": month 0 is outside 1–12`},
		{"2024-13-01", `registry: date "2024-13-01": month 13 is outside 1–12`},
		{"2024-99-99", `registry: date "2024-99-99": month 99 is outside 1–12`},
		{"2024-01-00", `registry: date "2024-01-00": day 0 is outside 1–31 of January 2024`},
		{"2024-02-30", `registry: date "2024-02-30": day 30 is outside 1–29 of February 2024`},
		{"2023-02-29", `registry: date "2023-02-29": day 29 is outside 1–28 of February 2023`},
		{"1900-02-29", `registry: date "1900-02-29": day 29 is outside 1–28 of February 1900`},
		{"2024-04-31", `registry: date "2024-04-31": day 31 is outside 1–30 of April 2024`},
	} {
		d, err := ParseDate(c.text)
		require.EqualError(t, err, c.want)
		require.Zero(t, d)
	}
}

// TestParseDateEveryByte changes each byte of a few dates to each other one, and
// pairs of neighbours at random: a date is read if and only if the standard
// library reads it.
func TestParseDateEveryByte(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	check := func(text []byte) {
		s := string(text)
		d, err := ParseDate(s)
		at, wantErr := time.Parse(time.DateOnly, s)
		if wantErr == nil && at.Year() == 0 {
			wantErr = errors.New("year 0 is no Date")
		}
		if (err == nil) != (wantErr == nil) || err == nil && d.String() != s {
			t.Fatalf("%q is read as %q: %v, expected %v", s, d, err, wantErr)
		}
	}
	for _, base := range []string{"2024-02-29", "9999-09-09", "0010-11-11", "1111-11-11"} {
		for i := range base {
			for c := range 256 {
				text := []byte(base)
				text[i] = byte(c)
				check(text)
				for range 20 {
					text[(i+1)%len(text)] = byte(random.IntN(256))
					check(text)
				}
			}
		}
	}
}

func TestNewDateRejects(t *testing.T) {
	for _, c := range []struct {
		year, month, day int
		want             string
	}{
		{0, 1, 1, "registry: date 0000-01-01: year 0 is outside 1–9999"},
		{10000, 1, 1, "registry: date 10000-01-01: year 10000 is outside 1–9999"},
		{-1, 1, 1, "registry: date -001-01-01: year -1 is outside 1–9999"},
		{2024, 0, 1, "registry: date 2024-00-01: month 0 is outside 1–12"},
		{2023, 2, 29, "registry: date 2023-02-29: day 29 is outside 1–28 of February 2023"},
	} {
		_, err := NewDate(c.year, time.Month(c.month), c.day)
		require.EqualError(t, err, c.want)
	}
}

func TestDateZero(t *testing.T) {
	var d Date
	require.True(t, d.IsZero())
	require.Equal(t, "", d.String())
	require.Equal(t, []int{0, 0, 0}, []int{d.Year(), int(d.Month()), d.Day()})
	require.Equal(t, d, d.AddDays(5))
	require.Equal(t, d, d.AddMonths(-5))
	first := mustDate(t, "0001-01-01")
	require.False(t, first.IsZero())
	require.Equal(t, -1, d.Compare(first))
	require.Equal(t, 1, first.Compare(d))
	require.Equal(t, 0, first.Compare(first))
}

func TestDateAddDays(t *testing.T) {
	for _, c := range []struct {
		from string
		days int
		want string
	}{
		{"2024-02-28", 1, "2024-02-29"},
		{"2024-02-28", 2, "2024-03-01"},
		{"2024-03-01", -1, "2024-02-29"},
		{"2000-01-01", 146097, "2400-01-01"},
		{"0001-01-01", lastDay - 1, "9999-12-31"},
		{"9999-12-31", 1 - lastDay, "0001-01-01"},
		{"9999-12-31", 1, "9999-12-31"},
		{"0001-01-01", -1, "0001-01-01"},
		{"2024-01-01", math.MaxInt, "9999-12-31"},
		{"2024-01-01", math.MinInt, "0001-01-01"},
	} {
		require.Equal(t, c.want, mustDate(t, c.from).AddDays(c.days).String(), "%s %+d days", c.from, c.days)
	}
}

func TestDateAddMonths(t *testing.T) {
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2024-01-31", 0, "2024-01-31"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2023-01-31", 1, "2023-02-28"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-12-15", 1, "2025-01-15"},
		{"2024-01-15", -1, "2023-12-15"},
		{"2024-05-31", -3, "2024-02-29"},
		{"0001-01-31", 119987, "9999-12-31"},
		{"9999-11-30", 1, "9999-12-30"},
		{"9999-12-01", 1, "9999-12-31"},
		{"0001-02-28", -1, "0001-01-28"},
		{"0001-01-28", -1, "0001-01-01"},
		{"2024-01-01", math.MaxInt, "9999-12-31"},
		{"2024-01-01", math.MinInt, "0001-01-01"},
	} {
		require.Equal(t, c.want, mustDate(t, c.from).AddMonths(c.months).String(), "%s %+d months", c.from, c.months)
	}
}

func TestDateText(t *testing.T) {
	type row struct{ Founded, Seen Date }
	in := row{Founded: mustDate(t, "1980-01-22")}
	text, err := json.Marshal(in)
	require.NoError(t, err)
	require.Equal(t, `{"Founded":"1980-01-22","Seen":""}`, string(text))
	out := row{Seen: mustDate(t, "2020-01-01")}
	require.NoError(t, json.Unmarshal(text, &out))
	require.Equal(t, in, out)

	d := mustDate(t, "1980-01-22")
	require.EqualError(t, d.UnmarshalText([]byte("1980-02-30")),
		`registry: date "1980-02-30": day 30 is outside 1–29 of February 1980`)
	require.Equal(t, "1980-01-22", d.String(), "a failed decode changed the receiver")
}

func TestParseDateAllocatesNothing(t *testing.T) {
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = ParseDate("2024-02-29") }))
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"", "2024-02-29", "2023-02-29", "0001-01-01", "9999-12-31", "2024-1-01", "２024-01-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		before := Date{738000}
		d, err := ParseDate(s)
		if err != nil {
			require.Zero(t, d)
			require.Less(t, len(err.Error()), 600)
			if s != "" {
				got := before
				require.Error(t, got.UnmarshalText([]byte(s)))
				require.Equal(t, before, got)
			}
			return
		}
		require.Equal(t, s, d.String())
		_, err = time.Parse(time.DateOnly, s)
		require.NoError(t, err)
	})
}

func BenchmarkParseDate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseDate("2017-09-30"); err != nil {
			b.Fatal(err)
		}
	}
}
