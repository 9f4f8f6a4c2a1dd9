package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"
)

var docRule = rule{
	name: "docs",
	check: func(files []*file) (findings []string) {
		for _, f := range files {
			if !f.core() {
				continue
			}
			d := docChecker{file: f}
			for _, decl := range f.syntax.Decls {
				switch decl := decl.(type) {
				case *ast.FuncDecl:
					d.function(decl)
				case *ast.GenDecl:
					d.declaration(decl)
				}
			}
			findings = append(findings, d.findings...)
		}
		return findings
	},
	cases: []ruleCase{
		{"documented", map[string]string{"draw/a.go": `// Package draw draws.
package draw

// Run runs.
func Run() {}

// A Ticket is one.
type Ticket struct {
	ID     string // of the unit
	hidden int

	// The first and last row.
	From int
	To   int

	embedded
	Other
}

// String returns it.
func (t *Ticket) String() string { return "" }

func (h hidden) Exported() {}
func (h *generic[T]) Exported() {}

// The sizes.
const (
	Small = iota
	Large
)

const Size = 1 // in bytes

var (
	_ = Size
	// ErrA is for nobody.
	ErrA error
)

type (
	// An Ear hears.
	Ear interface {
		Hear() // is what it does
		listen()
	}
	hidden struct{ Field int }
	// Seats counts.
	Seats int
)
`}, nil},
		{"undocumented", map[string]string{"draw/a.go": `package draw

func Run() {}

// This runs.
func Walk() {}

type Ticket struct {
	ID string
	// The rows.
	From int

	To int
	In struct {
		A int
	}
}

func (Ticket) String() {}
func (*List[K, V]) All() {}

// A value.
type List[K, V any] []V

const Size = 1

var (
	Big, small = 1, 2
)

// The one that hears.
type Ear interface {
	Hear()
}

//go:noinline
func Pragma() {}
`}, []string{
			"draw/a.go:13: field Ticket.To has no comment",
			"draw/a.go:14: field Ticket.In has no comment",
			"draw/a.go:15: field Ticket.In.A has no comment",
			"draw/a.go:19: method Ticket.String has no doc comment",
			"draw/a.go:20: method List.All has no doc comment",
			"draw/a.go:23: the doc comment of type List does not begin with its name",
			"draw/a.go:25: Size has no comment",
			"draw/a.go:28: Big has no comment",
			"draw/a.go:32: the doc comment of type Ear does not begin with its name",
			"draw/a.go:33: method Ear.Hear has no comment",
			"draw/a.go:37: func Pragma has no doc comment",
			"draw/a.go:3: func Run has no doc comment",
			"draw/a.go:6: the doc comment of func Walk does not begin with its name",
			"draw/a.go:8: type Ticket has no doc comment",
			"draw/a.go:9: field Ticket.ID has no comment",
		}},
	},
}

// A docChecker collects the findings on one file.
type docChecker struct {
	*file
	findings []string
}

func (d *docChecker) report(pos token.Pos, format string, args ...any) {
	d.findings = append(d.findings, d.at(pos, format, args...))
}

// doc checks the doc comment of a function, method or type.
func (d *docChecker) doc(pos token.Pos, what, name string, comment *ast.CommentGroup) {
	text := comment.Text()
	first, rest, _ := strings.Cut(text, " ")
	if first == "A" || first == "An" || first == "The" {
		first, _, _ = strings.Cut(rest, " ")
	}
	short := name[strings.LastIndex(name, ".")+1:]
	switch {
	case text == "":
		d.report(pos, "%s %s has no doc comment", what, name)
	case strings.TrimRight(first, ",.:;\n") != short:
		d.report(pos, "the doc comment of %s %s does not begin with its name", what, name)
	}
}

func (d *docChecker) function(decl *ast.FuncDecl) {
	name := decl.Name.Name
	switch {
	case !ast.IsExported(name):
	case decl.Recv == nil:
		d.doc(decl.Pos(), "func", name, decl.Doc)
	default:
		if base := receiver(decl.Recv.List[0].Type); ast.IsExported(base) {
			d.doc(decl.Pos(), "method", base+"."+name, decl.Doc)
		}
	}
}

