package matching

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// A small is a random problem with its lists.
type small struct {
	inspectors []Inspector
	tasks      []Task
	exclusions []Exclusion
	forbidden  []Pair
}

func pickSome(rng *rand.Rand, from []string, chance int) (some []string) {
	for _, s := range from {
		if rng.IntN(100) < chance {
			some = append(some, s)
		}
	}
	return some
}

func randomSmall(rng *rand.Rand, tasks, inspectors int, forbidden bool) small {
	var s small
	kinds := []string{"food", "fire"}
	for i := range inspectors {
		in := Inspector{ID: fmt.Sprintf("i%d", i), Areas: pickSome(rng, []string{"north", "south"}, 70), Roles: pickSome(rng, []string{"lead"}, 50), Capacity: rng.IntN(4), Carried: rng.IntN(3)}
		for _, k := range pickSome(rng, kinds, 60) {
			in.Certificates = append(in.Certificates, Certificate{Kind: k, To: "2026-12-31"})
		}
		s.inspectors = append(s.inspectors, in)
	}
	// One inspector without room has everything, so that nothing is unknown.
	s.inspectors = append(s.inspectors, Inspector{
		ID: "none", Areas: []string{"north", "south"}, Roles: []string{"lead"}, Certificates: []Certificate{{Kind: "food"}, {Kind: "fire"}},
	})
	for t := range tasks {
		task := Task{ID: fmt.Sprintf("t%d", t)}
		for k := range 2 + rng.IntN(5)/4 {
			p := Place{}
			if rng.IntN(2) == 0 {
				p.Area = []string{"north", "south"}[rng.IntN(2)]
			}
			if k == 0 && rng.IntN(2) == 0 {
				p.Role = "lead"
			}
			if rng.IntN(2) == 0 {
				p.Certificate = kinds[rng.IntN(2)]
			}
			task.Places = append(task.Places, p)
		}
		s.tasks = append(s.tasks, task)
	}
	for range rng.IntN(4) {
		s.exclusions = append(s.exclusions, Exclusion{fmt.Sprintf("t%d", rng.IntN(tasks)), fmt.Sprintf("i%d", rng.IntN(inspectors)), "kinship"})
	}
	for range rng.IntN(3) {
		a, b := rng.IntN(inspectors), rng.IntN(inspectors)
		if forbidden && a != b {
			s.forbidden = append(s.forbidden, Pair{fmt.Sprintf("i%d", a), fmt.Sprintf("i%d", b), "rotation"})
		}
	}
	return s
}

func (s small) problem(t testing.TB) *Problem {
	t.Helper()
	dir, err := NewDirectory(sha256.New, "2026-12-01", s.inspectors)
	require.NoError(t, err)
	p, err := dir.Problem(s.tasks, s.exclusions, s.forbidden)
	require.NoError(t, err)
	return p
}

func keyOf(n int) Key { return Key(sha256.Sum256(fmt.Appendf(nil, "key %d", n))) }

// everyAssignment calls yield with every legal way to fill the given tasks, apart
// from forbidden pairs, until yield returns false. It is written from the rules
// alone.
func everyAssignment(p *Problem, tasks []int32, yield func(at []int32) bool) {
	at := make([]int32, len(p.places))
	used := make([]int32, p.dir.Len())
	var places []int32
	for i := range at {
		at[i] = nobody
	}
	for _, t := range tasks {
		first, end := p.team(t)
		for q := first; q < end; q++ {
			places = append(places, q)
		}
	}
	var fill func(k int) bool
	fill = func(k int) bool {
		if k == len(places) {
			return yield(at)
		}
		q := places[k]
		t := p.places[q].task
		first, end := p.team(t)
	next:
		for _, i := range p.classes[p.places[q].class].members {
			for _, e := range p.exclusions {
				if e.Task == p.tasks[t].id && e.Inspector == p.dir.ids[i] {
					continue next
				}
			}
			for m := first; m < end; m++ {
				if at[m] == i {
					continue next
				}
			}
			if used[i] == p.dir.capacity[i] {
				continue
			}
			at[q] = i
			used[i]++
			more := fill(k + 1)
			at[q] = nobody
			used[i]--
			if !more {
				return false
			}
		}
		return true
	}
	fill(0)
}

func feasible(p *Problem, tasks []int32) bool {
	found := false
	everyAssignment(p, tasks, func([]int32) bool { found = true; return false })
	return found
}

func squaresOf(p *Problem, at []int32) (sum uint64) {
	load := make([]uint64, p.dir.Len())
	for i := range load {
		load[i] = uint64(p.dir.carried[i])
	}
	for _, i := range at {
		if i != nobody {
			load[i]++
		}
	}
	for _, n := range load {
		sum += n * n
	}
	return sum
}

// TestSmall compares random small problems with an enumeration of all legal
// assignments: who is refused, that each refusal's certificate holds just when
// there is no room, the least sum of squares, and the support of each place.
func TestSmall(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	refused, forced, unequal, chained := 0, 0, 0, 0
	for n := range 1500 {
		s := randomSmall(rng, 1+rng.IntN(4), 2+rng.IntN(4), false)
		p := s.problem(t)
		key := keyOf(n)
		r, _, err := p.Assign(key)
		require.NoError(t, err)
		report, err := p.Report(r)
		require.NoError(t, err, "problem %d: %+v", n, s)
		o, err := newOrder(p, key)
		require.NoError(t, err)

		var admitted []int32
		for _, task := range o.tasks {
			_, has := r.Team(p.tasks[task].id)
			require.Equal(t, feasible(p, append(admitted, task)), has, "problem %d, task %s: %+v", n, p.tasks[task].id, s)
			if has {
				admitted = append(admitted, task)
			} else {
				refused++
			}
		}
		least, best := ^uint64(0), []map[int32]bool{}
		everyAssignment(p, admitted, func(at []int32) bool {
			sum := squaresOf(p, at)
			if sum < least {
				least = sum
				best = make([]map[int32]bool, len(at))
				for q := range best {
					best[q] = map[int32]bool{}
				}
			}
			if sum == least {
				for q, i := range at {
					best[q][i] = true
				}
			} else {
				unequal++
			}
			return true
		})
		require.Equal(t, least, r.Squares(), "problem %d: %+v", n, s)
		for _, task := range admitted {
			for k, support := range report.Support[p.tasks[task].id] {
				require.Equal(t, len(best[p.tasks[task].first+int32(k)]), support, "problem %d, place %d of %s: %+v", n, k+1, p.tasks[task].id, s)
			}
		}
		forced += len(report.Forced)
		require.NoError(t, p.Check(r, Full), "problem %d: %+v", n, s)
		require.NoError(t, p.Verify(key, r))
		for x := range r.Refused() {
			if len(x.Single) > 0 || len(r.Region(x.Region).Single) > 0 {
				chained++
			}
		}
	}
	t.Logf("%d tasks refused, %d of them by regions with single seats, %d places forced, %d assignments unbalanced", refused, chained, forced, unequal)
	require.Positive(t, chained)
	require.Positive(t, forced)
}
