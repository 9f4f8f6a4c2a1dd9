package ceremony

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
)

// Limits of a ceremony's record.
const (
	MaxState   = 64 << 20 // bytes of its text
	maxRecords = 20_000   // statements
)

// A Record is a signed statement and when it arrived.
type Record struct {
	At   time.Time // in whole seconds, UTC
	Note []byte    // the signed statement
}

// A State is the record of a ceremony: all signed statements in the order in
// which they arrived. It holds no secrets. It is immutable and safe for
// concurrent use, but for UnmarshalText; the zero State is empty.
//
// Its text is "doublerandom/ceremony/v1", a line with the number of statements,
// and for each a line with the time and the length in bytes, then the note.
type State struct {
	records []Record
}

const stateHeader = "doublerandom/ceremony/v1\n"

func stateHead(records int) string { return stateHeader + "records " + strconv.Itoa(records) + "\n" }

func recordHead(at time.Time, size int) string {
	return "record " + instant(at) + " " + strconv.Itoa(size) + "\n"
}

// recordSize returns the bytes that a note takes in a state's text.
func recordSize(signed []byte) int { return len(recordHead(time.Time{}, len(signed))) + len(signed) }

// MarshalText returns the state's one text. It never fails.
func (s *State) MarshalText() ([]byte, error) {
	b := []byte(stateHead(len(s.records)))
	for _, r := range s.records {
		b = append(append(b, recordHead(r.At, len(r.Note))...), r.Note...)
	}
	return b, nil
}

// UnmarshalText reads the text that MarshalText returns and nothing else. If the
// text is malformed, s is unchanged. What the statements say is for [Resume].
func (s *State) UnmarshalText(text []byte) error {
	fail := func(format string, args ...any) error {
		return &Error{Step: "resume", Kind: Malformed, Have: fmt.Sprintf(format, args...)}
	}
	if len(text) > MaxState {
		return fail("state has %d bytes, more than %d", len(text), MaxState)
	}
	rest, ok := bytes.CutPrefix(text, []byte(stateHeader))
	if !ok {
		return fail("state does not begin with %q", stateHeader)
	}
	line, rest, ok := bytes.Cut(rest, []byte("\n"))
	n, err := strconv.Atoi(string(bytes.TrimPrefix(line, []byte("records "))))
	if !ok || err != nil || n < 0 || n > maxRecords || stateHead(n) != stateHeader+string(line)+"\n" {
		return fail("%s is not a line with the number of records, at most %d", quote(string(line)), maxRecords)
	}
	var records []Record
	for i := range n {
		if line, rest, ok = bytes.Cut(rest, []byte("\n")); !ok {
			return fail("record %d of %d is missing", i+1, n)
		}
		words := bytes.Split(line, []byte(" "))
		if len(words) != 3 {
			return fail("%s is not a record's time and length", quote(string(line)))
		}
		at, err := time.Parse(time.RFC3339, string(words[1]))
		size, err2 := strconv.Atoi(string(words[2]))
		if err != nil || err2 != nil || size < 0 || recordHead(at, size) != string(line)+"\n" {
			return fail("%s is not a record's time and length", quote(string(line)))
		}
		if size > statement.MaxNote || size > len(rest) {
			return fail("record %d of %d bytes, expected at most %d", i+1, size, min(statement.MaxNote, len(rest)))
		}
		records = append(records, Record{at.UTC(), slices.Clone(rest[:size])})
		rest = rest[size:]
	}
	if len(rest) > 0 {
		return fail("%s follows the last record", quote(string(rest)))
	}
	s.records = records
	return nil
}

// Records returns the statements in the order in which they arrived.
func (s *State) Records() []Record {
	records := slices.Clone(s.records)
	for i := range records {
		records[i].Note = slices.Clone(records[i].Note)
	}
	return records
}

// Resume returns the ceremony whose State was kept. Every step is taken again, so
// that a record that was tampered with is refused as the step would have been.
func Resume(in Inputs, state *State) (*Ceremony, error) {
	r := state.records
	if len(r) < 2 {
		return nil, &Error{Step: "resume", Kind: Malformed, Have: fmt.Sprintf("%d statements", len(r)), Want: "series and notice at least"}
	}
	c, err := Announce(in, r[0].Note, r[1].Note, r[1].At)
	if err != nil {
		return nil, err
	}
	if !r[0].At.Equal(r[1].At) {
		return nil, &Error{Step: "resume", Kind: Mismatch, Have: "series and notice arrived at different times"}
	}
	for _, next := range r[2:] {
		if err := c.step(next); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// step takes a step again. A false reveal is recorded, as it was.
func (c *Ceremony) step(r Record) error {
	before := len(c.log)
	err := c.take(r)
	if err != nil && len(c.log) == before {
		return err
	}
	return nil
}

func (c *Ceremony) take(r Record) error {
	text, _, _ := bytes.Cut(r.Note, []byte("\n\n"))
	switch kind := statement.Kind(append(text, '\n')); kind {
	case "commit":
		return c.Commit(r.Note, r.At)
	case "reveal":
		return c.Reveal(r.Note, r.At)
	case "close":
		return c.Close(r.Note, r.At)
	case "pulse":
		return c.Pulse(r.Note, r.At)
	case "sealed":
		return c.Seal(r.Note, r.At)
	case "event":
		return c.Event(r.Note, r.At)
	case "opening":
		return c.Open(r.Note, r.At)
	case "void":
		return c.Void(r.Note, r.At)
	default:
		return &Error{Step: "resume", Kind: Malformed, Have: "statement is " + quote(kind), Want: "one of a ceremony's steps"}
	}
}
