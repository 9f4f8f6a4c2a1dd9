package sql

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/registry"
)

// check runs the program on a bundle and returns its exit status and report.
func check(t *testing.T, files map[string]string) (int, string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	program, err := filepath.Abs("check")
	require.NoError(t, err)
	out, err := exec.Command(program, dir).CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), string(out)
	}
	require.NoError(t, err)
	return 0, string(out)
}

func needsServer(t *testing.T) {
	if os.Getenv("PGHOST") == "" {
		t.Skip("there is no PostgreSQL in PGHOST: run examples/internal/with-postgres go test ./examples/sql")
	}
}

func TestVectors(t *testing.T) {
	needsServer(t)
	names, err := filepath.Glob("../../draw/testdata/vectors/draw-*.json")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(names), 10)
	for _, name := range names {
		var v struct{ Name, Frame, Plan, Result string }
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &v))
		t.Run(v.Name, func(t *testing.T) {
			status, report := check(t, map[string]string{"frame.txt": v.Frame, "plan.txt": v.Plan, "result.txt": v.Result})
			require.Equal(t, 2, status, report) // nothing says where the seed is from
			if strings.Contains(v.Plan, "suite sm3\n") {
				require.Equal(t, "check: the plan is not of the suite sha256, which is all that PostgreSQL has\n", report)
				return
			}
			require.Contains(t, report, "ok         frame-root ")
			require.Contains(t, report, "ok         quotas ")
			require.Contains(t, report, "ok         selection     result.txt is the derived result, byte for byte\n")
		})
	}
}

// bundleOf returns the files of a vector of a whole bundle.
func bundleOf(t *testing.T, name string) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../draw/testdata/protocol/valid-" + name + ".json")
	require.NoError(t, err)
	var v struct{ Files map[string]string }
	require.NoError(t, json.Unmarshal(text, &v))
	return v.Files
}

func TestBundles(t *testing.T) {
	needsServer(t)
	for _, c := range []struct {
		name   string
		status int
		want   string
	}{
		{"chain", 0, "verdict: the selection is right\n"},
		{"fractional", 0, "verdict: the selection is right\n"},
		{"no-beacon", 0, "verdict: the selection is right\n"},
		{"open-beacon", 0, "verdict: the selection is right\n"},
		{"sealed", 0, "verdict: the selection is right\n"},
		{"withheld", 0, "verdict: the selection is right\n"},
		{"void", 0, "verdict: the selection is right, but the draw was called off: see void.note\n"},
		{"sealed-fixed", 2, "missing    selection     without a seed nothing is drawn\nverdict: cannot tell\n"},
		{"void-early", 2, "missing    selection     without a seed nothing is drawn\nverdict: cannot tell\n"},
		{"salted-shown", 2, "ok         selection     result.txt is the derived result, byte for byte\nverdict: cannot tell\n"},
		{"salted-hidden", 2, "check: there is no frame.txt: without it nothing can be derived\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, report := check(t, bundleOf(t, c.name))
			require.Equal(t, c.status, status, report)
			require.True(t, strings.HasSuffix(report, c.want), report)
		})
	}
}

