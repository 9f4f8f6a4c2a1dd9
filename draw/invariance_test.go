package draw

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// mixedUnits returns units of three strata and several weights.
func mixedUnits(n int, rng *rand.Rand) []registry.Unit {
	units := make([]registry.Unit, n)
	for i := range units {
		weights := []uint64{1, 1, 1, 2, 5, 5, 1000}
		units[i] = registry.Unit{
			ID: fmt.Sprintf("%08x-%d", rng.Uint32(), i), Stratum: string(rune('A' + rng.IntN(3))), Weight: weights[rng.IntN(len(weights))],
		}
	}
	return units
}

// shards splits units at random; some shards may have none and are left out.
func shards(t testing.TB, units []registry.Unit, n int, rng *rand.Rand) []*registry.Frame {
	lists := make([][]registry.Unit, n)
	for _, u := range units {
		i := rng.IntN(n)
		lists[i] = append(lists[i], u)
	}
	var frames []*registry.Frame
	for _, list := range lists {
		if len(list) > 0 {
			frames = append(frames, frameOf(t, list))
		}
	}
	return frames
}

func shuffle[T any](rng *rand.Rand, list []T) {
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func TestInputOrderDoesNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	units := mixedUnits(200, rng)
	var want string
	for i := range 50 {
		frame := frameOf(t, units)
		plan := planOf(t, frame, 2, "10", "13/2", "20/3")
		got := resultText(t, runOf(t, plan, frame, seedOf("order", 1)))
		if i == 0 {
			want = got
		}
		require.Equal(t, want, got)
		shuffle(rng, units)
	}
}

func TestShardingDoesNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for i := range 150 {
		units := mixedUnits(3+rng.IntN(150), rng)
		for s := range 3 {
			units[s].Stratum = string(rune('A' + s))
		}
		frame := frameOf(t, units)
		plan := planOf(t, frame, rng.IntN(4), "1", "2/3", "1/2")
		seed := seedOf("shards", i)
		want := resultText(t, runOf(t, plan, frame, seed))

		frames := shards(t, units, 1+rng.IntN(9), rng)
		var census Census
		for _, f := range frames {
			census = census.Add(Count(f))
		}
		require.Equal(t, Count(frame), census)
		selection, err := NewSelection(plan, seed, census)
		require.NoError(t, err)
		var parts []*Part
		for _, f := range frames {
			part, err := selection.Shard(f)
			require.NoError(t, err)
			parts = append(parts, part)
		}
		shuffle(rng, parts)
		got, err := selection.Result(parts...)
		require.NoError(t, err)
		require.Equal(t, want, resultText(t, got))

		for len(parts) > 1 { // a tree of merges of any shape
			shuffle(rng, parts)
			n := 1 + rng.IntN(len(parts))
			merged, err := selection.Merge(parts[:n]...)
			require.NoError(t, err)
			if parts = append(parts[n:], merged); n == 1 {
				continue
			}
		}
		nothing, err := selection.Merge()
		require.NoError(t, err)
		got, err = selection.Result(append(parts, nothing)...)
		require.NoError(t, err)
		require.Equal(t, want, resultText(t, got))
	}
}

func TestProcessorsDoNotMatter(t *testing.T) {
	units := mixedUnits(60_000, rand.New(rand.NewPCG(11, 12))) // enough for seven goroutines
	frame := frameOf(t, units)
	plan := planOf(t, frame, 3, "100", "200/3", "1000/3")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var want string
	for _, n := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(n)
		got := resultText(t, runOf(t, plan, frame, seedOf("processors", 1)))
		if want == "" {
			want = got
		}
		require.Equal(t, want, got, n)
	}
	seed := seedOf("processors", 1)
	require.Equal(t, reference(frameText(t, frame), planText(t, plan), string(seed[:])), want)
}

// TestWhoElseIsListed shows that a unit's ticket depends on nothing but seed,
// stratum and ID: without the units that were not drawn, the tickets stay.
func TestWhoElseIsListed(t *testing.T) {
	units := weighted("A", 1, 1, 1, 1, 1, 1, 1, 1, 1)
	tickets := map[string]Ticket{}
	for i := range units {
		frame := frameOf(t, units[i:])
		for d := range runOf(t, planOf(t, frame, 0, fmt.Sprint(frame.Len())), frame, Seed{1}).Drawn() {
			if i == 0 {
				tickets[d.ID] = d.Ticket
			}
			require.Equal(t, tickets[d.ID], d.Ticket)
		}
	}
}

