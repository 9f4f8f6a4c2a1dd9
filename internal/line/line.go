// Package line reads the lines of texts that have one spelling.
package line

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A Reader reads a line from the left. After the first error nothing more is
// read, so that a caller can look at Err once, at the end of the line.
type Reader struct {
	Rest string // what is not read yet
	Err  error  // the first thing that was wrong
}

// Fail notes what was expected where the rest begins.
func (r *Reader) Fail(expected string) {
	if r.Err == nil {
		r.Err = fmt.Errorf("%s: expected %s", label.Quote(r.Rest), expected)
	}
}

// Take takes a text if it is there.
func (r *Reader) Take(text string) bool {
	rest, ok := strings.CutPrefix(r.Rest, text)
	if ok && r.Err == nil {
		r.Rest = rest
		return true
	}
	return false
}

// Expect takes a text that must be there.
func (r *Reader) Expect(text string) {
	if !r.Take(text) {
		r.Fail(label.Quote(text))
	}
}

// End expects the end of the line.
func (r *Reader) End() {
	if r.Rest != "" {
		r.Fail("the end of the line")
	}
}

// Next takes a word and the space behind it, if there is one. With an error it
// returns "".
func (r *Reader) Next() (word string) {
	if r.Err != nil {
		return ""
	}
	word, r.Rest, _ = strings.Cut(r.Rest, " ")
	return word
}

// Number takes a number, at most the given one, and what ends it. With an error
// it returns 0.
func (r *Reader) Number(most uint64, end string) uint64 {
	if r.Err != nil {
		return 0
	}
	word, rest, _ := strings.Cut(r.Rest, end)
	n, ok := ParseNumber(word, most)
	if !ok {
		r.Fail(fmt.Sprintf("a number, 0 to %d, without leading zeros", most))
		return 0
	}
	r.Rest = rest
	return n
}

// ParseNumber returns the number with the given decimal digits, without leading
// zeros, and whether it is one and at most the given one.
func ParseNumber(s string, most uint64) (uint64, bool) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n > most || s[0] == '0' && len(s) > 1 {
		return 0, false
	}
	return n, true
}

// Difference returns the number, from 1, of the first line in which two texts
// differ, and 0 if they are the same.
func Difference(a, b []byte) int {
	if bytes.Equal(a, b) {
		return 0
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return 1 + bytes.Count(a[:n], []byte("\n"))
}
