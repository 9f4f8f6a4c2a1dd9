package verifier

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
)

// newKey returns a signer, its verifier key and its private key, from a name.
func newKey(t *testing.T, name string) (note.Signer, string, ed25519.PrivateKey) {
	seed := draw.SHA256().Sum([]byte(name))
	private := ed25519.NewKeyFromSeed(seed[:])
	vkey, err := note.NewEd25519VerifierKey(name, private.Public().(ed25519.PublicKey))
	require.NoError(t, err)
	s, err := note.NewSigner("PRIVATE+KEY+" + name + "+" + strings.Split(vkey, "+")[1] + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, seed[:]...)))
	require.NoError(t, err)
	return s, vkey, private
}

// bundleFiles returns the files of a small sealed draw, which was opened, and the
// text of a policy for it. The draw has a beacon and no contributors.
func bundleFiles(t *testing.T) (files map[string][]byte, policy string) {
	files = map[string][]byte{}
	suite := draw.SHA256()
	regulator, vkey, _ := newKey(t, "regulator.example")
	_, _, witness := newKey(t, "witness.example")
	start := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	hour := func(n int) time.Time { return start.Add(time.Duration(n) * time.Hour) }
	var witnessKey string
	sign := func(name string, s statement.Statement, at time.Time) statement.ID {
		w, err := statement.NewCosigner("witness.example", witness, at)
		require.NoError(t, err)
		witnessKey = w.VerifierKey()
		signers := []note.Signer{regulator, w}
		if name == "receipts/1.note" {
			signers = signers[:1]
		}
		signed, err := statement.Sign(suite, s, signers...)
		require.NoError(t, err)
		files[name] = signed.Note
		return signed.ID
	}
	frame, err := registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		for i := range 10 {
			if !yield(registry.Unit{ID: fmt.Sprintf("company-%d", i), Stratum: "A", Weight: 1}, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	plan, err := draw.NewPlan(suite, frame, draw.Quotas{{Stratum: "A", Count: draw.WholeFraction(2)}}, 1)
	require.NoError(t, err)
	secret := suite.Sum([]byte("secret"))

	series := sign("series.note", &statement.Series{
		Authority: "Example City", Scope: "checks", Created: hour(-1), Suite: "sha256", Regulator: vkey,
		Beacons: []string{"lottery"}, Entropy: 64, Outage: statement.OutageVoid,
	}, hour(-1))
	notice := sign("notice.note", &statement.Notice{
		Series: series, Number: 1, Created: hour(0), Mode: statement.Sealed, Plan: plan.ID(), Frame: statement.Plain, Root: plan.FrameRoot(), Units: 10,
		Beacon: "lottery", Round: "2026101x3", Secret: statement.SecretCommitment(suite, secret),
		CommitBy: hour(1), RevealBy: hour(2), CloseBy: hour(3), PulseAt: hour(4), OpenBy: hour(24),
	}, hour(0))
	closing := sign("close.note", &statement.Close{Notice: notice, Closed: hour(2)}, hour(2))
	const value = "1.2.3.4.5.6./7./1.2.3.4.5.6./7./1.2.3.4.5.6./7./"
	pulse := sign("pulse.note", &statement.Pulse{Notice: notice, Close: closing, Beacon: "lottery", Round: "2026101x3", Value: value}, hour(4))
	result, err := draw.Run(plan, frame, statement.Seed(suite, notice, value, nil, &secret))
	require.NoError(t, err)
	tree, err := seal.New(suite, frame, result, nil)
	require.NoError(t, err)
	sealed := sign("sealed.note", &statement.SealedResult{
		Notice: notice, Close: closing, Pulse: pulse, Frame: plan.FrameRoot(), Units: 10, Root: tree.Root(),
	}, hour(5))
	rows, err := frame.Tree(suite.Hash)
	require.NoError(t, err)
	receipt, err := seal.NewReceipt(notice, sealed, rows, tree, "company-3")
	require.NoError(t, err)
	sign("receipts/1.note", receipt, hour(6))

	var text bytes.Buffer
	_, err = result.WriteTo(&text)
	require.NoError(t, err)
	files["result.txt"] = bytes.Clone(text.Bytes())
	sign("opening.note", &statement.Opening{Notice: notice, Sealed: sealed, Opened: hour(20), Secret: secret, Result: suite.Sum(text.Bytes())}, hour(20))
	text.Reset()
	_, err = frame.WriteTo(&text)
	require.NoError(t, err)
	files["frame.txt"] = text.Bytes()
	files["plan.txt"], err = plan.MarshalText()
	require.NoError(t, err)

	p := audit.DefaultPolicy()
	p.At, p.Series, p.Regulators, p.Witnesses, p.Quorum = hour(48), series, []string{vkey}, []string{witnessKey}, 1
	p.BeaconRules = []audit.BeaconRule{{Name: "lottery", Kind: "lottery", Values: []audit.BeaconValue{{Round: "2026101x3", At: hour(4), Value: value}}}}
	policyText, err := p.MarshalText()
	require.NoError(t, err)
	require.GreaterOrEqual(t, must(beacon.Lottery("lottery")).EntropyBits("2026101x3"), 64)
	return files, string(policyText)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// writeFolder writes files below a new folder.
func writeFolder(t *testing.T, files map[string][]byte) string {
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
		require.NoError(t, os.WriteFile(full, text, 0o644))
	}
	return dir
}

// writeZip writes files into a new zip, each name behind a prefix.
func writeZip(t *testing.T, prefix string, files map[string][]byte) string {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(prefix + name)
		require.NoError(t, err)
		_, err = w.Write(files[name])
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	name := filepath.Join(t.TempDir(), "bundle.zip")
	require.NoError(t, os.WriteFile(name, out.Bytes(), 0o644))
	return name
}
