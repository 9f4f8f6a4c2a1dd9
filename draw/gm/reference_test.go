package gm

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// slowSM3 is SM3 as GB/T 32905-2016 writes it down, sections 4 and 5.
func slowSM3(message []byte) [32]byte {
	padded := append(bytes.Clone(message), 0x80)
	for len(padded)%64 != 56 {
		padded = append(padded, 0)
	}
	padded = binary.BigEndian.AppendUint64(padded, 8*uint64(len(message)))
	p0 := func(x uint32) uint32 { return x ^ bits.RotateLeft32(x, 9) ^ bits.RotateLeft32(x, 17) }
	p1 := func(x uint32) uint32 { return x ^ bits.RotateLeft32(x, 15) ^ bits.RotateLeft32(x, 23) }
	v := [8]uint32{0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e}
	for ; len(padded) > 0; padded = padded[64:] {
		var w [68]uint32
		for j := range 16 {
			w[j] = binary.BigEndian.Uint32(padded[4*j:])
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
	var sum [32]byte
	for i, x := range v {
		binary.BigEndian.PutUint32(sum[4*i:], x)
	}
	return sum
}

// slowHMAC is HMAC (RFC 2104) with a key of at most 64 bytes.
func slowHMAC(key, message []byte) [32]byte {
	inner, outer := bytes.Repeat([]byte{0x36}, 64), bytes.Repeat([]byte{0x5c}, 64)
	for i, b := range key {
		inner[i] ^= b
		outer[i] ^= b
	}
	sum := slowSM3(append(inner, message...))
	return slowSM3(append(outer, sum[:]...))
}

// slowKey is Key of draw/SPEC.md, section 3.
func slowKey(secret []byte, purposeAndParts ...string) [32]byte {
	var info []byte
	for _, s := range append([]string{"doublerandom/v1"}, purposeAndParts...) {
		info = append(binary.BigEndian.AppendUint32(info, uint32(len(s))), s...)
	}
	return slowHMAC(secret, append(info, 1))
}

// slowRoot is the tree hash of RFC 6962, section 2.1.
func slowRoot(leaves []string) [32]byte {
	if len(leaves) == 1 {
		return slowSM3([]byte("\x00" + leaves[0]))
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	left, right := slowRoot(leaves[:k]), slowRoot(leaves[k:])
	return slowSM3(append(append([]byte{1}, left[:]...), right[:]...))
}

func TestReferenceKnownAnswers(t *testing.T) {
	for message, want := range map[string]string{
		"abc":                      "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
		strings.Repeat("abcd", 16): "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
	} {
		sum := slowSM3([]byte(message))
		require.Equal(t, want, hex.EncodeToString(sum[:]))
	}
}

// TestSM3 compares the suite with the reference for every length over four blocks.
func TestSM3(t *testing.T) {
	suite := SM3()
	require.Equal(t, "sm3", suite.Name())
	random := rand.NewChaCha8([32]byte{1})
	for n := range 4*64 + 1 {
		message := make([]byte, n)
		random.Read(message)
		require.Equal(t, slowSM3(message), suite.Sum(message), "%d bytes", n)
		h := suite.Hash()
		h.Write(message[:n/3])
		h.Write(message[n/3:])
		want := slowSM3(message)
		require.Equal(t, want[:], h.Sum(nil), "%d bytes in two pieces", n)
	}
}
