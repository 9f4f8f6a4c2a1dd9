package main

import (
	"github.com/doublerandom/doublerandom/credit"
	"github.com/doublerandom/doublerandom/draw/estimate"
	"github.com/doublerandom/doublerandom/matching/conflict"
	"github.com/doublerandom/doublerandom/registry"
)

// An outcome is what a visit found and what came of it.
type outcome struct {
	finding estimate.Finding
	results credit.Results
	points  credit.Points
	fine    uint64 // in fen; 0 for none
	opened  bool   // a case was opened
}

// inspect makes up what a team finds.
func (w *world) inspect(c *call, number int) outcome {
	harsh, blind := false, false
	for _, id := range c.team {
		row, _ := w.staff.Row(id)
		harsh, blind = harsh || w.staff.harsh[row], blind || w.staff.blind[row]
	}
	e, _ := w.reg.Lookup(c.entity)
	return w.truth.outcome(e, harsh, blind)
}

// outcome makes up what a visit to an entity ends with.
func (t *truth) outcome(e registry.Entity, harsh, blind bool) outcome {
	switch {
	case t.lost(e.ID):
		return outcome{results: one(credit.Unreachable), points: 80}
	case !t.seen(e, harsh, blind):
		return outcome{finding: estimate.Clean, results: one(credit.NothingFound)}
	}
	o := outcome{finding: estimate.Found}
	switch g := t.grave(e.ID); {
	case g < 0.5:
		o.results, o.points = one(credit.NotPublished, credit.Corrected), 40
	case g < 0.75:
		o.results, o.points = one(credit.FalsePublication), 110
	case g < 0.93:
		o.results, o.points, o.opened = one(credit.Quality), 150, true
	default:
		o.results, o.points, o.opened = one(credit.FoodAndDrugs), 200, true
	}
	if o.opened {
		o.fine = 200_000 + uint64(t.dice.roll("fine", e.ID)*40)*100_000
	}
	return o
}

// one returns the set of some codes.
func one(codes ...credit.ResultCode) credit.Results {
	results, err := credit.NewResults(codes...)
	if err != nil {
		panic("city: " + err.Error()) // the codes are those of this file
	}
	return results
}

// enter counts a draw for the report, and its visits for the inspectors and the rounds to come.
func (j *job) enter() {
	w, t := j.w, &j.w.tally
	for _, c := range j.visits {
		for _, id := range c.assigned {
			row, _ := w.staff.Row(id)
			w.load[row]++
			w.held[row]++
		}
		if c.entity != "" {
			w.recent = append(w.recent, conflict.Visit{Round: uint64(j.number), Entity: c.entity, Inspectors: c.team})
		}
	}
	for len(w.recent) > 0 && w.recent[0].Round+conflicts().Entity < uint64(j.number) {
		w.recent = w.recent[1:]
	}
	for range j.roster.Refused() {
		t.refused++
	}
	for rule, n := range j.crew.byRule {
		t.conflicts[rule] += n
	}
	t.pairs += len(j.crew.rules.Pairs)
	t.teams += len(j.visits)
	t.drawn += j.result.Len()
	t.kinds[j.kind]++
	switch {
	case j.open:
		t.open++
	case j.private:
		t.private++
		fallthrough
	default:
		t.sealed++
	}
}
