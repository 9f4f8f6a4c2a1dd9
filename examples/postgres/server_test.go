package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// testSize is the number of companies of the made-up city in these tests.
const testSize = 8000

const needsServer = "PGHOST is not set: this test needs PostgreSQL, such as examples/internal/with-postgres starts"

// databases counts the databases of this run, whose names hold the process's number.
var databases atomic.Int64

func databaseName() string { return fmt.Sprintf("postgres_test_%d_%d", os.Getpid(), databases.Add(1)) }

// TestMain makes one made-up city, which the tests take copies of.
func TestMain(m *testing.M) {
	if os.Getenv("PGHOST") == "" {
		os.Exit(m.Run())
	}
	os.Exit(func() int {
		ctx := context.Background()
		admin, err := pgx.Connect(ctx, "")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer admin.Close(ctx)
		name := templateName()
		if _, err := admin.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()+" TEMPLATE template0"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer admin.Exec(ctx, "DROP DATABASE "+pgx.Identifier{name}.Sanitize())
		if err := prepare(ctx, name); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

func templateName() string { return fmt.Sprintf("postgres_test_%d", os.Getpid()) }

func prepare(ctx context.Context, name string) error {
	conn, err := connectTo(ctx, name)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = setUp(ctx, conn, testSize)
	return err
}

func connectTo(ctx context.Context, name string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig("")
	if err != nil {
		return nil, err
	}
	config.Database = name
	return pgx.ConnectConfig(ctx, config)
}

// database returns the name of a new database from a template, dropped after the test.
func database(t *testing.T, template string) string {
	t.Helper()
	if os.Getenv("PGHOST") == "" {
		t.Skip(needsServer)
	}
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, "")
	require.NoError(t, err)
	name := databaseName()
	_, err = admin.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()+" TEMPLATE "+pgx.Identifier{template}.Sanitize())
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := admin.Exec(ctx, "DROP DATABASE "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
		require.NoError(t, err)
		admin.Close(ctx)
	})
	return name
}

// cityDatabase returns the name of a database with a made-up city.
func cityDatabase(t *testing.T) string {
	t.Helper()
	return database(t, templateName())
}

// connect returns a connection to a database, with the tables of the draws in it.
func connect(t *testing.T, name string) *pgx.Conn {
	t.Helper()
	conn := connectOnly(t, name)
	require.NoError(t, addResults(context.Background(), conn))
	return conn
}

// connectOnly returns a connection to a database as it is.
func connectOnly(t *testing.T, name string) *pgx.Conn {
	t.Helper()
	conn, err := connectTo(context.Background(), name)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// testInput is what the command line says where it says nothing, with fixed randomness.
func testInput(t *testing.T, name string, seed byte) *input {
	t.Helper()
	in := &input{
		dsn: "dbname=" + name, size: testSize, noticeNo: "青市监双随机〔2026〕12号", on: "2026-11-24", ratio: "不低于3%",
		dir: t.TempDir(), random: rand.NewChaCha8([32]byte{seed}),
	}
	require.NoError(t, in.check(nil))
	return in
}

// drawn returns a draw that is not stored yet.
func drawn(t *testing.T, conn *pgx.Conn, in *input) *outcome {
	t.Helper()
	var out bytes.Buffer
	o, err := in.draw(context.Background(), conn, newStopwatch(&out))
	require.NoError(t, err)
	return o
}

// rowsOf counts the rows of the tables of the draws.
func rowsOf(t *testing.T, conn *pgx.Conn) (n int) {
	t.Helper()
	require.NoError(t, conn.QueryRow(context.Background(), `SELECT
		(SELECT count(*) FROM ssj.draw) + (SELECT count(*) FROM ssj.draw_stratum) + (SELECT count(*) FROM ssj.draw_unit)
		+ (SELECT count(*) FROM ssj.draw_seat) + (SELECT count(*) FROM ssj.draw_refusal) + (SELECT count(*) FROM ssj.draw_recusal)
		+ (SELECT count(*) FROM ssj.draw_problem) + (SELECT count(*) FROM ssj.draw_file)`).Scan(&n))
	return n
}

func execute(t *testing.T, conn *pgx.Conn, query string, args ...any) {
	t.Helper()
	_, err := conn.Exec(context.Background(), query, args...)
	require.NoError(t, err)
}
