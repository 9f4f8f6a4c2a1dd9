package dossier

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/doublerandom/doublerandom/internal/line"
	"github.com/doublerandom/doublerandom/registry"
)

const (
	rulesHeader  = "doublerandom/credit-rules/v1"
	maxRulesText = 1 << 24
)

// MarshalText returns the table's only text, which [ParseRules] reads. The error is
// always nil.
func (r *Rules) MarshalText() ([]byte, error) {
	b := []byte(rulesHeader + "\n")
	if r == nil {
		return b, nil
	}
	for _, n := range r.norms {
		b = fmt.Appendf(b, "norm %s %s\n", n.Label, n.Title)
	}
	for _, rule := range r.rules {
		b = append(rule.appendText(b), '\n')
	}
	for _, t := range r.transitions {
		b = fmt.Appendf(b, "transition %s %s %s from %s\n", t.Kind, t.Old, t.New, t.From)
	}
	return b, nil
}

// String returns the rule's line in the text of its table.
func (r Rule) String() string { return string(r.appendText(nil)) }

func (r Rule) appendText(b []byte) []byte {
	b = fmt.Appendf(b, "rule %s from %s to %s ", r.key(), r.From, orOpen(r.To))
	if r.Notice == 0 {
		b = append(b, "no notice"...)
	} else {
		b = fmt.Appendf(b, "notice %d days", r.Notice)
	}
	if r.Within == 0 {
		b = append(b, " publish any time"...)
	} else {
		b = fmt.Appendf(b, " publish within %d days", r.Within)
	}
	b = fmt.Appendf(b, " counted %s ", r.Count)
	if r.UntilRemoved {
		b = append(b, "until removed"...)
	} else {
		b = fmt.Appendf(b, "for %d..%d months", r.Least, r.Most)
	}
	if !r.Repair {
		return append(b, " no repair"...)
	}
	return fmt.Appendf(b, " repair after %d months", r.RepairAfter)
}

// ParseRules reads the text that [Rules.MarshalText] returns, and no other
// spelling. After a header there is a line for each norm, each rule and each
// transition:
//
//	table      = "doublerandom/credit-rules/v1" LF { norm LF } { rule LF } { transition LF }
//	norm       = "norm " label " " title
//	rule       = "rule " kind " " norm " " category " from " date " to " ( date | "open" )
//	             ( " no notice" | " notice " number " days" )
//	             ( " publish any time" | " publish within " number " days" )
//	             " counted " ( "from" | "after" ) " " ( "decision" | "publication" )
//	             ( " until removed" | " for " number ".." number " months" )
//	             ( " no repair" | " repair after " number " months" )
//	transition = "transition " kind " " norm " " norm " from " date
//
// such as
//
//	rule penalty NDRC-36 general from 2026-04-01 to open notice 5 days publish any time
//	counted from decision for 3..12 months repair after 3 months
//
// in one line. Norms are sorted by label, rules by kind, norm, category and first
// day, transitions by kind and norms; kinds have the order of their constants, all
// else that of bytes. Numbers have no leading zeros and nouns no singular. A text is
// at most 16 MiB.
//
// An error is a [*ParseError], or what [NewRules] returns.
func ParseRules(text []byte) (*Rules, error) {
	if len(text) > maxRulesText {
		return nil, fmt.Errorf("dossier: rules have %d bytes, expected at most %d", len(text), maxRulesText)
	}
	var norms []Norm
	var rules []Rule
	var transitions []Transition
	n := 0
	for row := range strings.Lines(string(text)) {
		n++
		w := wordsOf(strings.TrimSuffix(row, "\n"))
		switch {
		case n == 1 && w.Rest == rulesHeader:
		case n > 1 && w.Take("norm "):
			label := w.Next()
			norms = append(norms, Norm{label, w.Rest})
		case n > 1 && w.Take("rule "):
			rules = append(rules, w.rule())
		case n > 1 && w.Take("transition "):
			t := Transition{Kind: w.kind(), Old: w.Next(), New: w.Next()}
			w.Expect("from ")
			t.From = w.date()
			transitions = append(transitions, t)
			w.End()
		default:
			w.Fail("header " + rulesHeader + ", norm, rule or transition")
		}
		if w.Err != nil {
			return nil, &ParseError{n, w.Err}
		}
	}
	r, err := NewRules(norms, rules, transitions)
	if err != nil {
		return nil, err
	}
	canonical, _ := r.MarshalText() // never fails
	if at := line.Difference(canonical, text); at > 0 {
		return nil, parseError(at, "it is not in its one spelling or place")
	}
	return r, nil
}

