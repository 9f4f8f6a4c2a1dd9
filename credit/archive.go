package credit

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// Rules are what a visit is measured by. They are configuration: every limit has its norm, and norms
// change. The zero Rules ask for nothing.
type Rules struct {
	Inspectors   int       // least number of inspectors of a visit: 2 by article 42 of the Administrative Penalty Law
	Distance     uint64    // greatest distance of a sign-in from the order's site, in metres; 0: not measured
	Slack        int       // minutes by which a sign-in may be before or after the planned time
	PublishDays  int       // working days after the visit within which its result is to be published; 0: no deadline
	Calendar     *Calendar // of the working days; needed for PublishDays, until the deadline of the last record
	KeepMonths   int       // months after the visit, or the recording of a draw, for which evidence is to be kept
	ZoneMinutes  int       // of the local time east of UTC, in which days are counted: 480 in China
	NeedSignIn   bool      // each inspector has to sign in
	NeedPosition bool      // each sign-in needs a position, if the site's is known
}

func (r *Rules) problem() string {
	switch {
	case r.Inspectors < 0 || r.Inspectors > MaxTeam:
		return fmt.Sprintf("%d inspectors, expected 0 to %d", r.Inspectors, MaxTeam)
	case r.Slack < 0 || r.Slack > 10*24*60:
		return fmt.Sprintf("slack of %d minutes, expected 0 to %d", r.Slack, 10*24*60)
	case r.PublishDays < 0 || r.PublishDays > 1000:
		return fmt.Sprintf("%d days to publish, expected 0 to 1000", r.PublishDays)
	case r.PublishDays > 0 && r.Calendar == nil:
		return "days to publish without a calendar"
	case r.KeepMonths < 0 || r.KeepMonths > 1200:
		return fmt.Sprintf("evidence kept for %d months, expected 0 to 1200", r.KeepMonths)
	case r.ZoneMinutes < -12*60 || r.ZoneMinutes > 14*60:
		return fmt.Sprintf("zone of %d minutes, expected -720 to 840", r.ZoneMinutes)
	}
	return ""
}

// day returns the local day of an instant.
func (r *Rules) day(t time.Time) registry.Date {
	local := t.UTC().Add(time.Duration(r.ZoneMinutes) * time.Minute)
	d, err := registry.NewDate(local.Year(), local.Month(), local.Day())
	if err != nil { // the zone has pushed it out of the calendar
		return registry.Date{}
	}
	return d
}

// An Archive is what follows from entries in their order. The zero Archive is not valid; see
// [NewArchive]. It is not safe for concurrent use while entries are added.
type Archive struct {
	rules   Rules
	orders  map[string]*order
	records map[string]*Case
	list    []*Case // in the order in which they were entered
	planned []*order
	notices map[string][]Evidence
	faults  []Fault
}

// An order is an Order with what happened to it.
type order struct {
	*Order
	team    []string // after substitutions
	changes []Substitution
	skip    *Skip
	record  *Case
}

// A Case is a record and what became of it. It must not be changed.
type Case struct {
	Record    *Record        // as it was entered
	Order     *Order         // nil if no order explains the record
	Changes   []Substitution // of the order's team
	State     State          // what has become of it
	Steps     []Step         // that have led to its state
	Published Publication    // its day is zero if the result is not published
	Deadline  registry.Date  // last day for publication; zero if there is none
	Evidence  []Evidence     // the record's and what was attached
	Faults    []Fault        // of the record, and of the entries that belong to it
}

// NewArchive returns an empty archive under rules. It is an error if a rule is out of range.
func NewArchive(rules Rules) (*Archive, error) {
	if what := rules.problem(); what != "" {
		return nil, fmt.Errorf("credit: rules: %s", what)
	}
	return &Archive{rules: rules, orders: map[string]*order{}, records: map[string]*Case{}, notices: map[string][]Evidence{}}, nil
}

