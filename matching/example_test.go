package matching_test

import (
	"crypto/sha256"
	"fmt"
	"log"

	"github.com/doublerandom/doublerandom/matching"
)

func Example() {
	directory, err := matching.NewDirectory(sha256.New, "2026-12-01", []matching.Inspector{
		{ID: "inspector-1", Areas: []string{"370202"}, Roles: []string{"lead"}, Capacity: 2},
		{ID: "inspector-2", Areas: []string{"370202"}, Certificates: []matching.Certificate{{Kind: "food", To: "2027-12-31"}}, Capacity: 1},
		{ID: "inspector-3", Areas: []string{"370202", "370203"}, Certificates: []matching.Certificate{{Kind: "food"}}, Capacity: 2},
		{ID: "inspector-4", Areas: []string{"370203"}, Roles: []string{"lead"}, Capacity: 1},
	})
	if err != nil {
		log.Fatal(err)
	}
	team := func(area string) []matching.Place {
		return []matching.Place{{Area: area, Role: "lead"}, {Area: area, Certificate: "food"}}
	}
	problem, err := directory.Problem([]matching.Task{
		{ID: "bakery", Places: team("370202")}, {ID: "canteen", Places: team("370202")}, {ID: "dairy", Places: team("370203")}, {ID: "eatery", Places: team("370203")},
	}, []matching.Exclusion{{Task: "bakery", Inspector: "inspector-2", Reason: "kinship"}}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("announced: problem %.8x…\n", problem.ID())

	roster, _, err := problem.Assign(matching.Key{1}) // in a public draw the key follows from the seed
	if err != nil {
		log.Fatal(err)
	}
	for t := range roster.Teams() {
		fmt.Println(t.Task, t.Inspectors)
	}
	for r := range roster.Refused() {
		g := roster.Region(r.Region)
		fmt.Printf("%s refused: with it %d places need %v, who have room for %d\n", r.Task, int(g.Need)+len(r.Places), g.Inspectors, g.Room)
	}
	fmt.Println(problem.Check(roster, matching.Full))

	// Output:
	// announced: problem 69e44300e9367def…
	// bakery [inspector-1 inspector-3]
	// canteen [inspector-1 inspector-2]
	// eatery [inspector-4 inspector-3]
	// dairy refused: with it 2 places need [inspector-4], who have room for 1
	// <nil>
}
