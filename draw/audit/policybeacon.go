package audit

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/internal/label"
)

// A BeaconRule is a beacon that the verifier accepts.
type BeaconRule struct {
	Name string // label by which series and notices name it
	// Kind is "declared", public numbers of Sources with Values; "lottery", the
	// recipe of [beacon.Lottery] with Values; "given", the one of that name in
	// [Policy.Beacons]; or "combined", Parts taken together.
	Kind    string
	Sources []beacon.Source // of a declared beacon, in order
	Values  []BeaconValue   // what the verifier saw published, in ascending order of rounds
	Parts   []string        // names of the beacons combined, in order
}

// A BeaconValue is what a verifier saw published for a round.
type BeaconValue struct {
	Round string    // as the notice announces it
	At    time.Time // when the first of its numbers was published, in UTC seconds
	Value string    // in canonical spelling
}

// beaconProblem returns what is wrong with the beacons of the policy, or "".
func (p *Policy) beaconProblem() string {
	for i := range p.BeaconRules {
		r := &p.BeaconRules[i]
		if problem := badLabel(r.Name); problem != "" {
			return "beacon " + problem
		}
		if i > 0 && p.BeaconRules[i-1].Name >= r.Name {
			return fmt.Sprintf("beacon %s is not above %s before it", label.Quote(r.Name), label.Quote(p.BeaconRules[i-1].Name))
		}
		if problem := r.problem(p); problem != "" {
			return fmt.Sprintf("beacon %s %s", label.Quote(r.Name), problem)
		}
		if r.Kind == "given" {
			continue // whether the program has it is asked when it is needed
		}
		if _, err := p.beacon(r.Name); err != nil && !isMissingBeacon(err) {
			return strings.TrimPrefix(err.Error(), "beacon: ")
		}
	}
	return ""
}

// problem returns what is wrong with one rule, but for what its beacon says.
func (r *BeaconRule) problem(p *Policy) string {
	values, sources, parts := r.Kind == "declared" || r.Kind == "lottery", r.Kind == "declared", r.Kind == "combined"
	switch {
	case !values && !parts && r.Kind != "given":
		return fmt.Sprintf("is of kind %s, expected declared, lottery, given or combined", label.Quote(r.Kind))
	case !values && len(r.Values) > 0 || !sources && len(r.Sources) > 0 || !parts && len(r.Parts) > 0:
		return fmt.Sprintf("of kind %s has lines of another kind", r.Kind)
	case len(r.Values) > maxValues:
		return fmt.Sprintf("has %d values, expected at most %d", len(r.Values), maxValues)
	}
	for i, v := range r.Values {
		if v.At.Nanosecond() != 0 || v.At.Location() != time.UTC || v.At.Year() < 1 || v.At.Year() > 9999 {
			return fmt.Sprintf("has a time for round %s that is not in UTC, in whole seconds of the years 1–9999", label.Quote(v.Round))
		}
		if i > 0 && r.Values[i-1].Round >= v.Round {
			return fmt.Sprintf("has round %s not above %s before it", label.Quote(v.Round), label.Quote(r.Values[i-1].Round))
		}
	}
	for _, part := range r.Parts {
		i := slices.IndexFunc(p.BeaconRules, func(other BeaconRule) bool { return other.Name == part })
		if i < 0 || p.BeaconRules[i].Kind == "combined" {
			return fmt.Sprintf("combines %s, which is not a single beacon of the policy", label.Quote(part))
		}
	}
	return ""
}

// A missingBeaconError says that the program lacks a beacon.
type missingBeaconError struct{ name string }

func (e *missingBeaconError) Error() string {
	return fmt.Sprintf("beacon %s is in the policy, but this program does not have it", label.Quote(e.name))
}

func isMissingBeacon(err error) bool {
	_, ok := err.(*missingBeaconError)
	return ok
}

// rule returns the rule for a beacon, nil if the policy has none.
func (p *Policy) rule(name string) *BeaconRule {
	for i := range p.BeaconRules {
		if p.BeaconRules[i].Name == name {
			return &p.BeaconRules[i]
		}
	}
	return nil
}

// beacon returns the beacon that a rule of the policy stands for.
func (p *Policy) beacon(name string) (beacon.Beacon, error) {
	r := p.rule(name)
	if r == nil {
		return nil, fmt.Errorf("beacon %s is not in the policy", label.Quote(name))
	}
	switch r.Kind {
	case "given":
		for _, b := range p.Beacons {
			if b.Name() == name {
				return b, nil
			}
		}
		return nil, &missingBeaconError{name}
	case "combined":
		var parts []beacon.Beacon
		for _, part := range r.Parts {
			b, err := p.beacon(part)
			if err != nil {
				return nil, err
			}
			parts = append(parts, b)
		}
		return beacon.Combine(name, parts...)
	}
	values := make(map[string]string, len(r.Values))
	for _, v := range r.Values {
		values[v.Round] = v.Value
	}
	var d *beacon.Declared
	var err error
	if r.Kind == "lottery" {
		d, err = beacon.Lottery(name)
	} else {
		d, err = beacon.NewDeclared(name, r.Sources)
	}
	if err != nil {
		return nil, err
	}
	return d.With(values)
}

// timeOf returns the time at which the first part of a round's value became
// public, and false if neither the policy nor the beacon tells.
func (p *Policy) timeOf(name, round string) (time.Time, bool) {
	r := p.rule(name)
	if r == nil {
		return time.Time{}, false
	}
	if r.Kind == "combined" {
		rounds := strings.Split(round, "+")
		if len(rounds) != len(r.Parts) {
			return time.Time{}, false
		}
		var first time.Time
		for i, part := range r.Parts {
			at, ok := p.timeOf(part, rounds[i])
			if !ok {
				return time.Time{}, false
			}
			if i == 0 || at.Before(first) {
				first = at
			}
		}
		return first, true
	}
	for _, v := range r.Values {
		if v.Round == round {
			return v.At, true
		}
	}
	if b, err := p.beacon(name); err == nil {
		if table, ok := b.(beacon.Timetable); ok {
			at, err := table.TimeOf(round)
			return at, err == nil
		}
	}
	return time.Time{}, false
}
