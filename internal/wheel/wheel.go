// Package wheel turns fractional shares into whole numbers by systematic rounding: marks at equal
// distances from a random start, on a wheel of which each share is an interval (draw/SPEC.md,
// section 5).
package wheel

import (
	"encoding/binary"
	"math/bits"

	"github.com/doublerandom/doublerandom/internal/digest"
)

// Start returns a number in [0, size), each equally likely: the first 8
// bytes of H(key ‖ be64(i)) for i = 0, 1, … as a big-endian number x, taken mod
// size as soon as x is below the largest multiple of size up to 2^64.
func Start(h *digest.Hasher, key *[32]byte, size uint64) uint64 {
	if size == 0 {
		panic("wheel: size 0")
	}
	// (2^64 − size) mod size = 2^64 mod size: how many x are too many.
	surplus := -size % size
	var buf [40]byte
	copy(buf[:], key[:])
	for i := uint64(0); ; i++ {
		binary.BigEndian.PutUint64(buf[32:], i)
		sum := h.Sum(buf[:])
		if x := binary.BigEndian.Uint64(sum[:8]); surplus == 0 || x < -surplus {
			return x % size
		}
	}
}

// A Wheel counts the marks r, r + size, r + 2·size, … that fall into intervals
// laid end to end from 0. It turns shares into whole numbers: an interval of
// length t·size gets ⌊t⌋ or ⌈t⌉ marks and, over all starts r, t on average.
type Wheel struct {
	size, start uint64
	hi, lo      uint64 // end of the intervals so far
	marks       uint64 // marks below it
}

// New returns the wheel of a size above 0 with its first mark at start, which is below the size.
func New(size, start uint64) *Wheel { return &Wheel{size: size, start: start} }

// Next lays down an interval of length n·length and returns its marks. The sum
// of all lengths must stay below size·2^64.
func (w *Wheel) Next(n, length uint64) uint64 {
	hi, lo := bits.Mul64(n, length)
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, lo, 0)
	w.hi, _ = bits.Add64(w.hi, hi, carry)
	before := w.marks
	w.marks = w.below()
	return w.marks - before
}

// below returns the number of marks below the end: ⌊(end − 1 − start)/size⌋ + 1,
// where the division rounds down, so that it is 0 for an end up to start.
func (w *Wheel) below() uint64 {
	if w.hi == 0 && w.lo <= w.start {
		return 0
	}
	lo, borrow := bits.Sub64(w.lo, w.start, 0)
	hi, _ := bits.Sub64(w.hi, 0, borrow)
	lo, borrow = bits.Sub64(lo, 1, 0)
	hi, _ = bits.Sub64(hi, 0, borrow)
	if hi >= w.size {
		panic("wheel: bad length")
	}
	quotient, _ := bits.Div64(hi, lo, w.size)
	return quotient + 1
}
