// City runs eight months of inspections of a whole made-up city: a million entities, three tiers of departments,
// 26,520 inspectors, 881 chained public draws with their teams, 11,300 visits and what follows from them. Then it
// verifies the whole series from the published files alone, and says how honest the figures are.
//
//	go run ./examples/city
//
// takes some minutes and about 700 MB of disk; -scale 0.01 makes a small city in seconds. Everything is made up from
// one seed, keys too: see README.md.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/doublerandom/doublerandom/credit/model"
	"github.com/doublerandom/doublerandom/draw/audit"
	"golang.org/x/mod/sumdb/note"
)

func main() {
	in := new(input)
	flag.Float64Var(&in.scale, "scale", 1, "size of the city and its year, 0.001 to 1")
	flag.Uint64Var(&in.seed, "seed", 2026, "`number` from which everything is made up")
	flag.StringVar(&in.dir, "out", "", "`folder` for the published files, new or empty (default: a temporary one)")
	flag.BoolVar(&in.keep, "keep", false, "keep the temporary folder")
	flag.StringVar(&in.verify, "verify", "", "only verify the `folder` of an earlier run")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	err := in.check(flag.Args())
	if err == nil {
		err = run(in, out)
	}
	out.Flush()
	if err != nil {
		fmt.Fprintln(os.Stderr, "city:", err)
		os.Exit(1)
	}
}

// An input is what the command line says.
type input struct {
	scale  float64
	seed   uint64
	dir    string
	keep   bool
	verify string
}

// check finds mistakes on the command line before the long work begins.
func (in *input) check(rest []string) error {
	if len(rest) > 0 {
		return fmt.Errorf("unexpected argument %q", rest[0])
	}
	if _, err := newSizes(in.scale); err != nil {
		return err
	}
	if in.verify != "" {
		if in.dir != "" || in.keep {
			return fmt.Errorf("-verify makes nothing: -out and -keep do not go with it")
		}
		return nil
	}
	if in.dir != "" {
		entries, err := os.ReadDir(in.dir)
		if err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("-out: %w", err)
		}
		if len(entries) > 0 {
			return fmt.Errorf("-out %s is not empty: it has %s", in.dir, entries[0].Name())
		}
	}
	return nil
}

// run makes up the city, lets the months pass, and verifies what they left.
func run(in *input, out io.Writer) (err error) {
	watch := newStopwatch(out)
	if in.verify != "" {
		return check(in.verify, out, watch)
	}
	dir := in.dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "doublerandom-city-"); err != nil {
			return err
		}
		if !in.keep {
			defer os.RemoveAll(dir)
			fmt.Fprintf(out, "files go to %s and are removed at the end: -keep keeps them, -out says where\n", dir)
		}
	}
	if err := makeYear(in, dir, out, watch); err != nil {
		return err
	}
	debug.FreeOSMemory() // nothing of the city is needed any more
	return check(dir, out, watch)
}

// makeYear does all that happens before verification, and prints it.
func makeYear(in *input, dir string, out io.Writer, watch *stopwatch) error {
	size, err := newSizes(in.scale)
	if err != nil {
		return err
	}
	watch.title(fmt.Sprintf("1. The city, made up from seed %d at scale %v; all its keys are test keys", in.seed, in.scale))
	w, err := newWorld(dice{in.seed}, size)
	if err != nil {
		return err
	}
	printWorld(out, w)
	watch.lap("made and imported")

	watch.title("2. Eight months: draws, teams, visits, events, openings")
	c, err := newCampaign(w, dir)
	if err != nil {
		return err
	}
	cover, err := coverAll(w, c.s, filepath.Join(dir, dirCoverage))
	if err != nil {
		return fmt.Errorf("coverage: %w", err)
	}
	if err := c.run(); err != nil {
		return err
	}
	printDraws(out, c, cover)
	watch.lap("drawn")

	watch.title("3. Who was visited, and who went")
	printCoverage(out, c)

	watch.title("4. What the visits found, and what that says of everybody")
	printRates(out, &w.tally)

	watch.title("5. Records, the year before, and the public credit file")
	head, err := c.publishRecords(dir)
	if err != nil {
		return err
	}
	printRecords(out, c, head)
	file, err := c.publicFile()
	if err != nil {
		return err
	}
	text, err := file.MarshalText()
	if err != nil {
		return err
	}
	if err := folder(dir).write(fileCredit, text); err != nil {
		return err
	}
	printFile(out, file)
	watch.lap("recorded")

	watch.title("6. Inspectors: who stands out, and who does in truth")
	v, err := c.judge()
	if err != nil {
		return err
	}
	printJudgement(out, v)
	watch.lap("judged")
	return c.publishPolicy(dir)
}

