package coverage

import (
	"cmp"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/wheel"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// eachParts calls do with every list of parts of 0 to most for 1 to batches
// batches that are not all 0.
func eachParts(batches int, most uint64, do func(parts []uint64)) {
	var fill func(parts []uint64)
	fill = func(parts []uint64) {
		if slices.Max(append(parts, 0)) > 0 {
			do(parts)
		}
		if len(parts) == batches {
			return
		}
		for p := range most + 1 {
			fill(append(slices.Clone(parts), p))
		}
	}
	fill(nil)
}

// TestSizesAreExact goes through every start: the sizes of all batches add up to
// the cell, each is its share rounded down or up, so is what the batches up to
// each have together, and on average each is its share.
func TestSizesAreExact(t *testing.T) {
	cases := 0
	eachParts(4, 3, func(parts []uint64) {
		sum := uint64(0)
		for _, p := range parts {
			sum += p
		}
		for units := range uint64(8) {
			totals := make([]uint64, len(parts))
			for start := range sum {
				w := wheel.New(sum, start)
				end, before := uint64(0), uint64(0)
				for k, p := range parts {
					end += p
					below := before + w.Next(units, p)
					for what, pair := range map[string][2]uint64{"size": {below - before, units * p}, "sum": {below, units * end}} {
						require.GreaterOrEqual(t, pair[0], pair[1]/sum, what)
						require.LessOrEqual(t, pair[0], (pair[1]+sum-1)/sum, what)
					}
					totals[k] += below - before
					before = below
				}
				require.Equal(t, units, before)
				cases++
			}
			for k, p := range parts {
				require.Equal(t, units*p, totals[k], "%d units in parts %v, batch %d", units, parts, k)
			}
		}
	})
	require.Greater(t, cases, 10_000)
}

// TestSizesOfManyUnits compares large numbers with big.Int.
func TestSizesOfManyUnits(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		units := rng.Uint64() >> (1 + rng.IntN(60))
		parts := make([]int64, 1+rng.IntN(8))
		sum := int64(0)
		for k := range parts {
			parts[k] = rng.Int64N(MaxPart + 1)
			sum += parts[k]
		}
		if sum == 0 {
			continue
		}
		start := rng.Int64N(sum)
		w := wheel.New(uint64(sum), uint64(start))
		for k, want := range refSizes(int64(units), parts, start) {
			require.EqualValues(t, want, w.Next(units, uint64(parts[k])))
		}
	}
}

// TestSmallFrames compares every small case with the reference, and looks at what
// must hold for it: each unit in one batch, sizes as published.
func TestSmallFrames(t *testing.T) {
	for n := 1; n <= 7; n++ {
		frame := numberedFrame(t, n, []string{"a", "b"}, []uint64{1, 5})
		eachParts(3, 2, func(parts []uint64) {
			plan := planOf(t, frame, 0, map[uint64][]uint64{1: parts, 5: append(slices.Clone(parts[1:]), parts[0]), 9: parts})
			seed := seedOf(n)
			s := run(t, plan, frame, seed)
			want, _, batchOf := refSchedule(planText(t, plan), frameText(t, frame), seed[:])
			require.Equal(t, want, scheduleText(t, s))
			require.Len(t, batchOf, n)
			require.NoError(t, Check(plan, frame, s))
			seen := map[string]int{}
			for k := range parts {
				size := uint64(0)
				for u, err := range s.Units(frame, k) {
					require.NoError(t, err)
					require.Equal(t, k, batchOf[u.ID])
					at, err := s.BatchOf(u)
					require.NoError(t, err)
					require.Equal(t, k, at)
					seen[u.ID]++
					size++
				}
				require.Equal(t, s.Size(k), size)
				least, most := plan.Size(k)
				require.LessOrEqual(t, least, size)
				require.GreaterOrEqual(t, most, size)
			}
			require.Len(t, seen, n)
			for id, times := range seen {
				require.Equal(t, 1, times, id)
			}
		})
	}
}

