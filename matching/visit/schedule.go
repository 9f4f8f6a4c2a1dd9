package visit

import (
	"fmt"
	"hash"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/matching"
)

// Limits of a schedule.
const (
	MaxVisits = 1 << 20
	MaxSlots  = 1 << 12
)

// A Visit needs a slot.
type Visit struct {
	Task        string   // ID
	Inspectors  []string // the team
	Departments []string // whose capacity the visit takes, one each
	Area        string   // where it is; "" if that does not matter
}

// A Slot is a time, such as "2026-12-01-am", and how many visits of each department it has
// room for. A department that is not listed has none.
type Slot struct {
	ID   string         // label
	Room map[string]int // by department
}

// A Plan says which visit takes place when. It is immutable.
type Plan struct {
	Slots   []Entry  // by task
	Without []string // tasks without a slot: none was found
}

// An Entry is the slot of a task.
type Entry struct {
	Task, Slot string // IDs
}

// Schedule gives each visit a slot. Visits come by ticket; each takes the free slot with the
// smallest ticket for it, free being one with room for all its departments and no other visit of
// any of its inspectors. With together, slots in which its area has visits already come first.
// If none is free, a visit that alone is in the way moves to the first slot by ID that is free
// for it, for which up to two others may have to move in the same manner, within 1,024 tries.
// What is left is listed as without: no slot was found, which does not prove that there is no
// plan with one.
//
// With key = Key(matching key, "slot") the ticket of a visit is the first 16 bytes of
// H(key ‖ task), and that of a slot for it the first 16 bytes of H(Key(key, "slot", task) ‖ slot),
// Key being that of draw/SPEC.md, section 3. It returns an error if a visit or a slot is not
// valid or there twice.
func Schedule(newHash func() hash.Hash, key matching.Key, visits []Visit, slots []Slot, together bool) (*Plan, error) {
	s, err := newSchedule(visits, slots)
	if err != nil {
		return nil, err
	}
	f, err := digest.New(newHash)
	if err != nil {
		return nil, fmt.Errorf("visit: %w", err)
	}
	slotKey, err := derive.Key(newHash, key[:], "slot")
	if err != nil {
		return nil, fmt.Errorf("visit: %w", err)
	}
	h := f.Hasher()
	tickets := make([][16]byte, len(s.visits))
	order := make([]int, len(s.visits))
	for v := range s.visits {
		sum := h.Sum(append(slotKey[:], s.visits[v].Task...))
		tickets[v], order[v] = [16]byte(sum[:16]), v
	}
	slices.SortStableFunc(order, func(x, y int) int { return slices.Compare(tickets[x][:], tickets[y][:]) })
	for _, v := range order {
		own, err := derive.Key(newHash, slotKey[:], "slot", s.visits[v].Task)
		if err != nil {
			return nil, fmt.Errorf("visit: %w", err)
		}
		tries := 0
		s.place(v, s.slotsFor(h, own, v, together), maxMoves, &tries)
	}
	return s.plan(), nil
}

// A schedule is the work of Schedule.
type schedule struct {
	visits []Visit // by task
	slots  []Slot  // by ID
	at     []int   // slot of each visit, or -1
	room   []map[string]int
	busy   []map[string]int   // visit of an inspector in a slot
	areas  []map[string]int   // visits of an area in a slot
	takes  []map[string][]int // visits that take the room of a department in a slot, ascending
}

