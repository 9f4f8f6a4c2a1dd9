package draw

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A TextError is an error in a line of a plan's or a result's text.
type TextError struct {
	What string // "plan" or "result"
	Line int64  // counted from 1
	Text string // what is wrong and what was expected
}

// Error returns one line such as
//
//	draw: plan line 3: frame "4F" is not 64 lower-case hexadecimal digits
func (e *TextError) Error() string {
	return fmt.Sprintf("draw: %s line %d: %s", e.What, e.Line, e.Text)
}

// A textReader reads a text of lines "keyword field field …" with single spaces.
// It keeps the first error and reads nothing after it.
type textReader struct {
	what string
	most int // longest line in bytes
	r    *bufio.Reader
	line int64
	text string // the current line
	held bool   // text is the next line to be read
	done bool
	err  error
}

func newTextReader(what string, most int, r io.Reader) *textReader {
	return &textReader{what: what, most: most, r: bufio.NewReaderSize(r, 64<<10)}
}

func (in *textReader) fail(format string, args ...any) { in.failAt(in.line, format, args...) }

// failAt reports an error in an earlier line.
func (in *textReader) failAt(line int64, format string, args ...any) {
	if in.err == nil {
		in.err = &TextError{in.what, line, fmt.Sprintf(format, args...)}
	}
}

// more reports whether there is another line, and holds it.
func (in *textReader) more() bool {
	if in.held || in.err != nil || in.done {
		return in.held && in.err == nil
	}
	line, err := in.r.ReadSlice('\n')
	if err == io.EOF && len(line) == 0 {
		in.done = true
		return false
	}
	in.line++
	switch {
	case err == bufio.ErrBufferFull || len(line) > in.most+1:
		in.fail("longer than %d bytes", in.most)
	case err == io.EOF:
		in.fail("ends without a newline: the text is cut off")
	case err != nil:
		in.err = fmt.Errorf("draw: %s line %d: %w", in.what, in.line, err)
	case !utf8.Valid(line):
		in.fail("not valid UTF-8")
	}
	in.text = string(line[:max(len(line)-1, 0)])
	in.held = in.err == nil
	return in.held
}

// keyword returns the first word of the next line, "" at the end.
func (in *textReader) keyword() string {
	if !in.more() {
		return ""
	}
	word, _, _ := strings.Cut(in.text, " ")
	return word
}

// take returns the next line.
func (in *textReader) take(expected string) string {
	if !in.more() && in.err == nil {
		in.line++
		in.fail("missing, expected %q", expected)
	}
	in.held = false
	return in.text
}

// header reads a line that is the given text.
func (in *textReader) header(text string) {
	if line := in.take(text); in.err == nil && line != text {
		in.fail("%s, expected %q", label.Quote(line), text)
	}
}

// fields reads a line of a keyword and as many fields as there are
// destinations.
func (in *textReader) fields(keyword string, fields ...*string) {
	line := in.take(keyword)
	if in.err != nil {
		return
	}
	words := strings.SplitN(line, " ", len(fields)+2)
	if words[0] != keyword {
		in.fail("%s, expected %q", label.Quote(line), keyword)
		return
	}
	if len(words) != len(fields)+1 {
		in.fail("%s, expected %q and %d fields with single spaces", label.Quote(line), keyword, len(fields))
		return
	}
	for i, field := range fields {
		*field = words[i+1]
	}
}

func (in *textReader) uint(keyword string, n *uint64) {
	var text string
	if in.fields(keyword, &text); in.err == nil {
		*n = in.number(keyword, text)
	}
}

func (in *textReader) hash(keyword string, h *Hash) {
	var text string
	if in.fields(keyword, &text); in.err != nil {
		return
	}
	b, err := parseHex(text, len(h))
	if err != nil {
		in.fail("%s %v", keyword, err)
		return
	}
	copy(h[:], b)
}
