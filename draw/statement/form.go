package statement

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/doublerandom/doublerandom/internal/label"
)

// MaxText is the greatest length of a statement's text in bytes.
const MaxText = 256 << 10

// An Error says what is wrong with a statement.
type Error struct {
	Statement string // which statement, such as "notice"
	Line      int    // line of the text, from 1; 0 if the fault is not in one line
	Text      string // what is wrong and what was expected
}

// Error returns one line such as
//
//	statement: notice line 4: number 0, expected 1 to 1000000
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("statement: %s: %s", e.Statement, e.Text)
	}
	return fmt.Sprintf("statement: %s line %d: %s", e.Statement, e.Line, e.Text)
}

// A form walks the lines of a statement. One walk serves both ways, so that what
// is written and what is read cannot differ: it either appends each line to out
// or takes it from in.
type form struct {
	name    string
	reading bool
	view    *view // collects the rows for JSON if not nil
	out     []byte
	in      string // what is left of the text
	line    int
	err     error
}

// lines walks a statement's lines after its header.
type walker interface {
	// walk visits every line in order.
	walk(f *form)
	// check returns what is wrong with the statement beyond its single lines, or "".
	check() string
}

func header(name string) string { return "doublerandom/" + name + "/v1" }

// marshal returns the text of a statement.
func marshal(name string, s walker) ([]byte, error) {
	f := &form{name: name, out: []byte(header(name) + "\n"), line: 1}
	s.walk(f)
	if f.err == nil {
		if wrong := s.check(); wrong != "" {
			f.err = &Error{name, 0, wrong}
		}
	}
	if f.err == nil && len(f.out) > MaxText {
		f.err = &Error{name, 0, fmt.Sprintf("text has %d bytes, expected at most %d", len(f.out), MaxText)}
	}
	if f.err != nil {
		return nil, f.err
	}
	return f.out, nil
}

// unmarshal reads the text of a statement into s, which must be fresh.
func unmarshal(name string, s walker, text []byte) error {
	f := &form{name: name, reading: true, in: string(text)}
	switch {
	case len(text) > MaxText:
		return &Error{name, 0, fmt.Sprintf("text has %d bytes, expected at most %d", len(text), MaxText)}
	case !utf8.Valid(text):
		return &Error{name, 0, "text is not valid UTF-8"}
	case !bytes.HasSuffix(text, []byte("\n")):
		return &Error{name, 0, "text does not end with a newline: it is cut off"}
	}
	if line := f.next(); line != header(name) {
		f.fail("%s, expected %q", label.Quote(line), header(name))
	}
	s.walk(f)
	if f.err == nil && f.in != "" {
		f.line++
		f.fail("%s follows, expected the end", label.Quote(f.peek()))
	}
	if f.err == nil {
		if wrong := s.check(); wrong != "" {
			f.err = &Error{name, 0, wrong}
		}
	}
	return f.err
}

func (f *form) fail(format string, args ...any) {
	if f.err == nil {
		f.err = &Error{f.name, f.line, fmt.Sprintf(format, args...)}
	}
}

// peek returns the next line, "" at the end.
func (f *form) peek() string {
	line, _, _ := strings.Cut(f.in, "\n")
	return line
}

// keyword returns the first word of the next line.
func (f *form) keyword() string {
	word, _, _ := strings.Cut(f.peek(), " ")
	return word
}

func (f *form) next() string {
	f.line++
	line, rest, _ := strings.Cut(f.in, "\n")
	f.in = rest
	return line
}

// row visits a line of a keyword and fields with single spaces. The last field
// takes the rest of the line.
func (f *form) row(keyword string, fields ...field) {
	if f.err != nil {
		return
	}
	if f.view != nil {
		f.view.add(keyword, fields)
		return
	}
	if !f.reading {
		f.line++
		f.out = append(f.out, keyword...)
		for _, field := range fields {
			var wrong string
			if f.out, wrong = field.format(append(f.out, ' ')); wrong != "" {
				f.fail("%s %s", keyword, wrong)
				return
			}
		}
		f.out = append(f.out, '\n')
		return
	}
	if f.in == "" {
		f.line++
		f.fail("missing, expected %q", keyword)
		return
	}
	line := f.next()
	words := strings.SplitN(line, " ", len(fields)+1)
	if words[0] != keyword {
		f.fail("%s, expected %q", label.Quote(line), keyword)
		return
	}
	if len(words) != len(fields)+1 {
		f.fail("%s has %d fields, expected %d", label.Quote(line), len(words)-1, len(fields))
		return
	}
	for i, field := range fields {
		if wrong := field.parse(words[i+1]); wrong != "" {
			f.fail("%s %s", keyword, wrong)
			return
		}
	}
}

// rows visits the lines with a keyword, one for each of the elements of list:
// all there are when writing, as many as follow when reading, at most most.
func rows[T any](f *form, keyword string, list *[]T, most int, fields func(*T) []field) {
	if !f.reading {
		if len(*list) > most {
			f.fail("%d lines %q, expected at most %d", len(*list), keyword, most)
		}
		if f.view != nil {
			f.view.list(keyword)
		}
		for i := range *list {
			f.row(keyword, fields(&(*list)[i])...)
		}
		return
	}
	for f.err == nil && strings.HasPrefix(f.in, keyword+" ") {
		if len(*list) == most {
			f.line++
			f.fail("more than %d lines %q", most, keyword)
			return
		}
		var element T
		f.row(keyword, fields(&element)...)
		*list = append(*list, element)
	}
}

// ascending returns what is wrong with the order of keys, or "".
func ascending[T any](what string, list []T, key func(T) string) string {
	for i := 1; i < len(list); i++ {
		a, b := key(list[i-1]), key(list[i])
		if a == b {
			return fmt.Sprintf("%s %s is listed twice", what, label.Quote(a))
		}
		if a > b {
			return fmt.Sprintf("%s %s comes after %s, expected ascending bytes", what, label.Quote(b), label.Quote(a))
		}
	}
	return ""
}
