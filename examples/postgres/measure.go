package main

import (
	"context"
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

// A floor is the least that reading the companies can take: the bare COPY, whose rows go
// nowhere.
type floor struct {
	took  time.Duration
	bytes int64
	rows  int64
	peak  int64 // memory in bytes, 0 if unknown
}

// A counter counts bytes and forgets them.
type counter int64

// Write never fails.
func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// bareCopy runs the COPY twice, since the first may find the rows on disk, and returns the
// faster.
func bareCopy(ctx context.Context, conn *pgx.Conn, day registry.Date) (*floor, error) {
	resetPeak()
	f := &floor{}
	err := pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if err := setDay(ctx, tx, day); err != nil {
			return err
		}
		for range 2 {
			var n counter
			start := time.Now()
			tag, err := tx.Conn().PgConn().CopyTo(ctx, &n, copySQL)
			if err != nil {
				return err
			}
			if took := time.Since(start); f.took == 0 || took < f.took {
				f.took = took
			}
			f.bytes, f.rows = int64(n), tag.RowsAffected()
		}
		return nil
	})
	f.peak = peak()
	return f, err
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
