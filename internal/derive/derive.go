// Package derive derives keys from a secret or a seed with fixed purposes.
package derive

import (
	"crypto/hkdf"
	"encoding/binary"
	"fmt"
	"hash"
	"math"
)

// Protocol is the first part of every derivation. It changes if the meaning of
// any derived key does.
const Protocol = "doublerandom/v1"

// Key returns the 32-byte key for a purpose: HKDF-Expand (RFC 5869, section
// 2.3) of secret with [Info] of the purpose and parts. It returns an error only
// where the hash is refused, as by a FIPS 140 mode that knows SHA-256 alone.
func Key(newHash func() hash.Hash, secret []byte, purpose string, parts ...string) (key [32]byte, err error) {
	out, err := hkdf.Expand(newHash, secret, Info(purpose, parts...), len(key))
	if err != nil {
		return key, fmt.Errorf("deriving key %q: %w", purpose, err)
	}
	return [32]byte(out), nil
}

// Info returns Protocol, the purpose and the parts, each behind its length in
// bytes as a 4-byte big-endian number, so that no two lists of parts give the
// same bytes.
func Info(purpose string, parts ...string) string {
	var info []byte
	for _, part := range append([]string{Protocol, purpose}, parts...) {
		if uint64(len(part)) > math.MaxUint32 {
			panic("derive: part exceeds 4 GiB")
		}
		info = binary.BigEndian.AppendUint32(info, uint32(len(part)))
		info = append(info, part...)
	}
	return string(info)
}
