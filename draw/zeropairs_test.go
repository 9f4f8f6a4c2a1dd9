package draw

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// TestZeroPairsAreBounded counts in a stratum of a thousand weights, where looking
// at every pair in every order would never end: what is known and what is not add
// up to all pairs.
func TestZeroPairsAreBounded(t *testing.T) {
	const units = 20_000
	frame, err := registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		for i := range units {
			if !yield(registry.Unit{ID: fmt.Sprintf("u%06d", i), Stratum: "s", Weight: uint64(1000 + i)}, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	quotas, err := Fixed(frame.Strata(), map[string]uint64{"s": 50})
	require.NoError(t, err)
	plan, err := NewPlan(SHA256(), frame, quotas, 0)
	require.NoError(t, err)
	result, err := Run(plan, frame, Seed{1})
	require.NoError(t, err)
	pairs, err := result.ZeroPairs("s")
	require.NoError(t, err)
	require.Equal(t, int64(units*(units-1)/2), pairs.All.Int64())
	require.Positive(t, pairs.Unknown.Sign())
	require.True(t, new(big.Int).Add(pairs.Zero, pairs.Unknown).Cmp(pairs.All) <= 0)
}
