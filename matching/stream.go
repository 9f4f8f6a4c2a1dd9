package matching

import (
	"encoding/binary"

	"github.com/doublerandom/doublerandom/internal/digest"
)

// A stream is random numbers from a key: the 4-byte words, big-endian, of
// H(key ‖ 0), H(key ‖ 1), …, the counter as 8 bytes, big-endian.
type stream struct {
	h     *digest.Hasher
	input [40]byte
	next  uint64
	block [32]byte
	used  int
}

func newStream(f digest.Func, key [32]byte) *stream {
	s := &stream{h: f.Hasher(), used: 32}
	copy(s.input[:], key[:])
	return s
}

func (s *stream) word() uint32 {
	if s.used == len(s.block) {
		binary.BigEndian.PutUint64(s.input[32:], s.next)
		s.next++
		s.block, s.used = s.h.Sum(s.input[:]), 0
	}
	w := binary.BigEndian.Uint32(s.block[s.used:])
	s.used += 4
	return w
}

// below returns a number from 0 to n−1, each with the same chance: the upper half of
// word·n, and the word is refused where the lower half is below 2^32 mod n (Lemire,
// Fast Random Integer Generation in an Interval, 2019).
func (s *stream) below(n int) int32 {
	size := uint32(n)
	m := uint64(s.word()) * uint64(size)
	if low := uint32(m); low < size {
		for refused := -size % size; low < refused; low = uint32(m) {
			m = uint64(s.word()) * uint64(size)
		}
	}
	return int32(m >> 32)
}