// Add enters an entry and returns its faults: what was done against the rules, and is on record all the
// same. An entry that is not valid or does not fit to those before it is refused with an
// *[EntryError]; the archive is then unchanged.
func (a *Archive) Add(e Entry) ([]Fault, error) {
	if err := e.Validate(); err != nil {
		return nil, err
	}
	var found []Fault
	var problem string
	switch {
	case e.Order != nil:
		problem = a.order(e.Order)
	case e.Substitution != nil:
		found, problem = a.substitute(e.Substitution)
	case e.Skip != nil:
		found, problem = a.skip(e.Skip)
	case e.Record != nil:
		found, problem = a.record(e.Record)
	case e.Step != nil:
		problem = a.step(e.Step)
	case e.Publication != nil:
		found, problem = a.publish(e.Publication)
	case e.Attachment != nil:
		found, problem = a.attach(e.Attachment)
	}
	if problem != "" {
		_, kind, id, _ := e.part() // it is valid
		return nil, &EntryError{Kind: kind, ID: id, Problem: problem}
	}
	a.faults = append(a.faults, found...)
	return slices.Clone(found), nil
}

func (a *Archive) order(o *Order) string {
	if a.orders[o.ID] != nil {
		return "is there already"
	}
	n := &order{Order: o, team: slices.Clone(o.Team)}
	a.orders[o.ID] = n
	a.planned = append(a.planned, n)
	return ""
}

func (a *Archive) substitute(s *Substitution) ([]Fault, string) {
	o := a.orders[s.Order]
	switch {
	case o == nil:
		return nil, "there is no such order"
	case o.skip != nil:
		return nil, "the order is skipped"
	case !slices.Contains(o.team, s.Out):
		return nil, label.Quote(s.Out) + " is not of the team"
	case slices.Contains(o.team, s.In):
		return nil, label.Quote(s.In) + " is of the team already"
	}
	o.changes = append(o.changes, *s)
	if o.record != nil {
		// It does not mend what the record showed: the team of that time stands.
		f := []Fault{{Kind: LateSubstitution, Entry: o.record.Record.ID, Text: fmt.Sprintf("%s for %s was entered after the visit", label.Quote(s.In), label.Quote(s.Out))}}
		o.record.Changes = slices.Clone(o.changes)
		o.record.Faults = append(o.record.Faults, f...)
		return f, ""
	}
	o.team[slices.Index(o.team, s.Out)] = s.In
	return nil, ""
}

func (a *Archive) skip(s *Skip) ([]Fault, string) {
	o := a.orders[s.Order]
	switch {
	case o == nil:
		return nil, "there is no such order"
	case o.skip != nil:
		return nil, "the order is skipped already"
	case o.record != nil:
		return nil, fmt.Sprintf("the order was carried out: record %s", label.Quote(o.record.Record.ID))
	}
	o.skip = s
	return nil, ""
}

func (a *Archive) record(r *Record) ([]Fault, string) {
	if a.records[r.ID] != nil {
		return nil, "is there already"
	}
	o := a.orders[r.Order]
	if r.Order != "" {
		switch {
		case o == nil:
			return nil, fmt.Sprintf("there is no order %s", label.Quote(r.Order))
		case o.skip != nil:
			return nil, fmt.Sprintf("order %s is skipped", label.Quote(r.Order))
		case o.record != nil:
			return nil, fmt.Sprintf("order %s was carried out: record %s", label.Quote(r.Order), label.Quote(o.record.Record.ID))
		case o.Entity != r.Entity:
			return nil, fmt.Sprintf("order %s is for entity %s, not %s", label.Quote(r.Order), label.Quote(o.Entity), label.Quote(r.Entity))
		}
	}
	c := &Case{Record: r, State: Closed, Evidence: slices.Clone(r.Evidence)}
	if r.Outcome() == Found {
		c.State = Open
	}
	if a.rules.PublishDays > 0 {
		var err error
		if c.Deadline, err = a.rules.Calendar.AddWorkingDays(a.rules.day(r.To), a.rules.PublishDays); err != nil {
			return nil, err.Error()
		}
	}
	c.Faults = a.rules.faults(r, o)
	if o != nil {
		c.Order, c.Changes, o.record = o.Order, slices.Clone(o.changes), c
	}
	a.records[r.ID] = c
	a.list = append(a.list, c)
	return c.Faults, ""
}

