package visit

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/doublerandom/doublerandom/matching"
	"github.com/stretchr/testify/require"
)

func keyOf(n int) matching.Key { return sha256.Sum256(fmt.Appendf(nil, "key %d", n)) }

func TestJoin(t *testing.T) {
	seat := func(area string) []matching.Place { return []matching.Place{{Area: area}} }
	requests := []Request{
		{"bakery", "tax", seat("tax")}, {"bakery", "fire", append(seat("fire"), seat("fire")...)}, {"dairy", "fire", append(seat("fire"), seat("fire")...)},
		{"canteen", "health", append(seat("health"), seat("health")...)}, {"canteen", "tax", seat("tax")},
	}
	tasks, refused, err := Join(requests, map[string]int{"canteen": 2, "dairy": 1}, 2)
	require.NoError(t, err)
	require.Equal(t, []matching.Task{
		{ID: "bakery", Places: []matching.Place{{Area: "fire"}, {Area: "fire"}, {Area: "tax"}}}, {ID: "dairy", Places: []matching.Place{{Area: "fire"}, {Area: "fire"}}},
	}, tasks)
	require.Equal(t, []Refused{{"canteen", "2 visits this year, at most 2"}}, refused)
	for want, edit := range map[string]func(r []Request) []Request{
		`visit: request of "tax" for "bakery" is there twice`: func(r []Request) []Request { return append(r, r[0]) },
		`visit: request of "tax" for "bakery" has no places`:  func(r []Request) []Request { r[0].Places = nil; return r },
		`visit: request of "" for "bakery": a field is empty`: func(r []Request) []Request { r[0].Department = ""; return r },
		`visit: a team of 1 for "dairy", expected 2 to 16`:    func(r []Request) []Request { r[2].Places = seat("fire"); return r },
		`visit: a team of 19 for "canteen", expected 2 to 16`: func(r []Request) []Request { r[4].Places = make([]matching.Place, 17); return r },
	} {
		_, _, err := Join(edit(slices.Clone(requests)), nil, 0)
		require.EqualError(t, err, want)
	}
}

// TestChoose counts how often each option is chosen: all equally.
func TestChoose(t *testing.T) {
	options := []string{"on-site", "online", "sampling", "documents", "interview"}
	counts := map[string]int{}
	const rounds = 5000
	for n := range rounds {
		chosen, err := Choose(sha256.New, keyOf(1), "method", fmt.Sprint("t", n), options, 2)
		require.NoError(t, err)
		require.Len(t, chosen, 2)
		for _, o := range chosen {
			counts[o]++
		}
		again, err := Choose(sha256.New, keyOf(1), "method", fmt.Sprint("t", n), []string{"interview", "documents", "sampling", "online", "on-site"}, 2)
		require.NoError(t, err)
		require.Equal(t, chosen, again)
	}
	// 2/5 of 5,000 each; chi-square with 4 degrees of freedom is below 23.5 in 99.99 % of all runs.
	chi := 0.0
	for _, n := range counts {
		chi += float64(n-2*rounds/5) * float64(n-2*rounds/5) / (2 * rounds / 5)
	}
	require.Len(t, counts, 5)
	require.Less(t, chi, 23.5)
	for want, f := range map[string]func() ([]string, error){
		"visit: 6 of 5 options":            func() ([]string, error) { return Choose(sha256.New, keyOf(1), "m", "t", options, 6) },
		`visit: option "a" is there twice`: func() ([]string, error) { return Choose(sha256.New, keyOf(1), "m", "t", []string{"a", "b", "a"}, 1) },
		`visit: option is empty`:           func() ([]string, error) { return Choose(sha256.New, keyOf(1), "m", "t", []string{""}, 1) },
	} {
		_, err := f()
		require.EqualError(t, err, want)
	}
}

func randomVisits(rng *rand.Rand, n int) (visits []Visit, slots []Slot) {
	for i := range n {
		v := Visit{Task: fmt.Sprintf("t%02d", i), Area: fmt.Sprint("a", rng.IntN(3))}
		for len(v.Inspectors) < 2 {
			if in := fmt.Sprint("i", rng.IntN(6)); !slices.Contains(v.Inspectors, in) {
				v.Inspectors = append(v.Inspectors, in)
			}
		}
		for _, d := range []string{"fire", "tax"} {
			if len(v.Departments) == 0 || rng.IntN(3) == 0 {
				v.Departments = append(v.Departments, d)
			}
		}
		visits = append(visits, v)
	}
	for i := range 4 {
		slots = append(slots, Slot{fmt.Sprintf("2026-12-0%d-am", i+1), map[string]int{"fire": 1 + rng.IntN(3), "tax": rng.IntN(3)}})
	}
	return visits, slots
}

