// Package gm brings the commercial cryptography of China's national standards to
// a public draw: [SM3] is the hash function GB/T 32905 as a suite, and
// [GenerateKey], [NewSigner] and [NewVerifier] sign notes with SM2 (GB/T 32918),
// beside or instead of Ed25519.
//
// It is a module of its own because of its one dependency,
// github.com/emmansun/gmsm. It has no state. Randomness comes from the caller.
// Neither this package nor that library is certified as a cryptographic product.
package gm

import (
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/emmansun/gmsm/sm3"
)

// SM3 returns the suite "sm3": the hash function of GB/T 32905-2016, also GM/T
// 0004-2012 and ISO/IEC 10118-3:2018. It is tested by the two examples of the
// standard's annex A each time. Like every suite it must be named by whoever
// reads texts under it: draw.ParsePlan(text, draw.SHA256(), gm.SM3()).
func SM3() draw.Suite {
	s, err := draw.NewSuite("sm3", sm3.New,
		draw.KnownAnswer{
			Message: "abc",
			Digest:  "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
		},
		draw.KnownAnswer{
			Message: strings.Repeat("abcd", 16),
			Digest:  "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
		})
	if err != nil {
		panic(err)
	}
	return s
}
