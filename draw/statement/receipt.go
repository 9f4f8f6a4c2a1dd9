package statement

import (
	"github.com/doublerandom/doublerandom/internal/lines"
	"github.com/doublerandom/doublerandom/registry"
)

// MaxReceipt is the size in bytes that a signed receipt should not exceed, so
// that it fits a QR code.
const MaxReceipt = 2900

// A Receipt shows one unit that it is in the frame and what became of it in the
// draw. It tells nothing of others if the frame is salted.
//
//	doublerandom/receipt/v1
//	notice <hash>
//	sealed <hash>
//	frame <root> <units>
//	root <hash>
//	index <number below units>
//	unit <id> <stratum> <weight>
//	frame-salt <32 hexadecimal digits>|none
//	frame-path <base64>|none
//	outcome <word: drawn|reserve|other> <rank>   (rank 0 for other only)
//	extension <hash>|none
//	salt <32 hexadecimal digits>
//	path <base64>|none
//
// A path is the hashes of the proof, one after the other, in standard base64; it
// is none for the only unit of a frame.
type Receipt struct {
	Notice    ID            // of the [Notice]
	Sealed    ID            // of the [Sealed]
	FrameRoot ID            // root of the frame
	Units     uint64        // number of units in the frame
	Root      ID            // root of the sealed result
	Index     uint64        // the unit's row in the frame, from 0
	Unit      registry.Unit // the row
	FrameSalt registry.Salt // the row's salt; absent (zero) in a plain frame
	FramePath []ID          // proof of the row, at most 64 hashes, the lowest first
	Outcome   Outcome       // what became of the unit
	Rank      uint64        // from 1 in its cell, reserves after the drawn; 0 if neither
	Extension ID            // of the unit's line in the roster; may be absent
	Salt      registry.Salt // of the leaf
	Path      []ID          // proof of the leaf, at most 64 hashes, the lowest first
}

// An Outcome is what became of a unit in a draw.
type Outcome string

// The outcomes: drawn, a reserve, or neither.
const (
	OutcomeDrawn   Outcome = "drawn"
	OutcomeReserve Outcome = "reserve"
	OutcomeOther   Outcome = "other"
)

// Kind returns "receipt".
func (s *Receipt) Kind() string { return "receipt" }

// MarshalText returns the text, or an error where [Receipt.UnmarshalText] would
// refuse it.
func (s Receipt) MarshalText() ([]byte, error) { return marshal(&s) }

// UnmarshalText reads a text that [Receipt.MarshalText] could have returned, and
// nothing else. After an error s is unchanged.
func (s *Receipt) UnmarshalText(text []byte) error { return unmarshal(s, text) }

func (s *Receipt) describe(c *lines.Codec) {
	c.Line("notice", lines.Hash(&s.Notice))
	c.Line("sealed", lines.Hash(&s.Sealed))
	describeFrame(c, &s.FrameRoot, &s.Units)
	c.Line("root", lines.Hash(&s.Root))
	c.Line("index", lines.Number(&s.Index, 0, lines.MaxNumber))
	c.Require(s.Index < s.Units, "index %d in a frame of %d units", s.Index, s.Units)
	c.Line("unit", lines.Label(&s.Unit.ID).As("id"), lines.Label(&s.Unit.Stratum).As("stratum"),
		lines.Number(&s.Unit.Weight, 1, lines.MaxNumber).As("weight"))
	c.Line("frame-salt", lines.SaltOrNone(&s.FrameSalt))
	c.Line("frame-path", lines.Path(&s.FramePath))
	c.Line("outcome", lines.Choice(&s.Outcome, OutcomeDrawn, OutcomeReserve, OutcomeOther).As("word"),
		lines.Number(&s.Rank, 0, lines.MaxNumber).As("rank"))
	c.Require((s.Outcome == OutcomeOther) == (s.Rank == 0), "rank must be 0 for other, and only there")
	c.Line("extension", lines.HashOrNone(&s.Extension))
	c.Line("salt", lines.Salt(&s.Salt))
	c.Line("path", lines.Path(&s.Path))
}

// Leaf returns the unit's leaf in the sealed tree, as [AppendLeaf].
func (s *Receipt) Leaf() []byte {
	return AppendLeaf(nil, s.Unit.ID, s.Outcome, s.Rank, s.Extension, s.Salt)
}
