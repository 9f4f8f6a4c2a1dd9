package audit

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
)

// start is when the notice of the first draw is published.
var start = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)

const (
	testBeacon = "digits"
	testRound  = "2026-328"
	testValue  = "3.1.4.1.5.9.2.6.5.3.5.8.9.7.9.3.2.3.8.4./"
)

// A signer is a key of the tests, made from its name.
type signer struct {
	note.Signer
	vkey    string
	private ed25519.PrivateKey
}

func newSigner(name string) signer {
	seed := draw.SHA256().Sum([]byte(name))
	private := ed25519.NewKeyFromSeed(seed[:])
	vkey, err := note.NewEd25519VerifierKey(name, private.Public().(ed25519.PublicKey))
	if err != nil {
		panic(err)
	}
	hash := strings.Split(vkey, "+")[1]
	s, err := note.NewSigner("PRIVATE+KEY+" + name + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, seed[:]...)))
	if err != nil {
		panic(err)
	}
	return signer{s, vkey, private}
}

// cosigner returns a witness that signs at a time.
func (s signer) cosigner(at time.Time) *statement.Cosigner {
	c, err := statement.NewCosigner(s.Name(), s.private, at)
	if err != nil {
		panic(err)
	}
	return c
}

// A recipe says what draw a test wants.
type recipe struct {
	mode       statement.Mode
	frame      statement.Rows
	noBeacon   bool
	shift      time.Duration // of the whole draw, against start
	number     uint64        // 1 if 0
	previous   statement.ID
	earlier    []statement.Earlier
	units      []registry.Unit
	quotas     draw.Quotas
	regulator  string                      // name of its key, "regulator.example" if ""
	faults     map[string]statement.Fault  // of contributors
	stop       string                      // the last statement that is published; all if ""
	hideRows   bool                        // frame.txt and result.txt are not shown
	edit       func(s statement.Statement) // before a statement is signed
	witnessAt  map[string]time.Time        // when witnesses sign a kind of statement; at once if absent
	unseen     map[string]bool             // kinds that no witness signs
	editResult func(text []byte) []byte
	events     []statement.Detail
	receipts   int                                                           // number of receipts, from the first unit on
	secretBy   *[32]byte                                                     // the sealing secret
	tree       func(frame *registry.Frame, result *draw.Result) statement.ID // the sealed root, if not the right one
}

// A built is a bundle with what its tests need.
type built struct {
	recipe
	t      testing.TB
	suite  draw.Suite
	files  fstest.MapFS
	policy *Policy
	signed map[string]*statement.Signed // by kind, or by file for contributions
	frame  *registry.Frame
	plan   *draw.Plan
	result *draw.Result
	seed   draw.Seed
	rows   *registry.FrameTree
	sealed *seal.Tree
	regul  signer
	series statement.Series
	notice statement.Notice
	at     time.Time // where the draw begins
}

func names() []string { return []string{"alpha", "beta", "gamma/3"} }

// testUnits returns a small frame of two strata and three weights.
func testUnits() (units []registry.Unit) {
	for i := range 24 {
		units = append(units, registry.Unit{
			ID: fmt.Sprintf("91370202MA%08d", i), Stratum: []string{"370202/A", "370203/B"}[i%2], Weight: []uint64{1, 1, 2, 3}[i/2%4],
		})
	}
	return units
}

func testQuotas(t testing.TB) draw.Quotas {
	f, err := draw.ParseFraction("7/2")
	require.NoError(t, err)
	return draw.Quotas{{Stratum: "370202/A", Count: f}, {Stratum: "370203/B", Count: draw.WholeFraction(2)}}
}

func testSources() []beacon.Source {
	return []beacon.Source{{Name: "digits", Count: 20, Min: 0, Max: 9, Ordered: true}}
}

