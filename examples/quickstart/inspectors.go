package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/draw/teams"
	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/matching/visit"
	"github.com/doublerandom/doublerandom/registry"
)

// The sample's inspectors may take four visits each.
const visits = 4

// Crews are what the roster follows from, fixed by the notice: made-up inspectors for each
// stratum, what a visit needs, and who must not go where.
type crews struct {
	directory *matching.Directory
	template  *teams.Template
	rules     *teams.Rules
	texts     map[string][]byte // by file
	problem   *matching.Problem // once the result is known
	roster    *matching.Roster
	visits    []teams.Appointment
	change    *matching.Change // of the roster, nil if there is none
}

// newCrews makes inspectors for the strata of a plan: enough of them, but in the stratum with
// the smallest quota above ten, where some are ill.
func newCrews(suite draw.Suite, plan *draw.Plan, frame *registry.Frame) (*crews, error) {
	rng := rand.New(rand.NewPCG(26520, plan.Units()))
	var inspectors []matching.Inspector
	c := &crews{template: &teams.Template{}, rules: &teams.Rules{}, texts: map[string][]byte{}}
	byStratum, thin, least := map[string][]string{}, "", uint64(0)
	for _, q := range plan.Quotas() {
		if n, _ := q.Count.Floor(); n > 10 && (thin == "" || n < least) {
			thin, least = q.Stratum, n
		}
	}
	for _, q := range plan.Quotas() {
		n, _ := q.Count.Floor()
		crew := int(n)*2*13/(10*visits) + 4
		if q.Stratum == thin {
			crew = int(n)*2/visits - 1
		}
		c.template.Strata = append(c.template.Strata, teams.Stratum{Label: q.Stratum, Places: []matching.Place{
			{Area: q.Stratum, Role: "lead"}, {Area: q.Stratum, Certificate: "law-enforcement"},
		}})
		for k := range crew {
			in := matching.Inspector{ID: fmt.Sprintf("%.40s-%04d", q.Stratum, k+1), Areas: []string{q.Stratum}, Capacity: visits, Carried: rng.IntN(8) / 7}
			if k%2 == 0 {
				in.Roles = []string{"lead"}
			}
			in.Certificates = []matching.Certificate{{Kind: "law-enforcement", From: "2024-01-01", To: "2028-12-31"}}
			inspectors = append(inspectors, in)
			byStratum[q.Stratum] = append(byStratum[q.Stratum], in.ID)
			if k%10 == 9 { // they went together too often
				c.rules.Pairs = append(c.rules.Pairs, matching.Pair{A: byStratum[q.Stratum][k-1], B: in.ID, Reason: "rotation"})
			}
		}
	}
	for i, u := range frame.All() {
		if crew := byStratum[u.Stratum]; i%30 == 0 && len(crew) > 0 {
			reason := []string{"kinship", "former-employer", "declared"}[i/30%3]
			c.rules.Exclusions = append(c.rules.Exclusions, matching.Exclusion{Task: u.ID, Inspector: crew[rng.IntN(len(crew))], Reason: reason})
		}
	}
	// Ten days, mornings and afternoons, with room for a tenth of the visits of a stratum.
	for k := range 20 {
		room := map[string]int{}
		for _, q := range plan.Quotas() {
			n, _ := q.Count.Floor()
			room[q.Stratum] = int(n)/10 + 1
		}
		day := time.Date(2026, 12, 7+k/2+k/10*2, 0, 0, 0, 0, time.UTC) // no weekends
		c.template.Slots = append(c.template.Slots, visit.Slot{ID: day.Format(time.DateOnly) + []string{"-am", "-pm"}[k%2], Room: room})
	}
	c.template.Methods, c.template.PerVisit = []string{"documents", "on-site", "online", "sampling"}, 1
	var err error
	if c.directory, err = matching.NewDirectory(suite.Hash, "2026-12-02", inspectors); err != nil {
		return nil, err
	}
	var text strings.Builder
	c.directory.WriteTo(&text) // a strings.Builder returns no error
	c.texts[teams.FileInspectors] = []byte(text.String())
	if c.texts[teams.FileTasks], err = c.template.MarshalText(); err != nil {
		return nil, err
	}
	c.texts[teams.FileExclusions], err = c.rules.MarshalText()
	return c, err
}

