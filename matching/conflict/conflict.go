// Package conflict finds conflicts of interest by rules over the caller's tables: who is
// related to whom, who holds or runs what, who worked where, who has recused himself, who
// went where lately. [Expand] gives every pair of an inspector and an entity that must not
// meet, and every pair of inspectors who went together too often, each with the rule and the
// rows of the tables that it comes from.
//
// The tables stay with the caller. A [Ledger] commits to the conflicts before a draw
// without showing them, and opens single ones to auditors or to those whom they concern.
//
// All functions are deterministic, whatever the order of the rows, and safe for
// concurrent use.
package conflict

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/matching"
)

// The names of the rules, which are the classes of reasons.
const (
	Kinship      = "kinship"         // a relative runs the entity or holds a share
	Shareholding = "shareholding"    // the inspector holds a share, directly or through entities
	Former       = "former-employer" // the inspector worked there within the cooling-off period
	Address      = "same-address"    // they are registered at one address
	Declared     = "declared"        // the inspector has recused himself
	Petition     = "petition"        // the entity has asked for it, and that was granted
	Rotation     = "rotation"        // the inspector, or the pair, went lately
)

// Rules say which conflicts count. A zero value turns a rule off; declared recusals and
// petitions always count.
type Rules struct {
	Degrees     int    // of kinship, up to 8: 1 for parents, children and spouses
	SharePPM    uint64 // a share of at least so many millionths, 1–1,000,000
	CoolingOff  int    // months after leaving an employer, up to 1200
	SameAddress bool   // whether a common address counts
	Entity      uint64 // rounds within which an inspector does not go to an entity again
	Pair        uint64 // rounds within which two inspectors do not go together again
}

// Tables are the caller's records. IDs are of inspectors, of natural persons, and of
// entities; an inspector is a person, too.
type Tables struct {
	Persons     []Person     // of inspectors, each once
	Kin         []Kin        // in any order
	Offices     []Office     // who runs what
	Shares      []Share      // who holds what
	Employments []Employment // of inspectors, before and now
	Addresses   []Registered // of inspectors and entities
	Recusals    []Recusal    // by inspectors
	Petitions   []Recusal    // by entities, granted
	Visits      []Visit      // of this round and those before
}

// A Person says under which ID an inspector is in the tables of persons.
type Person struct {
	Inspector, Person string // IDs
}

// Kin are two persons one degree apart.
type Kin struct {
	A, B string // IDs of persons
}

// An Office is a person who runs an entity: its legal representative, director or manager.
type Office struct {
	Person, Entity string // IDs
}

// A Share is a part of an entity that a person or another entity holds.
type Share struct {
	Holder, Entity string // IDs
	PPM            uint64 // millionths, 1–1,000,000
}

// An Employment is an inspector's former work for an entity.
type Employment struct {
	Inspector, Entity string // IDs
	Until             string // last day, YYYY-MM-DD; "" if it goes on
}

// A Registered is where an inspector or an entity is registered. The caller has brought
// addresses into one form.
type Registered struct {
	Inspector, Entity string // one of them, the other ""
	Address           string // not empty
}

// A Recusal is an inspector who is not to go to an entity, and why.
type Recusal struct {
	Inspector, Entity string // IDs
	Reason            string // not empty; it stays with the caller
}

// A Visit is inspectors who went to an entity in a round.
type Visit struct {
	Round      uint64   // from 1
	Entity     string   // ID
	Inspectors []string // IDs
}

// A Source is what a conflict comes from.
type Source struct {
	Rule string   // name of the rule
	Rows []string // table and number of each row, from 1, such as "kin 12"
}

// A Conflict is an inspector who must not go to an entity.
type Conflict struct {
	Entity, Inspector string   // IDs
	Sources           []Source // one or more, by rule
}

// An Apart is two inspectors who must not go together.
type Apart struct {
	A, B    string   // IDs, ascending
	Sources []Source // one, of the rule Rotation
}

// Found is what the rules have found.
type Found struct {
	Conflicts []Conflict // by entity, then by inspector
	Apart     []Apart    // ascending
}

