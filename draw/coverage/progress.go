package coverage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/registry"
)

// A Visit is an inspection that took place.
type Visit struct {
	ID string        // of the unit
	On registry.Date // the day
}

// A Departure is a unit that left: it was closed, revoked or has moved away.
type Departure struct {
	ID string        // of the unit, which is in the frame or a newcomer
	On registry.Date // the day on record
}

// Events are what happened beside the plan, each list in any order.
type Events struct {
	Newcomers  []Newcomer  // each ID once; those for the next plan left out
	Departures []Departure // each ID once
	Visits     []Visit     // also of units outside the plan
}

// Counts count units by what the visits up to a day say of them. Each is in one
// of the fields after Units: in the first that fits.
type Counts struct {
	Units   uint64 // all of them
	Visited uint64 // visited in their batch, from its first to its last day
	Early   uint64 // visited before their batch, from the plan's first day on, and not in it
	Late    uint64 // visited after their batch only
	Left    uint64 // left until the last day of their batch, without a visit
	Overdue uint64 // their batch has ended without a visit
	Pending uint64 // their batch has not ended
}

// add counts one more unit.
func (c *Counts) add(s state) {
	c.Units++
	switch s {
	case visited:
		c.Visited++
	case early:
		c.Early++
	case late:
		c.Late++
	case left:
		c.Left++
	case overdue:
		c.Overdue++
	case pending:
		c.Pending++
	}
}

// StratumCounts are the counts of a stratum.
type StratumCounts struct {
	Stratum string // its label
	Counts
}

// A Due is a unit with its batch.
type Due struct {
	Unit       registry.Unit // the unit
	Batch      int           // index in [Plan.Batches]
	Registered registry.Date // day of registration of a newcomer; zero for a unit of the frame
}

// Progress says on a day how far a plan is. Lists are sorted by batch, then by
// the bytes of the ID.
type Progress struct {
	On        registry.Date   // the day, which counts as not yet over for batches, and as over for events
	Total     Counts          // of all units
	Batches   []Counts        // of each batch
	Strata    []StratumCounts // of each stratum that has units, by label bytes
	Overdue   []Due           // units whose batch has ended without a visit
	Late      []Due           // units visited only after their batch
	Early     []Due           // units visited before their batch, and not in it
	Unplanned []Visit         // visits of units outside the plan, by day, then ID
}

// A state is where a unit stands.
type state uint8

const (
	pending state = iota
	overdue
	left
	late
	early
	visited
)

// A tracked unit is one with what is known of it.
type tracked struct {
	Due
	inBatch, before, after bool // visits
	gone                   registry.Date
}

// Progress returns how far the plan is on a day, by the events up to it. Events
// after that day do not count, nor do visits before the plan's first day. The
// frame must be the plan's. It returns an error if an event has no day, if a
// newcomer is there twice or cannot be placed, and if a departure is there twice
// or is of no unit of the plan.
func (s *Schedule) Progress(frame *registry.Frame, on registry.Date, events Events) (*Progress, error) {
	if on.IsZero() {
		return nil, fmt.Errorf("coverage: progress on no day")
	}
	units, err := s.track(frame, events.Newcomers)
	if err != nil {
		return nil, err
	}
	find := func(id string) (*tracked, bool) {
		if i, ok := frame.Find(id); ok {
			return &units[i], true
		}
		i, ok := slices.BinarySearchFunc(units[frame.Len():], id, func(u tracked, id string) int { return strings.Compare(u.Unit.ID, id) })
		if !ok {
			return nil, false
		}
		return &units[frame.Len()+i], true
	}
	for _, d := range events.Departures {
		u, ok := find(d.ID)
		switch {
		case !ok:
			return nil, fmt.Errorf("coverage: departure of id %q, which is not in the plan", d.ID)
		case d.On.IsZero():
			return nil, fmt.Errorf("coverage: departure of id %q has no day", d.ID)
		case !u.gone.IsZero():
			return nil, fmt.Errorf("coverage: departure of id %q is there twice", d.ID)
		}
		u.gone = d.On
	}
	p := &Progress{On: on, Batches: make([]Counts, len(s.plan.batches))}
	for _, v := range events.Visits {
		if v.On.IsZero() {
			return nil, fmt.Errorf("coverage: visit of id %q has no day", v.ID)
		}
		if v.On.Compare(on) > 0 || v.On.Compare(s.plan.batches[0].From) < 0 {
			continue
		}
		if u, ok := find(v.ID); ok {
			u.visit(s.plan.batches[u.Batch], v.On)
		} else {
			p.Unplanned = append(p.Unplanned, v)
		}
	}
	p.count(s.plan, units)
	p.sort()
	return p, nil
}