// TestChanged changes one thing in a right bundle.
func TestChanged(t *testing.T) {
	needsServer(t)
	for _, c := range []struct {
		name, file, old, new string
		status               int
		want                 string
	}{
		{"result", "result.txt", "\nunit 1 ", "\nunit 2 ", 1, "wrong      selection     result.txt differs from the derived result:\n"},
		{"end of result", "result.txt", "", "\n", 1, "wrong      selection     result.txt differs from the derived result:\n"},
		{"weight", "frame.txt", " 1\n", " 2\n", 1, "wrong      frame-root "},
		{"leading zero", "frame.txt", " 1\n", " 01\n", 2, `violates check constraint "one_spelling_of_a_weight"`},
		{"units", "plan.txt", "units 16\n", "units 17\n", 1, "wrong      frame-root "},
		{"reserves", "plan.txt", "reserves 2\n", "reserves 1\n", 1, "wrong      plan "},
		{"reveal", "reveals/beta.note", "value ", "value 00", 2, "missing    reveal        3 contributions are counted; there are files with the stated IDs for 2\n"},
		{"close", "close.note", "counted beta", "counted betb", 2, "missing    reveal "},
		{"secret", "opening.note", "secret c6", "secret c7", 1, "wrong      opening "},
		{"hash of result", "opening.note", "result f5", "result f6", 1, "wrong      selection     the derived result has the hash f5e0a5372df14df5783e2a495a2069d4b08f0eb833592f05871ba5e8fcceac1b, the opening names f6"},
		{"pulse", "pulse.note", "value 3.", "value 4.", 1, "wrong      selection "},
		{"notice of pulse", "pulse.note", "notice 28", "notice 29", 1, "wrong      derivation "},
		{"no weight", "frame.txt", " 1\n", "\n", 2, `missing data for column "written"`},
		{"carriage return", "frame.txt", " 1\n", " 1\r\n", 2, "unquoted newline found in data"},
		{"header of plan", "plan.txt", "doublerandom", "", 1, "wrong      plan "},
		{"quota above the units", "plan.txt", " 8 14 3\n", " 8 14 9\n", 1, "wrong      quotas "},
		{"no number in plan", "plan.txt", "units 16\n", "units x\n", 2, "check: cannot tell: the message above says why"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := bundleOf(t, "sealed")
			require.Contains(t, files[c.file], c.old)
			if c.old == "" {
				files[c.file] += c.new
			} else {
				files[c.file] = strings.Replace(files[c.file], c.old, c.new, 1)
			}
			status, report := check(t, files)
			require.Equal(t, c.status, status, report)
			require.Contains(t, report, c.want)
		})
	}
}

// TestRandomDraws compares with the library on draws of every kind: fractional
// quotas, certainties, great weights, reserves, and labels that mean something to
// COPY, to psql or to SQL.
func TestRandomDraws(t *testing.T) {
	needsServer(t)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 40 {
		frame, plan := randomDraw(t, rng)
		var seed draw.Seed
		for j := range seed {
			seed[j] = byte(rng.Uint32())
		}
		result, err := draw.Run(plan, frame, seed)
		require.NoError(t, err)
		planText, err := plan.MarshalText()
		require.NoError(t, err)
		status, report := check(t, map[string]string{"frame.txt": textOf(t, frame), "plan.txt": string(planText), "result.txt": textOf(t, result)})
		require.Equal(t, 2, status, report)
		require.Contains(t, report, "ok         frame-root ", i)
		require.Contains(t, report, "ok         quotas ", i)
		require.Contains(t, report, "ok         selection     result.txt is the derived result, byte for byte\n", "draw %d\n%s", i, planText)
	}
}

func textOf(t *testing.T, v io.WriterTo) string {
	var b bytes.Buffer
	_, err := v.WriteTo(&b)
	require.NoError(t, err)
	return b.String()
}

var oddLabels = []string{`\.`, `\N`, `\`, `"`, `'`, `''--`, `a"b`, `$1`, `:x`, `%`, `企业`, "𠀀", "é", "e\u0301", "-", "0", "NULL", "\u00ad", "a,b", "{}", `a\tb`, "~", "!"}

func randomDraw(t *testing.T, rng *rand.Rand) (*registry.Frame, *draw.Plan) {
	t.Helper()
	strata := slices.Clone(oddLabels)
	rng.Shuffle(len(strata), func(i, j int) { strata[i], strata[j] = strata[j], strata[i] })
	strata = strata[:1+rng.IntN(5)]
	weights := []uint64{1, 2, 3, 7, 1 << rng.IntN(50), 1_000_000_007}[:1+rng.IntN(6)]
	frame, err := registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		for i := range 1 + rng.IntN(60) {
			u := registry.Unit{
				ID:      fmt.Sprintf("%s%d", oddLabels[rng.IntN(len(oddLabels))], i),
				Stratum: strata[rng.IntN(len(strata))], Weight: weights[rng.IntN(len(weights))],
			}
			if !yield(u, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	var quotas draw.Quotas
	for _, s := range frame.Strata() {
		q := draw.WholeFraction(uint64(rng.IntN(int(s.Units) + 1)))
		if den := uint64(1 + rng.IntN(12)); rng.IntN(2) == 0 {
			q, err = draw.NewFraction(rng.Uint64N(s.Units*den+1), den)
			require.NoError(t, err)
		}
		quotas = append(quotas, draw.Quota{Stratum: s.Label, Count: q})
	}
	plan, err := draw.NewPlan(draw.SHA256(), frame, quotas, rng.IntN(4))
	require.NoError(t, err)
	return frame, plan
}
