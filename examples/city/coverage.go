package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/coverage"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/draw/teams"
	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/registry"
	"golang.org/x/mod/sumdb/note"
)

// The files of the full-coverage plan.
const (
	coverPlan     = "plan.txt"
	coverFrame    = "frame.txt"
	coverSeal     = "seal.note" // root of the seal, published before the first batch
	coverSchedule = "schedule.txt"
	coverSecret   = "secret.txt" // of the seal, shown at the end
	coverReceipts = "receipts"
)

// A cover is the full-coverage plan: all judicial-service bodies within eight months, risky ones earlier.
type cover struct {
	dir      string
	plan     *coverage.Plan
	schedule *coverage.Schedule
	progress *coverage.Progress
	visits   int
	refused  int
}

// newcomers are registered in the months of the plan; leavers close down.
const (
	newcomers = 6
	leavers   = 4
)

// coverAll makes the plan, spreads the bodies over its batches by the lottery of its first evening, and sends teams.
func coverAll(w *world, s *series, dir string) (*cover, error) {
	c := &cover{dir: dir}
	frame, _, err := w.reg.Frame(registry.Rules{
		On: date(firstDay), Statuses: []registry.Status{registry.Active}, Target: registry.Target{Domains: []registry.Domain{registry.JudicialService}},
		Stratum: registry.StratumBy(registry.ByDivision(6)), Weight: w.risk.Weigher(w.classOf),
	})
	if err != nil {
		return nil, err
	}
	terms := coverage.Terms{Lead: 14}
	for m := range 8 {
		from := date(fmt.Sprintf("2026-%02d-01", m+1))
		if m == 0 {
			from = date("2026-01-06") // the day after the seed is known
		}
		terms.Batches = append(terms.Batches, coverage.Batch{Label: from.String()[:7], From: from, To: date(fmt.Sprintf("2026-%02d-01", m+2)).AddDays(-1)})
	}
	parts := map[uint64][]uint64{1: {1, 1, 1, 1, 1, 1, 1, 1}, 3: {2, 2, 2, 2, 1, 1, 1, 1}, 10: {3, 2, 1, 1, 1, 0, 0, 0}, 30: {1, 0, 0, 0, 0, 0, 0, 0}}
	if terms.Shares, err = coverage.SharesByWeight(frame, parts); err != nil {
		return nil, err
	}
	if c.plan, err = coverage.NewPlan(s.suite, frame, terms); err != nil {
		return nil, err
	}
	night, err := s.evening(firstDay)
	if err != nil {
		return nil, err
	}
	if c.schedule, err = coverage.Run(c.plan, frame, coverSeed(s.suite, c.plan, night.value)); err != nil {
		return nil, err
	}
	seal, err := coverage.NewSeal(c.schedule, frame, w.dice.bytes("coverage seal", 0))
	if err != nil {
		return nil, err
	}
	if err := c.publish(w, s, frame, seal); err != nil {
		return nil, err
	}
	return c, c.visit(w, s, frame, seal)
}

// coverSeed is the seed of a plan: what the evening's lotteries make of its ID. The plan was published before.
func coverSeed(suite draw.Suite, plan *coverage.Plan, value string) draw.Seed {
	return statement.Seed(suite, plan.ID(), value, nil, nil)
}

// publish writes plan, frame and root before the first batch, and what is shown at the end.
func (c *cover) publish(w *world, s *series, frame *registry.Frame, seal *coverage.Seal) error {
	plan, err := c.plan.MarshalText()
	if err != nil {
		return err
	}
	var rows, schedule bytes.Buffer
	frame.WriteTo(&rows)
	c.schedule.WriteTo(&schedule)
	seen, err := s.witnessed(clock(date(firstDay), 22, 0))
	if err != nil {
		return err
	}
	root, err := note.Sign(&note.Note{Text: fmt.Sprintf("sample-city/coverage/v1\nplan %x\nround %s\nroot %x\n", c.plan.ID(), firstDay, seal.Root())}, seen...)
	if err != nil {
		return err
	}
	secret := w.dice.bytes("coverage seal", 0)
	for name, text := range map[string][]byte{
		coverPlan: plan, coverFrame: rows.Bytes(), coverSeal: root, coverSchedule: schedule.Bytes(), coverSecret: fmt.Appendf(nil, "%x\n", secret),
	} {
		if err := folder(c.dir).write(name, text); err != nil {
			return err
		}
	}
	return nil
}

