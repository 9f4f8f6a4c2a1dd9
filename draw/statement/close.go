package statement

import (
	"time"

	"github.com/doublerandom/doublerandom/internal/lines"
)

// A Close says, before the beacon's round, which contributions count. Nothing
// else ever does.
//
//	doublerandom/close/v1
//	notice <hash>
//	closed <time>
//	counted <contributor> <commit>|none <reveal>                               (ascending by contributor)
//	missing <contributor> <blame: no-commit|no-reveal|false-reveal> <commit>|none  (ascending by contributor)
//
// There are up to 64 lines, and no contributor has two.
type Close struct {
	Notice  ID        // of the [Notice]
	Closed  time.Time // whole seconds
	Counted []Counted // ascending by Contributor
	Missing []Missing // ascending by Contributor
}

// A Counted is a contribution that counts.
type Counted struct {
	Contributor string // its name
	Commit      ID     // of the [Commit]; absent with a chain
	Reveal      ID     // of the [Reveal]
}

// A Missing is a contribution that does not count, and why.
type Missing struct {
	Contributor string // its name
	Blame       Blame  // what it did not do
	Commit      ID     // of the [Commit]; absent with a chain and if there was none
}

// A Blame is what a contributor did not do.
type Blame string

// The kinds of blame: no commit, no reveal, or a reveal that does not match the
// commitment or chain.
const (
	BlameNoCommit    Blame = "no-commit"
	BlameNoReveal    Blame = "no-reveal"
	BlameFalseReveal Blame = "false-reveal"
)

// Kind returns "close".
func (s *Close) Kind() string { return "close" }

// MarshalText returns the text, or an error where [Close.UnmarshalText] would
// refuse it.
func (s Close) MarshalText() ([]byte, error) { return marshal(&s) }

// UnmarshalText reads a text that [Close.MarshalText] could have returned, and
// nothing else. After an error s is unchanged.
func (s *Close) UnmarshalText(text []byte) error { return unmarshal(s, text) }

func (s *Close) describe(c *lines.Codec) {
	c.Line("notice", lines.Hash(&s.Notice))
	c.Line("closed", lines.Time(&s.Closed))
	counted := map[string]bool{}
	lines.Repeat(c, "counted", &s.Counted, MaxContributors, func(i int, p *Counted) {
		c.Line("counted", lines.Label(&p.Contributor).As("contributor"), lines.HashOrNone(&p.Commit).As("commit"),
			lines.Hash(&p.Reveal).As("reveal"))
		if i > 0 {
			c.Ascending("counted", s.Counted[i-1].Contributor, p.Contributor)
		}
		counted[p.Contributor] = true
	})
	lines.Repeat(c, "missing", &s.Missing, MaxContributors-len(s.Counted), func(i int, p *Missing) {
		c.Line("missing", lines.Label(&p.Contributor).As("contributor"),
			lines.Choice(&p.Blame, BlameNoCommit, BlameNoReveal, BlameFalseReveal).As("blame"), lines.HashOrNone(&p.Commit).As("commit"))
		if i > 0 {
			c.Ascending("missing", s.Missing[i-1].Contributor, p.Contributor)
		}
		c.Require(!counted[p.Contributor], "missing %q is counted, too", p.Contributor)
		c.Require(p.Blame != BlameNoCommit || p.Commit == ID{}, "missing %q for no-commit has a commit", p.Contributor)
	})
}
