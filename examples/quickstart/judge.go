package main

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/credit/evaluate"
	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/examples/internal/chart"
	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/registry"
)

// judgeInspectors makes up a year of visits by the inspectors of the roster, one of whom finds too much
// and one too little, and says who stands out. It writes the charts of the strata and of the inspectors.
func judgeInspectors(out io.Writer, dir string, result *draw.Result, roster *matching.Roster) error {
	visits, harsh, lenient := yearOfVisits(roster)
	rules := evaluate.Usual()
	rules.Teams = evaluate.PairModel
	report, err := evaluate.Evaluate(visits, rules)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  made up: %s visits by teams of two of %s inspectors; %s finds too much, %s too little\n",
		grouped(len(visits)), grouped(len(report.Inspectors)), harsh, lenient)
	triggers := 0
	for _, f := range report.Inspectors {
		if f.Verdict == evaluate.Review {
			triggers++
			fmt.Fprintf(out, "  to be reviewed: %s\n", report.Explain(f))
		}
	}
	if triggers > 0 {
		frame, err := registry.NewFrame(report.Recheck(visits, 2, sha256.Sum256([]byte("kept secret until the second visits"))))
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  a second inspection is drawn from %s visits, those of two others for each of them among it, so that it is blind\n", grouped(frame.Len()))
	}
	survey, err := registry.NewFrame(evaluate.Respondents(visits))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  a survey can be drawn from %s inspected companies, whatever was found there\n", grouped(survey.Len()))

	if _, err := writeFile(filepath.Join(dir, "strata.svg"), func(w io.Writer) (int64, error) { return strataChart(w, result) }); err != nil {
		return err
	}
	_, err = writeFile(filepath.Join(dir, "inspectors.svg"), funnel(report).WriteTo)
	fmt.Fprintf(out, "  charts: strata.svg and inspectors.svg in %s\n", dir)
	return err
}

// yearOfVisits sends the inspectors of each area out in random pairs, about forty times each, to
// companies of four risks.
func yearOfVisits(roster *matching.Roster) (visits []evaluate.Visit, harsh, lenient string) {
	areas := map[string][]string{}
	for t := range roster.Teams() {
		for _, id := range t.Inspectors {
			area := id[:strings.LastIndexByte(id, '-')] // their IDs begin with it
			if !slices.Contains(areas[area], id) {
				areas[area] = append(areas[area], id)
			}
		}
	}
	var names []string
	for area, crew := range areas {
		if len(crew) >= 4 {
			names = append(names, area)
		}
	}
	slices.Sort(names)
	rng := rand.New(rand.NewPCG(2026, 12))
	effect := map[string]float64{}
	if len(names) > 0 {
		crew := areas[names[len(names)-1]]
		harsh, lenient = crew[0], crew[1]
		effect[harsh], effect[lenient] = 2.5, -3
	}
	for _, area := range names {
		crew := areas[area]
		for range 20 * len(crew) {
			a, b := crew[rng.IntN(len(crew))], crew[rng.IntN(len(crew))]
			if a == b {
				continue
			}
			risk := rng.IntN(4)
			odds := []float64{-2, -1.2, -0.6, 0}[risk] + effect[a] + effect[b]
			n := len(visits)
			visits = append(visits, evaluate.Visit{
				ID: fmt.Sprintf("visit-%06d", n), Entity: fmt.Sprintf("company-%06d", n), Stratum: fmt.Sprintf("risk-%d", risk+1),
				Inspectors: []string{a, b}, Found: rng.Float64() < 1/(1+math.Exp(-odds)),
			})
		}
	}
	return visits, harsh, lenient
}

// funnel draws the ratio of found and expected of each inspector, and the limits that allow for the
// usual spread, averaged over inspectors with about as many expected findings.
func funnel(report *evaluate.Report) chart.Funnel {
	plot := chart.Funnel{
		Title: "Inspectors: findings against those expected at the same kinds of companies", Line: 1,
		XLabel: "expected findings", YLabel: "found / expected",
	}
	var known []evaluate.Figures
	for _, f := range report.Inspectors {
		if f.Verdict != evaluate.InsufficientData {
			known = append(known, f)
			plot.Points = append(plot.Points, chart.Point{X: f.Expected, Y: f.Ratio, Label: f.Inspector, Marked: f.Verdict == evaluate.Review})
		}
	}
	slices.SortFunc(known, func(a, b evaluate.Figures) int { return cmp.Compare(a.Expected, b.Expected) })
	for k, dashed := range []bool{true, false} {
		low := chart.Curve{Label: fmt.Sprintf("%.1f %%", 100*report.Rules.Limits[k]), Dashed: dashed}
		high := low
		for part := range slices.Chunk(known, max(1, len(known)/20)) {
			x, l, h := 0.0, 0.0, 0.0
			for _, f := range part {
				x += f.Expected / float64(len(part))
				l += f.Limits[k].Added.Low / float64(len(part))
				h += f.Limits[k].Added.High / float64(len(part))
			}
			low.Points = append(low.Points, [2]float64{x, l})
			high.Points = append(high.Points, [2]float64{x, h})
		}
		plot.Curves = append(plot.Curves, low, high)
	}
	return plot
}

// strataChart draws what was drawn from each stratum against its quota.
func strataChart(w io.Writer, result *draw.Result) (int64, error) {
	var bars []chart.Stratum
	for s := range result.Strata() {
		if len(bars) < 40 {
			bars = append(bars, chart.Stratum{Label: place(s.Label), Expected: s.Quota.Float64(), Drawn: float64(s.Count)})
		}
	}
	return chart.Strata(w, "Drawn units by stratum", bars)
}