func (w *words) rule() (r Rule) {
	r.Kind, r.Norm, r.Category = w.kind(), w.Next(), w.Next()
	w.Expect("from ")
	r.From = w.date()
	w.Expect("to ")
	r.To = w.dateOr("open")
	if !w.Take("no notice ") {
		w.Expect("notice ")
		r.Notice = w.number()
		w.Expect("days ")
	}
	if !w.Take("publish any time ") {
		w.Expect("publish within ")
		r.Within = w.number()
		w.Expect("days ")
	}
	w.Expect("counted ")
	count, ok := named(countNames[:], w.Next()+" "+w.Next())
	if !ok {
		w.Fail("from or after, and decision or publication")
	}
	r.Count = Count(count)
	if w.Take("until removed ") {
		r.UntilRemoved = true
	} else {
		w.Expect("for ")
		r.Least = w.numberBefore("..")
		r.Most = w.number()
		w.Expect("months ")
	}
	if w.Take("no repair") {
		w.End()
		return r
	}
	r.Repair = true
	w.Expect("repair after ")
	r.RepairAfter = w.number()
	w.Expect("months")
	w.End()
	return r
}

// A ParseError says which line of a text is wrong, and why.
type ParseError struct {
	Line int   // from 1
	Err  error // what is wrong; a [*StateError], [*NoRuleError], [*PeriodError] or one without a type
}

// Error returns the error as one line.
func (e *ParseError) Error() string {
	return fmt.Sprintf("dossier: line %d: %s", e.Line, strings.TrimPrefix(e.Err.Error(), "dossier: "))
}

// Unwrap returns what is wrong.
func (e *ParseError) Unwrap() error { return e.Err }

func parseError(line int, wrong string) error {
	return &ParseError{line, fmt.Errorf("dossier: %s", wrong)}
}

// words are a line of a table or a file, which is read from the left.
type words struct{ line.Reader }

func wordsOf[text string | []byte](s text) words { return words{line.Reader{Rest: string(s)}} }

func (w *words) kind() Kind {
	before := *w
	k, err := ParseKind(w.Next())
	if err != nil {
		before.Fail("a kind")
		*w = before
	}
	return k
}

func (w *words) date() registry.Date { return w.dateOr("") }

// dateOr takes a date, or the word that stands for none.
func (w *words) dateOr(none string) registry.Date {
	word := w.Next()
	if w.Err != nil || none != "" && word == none {
		return registry.Date{}
	}
	d, err := registry.ParseDate(word)
	if err != nil {
		w.Err = errors.New(strings.TrimPrefix(err.Error(), "registry: "))
	}
	return d
}

func (w *words) number() int { return w.numberBefore(" ") }

// numberBefore takes a number and what ends it. Limits are for the values' own checks.
func (w *words) numberBefore(end string) int { return int(w.Number(math.MaxInt32, end)) }

// before takes what stands before a text, and that text.
func (w *words) before(text string) string {
	word, rest, ok := strings.Cut(w.Rest, text)
	if !ok || w.Err != nil {
		w.Fail(fmt.Sprintf("%q behind it", text))
		return ""
	}
	w.Rest = rest
	return word
}
