package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/draw/teams"
	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/matching/conflict"
	"github.com/doublerandom/doublerandom/registry"
)

// licence is the certificate that everybody on a visit needs.
const licence = "行政执法证"

// A crew is what the roster follows from, fixed by the notice, and the roster once there is
// a result.
type crew struct {
	directory *matching.Directory
	template  *teams.Template
	found     *conflict.Found
	rules     *teams.Rules
	texts     map[string][]byte // by the name of their file
	problem   *matching.Problem
	roster    *matching.Roster
}

// newCrew makes the three texts from the tables: the inspectors on the day, what a visit
// needs, and who must not go where in the frame.
func newCrew(suite draw.Suite, r *reading, frame *registry.Frame) (*crew, error) {
	list := teams.Inspectors(r.crew.All(),
		func(p registry.Inspector) int { return r.capacity[p.ID] },
		func(p registry.Inspector) int { return r.carried[p.ID] })
	c := &crew{template: &teams.Template{}, texts: map[string][]byte{}}
	var err error
	if c.directory, err = matching.NewDirectory(suite.Hash, r.day.String(), list); err != nil {
		return nil, err
	}
	for _, s := range frame.Strata() {
		c.template.Strata = append(c.template.Strata, teams.Stratum{Label: s.Label, Places: []matching.Place{
			{Area: s.Label, Role: "lead", Certificate: licence}, {Area: s.Label, Certificate: licence},
		}})
	}
	if c.found, err = r.conflicts.find(r.day.String()); err != nil {
		return nil, err
	}
	c.found.Conflicts = inFrame(c.found.Conflicts, frame)
	c.rules = &teams.Rules{Exclusions: c.found.Exclusions(), Pairs: c.found.Pairs()}

	var text bytes.Buffer
	if _, err := c.directory.WriteTo(&text); err != nil {
		return nil, err
	}
	c.texts[teams.FileInspectors] = text.Bytes()
	if c.texts[teams.FileTasks], err = c.template.MarshalText(); err != nil {
		return nil, err
	}
	c.texts[teams.FileExclusions], err = c.rules.MarshalText()
	return c, err
}

// inFrame keeps the conflicts with companies that can be drawn.
func inFrame(all []conflict.Conflict, frame *registry.Frame) []conflict.Conflict {
	kept := all[:0]
	for _, c := range all {
		if _, ok := frame.Find(c.Entity); ok {
			kept = append(kept, c)
		}
	}
	return kept
}

// announce puts the texts' hashes into the notice.
func (c *crew) announce(suite draw.Suite, n *statement.Notice) {
	n.Inspectors = c.directory.ID()
	n.Tasks, n.Exclusions = suite.Sum(c.texts[teams.FileTasks]), suite.Sum(c.texts[teams.FileExclusions])
	n.Matching = teams.Method
}

// assign makes the roster that follows from the seed.
func (c *crew) assign(suite draw.Suite, result *draw.Result) error {
	var err error
	if c.problem, err = teams.Problem(c.directory, c.template, c.rules, result); err != nil {
		return err
	}
	key, err := teams.Key(suite, result.Seed())
	if err != nil {
		return err
	}
	c.roster, _, err = c.problem.Assign(key)
	return err
}

// extension returns the hash of a unit's team, which the sealed result fixes with its outcome.
func (c *crew) extension(suite draw.Suite) func(id string) statement.ID {
	return func(id string) statement.ID {
		extension, _ := c.roster.Extension(suite.Hash, id)
		return extension
	}
}

// reason says why a company has no team.
func (c *crew) reason(refusal matching.Refusal) string {
	g := c.roster.Region(refusal.Region)
	who := strings.Join(g.Inspectors[:min(3, len(g.Inspectors))], ", ")
	if more := len(g.Inspectors) - 3; more > 0 {
		who += fmt.Sprintf(" and %d more", more)
	}
	if who == "" {
		who = "nobody"
	}
	return fmt.Sprintf("with it %d places need one of %s, who have room for %d", g.Need+uint64(len(refusal.Places)), who, g.Room)
}
