package house

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
)

// pure are the packages of the standard library that the core may import. They
// have no effects, but for the functions that the rule on calls names.
var pure = []string{
	"bufio", "bytes", "cmp", "container/heap", "crypto", "crypto/ed25519", "crypto/hkdf", "crypto/hmac",
	"crypto/sha256", "crypto/subtle", "encoding", "encoding/base64", "encoding/binary", "encoding/csv",
	"encoding/hex", "encoding/json", "errors", "fmt", "hash", "io", "io/fs", "iter", "maps", "math",
	"math/big", "math/bits", "path", "runtime", "slices", "sort", "strconv", "strings", "sync",
	"sync/atomic", "time", "unicode", "unicode/utf16", "unicode/utf8",
}

// importLists says what the non-test files of each package may import. A list
// holds for the folders below, too, unless they have their own. A package may
// import what is in folders below it. A last element of "..." stands for
// everything below, "std" for the whole standard library.
var importLists = map[string][]string{
	"registry":          {"pure", "github.com/cespare/xxhash/v2", module + "/internal/..."},
	"draw":              {"pure", "golang.org/x/mod/sumdb/note", module + "/registry", module + "/internal/..."},
	"draw/beacon":       {"pure", "crypto/md5", module + "/internal/..."}, // MD5 repeats selections of RFC 3797 only
	"draw/statement":    {"pure", "crypto/ed25519", "golang.org/x/mod/sumdb/note", module + "/draw", module + "/registry", module + "/internal/..."},
	"draw/seal":         {"pure", "compress/zlib", module + "/draw", module + "/draw/statement", module + "/registry", module + "/internal/..."},
	"draw/ceremony":     {"pure", "golang.org/x/mod/sumdb/note", module + "/draw", module + "/draw/beacon", module + "/draw/statement", module + "/registry", module + "/internal/..."},
	"draw/audit":        {"pure", "golang.org/x/mod/sumdb/note", module + "/draw/...", module + "/draw", module + "/registry", module + "/internal/..."},
	"draw/coverage":     {"pure", module + "/draw", module + "/registry", module + "/internal/..."},
	"draw/estimate":     {"pure", module + "/draw", module + "/internal/..."},
	"draw/teams":        {"pure", module + "/draw/...", module + "/draw", module + "/matching", module + "/matching/visit", module + "/registry", module + "/internal/..."},
	"credit":            {"pure", module + "/registry", module + "/internal/..."}, // neither draw nor matching
	"matching":          {"pure", module + "/internal/..."},                       // none of registry, draw, credit
	"draw/internal":     {"std", "golang.org/x/mod/sumdb/note", module + "/..."},  // programs that make the vectors
	"matching/conflict": {"pure", module + "/matching", module + "/internal/..."},
	"matching/visit":    {"pure", module + "/matching", module + "/internal/..."},
	"matching/internal": {"std", module + "/..."}, // cities for tests, and the program that makes the vectors
	"examples":          {"std", "golang.org/x/mod/sumdb/note", module + "/..."},
	"internal":          {"pure", module + "/internal/..."},
	"internal/digest":   {"pure", "reflect"}, // reflect tells SHA-256 from other hashes
	"internal/merkle":   {"pure", module + "/internal/digest"},
	"internal/longtest": {"os", "testing"},
	"internal/realdata": {"bytes", "compress/gzip", "io", "os", "path/filepath", "strings", "testing"},
	"internal/house":    {},
}

// testsOnly are the packages that no non-test file may import.
var testsOnly = []string{module + "/internal/longtest", module + "/internal/realdata", module + "/internal/house"}

// testModules are what tests may import from outside, and from which folder.
var testModules = map[string]string{
	"github.com/stretchr/testify/require": "",
	"github.com/cespare/xxhash/v2":        "registry",
	"golang.org/x/exp/ebnf":               "draw",
	"golang.org/x/mod/sumdb/note":         "",
}

// listOf returns the folder whose list holds for the folder dir.
func listOf(dir string) (string, bool) {
	for ; dir != "."; dir = path.Dir(dir) {
		if _, ok := importLists[dir]; ok {
			return dir, true
		}
	}
	return "", false
}

