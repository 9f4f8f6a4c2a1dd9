// Package evaluate says which inspectors find more or less than others would have found at the same kinds of places,
// in figures that stand up in a hearing. What it gives is a trigger for a review, in both directions, and never a
// league table: an order of 26,520 inspectors by their rates is mostly an order of chance, and a test of each at 5 %
// would accuse 1,326 of them falsely.
//
//	Evaluate      who stands out, by inspector; with ByUnit by department
//	Rerandomise   a test that repeats the draw of the teams and needs no model
//	Recheck       the frame of a blind second inspection
//	Respondents   the frame of a survey among the inspected, whatever was found there
//	Summarise     its answers, without any group of fewer than five
//
// Everything here is statistics, in floating point; the draws from these frames are made elsewhere, and the
// assignment that a test repeats is a function of the caller's. All functions are safe for concurrent use and give the
// same result each time, in whatever order the visits are.
package evaluate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// MaxTeam is the greatest number of inspectors at a visit.
const MaxTeam = 16

// A Visit is an inspection that took place. IDs and labels are 1–64 bytes without spaces and control characters.
type Visit struct {
	ID         string   // each once
	Entity     string   // who was inspected
	Stratum    string   // what it is compared with: a risk class, an industry, a district, or their crossing
	Inspectors []string // IDs; 1 to MaxTeam, each once
	Found      bool     // what is evaluated: that something was found
}

// Teams says how a visit of several inspectors counts for each.
type Teams uint8

const (
	// EqualShares gives each of a team of two half of the visit, of a team of three a third.
	EqualShares Teams = iota + 1
	// PairModel gives each the whole visit and expects at it what the stratum and the others of the team let expect.
	PairModel
)

// Rules are what an evaluation is made by. They should be published before the visits are looked at.
type Rules struct {
	MinVisits int        // with fewer visits the verdict is InsufficientData; 1 or more
	Level     float64    // of the intervals, such as 0.95
	Limits    [2]float64 // levels of the funnel limits, such as 0.95 and 0.998
	FDR       float64    // the greatest share of false triggers that is accepted, such as 0.05
	Winsor    float64    // share of z-scores at either end that is drawn in before the spread is measured; below 0.5
	Teams     Teams      // how a visit of several inspectors counts
}

// Usual returns the usual rules: at least 10 visits, intervals of 95 %, limits of 95 and 99.8 %, one trigger in
// twenty false, a tenth of the z-scores drawn in at either end (Spiegelhalter, 2005) and equal shares.
func Usual() Rules {
	return Rules{MinVisits: 10, Level: 0.95, Limits: [2]float64{0.95, 0.998}, FDR: 0.05, Winsor: 0.1, Teams: EqualShares}
}

