package house

import (
	"fmt"
	"strings"
)

// requirements are the modules that go.mod may require directly. An empty
// version stands for any. Newer versions of x/exp and x/mod need a newer Go of
// everybody who imports this module.
var requirements = map[string]string{
	"github.com/cespare/xxhash/v2": "v2.3.0",
	"github.com/stretchr/testify":  "",
	"golang.org/x/exp":             "v0.0.0-20260112195511-716be5621a96",
	"golang.org/x/mod":             "v0.40.0",
}

const goVersion = "1.25.0"

var requirementRule = rule{
	name: "requirements",
	check: func(files []*file) (findings []string) {
		for _, f := range files {
			if f.path == "go.mod" {
				findings = append(findings, checkRequirements(string(f.src))...)
			}
		}
		return findings
	},
	cases: []ruleCase{
		{"allowed", map[string]string{
			"go.mod": "module m\n\ngo 1.25.0\n\nrequire golang.org/x/mod v0.40.0\n\nrequire (\n\tgithub.com/stretchr/testify v1.99.0\n" +
				"\texample.org/x v1.0.0 // indirect\n)\n",
			"draw/gm/go.mod": "module gm\n\ngo 1.30.0\n\nrequire example.org/sm3 v1.0.0\n",
		}, nil},
		{"not allowed", map[string]string{
			"go.mod": "module m\n\ngo 1.26.0\n\ntoolchain go1.26.1\n\nrequire example.org/y v1.0.0 // why not\n\nrequire (\n" +
				"\tgolang.org/x/exp v0.1.0\n)\n\nreplace example.org/y => ../y\n",
		}, []string{
			"go.mod:10: requires golang.org/x/exp v0.1.0, expected v0.0.0-20260112195511-716be5621a96",
			"go.mod:13: has a replace directive",
			"go.mod:3: go 1.26.0, expected 1.25.0",
			"go.mod:5: has a toolchain directive",
			"go.mod:7: requires example.org/y, which is not in the list",
		}},
	},
}

// checkRequirements reads the text of go.mod in the form that the go command
// gives it.
func checkRequirements(text string) (findings []string) {
	block := ""
	for i, line := range strings.Split(text, "\n") {
		report := func(format string, args ...any) {
			findings = append(findings, fmt.Sprintf("go.mod:%d: ", i+1)+fmt.Sprintf(format, args...))
		}
		line, comment, _ := strings.Cut(line, "//")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
			continue
		case words[0] == ")":
			block = ""
			continue
		case words[len(words)-1] == "(":
			block, words = words[0], words[:1]
		case block != "":
			words = append([]string{block}, words...)
		}
		switch {
		case words[0] == "module":
		case words[0] == "go":
			if words[1] != goVersion {
				report("go %s, expected %s", words[1], goVersion)
			}
		case words[0] != "require":
			report("has a %s directive", words[0])
		case len(words) == 3 && strings.TrimSpace(comment) != "indirect":
			version, ok := requirements[words[1]]
			if !ok {
				report("requires %s, which is not in the list", words[1])
			} else if version != "" && version != words[2] {
				report("requires %s %s, expected %s", words[1], words[2], version)
			}
		}
	}
	return findings
}
