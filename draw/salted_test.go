package draw

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// TestSaltedPlan draws from a frame whose rows are shown to auditors only: the
// plan is another one, the frame is checked with the secret alone, and the text
// still round-trips.
func TestSaltedPlan(t *testing.T) {
	frame, err := registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		for i := range 30 {
			if !yield(registry.Unit{ID: fmt.Sprint("id", i), Stratum: "s", Weight: uint64(1 + i%2)}, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	quotas, err := Fixed(frame.Strata(), map[string]uint64{"s": 4})
	require.NoError(t, err)
	secret := [32]byte{1, 2, 3}
	salted, err := NewSaltedPlan(SHA256(), frame, secret, quotas, 0)
	require.NoError(t, err)
	plain, err := NewPlan(SHA256(), frame, quotas, 0)
	require.NoError(t, err)
	require.NotEqual(t, plain.FrameRoot(), salted.FrameRoot())

	text, err := salted.MarshalText()
	require.NoError(t, err)
	parsed, err := ParsePlan(bytes.NewReader(text), SHA256())
	require.NoError(t, err)
	require.NoError(t, parsed.CheckSaltedFrame(frame, secret))
	require.EqualError(t, parsed.CheckFrame(frame),
		fmt.Sprintf("draw: frame has root %x, the plan says %x", plain.FrameRoot(), salted.FrameRoot()))
	require.ErrorContains(t, parsed.CheckSaltedFrame(frame, [32]byte{9}), "draw: frame has root ")

	result, err := Run(parsed, frame, Seed{7})
	require.NoError(t, err)
	require.NoError(t, CheckDraw(parsed, frame, result))
	require.EqualError(t, CheckDraw(plain, frame, result),
		fmt.Sprintf("draw: result is for plan %x, expected %x", salted.ID(), plain.ID()))
	require.ErrorContains(t, Check(parsed, frame, result), "draw: frame has root ")
}