// Evaluate compares each inspector with all inspectors at visits of the same strata. The steps:
//
//  1. Expectation: each stratum's share of visits with findings, over the inspector's visits (indirect
//     standardisation). The inspector's own visits are left in: the sum of all expectations is the number found, and
//     given how much was found in a stratum the count is hypergeometric with just this mean, so that no rate
//     has to be taken for known. Strata that nobody else visited say nothing, and do not count in the standard deviation.
//  2. Intervals of the rate: Clopper and Pearson's (1934) exact one, Wilson's (1927), and the empirical Bayes mean with
//     its interval, where the rates of inspectors come from beta distributions around their expectations
//     ([Prior], [Report.Precision]).
//  3. Chance: the exact probability, if it made no difference who went, that the count is as far from the
//     expectation; twice the smaller tail. With [EqualShares] the count of a stratum is hypergeometric and the strata are
//     convolved: the exact test of Mantel and Haenszel's (1959) hypothesis. With [PairModel] each visit has a
//     chance of its own, the rate of the stratum changed by the effects of the partners, and the count
//     is Poisson binomial.
//  4. Spread: inspectors differ for reasons that are nobody's fault. It is measured by φ, the mean square of the
//     winsorised z-scores, and the variance τ² that it means for the ratio of found and expected (Spiegelhalter,
//     2005), which the funnel limits and the p-value then allow for ([Dispersion]).
//  5. Verdict: the p-values of all with enough data, adjusted by Benjamini and Hochberg (1995). Those with a q-value up
//     to the accepted rate are Review, in either direction.
//
// A team of two has one finding: equal shares cannot say whose it is, and both may be triggers. The pair model can,
// where partners change. Its effects are those of a logistic model in which the log odds of a team are those of the stratum and
// the sum of its members' effects (multiple membership: Browne, Goldstein and Rasbash, 2001); they have a normal
// prior with a variance from the moments of the data, and are the maximum of the penalised likelihood, which is unique.
//
// It returns an error if the rules or a visit are not valid, or if there are no visits.
func Evaluate(visits []Visit, rules Rules) (*Report, error) {
	if err := rules.check(); err != nil {
		return nil, err
	}
	t, err := tabulate(visits)
	if err != nil {
		return nil, err
	}
	r := t.report(rules)
	if rules.Teams == PairModel {
		t.pairModel(r)
	} else {
		t.equalShares(r)
	}
	r.intervals()
	r.disperse()
	r.decide()
	return r, nil
}

// ByUnit returns the visits with the units of their inspectors, such as departments, in place of the inspectors, so that Evaluate
// evaluates units. Of a team from one unit the unit is named once.
func ByUnit(visits []Visit, unit func(inspector string) string) []Visit {
	list := slices.Clone(visits)
	for i := range list {
		var units []string
		for _, id := range list[i].Inspectors {
			if u := unit(id); !slices.Contains(units, u) {
				units = append(units, u)
			}
		}
		list[i].Inspectors = units
	}
	return list
}

func (r Rules) check() error {
	between := func(x float64) bool { return x > 0 && x < 1 }
	switch {
	case r.MinVisits < 1:
		return fmt.Errorf("evaluate: minimum of %d visits, expected at least 1", r.MinVisits)
	case !between(r.Level):
		return fmt.Errorf("evaluate: level %v, expected between 0 and 1", r.Level)
	case !between(r.Limits[0]) || !between(r.Limits[1]):
		return fmt.Errorf("evaluate: funnel limits at %v, expected between 0 and 1", r.Limits)
	case !between(r.FDR):
		return fmt.Errorf("evaluate: false-discovery rate %v, expected between 0 and 1", r.FDR)
	case !(r.Winsor >= 0 && r.Winsor < 0.5):
		return fmt.Errorf("evaluate: winsorised share %v, expected from 0 to less than 0.5", r.Winsor)
	case r.Teams != EqualShares && r.Teams != PairModel:
		return fmt.Errorf("evaluate: teams %d, expected EqualShares or PairModel", r.Teams)
	}
	return nil
}

func (v *Visit) check() error {
	if problem := label.Check(v.ID); problem != "" {
		return fmt.Errorf("evaluate: visit %s: ID %s", label.Quote(v.ID), problem)
	}
	for _, field := range [...]struct{ name, text string }{{"entity", v.Entity}, {"stratum", v.Stratum}} {
		if problem := label.Check(field.text); problem != "" {
			return fmt.Errorf("evaluate: visit %s: %s %s", label.Quote(v.ID), field.name, problem)
		}
	}
	if n := len(v.Inspectors); n < 1 || n > MaxTeam {
		return fmt.Errorf("evaluate: visit %s: %d inspectors, expected 1 to %d", label.Quote(v.ID), n, MaxTeam)
	}
	for i, id := range v.Inspectors {
		if problem := label.Check(id); problem != "" {
			return fmt.Errorf("evaluate: visit %s: inspector %s", label.Quote(v.ID), problem)
		}
		if slices.Contains(v.Inspectors[:i], id) {
			return fmt.Errorf("evaluate: visit %s: inspector %s is there twice", label.Quote(v.ID), label.Quote(id))
		}
	}
	return nil
}

