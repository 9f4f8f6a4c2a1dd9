package registry

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// A textReader reads text by blocks. Each block is one string, so that lines
// and fields can be views of it: encoding/csv makes a string for each record.
type textReader struct {
	r    io.Reader
	max  int    // most bytes of a row
	rest string // what is read and not used
	buf  []byte
	err  error // what ended the reading
}

const blockSize = 1 << 16

var errTooLong = errors.New("registry: row too long")

func newTextReader(r io.Reader, max int) textReader {
	return textReader{r: r, max: max}
}

// skipMark skips a byte order mark.
func (t *textReader) skipMark() {
	t.more()
	t.rest = strings.TrimPrefix(t.rest, "\uFEFF")
}

// more reads on: as much again as there is, so that a long row costs no more
// than a constant times its length. It reports whether there was anything.
func (t *textReader) more() bool {
	if t.err != nil {
		return false
	}
	old := len(t.rest)
	size := old + max(blockSize, old)
	if cap(t.buf) < size {
		t.buf = make([]byte, 0, size)
	}
	t.buf = append(t.buf[:0], t.rest...)
	for empty := 0; len(t.buf) < size && t.err == nil; {
		var n int
		n, t.err = t.r.Read(t.buf[len(t.buf):size])
		t.buf = t.buf[:len(t.buf)+n]
		if n > 0 {
			empty = 0
		} else if empty++; empty == 100 && t.err == nil {
			t.err = io.ErrNoProgress
		}
	}
	t.rest = string(t.buf)
	return len(t.rest) > old
}

// line returns the next line without its end, and whether it has one. At the end
// of the text the error is io.EOF or the reader's.
func (t *textReader) line() (line string, next string, err error) {
	for {
		if i := strings.IndexByte(t.rest, '\n'); i >= 0 {
			line, next = t.rest[:i], t.rest[i+1:]
			break
		}
		if len(t.rest) > t.max+1 { // one for a CR
			return "", "", errTooLong
		}
		if t.more() {
			continue
		}
		if t.rest == "" || t.err != io.EOF {
			return "", "", t.err
		}
		line = t.rest
		break
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	if len(line) > t.max {
		return "", "", errTooLong
	}
	return line, next, nil
}

// A recordError says what is wrong with a record that was skipped.
type recordError string

func (e recordError) Error() string { return string(e) }

// A recordReader reads comma-separated records, as encoding/csv does without its
// lazy quotes, but faster by its method fill, and with a limit to the length of a
// record.
type recordReader struct {
	textReader
	row    int64 // of the record read last, blank lines included
	fields []string
}

func newRecordReader(r io.Reader, max int) *recordReader {
	s := &recordReader{textReader: newTextReader(r, max)}
	s.skipMark()
	return s
}

// read returns the next record, valid until the next call. After a recordError
// reading goes on at the next line. Other errors are final.
func (s *recordReader) read() ([]string, error) {
	for {
		s.row++
		line, next, err := s.line()
		if err != nil {
			return nil, err
		}
		if strings.IndexByte(line, '"') >= 0 {
			return s.readQuoted()
		}
		s.rest = next
		if line == "" {
			continue
		}
		s.fields = s.fields[:0]
		for field := range strings.SplitSeq(line, ",") {
			s.fields = append(s.fields, field)
		}
		return s.fields, nil
	}
}

// readQuoted reads a record in which a quote was seen.
func (s *recordReader) readQuoted() ([]string, error) {
	for {
		n, err := s.parse(s.rest, s.err == io.EOF)
		switch {
		case err == errMore && len(s.rest) > s.max+2:
			return nil, errTooLong
		case err == errMore && s.more():
			continue
		case err == errMore && s.err != io.EOF:
			return nil, s.err // the record may be cut: it is neither taken nor at fault
		case err == errMore:
			continue // with the knowledge that this is the end
		case n > s.max && len(strings.TrimRight(s.rest[:n], "\r\n")) > s.max:
			return nil, errTooLong
		}
		s.rest = s.rest[n:]
		if err != nil {
			return nil, err
		}
		return s.fields, nil
	}
}

// errMore says that the text ends before the record does.
var errMore = errors.New("registry: more text needed")

// parse takes the first record of the text apart and returns its length with its
// line end. A recordError comes with the length up to the next line.
func (s *recordReader) parse(text string, end bool) (n int, err error) {
	s.fields = s.fields[:0]
	at := 0
	for {
		var field, bad string
		field, at, bad = parseField(text, at, end)
		if bad == "" && at < 0 {
			return 0, errMore
		}
		if bad != "" {
			next := strings.IndexByte(text[at:], '\n')
			if next < 0 && !end {
				return 0, errMore
			}
			if next < 0 {
				return len(text), s.bad(bad)
			}
			return at + next + 1, s.bad(bad)
		}
		s.fields = append(s.fields, field)
		switch {
		case at == len(text):
			return at, nil
		case text[at] == ',':
			at++
		case text[at] == '\r':
			return min(at+2, len(text)), nil
		default:
			return at + 1, nil
		}
	}
}

func (s *recordReader) bad(what string) error {
	return recordError(fmt.Sprintf("field %d: %s", len(s.fields)+1, what))
}

// parseField returns the field that begins at the given place, and the place of
// the comma or line end after it: -1 if that is not in the text yet. If the
// field is bad, the place is where.
func parseField(text string, at int, end bool) (field string, after int, bad string) {
	if at == len(text) || text[at] != '"' {
		i := at
		for i < len(text) && text[i] != ',' && text[i] != '\n' && text[i] != '"' {
			i++
		}
		switch {
		case i < len(text) && text[i] == '"':
			return "", i, "a quote inside a field that does not begin with one"
		case i == len(text) && !end:
			return "", -1, ""
		}
		if i > at && text[i-1] == '\r' && (i == len(text) || text[i] == '\n') {
			i--
		}
		return text[at:i], i, ""
	}
	at++
	escaped := false
	for i := at; ; i += 2 {
		quote := strings.IndexByte(text[i:], '"')
		switch {
		case quote < 0 && end:
			return "", len(text), "no closing quote before the end of the file"
		case quote < 0:
			return "", -1, ""
		}
		i += quote
		if !end && (i+1 == len(text) || i+2 == len(text) && text[i+1] == '\r') { // half of a pair of quotes, or of CR LF
			return "", -1, ""
		}
		if i+1 < len(text) && text[i+1] == '"' {
			escaped = true
			continue
		}
		field = text[at:i]
		if escaped {
			field = strings.ReplaceAll(field, `""`, `"`)
		}
		if strings.IndexByte(field, '\r') >= 0 {
			field = strings.ReplaceAll(field, "\r\n", "\n")
		}
		tail := text[i+1:]
		if tail == "" || tail == "\r" || tail[0] == ',' || tail[0] == '\n' || strings.HasPrefix(tail, "\r\n") {
			return field, i + 1, ""
		}
		return "", i + 1, "text after the closing quote"
	}
}
