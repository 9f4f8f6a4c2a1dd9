package journal

import (
	"bytes"
	"fmt"
	"io"

	"github.com/doublerandom/doublerandom/internal/label"
)

// diagnose says what happened to the line, which is not the next record.
func (in *reading) diagnose(line []byte) error {
	e, ok := parseLine(line)
	switch {
	case bytes.Equal(line, in.j.header()):
		return in.fault(Repeated, "the header stands on line 1 already")
	case !ok && bytes.HasSuffix(line, []byte("\r")):
		return in.fault(Malformed, "ends with a carriage return, expected a newline alone")
	case !ok:
		return in.fault(Malformed, `%s is not a line {"index":…,"previous":"…","record":{…},"hash":"…"}`, label.Quote(string(line)))
	}
	if h := in.hashOf(line); h != e.Hash {
		return in.fault(Changed, "its text has the hash %x, the line says %x", h, e.Hash)
	}
	if text := recordProblem(e.Record); text != "" {
		return in.fault(Malformed, "the record %s", text)
	}
	// The line is whole, but not the one that belongs here. The lines after it tell
	// which one does not belong.
	want := in.j.Len()
	place, before := in.fault(0, ""), in.lines.before
	rest, err := in.scan(e)
	if err != nil {
		return err
	}
	say := func(fault Fault, format string, args ...any) error {
		place.Fault, place.Text = fault, fmt.Sprintf(format, args...)
		return place
	}
	sayBefore := func(fault Fault, format string, args ...any) error {
		place.Line, place.Offset = place.Line-1, before
		if place.Index > 0 {
			place.Index--
		}
		return say(fault, format, args...)
	}
	switch {
	case e.Index > want && rest.wanted == 0:
		return say(Removed, "record %d is not in the file, record %d stands here", want, e.Index)
	case e.Index > want && rest.again > 0:
		return say(Repeated, "record %d stands here and on line %d, record %d on line %d", e.Index, rest.again, want, rest.wanted)
	case e.Index > want && rest.other > 0:
		return say(Inserted, "another record %d stands on line %d, record %d on line %d", e.Index, rest.other, want, rest.wanted)
	case e.Index > want && !rest.before:
		return say(Inserted, "record %d follows one that is not in the file, and record %d stands on line %d", e.Index, want, rest.wanted)
	case e.Index > want:
		return say(Reordered, "record %d stands on line %d, record %d here", want, rest.wanted, e.Index)
	case e.Index < want && e.Hash == in.j.hashes[e.Index]:
		return say(Repeated, "record %d stands on line %d already", e.Index, e.Index+2)
	case e.Index+1 == want && e.Previous == in.j.previous(e.Index) && rest.follows:
		return sayBefore(Inserted, "another record %d stands on line %d, and the next record follows that one", e.Index, place.Line)
	case e.Index < want:
		return say(Inserted, "another record %d stands on line %d", e.Index, e.Index+2)
	case rest.wanted > 0:
		return say(Inserted, "another record %d stands on line %d, and follows the line before", want, rest.wanted)
	case rest.follows:
		return sayBefore(Changed, "it has the hash %x, but record %d was written after %x", in.j.last(), want, e.Previous)
	case rest.none:
		return sayBefore(Changed, "it has the hash %x, but record %d, the last, was written after %x, if that is as it was", in.j.last(), want, e.Previous)
	}
	return say(Changed, "record %d follows %x, expected %x", want, e.Previous, in.j.last())
}

func (in *reading) hashOf(line []byte) Hash { return in.j.hasher.Sum(line[:len(line)-endSize]) }

// A remainder is what the lines after a faulty one are. Lines are their numbers, 0
// for none.
type remainder struct {
	wanted  int64 // the line that belongs where the faulty one stands
	again   int64 // the faulty line once more
	other   int64 // another record with the number of the faulty line's
	before  bool  // one of the lines is the record before the faulty line's
	follows bool  // the next line is the record after the faulty line's
	none    bool  // there are no lines
}

// scan reads the lines after that of e.
func (in *reading) scan(e Entry) (rest remainder, err error) {
	e.Record = nil // it is about to be overwritten
	want, last := in.j.Len(), in.j.last()
	for first := true; ; first = false {
		line, err := in.lines.next()
		if err == io.EOF {
			rest.none = first
			return rest, nil
		}
		if err == errLong || err == errCut {
			continue
		}
		if err != nil {
			return rest, in.unread(err)
		}
		x, ok := parseLine(line)
		if !ok || in.hashOf(line) != x.Hash {
			continue
		}
		at := in.lines.line
		if rest.wanted == 0 && x.Index == want && x.Previous == last {
			rest.wanted = at
		}
		if rest.again == 0 && x.Hash == e.Hash {
			rest.again = at
		}
		if rest.other == 0 && x.Index == e.Index && x.Hash != e.Hash {
			rest.other = at
		}
		rest.before = rest.before || x.Hash == e.Previous
		if first {
			rest.follows = x.Previous == e.Hash
		}
	}
}
