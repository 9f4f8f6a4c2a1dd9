package matching

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/internal/longtest"
	"github.com/stretchr/testify/require"
)

func rosterText(t testing.TB, r *Roster) string {
	t.Helper()
	var b bytes.Buffer
	n, err := r.WriteTo(&b)
	require.NoError(t, err)
	require.EqualValues(t, b.Len(), n)
	return b.String()
}

// TestForbiddenPairs counts teams with a forbidden pair where there is an
// assignment without one: the bound must not be met by small problems.
func TestForbiddenPairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	avoidable, left, all := 0, 0, 0
	for n := range 400 {
		s := randomSmall(rng, 2+rng.IntN(3), 4+rng.IntN(3), true)
		p := s.problem(t)
		if len(p.forbidden) == 0 {
			continue
		}
		r, _, err := p.Assign(keyOf(n))
		require.NoError(t, err)
		require.NoError(t, p.Check(r, Full))
		report, err := p.Report(r)
		require.NoError(t, err)
		all++
		if len(report.Clashes) == 0 {
			continue
		}
		left++
		var admitted []int32
		for team := range r.Teams() {
			admitted = append(admitted, p.findTask(team.Task))
		}
		everyAssignment(p, admitted, func(at []int32) bool {
			a := newAssignment(unordered(p))
			for q, i := range at {
				if i != nobody {
					a.put(int32(q), i)
				}
			}
			if squaresOf(p, at) > r.Squares() {
				return true
			}
			for _, task := range admitted {
				if a.teamClashes(task) > 0 {
					return true
				}
			}
			avoidable++
			return false
		})
	}
	t.Logf("of %d problems %d keep a forbidden pair, which another assignment avoids in %d", all, left, avoidable)
	require.Less(t, avoidable, 8) // one exchange at a time does not find every way
}

// TestOrderOfInput shuffles all lists: the texts stay the same.
func TestOrderOfInput(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for n := range 100 {
		s := randomSmall(rng, 6, 6, true)
		want, _, err := s.problem(t).Assign(keyOf(n))
		require.NoError(t, err)
		shuffle := func(n int, swap func(i, j int)) { rng.Shuffle(n, swap) }
		shuffle(len(s.inspectors), func(i, j int) { s.inspectors[i], s.inspectors[j] = s.inspectors[j], s.inspectors[i] })
		shuffle(len(s.tasks), func(i, j int) { s.tasks[i], s.tasks[j] = s.tasks[j], s.tasks[i] })
		shuffle(len(s.exclusions), func(i, j int) { s.exclusions[i], s.exclusions[j] = s.exclusions[j], s.exclusions[i] })
		shuffle(len(s.forbidden), func(i, j int) { s.forbidden[i], s.forbidden[j] = s.forbidden[j], s.forbidden[i] })
		for k := range s.forbidden {
			s.forbidden[k].A, s.forbidden[k].B = s.forbidden[k].B, s.forbidden[k].A
		}
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1 + n%2))
			have, _, err := s.problem(t).Assign(keyOf(n))
			require.NoError(t, err)
			require.Equal(t, rosterText(t, want), rosterText(t, have))
		}()
	}
}

// TestAccumulated pins many rosters by one hash, on every machine.
func TestAccumulated(t *testing.T) {
	h := sha256.New()
	for _, c := range referenceProblems(t) {
		r, _, err := c.problem.Assign(c.key)
		require.NoError(t, err)
		r.WriteTo(h)
	}
	require.Equal(t, "314f1914076e123a367c0ceb02c3e178977fa578372ce70da2c3a49bb6143613", fmt.Sprintf("%x", h.Sum(nil)))
}

// TestMutatedRosters changes rosters in every way that leaves the grammar alone: checking
// against the problem, or doing it again, finds each.
func TestMutatedRosters(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	checked, verified := 0, 0
	for n := range 150 {
		p := randomSmall(rng, 5, 5, true).problem(t)
		r, _, err := p.Assign(keyOf(n))
		require.NoError(t, err)
		text := rosterText(t, r)
		parsed, err := ParseRoster(strings.NewReader(text))
		require.NoError(t, err)
		require.Equal(t, r, parsed)
		require.NoError(t, p.Verify(keyOf(n), parsed))
		words := strings.Fields(text)
		for range 30 {
			at := rng.IntN(len(text))
			k := rng.IntN(len(words))
			changed := strings.Replace(text, words[k], words[rng.IntN(len(words))], 1)
			if rng.IntN(2) == 0 {
				changed = text[:at] + string("0123456789abcdefit \n"[rng.IntN(20)]) + text[at+rng.IntN(2):]
			}
			if changed == text {
				continue
			}
			other, err := ParseRoster(strings.NewReader(changed))
			if err != nil {
				require.NotContains(t, err.Error(), "\n")
				continue
			}
			require.Equal(t, changed, rosterText(t, other))
			if p.Check(other, Full) != nil {
				checked++
			}
			require.Error(t, p.Verify(keyOf(n), other), changed)
			verified++
		}
	}
	t.Logf("of %d changed rosters that can be read, %d are found without doing it again", verified, checked)
	require.Greater(t, checked, verified/2)
}

