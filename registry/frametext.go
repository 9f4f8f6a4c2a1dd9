package registry

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// maxFrameLine is the longest line of a frame: ID, stratum and weight with two
// spaces, without the newline.
const maxFrameLine = 64 + 1 + 64 + 1 + 19

// A LineError is an error in a line of a published text.
type LineError struct {
	What string // what text it is, such as "frame"
	Line int64  // counted from 1
	Text string // what is wrong and what was expected
}

// Error returns one line such as
//
//	registry: frame line 17: weight "007" has a leading zero
func (e *LineError) Error() string {
	return fmt.Sprintf("registry: %s line %d: %s", e.What, e.Line, e.Text)
}

// AppendText appends the unit's line, without a newline, to b: the ID, the
// stratum's label and the weight, with single spaces. It returns an error, and b
// as it was, if the unit breaks a rule of [Unit].
func (u Unit) AppendText(b []byte) ([]byte, error) {
	if text := badLabel("id", u.ID); text != "" {
		return b, fmt.Errorf("registry: unit: %s", text)
	}
	if text := badLabel("stratum", u.Stratum); text != "" {
		return b, fmt.Errorf("registry: unit: %s", text)
	}
	if u.Weight < 1 || u.Weight > MaxWeight {
		return b, fmt.Errorf("registry: unit: weight %d, expected 1 to %d", u.Weight, uint64(MaxWeight))
	}
	b = append(append(b, u.ID...), ' ')
	b = append(append(b, u.Stratum...), ' ')
	return strconv.AppendUint(b, u.Weight, 10), nil
}

// WriteTo writes the frame's one text to w: a line "id stratum weight" for each
// unit, in the order of ID bytes, each ended by a newline. It returns the
// number of bytes written and w's first error.
func (f *Frame) WriteTo(w io.Writer) (int64, error) {
	var n int64
	buf := make([]byte, 0, 64<<10)
	for i := range f.Len() {
		buf = append(f.appendLine(i, buf), '\n')
		if len(buf) > cap(buf)-maxFrameLine-1 || i == f.Len()-1 {
			m, err := w.Write(buf)
			n += int64(m)
			if err != nil {
				return n, err
			}
			buf = buf[:0]
		}
	}
	return n, nil
}

// appendLine appends unit i's line without its newline: a leaf of the tree.
func (f *Frame) appendLine(i int, buf []byte) []byte {
	cell := &f.cells[f.cellOf[i]]
	buf = append(append(buf, f.ID(i)...), ' ')
	buf = append(append(buf, f.strata[cell.Stratum].Label...), ' ')
	return strconv.AppendUint(buf, cell.Weight, 10)
}

// ParseFrame reads the text that [Frame.WriteTo] writes and accepts nothing
// else. It streams: it never holds more than the frame's columns. An error in a
// line is a *[LineError].
func ParseFrame(r io.Reader) (*Frame, error) {
	b := newFrameBuilder()
	lines := lineReader{what: "frame", most: maxFrameLine, r: bufio.NewReaderSize(r, 64<<10)}
	for {
		line, err := lines.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := b.parse(line); err != "" {
			return nil, lines.error(err)
		}
	}
	if lines.line == 0 {
		return nil, fmt.Errorf(`registry: frame is empty, expected lines "id stratum weight"`)
	}
	return b.frame()
}

// parse adds the unit of a line and returns what is wrong with it, or "".
func (b *frameBuilder) parse(line []byte) string {
	id, rest, ok := bytes.Cut(line, []byte(" "))
	cell, known := b.known[string(rest)]
	if !known {
		stratum, weight, ok2 := bytes.Cut(rest, []byte(" "))
		if !ok || !ok2 || bytes.IndexByte(weight, ' ') >= 0 {
			return fmt.Sprintf(`%s is not "id stratum weight" with single spaces`, label.Quote(string(line)))
		}
		w, text := parseWeight(weight)
		if text != "" {
			return text
		}
		if cell, text = b.cell(string(stratum), w); text != "" {
			return text
		}
		if len(b.known) < maxKnown {
			b.known[string(rest)] = cell
		}
	}
	n := len(b.ends)
	b.ids.Write(id)
	if text := b.add(len(id), cell); text != "" {
		return text
	}
	if n > 0 {
		switch strings.Compare(b.id(n-1), b.id(n)) {
		case 0:
			return fmt.Sprintf("id %q is repeated", b.id(n))
		case 1:
			return fmt.Sprintf("id %q is below %q of the line before, expected ascending bytes", b.id(n), b.id(n-1))
		}
	}
	return ""
}

// parseWeight returns the weight with the given text, or what is wrong with it.
func parseWeight(text []byte) (uint64, string) {
	if len(text) == 0 || len(text) > 19 {
		return 0, fmt.Sprintf("weight %s is not a whole number from 1 to %d", label.Quote(string(text)), uint64(MaxWeight))
	}
	var w uint64
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, fmt.Sprintf("weight %s is not a whole number from 1 to %d", label.Quote(string(text)), uint64(MaxWeight))
		}
		w = w*10 + uint64(c-'0')
	}
	switch {
	case w > MaxWeight:
		return 0, fmt.Sprintf("weight %s exceeds %d", text, uint64(MaxWeight))
	case text[0] == '0' && len(text) > 1:
		return 0, fmt.Sprintf("weight %q has a leading zero", text)
	}
	return w, ""
}

// A lineReader reads the lines of a published text, each of a bounded length.
type lineReader struct {
	what string
	most int // longest line in bytes
	line int64
	r    *bufio.Reader
}

// next returns the next line without its newline, valid until the next call,
// or io.EOF after the last one.
func (l *lineReader) next() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	if err == io.EOF && len(line) == 0 {
		return nil, io.EOF
	}
	l.line++
	switch {
	case err == bufio.ErrBufferFull || len(line) > l.most+1:
		return nil, l.error(fmt.Sprintf("%q… is longer than %d bytes", line[:64], l.most))
	case err == io.EOF:
		return nil, l.error(fmt.Sprintf("%s ends without a newline: the text is cut off", label.Quote(string(line))))
	case err != nil:
		return nil, fmt.Errorf("registry: %s line %d: %w", l.what, l.line, err)
	}
	line = line[:len(line)-1]
	if len(line) > 0 && line[len(line)-1] == '\r' {
		return nil, l.error(fmt.Sprintf("%s ends with a carriage return, expected a newline alone", label.Quote(string(line))))
	}
	return line, nil
}

func (l *lineReader) error(text string) error { return &LineError{l.what, l.line, text} }