func TestShardErrors(t *testing.T) {
	units := append(weighted("A", 1, 1, 2, 2), weighted("B", 1, 3)...)
	frame := frameOf(t, units)
	plan := planOf(t, frame, 9, "2", "1")
	selection, err := NewSelection(plan, Seed{}, Count(frame))
	require.NoError(t, err)
	another, err := NewSelection(plan, Seed{}, Count(frame))
	require.NoError(t, err)
	part := func(s *Selection, units ...registry.Unit) *Part {
		p, err := s.Shard(frameOf(t, units))
		require.NoError(t, err)
		return p
	}
	for _, tt := range []struct {
		name  string
		parts []*Part
		err   string
	}{
		{"none", nil, `draw: stratum "A": the shards have 0 units of weight 1, the census 2`},
		{"one missing", []*Part{part(selection, units[:4]...), part(selection, units[4])}, `draw: stratum "B": the shards have 0 units of weight 3, the census 1`},
		{"one twice", []*Part{part(selection, units...), part(selection, units[5])}, `draw: stratum "B": the shards have 2 units of weight 3, the census 1`},
		{"one twice, one missing", []*Part{part(selection, slices.Delete(slices.Clone(units), 1, 2)...), part(selection, units[0])},
			`draw: stratum "A": id "A-00" is in two shards`},
		{"of another selection", []*Part{part(selection, units[:4]...), part(another, units[4:]...)}, `draw: part 2 of 2 belongs to another selection`},
	} {
		_, err := selection.Result(tt.parts...)
		require.EqualError(t, err, tt.err, tt.name)
	}
	for _, tt := range []struct {
		unit registry.Unit
		err  string
	}{
		{registry.Unit{ID: "x", Stratum: "A", Weight: 3}, `draw: stratum "A": weight 3 was not in the census`},
		{registry.Unit{ID: "x", Stratum: "C", Weight: 1}, `draw: stratum "C": weight 1 was not in the census`},
	} {
		_, err := selection.Shard(frameOf(t, []registry.Unit{tt.unit}))
		require.EqualError(t, err, tt.err)
	}
}

func TestSelectionErrors(t *testing.T) {
	units := append(weighted("B", 1, 1, 2, 2), weighted("C", 1, 3)...)
	plan := planOf(t, frameOf(t, units), 0, "2", "1")
	with := func(more ...registry.Unit) Census { return Count(frameOf(t, append(slices.Clone(units), more...))) }
	huge := Count(frameOf(t, []registry.Unit{{ID: "x", Stratum: "B", Weight: registry.MaxWeight - 5}}))
	for _, tt := range []struct {
		name   string
		census Census
		err    string
	}{
		{"nothing", Census{}, `draw: stratum "B" of the plan is not in the frame`},
		{"last stratum missing", Count(frameOf(t, units[:4])), `draw: stratum "C" of the plan is not in the frame`},
		{"first stratum missing", Count(frameOf(t, units[4:])), `draw: stratum "B" of the plan is not in the frame`},
		{"stratum before", with(weighted("A", 1)...), `draw: stratum "A" of the frame is not in the plan`},
		{"stratum after", with(weighted("D", 1)...), `draw: stratum "D" of the frame is not in the plan`},
		{"one more", with(registry.Unit{ID: "x", Stratum: "C", Weight: 9}), `draw: stratum "C" has 3 units of weight 13 in the frame, 2 of weight 4 in the plan`},
		{"other weights", Count(frameOf(t, append(weighted("B", 1, 1, 2, 3), units[4:]...))),
			`draw: stratum "B" has 4 units of weight 7 in the frame, 4 of weight 6 in the plan`},
		{"weights too large", with().Add(huge), `draw: stratum "B": total weight exceeds 9223372036854775807`},
	} {
		_, err := NewSelection(plan, Seed{}, tt.census)
		require.EqualError(t, err, tt.err, tt.name)
	}
}
