package coverage

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// inBatch returns the units of a batch.
func inBatch(t testing.TB, s *Schedule, frame *registry.Frame, batch int) (units []registry.Unit) {
	t.Helper()
	for u, err := range s.Units(frame, batch) {
		require.NoError(t, err)
		units = append(units, u)
	}
	return units
}

func TestProgress(t *testing.T) {
	frame := numberedFrame(t, 16, []string{"a", "b"}, []uint64{1})
	plan := planOf(t, frame, 0, map[uint64][]uint64{1: {1, 1}})
	s := run(t, plan, frame, seedOf(1))
	first, second := inBatch(t, s, frame, 0), inBatch(t, s, frame, 1) // 4 + 4 units each
	require.Len(t, first, 8)
	day := func(s string) registry.Date { return date(t, s) }
	newA, newB := newcomer(t, "new-a", "a", 1, "2026-04-02"), newcomer(t, "new-b", "b", 1, "2026-06-30")
	events := Events{
		Newcomers: []Newcomer{newB, newA},
		Departures: []Departure{
			{first[4].ID, day("2026-03-31")},  // on the last day of its batch
			{first[5].ID, day("2026-04-01")},  // the day after: it was overdue
			{second[0].ID, day("2026-05-01")}, // before it was visited
			{second[1].ID, day("2026-05-10")}, // after it was visited
		},
		Visits: []Visit{
			{first[0].ID, day("2026-01-01")},
			{first[1].ID, day("2026-03-31")},
			{first[2].ID, day("2026-04-01")},
			{first[2].ID, day("2026-05-01")},
			{first[3].ID, day("2025-12-31")}, // before the plan
			{first[7].ID, day("2026-02-01")}, {first[7].ID, day("2026-05-01")},
			{second[1].ID, day("2026-05-01")},
			{second[2].ID, day("2026-02-01")},
			{second[3].ID, day("2026-02-01")}, {second[3].ID, day("2026-04-20")},
			{"new-a", day("2026-04-30")},
			{"stranger", day("2026-04-30")}, {"another", day("2026-04-30")}, {"someone", day("2026-02-03")},
		},
	}
	p, err := s.Progress(frame, day("2026-05-05"), events)
	require.NoError(t, err)
	// Batch 1: visited 0, 1, 7; late 2; left 4; overdue 3, 5, 6. Batch 2: visited 1, 3 and
	// new-a; early 2; left 0; pending 4 to 7. The other newcomer is not there yet.
	require.Equal(t, []Counts{
		{Units: 8, Visited: 3, Late: 1, Left: 1, Overdue: 3},
		{Units: 9, Visited: 3, Early: 1, Left: 1, Pending: 4},
	}, p.Batches)
	require.Equal(t, Counts{Units: 17, Visited: 6, Early: 1, Late: 1, Left: 2, Overdue: 3, Pending: 4}, p.Total)
	require.Equal(t, []Due{{first[3], 0, registry.Date{}}, {first[5], 0, registry.Date{}}, {first[6], 0, registry.Date{}}}, p.Overdue)
	require.Equal(t, []Due{{first[2], 0, registry.Date{}}}, p.Late)
	require.Equal(t, []Due{{second[2], 1, registry.Date{}}}, p.Early)
	require.Equal(t, []Visit{{"someone", day("2026-02-03")}, {"another", day("2026-04-30")}, {"stranger", day("2026-04-30")}}, p.Unplanned)
	require.Equal(t, day("2026-05-05"), p.On)
	require.Equal(t, []string{"a", "b"}, []string{p.Strata[0].Stratum, p.Strata[1].Stratum})
	require.Equal(t, []uint64{9, 8}, []uint64{p.Strata[0].Units, p.Strata[1].Units})

	// On the last day of a batch nobody is overdue, on the next all are.
	p, err = s.Progress(frame, day("2026-03-31"), Events{})
	require.NoError(t, err)
	require.Equal(t, Counts{Units: 16, Pending: 16}, p.Total)
	p, err = s.Progress(frame, day("2026-04-01"), Events{})
	require.NoError(t, err)
	require.Equal(t, Counts{Units: 16, Overdue: 8, Pending: 8}, p.Total)
	require.Len(t, p.Overdue, 8)
	p, err = s.Progress(frame, day("2026-07-01"), events)
	require.NoError(t, err)
	require.Equal(t, Due{newB.Unit, 1, newB.Registered}, p.Overdue[3])
	// Before anything has happened, events say nothing.
	p, err = s.Progress(frame, day("2025-12-31"), events)
	require.NoError(t, err)
	require.Equal(t, Counts{Units: 16, Pending: 16}, p.Total)
	require.Empty(t, p.Unplanned)
}