// possible reports whether some plan has a slot for every visit, by trying all.
func possible(visits []Visit, slots []Slot) bool {
	s, err := newSchedule(visits, slots)
	if err != nil {
		return false
	}
	var try func(v int) bool
	try = func(v int) bool {
		if v == len(s.visits) {
			return true
		}
		for k := range s.slots {
			if s.free(v, k) {
				s.put(v, k)
				if try(v + 1) {
					return true
				}
				s.take(v)
			}
		}
		return false
	}
	return try(0)
}

// TestSchedule checks random plans, and counts how often a visit is left without a slot though
// there is a plan with one for all.
func TestSchedule(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	missed, all := 0, 0
	for n := range 500 {
		visits, slots := randomVisits(rng, 2+rng.IntN(6))
		p, err := Schedule(sha256.New, keyOf(n), visits, slots, n%2 == 0)
		require.NoError(t, err)
		require.NoError(t, p.Check(visits, slots))
		rng.Shuffle(len(visits), func(i, j int) { visits[i], visits[j] = visits[j], visits[i] })
		rng.Shuffle(len(slots), func(i, j int) { slots[i], slots[j] = slots[j], slots[i] })
		again, err := Schedule(sha256.New, keyOf(n), visits, slots, n%2 == 0)
		require.NoError(t, err)
		require.Equal(t, p, again)

		text, err := p.MarshalText()
		require.NoError(t, err)
		parsed := new(Plan)
		require.NoError(t, parsed.UnmarshalText(text))
		require.Equal(t, p, parsed)

		if possible(visits, slots) {
			all++
			if len(p.Without) > 0 {
				missed++
			}
		}
		for _, task := range p.Without {
			why, err := p.Full(task, visits, slots)
			require.NoError(t, err)
			for slot, what := range why {
				require.NotEqual(t, "free", what, "%s could take place in %s", task, slot)
			}
		}
		for k := range p.Slots { // two visits change places: found, or legal as well
			changed := &Plan{slices.Clone(p.Slots), p.Without}
			changed.Slots[k].Slot = "2026-12-09-am"
			require.ErrorContains(t, changed.Check(visits, slots), `or no slot "2026-12-09-am"`)
			changed.Slots = slices.Delete(changed.Slots, k, k+1)
			require.ErrorContains(t, changed.Check(visits, slots), "visit: the plan says something of ")
		}
	}
	t.Logf("of %d problems with a slot for all, %d leave a visit without", all, missed)
	require.Less(t, missed, all/20)
}

// TestScheduleIsEven counts the slots that a visit gets under many keys.
func TestScheduleIsEven(t *testing.T) {
	visits := []Visit{{Task: "t", Inspectors: []string{"a"}, Departments: []string{"fire"}}, {Task: "u", Inspectors: []string{"a"}, Departments: []string{"fire"}}}
	var slots []Slot
	for i := range 6 {
		slots = append(slots, Slot{fmt.Sprint("s", i), map[string]int{"fire": 1}})
	}
	counts := map[string]int{}
	const rounds = 6000
	for n := range rounds {
		p, err := Schedule(sha256.New, keyOf(n), visits, slots, false)
		require.NoError(t, err)
		counts[p.Slots[0].Slot+p.Slots[1].Slot]++
	}
	// 30 pairs of different slots, 200 times each; chi-square with 29 degrees of freedom is
	// below 66 in 99.99 % of all runs.
	chi := 0.0
	for _, n := range counts {
		chi += float64(n-rounds/30) * float64(n-rounds/30) / (rounds / 30)
	}
	require.Len(t, counts, 30)
	require.Less(t, chi, 66.0)
}

