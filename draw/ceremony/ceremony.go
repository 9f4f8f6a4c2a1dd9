// Package ceremony leads one public draw from its notice to its opening, step by
// step, and refuses everything that would leave a choice to somebody.
//
//	Announce   the notice is published: everything is fixed but the randomness
//	Commit     each contributor binds itself (not those with a hash chain)
//	Reveal     each contributor shows its value, once all commits are in
//	Close      what counts is fixed, before the beacon's value exists
//	Pulse      the beacon's value for the announced round (not without a beacon)
//	Seal       the result is fixed, and secret in a sealed draw
//	Event      skips, substitutions and recusals, as they happen
//	Open       the sealing secret is shown
//	Void       in place of any of these from Commit to Open, with a reason
//
// Each step takes a signed statement as it arrives and the time at which it did,
// since this package has no clock. It checks order, deadline, signature and
// content before it records anything. [Ceremony.NewClose], NewPulse, NewSealed,
// NewOpening and NewVoid write what the regulator has to sign next.
//
// A service that keeps [Ceremony.State] after each step can stop at any time:
// [Resume] goes on from there and re-checks everything. There are no secrets in
// it. They are of the types [Secret], [Contribution] and [Chain], which never
// print, and are kept by their owners.
//
// The seed follows from the record and the sealing secret ([Ceremony.Seed]), the
// result from the seed ([Ceremony.Run]). A [History] holds what the notices of a
// series must say of each other.
package ceremony

import (
	"fmt"
	"slices"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/draw/statement"
	"golang.org/x/mod/sumdb/note"
)

// Inputs are what a ceremony needs beyond the statements.
type Inputs struct {
	Suite  draw.Suite                               // the suite that the series names
	Beacon beacon.Beacon                            // the beacon that the notice names; not used if it names none
	Keys   func(vkey string) (note.Verifier, error) // opens verifier keys; nil for [note.NewVerifier], which knows Ed25519
}

// A Ceremony is one draw in progress. Make one with [Announce] or [Resume]. It is
// not safe for concurrent use: take the time and the step under one lock. A step
// that returns an error leaves it as it was, but for a false reveal.
//
// All times are cut to whole seconds; a statement that arrives in the second of
// its deadline is in time. No step may be earlier than the one before.
type Ceremony struct {
	in        Inputs
	regulator note.Verifier
	series    statement.Series
	seriesID  statement.ID
	notice    statement.Notice
	noticeID  statement.ID
	parts     []part // one for each contributor of the notice, sorted by name

	closed  *statement.Close
	closeID statement.ID
	pulse   string // canonical value
	pulseID statement.ID
	sealed  statement.ID
	events  []event
	opening statement.ID
	void    *statement.Void
	voidID  statement.ID

	facts []Fact
	log   []Record
	size  int       // bytes of the log's text
	last  time.Time // of the last step
}

// A part is one contributor's part in the draw.
type part struct {
	name     string
	by       statement.Means
	key      note.Verifier
	commit   *statement.Commit
	commitID statement.ID
	value    statement.ID // of the right reveal
	reveal   statement.ID // the right reveal; zero if there is none yet
	falseOne statement.ID // a false reveal; zero if there is none
}

// A Stage is how far a draw has come.
type Stage uint8

// The stages.
const (
	Announced Stage = iota + 1 // it has a notice
	Revealed                   // a reveal was made: commits are over
	Closed                     // what counts is fixed
	Pulsed                     // the beacon's value is known
	Sealed                     // the result is fixed
	Opened                     // the result is known
	Voided                     // it ended without a result that counts
)

// String returns the stage's word, such as "closed".
func (s Stage) String() string {
	words := []string{"", "announced", "revealed", "closed", "pulsed", "sealed", "opened", "void"}
	if s == 0 || int(s) >= len(words) {
		return fmt.Sprintf("stage(%d)", uint8(s))
	}
	return words[s]
}

// Announce begins the ceremony of the draw that a notice announces at the given
// time. Series and notice are signed by the regulator. The notice must keep to
// the series, be complete, and be in time for its own first deadline. Whether it
// is the series' next notice is for [History.Check]. Refusals are an *[Error].
func Announce(in Inputs, series, notice []byte, at time.Time) (*Ceremony, error) {
	if in.Suite.Name() == "" {
		return nil, errZeroSuite
	}
	if in.Keys == nil {
		in.Keys = note.NewVerifier
	}
	c := &Ceremony{in: in}
	if err := c.openSeries(series); err != nil {
		return nil, err
	}
	if err := c.openNotice(notice); err != nil {
		return nil, err
	}
	at, err := c.arrive("announce", "", at)
	if err != nil {
		return nil, err
	}
	if by := c.firstDeadline(); at.After(by) {
		return nil, late("announce", "", at, by)
	}
	c.facts = []Fact{{Number: c.notice.Number, State: statement.Announced, Statement: c.noticeID, At: c.notice.Created}}
	for _, signed := range [][]byte{series, notice} {
		if err := c.room("announce", signed); err != nil {
			return nil, err
		}
		c.record(signed, at)
	}
	return c, nil
}

