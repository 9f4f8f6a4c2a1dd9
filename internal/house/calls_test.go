package house

import (
	"go/ast"
	"path"
	"slices"
	"strings"
)

// forbidden are the functions and variables that give an otherwise pure package
// an effect. time.Unix is not among them: its result must be taken to UTC.
var forbidden = map[string][]string{
	"time": {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local", "LoadLocation"},
	"fmt":  {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
}

// localName returns the name by which the file knows an import, or "".
func localName(f *file, imported string) string {
	for _, spec := range f.syntax.Imports {
		if importPath(spec) != imported {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(imported)
	}
	return ""
}

// selected returns the package and name if the expression selects a name from
// one of the packages. A local variable of the same name as a package would be
// taken for it; none of our files has one.
func selected(f *file, sel *ast.SelectorExpr, packages ...string) (imported, name string) {
	if x, ok := sel.X.(*ast.Ident); ok {
		for _, imported := range packages {
			if x.Name == localName(f, imported) {
				return imported, sel.Sel.Name
			}
		}
	}
	return "", ""
}

var callRule = rule{
	name: "calls",
	check: func(files []*file) (findings []string) {
		for _, f := range files {
			if !f.core() {
				continue
			}
			ast.Inspect(f.syntax, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					imported, name := selected(f, n, "time", "fmt")
					if imported != "" && slices.Contains(forbidden[imported], name) {
						findings = append(findings, f.at(n.Pos(), "uses %s.%s", imported, name))
					}
				case *ast.CallExpr:
					switch fun := n.Fun.(type) {
					case *ast.SelectorExpr: // the method of time.Time
						imported, _ := selected(f, fun, "time")
						if imported == "" && fun.Sel.Name == "Local" && len(n.Args) == 0 && localName(f, "time") != "" {
							findings = append(findings, f.at(n.Pos(), "calls the method Local"))
						}
					case *ast.Ident:
						if fun.Name == "print" || fun.Name == "println" {
							findings = append(findings, f.at(n.Pos(), "calls %s", fun.Name))
						}
					}
				}
				return true
			})
		}
		return findings
	},
	cases: []ruleCase{
		{"pure", map[string]string{
			"draw/a.go":           "package draw; import (\"fmt\"; \"time\"); func f() { _ = time.Date; _ = fmt.Sprint; _ = time.UTC }",
			"draw/b.go":           "package draw; func g(time T) { time.Now() }",
			"draw/a_test.go":      "package draw; import \"time\"; func f() { time.Sleep(1) }",
			"examples/visit/a.go": "package main; import \"time\"; func main() { println(time.Now()) }",
		}, nil},
		{"clock", map[string]string{
			"registry/a.go": "package registry\nimport clock \"time\"\nfunc f() {\nnow := clock.Now\nclock.Since(now())\n_ = clock.Local\n" +
				"clock.LoadLocation(\"\")\nnow().Local()\n<-clock.After(1)\n}\n",
		}, []string{
			"registry/a.go:4: uses time.Now",
			"registry/a.go:5: uses time.Since",
			"registry/a.go:6: uses time.Local",
			"registry/a.go:7: uses time.LoadLocation",
			"registry/a.go:8: calls the method Local",
			"registry/a.go:9: uses time.After",
		}},
		{"output", map[string]string{
			"matching/a.go": "package matching\nimport \"fmt\"\nfunc f() {\nfmt.Println()\nprintln()\n}\n",
		}, []string{
			"matching/a.go:4: uses fmt.Println",
			"matching/a.go:5: calls println",
		}},
	},
}

var initRule = rule{
	name: "init",
	check: func(files []*file) (findings []string) {
		for _, f := range files {
			if !f.core() {
				continue
			}
			for _, decl := range f.syntax.Decls {
				if d, ok := decl.(*ast.FuncDecl); ok && d.Recv == nil && d.Name.Name == "init" {
					findings = append(findings, f.at(d.Pos(), "has a func init"))
				}
			}
		}
		return findings
	},
	cases: []ruleCase{
		{"none", map[string]string{
			"draw/a.go":      "package draw; type T int; func (T) init() {}",
			"draw/a_test.go": "package draw; func init() {}",
		}, nil},
		{"one", map[string]string{"draw/a.go": "package draw\n\nfunc init() {}"}, []string{"draw/a.go:3: has a func init"}},
	},
}

// floatFiles may use floating-point numbers, as may all files of a folder: they only report.
var floatFiles = []string{
	"draw/fractionreport.go", "draw/estimate", "credit/evaluate", "credit/target", "internal/distribution",
}

func mayFloat(f *file) bool {
	return slices.Contains(floatFiles, f.path) || slices.Contains(floatFiles, f.dir())
}

// floatMethods are methods and functions that take or return a float.
var floatMethods = []string{
	"Float32", "Float64", "SetFloat64", "SetFloat", "ParseFloat", "FormatFloat", "AppendFloat", "NewFloat", "ParseComplex", "FormatComplex",
}

// durationMethods return a float if they are those of time.Duration.
var durationMethods = []string{"Seconds", "Minutes", "Hours"}

var floatRule = rule{
	name: "floats",
	check: func(files []*file) (findings []string) {
		for _, f := range files {
			if !f.core() || !f.under("registry", "draw", "matching", "credit", "internal") || mayFloat(f) {
				continue
			}
			ast.Inspect(f.syntax, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					switch n.Name {
					case "float32", "float64", "complex64", "complex128":
						findings = append(findings, f.at(n.Pos(), "uses %s", n.Name))
					}
				case *ast.BasicLit:
					if kind := n.Kind.String(); kind == "FLOAT" || kind == "IMAG" {
						findings = append(findings, f.at(n.Pos(), "has the literal %s", n.Value))
					}
				case *ast.SelectorExpr:
					if use := floatUse(f, n); use != "" {
						findings = append(findings, f.at(n.Pos(), "uses %s", use))
					}
				}
				return true
			})
		}
		return findings
	},
	cases: []ruleCase{
		{"integers", map[string]string{
			"draw/a.go":              "package draw; import \"math\"; const n = math.MaxUint64; var _ = math.MinInt32; var _ = 0x1e5",
			"draw/fractionreport.go": "package draw; func f() float64 { return 0.5 }",
			"credit/evaluate/a.go":   "package evaluate; var _ = 0.5",
			"draw/a_test.go":         "package draw; var _ = 0.5",
			"registry/a.go":          "package registry; func f(d D) { d.Hours() }",
		}, nil},
		{"types and literals", map[string]string{
			"draw/a.go": "package draw\nfunc f(x float32) float64 {\nreturn 1e3 +\n0.5\n}\ntype c complex128\n",
		}, []string{
			"draw/a.go:2: uses float32",
			"draw/a.go:2: uses float64",
			"draw/a.go:3: has the literal 1e3",
			"draw/a.go:4: has the literal 0.5",
			"draw/a.go:6: uses complex128",
		}},
		{"functions", map[string]string{
			"registry/a.go": "package registry\nimport (\n\"math\"\n\"math/big\"\n\"strconv\"\n\"time\"\n)\nfunc f(r *big.Rat, d time.Duration) {\n" +
				"math.Sqrt(2)\nr.Float64()\nstrconv.ParseFloat(\"\", 64)\nd.Hours()\n_ = math.Pi\n_ = big.Float{}\n}\n",
		}, []string{
			"registry/a.go:10: uses Float64",
			"registry/a.go:11: uses ParseFloat",
			"registry/a.go:12: uses Hours",
			"registry/a.go:13: uses math.Pi",
			"registry/a.go:14: uses big.Float",
			"registry/a.go:9: uses math.Sqrt",
		}},
	},
}

// floatUse names the float that a selector stands for, or returns "".
func floatUse(f *file, sel *ast.SelectorExpr) string {
	switch imported, name := selected(f, sel, "math", "math/big"); {
	case imported == "math" && !integerConstant(name):
		return "math." + name
	case imported == "math/big" && name == "Float":
		return "big.Float"
	}
	name := sel.Sel.Name
	if slices.Contains(floatMethods, name) || slices.Contains(durationMethods, name) && localName(f, "time") != "" {
		return name
	}
	return ""
}

// integerConstant reports whether math has an integer constant of that name.
func integerConstant(name string) bool {
	return strings.HasPrefix(name, "MaxInt") || strings.HasPrefix(name, "MinInt") || strings.HasPrefix(name, "MaxUint")
}
