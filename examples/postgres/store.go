package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/teams"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	drawnSQL     = `SELECT noticeno, to_char(madeat, 'YYYY-MM-DD HH24:MI') FROM ssj.draw WHERE noticeno = $1 OR planid = $2 ORDER BY noticeno <> $1 LIMIT 1`
	insertSQL    = `INSERT INTO ssj.draw (noticeno, day, round, snapshot, noticeid, frameroot, planid, seed, resulthash, rosterhash, units, drawn) VALUES ($1, $2::text::date, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	filePolicy   = "policy.txt"   // kept, not published: a bundle cannot vouch for itself
	fileExcluded = "excluded.txt" // who was left out of the list, and why
	maxAttempts  = 5
)

// An outcome is a draw that is over, ready to be written back.
type outcome struct {
	noticeNo string
	reading  *reading
	frame    *registry.Frame
	excluded *registry.Exclusions
	plan     *draw.Plan
	crew     *crew
	scene    *scene
	result   *draw.Result
}

// A DrawnError says that there is a draw already that stands in the way of another.
type drawnError struct {
	noticeNo string // of the draw that is there
	when     string
	same     bool // whether it is the same notice, not only the same plan
}

// Error returns the message.
func (e *drawnError) Error() string {
	if e.same {
		return fmt.Sprintf("notice %s was drawn already, on %s: a second draw would be a choice between two results", e.noticeNo, e.when)
	}
	return fmt.Sprintf("the same list with the same quotas was drawn already, under notice %s on %s: a second draw would be a choice between two results", e.noticeNo, e.when)
}

// checkNew returns a *drawnError if the notice was drawn already, or the plan, where one is
// given. The tables' constraints say the same in the end; this says it before the work.
func checkNew(ctx context.Context, conn *pgx.Conn, noticeNo string, plan *draw.Plan) error {
	var id []byte
	if plan != nil {
		hash := plan.ID()
		id = hash[:]
	}
	e := &drawnError{}
	err := conn.QueryRow(ctx, drawnSQL, noticeNo, id).Scan(&e.noticeNo, &e.when)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	e.same = e.noticeNo == noticeNo
	return e
}

// store writes everything in one serializable transaction: all of it is there afterwards, or
// nothing. The database asks for another attempt where others were writing at the same time.
func (o *outcome) store(ctx context.Context, conn *pgx.Conn) error {
	var err error
	for range maxAttempts {
		err = pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.Serializable}, func(tx pgx.Tx) error { return o.write(ctx, tx) })
		var refused *pgconn.PgError
		if !errors.As(err, &refused) {
			break
		}
		if refused.Code == "40001" || refused.Code == "40P01" { // serialization failure, deadlock
			continue
		}
		if refused.Code == "23505" && (refused.ConstraintName == "draw_pkey" || refused.ConstraintName == "draw_plan_key") {
			if drawn := checkNew(ctx, conn, o.noticeNo, o.plan); drawn != nil {
				return drawn
			}
		}
		break
	}
	if err != nil {
		return fmt.Errorf("nothing was written: %w", err)
	}
	return nil
}

func (o *outcome) write(ctx context.Context, tx pgx.Tx) error {
	suite, root, plan, seed := o.scene.suite, o.plan.FrameRoot(), o.plan.ID(), o.result.Seed()
	result, roster := suite.Sum(o.scene.files[audit.FileResult]), suite.Sum(o.scene.files[audit.FileRoster])
	_, err := tx.Exec(ctx, insertSQL, o.noticeNo, o.reading.day.String(), o.reading.conflicts.round, o.reading.snapshot,
		o.scene.notice.ID[:], root[:], plan[:], seed[:], result[:], roster[:], o.frame.Len(), o.result.Len())
	if err != nil {
		return err
	}
	for _, t := range []struct {
		table   string
		columns string
		rows    iter.Seq2[[]any, error]
	}{
		{"draw_stratum", "noticeno stratum units weight quota drawn", o.stratumRows()},
		{"draw_unit", "noticeno uniscid pripid stratum weight chance rank reserve", o.unitRows()},
		{"draw_seat", "noticeno uniscid seat rybh", o.seatRows()},
		{"draw_refusal", "noticeno uniscid reason", o.refusalRows()},
		{"draw_recusal", "noticeno uniscid rybh rule evidence", o.recusalRows()},
		{"draw_problem", "noticeno rowno uniscid kind problem", o.problemRows()},
		{"draw_file", "noticeno filename published content", o.fileRows()},
	} {
		if _, err := copyRows(ctx, tx, pgx.Identifier{"ssj", t.table}, strings.Fields(t.columns), t.rows); err != nil {
			return err
		}
	}
	return nil
}

func (o *outcome) stratumRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for s := range o.result.Strata() {
			if !yield([]any{o.noticeNo, s.Label, s.Units, s.Weight, s.Quota.String(), s.Count}, nil) {
				return
			}
		}
	}
}

func (o *outcome) unitRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, list := range []iter.Seq[draw.Drawn]{o.result.Drawn(), o.result.Reserves()} {
			for d := range list {
				pripid, err := o.reading.pripid(d.ID)
				if !yield([]any{o.noticeNo, d.ID, pripid, d.Stratum, d.Weight, d.Chance.String(), d.Rank, d.Reserve}, err) {
					return
				}
			}
		}
	}
}

func (o *outcome) seatRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for t := range o.crew.roster.Teams() {
			for seat, id := range t.Inspectors {
				if !yield([]any{o.noticeNo, t.Task, seat + 1, id}, nil) {
					return
				}
			}
		}
	}
}

func (o *outcome) refusalRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for r := range o.crew.roster.Refused() {
			if !yield([]any{o.noticeNo, r.Task, o.crew.reason(r)}, nil) {
				return
			}
		}
	}
}

// recusalRows gives each conflict with the rows of the system that it comes from.
func (o *outcome) recusalRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, c := range o.crew.found.Conflicts {
			for _, source := range c.Sources {
				evidence, err := o.reading.conflicts.trace(source)
				if !yield([]any{o.noticeNo, c.Entity, c.Inspector, source.Rule, evidence}, err) {
					return
				}
			}
		}
	}
}

// problemRows gives what was wrong with the companies' rows, for those who mend them.
func (o *outcome) problemRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, p := range o.reading.report.Problems {
			// Long texts are cut, perhaps within a letter, which the database would refuse.
			id, text := strings.ToValidUTF8(p.ID, "\ufffd"), strings.ToValidUTF8(p.Text, "\ufffd")
			if !yield([]any{o.noticeNo, p.Row, id, p.Kind.String(), text}, nil) {
				return
			}
		}
	}
}

// fileRows gives the texts. Who is related to whom is for auditors alone.
func (o *outcome) fileRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		published := maps.Clone(o.scene.files)
		published[teams.FileInspectors] = o.crew.texts[teams.FileInspectors]
		published[teams.FileTasks] = o.crew.texts[teams.FileTasks]
		var text bytes.Buffer
		if _, err := o.excluded.WriteTo(&text); err != nil {
			yield(nil, err)
			return
		}
		published[fileExcluded] = text.Bytes()
		for _, name := range slices.Sorted(maps.Keys(published)) {
			if !yield([]any{o.noticeNo, name, true, published[name]}, nil) {
				return
			}
		}
		policy, err := o.scene.policy()
		if !yield([]any{o.noticeNo, filePolicy, false, policy}, err) {
			return
		}
		yield([]any{o.noticeNo, teams.FileExclusions, false, o.crew.texts[teams.FileExclusions]}, nil)
	}
}
