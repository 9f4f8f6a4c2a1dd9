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
// without them is, and the report says so; the notice's line "exclusions" may then be the root of
// a conflict.Ledger. The directory may have pseudonyms for IDs, new ones for each draw.
//
// All functions are safe for concurrent use.
package teams

import (
	"bytes"
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

// maxChanges bounds the changes of a roster that a check replays.
const maxChanges = 100_000

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
	if err != nil {
		return none, err
	}
	changes, err := checkChanges(in, problem, roster, private)
	if err != nil {
		return none, err
	}
	if !template.timed() {
		finding.Text += changes
		return finding, nil
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
	finding.Text += "; so do their slots and methods" + changes
	return finding, nil
}

// check compares the roster with the problem.
func check(in audit.RosterInputs, problem *matching.Problem, private bool) (audit.RosterFinding, *matching.Roster, error) {
	var none audit.RosterFinding
	roster, err := matching.ParseRoster(bytes.NewReader(in.Roster))
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
	return audit.RosterFinding{Text: text, Partial: private, Extension: func(id string) statement.ID {
		extension, _ := roster.Extension(in.Suite.Hash, id)
		return extension
	}}, roster, nil
}

// ChangeFile returns the name of the note with a change of the roster, by its number from 1.
func ChangeFile(number uint64) string { return fmt.Sprintf("%s/%04d.note", audit.DirChanges, number) }

// checkChanges replays the changes of the roster, if there are any: each must be the one that
// follows. It returns what to say of them.
func checkChanges(in audit.RosterInputs, problem *matching.Problem, roster *matching.Roster, private bool) (string, error) {
	text := in.Note(ChangeFile(1))
	switch {
	case text == nil:
		return "", nil
	case private:
		return "; changes after the fact can be checked only by those who have the exclusions, too", nil
	}
	duty, err := problem.Duty(roster)
	if err != nil {
		return "", err
	}
	n := uint64(0)
	for ; text != nil; text = in.Note(ChangeFile(n + 1)) {
		if n++; n > maxChanges {
			return "", fmt.Errorf("teams: more than %d changes", maxChanges)
		}
		c := new(matching.Change)
		if err := c.UnmarshalText(text); err != nil {
			return "", fmt.Errorf("teams: %s: %w", ChangeFile(n), err)
		}
		if err := duty.Apply(c); err != nil {
			return "", fmt.Errorf("teams: %s: %w", ChangeFile(n), err)
		}
	}
	return fmt.Sprintf("; number of changes since, each the one that follows: %d", n), nil
}

// CheckTeam returns nil if a receipt fixes a team: the leaf of the company's task in the roster, such
// as "team 91370202MA000004XW inspector-1 inspector-7", which the inspectors show on arrival.
func CheckTeam(suite draw.Suite, r *statement.Receipt, leaf string) error {
	if have := suite.Sum([]byte(leaf)); have != r.Extension {
		return fmt.Errorf("teams: the team's leaf has hash %x, the receipt fixes %x", have, r.Extension)
	}
	return nil
}
