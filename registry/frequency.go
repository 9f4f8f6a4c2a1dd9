package registry

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A Period is the time within which a frequency counts: a number of months, 1 to
// 1,200, or one of the periods named below. The zero Period is none.
type Period uint16

// The periods whose length is not a number of months.
const (
	LicenceValidity Period = 0xFFFF // "licence": while the entity's licence is valid (许可有效期内)
	FilingValidity  Period = 0xFFFE // "filing": while the entity's filing is valid (备案有效期内)
)

const maxMonths = 1200

// Months returns the length of the period in months. It returns false for the
// periods that are not a number of months.
func (p Period) Months() (int, bool) { return int(p), p >= 1 && p <= maxMonths }

// String returns the period's text: "month", "6 months", "year", "2 years",
// "licence" or "filing". Twelve months are always a year.
func (p Period) String() string {
	switch {
	case p == LicenceValidity:
		return "licence"
	case p == FilingValidity:
		return "filing"
	case p == 0 || p > maxMonths:
		return fmt.Sprintf("Period(%d)", uint16(p))
	case p == 1:
		return "month"
	case p == 12:
		return "year"
	case p%12 == 0:
		return strconv.Itoa(int(p/12)) + " years"
	}
	return strconv.Itoa(int(p)) + " months"
}

// A FrequencyRule is one line of a frequency policy: at least Min and at most
// Max times in a period. Whether a year is the calendar year or any twelve
// months, the sources do not say; that is for the caller to settle.
type FrequencyRule struct {
	Tier   Tier   // the tier it binds; AnyTier for every tier without rules of its own
	Each   string // whom the times are counted for, one by one, in the source's words, such as 同一单位's "单位"; 1–64 bytes without spaces, control characters and ";"; "" if they are the times that the item is drawn
	Min    uint16 // at least so many times; 0 for no such demand
	Max    uint16 // at most so many times, not below Min; 0 for no limit
	Period Period // the time within which they are counted
}

// Allows reports whether one more time is within the rule's limit after done
// times in the period.
func (r FrequencyRule) Allows(done uint64) bool { return r.Max == 0 || done < uint64(r.Max) }

// Owed returns how many more times the rule demands after done times in the period.
func (r FrequencyRule) Owed(done uint64) uint64 { return uint64(r.Min) - min(uint64(r.Min), done) }

// A Frequency is an item's frequency policy: at most 32 rules, one for each pair
// of tier and Each. It is immutable and safe for concurrent use. The zero
// Frequency has no rules: the policy is not stated, or only a person can read it.
//
// Its text has one spelling, see [ParseFrequency].
type Frequency struct {
	rules []FrequencyRule // sorted by tier, then Each; never modified
}

// NewFrequency returns the policy with the given rules, in any order. Without
// rules it returns the zero Frequency. It fails if there are more than 32, two for
// the same tier and Each, or one with a field outside its documented range.
func NewFrequency(rules ...FrequencyRule) (Frequency, error) {
	if len(rules) == 0 {
		return Frequency{}, nil
	}
	if len(rules) > maxRules {
		return Frequency{}, fmt.Errorf("registry: frequency has %d rules, limit %d", len(rules), maxRules)
	}
	rules = slices.Clone(rules)
	slices.SortStableFunc(rules, compareFrequencyRules)
	for i, r := range rules {
		if wrong := r.wrong(); wrong != "" {
			return Frequency{}, fmt.Errorf("registry: frequency rule for tier %s: %s", r.Tier, wrong)
		}
		if i > 0 && compareFrequencyRules(rules[i-1], r) == 0 {
			return Frequency{}, fmt.Errorf("registry: frequency has two rules for tier %s, each %s", r.Tier, label.Quote(r.Each))
		}
	}
	return Frequency{rules}, nil
}

// IsZero reports whether the policy has no rules.
func (f Frequency) IsZero() bool { return len(f.rules) == 0 }

// Equal reports whether both policies have the same rules.
func (f Frequency) Equal(other Frequency) bool { return slices.Equal(f.rules, other.rules) }

// Rules iterates over the rules, sorted by tier, then by the bytes of Each.
func (f Frequency) Rules() iter.Seq[FrequencyRule] { return slices.Values(f.rules) }

// For iterates over the rules that bind a department of the given tier: those of
// its tier, or, if there are none, those of every tier.
func (f Frequency) For(tier Tier) iter.Seq[FrequencyRule] {
	if !slices.ContainsFunc(f.rules, func(r FrequencyRule) bool { return r.Tier == tier }) {
		tier = AnyTier
	}
	return func(yield func(FrequencyRule) bool) {
		for _, r := range f.rules {
			if r.Tier == tier && !yield(r) {
				return
			}
		}
	}
}

// String returns the policy's only text, which [ParseFrequency] reads; "" for
// the zero Frequency.
func (f Frequency) String() string {
	var b []byte
	for i, rule := range f.rules {
		if i > 0 {
			b = append(b, "; "...)
		}
		b = rule.appendText(b)
	}
	return string(b)
}

// String returns the rule's part of the policy's text.
func (r FrequencyRule) String() string { return string(r.appendText(nil)) }

func (r FrequencyRule) appendText(b []byte) []byte {
	if r.Tier != AnyTier {
		b = append(append(b, r.Tier.String()...), ' ')
	}
	switch {
	case r.Min == r.Max:
		b = fmt.Appendf(b, "exactly %d", r.Min)
	case r.Max == 0:
		b = fmt.Appendf(b, "at least %d", r.Min)
	case r.Min == 0:
		b = fmt.Appendf(b, "at most %d", r.Max)
	default:
		b = fmt.Appendf(b, "%d to %d", r.Min, r.Max)
	}
	b = fmt.Appendf(b, " per %s", r.Period)
	if r.Each != "" {
		b = fmt.Appendf(b, " each %s", r.Each)
	}
	return b
}

