package teams

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/matching/visit"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// A kit is a draw with its roster and the inputs of a check.
type kit struct {
	files  map[string][]byte
	in     audit.RosterInputs
	roster *matching.Roster
}

func newKit(t testing.TB) *kit {
	t.Helper()
	var rows strings.Builder
	for i := range 40 {
		fmt.Fprintf(&rows, "unit-%02d %s 1\n", i, []string{"north", "south"}[i%2])
	}
	frame, err := registry.ParseFrame(strings.NewReader(rows.String()))
	require.NoError(t, err)
	suite := draw.SHA256()
	quotas, err := draw.Proportional(frame.Strata(), 10, draw.Bounds{})
	require.NoError(t, err)
	plan, err := draw.NewPlan(suite, frame, quotas, 1)
	require.NoError(t, err)
	seed := draw.Seed(sha256.Sum256([]byte("seed")))
	result, err := draw.Run(plan, frame, seed)
	require.NoError(t, err)

	var inspectors []matching.Inspector
	for i := range 12 {
		inspectors = append(inspectors, matching.Inspector{ID: fmt.Sprintf("inspector-%02d", i), Areas: []string{[]string{"north", "south"}[i/6]}, Roles: []string{"lead"}[i%2:], Capacity: 2})
	}
	directory, err := matching.NewDirectory(suite.Hash, "2026-12-01", inspectors)
	require.NoError(t, err)
	template, rules := &Template{}, &Rules{}
	for _, area := range []string{"south", "north"} {
		template.Strata = append(template.Strata, Stratum{area, []matching.Place{{Area: area, Role: "lead"}, {Area: area}}})
	}
	for _, half := range []string{"pm", "am"} {
		template.Slots = append(template.Slots, visit.Slot{ID: "2026-12-01-" + half, Room: map[string]int{"north": 3, "south": 2}})
	}
	template.Methods, template.PerVisit = []string{"on-site", "documents", "sampling"}, 2
	for i := range 40 {
		rules.Exclusions = append(rules.Exclusions, matching.Exclusion{Task: fmt.Sprintf("unit-%02d", i), Inspector: fmt.Sprintf("inspector-%02d", i%12), Reason: "kinship"})
	}
	rules.Pairs = []matching.Pair{{A: "inspector-01", B: "inspector-00", Reason: "rotation"}}
	problem, err := Problem(directory, template, rules, result)
	require.NoError(t, err)
	key, err := Key(suite, seed)
	require.NoError(t, err)
	roster, _, err := problem.Assign(key)
	require.NoError(t, err)

	k := &kit{files: map[string][]byte{}, roster: roster}
	var text bytes.Buffer
	directory.WriteTo(&text)
	k.files[FileInspectors] = text.Bytes()
	k.files[FileTasks], err = template.MarshalText()
	require.NoError(t, err)
	k.files[FileExclusions], err = rules.MarshalText()
	require.NoError(t, err)
	list, err := Appointments(suite, template, result, roster)
	require.NoError(t, err)
	k.files[FileVisits] = FormatAppointments(list)
	root, err := roster.Root(suite.Hash)
	require.NoError(t, err)
	var rosterText bytes.Buffer
	roster.WriteTo(&rosterText)
	k.in = audit.RosterInputs{
		Roster: rosterText.Bytes(), Root: root, Suite: suite, Seed: seed, Result: result,
		Notice: &statement.Notice{Matching: Method, Inspectors: directory.ID(), Tasks: suite.Sum(k.files[FileTasks]), Exclusions: suite.Sum(k.files[FileExclusions])},
		Read:   func(name string) []byte { return k.files[name] },
		Note:   func(name string) []byte { return k.files[name] },
	}
	return k
}

func TestCheck(t *testing.T) {
	k := newKit(t)
	finding, err := Check(k.in)
	require.NoError(t, err)
	require.Equal(t, "the 10 teams are exactly those that follow from inspectors, tasks, exclusions and seed; so do their slots and methods", finding.Text)
	require.False(t, finding.Partial)
	for team := range k.roster.Teams() {
		leaf := "team " + team.Task + " " + strings.Join(team.Inspectors, " ")
		require.Equal(t, statement.ID(sha256.Sum256([]byte(leaf))), finding.Extension(team.Task))
	}
	require.Zero(t, finding.Extension("unit-99"))

	delete(k.files, FileExclusions)
	finding, err = Check(k.in)
	require.NoError(t, err)
	require.Contains(t, finding.Text, "the exclusions are not public")
	require.True(t, finding.Partial)
}