func (a *Archive) step(s *Step) string {
	c := a.records[s.Record]
	if c == nil {
		return "there is no such record"
	}
	last := a.rules.day(c.Record.From)
	if n := len(c.Steps); n > 0 {
		last = c.Steps[n-1].On
	}
	switch {
	case s.On.Compare(last) < 0:
		return fmt.Sprintf("on %s, before %s", s.On, last)
	case !c.State.MayFollow(s.State):
		return fmt.Sprintf("%q does not follow %q", s.State, c.State)
	}
	c.State, c.Steps = s.State, append(c.Steps, *s)
	return ""
}

func (a *Archive) publish(p *Publication) ([]Fault, string) {
	c := a.records[p.Record]
	switch {
	case c == nil:
		return nil, "there is no such record"
	case !c.Published.On.IsZero():
		return nil, fmt.Sprintf("was published on %s", c.Published.On)
	case p.On.Compare(a.rules.day(c.Record.To)) < 0:
		return nil, fmt.Sprintf("on %s, before the visit ended", p.On)
	}
	c.Published = *p
	if c.Deadline.IsZero() || p.On.Compare(c.Deadline) <= 0 {
		return nil, ""
	}
	f := []Fault{{Kind: LatePublication, Entry: p.Record, Text: fmt.Sprintf("published on %s, expected by %s", p.On, c.Deadline)}}
	c.Faults = append(c.Faults, f...)
	return f, ""
}

func (a *Archive) attach(t *Attachment) ([]Fault, string) {
	if t.Notice != "" {
		a.notices[t.Notice] = append(a.notices[t.Notice], t.Evidence)
		return a.rules.keepFaults(t.Notice, a.rules.day(t.Evidence.Taken), []Evidence{t.Evidence}), ""
	}
	c := a.records[t.Record]
	if c == nil {
		return nil, "there is no such record"
	}
	c.Evidence = append(c.Evidence, t.Evidence)
	f := a.rules.keepFaults(c.Record.ID, a.rules.day(c.Record.To), []Evidence{t.Evidence})
	c.Faults = append(c.Faults, f...)
	return f, ""
}

// Case returns the record with the given ID and what became of it.
func (a *Archive) Case(id string) (*Case, bool) {
	c, ok := a.records[id]
	return c, ok
}

// Cases goes through all cases in the order in which their records were entered.
func (a *Archive) Cases() iter.Seq[*Case] { return slices.Values(a.list) }

// Len returns the number of records.
func (a *Archive) Len() int { return len(a.list) }

// Notice returns the evidence attached to the draw with the given notice.
func (a *Archive) Notice(id string) []Evidence { return slices.Clone(a.notices[id]) }

// Faults returns all faults in the order in which they were entered.
func (a *Archive) Faults() []Fault { return slices.Clone(a.faults) }

// Due returns the cases that are not published although their deadline was before the given day.
func (a *Archive) Due(on registry.Date) []*Case {
	var due []*Case
	for _, c := range a.list {
		if c.Published.On.IsZero() && !c.Deadline.IsZero() && c.Deadline.Compare(on) < 0 {
			due = append(due, c)
		}
	}
	return due
}

// Expired goes through the evidence that need not be kept any more on the given day, with the ID of
// its record or notice: records in the order in which they were entered, then notices by their IDs.
func (a *Archive) Expired(on registry.Date) iter.Seq2[string, Evidence] {
	return func(yield func(string, Evidence) bool) {
		expired := func(id string, list []Evidence) bool {
			for _, e := range list {
				if e.Keep.Compare(on) < 0 && !yield(id, e) {
					return false
				}
			}
			return true
		}
		for _, c := range a.list {
			if !expired(c.Record.ID, c.Evidence) {
				return
			}
		}
		var ids []string
		for id := range a.notices {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			if !expired(id, a.notices[id]) {
				return
			}
		}
	}
}
