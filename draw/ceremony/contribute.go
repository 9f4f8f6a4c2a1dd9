package ceremony

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/label"
)

// Commit records a contributor's signed commit, which arrived at the given time.
// Commits are over at their deadline, or once a reveal was made. Each contributor
// commits once; those with a hash chain do not.
func (c *Ceremony) Commit(signed []byte, at time.Time) error {
	const step = "commit"
	var s statement.Commit
	if err := parse(step, signed, "commit", &s); err != nil {
		return err
	}
	p, id, at, err := c.contribution(step, s.Contributor, s.Notice, signed, at)
	if err != nil {
		return err
	}
	switch {
	case p.by != statement.ByCommit:
		return &Error{Step: step, Contributor: p.name, Kind: Stranger, Have: "contributes by hash chain", Want: "no commit"}
	case p.commit != nil:
		return &Error{Step: step, Contributor: p.name, Kind: Duplicate, Have: "has committed already, in " + hexOf(p.commitID)}
	}
	if err := c.order(step, p.name, Announced); err != nil {
		return err
	}
	if at.After(c.notice.CommitBy) {
		return late(step, p.name, at, c.notice.CommitBy)
	}
	if err := c.room(step, signed); err != nil {
		return err
	}
	p.commit, p.commitID = &s, id
	c.record(signed, at)
	return nil
}

// Reveal records a contributor's signed reveal, which arrived at the given time.
// Reveals begin when all commits are in or their deadline is over: otherwise the
// last to commit would know what the others bring. That holds for hash chains,
// too.
//
// A reveal that fits neither commit nor chain is recorded as evidence, and
// returned as an *[Error] of kind [FalseReveal]. It does not stop the others. Its
// contributor may still send the right one by the deadline, since it has no
// choice in it.
func (c *Ceremony) Reveal(signed []byte, at time.Time) error {
	const step = "reveal"
	var s statement.Reveal
	if err := parse(step, signed, "reveal", &s); err != nil {
		return err
	}
	p, id, at, err := c.contribution(step, s.Contributor, s.Notice, signed, at)
	if err != nil {
		return err
	}
	if p.reveal != (statement.ID{}) {
		return &Error{Step: step, Contributor: p.name, Kind: Duplicate, Have: "has revealed already, in " + hexOf(p.reveal)}
	}
	if err := c.order(step, p.name, Announced, Revealed); err != nil {
		return err
	}
	if slow := c.uncommitted(); len(slow) > 0 && !at.After(c.notice.CommitBy) {
		return &Error{
			Step: step, Contributor: p.name, Kind: TooEarly, Have: "arrived " + instant(at),
			Want: "after the commits of " + names(slow) + ", or their deadline " + instant(c.notice.CommitBy),
		}
	}
	if p.by == statement.ByCommit && p.commit == nil {
		return &Error{Step: step, Contributor: p.name, Kind: WrongOrder, Have: "has not committed", Want: "a commit by " + instant(c.notice.CommitBy)}
	}
	if at.After(c.notice.RevealBy) {
		return late(step, p.name, at, c.notice.RevealBy)
	}
	if err := c.room(step, signed); err != nil {
		return err
	}
	var wrong *Error
	if err := CheckReveal(c.in.Suite, &c.series, &c.notice, c.noticeID, p.commit, &s); errors.As(err, &wrong) {
		if p.falseOne != (statement.ID{}) {
			return &Error{Step: step, Contributor: p.name, Kind: Duplicate, Have: "has revealed falsely already, in " + hexOf(p.falseOne), Err: wrong}
		}
		p.falseOne = id
		c.record(signed, at)
		return wrong
	}
	p.value, p.reveal = s.Value, id
	c.record(signed, at)
	return nil
}

// contribution returns the part of the contributor who signed a contribution to
// this draw, its ID, and the whole second of its arrival.
func (c *Ceremony) contribution(step, name string, notice statement.ID, signed []byte, at time.Time) (*part, statement.ID, time.Time, error) {
	i, ok := slices.BinarySearchFunc(c.parts, name, func(p part, name string) int { return strings.Compare(p.name, name) })
	if !ok {
		return nil, statement.ID{}, at, &Error{Step: step, Contributor: name, Kind: Stranger, Have: "not in the notice", Want: "one of its contributors"}
	}
	p := &c.parts[i]
	id, err := c.verify(step, name, signed, p.key)
	if err != nil {
		return nil, id, at, err
	}
	if notice != c.noticeID {
		return nil, id, at, &Error{Step: step, Contributor: name, Kind: OtherDraw, Have: "is for notice " + hexOf(notice), Want: hexOf(c.noticeID)}
	}
	at, err = c.arrive(step, name, at)
	return p, id, at, err
}

// uncommitted returns the contributors whose commits are not there.
func (c *Ceremony) uncommitted() []string {
	var slow []string
	for _, p := range c.parts {
		if p.by == statement.ByCommit && p.commit == nil {
			slow = append(slow, p.name)
		}
	}
	return slow
}

// names returns a list of names for an error, cut to the first few.
func names(list []string) string {
	const most = 3
	var b strings.Builder
	for i, name := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		if i == most {
			b.WriteString("…")
			break
		}
		b.WriteString(label.Quote(name))
	}
	return b.String()
}

// A Blame is what a contributor failed to do, with the evidence.
type Blame struct {
	Contributor string          // name of the contributor
	Fault       statement.Fault // what it failed to do
	Commit      statement.ID    // its commit; zero if there is none
	Reveal      statement.ID    // its false reveal; zero if there is none
}

// Blame returns who has failed by the given time, sorted by name: whose commit or
// reveal is missing after its deadline, and whose reveal is false and was not
// corrected. After the close or a void, nothing is added any more. The close
// names the same.
func (c *Ceremony) Blame(at time.Time) []Blame {
	at = whole(at)
	if c.closed != nil {
		at = c.closed.Closed
	} else if c.void != nil {
		at = c.void.Made
	}
	var list []Blame
	for _, p := range c.parts {
		b := Blame{p.name, 0, p.commitID, p.falseOne}
		switch {
		case p.reveal != statement.ID{}:
			continue
		case p.by == statement.ByCommit && p.commit == nil:
			if !at.After(c.notice.CommitBy) {
				continue
			}
			b.Fault = statement.NoCommit
		case p.falseOne != statement.ID{}:
			b.Fault = statement.FalseReveal
		case at.After(c.notice.RevealBy):
			b.Fault = statement.NoReveal
		default:
			continue
		}
		list = append(list, b)
	}
	return list
}
