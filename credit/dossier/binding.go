package dossier

import (
	"iter"

	"github.com/doublerandom/doublerandom/registry"
)

// A Binding says that a measure binds a department on a day.
type Binding struct {
	Measure    Measure       // a copy
	Entry      *Entry        // for which it is taken
	From       registry.Date // first day on which it binds
	Until      registry.Date // last day; zero: not determined
	Ends       Ending        // what ends it after that day
	RepairFrom registry.Date // first day on which a repair that lifts it may be applied for; zero: none does
	Reason     string        // all of this and the legal basis, in one line
}

// Binding returns the measures that bind a decision of a department about an entity
// in a matter on a day, by ID: may this company get the honour, the permit, the
// information? If there are none, nothing in the file stands against it. An empty
// department or matter stands for any.
func (f *File) Binding(department, entity string, matter Matter, on registry.Date) []Binding {
	var list []Binding
	_, rows := f.rowsOf(entity)
	for _, row := range rows {
		m, e := f.measures[row], f.of[row]
		if department != "" && m.ExecutedBy != department || matter != "" && m.Matter != matter {
			continue
		}
		if from, until, _ := m.span(e); within(on, from, until) {
			list = append(list, m.binding(e))
		}
	}
	return list
}

func (m *Measure) binding(e *Entry) Binding {
	b := Binding{Measure: *m.clone(), Entry: e}
	b.From, b.Until, b.Ends = m.span(e)
	if m.LiftedByRepair {
		b.RepairFrom = e.repairable
	}
	b.Reason = b.reason()
	return b
}

// Outstanding goes through the measures that bind a department on a day and of which
// it has not reported by then that they are carried out, by ID. An empty department
// stands for any. It looks at all measures of the file.
func (f *File) Outstanding(department string, on registry.Date) iter.Seq[Binding] {
	return func(yield func(Binding) bool) {
		for i := 0; f != nil && i < len(f.measures); i++ {
			m, e := f.measures[i], f.of[i]
			if department != "" && m.ExecutedBy != department || m.Done(on) {
				continue
			}
			if from, until, _ := m.span(e); within(on, from, until) && !yield(m.binding(e)) {
				return
			}
		}
	}
}
