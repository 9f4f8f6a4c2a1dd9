package main

import (
	"fmt"
	"hash/fnv"
	"io"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/estimate"
	"github.com/doublerandom/doublerandom/registry"
)

// hasProblem says what an inspection of a unit would find in the sample's world: the
// heavier the unit, the more often something.
func hasProblem(u registry.Unit) bool {
	h := fnv.New64a()
	h.Write([]byte(u.ID)) // a hash returns no error
	return h.Sum64()%1000 < 20*min(u.Weight, 20)
}

// unreachable says whom nobody finds at the registered address: about one in twelve.
func unreachable(id string) bool {
	h := fnv.New64()
	h.Write([]byte(id))
	return h.Sum64()%12 == 0
}

// printFindings makes up what the visits found, and compares what follows for the whole
// frame with the truth, which only the sample knows.
func printFindings(out io.Writer, frame *registry.Frame, result *draw.Result) error {
	problems := 0
	for _, u := range frame.All() {
		if hasProblem(u) {
			problems++
		}
	}
	e, err := estimate.Of(result, func(id string) estimate.Finding {
		i, ok := frame.Find(id)
		switch {
		case !ok || unreachable(id):
			return estimate.NoAnswer
		case hasProblem(frame.At(i)):
			return estimate.Found
		}
		return estimate.Clean
	}, 0.95)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  %s companies inspected, %s were not to be found\n", grouped(e.Inspected), grouped(e.Missing))
	fmt.Fprintf(out, "  with a problem: %.2f %% of the inspected, which says nothing of the others: risky ones were drawn more often\n", 100*e.Naive)
	fmt.Fprintf(out, "  by the chances of the draw: %.2f %% of all companies, between %.2f and %.2f %% with 95 %% confidence\n", 100*e.Rate, 100*e.Low, 100*e.High)
	fmt.Fprintf(out, "  in truth: %.2f %% (the findings are made up, so it is known here)\n", 100*float64(problems)/float64(frame.Len()))
	return nil
}
