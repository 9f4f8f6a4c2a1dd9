package coverage

import (
	"bytes"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/stretchr/testify/require"
)

func fuzzed(t testing.TB) (*Plan, *Schedule, *Seal) {
	frame := numberedFrame(t, 20, []string{"a", "b"}, []uint64{1, 3})
	plan := planOf(t, frame, 14, map[uint64][]uint64{1: {1, 1, 2}, 3: {2, 1, 0}})
	s := run(t, plan, frame, seedOf(3))
	seal, err := NewSeal(s, frame, [32]byte{7})
	require.NoError(t, err)
	return plan, s, seal
}

func FuzzPlan(f *testing.F) {
	plan, _, _ := fuzzed(f)
	f.Add(planText(f, plan))
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePlan(strings.NewReader(text), draw.SHA256())
		if err != nil {
			require.Nil(t, p)
			return
		}
		require.Equal(t, text, planText(t, p))
	})
}

func FuzzSchedule(f *testing.F) {
	plan, s, _ := fuzzed(f)
	f.Add(scheduleText(f, s))
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSchedule(strings.NewReader(text), plan)
		if err != nil {
			require.Nil(t, s)
			return
		}
		require.Equal(t, text, scheduleText(t, s))
	})
}

func FuzzReceipt(f *testing.F) {
	_, _, seal := fuzzed(f)
	r, err := seal.Receipt("u000003")
	require.NoError(f, err)
	text, err := r.MarshalText()
	require.NoError(f, err)
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		kept := Receipt{Batch: "kept"}
		if err := kept.UnmarshalText(text); err != nil {
			require.Equal(t, Receipt{Batch: "kept"}, kept, "unchanged")
			return
		}
		again, err := kept.MarshalText()
		require.NoError(t, err)
		require.True(t, bytes.Equal(text, again))
	})
}
