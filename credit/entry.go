package credit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/doublerandom/doublerandom/internal/label"
)

// An Entry is one line of an archive: exactly one of its fields is set. An entry that was given to
// an archive must not be changed.
type Entry struct {
	Order        *Order        `json:"order,omitempty"`        // a visit that is to be made
	Substitution *Substitution `json:"substitution,omitempty"` // another inspector in a team
	Skip         *Skip         `json:"skip,omitempty"`         // an order that is not carried out
	Record       *Record       `json:"record,omitempty"`       // a visit
	Step         *Step         `json:"step,omitempty"`         // what became of a record
	Publication  *Publication  `json:"publication,omitempty"`  // of a record
	Attachment   *Attachment   `json:"attachment,omitempty"`   // evidence of a record or draw
}

// MaxEntry is the greatest length of an entry's text in bytes: 1 MiB.
const MaxEntry = 1 << 20

// An EntryError says what is wrong with an entry. The functions here return it as a pointer.
type EntryError struct {
	Kind    string // "order", "substitution", "skip", "record", "step", "publication", "attachment", or "" if unknown
	ID      string // of the entry, or of the order or record that it is for
	Problem string // such as "team: has 0, expected 1 to 20"

	cause error
}

// Error returns the error as one line, such as
//
//	credit: record "R1": team: has 0, expected 1 to 20
func (e *EntryError) Error() string {
	if e.Kind == "" {
		return "credit: entry: " + e.Problem
	}
	return fmt.Sprintf("credit: %s %s: %s", e.Kind, label.Quote(e.ID), e.Problem)
}

// Unwrap returns the cause, such as a *[PointsError], or nil.
func (e *EntryError) Unwrap() error { return e.cause }

// inside is a part of an entry.
type inside interface{ problem() string }

// part returns the part that is set, with its kind and ID.
func (e Entry) part() (part inside, kind, id string, err error) {
	n := 0
	set := func(is bool, p inside, k string, i func() string) {
		if is {
			part, kind, id = p, k, i()
			n++
		}
	}
	set(e.Order != nil, e.Order, "order", func() string { return e.Order.ID })
	set(e.Substitution != nil, e.Substitution, "substitution", func() string { return e.Substitution.Order })
	set(e.Skip != nil, e.Skip, "skip", func() string { return e.Skip.Order })
	set(e.Record != nil, e.Record, "record", func() string { return e.Record.ID })
	set(e.Step != nil, e.Step, "step", func() string { return e.Step.Record })
	set(e.Publication != nil, e.Publication, "publication", func() string { return e.Publication.Record })
	set(e.Attachment != nil, e.Attachment, "attachment", func() string { return e.Attachment.Record + e.Attachment.Notice })
	if n != 1 {
		return nil, "", "", &EntryError{Problem: fmt.Sprintf("has %d parts, expected one", n)}
	}
	return part, kind, id, nil
}

// Validate returns what is wrong with the entry by itself, as an *[EntryError], or nil. Whether it fits
// to those before it is for [Archive.Add].
func (e Entry) Validate() error {
	part, kind, id, err := e.part()
	if err != nil {
		return err
	}
	if what := part.problem(); what != "" {
		return &EntryError{Kind: kind, ID: id, Problem: what}
	}
	return nil
}

// MarshalText returns the entry's one text: an object in JSON on one line without a line end,
// without spaces, all fields in the order of their declaration, such as
//
//	{"skip":{"order":"V7","reason":"closed down","at":"2026-12-07T01:00:00Z"}}
//
// In strings only " and \ are escaped, as \" and \\. It is an error if the entry is not valid or its
// text is longer than MaxEntry.
func (e Entry) MarshalText() ([]byte, error) {
	if err := e.Validate(); err != nil {
		return nil, err
	}
	if r := e.Record; r != nil { // no list is [], never null
		filled := *r
		filled.SignIns, filled.Penalties, filled.Evidence = orEmpty(r.SignIns), orEmpty(r.Penalties), orEmpty(r.Evidence)
		e.Record = &filled
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	type plain Entry // without this method
	if err := encoder.Encode(plain(e)); err != nil {
		return nil, fmt.Errorf("credit: entry: %w", err)
	}
	line := bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	if len(line) > MaxEntry {
		return nil, &EntryError{Problem: fmt.Sprintf("has %d bytes, expected at most %d", len(line), MaxEntry)}
	}
	return line, nil
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// ParseEntry reads the text of [Entry.MarshalText], and nothing else. An error is an *[EntryError].
func ParseEntry(text []byte) (Entry, error) {
	if len(text) > MaxEntry {
		return Entry{}, &EntryError{Problem: fmt.Sprintf("has %d bytes, expected at most %d", len(text), MaxEntry)}
	}
	type plain Entry
	var p plain
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		return Entry{}, wrapped(err)
	}
	e := Entry(p)
	again, err := e.MarshalText()
	if err != nil {
		return Entry{}, wrapped(err)
	}
	// This finds spaces, other orders, missing and doubled fields, other spellings and trailing data.
	if !bytes.Equal(again, text) {
		at := 0
		for at < min(len(again), len(text)) && again[at] == text[at] {
			at++
		}
		return Entry{}, &EntryError{Problem: fmt.Sprintf("is not spelled in the one way, from byte %d on: %s, expected %s",
			at+1, label.Quote(string(text[at:min(at+20, len(text))])), label.Quote(string(again[at:min(at+20, len(again))])))}
	}
	return e, nil
}

// wrapped returns the error as an *EntryError.
func wrapped(err error) error {
	if own := new(EntryError); errors.As(err, &own) {
		return own
	}
	return &EntryError{Problem: cut(err.Error(), 300), cause: err}
}

// UnmarshalText reads the text of [Entry.MarshalText], and nothing else. If text is malformed, e is
// unchanged.
func (e *Entry) UnmarshalText(text []byte) error {
	parsed, err := ParseEntry(text)
	if err == nil {
		*e = parsed
	}
	return err
}
