package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/teams"
	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/jackc/pgx/v5"
)

const (
	storedSQL   = `SELECT noticeid, frameroot, planid, seed, resulthash, rosterhash, units, drawn FROM ssj.draw WHERE noticeno = $1`
	filesSQL    = `SELECT filename, published, content, sha256 FROM ssj.draw_file WHERE noticeno = $1 ORDER BY filename`
	strataSQL   = `SELECT stratum, units, weight, quota, drawn FROM ssj.draw_stratum WHERE noticeno = $1 ORDER BY stratum COLLATE "C"`
	unitsSQL    = `SELECT uniscid, stratum, weight, chance, rank, reserve FROM ssj.draw_unit WHERE noticeno = $1`
	seatsSQL    = `SELECT uniscid, array_agg(rybh::text ORDER BY seat) FROM ssj.draw_seat WHERE noticeno = $1 GROUP BY uniscid`
	refusalsSQL = `SELECT uniscid FROM ssj.draw_refusal WHERE noticeno = $1 ORDER BY uniscid COLLATE "C"`
	barredSQL   = `SELECT uniscid, rybh, rule FROM ssj.draw_recusal WHERE noticeno = $1`
)

// A stored draw is what the table of draws says of it.
type storedDraw struct {
	noticeID, frameRoot, planID, seed, result, roster []byte
	units, drawn                                      int
}

// An evidence is a draw as read back: the row, and its texts in folders.
type evidence struct {
	noticeNo           string
	row                storedDraw
	published, private string // folders
	frame              *registry.Frame
	plan               *draw.Plan
	result             *draw.Result
	roster             *matching.Roster
	rules              teams.Rules
}

// verify reads a draw back and checks all of it: the texts by themselves, as anybody does who
// has the published folder, then with the conflicts, as an auditor does, and then every row
// of the tables against the texts. It writes the texts to folders below dir.
func verify(ctx context.Context, conn *pgx.Conn, noticeNo, dir string, out io.Writer) (*evidence, error) {
	e := &evidence{noticeNo: noticeNo, published: filepath.Join(dir, "published"), private: filepath.Join(dir, "private")}
	err := pgx.BeginTxFunc(ctx, conn, snapshot(), func(tx pgx.Tx) error {
		r := &e.row
		err := tx.QueryRow(ctx, storedSQL, noticeNo).Scan(&r.noticeID, &r.frameRoot, &r.planID, &r.seed, &r.result, &r.roster, &r.units, &r.drawn)
		if errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("no draw of notice %s is stored", noticeNo)
		}
		if err != nil {
			return err
		}
		if err := e.export(ctx, tx); err != nil {
			return err
		}
		if err := e.checkTexts(); err != nil {
			return err
		}
		fmt.Fprintf(out, "  texts: hashes, frame, plan and result fit; the draw follows from the seed again\n")
		return e.checkTables(ctx, tx, out)
	})
	if err != nil {
		return nil, err
	}
	return e, e.audit(out)
}

