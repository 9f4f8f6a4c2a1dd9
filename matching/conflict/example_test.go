package conflict_test

import (
	"fmt"
	"log"

	"github.com/doublerandom/doublerandom/matching/conflict"
)

func Example() {
	found, err := conflict.Expand(conflict.Rules{Degrees: 2, SharePPM: 50_000}, &conflict.Tables{
		Persons: []conflict.Person{{Inspector: "inspector-7", Person: "wang"}},
		Kin:     []conflict.Kin{{A: "wang", B: "wang-jr"}},
		Shares:  []conflict.Share{{Holder: "wang-jr", Entity: "bakery", PPM: 60_000}},
	}, "2026-12-01", 1)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range found.Conflicts {
		fmt.Println(c.Inspector, "must not go to", c.Entity, c.Sources)
	}

	// Output:
	// inspector-7 must not go to bakery [{kinship [kin 1 person 1 share 1]}]
}