// build makes a whole bundle as an honest regulator would, but for what the
// recipe says.
func build(t testing.TB, r recipe) *built {
	t.Helper()
	if r.number == 0 {
		r.number = 1
	}
	if r.units == nil {
		r.units = testUnits()
	}
	if r.quotas == nil {
		r.quotas = testQuotas(t)
	}
	if r.mode == 0 {
		r.mode = statement.Sealed
	}
	if r.frame == 0 {
		r.frame = statement.Plain
	}
	if r.regulator == "" {
		r.regulator = "regulator.example"
	}
	b := &built{recipe: r, t: t, suite: draw.SHA256(), files: fstest.MapFS{}, signed: map[string]*statement.Signed{}}
	b.at = start.Add(r.shift)
	b.regul = newSigner(r.regulator)
	b.buildPlan()
	b.buildSeries()
	b.buildNotice()
	b.buildRest()
	b.policy = b.newPolicy()
	return b
}

// after is how long after the beginning a kind of statement is made.
func after(kind string) time.Duration {
	return map[string]time.Duration{
		"series": -24 * time.Hour, "notice": 0, "commit": 30 * time.Minute, "reveal": 90 * time.Minute, "close": 150 * time.Minute,
		"pulse": 4 * time.Hour, "sealed": 4*time.Hour + time.Minute, "receipt": 5 * time.Hour, "event": 6 * time.Hour,
		"opening": 20 * time.Hour, "void": 3 * time.Hour,
	}[kind]
}

// sign signs a statement with a key and, if they see it, both witnesses, and
// stores it.
func (b *built) sign(file string, s statement.Statement, by signer) *statement.Signed {
	b.t.Helper()
	text, err := s.MarshalText()
	require.NoError(b.t, err)
	kind := statement.Kind(text)
	if b.edit != nil {
		b.edit(s)
	}
	at, ok := b.witnessAt[kind]
	if !ok {
		at = b.at.Add(after(kind))
		if kind == "series" {
			at = start.Add(after(kind))
		}
	}
	signers := []note.Signer{by}
	if kind != "receipt" && kind != "event" && kind != "reveal" && !b.unseen[kind] {
		signers = append(signers, newSigner("witness-1.example").cosigner(at), newSigner("witness-2.example").cosigner(at))
	}
	signed, err := statement.Sign(b.suite, s, signers...)
	require.NoError(b.t, err)
	b.signed[file] = signed
	b.put(file, signed.Note)
	return signed
}

func (b *built) put(name string, text []byte) { b.files[name] = &fstest.MapFile{Data: text} }

func (b *built) buildPlan() {
	frame, err := registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		for _, u := range b.units {
			if !yield(u, nil) {
				return
			}
		}
	})
	require.NoError(b.t, err)
	b.frame = frame
	if b.recipe.frame == statement.Salted {
		b.plan, err = draw.NewSaltedPlan(b.suite, frame, frameSecret(), b.quotas, 2)
		require.NoError(b.t, err)
		b.rows, err = frame.SaltedTree(b.suite.Hash, frameSecret())
	} else {
		b.plan, err = draw.NewPlan(b.suite, frame, b.quotas, 2)
		require.NoError(b.t, err)
		b.rows, err = frame.Tree(b.suite.Hash)
	}
	require.NoError(b.t, err)
	text, err := b.plan.MarshalText()
	require.NoError(b.t, err)
	b.put(FilePlan, text)
	if !b.hideRows {
		var rows bytes.Buffer
		_, err = frame.WriteTo(&rows)
		require.NoError(b.t, err)
		b.put(FileFrame, rows.Bytes())
	}
}

func frameSecret() [32]byte { return draw.SHA256().Sum([]byte("frame secret")) }

func (b *built) value(name string) statement.ID {
	if name == names()[2] { // contributes by chain: three draws
		v := b.suite.Sum([]byte("chain"))
		for range 3 - b.number {
			v = statement.ChainLink(b.suite, name, v)
		}
		return v
	}
	return b.suite.Sum(fmt.Appendf(nil, "value of %s for %d", name, b.number))
}

func (b *built) nonce(name string) statement.ID {
	return b.suite.Sum(fmt.Appendf(nil, "nonce of %s for %d", name, b.number))
}

