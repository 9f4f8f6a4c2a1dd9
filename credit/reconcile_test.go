package credit

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// A scene of many visits with known faults: each fault must be listed, and nothing else.
func TestReconcile(t *testing.T) {
	a, err := NewArchive(Rules{})
	require.NoError(t, err)
	start := at(t, "2026-11-02T01:00:00Z")
	add := func(e Entry) {
		t.Helper()
		_, err := a.Add(e)
		require.NoError(t, err)
	}
	order := func(id, draw, entity string, trigger Trigger) {
		add(Entry{Order: &Order{ID: id, Trigger: trigger, Source: draw, Department: "d", Entity: entity, Team: []string{"i-1", "i-2"},
			Items: []string{"x"}, From: start, To: start.Add(time.Hour), Declared: start}})
	}
	record := func(id, order, entity string, from time.Time, what string) {
		add(Entry{Record: &Record{ID: id, Order: order, Department: "d", Entity: entity, Team: []string{"i-1", "i-2"},
			From: from, To: from.Add(time.Hour), Items: []ItemResult{{"x", results(t, what)}}}})
	}
	until := day(t, "2026-11-30")
	drawn := []DrawnUnit{
		{"D1", "e1", false, until}, // visited
		{"D1", "e2", false, until}, // skipped, with a reason
		{"D1", "e3", false, until}, // ordered, not visited
		{"D1", "e4", false, until}, // never ordered
		{"D1", "e5", true, until},  // the reserve for e2
		{"D1", "e6", true, until},  // a reserve that is visited too
		{"D1", "e7", true, until},  // a reserve that is not visited
		{"D2", "e1", false, until}, // skipped without a reason
		{"D2", "e2", false, day(t, "2026-12-01")},
		{"D2", "e8", false, until}, // visited twice
	}
	for i, u := range drawn {
		if u.Entity != "e4" && u.Entity != "e7" {
			order(fmt.Sprintf("V%d", i), u.Draw, u.Entity, Drawn)
		}
	}
	order("V8b", "D2", "e8", Drawn)
	order("VF", "D1", "e9", Drawn) // its draw did not draw it
	order("VC", "complaint 17", "e1", Complaint)
	add(Entry{Skip: &Skip{"V1", "closed down", start}})
	add(Entry{Skip: &Skip{"V7", "", start}})
	add(Entry{Substitution: &Substitution{"V0", "i-2", "i-3", "", start}})
	add(Entry{Substitution: &Substitution{"V0", "i-1", "i-4", "illness", start}})
	record("R0", "V0", "e1", start, "nothing-found")
	record("R4", "V4", "e5", start, "unreachable")
	record("R5", "V5", "e6", start, "corrected")
	record("R9", "V9", "e8", start, "nothing-found")
	record("R9b", "V8b", "e8", start, "nothing-found")
	record("RF", "VF", "e9", start, "nothing-found")
	record("RC", "VC", "e1", start.Add(-time.Second), "police")
	record("RN", "", "e1", start, "nothing-found")

	r := a.Reconcile(day(t, "2026-12-01"), drawn)
	ids := func(cases []*Case) (list []string) {
		for _, c := range cases {
			list = append(list, c.Record.ID)
		}
		return list
	}
	require.Equal(t, 6, r.Explained)
	require.Equal(t, []string{"RF", "RN"}, ids(r.Unexplained))
	require.Equal(t, []DrawnUnit{drawn[2], drawn[3]}, r.NotDone)
	require.Equal(t, []DrawnUnit{drawn[3]}, r.NotOrdered)
	require.Equal(t, []Skip{{"V1", "closed down", start}, {"V7", "", start}}, r.Skipped)
	require.Equal(t, []Skip{{"V7", "", start}}, r.NoReason)
	require.Equal(t, []Substitution{{"V0", "i-2", "i-3", "", start}}, r.Unreasoned)
	require.Equal(t, []string{"RC"}, ids(r.Late))
	require.Equal(t, []string{"R9b"}, ids(r.Repeated))
	require.Equal(t, []DrawnUnit{drawn[5]}, r.Reserves)
	require.Equal(t, []int{1, 5, 2}, []int{r.Outcome(NotInspected), r.Outcome(Clean), r.Outcome(Found)})
	require.Equal(t, []int{2, 6}, []int{r.State(Open), r.State(Closed)})

	require.Empty(t, a.Reconcile(until, drawn).NotDone, "the last day is not over")
	require.Len(t, a.Reconcile(day(t, "2026-12-02"), drawn).NotDone, 3)
	require.Len(t, a.Reconcile(until, nil).Unexplained, 7, "without draws only what was declared is explained")
}

// Whatever the scene, each record is explained or not, each due unit is done, skipped or listed.
func TestReconcileAddsUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	start, last := at(t, "2026-11-02T01:00:00Z"), day(t, "2026-11-30")
	for range 300 {
		a, err := NewArchive(Rules{})
		require.NoError(t, err)
		var drawn []DrawnUnit
		skips, records, visited := 0, 0, map[string]bool{}
		for i := range rng.IntN(30) {
			entity := fmt.Sprintf("e%d", i)
			published, ordered := rng.IntN(4) > 0, rng.IntN(4) > 0
			if published {
				drawn = append(drawn, DrawnUnit{"D", entity, false, last})
			}
			if !ordered {
				continue
			}
			_, err := a.Add(Entry{Order: &Order{ID: entity, Trigger: Drawn, Source: "D", Department: "d", Entity: entity, Team: []string{"i"},
				Items: []string{"x"}, From: start, To: start.Add(time.Hour), Declared: start}})
			require.NoError(t, err)
			switch rng.IntN(3) {
			case 0:
				_, err = a.Add(Entry{Skip: &Skip{entity, "why", start}})
				if published {
					skips++
				}
			case 1:
				_, err = a.Add(Entry{Record: &Record{ID: entity, Order: entity, Department: "d", Entity: entity, Team: []string{"i"},
					From: start, To: start.Add(time.Hour), Items: []ItemResult{{"x", results(t, "nothing-found")}}}})
				records++
				visited[entity] = published
			}
			require.NoError(t, err)
		}
		r := a.Reconcile(last.AddDays(1), drawn)
		done := 0
		for _, published := range visited {
			if published {
				done++
			}
		}
		require.Equal(t, records, r.Explained+len(r.Unexplained))
		require.Equal(t, len(drawn), done+skips+len(r.NotDone))
		require.Len(t, r.Skipped, skips)
		require.Equal(t, done, r.Explained)
	}
	var none registry.Date
	a, err := NewArchive(Rules{})
	require.NoError(t, err)
	require.Empty(t, a.Reconcile(none, nil).NotDone)
}
