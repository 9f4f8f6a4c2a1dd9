package main

import (
	"bufio"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/credit"
	"github.com/doublerandom/doublerandom/credit/journal"
	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/registry"
)

// The sample's calendar, for the deadline of publication.
const calendar = `doublerandom/calendar/v1
from 2026-12-01
to 2027-03-31
holiday 2027-01-01
`

// visited is the last day on which the sample's visits take place.
const visited = "2026-12-31"

// An archive of inspections, with the journal that chains its entries in a file.
type records struct {
	*credit.Archive
	journal *journal.Journal
	file    *bufio.Writer
}

// add enters an entry and chains its text.
func (r *records) add(e credit.Entry) error {
	if _, err := r.Add(e); err != nil {
		return err
	}
	text, err := e.MarshalText()
	if err != nil {
		return err
	}
	_, err = r.journal.Append(r.file, text)
	return err
}

// keepRecords makes up the visits of the roster, enters them with what became of them, chains them in
// the file, reads that again, and compares with the draw.
func keepRecords(out io.Writer, file string, suite draw.Suite, c *crews, frame *registry.Frame, result *draw.Result) (*credit.Archive, error) {
	days := new(credit.Calendar)
	if err := days.UnmarshalText([]byte(calendar)); err != nil {
		return nil, err
	}
	archive, err := credit.NewArchive(credit.Rules{
		Inspectors: 2, Distance: 300, Slack: 30, PublishDays: 20, Calendar: days, KeepMonths: 60, ZoneMinutes: 480, NeedSignIn: true,
	})
	if err != nil {
		return nil, err
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := &records{Archive: archive, file: bufio.NewWriter(f)}
	hashes := journal.Suite{Name: suite.Name(), New: suite.Hash}
	if r.journal, err = journal.New(r.file, hashes, "quickstart.example/2026"); err != nil {
		return nil, err
	}
	if err := r.enterAll(c, frame, fmt.Sprintf("%x", result.PlanID())); err != nil {
		return nil, err
	}
	if err := r.file.Flush(); err != nil {
		return nil, err
	}
	if err := printJournal(out, file, hashes, r.journal.Head()); err != nil {
		return nil, err
	}
	return archive, printReconciliation(out, archive, result)
}

// enterAll enters an order and a record for each team.
func (r *records) enterAll(c *crews, frame *registry.Frame, source string) error {
	n := 0
	for t := range c.roster.Teams() {
		i, ok := frame.Find(t.Task)
		if !ok {
			return fmt.Errorf("team for %s, who is not in the frame", t.Task)
		}
		u := frame.At(i)
		from, to := slotTimes(c.visits[n].Slot)
		n++
		order := &credit.Order{
			ID: "V-" + u.ID, Trigger: credit.Drawn, Source: source, Department: u.Stratum, Entity: u.ID, Team: t.Inspectors,
			Items: []string{"publicity"}, From: from, To: to, Site: siteOf(u.ID), Declared: time.Date(2026, 12, 3, 0, 0, 0, 0, time.UTC),
		}
		if err := r.add(credit.Entry{Order: order}); err != nil {
			return err
		}
		team := slices.Clone(t.Inspectors)
		if ch := c.change; ch != nil && ch.Task == u.ID && ch.Joins != "" {
			team[slices.Index(team, ch.Leaves)] = ch.Joins
			s := &credit.Substitution{Order: order.ID, Out: ch.Leaves, In: ch.Joins, Reason: ch.Reason, At: order.Declared}
			if err := r.add(credit.Entry{Substitution: s}); err != nil {
				return err
			}
		}
		if err := r.enterVisit(order, team, u); err != nil {
			return err
		}
	}
	// A visit that nobody ordered: the reconciliation has to find it.
	first := frame.At(0)
	return r.add(credit.Entry{Record: &credit.Record{
		ID: "R-unknown", Department: first.Stratum, Entity: first.ID, Team: []string{"somebody"},
		From: time.Date(2026, 12, 8, 1, 0, 0, 0, time.UTC), To: time.Date(2026, 12, 8, 2, 0, 0, 0, time.UTC),
		Items: []credit.ItemResult{{Item: "publicity", Results: one(credit.NothingFound)}},
	}})
}

// enterVisit makes up a visit, what followed and its publication: some sign in too far away, some
// results are published late.
func (r *records) enterVisit(order *credit.Order, team []string, u registry.Unit) error {
	dice := number(u.ID)
	results, points := madeUp(u)
	record := &credit.Record{
		ID: "R-" + u.ID, Order: order.ID, Department: order.Department, Entity: u.ID, Team: team,
		From: order.From.Add(15 * time.Minute), To: order.From.Add(75 * time.Minute),
		Items: []credit.ItemResult{{Item: "publicity", Results: results}}, Severity: points,
	}
	for _, inspector := range team {
		where := order.Site
		if dice%211 == 0 {
			where.Latitude += 20_000 // two kilometres north
		}
		record.SignIns = append(record.SignIns, credit.SignIn{Inspector: inspector, At: record.From, Where: where})
	}
	if err := r.add(credit.Entry{Record: record}); err != nil {
		return err
	}
	published := visitDay(record.To).AddDays(14 + int(dice%100/98)*30)
	if record.Outcome() == credit.Found {
		step := credit.Step{Record: record.ID, State: credit.CorrectionOrdered, On: visitDay(record.To), Department: order.Department, Basis: "correction within ten days"}
		if err := r.add(credit.Entry{Step: &step}); err != nil {
			return err
		}
		step.State, step.On, step.Basis = credit.Closed, published, "corrected"
		if err := r.add(credit.Entry{Step: &step}); err != nil {
			return err
		}
	}
	return r.add(credit.Entry{Publication: &credit.Publication{Record: record.ID, On: published, Where: "https://quickstart.example/results"}})
}

// madeUp says with which results and severity points an inspection of a unit ends in the sample's world.
func madeUp(u registry.Unit) (credit.Results, credit.Points) {
	switch {
	case unreachable(u.ID):
		return one(credit.Unreachable), 80
	case !hasProblem(u):
		return one(credit.NothingFound), 0
	}
	switch number(u.ID) % 3 {
	case 0:
		return one(credit.FalsePublication), 160
	case 1:
		return one(credit.Quality), 120
	}
	return one(credit.NotPublished), 60
}

// one returns the set of one code.
func one(code credit.ResultCode) credit.Results {
	results, err := credit.NewResults(code)
	if err != nil {
		panic("quickstart: " + err.Error()) // the codes are those of this file
	}
	return results
}

// number throws the sample's dice for an ID.
func number(id string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(id)) // a hash returns no error
	return h.Sum32()
}

