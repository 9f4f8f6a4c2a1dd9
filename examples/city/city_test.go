package main

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// city runs a small city on so many processors and returns what it prints.
func city(t *testing.T, dir string, processors int) string {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
	var out bytes.Buffer
	require.NoError(t, run(&input{scale: 0.001, seed: 7, dir: dir}, &out))
	return out.String()
}

// count returns how many files of a folder match a pattern.
func count(t *testing.T, dir, pattern string) int {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
	require.NoError(t, err)
	return len(names)
}

// TestCity runs a year of a small city: everything that a large one has is there, it verifies, two runs publish the
// same on one processor and on two, and a changed byte is found.
func TestCity(t *testing.T) {
	dir, again := t.TempDir(), t.TempDir()
	text := city(t, dir, 2)
	lines := strings.Split(strings.TrimSpace(text), "\n")
	require.Equal(t, "verified: opened and correct; 36 draws, 180 units drawn, 2 called off", lines[len(lines)-1])
	for _, want := range []string{
		"  4,160 entities with valid codes: 4,000 enterprises, 60 institutions, 60 social organisations, 40 judicial-service bodies; 0 rejected by the importer\n",
		"  departments: 6 of the city, 50 of districts, 40 of towns, in a tree; 10 items\n",
		"  34 draws stand: 1 city, 20 district, 6 town, 3 joint, 2 city-wide, 2 flying; ",
		"; 2 called off and drawn again\n",
		"  180 units drawn, ",
		" 0 not; 0 drawn units not visited, having no team; ",
		"  2 companies check the receipts of their flying inspections offline: ",
	} {
		require.Contains(t, text, want)
	}

	require.Equal(t, 36, count(t, dir, "series/*/notice.note"))
	require.Equal(t, 2, count(t, dir, "series/*/void.note"))
	require.Equal(t, 2, count(t, dir, "series/0010/void.note")+count(t, dir, "series/0019/void.note"))
	require.Zero(t, count(t, dir, "series/0010/opening.note"), "called off before any reveal: nothing is owed")
	require.Equal(t, 1, count(t, dir, "series/0019/opening.note"), "called off after the reveals: the secret is owed")
	require.Equal(t, 34, count(t, dir, "series/*/roster.txt"))
	require.Equal(t, 34, count(t, dir, "series/*/sealed.note"))
	require.Equal(t, 2, count(t, dir, "receipts/*.note"))
	require.Positive(t, count(t, dir, "series/*/changes/*.note"))
	require.Positive(t, count(t, dir, "coverage/receipts/*.txt"))
	require.Equal(t, 35, count(t, dir, "series/*/exclusions.txt"), "one draw's exclusions are private")
	hidden := count(t, dir, "series/*/events/????.note")
	require.Positive(t, hidden)
	require.Positive(t, count(t, dir, "series/*/events/*-shown.note"))
	require.GreaterOrEqual(t, hidden, count(t, dir, "series/*/events/*-shown.note"))

	city(t, again, 1)
	one, err := digestOf(dir)
	require.NoError(t, err)
	other, err := digestOf(again)
	require.NoError(t, err)
	require.Equal(t, one, other, "one seed, one output, whatever the number of processors")

	changed(t, dir)
}

