package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/jackc/pgx/v5"
)

// copySQL takes the rows of entitiesSQL out of the database as fast as it gives them.
const copySQL = `COPY (` + entitiesSQL + `) TO STDOUT`

// attempts is how often each work is measured, in turn; the fastest counts, since other work
// on the machine only ever adds time.
const attempts = 3

// A floor is the least that reading the companies can take: the bare COPY, whose rows go
// nowhere.
type floor struct {
	took  time.Duration
	bytes int64 // of text
	rows  int64
}

// A counter counts bytes and forgets them.
type counter int64

// Write never fails.
func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// compare measures the bare COPY and the reading into a registry, and says how they compare.
func compare(ctx context.Context, conn *pgx.Conn, day registry.Date, out io.Writer) (*floor, error) {
	f := &floor{}
	var reading time.Duration
	var peakCopy, peakRead int64
	for range attempts {
		resetPeak()
		took, err := f.copy(ctx, conn, day)
		if err != nil {
			return nil, err
		}
		f.took, peakCopy = fastest(f.took, took), max(peakCopy, peak())
		resetPeak()
		if took, err = readAlone(ctx, conn, day); err != nil {
			return nil, err
		}
		reading, peakRead = fastest(reading, took), max(peakRead, peak())
	}
	resetPeak()
	fmt.Fprintf(out, "  bare COPY of %s companies to nowhere: %s of text in %v; memory %s at most\n",
		grouped(f.rows), mb(f.bytes), f.took.Round(time.Millisecond), mb(peakCopy))
	fmt.Fprintf(out, "  the same into a registry, with all checks and the index: %v, %s; memory %s at most, %s\n",
		reading.Round(time.Millisecond), times(reading, f.took, "the COPY"), mb(peakRead), times(peakRead, f.bytes, "its text"))
	fmt.Fprintf(out, "  each the fastest of %d\n", attempts)
	return f, nil
}

func fastest(a, b time.Duration) time.Duration {
	if a == 0 {
		return b
	}
	return min(a, b)
}

// copy runs the bare COPY.
func (f *floor) copy(ctx context.Context, conn *pgx.Conn, day registry.Date) (took time.Duration, err error) {
	err = pgx.BeginTxFunc(ctx, conn, snapshot(), func(tx pgx.Tx) error {
		if err := setDay(ctx, tx, day); err != nil {
			return err
		}
		var n counter
		start := time.Now()
		tag, err := tx.Conn().PgConn().CopyTo(ctx, &n, copySQL)
		took, f.bytes, f.rows = time.Since(start), int64(n), tag.RowsAffected()
		return err
	})
	return took, err
}

// readAlone reads the companies, and forgets them.
func readAlone(ctx context.Context, conn *pgx.Conn, day registry.Date) (time.Duration, error) {
	r := &reading{day: day}
	err := pgx.BeginTxFunc(ctx, conn, snapshot(), func(tx pgx.Tx) error {
		if err := r.readDivisions(ctx, tx); err != nil {
			return err
		}
		return r.readEntities(ctx, tx)
	})
	return r.took, err
}

// resetPeak makes peak count anew, where the system can (Linux).
func resetPeak() {
	debug.FreeOSMemory()
	os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // without it the peak is that of the whole run
}

// peak returns the greatest resident memory since resetPeak in bytes, or 0 where the system
// does not say.
func peak() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kib << 10
		}
	}
	return 0
}
