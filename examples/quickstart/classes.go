package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/credit"
	"github.com/doublerandom/doublerandom/credit/model"
	"github.com/doublerandom/doublerandom/registry"
)

// nextDay is when the next frame is frozen.
const nextDay = "2027-02-01"

// closeLoop scores every company of the frame by what is known of it now, and freezes the next frame
// with the weights of the new classes.
func closeLoop(in *input, out io.Writer, reg *registry.Registry, frame *registry.Frame, archive *credit.Archive) error {
	on, err := registry.ParseDate(nextDay)
	if err != nil {
		return err
	}
	risk := model.China4()
	scorer, err := risk.On(on)
	if err != nil {
		return err
	}
	supervision, ok := risk.Term("监管信息")
	if !ok {
		return fmt.Errorf("model %s has no term 监管信息", risk)
	}
	found, visit := map[string][]model.Fact{}, map[string]registry.Date{}
	for c := range archive.Cases() {
		day := visitDay(c.Record.To)
		visit[c.Record.Entity] = day
		if points := uint32(c.Record.Severity); points > 0 {
			found[c.Record.Entity] = append(found[c.Record.Entity], model.Fact{Date: day, Points: points, Count: 1, Term: supervision})
		}
	}

	after, sizes := map[string]string{}, map[string]*[2]int{} // classes by company; companies by class, before and after
	for c := range risk.Classes() {
		sizes[c.Label] = new([2]int)
	}
	moves, shown := map[string]int{}, ""
	for _, u := range frame.All() {
		e, _ := reg.Lookup(u.ID) // the frame is the registry's
		facts := history(e, risk, supervision)
		old, _, err := scorer.Classify(facts)
		if err != nil {
			return err
		}
		facts = append(facts, found[u.ID]...)
		now, _, err := scorer.Classify(facts)
		if err != nil {
			return err
		}
		after[u.ID] = now.Label
		sizes[old.Label][0]++
		sizes[now.Label][1]++
		if old.Label == now.Label {
			continue
		}
		moves[old.Label+" to "+now.Label]++
		if shown == "" {
			score, err := scorer.Score(facts)
			if err != nil {
				return err
			}
			shown = fmt.Sprintf("%s\n%s", u.ID, score)
		}
	}
	printMoves(out, risk, sizes, moves)
	if shown != "" {
		fmt.Fprintf(out, "  one of them, line by line: %s", indent(shown)[2:])
	}

	next, excluded, err := nextFrame(in, reg, visit, risk, after, on)
	if err != nil {
		return err
	}
	weights := map[uint64]int{}
	for _, u := range next.All() {
		weights[u.Weight]++
	}
	var list []string
	for c := range risk.Classes() {
		list = append(list, fmt.Sprintf("%s of weight %d", grouped(weights[c.Weight]), c.Weight))
	}
	fmt.Fprintf(out, "  the next frame has %s units: %s; %s left out\n",
		grouped(next.Len()), strings.Join(list, ", "), grouped(excluded.Len()))
	return nil
}

// history makes up what was known of a company before, so that the sample's classes come out.
func history(e registry.Entity, risk *model.Model, supervision uint16) []model.Fact {
	past, err := registry.ParseDate("2025-09-01")
	if err != nil {
		panic("quickstart: " + err.Error())
	}
	class, _ := e.Attributes.Value("class")
	switch class { // of these points half count, being more than a year old
	case "B":
		return []model.Fact{{Date: past, Points: 130, Count: 2, Term: supervision}}
	case "C":
		return []model.Fact{{Date: past, Points: 180, Count: 4, Term: supervision}}
	case "D":
		grave, _ := risk.Term("严重违法失信")
		return []model.Fact{{Date: past, Points: 1, Count: 1, Term: grave}}
	}
	return nil
}

func printMoves(out io.Writer, risk *model.Model, sizes map[string]*[2]int, moves map[string]int) {
	for c := range risk.Classes() {
		fmt.Fprintf(out, "  class %s: %s companies before, %s now; weight %d, %.1f %% a year\n",
			c.Label, grouped(sizes[c.Label][0]), grouped(sizes[c.Label][1]), c.Weight, float64(c.Rate)/10_000)
	}
	var list []string
	for move, n := range moves {
		list = append(list, fmt.Sprintf("%s: %s", move, grouped(n)))
	}
	slices.Sort(list)
	fmt.Fprintf(out, "  changed by what the visits found: %s\n", strings.Join(list, ", "))
}

// nextFrame freezes the frame of the next draw: without those visited in the last month, with the
// weights of the new classes.
func nextFrame(in *input, reg *registry.Registry, visit map[string]registry.Date, risk *model.Model, class map[string]string, on registry.Date) (*registry.Frame, *registry.Exclusions, error) {
	updated, _, err := registry.Import(func(yield func(registry.Entity, error) bool) {
		for _, e := range reg.All() {
			if day, ok := visit[e.ID]; ok {
				e.LastInspected = day
			}
			if !yield(e, nil) {
				return
			}
		}
	}, registry.Checks{})
	if err != nil {
		return nil, nil, err
	}
	rules, err := frameRules(in, reg, on)
	if err != nil {
		return nil, nil, err
	}
	rules.RestMonths = 1 // those whose class has changed can be drawn again
	rules.Weight = risk.Weigher(func(e registry.Entity) string {
		if label, ok := class[e.ID]; ok {
			return label
		}
		return "A" // not in the frame before: nothing is known
	})
	return updated.Frame(rules)
}
