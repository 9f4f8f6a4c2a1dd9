package draw

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// boxedShares finds the shares without an order of levels: it tries every choice
// of strata at their minimum, at their maximum, and in between.
func boxedShares(z, least, most []uint64, n uint64) (shares []*big.Rat, found bool) {
	choices := 1
	for range z {
		choices *= 3
	}
	whole := func(x uint64) *big.Rat { return new(big.Rat).SetUint64(x) }
	for choice := range choices {
		rest, slope := whole(n), new(big.Rat)
		state := make([]int, len(z))
		for h, c := 0, choice; h < len(z); h, c = h+1, c/3 {
			switch state[h] = c % 3; state[h] {
			case 0:
				rest.Sub(rest, whole(least[h]))
			case 1:
				rest.Sub(rest, whole(most[h]))
			case 2:
				slope.Add(slope, whole(z[h]))
			}
		}
		if slope.Sign() == 0 {
			continue
		}
		level := rest.Quo(rest, slope)
		shares, ok := make([]*big.Rat, len(z)), level.Sign() >= 0
		for h := range z {
			x := new(big.Rat).Mul(level, whole(z[h]))
			switch state[h] {
			case 0:
				shares[h], ok = whole(least[h]), ok && x.Cmp(whole(least[h])) <= 0
			case 1:
				shares[h], ok = whole(most[h]), ok && x.Cmp(whole(most[h])) >= 0
			case 2:
				shares[h], ok = x, ok && x.Cmp(whole(least[h])) >= 0 && x.Cmp(whole(most[h])) <= 0
			}
		}
		if ok {
			return shares, true
		}
	}
	return nil, false
}

func TestSharesAgainstBruteForce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	found, infeasible := 0, 0
	for range 3000 {
		size := 1 + random.IntN(4)
		z, least, most, units := make([]uint64, size), make([]uint64, size), make([]uint64, size), make([]uint64, size)
		bounds := Bounds{Min: map[string]uint64{}, Max: map[string]uint64{}}
		spread := map[string]uint64{}
		sum := uint64(0)
		for h := range z {
			label := string(rune('A' + h))
			units[h] = 1 + random.Uint64N(9)
			spread[label] = random.Uint64N(5)
			most[h] = random.Uint64N(units[h] + 1)
			least[h] = random.Uint64N(most[h] + 1)
			bounds.Min[label], bounds.Max[label] = least[h], most[h]
			z[h] = units[h] * spread[label]
			if z[h] == 0 {
				most[h] = least[h]
			}
			sum += most[h]
		}
		n := random.Uint64N(sum + 3)
		q, err := Neyman(strataOf(units...), n, spread, bounds)
		want, ok := boxedShares(z, least, most, n)
		if !ok {
			// Every share is at a bound, so that no level is unique.
			low := uint64(0)
			for _, l := range least {
				low += l
			}
			if low == n || sum == n {
				require.NoError(t, err)
				continue
			}
			require.Error(t, err)
			infeasible++
			continue
		}
		require.NoError(t, err)
		for h := range want {
			require.Equal(t, want[h].RatString(), q[h].Count.String(), "%v %v %v %d", z, least, most, n)
		}
		found++
	}
	require.Greater(t, found, 1000)
	require.Greater(t, infeasible, 100)
}
