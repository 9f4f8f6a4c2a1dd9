package target

import (
	"fmt"
	"math/bits"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A Level is a rate of drawing, and the violation rates for which it is enough.
type Level struct {
	Rate  uint64 // of units drawn a year, in parts per million, 1 to 1,000,000
	Below uint64 // violation rate in parts per million below which it is enough; 0 in the last level: always
}

// A RateRule says how the rate of drawing follows the violations found: up at once, down only after
// some good years. It is data, with one text; decisions are in whole numbers. It is immutable and safe for
// concurrent use. The zero RateRule is not valid; see [ParseRateRule] and [CFR382].
type RateRule struct {
	name   string
	years  int // to lower
	least  uint64
	levels []Level
}

// A Year is what a year's inspections found. Where units had different chances, it is the
// Horvitz–Thompson total in whole units, of all units of the frame.
type Year struct {
	Year      int    // 1 to 9999
	Found     uint64 // at most Inspected
	Inspected uint64 // at most 10¹²
}

const maxInspected uint64 = 1_000_000_000_000

// NewRateRule returns the rule with a name (an ID of 1–64 bytes without spaces), the number of good years
// before a rate goes down (1–10), the least number of inspections of a year that counts, and its levels:
// 1 to 20, rates and bounds strictly ascending.
func NewRateRule(name string, years int, least uint64, levels ...Level) (*RateRule, error) {
	switch what := label.Check(name); {
	case what != "":
		return nil, fmt.Errorf("target: rule: name: %s", what)
	case years < 1 || years > 10:
		return nil, fmt.Errorf("target: rule %q: %d years to lower, expected 1 to 10", name, years)
	case least < 1 || least > maxInspected:
		return nil, fmt.Errorf("target: rule %q: least %d inspections, expected 1 to %d", name, least, maxInspected)
	case len(levels) < 1 || len(levels) > 20:
		return nil, fmt.Errorf("target: rule %q: %d levels, expected 1 to 20", name, len(levels))
	}
	for i, l := range levels {
		last := i == len(levels)-1
		switch {
		case l.Rate < 1 || l.Rate > 1_000_000:
			return nil, fmt.Errorf("target: rule %q: level %d: rate of %d ppm, expected 1 to 1000000", name, i+1, l.Rate)
		case !last && (l.Below < 1 || l.Below > 1_000_000):
			return nil, fmt.Errorf("target: rule %q: level %d: below %d ppm, expected 1 to 1000000", name, i+1, l.Below)
		case last && l.Below != 0:
			return nil, fmt.Errorf("target: rule %q: level %d is the last and has a bound: nothing holds above it", name, i+1)
		case i > 0 && l.Rate <= levels[i-1].Rate:
			return nil, fmt.Errorf("target: rule %q: level %d: rate of %d ppm after %d, expected a higher one", name, i+1, l.Rate, levels[i-1].Rate)
		case i > 0 && !last && l.Below <= levels[i-1].Below:
			return nil, fmt.Errorf("target: rule %q: level %d: below %d ppm after %d, expected a higher one", name, i+1, l.Below, levels[i-1].Below)
		}
	}
	return &RateRule{name, years, least, append([]Level(nil), levels...)}, nil
}

// CFR382 returns the rule of 49 CFR 382.305 (d) and (e) for the random alcohol testing of drivers: 10, 25 and
// 50 % at violation rates of 0.5 and 1.0 %, down after two years. The years are those of the report that the
// agency publishes; there is no least number.
func CFR382() *RateRule {
	r, err := ParseRateRule([]byte(`doublerandom/rate-rule/v1
name 49-cfr-382.305
years 2
least 1
level 100000 below 5000
level 250000 below 10000
level 500000
`))
	if err != nil {
		panic(err.Error()) // a test reads it
	}
	return r
}

// A RateChange is the outcome of a rule.
type RateChange struct {
	Rate   uint64 // the next rate, in parts per million
	Reason string // one line
}

// Next returns the rate that follows the current one, from the years up to the last, in ascending
// order. The current rate must be one of the levels'.
//
// The level of a year is the first whose bound is above the year's violation rate. If that of the last year is
// above the current one, it is the next. If the levels of the last years, so many as the rule asks for, in a
// row and each with enough inspections, are all below the current one, the highest of them is
// the next. Otherwise nothing changes; a year with too few inspections changes nothing.
func (r *RateRule) Next(current uint64, years []Year) (RateChange, error) {
	at := -1
	for i, l := range r.levels {
		if l.Rate == current {
			at = i
		}
	}
	if at < 0 {
		return RateChange{}, fmt.Errorf("target: rule %q: current rate of %d ppm is none of its levels", r.name, current)
	}
	if len(years) == 0 {
		return RateChange{}, fmt.Errorf("target: rule %q: no years, expected at least one", r.name)
	}
	for i, y := range years {
		switch {
		case y.Year < 1 || y.Year > 9999 || i > 0 && y.Year <= years[i-1].Year:
			return RateChange{}, fmt.Errorf("target: year %d is out of order, expected ascending years from 1 to 9999", y.Year)
		case y.Found > y.Inspected || y.Inspected > maxInspected:
			return RateChange{}, fmt.Errorf("target: year %d: %d found of %d inspected, expected at most as many, and at most %d", y.Year, y.Found, y.Inspected, maxInspected)
		}
	}
	last := years[len(years)-1]
	if last.Inspected < r.least {
		return r.keep(current, "%d inspections in %d are fewer than %d", last.Inspected, last.Year, r.least), nil
	}
	level := r.level(last)
	if level > at {
		return RateChange{r.levels[level].Rate, fmt.Sprintf("up: %d of %d inspections in %d found a violation, at least %d ppm",
			last.Found, last.Inspected, last.Year, r.levels[level-1].Below)}, nil
	}
	if len(years) < r.years {
		return r.keep(current, "%d years are known, to lower takes %d", len(years), r.years), nil
	}
	highest := 0
	row := years[len(years)-r.years:]
	for i, y := range row {
		if y.Inspected < r.least || i > 0 && y.Year != row[i-1].Year+1 {
			return r.keep(current, "%d good years in a row are not known up to %d", r.years, last.Year), nil
		}
		highest = max(highest, r.level(y))
	}
	if highest >= at {
		return r.keep(current, "%d years up to %d were not all better than the level asks for", r.years, last.Year), nil
	}
	return RateChange{r.levels[highest].Rate, fmt.Sprintf("down: in each of %d years up to %d violations were below %d ppm",
		r.years, last.Year, r.levels[highest].Below)}, nil
}

func (r *RateRule) keep(current uint64, format string, args ...any) RateChange {
	return RateChange{current, "unchanged: " + fmt.Sprintf(format, args...)}
}

// level returns the index of a year's level. Rates are compared exactly, as products of whole numbers.
func (r *RateRule) level(y Year) int {
	for i, l := range r.levels[:len(r.levels)-1] {
		h1, l1 := bits.Mul64(y.Found, 1_000_000)
		h2, l2 := bits.Mul64(l.Below, y.Inspected)
		if h1 < h2 || h1 == h2 && l1 < l2 {
			return i
		}
	}
	return len(r.levels) - 1
}
