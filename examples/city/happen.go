package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/draw/teams"
	"golang.org/x/mod/sumdb/note"
)

// A call is a visit that a draw leads to.
type call struct {
	unit     string // who was drawn
	entity   string // who is visited: the unit, or the reserve in its place; "" for nobody
	reserve  bool
	why      string   // the unit is not visited
	assigned []string // the team of the roster
	team     []string // that went
	swaps    []swap   // of its members
	from, to time.Time
	outcome
}

// A swap is another inspector in a team.
type swap struct {
	out, in, why string
	at           time.Time
}

// An incident is something that happens between the draw and the visit.
type incident struct {
	at   time.Time
	call *call
	what func(at time.Time, c *call) error
}

// An incidents replays what happens to the units and teams of one draw.
type incidents struct {
	*job
	queues  map[cell][]string // reserves of each cell that are left
	cells   map[string]cell   // of units
	barred  map[[2]string]bool
	details []statement.Detail // of the events, in order
	changes int
}

type cell struct {
	stratum string
	weight  uint64
}

// happen lets things happen: some units are being inspected by another draw or have closed down, so that a
// reserve takes their place; some inspectors fall ill. Each is an event, hidden as long as the draw is sealed.
func (j *job) happen() error {
	in := &incidents{job: j, queues: map[cell][]string{}, cells: map[string]cell{}, barred: map[[2]string]bool{}}
	for r := range j.result.Reserves() {
		c := cell{r.Stratum, r.Weight}
		in.queues[c] = append(in.queues[c], r.ID)
	}
	for _, e := range j.crew.rules.Exclusions {
		in.barred[[2]string{e.Task, e.Inspector}] = true
	}
	var list []incident
	for d := range j.result.Drawn() {
		in.cells[d.ID] = cell{d.Stratum, d.Weight}
		team, ok := j.roster.Team(d.ID)
		if !ok {
			continue // without a team there is no visit; the roster says why
		}
		c := &call{unit: d.ID, entity: d.ID, assigned: team}
		c.from, c.to = j.half(j.times[d.ID])
		j.visits = append(j.visits, c)
		taken := j.w.busy[d.ID] != 0
		switch {
		case taken:
			list = append(list, incident{clock(j.day.AddDays(1), 8, 0), c, in.taken})
		case j.w.truth.shut(d.ID):
			list = append(list, incident{c.from.Add(20 * time.Minute), c, in.shut})
		}
		if j.w.dice.roll("ill", fmt.Sprint(j.number, d.ID)) < 0.015 {
			list = append(list, incident{c.from.Add(-45 * time.Minute), c, in.ill})
		}
		if !taken {
			j.w.busy[d.ID] = uint64(j.number)
		}
	}
	slices.SortFunc(list, func(a, b incident) int { return cmp.Or(a.at.Compare(b.at), strings.Compare(a.call.unit, b.call.unit)) })
	for _, i := range list {
		if err := i.what(i.at, i.call); err != nil {
			return err
		}
	}
	for _, c := range j.visits {
		j.staffed(c)
	}
	return j.finish(in)
}

// half returns the times of an appointment's half-day; one without a time is for the last.
func (j *job) half(a teams.Appointment) (from, to time.Time) {
	slot := a.Slot
	if slot == "" {
		j.w.tally.withoutTime++
		slots := j.crew.template.Slots
		slot = slots[len(slots)-1].ID
	}
	day, half, _ := strings.Cut(slot, "-am")
	if half == "" && strings.HasSuffix(slot, "-pm") {
		return clock(date(strings.TrimSuffix(slot, "-pm")), 13, 30), clock(date(strings.TrimSuffix(slot, "-pm")), 17, 0)
	}
	return clock(date(day), 8, 30), clock(date(day), 12, 0)
}

// taken is a unit that another draw has taken and whose visit there is not over.
func (in *incidents) taken(at time.Time, c *call) error {
	return in.replace(at, c, "it is being inspected under another draw of this series")
}

// shut is a unit that has closed down.
func (in *incidents) shut(at time.Time, c *call) error {
	if c.entity != c.unit || c.entity == "" {
		return nil
	}
	return in.replace(at, c, "it has closed down")
}

