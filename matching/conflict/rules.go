package conflict

import (
	"fmt"
	"slices"
)

// Limits on what a rule may take.
const (
	maxDegrees = 8
	maxMonths  = 1200
	fullShare  = 1_000_000
	// maxChain bounds the entities between a holder and what it holds indirectly.
	maxChain = 4
	// maxPaths bounds the chains of shares looked at for one holder.
	maxPaths = 1 << 16
	// maxKin bounds the relatives looked at for one inspector.
	maxKin = 1 << 16
)

// check checks rules and rows, and indexes the tables.
func (e *expansion) check() error {
	r := e.rules
	switch {
	case r.Degrees < 0 || r.Degrees > maxDegrees:
		return fmt.Errorf("conflict: kinship to degree %d, expected 0 to %d", r.Degrees, maxDegrees)
	case r.SharePPM > fullShare:
		return fmt.Errorf("conflict: shares of %d millionths, expected 0 to %d", r.SharePPM, fullShare)
	case r.CoolingOff < 0 || r.CoolingOff > maxMonths:
		return fmt.Errorf("conflict: cooling-off of %d months, expected 0 to %d", r.CoolingOff, maxMonths)
	case !isDay(e.on):
		return fmt.Errorf("conflict: day %q is not of the form YYYY-MM-DD", e.on)
	}
	for _, table := range []struct {
		name  string
		rows  int
		check func(i int) string
	}{
		{"person", len(e.t.Persons), func(i int) string { return checkIDs(e.t.Persons[i].Inspector, e.t.Persons[i].Person) }},
		{"kin", len(e.t.Kin), func(i int) string { return checkIDs(e.t.Kin[i].A, e.t.Kin[i].B) }},
		{"office", len(e.t.Offices), func(i int) string { return checkIDs(e.t.Offices[i].Person, e.t.Offices[i].Entity) }},
		{"share", len(e.t.Shares), func(i int) string {
			if ppm := e.t.Shares[i].PPM; ppm < 1 || ppm > fullShare {
				return fmt.Sprintf("a share of %d millionths, expected 1 to %d", ppm, fullShare)
			}
			return checkIDs(e.t.Shares[i].Holder, e.t.Shares[i].Entity)
		}},
		{"employment", len(e.t.Employments), func(i int) string {
			if until := e.t.Employments[i].Until; until != "" && !isDay(until) {
				return fmt.Sprintf("day %q is not of the form YYYY-MM-DD", until)
			}
			return checkIDs(e.t.Employments[i].Inspector, e.t.Employments[i].Entity)
		}},
		{"address", len(e.t.Addresses), func(i int) string { return e.t.Addresses[i].problem() }},
		{"recusal", len(e.t.Recusals), func(i int) string { return e.t.Recusals[i].problem() }},
		{"petition", len(e.t.Petitions), func(i int) string { return e.t.Petitions[i].problem() }},
		{"visit", len(e.t.Visits), func(i int) string {
			if e.t.Visits[i].Round < 1 || e.t.Visits[i].Round > e.round {
				return fmt.Sprintf("round %d, expected 1 to the present one, %d", e.t.Visits[i].Round, e.round)
			}
			return checkIDs(append(slices.Clone(e.t.Visits[i].Inspectors), e.t.Visits[i].Entity)...)
		}},
	} {
		for i := range table.rows {
			if problem := table.check(i); problem != "" {
				return fmt.Errorf("conflict: %s: %s", row(table.name, i), problem)
			}
		}
	}
	return e.index()
}

func (a Registered) problem() string {
	if (a.Inspector == "") == (a.Entity == "") {
		return "expected either an inspector or an entity"
	}
	if a.Address == "" {
		return "the address is empty"
	}
	return checkIDs(a.Inspector + a.Entity)
}

func (r Recusal) problem() string {
	if r.Reason == "" {
		return "the reason is empty"
	}
	return checkIDs(r.Inspector, r.Entity)
}

