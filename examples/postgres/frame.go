package main

import (
	"fmt"
	"strconv"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/registry"
)

// restMonths and maxVisits spare companies: none that was inspected within half a year, none
// that had two visits this year.
const (
	restMonths = 6
	maxVisits  = 2
)

// frame freezes the list: active enterprises by the department in charge, weighted by their
// risk class.
func (r *reading) frame() (*registry.Frame, *registry.Exclusions, error) {
	return r.entities.Frame(registry.Rules{
		On:         r.day,
		Statuses:   []registry.Status{registry.Active},
		Target:     registry.Target{Domains: []registry.Domain{registry.Enterprise}},
		RestMonths: restMonths,
		MaxVisits:  maxVisits,
		Visits:     r.visits,
		Excluded:   r.excluded,
		Stratum:    r.inCharge,
		Weight:     registry.WeightByClass(registry.ByAttribute("riskclass"), map[string]uint64{"A": 1, "B": 2, "C": 4, "D": 8}),
	})
}

// visits returns how often a company was visited this year.
func (r *reading) visits(id string) uint {
	e, _ := r.entities.Lookup(id)
	text, _ := e.Attributes.Value("visits")
	n, _ := strconv.ParseUint(text, 10, 32) // the database's own number, or nothing
	return uint(n)
}

// inCharge returns the department in charge of a company, that of the division's successor if
// the division is no more.
func (r *reading) inCharge(e registry.Entity) (string, error) {
	if id, ok := r.orgOf[e.Division]; ok {
		return id, nil
	}
	return "", fmt.Errorf("no department is in charge of division %q", e.Division)
}

// pripid returns the primary key of the row that a company was read from.
func (r *reading) pripid(id string) (int64, error) {
	e, ok := r.entities.Lookup(id)
	text, _ := e.Attributes.Value("pripid")
	n, err := strconv.ParseInt(text, 10, 64)
	if !ok || err != nil {
		return 0, fmt.Errorf("company %q has no row in the database", id)
	}
	return n, nil
}

// newPlan computes the quotas from a ratio policy as officials write it.
func newPlan(suite draw.Suite, frame *registry.Frame, policy string) (*draw.Plan, error) {
	ratio, err := registry.ReadRatio(policy)
	if err != nil {
		return nil, err
	}
	quotas, err := draw.ByRatio(frame.Strata(), ratio, registry.CityTier, nil)
	if err != nil {
		return nil, err
	}
	return draw.NewPlan(suite, frame, quotas, 1)
}
