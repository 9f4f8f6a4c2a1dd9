package draw_test

import (
	"crypto/sha256"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/registry"
)

// The main path: README.md shows the same lines.
func Example() {
	frame, err := registry.ParseFrame(strings.NewReader("" +
		"91370202MA3C0000XA 370202 2\n" + // id, stratum, weight
		"91370202MA3C0001XB 370202 1\n" +
		"91370202MA3C0002XC 370202 1\n" +
		"91370203MA3C0003XD 370203 1\n" +
		"91370203MA3C0004XE 370203 3\n"))
	if err != nil {
		log.Fatal(err)
	}
	quotas, err := draw.Proportional(frame.Strata(), 2, draw.Bounds{Floor: 1}) // 2 units, at least one each
	if err != nil {
		log.Fatal(err)
	}
	plan, err := draw.NewPlan(draw.SHA256(), frame, quotas, 1) // publish its text before the seed is known
	if err != nil {
		log.Fatal(err)
	}
	result, err := draw.Run(plan, frame, draw.Seed(sha256.Sum256([]byte("made in public")))) // nothing left to choose
	if err != nil {
		log.Fatal(err)
	}
	for d := range result.Drawn() {
		fmt.Println(d.ID, "chance", d.Chance)
	}
	fmt.Println(draw.Check(plan, frame, result)) // what anybody does with the published files
	// Output:
	// 91370202MA3C0002XC chance 1/4
	// 91370203MA3C0003XD chance 1/4
	// <nil>
}

// One company asks why it was not drawn.
func ExampleResult_Explain() {
	plan, frame, result := example()
	e, err := result.Explain(plan, frame, "91370202MA3C0001XB")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(e)
	// Output:
	// 91370202MA3C0001XB is row 2 of 5 in the frame, in stratum 370202 with weight 1. The stratum has 2 of that weight, each drawn with chance 1/4. Of these, 1/2 were expected to be drawn and the wheel gave 1: those with tickets up to 1b5aeb7cc92cda29ed58a32588baf7b9. Its own ticket, 2e6edcce9fa2abf1119be04972a54c71, is above that: it was not drawn. It is reserve 1 of its cell.
}

// A published result is text.
func ExampleResult_WriteTo() {
	_, _, result := example()
	if _, err := result.WriteTo(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// doublerandom/result/v1
	// plan 39f085eb0173610bbd2755c47d22ed04c329ea38f1b6fb8183833d7e51bb5c80
	// seed f64264d13e38d97054b2764e6652504fe9a176b88f32125686be4e5887f6e468
	// drawn 2
	// stratum 370202 3 4 1 1
	// cell 1 2 1/2 1 1/4 1b5aeb7cc92cda29ed58a32588baf7b9
	// unit 1 91370202MA3C0002XC 1b5aeb7cc92cda29ed58a32588baf7b9
	// reserve 2 91370202MA3C0001XB 2e6edcce9fa2abf1119be04972a54c71
	// cell 2 1 1/2 0 1/2 none
	// reserve 1 91370202MA3C0000XA 7fd95d8b55b5788fdaa040feb40d3dc6
	// stratum 370203 2 4 1 1
	// cell 1 1 1/4 1 1/4 e7744037dc9fb73eea25911b66c53129
	// unit 1 91370203MA3C0003XD e7744037dc9fb73eea25911b66c53129
	// cell 3 1 3/4 0 3/4 none
	// reserve 1 91370203MA3C0004XE 076577d8fbff2e044ad078c9ae34d707
}

// A quota of 3 % of each stratum: exact, then rounded up as the law demands.
func ExampleRate() {
	strata := []registry.Stratum{
		{Label: "370202", Units: 1040, Weight: 1040},
		{Label: "370203", Units: 7, Weight: 7},
	}
	quotas, err := draw.Rate(strata, 30_000)
	if err != nil {
		log.Fatal(err)
	}
	whole, err := draw.RoundUp(strata, quotas)
	if err != nil {
		log.Fatal(err)
	}
	for i, q := range quotas {
		fmt.Println(q.Stratum, q.Count, whole[i].Count)
	}
	// Output:
	// 370202 156/5 32
	// 370203 21/100 1
}

// Two shards of a frame, perhaps on two machines, give the result of the whole.
func ExampleSelection() {
	plan, frame, result := example()
	shard := func(stratum string) *registry.Frame {
		f, err := registry.NewFrame(func(yield func(registry.Unit, error) bool) {
			for _, u := range frame.All() {
				if u.Stratum == stratum && !yield(u, nil) {
					return
				}
			}
		})
		if err != nil {
			log.Fatal(err)
		}
		return f
	}
	one, two := shard("370202"), shard("370203")
	selection, err := draw.NewSelection(plan, result.Seed(), draw.Count(one).Add(draw.Count(two)))
	if err != nil {
		log.Fatal(err)
	}
	first, err := selection.Shard(one)
	if err != nil {
		log.Fatal(err)
	}
	second, err := selection.Shard(two)
	if err != nil {
		log.Fatal(err)
	}
	merged, err := selection.Result(first, second)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(draw.Check(plan, frame, merged))
	// Output: <nil>
}

func example() (*draw.Plan, *registry.Frame, *draw.Result) {
	frame, err := registry.ParseFrame(strings.NewReader("" +
		"91370202MA3C0000XA 370202 2\n" +
		"91370202MA3C0001XB 370202 1\n" +
		"91370202MA3C0002XC 370202 1\n" +
		"91370203MA3C0003XD 370203 1\n" +
		"91370203MA3C0004XE 370203 3\n"))
	if err != nil {
		log.Fatal(err)
	}
	quotas, err := draw.Proportional(frame.Strata(), 2, draw.Bounds{Floor: 1})
	if err != nil {
		log.Fatal(err)
	}
	plan, err := draw.NewPlan(draw.SHA256(), frame, quotas, 1)
	if err != nil {
		log.Fatal(err)
	}
	result, err := draw.Run(plan, frame, draw.Seed(sha256.Sum256([]byte("made in public"))))
	if err != nil {
		log.Fatal(err)
	}
	return plan, frame, result
}
