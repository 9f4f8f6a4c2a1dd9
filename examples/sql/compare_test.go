// Package sql holds the comparison of the draw in SQL with the library's. It needs a
// PostgreSQL server, which PGHOST names, and is skipped without one:
//
//	../internal/with-postgres go test .
package sql

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// run gives what the program check prints, and its exit status.
func run(t *testing.T, args ...string) (output string, status int) {
	t.Helper()
	if os.Getenv("PGHOST") == "" {
		t.Skip("no PGHOST: run ../internal/with-postgres go test .")
	}
	out, err := exec.Command("./check", args...).CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		require.NoError(t, err)
		return string(out), 0
	}
	return string(out), exit.ExitCode()
}

// folder writes texts into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return dir
}

// read reads the JSON files that match a pattern below draw/testdata.
func read[T any](t *testing.T, pattern string) map[string]T {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("../../draw/testdata", pattern))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	all := map[string]T{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		var v T
		require.NoError(t, json.Unmarshal(text, &v), path)
		all[strings.TrimSuffix(filepath.Base(path), ".json")] = v
	}
	return all
}

// A selection is a file of draw/testdata/vectors.
type selection struct{ Frame, Plan, Seed, Result string }

func (s selection) files() map[string]string {
	return map[string]string{"frame.txt": s.Frame, "plan.txt": s.Plan, "result.txt": s.Result}
}

func TestVectors(t *testing.T) {
	for name, v := range read[selection](t, "vectors/draw-*.json") {
		t.Run(name, func(t *testing.T) {
			out, status := run(t, "-seed", v.Seed, folder(t, v.files()))
			if strings.HasSuffix(name, "-sm3") {
				require.Equal(t, 2, status)
				require.Contains(t, out, "/plan.txt is for the suite sm3; PostgreSQL has sha256 only\n")
				return
			}
			require.Equal(t, 0, status, out)
		})
	}
}

// A bundle is a file of draw/testdata/protocol.
type bundle struct {
	Files  map[string]string
	Secret string `json:"frame_secret"`
}

// draw returns the files of the draw; a series gives its first.
func (b bundle) draw() map[string]string {
	if _, ok := b.Files["0001/notice.note"]; !ok {
		return b.Files
	}
	first := map[string]string{}
	for name, text := range b.Files {
		if name, ok := strings.CutPrefix(name, "0001/"); ok {
			first[name] = text
		}
	}
	return first
}

func TestProtocolVectors(t *testing.T) {
	status := map[string]int{
		"valid-salted-hidden": 2, // no frame, no result
		"valid-sealed-fixed":  2, // not opened
		"valid-void-early":    2, // not drawn
		"valid-void-closed":   2, // called off before there was a result
		"valid-void-pulsed":   2, // the same
		"valid-sm3":           2, // another hash
	}
	for name, v := range read[bundle](t, "protocol/valid-*.json") {
		t.Run(name, func(t *testing.T) {
			var args []string
			if v.Secret != "" {
				args = []string{"-frame-secret", v.Secret}
			}
			out, got := run(t, append(args, folder(t, v.draw()))...)
			require.Equal(t, status[name], got, out)
		})
	}
}

