package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/draw/ceremony"
	"github.com/doublerandom/doublerandom/draw/statement"
	"golang.org/x/mod/sumdb/note"
)

// quorum is how many of the witnesses must have seen a statement.
const quorum = 2

// A series is all draws of the months: those who take part, and what was published so far.
type series struct {
	dir     string // of the bundles
	dice    dice
	suite   draw.Suite
	beacon  *beacon.Declared
	results []evening

	regulator key
	witnesses []witness
	chained   []*ceremony.Chain // contributors with a hash chain, and their keys by name
	keys      map[string]key
	committer string // the contributor by commit and reveal

	signed  *statement.Signed // the series' own statement
	history ceremony.History
	facts   []ceremony.Fact // of the draws, in any order
}

// newSeries publishes the series.
func newSeries(d dice, dir string, draws int, created time.Time, known *beacon.Declared, results []evening) (*series, error) {
	s := &series{dir: dir, dice: d, suite: draw.SHA256(), beacon: known, results: results, keys: map[string]key{}, committer: "press"}
	var err error
	if s.regulator, err = newKey(d, "test-key-regulator.example"); err != nil {
		return nil, err
	}
	if s.witnesses, err = newWitnesses(d, created, "test-key-notary.example", "test-key-court.example", "test-key-discipline.example"); err != nil {
		return nil, err
	}
	st := &statement.Series{
		Authority: "Sample City (made up, test keys)", Scope: "double random inspections", Created: created, Suite: s.suite.Name(),
		Regulator: s.regulator.verifier, Minimum: 3, Quorum: quorum, Beacons: []string{beaconName}, Entropy: beacon.Floor, Outage: statement.OutageVoid,
	}
	for _, name := range []string{"chamber", "consumers", s.committer, "university"} {
		k, err := newKey(d, "test-key-"+name+".example")
		if err != nil {
			return nil, err
		}
		s.keys[name] = k
		st.Contributors = append(st.Contributors, statement.Contributor{Name: name, Key: k.verifier})
		if name == s.committer {
			continue
		}
		secret, err := ceremony.NewSecret(d.bytes("chain of "+name, 0))
		if err != nil {
			return nil, err
		}
		c, err := ceremony.NewChain(s.suite, secret, name, uint64(draws))
		if err != nil {
			return nil, err
		}
		s.chained, st.Chains = append(s.chained, c), append(st.Chains, c.Line())
	}
	for _, w := range s.witnesses {
		st.Witnesses = append(st.Witnesses, statement.Witness{Key: w.verifier})
	}
	signers, err := s.witnessed(created)
	if err != nil {
		return nil, err
	}
	s.signed, err = statement.Sign(s.suite, st, signers...)
	return s, err
}

// witnessed returns the signers of a statement that witnesses saw at a time: the regulator, and all witnesses but
// one that is away now and then.
func (s *series) witnessed(at time.Time) ([]note.Signer, error) {
	signers := []note.Signer{s.regulator}
	away := int(at.Unix()/3600) % 7
	for i, w := range s.witnesses {
		if i == away {
			continue
		}
		c, err := statement.NewCosigner(w.name, w.private, at)
		if err != nil {
			return nil, err
		}
		signers = append(signers, c)
	}
	return signers, nil
}

// evening returns what the lotteries drew in a round.
func (s *series) evening(round string) (evening, error) {
	i := slices.IndexFunc(s.results, func(e evening) bool { return e.round == round })
	if i < 0 {
		return evening{}, fmt.Errorf("no lottery on %s", round)
	}
	return s.results[i], nil
}

// earlier returns what a notice created at a time must say of earlier draws.
func (s *series) earlier(at time.Time) (lines []statement.Earlier, known []ceremony.Fact) {
	for _, f := range s.facts {
		if f.At.IsZero() || f.At.Before(at) {
			known = append(known, f)
		}
	}
	return s.history.Earlier(known...), known
}

// policy returns what a verifier trusts who has watched all this.
func (s *series) policy() *audit.Policy {
	p := audit.DefaultPolicy()
	p.At, p.Series = clock(date(judgedOn), 9, 0), s.signed.ID
	p.Regulators = []string{s.regulator.verifier}
	for _, w := range s.witnesses {
		p.Witnesses = append(p.Witnesses, w.verifier)
	}
	slices.Sort(p.Witnesses)
	p.Quorum = quorum
	p.BeaconRules = []audit.BeaconRule{beaconRule(s.results)}
	return p
}

// A folder is where files are published.
type folder string

// write writes a file, in a folder of its own if it has one.
func (f folder) write(name string, text []byte) error {
	path := filepath.Join(string(f), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

// sign signs a statement and publishes it.
func (f folder) sign(suite draw.Suite, name string, st statement.Statement, signers ...note.Signer) (*statement.Signed, error) {
	signed, err := statement.Sign(suite, st, signers...)
	if err != nil {
		return nil, err
	}
	return signed, f.write(name, signed.Note)
}

// digestOf returns the SHA-256 over names and contents of all files in a folder: two runs with one seed publish the same.
func digestOf(dir string) (string, error) {
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		sum := sha256.Sum256(text)
		fmt.Fprintf(h, "%x  %s\n", sum, filepath.ToSlash(name))
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
}
