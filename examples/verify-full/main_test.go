package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/drandbeacon"
	"github.com/doublerandom/doublerandom/draw/gm"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
)

// pulse is a round of drand's main network, published on 2023-08-23.
func pulse(t *testing.T) (round, value, proof string) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "drand_quicknet.json"))
	if err != nil {
		t.Skip("the published rounds of drand are not there: ", err)
	}
	var data any
	require.NoError(t, json.Unmarshal(text, &data))
	return findRound(data)
}

// findRound returns the first round with a randomness and a signature.
func findRound(data any) (round, value, proof string) {
	switch data := data.(type) {
	case map[string]any:
		r, ok1 := data["round"].(float64)
		v, ok2 := data["randomness"].(string)
		s, ok3 := data["signature"].(string)
		if ok1 && ok2 && ok3 {
			return fmt.Sprintf("%.0f", r), v, s
		}
		for _, key := range slices.Sorted(maps.Keys(data)) {
			if round, value, proof = findRound(data[key]); round != "" {
				return round, value, proof
			}
		}
	case []any:
		for _, x := range data {
			if round, value, proof = findRound(x); round != "" {
				return round, value, proof
			}
		}
	}
	return "", "", ""
}

// TestSM2AndSM3AndDrand verifies an open draw under SM3, signed with SM2, with a
// round of drand; a program without them would say which it lacks.
func TestSM2AndSM3AndDrand(t *testing.T) {
	round, value, proof := pulse(t)
	require.NotEmpty(t, round)
	beacon := drandbeacon.NewQuicknet()
	at, err := beacon.TimeOf(round)
	require.NoError(t, err)
	skey, vkey, err := gm.GenerateKey(rand.Reader, "regulator.example")
	require.NoError(t, err)
	regulator, err := gm.NewSigner(skey)
	require.NoError(t, err)

	suite := gm.SM3()
	dir := t.TempDir()
	write := func(name string, text []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o644))
	}
	sign := func(name string, s statement.Statement) statement.ID {
		signed, err := statement.Sign(suite, s, regulator)
		require.NoError(t, err)
		write(name, signed.Note)
		return signed.ID
	}
	frame, err := registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		_ = yield(registry.Unit{ID: "a", Stratum: "A", Weight: 1}, nil) && yield(registry.Unit{ID: "b", Stratum: "A", Weight: 1}, nil)
	})
	require.NoError(t, err)
	plan, err := draw.NewPlan(suite, frame, draw.Quotas{{Stratum: "A", Count: draw.WholeFraction(1)}}, 0)
	require.NoError(t, err)
	series := sign("series.note", &statement.Series{
		Authority: "示例市市场监管局", Scope: "双随机抽查", Created: at.Add(-9 * time.Hour), Suite: "sm3", Regulator: vkey,
		Beacons: []string{beacon.Name()}, Entropy: 64, Outage: statement.OutageVoid,
	})
	notice := sign("notice.note", &statement.Notice{
		Series: series, Number: 1, Created: at.Add(-8 * time.Hour), Mode: statement.Open, Plan: plan.ID(), Frame: statement.Plain,
		Root: plan.FrameRoot(), Units: 2, Beacon: beacon.Name(), Round: round,
		CommitBy: at.Add(-7 * time.Hour), RevealBy: at.Add(-6 * time.Hour), CloseBy: at.Add(-5 * time.Hour), PulseAt: at, OpenBy: at.Add(time.Hour),
	})
	closing := sign("close.note", &statement.Close{Notice: notice, Closed: at.Add(-5 * time.Hour)})
	sign("pulse.note", &statement.Pulse{Notice: notice, Close: closing, Beacon: beacon.Name(), Round: round, Value: value, Proof: proof})
	result, err := draw.Run(plan, frame, statement.Seed(suite, notice, value, nil, nil))
	require.NoError(t, err)
	for name, w := range map[string]func(*bytes.Buffer) (int64, error){
		"frame.txt":  func(b *bytes.Buffer) (int64, error) { return frame.WriteTo(b) },
		"result.txt": func(b *bytes.Buffer) (int64, error) { return result.WriteTo(b) },
	} {
		var b bytes.Buffer
		_, err := w(&b)
		require.NoError(t, err)
		write(name, b.Bytes())
	}
	text, err := plan.MarshalText()
	require.NoError(t, err)
	write("plan.txt", text)

	p := audit.DefaultPolicy()
	p.At, p.Series, p.Regulators, p.SuiteNames = at.Add(24*time.Hour), series, []string{vkey}, []string{"sm3"}
	p.BeaconRules = []audit.BeaconRule{{Name: beacon.Name(), Kind: "given"}}
	text, err = p.MarshalText()
	require.NoError(t, err)
	policy := filepath.Join(t.TempDir(), "policy.txt")
	require.NoError(t, os.WriteFile(policy, text, 0o644))

	run := func(change func()) (int, string) {
		var out bytes.Buffer
		program := program()
		program.Stdout, program.Stderr = &out, &out
		if change != nil {
			change()
		}
		return program.Main([]string{"-policy", policy, dir}), out.String()
	}
	// Right but for the witnesses, of which there are none here.
	status, out := run(nil)
	require.Equal(t, 2, status)
	require.Contains(t, out, "ORDER NOT PROVEN", out)
	require.Contains(t, out, "exactly those that follow from plan and seed")
	require.Contains(t, out, "of 254 bits of entropy")
	status, out = run(func() {
		sign("pulse.note", &statement.Pulse{Notice: notice, Close: closing, Beacon: beacon.Name(), Round: round, Value: value, Proof: "00" + proof[2:]})
	})
	require.Equal(t, 1, status, out)

	// Without the modules.
	p.Suites = []draw.Suite{draw.SHA256()}
	require.Contains(t, audit.Verify(os.DirFS(dir), p).String(), `this program has none of the policy's suites: ["sm3"]`)
	p.Suites, p.Verifier = []draw.Suite{suite}, note.NewVerifier
	require.Contains(t, audit.Verify(os.DirFS(dir), p).String(), "this program cannot open the policy's regulator key")
}