// std reports whether the path is one of the standard library.
func std(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

func allows(entry, imported string) bool {
	switch entry {
	case "pure":
		return slices.Contains(pure, imported)
	case "std":
		return std(imported)
	}
	if below, ok := strings.CutSuffix(entry, "..."); ok {
		return strings.HasPrefix(imported, below)
	}
	return entry == imported
}

// importPath returns the path that an import declaration names.
func importPath(spec *ast.ImportSpec) string {
	imported, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		panic("house: " + err.Error()) // the parser has accepted it
	}
	return imported
}

var importRule = rule{
	name: "imports",
	check: func(files []*file) (findings []string) {
		for _, f := range files {
			if !f.isGo() || f.isTest() || f.nested {
				continue
			}
			list, ok := listOf(f.dir())
			if !ok {
				findings = append(findings, fmt.Sprintf("%s: folder %s has no list of imports", f.path, f.dir()))
				continue
			}
			for _, spec := range f.syntax.Imports {
				imported := importPath(spec)
				own := strings.HasPrefix(imported, module+"/"+f.dir()+"/")
				allowed := own || slices.ContainsFunc(importLists[list], func(entry string) bool {
					return allows(entry, imported)
				})
				switch {
				case slices.Contains(testsOnly, imported):
					findings = append(findings, f.at(spec.Pos(), "imports %s, which is for tests only", imported))
				case !allowed:
					findings = append(findings, f.at(spec.Pos(), "imports %s, which is not in the list of %s", imported, list))
				case spec.Name != nil && (spec.Name.Name == "." || spec.Name.Name == "_"):
					findings = append(findings, f.at(spec.Pos(), "imports %s as %s", imported, spec.Name.Name))
				}
			}
		}
		return findings
	},
	cases: []ruleCase{
		{"allowed", map[string]string{
			"registry/a.go":            "package registry; import (\"io/fs\"; \"github.com/cespare/xxhash/v2\"; \"" + module + "/internal/merkle\")",
			"draw/a.go":                "package draw; import (\"golang.org/x/mod/sumdb/note\"; \"" + module + "/registry\")",
			"draw/internal/deep/a.go":  "package deep; import \"" + module + "/registry\"",
			"draw/b.go":                "package draw; import \"" + module + "/draw/internal/deep\"",
			"draw/gm/go.mod":           "module gm\n",
			"draw/gm/a.go":             "package gm; import (\"net/http\"; \"example.org/sm3\")",
			"examples/quickstart/a.go": "package main; import (\"os\"; \"net/http\"; \"" + module + "/draw\")",
			"internal/digest/a.go":     "package digest; import \"reflect\"",
			"internal/longtest/a.go":   "package longtest; import (\"os\"; \"testing\")",
		}, nil},
		{"effects", map[string]string{
			"registry/a.go": "package registry\nimport (\n\"database/sql\"\n\"log\"\n\"log/slog\"\n\"math/rand/v2\"\n\"net\"\n\"net/url\"\n" +
				"\"os\"\n\"reflect\"\n\"syscall\"\n\"testing\"\n\"unsafe\"\n)\n",
			"internal/merkle/a.go": "package merkle\nimport \"math/rand\"\nimport \"crypto/rand\"",
		}, []string{
			"internal/merkle/a.go:2: imports math/rand, which is not in the list of internal/merkle",
			"internal/merkle/a.go:3: imports crypto/rand, which is not in the list of internal/merkle",
			"registry/a.go:10: imports reflect, which is not in the list of registry",
			"registry/a.go:11: imports syscall, which is not in the list of registry",
			"registry/a.go:12: imports testing, which is not in the list of registry",
			"registry/a.go:13: imports unsafe, which is not in the list of registry",
			"registry/a.go:3: imports database/sql, which is not in the list of registry",
			"registry/a.go:4: imports log, which is not in the list of registry",
			"registry/a.go:5: imports log/slog, which is not in the list of registry",
			"registry/a.go:6: imports math/rand/v2, which is not in the list of registry",
			"registry/a.go:7: imports net, which is not in the list of registry",
			"registry/a.go:8: imports net/url, which is not in the list of registry",
			"registry/a.go:9: imports os, which is not in the list of registry",
		}},
		{"between packages", map[string]string{
			"registry/a.go": "package registry\nimport \"" + module + "/draw\"",
			"matching/a.go": "package matching\nimport \"" + module + "/registry\"",
			"credit/a.go":   "package credit\nimport \"" + module + "/draw\"",
			"draw/a.go":     "package draw\nimport \"" + module + "/internal/longtest\"",
		}, []string{
			"credit/a.go:2: imports " + module + "/draw, which is not in the list of credit",
			"draw/a.go:2: imports " + module + "/internal/longtest, which is for tests only",
			"matching/a.go:2: imports " + module + "/registry, which is not in the list of matching",
			"registry/a.go:2: imports " + module + "/draw, which is not in the list of registry",
		}},
		{"from outside", map[string]string{
			"draw/a.go":            "package draw\nimport \"golang.org/x/mod/semver\"",
			"examples/serve/a.go":  "package main\nimport \"example.org/router\"",
			"registry/sub/a.go":    "package sub\nimport . \"fmt\"",
			"internal/digest/a.go": "package digest\nimport _ \"hash\"",
			"surprise/a.go":        "package surprise",
		}, []string{
			"draw/a.go:2: imports golang.org/x/mod/semver, which is not in the list of draw",
			"examples/serve/a.go:2: imports example.org/router, which is not in the list of examples",
			"internal/digest/a.go:2: imports hash as _",
			"registry/sub/a.go:2: imports fmt as .",
			"surprise/a.go: folder surprise has no list of imports",
		}},
	},
}