// TestTogether counts the slots over which the visits of an area are spread.
func TestTogether(t *testing.T) {
	var visits []Visit
	var slots []Slot
	for i := range 12 {
		visits = append(visits, Visit{Task: fmt.Sprintf("t%02d", i), Departments: []string{"fire"}, Area: fmt.Sprint("a", i%3)})
	}
	for i := range 6 {
		slots = append(slots, Slot{fmt.Sprint("s", i), map[string]int{"fire": 4}})
	}
	spread := map[bool]int{}
	for n := range 100 {
		for _, together := range []bool{false, true} {
			p, err := Schedule(sha256.New, keyOf(n), visits, slots, together)
			require.NoError(t, err)
			used := map[string]bool{}
			for i, e := range p.Slots {
				used[visits[i].Area+e.Slot] = true
			}
			spread[together] += len(used)
		}
	}
	require.Greater(t, spread[false], 800)
	require.Less(t, spread[true], 520) // three areas in one or two slots each
}

func TestErrors(t *testing.T) {
	visits, slots := randomVisits(rand.New(rand.NewPCG(3, 4)), 3)
	for want, edit := range map[string]func(v []Visit, s []Slot) ([]Visit, []Slot){
		`visit: task "t00" is there twice`:                          func(v []Visit, s []Slot) ([]Visit, []Slot) { return append(v, v[0]), s },
		`visit: slot "2026-12-01-am" is there twice`:                func(v []Visit, s []Slot) ([]Visit, []Slot) { return v, append(s, s[0]) },
		`visit: task is empty`:                                      func(v []Visit, s []Slot) ([]Visit, []Slot) { v[0].Task = ""; return v, s },
		`visit: task "t00": inspector "i" is in the team twice`:     func(v []Visit, s []Slot) ([]Visit, []Slot) { v[0].Inspectors = []string{"i", "i"}; return v, s },
		`visit: slot "2026-12-01-am": room for -1 visits of "fire"`: func(v []Visit, s []Slot) ([]Visit, []Slot) { s[0].Room = map[string]int{"fire": -1}; return v, s },
	} {
		v, s := edit(slices.Clone(visits), slices.Clone(slots))
		_, err := Schedule(sha256.New, keyOf(1), v, s, false)
		require.EqualError(t, err, want)
	}
	p := &Plan{Slots: []Entry{{"before", "s"}}}
	for text, want := range map[string]string{
		"doublerandom/slots/v2\n":                                            `visit: plan line 1 is "doublerandom/slots/v2\n", which is not expected there`,
		"doublerandom/slots/v1\nvisits 1\nwithout 0\nvisit a b c\n":          `visit: plan line 4 is "visit a b c\n", which is not expected there`,
		"doublerandom/slots/v1\nvisits 2\nwithout 0\nvisit b s\nvisit a s\n": `visit: entry "a" at "s" is not valid or out of order`,
		"doublerandom/slots/v1\nvisits 2\nwithout 0\nvisit a s\n":            `visit: plan of 51 bytes is not the text of its 1 visits`,
	} {
		require.EqualError(t, p.UnmarshalText([]byte(text)), want)
		require.Equal(t, "before", p.Slots[0].Task)
	}
}

func FuzzPlan(f *testing.F) {
	f.Add([]byte("doublerandom/slots/v1\nvisits 1\nwithout 1\nvisit a s\nwithout b\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p := new(Plan)
		if p.UnmarshalText(text) != nil {
			require.Equal(t, &Plan{}, p)
			return
		}
		again, err := p.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
	})
}

// BenchmarkSchedule has 11,300 visits and slots for nine in ten of them.
func BenchmarkSchedule(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 6))
	var visits []Visit
	var slots []Slot
	for i := range 11_300 {
		d := rng.IntN(359)
		visits = append(visits, Visit{
			Task: fmt.Sprint("t", i), Area: fmt.Sprint("a", d), Departments: []string{fmt.Sprint("d", d)},
			Inspectors: []string{fmt.Sprint("i", d, "-", rng.IntN(36)), fmt.Sprint("i", d, "-", 36+rng.IntN(36))},
		})
	}
	for i := range 40 {
		room := map[string]int{}
		for d := range 359 {
			room[fmt.Sprint("d", d)] = (i*d)%3/2 + i%3/2
		}
		slots = append(slots, Slot{fmt.Sprintf("s%02d", i), room})
	}
	b.ResetTimer()
	for range b.N {
		p, err := Schedule(sha256.New, keyOf(1), visits, slots, false)
		require.NoError(b, err)
		b.ReportMetric(float64(len(p.Without)), "without")
	}
}