// inOrder returns the indices of the visits in the order of their IDs, or an error if one is not valid.
func inOrder(visits []Visit) ([]int, error) {
	order := make([]int, len(visits))
	for i := range visits {
		if err := visits[i].check(); err != nil {
			return nil, err
		}
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return strings.Compare(visits[i].ID, visits[j].ID) })
	for k := 1; k < len(order); k++ {
		if id := visits[order[k]].ID; id == visits[order[k-1]].ID {
			return nil, fmt.Errorf("evaluate: visit %s is there twice", label.Quote(id))
		}
	}
	return order, nil
}

// A table has the visits with numbers for names, sorted by their IDs; strata and inspectors are sorted, too.
type table struct {
	order      []int // of the visits as they were given
	visits     []row
	strata     []Stratum
	inspectors []string
	attended   [][]int32 // visits of each inspector
}

type row struct {
	stratum int32
	found   bool
	team    []int32
}

func tabulate(visits []Visit) (*table, error) {
	if len(visits) == 0 {
		return nil, fmt.Errorf("evaluate: no visits")
	}
	if len(visits) > math.MaxInt32 {
		return nil, fmt.Errorf("evaluate: %d visits, expected at most %d", len(visits), math.MaxInt32)
	}
	order, err := inOrder(visits)
	if err != nil {
		return nil, err
	}
	strata, inspectors := numbers{}, numbers{}
	for i := range visits {
		strata.add(visits[i].Stratum)
		for _, id := range visits[i].Inspectors {
			inspectors.add(id)
		}
	}
	t := &table{order: order, visits: make([]row, len(visits)), inspectors: inspectors.sort()}
	for _, l := range strata.sort() {
		t.strata = append(t.strata, Stratum{Label: l})
	}
	t.attended = make([][]int32, len(t.inspectors))
	for k, i := range order {
		v := &visits[i]
		r := row{stratum: strata[v.Stratum], found: v.Found, team: make([]int32, len(v.Inspectors))}
		for j, id := range v.Inspectors {
			r.team[j] = inspectors[id]
			t.attended[r.team[j]] = append(t.attended[r.team[j]], int32(k))
		}
		slices.Sort(r.team)
		t.visits[k] = r
		t.strata[r.stratum].Visits++
		if v.Found {
			t.strata[r.stratum].Found++
		}
	}
	return t, nil
}

// numbers gives names their places in the order of their bytes.
type numbers map[string]int32

func (n numbers) add(name string) { n[name] = 0 }

func (n numbers) sort() []string {
	names := make([]string, 0, len(n))
	for name := range n {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		n[name] = int32(i)
	}
	return names
}

// report returns the report with what needs no model.
func (t *table) report(rules Rules) *Report {
	r := &Report{Rules: rules, Visits: len(t.visits), Strata: t.strata, Inspectors: make([]Figures, len(t.inspectors))}
	for _, s := range t.strata {
		r.Found += s.Found
	}
	for i := range r.Inspectors {
		f := &r.Inspectors[i]
		f.Inspector, f.Attended = t.inspectors[i], len(t.attended[i])
		var others []int32
		for _, v := range t.attended[i] {
			if t.visits[v].found {
				f.AttendedFound++
			}
			for _, m := range t.visits[v].team {
				if m != int32(i) {
					others = append(others, m)
				}
			}
		}
		if partner, together := mostFrequent(others); together > 0 {
			f.Partner, f.Together = t.inspectors[partner], together
		}
	}
	return r
}

// mostFrequent returns the number that is there most often, the smallest of those, and how often. It sorts the list.
func mostFrequent(list []int32) (most int32, times int) {
	slices.SortFunc(list, cmp.Compare[int32])
	for from := 0; from < len(list); {
		to := from
		for to < len(list) && list[to] == list[from] {
			to++
		}
		if to-from > times {
			most, times = list[from], to-from
		}
		from = to
	}
	return most, times
}