// TestUnitChances draws with many seeds: a unit's chance for a batch is its cell's
// share.
func TestUnitChances(t *testing.T) {
	frame := numberedFrame(t, 30, []string{"a"}, []uint64{1, 2})
	plan := planOf(t, frame, 0, map[uint64][]uint64{1: {3, 2, 0, 1}, 2: {1, 1, 1, 1}})
	first, second := make([]int, 4), make([]int, 4)
	pairs := make([]int, 2) // units 1 and 3 apart, together
	for i := range 3000 {
		s := run(t, plan, frame, seedOf(i))
		b, err := s.Batches(frame)
		require.NoError(t, err)
		first[b[0]]++
		second[b[1]]++
		if b[1] == b[3] {
			pairs[1]++
		} else {
			pairs[0]++
		}
	}
	requireChiSquare(t, []float64{3.0 / 6, 2.0 / 6, 0, 1.0 / 6}, first)
	requireChiSquare(t, []float64{0.25, 0.25, 0.25, 0.25}, second)
	// 15 units in batches of 3 or 4: three of four have 4, one has 3. Of 105 pairs, 3·6 + 3 are together.
	requireChiSquare(t, []float64{84.0 / 105, 21.0 / 105}, pairs)
}

// TestOrderAndShards: neither the order of the list, nor how many goroutines
// work, nor cutting the frame into parts changes anything.
func TestOrderAndShards(t *testing.T) {
	const n = 40_000
	frame := numberedFrame(t, n, []string{"a", "b", "c"}, []uint64{1, 2})
	plan := planOf(t, frame, 0, map[uint64][]uint64{1: {1, 1, 1}, 2: {4, 2, 1}})
	s := run(t, plan, frame, seedOf(1))
	want := scheduleText(t, s)
	batches, err := s.Batches(frame)
	require.NoError(t, err)

	before := runtime.GOMAXPROCS(1)
	one := run(t, plan, frame, seedOf(1))
	runtime.GOMAXPROCS(4)
	four := run(t, plan, frame, seedOf(1))
	runtime.GOMAXPROCS(before)
	require.Equal(t, want, scheduleText(t, one))
	require.Equal(t, want, scheduleText(t, four))

	var units []registry.Unit
	for _, u := range frame.All() {
		units = append(units, u)
	}
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(units), func(i, j int) { units[i], units[j] = units[j], units[i] })
	shards := make([][]registry.Unit, 3)
	for i, u := range units {
		shards[i%3] = append(shards[i%3], u)
	}
	seq := func(list []registry.Unit) func(func(registry.Unit, error) bool) {
		return func(yield func(registry.Unit, error) bool) {
			for _, u := range list {
				if !yield(u, nil) {
					return
				}
			}
		}
	}
	shuffled, err := registry.NewFrame(seq(units))
	require.NoError(t, err)
	require.Equal(t, want, scheduleText(t, run(t, plan, shuffled, seedOf(1))))
	found := 0
	for _, list := range shards {
		shard, err := registry.NewFrame(seq(list))
		require.NoError(t, err)
		b, err := s.Batches(shard)
		require.NoError(t, err)
		for i := range b {
			at, _ := frame.Find(shard.ID(i))
			require.Equal(t, batches[at], b[i])
			found++
		}
	}
	require.Equal(t, n, found)
}

// TestAnySuite: the path for other hash functions gives the same.
func TestAnySuite(t *testing.T) {
	frame := numberedFrame(t, 100, []string{"a", "b"}, []uint64{1, 2})
	shares, err := SharesByWeight(frame, map[uint64][]uint64{1: {1, 1, 1}, 2: {4, 2, 1}})
	require.NoError(t, err)
	var texts []string
	for _, suite := range []draw.Suite{draw.SHA256(), shellSuite(t, 0)} {
		plan, err := NewPlan(suite, frame, Terms{quarters(t, 3), 0, shares})
		require.NoError(t, err)
		texts = append(texts, scheduleText(t, run(t, plan, frame, seedOf(1))))
	}
	require.Equal(t, texts[0], texts[1])
}