// track returns the frame's units in order, and then the newcomers by ID.
func (s *Schedule) track(frame *registry.Frame, newcomers []Newcomer) ([]tracked, error) {
	batches, err := s.batchesOfAll(frame)
	if err != nil {
		return nil, err
	}
	units := make([]tracked, 0, len(batches)+len(newcomers))
	for i, b := range batches {
		units = append(units, tracked{Due: Due{Unit: frame.At(i), Batch: b}})
	}
	placed, err := s.placeAll(frame, newcomers)
	if err != nil {
		return nil, err
	}
	for _, d := range placed {
		units = append(units, tracked{Due: d})
	}
	return units, nil
}

// placeAll places newcomers and returns them by ID.
func (s *Schedule) placeAll(frame *registry.Frame, newcomers []Newcomer) ([]Due, error) {
	placed := make([]Due, 0, len(newcomers))
	for _, n := range newcomers {
		batch, err := s.Place(frame, n)
		if err != nil {
			return nil, err
		}
		placed = append(placed, Due{n.Unit, batch, n.Registered})
	}
	slices.SortFunc(placed, func(a, b Due) int { return strings.Compare(a.Unit.ID, b.Unit.ID) })
	for i := 1; i < len(placed); i++ {
		if placed[i-1].Unit.ID == placed[i].Unit.ID {
			return nil, fmt.Errorf("coverage: newcomer %q is there twice", placed[i].Unit.ID)
		}
	}
	return placed, nil
}

func (u *tracked) visit(b Batch, on registry.Date) {
	switch {
	case on.Compare(b.From) < 0:
		u.before = true
	case on.Compare(b.To) > 0:
		u.after = true
	default:
		u.inBatch = true
	}
}

// state returns where a unit stands on a day.
func (u *tracked) state(b Batch, on registry.Date) state {
	switch {
	case u.inBatch:
		return visited
	case u.before:
		return early
	case u.after:
		return late
	case !u.gone.IsZero() && u.gone.Compare(on) <= 0 && u.gone.Compare(b.To) <= 0:
		return left
	case on.Compare(b.To) > 0:
		return overdue
	}
	return pending
}

// count fills in the counts and the lists of units, but for their order.
func (p *Progress) count(plan *Plan, units []tracked) {
	strata := map[string]*Counts{}
	for i := range units {
		u := &units[i]
		if !u.Registered.IsZero() && u.Registered.Compare(p.On) > 0 {
			continue
		}
		at := u.state(plan.batches[u.Batch], p.On)
		counts := strata[u.Unit.Stratum]
		if counts == nil {
			counts = new(Counts)
			strata[u.Unit.Stratum] = counts
		}
		counts.add(at)
		p.Total.add(at)
		p.Batches[u.Batch].add(at)
		switch at {
		case overdue:
			p.Overdue = append(p.Overdue, u.Due)
		case late:
			p.Late = append(p.Late, u.Due)
		case early:
			p.Early = append(p.Early, u.Due)
		}
	}
	for name, counts := range strata {
		p.Strata = append(p.Strata, StratumCounts{name, *counts})
	}
}

func (p *Progress) sort() {
	slices.SortFunc(p.Strata, func(a, b StratumCounts) int { return strings.Compare(a.Stratum, b.Stratum) })
	for _, list := range [][]Due{p.Overdue, p.Late, p.Early} {
		slices.SortFunc(list, func(a, b Due) int {
			return cmp.Or(cmp.Compare(a.Batch, b.Batch), strings.Compare(a.Unit.ID, b.Unit.ID))
		})
	}
	slices.SortFunc(p.Unplanned, func(a, b Visit) int { return cmp.Or(a.On.Compare(b.On), strings.Compare(a.ID, b.ID)) })
}