// siteOf makes up where a company is: within the city.
func siteOf(id string) credit.Position {
	n := int32(number(id) % 100_000)
	return credit.Position{Latitude: 36_000000 + n, Longitude: 120_300000 + n%1000*100, Datum: credit.WGS84}
}

// slotTimes returns the times of a slot such as "2026-12-07-am"; a visit without one is made on the last
// day.
func slotTimes(slot string) (from, to time.Time) {
	if slot == "" {
		slot = visited + "-am"
	}
	day, half := slot[:len(time.DateOnly)], slot[len(time.DateOnly):]
	from, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic("quickstart: " + err.Error()) // the slots are this program's
	}
	from = from.Add(30 * time.Minute) // half past eight in China
	if half == "-pm" {
		from = from.Add(5 * time.Hour)
	}
	return from, from.Add(3 * time.Hour)
}

// visitDay returns the day in China.
func visitDay(t time.Time) registry.Date {
	local := t.Add(8 * time.Hour)
	d, err := registry.NewDate(local.Year(), local.Month(), local.Day())
	if err != nil {
		panic("quickstart: " + err.Error())
	}
	return d
}

// printJournal reads the file again, as an auditor would.
func printJournal(out io.Writer, file string, suite journal.Suite, head journal.Head) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	again, err := journal.Read(bufio.NewReader(f), head.Origin, suite)
	if err != nil {
		return err
	}
	if err := again.Check(head); err != nil {
		return err
	}
	fmt.Fprintf(out, "  %s entries chained in %s, and read again: root %x\n", grouped(head.Size), filepath.Base(file), head.Root)
	return nil
}

// printReconciliation compares the records with the draw.
func printReconciliation(out io.Writer, archive *credit.Archive, result *draw.Result) error {
	until, err := registry.ParseDate(visited)
	if err != nil {
		return err
	}
	source := fmt.Sprintf("%x", result.PlanID())
	var drawn []credit.DrawnUnit
	for d := range result.Drawn() {
		drawn = append(drawn, credit.DrawnUnit{Draw: source, Entity: d.ID, Until: until})
	}
	r := archive.Reconcile(until.AddDays(31), drawn)
	fmt.Fprintf(out, "  %s visits that the draw explains; %d that nothing explains (%s); %s drawn and not visited, having no team\n",
		grouped(r.Explained), len(r.Unexplained), caseIDs(r.Unexplained), grouped(len(r.NotDone)))
	counts := map[credit.FaultKind]int{}
	for _, f := range archive.Faults() {
		counts[f.Kind]++
	}
	var kinds []string
	for k := credit.NoOrder; k <= credit.LatePublication; k++ {
		if counts[k] > 0 {
			kinds = append(kinds, fmt.Sprintf("%s %s", grouped(counts[k]), k))
		}
	}
	fmt.Fprintf(out, "  against the rules: %s\n", strings.Join(kinds, ", "))
	return nil
}

func caseIDs(cases []*credit.Case) string {
	var ids []string
	for _, c := range cases {
		ids = append(ids, c.Record.ID)
	}
	return list(ids)
}
