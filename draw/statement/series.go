package statement

import (
	"time"

	"github.com/doublerandom/doublerandom/internal/lines"
)

// MaxChain is the greatest length of a hash chain.
const MaxChain = 100_000

// A Series says once for many draws who takes part and by which rules.
//
//	doublerandom/series/v1
//	authority <text>
//	scope <text>
//	created <time>
//	suite <label>
//	regulator <verifier key>
//	contributor <name> <key>                     (0 to 64 lines, ascending by name)
//	chain <contributor> <length> <end>           (ascending by contributor)
//	witness <verifier key>                       (0 to 64 lines, ascending)
//	quorum <number, at most the witnesses>
//	minimum <number, at most the contributors>
//	withheld <number, at most the contributors>
//	beacon <label>                               (0 to 64 lines, ascending)
//	entropy <number, at most 4096>
//	outage void|wait
//
// No two keys may have the same name and hash.
type Series struct {
	Authority    string        // who draws, 1–1000 bytes
	Scope        string        // what is drawn for, 1–1000 bytes
	Created      time.Time     // whole seconds
	Suite        string        // the suite's name
	Regulator    string        // verifier key, at most 512 bytes
	Contributors []Contributor // ascending by Name
	Chains       []Chain       // ascending by Contributor; at most one for each
	Witnesses    []string      // verifier keys, ascending
	Quorum       int           // how many witnesses must cosign
	Minimum      int           // least number of contributions that must count in a draw
	Withheld     int           // most reveals that may be missing in a draw
	Beacons      []string      // names, ascending
	Entropy      int           // bits that a pulse must have at least
	Outage       Outage        // what happens if the beacon is silent
}

// A Contributor is somebody who adds a secret value to each draw.
type Contributor struct {
	Name string // a label
	Key  string // verifier key, at most 512 bytes
}

// A Chain is a contributor's hash chain: draw number k of the series takes the
// value from which [ChainEnd] leads to End in k steps.
type Chain struct {
	Contributor string // its name
	Length      uint64 // number of steps, 1 to [MaxChain]: as many draws
	End         ID     // the last value
}

// An Outage is what happens if the beacon is silent.
type Outage string

// The two rules for an outage: the draw is void, or its pulse comes late.
const (
	OutageVoid Outage = "void"
	OutageWait Outage = "wait"
)

// Kind returns "series".
func (s *Series) Kind() string { return "series" }

// MarshalText returns the text, or an error where [Series.UnmarshalText] would
// refuse it.
func (s Series) MarshalText() ([]byte, error) { return marshal(&s) }

// UnmarshalText reads a text that [Series.MarshalText] could have returned, and
// nothing else. After an error s is unchanged.
func (s *Series) UnmarshalText(text []byte) error { return unmarshal(s, text) }

func (s *Series) describe(c *lines.Codec) {
	c.Line("authority", lines.Text(&s.Authority))
	c.Line("scope", lines.Text(&s.Scope))
	c.Line("created", lines.Time(&s.Created))
	c.Line("suite", lines.Label(&s.Suite))
	c.Line("regulator", lines.Key(&s.Regulator))
	keys := newKeySet(c, s.Regulator)
	names := map[string]bool{}
	lines.Repeat(c, "contributor", &s.Contributors, MaxContributors, func(i int, p *Contributor) {
		c.Line("contributor", lines.Label(&p.Name).As("name"), lines.Key(&p.Key).As("key"))
		if i > 0 {
			c.Ascending("contributor", s.Contributors[i-1].Name, p.Name)
		}
		keys.add(p.Key)
		names[p.Name] = true
	})
	lines.Repeat(c, "chain", &s.Chains, MaxContributors, func(i int, p *Chain) {
		c.Line("chain", lines.Label(&p.Contributor).As("contributor"), lines.Number(&p.Length, 1, MaxChain).As("length"),
			lines.Hash(&p.End).As("end"))
		if i > 0 {
			c.Ascending("chain", s.Chains[i-1].Contributor, p.Contributor)
		}
		c.Require(names[p.Contributor], "chain of %q, who is not a contributor", p.Contributor)
	})
	lines.Repeat(c, "witness", &s.Witnesses, MaxContributors, func(i int, p *string) {
		c.Line("witness", lines.Key(p))
		if i > 0 {
			c.Ascending("witness", s.Witnesses[i-1], *p)
		}
		keys.add(*p)
	})
	c.Line("quorum", lines.Number(&s.Quorum, 0, MaxContributors))
	c.Require(s.Quorum <= len(s.Witnesses), "quorum %d of %s", s.Quorum, lines.Count(len(s.Witnesses), "witness"))
	takesPart(c, &s.Minimum, &s.Withheld, len(s.Contributors))
	lines.Repeat(c, "beacon", &s.Beacons, MaxContributors, func(i int, p *string) {
		c.Line("beacon", lines.Label(p))
		if i > 0 {
			c.Ascending("beacon", s.Beacons[i-1], *p)
		}
		c.Require(*p != "none", `beacon "none" stands for an absent value`)
	})
	c.Line("entropy", lines.Number(&s.Entropy, 0, 4096))
	c.Line("outage", lines.Choice(&s.Outage, OutageVoid, OutageWait))
}

// takesPart describes the limits on contributions, which series and notice
// share.
func takesPart(c *lines.Codec, minimum, withheld *int, contributors int) {
	c.Line("minimum", lines.Number(minimum, 0, MaxContributors))
	c.Require(*minimum <= contributors, "minimum %d of %s", *minimum, lines.Count(contributors, "contributor"))
	c.Line("withheld", lines.Number(withheld, 0, MaxContributors))
	c.Require(*withheld <= contributors, "withheld %d of %s", *withheld, lines.Count(contributors, "contributor"))
}

// A keySet finds keys that could be taken for each other: a signature names its
// key by name and hash only.
type keySet struct {
	c    *lines.Codec
	seen map[string]bool
}

func newKeySet(c *lines.Codec, key string) *keySet {
	s := &keySet{c, map[string]bool{}}
	s.add(key)
	return s
}

func (s *keySet) add(key string) {
	name, hash, _ := lines.CutKey(key)
	id := name + "+" + hash
	s.c.Require(!s.seen[id], "key %s is repeated", lines.Quote(id))
	s.seen[id] = true
}