// replace puts the next reserve of the cell in the place of a unit. Reserves that are being inspected are skipped.
func (in *incidents) replace(at time.Time, c *call, why string) error {
	key := in.cells[c.unit]
	for len(in.queues[key]) > 0 && in.w.busy[in.queues[key][0]] != 0 {
		if err := in.event(at, statement.Detail{Kind: statement.Skip, Subject: in.queues[key][0], Reason: "it is being inspected under another draw of this series"}); err != nil {
			return err
		}
		in.queues[key] = in.queues[key][1:]
	}
	c.why = why
	if len(in.queues[key]) == 0 {
		c.entity = ""
		in.w.tally.skips++
		return in.event(at, statement.Detail{Kind: statement.Skip, Subject: c.unit, Reason: why + "; its cell has no reserve left"})
	}
	c.entity, c.reserve = in.queues[key][0], true
	in.queues[key] = in.queues[key][1:]
	in.w.busy[c.entity] = uint64(in.number)
	in.w.tally.swaps++
	if err := in.event(at, statement.Detail{Kind: statement.Substitution, Subject: c.unit, Replacement: c.entity, Reason: why}); err != nil {
		return err
	}
	// The team was matched for the unit: who has a conflict with the reserve steps back.
	for range c.assigned {
		team, _ := in.duty.Team(c.unit)
		i := slices.IndexFunc(team, func(id string) bool { return in.barred[[2]string{c.entity, id}] })
		if i < 0 {
			break
		}
		if err := in.withdraw(at, c, team[i], "conflict"); err != nil {
			return err
		}
	}
	return nil
}

// ill is a member of a team who falls ill.
func (in *incidents) ill(at time.Time, c *call) error {
	team, _ := in.duty.Team(c.unit)
	if c.entity == "" || team[len(team)-1] == "" {
		return nil
	}
	return in.withdraw(at, c, team[len(team)-1], "illness")
}

// withdraw takes an inspector off a team. The substitute follows from the roster's key.
func (in *incidents) withdraw(at time.Time, c *call, inspector, why string) error {
	change, err := in.duty.Withdraw(c.unit, inspector, why, false)
	if err != nil {
		return err
	}
	text, err := change.MarshalText()
	if err != nil {
		return err
	}
	signed, err := note.Sign(&note.Note{Text: string(text)}, in.s.regulator)
	if err != nil {
		return err
	}
	in.changes++
	in.w.tally.withdrawals++
	c.swaps = append(c.swaps, swap{inspector, change.Joins, why, at})
	if err := in.write(teams.ChangeFile(change.Sequence), signed); err != nil {
		return err
	}
	return in.event(at, statement.Detail{Kind: statement.Recusal, Subject: inspector, Reason: fmt.Sprintf("%s: change %d of the roster", why, change.Sequence)})
}

// event publishes the next event of the draw.
func (in *incidents) event(at time.Time, d statement.Detail) error {
	d.Nonce = in.w.dice.bytes("event", uint64(in.number)<<20|uint64(len(in.details)))
	e, err := in.ceremony.NewEvent(at, d)
	if err != nil {
		return err
	}
	in.details = append(in.details, d)
	return in.step(fmt.Sprintf("%s/%04d.note", audit.DirEvents, e.Sequence), e, at, false)
}

// staffed says who goes in the end, and when: who has several visits on a half-day makes one after the other.
func (j *job) staffed(c *call) {
	final, _ := j.duty.Team(c.unit)
	c.team = slices.DeleteFunc(slices.Clone(final), func(id string) bool { return id == "" })
	if c.entity != "" && len(c.team) < 2 {
		c.entity, c.why = "", "fewer than two inspectors are left"
	}
	if c.entity == "" {
		return
	}
	before := 0
	for _, id := range c.team {
		row, _ := j.w.staff.Row(id)
		key := halfDay{row, c.from}
		before = max(before, j.w.halves[key])
		j.w.halves[key]++
	}
	if before > 0 {
		j.w.tally.doubled++
	}
	c.from = c.from.Add(time.Duration(15+75*before) * time.Minute)
	c.outcome = j.w.inspect(c, j.number)
}

// A halfDay is an inspector's half-day, by its first moment.
type halfDay struct {
	row  int
	from time.Time
}

// finish publishes roster and result and opens a sealed draw, some days after the last visit.
func (j *job) finish(in *incidents) error {
	last := j.day.AddDays(3)
	for _, c := range j.visits {
		if day := dayOf(c.to); day.Compare(last) > 0 {
			last = day
		}
	}
	j.opened = clock(last.AddDays(3), 8, 30)
	if !j.open {
		opening, err := j.ceremony.NewOpening(j.opened, j.secret, j.result)
		if err != nil {
			return err
		}
		if err := j.step(audit.FileOpening, opening, j.opened, false); err != nil {
			return err
		}
		for i, d := range in.details {
			e, err := j.ceremony.ShowEvent(uint64(i+1), d)
			if err != nil {
				return err
			}
			if err := j.step(fmt.Sprintf("%s/%04d-shown.note", audit.DirEvents, i+1), e, j.opened, false); err != nil {
				return err
			}
		}
	}
	j.enter()
	var roster, result strings.Builder
	j.roster.WriteTo(&roster) // a strings.Builder returns no error
	j.result.WriteTo(&result)
	if err := j.write(audit.FileRoster, []byte(roster.String())); err != nil {
		return err
	}
	j.crew, j.problem, j.duty, j.roster, j.times = nil, nil, nil, nil, nil // what is kept until the opening is little
	return j.write(audit.FileResult, []byte(result.String()))
}