// receiver returns the name of the type that a method belongs to.
func receiver(x ast.Expr) string {
	for {
		switch e := x.(type) {
		case *ast.Ident:
			return e.Name
		case *ast.StarExpr:
			x = e.X
		case *ast.ParenExpr:
			x = e.X
		case *ast.IndexExpr:
			x = e.X
		case *ast.IndexListExpr:
			x = e.X
		default:
			return ""
		}
	}
}

func (d *docChecker) declaration(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if !spec.Name.IsExported() {
				continue
			}
			comment := spec.Doc
			if !decl.Lparen.IsValid() {
				comment = decl.Doc
			}
			d.doc(spec.Pos(), "type", spec.Name.Name, comment)
			d.members(spec.Name.Name, spec.Type)
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				if name.IsExported() && decl.Doc.Text()+spec.Doc.Text()+spec.Comment.Text() == "" {
					d.report(name.Pos(), "%s has no comment", name.Name)
				}
			}
		}
	}
}

// members checks the fields of a struct or the methods of an interface. A
// comment above a field holds for those below, up to the next blank line.
func (d *docChecker) members(owner string, typ ast.Expr) {
	what, list := "", (*ast.FieldList)(nil)
	switch typ := typ.(type) {
	case *ast.StructType:
		what, list = "field", typ.Fields
	case *ast.InterfaceType:
		what, list = "method", typ.Methods
	default:
		return
	}
	line := func(pos token.Pos) int { return d.fset.Position(pos).Line }
	covered, end := false, 0 // by a comment above; the last line of the field before
	for _, field := range list.List {
		begin := line(field.Pos())
		if field.Doc != nil {
			begin = line(field.Doc.Pos())
		}
		covered = field.Doc.Text() != "" || covered && begin == end+1
		end = line(field.End())
		for _, name := range field.Names { // embedded ones have none
			if !name.IsExported() {
				continue
			}
			if !covered && field.Comment.Text() == "" {
				d.report(name.Pos(), "%s %s.%s has no comment", what, owner, name.Name)
			}
			d.members(owner+"."+name.Name, field.Type)
		}
	}
}

var packageCommentRule = rule{
	name: "package comments",
	check: func(files []*file) (findings []string) {
		comments := map[string]int{} // folder to files that have one
		for _, f := range files {
			if !f.isGo() || f.isTest() || f.nested {
				continue
			}
			text := f.syntax.Doc.Text()
			if text == "" {
				comments[f.dir()] += 0 // the folder is to be looked at
				continue
			}
			comments[f.dir()]++
			name := f.syntax.Name.Name
			if want := "Package " + name + " "; name != "main" && !strings.HasPrefix(text, want) {
				findings = append(findings, f.at(f.syntax.Doc.Pos(), "the package comment does not begin with %q", want))
			}
		}
		for _, dir := range slices.Sorted(maps.Keys(comments)) {
			if n := comments[dir]; n != 1 {
				findings = append(findings, fmt.Sprintf("%s: %d files have a package comment, expected one", dir, n))
			}
		}
		return findings
	},
	cases: []ruleCase{
		{"one", map[string]string{
			"draw/doc.go":              "// Package draw draws.\npackage draw",
			"draw/a.go":                "// Copyright\n\npackage draw",
			"draw/a_test.go":           "// Tests.\npackage draw",
			"examples/quickstart/a.go": "// Quickstart does it all.\npackage main",
		}, nil},
		{"not one", map[string]string{
			"draw/a.go":     "// Package draw draws.\npackage draw",
			"draw/b.go":     "// Package draw draws, too.\npackage draw",
			"registry/a.go": "package registry",
			"credit/a.go":   "// Credit\npackage credit",
		}, []string{
			"credit/a.go:1: the package comment does not begin with \"Package credit \"",
			"draw: 2 files have a package comment, expected one",
			"registry: 0 files have a package comment, expected one",
		}},
	},
}
