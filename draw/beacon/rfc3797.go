package beacon

import (
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"slices"
)

// maxPool is the greatest pool of RFC 3797, whose reference code counts in 16 bits.
const maxPool = 65535

// RFC3797 returns the selection that RFC 3797 makes with a key string: picks of the
// numbers 1–pool in the order in which they are picked. Pick i, from 0, takes the
// MD5 of the key between two copies of i in 2 bytes, big-endian; its remainder by
// the count of numbers that are left says which of them, in ascending order and from
// 0, is picked. It fails unless the key has 1–1,024 bytes, pool is 1–65,535 and picks
// 0–pool.
//
// It serves to repeat published selections. MD5 is weak, and the key says nothing of
// who could have foreseen it: draw with package draw.
func RFC3797(key string, pool, picks int) ([]int, error) {
	switch {
	case len(key) < 1 || len(key) > maxToken:
		return nil, fmt.Errorf("beacon: RFC 3797 key has %d bytes, expected 1–%d", len(key), maxToken)
	case pool < 1 || pool > maxPool:
		return nil, fmt.Errorf("beacon: RFC 3797 pool is %d, expected 1–%d", pool, maxPool)
	case picks < 0 || picks > pool:
		return nil, fmt.Errorf("beacon: RFC 3797 picks are %d, expected 0–%d", picks, pool)
	}
	left := make([]uint16, pool)
	for i := range left {
		left[i] = uint16(i + 1)
	}
	picked := make([]int, picks)
	text := slices.Concat([]byte{0, 0}, []byte(key), []byte{0, 0})
	for i := range picked {
		binary.BigEndian.PutUint16(text, uint16(i))
		binary.BigEndian.PutUint16(text[len(text)-2:], uint16(i))
		k := remainder(md5.Sum(text), len(left))
		picked[i] = int(left[k])
		left = slices.Delete(left, k, k+1)
	}
	return picked, nil
}

// remainder divides a 128-bit big-endian number by n ≤ 65535, byte by byte.
func remainder(dividend [md5.Size]byte, n int) int {
	r := uint32(0)
	for _, b := range dividend {
		r = (r<<8 | uint32(b)) % uint32(n)
	}
	return int(r)
}
