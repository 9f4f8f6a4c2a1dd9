package main

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/ceremony"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/draw/teams"
	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/registry"
)

// reserves is how many reserves each cell has.
const reserves = 3

// A job is one draw, from its frame to its opening.
type job struct {
	*task
	w *world
	s *series
	folder

	frame  *registry.Frame // nil once it is sealed
	plan   *draw.Plan
	crew   *crew
	secret *ceremony.Secret // nil in an open draw
	notice *statement.Signed

	ceremony    *ceremony.Ceremony
	result      *draw.Result
	problem     *matching.Problem
	roster      *matching.Roster
	duty        *matching.Duty
	times       map[string]teams.Appointment // by task
	truth       map[string][2]int            // units of the frame and those that violate, by district
	units       int
	receiptNote []byte // receipt of the flying inspection's company

	visits []*call
	opened time.Time
}

// prepare freezes the frame and makes the plan and the crew.
func (j *job) prepare() (err error) {
	if err = j.freeze(); err != nil {
		return err
	}
	quotas, err := j.quotas()
	if err != nil {
		return err
	}
	if j.plan, err = draw.NewPlan(j.s.suite, j.frame, quotas, reserves); err != nil {
		return err
	}
	j.crew, err = j.w.newCrew(j.task, j.frame, j.s.suite)
	return err
}

// freeze makes the frame: the item's targets among active entities that were inspected neither within a year
// nor by a draw of this series of which the visits are over.
func (j *job) freeze() error {
	towns := j.towns
	if j.fate == badFrame {
		towns = towns[1:] // the fault for which this draw is called off
	}
	part := j.w.reg
	if j.kind != wideDraw {
		var err error
		if part, err = j.w.index.part(j.item.targets, towns); err != nil {
			return err
		}
	}
	labels := map[string]string{}
	for _, p := range places() {
		labels[p.code] = j.label(p.code)
	}
	rules := registry.Rules{
		On: j.day, Statuses: []registry.Status{registry.Active}, Target: j.item.Target, Industries: j.w.industries, RestMonths: 12,
		MaxVisits: 1, Visits: func(id string) uint { return j.w.visited[id] },
		Stratum: func(e registry.Entity) (string, error) {
			switch j.kind {
			case flyingDraw:
				return j.label("370200"), nil
			case townDraw:
				return j.label(e.Division), nil
			}
			return labels[e.Division[:6]], nil
		},
		Weight: j.w.risk.Weigher(j.w.classOf),
	}
	frame, _, err := part.Frame(rules)
	j.frame = frame
	return err
}

// quotas says how many units each stratum has to give: in proportion to its size, and in the later city-wide
// draws so that the estimate is as precise as what is known allows.
func (j *job) quotas() (draw.Quotas, error) {
	n := uint64(min(j.want, j.frame.Len()))
	if p := j.w.proposal; j.kind == wideDraw && p != nil {
		return draw.Neyman(j.frame.Strata(), n, p.Spread, draw.Bounds{Floor: 1})
	}
	return draw.Proportional(j.frame.Strata(), n, draw.Bounds{})
}

// announce publishes the notice as the next of the series, at a time.
func (j *job) announce(created time.Time) error {
	s := j.s
	number, previous := s.history.Next()
	if number != uint64(j.number) {
		return fmt.Errorf("it is draw %d by the history of notices", number)
	}
	earlier, known := s.earlier(created)
	n := &statement.Notice{
		Series: s.signed.ID, Number: number, Previous: previous, Earlier: earlier, Created: created, Mode: statement.Open,
		Plan: j.plan.ID(), Frame: statement.Plain, Root: j.plan.FrameRoot(), Units: j.plan.Units(),
		Tasks: s.suite.Sum(j.crew.texts[teams.FileTasks]), Inspectors: j.crew.directory.ID(), Exclusions: j.crew.exclusions, Matching: teams.Method,
		Minimum: 3, Beacon: beaconName, Round: j.day.String(),
		CommitBy: clock(j.day, 11, 0), RevealBy: clock(j.day, 14, 0), CloseBy: clock(j.day, 17, 0), PulseAt: clock(j.day, 21, 15), OpenBy: clock(j.day.AddDays(45), 17, 0),
	}
	if !j.open {
		secret, err := ceremony.NewSecret(s.dice.bytes("sealing secret", number))
		if err != nil {
			return err
		}
		j.secret, n.Mode, n.Secret = secret, statement.Sealed, secret.Commitment(s.suite)
	}
	for _, name := range []string{"chamber", "consumers", s.committer, "university"} {
		by := statement.ByChain
		if name == s.committer {
			by = statement.ByCommit
		}
		n.Contributors = append(n.Contributors, statement.Participant{Name: name, By: by})
	}
	signers, err := s.witnessed(created)
	if err != nil {
		return err
	}
	if j.notice, err = statement.Sign(s.suite, n, signers...); err != nil {
		return err
	}
	if faults := s.history.Add(j.notice.ID, n, known...); len(faults) > 0 {
		return faults[0]
	}
	return nil
}

