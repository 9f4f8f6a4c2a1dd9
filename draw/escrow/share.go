package escrow

import (
	"fmt"
	"strconv"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/secretsharing"
	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/label"
)

// shareHeader is the first line of a share's text.
const shareHeader = "doublerandom/escrow-share/v1"

// redacted is what is printed of a share.
const redacted = "escrow.Share(redacted)"

// A Share is one custodian's part of a secret. It is an immutable value, safe for
// concurrent use, and never prints, whatever the verb or encoder: its text is had
// by [Share.Export] only. The zero Share belongs to no commitment.
type Share struct {
	escrow    draw.Hash // ID of the commitment
	custodian string
	index     int // from 1

	// hidden returns the value. A function, unlike a field, is opaque to printing by
	// reflection, as fmt's %p does it, and to the dumps of test libraries.
	hidden func() [32]byte
}

// value returns the scalar in 32 bytes, big-endian.
func (s Share) value() [32]byte {
	if s.hidden == nil {
		return [32]byte{}
	}
	return s.hidden()
}

func (s Share) withValue(value [32]byte) Share {
	s.hidden = func() [32]byte { return value }
	return s
}

// Custodian returns the label of whom the share is for.
func (s Share) Custodian() string { return s.custodian }

// Index returns the share's number, from 1.
func (s Share) Index() int { return s.index }

// Escrow returns the ID of the commitment that the share belongs to, see
// [Commitment.ID].
func (s Share) Escrow() draw.Hash { return s.escrow }

// Export returns the share's one text, which must be kept secret until the draw is
// to be recovered:
//
//	doublerandom/escrow-share/v1
//	escrow 4f2b…
//	custodian court
//	index 2
//	value 09a1…
//
// with the ID of the commitment and the value in 64 hexadecimal digits.
func (s Share) Export() []byte {
	return fmt.Appendf(nil, "%s\nescrow %x\ncustodian %s\nindex %d\nvalue %x\n", shareHeader, s.escrow, s.custodian, s.index, s.value())
}

// ParseShare reads the text of a share by [Share.Export], and nothing else.
// Whether the share is right is for [Commitment.Check]. Its errors name the line
// and show nothing of it.
func ParseShare(text []byte) (Share, error) {
	in := newLines("share", text)
	in.header(shareHeader)
	s := Share{}
	if field := in.field("escrow"); !parseHex(field, s.escrow[:]) {
		in.fail("escrow is not 64 lower-case hexadecimal digits")
	}
	if s.custodian = in.field("custodian"); label.Check(s.custodian) != "" {
		in.fail("custodian is not a label of 1 to %d bytes", label.Max)
	}
	s.index = in.number("index", MaxCustodians)
	var value [32]byte
	if field := in.field("value"); !parseHex(field, value[:]) {
		in.fail("value is not 64 lower-case hexadecimal digits")
	}
	if group.P256.NewScalar().UnmarshalBinary(value[:]) != nil {
		in.fail("value is not below the order of P-256")
	}
	in.end()
	if in.err != nil {
		return Share{}, in.err
	}
	return s.withValue(value), nil
}

// point returns the share for the library.
func (s Share) point() secretsharing.Share {
	p := secretsharing.Share{ID: group.P256.NewScalar().SetUint64(uint64(s.index)), Value: group.P256.NewScalar()}
	value := s.value()
	if err := p.Value.UnmarshalBinary(value[:]); err != nil {
		panic("escrow: share with a value beyond the order") // no constructor makes one
	}
	return p
}

// A ShareError says what is wrong with a share. It shows nothing of its value.
type ShareError struct {
	Custodian string // label in the share, "" for the zero Share
	Index     int    // number of the share, 0 for the zero Share
	Text      string // what is wrong and what was expected
}

// Error returns a line such as
//
//	escrow: share 2 of "court" has a value other than the one committed to
func (e *ShareError) Error() string {
	return "escrow: share " + strconv.Itoa(e.Index) + " of " + strconv.Quote(e.Custodian) + " " + e.Text
}

func (s Share) fault(format string, args ...any) *ShareError {
	return &ShareError{s.custodian, s.index, fmt.Sprintf(format, args...)}
}

// String returns that the share is redacted.
func (s Share) String() string { return redacted }

// GoString returns that the share is redacted.
func (s Share) GoString() string { return redacted }

// Format writes that the share is redacted, under every verb.
func (s Share) Format(f fmt.State, _ rune) { fmt.Fprint(f, redacted) }

// MarshalText returns that the share is redacted, so that JSON and other
// encoders do not show it. There is no UnmarshalText: see [ParseShare].
func (s Share) MarshalText() ([]byte, error) { return []byte(redacted), nil }
