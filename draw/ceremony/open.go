package ceremony

import (
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
)

// Open records the signed opening, which arrived at the given time, from
// close-by to open-by. Its secret must be the one that the notice has committed to. Whether
// the result is right is for whoever has plan and frame.
//
// After the deadline a draw can only be void; but if its opening is a duty all
// the same, it is taken at any time.
func (c *Ceremony) Open(signed []byte, at time.Time) error {
	const step = "open"
	var s statement.Opening
	id, err := c.read(step, signed, "opening", &s)
	if err != nil {
		return err
	}
	if s.Notice != c.noticeID {
		return otherDraw(step, "notice", s.Notice, c.noticeID)
	}
	if err := c.openable(); err != nil {
		return err
	}
	if s.Sealed != c.sealed {
		return otherDraw(step, "sealed result", s.Sealed, c.sealed)
	}
	if at, err = c.made(step, "opened", s.Opened, at); err != nil {
		return err
	}
	if s.Opened.Before(c.notice.CloseBy) {
		return tooSoon(step, "opened", s.Opened, c.notice.CloseBy)
	}
	if c.void == nil && at.After(c.notice.OpenBy) {
		return late(step, "", at, c.notice.OpenBy)
	}
	if err := c.checkSecret(s.Secret); err != nil {
		return err
	}
	if err := c.room(step, signed); err != nil {
		return err
	}
	c.opening = id
	if c.void == nil { // otherwise the void is still the last word on the draw's state
		c.facts = append(c.facts, Fact{Number: c.notice.Number, State: statement.Opened, Statement: id, At: s.Opened})
	}
	c.record(signed, at)
	return nil
}

// tooSoon returns the error about a statement from before the close's deadline.
func tooSoon(step, word string, made, by time.Time) error {
	return &Error{Step: step, Kind: TooEarly, Have: word + " " + instant(made), Want: "not before close-by, " + instant(by)}
}

// openable returns an error unless the draw can be opened.
func (c *Ceremony) openable() error {
	const step = "open"
	if c.void == nil {
		return c.order(step, "", Sealed)
	}
	if !c.void.Duty {
		return &Error{Step: step, Kind: WrongOrder, Have: "the draw is void without a duty to open it"}
	}
	if c.opening != (statement.ID{}) {
		return &Error{Step: step, Kind: WrongOrder, Have: "the draw is void and was opened in " + hexOf(c.opening)}
	}
	return nil
}

// checkSecret checks the secret of an opening, which is zero in an open draw.
func (c *Ceremony) checkSecret(secret statement.ID) error {
	const step = "open"
	switch {
	case c.notice.Mode == statement.Open:
		if secret != (statement.ID{}) {
			return mismatch(step, "a sealing secret in an open draw", "none")
		}
	case secret == statement.ID{}:
		return mismatch(step, "no sealing secret in a sealed draw", "one")
	case statement.SecretCommitment(c.in.Suite, secret) != c.notice.Secret:
		return mismatch(step, "the sealing secret has commitment "+hexOf(statement.SecretCommitment(c.in.Suite, secret)), hexOf(c.notice.Secret))
	case weak(secret):
		return mismatch(step, "the sealing secret has 32 equal bytes", "random ones")
	}
	return nil
}

// NewVoid returns the void that the regulator has to sign at the given time to
// end the draw where it stands, for a reason in words. From the first reveal or
// the close on, a sealed draw keeps the duty to open its secret. It changes nothing; see
// [Ceremony.Void].
func (c *Ceremony) NewVoid(at time.Time, reason string) (*statement.Void, error) {
	if err := c.order("void", "", Announced, Revealed, Closed, Pulsed, Sealed); err != nil {
		return nil, err
	}
	after := map[Stage]statement.Stage{
		Announced: statement.AfterNotice, Revealed: statement.AfterReveal, Closed: statement.AfterClose,
		Pulsed: statement.AfterPulse, Sealed: statement.AfterSealed,
	}[c.Stage()]
	return &statement.Void{
		Notice: c.noticeID, After: after, Made: whole(at), Reason: reason,
		Duty: c.notice.Mode == statement.Sealed && after >= statement.AfterReveal,
	}, nil
}

// Void records the signed void, which arrived at the given time. It must say
// truly how far the draw had come, and keep the duty to open the secret if there
// is one.
func (c *Ceremony) Void(signed []byte, at time.Time) error {
	const step = "void"
	var s statement.Void
	id, err := c.read(step, signed, "void", &s)
	if err != nil {
		return err
	}
	if s.Notice != c.noticeID {
		return otherDraw(step, "notice", s.Notice, c.noticeID)
	}
	want, err := c.NewVoid(s.Made, s.Reason)
	if err != nil {
		return err
	}
	if at, err = c.made(step, "made", s.Made, at); err != nil {
		return err
	}
	if have, want, differ := difference(&s, want); differ {
		return mismatch(step, have, want)
	}
	if err := c.room(step, signed); err != nil {
		return err
	}
	c.void, c.voidID = &s, id
	c.facts = append(c.facts, Fact{Number: c.notice.Number, State: statement.Voided, Statement: id, At: s.Made})
	c.record(signed, at)
	return nil
}
