package house

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

const module = "github.com/doublerandom/doublerandom"

// A file is a file of the repository. Its path is relative to the root and has
// slashes; syntax is nil unless it is a Go file.
type file struct {
	path   string
	src    []byte
	nested bool // part of a module of its own
	fset   *token.FileSet
	syntax *ast.File
}

func (f *file) dir() string  { return path.Dir(f.path) }
func (f *file) isGo() bool   { return f.syntax != nil }
func (f *file) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

// under reports whether the file is in one of the folders or below.
func (f *file) under(dirs ...string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool { return strings.HasPrefix(f.path, dir+"/") })
}

// core reports whether the file is code of the pure core.
func (f *file) core() bool {
	return f.isGo() && !f.isTest() && !f.nested && !f.under("examples", "internal/longtest")
}

// at formats a finding at a place in the file.
func (f *file) at(pos token.Pos, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: ", f.path, f.fset.Position(pos).Line) + fmt.Sprintf(format, args...)
}

// A rule is one of the rules of the house. Check returns one line for each
// breach. The cases show that it finds what it is for, and only that.
type rule struct {
	name  string
	check func([]*file) []string
	cases []ruleCase
}

type ruleCase struct {
	name  string
	files map[string]string // path to text; Go files start with their package clause
	want  []string          // sorted
}

func rules() []rule {
	return []rule{
		importRule, testImportRule, callRule, initRule, variableRule, floatRule, xxhashRule,
		docRule, packageCommentRule, lengthRule, placeRule, requirementRule,
	}
}

// TestHouse applies the rules to the repository.
func TestHouse(t *testing.T) {
	files := load(t, os.DirFS("../.."))
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			for _, finding := range r.check(files) {
				t.Error(finding)
			}
		})
	}
}

// TestRules applies each rule to bad sources.
func TestRules(t *testing.T) {
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			require.NotEmpty(t, r.cases)
			for _, tt := range r.cases {
				repository := fstest.MapFS{}
				for name, text := range tt.files {
					repository[name] = &fstest.MapFile{Data: []byte(text)}
				}
				got := r.check(load(t, repository))
				slices.Sort(got)
				require.Equal(t, tt.want, got, tt.name)
			}
		})
	}
}

// load reads and parses the repository.
func load(t *testing.T, repository fs.FS) []*file {
	t.Helper()
	var files []*file
	var nested []string
	fset := token.NewFileSet()
	err := fs.WalkDir(repository, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name == ".git" || ignored(name) {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || name == ".git" || ignored(name) { // a file in a second work tree
			return nil
		}
		src, err := fs.ReadFile(repository, name)
		if err != nil {
			return err
		}
		f := &file{path: name, src: src, fset: fset}
		files = append(files, f)
		if path.Base(name) == "go.mod" && name != "go.mod" {
			nested = append(nested, f.dir())
		}
		if !strings.HasSuffix(name, ".go") || slices.Contains(strings.Split(name, "/"), "testdata") {
			return nil
		}
		f.syntax, err = parser.ParseFile(f.fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		return err
	})
	require.NoError(t, err)
	for _, f := range files {
		f.nested = f.under(nested...)
	}
	return files
}

// ignored reports whether .gitignore names the file or folder.
func ignored(name string) bool {
	switch path.Base(name) {
	case ".DS_Store", ".idea", ".vscode", "node_modules":
		return true
	}
	switch path.Ext(name) {
	case ".test", ".prof", ".out":
		return true
	}
	return name == "dist" || name == "examples/browser/dist"
}

var lengthRule = rule{
	name: "length",
	check: func(files []*file) (findings []string) {
		const most = 400
		for _, f := range files {
			if lines := bytes.Count(f.src, []byte("\n")); f.isGo() && lines > most {
				findings = append(findings, fmt.Sprintf("%s: %d lines, at most %d", f.path, lines, most))
			}
		}
		return findings
	},
	cases: []ruleCase{
		{"longest", map[string]string{"draw/a.go": "package draw\n" + strings.Repeat("\n", 399)}, nil},
		{"too long", map[string]string{"draw/a_test.go": "package draw\n" + strings.Repeat("\n", 400)},
			[]string{"draw/a_test.go: 401 lines, at most 400"}},
		{"not Go", map[string]string{"README.md": strings.Repeat("\n", 500)}, nil},
		{"data of a test", map[string]string{"draw/testdata/a.go": strings.Repeat("\n", 500)}, nil},
	},
}

// The needles are in parts, so that the rule does not find itself.
var places = []string{
	"/work/" + "main", "/work/" + "shared", "/" + "root/", "/tmp/" + "bash_jobs",
	"proxy." + "golang.", "sum." + "golang.", "GO" + "PROXY", "GONO" + "SUMDB", "registry." + "npmjs",
}

var placeRule = rule{
	name: "places",
	check: func(files []*file) (findings []string) {
		for _, f := range files {
			for _, place := range places {
				if before, _, found := bytes.Cut(f.src, []byte(place)); found {
					line := bytes.Count(before, []byte("\n")) + 1
					findings = append(findings, fmt.Sprintf("%s:%d: names %q", f.path, line, place))
				}
			}
		}
		return findings
	},
	cases: []ruleCase{
		{"path", map[string]string{"README.md": "# A\n\ncd " + places[0] + "\n"},
			[]string{fmt.Sprintf("README.md:3: names %q", places[0])}},
		{"host", map[string]string{".ci/run": "curl https://" + places[4] + "org\n"},
			[]string{fmt.Sprintf(".ci/run:1: names %q", places[4])}},
		{"none", map[string]string{"README.md": "../shared/data golang.org/x/mod\n"}, nil},
	},
}