// TestEqualTickets: under a hash whose tickets have one byte, units cannot be
// parted.
func TestEqualTickets(t *testing.T) {
	frame := numberedFrame(t, 700, []string{"a"}, []uint64{1})
	plan, err := NewPlan(shellSuite(t, 15), frame, Terms{quarters(t, 2), 0, []Shares{{"a", 1, []uint64{1, 1}}}})
	require.NoError(t, err)
	_, err = Run(plan, frame, seedOf(1))
	require.ErrorContains(t, err, `coverage: stratum "a": two units of weight 1 have the ticket 000000000000000000000000000000`)
	require.ErrorContains(t, err, ", so that no cut-off parts them")
	// If all are in one batch nobody needs to be parted.
	plan, err = NewPlan(shellSuite(t, 15), frame, Terms{quarters(t, 2), 0, []Shares{{"a", 1, []uint64{0, 1}}}})
	require.NoError(t, err)
	require.EqualValues(t, 700, run(t, plan, frame, seedOf(1)).Size(1))
}

// TestSortAt compares with sorting, with many equal numbers and with few
// divisions, too.
func TestSortAt(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 600 {
		n := 1 + rng.IntN(400)
		values := uint64(1 + rng.IntN(2*n))
		list := make([]number, n)
		for i := range list {
			list[i] = number{rng.Uint64N(values), rng.Uint64N(2)}
		}
		switch rng.IntN(4) {
		case 0:
			slices.SortFunc(list, func(a, b number) int { return cmp.Or(cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo)) })
		case 1:
			slices.SortFunc(list, func(a, b number) int { return cmp.Or(cmp.Compare(b.hi, a.hi), cmp.Compare(b.lo, a.lo)) })
		}
		want := slices.Clone(list)
		slices.SortFunc(want, func(a, b number) int { return cmp.Or(cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo)) })
		var ranks []int
		for r := range n {
			if rng.IntN(8) == 0 {
				ranks = append(ranks, r)
			}
		}
		sortAt(list, 0, ranks, rng.IntN(20))
		for _, r := range ranks {
			require.Equal(t, want[r], list[r])
			for i := range list {
				require.False(t, i < r && list[r].less(list[i]) || i > r && list[i].less(list[r]))
			}
		}
	}
}

func TestBatchOfErrors(t *testing.T) {
	frame := numberedFrame(t, 20, []string{"a"}, []uint64{1})
	plan := planOf(t, frame, 0, map[uint64][]uint64{1: {1, 1}, 2: {1, 1}})
	s := run(t, plan, frame, seedOf(1))
	_, err := s.BatchOf(registry.Unit{ID: "u000001", Stratum: "a", Weight: 3})
	require.Equal(t, &CellError{"a", 3}, err)
	require.EqualError(t, err, `coverage: stratum "a": the plan has no cell of weight 3`)
	_, err = s.BatchOf(registry.Unit{ID: "u000001", Stratum: "a", Weight: 2})
	require.EqualError(t, err, `coverage: id "u000001" has a ticket above all cut-offs of its cell: it is not in the frame of the plan`)
	_, err = s.BatchOf(registry.Unit{ID: "u 1", Stratum: "a", Weight: 2})
	require.EqualError(t, err, `coverage: registry: unit: id "u 1" has the space U+0020 at byte 2`)
	_, err = s.Ticket(registry.Unit{ID: "u", Stratum: "b", Weight: 2})
	require.Equal(t, &CellError{"b", 2}, err)

	other := frameOf(t, "x a 2\n")
	_, err = s.Batches(other)
	require.EqualError(t, err, `coverage: id "x" has a ticket above all cut-offs of its cell: it is not in the frame of the plan`)
	for _, err := range s.Units(other, 0) {
		require.EqualError(t, err, `coverage: id "x" has a ticket above all cut-offs of its cell: it is not in the frame of the plan`)
	}
	_, err = s.Batches(frameOf(t, "x a 4\n"))
	require.Equal(t, &CellError{"a", 4}, err)
	_, err = Run(plan, other, seedOf(1))
	require.EqualError(t, err, `coverage: stratum "a" has 0 units of weight 1 in the frame, 20 in the plan`)
}