func newSchedule(visits []Visit, slots []Slot) (*schedule, error) {
	if len(visits) > MaxVisits || len(slots) > MaxSlots {
		return nil, fmt.Errorf("visit: %d visits and %d slots, expected at most %d and %d", len(visits), len(slots), MaxVisits, MaxSlots)
	}
	s := &schedule{visits: slices.Clone(visits), slots: slices.Clone(slots)}
	slices.SortStableFunc(s.visits, func(x, y Visit) int { return strings.Compare(x.Task, y.Task) })
	slices.SortStableFunc(s.slots, func(x, y Slot) int { return strings.Compare(x.ID, y.ID) })
	for i, v := range s.visits {
		if problem := label.Check(v.Task); problem != "" {
			return nil, fmt.Errorf("visit: task %s", problem)
		}
		if i > 0 && s.visits[i-1].Task == v.Task {
			return nil, fmt.Errorf("visit: task %q is there twice", v.Task)
		}
		for k, in := range v.Inspectors {
			if slices.Contains(v.Inspectors[:k], in) {
				return nil, fmt.Errorf("visit: task %q: inspector %q is in the team twice", v.Task, in)
			}
		}
		s.at = append(s.at, -1)
	}
	for i, slot := range s.slots {
		if problem := label.Check(slot.ID); problem != "" {
			return nil, fmt.Errorf("visit: slot %s", problem)
		}
		if i > 0 && s.slots[i-1].ID == slot.ID {
			return nil, fmt.Errorf("visit: slot %q is there twice", slot.ID)
		}
		room := map[string]int{}
		for department, n := range slot.Room {
			if n < 0 {
				return nil, fmt.Errorf("visit: slot %q: room for %d visits of %q", slot.ID, n, department)
			}
			room[department] = n
		}
		s.room, s.busy, s.areas = append(s.room, room), append(s.busy, map[string]int{}), append(s.areas, map[string]int{})
		s.takes = append(s.takes, map[string][]int{})
	}
	return s, nil
}

// slotsFor returns the slots in the order in which a visit tries them.
func (s *schedule) slotsFor(h *digest.Hasher, key [32]byte, v int, together bool) []int {
	tickets := make([][16]byte, len(s.slots))
	order := make([]int, len(s.slots))
	for k := range s.slots {
		sum := h.Sum(append(key[:], s.slots[k].ID...))
		tickets[k], order[k] = [16]byte(sum[:16]), k
	}
	slices.SortStableFunc(order, func(x, y int) int {
		if area := s.visits[v].Area; together && area != "" {
			if a, b := s.areas[x][area] > 0, s.areas[y][area] > 0; a != b {
				if a {
					return -1
				}
				return 1
			}
		}
		return slices.Compare(tickets[x][:], tickets[y][:])
	})
	return order
}

// Limits of the search for a visit without a free slot.
const (
	maxMoves = 3       // visits that move for one
	maxTries = 1 << 10 // slots tried with a visit in the way
)

// place gives a visit the first free slot, or makes one free by moving a visit that is in the
// way, for which another may have to move, and so on. It reports whether that could be done.
func (s *schedule) place(v int, order []int, moves int, tries *int) bool {
	for _, k := range order {
		if s.free(v, k) {
			s.put(v, k)
			return true
		}
	}
	if moves == 0 {
		return false
	}
	for _, k := range order {
		other := s.inTheWay(v, k)
		if other < 0 {
			continue
		}
		if *tries++; *tries > maxTries {
			return false
		}
		s.take(other)
		if s.free(v, k) {
			s.put(v, k)
			if s.place(other, s.byID(), moves-1, tries) {
				return true
			}
			s.take(v)
		}
		s.put(other, k)
	}
	return false
}

// byID returns the slots in the order of their IDs.
func (s *schedule) byID() []int {
	order := make([]int, len(s.slots))
	for k := range order {
		order[k] = k
	}
	return order
}

func (s *schedule) free(v, k int) bool {
	for _, d := range s.visits[v].Departments {
		if s.room[k][d] < 1 {
			return false
		}
	}
	for _, i := range s.visits[v].Inspectors {
		if _, busy := s.busy[k][i]; busy {
			return false
		}
	}
	return true
}

// inTheWay returns the one visit of a slot that the inspectors of another make there, or,
// if they make none, one that takes the room of its departments: the one with the smallest
// task; -1 if there is none or if there are several.
func (s *schedule) inTheWay(v, k int) int {
	found := -1
	for _, i := range s.visits[v].Inspectors {
		if other, busy := s.busy[k][i]; busy {
			if found >= 0 && found != other {
				return -1
			}
			found = other
		}
	}
	if found >= 0 {
		return found
	}
	for _, d := range s.visits[v].Departments {
		if takes := s.takes[k][d]; s.room[k][d] < 1 && len(takes) > 0 && (found < 0 || takes[0] < found) {
			found = takes[0]
		}
	}
	return found
}

