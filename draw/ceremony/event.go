package ceremony

import (
	"fmt"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
)

// An event is what is known of an event after the draw.
type event struct {
	hidden statement.ID // the commitment, zero if it came in full
	first  statement.ID // ID of the statement that made it known
	made   time.Time
	shown  bool // in full
}

// Event records a signed event, which arrived at the given time, after the sealed
// result. Before the opening of a sealed draw events come hidden; after it each
// hidden one is shown in full, with the same sequence and predecessor, and must
// be what was committed to.
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
	if err := c.order(step, "", Sealed, Opened); err != nil {
		return err
	}
	if s.Sealed != c.sealed {
		return otherDraw(step, "sealed result", s.Sealed, c.sealed)
	}
	known := s.Sequence <= uint64(len(c.events))
	previous := statement.ID{}
	if n := s.Sequence; n > 1 && n-2 < uint64(len(c.events)) {
		previous = c.events[n-2].first
	}
	secret := c.notice.Mode == statement.Sealed && c.Stage() == Sealed
	switch {
	case s.Sequence > uint64(len(c.events))+1:
		return mismatch(step, fmt.Sprintf("sequence is %d", s.Sequence), fmt.Sprint(len(c.events)+1))
	case s.Previous != previous:
		return otherDraw(step, "previous event", s.Previous, previous)
	case known && (s.Detail == nil || c.events[s.Sequence-1].shown):
		return &Error{Step: step, Kind: Duplicate, Have: fmt.Sprintf("event %d is known", s.Sequence)}
	case secret && s.Detail != nil:
		return &Error{Step: step, Kind: TooEarly, Have: "shows its details", Want: "a commitment before the opening"}
	case known && !s.Made.Equal(c.events[s.Sequence-1].made):
		return mismatch(step, "made "+instant(s.Made), instant(c.events[s.Sequence-1].made)+", as when it was hidden")
	case known && statement.EventCommitment(c.in.Suite, s.Sequence, *s.Detail) != c.events[s.Sequence-1].hidden:
		return mismatch(step, fmt.Sprintf("event %d has commitment %s", s.Sequence, hexOf(statement.EventCommitment(c.in.Suite, s.Sequence, *s.Detail))),
			hexOf(c.events[s.Sequence-1].hidden))
	}
	// An event that is shown bears the time at which it happened, long ago.
	if known {
		at, err = c.arrive(step, "", at)
	} else {
		at, err = c.made(step, "made", s.Made, at)
	}
	if err != nil {
		return err
	}
	if err := c.room(step, signed); err != nil {
		return err
	}
	if known {
		c.events[s.Sequence-1].shown = true
	} else {
		c.events = append(c.events, event{s.Hidden, id, s.Made, s.Detail != nil})
	}
	c.record(signed, at)
	return nil
}
