// Postgres draws inside a system that has its tables already: companies, inspectors,
// certificates, shareholdings, former employers, declared relatives and past inspections in
// PostgreSQL. It reads the companies in one pass into a registry, all in one snapshot,
// freezes the list by rules, holds a public draw, sends inspectors where no conflict of
// interest bars them, writes everything back in one transaction, and then reads it again
// and verifies it. See README.md.
//
//	examples/internal/with-postgres go -C examples/postgres run . -setup
//
// does so over a made-up city in a database of its own. Without -setup it works over the
// database that -dsn or the usual PG variables name.
package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/doublerandom/doublerandom/examples/internal/sample"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/jackc/pgx/v5"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	in := flags()
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	err := in.check(flag.Args())
	if err == nil {
		err = in.run(ctx, out)
	}
	out.Flush()
	if err != nil {
		fmt.Fprintln(os.Stderr, "postgres:", err)
		os.Exit(1)
	}
}

// An input is what the command line says.
type input struct {
	dsn      string
	setup    bool
	size     int // of the made-up city
	noticeNo string
	on       string
	ratio    string
	only     bool // check a stored draw
	measure  bool
	dir      string
	random   io.Reader // of keys, secrets and contributions

	day registry.Date
}

func flags() *input {
	in := &input{random: rand.Reader}
	flag.StringVar(&in.dsn, "dsn", "", "the database, as a URL or key=value pairs (default: what PGHOST and the like say)")
	flag.BoolVar(&in.setup, "setup", false, "first make the system's tables in an empty database and fill them with a made-up city")
	flag.IntVar(&in.size, "size", 100_000, "companies of the made-up city")
	flag.StringVar(&in.noticeNo, "notice", "青市监双随机〔2026〕12号", "number of the `notice`; each is drawn once")
	flag.StringVar(&in.on, "on", sample.On, "the `day` on which the list is frozen")
	flag.StringVar(&in.ratio, "ratio", "不低于3%", "the item's ratio policy")
	flag.BoolVar(&in.only, "check", false, "draw nothing: read the draw of the notice back and verify it")
	flag.BoolVar(&in.measure, "measure", false, "compare time and memory with a bare COPY of the same rows")
	flag.StringVar(&in.dir, "out", "", "`folder` for the texts that are read back (default: a new temporary one)")
	return in
}

// check finds mistakes on the command line before the work begins.
func (in *input) check(rest []string) (err error) {
	if len(rest) > 0 {
		return fmt.Errorf("unexpected argument %q", rest[0])
	}
	if in.size < 1000 || in.size > 10_000_000 {
		return fmt.Errorf("-size %d, expected 1000 to 10000000", in.size)
	}
	if in.setup && in.only {
		return errors.New("-setup makes an empty system, in which there is nothing to -check")
	}
	if n := utf8.RuneCountInString(in.noticeNo); n < 1 || n > 64 || !printable(in.noticeNo) {
		return fmt.Errorf("-notice %q, expected 1 to 64 printable characters without spaces", in.noticeNo)
	}
	if in.day, err = registry.ParseDate(in.on); err != nil {
		return fmt.Errorf("-on: %w", err)
	}
	if _, err := registry.ReadRatio(in.ratio); err != nil {
		return fmt.Errorf("-ratio: %w", err)
	}
	return nil
}

func printable(text string) bool {
	for _, c := range text {
		if c == utf8.RuneError || !unicode.IsPrint(c) || unicode.IsSpace(c) {
			return false
		}
	}
	return true
}

