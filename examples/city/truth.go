package main

import (
	"github.com/doublerandom/doublerandom/registry"
)

// A truth is what inspections would find, which only this program knows: who violates, how gravely, who is not
// to be found. It follows from the seed, the ID and the entity's class when the year began.
type truth struct {
	dice       dice
	places     map[string]float64 // by district
	industries map[string]float64 // by code
}

func newTruth(d dice) *truth {
	t := &truth{d, map[string]float64{}, map[string]float64{}}
	for _, p := range places() {
		t.places[p.code] = p.risk
	}
	for _, i := range industries() {
		t.industries[i.code] = i.risk
	}
	return t
}

// propensity returns the chance with which an entity violates: by class, district and industry.
func (t *truth) propensity(e registry.Entity) float64 {
	class, _ := e.Attributes.Value("class")
	base := map[string]float64{"A": 0.025, "B": 0.07, "C": 0.16, "D": 0.35}[class]
	return min(0.9, base*t.places[e.Division[:6]]*t.industries[e.Industry.Code])
}

// violates reports whether a thorough inspection finds something.
func (t *truth) violates(e registry.Entity) bool {
	return t.dice.roll("violates", e.ID) < t.propensity(e)
}

// lost reports whether nobody finds an entity at its address: one in twelve, of active ones.
func (t *truth) lost(id string) bool { return t.dice.roll("lost", id) < 1.0/12 }

// shut reports whether an entity has closed down by the time of the visit, which the registry does not know yet.
func (t *truth) shut(id string) bool { return t.dice.roll("shut", id) < 0.015 }

// grave returns how grave a violation is, from 0 to 1.
func (t *truth) grave(id string) float64 { return t.dice.roll("grave", id) }

// seen reports whether a team finds something: some inspectors find too much, some too little.
func (t *truth) seen(e registry.Entity, harsh, blind bool) bool {
	switch violates := t.violates(e); {
	case violates && blind:
		return t.dice.roll("overlooked", e.ID) >= 0.7
	case !violates && harsh:
		return t.dice.roll("too much", e.ID) < 0.4
	default:
		return violates
	}
}
