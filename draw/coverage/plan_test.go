package coverage

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func smallFrame(t testing.TB) *registry.Frame {
	return frameOf(t, "u1 a 1\nu2 a 2\nu3 b 1\n")
}

func smallTerms(t testing.TB) Terms {
	return Terms{quarters(t, 2), 14, []Shares{{"b", 1, []uint64{2, 4}}, {"a", 2, []uint64{3, 0}}, {"a", 1, []uint64{1, 1}}, {"c", 7, []uint64{0, 5}}}}
}

func smallPlan(t testing.TB) *Plan {
	t.Helper()
	plan, err := NewPlan(draw.SHA256(), smallFrame(t), smallTerms(t))
	require.NoError(t, err)
	return plan
}

func TestPlan(t *testing.T) {
	plan := smallPlan(t)
	root, err := smallFrame(t).Root(plan.Suite().Hash)
	require.NoError(t, err)
	text := fmt.Sprintf(`doublerandom/coverage-plan/v1
suite sha256
frame %x
units 3
lead 14
batches 2
cells 4
batch 2026Q1 2026-01-01 2026-03-31
batch 2026Q2 2026-04-01 2026-06-30
cell a 1 1 1 1
cell a 2 1 1 0
cell b 1 1 1 2
cell c 7 0 0 1
`, root)
	require.Equal(t, text, planText(t, plan))
	require.Equal(t, plan.Suite().Sum([]byte(text)), plan.ID())
	parsed, err := ParsePlan(strings.NewReader(text), draw.SHA256())
	require.NoError(t, err)
	for _, p := range []*Plan{plan, parsed} {
		require.Equal(t, plan.ID(), p.ID())
		require.Equal(t, text, planText(t, p))
		require.Equal(t, root, p.FrameRoot())
		require.EqualValues(t, 3, p.Units())
		require.Equal(t, 14, p.Lead())
		require.Equal(t, quarters(t, 2), p.Batches())
		require.NoError(t, p.CheckFrame(smallFrame(t)))
		require.Equal(t, []Cell{
			{"a", 1, 1, []uint64{1, 1}}, {"a", 2, 1, []uint64{1, 0}}, {"b", 1, 1, []uint64{1, 2}}, {"c", 7, 0, []uint64{0, 1}},
		}, slices.Collect(p.Cells()))
		least, most := p.Size(0)
		require.Equal(t, []uint64{1, 3}, []uint64{least, most})
		i, ok := p.Find("2026Q2")
		require.Equal(t, 1, i)
		require.True(t, ok)
		_, ok = p.Find("2026Q3")
		require.False(t, ok)
	}
	for range plan.Cells() {
		break
	}
	plan.Batches()[0].Label = "changed"
	require.Equal(t, quarters(t, 2), plan.Batches())
	require.PanicsWithValue(t, "coverage: bad index of a batch", func() { plan.Size(2) })
	require.PanicsWithValue(t, "coverage: bad index of a batch", func() { plan.Size(-1) })
}

func TestOpen(t *testing.T) {
	plan := smallPlan(t) // with a lead of 14 days
	for _, c := range []struct {
		on    string
		first int
		open  bool
	}{
		{"2020-01-01", 0, true}, {"2026-03-17", 0, true}, {"2026-03-18", 1, true}, {"2026-06-16", 1, true}, {"2026-06-17", 0, false}, {"9999-12-31", 0, false},
	} {
		first, open := plan.Open(date(t, c.on))
		require.Equal(t, c.first, first, c.on)
		require.Equal(t, c.open, open, c.on)
	}
	_, open := plan.Open(registry.Date{})
	require.False(t, open)
}

func TestSaltedPlan(t *testing.T) {
	frame, secret := smallFrame(t), [32]byte{1}
	plan, err := NewSaltedPlan(draw.SHA256(), frame, secret, smallTerms(t))
	require.NoError(t, err)
	require.NoError(t, plan.CheckSaltedFrame(frame, secret))
	require.ErrorContains(t, plan.CheckSaltedFrame(frame, [32]byte{2}), "coverage: frame has root ")
	require.ErrorContains(t, plan.CheckFrame(frame), "coverage: frame has root ")
	s := run(t, plan, frame, seedOf(1))
	require.ErrorContains(t, Check(plan, frame, s), "coverage: frame has root ")
	require.NoError(t, CheckSchedule(plan, frame, s))
}

