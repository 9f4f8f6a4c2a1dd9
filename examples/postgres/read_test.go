package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/examples/internal/sample"
	"github.com/doublerandom/doublerandom/matching/conflict"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func testDay(t *testing.T) registry.Date {
	t.Helper()
	day, err := registry.ParseDate(sample.On)
	require.NoError(t, err)
	return day
}

// TestRead reads the companies from the database, and the same ones from the generator by way
// of CSV, without a database: registries and reports must be the same.
func TestRead(t *testing.T) {
	conn := connect(t, cityDatabase(t))
	day := testDay(t)
	r, err := read(context.Background(), conn, day)
	require.NoError(t, err)

	c := newCity(testSize)
	divisions, err := sample.Divisions()
	require.NoError(t, err)
	var companies [][]any
	for row, err := range c.companyRows() {
		require.NoError(t, err)
		companies = append(companies, row)
	}
	last, visits := map[int64]string{}, map[int64]int{}
	for _, i := range c.inspected {
		require.False(t, i.day.After(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)))
		last[i.pripid] = max(last[i.pripid], i.day.Format(time.DateOnly))
		if i.day.Year() == 2026 {
			visits[i.pripid]++
		} else {
			visits[i.pripid] += 0 // inspected, if not this year
		}
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	require.NoError(t, w.Write(strings.Split("uniscid entname regstate industryco division estdate lastdate riskclass visits pripid", " ")))
	for _, row := range companies {
		id := row[0].(int64)
		division, ok := row[5].(string)
		if !ok {
			division = row[1].(string)[2:8]
		}
		times := ""
		if n, ok := visits[id]; ok {
			times = fmt.Sprint(n)
		}
		require.NoError(t, w.Write([]string{row[1].(string), row[2].(string), row[3].(string), row[4].(string), division, row[6].(string), last[id], row[7].(string), times, fmt.Sprint(id)}))
	}
	w.Flush()
	industries, err := sample.Industries()
	require.NoError(t, err)
	fields, err := registry.ParseColumns(columns)
	require.NoError(t, err)
	list := append(slices.Collect(divisions.All()), registry.Division{Code: cityCode, Name: "青岛市"})
	divisions, err = registry.NewDivisions(slices.Values(list))
	require.NoError(t, err)
	want, report, err := registry.ReadCSV(&text, fields, registry.Checks{On: day, Codes: true, Divisions: divisions, Industries: industries})
	require.NoError(t, err)

	require.Equal(t, want.Len(), r.entities.Len())
	for i, e := range want.All() {
		have := r.entities.At(i)
		require.True(t, e.Attributes.Equal(have.Attributes), "%v: %v", e.ID, have.ID)
		e.Attributes, have.Attributes = registry.Attributes{}, registry.Attributes{}
		require.Equal(t, e, have)
	}
	require.Equal(t, [4]int64{report.Rows, report.Kept, report.Rejected, report.Uppercased}, [4]int64{r.report.Rows, r.report.Kept, r.report.Rejected, r.report.Uppercased})
	require.Len(t, r.report.Problems, len(report.Problems))
	for i, p := range report.Problems {
		p.Row-- // the header
		require.Equal(t, p, r.report.Problems[i])
	}
	require.Positive(t, r.report.Count(registry.DuplicateID))
}

// TestReadTwice reads the same registry from rows that lie in another order on disk.
func TestReadTwice(t *testing.T) {
	conn := connect(t, cityDatabase(t))
	before, err := read(context.Background(), conn, testDay(t))
	require.NoError(t, err)
	execute(t, conn, `UPDATE scjg.e_baseinfo SET entname = entname || '' WHERE pripid % 3 = 0`) // they go to the end
	execute(t, conn, `UPDATE scjg.i_inspection SET insform = '双随机' WHERE insid % 2 = 0`)
	after, err := read(context.Background(), conn, testDay(t))
	require.NoError(t, err)
	a, _, err := before.frame()
	require.NoError(t, err)
	b, _, err := after.frame()
	require.NoError(t, err)
	var x, y bytes.Buffer
	a.WriteTo(&x)
	b.WriteTo(&y)
	require.Equal(t, x.String(), y.String())
	require.Equal(t, before.report.Problems, after.report.Problems)
}

