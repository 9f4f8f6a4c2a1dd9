package statement

import (
	"time"

	"github.com/doublerandom/doublerandom/internal/lines"
)

// A Notice announces one draw and fixes all that anybody could choose.
//
//	doublerandom/notice/v1
//	series <hash>
//	number <1 or more>
//	previous <hash>|none                         (none in notice 1 only)
//	earlier <number> open|sealed|opened|void <last>  (ascending by number)
//	created <time>
//	mode open|sealed
//	plan <hash>
//	frame <form: plain|salted> <root> <units>
//	tasks <hash>|none
//	inspectors <hash>|none
//	exclusions <hash>|none
//	matching <token>|none
//	contributor <name> <by: commit|chain>        (0 to 64 lines, ascending by name)
//	minimum <number, at most the contributors>
//	withheld <number, at most the contributors>
//	beacon <name>|none <round>|none              (both or none)
//	secret <hash>|none                           (none in mode open only)
//	commit-by <time>
//	reveal-by <time>
//	close-by <time>
//	pulse-at <time>
//	open-by <time>
//
// The times from created to open-by do not descend; with a beacon, close-by is
// before pulse-at. Without a beacon the minimum is at least 1.
type Notice struct {
	Series       ID            // of the [Series]
	Number       uint64        // of the draw in its series, from 1
	Previous     ID            // of the notice before
	Earlier      []Earlier     // draws whose state changed since the notice before, ascending by Number
	Created      time.Time     // whole seconds
	Sealed       bool          // the seed depends on a secret until the opening
	Plan         ID            // of the plan's text ([draw.Plan])
	Salted       bool          // the frame's rows are not public
	FrameRoot    ID            // root of the frame
	Units        uint64        // number of units in the frame
	Tasks        ID            // what is to be done where; may be absent
	Inspectors   ID            // root of the inspectors' directory; may be absent
	Exclusions   ID            // root of the excluded pairs; may be absent
	Matching     string        // rules and steps by which inspectors are matched, or ""
	Contributors []Participant // ascending by Name
	Minimum      int           // least number of contributions that must count
	Withheld     int           // most reveals that may be missing
	Beacon       string        // its name, or ""
	Round        string        // the beacon's round that counts, or ""
	Secret       ID            // [SecretCommitment] of a sealed draw's secret
	CommitBy     time.Time     // deadline of commits, whole seconds, as those below
	RevealBy     time.Time     // deadline of reveals
	CloseBy      time.Time     // deadline of the close
	PulseAt      time.Time     // when the round is
	OpenBy       time.Time     // deadline of the opening
}

// An Earlier is the state of an earlier draw of the series.
type Earlier struct {
	Number uint64 // of the draw
	State  State  // which it is in now
	Last   ID     // of the last statement about it
}

// A State is how far a draw has come.
type State string

// The states: announced but not yet sealed, sealed, opened, void.
const (
	StateOpen   State = "open"
	StateSealed State = "sealed"
	StateOpened State = "opened"
	StateVoid   State = "void"
)

// A Participant is a contributor to one draw.
type Participant struct {
	Name  string // a contributor of the series
	Chain bool   // takes part by hash chain, not by commit and reveal
}

// Kind returns "notice".
func (n *Notice) Kind() string { return "notice" }

// MarshalText returns the text, or an error where [Notice.UnmarshalText] would
// refuse it.
func (n Notice) MarshalText() ([]byte, error) { return marshal(&n) }

// UnmarshalText reads a text that [Notice.MarshalText] could have returned, and
// nothing else. After an error n is unchanged.
func (n *Notice) UnmarshalText(text []byte) error { return unmarshal(n, text) }

func (n *Notice) describe(c *lines.Codec) {
	c.Line("series", lines.Hash(&n.Series))
	c.Line("number", lines.Number(&n.Number, 1, lines.MaxNumber))
	c.Line("previous", lines.HashOrNone(&n.Previous))
	c.Require((n.Number == 1) == (n.Previous == ID{}), "previous must be none in notice 1, and only there")
	lines.Repeat(c, "earlier", &n.Earlier, maxEarlier, func(i int, e *Earlier) {
		c.Line("earlier", lines.Number(&e.Number, 1, lines.MaxNumber).As("number"),
			lines.Choice(&e.State, StateOpen, StateSealed, StateOpened, StateVoid).As("state"), lines.Hash(&e.Last).As("last"))
		if i > 0 {
			before := n.Earlier[i-1].Number
			c.Require(before < e.Number, "earlier %d is not above %d of the line before", e.Number, before)
		}
		c.Require(e.Number < n.Number, "earlier %d is not before this notice, number %d", e.Number, n.Number)
	})
	c.Line("created", lines.Time(&n.Created))
	c.Line("mode", lines.Flag(&n.Sealed, "open", "sealed"))
	c.Line("plan", lines.Hash(&n.Plan))
	c.Line("frame", lines.Flag(&n.Salted, "plain", "salted").As("form"), lines.Hash(&n.FrameRoot).As("root"),
		lines.Number(&n.Units, 1, lines.MaxNumber).As("units"))
	c.Line("tasks", lines.HashOrNone(&n.Tasks))
	c.Line("inspectors", lines.HashOrNone(&n.Inspectors))
	c.Line("exclusions", lines.HashOrNone(&n.Exclusions))
	c.Line("matching", lines.TokenOrNone(&n.Matching))
	lines.Repeat(c, "contributor", &n.Contributors, MaxContributors, func(i int, p *Participant) {
		c.Line("contributor", lines.Label(&p.Name).As("name"), lines.Flag(&p.Chain, "commit", "chain").As("by"))
		if i > 0 {
			c.Ascending("contributor", n.Contributors[i-1].Name, p.Name)
		}
	})
	takesPart(c, &n.Minimum, &n.Withheld, len(n.Contributors))
	c.Line("beacon", lines.LabelOrNone(&n.Beacon).As("name"), lines.TokenOrNone(&n.Round).As("round"))
	c.Require((n.Beacon == "") == (n.Round == ""), "beacon and round must be both there or both none")
	c.Require(n.Beacon != "" || n.Minimum > 0, "without a beacon the minimum must be at least 1: nobody else has a say")
	c.Line("secret", lines.HashOrNone(&n.Secret))
	c.Require(n.Sealed == (n.Secret != ID{}), "secret must be none in mode open, and only there")
	n.times(c)
}

// maxEarlier bounds the list of earlier draws; 256 KiB hold no more.
const maxEarlier = 3000

func (n *Notice) times(c *lines.Codec) {
	before, keyword := &n.Created, "created"
	for _, deadline := range []struct {
		keyword string
		time    *time.Time
	}{
		{"commit-by", &n.CommitBy}, {"reveal-by", &n.RevealBy}, {"close-by", &n.CloseBy}, {"pulse-at", &n.PulseAt}, {"open-by", &n.OpenBy},
	} {
		c.Line(deadline.keyword, lines.Time(deadline.time))
		c.Require(!deadline.time.Before(*before), "%s is before %s", deadline.keyword, keyword)
		before, keyword = deadline.time, deadline.keyword
		if deadline.time == &n.PulseAt && n.Beacon != "" {
			c.Require(n.CloseBy.Before(n.PulseAt), "pulse-at is not after close-by: the round must be unknown at the close")
		}
	}
}
