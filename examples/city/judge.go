package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/doublerandom/doublerandom/credit/evaluate"
	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/estimate"
	"github.com/doublerandom/doublerandom/registry"
)

// A judgement is what the visits say of the inspectors, beside the truth.
type judgement struct {
	visits       int
	report       *evaluate.Report
	insufficient int
	odd          int // inspectors with enough visits who find too much or too little in truth
	flagged      int // triggers for a review
	right        int // of these, odd ones
	first        string
	respondents  int
	survey       *evaluate.Survey
}

// judge evaluates the inspectors by the visits of earlier years, made up, and those of this one.
func (c *campaign) judge() (*judgement, error) {
	visits := c.earlierVisits()
	for _, j := range c.done {
		for i, call := range j.visits {
			if call.entity == "" || call.finding == estimate.NoAnswer {
				continue
			}
			e, _ := c.w.reg.Lookup(call.entity)
			visits = append(visits, evaluate.Visit{
				ID: fmt.Sprintf("V-%04d-%04d", j.number, i+1), Entity: e.ID, Stratum: kindOf(e), Inspectors: call.team, Found: call.finding == estimate.Found,
			})
		}
	}
	rules := evaluate.Usual()
	rules.Teams = evaluate.PairModel
	report, err := evaluate.Evaluate(visits, rules)
	if err != nil {
		return nil, err
	}
	v := &judgement{visits: len(visits), report: report}
	for _, f := range report.Inspectors {
		row, _ := c.w.staff.Row(f.Inspector)
		odd := c.w.staff.harsh[row] || c.w.staff.blind[row]
		switch {
		case f.Verdict == evaluate.InsufficientData:
			v.insufficient++
			continue
		case f.Verdict == evaluate.Review:
			v.flagged++
			if odd {
				v.right++
			}
			if v.first == "" {
				v.first = report.Explain(f)
			}
		}
		if odd {
			v.odd++
		}
	}
	return v, c.ask(v)
}

// kindOf returns the stratum in which a visit is compared: class and district.
func kindOf(e registry.Entity) string {
	class, _ := e.Attributes.Value("class")
	return class + "/" + e.Division[:6]
}

// earlierVisits makes up the visits of the years before: by random pairs of the same department.
func (c *campaign) earlierVisits() []evaluate.Visit {
	rng := c.w.dice.rand("earlier visits", 0)
	var crews [][]int
	var weights []int
	for _, b := range c.w.bureaus {
		if rows := c.w.staff.under[b.ID]; b.town < 0 && b.district >= 0 && len(rows) >= 4 {
			crews, weights = append(crews, rows), append(weights, len(rows))
		}
	}
	visits := make([]evaluate.Visit, 0, c.w.size.history)
	for k, crew := range crews {
		sum := 0
		for _, n := range weights {
			sum += n
		}
		for range c.w.size.history * weights[k] / sum {
			visits = append(visits, c.earlierVisit(rng, crew, len(visits)))
		}
	}
	return visits
}

func (c *campaign) earlierVisit(rng *rand.Rand, crew []int, n int) evaluate.Visit {
	a, b := rng.IntN(len(crew)), rng.IntN(len(crew)-1)
	if b >= a {
		b++
	}
	st := c.w.staff
	rows := [2]int{crew[a], crew[b]}
	e := c.w.reg.At(rng.IntN(c.w.reg.Len()))
	v := evaluate.Visit{ID: fmt.Sprintf("E-%06d", n), Entity: e.ID, Stratum: kindOf(e)}
	harsh, blind := false, false
	for _, row := range rows {
		v.Inspectors = append(v.Inspectors, st.id(row))
		harsh, blind = harsh || st.harsh[row], blind || st.blind[row]
	}
	v.Found = rng.Float64() < c.w.truth.propensity(e)
	switch {
	case v.Found && blind:
		v.Found = rng.Float64() >= 0.7
	case !v.Found && harsh:
		v.Found = rng.Float64() < 0.4
	}
	return v
}

// ask draws respondents among the inspected and sums up what they say.
func (c *campaign) ask(v *judgement) error {
	var visits []evaluate.Visit
	about := map[string]*call{}
	by := map[string]string{}
	for _, j := range c.done {
		for i, call := range j.visits {
			if call.entity != "" && len(call.team) > 0 && about[call.entity] == nil {
				about[call.entity], by[call.entity] = call, lines()[j.item.line].key
				visits = append(visits, evaluate.Visit{ID: fmt.Sprintf("V-%04d-%04d", j.number, i+1), Entity: call.entity, Stratum: j.item.ID, Inspectors: call.team})
			}
		}
	}
	frame, err := registry.NewFrame(evaluate.Respondents(visits))
	if err != nil {
		return err
	}
	quotas, err := draw.Proportional(frame.Strata(), uint64(max(20, frame.Len()/12)), draw.Bounds{})
	if err != nil {
		return err
	}
	plan, err := draw.NewPlan(c.s.suite, frame, quotas, 0)
	if err != nil {
		return err
	}
	last := c.s.results[len(c.s.results)-1]
	result, err := draw.Run(plan, frame, draw.Seed(c.s.suite.Sum([]byte("survey "+last.value))))
	if err != nil {
		return err
	}
	var replies []evaluate.Reply
	for d := range result.Drawn() {
		call := about[d.ID]
		mood := c.w.dice.roll("mood", d.ID)
		row, _ := c.w.staff.Row(call.team[0])
		r := evaluate.Reply{Respondent: d.ID, Department: by[d.ID], Inspector: call.team[0], Complaint: mood < 0.04 || c.w.staff.harsh[row]}
		for _, base := range []float64{3.2, 3.6, 2.9} {
			r.Scores = append(r.Scores, min(5, max(1, int(base+2*mood))))
		}
		if c.w.dice.roll("reply", d.ID) < 0.7 {
			replies = append(replies, r)
		}
	}
	v.respondents = len(replies)
	v.survey, err = evaluate.Summarise(replies, 5, 0.95)
	return err
}

// id returns the ID of the inspector in a row.
func (st *staff) id(row int) string { return fmt.Sprintf("inspector-%05d", row+1) }

// loads returns how many seats inspectors took: the least, the median and the most, and how many had each number.
func (w *world) loads() (least, median, most int, histogram []int) {
	sorted := slices.Sorted(slices.Values(w.load))
	least, median, most = sorted[0], sorted[len(sorted)/2], sorted[len(sorted)-1]
	histogram = make([]int, most+1)
	for _, n := range sorted {
		histogram[n]++
	}
	return least, median, most, histogram
}