// TestReadGoesOn has values that a scanner refuses: each is a problem of its row, and the rows
// after it are read.
func TestReadGoesOn(t *testing.T) {
	conn := connect(t, cityDatabase(t))
	found, err := conn.Query(context.Background(), `SELECT 'E' || n AS id, repeat('x', 2 * n) AS name FROM generate_series(1, 9) n`, pgx.QueryResultFormats{pgx.TextFormatCode})
	require.NoError(t, err)
	defer found.Close()
	reg, report, err := registry.ReadRows(rows{found}, registry.Columns{ID: "id", Name: "name"}, registry.Checks{MaxRow: 16})
	require.NoError(t, err)
	require.Equal(t, 7, reg.Len())
	require.EqualValues(t, 2, report.Count(registry.RowTooLong))

	binary, err := conn.Query(context.Background(), `SELECT 1 AS id`)
	require.NoError(t, err)
	defer binary.Close()
	_, _, err = registry.ReadRows(rows{binary}, registry.Columns{ID: "id"}, registry.Checks{})
	require.EqualError(t, err, `registry: header: column "id" is not in the text format`)
}

// TestSnapshot writes while the reading waits in the middle of its tables: it must not see that.
func TestSnapshot(t *testing.T) {
	ctx := context.Background()
	name := cityDatabase(t)
	reader, writer := connect(t, name), connect(t, name)
	before, err := read(ctx, reader, testDay(t))
	require.NoError(t, err)

	tx, err := writer.Begin(ctx)
	require.NoError(t, err)
	_, err = tx.Exec(ctx, `LOCK TABLE scjg.z_inspector IN ACCESS EXCLUSIVE MODE`) // companies are read before
	require.NoError(t, err)
	done := make(chan error)
	var after *reading
	go func() {
		var err error
		after, err = read(ctx, reader, testDay(t))
		done <- err
	}()
	waitFor(t, tx, reader.PgConn().PID())
	for _, change := range []string{
		`DELETE FROM scjg.z_recusal`,
		`UPDATE scjg.z_inspector SET zzzt = '退休'`,
		`UPDATE scjg.e_baseinfo SET regstate = '注销'`,
	} {
		_, err = tx.Exec(ctx, change)
		require.NoError(t, err)
	}
	require.NoError(t, tx.Commit(ctx))
	require.NoError(t, <-done)
	require.Equal(t, before.conflicts.Recusals, after.conflicts.Recusals)
	require.NotEmpty(t, after.conflicts.Recusals)
	for i, p := range before.crew.All() {
		require.Equal(t, p, after.crew.At(i))
	}

	changed, err := read(ctx, reader, testDay(t)) // in a new snapshot it is seen
	require.NoError(t, err)
	require.Empty(t, changed.conflicts.Recusals)
}

// waitFor waits until the connection with the process number waits for a lock.
func waitFor(t *testing.T, tx pgx.Tx, process uint32) {
	t.Helper()
	require.Eventually(t, func() bool {
		var waits bool
		err := tx.QueryRow(context.Background(), `SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1 AND NOT granted)`, int64(process)).Scan(&waits)
		return err == nil && waits
	}, time.Minute, 5*time.Millisecond)
}

// traced returns all conflicts with the rows that they come from.
func traced(t *testing.T, tb *tables) (list []string) {
	t.Helper()
	found, err := tb.find(sample.On)
	require.NoError(t, err)
	for _, c := range found.Conflicts {
		for _, s := range c.Sources {
			rows, err := tb.trace(s)
			require.NoError(t, err)
			slices.Sort(rows)
			list = append(list, fmt.Sprintf("%s %s %s: %s", c.Entity, c.Inspector, s.Rule, strings.Join(rows, ", ")))
		}
	}
	return list
}

