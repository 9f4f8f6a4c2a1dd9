package model

import (
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/internal/line"
	"github.com/doublerandom/doublerandom/registry"
)

// words are a line of a model, which is read from the left.
type words struct {
	line.Reader
	what string // the line is about, for errors on points
}

func (w *words) bound(n, most int) {
	if n > most && w.Err == nil {
		w.Err = fmt.Errorf("%d or more of a sort, expected at most %d", n, most)
	}
}

// takeWord takes a word and the space behind it, if there is one.
func (w *words) takeWord(word string) bool {
	if w.Rest == word {
		return w.Take(word)
	}
	return w.Take(word + " ")
}

// named takes the label of what the line is about.
func (w *words) named(sort string) string {
	name := w.Next()
	w.what = sort + " " + label.Quote(name)
	return name
}

// date takes a date, or the word that stands for none.
func (w *words) date(what, none string) registry.Date {
	word := w.Next()
	if w.Err != nil || none != "" && word == none {
		return registry.Date{}
	}
	d, err := registry.ParseDate(word)
	if err != nil {
		w.Err = &DateError{what, word, "YYYY-MM-DD"}
	}
	return d
}

// points is Number with an error that names points.
func (w *words) points(most uint64, end string) uint64 {
	if w.Err != nil {
		return 0
	}
	word, _, _ := strings.Cut(w.Rest, end)
	if _, ok := line.ParseNumber(word, most); !ok {
		w.Err = &PointsError{w.what, word, fmt.Sprintf("0 to %d", most)}
		return 0
	}
	return w.Number(most, end)
}
