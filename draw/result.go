package draw

import (
	"cmp"
	"iter"
	"math/big"
	"slices"
	"strings"
)

// A Result is the outcome of a draw: what each stratum and cell yielded, and the
// drawn units with their reserves. It is immutable and safe for concurrent use.
// The zero Result is not valid.
//
// A result has one text ([Result.WriteTo], [ParseResult]). A parsed result is
// well-formed, but it is right only if [Check] says so.
type Result struct {
	planID Hash
	seed   Seed
	strata []stratumResult
}

type stratumResult struct {
	StratumResult
	cells []cellResult
}

type cellResult struct {
	CellResult
	units []drawn // drawn, then reserves
}

type drawn struct {
	id     string
	ticket Ticket
}

// A StratumResult says what a stratum yielded.
type StratumResult struct {
	Label  string   // the stratum's label
	Units  uint64   // units in the stratum
	Weight uint64   // sum of their weights
	Quota  Fraction // expected number of drawn units, as planned
	Count  uint64   // number of drawn units: the quota, rounded by the wheel
}

// A CellResult says what a cell, the units of one weight in a stratum, yielded.
type CellResult struct {
	Stratum string   // label of its stratum
	Weight  uint64   // weight of each unit
	Units   uint64   // units in the cell
	Certain bool     // all units are taken, since n·w ≥ W
	Share   Fraction // expected number of drawn units, given the stratum's count
	Count   uint64   // number of drawn units: ⌊share⌋ or ⌈share⌉
	Chance  Fraction // chance of each unit to be drawn, given the plan alone
	CutOff  Ticket   // the last drawn ticket; if Count > 0, units up to it are drawn
}

// A Drawn is a drawn unit or a reserve.
type Drawn struct {
	ID      string   // the unit's ID in the frame
	Stratum string   // label of its stratum
	Weight  uint64   // its weight
	Rank    uint64   // place of its ticket in its cell, from 1; reserves follow the drawn units
	Ticket  Ticket   // by which it was ranked
	Chance  Fraction // its inclusion probability: its chance to be drawn
	Reserve bool     // a reserve, not drawn
}

// PlanID returns the ID of the plan that the result is for.
func (r *Result) PlanID() Hash { return r.planID }

// Seed returns the seed of the draw.
func (r *Result) Seed() Seed { return r.seed }

// Len returns the number of drawn units.
func (r *Result) Len() int {
	n := uint64(0)
	for i := range r.strata {
		n += r.strata[i].Count
	}
	return int(n)
}

// Strata returns what each stratum yielded, in the order of label bytes.
func (r *Result) Strata() iter.Seq[StratumResult] {
	return func(yield func(StratumResult) bool) {
		for i := range r.strata {
			if !yield(r.strata[i].StratumResult) {
				return
			}
		}
	}
}

// Cells returns what each cell yielded, by stratum and ascending weight.
func (r *Result) Cells() iter.Seq[CellResult] {
	return func(yield func(CellResult) bool) {
		for cell := range r.all() {
			if !yield(cell.CellResult) {
				return
			}
		}
	}
}

// Drawn returns the drawn units, by stratum, ascending weight and rank.
func (r *Result) Drawn() iter.Seq[Drawn] { return r.pick(false) }

// Reserves returns the reserves, by stratum, ascending weight and rank. When a
// drawn unit must be skipped, the first reserve of its own cell takes its place.
func (r *Result) Reserves() iter.Seq[Drawn] { return r.pick(true) }

func (r *Result) all() iter.Seq[*cellResult] {
	return func(yield func(*cellResult) bool) {
		for i := range r.strata {
			for c := range r.strata[i].cells {
				if !yield(&r.strata[i].cells[c]) {
					return
				}
			}
		}
	}
}

func (r *Result) pick(reserves bool) iter.Seq[Drawn] {
	return func(yield func(Drawn) bool) {
		for cell := range r.all() {
			for i := range cell.units {
				d := cell.at(i)
				if d.Reserve == reserves && !yield(d) {
					return
				}
			}
		}
	}
}

// at returns unit i of the cell's drawn units and reserves.
func (c *cellResult) at(i int) Drawn {
	u := c.units[i]
	return Drawn{u.id, c.Stratum, c.Weight, uint64(i) + 1, u.ticket, c.Chance, uint64(i) >= c.Count}
}

// cell returns the cell of a weight in a stratum, or nil.
func (r *Result) cell(stratum string, weight uint64) *cellResult {
	i, ok := slices.BinarySearchFunc(r.strata, stratum, func(s stratumResult, label string) int {
		return strings.Compare(s.Label, label)
	})
	if !ok {
		return nil
	}
	cells := r.strata[i].cells
	c, ok := slices.BinarySearchFunc(cells, weight, func(c cellResult, weight uint64) int {
		return cmp.Compare(c.Weight, weight)
	})
	if !ok {
		return nil
	}
	return &cells[c]
}

// result returns the result in which each cell took the entries given for it.
func (s *Selection) result(least [][]entry) *Result {
	r := &Result{planID: s.plan.id, seed: s.seed}
	for i := range s.strata {
		stratum := &s.strata[i]
		planned := s.plan.strata[i]
		r.strata = append(r.strata, stratumResult{StratumResult: StratumResult{
			planned.Label, planned.Units, planned.Weight, s.plan.quotas[i], stratum.count,
		}})
	}
	for i := range s.cells {
		out := cellResult{CellResult: s.cellResult(i)}
		for _, e := range least[i] {
			// A clone, so that a result does not keep the whole frame in memory.
			out.units = append(out.units, drawn{strings.Clone(e.id), e.ticket})
		}
		if out.Count > 0 {
			out.CutOff = out.units[out.Count-1].ticket
		}
		stratum := &r.strata[s.cells[i].stratum]
		stratum.cells = append(stratum.cells, out)
	}
	return r
}

// cellResult returns what is known of cell i before any unit is looked at.
func (s *Selection) cellResult(i int) CellResult {
	c := &s.cells[i]
	stratum := &s.strata[c.stratum]
	at := i - stratum.first
	d := stratum.mix.of(stratum.count)
	return CellResult{
		Stratum: stratum.label, Weight: c.weight, Units: c.units, Certain: c.certain, Count: c.count,
		Share:  fractionOf(d.share(at)),
		Chance: fractionOf(stratum.mix.expect(func(d *design) *big.Rat { return d.chance(at) })),
	}
}