// newCampaign plans the months and publishes the series.
func newCampaign(w *world, dir string) (*campaign, error) {
	tasks, err := w.agenda()
	if err != nil {
		return nil, err
	}
	days, err := w.diary.days(firstDay, lastNotice)
	if err != nil {
		return nil, err
	}
	known, results, err := evenings(w.dice, days)
	if err != nil {
		return nil, err
	}
	s, err := newSeries(w.dice, filepath.Join(dir, dirSeries), len(tasks), clock(date(firstDay), 8, 0), known, results)
	if err != nil {
		return nil, err
	}
	archive := filepath.Join(dir, dirArchive)
	if err := os.MkdirAll(archive, 0o755); err != nil {
		return nil, err
	}
	k, err := newKeeper(filepath.Join(archive, fileJournal), w.diary)
	return &campaign{w: w, s: s, k: k, tasks: tasks, facts: map[string][]model.Fact{}}, err
}

// publishRecords signs the journal's head and hands out the receipts of flying inspections.
func (c *campaign) publishRecords(dir string) (string, error) {
	head, err := c.k.close()
	if err != nil {
		return "", err
	}
	text, err := head.MarshalText()
	if err != nil {
		return "", err
	}
	signed, err := note.Sign(&note.Note{Text: string(text)}, c.s.regulator)
	if err != nil {
		return "", err
	}
	for _, j := range c.done {
		if j.receiptNote != nil {
			if err := folder(dir).write(fmt.Sprintf("%s/%04d.note", dirReceipts, j.number), j.receiptNote); err != nil {
				return "", err
			}
		}
	}
	return fmt.Sprintf("%x…", head.Root[:8]), folder(dir).write(fileHead, signed)
}

// publishPolicy writes what a verifier trusts who has watched all this.
func (c *campaign) publishPolicy(dir string) error {
	text, err := c.s.policy().MarshalText()
	if err != nil {
		return err
	}
	return folder(dir).write(filePolicy, text)
}

// check verifies a folder and prints what it took.
func check(dir string, out io.Writer, watch *stopwatch) error {
	watch.title("7. Verification, from the published files and the verifier's own policy alone")
	v, err := verify(dir, out)
	if err != nil {
		return err
	}
	watch.lap("verified")
	bytes, files, largest, err := sizesOf(dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  published in %s: bundles of %s draws with %s MB in %s files, %s kB on average, the largest %s MB; coverage plan %s kB; journal %s MB\n",
		dir, grouped(len(v.series.Draws)), grouped(bytes[dirSeries]>>20), grouped(files[dirSeries]), grouped(bytes[dirSeries]>>10/int64(len(v.series.Draws))),
		grouped(largest>>20), grouped(bytes[dirCoverage]>>10), grouped(bytes[dirArchive]>>20))
	watch.total()
	fmt.Fprintf(out, "\nverified: %s; %s draws, %s units drawn, %d called off\n", v.series.Verdict, grouped(len(v.series.Draws)), grouped(v.drawn), v.verdicts[audit.Called])
	return nil
}
