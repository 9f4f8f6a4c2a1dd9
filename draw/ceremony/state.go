package ceremony

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/label"
)

// MaxState is the greatest length of a state's text in bytes.
const MaxState = 64 << 20

// maxRecords is the greatest number of statements of a ceremony: series, notice,
// close, pulse, sealed result, opening, void; a commit, a false and a right reveal
// of each contributor; each event hidden and shown.
const maxRecords = 7 + 3*statement.MaxContributors + 2*MaxEvents

// A State is the record of a ceremony: the signed statements that it has taken,
// in order, with their times. It holds no secrets: keep those of type [Secret] and
// [Contribution] elsewhere, by their Export. Its text begins
//
//	doublerandom/ceremony/v1
//	records 2
//	record 2026-11-24T03:00:00Z 1234
//
// with the length in bytes of the note that follows. [Resume] checks what the
// record says; reading the text checks its form only. The zero State is empty. It
// is safe for concurrent use, but for UnmarshalText.
type State struct {
	records []Record
}

// A Record is a signed statement as a ceremony has taken it.
type Record struct {
	At   time.Time // when it arrived, in whole seconds, UTC
	Note []byte    // the signed statement
}

// Records returns the records in order, as copies.
func (s *State) Records() []Record {
	records := slices.Clone(s.records)
	for i := range records {
		records[i].Note = bytes.Clone(records[i].Note)
	}
	return records
}

func stateHead(records int) string {
	return fmt.Sprintf("doublerandom/ceremony/v1\nrecords %d\n", records)
}

func recordHead(at time.Time, length int) string {
	return fmt.Sprintf("record %s %d\n", instant(at), length)
}

// recordSize returns the length of a record's text in bytes.
func recordSize(note []byte) int { return len(recordHead(time.Time{}, len(note))) + len(note) }

// MarshalText returns the state's one text, of at most [MaxState] bytes. It
// returns no error.
func (s *State) MarshalText() ([]byte, error) {
	text := []byte(stateHead(len(s.records)))
	for _, r := range s.records {
		text = append(append(text, recordHead(r.At, len(r.Note))...), r.Note...)
	}
	return text, nil
}

// UnmarshalText reads that text and nothing else. If it is malformed, s is
// unchanged and the error is an *[Error].
func (s *State) UnmarshalText(text []byte) error {
	fail := func(want, format string, args ...any) error {
		return &Error{Step: "resume", Kind: Malformed, Have: "state " + fmt.Sprintf(format, args...), Want: want}
	}
	if len(text) > MaxState {
		return fail(fmt.Sprintf("at most %d", MaxState), "has %d bytes", len(text))
	}
	var count int
	head, rest := cutLines(text, 2)
	if _, after, ok := strings.Cut(head, "\nrecords "); ok {
		count, _ = strconv.Atoi(strings.TrimSuffix(after, "\n")) // compared below
	}
	if head != stateHead(count) || count < 0 || count > maxRecords {
		return fail(fmt.Sprintf("doublerandom/ceremony/v1 and 0 to %d records", maxRecords), "begins %s", label.Quote(head))
	}
	var records []Record
	for i := range count {
		r, after, have, want := readRecord(rest)
		if have != "" {
			return fail(want, "record %d of %d: %s", i+1, count, have)
		}
		records, rest = append(records, r), after
	}
	if len(rest) > 0 {
		return fail("the end", "has %d bytes after the last of %d records", len(rest), count)
	}
	s.records = records
	return nil
}

// readRecord cuts a record from text. It returns what is wrong, or "", and what
// was expected.
func readRecord(text []byte) (r Record, rest []byte, have, want string) {
	line, rest := cutLines(text, 1)
	fields := strings.Split(strings.TrimSuffix(line, "\n"), " ")
	var length int
	if len(fields) == 3 {
		r.At, _ = time.Parse("2006-01-02T15:04:05Z", fields[1]) // compared below
		length, _ = strconv.Atoi(fields[2])
	}
	switch {
	case line != recordHead(r.At, length):
		return r, nil, "line " + label.Quote(line), "such as record 2026-11-24T03:00:00Z 1234"
	case length < 1 || length > statement.MaxNote:
		return r, nil, fmt.Sprintf("note of %d bytes", length), fmt.Sprintf("1 to %d", statement.MaxNote)
	case length > len(rest):
		return r, nil, fmt.Sprintf("note of %d bytes", length), fmt.Sprintf("at most the %d that follow", len(rest))
	}
	r.Note = bytes.Clone(rest[:length])
	return r, rest[length:], "", ""
}

// cutLines returns the first n lines of text with their newlines, cut to a bounded
// length, and what follows.
func cutLines(text []byte, n int) (lines string, rest []byte) {
	const most = 100
	end := 0
	for range n {
		i := bytes.IndexByte(text[end:min(len(text), most)], '\n')
		if i < 0 {
			return string(text[:min(len(text), most)]), nil
		}
		end += i + 1
	}
	return string(text[:end]), text[end:]
}

// Resume returns the ceremony that has the given state. It takes every step anew
// and refuses the state where [Announce] or a step would have refused; the error
// is then an *[Error] of step "resume", with the number of the record, around the
// refusal.
func Resume(in Inputs, s *State) (*Ceremony, error) {
	if in.Suite.Name() == "" {
		return nil, errZeroSuite
	}
	refused := func(record int, err error) error {
		return &Error{Step: "resume", Kind: kindOf(err), Have: fmt.Sprintf("record %d of %d is refused", record, len(s.records)), Err: err}
	}
	if len(s.records) < 2 {
		return nil, &Error{Step: "resume", Kind: Malformed, Have: fmt.Sprintf("state has %d records", len(s.records)), Want: "at least series and notice"}
	}
	first, second := s.records[0], s.records[1]
	if !first.At.Equal(second.At) {
		return nil, &Error{Step: "resume", Kind: Malformed, Have: "series and notice have the times " + instant(first.At) + " and " + instant(second.At), Want: "the same"}
	}
	c, err := Announce(in, first.Note, second.Note, second.At)
	if err != nil {
		return nil, refused(2, err)
	}
	for i, r := range s.records[2:] {
		// A false reveal is an error, but recorded.
		if err := c.Take(r.Note, r.At); err != nil && len(c.log) < i+3 {
			return nil, refused(i+3, err)
		}
	}
	return c, nil
}

// Take makes the step of a signed statement, whichever it is by its first line, for
// a service with one door for all. Errors are those of the step.
func (c *Ceremony) Take(signed []byte, at time.Time) error {
	head, _ := cutLines(signed, 1)
	switch kind := statement.Kind([]byte(head)); kind {
	case "commit":
		return c.Commit(signed, at)
	case "reveal":
		return c.Reveal(signed, at)
	case "close":
		return c.Close(signed, at)
	case "pulse":
		return c.Pulse(signed, at)
	case "sealed":
		return c.Seal(signed, at)
	case "event":
		return c.Event(signed, at)
	case "opening":
		return c.Open(signed, at)
	case "void":
		return c.Void(signed, at)
	case "series", "notice":
		return &Error{Step: "announce", Kind: Duplicate, Have: "a second " + kind, Want: "one"}
	}
	return &Error{Step: "resume", Kind: Malformed, Have: "statement begins " + label.Quote(head), Want: "one of a ceremony"}
}

// kindOf returns the kind of a refusal.
func kindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Malformed
}
