package teams

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/matching/visit"
)

const appointmentsHeader = "doublerandom/visits/v1"

// An Appointment is when and how a team visits a unit.
type Appointment struct {
	Task    string   // ID
	Slot    string   // ID; "" if none was found, or if the template has none
	Methods []string // by ticket
}

// Appointments draws slots and methods for the teams of a roster, by the rules of package visit: a
// visit takes the room of each area of its places once, and the visits of a stratum are kept
// together. They are in the order of tasks.
func Appointments(suite draw.Suite, template *Template, result *draw.Result, roster *matching.Roster) ([]Appointment, error) {
	stratum, places := map[string]string{}, map[string][]matching.Place{}
	for d := range result.Drawn() {
		stratum[d.ID] = d.Stratum
	}
	for _, s := range template.Strata {
		places[s.Label] = s.Places
	}
	var visits []visit.Visit
	for t := range roster.Teams() {
		v := visit.Visit{Task: t.Task, Inspectors: t.Inspectors, Area: stratum[t.Task]}
		for _, p := range places[stratum[t.Task]] {
			if p.Area != "" && !slices.Contains(v.Departments, p.Area) {
				v.Departments = append(v.Departments, p.Area)
			}
		}
		visits = append(visits, v)
	}
	plan, err := visit.Schedule(suite.Hash, roster.Key(), visits, template.Slots, true)
	if err != nil {
		return nil, err
	}
	slots := map[string]string{}
	for _, e := range plan.Slots {
		slots[e.Task] = e.Slot
	}
	var list []Appointment
	for t := range roster.Teams() {
		methods, err := visit.Choose(suite.Hash, roster.Key(), "method", t.Task, template.Methods, template.PerVisit)
		if err != nil {
			return nil, err
		}
		list = append(list, Appointment{t.Task, slots[t.Task], methods})
	}
	return list, nil
}

// FormatAppointments returns the text of appointments: a header, their number, and for each a
// line "visit", task, slot or "none", and methods.
func FormatAppointments(list []Appointment) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nvisits %d\n", appointmentsHeader, len(list))
	for _, a := range list {
		fmt.Fprintf(&b, "visit %s %s", a.Task, orNone(a.Slot))
		for _, m := range a.Methods {
			b.WriteString(" " + m)
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// timed reports whether the template fixes slots or methods.
func (t *Template) timed() bool { return len(t.Slots) > 0 || t.PerVisit > 0 }
