package matching

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A View says what whoever checks a roster knows of the problem.
type View uint8

const (
	// Full is the view of an auditor, who has the exclusions.
	Full View = iota
	// Public is the view of everybody else: the problem is without exclusions and
	// forbidden pairs, because they are private.
	Public
)

// Check checks what a roster claims without repeating the matching: that it is for this
// problem, that each team is full and legal, that each refusal holds, that every task
// is there once, and that no chain of changes would make the sum of squared loads
// smaller. It returns the first thing that is wrong, or nil. That the roster is the one
// that follows from the key is for [Problem.Verify].
//
// In the [Public] view the problem may be without exclusions: neither its hash nor balance
// are compared then, nor that nobody was sent whom an exclusion bars; and a refusal that
// holds only because of exclusions is an error of type [*HiddenError].
func (p *Problem) Check(r *Roster, view View) error {
	if view == Full && p.id != r.problem {
		return fmt.Errorf("matching: roster is for problem %x, expected %x", r.problem, p.id)
	}
	s, err := p.seated(r)
	if err != nil {
		return err
	}
	regions, refusals, err := p.readRefusals(s, r, view)
	if err != nil {
		return err
	}
	for _, x := range refusals {
		problem := p.checkRefusal(regions[x.region], x, false)
		switch {
		case problem == "":
		case view == Public:
			return &HiddenError{p.tasks[x.task].id, problem}
		default:
			return fmt.Errorf("matching: refusal of task %s does not hold: %s", label.Quote(p.tasks[x.task].id), problem)
		}
	}
	if squares := s.squares(); squares != r.squares {
		return fmt.Errorf("matching: roster states a sum of squares of %d, its teams have %d", r.squares, squares)
	}
	if view == Full {
		if from, to, ok := newSearch(s).unbalanced(); ok {
			return fmt.Errorf("matching: roster is not balanced: %s with load %d could give a place to %s with load %d",
				label.Quote(p.dir.ids[from]), s.load(from), label.Quote(p.dir.ids[to]), s.load(to))
		}
	}
	return nil
}

// A HiddenError says that a refusal cannot be checked without the exclusions.
type HiddenError struct {
	Task   string // ID
	Reason string // what the problem without exclusions shows instead
}

// Error returns the message.
func (e *HiddenError) Error() string {
	return fmt.Sprintf("matching: refusal of task %s cannot be checked without the exclusions: %s", label.Quote(e.Task), e.Reason)
}

// seated returns the assignment that a roster describes, if it is legal.
func (p *Problem) seated(r *Roster) (*assignment, error) {
	s := newAssignment(unordered(p))
	seen, t := 0, int32(-1)
	for _, team := range r.teams {
		if t++; t >= int32(len(p.tasks)) || p.tasks[t].id != team.Task { // nearly always the next one
			t = p.findTask(team.Task)
		}
		if t < 0 {
			return nil, fmt.Errorf("matching: team of %s: there is no such task", label.Quote(team.Task))
		}
		first, end := p.team(t)
		if len(team.Inspectors) != int(end-first) {
			return nil, fmt.Errorf("matching: team of %s has %d inspectors, expected %d", label.Quote(team.Task), len(team.Inspectors), end-first)
		}
		if s.at[first] != nobody {
			return nil, fmt.Errorf("matching: team of %s is there twice", label.Quote(team.Task))
		}
		for k, id := range team.Inspectors {
			i, q := p.dir.find(id), first+int32(k)
			if problem := p.illegal(s, t, q, i); problem != "" {
				return nil, fmt.Errorf("matching: team of %s: place %d: %s %s", label.Quote(team.Task), k+1, label.Quote(id), problem)
			}
			s.put(q, i)
		}
		seen++
	}
	for _, x := range r.refused {
		t := p.findTask(x.Task)
		if t < 0 || s.at[p.tasks[t].first] != nobody {
			return nil, fmt.Errorf("matching: refusal of %s: there is no such task, or it has a team", label.Quote(x.Task))
		}
		seen++
	}
	if seen != len(p.tasks) {
		return nil, fmt.Errorf("matching: roster says something of %d tasks, expected %d", seen, len(p.tasks))
	}
	return s, nil
}

