package dossier

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
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
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimSuffix(line, "\n")
		w := words{rest: line}
		switch {
		case n == 1 && line == rulesHeader:
		case n > 1 && w.take("norm "):
			label := w.next()
			norms = append(norms, Norm{label, w.rest})
		case n > 1 && w.take("rule "):
			rules = append(rules, w.rule())
		case n > 1 && w.take("transition "):
			t := Transition{Kind: w.kind(), Old: w.next(), New: w.next()}
			w.expect("from ")
			t.From = w.date()
			transitions = append(transitions, t)
			w.end()
		default:
			w.fail("header " + rulesHeader + ", norm, rule or transition")
		}
		if w.wrong != "" {
			return nil, parseError(n, w.wrong)
		}
	}
	r, err := NewRules(norms, rules, transitions)
	if err != nil {
		return nil, err
	}
	canonical, _ := r.MarshalText() // never fails
	if at := difference(canonical, text); at > 0 {
		return nil, parseError(at, "it is not in its one spelling or place")
	}
	return r, nil
}

func (w *words) rule() (r Rule) {
	r.Kind, r.Norm, r.Category = w.kind(), w.next(), w.next()
	w.expect("from ")
	r.From = w.date()
	w.expect("to ")
	r.To = w.dateOr("open")
	if !w.take("no notice ") {
		w.expect("notice ")
		r.Notice = w.number()
		w.expect("days ")
	}
	if !w.take("publish any time ") {
		w.expect("publish within ")
		r.Within = w.number()
		w.expect("days ")
	}
	w.expect("counted ")
	count, ok := named(countNames[:], w.next()+" "+w.next())
	if !ok {
		w.fail("from or after, and decision or publication")
	}
	r.Count = Count(count)
	if w.take("until removed ") {
		r.UntilRemoved = true
	} else {
		w.expect("for ")
		r.Least = w.numberBefore("..")
		r.Most = w.number()
		w.expect("months ")
	}
	if w.take("no repair") {
		w.end()
		return r
	}
	r.Repair = true
	w.expect("repair after ")
	r.RepairAfter = w.number()
	w.expect("months")
	w.end()
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

// difference returns the number of the first line in which two texts differ, 0 if
// they are the same.
func difference(a, b []byte) int {
	if bytes.Equal(a, b) {
		return 0
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return 1 + bytes.Count(a[:n], []byte("\n"))
}

// words are a line that is read from the left. After the first thing that is wrong
// nothing more is read.
type words struct {
	rest  string
	wrong string
}

func (w *words) fail(expected string) {
	if w.wrong == "" {
		w.wrong = fmt.Sprintf("%s: expected %s", label.Quote(w.rest), expected)
	}
}

// take takes a text if it is there.
func (w *words) take(text string) bool {
	rest, ok := strings.CutPrefix(w.rest, text)
	if ok && w.wrong == "" {
		w.rest = rest
		return true
	}
	return false
}

func (w *words) expect(text string) {
	if !w.take(text) {
		w.fail(label.Quote(text))
	}
}

func (w *words) end() {
	if w.rest != "" {
		w.fail("the end of the line")
	}
}

// next takes a word and the space behind it.
func (w *words) next() (word string) {
	if w.wrong != "" {
		return ""
	}
	word, w.rest, _ = strings.Cut(w.rest, " ")
	return word
}

func (w *words) kind() Kind {
	before := *w
	k, err := ParseKind(w.next())
	if err != nil {
		before.fail("a kind")
		*w = before
	}
	return k
}

func (w *words) date() registry.Date { return w.dateOr("") }

// dateOr takes a date, or the word that stands for none.
func (w *words) dateOr(none string) registry.Date {
	word := w.next()
	if w.wrong != "" || none != "" && word == none {
		return registry.Date{}
	}
	d, err := registry.ParseDate(word)
	if err != nil {
		w.wrong = strings.TrimPrefix(err.Error(), "registry: ")
	}
	return d
}

func (w *words) number() int { return w.numberBefore(" ") }

// numberBefore takes a number and what ends it. Only the spelling of it is checked.
func (w *words) numberBefore(end string) int {
	if w.wrong != "" {
		return 0
	}
	word, rest, _ := strings.Cut(w.rest, end)
	n, err := strconv.ParseUint(word, 10, 31)
	if err != nil || strconv.FormatUint(n, 10) != word {
		w.fail("a number without leading zeros")
		return 0
	}
	w.rest = rest
	return int(n)
}

// before takes what stands before a text, and that text.
func (w *words) before(text string) string {
	word, rest, ok := strings.Cut(w.rest, text)
	if !ok || w.wrong != "" {
		w.fail(fmt.Sprintf("%q behind it", text))
		return ""
	}
	w.rest = rest
	return word
}
