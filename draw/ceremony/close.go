package ceremony

import (
	"bytes"
	"fmt"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
)

// NewClose returns the close that the regulator has to sign at the given time:
// which contributions count, and who failed. It changes nothing; see
// [Ceremony.Close].
//
// It refuses a time at which somebody may still contribute: until the last second
// of reveal-by, unless everybody has. It refuses one after close-by. If too few contributions count, or too many reveals were withheld,
// the error is an *[Error] of kind [MustVoid]. A reveal counts as withheld if its
// value was fixed, by commit or chain.
func (c *Ceremony) NewClose(at time.Time) (*statement.Close, error) {
	const step = "close"
	if err := c.order(step, "", Announced, Revealed); err != nil {
		return nil, err
	}
	at, err := c.arrive(step, "", at)
	if err != nil {
		return nil, err
	}
	if at.After(c.notice.CloseBy) {
		return nil, late(step, "", at, c.notice.CloseBy)
	}
	out := &statement.Close{Notice: c.noticeID, Closed: at}
	var slow []string
	withheld := 0
	for _, p := range c.parts {
		if p.reveal != (statement.ID{}) {
			out.Counted = append(out.Counted, statement.Counted{Contributor: p.name, Commit: p.commitID, Reveal: p.reveal})
			continue
		}
		fault := statement.NoReveal
		switch {
		case p.by == statement.ByCommit && p.commit == nil:
			fault = statement.NoCommit
		case p.falseOne != statement.ID{}:
			fault = statement.FalseReveal
		}
		if fault != statement.NoCommit {
			withheld++
		}
		slow = append(slow, p.name)
		out.Missing = append(out.Missing, statement.Missing{Contributor: p.name, Fault: fault, Commit: p.commitID})
	}
	if len(slow) > 0 && !at.After(c.notice.RevealBy) {
		return nil, &Error{Step: step, Kind: TooEarly, Have: "at " + instant(at), Want: "after " + instant(c.notice.RevealBy) + ", or with the reveals of " + names(slow)}
	}
	switch least := c.notice.Minimum; {
	case uint64(len(out.Counted)) < least:
		return nil, &Error{Step: step, Kind: MustVoid, Have: fmt.Sprintf("%d contributions count", len(out.Counted)), Want: fmt.Sprintf("at least %d: the draw must be void", least)}
	case uint64(withheld) > c.notice.Withheld:
		return nil, &Error{Step: step, Kind: MustVoid, Have: fmt.Sprintf("%d reveals were withheld", withheld), Want: fmt.Sprintf("at most %d: the draw must be void", c.notice.Withheld)}
	}
	return out, nil
}

// Close records the regulator's signed close, which arrived at the given time: by
// the notice's deadline, so before the beacon's value exists. It must say exactly
// what [Ceremony.NewClose] says for the time that it bears.
func (c *Ceremony) Close(signed []byte, at time.Time) error {
	const step = "close"
	var s statement.Close
	id, err := c.read(step, signed, "close", &s)
	if err != nil {
		return err
	}
	if s.Notice != c.noticeID {
		return otherDraw(step, "notice", s.Notice, c.noticeID)
	}
	if at, err = c.made(step, "closed", s.Closed, at); err != nil {
		return err
	}
	want, err := c.NewClose(s.Closed)
	if err != nil {
		return err
	}
	if at.After(c.notice.CloseBy) {
		return late(step, "", at, c.notice.CloseBy)
	}
	if have, want, differ := difference(&s, want); differ {
		return mismatch(step, have, want)
	}
	if err := c.room(step, signed); err != nil {
		return err
	}
	c.closed, c.closeID = &s, id
	c.record(signed, at)
	return nil
}

// made checks the time that a statement bears, which must be between the step
// before and its own arrival. It returns the whole second of the arrival.
func (c *Ceremony) made(step, word string, made, at time.Time) (time.Time, error) {
	at, err := c.arrive(step, "", at)
	if err != nil {
		return at, err
	}
	if made.After(at) {
		return at, &Error{Step: step, Kind: TooEarly, Have: "arrived " + instant(at), Want: "not before it was " + word + ", " + instant(made)}
	}
	if made.Before(c.last) {
		return at, &Error{Step: step, Kind: TooEarly, Have: word + " " + instant(made), Want: "not before the step of " + instant(c.last)}
	}
	return at, nil
}

// difference returns the first lines in which two statements of a kind differ, to
// be read in an error: uncut, since they may differ late.
func difference(a, b statement.Statement) (have, want string, differ bool) {
	x, err := a.MarshalText()
	if err != nil {
		panic("ceremony: a statement that was read has no text: " + err.Error())
	}
	y, err := b.MarshalText()
	if err != nil {
		panic("ceremony: a statement that follows from the record has no text: " + err.Error())
	}
	for len(x) > 0 || len(y) > 0 {
		h, restX, _ := bytes.Cut(x, []byte("\n"))
		w, restY, _ := bytes.Cut(y, []byte("\n"))
		if !bytes.Equal(h, w) {
			return fmt.Sprintf("says %q", h), fmt.Sprintf("%q", w), true
		}
		x, y = restX, restY
	}
	return "", "", false
}
