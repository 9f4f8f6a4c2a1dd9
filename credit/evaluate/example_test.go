package evaluate_test

import (
	"crypto/sha256"
	"fmt"
	"log"

	"github.com/doublerandom/doublerandom/credit/evaluate"
	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/registry"
)

// visits are those of ten inspectors, of whom one finds nothing.
func visits() (list []evaluate.Visit) {
	for i := range 10 {
		for k := range 60 {
			n := i*60 + k
			list = append(list, evaluate.Visit{ID: fmt.Sprintf("v%03d", n), Entity: fmt.Sprintf("company-%03d", n), Stratum: "food",
				Inspectors: []string{fmt.Sprintf("inspector-%d", i)}, Found: i != 3 && (k*7+i*11)%60 < 18})
		}
	}
	return list
}

func ExampleEvaluate() {
	report, err := evaluate.Evaluate(visits(), evaluate.Usual())
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range report.Triggers() {
		fmt.Printf("%s: found %.0f, expected %.1f, %s\n", f.Inspector, f.Found, f.Expected, f.Direction)
	}
	// Output:
	// inspector-3: found 0, expected 16.2, finds less than expected
}

// Respondents are drawn as any other units, from a frame that does not know what was found.
func ExampleRespondents() {
	frame, err := registry.NewFrame(evaluate.Respondents(visits()))
	if err != nil {
		log.Fatal(err)
	}
	quotas, err := draw.Proportional(frame.Strata(), 3, draw.Bounds{})
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
	for d := range result.Drawn() {
		fmt.Println(d.ID, d.Chance)
	}
	// Output:
	// company-294 1/200
	// company-438 1/200
	// company-267 1/200
}

func ExampleWilson() {
	fmt.Println(evaluate.Wilson(0, 50, 0.95), evaluate.Wilson(12, 30, 0.95))
	// Output:
	// 0–7.1 % 24.6–57.7 %
}
