package coverage

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheckErrors(t *testing.T) {
	frame := numberedFrame(t, 10, []string{"a"}, []uint64{1})
	plan := planOf(t, frame, 0, map[uint64][]uint64{1: {1, 1}})
	s := run(t, plan, frame, seedOf(1))
	later := planOf(t, frame, 1, map[uint64][]uint64{1: {1, 1}})
	want := fmt.Sprintf("coverage: schedule is for plan %x, expected %x", plan.ID(), later.ID())
	require.EqualError(t, Check(later, frame, s), want)
	require.EqualError(t, CheckSchedule(later, frame, s), want)

	more := numberedFrame(t, 11, []string{"a"}, []uint64{1})
	require.EqualError(t, Check(plan, more, s), "coverage: frame has 11 units, the plan says 10")
	require.EqualError(t, CheckSchedule(plan, more, s), `coverage: stratum "a" has 11 units of weight 1 in the frame, 10 in the plan`)
	renamed := frameOf(t, strings.Replace(frameText(t, frame), "u000009", "u000010", 1))
	root, err := renamed.Root(plan.Suite().Hash)
	require.NoError(t, err)
	require.EqualError(t, Check(plan, renamed, s), fmt.Sprintf("coverage: frame has root %x, the plan says %x", root, plan.FrameRoot()))

	cut := fmt.Sprint(s.cells[0].cuts[0].Last)
	text := strings.Replace(scheduleText(t, s), cut, strings.Repeat("0", 32), 1)
	forged, err := ParseSchedule(strings.NewReader(text), plan)
	require.NoError(t, err)
	require.EqualError(t, Check(plan, frame, forged),
		`coverage: schedule line 5 is "cut 2026Q1 5 00000000000000000000000000000000", derived "cut 2026Q1 5 `+cut+`"`)
}
