package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/doublerandom/doublerandom/credit"
	"github.com/doublerandom/doublerandom/credit/journal"
	"github.com/doublerandom/doublerandom/registry"
)

// origin is the name of the journal.
const origin = "sample-city.example/2026"

// A keeper keeps the records of inspections: in an archive that checks them against the rules, and chained in the
// journal's file, day by day.
type keeper struct {
	*credit.Archive
	journal *journal.Journal
	file    *os.File
	out     *bufio.Writer
	days    map[string][]credit.Entry // that are still to come
	entries int
}

func hashes() journal.Suite { return journal.Suite{Name: "sha256", New: sha256.New} }

func newKeeper(file string, d diary) (*keeper, error) {
	archive, err := credit.NewArchive(credit.Rules{
		Inspectors: 2, Distance: 300, Slack: 60, PublishDays: 20, Calendar: d.Calendar, KeepMonths: 60, ZoneMinutes: 480, NeedSignIn: true,
	})
	if err != nil {
		return nil, err
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	k := &keeper{Archive: archive, file: f, out: bufio.NewWriter(f), days: map[string][]credit.Entry{}}
	k.journal, err = journal.New(k.out, hashes(), origin)
	return k, err
}

// plan keeps an entry for its day.
func (k *keeper) plan(day registry.Date, e credit.Entry) {
	k.days[day.String()] = append(k.days[day.String()], e)
}

// write enters what has happened up to a day.
func (k *keeper) write(until registry.Date) error {
	var due []string
	for day := range k.days {
		if day <= until.String() {
			due = append(due, day)
		}
	}
	slices.Sort(due)
	for _, day := range due {
		for _, e := range k.days[day] {
			if _, err := k.Add(e); err != nil {
				return err
			}
			text, err := e.MarshalText()
			if err != nil {
				return err
			}
			if _, err := k.journal.Append(k.out, text); err != nil {
				return err
			}
			k.entries++
		}
		delete(k.days, day)
	}
	return nil
}

// close enters the rest and returns the journal's head.
func (k *keeper) close() (journal.Head, error) {
	if err := k.write(date("2099-12-31")); err != nil {
		return journal.Head{}, err
	}
	if err := k.out.Flush(); err != nil {
		return journal.Head{}, err
	}
	return k.journal.Head(), k.file.Close()
}

// enterAll plans the entries of a draw's visits. Source is the draw's ID.
func (k *keeper) enterAll(j *job) {
	source := fmt.Sprintf("%x", j.notice.ID)
	ordered := clock(j.day, 22, 30)
	for i, c := range j.visits {
		order := &credit.Order{
			ID: fmt.Sprintf("V-%04d-%04d", j.number, i+1), Trigger: credit.Drawn, Source: source, Department: j.by[0].ID, Entity: c.unit,
			Team: c.assigned, Items: []string{j.item.ID}, From: c.from, To: c.to, Site: siteOf(j.w.dice, c.unit), Declared: ordered,
		}
		k.plan(j.day, credit.Entry{Order: order})
		if c.entity != c.unit {
			k.plan(dayOf(c.from), credit.Entry{Skip: &credit.Skip{Order: order.ID, Reason: c.why, At: c.from}})
			if c.entity == "" {
				continue
			}
			instead := *order
			instead.ID, instead.Entity, instead.Site = order.ID+"-reserve", c.entity, siteOf(j.w.dice, c.entity)
			order = &instead
			k.plan(dayOf(c.from), credit.Entry{Order: order})
		}
		for _, s := range c.swaps {
			if s.in != "" && !slices.Contains(order.Team, s.in) {
				k.plan(dayOf(c.from), credit.Entry{Substitution: &credit.Substitution{Order: order.ID, Out: s.out, In: s.in, Reason: s.why, At: s.at}})
			}
		}
		k.enterVisit(j, order, c)
	}
}

// enterVisit plans the record of a visit, what followed, and its publication: some sign in too far away, some results
// are published late.
func (k *keeper) enterVisit(j *job, order *credit.Order, c *call) {
	w, id := j.w, c.entity
	record := &credit.Record{
		ID: "R" + order.ID[1:], Order: order.ID, Department: order.Department, Entity: id, Team: c.team, From: c.from, To: c.from.Add(time.Hour),
		Items: []credit.ItemResult{{Item: j.item.ID, Results: c.results}}, Severity: c.points,
	}
	for _, inspector := range c.team {
		where := order.Site
		if w.dice.roll("far", id) < 0.004 {
			where.Latitude += 20_000 // two kilometres north
		}
		record.SignIns = append(record.SignIns, credit.SignIn{Inspector: inspector, At: record.From, Where: where})
	}
	day := dayOf(record.To)
	published := day.AddDays(7 + int(w.dice.roll("publish", id)*14))
	if w.dice.roll("late", id) < 0.01 {
		published = day.AddDays(40)
	}
	if c.fine > 0 {
		record.Penalties = []credit.Penalty{{
			Kind: credit.Fine, Amount: c.fine, Decision: fmt.Sprintf("样市罚〔2026〕%s", order.ID[2:]), Basis: "《样本市条例》第九条（虚构）", On: day.AddDays(5),
		}}
	}
	k.plan(day, credit.Entry{Record: record})
	if record.Outcome() == credit.Found {
		step := credit.Step{Record: record.ID, State: credit.CorrectionOrdered, On: day, Department: order.Department, Basis: "to be corrected within ten days"}
		if c.opened {
			step.State, step.Basis = credit.CaseOpened, "a case under the penalty law"
		}
		closed := step
		closed.State, closed.On, closed.Basis = credit.Closed, published, "corrected"
		k.plan(day, credit.Entry{Step: &step})
		k.plan(published, credit.Entry{Step: &closed})
	}
	k.plan(published, credit.Entry{Publication: &credit.Publication{Record: record.ID, On: published, Where: "https://sample-city.example/results"}})
}

// siteOf makes up where an entity is: within the city.
func siteOf(d dice, id string) credit.Position {
	return credit.Position{Latitude: 36_000_000 + int32(d.roll("north", id)*400_000), Longitude: 120_000_000 + int32(d.roll("east", id)*500_000), Datum: credit.WGS84}
}
