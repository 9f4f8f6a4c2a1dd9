package statement

import "github.com/doublerandom/doublerandom/internal/lines"

// A Commit is a contributor's promise of a value for one notice.
//
//	doublerandom/commit/v1
//	notice <hash>
//	contributor <label>
//	commitment <hash>
type Commit struct {
	Notice      ID     // of the [Notice]
	Contributor string // its name
	Commitment  ID     // [CommitmentOf] its value
}

// Kind returns "commit".
func (s *Commit) Kind() string { return "commit" }

// MarshalText returns the text, or an error where [Commit.UnmarshalText] would
// refuse it.
func (s Commit) MarshalText() ([]byte, error) { return marshal(&s) }

// UnmarshalText reads a text that [Commit.MarshalText] could have returned, and
// nothing else. After an error s is unchanged.
func (s *Commit) UnmarshalText(text []byte) error { return unmarshal(s, text) }

func (s *Commit) describe(c *lines.Codec) {
	c.Line("notice", lines.Hash(&s.Notice))
	c.Line("contributor", lines.Label(&s.Contributor))
	c.Line("commitment", lines.Hash(&s.Commitment))
}
