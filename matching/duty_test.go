package matching

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDuty withdraws inspectors at random: each change refills one place, legally, and moves
// nobody else; whoever replays the published changes comes to the same teams.
func TestDuty(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 20))
	empty, refilled := 0, 0
	for n := range 200 {
		p := randomSmall(rng, 5, 7, true).problem(t)
		r, _, err := p.Assign(keyOf(n))
		require.NoError(t, err)
		d, err := p.Duty(r)
		require.NoError(t, err)
		replay, err := p.Duty(r)
		require.NoError(t, err)
		for range 6 {
			var held []Seat
			before := map[string][]string{}
			for team := range r.Teams() {
				now, ok := d.Team(team.Task)
				before[team.Task] = now
				for _, i := range now {
					if ok && i != "" {
						held = append(held, Seat{team.Task, i})
					}
				}
			}
			if len(held) == 0 {
				break
			}
			seat := held[rng.IntN(len(held))]
			c, err := d.Withdraw(seat.Task, seat.Inspector, "illness", rng.IntN(2) == 0)
			require.NoError(t, err)
			for task, old := range before {
				now, _ := d.Team(task)
				if task == c.Task {
					require.Equal(t, c.Leaves, old[c.Place-1])
					require.Equal(t, c.Joins, now[c.Place-1])
					now[c.Place-1] = old[c.Place-1]
				}
				require.Equal(t, old, now, "nobody else moves")
			}
			eligible := d.Eligible(c.Task, c.Place)
			if c.Joins == "" {
				empty++
				require.Zero(t, eligible["eligible"], "%v", eligible)
			} else {
				refilled++
				require.Equal(t, "", p.legalNow(d, c))
			}

			text, err := c.MarshalText()
			require.NoError(t, err)
			published := new(Change)
			require.NoError(t, published.UnmarshalText(text))
			require.Equal(t, c, published)
			forged := *published
			forged.Joins = "i0"
			if forged.Joins != c.Joins && forged.Joins != c.Leaves {
				require.ErrorContains(t, replay.Apply(&forged), fmt.Sprintf("matching: change %d: place %d of ", c.Sequence, c.Place))
			}
			require.NoError(t, replay.Apply(published))
			require.ErrorContains(t, replay.Apply(published), fmt.Sprintf("expected number %d", c.Sequence+1))
		}
	}
	t.Logf("%d places refilled, %d stay empty", refilled, empty)
	require.Positive(t, empty)
	require.Positive(t, refilled)
}

// legalNow says what is wrong with a change that was carried out.
func (p *Problem) legalNow(d *Duty, c *Change) string {
	t, i := p.findTask(c.Task), p.dir.find(c.Joins)
	q := p.tasks[t].first + int32(c.Place) - 1
	switch {
	case d.s.at[q] != i:
		return "it was not carried out"
	case !p.may(i, q):
		return "must not go"
	case len(d.s.held[i]) > int(p.dir.capacity[i]):
		return "has no room"
	}
	return ""
}

// TestDutyFollowsTheKey lets a substitute be chosen under many keys: each of three takes about
// a third of the places.
func TestDutyFollowsTheKey(t *testing.T) {
	s := small{tasks: []Task{{"t", make([]Place, 2)}}}
	for i := range 5 {
		s.inspectors = append(s.inspectors, Inspector{ID: fmt.Sprintf("i%d", i), Capacity: 1})
	}
	p := s.problem(t)
	joins := map[string]int{}
	const rounds = 3000
	for n := range rounds {
		r, _, err := p.Assign(keyOf(n))
		require.NoError(t, err)
		d, err := p.Duty(r)
		require.NoError(t, err)
		team, _ := d.Team("t")
		c, err := d.Withdraw("t", team[0], "illness", false)
		require.NoError(t, err)
		joins[c.Joins]++
	}
	// By symmetry each of the five joins in a fifth: chi-square with 4 degrees of freedom is below
	// 23.5 in 99.99 % of all runs.
	chi := 0.0
	for _, n := range joins {
		chi += float64(n-rounds/5) * float64(n-rounds/5) / (rounds / 5)
	}
	require.Len(t, joins, 5)
	require.Less(t, chi, 23.5)
}

func TestChangeErrors(t *testing.T) {
	dir, err := NewDirectory(sha256.New, "2026-12-01", []Inspector{{ID: "a", Capacity: 1}, {ID: "b", Capacity: 1}, {ID: "c", Capacity: 1}})
	require.NoError(t, err)
	p, err := dir.Problem([]Task{{"t", make([]Place, 2)}}, nil, nil)
	require.NoError(t, err)
	r, _, err := p.Assign(keyOf(1))
	require.NoError(t, err)
	d, err := p.Duty(r)
	require.NoError(t, err)
	team, _ := d.Team("t")
	_, err = d.Withdraw("u", team[0], "illness", false)
	require.EqualError(t, err, fmt.Sprintf(`matching: withdrawal of %q from "u": there is no such task`, team[0]))
	_, err = d.Withdraw("t", "x", "illness", false)
	require.EqualError(t, err, `matching: withdrawal of "x" from "t": the team does not have that inspector now`)
	_, err = d.Withdraw("t", team[0], "", false)
	require.EqualError(t, err, fmt.Sprintf(`matching: withdrawal of %q from "t": the reason is empty`, team[0]))
	c, err := d.Withdraw("t", team[0], "illness", false)
	require.NoError(t, err)
	text, err := c.MarshalText()
	require.NoError(t, err)
	require.Regexp(t, "^doublerandom/change/v1\nroster [0-9a-f]{64}\nsequence 1\nprevious none\ntask t\nplace 1\nleaves . task\njoins .\nreason illness\n$", string(text))
	c, err = d.Withdraw("t", c.Joins, "petition", true)
	require.NoError(t, err)
	require.Empty(t, c.Joins)
	require.Equal(t, map[string]int{"withdrawn": 2, "in the team": 1}, d.Eligible("t", 1))
	for _, edit := range []func(c *Change){func(c *Change) { c.Previous[0] ^= 1 }, func(c *Change) { c.Roster[0] ^= 1 }, func(c *Change) { c.Sequence = 3 }, func(c *Change) { c.All = false; c.Joins = "a" }} {
		other, err := p.Duty(r)
		require.NoError(t, err)
		first := new(Change)
		require.NoError(t, first.UnmarshalText(text))
		require.NoError(t, other.Apply(first))
		forged := *c
		edit(&forged)
		require.Error(t, other.Apply(&forged))
		require.NoError(t, other.Apply(c), "a refused change leaves the roster as it was")
	}
}

func FuzzChange(f *testing.F) {
	c := &Change{Sequence: 1, Task: "t", Place: 1, Leaves: "a", Joins: "b", Reason: "illness"}
	text, err := c.MarshalText()
	require.NoError(f, err)
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		c := Change{Task: "before"}
		if c.UnmarshalText(text) != nil {
			require.Equal(t, Change{Task: "before"}, c)
			return
		}
		again, err := c.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
	})
}
