package main

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
)

// Dice make up everything that is not drawn, from one seed: the same for any number of processors, since
// each use has a purpose and a number of its own.
type dice struct{ seed uint64 }

// bytes returns 32 bytes for a purpose.
func (d dice) bytes(purpose string, n uint64) [32]byte {
	b := binary.BigEndian.AppendUint64([]byte("examples/city\n"), d.seed)
	b = binary.BigEndian.AppendUint64(b, n)
	return sha256.Sum256(append(b, purpose...))
}

// rand returns a generator for a purpose.
func (d dice) rand(purpose string, n uint64) *rand.Rand {
	return rand.New(rand.NewChaCha8(d.bytes(purpose, n)))
}

// roll returns a number from 0 up to 1 for a purpose and an ID. It is quick: truth is thrown for each unit
// of each frame.
func (d dice) roll(purpose, id string) float64 {
	h := uint64(14695981039346656037) ^ d.seed*0x9e3779b97f4a7c15
	for _, s := range [2]string{purpose, id} {
		for i := 0; i < len(s); i++ {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
		h ^= h >> 29
	}
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return float64((h^h>>31)>>11) / (1 << 53)
}

// pick returns one of a list.
func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// weighted returns an index with chances in proportion to weights.
func weighted(rng *rand.Rand, weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := rng.IntN(sum)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return len(weights) - 1
}
