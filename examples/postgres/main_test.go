package main

import (
	"bytes"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRun does the whole work twice over copies of one city: the same randomness gives the
// same draw. A second run of the same notice, and the same plan under another, are refused.
func TestRun(t *testing.T) {
	ctx := context.Background()
	var texts []string
	var in *input
	for range 2 {
		name := cityDatabase(t)
		execute(t, connect(t, name), `UPDATE scjg.z_inspector SET zzzt = '休假' WHERE orgid = 'SJ370281' AND rybh > '370281-0002'`)
		in = testInput(t, name, 1)
		var out bytes.Buffer
		require.NoError(t, in.run(ctx, &out))
		texts = append(texts, out.String())
	}
	text := texts[0]
	require.Equal(t, steady(text), steady(texts[1]))
	lines := strings.Split(strings.TrimSpace(text), "\n")
	require.Regexp(t, `^verified: notice 青市监双随机〔2026〕12号; [0-9]+ of [0-9,]+ companies drawn, [0-9]+ teams$`, lines[len(lines)-1])
	for _, want := range []string{
		"8,000 companies: 7,998 kept, 2 rejected; the code of 1 was mended",
		"duplicate-id      1    such as row 5679, ",
		"unknown-division  1    such as row 3456, division \"370299\" is not in the table",
		" left out: frequency", " left out: recent", " left out: named:法院查封",
		"scjg.z_kinship ", "scjg.e_inv ", "scjg.z_resume ", "scjg.z_recusal ", "scjg.i_inspection ",
		" companies without one, such as ", " places need one of 370281-0001, ",
		"anybody, without the private conflicts: opened and correct",
		"teams are exactly those that follow from inspectors, tasks, exclusions and seed",
	} {
		require.Contains(t, text, want)
	}
	require.FileExists(t, filepath.Join(in.dir, "published", "roster.txt"))
	require.NoFileExists(t, filepath.Join(in.dir, "published", "exclusions.txt")) // who is related to whom
	require.FileExists(t, filepath.Join(in.dir, "private", "exclusions.txt"))

	conn := connect(t, strings.TrimPrefix(in.dsn, "dbname="))
	before := rowsOf(t, conn)
	var out bytes.Buffer
	err := in.run(ctx, &out)
	require.ErrorContains(t, err, "notice 青市监双随机〔2026〕12号 was drawn already, on 20")
	require.ErrorContains(t, err, ": a second draw would be a choice between two results")
	other := testInput(t, strings.TrimPrefix(in.dsn, "dbname="), 2)
	other.noticeNo = "青市监双随机〔2026〕13号"
	require.ErrorContains(t, other.run(ctx, &out), "the same list with the same quotas was drawn already, under notice 青市监双随机〔2026〕12号 on 20")
	require.Equal(t, before, rowsOf(t, conn))

	in.only = true
	out.Reset()
	require.NoError(t, in.run(ctx, &out))
	require.Contains(t, out.String(), "\nverified: notice 青市监双随机〔2026〕12号; ")
	other.only = true
	require.EqualError(t, other.run(ctx, &out), "no draw of notice 青市监双随机〔2026〕13号 is stored")
}

// steady takes out what differs between two runs of the same work.
func steady(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		if strings.Contains(line, " in ") || strings.Contains(line, "snapshot ") || strings.Contains(line, "/") {
			continue
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "")
}

// TestMeasure compares with the bare COPY, which has the same rows.
func TestMeasure(t *testing.T) {
	in := testInput(t, cityDatabase(t), 1)
	in.measure = true
	var out bytes.Buffer
	require.NoError(t, in.run(context.Background(), &out))
	require.Regexp(t, `  bare COPY of 8,000 companies to nowhere: [0-9.]+ MB of text in `, out.String())
	require.Regexp(t, `  the same into a registry, with all checks and the index: [^,]+, [0-9.]+ × the COPY; memory .* × its text`, out.String())
	require.Regexp(t, `measured: from the first row read to the last one written .*, [0-9.]+ × the COPY; memory `, out.String())
}

func TestSetUp(t *testing.T) {
	ctx := context.Background()
	in := testInput(t, database(t, "template0"), 1)
	require.EqualError(t, in.run(ctx, new(bytes.Buffer)), "the database has no schema scjg: with -setup it is made and filled with a made-up city")
	in.setup, in.size = true, 1000
	require.NoError(t, in.run(ctx, new(bytes.Buffer)))
	require.EqualError(t, in.run(ctx, new(bytes.Buffer)),
		"the database has a schema scjg already: -setup is for an empty one; without it the tables are used as they are")

	// Tables and columns have their comments, but for those whose meaning their table's says.
	conn := connect(t, strings.TrimPrefix(in.dsn, "dbname="))
	var bare []string
	require.NoError(t, conn.QueryRow(ctx, `SELECT array_agg(relname::text ORDER BY relname) FROM pg_class
		WHERE relnamespace IN ('scjg'::regnamespace, 'ssj'::regnamespace) AND relkind IN ('r', 'v') AND obj_description(oid, 'pg_class') IS NULL`).Scan(&bare))
	require.Empty(t, bare)

	// The tables of the draws may be made again, and keep what they have.
	before := rowsOf(t, conn)
	execute(t, conn, resultsSQL)
	require.Equal(t, before, rowsOf(t, conn))
}

func TestInput(t *testing.T) {
	for want, edit := range map[string]func(in *input) []string{
		`unexpected argument "x"`:                                                                                     func(in *input) []string { return []string{"x"} },
		"-size 999, expected 1000 to 10000000":                                                                        func(in *input) []string { in.size = 999; return nil },
		"-setup makes an empty system, in which there is nothing to -check":                                           func(in *input) []string { in.setup, in.only = true, true; return nil },
		`-notice "12 号", expected 1 to 64 printable characters without spaces`:                                        func(in *input) []string { in.noticeNo = "12 号"; return nil },
		`-notice "", expected 1 to 64 printable characters without spaces`:                                            func(in *input) []string { in.noticeNo = ""; return nil },
		`-on: registry: date "24.11.2026": expected YYYY-MM-DD`:                                                       func(in *input) []string { in.on = "24.11.2026"; return nil },
		`-ratio: registry: ratio "about 3%": only a person can read "about 3%": is not a spelling that is known here`: func(in *input) []string { in.ratio = "about 3%"; return nil },
	} {
		in := &input{size: 1000, noticeNo: "12号", on: "2026-11-24", ratio: "3%"}
		require.EqualError(t, in.check(edit(in)), want)
	}
}

// TestStatementsAreConstant finds SQL that is put together at run time: every statement must be
// a constant, or an embedded file, with a name that ends in SQL.
func TestStatementsAreConstant(t *testing.T) {
	at := map[string]int{"Exec": 1, "Query": 1, "QueryRow": 1, "Prepare": 2, "Queue": 0, "CopyTo": 2, "each": 2} // the statement's place
	statements := map[string]bool{}
	type call struct {
		where token.Position
		arg   ast.Expr
	}
	var calls []call
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	set := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GenDecl:
				embedded := n.Doc != nil && strings.Contains(n.Doc.List[len(n.Doc.List)-1].Text, "//go:embed ")
				if n.Tok != token.CONST && !embedded {
					return true
				}
				for _, spec := range n.Specs {
					for _, name := range spec.(*ast.ValueSpec).Names {
						statements[name.Name] = strings.HasSuffix(name.Name, "SQL")
					}
				}
			case *ast.FuncDecl:
				return n.Name.Name != "each" // its callers are looked at instead
			case *ast.CallExpr:
				name := ""
				switch f := n.Fun.(type) {
				case *ast.SelectorExpr:
					name = f.Sel.Name
				case *ast.Ident:
					name = f.Name
				}
				if place, ok := at[name]; ok && place < len(n.Args) {
					calls = append(calls, call{set.Position(n.Pos()), n.Args[place]})
				}
			}
			return true
		})
	}
	require.Greater(t, len(calls), 15)
	for _, c := range calls {
		switch arg := c.arg.(type) {
		case *ast.Ident:
			require.True(t, statements[arg.Name], "%s: %s is no constant statement", c.where, arg.Name)
		case *ast.SelectorExpr: // of a table of constants: see checkTables
			require.Equal(t, "query", arg.Sel.Name, "%s", c.where)
		default:
			t.Errorf("%s: the statement is put together here", c.where)
		}
	}
}
