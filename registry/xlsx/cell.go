package xlsx

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// scientific are numbers as Excel stores and shows those with many digits.
var scientific = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+$`)

// whole are numbers of digits alone.
var whole = regexp.MustCompile(`^[0-9]+$`)

// code returns a cell that holds a code: text as it stands, without spaces around
// it. Numbers of up to 15 digits keep them all in Excel and are taken as they are
// shown; what is wrong with any other is returned in words.
func (c cell) code() (text, wrong string) {
	text = strings.Trim(c.stored, " \u3000\u00a0\t\r\n")
	shown := strings.Trim(c.shown, " \u3000\u00a0\t\r\n")
	switch {
	case scientific.MatchString(text) || scientific.MatchString(shown):
		return "", "is a number in scientific notation: Excel keeps 15 digits, the others are lost; format the column as text and enter the code again"
	case text == shown:
		return text, ""
	case whole.MatchString(text) && whole.MatchString(shown) && len(shown) > len(text) && strings.TrimLeft(shown, "0") == strings.TrimLeft(text, "0"):
		return shown, "" // a format such as 000000 shows leading zeros
	case whole.MatchString(text) && len(text) > 15:
		return "", "is a number of more than 15 digits, of which Excel keeps 15: format the column as text and enter the code again"
	}
	return "", fmt.Sprintf("is a number that is shown as %q: format the column as text and enter the code again", shown)
}

// prose returns a cell that holds text or a number as it is shown.
func (c cell) prose() string {
	return strings.Trim(c.shown, " \u3000\u00a0\t\r\n")
}

// oneLine is prose without line breaks, which officials put into cells to wrap them.
func (c cell) oneLine() string {
	return strings.Join(strings.FieldsFunc(c.prose(), func(r rune) bool { return r == '\r' || r == '\n' }), "")
}

// written are the ways in which officials write days.
var written = regexp.MustCompile(`^([0-9]{4})(?:[-/.年])([0-9]{1,2})(?:[-/.月])([0-9]{1,2})日?$`)

// date returns a cell that holds a day as YYYY-MM-DD: a date of Excel's, or text
// such as 2026/3/1, 2026.3.1 or 2026年3月1日. Other text stays as it is, for the
// registry to judge. A number that is not formatted as a date is no date.
func (c cell) date(date1904 bool) (text, wrong string) {
	text = strings.Trim(c.stored, " \u3000\u00a0\t\r\n")
	if m := written.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%s-%s-%s", m[1], pad2(m[2]), pad2(m[3])), ""
	}
	days, err := strconv.ParseFloat(text, 64)
	if text == "" || err != nil {
		return text, ""
	}
	if c.shown == c.stored {
		return "", "is a number without a date's format: enter the day as YYYY-MM-DD"
	}
	// Day 60 of the calendar that begins in 1900 is 29 February 1900, which was none.
	if math.IsNaN(days) || days < 1 || days >= 2958466 || !date1904 && days >= 60 && days < 61 {
		return "", "is outside of the days that Excel has: enter the day as YYYY-MM-DD"
	}
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		first = first.AddDate(0, 0, 1)
	}
	return first.AddDate(0, 0, int(days)).Format(time.DateOnly), ""
}

func pad2(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}
