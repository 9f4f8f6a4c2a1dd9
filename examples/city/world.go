package main

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/doublerandom/doublerandom/credit/model"
	"github.com/doublerandom/doublerandom/credit/target"
	"github.com/doublerandom/doublerandom/matching/conflict"
	"github.com/doublerandom/doublerandom/registry"
)

// A world is the city with what has happened in it so far. Draws of one day are prepared and held at the same
// time; what they change is entered one by one, in the order of their numbers.
type world struct {
	size        sizes
	dice        dice
	diary       diary
	reg         *registry.Registry
	report      *registry.Report
	index       *index
	departments *registry.Departments
	bureaus     []bureau
	staff       *staff
	list        *registry.Items
	items       []*item
	industries  *registry.Industries
	risk        *model.Model

	visited  map[string]uint   // entities whose visits by draws are public: they are not drawn again
	busy     map[string]uint64 // entities that a draw has taken whose visits are not public yet
	class    map[string]string // risk classes that differ from the registry's
	halves   map[halfDay]int   // visits of inspectors by half-day
	load     []int             // by inspector: seats taken so far
	held     []int             // by inspector: of these, visits that are not over
	recent   []conflict.Visit  // of the last rounds
	proposal *target.Proposal  // for the next city-wide draw; nil until one is over

	truth *truth
	tally tally
}

// newWorld makes up the city.
func newWorld(d dice, s sizes) (*world, error) {
	w := &world{size: s, dice: d, visited: map[string]uint{}, busy: map[string]uint64{}, class: map[string]string{}, halves: map[halfDay]int{}, risk: model.China4(), truth: newTruth(d)}
	w.tally.conflicts, w.tally.moves = map[string]int{}, map[string]int{}
	on := date(firstDay)
	var err error
	if w.diary, err = newDiary(); err != nil {
		return nil, err
	}
	if w.industries, err = industryTable(); err != nil {
		return nil, err
	}
	if w.reg, w.report, err = makeRegistry(d, s, on); err != nil {
		return nil, err
	}
	w.index = newIndex(w.reg)
	if w.departments, w.bureaus, err = makeDepartments(s); err != nil {
		return nil, err
	}
	if w.staff, err = makeStaff(d, s, w.departments, w.bureaus, w.reg, on); err != nil {
		return nil, err
	}
	w.load, w.held = make([]int, w.staff.Len()), make([]int, w.staff.Len())
	w.list, w.items, err = makeItems(s)
	return w, err
}

// agenda plans all draws.
func (w *world) agenda() ([]*task, error) {
	days, err := w.diary.days(firstDay, lastNotice)
	if err != nil {
		return nil, err
	}
	p := &planner{size: w.size, rng: w.dice.rand("agenda", 0), index: w.index, items: w.items, bureaus: w.bureaus}
	return p.agenda(days)
}

// classOf returns the risk class of an entity by what is known today.
func (w *world) classOf(e registry.Entity) string {
	if c, ok := w.class[e.ID]; ok {
		return c
	}
	c, _ := e.Attributes.Value("class")
	return c
}

// parallel calls f for 0 to n−1 on as many processors as there are, and returns the first error by number.
func parallel(n int, f func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				errs[i] = f(i)
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
