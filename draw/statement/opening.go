package statement

import (
	"time"

	"github.com/doublerandom/doublerandom/internal/lines"
)

// An Opening ends the secrecy of a draw.
//
//	doublerandom/opening/v1
//	notice <hash>
//	sealed <hash>
//	opened <time>
//	secret <hash>|none
//	result <hash>
type Opening struct {
	Notice ID        // of the [Notice]
	Sealed ID        // of the [Sealed]
	Opened time.Time // whole seconds
	Secret [32]byte  // the sealing secret, not of 32 equal bytes; absent (zero) in an open draw
	Result ID        // of the result's text ([draw.Result])
}

// Kind returns "opening".
func (s *Opening) Kind() string { return "opening" }

// MarshalText returns the text, or an error where [Opening.UnmarshalText] would
// refuse it.
func (s Opening) MarshalText() ([]byte, error) { return marshal(&s) }

// UnmarshalText reads a text that [Opening.MarshalText] could have returned, and
// nothing else. After an error s is unchanged.
func (s *Opening) UnmarshalText(text []byte) error { return unmarshal(s, text) }

func (s *Opening) describe(c *lines.Codec) {
	c.Line("notice", lines.Hash(&s.Notice))
	c.Line("sealed", lines.Hash(&s.Sealed))
	c.Line("opened", lines.Time(&s.Opened))
	c.Line("secret", lines.HashOrNone(&s.Secret))
	c.Require(s.Secret == [32]byte{} || !weak(s.Secret), "secret is 32 equal bytes")
	c.Line("result", lines.Hash(&s.Result))
}
