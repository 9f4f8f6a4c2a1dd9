// Testdraw writes a small public draw with names that a page must not take for
// markup: those of the authority, the scope, the strata and the companies.
// Everything about it is right, so that the names go all the way through.
//
//	go run ./examples/browser/testdraw FOLDER
//
// writes bundle/ and policy.txt into the folder.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
)

// The names; IDs and labels have no spaces, which markup does not need.
const (
	authority = `<img src=x onerror=alert(1)> "Authority" & 'Co'`
	scope     = `</script><script>alert(2)</script>`
	company   = `<script>alert(%d)</script>`
	stratum   = `<svg/onload=alert(3)>`
	other     = `javascript:alert(4)`

	units = 60
	round = "2026101x3"
	value = "1.2.3.4.5.6./7./1.2.3.4.5.6./7./1.2.3.4.5.6./7./"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "testdraw: expected one folder")
		os.Exit(2)
	}
	hold(os.Args[1])
}

// must ends the program with what went wrong.
func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "testdraw:", err)
		os.Exit(1)
	}
}

// A stage is where the draw is held: its folder and those who sign.
type stage struct {
	dir       string
	suite     draw.Suite
	regulator note.Signer
	witness   ed25519.PrivateKey
}

func (s *stage) cosigner(at time.Time) *statement.Cosigner {
	return must(statement.NewCosigner("witness.example", s.witness, at))
}

func (s *stage) write(name string, text []byte) {
	full := filepath.Join(s.dir, filepath.FromSlash(name))
	check(os.MkdirAll(filepath.Dir(full), 0o755))
	check(os.WriteFile(full, text, 0o644))
}

// sign writes a statement, signed by the regulator and seen by the witness.
func (s *stage) sign(name string, what statement.Statement, at time.Time) statement.ID {
	signed := must(statement.Sign(s.suite, what, s.regulator, s.cosigner(at)))
	s.write("bundle/"+name, signed.Note)
	return signed.ID
}

// hold holds the draw.
func hold(dir string) {
	skey, vkey, err := note.GenerateKey(rand.Reader, "regulator.example")
	check(err)
	_, private, err := ed25519.GenerateKey(rand.Reader)
	check(err)
	s := &stage{dir, draw.SHA256(), must(note.NewSigner(skey)), private}
	start := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	hour := func(n int) time.Time { return start.Add(time.Duration(n) * time.Hour) }

	frame := must(registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		for i := range units {
			u := registry.Unit{ID: fmt.Sprintf(company, i), Stratum: stratum, Weight: uint64(1 + i%3)}
			if i%4 == 0 {
				u.Stratum = other
			}
			if !yield(u, nil) {
				return
			}
		}
	}))
	plan := must(draw.NewPlan(s.suite, frame, must(draw.Proportional(frame.Strata(), 12, draw.Bounds{Floor: 1})), 1))
	secret := s.suite.Sum([]byte("secret"))
	series := s.sign(audit.FileSeries, &statement.Series{
		Authority: authority, Scope: scope, Created: hour(-1), Suite: "sha256", Regulator: vkey,
		Witnesses: []statement.Witness{{Key: s.cosigner(start).VerifierKey()}}, Quorum: 1,
		Beacons: []string{"lottery"}, Entropy: 64, Outage: statement.OutageVoid,
	}, hour(-1))
	notice := s.sign(audit.FileNotice, &statement.Notice{
		Series: series, Number: 1, Created: hour(0), Mode: statement.Sealed, Plan: plan.ID(), Frame: statement.Plain, Root: plan.FrameRoot(), Units: units,
		Beacon: "lottery", Round: round, Secret: statement.SecretCommitment(s.suite, secret),
		CommitBy: hour(1), RevealBy: hour(2), CloseBy: hour(3), PulseAt: hour(4), OpenBy: hour(24),
	}, hour(0))
	closing := s.sign(audit.FileClose, &statement.Close{Notice: notice, Closed: hour(2)}, hour(2))
	pulse := s.sign(audit.FilePulse, &statement.Pulse{Notice: notice, Close: closing, Beacon: "lottery", Round: round, Value: value}, hour(4))
	result := must(draw.Run(plan, frame, statement.Seed(s.suite, notice, value, nil, &secret)))
	tree := must(seal.New(s.suite, frame, result, nil))
	sealed := s.sign(audit.FileSealed, &statement.SealedResult{Notice: notice, Close: closing, Pulse: pulse, Frame: plan.FrameRoot(), Units: units, Root: tree.Root()}, hour(5))

	rows := must(frame.Tree(s.suite.Hash))
	receipt := must(seal.NewReceipt(notice, sealed, rows, tree, frame.ID(1)))
	s.write("bundle/receipts/1.note", must(statement.Sign(s.suite, receipt, s.regulator)).Note)
	var text bytes.Buffer
	must(result.WriteTo(&text))
	s.write("bundle/"+audit.FileResult, bytes.Clone(text.Bytes()))
	s.sign(audit.FileOpening, &statement.Opening{Notice: notice, Sealed: sealed, Opened: hour(20), Secret: secret, Result: s.suite.Sum(text.Bytes())}, hour(20))
	text.Reset()
	must(frame.WriteTo(&text))
	s.write("bundle/"+audit.FileFrame, text.Bytes())
	s.write("bundle/"+audit.FilePlan, must(plan.MarshalText()))

	policy := audit.DefaultPolicy()
	policy.At, policy.Series, policy.Regulators, policy.Witnesses, policy.Quorum = hour(48), series, []string{vkey}, []string{s.cosigner(start).VerifierKey()}, 1
	policy.BeaconRules = []audit.BeaconRule{{Name: "lottery", Kind: "lottery", Values: []audit.BeaconValue{{Round: round, At: hour(4), Value: value}}}}
	s.write("policy.txt", must(policy.MarshalText()))
}