func TestCheckFindsFaults(t *testing.T) {
	edited := func(old, new string) func(k *kit) {
		return func(k *kit) {
			text := strings.Replace(string(k.in.Roster), old, new, 1)
			require.NotEqual(t, text, string(k.in.Roster))
			k.in.Roster = []byte(text)
		}
	}
	var first matching.Team
	for team := range newKit(t).roster.Teams() {
		first = team
		break
	}
	line := "team " + first.Task + " " + strings.Join(first.Inspectors, " ") + "\n"
	for want, edit := range map[string]func(k *kit){
		`teams: the notice has matching "by-hand", expected "doublerandom/roster/v1"`: func(k *kit) { k.in.Notice.Matching = "by-hand" },
		"tasks.txt is missing, which the roster follows from":                         func(k *kit) { delete(k.files, FileTasks) },
		"teams: inspectors.txt has hash ":                                             func(k *kit) { k.files[FileInspectors] = append(k.files[FileInspectors], '\n') },
		"teams: exclusions.txt has hash ":                                             func(k *kit) { k.files[FileExclusions] = []byte("doublerandom/exclusions/v1\nexclusions 0\npairs 0\n") },
		"matching: roster line 8 is ":                                                 edited(line, "team "+first.Task+" "+first.Inspectors[0]+" inspector-05\n"),
		"teams: the roster has key ":                                                  func(k *kit) { k.in.Seed[0] ^= 1 },
		"teams: the roster has root ":                                                 func(k *kit) { k.in.Root[0] ^= 1 },
		"visits.txt is missing, which the roster follows from":                        func(k *kit) { delete(k.files, FileVisits) },
		"teams: visits line 3 is ": func(k *kit) {
			k.files[FileVisits] = bytes.Replace(k.files[FileVisits], []byte("am"), []byte("pm"), 1)
		},
		`matching: roster line 8: "teem`: edited("\nteam ", "\nteem "),
	} {
		k := newKit(t)
		edit(k)
		_, err := Check(k.in)
		require.ErrorContains(t, err, want)
		require.True(t, strings.HasPrefix(err.Error(), want), err.Error())
	}
	// A hand edit is found without the exclusions, too, if the place does not fit.
	k := newKit(t)
	delete(k.files, FileExclusions)
	edited(line, "team "+first.Task+" "+first.Inspectors[1]+" "+first.Inspectors[0]+"\n")(k)
	_, err := Check(k.in)
	require.EqualError(t, err, fmt.Sprintf(`matching: team of %q: place 1: %q does not have what the place asks for`, first.Task, first.Inspectors[1]))
}

// TestCheckReplaysChanges publishes two changes, and forges the second.
func TestCheckReplaysChanges(t *testing.T) {
	k := newKit(t)
	directory, err := matching.ParseDirectory(k.in.Suite.Hash, k.files[FileInspectors])
	require.NoError(t, err)
	template, rules := new(Template), new(Rules)
	require.NoError(t, template.UnmarshalText(k.files[FileTasks]))
	require.NoError(t, rules.UnmarshalText(k.files[FileExclusions]))
	problem, err := Problem(directory, template, rules, k.in.Result)
	require.NoError(t, err)
	duty, err := problem.Duty(k.roster)
	require.NoError(t, err)
	var second *matching.Change
	for team := range k.roster.Teams() {
		c, err := duty.Withdraw(team.Task, team.Inspectors[1], "illness", false)
		require.NoError(t, err)
		k.files[ChangeFile(c.Sequence)], err = c.MarshalText()
		require.NoError(t, err)
		if second = c; c.Sequence == 2 {
			break
		}
	}
	finding, err := Check(k.in)
	require.NoError(t, err)
	require.Contains(t, finding.Text, "; number of changes since, each the one that follows: 2")
	exclusions := k.files[FileExclusions]
	delete(k.files, FileExclusions)
	finding, err = Check(k.in)
	require.NoError(t, err)
	require.Contains(t, finding.Text, "; changes after the fact can be checked only by those who have the exclusions, too")
	k.files[FileExclusions] = exclusions

	forged := *second
	forged.Joins = "inspector-11"
	require.NotEqual(t, forged, *second)
	k.files[ChangeFile(2)], err = forged.MarshalText()
	require.NoError(t, err)
	_, err = Check(k.in)
	require.ErrorContains(t, err, "teams: changes/0002.note: matching: change 2: place 2 of ")
	k.files[ChangeFile(2)] = []byte("no change\n")
	_, err = Check(k.in)
	require.ErrorContains(t, err, "teams: changes/0002.note: matching: change: ")
}

func TestCheckTeam(t *testing.T) {
	k := newKit(t)
	for team := range k.roster.Teams() {
		leaf, _ := k.roster.Leaf(team.Task)
		extension, _ := k.roster.Extension(k.in.Suite.Hash, team.Task)
		r := &statement.Receipt{Extension: extension}
		require.NoError(t, CheckTeam(k.in.Suite, r, leaf))
		require.ErrorContains(t, CheckTeam(k.in.Suite, r, leaf+" inspector-99"), "teams: the team's leaf has hash ")
	}
}