func TestNewPlanErrors(t *testing.T) {
	cases := []struct {
		name   string
		change func(*Terms)
		want   string
	}{
		{"negative lead", func(x *Terms) { x.Lead = -1 }, "coverage: lead of -1 days, expected 0 to 3660"},
		{"long lead", func(x *Terms) { x.Lead = 3661 }, "coverage: lead of 3661 days, expected 0 to 3660"},
		{"no batches", func(x *Terms) { x.Batches = nil }, "coverage: 0 batches, expected 1 to 1000"},
		{"many batches", func(x *Terms) { x.Batches = make([]Batch, 1001) }, "coverage: 1001 batches, expected 1 to 1000"},
		{"no cells", func(x *Terms) { x.Shares = nil }, "coverage: 0 cells, expected 1 to 131072"},
		{"many cells", func(x *Terms) { x.Shares = make([]Shares, 131_073) }, "coverage: 131073 cells, expected 1 to 131072"},
		{"many cuts", func(x *Terms) { x.Batches, x.Shares = make([]Batch, 1000), make([]Shares, 4195) }, "coverage: 4195 cells of 1000 batches, expected at most 4194304 together"},
		{"no label", func(x *Terms) { x.Batches[1].Label = "" }, "coverage: batch is empty"},
		{"label twice", func(x *Terms) { x.Batches[1].Label = "2026Q1" }, `coverage: batch "2026Q1" is there twice`},
		{"no first day", func(x *Terms) { x.Batches[1].From = registry.Date{} }, `coverage: batch "2026Q2" has no first or no last day`},
		{"no last day", func(x *Terms) { x.Batches[1].To = registry.Date{} }, `coverage: batch "2026Q2" has no first or no last day`},
		{"backwards", func(x *Terms) { x.Batches[1].To = date(t, "2026-03-31") }, `coverage: batch "2026Q2" ends on 2026-03-31, before it begins on 2026-04-01`},
		{"overlap", func(x *Terms) { x.Batches[1].From = date(t, "2026-03-31") }, `coverage: batch "2026Q2" begins on 2026-03-31, expected a day after 2026-03-31, the last of batch "2026Q1"`},
		{"stratum", func(x *Terms) { x.Shares[3].Stratum = "c d" }, `coverage: stratum "c d" has the space U+0020 at byte 2`},
		{"weight 0", func(x *Terms) { x.Shares[3].Weight = 0 }, `coverage: stratum "c": weight 0, expected 1 to 9223372036854775807`},
		{"weight", func(x *Terms) { x.Shares[3].Weight = 1 << 63 }, `coverage: stratum "c": weight 9223372036854775808, expected 1 to 9223372036854775807`},
		{"few parts", func(x *Terms) { x.Shares[3].Parts = []uint64{1} }, `coverage: stratum "c": weight 7 has 1 parts, expected one for each of 2 batches`},
		{"large part", func(x *Terms) { x.Shares[3].Parts = []uint64{1, 1_000_001} }, `coverage: stratum "c": weight 7 has part 1000001 of batch 2, expected at most 1000000`},
		{"no part", func(x *Terms) { x.Shares[3].Parts = []uint64{0, 0} }, `coverage: stratum "c": weight 7 has no part of any batch`},
		{"cell twice", func(x *Terms) { x.Shares[3] = x.Shares[0] }, `coverage: stratum "b": weight 1 has shares twice`},
		{"cell missing", func(x *Terms) { x.Shares = x.Shares[1:] }, `coverage: stratum "b": no shares for the 1 units of weight 1`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			terms := smallTerms(t)
			c.change(&terms)
			plan, err := NewPlan(draw.SHA256(), smallFrame(t), terms)
			require.EqualError(t, err, c.want)
			require.Nil(t, plan)
		})
	}
	_, err := NewPlan(draw.Suite{}, smallFrame(t), smallTerms(t))
	require.EqualError(t, err, "coverage: zero Suite, expected one from draw.SHA256 or draw.NewSuite")
	terms := smallTerms(t)
	terms.Batches[1].From = date(t, "2026-04-02") // a day between batches
	_, err = NewPlan(draw.SHA256(), smallFrame(t), terms)
	require.NoError(t, err)
}

func TestSharesByWeight(t *testing.T) {
	shares, err := SharesByWeight(smallFrame(t), map[uint64][]uint64{2: {1, 0}, 1: {1, 1}})
	require.NoError(t, err)
	require.Equal(t, []Shares{{"a", 1, []uint64{1, 1}}, {"a", 2, []uint64{1, 0}}, {"b", 1, []uint64{1, 1}}, {"b", 2, []uint64{1, 0}}}, shares)
	_, err = SharesByWeight(smallFrame(t), map[uint64][]uint64{1: {1, 1}})
	require.EqualError(t, err, `coverage: stratum "a": no shares for the 1 units of weight 2`)
}

