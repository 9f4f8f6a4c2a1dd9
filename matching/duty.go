package matching

import (
	"bytes"
	"cmp"
	"fmt"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A Duty is a roster in force: the teams as they stand after illness, petitions and the
// like. Each change is a [Change] that is published, never an edit; it refills one place by
// the key of the roster and moves nobody else. A Duty is not safe for concurrent use. Make
// one with [Problem.Duty].
type Duty struct {
	s      *assignment
	roster [32]byte // hash of its text
	last   [32]byte // ID of the last change
	n      uint64   // changes so far
	gone   map[int32]bool
	left   map[[2]int32]bool // task and inspector
}

// Duty returns the roster in force before any change. It returns an error if the roster is not
// a legal one of this problem; that it is the right one is for [Problem.Verify].
func (p *Problem) Duty(r *Roster) (*Duty, error) {
	if err := p.Check(r, Full); err != nil {
		return nil, err
	}
	o, err := newOrder(p, r.key)
	if err != nil {
		return nil, err
	}
	seated, err := p.seated(r)
	if err != nil {
		return nil, err
	}
	seated.order = o
	var text bytes.Buffer
	r.WriteTo(&text)
	return &Duty{s: seated, roster: p.dir.f.Sum(text.Bytes()), gone: map[int32]bool{}, left: map[[2]int32]bool{}}, nil
}

// Team returns the inspectors of a task as they stand now, "" for a place that nobody could
// refill, and whether the task has a team.
func (d *Duty) Team(task string) ([]string, bool) {
	p := d.s.problem
	t := p.findTask(task)
	if t < 0 {
		return nil, false
	}
	first, end := p.team(t)
	var team []string
	filled := false
	for q := first; q < end; q++ {
		name := ""
		if i := d.s.at[q]; i != nobody {
			name, filled = p.dir.ids[i], true
		}
		team = append(team, name)
	}
	return team, filled
}

// Withdraw takes an inspector off a task, and returns the change to be published: the place goes
// to the one of those who may fill it, have room, are not in the team and have not withdrawn,
// who has the fewest forbidden pairs with the rest of the team, of those the smallest ticket for
// the task, and then the smallest ID. If there is nobody the place stays empty, and
// [Duty.Eligible] says why. With all the inspector is not sent anywhere else from now on, and
// the changes of his other places follow by further calls. The reason is a class such as
// "illness".
func (d *Duty) Withdraw(task, inspector, reason string, all bool) (*Change, error) {
	q, c, err := d.following(task, inspector, reason, all)
	if err != nil {
		return nil, err
	}
	d.carryOut(q, c)
	return c, nil
}

// Apply checks a published change against the roster in force and carries it out. If it is not
// the one that follows, Apply returns an error that says so and changes nothing.
func (d *Duty) Apply(c *Change) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("matching: change %d: %s", c.Sequence, fmt.Sprintf(format, args...))
	}
	switch {
	case c.Roster != d.roster:
		return fail("it is of roster %x, expected %x", c.Roster, d.roster)
	case c.Sequence != d.n+1:
		return fail("expected number %d", d.n+1)
	case c.Previous != d.last:
		return fail("it follows %x, expected %x", c.Previous, d.last)
	}
	q, want, err := d.following(c.Task, c.Leaves, c.Reason, c.All)
	if err != nil {
		return fail("%s", err.Error())
	}
	if *want != *c {
		return fail("place %d of %s goes to %s, expected place %d and %s", c.Place, label.Quote(c.Task), label.Quote(orNone(c.Joins)), want.Place, label.Quote(orNone(want.Joins)))
	}
	d.carryOut(q, c)
	return nil
}

// following returns the change that follows from a withdrawal, and its place, without
// carrying it out.
func (d *Duty) following(task, inspector, reason string, all bool) (int32, *Change, error) {
	q, problem := d.find(task, inspector)
	if problem == "" {
		problem = badReason(reason)
	}
	if problem != "" {
		return 0, nil, fmt.Errorf("matching: withdrawal of %s from %s: %s", label.Quote(inspector), label.Quote(task), problem)
	}
	p := d.s.problem
	c := &Change{
		Roster: d.roster, Sequence: d.n + 1, Previous: d.last, Task: task,
		Place: int(q-p.tasks[p.places[q].task].first) + 1, Leaves: inspector, All: all, Reason: reason,
	}
	i := d.s.at[q]
	d.s.put(q, nobody)
	if j := d.next(q, i); j != nobody {
		c.Joins = p.dir.ids[j]
	}
	d.s.put(q, i)
	return q, c, nil
}

// find returns the place that an inspector fills on a task.
func (d *Duty) find(task, inspector string) (int32, string) {
	p := d.s.problem
	t, i := p.findTask(task), p.dir.find(inspector)
	if t < 0 {
		return 0, "there is no such task"
	}
	q := nobody
	if i >= 0 {
		q = d.s.mate(t, i)
	}
	if q == nobody {
		return 0, "the team does not have that inspector now"
	}
	return q, ""
}

// carryOut makes a change.
func (d *Duty) carryOut(q int32, c *Change) {
	i := d.s.at[q]
	d.left[[2]int32{d.s.problem.places[q].task, i}] = true
	if c.All {
		d.gone[i] = true
	}
	d.s.put(q, nobody)
	if c.Joins != "" {
		d.s.put(q, d.s.problem.dir.find(c.Joins))
	}
	d.n++
	text, err := c.MarshalText()
	if err != nil {
		panic("matching: a change has no text: " + err.Error()) // its fields were checked
	}
	d.last = d.s.problem.dir.f.Sum(text)
}

// next returns who takes an empty place that one has left, or nobody.
func (d *Duty) next(q, left int32) int32 {
	p := d.s.problem
	t := p.places[q].task
	best, bestClashes := nobody, 0
	for _, i := range p.classes[p.places[q].class].members {
		if i == left || d.bar(q, i) != "" {
			continue
		}
		clashes := d.s.clashes(t, i, q)
		if best == nobody || cmp.Or(cmp.Compare(clashes, bestClashes), cmp.Compare(d.s.ticket(t, i), d.s.ticket(t, best))) < 0 {
			best, bestClashes = i, clashes
		}
	}
	return best
}

// bar returns why one who has what a place asks for cannot take it, or "".
func (d *Duty) bar(q, i int32) string {
	t := d.s.problem.places[q].task
	switch {
	case d.gone[i] || d.left[[2]int32{t, i}]:
		return "withdrawn"
	case d.s.problem.barred.has(t, i):
		return "excluded"
	case d.s.inTeam(t, i, nobody):
		return "in the team"
	case d.s.full(i):
		return "no room"
	}
	return ""
}

// Eligible says of all who have what a place of a task asks for, why they cannot take it now:
// "excluded", "in the team", "no room" or "withdrawn", with the number of each, and "eligible"
// for those who can. It returns nil if there is no such place; places count from 1.
func (d *Duty) Eligible(task string, place int) map[string]int {
	p := d.s.problem
	t := p.findTask(task)
	if t < 0 || place < 1 || place > int(p.tasks[t].size) {
		return nil
	}
	q := p.tasks[t].first + int32(place) - 1
	counts := map[string]int{}
	for _, i := range p.classes[p.places[q].class].members {
		counts[cmp.Or(d.bar(q, i), "eligible")]++
	}
	return counts
}

// checkLabels returns what is wrong with labels, or "".
func checkLabels(labels ...string) string {
	for _, l := range labels {
		if problem := label.Check(l); problem != "" {
			return problem
		}
	}
	return ""
}