func (b *built) buildSeries() {
	end := b.suite.Sum([]byte("chain"))
	for range 3 {
		end = statement.ChainLink(b.suite, names()[2], end)
	}
	s := statement.Series{
		Authority: "Market Supervision of Example City", Scope: "double random checks 2026",
		Created: start.Add(-24 * time.Hour), Suite: b.suite.Name(), Regulator: b.regul.vkey,
		Chains: []statement.Chain{{Contributor: names()[2], Length: 3, End: end}},
		Quorum: 2, Minimum: 2, Withheld: 1, Outage: statement.OutageVoid,
		Beacons: []string{testBeacon}, Entropy: 64,
	}
	for _, name := range names() {
		s.Contributors = append(s.Contributors, statement.Contributor{Name: name, Key: newSigner("contributor-" + name[:1]).vkey})
	}
	for _, w := range []string{"witness-1.example", "witness-2.example"} {
		s.Witnesses = append(s.Witnesses, statement.Witness{Key: newSigner(w).cosigner(start).VerifierKey()})
	}
	b.sign(FileSeries, &s, b.regul)
	b.series = s
}

func (b *built) secret() [32]byte {
	if b.secretBy != nil {
		return *b.secretBy
	}
	return b.suite.Sum(fmt.Appendf(nil, "sealing secret %d", b.number))
}

func (b *built) buildNotice() {
	n := statement.Notice{
		Series: b.signed[FileSeries].ID, Number: b.number, Previous: b.previous, Earlier: b.earlier, Created: b.at,
		Mode: b.mode, Plan: b.plan.ID(), Frame: b.recipe.frame, Root: b.plan.FrameRoot(), Units: b.plan.Units(),
		Minimum: 2, Withheld: 1, Beacon: testBeacon, Round: testRound,
		CommitBy: b.at.Add(time.Hour), RevealBy: b.at.Add(2 * time.Hour), CloseBy: b.at.Add(3 * time.Hour),
		PulseAt: b.at.Add(4 * time.Hour), OpenBy: b.at.Add(24 * time.Hour),
	}
	if b.noBeacon {
		n.Beacon, n.Round = "", ""
	}
	if b.mode == statement.Sealed {
		n.Secret = statement.SecretCommitment(b.suite, b.secret())
	}
	for i, name := range names() {
		by := statement.ByCommit
		if i == 2 {
			by = statement.ByChain
		}
		n.Contributors = append(n.Contributors, statement.Participant{Name: name, By: by})
	}
	b.sign(FileNotice, &n, b.regul)
	b.notice = n
}

// newPolicy returns the policy of an honest verifier who saw what was published.
func (b *built) newPolicy() *Policy {
	p := DefaultPolicy()
	p.At = b.at.Add(48 * time.Hour)
	p.Series = b.signed[FileSeries].ID
	p.Regulators = []string{newSigner("regulator.example").vkey}
	for _, w := range []string{"witness-1.example", "witness-2.example"} {
		p.Witnesses = append(p.Witnesses, newSigner(w).cosigner(start).VerifierKey())
	}
	p.Quorum = 2
	p.BeaconRules = []BeaconRule{{Name: testBeacon, Kind: "declared", Sources: testSources(), Values: []BeaconValue{
		{Round: testRound, At: b.at.Add(4 * time.Hour), Value: testValue},
	}}}
	if b.noBeacon {
		p.Entropy = 0
	}
	return p
}

// paths returns the files of a contributor.
func paths(name string) (commit, reveal string) {
	return DirCommits + "/" + FileName(name) + ".note", DirReveals + "/" + FileName(name) + ".note"
}

// run verifies the bundle under its policy.
func (b *built) run() *Report { return Verify(b.files, b.policy) }

// with returns a copy of the files with changes.
func (b *built) with(change func(files fstest.MapFS)) fs.FS {
	files := fstest.MapFS{}
	for name, f := range b.files {
		files[name] = f
	}
	change(files)
	return files
}
