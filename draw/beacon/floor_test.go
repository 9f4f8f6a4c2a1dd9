package beacon

import (
	"crypto/sha256"
	"encoding/binary"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// A cheat who prepares the notice tries many, each with another secret or frame. A
// beacon of k bits has 2^k outcomes; he counts under how many of them a company
// with a chance of 1/20 would be drawn, and announces the notice with the fewest.
// That beacons of few bits are open to this is why there is a floor.

// best returns the least count c of 2^k outcomes that is to be expected among
// 2^tries notices: the least with P(count ≤ c) ≥ 2^-tries, exactly.
func best(k, tries int) int64 {
	n := int64(1) << k
	// P(count ≤ c)·20^n = Σ C(n,i)·19^(n-i), each term from the one before it.
	term := new(big.Int).Exp(big.NewInt(19), big.NewInt(n), nil)
	sum := new(big.Int)
	whole := new(big.Int).Exp(big.NewInt(20), big.NewInt(n), nil)
	for c := int64(0); ; c++ {
		if new(big.Int).Lsh(sum.Add(sum, term), uint(tries)).Cmp(whole) >= 0 {
			return c
		}
		term.Mul(term, big.NewInt(n-c))
		term.Quo(term, big.NewInt(19*(c+1)))
	}
}

func TestWhyAFloor(t *testing.T) {
	const tries = 10
	for k := 3; k <= 10; k++ {
		least := int64(1) << k
		for notice := range uint32(1) << tries {
			count := int64(0)
			for outcome := range uint32(1) << k {
				var in [12]byte
				binary.BigEndian.PutUint32(in[:], uint32(k))
				binary.BigEndian.PutUint32(in[4:], notice)
				binary.BigEndian.PutUint32(in[8:], outcome)
				sum := sha256.Sum256(in[:])
				if binary.BigEndian.Uint64(sum[:])%20 == 0 { // skewed by less than 2^-59
					count++
				}
			}
			least = min(least, count)
		}
		// The least of 2^10 notices with these fixed inputs is within 2 of what is expected.
		require.InDelta(t, best(k, tries), least, 2, "%d bits", k)
	}
	require.EqualValues(t, 0, best(7, 10), "7 bits and a thousand tries: never drawn")
	require.EqualValues(t, 6, best(10, 52), "10 bits: 6 of 1,024 outcomes, 0.6 % instead of 5 %")
	// The standard deviation of a share is √(0.05·0.95/2^k): at 64 bits 5·10^-11, so
	// that even nine of them, as far as 2^60 tries reach, leave 5 % as it is.
}
