package coverage

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// A TextError is an error in a line of the text of a plan, a schedule or a
// receipt.
type TextError struct {
	What string // "plan", "schedule" or "receipt"
	Line int64  // counted from 1
	Text string // what is wrong and what was expected
}

// Error returns one line such as
//
//	coverage: plan line 5: lead 9999, expected 0 to 3660
func (e *TextError) Error() string {
	return fmt.Sprintf("coverage: %s line %d: %s", e.What, e.Line, e.Text)
}

// maxLine bounds every line: the longest has a label, two numbers, a cell's units
// and its parts, or a path.
const maxLine = len("cell ") + label.Max + 3*20 + 8*MaxBatches

// A textReader reads a text of lines "keyword field field …" with single spaces.
// It keeps the first error and reads nothing after it.
type textReader struct {
	what string
	r    *bufio.Reader
	line int64
	err  error
}

func newTextReader(what string, r io.Reader) *textReader {
	return &textReader{what: what, r: bufio.NewReaderSize(r, 64<<10)}
}

func (in *textReader) fail(format string, args ...any) {
	if in.err == nil {
		in.err = &TextError{in.what, in.line, fmt.Sprintf(format, args...)}
	}
}

// next returns the next line without its newline, and false at the end.
func (in *textReader) next() (string, bool) {
	if in.err != nil {
		return "", false
	}
	line, err := in.r.ReadSlice('\n')
	if err == io.EOF && len(line) == 0 {
		return "", false
	}
	in.line++
	switch {
	case err == bufio.ErrBufferFull || len(line) > maxLine+1:
		in.fail("longer than %d bytes", maxLine)
	case err == io.EOF:
		in.fail("ends without a newline: the text is cut off")
	case err != nil:
		in.err = fmt.Errorf("coverage: %s line %d: %w", in.what, in.line, err)
	case !utf8.Valid(line):
		in.fail("not valid UTF-8")
	default:
		return string(line[:len(line)-1]), true
	}
	return "", false
}

// take returns the next line, which must be there.
func (in *textReader) take(expected string) string {
	line, ok := in.next()
	if !ok && in.err == nil {
		in.line++
		in.fail("missing, expected %q", expected)
	}
	return line
}

// header reads a line that is the given text.
func (in *textReader) header(text string) {
	if line := in.take(text); in.err == nil && line != text {
		in.fail("%s, expected %q", label.Quote(line), text)
	}
}

// end reads the end of the text.
func (in *textReader) end() {
	if line, ok := in.next(); ok {
		in.fail("%s, expected the end", label.Quote(line))
	}
}

// fields reads a line of a keyword and n fields. With an error all are empty.
func (in *textReader) fields(keyword string, n int) []string {
	line := in.take(keyword)
	words := strings.SplitN(line, " ", n+2)
	switch {
	case in.err != nil:
	case words[0] != keyword:
		in.fail("%s, expected %q", label.Quote(line), keyword)
	case len(words) != n+1:
		in.fail("%s, expected %q and %d fields with single spaces", label.Quote(line), keyword, n)
	default:
		return words[1:]
	}
	return make([]string, n)
}

// number returns the whole number with the given decimal text, from least to most.
func (in *textReader) number(what, text string, least, most uint64) uint64 {
	if in.err != nil {
		return 0
	}
	n, err := strconv.ParseUint(text, 10, 63)
	switch {
	case err != nil || decimal(n) != text:
		in.fail("%s %s is not a whole number up to %d in plain decimal digits", what, label.Quote(text), uint64(registry.MaxWeight))
	case n < least || n > most:
		in.fail("%s %d, expected %d to %d", what, n, least, most)
	}
	return n
}

// uint reads a line of a keyword and a number.
func (in *textReader) uint(keyword string, least, most uint64) uint64 {
	return in.number(keyword, in.fields(keyword, 1)[0], least, most)
}

// hex reads a line of a keyword and lower-case hexadecimal digits into b.
func (in *textReader) hex(keyword string, b []byte) { in.octets(keyword, in.fields(keyword, 1)[0], b) }

func (in *textReader) octets(what, text string, b []byte) {
	if in.err != nil {
		return
	}
	if len(text) == 2*len(b) && strings.ToLower(text) == text {
		if _, err := hex.Decode(b, []byte(text)); err == nil {
			return
		}
	}
	in.fail("%s %s is not %d lower-case hexadecimal digits", what, label.Quote(text), 2*len(b))
}

// date returns the day with the given text.
func (in *textReader) date(text string) registry.Date {
	if in.err != nil {
		return registry.Date{}
	}
	d, err := registry.ParseDate(text)
	if err != nil {
		in.fail("%s", strings.TrimPrefix(err.Error(), "registry: "))
	}
	return d
}
