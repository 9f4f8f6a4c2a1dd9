package matching

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// Limits of a problem.
const (
	MaxTasks = 1 << 24
	MaxTeam  = 16 // places of one task
	maxEdges = 1 << 28
)

// A Task is a visit that needs a team.
type Task struct {
	ID     string  // normally the ID of the entity that was drawn
	Places []Place // 2–MaxTeam, in the order of the roster
}

// A Place is one seat of a team and what it asks for. The zero Place takes any
// inspector.
type Place struct {
	Area        string // "" for any
	Role        string // "" for a member, whom no role is asked for
	Certificate string // kind that must be valid; "" for none
}

// An Exclusion says that an inspector must not go on a task.
type Exclusion struct {
	Task      string // ID
	Inspector string // ID
	Reason    string // class of the reason, such as "kinship"; not empty
}

// A Pair is two inspectors who must not be in one team.
type Pair struct {
	A, B   string // IDs, in any order
	Reason string // class of the reason; not empty
}

// A Problem is tasks to be filled from a directory. It is immutable and safe for
// concurrent use. Make one with [Directory.Problem].
type Problem struct {
	dir     *Directory
	id      [32]byte
	tasks   []task // by ID
	places  []place
	classes []class
	of      rows // classes of each inspector, ascending
	barred  rows // inspectors excluded from each task, ascending
	apart   rows // whom each inspector must not be in a team with, ascending

	exclusions []Exclusion // sorted
	forbidden  []Pair      // sorted, A before B
}

type task struct {
	id          string
	first, size int32 // its places
}

type place struct{ task, class int32 }

// A class is the places that ask for the same, and the inspectors who have it.
type class struct {
	asks    Place
	members []int32 // ascending
}

// rows are lists of numbers, stored one behind the other.
type rows struct {
	end  []int32
	list []int32
}

func (r *rows) of(i int32) []int32 {
	if r.end == nil {
		return nil
	}
	begin := int32(0)
	if i > 0 {
		begin = r.end[i-1]
	}
	return r.list[begin:r.end[i]]
}

// has reports whether row i has x.
func (r *rows) has(i, x int32) bool {
	row := r.of(i)
	if len(row) > 16 {
		_, ok := slices.BinarySearch(row, x)
		return ok
	}
	return slices.Contains(row, x)
}