// Exclusions returns the conflicts for package matching, one for each rule.
func (f *Found) Exclusions() []matching.Exclusion {
	var list []matching.Exclusion
	for _, c := range f.Conflicts {
		for _, s := range c.Sources {
			list = append(list, matching.Exclusion{Task: c.Entity, Inspector: c.Inspector, Reason: s.Rule})
		}
	}
	return list
}

// Pairs returns the inspectors to be kept apart for package matching.
func (f *Found) Pairs() []matching.Pair {
	var list []matching.Pair
	for _, a := range f.Apart {
		list = append(list, matching.Pair{A: a.A, B: a.B, Reason: Rotation})
	}
	return list
}

// Expand finds all conflicts on a day (YYYY-MM-DD) in a round of draws. It returns an error
// that names table and row if a row is not valid, and one if a rule is.
func Expand(rules Rules, tables *Tables, on string, round uint64) (*Found, error) {
	e := &expansion{
		rules: rules, t: tables, on: on, round: round,
		conflicts: map[[2]string]map[string][]string{}, apart: map[[2]string]map[string][]string{},
	}
	if err := e.check(); err != nil {
		return nil, err
	}
	if err := e.shares(); err != nil {
		return nil, err
	}
	if err := e.kinship(); err != nil {
		return nil, err
	}
	e.former()
	e.addresses()
	e.declared()
	e.rotation()
	return e.found(), nil
}

// An expansion is the work of Expand. Its maps are by pair, then by rule.
type expansion struct {
	rules           Rules
	t               *Tables
	on              string
	round           uint64
	conflicts       map[[2]string]map[string][]string
	apart           map[[2]string]map[string][]string
	personOf        map[string]string   // of an inspector
	holdings        map[string][]held   // shares by holder
	offices         map[string][]int    // rows by person
	kin             map[string][]degree // relatives, one degree away
	inspectorPerson map[string][]string // inspectors by person
}

type held struct {
	row    int
	entity string
	ppm    uint64
}

type degree struct {
	row    int
	person string
}

func row(table string, i int) string { return fmt.Sprintf("%s %d", table, i+1) }

func add(to map[[2]string]map[string][]string, pair [2]string, rule string, rows ...string) {
	if to[pair] == nil {
		to[pair] = map[string][]string{}
	}
	to[pair][rule] = append(to[pair][rule], rows...)
}

func (e *expansion) conflict(entity, inspector, rule string, rows ...string) {
	add(e.conflicts, [2]string{entity, inspector}, rule, rows...)
}

// found sorts what was found, each row once.
func (e *expansion) found() *Found {
	sources := func(by map[string][]string) (list []Source) {
		for _, rule := range slices.Sorted(maps.Keys(by)) {
			rows := by[rule]
			slices.SortFunc(rows, compareRows)
			list = append(list, Source{rule, slices.Compact(rows)})
		}
		return list
	}
	comparePairs := func(x, y [2]string) int { return cmp.Or(strings.Compare(x[0], y[0]), strings.Compare(x[1], y[1])) }
	f := &Found{}
	for _, pair := range slices.SortedFunc(maps.Keys(e.conflicts), comparePairs) {
		f.Conflicts = append(f.Conflicts, Conflict{pair[0], pair[1], sources(e.conflicts[pair])})
	}
	for _, pair := range slices.SortedFunc(maps.Keys(e.apart), comparePairs) {
		f.Apart = append(f.Apart, Apart{pair[0], pair[1], sources(e.apart[pair])})
	}
	return f
}

// compareRows orders rows by table, then by number.
func compareRows(x, y string) int {
	a, b := strings.LastIndexByte(x, ' '), strings.LastIndexByte(y, ' ')
	return cmp.Or(strings.Compare(x[:a], y[:b]), cmp.Compare(len(x)-a, len(y)-b), strings.Compare(x, y))
}

// checkIDs returns what is wrong with IDs of a row.
func checkIDs(ids ...string) string {
	for _, id := range ids {
		if problem := label.Check(id); problem != "" {
			return "ID " + problem
		}
	}
	return ""
}
