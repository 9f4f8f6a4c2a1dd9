package main

import (
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"iter"

	"github.com/doublerandom/doublerandom/examples/internal/sample"
	"github.com/jackc/pgx/v5"
)

// schemaSQL makes the tables of the system, as a regulator has them.
//
//go:embed schema.sql
var schemaSQL string

// resultsSQL makes the views and tables of the draws.
//
//go:embed results.sql
var resultsSQL string

const (
	hasSystemSQL  = `SELECT to_regnamespace('scjg') IS NOT NULL`
	hasResultsSQL = `SELECT to_regclass('ssj.draw') IS NOT NULL`
	analyzeSQL    = `ANALYZE` // the planner knows nothing of new tables yet
)

// setUp makes the system's tables in a database that has none and fills them with a made-up
// city, in one transaction. The same size gives the same rows.
func setUp(ctx context.Context, conn *pgx.Conn, size int) (rows int64, err error) {
	var there bool
	if err := conn.QueryRow(ctx, hasSystemSQL).Scan(&there); err != nil {
		return 0, err
	}
	if there {
		return 0, fmt.Errorf("the database has a schema scjg already: -setup is for an empty one; without it the tables are used as they are")
	}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, schemaSQL); err != nil {
			return err
		}
		rows, err = newCity(size).load(ctx, tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	_, err = conn.Exec(ctx, analyzeSQL)
	return rows, err
}

// addResults makes the tables of the draws where they are not there yet.
func addResults(ctx context.Context, conn *pgx.Conn) error {
	var system, results bool
	if err := conn.QueryRow(ctx, hasSystemSQL).Scan(&system); err != nil {
		return err
	}
	if !system {
		return fmt.Errorf("the database has no schema scjg: with -setup it is made and filled with a made-up city")
	}
	if err := conn.QueryRow(ctx, hasResultsSQL).Scan(&results); err != nil || results {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, resultsSQL)
		return err
	})
}

// copyRows writes rows to a table as they are made.
func copyRows(ctx context.Context, tx pgx.Tx, table pgx.Identifier, columns []string, rows iter.Seq2[[]any, error]) (int64, error) {
	next, stop := iter.Pull2(rows)
	defer stop()
	n, err := tx.CopyFrom(ctx, table, columns, pgx.CopyFromFunc(func() ([]any, error) {
		row, err, ok := next()
		if !ok {
			return nil, nil
		}
		return row, err
	}))
	if err != nil {
		return n, fmt.Errorf("writing %s: %w", table.Sanitize(), err)
	}
	return n, nil
}

// companies goes through the companies of the sample city, as rows of its CSV: code, name,
// status, industry, class, day of founding, day of the last inspection. A few have the
// faults that real registries have.
func companies(size int) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		r, w := io.Pipe()
		defer r.Close()
		go func() { w.CloseWithError(sample.New(size).WriteCSV(w)) }()
		lines := csv.NewReader(r)
		lines.ReuseRecord = true
		for n := 0; ; n++ {
			line, err := lines.Read()
			if err == io.EOF {
				return
			}
			if n == 0 && err == nil {
				continue // the header
			}
			if !yield(line, err) || err != nil {
				return
			}
		}
	}
}
