// Package teams sends inspectors to the units of a public draw: it makes the
// problem of package matching from the result of a draw and from texts that the notice
// has fixed, and checks a published roster as part of a verification.
//
// Before the notice the regulator writes three texts: the inspectors' directory
// ([matching.Directory.WriteTo]), the [Template], which says what a visit in each stratum
// needs, and the [Rules], who must not go where or with whom. The notice fixes them by their
// hashes, and its line "matching" is [Method]. Once the draw has its seed, [Problem] and
// [Key] lead to the roster, with no choice left. A verifier sets
//
//	policy.Roster = teams.Check
//
// and finds the texts in the bundle under the names of [FileInspectors], [FileTasks] and
// [FileExclusions]. Where the exclusions are private and not in the bundle, what can be checked
// without them is, and the report says so.
//
// All functions are safe for concurrent use.
package teams

import (
	"errors"
	"fmt"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/matching"
)

// Method is what the notice says of the matching: the rules of matching/SPEC.md.
const Method = "doublerandom/roster/v1"

// The names of files in a bundle, beside those of package audit.
const (
	FileInspectors = "inspectors.txt" // the directory
	FileTasks      = "tasks.txt"      // the template
	FileExclusions = "exclusions.txt" // the rules, unless they are private
	FileVisits     = "visits.txt"     // slots and methods, if the template has any
)

// Key returns the matching key of a draw: Key(seed, "match") of draw/SPEC.md, section 3.
func Key(suite draw.Suite, seed draw.Seed) (matching.Key, error) {
	key, err := derive.Key(suite.Hash, seed[:], "match")
	if err != nil {
		return matching.Key{}, fmt.Errorf("teams: %w", err)
	}
	return key, nil
}

// Problem returns the problem of sending inspectors to the units that a draw has
// drawn, without reserves: a task for each, with the places that the template has for its
// stratum, and the exclusions that name it. It returns an error that names a stratum
// which the template does not have.
func Problem(directory *matching.Directory, template *Template, rules *Rules, result *draw.Result) (*matching.Problem, error) {
	var tasks []matching.Task
	drawn, places := map[string]bool{}, map[string][]matching.Place{}
	for _, s := range template.Strata {
		places[s.Label] = s.Places
	}
	for d := range result.Drawn() {
		places, ok := places[d.Stratum]
		if !ok {
			return nil, fmt.Errorf("teams: the template has no stratum %q, from which %q was drawn", d.Stratum, d.ID)
		}
		tasks = append(tasks, matching.Task{ID: d.ID, Places: places})
		drawn[d.ID] = true
	}
	var exclusions []matching.Exclusion
	for _, e := range rules.Exclusions {
		if drawn[e.Task] {
			exclusions = append(exclusions, e)
		}
	}
	return directory.Problem(tasks, exclusions, rules.Pairs)
}

// Check checks the roster of a bundle; it is an [audit.RosterCheck]. The texts must be those
// of the notice. With the exclusions the matching is done again, and the roster must be the
// same; without them its teams, the sum of squares and the refusals are checked as far as that
// goes.
func Check(in audit.RosterInputs) (audit.RosterFinding, error) {
	var none audit.RosterFinding
	if in.Notice.Matching != Method {
		return none, fmt.Errorf("teams: the notice has matching %q, expected %q", in.Notice.Matching, Method)
	}
	texts := map[string][]byte{}
	for _, f := range []struct {
		name string
		hash statement.ID
	}{{FileInspectors, in.Notice.Inspectors}, {FileTasks, in.Notice.Tasks}, {FileExclusions, in.Notice.Exclusions}} {
		text := in.Read(f.name)
		switch {
		case text == nil && f.name == FileExclusions:
		case text == nil:
			return none, &audit.NotShownError{File: f.name}
		case in.Suite.Sum(text) != f.hash:
			return none, fmt.Errorf("teams: %s has hash %x, the notice %x", f.name, in.Suite.Sum(text), f.hash)
		}
		texts[f.name] = text
	}
	directory, err := matching.ParseDirectory(in.Suite.Hash, texts[FileInspectors])
	if err != nil {
		return none, err
	}
	template, rules := new(Template), new(Rules)
	if err := template.UnmarshalText(texts[FileTasks]); err != nil {
		return none, err
	}
	private := texts[FileExclusions] == nil
	if !private {
		if err := rules.UnmarshalText(texts[FileExclusions]); err != nil {
			return none, err
		}
	}
	problem, err := Problem(directory, template, rules, in.Result)
	if err != nil {
		return none, err
	}
	finding, roster, err := check(in, problem, private)
	if err != nil || !template.timed() {
		return finding, err
	}
	have := in.Read(FileVisits)
	if have == nil {
		return none, &audit.NotShownError{File: FileVisits}
	}
	list, err := Appointments(in.Suite, template, in.Result, roster)
	if err != nil {
		return none, err
	}
	if err := compareLines("visits", have, FormatAppointments(list)); err != nil {
		return none, err
	}
	finding.Text += ", with their slots and methods"
	return finding, nil
}

// check compares the roster with the problem.
func check(in audit.RosterInputs, problem *matching.Problem, private bool) (audit.RosterFinding, *matching.Roster, error) {
	var none audit.RosterFinding
	roster, err := parseRoster(in.Roster)
	if err != nil {
		return none, nil, err
	}
	key, err := Key(in.Suite, in.Seed)
	if err != nil {
		return none, nil, err
	}
	if roster.Key() != key {
		return none, nil, fmt.Errorf("teams: the roster has key %x, the seed leads to %x", roster.Key(), key)
	}
	text := fmt.Sprintf("the %d teams are exactly those that follow from inspectors, tasks, exclusions and seed", roster.Len())
	if private {
		var hidden *matching.HiddenError
		if err := problem.Check(roster, matching.Public); err != nil && !errors.As(err, &hidden) {
			return none, nil, err
		}
		text = fmt.Sprintf("the %d teams have what their places ask for; the exclusions are not public: that nobody excluded goes, and that the roster follows from the seed, can be checked only by those who have them", roster.Len())
	} else if err := problem.Verify(key, roster); err != nil {
		return none, nil, err
	}
	root, err := roster.Root(in.Suite.Hash)
	if err != nil {
		return none, nil, err
	}
	if in.Root != (statement.ID{}) && in.Root != root {
		return none, nil, fmt.Errorf("teams: the roster has root %x, the sealed result %x", root, in.Root)
	}
	return audit.RosterFinding{Text: text, Extension: func(id string) statement.ID {
		extension, _ := roster.Extension(in.Suite.Hash, id)
		return extension
	}}, roster, nil
}