// TestProgressAddsUp compares with a plain count, for events at random.
func TestProgressAddsUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	frame := numberedFrame(t, 60, []string{"a", "b", "c"}, []uint64{1, 2})
	plan := planOf(t, frame, 7, map[uint64][]uint64{1: {1, 1, 1, 1}, 2: {3, 1, 1, 0}})
	s := run(t, plan, frame, seedOf(1))
	batches, err := s.Batches(frame)
	require.NoError(t, err)
	begin := date(t, "2025-12-01")
	for range 200 {
		var events Events
		type known struct{ in, before, after, left bool }
		on := begin.AddDays(rng.IntN(430))
		want := Counts{}
		for i, u := range frame.All() {
			b, k := plan.Batches()[batches[i]], known{}
			for range rng.IntN(3) {
				v := Visit{u.ID, begin.AddDays(rng.IntN(430))}
				events.Visits = append(events.Visits, v)
				if v.On.Compare(on) <= 0 && v.On.Compare(date(t, "2026-01-01")) >= 0 {
					k.before = k.before || v.On.Compare(b.From) < 0
					k.after = k.after || v.On.Compare(b.To) > 0
					k.in = k.in || v.On.Compare(b.From) >= 0 && v.On.Compare(b.To) <= 0
				}
			}
			if rng.IntN(4) == 0 {
				d := Departure{u.ID, begin.AddDays(rng.IntN(430))}
				events.Departures = append(events.Departures, d)
				k.left = d.On.Compare(on) <= 0 && d.On.Compare(b.To) <= 0
			}
			want.Units++
			switch {
			case k.in:
				want.Visited++
			case k.before:
				want.Early++
			case k.after:
				want.Late++
			case k.left:
				want.Left++
			case on.Compare(b.To) > 0:
				want.Overdue++
			default:
				want.Pending++
			}
		}
		p, err := s.Progress(frame, on, events)
		require.NoError(t, err)
		require.Equal(t, want, p.Total)
		require.Len(t, p.Overdue, int(want.Overdue))
		require.Len(t, p.Late, int(want.Late))
		require.Len(t, p.Early, int(want.Early))
		strata, sizes := Counts{}, Counts{}
		for _, c := range p.Strata {
			strata = sum(strata, c.Counts)
		}
		for k, c := range p.Batches {
			require.Equal(t, s.Size(k), c.Units)
			sizes = sum(sizes, c)
		}
		require.Equal(t, want, strata)
		require.Equal(t, want, sizes)
	}
}

func sum(a, b Counts) Counts {
	return Counts{a.Units + b.Units, a.Visited + b.Visited, a.Early + b.Early, a.Late + b.Late, a.Left + b.Left, a.Overdue + b.Overdue, a.Pending + b.Pending}
}

func TestProgressErrors(t *testing.T) {
	frame := numberedFrame(t, 10, []string{"a"}, []uint64{1})
	plan := planOf(t, frame, 14, map[uint64][]uint64{1: {1, 1}})
	s := run(t, plan, frame, seedOf(1))
	on := date(t, "2026-03-01")
	n := newcomer(t, "n", "a", 1, "2026-02-01")
	for _, c := range []struct {
		events Events
		want   string
	}{
		{Events{Newcomers: []Newcomer{n, n}}, `coverage: newcomer "n" is there twice`},
		{Events{Newcomers: []Newcomer{newcomer(t, "u000001", "a", 1, "2026-02-01")}}, `coverage: id "u000001" is in the frame: it is no newcomer`},
		{Events{Departures: []Departure{{"n", on}}}, `coverage: departure of id "n", which is not in the plan`},
		{Events{Departures: []Departure{{"u000001", on}, {"u000001", on}}}, `coverage: departure of id "u000001" is there twice`},
		{Events{Departures: []Departure{{ID: "u000001"}}}, `coverage: departure of id "u000001" has no day`},
		{Events{Visits: []Visit{{ID: "u000001"}}}, `coverage: visit of id "u000001" has no day`},
	} {
		p, err := s.Progress(frame, on, c.events)
		require.EqualError(t, err, c.want)
		require.Nil(t, p)
	}
	_, err := s.Progress(frame, registry.Date{}, Events{})
	require.EqualError(t, err, "coverage: progress on no day")
	_, err = s.Progress(numberedFrame(t, 11, []string{"a"}, []uint64{1}), on, Events{})
	require.EqualError(t, err, `coverage: stratum "a" has 11 units of weight 1 in the frame, 10 in the plan`)
}

// TestProgressOfDifferentStrata: each stratum has its own counts.
func TestProgressOfDifferentStrata(t *testing.T) {
	frame := numberedFrame(t, 12, []string{"a", "b", "c"}, []uint64{1})
	plan := planOf(t, frame, 0, map[uint64][]uint64{1: {1}})
	s := run(t, plan, frame, seedOf(1))
	var events Events
	for i := range 3 {
		events.Visits = append(events.Visits, Visit{fmt.Sprintf("u%06d", 3*i), date(t, "2026-01-05")}) // of a
	}
	p, err := s.Progress(frame, date(t, "2026-02-01"), events)
	require.NoError(t, err)
	require.Equal(t, []StratumCounts{
		{"a", Counts{Units: 4, Visited: 3, Pending: 1}}, {"b", Counts{Units: 4, Pending: 4}}, {"c", Counts{Units: 4, Pending: 4}},
	}, p.Strata)
}
