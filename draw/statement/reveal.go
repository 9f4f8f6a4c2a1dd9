package statement

import "github.com/doublerandom/doublerandom/internal/lines"

// A Reveal is the value that a contributor promised by a [Commit], or by the
// hash chain in the [Series].
//
//	doublerandom/reveal/v1
//	notice <hash>
//	contributor <label>
//	value <hash>
//	nonce <hash>|none
type Reveal struct {
	Notice      ID       // of the [Notice]
	Contributor string   // its name
	Value       [32]byte // what it adds to the draw, not all zero
	Nonce       [32]byte // hid the value in the commitment; absent (zero) with a chain
}

// Kind returns "reveal".
func (s *Reveal) Kind() string { return "reveal" }

// MarshalText returns the text, or an error where [Reveal.UnmarshalText] would
// refuse it.
func (s Reveal) MarshalText() ([]byte, error) { return marshal(&s) }

// UnmarshalText reads a text that [Reveal.MarshalText] could have returned, and
// nothing else. After an error s is unchanged.
func (s *Reveal) UnmarshalText(text []byte) error { return unmarshal(s, text) }

func (s *Reveal) describe(c *lines.Codec) {
	c.Line("notice", lines.Hash(&s.Notice))
	c.Line("contributor", lines.Label(&s.Contributor))
	c.Line("value", lines.Hash(&s.Value))
	c.Line("nonce", lines.HashOrNone(&s.Nonce))
}