// hold publishes what the notice fixes, and leads the draw to its sealed result; or to the void, if that is its fate.
func (j *job) hold() error {
	if err := j.publish(); err != nil {
		return err
	}
	var err error
	j.ceremony, err = ceremony.Announce(ceremony.Inputs{Suite: j.s.suite, Beacon: j.s.beacon}, j.s.signed.Note, j.notice.Note, clock(j.day, 10, 0))
	if err != nil {
		return err
	}
	if j.fate == badFrame {
		return j.callOff(clock(j.day, 10, 30), "the frame lacks a town of the district: it is drawn again from the whole")
	}
	if err := j.contribute(); err != nil {
		return err
	}
	if j.fate == withheld {
		return j.callOff(clock(j.day, 16, 0), "a contributor has withheld its value: it is drawn again with new ones")
	}
	night, err := j.s.evening(j.day.String())
	if err != nil {
		return err
	}
	pulse, err := j.ceremony.NewPulse(night.value, "")
	if err != nil {
		return err
	}
	if err := j.step(audit.FilePulse, pulse, clock(j.day, 21, 30), false); err != nil {
		return err
	}
	if j.result, err = j.ceremony.Run(j.plan, j.frame, j.secret); err != nil {
		return err
	}
	if err := j.assign(); err != nil {
		return err
	}
	return j.seal(clock(j.day, 22, 0))
}

// publish writes what the notice fixes.
func (j *job) publish() error {
	plan, err := j.plan.MarshalText()
	if err != nil {
		return err
	}
	var rows bytes.Buffer
	j.frame.WriteTo(&rows) // a bytes.Buffer returns no error
	files := map[string][]byte{audit.FileSeries: j.s.signed.Note, audit.FileNotice: j.notice.Note, audit.FilePlan: plan, audit.FileFrame: rows.Bytes()}
	for name, text := range j.crew.texts {
		files[name] = text
	}
	for name, text := range files {
		if err := j.write(name, text); err != nil {
			return err
		}
	}
	return nil
}

// step signs a statement of the regulator, publishes it and takes it into the ceremony.
func (j *job) step(name string, st statement.Statement, at time.Time, seen bool) error {
	signers, err := j.s.witnessed(at)
	if err != nil {
		return err
	}
	if !seen {
		signers = signers[:1]
	}
	signed, err := j.sign(j.s.suite, name, st, signers...)
	if err != nil {
		return err
	}
	return j.ceremony.Take(signed.Note, at)
}

// contribute lets all contributors show their values, and fixes what counts.
func (j *job) contribute() error {
	s := j.s
	own, err := ceremony.NewContribution(j.notice.ID, s.committer, s.dice.bytes("value", uint64(j.number)), s.dice.bytes("nonce", uint64(j.number)))
	if err != nil {
		return err
	}
	give := func(dir, name string, st statement.Statement, at time.Time) error {
		signed, err := j.sign(s.suite, dir+"/"+audit.FileName(name)+".note", st, s.keys[name])
		if err != nil {
			return err
		}
		return j.ceremony.Take(signed.Note, at)
	}
	if err := give(audit.DirCommits, s.committer, own.Commit(s.suite), clock(j.day, 10, 30)); err != nil {
		return err
	}
	for i, c := range s.chained {
		reveal, err := c.Reveal(j.notice.ID, uint64(j.number))
		if err != nil {
			return err
		}
		if err := give(audit.DirReveals, c.Line().Contributor, reveal, clock(j.day, 13, i)); err != nil {
			return err
		}
	}
	at := clock(j.day, 16, 0)
	if j.fate == withheld {
		var refused *ceremony.Error
		if _, err := j.ceremony.NewClose(at); !errors.As(err, &refused) || refused.Kind != ceremony.MustVoid {
			return fmt.Errorf("a close without the value of %s: %v, expected that the draw must be void", s.committer, err)
		}
		return nil
	}
	if err := give(audit.DirReveals, s.committer, own.Reveal(), clock(j.day, 13, 30)); err != nil {
		return err
	}
	closed, err := j.ceremony.NewClose(at)
	if err != nil {
		return err
	}
	return j.step(audit.FileClose, closed, at, true)
}

