package main

import (
	"bytes"
	"crypto/sha256"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/credit"
	"github.com/doublerandom/doublerandom/credit/journal"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/internal/longtest"
	"github.com/stretchr/testify/require"
)

// quickstart returns what a run prints. Its randomness is fixed.
func quickstart(t *testing.T, in input) string {
	t.Helper()
	if in.ratio == "" {
		in.ratio = "不低于3%"
	}
	if in.dir == "" {
		in.dir = t.TempDir()
	}
	in.random = rand.NewChaCha8([32]byte{1})
	var out bytes.Buffer
	require.NoError(t, run(&in, &out))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Contains(t, lines[len(lines)-1], "verified: opened and correct; ")
	return out.String()
}

// TestSample runs the main job on a small sample city; the same randomness must
// give the same report.
func TestSample(t *testing.T) {
	text := quickstart(t, input{size: 6000, reserves: 1})
	require.Contains(t, text, "rows 6000: kept 5999, rejected 1")
	require.Contains(t, text, "1 left out: named:court-order")
	require.Contains(t, text, "it was drawn, with rank ")
	require.Contains(t, text, "it was not drawn.")
	require.Contains(t, text, " teams of two: ")
	require.Contains(t, text, "by the chances of the draw: ")
	require.Contains(t, text, "  without a team: ")
	require.Contains(t, text, "  ok         matching      the ")
	require.Regexp(t, `visits that the draw explains; 1 that nothing explains \(R-unknown\); \d+ drawn and not visited`, text)
	require.Regexp(t, "against the rules: 1 no-order, 1 too-few-inspectors, 1 no-sign-in", text)
	require.Regexp(t, "class D: [0-9,]+ companies before, [0-9,]+ now; weight 30", text)
	require.Contains(t, text, "highest ")
	require.Regexp(t, "the next frame has [0-9,]+ units", text)
	require.Contains(t, text, "a survey can be drawn from ")
	steady := func(text string) (lines []string) {
		for line := range strings.Lines(text) {
			if !strings.Contains(line, " in ") && !strings.Contains(line, "-policy") { // timings, and the folder
				lines = append(lines, line)
			}
		}
		return lines
	}
	require.Equal(t, steady(text), steady(quickstart(t, input{size: 6000, reserves: 1})))
}

// TestLoopFiles reads what the loop has written besides the bundle: the chain of records, of which every
// change is found, and the charts.
func TestLoopFiles(t *testing.T) {
	dir := t.TempDir()
	quickstart(t, input{size: 2000, ratio: "5%", reserves: 1, dir: dir})
	chain, err := os.ReadFile(filepath.Join(dir, "inspections.jsonl"))
	require.NoError(t, err)
	suite := journal.Suite{Name: "sha256", New: sha256.New}
	j, err := journal.ReadRecords(bytes.NewReader(chain), "quickstart.example/2026", func(e journal.Entry) error {
		_, err := credit.ParseEntry(e.Record)
		return err
	}, suite)
	require.NoError(t, err)
	require.Greater(t, j.Len(), uint64(100))
	i := len(chain) / 2
	chain[i] ^= 1
	_, err = journal.Read(bytes.NewReader(chain), "quickstart.example/2026", suite)
	require.ErrorAs(t, err, new(*journal.LineError))
	for _, name := range []string{"strata.svg", "inspectors.svg"} {
		svg, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Contains(t, string(svg), "<svg ")
		require.NotContains(t, string(svg), "NaN")
	}
}

// TestVerifyFindsAChange changes one byte of each published file: the verdict
// must not be "opened and correct" any more.
func TestVerifyFindsAChange(t *testing.T) {
	dir := t.TempDir()
	quickstart(t, input{size: 500, ratio: "5%", reserves: 1, dir: dir})
	bundle, policy := filepath.Join(dir, "bundle"), filepath.Join(dir, "policy.txt")
	files := 0
	require.NoError(t, filepath.WalkDir(bundle, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		changed := bytes.Clone(text)
		changed[len(changed)/2] ^= 1
		require.NoError(t, os.WriteFile(path, changed, 0o644))
		report, err := verify(io.Discard, bundle, policy)
		require.NoError(t, err)
		require.NotEqual(t, audit.OpenedCorrect, report.Verdict, path)
		return os.WriteFile(path, text, 0o644)
	}))
	require.Equal(t, 23, files)
	report, err := verify(io.Discard, bundle, policy)
	require.NoError(t, err)
	require.Equal(t, audit.OpenedCorrect, report.Verdict)
}