// A fault is a change to a text, and the error that it must give.
type fault struct{ old, new, want string }

// long is too long for a label.
var long = strings.Repeat("x", 65)

func planFaults(plan *Plan) []fault {
	return []fault{
		{"doublerandom/coverage-plan/v1", "doublerandom/coverage-plan/v2", `coverage: plan line 1: "doublerandom/coverage-plan/v2", expected "doublerandom/coverage-plan/v1"`},
		{"suite sha256", "suite sm3", `coverage: plan: suite "sm3" is none of those accepted: sha256`},
		{"suite sha256", "suite  sha256", `coverage: plan line 2: "suite  sha256", expected "suite" and 1 fields with single spaces`},
		{"suite sha256", "Suite sha256", `coverage: plan line 2: "Suite sha256", expected "suite"`},
		{"suite sha256\n", "suite sha256\r\n", `coverage: plan: suite "sha256\r" is none of those accepted: sha256`},
		{"frame ", "frame 0", fmt.Sprintf(`coverage: plan line 3: frame "0%x" is not 64 lower-case hexadecimal digits`, plan.root)},
		{"units 3", "units 0", "coverage: plan line 4: units 0, expected 1 to 9223372036854775807"},
		{"units 3", "units 03", `coverage: plan line 4: units "03" is not a whole number up to 9223372036854775807 in plain decimal digits`},
		{"units 3", "units 9223372036854775808", `coverage: plan line 4: units "9223372036854775808" is not a whole number up to 9223372036854775807 in plain decimal digits`},
		{"units 3", "units 4", "coverage: plan: cells have 3 units, the frame 4"},
		{"units 3", "units 2", "coverage: plan line 12: cells have 3 units up to here, more than the frame's 2"},
		{"lead 14", "lead 3661", "coverage: plan line 5: lead 3661, expected 0 to 3660"},
		{"lead 14", "lead -1", `coverage: plan line 5: lead "-1" is not a whole number up to 9223372036854775807 in plain decimal digits`},
		{"batches 2", "batches 0", "coverage: plan line 6: batches 0, expected 1 to 1000"},
		{"batches 2", "batches 1001", "coverage: plan line 6: batches 1001, expected 1 to 1000"},
		{"batches 2", "batches 3", `coverage: plan line 10: "cell a 1 1 1 1", expected "batch"`},
		{"batches 2", "batches 1", `coverage: plan line 9: "batch 2026Q2 2026-04-01 2026-06-30", expected "cell"`},
		{"cells 4", "cells 0", "coverage: plan line 7: cells 0, expected 1 to 131072"},
		{"cells 4", "cells 131073", "coverage: plan line 7: cells 131073, expected 1 to 131072"},
		{"batches 2\ncells 4", "batches 1000\ncells 131072", "coverage: plan line 7: 131072 cells of 1000 batches, expected at most 4194304 together"},
		{"cells 4", "cells 5", `coverage: plan line 14: missing, expected "cell"`},
		{"cells 4", "cells 3", `coverage: plan line 13: "cell c 7 0 0 1", expected the end`},
		{"batch 2026Q1", "batch " + long, `coverage: plan line 8: batch "` + long[:64] + `"… has 65 bytes, expected at most 64`},
		{"batch 2026Q1", "batch 2026Q2", `coverage: plan line 9: batch "2026Q2" is there twice`},
		{"2026-03-31", "2026-02-29", `coverage: plan line 8: date "2026-02-29": day 29 is outside 1–28 of February 2026`},
		{"2026-03-31", "2026-3-31", `coverage: plan line 8: date "2026-3-31": expected YYYY-MM-DD`},
		{"2026-03-31", "2025-03-31", `coverage: plan line 8: batch "2026Q1" ends on 2025-03-31, before it begins on 2026-01-01`},
		{"2026-04-01", "2026-03-31", `coverage: plan line 9: batch "2026Q2" begins on 2026-03-31, expected a day after 2026-03-31, the last of batch "2026Q1"`},
		{"cell a 1", "cell " + long + " 1", `coverage: plan line 10: stratum "` + long[:64] + `"… has 65 bytes, expected at most 64`},
		{"cell a 1 ", "cell a 0 ", "coverage: plan line 10: weight 0, expected 1 to 9223372036854775807"},
		{"cell a 1 1 1 1", "cell a 1 1 1", `coverage: plan line 10: "cell a 1 1 1", expected "cell" and 5 fields with single spaces`},
		{"cell a 1 1 1 1", "cell a 1 1 1 1 1", `coverage: plan line 10: "cell a 1 1 1 1 1", expected "cell" and 5 fields with single spaces`},
		{"cell a 1 1 1 1", "cell a 1 1 0 0", `coverage: plan line 10: stratum "a": weight 1 has no part of any batch`},
		{"cell a 1 1 1 1", "cell a 1 1 2 2", "coverage: plan line 10: parts have the common divisor 2, expected lowest terms"},
		{"cell a 1 1 1 1", "cell a 1 1 1 1000001", "coverage: plan line 10: part 1000001, expected 0 to 1000000"},
		{"cell a 1 1 1 1", "cell a 2 1 1 1", `coverage: plan line 11: stratum "a", weight 2 is not above "a", 2 of the line before`},
		{"cell b 1", "cell a 1", `coverage: plan line 12: stratum "a", weight 1 is not above "a", 2 of the line before`},
		{"cell c 7 0 0 1\n", "cell c 7 0 0 1", "coverage: plan line 13: ends without a newline: the text is cut off"},
		{"cell c 7 0 0 1\n", "cell c 7 0 0 1\n\n", `coverage: plan line 14: "", expected the end`},
		{"cell c 7 0 0 1", "cell c 7 0 0 1 ", `coverage: plan line 13: "cell c 7 0 0 1 ", expected "cell" and 5 fields with single spaces`},
		{"cell c 7 0 0 1", "cell \xff 7 0 0 1", "coverage: plan line 13: not valid UTF-8"},
		{"cell c 7 0 0 1", "cell " + strings.Repeat("c", 9000), "coverage: plan line 13: longer than 8129 bytes"},
		{"cell c 7 0 0 1", "cell " + strings.Repeat("c", 99_000), "coverage: plan line 13: longer than 8129 bytes"},
	}
}