// rowsOf returns n rows with what the pairs say, sorted and each once.
func rowsOf(n int, pairs [][2]int32) rows {
	if len(pairs) == 0 {
		return rows{}
	}
	slices.SortFunc(pairs, func(x, y [2]int32) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	pairs = slices.Compact(pairs)
	r := rows{end: make([]int32, n), list: make([]int32, len(pairs))}
	at := 0
	for i := range n {
		for ; at < len(pairs) && pairs[at][0] == int32(i); at++ {
			r.list[at] = pairs[at][1]
		}
		r.end[i] = int32(at)
	}
	return r
}

// Problem returns the problem of filling tasks from the directory. The order of
// all lists but the places of a task does not matter. It returns an error that
// names what is wrong: an ID that is there twice or unknown, a team of one, an area,
// role or certificate that nobody in the directory has, an empty reason.
//
// A certificate that somebody has, though not on the day, is no error: the task
// is refused with a certificate of its own.
func (d *Directory) Problem(tasks []Task, exclusions []Exclusion, forbidden []Pair) (*Problem, error) {
	if len(tasks) > MaxTasks {
		return nil, fmt.Errorf("matching: %d tasks, expected at most %d", len(tasks), MaxTasks)
	}
	if len(exclusions) > maxEdges || len(forbidden) > maxEdges {
		return nil, fmt.Errorf("matching: %d exclusions and %d forbidden pairs, expected at most %d", len(exclusions), len(forbidden), maxEdges)
	}
	p := &Problem{dir: d}
	if err := p.addTasks(tasks); err != nil {
		return nil, err
	}
	if err := p.exclude(exclusions); err != nil {
		return nil, err
	}
	if err := p.forbid(forbidden); err != nil {
		return nil, err
	}
	entries := 0
	for c := range p.classes {
		entries += len(p.classes[c].members)
	}
	if entries > maxEdges {
		return nil, fmt.Errorf("matching: %d entries of inspectors in classes of places, expected at most %d", entries, maxEdges)
	}
	p.of = p.classesOf(entries)
	p.id = hashOf(d.newHash, p.writeText)
	return p, nil
}

// ID returns the hash of the problem's text, which names the directory's: what is
// fixed before the key is known.
func (p *Problem) ID() [32]byte { return p.id }

// classesOf returns the classes of each inspector.
func (p *Problem) classesOf(entries int) rows {
	r := rows{end: make([]int32, p.dir.Len()), list: make([]int32, entries)}
	for c := range p.classes {
		for _, i := range p.classes[c].members {
			r.end[i]++
		}
	}
	at := int32(0)
	for i, n := range r.end {
		r.end[i] = at // the beginning, until the row is filled
		at += n
	}
	for c := range p.classes {
		for _, i := range p.classes[c].members {
			r.list[r.end[i]] = int32(c)
			r.end[i]++
		}
	}
	return r
}

func (p *Problem) addTasks(tasks []Task) error {
	sorted := slices.Clone(tasks)
	slices.SortStableFunc(sorted, func(x, y Task) int { return strings.Compare(x.ID, y.ID) })
	classes := map[Place]int32{}
	for i, t := range sorted {
		switch problem := label.Check(t.ID); {
		case problem != "":
			return fmt.Errorf("matching: task %s: ID %s", label.Quote(t.ID), problem)
		case i > 0 && sorted[i-1].ID == t.ID:
			return fmt.Errorf("matching: task %s is listed twice", label.Quote(t.ID))
		case len(t.Places) < 2 || len(t.Places) > MaxTeam:
			return fmt.Errorf("matching: task %s: a team of %d, expected 2 to %d", label.Quote(t.ID), len(t.Places), MaxTeam)
		}
		p.tasks = append(p.tasks, task{t.ID, int32(len(p.places)), int32(len(t.Places))})
		for k, asks := range t.Places {
			c, ok := classes[asks]
			if !ok {
				if problem := p.dir.unknown(asks); problem != "" {
					return fmt.Errorf("matching: task %s: place %d: %s", label.Quote(t.ID), k+1, problem)
				}
				c = int32(len(p.classes))
				classes[asks] = c
				p.classes = append(p.classes, class{asks, p.dir.members(asks)})
			}
			p.places = append(p.places, place{int32(i), c})
		}
	}
	return nil
}

// unknown returns what a place asks for that nobody has, or "".
func (d *Directory) unknown(asks Place) string {
	switch {
	case asks.Area != "" && d.areas[asks.Area] == nil:
		return "no inspector is of area " + label.Quote(asks.Area)
	case asks.Role != "" && d.roles[asks.Role] == nil:
		return "no inspector has role " + label.Quote(asks.Role)
	case asks.Certificate != "" && !d.known[asks.Certificate]:
		return "no inspector has certificate " + label.Quote(asks.Certificate)
	}
	return ""
}

// members returns the inspectors who have what a place asks for, ascending.
func (d *Directory) members(asks Place) []int32 {
	var lists [][]int32
	if asks.Area != "" {
		lists = append(lists, d.areas[asks.Area])
	}
	if asks.Role != "" {
		lists = append(lists, d.roles[asks.Role])
	}
	if asks.Certificate != "" {
		lists = append(lists, d.kinds[asks.Certificate])
	}
	if len(lists) == 0 {
		all := make([]int32, d.Len())
		for i := range all {
			all[i] = int32(i)
		}
		return all
	}
	slices.SortStableFunc(lists, func(x, y []int32) int { return cmp.Compare(len(x), len(y)) })
	members := slices.Clone(lists[0])
	for _, list := range lists[1:] {
		members = slices.DeleteFunc(members, func(i int32) bool {
			_, ok := slices.BinarySearch(list, i)
			return !ok
		})
	}
	return members
}

func (p *Problem) findTask(id string) int32 {
	i, ok := slices.BinarySearchFunc(p.tasks, id, func(t task, id string) int { return strings.Compare(t.id, id) })
	if !ok {
		return -1
	}
	return int32(i)
}

func (p *Problem) exclude(exclusions []Exclusion) error {
	p.exclusions = slices.Clone(exclusions)
	slices.SortFunc(p.exclusions, func(x, y Exclusion) int {
		return cmp.Or(strings.Compare(x.Task, y.Task), strings.Compare(x.Inspector, y.Inspector), strings.Compare(x.Reason, y.Reason))
	})
	p.exclusions = slices.Compact(p.exclusions)
	pairs := make([][2]int32, 0, len(p.exclusions))
	for _, e := range p.exclusions {
		t, i := p.findTask(e.Task), p.dir.find(e.Inspector)
		problem := ""
		switch {
		case t < 0:
			problem = "there is no such task"
		case i < 0:
			problem = "there is no such inspector"
		default:
			problem = badReason(e.Reason)
		}
		if problem != "" {
			return fmt.Errorf("matching: exclusion of %s from %s: %s", label.Quote(e.Inspector), label.Quote(e.Task), problem)
		}
		pairs = append(pairs, [2]int32{t, i})
	}
	p.barred = rowsOf(len(p.tasks), pairs)
	return nil
}

func (p *Problem) forbid(forbidden []Pair) error {
	var pairs [][2]int32
	for _, f := range forbidden {
		if f.A > f.B {
			f.A, f.B = f.B, f.A
		}
		p.forbidden = append(p.forbidden, f)
		a, b := p.dir.find(f.A), p.dir.find(f.B)
		problem := ""
		switch {
		case a < 0 || b < 0:
			problem = "there is no such inspector"
		case a == b:
			problem = "they are the same"
		default:
			problem = badReason(f.Reason)
		}
		if problem != "" {
			return fmt.Errorf("matching: forbidden pair of %s and %s: %s", label.Quote(f.A), label.Quote(f.B), problem)
		}
		pairs = append(pairs, [2]int32{a, b}, [2]int32{b, a})
	}
	slices.SortFunc(p.forbidden, func(x, y Pair) int {
		return cmp.Or(strings.Compare(x.A, y.A), strings.Compare(x.B, y.B), strings.Compare(x.Reason, y.Reason))
	})
	p.forbidden = slices.Compact(p.forbidden)
	p.apart = rowsOf(p.dir.Len(), pairs)
	return nil
}

func badReason(reason string) string {
	if reason == "" {
		return "the reason is empty"
	}
	if problem := label.Check(reason); problem != "" {
		return "reason " + problem
	}
	return ""
}

// inClass reports whether an inspector has what places of the class ask for.
func (p *Problem) inClass(i, class int32) bool { return p.of.has(i, class) }

// may reports whether an inspector may fill a place, whoever else is in the team.
func (p *Problem) may(i, at int32) bool {
	return p.inClass(i, p.places[at].class) && !p.barred.has(p.places[at].task, i)
}
