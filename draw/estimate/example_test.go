package estimate_test

import (
	"crypto/sha256"
	"fmt"
	"log"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/estimate"
	"github.com/doublerandom/doublerandom/registry"
)

func Example() {
	// A hundred bakeries: twenty are known to be risky and four times as likely to be drawn. Half of those
	// have a problem, of the others one in eight.
	var rows strings.Builder
	bad := map[string]bool{}
	for i := range 100 {
		id, weight := fmt.Sprintf("bakery-%02d", i), 1
		bad[id] = i%10 == 1
		if i%5 == 0 {
			weight, bad[id] = 4, i%2 == 0
		}
		fmt.Fprintf(&rows, "%s city %d\n", id, weight)
	}
	frame, err := registry.ParseFrame(strings.NewReader(rows.String()))
	if err != nil {
		log.Fatal(err)
	}
	plan, err := draw.NewPlan(draw.SHA256(), frame, draw.Quotas{{Stratum: "city", Count: draw.WholeFraction(32)}}, 0)
	if err != nil {
		log.Fatal(err)
	}
	result, err := draw.Run(plan, frame, draw.Seed(sha256.Sum256([]byte("made in public"))))
	if err != nil {
		log.Fatal(err)
	}
	e, err := estimate.Of(result, func(id string) estimate.Finding {
		if bad[id] {
			return estimate.Found
		}
		return estimate.Clean
	}, 0.95)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("of the inspected %.0f %%, of all %.0f %% (between %.0f and %.0f %%); the truth is 20 %%\n", 100*e.Naive, 100*e.Rate, 100*e.Low, 100*e.High)

	// Output:
	// of the inspected 28 %, of all 19 % (between 8 and 34 %); the truth is 20 %
}