func TestParsePlanErrors(t *testing.T) {
	text := planText(t, smallPlan(t))
	for _, f := range planFaults(smallPlan(t)) {
		require.Contains(t, text, f.old)
		plan, err := ParsePlan(strings.NewReader(strings.Replace(text, f.old, f.new, 1)), draw.SHA256())
		require.EqualError(t, err, f.want)
		require.Nil(t, plan)
		var inLine *TextError
		require.Equal(t, strings.Contains(f.want, " line "), errors.As(err, &inLine))
	}
	_, err := ParsePlan(strings.NewReader(""), draw.SHA256())
	require.EqualError(t, err, `coverage: plan line 1: missing, expected "doublerandom/coverage-plan/v1"`)
	_, err = ParsePlan(strings.NewReader(text), draw.Suite{})
	require.EqualError(t, err, `coverage: plan: suite "sha256" is none of those accepted: `)
	_, err = ParsePlan(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(text))), draw.SHA256())
	require.ErrorIs(t, err, iotest.ErrTimeout)
	require.EqualError(t, err, "coverage: plan line 1: timeout")
}

// TestCheckFindsEveryChangeOfThePlan changes each field of the plan: its text is
// refused, or the schedule is found to be of another plan, and the frame to be
// another unless the field is no matter of the frame.
func TestCheckFindsEveryChangeOfThePlan(t *testing.T) {
	plan, frame := smallPlan(t), smallFrame(t)
	s := run(t, plan, frame, seedOf(1))
	lines := strings.SplitAfter(planText(t, plan), "\n")
	refused, found := 0, 0
	for i, line := range lines[:len(lines)-1] {
		fields := strings.Fields(line)
		for k, field := range fields {
			for _, other := range alternatives(field) {
				fields[k] = other
				changed := slices.Clone(lines)
				changed[i] = strings.Join(fields, " ") + "\n"
				parsed, err := ParsePlan(strings.NewReader(strings.Join(changed, "")), draw.SHA256())
				if err != nil {
					refused++
				} else {
					found++
					require.Error(t, Check(parsed, frame, s), "%s -> %s", line, other)
					_, err := ParseSchedule(strings.NewReader(scheduleText(t, s)), parsed)
					require.Error(t, err)
				}
			}
			fields[k] = field
		}
	}
	require.Greater(t, refused, 100)
	require.Greater(t, found, 20)
}

