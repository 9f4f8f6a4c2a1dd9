// Package digest computes 32-byte digests with any hash function of that size.
//
// The packages of this module take a hash as a func() hash.Hash, so that a
// caller can bring SM3. SHA-256 is recognised and computed by
// [crypto/sha256.Sum256], which is about twice as fast on short inputs as
// going through the interface.
package digest

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"reflect"
)

// Size is the size of every digest in bytes.
const Size = 32

// A Sum is a digest.
type Sum = [Size]byte

// A Func is a hash function with 32-byte digests. It is immutable and safe for
// concurrent use. The zero Func is not valid.
type Func struct {
	fresh  func() hash.Hash
	sha256 bool
}

// New returns the hash function that newHash implements. It returns an error if
// newHash is nil, returns nil, or makes hashes of another size.
func New(newHash func() hash.Hash) (Func, error) {
	if newHash == nil {
		return Func{}, fmt.Errorf("hash function is nil")
	}
	h := newHash()
	if h == nil {
		return Func{}, fmt.Errorf("hash function returned nil")
	}
	if h.Size() != Size {
		return Func{}, fmt.Errorf("hash has %d bytes, expected %d", h.Size(), Size)
	}
	// SHA-224 shares SHA-256's type, but not its size.
	return Func{newHash, reflect.TypeOf(h) == reflect.TypeOf(sha256.New())}, nil
}

// IsSHA256 reports whether f is SHA-256.
func (f Func) IsSHA256() bool { return f.sha256 }

// A Hasher computes digests. It is not safe for concurrent use: each goroutine
// takes its own by [Func.Hasher].
type Hasher struct {
	h   hash.Hash // nil for SHA-256
	sum Sum       // room for h's result, which would otherwise be on the heap each time
}

// Hasher returns a new Hasher. It panics if f is the zero Func.
func (f Func) Hasher() *Hasher {
	if f.fresh == nil {
		panic("digest: zero Func")
	}
	if f.sha256 {
		return &Hasher{}
	}
	return &Hasher{h: f.fresh()}
}

// Sum returns the digest of p. It keeps no reference to p.
func (h *Hasher) Sum(p []byte) Sum {
	if h.h == nil {
		return sha256.Sum256(p)
	}
	return h.slow(p)
}

// slow stands apart so that only it pays for the interface.
func (h *Hasher) slow(p []byte) Sum {
	h.h.Reset()
	h.h.Write(p) // a hash.Hash never returns an error
	h.h.Sum(h.sum[:0])
	return h.sum
}

// Sum returns the digest of p.
func (f Func) Sum(p []byte) Sum { return f.Hasher().Sum(p) }