// What is wrong in a bundle must be seen, and told from what is not there.
func TestFaults(t *testing.T) {
	sealed := read[bundle](t, "protocol/valid-sealed.json")["valid-sealed"].Files
	unit, other := "unit 1 91370202MA00000010 ", "unit 1 91370202MA00000008 "
	require.Contains(t, sealed["result.txt"], unit)
	for _, c := range []struct {
		name, file, old, new string
		status               int
		says                 string
	}{
		{"one ID for another", "result.txt", unit, other, 1, "< " + other},
		{"no last newline", "result.txt", sealed["result.txt"], strings.TrimSuffix(sealed["result.txt"], "\n"), 1, `\ No newline at end of file`},
		{"another weight", "frame.txt", "91370202MA00000000 370202/A 1", "91370202MA00000000 370202/A 2", 1, "DIFFERS plan: root of the frame: "},
		{"rows exchanged", "frame.txt", "91370202MA00000000 370202/A 1\n91370202MA00000001 370203/B 1\n", "91370202MA00000001 370203/B 1\n91370202MA00000000 370202/A 1\n", 1, "DIFFERS frame.txt: units in order, each once: 16 is published, 15 derived"},
		{"weight with a zero before it", "frame.txt", "/A 1\n", "/A 01\n", 1, "DIFFERS frame.txt: bytes: 481 is published, 480 derived"},
		{"no newline in the frame", "frame.txt", "15 370203/B 3\n", "15 370203/B 3", 1, "DIFFERS frame.txt: bytes: 479 is published, 480 derived"},
		{"empty line", "frame.txt", "/A 1\n", "/A 1\n\n", 2, "ERROR"},
		{"carriage return", "frame.txt", "/A 1\n", "/A 1\r\n", 2, "/frame.txt has a carriage return"},
		{"space in a label", "frame.txt", "370202/A", "370202/\u3000A", 2, `value for domain label violates check constraint "label_check"`},
		{"end mark of COPY", "frame.txt", "91370202MA00000001 370203/B 1\n", "\\.\n91370202MA00000001 370203/B 1\n", 1, "DIFFERS frame.txt: bytes: "},
		{"quota with a denominator", "plan.txt", "14 3\n", "14 3/1\n", 1, "DIFFERS plan.txt: its lines written again: "},
		{"another quota", "plan.txt", "14 3\n", "14 2\n", 1, "DIFFERS notice: plan: "},
		{"another pulse", "pulse.note", "value 3.1", "value 3.2", 1, "DIFFERS result.txt"},
		{"pulse of another round", "pulse.note", "round 2026-328", "round 2026-329", 1, "DIFFERS pulse: beacon and round: digits 2026-329 is published, digits 2026-328 derived"},
		{"another secret", "opening.note", "secret c6bdf1a4", "secret c6bdf1a5", 1, "DIFFERS opening: secret that the notice commits to: "},
		{"reveal with another value", "reveals/beta.note", "value 75c8", "value 75c9", 1, "DIFFERS close: reveal of beta: "},
		{"no reveal", "reveals/beta.note", sealed["reveals/beta.note"], "", 2, "missing close: reveal of beta: "},
		{"no pulse", "pulse.note", sealed["pulse.note"], "", 2, "missing pulse: notice: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := maps.Clone(sealed)
			require.Contains(t, files[c.file], c.old)
			files[c.file] = strings.Replace(files[c.file], c.old, c.new, 1)
			out, status := run(t, folder(t, files))
			require.Equal(t, c.status, status, out)
			require.Contains(t, out, c.says)
		})
	}
}

func TestSaltedFrameWithoutItsSecret(t *testing.T) {
	v := read[bundle](t, "protocol/valid-salted-shown.json")["valid-salted-shown"]
	out, status := run(t, folder(t, v.Files))
	require.Equal(t, 2, status, out)
	require.Contains(t, out, "missing plan: root of the frame: ")
	out, status = run(t, "-frame-secret", strings.Repeat("00", 32), folder(t, v.Files))
	require.Equal(t, 1, status, out)
	require.Contains(t, out, "DIFFERS plan: root of the frame: ")
}

func TestCommandLine(t *testing.T) {
	empty := t.TempDir()
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "check [-seed HEX] [-frame-secret HEX] [-out FILE] [-keep] FOLDER"},
		{[]string{"-seed", "00", empty}, "check: -seed \"00\", expected 64 lower-case hexadecimal digits\n"},
		{[]string{"-seed"}, "check: -seed needs a value\n"},
		{[]string{"-fast", empty}, "check: unknown option -fast; check -help says which there are\n"},
		{[]string{empty + "/none"}, fmt.Sprintf("check: no folder %q\n", empty+"/none")},
		{[]string{empty}, "check: " + empty + " has no frame.txt: there is nothing to compare\n"},
	} {
		out, status := run(t, c.args...)
		require.Equal(t, 2, status, out)
		require.Contains(t, out, c.says)
	}
}

func TestKeeps(t *testing.T) {
	query := func(text, want string) {
		t.Helper()
		got, err := exec.Command("psql", "-XAtqc", text).Output()
		require.NoError(t, err)
		require.Equal(t, want, string(got))
	}
	v := read[selection](t, "vectors/draw-one-weight.json")["draw-one-weight"]
	dir := folder(t, v.files())
	out, status := run(t, "-seed", v.Seed, dir)
	require.Equal(t, 0, status, out)
	query("select to_regnamespace('doublerandom')", "\n")

	derived := filepath.Join(t.TempDir(), "derived.txt")
	out, status = run(t, "-keep", "-out", derived, "-seed", v.Seed, dir)
	require.Equal(t, 0, status, out)
	text, err := os.ReadFile(derived)
	require.NoError(t, err)
	require.Equal(t, v.Result, string(text))
	query("select count(*) filter (where drawn) = (select sum(count) from doublerandom.taken) from doublerandom.drawn", "t\n")

	out, status = run(t, "-seed", v.Seed, dir)
	require.Equal(t, 2, status, out)
	require.Contains(t, out, `check: the database has a schema "doublerandom" already, perhaps from -keep: drop schema doublerandom cascade`)
	query("set client_min_messages = warning; drop schema doublerandom cascade", "")
}
