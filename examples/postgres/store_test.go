package main

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// TestNothingByHalves makes the writing of each table fail: nothing of the draw may be left,
// and the same draw can be written once the fault is gone.
func TestNothingByHalves(t *testing.T) {
	ctx := context.Background()
	name := cityDatabase(t)
	conn := connect(t, name)
	o := drawn(t, conn, testInput(t, name, 1))
	execute(t, conn, `CREATE FUNCTION ssj.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full, say'; END $$`)
	for _, table := range []string{"draw", "draw_stratum", "draw_unit", "draw_seat", "draw_refusal", "draw_recusal", "draw_problem", "draw_file"} {
		// After the last row of the table.
		execute(t, conn, `CREATE TRIGGER fail AFTER INSERT ON ssj.`+table+` FOR EACH STATEMENT EXECUTE FUNCTION ssj.fail()`)
		err := o.store(ctx, conn)
		require.ErrorContains(t, err, "nothing was written: ", table)
		require.ErrorContains(t, err, "the disk is full, say", table)
		require.Zero(t, rowsOf(t, conn), table)
		execute(t, conn, `DROP TRIGGER fail ON ssj.`+table)
	}
	require.NoError(t, o.store(ctx, conn))
	require.Positive(t, rowsOf(t, conn))
}

// TestInspectorGone writes a draw after an inspector whom it sends has gone from the tables.
func TestInspectorGone(t *testing.T) {
	ctx := context.Background()
	name := cityDatabase(t)
	conn := connect(t, name)
	o := drawn(t, conn, testInput(t, name, 1))
	execute(t, conn, `SET session_replication_role = replica`) // without asking the other tables
	execute(t, conn, `DELETE FROM scjg.z_inspector`)
	execute(t, conn, `RESET session_replication_role`)
	require.ErrorContains(t, o.store(ctx, conn), `violates foreign key constraint "draw_seat_rybh_fkey"`)
	require.Zero(t, rowsOf(t, conn))
}

// TestCancelled ends the work while the database waits in the middle of the writing.
func TestCancelled(t *testing.T) {
	name := cityDatabase(t)
	conn, other := connect(t, name), connect(t, name)
	o := drawn(t, conn, testInput(t, name, 1))
	lock, err := other.Begin(context.Background())
	require.NoError(t, err)
	_, err = lock.Exec(context.Background(), `LOCK TABLE ssj.draw_recusal IN ACCESS EXCLUSIVE MODE`)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- o.store(ctx, conn) }()
	waitFor(t, lock, conn.PgConn().PID())
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	require.NoError(t, lock.Rollback(context.Background()))
	require.Zero(t, rowsOf(t, other))

	// Reading, too, ends at once.
	_, err = read(ctx, other, testDay(t))
	require.ErrorIs(t, err, context.Canceled)
}

// TestTwoAtOnce writes two draws of one notice at the same time: one of them is refused.
func TestTwoAtOnce(t *testing.T) {
	name := cityDatabase(t)
	a, b := connect(t, name), connect(t, name)
	first, second := drawn(t, a, testInput(t, name, 1)), drawn(t, b, testInput(t, name, 2))
	done := make(chan error)
	go func() { done <- first.store(context.Background(), a) }()
	go func() { done <- second.store(context.Background(), b) }()
	err, other := <-done, <-done
	if err == nil {
		err, other = other, err
	}
	require.NoError(t, other)
	var refused *drawnError
	require.ErrorAs(t, err, &refused)
	require.True(t, refused.same)

	// The same list under another notice.
	third := *second
	third.noticeNo = "青市监双随机〔2026〕13号"
	require.ErrorAs(t, third.store(context.Background(), a), &refused)
	require.False(t, refused.same)
	require.Equal(t, "青市监双随机〔2026〕12号", refused.noticeNo)
}

// TestTriesAgain has a database that asks for another attempt, first always and then four times.
func TestTriesAgain(t *testing.T) {
	ctx := context.Background()
	name := cityDatabase(t)
	conn := connect(t, name)
	o := drawn(t, conn, testInput(t, name, 1))
	execute(t, conn, `CREATE SEQUENCE ssj.attempts`) // counts on through rollbacks
	execute(t, conn, `CREATE FUNCTION ssj.busy() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE n bigint := nextval('ssj.attempts'); BEGIN
		IF n <> 10 THEN RAISE EXCEPTION 'busy' USING ERRCODE = CASE n % 2 WHEN 0 THEN '40001' ELSE '40P01' END; END IF; RETURN NULL; END $$`)
	execute(t, conn, `CREATE TRIGGER busy AFTER INSERT ON ssj.draw_unit FOR EACH STATEMENT EXECUTE FUNCTION ssj.busy()`)
	require.ErrorContains(t, o.store(ctx, conn), "nothing was written: ")
	require.Zero(t, rowsOf(t, conn))
	require.NoError(t, o.store(ctx, conn))
	var attempts int
	require.NoError(t, conn.QueryRow(ctx, `SELECT last_value FROM ssj.attempts`).Scan(&attempts))
	require.Equal(t, 2*maxAttempts, attempts)
}

