package statement

import (
	"time"

	"github.com/doublerandom/doublerandom/internal/lines"
)

// An Event is something that happened between the draw and the inspection. Until
// the opening it is published hidden; then it is published once more with what
// it hid, and the same values above that.
//
//	doublerandom/event/v1
//	notice <hash>
//	sealed <hash>
//	sequence <1 or more>
//	previous <hash>|none                         (none in event 1 only)
//	made <time>
//
// and then either
//
//	hidden <hash>
//
// or
//
//	kind skip|substitution|recusal
//	subject <label>
//	replacement <label>|none                     (none for a skip, a label for a substitution)
//	reason <text>
//	nonce <hash>
type Event struct {
	Notice      ID        // of the [Notice]
	Sealed      ID        // of the [Sealed]
	Sequence    uint64    // of the event in its draw, from 1
	Previous    ID        // of the event before, as it was published when it happened
	Made        time.Time // whole seconds
	Hidden      ID        // [Event.Commitment]; absent (zero) if the fields below are there
	What        EventKind // what happened
	Subject     string    // ID of the unit or inspector that it happened to
	Replacement string    // ID of who comes instead, or ""
	Reason      string    // 1–1000 bytes
	Nonce       [32]byte  // hid all this in the commitment
}

// An EventKind is what happened.
type EventKind string

// The kinds of events: a drawn unit is not inspected, a reserve takes its place,
// or an inspector stands back.
const (
	EventSkip         EventKind = "skip"
	EventSubstitution EventKind = "substitution"
	EventRecusal      EventKind = "recusal"
)

// Kind returns "event".
func (s *Event) Kind() string { return "event" }

// MarshalText returns the text, or an error where [Event.UnmarshalText] would
// refuse it.
func (s Event) MarshalText() ([]byte, error) { return marshal(&s) }

// UnmarshalText reads a text that [Event.MarshalText] could have returned, and
// nothing else. After an error s is unchanged.
func (s *Event) UnmarshalText(text []byte) error { return unmarshal(s, text) }

func (s *Event) describe(c *lines.Codec) {
	c.Line("notice", lines.Hash(&s.Notice))
	c.Line("sealed", lines.Hash(&s.Sealed))
	c.Line("sequence", lines.Number(&s.Sequence, 1, lines.MaxNumber))
	c.Line("previous", lines.HashOrNone(&s.Previous))
	c.Require((s.Sequence == 1) == (s.Previous == ID{}), "previous must be none in event 1, and only there")
	c.Line("made", lines.Time(&s.Made))
	if c.Either("hidden", s.Hidden != ID{}) {
		c.Line("hidden", lines.Hash(&s.Hidden))
		c.Require(s.What == "" && s.Subject == "" && s.Replacement == "" && s.Reason == "" && s.Nonce == [32]byte{},
			"hidden and what it hides are both there")
		return
	}
	c.Line("kind", lines.Choice(&s.What, EventSkip, EventSubstitution, EventRecusal))
	c.Line("subject", lines.Label(&s.Subject))
	c.Line("replacement", lines.LabelOrNone(&s.Replacement))
	switch s.What {
	case EventSkip:
		c.Require(s.Replacement == "", "replacement must be none for a skip")
	case EventSubstitution:
		c.Require(s.Replacement != "", "replacement must not be none for a substitution")
	}
	c.Require(s.Replacement != s.Subject, "replacement is the subject itself")
	c.Line("reason", lines.Text(&s.Reason))
	c.Line("nonce", lines.Hash(&s.Nonce))
}
