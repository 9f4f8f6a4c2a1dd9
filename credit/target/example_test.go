package target_test

import (
	"crypto/sha256"
	"fmt"
	"log"
	"strings"

	"github.com/doublerandom/doublerandom/credit/target"
	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/estimate"
	"github.com/doublerandom/doublerandom/registry"
)

// From a draw's findings to the quotas of the next plan: honest rates by district, which of them stand
// out, and an allocation within the policy's floor.
func Example() {
	var rows strings.Builder
	bad := map[string]bool{}
	for i := range 4000 {
		district := i % 8
		id := fmt.Sprintf("shop-%04d", i)
		bad[id] = i/8%100 < []int{4, 5, 40, 5, 6, 4, 5, 0}[district]
		fmt.Fprintf(&rows, "%s district-%d %d\n", id, district, 1+i%3)
	}
	frame, err := registry.ParseFrame(strings.NewReader(rows.String()))
	if err != nil {
		log.Fatal(err)
	}
	quotas, err := draw.Proportional(frame.Strata(), 640, draw.Bounds{})
	if err != nil {
		log.Fatal(err)
	}
	plan, err := draw.NewPlan(draw.SHA256(), frame, quotas, 0)
	if err != nil {
		log.Fatal(err)
	}
	result, err := draw.Run(plan, frame, draw.Seed(sha256.Sum256([]byte("made in public"))))
	if err != nil {
		log.Fatal(err)
	}

	finding := func(id string) estimate.Finding {
		if bad[id] {
			return estimate.Found
		}
		return estimate.Clean
	}
	district := map[string]string{}
	for d := range result.Drawn() {
		district[d.ID] = d.Stratum
	}
	all, err := estimate.Of(result, finding, 0.95)
	if err != nil {
		log.Fatal(err)
	}
	groups, err := estimate.By(result, finding, func(id string) string { return district[id] }, 0.95)
	if err != nil {
		log.Fatal(err)
	}
	var cells []target.Cell
	for _, g := range groups {
		cells = append(cells, target.Cell{Label: g.Label, Rate: g.Rate, EffectiveUnits: g.EffectiveUnits})
	}
	spots, err := target.Spots(cells, all.Rate, 0.05)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range spots {
		fmt.Printf("%s: cold %t\n", s.Label, s.Cold)
	}

	strata := map[string]uint64{}
	for _, s := range frame.Strata() {
		strata[s.Label] = s.Units
	}
	proposal, err := target.Propose(cells, strata)
	if err != nil {
		log.Fatal(err)
	}
	next, err := draw.Neyman(frame.Strata(), 640, proposal.Spread, draw.Bounds{Floor: 20})
	if err != nil {
		log.Fatal(err)
	}
	for _, q := range next {
		n, _ := q.Count.Floor()
		fmt.Println(q.Stratum, n)
	}
	// Output:
	// district-2: cold false
	// district-7: cold true
	// district-0 78
	// district-1 58
	// district-2 196
	// district-3 58
	// district-4 53
	// district-5 98
	// district-6 64
	// district-7 32
}

func ExampleRateRule() {
	change, err := target.CFR382().Next(100_000, []target.Year{{Year: 2025, Found: 7, Inspected: 1000}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(change.Rate, change.Reason)
	// Output:
	// 250000 up: 7 of 1000 inspections in 2025 found a violation, at least 5000 ppm
}