// export writes the texts to their folders, one at a time.
func (e *evidence) export(ctx context.Context, tx pgx.Tx) error {
	var name string
	var published bool
	var content, hash []byte
	return each(ctx, tx, filesSQL, []any{e.noticeNo}, []any{&name, &published, &content, &hash}, func() error {
		if have := sha256.Sum256(content); !bytes.Equal(have[:], hash) {
			return fmt.Errorf("%s: SHA-256 is %x, stored as %x", name, have, hash)
		}
		if !filepath.IsLocal(name) {
			return fmt.Errorf("%q is no name of a file in a folder", name)
		}
		path := filepath.Join(e.private, filepath.FromSlash(name))
		if published {
			path = filepath.Join(e.published, filepath.FromSlash(name))
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return os.WriteFile(path, content, 0o644)
	})
}

// checkTexts parses the texts, compares them with the row's hashes and draws again.
func (e *evidence) checkTexts() error {
	read := func(folder, name string, parse func(text []byte) error) error {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err == nil {
			err = parse(text)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
	same := func(what string, have, want []byte) error {
		if !bytes.Equal(have, want) {
			return fmt.Errorf("%s is %x, stored as %x", what, have, want)
		}
		return nil
	}
	suite := draw.SHA256()
	err := errors.Join(
		read(e.published, audit.FileFrame, func(text []byte) (err error) {
			e.frame, err = registry.ParseFrame(bytes.NewReader(text))
			return err
		}),
		read(e.published, audit.FilePlan, func(text []byte) (err error) {
			e.plan, err = draw.ParsePlan(bytes.NewReader(text), suite)
			return err
		}),
		read(e.published, audit.FileResult, func(text []byte) (err error) {
			hash := suite.Sum(text)
			if err := same("the hash", hash[:], e.row.result); err != nil {
				return err
			}
			e.result, err = draw.ParseResult(bytes.NewReader(text))
			return err
		}),
		read(e.published, audit.FileRoster, func(text []byte) (err error) {
			hash := suite.Sum(text)
			if err := same("the hash", hash[:], e.row.roster); err != nil {
				return err
			}
			e.roster, err = matching.ParseRoster(bytes.NewReader(text))
			return err
		}),
		read(e.private, teams.FileExclusions, e.rules.UnmarshalText),
	)
	if err != nil {
		return err
	}
	root, plan, seed := e.plan.FrameRoot(), e.plan.ID(), e.result.Seed()
	if err := errors.Join(
		same("the frame's root", root[:], e.row.frameRoot), same("the plan's ID", plan[:], e.row.planID), same("the seed", seed[:], e.row.seed),
	); err != nil {
		return err
	}
	if e.frame.Len() != e.row.units || e.result.Len() != e.row.drawn {
		return fmt.Errorf("%d of %d units drawn, stored as %d of %d", e.result.Len(), e.frame.Len(), e.row.drawn, e.row.units)
	}
	return draw.Check(e.plan, e.frame, e.result)
}

// audit judges the published folder by the policy, without and with the private conflicts.
func (e *evidence) audit(out io.Writer) error {
	text, err := os.ReadFile(filepath.Join(e.private, filePolicy))
	if err != nil {
		return err
	}
	policy, err := audit.ParsePolicy(text)
	if err != nil {
		return err
	}
	policy.Roster = teams.Check
	public := os.DirFS(e.published)
	for _, view := range []struct {
		who   string
		files fs.FS
		want  audit.Status
	}{
		{"anybody, without the private conflicts", public, audit.Skipped},
		{"an auditor, with them", overlay{public, os.DirFS(e.private), teams.FileExclusions}, audit.OK},
	} {
		report := audit.Verify(view.files, policy)
		if report.Verdict != audit.OpenedCorrect {
			return fmt.Errorf("for %s: %s: %s", view.who, report.Verdict, report.Reason)
		}
		found := ""
		for _, c := range report.Checks {
			if c.Name == "matching" {
				found = c.Text
			}
		}
		if got := report.Of("matching"); got != view.want {
			return fmt.Errorf("for %s: the roster is %s, expected %s: %s", view.who, got, view.want, found)
		}
		fmt.Fprintf(out, "  %s: %s\n    roster: %s\n", view.who, report.Verdict, found)
	}
	return nil
}

// An overlay is a folder with one file more, of another folder.
type overlay struct {
	fs.FS
	more fs.FS
	name string
}

// Open opens a file.
func (o overlay) Open(name string) (fs.File, error) {
	if name == o.name {
		return o.more.Open(name)
	}
	return o.FS.Open(name)
}

// checkTables compares each row of the tables with the texts.
func (e *evidence) checkTables(ctx context.Context, tx pgx.Tx, out io.Writer) error {
	var strata []draw.StratumResult
	for s := range e.result.Strata() {
		strata = append(strata, s)
	}
	units := map[string]draw.Drawn{}
	for d := range e.result.Drawn() {
		units[d.ID] = d
	}
	for d := range e.result.Reserves() {
		units[d.ID] = d
	}
	var refused []string
	for r := range e.roster.Refused() {
		refused = append(refused, r.Task)
	}
	barred := map[matching.Exclusion]bool{}
	for _, x := range e.rules.Exclusions {
		barred[x] = true
	}

	var id, label, text string
	var n, weight, count, rank uint64
	var reserve bool
	var team []string
	rows := map[string]int{}
	for _, t := range []struct {
		table, query string
		dest         []any
		want         int
		right        func(row int) bool
	}{
		{"draw_stratum", strataSQL, []any{&label, &n, &weight, &text, &count}, len(strata), func(row int) bool {
			s := strata[row]
			return s.Label == label && s.Units == n && s.Weight == weight && s.Quota.String() == text && s.Count == count
		}},
		{"draw_unit", unitsSQL, []any{&id, &label, &weight, &text, &rank, &reserve}, len(units), func(int) bool {
			d, ok := units[id]
			return ok && d.Stratum == label && d.Weight == weight && d.Chance.String() == text && d.Rank == rank && d.Reserve == reserve
		}},
		{"draw_seat", seatsSQL, []any{&id, &team}, e.roster.Len(), func(int) bool {
			want, ok := e.roster.Team(id)
			return ok && slices.Equal(team, want)
		}},
		{"draw_refusal", refusalsSQL, []any{&id}, len(refused), func(row int) bool { return refused[row] == id }},
		{"draw_recusal", barredSQL, []any{&id, &label, &text}, len(barred), func(int) bool {
			return barred[matching.Exclusion{Task: id, Inspector: label, Reason: text}]
		}},
	} {
		err := each(ctx, tx, t.query, []any{e.noticeNo}, t.dest, func() error {
			if rows[t.table] >= t.want || !t.right(rows[t.table]) {
				return fmt.Errorf("ssj.%s has a row that the texts do not have: %s", t.table, strings.TrimSpace(id+" "+label+" "+text))
			}
			rows[t.table]++
			return nil
		})
		if err != nil {
			return err
		}
		if rows[t.table] != t.want {
			return fmt.Errorf("ssj.%s has %d rows, the texts %d", t.table, rows[t.table], t.want)
		}
	}
	fmt.Fprintf(out, "  tables: %s strata, %s companies drawn or reserve, %s teams, %s without one, %s recusals: each row as in the texts\n",
		grouped(len(strata)), grouped(len(units)), grouped(e.roster.Len()), grouped(len(refused)), grouped(len(barred)))
	return nil
}
