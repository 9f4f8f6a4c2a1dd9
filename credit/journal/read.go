package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// Read reads the file of the journal with the given origin and checks every line.
// The suite that it names must be one of those given: which ones to trust is the
// reader's choice. It streams, and keeps the hashes only. More records may be
// added to the journal that it returns.
//
// The first line that is not as it was written is reported as a *[LineError].
// It can be told from the file alone which line that is, but for two cases that need a
// head published before ([Journal.Check]): lines missing at the end, and a line
// changed together with the hashes of all lines after it. Where one of the last
// two lines was changed together with its own hash, so that the last does not
// follow the other, the other is reported. If the file ends within a line, as after a
// crash, cut it at [LineError.Offset] to go on.
func Read(r io.Reader, origin string, suites ...Suite) (*Journal, error) {
	return ReadRecords(r, origin, func(Entry) error { return nil }, suites...)
}

// ReadRecords is [Read], and calls visit for each record in turn, once its line is
// checked. The record's bytes may not be kept or changed. An error of visit ends the
// reading and is returned, wrapped. If ReadRecords returns an error, the records
// visited before are those before the faulty line, but may be none of the
// journal's: a changed record is told from the line after it.
func ReadRecords(r io.Reader, origin string, visit func(Entry) error, suites ...Suite) (*Journal, error) {
	in := &reading{lines: lineReader{r: bufio.NewReaderSize(r, 64<<10)}}
	if err := in.header(origin, suites); err != nil {
		return nil, err
	}
	for {
		line, err := in.lines.next()
		if err == io.EOF {
			return in.j, nil
		}
		if err != nil {
			return nil, in.unread(err)
		}
		e, ok := in.next(line)
		if !ok {
			return nil, in.diagnose(line)
		}
		if err := visit(e); err != nil {
			return nil, fmt.Errorf("journal: line %d: %w", in.lines.line, err)
		}
		in.j.add(e.Hash)
	}
}

// A reading is a journal with the rest of the file that it is read from.
type reading struct {
	lines      lineReader
	j          *Journal
	start, end []byte // kept, so that a record costs no allocation
}

// header reads the header.
func (in *reading) header(origin string, suites []Suite) error {
	if len(suites) == 0 {
		return errors.New("journal: no suite is accepted, expected at least one")
	}
	var expected []*Journal
	var names []string
	for _, s := range suites {
		j, err := empty(s, origin)
		if err != nil {
			return err
		}
		expected, names = append(expected, j), append(names, s.Name)
	}
	line, err := in.lines.next()
	if err == io.EOF {
		return &LineError{Line: 1, Fault: Truncated, Text: "the file is empty, expected a header"}
	}
	if err != nil {
		return in.unread(err)
	}
	for _, j := range expected {
		if bytes.Equal(line, j.header()) {
			in.j = j
			return nil
		}
	}
	suite, other, ok := parseHeader(line)
	switch {
	case ok && other != origin:
		return in.fault(Foreign, "the origin is %s, expected %s", label.Quote(other), label.Quote(origin))
	case ok:
		return in.fault(Foreign, "suite %s is none of those accepted: %s", label.Quote(suite), strings.Join(names, ", "))
	}
	if e, ok := parseLine(line); ok {
		return in.noHeader(e, expected)
	}
	return in.fault(Malformed, "%s is not a header", label.Quote(string(line)))
}

// noHeader looks for the header further down: a record is where it belongs.
func (in *reading) noHeader(e Entry, expected []*Journal) error {
	err := in.fault(Removed, "the header is not in the file, record %d stands here", e.Index)
	header, again := int64(0), int64(0)
	for {
		line, readErr := in.lines.next()
		switch {
		case readErr == io.EOF && header == 0:
			return err
		case readErr == io.EOF && again > 0:
			err.Fault, err.Text = Repeated, fmt.Sprintf("record %d stands here and on line %d, the header on line %d", e.Index, again, header)
			return err
		case readErr == io.EOF:
			err.Fault, err.Text = Reordered, fmt.Sprintf("the header stands on line %d, record %d here", header, e.Index)
			return err
		case readErr == errLong || readErr == errCut:
			continue
		case readErr != nil:
			return in.unread(readErr)
		}
		if x, ok := parseLine(line); ok && again == 0 && x.Hash == e.Hash {
			again = in.lines.line
		}
		for _, j := range expected {
			if header == 0 && bytes.Equal(line, j.header()) {
				header = in.lines.line
			}
		}
	}
}

// next returns the record of the line, if it is the next one.
func (in *reading) next(line []byte) (Entry, bool) {
	j := in.j
	e := Entry{Index: j.Len(), Previous: j.last()}
	in.start = appendStart(in.start[:0], e.Index, e.Previous)
	if len(line) < len(in.start)+endSize || !bytes.HasPrefix(line, in.start) {
		return Entry{}, false
	}
	hashed, end := line[:len(line)-endSize], line[len(line)-endSize:]
	e.Hash = j.hasher.Sum(hashed)
	in.end = appendEnd(in.end[:0], e.Hash)
	e.Record = hashed[len(in.start):]
	return e, bytes.Equal(end, in.end) && recordProblem(e.Record) == ""
}

// unread returns the error for a line that could not be read.
func (in *reading) unread(err error) error {
	switch err {
	case errLong:
		return in.fault(Malformed, "is longer than %d bytes", maxLine)
	case errCut:
		return in.fault(Truncated, "the file ends without a newline")
	}
	return fmt.Errorf("journal: line %d: %w", in.lines.line, err)
}

// fault returns the error for the line last read.
func (in *reading) fault(fault Fault, format string, args ...any) *LineError {
	e := &LineError{Line: in.lines.line, Offset: in.lines.start, Fault: fault, Text: fmt.Sprintf(format, args...)}
	if in.j != nil {
		e.Index = in.j.Len()
	}
	return e
}

var (
	errLong = errors.New("line is too long")
	errCut  = errors.New("line has no end")
)

// A lineReader reads lines of at most maxLine bytes.
type lineReader struct {
	r             *bufio.Reader
	long          []byte // a line that is longer than r's buffer
	line          int64  // number of the line last read
	start, before int64  // offsets of that line and the one before
	at            int64  // offset of the next byte
	rest          bool   // the rest of a line that was too long is still to be skipped
}

// next returns the next line without its newline, valid until the next call. The
// error is errLong, errCut, io.EOF after the last line, or r's.
func (l *lineReader) next() ([]byte, error) {
	for l.rest {
		_, err := l.slice()
		l.rest = err == bufio.ErrBufferFull
	}
	l.line++
	l.start, l.before = l.at, l.start
	line, err := l.slice()
	if err == bufio.ErrBufferFull {
		l.long = append(l.long[:0], line...)
		for err == bufio.ErrBufferFull && len(l.long) <= maxLine {
			line, err = l.slice()
			l.long = append(l.long, line...)
		}
		line = l.long
	}
	switch {
	case err == bufio.ErrBufferFull, err == nil && len(line) > maxLine+1, err == io.EOF && len(line) > maxLine:
		l.rest = err == bufio.ErrBufferFull
		return nil, errLong
	case err == io.EOF && len(line) > 0:
		return nil, errCut
	case err != nil:
		return nil, err
	}
	return line[:len(line)-1], nil
}

func (l *lineReader) slice() ([]byte, error) {
	part, err := l.r.ReadSlice('\n')
	l.at += int64(len(part))
	return part, err
}
