package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"
)

// variables are the package-level variables that hold neither an error nor an
// array, with the reason why they may. Nothing may assign to them either.
var variables = map[string]string{}

// variableRule lets a package have three kinds of variables: errors, arrays that
// serve as tables, and those in the list above. A blank one holds nothing.
var variableRule = rule{
	name: "variables",
	check: func(files []*file) (findings []string) {
		packages := map[string][]*file{}
		for _, f := range files {
			if f.core() {
				packages[f.dir()] = append(packages[f.dir()], f)
			}
		}
		seen := map[string]bool{}
		for _, dir := range slices.Sorted(maps.Keys(packages)) {
			pkg, info := check(dir, packages[dir])
			for _, f := range packages[dir] {
				findings = append(findings, declaredVariables(f, info, seen)...)
				findings = append(findings, assignedVariables(f, pkg, info)...)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(variables)) {
			if !seen[name] {
				findings = append(findings, fmt.Sprintf("%s is listed as a variable, but does not exist", name))
			}
		}
		return findings
	},
	cases: []ruleCase{
		{"allowed", map[string]string{
			"draw/a.go": `package draw
import ("errors"; "fmt")
var errA, errB = errors.New("a"), fmt.Errorf("b")
var errC error = &e{}
var names = [...]string{"a"}
var pair [2]int
var values = func() (v [256]uint8) { v[1] = 1; return v }()
var sums [2]sha.Sum
var _ I = T{}
func f() string { names := []string{}; names[0] = "x"; for _, errA := range x { _ = errA }; return names[0] }
`,
			"draw/b.go":       "package draw; func g() (pair []int) { pair = nil; return }",
			"examples/a/a.go": "package main; var state = map[string]int{}",
			"draw/a_test.go":  "package draw; var state = 1",
		}, nil},
		{"state", map[string]string{
			"draw/a.go": "package draw\nvar list = []int{1}\nvar table = map[int]int{}\nvar (\nn int\np, q = new(int), [1]int{}\n)\nvar f = func() {}\nvar e E = x\n",
		}, []string{
			"draw/a.go:2: variable list is neither an error nor an array, and is not listed",
			"draw/a.go:3: variable table is neither an error nor an array, and is not listed",
			"draw/a.go:5: variable n is neither an error nor an array, and is not listed",
			"draw/a.go:6: variable p is neither an error nor an array, and is not listed",
			"draw/a.go:8: variable f is neither an error nor an array, and is not listed",
			"draw/a.go:9: variable e is neither an error nor an array, and is not listed",
		}},
		{"assigned", map[string]string{
			"draw/a.go": "package draw\nimport \"errors\"\nvar errA = errors.New(\"a\")\nvar table [3]int\nvar deep [3]struct{ n [2]int }\n",
			"draw/b.go": "package draw\nfunc f() {\nerrA = nil\ntable[0] = 1\ntable[1]++\n(deep[2]).n[0] += 1\n_ = &table[1]\nfor table[0] = range 3 {\n}\n" +
				"x, errA := g()\nx, errA = g()\n}\nfunc h() { _, errA = g() }",
		}, []string{
			"draw/b.go:13: changes the package's variable errA",
			"draw/b.go:3: changes the package's variable errA",
			"draw/b.go:4: changes the package's variable table",
			"draw/b.go:5: changes the package's variable table",
			"draw/b.go:6: changes the package's variable deep",
			"draw/b.go:7: changes the package's variable table",
			"draw/b.go:8: changes the package's variable table",
		}},
	},
}

// check resolves the names in a package. It imports nothing and ignores errors,
// so what comes from other packages has no type.
func check(dir string, files []*file) (*types.Package, *types.Info) {
	config := types.Config{Importer: noImports{}, Error: func(error) {}}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	var syntax []*ast.File
	for _, f := range files {
		syntax = append(syntax, f.syntax)
	}
	pkg, _ := config.Check(dir, files[0].fset, syntax, info)
	return pkg, info
}

// declaredVariables checks the declarations, and adds the names of those that
// need to be listed to seen.
func declaredVariables(f *file, info *types.Info, seen map[string]bool) (findings []string) {
	for _, decl := range f.syntax.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok || d.Tok != token.VAR {
			continue
		}
		for _, spec := range d.Specs {
			spec := spec.(*ast.ValueSpec)
			for i, name := range spec.Names {
				var value ast.Expr
				if i < len(spec.Values) {
					value = spec.Values[i]
				}
				if name.Name == "_" || isError(f, spec.Type, value) {
					continue
				}
				if v := info.Defs[name]; v != nil {
					if _, ok := v.Type().Underlying().(*types.Array); ok {
						continue
					}
				}
				listed := f.dir() + "." + name.Name
				seen[listed] = true
				if variables[listed] == "" {
					findings = append(findings, f.at(name.Pos(), "variable %s is neither an error nor an array, and is not listed", name.Name))
				}
			}
		}
	}
	return findings
}

// isError reports whether a variable of that type and value is an error.
func isError(f *file, typ, value ast.Expr) bool {
	if typ, ok := typ.(*ast.Ident); ok {
		return typ.Name == "error"
	}
	call, ok := value.(*ast.CallExpr)
	if !ok || typ != nil {
		return false
	}
	fun, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	imported, name := selected(f, fun, "errors", "fmt")
	return imported == "errors" && name == "New" || imported == "fmt" && name == "Errorf"
}

// assignedVariables finds the places where the file changes a variable of the
// package or takes its address.
func assignedVariables(f *file, pkg *types.Package, info *types.Info) (findings []string) {
	changed := func(target ast.Expr) {
		name := root(target)
		if name == nil {
			return
		}
		if v, ok := info.Uses[name].(*types.Var); ok && v.Parent() == pkg.Scope() {
			findings = append(findings, f.at(name.Pos(), "changes the package's variable %s", name.Name))
		}
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, target := range n.Lhs {
				changed(target)
			}
		case *ast.IncDecStmt:
			changed(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				changed(n.Key)
				changed(n.Value)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				changed(n.X)
			}
		}
		return true
	})
	return findings
}

// root returns the name of the variable that an expression is part of, or nil.
func root(x ast.Expr) *ast.Ident {
	for {
		switch e := x.(type) {
		case *ast.Ident:
			return e
		case *ast.IndexExpr:
			x = e.X
		case *ast.SelectorExpr:
			x = e.X
		case *ast.ParenExpr:
			x = e.X
		case *ast.StarExpr:
			x = e.X
		default:
			return nil
		}
	}
}

// noImports gives the type checker an empty package for each import.
type noImports struct{}

func (noImports) Import(imported string) (*types.Package, error) {
	pkg := types.NewPackage(imported, path.Base(imported))
	pkg.MarkComplete()
	return pkg, nil
}
