package verifier

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/examples/internal/wording"
)

// text returns a report for people to read.
func (p *Program) text(lang string, r *audit.Report) string {
	var b strings.Builder
	line := func(label wording.Text, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", label.In(lang), clean(value))
		}
	}
	line(authority, r.Authority)
	line(scope, r.Scope)
	if r.Number > 0 {
		line(drawOf, fmt.Sprintf(number.In(lang), r.Number, wording.Mode(r.Mode).In(lang)))
	}
	line(notice, r.Notice)
	if r.Drawn > 0 {
		line(drawn, fmt.Sprintf(ofUnits.In(lang), r.Drawn, r.Units))
		line(pairs, r.ZeroPairs)
	}
	if lang == "zh" {
		b.WriteString(wording.Details + "\n")
	}
	b.WriteByte('\n')
	for _, c := range r.Checks {
		fmt.Fprintf(&b, "%s %s\n", pad(wording.Status(c.Status).In(lang), 11), wording.Check(c.Name).In(lang))
		fmt.Fprintf(&b, "%12s%s: %s\n", "", c.Name, clean(c.Text)) // of a skipped one, why
		if c.Have != "" || c.Want != "" {
			fmt.Fprintf(&b, "%14s%s %s\n%14s%s %s\n", "", have.In(lang), clean(c.Have), "", want.In(lang), clean(c.Want))
		}
	}
	b.WriteByte('\n')
	if r.Withheld > 0 {
		fmt.Fprintf(&b, wording.Withheld().In(lang)+"\n", r.Withheld, r.Withheld)
	}
	fmt.Fprintf(&b, "%s: %s\n", verdict0.In(lang), wording.Verdict(r.Verdict).In(lang))
	line(because, r.Reason)
	if r.Verdict == audit.CannotTell && p.Full != "" {
		fmt.Fprintf(&b, fuller.In(lang)+"\n", p.Full)
	}
	return b.String()
}

// pad returns s with spaces up to a width, in which Han characters take two
// columns.
func pad(s string, width int) string {
	for _, r := range s {
		width--
		if unicode.Is(unicode.Han, r) {
			width--
		}
	}
	return s + strings.Repeat(" ", max(width, 0))
}

// clean returns text from a bundle without the characters that drive a terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
