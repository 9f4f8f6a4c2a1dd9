package gm

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/doublerandom/doublerandom/draw/internal/sm3"
	"github.com/stretchr/testify/require"
)

// slowHMAC is HMAC (RFC 2104) with a key of at most 64 bytes.
func slowHMAC(key, message []byte) [32]byte {
	inner, outer := bytes.Repeat([]byte{0x36}, 64), bytes.Repeat([]byte{0x5c}, 64)
	for i, b := range key {
		inner[i] ^= b
		outer[i] ^= b
	}
	sum := sm3.Sum(append(inner, message...))
	return sm3.Sum(append(outer, sum[:]...))
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
		return sm3.Sum([]byte("\x00" + leaves[0]))
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	left, right := slowRoot(leaves[:k]), slowRoot(leaves[k:])
	return sm3.Sum(append(append([]byte{1}, left[:]...), right[:]...))
}

// TestSM3 compares the suite with the reference for every length over four blocks.
func TestSM3(t *testing.T) {
	suite := SM3()
	require.Equal(t, "sm3", suite.Name())
	random := rand.NewChaCha8([32]byte{1})
	for n := range 4*64 + 1 {
		message := make([]byte, n)
		random.Read(message)
		require.Equal(t, sm3.Sum(message), suite.Sum(message), "%d bytes", n)
		h := suite.Hash()
		h.Write(message[:n/3])
		h.Write(message[n/3:])
		want := sm3.Sum(message)
		require.Equal(t, want[:], h.Sum(nil), "%d bytes in two pieces", n)
	}
}