// TestPublicView checks rosters without the exclusions.
func TestPublicView(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	hidden, shown := 0, 0
	for n := range 400 {
		s := randomSmall(rng, 5, 4, false)
		p := s.problem(t)
		r, _, err := p.Assign(keyOf(n))
		require.NoError(t, err)
		report, err := p.Report(r)
		require.NoError(t, err)
		s.exclusions, s.forbidden = nil, nil
		open := s.problem(t)
		switch err := open.Check(r, Public); {
		case err == nil:
			require.True(t, report.Unconditional)
			shown++
		default:
			var h *HiddenError
			require.ErrorAs(t, err, &h)
			require.False(t, report.Unconditional)
			hidden++
		}
	}
	t.Logf("%d rosters can be checked by everybody, %d have refusals that exclusions cause", shown, hidden)
	require.Positive(t, hidden)
}

// TestNeighbours counts how often inspectors who stand side by side in the directory
// meet: as often as others do. (A real system only ever paired neighbours.)
func TestNeighbours(t *testing.T) {
	var inspectors []Inspector
	var tasks []Task
	const people, visits = 20, 10
	for i := range people {
		inspectors = append(inspectors, Inspector{ID: fmt.Sprintf("i%02d", i), Capacity: 5})
	}
	for v := range visits {
		tasks = append(tasks, Task{ID: fmt.Sprintf("t%02d", v), Places: make([]Place, 2)})
	}
	p := small{inspectors: inspectors, tasks: tasks}.problem(t)
	const rounds = 4000
	var met [people][people]int
	for n := range rounds {
		r, _, err := p.Assign(keyOf(n))
		require.NoError(t, err)
		for team := range r.Teams() {
			a, b := p.dir.find(team.Inspectors[0]), p.dir.find(team.Inspectors[1])
			met[min(a, b)][max(a, b)]++
		}
	}
	// Each of 190 pairs meets with chance 1/19 in a round, which is a perfect matching:
	// chi-square with 189 degrees of freedom times 1 − 1/19 or so. 99.99 % lie
	// below 270.
	expected := float64(rounds) / (people - 1)
	chi, next := 0.0, 0
	for a := range people {
		for b := a + 1; b < people; b++ {
			d := float64(met[a][b]) - expected
			chi += d * d / expected
		}
		if a > 0 {
			next += met[a-1][a]
		}
	}
	t.Logf("chi-square %.1f; neighbours met %d times, expected %.0f", chi, next, expected*(people-1))
	require.Less(t, chi, 270.0)
	require.InDelta(t, expected*(people-1), next, 4*63) // four standard deviations of √4000
}

// TestMarginals compares how often each place goes to each inspector with the uniform
// distribution over all least-squares assignments, which is enumerated.
func TestMarginals(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	worst := 0.0
	for n := 0; n < 4; {
		s := randomSmall(rng, 3, 5, false)
		p := s.problem(t)
		r, _, err := p.Assign(keyOf(0))
		require.NoError(t, err)
		if r.Len() < 3 {
			continue
		}
		n++
		var admitted []int32
		for team := range r.Teams() {
			admitted = append(admitted, p.findTask(team.Task))
		}
		chance := map[[2]int32]float64{}
		total := 0.0
		everyAssignment(p, admitted, func(at []int32) bool {
			if squaresOf(p, at) == r.Squares() {
				total++
				for q, i := range at {
					chance[[2]int32{int32(q), i}]++
				}
			}
			return true
		})
		rounds := marginalRounds()
		seen := map[[2]int32]float64{}
		for k := range rounds {
			r, _, err := p.Assign(keyOf(k))
			require.NoError(t, err)
			for team := range r.Teams() {
				first, _ := p.team(p.findTask(team.Task))
				for m, id := range team.Inspectors {
					seen[[2]int32{first + int32(m), p.dir.find(id)}]++
				}
			}
		}
		for q := range p.places {
			distance := 0.0
			for i := range p.dir.ids {
				at := [2]int32{int32(q), int32(i)}
				distance += max(0, seen[at]/float64(rounds)-chance[at]/total)
			}
			worst = max(worst, distance)
		}
		t.Logf("%d assignments", int(total))
	}
	// Noise alone gives about √(c/(2π·rounds)) for c candidates: 0.006 for 5 and 20,000, 0.013
	// for 4,000. The walk is short of uniform by less than that.
	t.Logf("total variation of a place at most %.4f in %d rounds", worst, marginalRounds())
	require.Less(t, worst, 0.03)
}

func marginalRounds() int {
	if longtest.Enabled() {
		return 100_000
	}
	return 4_000
}
