package draw

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"

	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/internal/digest"
)

// A Suite is the hash function that a draw uses for everything: IDs of
// statements, trees, keys and tickets. It is a small immutable value, safe for
// concurrent use, and passed in wherever it is needed: there is no registration.
// The zero Suite is not valid; see [SHA256] and [NewSuite].
type Suite struct {
	name  string
	fresh func() hash.Hash
	f     digest.Func
}

// A KnownAnswer is a message and the published digest of it.
type KnownAnswer struct {
	Message string // what is hashed, as bytes
	Digest  string // lower-case hexadecimal
}

// SHA256 returns the suite "sha256" (FIPS 180-4), which is built in.
func SHA256() Suite {
	s, err := NewSuite("sha256", sha256.New,
		KnownAnswer{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		KnownAnswer{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		KnownAnswer{
			"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
		})
	if err != nil {
		panic(err)
	}
	return s
}

// NewSuite returns the suite with a name of 1–64 bytes of UTF-8 without spaces
// or control characters, and a hash function of 32 bytes. It tests the function
// first: at least one known answer, and the contract of [hash.Hash] (Sum
// appends and leaves the state alone, Reset starts anew, Write takes any
// pieces), which some implementations break. It returns an error that names what
// failed.
func NewSuite(name string, newHash func() hash.Hash, answers ...KnownAnswer) (Suite, error) {
	if err := checkLabel(name); err != nil {
		return Suite{}, fmt.Errorf("draw: suite name %w", err)
	}
	fail := func(format string, args ...any) (Suite, error) {
		return Suite{}, fmt.Errorf("draw: suite %q: %s", name, fmt.Sprintf(format, args...))
	}
	f, err := digest.New(newHash)
	if err != nil {
		return fail("%v", err)
	}
	if len(answers) == 0 {
		return fail("no known answer to test it by")
	}
	for _, a := range answers {
		h := newHash()
		h.Write([]byte(a.Message))
		if got := hex.EncodeToString(h.Sum(nil)); got != a.Digest {
			return fail("digest of %q is %s, expected %s", a.Message, got, a.Digest)
		}
	}
	if text := contract(newHash); text != "" {
		return fail("%s", text)
	}
	return Suite{name, newHash, f}, nil
}

// contract returns which rule of hash.Hash newHash breaks, or "".
func contract(newHash func() hash.Hash) string {
	message := bytes.Repeat([]byte("0123456789"), 31) // over several blocks, a multiple of none
	h := newHash()
	if h.BlockSize() < digest.Size {
		return fmt.Sprintf("block of %d bytes, expected at least %d", h.BlockSize(), digest.Size)
	}
	h.Write(message)
	want := h.Sum(nil)
	if !bytes.Equal(h.Sum([]byte("prefix")), append([]byte("prefix"), want...)) {
		return "Sum does not append to its argument, or changes the state"
	}
	h.Write(message[:1])
	longer := newHash()
	longer.Write(append(bytes.Clone(message), message[0]))
	if !bytes.Equal(h.Sum(nil), longer.Sum(nil)) {
		return "Write after Sum does not go on where it was"
	}
	h.Reset()
	for piece := message; len(piece) > 0; {
		n := min(len(piece), 1+len(piece)/3)
		h.Write(piece[:n])
		piece = piece[n:]
	}
	if !bytes.Equal(h.Sum(nil), want) {
		return "digest differs when written in pieces after Reset"
	}
	return ""
}

// Name returns the suite's name, such as "sha256".
func (s Suite) Name() string { return s.name }

// Hash returns a new hash of the suite, to pass on as a func() hash.Hash.
func (s Suite) Hash() hash.Hash { return s.fresh() }

// Sum returns the suite's digest of p.
func (s Suite) Sum(p []byte) Hash { return s.f.Sum(p) }

func (s Suite) check() error {
	if s.fresh == nil {
		return fmt.Errorf("draw: zero Suite, expected one from SHA256 or NewSuite")
	}
	return nil
}

// key returns the sub-key of seed for a purpose.
func (s Suite) key(seed Seed, purpose string, parts ...string) ([32]byte, error) {
	key, err := derive.Key(s.fresh, seed[:], purpose, parts...)
	if err != nil {
		return key, fmt.Errorf("draw: suite %q: %w", s.name, err)
	}
	return key, nil
}