func TestTexts(t *testing.T) {
	k := newKit(t)
	template := new(Template)
	require.NoError(t, template.UnmarshalText(k.files[FileTasks]))
	require.Equal(t, "doublerandom/tasks/v1\nstrata 2\nstratum north\nplace north lead none\nplace north none none\nstratum south\nplace south lead none\nplace south none none\n"+
		"slots 2\nslot 2026-12-01-am\nroom north 3\nroom south 2\nslot 2026-12-01-pm\nroom north 3\nroom south 2\nmethods 3 2\nmethod documents\nmethod on-site\nmethod sampling\n", string(k.files[FileTasks]))
	rules := new(Rules)
	require.NoError(t, rules.UnmarshalText(k.files[FileExclusions]))
	require.Equal(t, []matching.Pair{{A: "inspector-00", B: "inspector-01", Reason: "rotation"}}, rules.Pairs)
	for text, want := range map[string]string{
		"":                             `teams: template line 1 is "", expected "doublerandom/tasks/v1" with a newline, and the entries sorted, each once`,
		"doublerandom/tasks/v2\n":      `teams: template line 1 is "doublerandom/tasks/v2": expected "doublerandom/tasks/v1"`,
		"doublerandom/tasks/v1\nx y\n": `teams: template line 2 is "x y": expected a line of a template with its fields`,
		"doublerandom/tasks/v1\nstrata 1\nstratum a\nplace none none none\n":                                                                `teams: stratum "a": a team of 1, expected 2 to 16`,
		"doublerandom/tasks/v1\nstrata 2\nstratum a\nplace none none none\nplace none none none\n":                                          `teams: template line 2 is "strata 2", expected "strata 1" with a newline, and the entries sorted, each once`,
		"doublerandom/tasks/v1\nstrata 1\nstratum a\nplace none none none\nplace none none none\nslots 1\nslot x\nroom a -1\nmethods 0 0\n": `teams: template line 8 is "room a -1": expected a whole number`,
		"doublerandom/tasks/v1\nstrata 1\nstratum a\nplace none none none\nplace none none none\nslots 0\nmethods 1 2\nmethod x\n":          `teams: 2 of 1 methods for a visit`,
		"doublerandom/tasks/v1\nstrata 1\nstratum a\nplace none none none\nplace none none none":                                            `teams: template line 5 is "place none none none", expected "place none none none" with a newline, and the entries sorted, each once`,
	} {
		before := *template
		require.EqualError(t, template.UnmarshalText([]byte(text)), want)
		require.Equal(t, before, *template)
	}
	require.EqualError(t, rules.UnmarshalText([]byte("doublerandom/exclusions/v1\nexclusions 1\nexclusion a b \npairs 0\n")), `teams: exclusion of "b" from "a": a field is empty`)
	_, err := (&Rules{Pairs: []matching.Pair{{A: "a", B: "b"}}}).MarshalText()
	require.EqualError(t, err, `teams: pair of "a" and "b": a field is empty`)
	_, err = Problem(nil, &Template{}, rules, k.in.Result)
	require.ErrorContains(t, err, `teams: the template has no stratum "north", from which "unit-`)
}

func FuzzTexts(f *testing.F) {
	k := newKit(f)
	f.Add(k.files[FileTasks])
	f.Add(k.files[FileExclusions])
	f.Fuzz(func(t *testing.T, text []byte) {
		template, rules := new(Template), new(Rules)
		if template.UnmarshalText(text) == nil {
			again, err := template.MarshalText()
			require.NoError(t, err)
			require.Equal(t, string(text), string(again))
		}
		if rules.UnmarshalText(text) == nil {
			again, err := rules.MarshalText()
			require.NoError(t, err)
			require.Equal(t, string(text), string(again))
		}
	})
}

// TestMutation changes every byte of the roster and of the texts that it follows
// from, and deletes, doubles and swaps their lines: no change goes unnoticed.
func TestMutation(t *testing.T) {
	k := newKit(t)
	texts := map[string][]byte{"roster": k.in.Roster}
	for name, text := range k.files {
		texts[name] = text
	}
	changes := 0
	for name, text := range texts {
		try := func(parts ...[]byte) {
			changed := bytes.Join(parts, nil)
			if bytes.Equal(changed, text) {
				return // two equal lines swapped
			}
			changes++
			in := k.in
			in.Read = func(asked string) []byte {
				if asked == name {
					return changed
				}
				return k.files[asked]
			}
			if name == "roster" {
				in.Roster = changed
			}
			if _, err := Check(in); err == nil {
				t.Errorf("%s: a change was not noticed: %q", name, changed)
			}
		}
		for i := range text {
			try(text[:i], []byte{text[i] ^ 1}, text[i+1:])
		}
		lines := bytes.SplitAfter(text, []byte("\n"))
		for i, line := range lines[:len(lines)-1] {
			before, after := bytes.Join(lines[:i], nil), bytes.Join(lines[i+1:], nil)
			try(before, after)
			try(before, line, line, after)
			try(before, lines[i+1], line, bytes.Join(lines[i+2:], nil))
		}
	}
	t.Logf("%d changes to %d texts, all noticed", changes, len(texts))
}
