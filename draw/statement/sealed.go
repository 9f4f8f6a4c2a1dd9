package statement

import "github.com/doublerandom/doublerandom/internal/lines"

// A Sealed fixes the result of a draw without telling it.
//
//	doublerandom/sealed/v1
//	notice <hash>
//	close <hash>
//	pulse <hash>|none
//	frame <root> <units>
//	root <hash>
//	roster <hash>|none
type Sealed struct {
	Notice    ID     // of the [Notice]
	Close     ID     // of the [Close]
	Pulse     ID     // of the [Pulse]; absent without a beacon
	FrameRoot ID     // root of the frame, as in the notice
	Units     uint64 // number of units in the frame, as in the notice
	Root      ID     // root of the salted tree over the result: a leaf for each unit, as [AppendLeaf]
	Roster    ID     // of the roster of inspectors; may be absent
}

// Kind returns "sealed".
func (s *Sealed) Kind() string { return "sealed" }

// MarshalText returns the text, or an error where [Sealed.UnmarshalText] would
// refuse it.
func (s Sealed) MarshalText() ([]byte, error) { return marshal(&s) }

// UnmarshalText reads a text that [Sealed.MarshalText] could have returned, and
// nothing else. After an error s is unchanged.
func (s *Sealed) UnmarshalText(text []byte) error { return unmarshal(s, text) }

func (s *Sealed) describe(c *lines.Codec) {
	c.Line("notice", lines.Hash(&s.Notice))
	c.Line("close", lines.Hash(&s.Close))
	c.Line("pulse", lines.HashOrNone(&s.Pulse))
	describeFrame(c, &s.FrameRoot, &s.Units)
	c.Line("root", lines.Hash(&s.Root))
	c.Line("roster", lines.HashOrNone(&s.Roster))
}

func describeFrame(c *lines.Codec, root *ID, units *uint64) {
	c.Line("frame", lines.Hash(root).As("root"), lines.Number(units, 1, lines.MaxNumber).As("units"))
}