func (e *expansion) index() error {
	e.personOf, e.inspectorPerson = map[string]string{}, map[string][]string{}
	for i, p := range e.t.Persons {
		if other, ok := e.personOf[p.Inspector]; ok {
			return fmt.Errorf("conflict: %s: inspector %q is person %q already", row("person", i), p.Inspector, other)
		}
		e.personOf[p.Inspector] = p.Person
		e.inspectorPerson[p.Person] = append(e.inspectorPerson[p.Person], p.Inspector)
	}
	e.holdings, e.offices, e.kin = map[string][]held{}, map[string][]int{}, map[string][]degree{}
	for i, s := range e.t.Shares {
		e.holdings[s.Holder] = append(e.holdings[s.Holder], held{i, s.Entity, s.PPM})
	}
	for i, o := range e.t.Offices {
		e.offices[o.Person] = append(e.offices[o.Person], i)
	}
	for i, k := range e.t.Kin {
		e.kin[k.A] = append(e.kin[k.A], degree{i, k.B})
		e.kin[k.B] = append(e.kin[k.B], degree{i, k.A})
	}
	return nil
}

// isDay reports whether s is of the form YYYY-MM-DD, with a month and a day that may be.
func isDay(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	for i := range len(s) {
		if i != 4 && i != 7 && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return s[:4] >= "0001" && s[5:7] >= "01" && s[5:7] <= "12" && s[8:] >= "01" && s[8:] <= "31"
}

// A stake is what a person holds of an entity: the sum over all chains, in units of
// 10^−18, and the rows of the chains.
type stake struct {
	part uint64
	rows []string
}

const wholeStake = 1_000_000_000_000_000_000

// stakes returns what a person holds, directly or through up to maxChain entities. Each
// link of a chain takes its share of what the one before holds, rounded down to 10^−18.
func (e *expansion) stakes(person string) (map[string]*stake, error) {
	found, paths := map[string]*stake{}, 0
	var follow func(holder string, part uint64, chain []string, rows []string) error
	follow = func(holder string, part uint64, chain, rows []string) error {
		for _, h := range e.holdings[holder] {
			if slices.Contains(chain, h.entity) {
				continue // a circle adds nothing that is not counted
			}
			if paths++; paths > maxPaths {
				return fmt.Errorf("conflict: person %q holds shares by more than %d chains", person, maxPaths)
			}
			got := part / fullShare * h.ppm
			path := append(slices.Clone(rows), row("share", h.row))
			if found[h.entity] == nil {
				found[h.entity] = new(stake)
			}
			found[h.entity].part += min(got, wholeStake-found[h.entity].part)
			found[h.entity].rows = append(found[h.entity].rows, path...)
			if len(path) <= maxChain {
				if err := follow(h.entity, got, append(slices.Clone(chain), h.entity), path); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return found, follow(person, wholeStake, nil, nil)
}

// shares finds inspectors who hold a share themselves.
func (e *expansion) shares() error {
	if e.rules.SharePPM == 0 {
		return nil
	}
	for i, p := range e.t.Persons {
		stakes, err := e.stakes(p.Person)
		if err != nil {
			return err
		}
		for entity, s := range stakes {
			if s.part >= e.rules.SharePPM*(wholeStake/fullShare) {
				e.conflict(entity, p.Inspector, Shareholding, append(s.rows, row("person", i))...)
			}
		}
	}
	return nil
}

// A relative is a person within the degrees, with the rows that lead there.
type relative struct {
	person string
	rows   []string
}

// relatives returns an inspector himself and the persons within the degrees, each by a
// shortest way.
func (e *expansion) relatives(person string) ([]relative, error) {
	list := []relative{{person: person}}
	seen := map[string]bool{person: true}
	for begin, d := 0, 0; d < e.rules.Degrees; d++ {
		end := len(list)
		for ; begin < end; begin++ {
			for _, k := range e.kin[list[begin].person] {
				if seen[k.person] {
					continue
				}
				seen[k.person] = true
				list = append(list, relative{k.person, append(slices.Clone(list[begin].rows), row("kin", k.row))})
				if len(list) > maxKin {
					return nil, fmt.Errorf("conflict: person %q has more than %d relatives within %d degrees", person, maxKin, e.rules.Degrees)
				}
			}
		}
	}
	return list, nil
}

// kinship finds inspectors who run an entity themselves, and those whose relatives run one or
// hold a share.
func (e *expansion) kinship() error {
	if e.rules.Degrees == 0 {
		return nil
	}
	cache := map[string]map[string]*stake{} // stakes of relatives
	for i, p := range e.t.Persons {
		relatives, err := e.relatives(p.Person)
		if err != nil {
			return err
		}
		for k, r := range relatives {
			for _, o := range e.offices[r.person] {
				e.conflict(e.t.Offices[o].Entity, p.Inspector, Kinship, append(slices.Clone(r.rows), row("office", o), row("person", i))...)
			}
			if k == 0 || e.rules.SharePPM == 0 || len(e.holdings[r.person]) == 0 {
				continue
			}
			if cache[r.person] == nil {
				if cache[r.person], err = e.stakes(r.person); err != nil {
					return err
				}
			}
			for entity, s := range cache[r.person] {
				if s.part >= e.rules.SharePPM*(wholeStake/fullShare) {
					e.conflict(entity, p.Inspector, Kinship, append(append(slices.Clone(s.rows), r.rows...), row("person", i))...)
				}
			}
		}
	}
	return nil
}

func (e *expansion) former() {
	if e.rules.CoolingOff == 0 {
		return
	}
	for i, w := range e.t.Employments {
		if w.Until == "" || e.on < addMonths(w.Until, e.rules.CoolingOff) {
			e.conflict(w.Entity, w.Inspector, Former, row("employment", i))
		}
	}
}

// addMonths returns the same day so many months later. A day that the month does not have
// stands as it is: it compares like the day after the month's last.
func addMonths(day string, months int) string {
	n := 0
	for _, c := range day[:4] + day[5:7] {
		n = n*10 + int(c-'0')
	}
	month := n/100*12 + n%100 - 1 + months
	return fmt.Sprintf("%04d-%02d-%s", month/12, month%12+1, day[8:])
}

func (e *expansion) addresses() {
	if !e.rules.SameAddress {
		return
	}
	inspectors := map[string][]int{}
	for i, a := range e.t.Addresses {
		if a.Inspector != "" {
			inspectors[a.Address] = append(inspectors[a.Address], i)
		}
	}
	for i, a := range e.t.Addresses {
		if a.Entity == "" {
			continue
		}
		for _, k := range inspectors[a.Address] {
			e.conflict(a.Entity, e.t.Addresses[k].Inspector, Address, row("address", i), row("address", k))
		}
	}
}

func (e *expansion) declared() {
	for i, r := range e.t.Recusals {
		e.conflict(r.Entity, r.Inspector, Declared, row("recusal", i))
	}
	for i, r := range e.t.Petitions {
		e.conflict(r.Entity, r.Inspector, Petition, row("petition", i))
	}
}

// rotation finds inspectors who went to an entity, and pairs who went together, within so
// many rounds before this one.
func (e *expansion) rotation() {
	for i, v := range e.t.Visits {
		ago := e.round - v.Round
		for k, a := range v.Inspectors {
			if e.rules.Entity > 0 && ago <= e.rules.Entity {
				e.conflict(v.Entity, a, Rotation, row("visit", i))
			}
			for _, b := range v.Inspectors[:k] {
				if e.rules.Pair > 0 && ago <= e.rules.Pair && a != b {
					add(e.apart, [2]string{min(a, b), max(a, b)}, Rotation, row("visit", i))
				}
			}
		}
	}
}