// TestConflicts adds relations whose conflicts are known, and then compares what the narrowed
// queries lead to with what the whole tables lead to.
func TestConflicts(t *testing.T) {
	ctx := context.Background()
	conn := connect(t, cityDatabase(t))
	// Inspector 370202-0001 is a person; his spouse's daughter runs company 5000 and holds 30 % of
	// 5001, which holds others, link by link: 30 %, 24 %, 19.2 %, 15.36 %, 12.288 %. The code of
	// company 1235 is in lower case.
	execute(t, conn, `INSERT INTO scjg.r_person VALUES (900001, '甲'), (900002, '乙')`)
	execute(t, conn, `DELETE FROM scjg.z_kinship WHERE personid IN (SELECT personid FROM scjg.z_inspector WHERE rybh = '370202-0001')`)
	execute(t, conn, `INSERT INTO scjg.z_kinship SELECT 90001, personid, 900001, '配偶', '2026-01-01' FROM scjg.z_inspector WHERE rybh = '370202-0001'`)
	execute(t, conn, `INSERT INTO scjg.z_kinship VALUES (90002, 900002, 900001, '父母', '2026-01-01')`)
	execute(t, conn, `INSERT INTO scjg.e_priperson VALUES (90001, 5000, 900002, '经理')`)
	execute(t, conn, `INSERT INTO scjg.e_inv VALUES (90001, 5001, 900002, NULL, 30)`)
	for link := range 5 {
		execute(t, conn, `INSERT INTO scjg.e_inv VALUES ($1, $2, NULL, $3, 80)`, 90002+link, 5002+link, 5001+link)
	}
	execute(t, conn, `INSERT INTO scjg.z_recusal VALUES (90001, '370202-0001', 1235, '同学', '2026-11-01')`)
	r, err := read(ctx, conn, testDay(t))
	require.NoError(t, err)
	list := traced(t, r.conflicts)

	code := func(pripid int64) (code string) {
		require.NoError(t, conn.QueryRow(ctx, `SELECT code FROM ssj.v_code WHERE pripid = $1`, pripid).Scan(&code))
		return code
	}
	kin := "scjg.z_inspector 370202-0001, scjg.z_kinship 90001, scjg.z_kinship 90002"
	require.Contains(t, list, code(5000)+" 370202-0001 kinship: scjg.e_priperson 90001, "+kin)
	require.Contains(t, list, code(5001)+" 370202-0001 kinship: scjg.e_inv 90001, "+kin)
	require.Contains(t, list, code(5005)+" 370202-0001 kinship: scjg.e_inv 90001, scjg.e_inv 90002, scjg.e_inv 90003, scjg.e_inv 90004, scjg.e_inv 90005, "+kin)
	require.Contains(t, list, code(1235)+" 370202-0001 declared: scjg.z_recusal 90001")
	_, ok := r.entities.Row(code(1235)) // the registry mended it in the same way
	require.True(t, ok)

	whole := &tables{Tables: r.conflicts.Tables, round: r.conflicts.round, rows: map[string][]string{}}
	for kind, rows := range r.conflicts.rows {
		whole.rows[kind] = rows
	}
	whole.Offices, whole.Shares, whole.Visits = nil, nil, nil
	whole.rows["office"], whole.rows["share"], whole.rows["visit"] = nil, nil, nil
	var key, person int64
	var entity, holder string
	var ppm uint64
	found, err := conn.Query(ctx, `SELECT ppid, personid, code FROM scjg.e_priperson JOIN ssj.v_code USING (pripid) ORDER BY ppid`)
	require.NoError(t, err)
	_, err = pgx.ForEachRow(found, []any{&key, &person, &entity}, func() error {
		whole.Offices = append(whole.Offices, conflict.Office{Person: personID(person), Entity: entity})
		whole.note("office", "e_priperson", key)
		return nil
	})
	require.NoError(t, err)
	found, err = conn.Query(ctx, `SELECT v.invid, coalesce('P' || v.inv_personid, h.code), c.code, (v.conprop * 10000)::bigint
		FROM scjg.e_inv v JOIN ssj.v_code c USING (pripid) LEFT JOIN ssj.v_code h ON h.pripid = v.inv_pripid ORDER BY v.invid`)
	require.NoError(t, err)
	_, err = pgx.ForEachRow(found, []any{&key, &holder, &entity, &ppm}, func() error {
		whole.Shares = append(whole.Shares, conflict.Share{Holder: holder, Entity: entity, PPM: ppm})
		whole.note("share", "e_inv", key)
		return nil
	})
	require.NoError(t, err)
	var round uint64
	var crew []string
	found, err = conn.Query(ctx, `SELECT insid, round, code, array_agg(rybh::text) FROM scjg.i_inspection JOIN scjg.i_inspector USING (insid)
		JOIN ssj.v_code USING (pripid) GROUP BY insid, round, code ORDER BY insid`)
	require.NoError(t, err)
	_, err = pgx.ForEachRow(found, []any{&key, &round, &entity, &crew}, func() error {
		whole.Visits = append(whole.Visits, conflict.Visit{Round: round, Entity: entity, Inspectors: slices.Clone(crew)})
		whole.note("visit", "i_inspection", key)
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, len(whole.Shares), 5*len(r.conflicts.Shares))
	require.Equal(t, traced(t, whole), list)
}