// ParseFrequency reads the text that [Frequency.String] returns, and no other
// spelling:
//
//	policy = rule { "; " rule }
//	rule   = [ tier " " ] times " per " period [ " each " label ]
//	tier   = "province" | "city" | "district" | "town"
//	times  = "exactly " number | "at least " number | "at most " number | number " to " number
//	period = "month" | number " months" | "year" | number " years" | "licence" | "filing"
//
// such as "at most 1 per 2 years each 单位" or "city exactly 1 per year; district
// exactly 1 per month". Rules are sorted by tier, in the order above after those
// without one, then by the bytes of the label. Numbers have no leading zeros;
// times are 1 to 1000, periods at most 100 years. A text is at most 16 KiB. For
// the spellings of officials see [ReadFrequency].
func ParseFrequency(s string) (Frequency, error) {
	if len(s) > maxPolicyText {
		return Frequency{}, fmt.Errorf("registry: frequency has %d bytes, limit %d", len(s), maxPolicyText)
	}
	var rules []FrequencyRule
	for text := range strings.SplitSeq(s, "; ") {
		rule, wrong := parseFrequencyRule(text)
		if wrong != "" {
			return Frequency{}, fmt.Errorf("registry: frequency %s: %s", label.Quote(s), wrong)
		}
		if rules = append(rules, rule); len(rules) > maxRules {
			break
		}
	}
	f, err := NewFrequency(rules...)
	if err != nil {
		return Frequency{}, err
	}
	if canonical := f.String(); canonical != s {
		return Frequency{}, fmt.Errorf("registry: frequency %s: not in its one spelling %s", label.Quote(s), label.Quote(canonical))
	}
	return f, nil
}

// MarshalText returns the policy's text; empty for the zero Frequency. It never fails.
func (f Frequency) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what [Frequency.MarshalText] returns: the zero Frequency
// from an empty text, and otherwise as [ParseFrequency] does. On an error f is
// unchanged.
func (f *Frequency) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*f = Frequency{}
		return nil
	}
	parsed, err := ParseFrequency(string(text))
	if err == nil {
		*f = parsed
	}
	return err
}

// parseFrequencyRule returns the rule, or what is wrong with its form.
func parseFrequencyRule(text string) (rule FrequencyRule, wrong string) {
	words := ruleWords{strings.Split(text, " ")}
	rule.Tier = words.tier()
	var ok bool
	switch {
	case words.take("exactly"):
		rule.Min, ok = words.number()
		rule.Max = rule.Min
	case words.take("at"):
		if words.take("least") {
			rule.Min, ok = words.number()
		} else if words.take("most") {
			rule.Max, ok = words.number()
		} else {
			return rule, words.expected("least or most")
		}
	default:
		if rule.Min, ok = words.number(); ok && !words.take("to") {
			return rule, words.expected("to")
		} else if ok {
			rule.Max, ok = words.number()
		}
	}
	if !ok {
		return rule, words.expected("a number of times")
	}
	if !words.take("per") {
		return rule, words.expected("per")
	}
	if rule.Period, ok = words.period(); !ok {
		return rule, words.expected("a period such as year or 6 months")
	}
	if words.take("each") {
		if rule.Each = words.next(); rule.Each == "" {
			return rule, words.expected("whom it counts for")
		}
	}
	if len(words.rest) > 0 {
		return rule, words.expected("the end of the rule")
	}
	return rule, ""
}

func (w *ruleWords) number() (uint16, bool) {
	n, err := strconv.ParseUint(w.peek(), 10, 16)
	if err != nil {
		return 0, false
	}
	w.next()
	return uint16(n), true
}

func (w *ruleWords) period() (Period, bool) {
	for _, p := range [...]Period{1, 12, LicenceValidity, FilingValidity} {
		if w.take(p.String()) {
			return p, true
		}
	}
	n, ok := w.number()
	switch {
	case ok && n <= maxMonths && w.take("months"):
		return Period(n), true
	case ok && n <= maxMonths/12 && w.take("years"):
		return Period(n * 12), true
	}
	return 0, false
}

func compareFrequencyRules(a, b FrequencyRule) int {
	return cmp.Or(cmp.Compare(a.Tier, b.Tier), cmp.Compare(a.Each, b.Each))
}

// maxTimes bounds the times of a rule.
const maxTimes = 1000

// wrong returns "" or what is wrong with the rule.
func (r FrequencyRule) wrong() string {
	switch {
	case r.Tier > TownTier:
		return "unknown tier"
	case r.Each != "" && checkWord(r.Each) != "":
		return "each " + checkWord(r.Each)
	case r.Min == 0 && r.Max == 0:
		return "neither a least nor a most number of times"
	case r.Min > maxTimes || r.Max > maxTimes:
		return fmt.Sprintf("%d to %d times: limit %d", r.Min, r.Max, maxTimes)
	case r.Max != 0 && r.Max < r.Min:
		return fmt.Sprintf("at most %d times is below at least %d", r.Max, r.Min)
	case r.Period == 0 || r.Period > maxMonths && r.Period < FilingValidity:
		return fmt.Sprintf("unknown period %s", r.Period)
	}
	return ""
}
