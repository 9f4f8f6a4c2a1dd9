package target

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

const rateRuleHeader = "doublerandom/rate-rule/v1"

// MarshalText returns the rule's one text:
//
//	doublerandom/rate-rule/v1
//	name 49-cfr-382.305
//	years 2
//	least 1
//	level 100000 below 5000
//	level 250000 below 10000
//	level 500000
//
// with the good years before a rate goes down, the least number of inspections of a year that counts, and
// the levels: rate of drawing and violation rate, in parts per million. It never fails.
func (r *RateRule) MarshalText() ([]byte, error) {
	text := fmt.Appendf(nil, "%s\nname %s\nyears %d\nleast %d\n", rateRuleHeader, r.name, r.years, r.least)
	for _, l := range r.levels {
		text = fmt.Appendf(text, "level %d", l.Rate)
		if l.Below > 0 {
			text = fmt.Appendf(text, " below %d", l.Below)
		}
		text = append(text, '\n')
	}
	return text, nil
}

// ParseRateRule reads the text of [RateRule.MarshalText], and nothing else.
func ParseRateRule(text []byte) (*RateRule, error) {
	const most = 2000
	if len(text) > most {
		return nil, fmt.Errorf("target: rule: %d bytes, expected at most %d", len(text), most)
	}
	var name string
	var years, least uint64
	var levels []Level
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		key, value, _ := strings.Cut(line, " ")
		var err error
		switch {
		case i == 0 && line == rateRuleHeader, i > 0 && i == len(lines)-1 && line == "":
		case i == 1 && key == "name":
			name = value
		case i == 2 && key == "years":
			years, err = number(value)
		case i == 3 && key == "least":
			least, err = number(value)
		case i > 3 && key == "level":
			var l Level
			rate, below, bounded := strings.Cut(value, " below ")
			if l.Rate, err = number(rate); err == nil && bounded {
				l.Below, err = number(below)
			}
			levels = append(levels, l)
		default:
			err = fmt.Errorf("%s is not expected here", label.Quote(line))
		}
		if err != nil {
			return nil, fmt.Errorf("target: rule line %d: %w", i+1, err)
		}
	}
	r, err := NewRateRule(name, int(min(years, 1000)), least, levels...)
	if err != nil {
		return nil, err
	}
	if again, _ := r.MarshalText(); !bytes.Equal(again, text) { // it never fails
		return nil, fmt.Errorf("target: rule: the last line has no line end, or a bound is 0")
	}
	return r, nil
}

// number reads a whole number without sign and leading zeros.
func number(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil || strconv.FormatUint(n, 10) != s {
		return 0, fmt.Errorf("%s, expected a whole number without sign and leading zeros", label.Quote(s))
	}
	return n, nil
}

// UnmarshalText reads the text of [RateRule.MarshalText], and nothing else. If text is malformed, r is
// unchanged.
func (r *RateRule) UnmarshalText(text []byte) error {
	parsed, err := ParseRateRule(text)
	if err == nil {
		*r = *parsed
	}
	return err
}
