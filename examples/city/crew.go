package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/draw/teams"
	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/matching/conflict"
	"github.com/doublerandom/doublerandom/matching/visit"
	"github.com/doublerandom/doublerandom/registry"
)

// perDraw is how many visits of one draw an inspector may take.
const perDraw = 4

// A crew is what a draw's roster follows from, fixed by its notice.
type crew struct {
	rows       []int // of the inspectors in the directory
	directory  *matching.Directory
	template   *teams.Template
	rules      *teams.Rules // with the reasons merged: whose kin somebody is, is nobody's business
	ledger     *conflict.Ledger
	exclusions statement.ID
	texts      map[string][]byte // what is published of it, by file
	byRule     map[string]int    // exclusions by the rule that they come from
}

// newCrew makes the crew of a draw from the inspectors of its departments.
func (w *world) newCrew(t *task, frame *registry.Frame, suite draw.Suite) (*crew, error) {
	c := &crew{texts: map[string][]byte{}, byRule: map[string]int{}}
	if t.kind == flyingDraw { // anybody may be sent
		for row := range w.staff.Len() {
			c.rows = append(c.rows, row)
		}
	} else {
		tops := []string{t.by[0].ID}
		for _, b := range t.by[1:] {
			if !w.departments.Under(b.ID, t.by[0].ID) {
				tops = append(tops, b.ID)
			}
		}
		if t.kind == townDraw {
			tops[0] = t.by[0].Parent
		}
		for _, id := range tops {
			c.rows = append(c.rows, w.staff.under[id]...)
		}
		slices.Sort(c.rows)
		c.rows = slices.Compact(c.rows)
	}
	inspectors := w.inspectors(t, c.rows)
	var err error
	if c.directory, err = matching.NewDirectory(suite.Hash, t.day.String(), inspectors); err != nil {
		return nil, err
	}
	if c.template, err = w.template(t, frame); err != nil {
		return nil, err
	}
	found, err := w.staff.expand(c.rows, w.recent, t.day, uint64(t.number))
	if err != nil {
		return nil, err
	}
	c.rules = new(teams.Rules)
	for _, x := range found.Conflicts {
		if _, ok := frame.Find(x.Entity); ok {
			c.rules.Exclusions = append(c.rules.Exclusions, matching.Exclusion{Task: x.Entity, Inspector: x.Inspector, Reason: "conflict"})
			for _, source := range x.Sources {
				c.byRule[source.Rule]++
			}
		}
	}
	c.rules.Pairs = found.Pairs()
	return c, c.write(t, w.dice, suite)
}

// write makes the texts of a crew. Where the exclusions are private, the notice fixes the root of a ledger.
func (c *crew) write(t *task, d dice, suite draw.Suite) (err error) {
	var text strings.Builder
	c.directory.WriteTo(&text) // a strings.Builder returns no error
	c.texts[teams.FileInspectors] = []byte(text.String())
	if c.texts[teams.FileTasks], err = c.template.MarshalText(); err != nil {
		return err
	}
	if t.private {
		c.ledger, err = conflict.NewLedger(suite.Hash, d.bytes("ledger", uint64(t.number)), c.rules.Exclusions, nil)
		if err == nil {
			c.exclusions = c.ledger.Root()
		}
		return err
	}
	if c.texts[teams.FileExclusions], err = c.rules.MarshalText(); err != nil {
		return err
	}
	c.exclusions = suite.Sum(c.texts[teams.FileExclusions])
	return nil
}

// inspectors returns the directory's entries. Who has visits that are not over is left out of a draw that has
// enough others; who has had more than others comes later.
func (w *world) inspectors(t *task, rows []int) []matching.Inspector {
	free, least := 0, -1
	for _, row := range rows {
		if w.held[row] == 0 {
			free++
		}
		if least < 0 || w.load[row] < least {
			least = w.load[row]
		}
	}
	spare := free >= 6*t.want
	row := map[string]int{}
	list := teams.Inspectors(func(yield func(int, registry.Inspector) bool) {
		for i, r := range rows {
			in := w.staff.At(r)
			row[in.ID] = r
			if !yield(i, in) {
				return
			}
		}
	}, func(in registry.Inspector) int {
		if spare && w.held[row[in.ID]] > 0 {
			return 0
		}
		return perDraw
	}, func(in registry.Inspector) int {
		return min(matching.MaxCarried, w.load[row[in.ID]]-least)
	})
	for i := range list { // they work for the departments above their own, too
		for id := list[i].Areas[0]; ; {
			parent, ok := w.departments.Parent(id)
			if !ok {
				break
			}
			list[i].Areas, id = append(list[i].Areas, parent.ID), parent.ID
		}
	}
	return list
}

// template returns what the visits of a draw need: whom, when and how.
func (w *world) template(t *task, frame *registry.Frame) (*teams.Template, error) {
	out := &teams.Template{Methods: []string{"on-site", "documents", "online", "sampling"}, PerVisit: 1}
	special := lines()[t.item.line].key
	areas := map[string]bool{}
	for _, s := range frame.Strata() {
		var places []matching.Place
		switch t.kind {
		case flyingDraw:
			places = []matching.Place{{Role: "lead", Certificate: lawEnforcement}, {Certificate: special}}
		case jointDraw:
			var err error
			if places, err = joined(t, s.Label); err != nil {
				return nil, err
			}
		case townDraw:
			places = []matching.Place{{Area: t.by[0].ID, Role: "lead", Certificate: lawEnforcement}, {Area: t.by[0].Parent, Certificate: special}}
		case districtDraw:
			places = []matching.Place{{Area: t.by[0].ID, Role: "lead", Certificate: lawEnforcement}, {Area: t.by[0].ID, Certificate: special}}
		default:
			area := t.by[0].ID // where a line has no department in the district, the city's own goes
			for _, b := range t.by[1:] {
				if t.label(b.Division) == s.Label {
					area = b.ID
				}
			}
			places = []matching.Place{{Area: area, Role: "lead", Certificate: lawEnforcement}, {Area: area, Certificate: special}}
		}
		for _, p := range places {
			if p.Area != "" {
				areas[p.Area] = true
			}
		}
		out.Strata = append(out.Strata, teams.Stratum{Label: s.Label, Places: places})
	}
	days, err := w.diary.days(t.day.AddDays(1).String(), lastVisit)
	if err != nil {
		return nil, err
	}
	span := 10
	if t.kind == flyingDraw {
		span = 1
	}
	room := t.want/6 + 2
	for _, day := range days[:min(span, len(days))] {
		for _, half := range []string{"-am", "-pm"} {
			s := visit.Slot{ID: day.String() + half, Room: map[string]int{}}
			for area := range areas {
				s.Room[area] = room
			}
			out.Slots = append(out.Slots, s)
		}
	}
	return out, nil
}

// joined returns the places of a joint inspection: what the departments ask for, merged into one team.
func joined(t *task, label string) ([]matching.Place, error) {
	var requests []visit.Request
	for i, b := range t.by {
		r := visit.Request{Entity: label, Department: b.ID, Places: []matching.Place{{Area: b.ID, Certificate: lawEnforcement}}}
		if i == 0 {
			r.Places[0].Role = "lead"
		}
		requests = append(requests, r)
	}
	tasks, refused, err := visit.Join(requests, nil, 0)
	if err != nil {
		return nil, err
	}
	if len(tasks) != 1 || len(refused) > 0 {
		return nil, fmt.Errorf("joint inspection %s: %d tasks, expected 1", label, len(tasks))
	}
	return tasks[0].Places, nil
}
