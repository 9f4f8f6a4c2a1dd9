package credit

import (
	"cmp"
	"slices"

	"github.com/doublerandom/doublerandom/registry"
)

// A DrawnUnit is a unit of a published draw.
type DrawnUnit struct {
	Draw    string        // ID of the draw, as orders have it as their source
	Entity  string        // ID of the unit
	Reserve bool          // a reserve, which is visited only in the place of another
	Until   registry.Date // last day on which it is to be visited
}

// A Reconciliation compares an archive with the published draws. Its lists are sorted by draw and
// entity, or in the order of entry.
type Reconciliation struct {
	Explained   int             // records that a draw or a declared trigger explains
	Unexplained []*Case         // records without an order, or whose order names a draw that did not draw the entity
	NotDone     []DrawnUnit     // drawn units without a record or a skip although their last day has passed
	NotOrdered  []DrawnUnit     // those of NotDone for which there was not even an order
	Skipped     []Skip          // drawn units that were skipped, each with its reason
	Unreasoned  []Substitution  // substitutions without a reason
	NoReason    []Skip          // skips without a reason
	Late        []*Case         // cases whose order was declared after the visit began
	Repeated    []*Case         // records of a unit and draw that has one already
	Reserves    []DrawnUnit     // visited reserves beyond the number of units of their draw that were skipped
	states      map[State]int   // of all cases
	outcomes    map[Outcome]int // of all records
}

// State returns the number of cases in a state.
func (r *Reconciliation) State(s State) int { return r.states[s] }

// Outcome returns the number of records with an outcome.
func (r *Reconciliation) Outcome(o Outcome) int { return r.outcomes[o] }

// Reconcile compares the archive, on a day, with the units of all published draws of its time.
// Orders say that a draw is behind them; only the published draws can confirm it.
func (a *Archive) Reconcile(on registry.Date, drawn []DrawnUnit) *Reconciliation {
	r := &Reconciliation{states: map[State]int{}, outcomes: map[Outcome]int{}}
	type unit struct{ draw, entity string }
	published := make(map[unit]DrawnUnit, len(drawn))
	for _, d := range drawn {
		published[unit{d.Draw, d.Entity}] = d
	}
	done, skipped, ordered := map[unit]bool{}, map[unit]bool{}, map[unit]bool{}
	skips := map[string]int{} // by draw
	for _, o := range a.planned {
		u := unit{o.Source, o.Entity}
		if o.Trigger == Drawn {
			ordered[u] = true
		}
		for _, s := range o.changes {
			if s.Reason == "" {
				r.Unreasoned = append(r.Unreasoned, s)
			}
		}
		if o.skip == nil {
			continue
		}
		if o.skip.Reason == "" {
			r.NoReason = append(r.NoReason, *o.skip)
		}
		if _, ok := published[u]; ok && o.Trigger == Drawn {
			skipped[u] = true
			skips[o.Source]++
			r.Skipped = append(r.Skipped, *o.skip)
		}
	}
	for _, c := range a.list {
		r.states[c.State]++
		r.outcomes[c.Record.Outcome()]++
		o := c.Order
		if o == nil {
			r.Unexplained = append(r.Unexplained, c)
			continue
		}
		if o.Declared.After(c.Record.From) {
			r.Late = append(r.Late, c)
		}
		if o.Trigger == Drawn {
			u := unit{o.Source, o.Entity}
			if _, ok := published[u]; !ok {
				r.Unexplained = append(r.Unexplained, c)
				continue
			}
			if done[u] {
				r.Repeated = append(r.Repeated, c)
			}
			done[u] = true
		}
		r.Explained++
	}
	for u, d := range published {
		switch {
		case d.Reserve:
			if done[u] {
				r.Reserves = append(r.Reserves, d)
			}
		case !done[u] && !skipped[u] && d.Until.Compare(on) < 0:
			r.NotDone = append(r.NotDone, d)
			if !ordered[u] {
				r.NotOrdered = append(r.NotOrdered, d)
			}
		}
	}
	for _, list := range [][]DrawnUnit{r.NotDone, r.NotOrdered, r.Reserves} {
		slices.SortFunc(list, func(a, b DrawnUnit) int {
			return cmp.Or(cmp.Compare(a.Draw, b.Draw), cmp.Compare(a.Entity, b.Entity))
		})
	}
	r.Reserves = slices.DeleteFunc(r.Reserves, func(d DrawnUnit) bool {
		skips[d.Draw]--
		return skips[d.Draw] >= 0
	})
	return r
}
