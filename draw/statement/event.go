package statement

import (
	"fmt"
	"time"

	"github.com/doublerandom/doublerandom/internal/label"
)

// An Event is what happens after the draw: a skip, a substitution, a recusal.
// Before the opening only a commitment to it is published; afterwards the event
// in full.
type Event struct {
	Notice   ID        // the draw's notice
	Sealed   ID        // its sealed result
	Sequence uint64    // number of the event, from 1
	Previous ID        // the event before it; zero for the first
	Made     time.Time // in whole seconds, UTC
	Hidden   ID        // commitment to a hidden event, see [EventCommitment]; zero if Detail is there
	Detail   *Detail   // what happened; nil if hidden
}

// A Detail is what happened in an event.
type Detail struct {
	Kind        EventKind // what kind of event
	Subject     string    // ID of the unit or inspector that it is about
	Replacement string    // ID of what takes its place; "" if nothing does
	Reason      string    // why, in words
	Nonce       ID        // 32 random bytes that hide the event before the opening
}

// An EventKind is a kind of event.
type EventKind uint8

// The kinds of event.
const (
	Skip         EventKind = iota + 1 // "skip": a drawn unit is not inspected
	Substitution                      // "substitution": another takes its place
	Recusal                           // "recusal": an inspector steps back
)

func eventWords() []string { return []string{"", "skip", "substitution", "recusal"} }

// String returns the kind's word.
func (k EventKind) String() string { return word(eventWords(), k) }

func (e *Event) walk(f *form) {
	f.row("notice", hashField{h: &e.Notice})
	f.row("sealed", hashField{h: &e.Sealed})
	f.row("sequence", numberField{&e.Sequence, 1, MaxNumber})
	f.row("previous", hashField{&e.Previous, true})
	f.row("made", timeField{&e.Made})
	if f.reading && f.keyword() == "hidden" || !f.reading && e.Detail == nil {
		f.row("hidden", hashField{h: &e.Hidden})
		return
	}
	if f.reading {
		e.Detail = new(Detail)
	}
	d := e.Detail
	f.row("kind", wordField[EventKind]{&d.Kind, eventWords()})
	f.row("subject", labelField{s: &d.Subject})
	f.row("replacement", labelField{&d.Replacement, true})
	f.row("reason", textField{&d.Reason})
	f.row("nonce", hashField{h: &d.Nonce})
}

func (e *Event) check() string {
	switch {
	case (e.Sequence == 1) != (e.Previous == ID{}):
		return fmt.Sprintf("sequence %d with previous %s", e.Sequence, hashText(e.Previous))
	case e.Detail != nil && e.Hidden != ID{}:
		return "both hidden and in full"
	case e.Detail != nil && (e.Detail.Kind == Substitution) != (e.Detail.Replacement != ""):
		return fmt.Sprintf("%s with replacement %s", e.Detail.Kind, label.Quote(e.Detail.Replacement))
	}
	return ""
}

// MarshalText returns the statement's one text. It returns an *[Error] if the
// statement breaks a rule.
func (e *Event) MarshalText() ([]byte, error) { return marshal("event", e) }

// UnmarshalText reads the statement's one text and nothing else. If the text is
// malformed, e is unchanged and the error is an *[Error].
func (e *Event) UnmarshalText(text []byte) error {
	var fresh Event
	if err := unmarshal("event", &fresh, text); err != nil {
		return err
	}
	*e = fresh
	return nil
}

// A Void ends a draw without a result that counts, for a reason.
type Void struct {
	Notice ID        // the draw's notice
	After  Stage     // how far the draw had come
	Made   time.Time // in whole seconds, UTC
	Reason string    // why, in words
	Duty   bool      // the sealing secret must still be opened: so after a reveal in a sealed draw
}

// A Stage is how far a draw has come.
type Stage uint8

// The stages.
const (
	AfterNotice Stage = iota + 1 // "announced": no reveal yet
	AfterReveal                  // "revealed": a contribution is known
	AfterClose                   // "closed"
	AfterPulse                   // "pulsed"
	AfterSealed                  // "sealed"
)

func stageWords() []string {
	return []string{"", "announced", "revealed", "closed", "pulsed", "sealed"}
}

// String returns the stage's word.
func (s Stage) String() string { return word(stageWords(), s) }

func (v *Void) walk(f *form) {
	duty := dutyNone
	if v.Duty {
		duty = dutyOpen
	}
	f.row("notice", hashField{h: &v.Notice})
	f.row("after", wordField[Stage]{&v.After, stageWords()})
	f.row("made", timeField{&v.Made})
	f.row("reason", textField{&v.Reason})
	f.row("duty", wordField[dutyWord]{&duty, []string{"", "none", "open"}})
	if f.reading { // others may read v while it is written out
		v.Duty = duty == dutyOpen
	}
}

type dutyWord uint8

const (
	dutyNone dutyWord = iota + 1
	dutyOpen
)

func (v *Void) check() string {
	if v.Duty && v.After == AfterNotice {
		return "a duty to open before any reveal"
	}
	return ""
}

// MarshalText returns the statement's one text. It returns an *[Error] if the
// statement breaks a rule.
func (v *Void) MarshalText() ([]byte, error) { return marshal("void", v) }

// UnmarshalText reads the statement's one text and nothing else. If the text is
// malformed, v is unchanged and the error is an *[Error].
func (v *Void) UnmarshalText(text []byte) error {
	var fresh Void
	if err := unmarshal("void", &fresh, text); err != nil {
		return err
	}
	*v = fresh
	return nil
}