// TestRealRegistries draws from real registries, where they are at hand.
func TestRealRegistries(t *testing.T) {
	for _, tt := range []struct {
		file, columns, rows string
		long                bool
	}{
		{"cn_registry_qingdao.csv.gz", "id=uscc,name=name,founded=reg_date,attr=capital_wan", "15,373", false},
		{"cn_registry_shandong.csv.gz", "id=uscc,name=name,founded=reg_date,attr=capital_wan", "116,784", false},
		{"cn_registry_1m_slim.csv.gz", "id=uscc,founded=reg_date,attr=capital_wan", "999,942", true},
	} {
		t.Run(tt.file, func(t *testing.T) {
			file := filepath.Join("..", "..", "..", "shared", "data", tt.file)
			if _, err := os.Stat(file); err != nil {
				t.Skipf("no %s beside the project", tt.file)
			}
			if tt.long {
				longtest.Skip(t)
			}
			text := quickstart(t, input{
				file: file, columns: tt.columns, weights: "capital_wan=0:1,100:2,1000:3,10000:4", reserves: 2,
			})
			require.Contains(t, text, tt.rows+" entities in the registry")
			t.Log(text)
		})
	}
}

// TestErrors shows what a user sees who mistypes.
func TestErrors(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "x.csv")
	require.NoError(t, os.WriteFile(file, []byte("uscc,name\n91370202MA3C0000X1,x\n"), 0o644))
	for _, tt := range []struct {
		name string
		in   input
		err  string
	}{
		{"no such ratio", input{size: 100, ratio: "3"}, `registry: `},
		{"no such file", input{file: filepath.Join(dir, "y.csv"), columns: "id=uscc"}, "no such file"},
		{"no columns", input{file: file}, "registry: "},
		{"weights", input{file: file, columns: "id=uscc", weights: "x"}, `-weights "x" is not of the form capital_wan=0:1,100:2,1000:3`},
		{"reserves", input{size: 100, ratio: "3%", reserves: 1001}, "draw: 1001 reserves, expected 0 to 1000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.in.dir, tt.in.random = dir, rand.NewChaCha8([32]byte{})
			require.ErrorContains(t, run(&tt.in, new(bytes.Buffer)), tt.err)
		})
	}
}

// TestCheck shows what is refused before the long work begins.
func TestCheck(t *testing.T) {
	const notBands = `-weights "a=0:1,5:x" is not of the form capital_wan=0:1,100:2,1000:3`
	for _, tt := range []struct {
		in   input
		rest []string
		err  string
	}{
		{input{size: 100}, nil, ""},
		{input{file: "x", columns: "id=uscc,attr=a", weights: "a=0:1,5:2"}, nil, ""},
		{input{size: 100}, []string{"x.csv"}, `unexpected argument "x.csv"`},
		{input{size: 100, columns: "id=uscc"}, nil, "-columns and -weights are for a file of yours, which -registry names"},
		{input{size: 100, weights: "a=0:1"}, nil, "-columns and -weights are for a file of yours, which -registry names"},
		{input{size: 99}, nil, "-size 99, expected 100 to 10000000"},
		{input{size: 10_000_001}, nil, "-size 10000001, expected 100 to 10000000"},
		{input{size: 100, ratio: "3"}, nil, `-ratio: registry: ratio "3": only a person can read "3": is not a spelling that is known here`},
		{input{file: "x"}, nil, "-registry needs -columns, such as -columns id=uscc,name=name"},
		{input{file: "x", columns: "uscc"}, nil, `-columns: registry: columns: "uscc": expected key=name`},
		{input{file: "x", columns: "id=uscc,attr=a", weights: "a=0:1,5:x"}, nil, notBands},
		{input{file: "x", columns: "id=uscc,attr=b", weights: "a=0:1"}, nil, `-weights: -columns has no attribute "a": add attr=a`},
	} {
		if tt.in.ratio == "" {
			tt.in.ratio = "3%"
		}
		err := tt.in.check(tt.rest)
		if tt.err == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, tt.err)
	}
}