// announce puts the texts' hashes into the notice.
func (c *crews) announce(suite draw.Suite, n *statement.Notice) {
	n.Inspectors = c.directory.ID()
	n.Tasks, n.Exclusions = suite.Sum(c.texts[teams.FileTasks]), suite.Sum(c.texts[teams.FileExclusions])
	n.Matching = teams.Method
}

func (c *crews) publish(dir string) error {
	for name, text := range c.texts {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// assign makes the roster that follows from the seed.
func (c *crews) assign(suite draw.Suite, result *draw.Result) error {
	var err error
	if c.problem, err = teams.Problem(c.directory, c.template, c.rules, result); err != nil {
		return err
	}
	key, err := teams.Key(suite, result.Seed())
	if err != nil {
		return err
	}
	if c.roster, _, err = c.problem.Assign(key); err != nil {
		return err
	}
	c.visits, err = teams.Appointments(suite, c.template, result, c.roster)
	return err
}

// extension returns the hash of a unit's team.
func (c *crews) extension(suite draw.Suite) func(id string) statement.ID {
	return func(id string) statement.ID {
		extension, _ := c.roster.Extension(suite.Hash, id)
		return extension
	}
}

// fallIll takes the first lead off a team, and returns the change to be published: the
// substitute follows from the same key.
func (c *crews) fallIll() (*matching.Change, error) {
	duty, err := c.problem.Duty(c.roster)
	if err != nil {
		return nil, err
	}
	for t := range c.roster.Teams() {
		c.change, err = duty.Withdraw(t.Task, t.Inspectors[0], "illness", false)
		return c.change, err
	}
	return nil, nil // nobody goes anywhere
}

// printCrews says who goes, who does not and why, and how the work is spread.
func printCrews(out io.Writer, c *crews) error {
	report, err := c.problem.Report(c.roster)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  %s inspectors, %s exclusions and %s pairs to be kept apart, all fixed by the notice\n",
		grouped(c.directory.Len()), grouped(len(c.rules.Exclusions)), grouped(len(c.rules.Pairs)))
	refused := 0
	for range c.roster.Refused() {
		refused++
	}
	fmt.Fprintf(out, "  %s teams of two: a lead, and one with a certificate that is valid on the day; %s visits without one\n", grouped(c.roster.Len()), grouped(refused))
	step, n, without := max(1, c.roster.Len()/4), 0, 0
	for t := range c.roster.Teams() {
		v := c.visits[n]
		if v.Slot == "" {
			without++
		}
		if n%step == 0 {
			support := report.Support[t.Task]
			fmt.Fprintf(out, "    %s  %s %s  %s (each one of %d and %d who could have gone)\n",
				t.Task, v.Slot, strings.Join(v.Methods, ", "), strings.Join(t.Inspectors, " and "), support[0], support[1])
		}
		n++
	}
	if without > 0 {
		fmt.Fprintf(out, "  %s teams without a time: no half-day was found with room for them, on which both are free\n", grouped(without))
	}
	for r := range c.roster.Refused() {
		g := c.roster.Region(r.Region)
		fmt.Fprintf(out, "  without a team: %s, because with it %s visits' seats need one of %s, and all of them together have room for %s\n",
			r.Task, grouped(g.Need+uint64(len(r.Places))), list(g.Inspectors), grouped(g.Room))
		break // the others are in roster.txt
	}
	var loads []string
	for load, inspectors := range report.Loads {
		if inspectors > 0 {
			loads = append(loads, fmt.Sprintf("%s inspectors have %d", grouped(inspectors), load))
		}
	}
	fmt.Fprintf(out, "  visits, those carried over counted: %s\n  no other roster spreads these visits more evenly; seats that only one could take: %s; pairs that could not be kept apart: %s\n", strings.Join(loads, ", "),
		grouped(len(report.Forced)), grouped(len(report.Clashes)/2))
	return nil
}

// list names a few inspectors, and how many more there are.
func list(ids []string) string {
	const most = 3
	if len(ids) <= most {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:most], ", "), len(ids)-most)
}
