package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/examples/internal/sample"
	"github.com/doublerandom/doublerandom/registry"
)

// mostStrata bounds the strata that the report lists.
const mostStrata = 12

func printFrame(out io.Writer, reg *registry.Registry, frame *registry.Frame, excluded *registry.Exclusions) {
	fmt.Fprintf(out, "  %s entities in the registry\n", grouped(reg.Len()))
	for _, c := range excluded.Counts() {
		fmt.Fprintf(out, "  %s left out: %s\n", grouped(c.Count), c.Reason)
	}
	fmt.Fprintf(out, "  %s units in the frame, in %s strata and %s cells of one weight\n",
		grouped(frame.Len()), grouped(len(frame.Strata())), grouped(len(frame.Cells())))
}

func printPlan(out io.Writer, in *input, plan *draw.Plan) {
	total, _ := plan.Quotas().Total().Floor()
	fmt.Fprintf(out, "  ratio policy %q: %s units to draw\n", in.ratio, grouped(total))
	fmt.Fprintf(out, "  frame root %x\n", plan.FrameRoot())
	fmt.Fprintf(out, "  plan ID    %x\n", plan.ID())
}

func printResult(out io.Writer, reg *registry.Registry, plan *draw.Plan, frame *registry.Frame, result *draw.Result) error {
	fmt.Fprintf(out, "  seed %s\n\n", result.Seed())
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "stratum\tunits\tweight\tquota\tdrawn\t  by weight: drawn of units (chance)") // what no tab ends is not aligned
	n := 0
	for s := range result.Strata() {
		if n++; n > mostStrata {
			continue
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t  %s\n", s.Label, grouped(s.Units), grouped(s.Weight), s.Quota, grouped(s.Count), cellList(result, s.Label))
	}
	table.Flush()
	if n > mostStrata {
		fmt.Fprintf(out, "  … and %s strata more, all in result.txt\n", grouped(n-mostStrata))
	}
	zero := uint64(0)
	for s := range result.Strata() {
		pairs, err := result.ZeroPairs(s.Label)
		if err != nil {
			return err
		}
		if pairs.Zero.Sign() > 0 {
			zero++
		}
	}
	fmt.Fprintf(out, "  strata with pairs that are never drawn together, where a variance is approximate: %s\n\n", grouped(zero))

	fmt.Fprintln(out, "  a few of the drawn:")
	step := max(1, result.Len()/5)
	n = 0
	for d := range result.Drawn() {
		if n%step == 0 {
			name := ""
			if e, ok := reg.Lookup(d.ID); ok {
				name = e.Name
			}
			fmt.Fprintf(out, "    %s  %s  %s\n", d.ID, place(d.Stratum), name)
		}
		n++
	}
	return printReasons(out, plan, frame, result)
}

// printReasons says why one company was drawn and another of its cell was not.
func printReasons(out io.Writer, plan *draw.Plan, frame *registry.Frame, result *draw.Result) error {
	// A cell that was drawn from, but not taken whole, is the telling one.
	var telling draw.CellResult
	for c := range result.Cells() {
		if c.Count > 0 && c.Count+uint64(plan.Reserves()) < c.Units {
			telling = c
			break
		}
	}
	fmt.Fprintln(out, "\n  why:")
	shown := map[bool]bool{}
	for _, u := range frame.All() {
		if u.Stratum != telling.Stratum || u.Weight != telling.Weight {
			continue
		}
		e, err := result.Explain(plan, frame, u.ID)
		if err != nil {
			return err
		}
		if shown[e.Drawn] || e.Reserve {
			continue
		}
		shown[e.Drawn] = true
		fmt.Fprintf(out, "    %s\n", e)
		if len(shown) == 2 {
			break
		}
	}
	return nil
}

// cellList returns "1: 30 of 3,000 (1.0 %), …" for the cells of a stratum.
func cellList(result *draw.Result, label string) string {
	var list []string
	for c := range result.Cells() {
		if c.Stratum == label {
			list = append(list, fmt.Sprintf("%d: %s of %s (%.2f %%)", c.Weight, grouped(c.Count), grouped(c.Units), 100*c.Chance.Float64()))
		}
	}
	return strings.Join(list, ", ")
}

func place(stratum string) string {
	if name := sample.DivisionName(stratum); name != "" {
		return name
	}
	return stratum
}

// grouped returns n with commas between groups of three digits.
func grouped[T int | int64 | uint64](n T) string {
	text := strconv.FormatInt(int64(n), 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ") + "\n"
}