// visit sends teams to each batch, some late, and says how far the plan is at its end.
func (c *cover) visit(w *world, s *series, frame *registry.Frame, seal *coverage.Seal) error {
	var events coverage.Events
	left := map[string]bool{}
	for i := range leavers {
		id := frame.At(i * frame.Len() / leavers).ID
		left[id] = true
		events.Departures = append(events.Departures, coverage.Departure{ID: id, On: date("2026-01-07").AddDays(40 * i)})
	}
	for i := range newcomers {
		like := frame.At((2*i + 1) * frame.Len() / (2 * newcomers)) // the cell of one that is there
		id, err := newCode("31"+like.Stratum, w.size.entities()+i)
		if err != nil {
			return err
		}
		u := registry.Unit{ID: id, Stratum: like.Stratum, Weight: like.Weight}
		events.Newcomers = append(events.Newcomers, coverage.Newcomer{Unit: u, Registered: date("2026-02-01").AddDays(25 * i)})
	}
	key, err := teams.Key(s.suite, c.schedule.Seed())
	if err != nil {
		return err
	}
	for b, batch := range c.plan.Batches() {
		var tasks []matching.Task
		for u, err := range c.schedule.Units(frame, b) {
			if err != nil {
				return err
			}
			if !left[u.ID] {
				tasks = append(tasks, justiceTask(u.ID))
			}
		}
		for _, n := range events.Newcomers {
			if at, err := c.schedule.Place(frame, n); err != nil {
				return err
			} else if at == b {
				tasks = append(tasks, justiceTask(n.Unit.ID))
			}
		}
		t := &task{kind: cityDraw, day: batch.From, want: len(tasks)}
		inspectors := w.inspectors(t, w.staff.under["justice"])
		for i := range inspectors {
			inspectors[i].Capacity *= 8 // a batch goes on for a month
		}
		directory, err := matching.NewDirectory(s.suite.Hash, batch.From.String(), inspectors)
		if err != nil {
			return err
		}
		problem, err := directory.Problem(tasks, nil, nil)
		if err != nil {
			return err
		}
		roster, _, err := problem.Assign(key)
		if err != nil {
			return err
		}
		for team := range roster.Teams() {
			for _, id := range team.Inspectors {
				row, _ := w.staff.Row(id)
				w.load[row]++
			}
			c.visits++
			day := batch.From.AddDays(int(w.dice.roll("cover", team.Task) * 27))
			if w.dice.roll("cover late", team.Task) < 0.02 && b < 7 {
				day = batch.To.AddDays(5)
			}
			events.Visits = append(events.Visits, coverage.Visit{ID: team.Task, On: day})
			if c.visits%50 == 1 {
				if err := c.receipt(seal, team.Task, s); err != nil {
					return err
				}
			}
		}
		for range roster.Refused() {
			c.refused++
		}
	}
	c.progress, err = c.schedule.Progress(frame, date("2026-09-15"), events)
	return err
}

// justiceTask is a visit by two inspectors of the justice departments.
func justiceTask(id string) matching.Task {
	return matching.Task{ID: id, Places: []matching.Place{{Area: "justice", Role: "lead", Certificate: lawEnforcement}, {Area: "justice", Certificate: "justice"}}}
}

// receipt hands a body its receipt, if it is in the frame.
func (c *cover) receipt(seal *coverage.Seal, id string, s *series) error {
	r, err := seal.Receipt(id)
	if err != nil {
		return nil // a newcomer
	}
	text, err := r.MarshalText()
	if err != nil {
		return err
	}
	return folder(c.dir).write(coverReceipts+"/"+audit.FileName(id)+".txt", text)
}

// checkCover verifies the plan from its files and the policy alone. It returns the number of units and of receipts.
func checkCover(dir string, policy *audit.Policy) (units, receipts int, err error) {
	suite := draw.SHA256()
	read := func(name string) []byte {
		text, e := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			err = e
		}
		return text
	}
	planText, rows, signed, scheduleText, secretText := read(coverPlan), read(coverFrame), read(coverSeal), read(coverSchedule), read(coverSecret)
	if err != nil {
		return 0, 0, err
	}
	plan, err := coverage.ParsePlan(bytes.NewReader(planText), suite)
	if err != nil {
		return 0, 0, err
	}
	frame, err := registry.ParseFrame(bytes.NewReader(rows))
	if err != nil {
		return 0, 0, err
	}
	schedule, err := coverage.ParseSchedule(bytes.NewReader(scheduleText), plan)
	if err != nil {
		return 0, 0, err
	}
	round, root, err := readSeal(signed, plan, policy)
	if err != nil {
		return 0, 0, err
	}
	value := ""
	for _, v := range policy.BeaconRules[0].Values {
		if v.Round == round {
			value = v.Value
		}
	}
	if want := coverSeed(suite, plan, value); schedule.Seed() != want {
		return 0, 0, fmt.Errorf("coverage: seed %s, the lottery of %s leads to %s", schedule.Seed(), round, want)
	}
	if err := coverage.Check(plan, frame, schedule); err != nil {
		return 0, 0, err
	}
	secret, err := draw.ParseSeed(string(bytes.TrimSpace(secretText)))
	if err != nil {
		return 0, 0, err
	}
	if err := coverage.CheckOpening(plan, frame, schedule, secret, root); err != nil {
		return 0, 0, err
	}
	names, err := filepath.Glob(filepath.Join(dir, coverReceipts, "*.txt"))
	if err != nil {
		return 0, 0, err
	}
	for _, name := range names {
		r := new(coverage.Receipt)
		text, err := os.ReadFile(name)
		if err != nil {
			return 0, 0, err
		}
		if err := r.UnmarshalText(text); err != nil {
			return 0, 0, err
		}
		if err := coverage.CheckReceipt(plan, root, r); err != nil {
			return 0, 0, err
		}
	}
	return frame.Len(), len(names), nil
}

// readSeal reads the signed root of the seal, which must be of the plan and by the policy's regulator.
func readSeal(signed []byte, plan *coverage.Plan, policy *audit.Policy) (round string, root draw.Hash, err error) {
	v, err := note.NewVerifier(policy.Regulators[0])
	if err != nil {
		return "", root, err
	}
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return "", root, fmt.Errorf("coverage: %s: %w", coverSeal, err)
	}
	var planID, rootText string
	if _, err := fmt.Sscanf(n.Text, "sample-city/coverage/v1\nplan %64s\nround %10s\nroot %64s\n", &planID, &round, &rootText); err != nil {
		return "", root, fmt.Errorf("coverage: %s: %w", coverSeal, err)
	}
	if want := fmt.Sprintf("%x", plan.ID()); planID != want {
		return "", root, fmt.Errorf("coverage: %s is for plan %s, expected %s", coverSeal, planID, want)
	}
	seed, err := draw.ParseSeed(rootText)
	return round, draw.Hash(seed), err
}