// callOff publishes the void. Once there was a reveal the secret is owed all the same.
func (j *job) callOff(at time.Time, reason string) error {
	j.frame = nil
	void, err := j.ceremony.NewVoid(at, reason)
	if err != nil {
		return err
	}
	if err := j.step(audit.FileVoid, void, at, true); err != nil || !void.Duty {
		return err
	}
	at = clock(j.day, 17, 30)
	opening, err := j.ceremony.NewOpening(at, j.secret, nil)
	if err != nil {
		return err
	}
	return j.step(audit.FileOpening, opening, at, false)
}

// assign makes the roster that follows from the seed, and when and how each team goes.
func (j *job) assign() error {
	var err error
	if j.problem, err = teams.Problem(j.crew.directory, j.crew.template, j.crew.rules, j.result); err != nil {
		return err
	}
	key, err := teams.Key(j.s.suite, j.result.Seed())
	if err != nil {
		return err
	}
	if j.roster, _, err = j.problem.Assign(key); err != nil {
		return err
	}
	if j.duty, err = j.problem.Duty(j.roster); err != nil {
		return err
	}
	list, err := teams.Appointments(j.s.suite, j.crew.template, j.result, j.roster)
	if err != nil {
		return err
	}
	j.times = map[string]teams.Appointment{}
	for _, a := range list {
		j.times[a.Task] = a
	}
	return j.write(teams.FileVisits, teams.FormatAppointments(list))
}

// seal fixes the result, and gives the company of a flying inspection its receipt.
func (j *job) seal(at time.Time) error {
	suite := j.s.suite
	roster, err := j.roster.Root(suite.Hash)
	if err != nil {
		return err
	}
	tree, err := seal.New(suite, j.frame, j.result, func(id string) statement.ID {
		extension, _ := j.roster.Extension(suite.Hash, id)
		return extension
	})
	if err != nil {
		return err
	}
	st, err := j.ceremony.NewSealed(tree.Root(), roster)
	if err != nil {
		return err
	}
	if err := j.step(audit.FileSealed, st, at, true); err != nil {
		return err
	}
	if j.kind == flyingDraw {
		if err := j.receipt(tree); err != nil {
			return err
		}
	}
	j.truth = map[string][2]int{}
	for _, u := range j.frame.All() {
		e, _ := j.w.reg.Lookup(u.ID) // the frame is the registry's
		n := j.truth[e.Division[:6]]
		n[0]++
		if j.w.truth.violates(e) {
			n[1]++
		}
		j.truth[e.Division[:6]] = n
	}
	j.units, j.frame = j.frame.Len(), nil
	return nil
}

// share returns the truth of the whole frame.
func (j *job) share() float64 {
	units, violate := 0, 0
	for _, n := range j.truth {
		units, violate = units+n[0], violate+n[1]
	}
	return float64(violate) / float64(units)
}

// receipt makes the receipt of the only drawn unit.
func (j *job) receipt(tree *seal.Tree) error {
	rows, err := j.frame.Tree(j.s.suite.Hash)
	if err != nil {
		return err
	}
	for d := range j.result.Drawn() {
		r, err := seal.NewReceipt(j.notice.ID, j.ceremony.SealedID(), rows, tree, d.ID)
		if err != nil {
			return err
		}
		signed, err := statement.Sign(j.s.suite, r, j.s.regulator)
		if err != nil {
			return err
		}
		j.receiptNote = signed.Note
	}
	return nil
}
