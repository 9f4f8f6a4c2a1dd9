package credit

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// A FaultKind is a way in which something was done against the rules.
type FaultKind uint8

// The kinds of faults.
const (
	NoOrder          FaultKind = iota + 1 // "no-order": no order explains the visit
	LateOrder                             // "late-order": the order was given after the visit began
	TooFewInspectors                      // "too-few-inspectors"
	NotAssigned                           // "not-assigned": an inspector came who was not of the team
	Absent                                // "absent": an inspector of the team did not come
	LateSubstitution                      // "late-substitution": entered, or dated, after the visit began
	WrongDepartment                       // "wrong-department": another department than the order's
	NoSignIn                              // "no-sign-in"
	NoPosition                            // "no-position": a sign-in without a position, or in another datum
	TooFar                                // "too-far": a sign-in too far from the site
	OutsideSlot                           // "outside-slot": a sign-in before or after the planned time
	OutsideVisit                          // "outside-visit": a sign-in after the visit's end
	OtherItem                             // "other-item": an item that was not ordered
	MissingItem                           // "missing-item": an item that was ordered and has no result
	ShortRetention                        // "short-retention": evidence is kept for too short a time
	LatePublication                       // "late-publication"
)

var faultKinds = [...]string{"", "no-order", "late-order", "too-few-inspectors", "not-assigned", "absent", "late-substitution",
	"wrong-department", "no-sign-in", "no-position", "too-far", "outside-slot", "outside-visit", "other-item", "missing-item",
	"short-retention", "late-publication"}

// String returns the kind's text, such as "too-far".
func (k FaultKind) String() string { return wordOf(faultKinds[:], uint8(k), "FaultKind") }

// A Fault is something that was done against the rules.
type Fault struct {
	Kind  FaultKind // what it is
	Entry string    // ID of the record; of the notice for evidence of a draw
	Text  string    // what was found and what was expected
}

// String returns the fault as one line, such as
//
//	R1: too-few-inspectors: 1, expected at least 2
func (f Fault) String() string { return fmt.Sprintf("%s: %s: %s", f.Entry, f.Kind, f.Text) }

// faults returns what is wrong with a visit. The order is nil if there is none.
func (r *Rules) faults(rec *Record, o *order) []Fault {
	var list []Fault
	add := func(kind FaultKind, format string, args ...any) {
		list = append(list, Fault{kind, rec.ID, fmt.Sprintf(format, args...)})
	}
	if n := len(rec.Team); n < r.Inspectors {
		add(TooFewInspectors, "%d, expected at least %d", n, r.Inspectors)
	}
	if o == nil {
		add(NoOrder, "no order explains the visit to %s", label.Quote(rec.Entity))
	} else {
		r.orderFaults(rec, o, add)
	}
	r.signInFaults(rec, o, add)
	return append(list, r.keepFaults(rec.ID, r.day(rec.To), rec.Evidence)...)
}

type adder = func(kind FaultKind, format string, args ...any)

func (r *Rules) orderFaults(rec *Record, o *order, add adder) {
	if o.Declared.After(rec.From) {
		add(LateOrder, "given at %s, the visit began at %s", stamp(o.Declared), stamp(rec.From))
	}
	if o.Department != rec.Department {
		add(WrongDepartment, "%s, ordered was %s", label.Quote(rec.Department), label.Quote(o.Department))
	}
	for _, s := range o.changes {
		if s.At.After(rec.From) {
			add(LateSubstitution, "%s for %s at %s, the visit began at %s", label.Quote(s.In), label.Quote(s.Out), stamp(s.At), stamp(rec.From))
		}
	}
	for _, id := range rec.Team {
		if !slices.Contains(o.team, id) {
			add(NotAssigned, "%s, assigned were %s", label.Quote(id), names(o.team))
		}
	}
	for _, id := range o.team {
		if !slices.Contains(rec.Team, id) {
			add(Absent, "%s did not come", label.Quote(id))
		}
	}
	for _, item := range rec.Items {
		if !slices.Contains(o.Items, item.Item) {
			add(OtherItem, "%s was not ordered", label.Quote(item.Item))
		}
	}
	for _, item := range o.Items {
		if !slices.ContainsFunc(rec.Items, func(i ItemResult) bool { return i.Item == item }) {
			add(MissingItem, "%s has no result", label.Quote(item))
		}
	}
}

func (r *Rules) signInFaults(rec *Record, o *order, add adder) {
	if r.NeedSignIn {
		for _, id := range rec.Team {
			if !slices.ContainsFunc(rec.SignIns, func(s SignIn) bool { return s.Inspector == id }) {
				add(NoSignIn, "%s", label.Quote(id))
			}
		}
	}
	slack := time.Duration(r.Slack) * time.Minute
	for _, s := range rec.SignIns {
		if s.At.After(rec.To) {
			add(OutsideVisit, "%s at %s, the visit ended at %s", label.Quote(s.Inspector), stamp(s.At), stamp(rec.To))
		}
		if o == nil {
			continue
		}
		if s.At.Before(o.From.Add(-slack)) || s.At.After(o.To.Add(slack)) {
			add(OutsideSlot, "%s at %s, planned was %s to %s", label.Quote(s.Inspector), stamp(s.At), stamp(o.From), stamp(o.To))
		}
		if r.Distance == 0 || o.Site.IsZero() {
			continue
		}
		switch metres, ok := o.Site.Distance(s.Where); {
		case ok && metres > r.Distance:
			add(TooFar, "%s %d m away, expected at most %d", label.Quote(s.Inspector), metres, r.Distance)
		case !ok && r.NeedPosition:
			add(NoPosition, "%s at %s, the site is %s", label.Quote(s.Inspector), label.Quote(s.Where.String()), label.Quote(o.Site.String()))
		}
	}
}

// keepFaults returns what is wrong with the retention of evidence, from the day of the visit or of the
// recording.
func (r *Rules) keepFaults(id string, from registry.Date, list []Evidence) []Fault {
	var faults []Fault
	until := from.AddMonths(r.KeepMonths)
	for i := range list {
		if e := &list[i]; r.KeepMonths > 0 && e.Keep.Compare(until) < 0 {
			faults = append(faults, Fault{ShortRetention, id, fmt.Sprintf("%s %s is kept until %s, expected %s", e.Kind, e.SHA256, e.Keep, until)})
		}
	}
	return faults
}

// names lists a team.
func names(team []string) string {
	quoted := make([]string, len(team))
	for i, id := range team {
		quoted[i] = label.Quote(id)
	}
	return strings.Join(quoted, ", ")
}
