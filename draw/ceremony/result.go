package ceremony

import (
	"bytes"
	"fmt"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// NewPulse returns the pulse that the regulator has to sign, for the announced
// round's value in any text that the beacon takes, and its proof ("" if it has
// none). It changes nothing; see [Ceremony.Pulse].
func (c *Ceremony) NewPulse(value, proof string) (*statement.Pulse, error) {
	const step = "pulse"
	if c.notice.Beacon == "" {
		return nil, &Error{Step: step, Kind: WrongOrder, Have: "the draw has no beacon"}
	}
	if err := c.order(step, "", Closed); err != nil {
		return nil, err
	}
	canonical, err := c.in.Beacon.Verify(c.notice.Round, value, proof)
	if err != nil {
		return nil, badBeacon(step, "the beacon refuses the value", "", err)
	}
	return &statement.Pulse{
		Notice: c.noticeID, Close: c.closeID, Beacon: c.notice.Beacon, Round: c.notice.Round, Value: canonical, Proof: proof,
	}, nil
}

// Pulse records the signed pulse, which arrived at the given time, not before the
// notice says that the value exists. It must be of the announced beacon and round
// and bear the value in the beacon's canonical text.
func (c *Ceremony) Pulse(signed []byte, at time.Time) error {
	const step = "pulse"
	var s statement.Pulse
	id, err := c.read(step, signed, "pulse", &s)
	if err != nil {
		return err
	}
	want, err := c.NewPulse(s.Value, s.Proof)
	switch {
	case s.Notice != c.noticeID:
		return otherDraw(step, "notice", s.Notice, c.noticeID)
	case c.notice.Beacon != "" && s.Beacon != c.notice.Beacon:
		return badBeacon(step, "is of beacon "+label.Quote(s.Beacon), label.Quote(c.notice.Beacon), nil)
	case c.notice.Beacon != "" && s.Round != c.notice.Round:
		return badBeacon(step, "is of round "+label.Quote(s.Round), label.Quote(c.notice.Round)+", as announced", nil)
	case err != nil:
		return err
	case s.Close != c.closeID:
		return otherDraw(step, "close", s.Close, c.closeID)
	case s.Value != want.Value:
		return badBeacon(step, "value is "+label.Quote(s.Value), "the canonical text "+label.Quote(want.Value), nil)
	}
	if at, err = c.arrive(step, "", at); err != nil {
		return err
	}
	if at.Before(c.notice.PulseAt) {
		return &Error{Step: step, Kind: TooEarly, Have: "arrived " + instant(at), Want: "not before the round of " + instant(c.notice.PulseAt)}
	}
	if err := c.room(step, signed); err != nil {
		return err
	}
	c.pulse, c.pulseID = want.Value, id
	c.record(signed, at)
	return nil
}

// Seed returns the seed of the draw, which follows from the record and, in a
// sealed draw, the sealing secret; see [statement.Seed]. The secret is nil in an
// open draw, and only there. It is an error before the close, and the pulse if
// there is a beacon.
func (c *Ceremony) Seed(secret *Secret) (draw.Seed, error) {
	const step = "seed"
	var key *[32]byte
	switch {
	case c.notice.Mode == statement.Open && secret != nil:
		return draw.Seed{}, mismatch(step, "a sealing secret in an open draw", "none")
	case c.notice.Mode == statement.Sealed && secret == nil:
		return draw.Seed{}, mismatch(step, "no sealing secret in a sealed draw", "one")
	case secret != nil:
		if have := secret.Commitment(c.in.Suite); have != c.notice.Secret {
			return draw.Seed{}, mismatch(step, "the sealing secret has commitment "+hexOf(have), hexOf(c.notice.Secret))
		}
		bytes := secret.Export()
		key = &bytes
	}
	if c.closed == nil {
		return draw.Seed{}, &Error{Step: step, Kind: WrongOrder, Have: "the draw is " + c.Stage().String(), Want: "closed"}
	}
	if c.notice.Beacon != "" && c.pulseID == (statement.ID{}) {
		return draw.Seed{}, &Error{Step: step, Kind: WrongOrder, Have: "the draw is " + c.Stage().String(), Want: "pulsed"}
	}
	var values []statement.Value
	for _, p := range c.parts { // sorted by name, as the close is
		if p.reveal != (statement.ID{}) {
			values = append(values, statement.Value{Contributor: p.name, Value: p.value})
		}
	}
	return statement.Seed(c.in.Suite, c.noticeID, c.pulse, values, key), nil
}

// Run draws: it takes the [Ceremony.Seed] and returns the result of [draw.Run].
// Plan and frame must be those of the notice. A salted frame is compared with the
// plan in its strata only: [draw.Plan.CheckSaltedFrame] does the rest.
func (c *Ceremony) Run(plan *draw.Plan, frame *registry.Frame, secret *Secret) (*draw.Result, error) {
	const step = "seed"
	n := &c.notice
	switch {
	case plan.Suite().Name() != c.in.Suite.Name():
		return nil, mismatch(step, "plan has suite "+label.Quote(plan.Suite().Name()), label.Quote(c.in.Suite.Name()))
	case plan.ID() != n.Plan:
		return nil, mismatch(step, "plan has ID "+hexOf(plan.ID()), hexOf(n.Plan))
	case plan.FrameRoot() != n.Root:
		return nil, mismatch(step, "plan has frame root "+hexOf(plan.FrameRoot()), hexOf(n.Root))
	case plan.Units() != n.Units:
		return nil, mismatch(step, fmt.Sprintf("plan has %d units", plan.Units()), fmt.Sprint(n.Units))
	}
	seed, err := c.Seed(secret)
	if err != nil {
		return nil, err
	}
	if n.Frame == statement.Plain {
		if err := plan.CheckFrame(frame); err != nil {
			return nil, &Error{Step: step, Kind: Mismatch, Have: "frame is not that of the notice", Err: err}
		}
	}
	return draw.Run(plan, frame, seed)
}

// NewSealed returns the sealed result that the regulator has to sign at once,
// with the root of package seal's tree and that of the roster (zero if there is
// none). It changes nothing; see [Ceremony.Seal].
func (c *Ceremony) NewSealed(root, roster statement.ID) (*statement.SealedResult, error) {
	stage := Closed
	if c.notice.Beacon != "" {
		stage = Pulsed
	}
	if err := c.order("seal", "", stage); err != nil {
		return nil, err
	}
	return &statement.SealedResult{
		Notice: c.noticeID, Close: c.closeID, Pulse: c.pulseID,
		Frame: c.notice.Root, Units: c.notice.Units, Root: root, Roster: roster,
	}, nil
}

// Seal records the signed sealed result, which arrived at the given time.
func (c *Ceremony) Seal(signed []byte, at time.Time) error {
	const step = "seal"
	var s statement.SealedResult
	id, err := c.read(step, signed, "sealed", &s)
	if err != nil {
		return err
	}
	want, err := c.NewSealed(s.Root, s.Roster)
	switch {
	case s.Notice != c.noticeID:
		return otherDraw(step, "notice", s.Notice, c.noticeID)
	case err != nil:
		return err
	case s.Close != c.closeID:
		return otherDraw(step, "close", s.Close, c.closeID)
	case s.Pulse != c.pulseID:
		return otherDraw(step, "pulse", s.Pulse, c.pulseID)
	}
	if have, want, differ := difference(&s, want); differ {
		return mismatch(step, have, want)
	}
	if at, err = c.arrive(step, "", at); err != nil {
		return err
	}
	if err := c.room(step, signed); err != nil {
		return err
	}
	c.sealed = id
	c.facts = append(c.facts, Fact{Number: c.notice.Number, State: statement.Fixed, Statement: id})
	c.record(signed, at)
	return nil
}

// NewOpening returns the opening that the regulator has to sign at the given
// time. The secret is nil in an open draw; the result is that of
// [Ceremony.Run], or nil if the draw was void before it had a sealed result. It
// changes nothing; see [Ceremony.Open].
func (c *Ceremony) NewOpening(at time.Time, secret *Secret, result *draw.Result) (*statement.Opening, error) {
	const step = "open"
	if err := c.openable(); err != nil {
		return nil, err
	}
	s := &statement.Opening{Notice: c.noticeID, Sealed: c.sealed, Opened: whole(at)}
	if secret != nil {
		s.Secret = secret.Export()
	}
	if err := c.checkSecret(s.Secret); err != nil {
		return nil, err
	}
	if result != nil {
		seed, err := c.Seed(secret)
		if err != nil {
			return nil, err
		}
		if result.PlanID() != c.notice.Plan || result.Seed() != seed {
			return nil, mismatch(step, "result is of another draw", "plan "+hexOf(c.notice.Plan)+" and the ceremony's seed")
		}
		var text bytes.Buffer
		result.WriteTo(&text) // a bytes.Buffer returns no error
		s.Result = c.in.Suite.Sum(text.Bytes())
	}
	return s, nil
}