func (s *schedule) put(v, k int) {
	s.at[v] = k
	s.count(v, k, 1)
	for _, i := range s.visits[v].Inspectors {
		s.busy[k][i] = v
	}
}

func (s *schedule) take(v int) {
	k := s.at[v]
	s.at[v] = -1
	s.count(v, k, -1)
	for _, i := range s.visits[v].Inspectors {
		delete(s.busy[k], i)
	}
}

func (s *schedule) count(v, k, n int) {
	for _, d := range s.visits[v].Departments {
		s.room[k][d] -= n
		takes := s.takes[k][d]
		i, there := slices.BinarySearch(takes, v)
		switch {
		case n > 0 && !there:
			s.takes[k][d] = slices.Insert(takes, i, v)
		case n < 0 && there:
			s.takes[k][d] = slices.Delete(takes, i, i+1)
		}
	}
	s.areas[k][s.visits[v].Area] += n
}

func (s *schedule) plan() *Plan {
	p := &Plan{}
	for v := range s.visits {
		if k := s.at[v]; k >= 0 {
			p.Slots = append(p.Slots, Entry{s.visits[v].Task, s.slots[k].ID})
		} else {
			p.Without = append(p.Without, s.visits[v].Task)
		}
	}
	return p
}

// Check checks a plan without making it again: each visit is there once, no slot has more
// visits of a department than it has room for, and nobody is in two places at once. It
// returns the first thing that is wrong.
func (p *Plan) Check(visits []Visit, slots []Slot) error {
	s, err := newSchedule(visits, slots)
	if err != nil {
		return err
	}
	find := func(task string) int {
		v, ok := slices.BinarySearchFunc(s.visits, task, func(x Visit, task string) int { return strings.Compare(x.Task, task) })
		if !ok {
			return -1
		}
		return v
	}
	seen := map[int]bool{}
	for _, task := range p.Without {
		seen[find(task)] = true
	}
	for _, e := range p.Slots {
		v := find(e.Task)
		k, ok := slices.BinarySearchFunc(s.slots, e.Slot, func(x Slot, id string) int { return strings.Compare(x.ID, id) })
		switch {
		case v < 0 || !ok:
			return fmt.Errorf("visit: there is no task %q or no slot %q", e.Task, e.Slot)
		case seen[v]:
			return fmt.Errorf("visit: task %q is there twice", e.Task)
		case !s.free(v, k):
			return fmt.Errorf("visit: slot %q has no room for task %q, or one of its inspectors is elsewhere", e.Slot, e.Task)
		}
		seen[v] = true
		s.put(v, k)
	}
	if len(seen) != len(s.visits) || seen[-1] {
		return fmt.Errorf("visit: the plan says something of %d tasks, expected %d", len(p.Slots)+len(p.Without), len(s.visits))
	}
	return nil
}

// Full says of each slot why a visit cannot take place in it: in the order of slots "room",
// "busy", or "free".
func (p *Plan) Full(task string, visits []Visit, slots []Slot) (map[string]string, error) {
	if err := p.Check(visits, slots); err != nil {
		return nil, err
	}
	s, err := newSchedule(visits, slots)
	if err != nil {
		return nil, err
	}
	byTask, bySlot := map[string]int{}, map[string]int{}
	for v := range s.visits {
		byTask[s.visits[v].Task] = v
	}
	for k := range s.slots {
		bySlot[s.slots[k].ID] = k
	}
	for _, e := range p.Slots {
		s.put(byTask[e.Task], bySlot[e.Slot])
	}
	v, ok := byTask[task]
	if !ok {
		return nil, fmt.Errorf("visit: there is no task %q", task)
	}
	if s.at[v] >= 0 {
		s.take(v)
	}
	why := map[string]string{}
	for k := range s.slots {
		why[s.slots[k].ID] = "free"
		if !s.free(v, k) {
			why[s.slots[k].ID] = "room"
			for _, i := range s.visits[v].Inspectors {
				if _, busy := s.busy[k][i]; busy {
					why[s.slots[k].ID] = "busy"
				}
			}
		}
	}
	return why, nil
}
