package statement

import "github.com/doublerandom/doublerandom/internal/lines"

// A Pulse is what the beacon said in the announced round. It need not be
// signed: its proof or the verifier's own values vouch for it.
//
//	doublerandom/pulse/v1
//	notice <hash>
//	close <hash>
//	beacon <label>
//	round <token>
//	value <token>
//	proof <token>|none
type Pulse struct {
	Notice ID     // of the [Notice]
	Close  ID     // of the [Close]
	Beacon string // its name
	Round  string // 1–1024 bytes
	Value  string // in its canonical spelling, 1–1024 bytes
	Proof  string // 1–1024 bytes, or ""
}

// Kind returns "pulse".
func (s *Pulse) Kind() string { return "pulse" }

// MarshalText returns the text, or an error where [Pulse.UnmarshalText] would
// refuse it.
func (s Pulse) MarshalText() ([]byte, error) { return marshal(&s) }

// UnmarshalText reads a text that [Pulse.MarshalText] could have returned, and
// nothing else. After an error s is unchanged.
func (s *Pulse) UnmarshalText(text []byte) error { return unmarshal(s, text) }

func (s *Pulse) describe(c *lines.Codec) {
	c.Line("notice", lines.Hash(&s.Notice))
	c.Line("close", lines.Hash(&s.Close))
	c.Line("beacon", lines.Label(&s.Beacon))
	c.Line("round", lines.Token(&s.Round))
	c.Line("value", lines.Token(&s.Value))
	c.Line("proof", lines.TokenOrNone(&s.Proof))
}
