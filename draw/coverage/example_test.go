package coverage_test

import (
	"crypto/sha256"
	"fmt"
	"log"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/coverage"
	"github.com/doublerandom/doublerandom/registry"
)

func day(s string) registry.Date {
	d, err := registry.ParseDate(s)
	if err != nil {
		log.Fatal(err)
	}
	return d
}

// Twelve food operators are each inspected once in a year, the risky ones in its first half; and where
// one that is registered in between is placed.
func Example() {
	var rows strings.Builder
	for i := range 12 {
		fmt.Fprintf(&rows, "shop-%02d food %d\n", i, 1+i%3/2*3)
	}
	frame, err := registry.ParseFrame(strings.NewReader(rows.String()))
	if err != nil {
		log.Fatal(err)
	}
	plan, err := coverage.NewPlan(draw.SHA256(), frame, coverage.Terms{
		Batches: []coverage.Batch{
			{Label: "2027H1", From: day("2027-01-01"), To: day("2027-06-30")},
			{Label: "2027H2", From: day("2027-07-01"), To: day("2027-12-31")},
		},
		Lead: 14,
		Shares: []coverage.Shares{
			{Stratum: "food", Weight: 1, Parts: []uint64{1, 1}},
			{Stratum: "food", Weight: 4, Parts: []uint64{3, 1}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	schedule, err := coverage.Run(plan, frame, draw.Seed(sha256.Sum256([]byte("made in public"))))
	if err != nil {
		log.Fatal(err)
	}
	for b, batch := range plan.Batches() {
		fmt.Print(batch.Label)
		for u, err := range schedule.Units(frame, b) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Print(" ", u.ID)
		}
		fmt.Println()
	}
	fmt.Println(coverage.Check(plan, frame, schedule))

	b, err := schedule.Place(frame, coverage.Newcomer{Unit: registry.Unit{ID: "shop-99", Stratum: "food", Weight: 1}, Registered: day("2027-06-20")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("shop-99", plan.Batches()[b].Label)
	// Output:
	// 2027H1 shop-01 shop-02 shop-04 shop-05 shop-06 shop-08 shop-10
	// 2027H2 shop-00 shop-03 shop-07 shop-09 shop-11
	// <nil>
	// shop-99 2027H2
}
