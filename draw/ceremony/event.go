package ceremony

import (
	"fmt"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
)

// MaxEvents is the greatest number of events of one draw.
const MaxEvents = 10_000

// An event is what the record knows of an event.
type event struct {
	id     statement.ID // as it was first published
	made   time.Time
	hidden statement.ID // its commitment if it was published hidden
	shown  statement.ID // the event in full, if that followed
}

// NewEvent returns the event that the regulator has to sign at the given time,
// the next one in the chain: in full where the result is known, and only the
// commitment to it before the opening of a sealed draw. It changes nothing; see
// [Ceremony.Event]. Keep the detail of a hidden event for [Ceremony.ShowEvent].
func (c *Ceremony) NewEvent(at time.Time, detail statement.Detail) (*statement.Event, error) {
	if err := c.order("event", "", Sealed, Opened); err != nil {
		return nil, err
	}
	e := &statement.Event{Notice: c.noticeID, Sealed: c.sealed, Sequence: uint64(len(c.events)) + 1, Made: whole(at)}
	if len(c.events) > 0 {
		e.Previous = c.events[len(c.events)-1].id
	}
	if c.known() {
		e.Detail = &detail
	} else {
		e.Hidden = statement.EventCommitment(c.in.Suite, e.Sequence, detail)
	}
	return e, nil
}

// ShowEvent returns the event in full that the regulator has to sign after the
// opening for a hidden event. It changes nothing; see [Ceremony.Event].
func (c *Ceremony) ShowEvent(sequence uint64, detail statement.Detail) (*statement.Event, error) {
	const step = "event"
	if c.opening == (statement.ID{}) {
		return nil, &Error{Step: step, Kind: WrongOrder, Have: "a hidden event shown while the draw is " + c.Stage().String(), Want: "opened"}
	}
	if sequence < 1 || sequence > uint64(len(c.events)) {
		return nil, mismatch(step, fmt.Sprintf("sequence %d of %d events", sequence, len(c.events)), "one of them")
	}
	e := &c.events[sequence-1]
	switch {
	case e.hidden == statement.ID{}:
		return nil, &Error{Step: step, Kind: Duplicate, Have: fmt.Sprintf("event %d was published in full", sequence)}
	case e.shown != statement.ID{}:
		return nil, &Error{Step: step, Kind: Duplicate, Have: fmt.Sprintf("event %d was shown already, in %s", sequence, hexOf(e.shown))}
	}
	if have := statement.EventCommitment(c.in.Suite, sequence, detail); have != e.hidden {
		return nil, mismatch(step, fmt.Sprintf("event %d has commitment %s", sequence, hexOf(have)), hexOf(e.hidden))
	}
	full := &statement.Event{Notice: c.noticeID, Sealed: c.sealed, Sequence: sequence, Made: e.made, Detail: &detail}
	if sequence > 1 {
		full.Previous = c.events[sequence-2].id
	}
	return full, nil
}

// known reports whether anyone may know the result: nothing is hidden any more.
func (c *Ceremony) known() bool {
	return c.notice.Mode == statement.Open || c.opening != statement.ID{}
}

// Event records a signed event, which arrived at the given time: the next one of
// the chain, or after the opening, a hidden one in full. An event must be hidden
// as long as the result is, since it would show it; and not any longer.
func (c *Ceremony) Event(signed []byte, at time.Time) error {
	const step = "event"
	var s statement.Event
	id, err := c.read(step, signed, "event", &s)
	if err != nil {
		return err
	}
	if s.Notice != c.noticeID {
		return otherDraw(step, "notice", s.Notice, c.noticeID)
	}
	if c.sealed == (statement.ID{}) {
		return c.order(step, "", Sealed, Opened)
	}
	if s.Sealed != c.sealed {
		return otherDraw(step, "sealed result", s.Sealed, c.sealed)
	}
	if s.Sequence <= uint64(len(c.events)) {
		return c.show(&s, id, signed, at)
	}
	if err := c.order(step, "", Sealed, Opened); err != nil {
		return err
	}
	switch {
	case len(c.events) == MaxEvents:
		return &Error{Step: step, Kind: TooMuch, Have: fmt.Sprintf("the draw has %d events", MaxEvents), Want: "no more"}
	case c.known() && s.Detail == nil:
		return mismatch(step, "the event is hidden, though the result is known", "the event in full")
	case !c.known() && s.Detail != nil:
		return mismatch(step, "the event is in full, though the result is sealed", "only a commitment to it")
	}
	want, err := c.NewEvent(s.Made, statement.Detail{})
	if err != nil {
		return err
	}
	want.Hidden, want.Detail = s.Hidden, s.Detail
	if at, err = c.made(step, "made", s.Made, at); err != nil {
		return err
	}
	if s.Made.Before(c.notice.CloseBy) {
		return tooSoon(step, "made", s.Made, c.notice.CloseBy)
	}
	if have, want, differ := difference(&s, want); differ {
		return mismatch(step, have, want)
	}
	if err := c.room(step, signed); err != nil {
		return err
	}
	c.events = append(c.events, event{id: id, made: s.Made, hidden: s.Hidden})
	c.record(signed, at)
	return nil
}

// show records an event that was hidden before.
func (c *Ceremony) show(s *statement.Event, id statement.ID, signed []byte, at time.Time) error {
	const step = "event"
	if s.Detail == nil {
		return &Error{Step: step, Kind: Duplicate, Have: fmt.Sprintf("event %d was published already, in %s", s.Sequence, hexOf(c.events[s.Sequence-1].id))}
	}
	want, err := c.ShowEvent(s.Sequence, *s.Detail)
	if err != nil {
		return err
	}
	if at, err = c.arrive(step, "", at); err != nil {
		return err
	}
	if have, want, differ := difference(s, want); differ {
		return mismatch(step, have, want)
	}
	if err := c.room(step, signed); err != nil {
		return err
	}
	c.events[s.Sequence-1].shown = id
	c.record(signed, at)
	return nil
}