func scheduleFaults(s *Schedule) []fault {
	p := s.plan
	a := s.cells[0].cuts // of one unit: one of both batches is empty
	full := 0
	if a[0].Units == 0 {
		full = 1
	}
	line := 5 + full
	name := p.batches[full].Label
	return []fault{
		{"coverage-schedule/v1", "coverage-schedule/v2", `coverage: schedule line 1: "doublerandom/coverage-schedule/v2", expected "doublerandom/coverage-schedule/v1"`},
		{fmt.Sprintf("plan %x", p.id), fmt.Sprintf("plan %064x", 1), fmt.Sprintf("coverage: schedule line 2: plan %064x, expected %x", 1, p.id)},
		{"seed " + s.seed.String(), "seed " + strings.ToUpper(s.seed.String()), fmt.Sprintf("coverage: schedule line 3: seed %q is not 64 lower-case hexadecimal digits", strings.ToUpper(s.seed.String()))},
		{"cell a 1 1", "cell b 1 1", `coverage: schedule line 4: cell "b" of weight 1 with 1 units, the plan has "a" of weight 1 with 1`},
		{"cell a 1 1", "cell a 1 2", `coverage: schedule line 4: cell "a" of weight 1 with 2 units, the plan has "a" of weight 1 with 1`},
		{"cut " + name, "cut x", fmt.Sprintf(`coverage: schedule line %d: batch "x", expected %q`, line, name)},
		{"cut " + name + " 1 ", "cut " + name + " 2 ", fmt.Sprintf("coverage: schedule line %d: units 2, expected 0 to 1", line)},
		{"cut " + name + " 1 ", "cut " + name + " 0 ", fmt.Sprintf(`coverage: schedule line %d: cut-off %q of no units, expected "none"`, line, a[full].Last)},
		{a[full].Last.String(), "none", fmt.Sprintf(`coverage: schedule line %d: cut-off "none" is not 32 lower-case hexadecimal digits`, line)},
		{fmt.Sprintf("cut %s 1 %s", name, a[full].Last), "cut " + name + " 0 none", "coverage: schedule line 6: cuts have 0 units up to here, the cell 1"},
		{"cell c 7 0\ncut 2026Q1 0 none\ncut 2026Q2 0 none\n", "cell c 7 0\ncut 2026Q1 0 none\n", `coverage: schedule line 15: missing, expected "cut"`},
		{"cell c 7 0\ncut 2026Q1 0 none\ncut 2026Q2 0 none\n", "cell c 7 0\ncut 2026Q1 0 none\ncut 2026Q2 0 none\n\n", `coverage: schedule line 16: "", expected the end`},
	}
}

func TestParseScheduleErrors(t *testing.T) {
	plan := smallPlan(t)
	s := run(t, plan, smallFrame(t), seedOf(1))
	text := scheduleText(t, s)
	for _, f := range scheduleFaults(s) {
		require.Contains(t, text, f.old)
		parsed, err := ParseSchedule(strings.NewReader(strings.Replace(text, f.old, f.new, 1)), plan)
		require.EqualError(t, err, f.want)
		require.Nil(t, parsed)
	}
	// Cut-offs that do not ascend, and more units than there are.
	frame := numberedFrame(t, 3, []string{"a"}, []uint64{1})
	plan = planOf(t, frame, 0, map[uint64][]uint64{1: {1, 1}})
	head := fmt.Sprintf("doublerandom/coverage-schedule/v1\nplan %x\nseed %064x\ncell a 1 3\n", plan.ID(), 0)
	_, err := ParseSchedule(strings.NewReader(head+fmt.Sprintf("cut 2026Q1 1 %032x\ncut 2026Q2 2 %032x\n", 5, 5)), plan)
	require.EqualError(t, err, `coverage: schedule line 6: cut-off of batch "2026Q2" is not above that of batch "2026Q1"`)
	_, err = ParseSchedule(strings.NewReader(head+fmt.Sprintf("cut 2026Q1 2 %032x\ncut 2026Q2 2 %032x\n", 5, 6)), plan)
	require.EqualError(t, err, `coverage: schedule line 6: cuts have 4 units up to here, the cell 3`)
}

func TestScheduleRoundTrip(t *testing.T) {
	plan := smallPlan(t)
	text := scheduleText(t, run(t, plan, smallFrame(t), seedOf(1)))
	parsed, err := ParseSchedule(strings.NewReader(text), plan)
	require.NoError(t, err)
	require.Equal(t, text, scheduleText(t, parsed))
	require.NoError(t, Check(plan, smallFrame(t), parsed))
	_, err = parsed.WriteTo(failing{})
	require.EqualError(t, err, "no room")
}

// failing is a writer that fails.
type failing struct{ io.Writer }

func (failing) Write([]byte) (int, error) { return 0, errors.New("no room") }