// TestVerifyFinds changes what is stored, here and there: reading it back must find it.
func TestVerifyFinds(t *testing.T) {
	ctx := context.Background()
	name := cityDatabase(t)
	conn := connect(t, name)
	execute(t, conn, `UPDATE scjg.z_inspector SET zzzt = '休假' WHERE orgid = 'SJ370281' AND rybh > '370281-0002'`)
	o := drawn(t, conn, testInput(t, name, 1))
	require.NoError(t, o.store(ctx, conn))
	e, err := verify(ctx, conn, o.noticeNo, t.TempDir(), new(bytes.Buffer))
	require.NoError(t, err)
	require.Equal(t, o.result.Len(), e.result.Len())
	policy, err := os.ReadFile(e.private + "/" + filePolicy)
	require.NoError(t, err)
	require.NotEmpty(t, policy)

	for _, c := range []struct{ change, want string }{
		{`UPDATE ssj.draw SET seed = decode(repeat('00', 32), 'hex')`, "the seed is "},
		{`UPDATE ssj.draw SET frameroot = decode(repeat('00', 32), 'hex')`, "the frame's root is "},
		{`UPDATE ssj.draw SET planid = decode(repeat('00', 32), 'hex')`, "the plan's ID is "},
		{`UPDATE ssj.draw SET resulthash = rosterhash`, "result.txt: the hash is "},
		{`UPDATE ssj.draw SET rosterhash = resulthash`, "roster.txt: the hash is "},
		{`UPDATE ssj.draw SET drawn = drawn - 1`, " units drawn, stored as "},
		{`UPDATE ssj.draw_stratum SET drawn = drawn + 1`, "ssj.draw_stratum has a row that the texts do not have: "},
		{`UPDATE ssj.draw_unit SET reserve = NOT reserve`, "ssj.draw_unit has a row that the texts do not have: "},
		{`UPDATE ssj.draw_unit SET weight = weight + 1 WHERE uniscid = (SELECT max(uniscid) FROM ssj.draw_unit)`, "ssj.draw_unit has a row that the texts do not have: "},
		{`DELETE FROM ssj.draw_unit WHERE reserve`, "ssj.draw_unit has "},
		{`UPDATE ssj.draw_seat SET seat = 3 - seat + 10`, "ssj.draw_seat has a row that the texts do not have: "},
		{`DELETE FROM ssj.draw_seat WHERE uniscid = (SELECT max(uniscid) FROM ssj.draw_seat)`, "ssj.draw_seat has "},
		{`DELETE FROM ssj.draw_recusal WHERE rule = 'declared'`, "ssj.draw_recusal has "},
		{`UPDATE ssj.draw_recusal SET rule = 'petition' WHERE rule = 'declared'`, "ssj.draw_recusal has a row that the texts do not have: "},
		{`DELETE FROM ssj.draw_refusal`, "ssj.draw_refusal has "},
		{`INSERT INTO ssj.draw_refusal SELECT noticeno, uniscid, 'nobody' FROM ssj.draw_unit WHERE reserve LIMIT 1`, "ssj.draw_refusal has a row that the texts do not have: "},
		{`UPDATE ssj.draw_file SET content = content || '\x0a' WHERE filename = 'result.txt'`, "result.txt: the hash is "},
		{`UPDATE ssj.draw_file SET content = '' WHERE filename = 'frame.txt'`, "frame.txt: "},
		{`UPDATE ssj.draw_file SET content = content || '\x0a' WHERE filename = 'inspectors.txt'`, "for anybody, without the private conflicts: "},
		{`UPDATE ssj.draw_file SET content = content || '\x0a' WHERE filename = 'sealed.note'`, "for anybody, without the private conflicts: "},
		{`DELETE FROM ssj.draw_file WHERE filename = 'close.note'`, "for anybody, without the private conflicts: "},
		{`DELETE FROM ssj.draw_file WHERE filename = 'exclusions.txt'`, "exclusions.txt: "},
		{`UPDATE ssj.draw_file SET published = true WHERE filename = 'exclusions.txt'`, "exclusions.txt: "},
	} {
		tx, err := conn.Begin(ctx)
		require.NoError(t, err)
		tag, err := tx.Exec(ctx, c.change)
		require.NoError(t, err, c.change)
		require.Positive(t, tag.RowsAffected(), c.change)
		require.NoError(t, tx.Commit(ctx))
		_, err = verify(ctx, conn, o.noticeNo, t.TempDir(), new(bytes.Buffer))
		require.ErrorContains(t, err, c.want, c.change)

		for _, table := range []string{"draw_file", "draw_problem", "draw_recusal", "draw_refusal", "draw_seat", "draw_unit", "draw_stratum", "draw"} {
			execute(t, conn, `DELETE FROM ssj.`+table)
		}
		require.NoError(t, o.store(ctx, conn))
	}
}

// TestPrivileges draws as a role that can read the system's tables and refer to them, and
// nothing else.
func TestPrivileges(t *testing.T) {
	ctx := context.Background()
	name := cityDatabase(t)
	admin := connectOnly(t, name)
	role := pgx.Identifier{name}.Sanitize() // as good a name as any
	execute(t, admin, `CREATE ROLE `+role+` LOGIN`)
	t.Cleanup(func() {
		execute(t, admin, `DROP OWNED BY `+role)
		execute(t, admin, `DROP ROLE `+role)
	})
	execute(t, admin, `GRANT CREATE ON DATABASE `+role+` TO `+role)
	execute(t, admin, `GRANT USAGE ON SCHEMA scjg TO `+role)
	execute(t, admin, `GRANT SELECT, REFERENCES ON ALL TABLES IN SCHEMA scjg TO `+role)

	in := testInput(t, name, 1)
	in.dsn += " user=" + name
	require.NoError(t, in.run(ctx, new(bytes.Buffer)))
	require.Positive(t, rowsOf(t, admin))
	conn, err := pgx.Connect(ctx, in.dsn)
	require.NoError(t, err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, `UPDATE scjg.e_baseinfo SET regstate = '注销'`)
	require.ErrorContains(t, err, "permission denied for table e_baseinfo")
}