var testImportRule = rule{
	name: "imports of tests",
	check: func(files []*file) (findings []string) {
		for _, f := range files {
			if !f.isGo() || !f.isTest() || f.nested {
				continue
			}
			for _, spec := range f.syntax.Imports {
				imported := importPath(spec)
				if std(imported) || strings.HasPrefix(imported, module+"/") {
					continue
				}
				if dir, ok := testModules[imported]; !ok || dir != "" && !f.under(dir) {
					findings = append(findings, f.at(spec.Pos(), "imports %s, which is not in the list of tests", imported))
				}
			}
		}
		return findings
	},
	cases: []ruleCase{
		{"allowed", map[string]string{
			"draw/a_test.go": "package draw; import (\"os\"; \"github.com/stretchr/testify/require\"; \"golang.org/x/exp/ebnf\")",
		}, nil},
		{"not allowed", map[string]string{
			"registry/a_test.go": "package registry\nimport \"golang.org/x/exp/ebnf\"",
			"draw/a_test.go":     "package draw\nimport \"github.com/stretchr/testify/assert\"",
		}, []string{
			"draw/a_test.go:2: imports github.com/stretchr/testify/assert, which is not in the list of tests",
			"registry/a_test.go:2: imports golang.org/x/exp/ebnf, which is not in the list of tests",
		}},
	},
}

var xxhashRule = rule{
	name: "xxhash",
	check: func(files []*file) (findings []string) {
		for _, f := range files {
			if !f.isGo() || f.under("registry") {
				continue
			}
			for _, spec := range f.syntax.Imports {
				if strings.Contains(spec.Path.Value, "xxhash") {
					findings = append(findings, f.at(spec.Pos(), "imports xxhash outside registry"))
				}
			}
		}
		return findings
	},
	cases: []ruleCase{
		{"registry", map[string]string{"registry/a.go": "package registry; import \"github.com/cespare/xxhash/v2\""}, nil},
		{"elsewhere", map[string]string{
			"draw/a.go":             "package draw\nimport \"github.com/cespare/xxhash/v2\"",
			"draw/a_test.go":        "package draw\nimport xx \"github.com/cespare/xxhash\"",
			"examples/drand/go.mod": "module drand\n",
			"examples/drand/a.go":   "package main\nimport \"github.com/cespare/xxhash/v2\"",
		}, []string{
			"draw/a.go:2: imports xxhash outside registry",
			"draw/a_test.go:2: imports xxhash outside registry",
			"examples/drand/a.go:2: imports xxhash outside registry",
		}},
	},
}
