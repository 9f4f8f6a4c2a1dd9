package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/doublerandom/doublerandom/matching/conflict"
	"github.com/doublerandom/doublerandom/registry"
)

func printReading(out io.Writer, r *reading) {
	fmt.Fprintf(out, "  snapshot %s, read only\n", r.snapshot)
	printProblems(out, r.report)
	t := r.conflicts
	fmt.Fprintf(out, "  companies read in %v\n", r.took.Round(time.Millisecond))
	fmt.Fprintf(out, "  %s inspectors of %d departments; %s declared relations, %s offices and %s shares that inspectors or their relatives lead to,\n"+
		"  %s former employments, %s recusals, %s inspections of the last rounds; this is round %d\n",
		grouped(r.crew.Len()), r.orgs.Len(), grouped(len(t.Kin)), grouped(len(t.Offices)), grouped(len(t.Shares)),
		grouped(len(t.Employments)), grouped(len(t.Recusals)), grouped(len(t.Visits)), t.round)
}

// printProblems counts what was wrong with the companies, and shows one of each kind.
func printProblems(out io.Writer, report *registry.Report) {
	fmt.Fprintf(out, "  %s companies: %s kept, %s rejected; the code of %s was mended\n",
		grouped(report.Rows), grouped(report.Kept), grouped(report.Rejected), grouped(report.Narrowed+report.Uppercased))
	shown := map[registry.Kind]string{}
	for _, p := range report.Problems {
		if shown[p.Kind] == "" {
			shown[p.Kind] = fmt.Sprintf("such as row %d, %s", p.Row, p.Text)
		}
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for kind, n := range report.Counts() {
		fmt.Fprintf(table, "    %s\t%s\t%s\n", kind, grouped(n), shown[kind])
	}
	table.Flush()
}

func printFrame(out io.Writer, in *input, o *outcome) {
	for _, c := range o.excluded.Counts() {
		fmt.Fprintf(out, "  %s left out: %s\n", grouped(c.Count), c.Reason)
	}
	total, _ := o.plan.Quotas().Total().Floor()
	fmt.Fprintf(out, "  %s companies in the frame, in %d strata and %d cells of one weight\n", grouped(o.frame.Len()), len(o.frame.Strata()), len(o.frame.Cells()))
	fmt.Fprintf(out, "  ratio policy %q: %s to draw\n  frame root %x\n  plan ID    %x\n", in.ratio, grouped(total), o.plan.FrameRoot(), o.plan.ID())
}

// printConflicts says how many there are by rule, and shows one of each with its rows.
func printConflicts(out io.Writer, o *outcome) error {
	count, shown := map[string]int{}, map[string]string{}
	for _, c := range o.crew.found.Conflicts {
		for _, source := range c.Sources {
			if count[source.Rule]++; count[source.Rule] > 1 {
				continue
			}
			rows, err := o.reading.conflicts.trace(source)
			if err != nil {
				return err
			}
			shown[source.Rule] = fmt.Sprintf("such as %s not to %s: %s", c.Inspector, c.Entity, strings.Join(rows, ", "))
		}
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, rule := range []string{conflict.Kinship, conflict.Shareholding, conflict.Former, conflict.Declared, conflict.Rotation} {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", rule, grouped(count[rule]), shown[rule])
	}
	table.Flush()
	fmt.Fprintf(out, "  %s pairs of inspectors to be kept apart, since they went together in the last round\n", grouped(len(o.crew.found.Apart)))
	return nil
}

func printDraw(out io.Writer, o *outcome) {
	fmt.Fprintf(out, "  notice, 2 commits, 2 reveals, close seen by a witness, lottery, sealed result, opening: all in the bundle\n  seed %s\n", o.result.Seed())
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "department\tcompanies\tweight\tquota\tdrawn\t")
	for s := range o.result.Strata() {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t\n", s.Label, grouped(s.Units), grouped(s.Weight), s.Quota, grouped(s.Count))
	}
	table.Flush()
}

func printCrew(out io.Writer, o *outcome) error {
	report, err := o.crew.problem.Report(o.crew.roster)
	if err != nil {
		return err
	}
	refused, why := 0, ""
	for r := range o.crew.roster.Refused() {
		if refused++; refused == 1 {
			why = fmt.Sprintf(", such as %s: %s", r.Task, o.crew.reason(r))
		}
	}
	fmt.Fprintf(out, "  %s teams of two, a lead and another, certificates valid on the day; %s companies without one%s\n",
		grouped(o.crew.roster.Len()), grouped(refused), why)
	step, n := max(1, o.crew.roster.Len()/3), 0
	for t := range o.crew.roster.Teams() {
		if n%step == 0 {
			e, _ := o.reading.entities.Lookup(t.Task)
			support := report.Support[t.Task]
			fmt.Fprintf(out, "    %s %s: %s (each one of %d and %d who could have gone)\n", t.Task, e.Name, strings.Join(t.Inspectors, " and "), support[0], support[1])
		}
		n++
	}
	var loads []string
	for load, inspectors := range report.Loads {
		if inspectors > 0 {
			loads = append(loads, fmt.Sprintf("%s have %d", grouped(inspectors), load))
		}
	}
	fmt.Fprintf(out, "  visits by inspector, carried-over ones counted: %s; no roster spreads them more evenly\n", strings.Join(loads, ", "))
	return nil
}

// A stopwatch prints titles, and how long the work under each took.
type stopwatch struct {
	out  io.Writer
	last time.Time
}

func newStopwatch(out io.Writer) *stopwatch { return &stopwatch{out, time.Now()} }

func (w *stopwatch) title(text string) {
	fmt.Fprintf(w.out, "\n%s\n", text)
	w.flush()
	w.last = time.Now()
}

// flush shows what was printed: the next step may take a while.
func (w *stopwatch) flush() {
	if out, ok := w.out.(*bufio.Writer); ok {
		out.Flush()
	}
}

func (w *stopwatch) lap(what string) {
	fmt.Fprintf(w.out, "  %s in %v\n", what, time.Since(w.last).Round(time.Millisecond))
	w.flush()
}

// times returns how many times the one is the other, such as "1.5 × the bare COPY".
func times[T int64 | time.Duration](have, of T, what string) string {
	return fmt.Sprintf("%.1f × %s", float64(have)/float64(of), what)
}

// mb returns a number of bytes in millions of bytes.
func mb(n int64) string {
	if n == 0 {
		return "of unknown size"
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// grouped returns n with commas between groups of three digits.
func grouped[T int | int64 | uint64](n T) string {
	text := strconv.FormatInt(int64(n), 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
