package coverage

import (
	"encoding/binary"
	"math/bits"

	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/internal/digest"
)

// roundSizes turns each cell's shares into the sizes of its batches: on a wheel
// of its own (draw/SPEC.md, section 5), whose size is the sum of the parts, batch
// k is an interval as long as its part times the cell's units.
func (s *Schedule) roundSizes() error {
	h := s.hash.Hasher()
	for i := range s.cells {
		c := &s.plan.cells[i]
		s.cells[i].cuts = make([]Cut, len(c.parts))
		if c.units == 0 {
			continue
		}
		key, err := derive.Key(s.plan.suite.Hash, s.seed[:], purposeWheel, string(s.plan.id[:]), c.stratum, decimal(c.weight))
		if err != nil {
			return s.deriveError(err)
		}
		start := wheelStart(h, &key, c.sum)
		end, marks := uint64(0), uint64(0) // of the batches so far
		for k, part := range c.parts {
			end += uint64(part)
			below := marksBelow(c.units, end, c.sum, start)
			s.cells[i].cuts[k].Units = below - marks
			marks = below
		}
	}
	return nil
}

// wheelStart returns a number in [0, size), each equally likely: the first 8
// bytes of H(key ‖ be64(i)) for i = 0, 1, … as a big-endian number x, taken mod
// size as soon as x is below the largest multiple of size up to 2^64.
func wheelStart(h *digest.Hasher, key *[32]byte, size uint64) uint64 {
	surplus := -size % size // 2^64 mod size: how many x are too many
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

// marksBelow returns how many of the marks start, start + size, … lie below
// units·end: ⌈(units·end − start) / size⌉, and 0 if that is negative. End is at
// most size and units is below 2^63.
func marksBelow(units, end, size, start uint64) uint64 {
	hi, lo := bits.Mul64(units, end)
	if hi == 0 && lo <= start {
		return 0
	}
	lo, borrow := bits.Sub64(lo, start, 0)
	quotient, remainder := bits.Div64(hi-borrow, lo, size)
	if remainder > 0 {
		quotient++
	}
	return quotient
}
