package main

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/doublerandom/doublerandom/credit/model"
	"github.com/doublerandom/doublerandom/credit/target"
	"github.com/doublerandom/doublerandom/draw/estimate"
	"github.com/doublerandom/doublerandom/registry"
)

// A campaign is the months of draws and visits.
type campaign struct {
	w       *world
	s       *series
	k       *keeper
	tasks   []*task
	pending []*job // by number: drawn, and not public yet
	done    []*job
	facts   map[string][]model.Fact // of what the visits found
}

// run goes through the days. What is drawn on one leads to visits on the next ones, and what they find changes the
// frames after the draw's opening.
func (c *campaign) run() error {
	for day := date(firstDay); len(c.tasks) > 0 || len(c.pending) > 0; day = day.AddDays(1) {
		if err := c.release(day); err != nil {
			return err
		}
		if err := c.draw(day); err != nil {
			return fmt.Errorf("draws of %s: %w", day, err)
		}
		if err := c.k.write(day); err != nil {
			return err
		}
	}
	return nil
}

// draw holds the draws of a day: frames, plans and crews at the same time, the notices one after another, then the
// draws at the same time, and what becomes of them one after another.
func (c *campaign) draw(day registry.Date) error {
	n := 0
	for n < len(c.tasks) && c.tasks[n].day == day {
		n++
	}
	var jobs []*job
	for _, t := range c.tasks[:n] {
		jobs = append(jobs, &job{task: t, w: c.w, s: c.s, folder: folder(filepath.Join(c.s.dir, fmt.Sprintf("%04d", t.number)))})
	}
	c.tasks = c.tasks[n:]
	each := func(f func(j *job) error) func(i int) error {
		return func(i int) error {
			if err := f(jobs[i]); err != nil {
				return fmt.Errorf("draw %d (%s): %w", jobs[i].number, jobs[i].kind, err)
			}
			return nil
		}
	}
	if err := parallel(n, each((*job).prepare)); err != nil {
		return err
	}
	for i, j := range jobs {
		if err := each(func(j *job) error { return j.announce(clock(day, 9, i)) })(i); err != nil {
			return err
		}
		c.w.tally.units += j.frame.Len()
		c.w.tally.largest = max(c.w.tally.largest, j.frame.Len())
	}
	if err := parallel(n, each((*job).hold)); err != nil {
		return err
	}
	for i, j := range jobs {
		if j.result == nil {
			c.w.tally.voids++
			c.s.facts = append(c.s.facts, j.ceremony.Facts()...)
			continue
		}
		if err := each((*job).happen)(i); err != nil {
			return err
		}
		c.k.enterAll(j)
		c.s.facts = append(c.s.facts, j.ceremony.Facts()...)
		j.ceremony = nil
		c.pending = append(c.pending, j)
	}
	return nil
}

// release makes public what draws took whose opening is due: their units are not drawn again, their inspectors are
// free, and what was found counts for classes and weights.
func (c *campaign) release(day registry.Date) error {
	scorer, err := c.w.risk.On(day)
	if err != nil {
		return err
	}
	var err2 error
	c.pending = slices.DeleteFunc(c.pending, func(j *job) bool {
		if dayOf(j.opened).Compare(day) > 0 || err2 != nil {
			return false
		}
		for _, call := range j.visits {
			for _, id := range call.assigned {
				row, _ := c.w.staff.Row(id)
				c.w.held[row]--
			}
			for _, id := range []string{call.unit, call.entity} {
				if c.w.busy[id] == uint64(j.number) {
					delete(c.w.busy, id)
				}
			}
			if call.entity != "" {
				c.w.visited[call.entity]++
				err2 = c.score(scorer, call, day)
			}
		}
		if err2 == nil {
			err2 = c.tell(j)
		}
		c.done = append(c.done, j)
		return true
	})
	return err2
}

// score gives the entity of a visit its class anew.
func (c *campaign) score(scorer *model.Scorer, call *call, day registry.Date) error {
	supervision, ok := c.w.risk.Term("监管信息")
	if !ok || call.points == 0 {
		return nil
	}
	e, _ := c.w.reg.Lookup(call.entity)
	before := c.w.classOf(e)
	c.facts[e.ID] = append(c.facts[e.ID], model.Fact{Date: dayOf(call.from), Points: uint32(call.points), Count: 1, Term: supervision})
	now, _, err := scorer.Classify(append(c.history(e, supervision), c.facts[e.ID]...))
	if err != nil || now.Label == before {
		return err
	}
	c.w.class[e.ID] = now.Label
	c.w.tally.moves[before+" to "+now.Label]++
	return nil
}

// history makes up what was known of an entity before, so that the registry's classes come out.
func (c *campaign) history(e registry.Entity, supervision uint16) []model.Fact {
	past := date("2024-09-01")
	class, _ := e.Attributes.Value("class")
	switch class { // half of these points count, the time being more than a year
	case "B":
		return []model.Fact{{Date: past, Points: 130, Count: 2, Term: supervision}}
	case "C":
		return []model.Fact{{Date: past, Points: 180, Count: 4, Term: supervision}}
	case "D":
		grave, _ := c.w.risk.Term("严重违法失信")
		return []model.Fact{{Date: past, Points: 1, Count: 1, Term: grave}}
	}
	return nil
}

// tell estimates what a draw says of its frame, and proposes the quotas of the next city-wide one.
func (c *campaign) tell(j *job) error {
	found := map[string]estimate.Finding{}
	visits := 0
	for _, call := range j.visits {
		if call.entity == call.unit && call.finding != estimate.NoAnswer {
			found[call.unit] = call.finding
			visits++
		}
	}
	finding := func(id string) estimate.Finding { return found[id] }
	if visits < 10 {
		return nil
	}
	e, err := estimate.Of(j.result, finding, 0.95)
	if err != nil {
		return fmt.Errorf("draw %d: %w", j.number, err)
	}
	t := &c.w.tally
	t.estimates++
	if share := j.share(); e.Low <= share && share <= e.High {
		t.hits++
	}
	if j.kind == wideDraw || j.kind == cityDraw {
		t.frames = append(t.frames, framed{j.number, j.kind, j.item.ID, j.units, *e, j.share()})
	}
	if j.kind != wideDraw {
		return nil
	}
	strata, district := map[string]uint64{}, map[string]string{}
	for s := range j.result.Strata() {
		strata[s.Label] = s.Units
	}
	for d := range j.result.Drawn() {
		district[d.ID] = d.Stratum
	}
	groups, err := estimate.By(j.result, finding, func(id string) string { return district[id] }, 0.95)
	if err != nil {
		return err
	}
	var cells []target.Cell
	for _, g := range groups {
		cells = append(cells, target.Cell{Label: g.Label, Rate: g.Rate, EffectiveUnits: g.EffectiveUnits})
	}
	t.wide, t.wideTruth = groups, j.truth
	if e.Rate > 0 && e.Rate < 1 {
		if t.spots, err = target.Spots(cells, e.Rate, 0.05); err != nil {
			return err
		}
	}
	if c.w.proposal, err = target.Propose(cells, strata); err != nil {
		return err
	}
	t.spread = c.w.proposal.Spread
	return nil
}
