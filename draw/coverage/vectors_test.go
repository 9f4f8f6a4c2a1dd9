package coverage

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/stretchr/testify/require"
)

// To write testdata anew: go test ./draw/coverage -run TestExampleFiles -update
var update = flag.Bool("update", false, "write testdata")

// exampleNewcomers are those of the example, by ID.
var exampleNewcomers = [][4]string{
	{"new-1", "370202", "1", "2026-01-15"}, {"new-2", "370202", "4", "2026-03-18"}, {"new-3", "市南区", "1", "2026-09-30"},
	{"new-4", "市南区", "4", "2026-10-05"}, {"new-5", "370202", "9", "2026-02-28"},
}

// exampleFiles derives the example by the reference alone, but for the plan's text.
func exampleFiles(t testing.TB) map[string]string {
	var frame strings.Builder
	for i := range 27 {
		fmt.Fprintf(&frame, "9137020000000%02d %s %d\n", i, []string{"370202", "市南区"}[i%3/2], []int{1, 1, 4, 1}[i%4])
	}
	files := map[string]string{"frame.txt": frame.String()}
	f := frameOf(t, frame.String())
	shares, err := SharesByWeight(f, map[uint64][]uint64{1: {1, 1, 1, 1}, 4: {3, 2, 1, 0}, 9: {10, 0, 0, 0}})
	require.NoError(t, err)
	plan, err := NewPlan(draw.SHA256(), f, Terms{quarters(t, 4), 14, shares})
	require.NoError(t, err)
	files["plan.txt"] = planText(t, plan)

	seed, secret := refHash([]byte("seed of the example")), refHash([]byte("secret of the example"))
	var batchOf map[string]int
	files["schedule.txt"], files["cells.txt"], batchOf = refSchedule(files["plan.txt"], files["frame.txt"], seed)
	p := refParsePlan(files["plan.txt"])
	var units, newcomers []refUnit
	for line := range strings.Lines(files["frame.txt"]) {
		f := strings.Fields(line)
		ticket := refTicket(refKey(seed, "coverage-unit", p.id, f[1]), f[0])
		files["units.txt"] += fmt.Sprintf("%s %x %s\n", f[0], ticket, p.batches[batchOf[f[0]]])
		units = append(units, refUnit{strings.TrimSpace(line), "frame", p.batches[batchOf[f[0]]]})
	}
	for _, n := range exampleNewcomers {
		ticket, at := refNewcomer(files["plan.txt"], seed, n[0], n[1], n[2], n[3])
		files["newcomers.txt"] += fmt.Sprintf("%s %x %s\n", strings.Join(n[:], " "), ticket, p.batches[at])
		newcomers = append(newcomers, refUnit{strings.Join(n[:3], " "), n[3], p.batches[at]})
	}
	leaves, late := refLeaves(p.id, secret, seed, units), refLeaves(p.id, secret, seed, newcomers)
	files["seal.txt"] = fmt.Sprintf("secret %x\nroot %x\nnewcomers %x\n", secret, refRoot(leaves), refRoot(late))
	files["receipt.txt"] = refReceipt(p.id, leaves, 5)
	files["newcomer-receipt.txt"] = refReceipt(p.id, late, 2)
	return files
}

// TestExampleFiles compares the files in testdata with what the reference derives.
func TestExampleFiles(t *testing.T) {
	files := exampleFiles(t)
	files["invalid.json"] = invalidTexts(t)
	for name, text := range files {
		if *update {
			require.NoError(t, os.WriteFile(filepath.Join("testdata", name), []byte(text), 0o644))
		}
		require.Equal(t, text, file(t, name), name)
	}
	found, err := os.ReadDir("testdata")
	require.NoError(t, err)
	for _, entry := range found {
		require.True(t, entry.IsDir() || files[entry.Name()] != "", entry.Name())
	}
}

func file(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return string(text)
}

