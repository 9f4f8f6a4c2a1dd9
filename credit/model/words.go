package model

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// words are a line that is read from the left. After the first error nothing more is read.
type words struct {
	rest string
	what string // the line is about, for errors on points
	err  error
}

func (w *words) fail(expected string) {
	if w.err == nil {
		w.err = fmt.Errorf("model: %s: expected %s", label.Quote(w.rest), expected)
	}
}

func (w *words) bound(n, most int) {
	if n > most && w.err == nil {
		w.err = fmt.Errorf("model: %d or more of a sort, expected at most %d", n, most)
	}
}

// take takes a text if it is there.
func (w *words) take(text string) bool {
	rest, ok := strings.CutPrefix(w.rest, text)
	if ok && w.err == nil {
		w.rest = rest
		return true
	}
	return false
}

// takeWord takes a word and the space behind it, if there is one.
func (w *words) takeWord(word string) bool {
	if w.rest == word {
		return w.take(word)
	}
	return w.take(word + " ")
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
	if w.err != nil {
		return ""
	}
	word, w.rest, _ = strings.Cut(w.rest, " ")
	return word
}

// named takes the label of what the line is about.
func (w *words) named(sort string) string {
	name := w.next()
	w.what = sort + " " + label.Quote(name)
	return name
}

// date takes a date, or the word that stands for none.
func (w *words) date(what, none string) registry.Date {
	word := w.next()
	if w.err != nil || none != "" && word == none {
		return registry.Date{}
	}
	d, err := registry.ParseDate(word)
	if err != nil {
		w.err = &DateError{what, word, "YYYY-MM-DD"}
	}
	return d
}

// number takes a number and what ends it.
func (w *words) number(most uint64, end string) uint64 {
	if w.err != nil {
		return 0
	}
	word, rest, _ := strings.Cut(w.rest, end)
	n, ok := parseNumber(word, most)
	if !ok {
		w.fail(fmt.Sprintf("a number, 0 to %d, without leading zeros", most))
		return 0
	}
	w.rest = rest
	return n
}

// points is number with an error that names points.
func (w *words) points(most uint64, end string) uint64 {
	if w.err != nil {
		return 0
	}
	word, _, _ := strings.Cut(w.rest, end)
	if _, ok := parseNumber(word, most); !ok {
		w.err = &PointsError{w.what, word, fmt.Sprintf("0 to %d", most)}
		return 0
	}
	return w.number(most, end)
}

// parseNumber reads a decimal number without leading zeros.
func parseNumber(s string, most uint64) (uint64, bool) {
	n, err := strconv.ParseUint(s, 10, 64)
	return n, err == nil && n <= most && (s[0] != '0' || len(s) == 1)
}
