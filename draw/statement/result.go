package statement

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// A SealedResult fixes the result of a draw without showing it: a salted Merkle
// root over the whole frame, published at once.
type SealedResult struct {
	Notice ID     // the draw's notice
	Close  ID     // its close
	Pulse  ID     // its pulse; zero without a beacon
	Frame  ID     // root of the frame again
	Units  uint64 // units of the frame again
	Root   ID     // root of the sealed tree over [SealedLeaf] texts in the frame's order
	Roster ID     // root of the roster; zero if there is none
}

func (s *SealedResult) walk(f *form) {
	f.row("notice", hashField{h: &s.Notice})
	f.row("close", hashField{h: &s.Close})
	f.row("pulse", hashField{&s.Pulse, true})
	f.row("frame", hashField{h: &s.Frame}, numberField{&s.Units, 1, maxUnits})
	f.row("root", hashField{h: &s.Root})
	f.row("roster", hashField{&s.Roster, true})
}

func (s *SealedResult) check() string { return "" }

// MarshalText returns the statement's one text. It returns an *[Error] if the
// statement breaks a rule.
func (s *SealedResult) MarshalText() ([]byte, error) { return marshal("sealed", s) }

// UnmarshalText reads the statement's one text and nothing else. If the text is
// malformed, s is unchanged and the error is an *[Error].
func (s *SealedResult) UnmarshalText(text []byte) error {
	var fresh SealedResult
	if err := unmarshal("sealed", &fresh, text); err != nil {
		return err
	}
	*s = fresh
	return nil
}

// An Outcome is what the draw said of one unit.
type Outcome uint8

// The outcomes.
const (
	Drawn   Outcome = iota + 1 // "drawn"
	Reserve                    // "reserve"
	Other                      // "other": neither
)

func outcomeWords() []string { return []string{"", "drawn", "reserve", "other"} }

// String returns the outcome's word.
func (o Outcome) String() string { return word(outcomeWords(), o) }

// MaxReceipt is the greatest length of a signed receipt in bytes: it fits one QR
// code of version 40-L.
const MaxReceipt = 2900

// maxPath bounds the hashes of a proof.
const maxPath = 40

// A Receipt shows one company its own row and outcome, and nothing of others: a
// drawn company gets it on arrival, everyone after the opening.
type Receipt struct {
	Notice    ID            // the draw's notice
	Sealed    ID            // its sealed result
	Frame     ID            // root of the frame
	Units     uint64        // units of the frame
	Root      ID            // root of the sealed tree
	Index     uint64        // the row's place in the frame, from 0
	Unit      registry.Unit // the row
	FrameSalt registry.Salt // its salt in a salted frame; zero in a plain one
	FramePath []ID          // its proof in the frame
	Outcome   Outcome       // what was drawn
	Rank      uint64        // rank in its cell if drawn or a reserve, otherwise 0
	Extension ID            // what else the leaf fixes, such as a team; zero if nothing
	Salt      registry.Salt // salt of the leaf
	Path      []ID          // its proof in the sealed tree
}

func (r *Receipt) walk(f *form) {
	f.row("notice", hashField{h: &r.Notice})
	f.row("sealed", hashField{h: &r.Sealed})
	f.row("frame", hashField{h: &r.Frame}, numberField{&r.Units, 1, maxUnits})
	f.row("root", hashField{h: &r.Root})
	f.row("index", numberField{&r.Index, 0, maxUnits})
	f.row("unit", labelField{s: &r.Unit.ID}, labelField{s: &r.Unit.Stratum}, numberField{&r.Unit.Weight, 1, registry.MaxWeight})
	f.row("frame-salt", saltField{&r.FrameSalt, true})
	f.row("frame-path", pathField{&r.FramePath})
	f.row("outcome", wordField[Outcome]{&r.Outcome, outcomeWords()}, numberField{&r.Rank, 0, maxUnits})
	f.row("extension", hashField{&r.Extension, true})
	f.row("salt", saltField{s: &r.Salt})
	f.row("path", pathField{&r.Path})
}

func (r *Receipt) check() string {
	switch {
	case r.Index >= r.Units:
		return fmt.Sprintf("index %d in a frame of %d units", r.Index, r.Units)
	case (r.Outcome == Other) != (r.Rank == 0):
		return fmt.Sprintf("outcome %s with rank %d", r.Outcome, r.Rank)
	}
	return ""
}

// MarshalText returns the statement's one text. It returns an *[Error] if the
// statement breaks a rule.
func (r *Receipt) MarshalText() ([]byte, error) { return marshal("receipt", r) }

// UnmarshalText reads the statement's one text and nothing else. If the text is
// malformed, r is unchanged and the error is an *[Error].
func (r *Receipt) UnmarshalText(text []byte) error {
	var fresh Receipt
	if err := unmarshal("receipt", &fresh, text); err != nil {
		return err
	}
	*r = fresh
	return nil
}

// A pathField is a list of hashes, concatenated in standard base64: shorter than
// hexadecimal, so that a receipt fits a QR code.
type pathField struct{ path *[]ID }

func (p pathField) format(b []byte) ([]byte, string) {
	if p.absent() {
		return append(b, none...), ""
	}
	if len(*p.path) > maxPath {
		return b, fmt.Sprintf("has %d hashes, expected at most %d", len(*p.path), maxPath)
	}
	var all []byte
	for _, h := range *p.path {
		all = append(all, h[:]...)
	}
	return base64.StdEncoding.AppendEncode(b, all), ""
}

func (p pathField) parse(text string) string {
	if text == none {
		*p.path = nil
		return ""
	}
	if len(text) > base64.StdEncoding.EncodedLen(maxPath*len(ID{})) {
		return fmt.Sprintf("has %d characters, expected at most %d hashes", len(text), maxPath)
	}
	all, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") || len(all) == 0 || len(all)%len(ID{}) != 0 {
		return label.Quote(text) + " is not whole hashes in standard base64"
	}
	*p.path = nil
	for len(all) > 0 {
		*p.path = append(*p.path, ID(all[:len(ID{})]))
		all = all[len(ID{}):]
	}
	return ""
}

// An Opening shows the sealing secret, by the deadline of the notice.
type Opening struct {
	Notice ID        // the draw's notice
	Sealed ID        // its sealed result; zero if the draw was called off before it had one
	Opened time.Time // in whole seconds, UTC
	Secret ID        // the sealing secret; zero in an open draw
	Result ID        // hash of the result's text; zero exactly if Sealed is
}

func (o *Opening) walk(f *form) {
	f.row("notice", hashField{h: &o.Notice})
	f.row("sealed", hashField{&o.Sealed, true})
	f.row("opened", timeField{&o.Opened})
	f.row("secret", hashField{&o.Secret, true})
	f.row("result", hashField{&o.Result, true})
}

func (o *Opening) check() string {
	if (o.Sealed == ID{}) != (o.Result == ID{}) {
		return fmt.Sprintf("sealed result %s with result %s", hashText(o.Sealed), hashText(o.Result))
	}
	return ""
}

// MarshalText returns the statement's one text. It returns an *[Error] if the
// statement breaks a rule.
func (o *Opening) MarshalText() ([]byte, error) { return marshal("opening", o) }

// UnmarshalText reads the statement's one text and nothing else. If the text is
// malformed, o is unchanged and the error is an *[Error].
func (o *Opening) UnmarshalText(text []byte) error {
	var fresh Opening
	if err := unmarshal("opening", &fresh, text); err != nil {
		return err
	}
	*o = fresh
	return nil
}
