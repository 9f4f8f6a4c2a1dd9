package visit_test

import (
	"crypto/sha256"
	"fmt"
	"log"

	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/matching/visit"
)

func Example() {
	key := matching.Key{1} // of the draw
	visits := []visit.Visit{
		{Task: "bakery", Inspectors: []string{"wang", "li"}, Departments: []string{"health"}},
		{Task: "canteen", Inspectors: []string{"wang", "zhao"}, Departments: []string{"health", "fire"}},
	}
	slots := []visit.Slot{
		{ID: "2026-12-01-am", Room: map[string]int{"health": 2, "fire": 1}}, {ID: "2026-12-01-pm", Room: map[string]int{"health": 1}},
	}
	plan, err := visit.Schedule(sha256.New, key, visits, slots, false)
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range plan.Slots {
		methods, err := visit.Choose(sha256.New, key, "how", e.Task, []string{"documents", "on-site", "sampling"}, 1)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(e.Task, e.Slot, methods)
	}
	fmt.Println(plan.Check(visits, slots))

	// Output:
	// bakery 2026-12-01-pm [on-site]
	// canteen 2026-12-01-am [documents]
	// <nil>
}
