package model_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/doublerandom/doublerandom/credit/model"
	"github.com/doublerandom/doublerandom/registry"
)

func Example() {
	m, err := model.Parse([]byte(`doublerandom/risk-model/v1
model kitchens version 1 from 2026-01-01 to open
title Notice 12 of the city, annex 2
facts all
times recent within 6 months 3; within 12 months 2; within 24 months 1; else 0
term hygiene points 1..10 visit at most 15 weighted recent
term late-report points 1 factor 5 at most 10
class low total at most 10 rate 10000 weight 1
class medium total at most 40 each term at most 30 rate 50000 weight 5
class high otherwise rate 200000 weight 20
`))
	if err != nil {
		log.Fatal(err)
	}

	facts := map[string][]model.Fact{}
	for row, err := range m.ReadRows(strings.NewReader(`bakery 2026-03-01 0 late-report 1 1
canteen 2025-09-01 0 hygiene 9 2
canteen 2026-08-15 0 hygiene 4 1
canteen 2026-08-15 0 late-report 1 3
canteen 2026-09-01 0 hygiene -2 1
`)) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		facts[row.Entity] = append(facts[row.Entity], row.Fact)
	}

	day, err := registry.ParseDate("2026-09-01")
	if err != nil {
		log.Fatal(err)
	}
	scorer, err := m.On(day)
	if err != nil {
		log.Fatal(err)
	}
	for _, entity := range []string{"bakery", "canteen"} {
		score, err := scorer.Score(facts[entity])
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: weight %d\n%s", entity, score.Class.Weight, score)
	}

	// Output:
	// model: line 5: fact "2026-09-01 0 hygiene -2 1": negative points "-2", expected 1..10
	// bakery: weight 1
	// kitchens version 1 on 2026-09-01: class low
	// hygiene 0: no facts
	// late-report 5: 1 fact, 5; 5*1 = 5
	// total 0 + 5 = 5, highest 5
	// canteen: weight 20
	// kitchens version 1 on 2026-09-01: class high
	// hygiene 42: 2 facts, 22 - 3 over 15 a visit = 19; 4*3 + 15*2 = 42
	// late-report 10: 1 fact, 15; 15*1 = 15; at most 10
	// total 42 + 10 = 52, highest 42
	// not low: expected total at most 10
	// not medium: expected total at most 40 each term at most 30
}

func ExampleFHRS() {
	m := model.FHRS()
	inspected, err := registry.ParseDate("2026-03-01")
	if err != nil {
		log.Fatal(err)
	}
	var facts []model.Fact
	for term, points := range map[string]uint32{"hygiene": 5, "structural": 10, "confidence-in-management": 5} {
		index, _ := m.Term(term)
		facts = append(facts, model.Fact{Date: inspected, Term: index, Points: points, Count: 1})
	}
	scorer, err := m.On(inspected)
	if err != nil {
		log.Fatal(err)
	}
	class, total, err := scorer.Classify(facts)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("rating", class.Label, "with", total, "points")

	// Output:
	// rating 4 with 20 points
}

func ExampleVersions() {
	first := model.NYC()
	d := first.Definition()
	d.Version = 2
	d.From, _ = registry.ParseDate("2027-01-01")
	d.Classes[0].Total = 10 // a stricter A
	second, err := model.New(d)
	if err != nil {
		log.Fatal(err)
	}
	versions, err := model.NewVersions(first, second)
	if err != nil {
		log.Fatal(err)
	}
	fact, err := first.ParseFact("2026-12-01 0 general 12 1")
	if err != nil {
		log.Fatal(err)
	}
	for _, text := range []string{"2026-12-31", "2027-01-01"} {
		day, _ := registry.ParseDate(text)
		scorer, err := versions.On(day)
		if err != nil {
			log.Fatal(err)
		}
		class, _, err := scorer.Classify([]model.Fact{fact})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(day, scorer.Model(), class.Label)
	}

	// Output:
	// 2026-12-31 nyc-letter-grade version 1 A
	// 2027-01-01 nyc-letter-grade version 2 B
}

func ExampleModel_Ratio() {
	ratio, err := model.China4().Ratio(registry.RatioFloor, registry.PerYear)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ratio)

	// Output:
	// class A floor 10000ppm/year; class B floor 30000ppm/year; class C floor 100000ppm/year; class D floor 300000ppm/year
}
