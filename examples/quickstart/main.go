// Quickstart does the library's main job from end to end: it reads a registry of
// companies, freezes a frame, computes quotas from an item's ratio policy, holds a
// public draw that nobody can steer, sends inspectors, says what was drawn and why and
// who goes where, records what the visits found, weights the next frame by it, judges the
// inspectors, and verifies the draw from the published files alone.
//
//	go run ./examples/quickstart
//
// draws from a made-up city. With -registry it draws from a CSV file of yours
// (also .gz), whose columns -columns names:
//
//	go run ./examples/quickstart -registry companies.csv.gz \
//	    -columns id=uscc,name=name,founded=reg_date,attr=capital_wan -weights capital_wan=0:1,100:2,1000:3,10000:4
package main

import (
	"bufio"
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/registry"
)

func main() {
	in := flags()
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	err := in.check(flag.Args())
	if err == nil {
		err = run(in, out)
	}
	out.Flush()
	if err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// An input is what the command line says.
type input struct {
	file, columns, weights string // a registry of the caller's; file is "" for the sample city
	size                   int    // of the sample city
	ratio                  string // an item's ratio policy, as officials write it
	reserves               int
	dir                    string
	random                 io.Reader // of keys, secrets and contributions
}

func flags() *input {
	in := &input{random: rand.Reader}
	flag.StringVar(&in.file, "registry", "", "draw from this CSV `file` (also .gz) instead of the sample city")
	flag.StringVar(&in.columns, "columns", "", "which columns of the file are which fields, such as id=uscc,name=name,attr=capital_wan")
	flag.StringVar(&in.weights, "weights", "", "weights from bands of a numeric attribute, such as capital_wan=0:1,100:2,1000:3")
	flag.IntVar(&in.size, "size", 100_000, "entities of the sample city")
	flag.StringVar(&in.ratio, "ratio", "不低于3%", "the item's ratio policy")
	flag.IntVar(&in.reserves, "reserves", 2, "reserves per stratum and weight")
	flag.StringVar(&in.dir, "out", "", "`folder` for the published files (default: a new temporary one)")
	return in
}

// check finds mistakes on the command line before the long work begins.
func (in *input) check(rest []string) error {
	if len(rest) > 0 {
		return fmt.Errorf("unexpected argument %q", rest[0])
	}
	if in.file == "" && (in.columns != "" || in.weights != "") {
		return fmt.Errorf("-columns and -weights are for a file of yours, which -registry names")
	}
	if in.file != "" && in.columns == "" {
		return fmt.Errorf("-registry needs -columns, such as -columns id=uscc,name=name")
	}
	if in.file == "" && (in.size < 100 || in.size > 10_000_000) {
		return fmt.Errorf("-size %d, expected 100 to 10000000", in.size)
	}
	if _, err := registry.ReadRatio(in.ratio); err != nil {
		return fmt.Errorf("-ratio: %w", err)
	}
	if in.file == "" {
		return nil
	}
	columns, err := registry.ParseColumns(in.columns)
	if err != nil {
		return fmt.Errorf("-columns: %w", err)
	}
	if _, err := bandWeights(in.weights); err != nil {
		return err
	}
	if key, _, ok := strings.Cut(in.weights, "="); ok && !slices.Contains(columns.Attributes, key) {
		return fmt.Errorf("-weights: -columns has no attribute %q: add attr=%s", key, key)
	}
	return nil
}

// run is the main job, step by step.
func run(in *input, out io.Writer) error {
	watch := newStopwatch(out)
	dir, err := outputFolder(in)
	if err != nil {
		return err
	}

	watch.title("1. The registry: read and check every row")
	reg, err := readRegistry(in, out)
	if err != nil {
		return err
	}
	watch.lap("read")

	watch.title("2. The frame: the frozen list, and who is left out and why")
	frame, excluded, err := buildFrame(in, reg)
	if err != nil {
		return err
	}
	printFrame(out, reg, frame, excluded)
	if _, err := writeFile(filepath.Join(dir, "excluded.txt"), excluded.WriteTo); err != nil {
		return err
	}
	watch.lap("frame")

	watch.title("3. The plan: quotas from the item's ratio policy")
	ratio, err := registry.ReadRatio(in.ratio)
	if err != nil {
		return err
	}
	quotas, err := draw.ByRatio(frame.Strata(), ratio, registry.AnyTier, nil)
	if err != nil {
		return err
	}
	plan, err := draw.NewPlan(draw.SHA256(), frame, quotas, in.reserves)
	if err != nil {
		return err
	}
	printPlan(out, in, plan)
	watch.lap("plan")

	watch.title("4. The public draw: each step is a signed statement")
	s, err := newScene(out, in.random, filepath.Join(dir, "bundle"))
	if err != nil {
		return err
	}
	if s.crews, err = newCrews(s.suite, plan, frame); err != nil {
		return err
	}
	result, err := publicDraw(s, frame, plan)
	if err != nil {
		return err
	}
	watch.lap("published")

	watch.title("5. What was drawn, and why")
	if err := printResult(out, reg, plan, frame, result); err != nil {
		return err
	}

	watch.title("6. Who goes where")
	if err := printCrews(out, s.crews); err != nil {
		return err
	}

	watch.title("7. What the visits found, and what that says of all companies")
	if err := printFindings(out, frame, result); err != nil {
		return err
	}

	watch.title("8. Records: chained, checked against the rules and against the draw")
	archive, err := keepRecords(out, filepath.Join(dir, "inspections.jsonl"), s.suite, s.crews, frame, result)
	if err != nil {
		return err
	}
	watch.lap("recorded")

	watch.title("9. The loop closes: new classes, and the next frame's weights")
	if err := closeLoop(in, out, reg, frame, archive); err != nil {
		return err
	}
	watch.lap("scored")

	watch.title("10. Inspectors: a year of visits, and who stands out")
	if err := judgeInspectors(out, dir, result, s.crews.roster); err != nil {
		return err
	}
	watch.lap("evaluated")

	watch.title("11. Verification, from the published files and the verifier's own policy alone")
	return checkAll(s, out, dir, watch)
}

// publicDraw takes all steps from the notice to the opening, and publishes each.
func publicDraw(s *scene, frame *registry.Frame, plan *draw.Plan) (*draw.Result, error) {
	if err := s.announce(plan); err != nil {
		return nil, err
	}
	if err := s.publishTexts(frame, plan); err != nil {
		return nil, err
	}
	if err := s.contribute(); err != nil {
		return nil, err
	}
	if err := s.pulse(); err != nil {
		return nil, err
	}
	result, err := s.ceremony.Run(plan, frame, s.secret)
	if err != nil {
		return nil, err
	}
	if err := s.crews.assign(s.suite, result); err != nil {
		return nil, err
	}
	if err := s.seal(frame, result); err != nil {
		return nil, err
	}
	return result, s.open(result)
}

// checkAll writes the policy and verifies bundle and receipts by it.
func checkAll(s *scene, out io.Writer, dir string, watch *stopwatch) error {
	policy, err := s.policy()
	if err != nil {
		return err
	}
	text, err := policy.MarshalText()
	if err != nil {
		return err
	}
	policyFile, bundle := filepath.Join(dir, "policy.txt"), filepath.Join(dir, "bundle")
	if err := os.WriteFile(policyFile, text, 0o644); err != nil {
		return err
	}
	report, err := verify(out, bundle, policyFile)
	if err != nil {
		return err
	}
	if report.Verdict != audit.OpenedCorrect {
		return fmt.Errorf("verdict: %s: %s", report.Verdict, report.Reason)
	}
	if _, err := checkReceipt(bundle, "drawn", policy); err != nil {
		return err
	}
	watch.lap("verified")
	fmt.Fprintf(out, "\n  published in %s\n  check it again: go run ./examples/verify -policy %s %s\n", bundle, policyFile, bundle)
	fmt.Fprintf(out, "\nverified: %s; %s of %s units drawn, %s teams\n", report.Verdict, grouped(report.Drawn), grouped(report.Units), grouped(s.crews.roster.Len()))
	return nil
}

// outputFolder returns the folder for the published files, a new one if none is
// given.
func outputFolder(in *input) (string, error) {
	if in.dir == "" {
		return os.MkdirTemp("", "doublerandom-")
	}
	return in.dir, os.MkdirAll(in.dir, 0o755)
}

func writeFile(name string, write func(io.Writer) (int64, error)) (int64, error) {
	f, err := os.Create(name)
	if err != nil {
		return 0, err
	}
	n, err := write(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return n, err
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