// TestExample reads the files and compares them with what the package derives.
func TestExample(t *testing.T) {
	frame := frameOf(t, file(t, "frame.txt"))
	plan, err := ParsePlan(strings.NewReader(file(t, "plan.txt")), draw.SHA256())
	require.NoError(t, err)
	require.Equal(t, file(t, "plan.txt"), planText(t, plan))
	s, err := ParseSchedule(strings.NewReader(file(t, "schedule.txt")), plan)
	require.NoError(t, err)
	require.NoError(t, Check(plan, frame, s))
	require.Equal(t, file(t, "schedule.txt"), scheduleText(t, run(t, plan, frame, s.Seed())))
	units := ""
	for _, u := range frame.All() {
		ticket, err := s.Ticket(u)
		require.NoError(t, err)
		at, err := s.BatchOf(u)
		require.NoError(t, err)
		units += fmt.Sprintf("%s %s %s\n", u.ID, ticket, plan.Batches()[at].Label)
	}
	require.Equal(t, file(t, "units.txt"), units)

	var newcomers []Newcomer
	for line := range strings.Lines(file(t, "newcomers.txt")) {
		f := strings.Fields(line)
		n := newcomer(t, f[0], f[1], uint64(refInt(f[2])), f[3])
		newcomers = append(newcomers, n)
		at, err := s.Place(frame, n)
		require.NoError(t, err)
		require.Equal(t, f[5], plan.Batches()[at].Label, f[0])
	}
	var secret, root, late [32]byte
	for i, line := range strings.Split(strings.TrimSpace(file(t, "seal.txt")), "\n") {
		b, err := hex.DecodeString(strings.Fields(line)[1])
		require.NoError(t, err)
		copy([]*[32]byte{&secret, &root, &late}[i][:], b)
	}
	require.NoError(t, CheckOpening(plan, frame, s, secret, root))
	seal, err := NewSeal(s, frame, secret)
	require.NoError(t, err)
	newcomerSeal, err := NewNewcomerSeal(s, frame, newcomers, secret)
	require.NoError(t, err)
	require.Equal(t, late, newcomerSeal.Root())
	for name, from := range map[string]*Seal{"receipt.txt": seal, "newcomer-receipt.txt": newcomerSeal} {
		var r Receipt
		require.NoError(t, r.UnmarshalText([]byte(file(t, name))))
		require.NoError(t, CheckReceipt(plan, from.Root(), &r))
		again, err := from.Receipt(r.Unit.ID)
		require.NoError(t, err)
		require.Equal(t, *again, r)
		text, err := again.MarshalText()
		require.NoError(t, err)
		require.Equal(t, file(t, name), string(text))
	}
}

type invalidText struct {
	Kind  string `json:"kind"` // plan, schedule or receipt
	Text  string `json:"text"`
	Error string `json:"error"`
}

// invalidTexts returns the text of invalid.json. Texts of it that are not UTF-8
// have no place in JSON.
func invalidTexts(t testing.TB) string {
	frame := smallFrame(t)
	plan := smallPlan(t)
	s := run(t, plan, frame, seedOf(1))
	_, r := aReceipt(t)
	receipt, err := r.MarshalText()
	require.NoError(t, err)
	list := []invalidText{{"valid plan", planText(t, plan), ""}, {"valid schedule", scheduleText(t, s), ""}, {"valid receipt", string(receipt), ""}}
	for i, faults := range [][]fault{planFaults(plan), scheduleFaults(s), receiptFaults(r)} {
		for _, f := range faults {
			if len(f.new) > 5000 || strings.Contains(f.new, "\xff") {
				continue
			}
			kind := strings.TrimPrefix(list[i].Kind, "valid ")
			list = append(list, invalidText{kind, strings.Replace(list[i].Text, f.old, f.new, 1), f.want})
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(list))
	return b.String()
}

// TestInvalidFiles reads invalid.json.
func TestInvalidFiles(t *testing.T) {
	var list []invalidText
	require.NoError(t, json.Unmarshal([]byte(file(t, "invalid.json")), &list))
	require.Greater(t, len(list), 60)
	var plan *Plan
	for _, x := range list {
		var err error
		switch strings.TrimPrefix(x.Kind, "valid ") {
		case "plan":
			var p *Plan
			if p, err = ParsePlan(strings.NewReader(x.Text), draw.SHA256()); plan == nil {
				plan = p
			}
		case "schedule":
			_, err = ParseSchedule(strings.NewReader(x.Text), plan)
		case "receipt":
			err = new(Receipt).UnmarshalText([]byte(x.Text))
		}
		if x.Error == "" {
			require.NoError(t, err)
		} else {
			require.EqualError(t, err, x.Error)
		}
	}
}
