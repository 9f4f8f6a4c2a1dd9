package main

import (
	"fmt"

	"github.com/doublerandom/doublerandom/matching/conflict"
	"github.com/doublerandom/doublerandom/registry"
)

// lawEnforcement is the certificate that everybody needs.
const lawEnforcement = "law-enforcement"

// A staff is the inspectors' directory with what only this program knows of them.
type staff struct {
	*registry.Inspectors
	under map[string][]int  // rows of a department's inspectors, those below it too
	ties  []conflict.Tables // by row: the inspector's rows in the tables of conflicts
	harsh []bool            // by row: finds too much
	blind []bool            // by row: finds too little
}

// makeStaff makes up the inspectors: most in the larger lines, certificates that are not all valid, relatives and
// former employers among the entities.
func makeStaff(d dice, s sizes, departments *registry.Departments, list []bureau, reg *registry.Registry, on registry.Date) (*staff, error) {
	rng := d.rand("staff", 0)
	st := &staff{under: map[string][]int{}}
	var weights []int
	for _, b := range list {
		w := lines()[b.line].staff
		if b.town < 0 && b.district >= 0 {
			w *= 2 // districts do most of the work
		}
		weights = append(weights, w)
	}
	var all []registry.Inspector
	for row := range s.inspectors {
		b := list[weighted(rng, weights)]
		if row < 2*len(list) { // every department has a lead and a member
			b = list[row/2]
		}
		in := registry.Inspector{
			ID: fmt.Sprintf("inspector-%05d", row+1), Name: fmt.Sprintf("检查员%d", row+1), Department: b.ID, Status: registry.InspectorActive,
			Competences: []string{lines()[b.line].key},
		}
		if row%2 == 0 {
			in.Roles = registry.Lead
		}
		if rng.IntN(40) == 0 {
			in.Roles |= registry.Expert
		}
		if row >= 2*len(list) && rng.IntN(60) == 0 {
			in.Status = registry.InspectorOnLeave
		}
		in.Certificates = []registry.Certificate{{Kind: lawEnforcement, Number: fmt.Sprintf("37%06d", row), From: on.AddMonths(-24), To: on.AddMonths(36)}}
		if row >= 2*len(list) && rng.IntN(30) == 0 {
			in.Certificates[0].To = on.AddDays(rng.IntN(200)) // runs out within the months of the draws
		}
		if row < 2*len(list) || rng.IntN(10) < 7 {
			in.Certificates = append(in.Certificates, registry.Certificate{Kind: lines()[b.line].key, From: on.AddMonths(-12), To: on.AddMonths(24)})
		}
		all = append(all, in)
		for id := b.ID; id != ""; {
			st.under[id] = append(st.under[id], row)
			parent, _ := departments.Parent(id)
			id = parent.ID
		}
		st.ties = append(st.ties, ties(d, in.ID, row, reg, on))
		odd := rng.IntN(200)
		st.harsh, st.blind = append(st.harsh, odd == 0), append(st.blind, odd == 1)
	}
	var err error
	st.Inspectors, err = registry.NewInspectors(func(yield func(registry.Inspector, error) bool) {
		for _, in := range all {
			if !yield(in, nil) {
				return
			}
		}
	}, departments)
	return st, err
}

// ties makes up an inspector's rows in the tables of conflicts.
func ties(d dice, id string, row int, reg *registry.Registry, on registry.Date) (t conflict.Tables) {
	rng := d.rand("ties", uint64(row))
	some := func() string { return reg.At(rng.IntN(reg.Len())).ID }
	self, cousin := "person-"+id, "relative-"+id
	t.Persons = []conflict.Person{{Inspector: id, Person: self}}
	if rng.IntN(100) < 15 {
		t.Kin = append(t.Kin, conflict.Kin{A: self, B: cousin})
		t.Offices = append(t.Offices, conflict.Office{Person: cousin, Entity: some()})
		if rng.IntN(3) == 0 {
			t.Shares = append(t.Shares, conflict.Share{Holder: cousin, Entity: some(), PPM: uint64(1 + rng.IntN(400_000))})
		}
	}
	if rng.IntN(100) < 5 {
		t.Shares = append(t.Shares, conflict.Share{Holder: self, Entity: some(), PPM: uint64(1 + rng.IntN(100_000))})
	}
	if rng.IntN(100) < 12 {
		t.Employments = append(t.Employments, conflict.Employment{Inspector: id, Entity: some(), Until: on.AddDays(-rng.IntN(2500)).String()})
	}
	if rng.IntN(100) < 3 {
		t.Recusals = append(t.Recusals, conflict.Recusal{Inspector: id, Entity: some(), Reason: "a friend works there"})
	}
	if rng.IntN(100) < 1 {
		t.Petitions = append(t.Petitions, conflict.Recusal{Inspector: id, Entity: some(), Reason: "a dispute before court"})
	}
	if rng.IntN(100) < 2 {
		address := "address-" + id
		t.Addresses = append(t.Addresses, conflict.Registered{Inspector: id, Address: address}, conflict.Registered{Entity: some(), Address: address})
	}
	return t
}

// conflicts are the rules of conflicts of interest.
func conflicts() conflict.Rules {
	return conflict.Rules{Degrees: 1, SharePPM: 10_000, CoolingOff: 36, SameAddress: true, Entity: 100, Pair: 40}
}

// expand returns the conflicts of some inspectors in a round, with the visits of the rounds before.
func (st *staff) expand(rows []int, visits []conflict.Visit, on registry.Date, round uint64) (*conflict.Found, error) {
	t, member := new(conflict.Tables), map[string]bool{}
	for _, row := range rows {
		own := &st.ties[row]
		member[own.Persons[0].Inspector] = true
		t.Persons = append(t.Persons, own.Persons...)
		t.Kin = append(t.Kin, own.Kin...)
		t.Offices = append(t.Offices, own.Offices...)
		t.Shares = append(t.Shares, own.Shares...)
		t.Employments = append(t.Employments, own.Employments...)
		t.Addresses = append(t.Addresses, own.Addresses...)
		t.Recusals = append(t.Recusals, own.Recusals...)
		t.Petitions = append(t.Petitions, own.Petitions...)
	}
	for _, v := range visits {
		kept := conflict.Visit{Round: v.Round, Entity: v.Entity}
		for _, id := range v.Inspectors {
			if member[id] {
				kept.Inspectors = append(kept.Inspectors, id)
			}
		}
		if len(kept.Inspectors) > 0 {
			t.Visits = append(t.Visits, kept)
		}
	}
	return conflict.Expand(conflicts(), t, on.String(), round)
}
