package matching

import (
	"cmp"
	"fmt"
	"slices"
)

// A region is a set of inspectors with the places that nobody else can fill. It is
// the ground on which tasks are refused.
type region struct {
	who     []int32    // ascending
	inside  []bool     // by inspector
	single  [][2]int32 // task and inspector outside: each may take one place of that task
	room    int64      // places that the inspectors take, and single ones
	need    int64      // places of admitted tasks that only they can take
	classes map[int32]bool
}

// A refusal is a task that was refused, and why.
type refusal struct {
	task   int32
	region int
	places []int32 // of the task, that only the region can take
	single []int32 // inspectors outside who could each take one of these places
}

// certify finds for each refused task a region that has no room for it: set S of places,
// of tasks that were admitted and of this one, all of whose candidates are inspectors R or
// single ones, with more places than there is room. The assignment is as before
// when it returns.
func (s *search) certify(refused []int32) (regions []*region, refusals []refusal) {
	c := s.problem.takeCensus(s.at)
	byClass := map[int32][]int{} // regions that a class is inside of
	for _, t := range refused {
		r, ok := s.known(t, regions, byClass)
		if !ok {
			var found *region
			found, r = s.findRegion(t, c)
			r.region = len(regions)
			regions = append(regions, found)
			for k := range found.classes {
				byClass[k] = append(byClass[k], r.region)
			}
		}
		refusals = append(refusals, r)
	}
	return regions, refusals
}

// known looks for a region that refuses the task, too.
func (s *search) known(t int32, regions []*region, byClass map[int32][]int) (refusal, bool) {
	first, end := s.problem.team(t)
	for p := first; p < end; p++ {
		for _, g := range byClass[s.problem.places[p].class] {
			r := refusal{task: t, region: g}
			for q := first; q < end; q++ {
				if regions[g].classes[s.problem.places[q].class] {
					r.places = append(r.places, q)
				}
			}
			if regions[g].need+int64(len(r.places)) > regions[g].room {
				return r, true
			}
		}
	}
	return refusal{}, false
}

// findRegion fills the task's places one by one until one finds no room: what that
// search saw is closed. Then it takes everything back.
func (s *search) findRegion(t int32, c *census) (*region, refusal) {
	var log []move
	s.log = &log
	first, end := s.problem.team(t)
	p := first
	for p < end && s.makeRoom(p) {
		p++
	}
	s.log = nil
	if p == end {
		panic("matching: a refused task has room")
	}
	g := &region{who: slices.Clone(s.came), inside: make([]bool, len(s.held)), classes: map[int32]bool{}}
	slices.Sort(g.who)
	for _, i := range g.who {
		g.inside[i] = true
		g.room += int64(s.capacity[i])
	}
	r := refusal{task: t}
	for _, q := range s.queue {
		own := s.problem.places[q].task
		if own == t {
			r.places = append(r.places, q)
		}
		a, b := s.problem.team(own)
		for mate := a; mate < b; mate++ {
			i := s.at[mate]
			if mate == q || i == nobody || g.inside[i] || !s.problem.may(i, q) {
				continue
			}
			if own == t {
				r.single = append(r.single, i)
			} else {
				g.single = append(g.single, [2]int32{own, i})
			}
		}
	}
	slices.Sort(r.places)
	slices.Sort(r.single)
	r.single = slices.Compact(r.single)
	slices.SortFunc(g.single, func(x, y [2]int32) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	g.single = slices.Compact(g.single)
	g.room += int64(len(g.single))
	for _, m := range slices.Backward(log) {
		s.put(m.place, m.from)
	}
	for k := range s.problem.classes {
		if members := s.problem.classes[k].members; !slices.ContainsFunc(members, func(i int32) bool { return !g.inside[i] }) {
			g.classes[int32(k)] = true
		}
	}
	g.need = c.needOf(g, false)
	return g, r
}

// A census is who fills what, by classes.
type census struct {
	*Problem
	at     []int32
	filled []int32 // places of each class
	of     rows    // places of each class
}

func (p *Problem) takeCensus(at []int32) *census {
	c := &census{Problem: p, at: at, filled: make([]int32, len(p.classes)), of: rows{end: make([]int32, len(p.classes)), list: make([]int32, len(p.places))}}
	sizes := make([]int32, len(p.classes))
	for q := range p.places {
		sizes[p.places[q].class]++
		if at[q] != nobody {
			c.filled[p.places[q].class]++
		}
	}
	begin := int32(0)
	for k, n := range sizes {
		c.of.end[k] = begin
		begin += n
	}
	for q := range p.places {
		k := p.places[q].class
		c.of.list[c.of.end[k]] = int32(q)
		c.of.end[k]++
	}
	return c
}

// needOf returns the number of filled places that only the region can take: with the
// exclusions, or as if there were none. They are of classes with a member in the
// region, or of tasks with a single seat.
func (c *census) needOf(g *region, ignoreExclusions bool) (need int64) {
	inside := map[int32]int{} // members inside
	for _, i := range g.who {
		for _, k := range c.Problem.of.of(i) {
			inside[k]++
		}
	}
	for k, n := range inside {
		outside := len(c.classes[k].members) - n
		if outside == 0 {
			need += int64(c.filled[k])
			continue
		}
		for _, q := range c.of.of(k) {
			t := c.places[q].task
			if c.at[q] != nobody && outside <= g.singles(t)+len(c.barred.of(t)) && c.onlyInside(g, t, k, ignoreExclusions, nil) {
				need++
			}
		}
	}
	for m, seat := range g.single {
		t := seat[0]
		if m > 0 && g.single[m-1][0] == t {
			continue
		}
		first, end := c.team(t)
		for q := first; q < end; q++ {
			k := c.places[q].class
			if inside[k] == 0 && c.at[q] != nobody && c.onlyInside(g, t, k, ignoreExclusions, nil) {
				need++
			}
		}
	}
	return need
}

// singles returns how many single inspectors a task has.
func (g *region) singles(t int32) int {
	a, _ := slices.BinarySearchFunc(g.single, t, func(x [2]int32, t int32) int { return cmp.Compare(x[0], t) })
	n := 0
	for ; a < len(g.single) && g.single[a][0] == t; a++ {
		n++
	}
	return n
}

// onlyInside reports whether a place of a task and class can be filled by nobody but
// the region's inspectors, its single ones, and those given.
func (p *Problem) onlyInside(g *region, t, class int32, ignoreExclusions bool, others []int32) bool {
	return !slices.ContainsFunc(p.classes[class].members, func(i int32) bool {
		if g.inside[i] || !ignoreExclusions && p.barred.has(t, i) || slices.Contains(others, i) {
			return false
		}
		_, single := slices.BinarySearchFunc(g.single, [2]int32{t, i}, func(x, y [2]int32) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
		return !single
	})
}

// checkRefusal returns why a region does not refuse a task, or "".
func (p *Problem) checkRefusal(g *region, r refusal, ignoreExclusions bool) string {
	for _, q := range r.places {
		if p.places[q].task != r.task {
			return "a place of another task"
		}
		if !p.onlyInside(g, r.task, p.places[q].class, ignoreExclusions, r.single) {
			return fmt.Sprintf("place %d could be filled from outside the region", q-p.tasks[r.task].first+1)
		}
	}
	if g.need+int64(len(r.places)) <= g.room+int64(len(r.single)) {
		return fmt.Sprintf("the region needs %d places with it and has %d", g.need+int64(len(r.places)), g.room+int64(len(r.single)))
	}
	return ""
}