// firstDeadline returns the deadline of the first step that the draw has.
func (c *Ceremony) firstDeadline() time.Time {
	by := c.notice.CloseBy
	for _, p := range c.notice.Contributors {
		if p.By == statement.ByCommit {
			return c.notice.CommitBy
		}
		by = c.notice.RevealBy
	}
	return by
}

// Stage returns how far the draw has come. A void draw that was opened, because
// it had to be, is still void.
func (c *Ceremony) Stage() Stage {
	switch {
	case c.void != nil:
		return Voided
	case c.opening != statement.ID{}:
		return Opened
	case c.sealed != statement.ID{}:
		return Sealed
	case c.pulseID != statement.ID{}:
		return Pulsed
	case c.closed != nil:
		return Closed
	case c.revealing():
		return Revealed
	}
	return Announced
}

// revealing reports whether any reveal was made, right or false.
func (c *Ceremony) revealing() bool {
	return slices.ContainsFunc(c.parts, func(p part) bool {
		return p.reveal != statement.ID{} || p.falseOne != statement.ID{}
	})
}

// SeriesID returns the ID of the series.
func (c *Ceremony) SeriesID() statement.ID { return c.seriesID }

// NoticeID returns the ID of the notice, which stands for the draw.
func (c *Ceremony) NoticeID() statement.ID { return c.noticeID }

// CloseID returns the ID of the close; zero before it.
func (c *Ceremony) CloseID() statement.ID { return c.closeID }

// PulseID returns the ID of the pulse; zero before it, and without a beacon.
func (c *Ceremony) PulseID() statement.ID { return c.pulseID }

// SealedID returns the ID of the sealed result; zero before it.
func (c *Ceremony) SealedID() statement.ID { return c.sealed }

// Notice returns a copy of the notice.
func (c *Ceremony) Notice() *statement.Notice {
	n := c.notice
	n.Earlier = slices.Clone(n.Earlier)
	n.Contributors = slices.Clone(n.Contributors)
	return &n
}

// Facts returns what happened to the draw in order, for [History.Check] of later
// notices: the notice, the sealed result, the opening or the void.
func (c *Ceremony) Facts() []Fact { return slices.Clone(c.facts) }

// State returns the record of the ceremony so far, for [Resume].
func (c *Ceremony) State() *State { return &State{records: slices.Clone(c.log)} }

// arrive returns the whole second at which a step was made, or an error if that
// is before the step before.
func (c *Ceremony) arrive(step, contributor string, at time.Time) (time.Time, error) {
	at = whole(at)
	if at.Year() > 9999 || at.Year() < 1 {
		return at, &Error{Step: step, Contributor: contributor, Kind: TooLate, Have: fmt.Sprintf("arrived in the year %d", at.Year()), Want: "1 to 9999"}
	}
	if at.Before(c.last) {
		return at, &Error{Step: step, Contributor: contributor, Kind: TooEarly, Have: "arrived " + instant(at), Want: "not before the step of " + instant(c.last)}
	}
	return at, nil
}

// late returns the error about a deadline that was missed.
func late(step, contributor string, at, by time.Time) error {
	return &Error{Step: step, Contributor: contributor, Kind: TooLate, Have: "arrived " + instant(at), Want: "by " + instant(by)}
}

// room returns an error if the record cannot take one more statement.
func (c *Ceremony) room(step string, signed []byte) error {
	if size := c.size + recordSize(signed); size > MaxState-len(stateHead(maxRecords)) {
		return &Error{Step: step, Kind: TooMuch, Have: fmt.Sprintf("the record would have %d bytes", size), Want: fmt.Sprintf("at most %d", MaxState)}
	}
	if len(c.log) >= maxRecords {
		return &Error{Step: step, Kind: TooMuch, Have: fmt.Sprintf("the record has %d statements", len(c.log)), Want: fmt.Sprintf("at most %d", maxRecords)}
	}
	return nil
}

// record appends a statement, which room has let in.
func (c *Ceremony) record(signed []byte, at time.Time) {
	c.log = append(c.log, Record{At: at, Note: slices.Clone(signed)})
	c.size += recordSize(signed)
	c.last = at
}

// order returns an error unless the draw is at one of the stages.
func (c *Ceremony) order(step, contributor string, stages ...Stage) error {
	now := c.Stage()
	if slices.Contains(stages, now) {
		return nil
	}
	want := ""
	for i, s := range stages {
		if i > 0 {
			want += " or "
		}
		want += s.String()
	}
	return &Error{Step: step, Contributor: contributor, Kind: WrongOrder, Have: "the draw is " + now.String(), Want: want}
}