// illegal returns why an inspector must not fill a place, or "".
func (p *Problem) illegal(s *assignment, t, q, i int32) string {
	switch {
	case i < 0:
		return "is not in the directory"
	case !p.inClass(i, p.places[q].class):
		return "does not have what the place asks for"
	case p.barred.has(t, i):
		return "is excluded from the task"
	case s.inTeam(t, i, nobody):
		return "is in the team already"
	case s.full(i):
		return fmt.Sprintf("has more than %d places", s.capacity[i])
	}
	return ""
}

// readRefusals returns regions and refusals with numbers for names.
func (p *Problem) readRefusals(s *assignment, r *Roster, view View) (regions []*region, refusals []refusal, err error) {
	c := p.takeCensus(s.at)
	for k, out := range r.regions {
		g := &region{inside: make([]bool, len(s.held))}
		for _, id := range out.Inspectors {
			i := p.dir.find(id)
			if i < 0 || g.inside[i] {
				return nil, nil, fmt.Errorf("matching: region %d: inspector %s is not in the directory, or there twice", k+1, label.Quote(id))
			}
			g.inside[i] = true
			g.who = append(g.who, i)
			g.room += int64(s.capacity[i])
		}
		for _, seat := range out.Single {
			t, i := p.findTask(seat.Task), p.dir.find(seat.Inspector)
			if t < 0 || i < 0 || g.inside[i] {
				return nil, nil, fmt.Errorf("matching: region %d: there is no task %s, or %s is no inspector outside", k+1, label.Quote(seat.Task), label.Quote(seat.Inspector))
			}
			g.single = append(g.single, [2]int32{t, i})
		}
		g.room += int64(len(g.single))
		g.need = c.needOf(g, false)
		if view == Full && (uint64(g.need) != out.Need || uint64(g.room) != out.Room) {
			return nil, nil, fmt.Errorf("matching: region %d states that %d places have room for %d, the roster shows %d and %d", k+1, out.Need, out.Room, g.need, g.room)
		}
		regions = append(regions, g)
	}
	for _, x := range r.refused {
		refusal, problem := p.parsed(x, len(regions))
		if problem != "" {
			return nil, nil, fmt.Errorf("matching: refusal of task %s: %s", label.Quote(x.Task), problem)
		}
		refusals = append(refusals, refusal)
	}
	return regions, refusals, nil
}

// parsed returns the refusal with numbers for names, or what is wrong with it.
func (p *Problem) parsed(x Refusal, regions int) (r refusal, problem string) {
	r = refusal{task: p.findTask(x.Task), region: x.Region - 1}
	if r.region < 0 || r.region >= regions {
		return r, fmt.Sprintf("there is no region %d", x.Region)
	}
	for _, k := range x.Places {
		q := p.tasks[r.task].first + int32(k) - 1
		if k < 1 || k > int(p.tasks[r.task].size) || slices.Contains(r.places, q) {
			return r, fmt.Sprintf("place %d is not in the team, or there twice", k)
		}
		r.places = append(r.places, q)
	}
	for _, id := range x.Single {
		i := p.dir.find(id)
		if i < 0 || slices.Contains(r.single, i) {
			return r, fmt.Sprintf("inspector %s is not in the directory, or there twice", label.Quote(id))
		}
		r.single = append(r.single, i)
	}
	return r, ""
}

// Verify checks that a roster is the one that follows from the problem and the key:
// it does the matching again. The error names the first line that differs.
func (p *Problem) Verify(key Key, r *Roster) error {
	want, _, err := p.Assign(key)
	if err != nil {
		return err
	}
	var have, expected bytes.Buffer
	r.WriteTo(&have) // a bytes.Buffer returns no error
	want.WriteTo(&expected)
	if bytes.Equal(have.Bytes(), expected.Bytes()) {
		return nil
	}
	for n := 1; ; n++ {
		h, _ := have.ReadString('\n')
		w, _ := expected.ReadString('\n')
		if h != w {
			return fmt.Errorf("matching: roster line %d is %s, expected %s", n, label.Quote(strings.TrimSuffix(h, "\n")), label.Quote(strings.TrimSuffix(w, "\n")))
		}
	}
}
