// Package sm3 is the hash function SM3 as its standard writes it down, slow and
// with everything in memory: for test vectors and tests. Programs take SM3 from a
// maintained library, through the module draw/gm.
package sm3

import (
	"bytes"
	"encoding/binary"
	"hash"
	"math/bits"
)

// Sum returns the digest of a message by GB/T 32905-2016, sections 4 and 5.
func Sum(message []byte) [32]byte {
	padded := append(bytes.Clone(message), 0x80)
	for len(padded)%64 != 56 {
		padded = append(padded, 0)
	}
	padded = binary.BigEndian.AppendUint64(padded, 8*uint64(len(message)))
	v := [8]uint32{0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e}
	for ; len(padded) > 0; padded = padded[64:] {
		compress(&v, padded[:64])
	}
	var sum [32]byte
	for i, x := range v {
		binary.BigEndian.PutUint32(sum[4*i:], x)
	}
	return sum
}

// compress is section 5.3.
func compress(v *[8]uint32, block []byte) {
	p0 := func(x uint32) uint32 { return x ^ bits.RotateLeft32(x, 9) ^ bits.RotateLeft32(x, 17) }
	p1 := func(x uint32) uint32 { return x ^ bits.RotateLeft32(x, 15) ^ bits.RotateLeft32(x, 23) }
	var w [68]uint32
	for j := range 16 {
		w[j] = binary.BigEndian.Uint32(block[4*j:])
	}
	for j := 16; j < 68; j++ {
		w[j] = p1(w[j-16]^w[j-9]^bits.RotateLeft32(w[j-3], 15)) ^ bits.RotateLeft32(w[j-13], 7) ^ w[j-6]
	}
	a, b, c, d, e, f, g, h := v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]
	for j := range 64 {
		k, ff, gg := uint32(0x79cc4519), a^b^c, e^f^g
		if j >= 16 {
			k, ff, gg = 0x7a879d8a, a&b|a&c|b&c, e&f|^e&g
		}
		ss1 := bits.RotateLeft32(bits.RotateLeft32(a, 12)+e+bits.RotateLeft32(k, j%32), 7)
		ss2 := ss1 ^ bits.RotateLeft32(a, 12)
		tt1 := ff + d + ss2 + (w[j] ^ w[j+4])
		tt2 := gg + h + ss1 + w[j]
		a, b, c, d = tt1, a, bits.RotateLeft32(b, 9), c
		e, f, g, h = p0(tt2), e, bits.RotateLeft32(f, 19), g
	}
	for i, x := range [8]uint32{a, b, c, d, e, f, g, h} {
		v[i] ^= x
	}
}

// New returns a hash that keeps what is written to it.
func New() hash.Hash { return new(message) }

type message struct{ b []byte }

func (m *message) Write(p []byte) (int, error) {
	m.b = append(m.b, p...)
	return len(p), nil
}

func (m *message) Sum(b []byte) []byte {
	sum := Sum(m.b)
	return append(b, sum[:]...)
}

func (m *message) Reset()         { m.b = nil }
func (m *message) Size() int      { return 32 }
func (m *message) BlockSize() int { return 64 }
