package verifier

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/doublerandom/doublerandom/draw/audit"
)

// text returns a report for people to read.
func (p *Program) text(lang string, r *audit.Report) string {
	var b strings.Builder
	line := func(label text, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", phrase(lang, label), clean(value))
		}
	}
	line(authority, r.Authority)
	line(scope, r.Scope)
	if r.Number > 0 {
		line(drawOf, fmt.Sprintf(phrase(lang, number), r.Number, mode(lang, r.Mode)))
	}
	line(notice, r.Notice)
	if r.Drawn > 0 {
		line(drawn, fmt.Sprintf(phrase(lang, ofUnits), r.Drawn, r.Units))
		line(pairs, r.ZeroPairs)
	}
	if lang == "zh" {
		b.WriteString(details + "\n")
	}
	b.WriteByte('\n')
	for _, c := range r.Checks {
		fmt.Fprintf(&b, "%s %s\n", pad(phrase(lang, statuses[c.Status]), 11), phrase(lang, checks[c.Name]))
		fmt.Fprintf(&b, "%12s%s: %s\n", "", c.Name, clean(c.Text)) // of a skipped one, why
		if c.Have != "" || c.Want != "" {
			fmt.Fprintf(&b, "%14s%s %s\n%14s%s %s\n", "", phrase(lang, have), clean(c.Have), "", phrase(lang, want), clean(c.Want))
		}
	}
	b.WriteByte('\n')
	if r.Withheld > 0 {
		fmt.Fprintf(&b, phrase(lang, withheld)+"\n", r.Withheld, r.Withheld)
	}
	fmt.Fprintf(&b, "%s: %s\n", phrase(lang, verdict0), phrase(lang, verdicts[r.Verdict]))
	line(because, r.Reason)
	if r.Verdict == audit.CannotTell && p.Full != "" {
		fmt.Fprintf(&b, phrase(lang, fuller)+"\n", p.Full)
	}
	return b.String()
}

// mode returns the word for a draw's mode; a mode that has none stays as it is.
func mode(lang, m string) string {
	if t, ok := modes[m]; ok {
		return phrase(lang, t)
	}
	return m
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