// changed changes one byte of some published files and takes a draw away: verification must find each.
func changed(t *testing.T, dir string) {
	event := ""
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if strings.HasSuffix(path, "-shown.note") {
			event = filepath.ToSlash(path[len(dir)+1:])
		}
		return err
	}))
	draw := strings.Split(event, "/")[1]
	restore := func() {}
	for _, file := range []string{"series/0003/frame.txt", "series/0020/roster.txt", event, "coverage/schedule.txt", "archive/inspections.jsonl"} {
		path, before := filepath.Join(dir, filepath.FromSlash(file)), restore
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		other := bytes.Clone(text)
		other[len(other)/2] ^= 1
		require.NoError(t, os.WriteFile(path, other, 0o644))
		restore = func() {
			before()
			require.NoError(t, os.WriteFile(path, text, 0o644))
		}
	}
	v, err := verify(dir, io.Discard)
	require.ErrorContains(t, err, "verdict: wrong: draw 0003: ")
	var wrong []string
	for _, d := range v.series.Draws {
		if d.Verdict == audit.WrongVerdict {
			wrong = append(wrong, d.Folder)
		}
	}
	want := []string{"0003", "0020", draw}
	slices.Sort(want)
	require.Equal(t, want, wrong)
	policy := readPolicy(t, dir)
	_, _, err = checkCover(filepath.Join(dir, dirCoverage), policy)
	require.ErrorContains(t, err, "coverage: ")
	_, err = checkJournal(dir, policy)
	require.ErrorContains(t, err, "journal: line ")

	restore()
	require.NoError(t, os.Rename(filepath.Join(dir, "series", "0010"), filepath.Join(dir, "0010")))
	_, err = verify(dir, io.Discard)
	require.EqualError(t, err, "verdict: wrong: chain: draws between 9 and 11 are missing: have 11, want 10")
}

func readPolicy(t *testing.T, dir string) *audit.Policy {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, filePolicy))
	require.NoError(t, err)
	policy, err := audit.ParsePolicy(text)
	require.NoError(t, err)
	return policy
}

// TestCodes checks made-up codes by the rules of the standards.
func TestCodes(t *testing.T) {
	for serial := range 2000 {
		code, err := newCode([]string{"91370202", "12370211", "51370285", "31370281"}[serial%4], serial*541)
		require.NoError(t, err)
		require.NoError(t, registry.CheckCode(code), code)
	}
	_, err := newCode("9137020I", 1)
	require.ErrorContains(t, err, "registry: code ")
}

// TestSizes has the numbers of the city that this one is modelled on.
func TestSizes(t *testing.T) {
	s, err := newSizes(1)
	require.NoError(t, err)
	require.Equal(t, sizes{
		enterprises: 1_081_742, institutions: 3_310, social: 7_332, judicial: 585, city: 37, district: 322, town: 993, townsEach: 14,
		inspectors: 26_520, draws: 881, visits: 11_300, wide: 5, joint: 80, flying: 12, history: 300_000,
	}, s)
	departments, list, err := makeDepartments(s)
	require.NoError(t, err)
	require.Equal(t, 37+322+993, departments.Len())
	tiers := map[registry.Tier]int{}
	for _, b := range list {
		tiers[b.Tier]++
	}
	require.Equal(t, map[registry.Tier]int{registry.CityTier: 37, registry.DistrictTier: 322, registry.TownTier: 993}, tiers)
	items, _, err := makeItems(s)
	require.NoError(t, err)
	require.Equal(t, 56, items.Len())
}

// TestCheck shows what a user sees who mistypes.
func TestCheck(t *testing.T) {
	full := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(full, "a.txt"), nil, 0o644))
	for _, tt := range []struct {
		in   input
		rest []string
		err  string
	}{
		{input{scale: 1}, nil, ""},
		{input{scale: 0.001, dir: filepath.Join(full, "new")}, nil, ""},
		{input{scale: 1, verify: full}, nil, ""},
		{input{scale: 1}, []string{"x"}, `unexpected argument "x"`},
		{input{scale: 0}, nil, "-scale 0, expected 0.001 to 1"},
		{input{scale: 1.5}, nil, "-scale 1.5, expected 0.001 to 1"},
		{input{scale: 1, verify: full, keep: true}, nil, "-verify makes nothing: -out and -keep do not go with it"},
		{input{scale: 1, dir: full}, nil, "-out " + full + " is not empty: it has a.txt"},
	} {
		err := tt.in.check(tt.rest)
		if tt.err == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, tt.err)
	}
	_, err := verify(filepath.Join(full, "none"), io.Discard)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// TestParallel returns the first error by number, after all calls.
func TestParallel(t *testing.T) {
	done := make([]bool, 20)
	err := parallel(len(done), func(i int) error {
		done[i] = true
		if i%7 == 6 {
			return fs.ErrExist
		}
		return nil
	})
	require.ErrorIs(t, err, fs.ErrExist)
	require.NotContains(t, done, false)
	require.NoError(t, parallel(0, nil))
}