func TestCellsAndTickets(t *testing.T) {
	frame := numberedFrame(t, 9, []string{"a"}, []uint64{1})
	plan := planOf(t, frame, 0, map[uint64][]uint64{1: {0, 2, 1}, 2: {1, 1, 1}})
	s := run(t, plan, frame, seedOf(1))
	require.Same(t, plan, s.Plan())
	require.Equal(t, seedOf(1), s.Seed())
	var cells []CellCuts
	for c := range s.Cells() {
		cells = append(cells, c)
	}
	require.Len(t, cells, 2)
	require.Equal(t, CellCuts{"a", 2, 0, make([]Cut, 3)}, cells[1])
	require.Equal(t, uint64(9), cells[0].Units)
	require.Equal(t, []uint64{0, 6, 3}, []uint64{cells[0].Cuts[0].Units, cells[0].Cuts[1].Units, cells[0].Cuts[2].Units})
	cells[0].Cuts[1].Units = 99 // a copy
	require.EqualValues(t, 6, s.Size(1))
	greatest := draw.Ticket{}
	for u, err := range s.Units(frame, 1) {
		require.NoError(t, err)
		ticket, err := s.Ticket(u)
		require.NoError(t, err)
		if ticket.Compare(greatest) > 0 {
			greatest = ticket
		}
	}
	require.Equal(t, cells[0].Cuts[1].Last, greatest)
	for range s.Cells() {
		break
	}
	for range s.Units(frame, 1) {
		break
	}
}

// TestCheckFindsEveryChange changes each field of a schedule's text: it is
// refused, or Check finds it.
func TestCheckFindsEveryChange(t *testing.T) {
	frame := numberedFrame(t, 23, []string{"a", "b"}, []uint64{1, 2})
	plan := planOf(t, frame, 0, map[uint64][]uint64{1: {1, 2, 1}, 2: {4, 1, 2}, 3: {1, 0, 0}})
	s := run(t, plan, frame, seedOf(1))
	text := scheduleText(t, s)
	refused, found := 0, 0
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines[:len(lines)-1] {
		fields := strings.Fields(line)
		for k, field := range fields {
			for _, other := range alternatives(field) {
				fields[k] = other
				changed := slices.Clone(lines)
				changed[i] = strings.Join(fields, " ") + "\n"
				parsed, err := ParseSchedule(strings.NewReader(strings.Join(changed, "")), plan)
				if err != nil {
					refused++
				} else {
					require.Error(t, Check(plan, frame, parsed), "%s -> %s", line, other)
					found++
				}
			}
			fields[k] = field
		}
	}
	require.Greater(t, refused, 100)
	require.Greater(t, found, 20)
	for i := range lines[:len(lines)-1] {
		_, err := ParseSchedule(strings.NewReader(strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "")), plan)
		require.Error(t, err, "without line %d", i+1)
		_, err = ParseSchedule(strings.NewReader(strings.Join(slices.Insert(slices.Clone(lines), i, lines[i]), "")), plan)
		require.Error(t, err, "twice line %d", i+1)
	}
}

// alternatives returns other fields that look like the given one.
func alternatives(field string) []string {
	list := []string{"", field + "0", "0" + field, field[:len(field)-1], "none", "0", "1", "2", "7", field + " "}
	if len(field) >= 32 {
		b := []byte(field)
		for _, i := range []int{0, 15, len(b) - 1} {
			c := slices.Clone(b)
			c[i] = '0' + (c[i]-'0'+1)%10
			list = append(list, string(c))
		}
		list = append(list, strings.ToUpper(field), strings.Repeat("f", len(field)), strings.Repeat("0", len(field)))
	}
	return slices.DeleteFunc(list, func(s string) bool { return s == field })
}
