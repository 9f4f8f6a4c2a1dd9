package ceremony

import (
	"errors"
	"fmt"
	"io"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
)

// mask is what is printed in place of anything secret.
const mask = "[redacted]"

// redacted prints the mask wherever the value that embeds it is printed. The
// secret itself must be behind a func: packages that print by reflection, past
// these methods, follow pointers but no functions.
type redacted struct{}

// String returns "[redacted]".
func (redacted) String() string { return mask }

// GoString returns "[redacted]".
func (redacted) GoString() string { return mask }

// Format writes "[redacted]" for every verb.
func (redacted) Format(s fmt.State, verb rune) { io.WriteString(s, mask) }

// MarshalText returns "[redacted]". There is no way back: see Export.
func (redacted) MarshalText() ([]byte, error) { return []byte(mask), nil }

// MarshalJSON returns "[redacted]" in quotation marks. There is no way back: see
// Export.
func (redacted) MarshalJSON() ([]byte, error) { return []byte(`"` + mask + `"`), nil }

// A Secret is 32 random bytes: the sealing secret of a draw, or the first secret
// of a hash chain. However it is printed or encoded, it shows "[redacted]"; only
// [Secret.Export] gives the bytes. It is immutable and safe for concurrent use.
// The zero Secret is of no use: make one with [NewSecret] or [SecretFrom].
type Secret struct {
	redacted
	export func() [32]byte
}

// NewSecret returns the secret of 32 bytes from a cryptographic random source,
// fresh for each draw and for each chain. It refuses bytes that are all equal,
// which come from a source that failed.
func NewSecret(bytes [32]byte) (*Secret, error) {
	if weak(bytes) {
		return nil, fmt.Errorf("ceremony: secret has 32 equal bytes, expected random ones")
	}
	return &Secret{export: func() [32]byte { return bytes }}, nil
}

// SecretFrom returns the secret of a slice, such as one read from a safe. It
// refuses every length but 32, and what [NewSecret] refuses.
func SecretFrom(bytes []byte) (*Secret, error) {
	if len(bytes) != 32 {
		return nil, fmt.Errorf("ceremony: secret has %d bytes, expected exactly 32", len(bytes))
	}
	return NewSecret([32]byte(bytes))
}

// Export returns the bytes, to be kept in a safe place. It is the only way to
// see them. Those of the zero Secret are zero.
func (s *Secret) Export() [32]byte {
	if s.export == nil {
		return [32]byte{}
	}
	return s.export()
}

// Commitment returns what the notice publishes of a sealing secret; see
// [statement.SecretCommitment]. It tells nothing of the secret.
func (s *Secret) Commitment(suite draw.Suite) statement.ID {
	return statement.SecretCommitment(suite, s.Export())
}

// weak reports whether all bytes are equal.
func weak(bytes [32]byte) bool {
	for _, b := range bytes {
		if b != bytes[0] {
			return false
		}
	}
	return true
}

// errZeroSecret is about a Secret that NewSecret has not made.
var errZeroSecret = errors.New("ceremony: zero Secret, expected one from NewSecret or SecretFrom")