// run is the whole work, step by step.
func (in *input) run(ctx context.Context, out io.Writer) error {
	conn, err := pgx.Connect(ctx, in.dsn)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	watch := newStopwatch(out)
	if in.setup {
		watch.title("0. A system as regulators have it, made up")
		n, err := setUp(ctx, conn, in.size)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  %s companies and all that belongs to them, %s rows\n", grouped(in.size), grouped(n))
		watch.lap("made")
	}
	if err := addResults(ctx, conn); err != nil {
		return err
	}
	if in.only {
		return in.verify(ctx, conn, watch)
	}
	if err := checkNew(ctx, conn, in.noticeNo, nil); err != nil {
		return err
	}
	var bare *floor
	if in.measure {
		watch.title("Measured: what reading the companies takes")
		if bare, err = compare(ctx, conn, in.day, out); err != nil {
			return err
		}
	}
	start := time.Now()
	o, err := in.draw(ctx, conn, watch)
	if err != nil {
		return err
	}
	watch.title("6. Written back, in one transaction")
	if err := o.store(ctx, conn); err != nil {
		return err
	}
	fmt.Fprintf(out, "  notice %s: strata, companies, teams, recusals with the rows they come from, and every text\n", o.noticeNo)
	watch.lap("written")
	if bare != nil {
		took := time.Since(start)
		fmt.Fprintf(out, "  measured: from the first row read to the last one written %v, %s; memory %s at most, %s\n",
			took.Round(time.Millisecond), times(took, bare.took, "the COPY"), mb(peak()), times(peak(), bare.bytes, "its text"))
	}
	return in.verify(ctx, conn, watch)
}

// draw reads, freezes the list, draws and sends inspectors. It writes nothing.
func (in *input) draw(ctx context.Context, conn *pgx.Conn, watch *stopwatch) (*outcome, error) {
	o := &outcome{noticeNo: in.noticeNo}
	var err error
	watch.title("1. The system's tables, read in one snapshot")
	if o.reading, err = read(ctx, conn, in.day); err != nil {
		return nil, err
	}
	printReading(watch.out, o.reading)
	watch.lap("everything read")

	watch.title("2. The frame: the frozen list, and who is left out and why")
	if o.frame, o.excluded, err = o.reading.frame(); err != nil {
		return nil, err
	}
	if o.scene, err = newScene(in.random, in.day); err != nil {
		return nil, err
	}
	if o.plan, err = newPlan(o.scene.suite, o.frame, in.ratio); err != nil {
		return nil, err
	}
	if err := checkNew(ctx, conn, in.noticeNo, o.plan); err != nil {
		return nil, err
	}
	printFrame(watch.out, in, o)
	watch.lap("frozen")

	watch.title("3. Conflicts of interest, by rules over the tables")
	if o.crew, err = newCrew(o.scene.suite, o.reading, o.frame); err != nil {
		return nil, err
	}
	if err := printConflicts(watch.out, o); err != nil {
		return nil, err
	}
	watch.lap("found")

	watch.title("4. The public draw")
	if err := o.hold(); err != nil {
		return nil, err
	}
	printDraw(watch.out, o)
	watch.lap("drawn and sealed")

	watch.title("5. Who goes where")
	if err := printCrew(watch.out, o); err != nil {
		return nil, err
	}
	watch.lap("told")
	return o, nil
}

// hold takes all steps of the public draw, from the notice to the opening.
func (o *outcome) hold() (err error) {
	s := o.scene
	if err := s.announce(o.noticeNo, o.plan, o.frame, o.crew); err != nil {
		return err
	}
	if err := s.contribute(); err != nil {
		return err
	}
	if err := s.pulse(); err != nil {
		return err
	}
	if o.result, err = s.ceremony.Run(o.plan, o.frame, s.secret); err != nil {
		return err
	}
	if err := o.crew.assign(s.suite, o.result); err != nil {
		return err
	}
	if err := s.seal(o.frame, o.result, o.crew); err != nil {
		return err
	}
	return s.open(o.result, o.crew)
}

// verify reads the draw back and says the last word.
func (in *input) verify(ctx context.Context, conn *pgx.Conn, watch *stopwatch) error {
	watch.title("7. Read back and verified")
	dir := in.dir
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "doublerandom-"); err != nil {
			return err
		}
	}
	e, err := verify(ctx, conn, in.noticeNo, dir, watch.out)
	if err != nil {
		return err
	}
	watch.lap("verified")
	fmt.Fprintf(watch.out, "\n  published in %s\n  the policy of this program's verifier, and the conflicts for auditors: %s\n", e.published, e.private)
	fmt.Fprintf(watch.out, "\nverified: notice %s; %s of %s companies drawn, %s teams\n",
		in.noticeNo, grouped(e.result.Len()), grouped(e.frame.Len()), grouped(e.roster.Len()))
	return nil
}
