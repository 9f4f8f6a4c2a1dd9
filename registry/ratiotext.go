package registry

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// maxPolicyText bounds the text of a ratio or frequency policy, in bytes. It is
// above what 32 rules with the longest labels need.
const maxPolicyText = 16 << 10

// String returns the policy's only text, which [ParseRatio] reads; "" for the
// zero Ratio.
func (r Ratio) String() string {
	var b []byte
	for i, rule := range r.rules {
		if i > 0 {
			b = append(b, "; "...)
		}
		b = rule.appendText(b)
	}
	return string(b)
}

// String returns the rule's part of the policy's text.
func (r RatioRule) String() string { return string(r.appendText(nil)) }

func (r RatioRule) appendText(b []byte) []byte {
	if r.Tier != AnyTier {
		b = append(append(b, r.Tier.String()...), ' ')
	}
	if r.Class != "" {
		b = append(append(append(b, "class "...), r.Class...), ' ')
	}
	b = fmt.Appendf(b, "%s %dppm/%s", r.Share.Kind, r.Share.PPM, r.Share.Basis)
	if !r.Sub.IsZero() {
		b = fmt.Appendf(b, " of which %s %s %dppm", r.Sub.Group, r.Sub.Kind, r.Sub.PPM)
	}
	return b
}

// ParseRatio reads the text that [Ratio.String] returns, and no other spelling:
//
//	policy = rule { "; " rule }
//	rule   = [ tier " " ] [ "class " label " " ] kind " " number "ppm/" basis [ sub ]
//	sub    = " of which " label " " kind " " number "ppm"
//	tier   = "province" | "city" | "district" | "town"
//	kind   = "floor" | "cap" | "fixed"
//	basis  = "draw" | "year"
//
// such as
//
//	fixed 100000ppm/draw of which 重点检查单位 floor 80000ppm; city floor 300000ppm/year
//
// Rules are sorted by tier, in the order above after those without one, then by
// the bytes of the class. Numbers are 1 to 1000000 without leading zeros. A
// text is at most 16 KiB. For the spellings of officials see [ReadRatio].
func ParseRatio(s string) (Ratio, error) {
	if len(s) > maxPolicyText {
		return Ratio{}, fmt.Errorf("registry: ratio has %d bytes, limit %d", len(s), maxPolicyText)
	}
	var rules []RatioRule
	for text := range strings.SplitSeq(s, "; ") {
		rule, wrong := parseRatioRule(text)
		if wrong != "" {
			return Ratio{}, fmt.Errorf("registry: ratio %s: %s", label.Quote(s), wrong)
		}
		if rules = append(rules, rule); len(rules) > maxRules {
			break
		}
	}
	r, err := NewRatio(rules...)
	if err != nil {
		return Ratio{}, err
	}
	if canonical := r.String(); canonical != s {
		return Ratio{}, fmt.Errorf("registry: ratio %s: not in its one spelling %s", label.Quote(s), label.Quote(canonical))
	}
	return r, nil
}

// MarshalText returns the policy's text; empty for the zero Ratio. It never fails.
func (r Ratio) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what [Ratio.MarshalText] returns: the zero Ratio from an
// empty text, and otherwise as [ParseRatio] does. On an error r is unchanged.
func (r *Ratio) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*r = Ratio{}
		return nil
	}
	parsed, err := ParseRatio(string(text))
	if err == nil {
		*r = parsed
	}
	return err
}

// parseRatioRule returns the rule, or what is wrong. It checks the form only:
// values are for NewRatio, sloppy numbers for the comparison with the one spelling.
func parseRatioRule(text string) (rule RatioRule, wrong string) {
	words := ruleWords{strings.Split(text, " ")}
	rule.Tier = words.tier()
	if words.take("class") {
		rule.Class = words.next()
	}
	var ok bool
	if rule.Share.Kind, ok = words.kind(); !ok {
		return rule, words.expected("floor, cap or fixed")
	}
	number, basis, _ := strings.Cut(words.peek(), "/")
	if rule.Share.PPM, ok = parsePPM(number); !ok || basis != "draw" && basis != "year" {
		return rule, words.expected("a ratio such as 30000ppm/draw")
	}
	if words.next(); basis == "year" {
		rule.Share.Basis = PerYear
	}
	if words.take("of") {
		if !words.take("which") {
			return rule, words.expected("which")
		}
		rule.Sub.Group = words.next()
		if rule.Sub.Kind, ok = words.kind(); !ok {
			return rule, words.expected("floor, cap or fixed")
		}
		if rule.Sub.PPM, ok = parsePPM(words.peek()); !ok {
			return rule, words.expected("a ratio such as 30000ppm")
		}
		words.next()
	}
	if len(words.rest) > 0 {
		return rule, words.expected("the end of the rule")
	}
	return rule, ""
}

func parsePPM(s string) (PPM, bool) {
	digits, ok := strings.CutSuffix(s, "ppm")
	n, err := strconv.ParseUint(digits, 10, 32)
	return PPM(n), ok && err == nil
}

// ruleWords takes the words of one rule from the left.
type ruleWords struct{ rest []string }

func (w *ruleWords) peek() string {
	if len(w.rest) == 0 {
		return ""
	}
	return w.rest[0]
}

func (w *ruleWords) next() string {
	word := w.peek()
	if len(w.rest) > 0 {
		w.rest = w.rest[1:]
	}
	return word
}

func (w *ruleWords) take(word string) bool {
	if len(w.rest) == 0 || w.rest[0] != word {
		return false
	}
	w.rest = w.rest[1:]
	return true
}

// tier takes a tier; AnyTier has no word of its own in a policy.
func (w *ruleWords) tier() Tier {
	for t := ProvinceTier; t <= TownTier; t++ {
		if w.take(t.String()) {
			return t
		}
	}
	return AnyTier
}

func (w *ruleWords) kind() (RatioKind, bool) {
	for k := RatioFloor; k <= RatioFixed; k++ {
		if w.take(k.String()) {
			return k, true
		}
	}
	return 0, false
}

func (w *ruleWords) expected(what string) string {
	return fmt.Sprintf("found %s, expected %s", label.Quote(w.peek()), what)
}

// checkWord returns "" if s can stand as a label in a policy's text, and
// otherwise what is wrong with it.
func checkWord(s string) string {
	if wrong := checkID(s); wrong != "" {
		return wrong
	}
	if strings.Contains(s, ";") {
		return "has a semicolon"
	}
	return ""
}
