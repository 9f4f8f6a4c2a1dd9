// Quickstart does the library's main job from end to end: it reads a registry of
// companies, freezes a frame, computes quotas from an item's ratio policy, draws,
// says what was drawn and why, writes the published files and verifies them again
// from those files alone.
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
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/registry"
)

func main() {
	in := flags()
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	err := run(in, out)
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
	seed                   string
	dir                    string
}

func flags() *input {
	in := new(input)
	flag.StringVar(&in.file, "registry", "", "draw from this CSV `file` (also .gz) instead of the sample city")
	flag.StringVar(&in.columns, "columns", "", "which columns of the file are which fields, such as id=uscc,name=name,attr=capital_wan")
	flag.StringVar(&in.weights, "weights", "", "weights from bands of a numeric attribute, such as capital_wan=0:1,100:2,1000:3")
	flag.IntVar(&in.size, "size", 100_000, "entities of the sample city")
	flag.StringVar(&in.ratio, "ratio", "不低于3%", "the item's ratio policy")
	flag.IntVar(&in.reserves, "reserves", 2, "reserves per stratum and weight")
	flag.StringVar(&in.seed, "seed", "", "the draw's seed, 64 hexadecimal `digits` (default: fresh from the operating system)")
	flag.StringVar(&in.dir, "out", "", "`folder` for the published files (default: a new temporary one)")
	return in
}

// run is the main job, step by step.
func run(in *input, out io.Writer) error {
	watch := newStopwatch(out)

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
	watch.lap("frame")

	watch.title("3. The plan: quotas from the item's ratio policy, fixed before the seed is known")
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

	watch.title("4. The draw: nothing is left to choose")
	seed, err := readSeed(in)
	if err != nil {
		return err
	}
	result, err := draw.Run(plan, frame, seed)
	if err != nil {
		return err
	}
	watch.lap("draw")
	if err := printResult(out, reg, plan, frame, result); err != nil {
		return err
	}

	watch.title("5. The published files")
	dir, err := publish(in, out, frame, excluded, plan, result)
	if err != nil {
		return err
	}
	watch.lap("written")

	watch.title("6. Verification, from those files alone")
	drawn, err := verify(out, dir)
	if err != nil {
		return err
	}
	watch.lap("verified")
	fmt.Fprintf(out, "\nverified: %s of %s units were drawn as plan.txt, frame.txt and the seed demand\n",
		grouped(drawn), grouped(frame.Len()))
	return nil
}

// readSeed returns the seed of the command line, or a fresh one. Who may choose
// a seed is the public protocol's business; here it is given directly.
func readSeed(in *input) (seed draw.Seed, err error) {
	if in.seed != "" {
		return draw.ParseSeed(in.seed)
	}
	_, err = rand.Read(seed[:])
	return seed, err
}

// publish writes the published files.
func publish(in *input, out io.Writer, frame *registry.Frame, excluded *registry.Exclusions, plan *draw.Plan, result *draw.Result) (string, error) {
	dir := in.dir
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "doublerandom-"); err != nil {
			return "", err
		}
	} else if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	text, err := plan.MarshalText()
	if err != nil {
		return "", err
	}
	for _, file := range []struct {
		name, what string
		write      func(io.Writer) (int64, error)
	}{
		{"frame.txt", "a line for every unit: id, stratum, weight", frame.WriteTo},
		{"excluded.txt", "a line for everyone left out: id, reason", excluded.WriteTo},
		{"plan.txt", "the frame's root, quotas and reserves", func(w io.Writer) (int64, error) {
			n, err := w.Write(text)
			return int64(n), err
		}},
		{"result.txt", "the seed, and everyone drawn with ticket and chance", result.WriteTo},
	} {
		n, err := writeFile(filepath.Join(dir, file.name), file.write)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(out, "  %-13s %13s bytes   %s\n", file.name, grouped(n), file.what)
	}
	fmt.Fprintf(out, "  in %s\n", dir)
	return dir, nil
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

// verify re-derives the draw from the published files alone.
func verify(out io.Writer, dir string) (drawn int, err error) {
	var frame *registry.Frame
	var plan *draw.Plan
	var result *draw.Result
	for _, file := range []struct {
		name  string
		parse func(io.Reader) error
	}{
		{"frame.txt", func(r io.Reader) (err error) { frame, err = registry.ParseFrame(r); return err }},
		{"plan.txt", func(r io.Reader) (err error) { plan, err = draw.ParsePlan(r, draw.SHA256()); return err }},
		{"result.txt", func(r io.Reader) (err error) { result, err = draw.ParseResult(r); return err }},
	} {
		f, err := os.Open(filepath.Join(dir, file.name))
		if err != nil {
			return 0, err
		}
		err = file.parse(f)
		f.Close()
		if err != nil {
			return 0, err
		}
		fmt.Fprintf(out, "  read %s\n", file.name)
	}
	if err := draw.Check(plan, frame, result); err != nil {
		return 0, err
	}
	fmt.Fprintf(out, "  the frame's root is the plan's: %x\n", plan.FrameRoot())
	fmt.Fprintf(out, "  every drawn unit and reserve re-derived from the seed %s\n", result.Seed())
	return result.Len(), nil
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
