package main

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/ceremony"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/draw/teams"
	"github.com/doublerandom/doublerandom/examples/internal/sample"
	"github.com/doublerandom/doublerandom/registry"
	"golang.org/x/mod/sumdb/note"
)

// A scene is a public draw with all who take part. Their keys and secrets are
// made here, in one program; in truth each keeps its own, and days pass.
type scene struct {
	out    io.Writer
	random io.Reader
	dir    string // where everything is published
	suite  draw.Suite
	start  time.Time

	regulator    key
	witnesses    []*witness
	contributors []*contributor
	secret       *ceremony.Secret // of the sealed draw; the regulator's until the opening

	crews    *crews // of inspectors
	lottery  *lottery
	series   *statement.Signed
	notice   *statement.Signed
	sealed   *statement.Signed
	ceremony *ceremony.Ceremony
}

// A key is a signer with its verifier key.
type key struct {
	note.Signer
	verifier string
}

// A witness cosigns with the time at which it saw a statement.
type witness struct {
	name    string
	private ed25519.PrivateKey
}

// A contributor adds randomness of its own.
type contributor struct {
	name string
	key  key
	own  *ceremony.Contribution
}

func newScene(out io.Writer, random io.Reader, dir string) (*scene, error) {
	day, err := time.Parse(time.DateOnly, sample.On)
	if err != nil {
		return nil, err
	}
	s := &scene{out: out, random: random, dir: dir, suite: draw.SHA256(), start: day.Add(9 * time.Hour)}
	if s.regulator, err = s.newKey("regulator.example"); err != nil {
		return nil, err
	}
	for _, name := range []string{"notary.example", "inspection.example"} {
		_, private, err := ed25519.GenerateKey(random)
		if err != nil {
			return nil, err
		}
		s.witnesses = append(s.witnesses, &witness{name, private})
	}
	for _, name := range []string{"chamber-of-commerce", "consumer-council", "newspaper"} {
		k, err := s.newKey(name + ".example")
		if err != nil {
			return nil, err
		}
		s.contributors = append(s.contributors, &contributor{name: name, key: k})
	}
	secret, err := s.bytes32()
	if err != nil {
		return nil, err
	}
	if s.secret, err = ceremony.NewSecret(secret); err != nil {
		return nil, err
	}
	s.lottery, err = newLottery()
	return s, err
}

func (s *scene) newKey(name string) (key, error) {
	skey, vkey, err := note.GenerateKey(s.random, name)
	if err != nil {
		return key{}, err
	}
	signer, err := note.NewSigner(skey)
	return key{signer, vkey}, err
}

func (s *scene) bytes32() (b [32]byte, err error) {
	_, err = io.ReadFull(s.random, b[:])
	return b, err
}

// Days of the scene, counted from the notice.
func (s *scene) day(n int) time.Time { return s.start.AddDate(0, 0, n) }

// say prints what was published and what it means.
func (s *scene) say(what, meaning string) { fmt.Fprintf(s.out, "  %-14s %s\n", what, meaning) }

// publish signs a statement and writes it to its file.
func (s *scene) publish(file string, st statement.Statement, signers ...note.Signer) (*statement.Signed, error) {
	signed, err := statement.Sign(s.suite, st, signers...)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(s.dir, filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	return signed, os.WriteFile(path, signed.Note, 0o644)
}

// witnessed returns the regulator's signer and the witnesses', who saw the
// statement at a time.
func (s *scene) witnessed(at time.Time) ([]note.Signer, error) {
	signers := []note.Signer{s.regulator}
	for _, w := range s.witnesses {
		c, err := statement.NewCosigner(w.name, w.private, at)
		if err != nil {
			return nil, err
		}
		signers = append(signers, c)
	}
	return signers, nil
}

// publishWitnessed is publish by the regulator with the witnesses' cosignatures.
func (s *scene) publishWitnessed(file string, st statement.Statement, at time.Time) (*statement.Signed, error) {
	signers, err := s.witnessed(at)
	if err != nil {
		return nil, err
	}
	return s.publish(file, st, signers...)
}

// announce publishes the series and the notice.
func (s *scene) announce(plan *draw.Plan) error {
	series := &statement.Series{
		Authority: "Market Supervision of the Sample City", Scope: "double random inspections",
		Created: s.start, Suite: s.suite.Name(), Regulator: s.regulator.verifier,
		Minimum: 2, Beacons: []string{s.lottery.Name()}, Entropy: 64, Outage: statement.OutageVoid,
	}
	for _, c := range s.contributors {
		series.Contributors = append(series.Contributors, statement.Contributor{Name: c.name, Key: c.key.verifier})
	}
	for _, w := range s.witnesses {
		c, err := statement.NewCosigner(w.name, w.private, s.start)
		if err != nil {
			return err
		}
		series.Witnesses = append(series.Witnesses, statement.Witness{Key: c.VerifierKey()})
	}
	series.Quorum = uint64(len(s.witnesses))
	var err error
	if s.series, err = s.publishWitnessed(audit.FileSeries, series, s.start); err != nil {
		return err
	}
	s.say("series", "fixed once for all draws: keys, contributors, witnesses, rules")

	notice := &statement.Notice{
		Series: s.series.ID, Number: 1, Created: s.start, Mode: statement.Sealed,
		Plan: plan.ID(), Frame: statement.Plain, Root: plan.FrameRoot(), Units: plan.Units(),
		Minimum: 2, Beacon: s.lottery.Name(), Round: s.lottery.round, Secret: s.secret.Commitment(s.suite),
		CommitBy: s.day(1), RevealBy: s.day(2), CloseBy: s.day(3), PulseAt: s.day(8), OpenBy: s.day(40),
	}
	s.crews.announce(s.suite, notice)
	for _, c := range s.contributors {
		notice.Contributors = append(notice.Contributors, statement.Participant{Name: c.name, By: statement.ByCommit})
	}
	if s.notice, err = s.publishWitnessed(audit.FileNotice, notice, s.start); err != nil {
		return err
	}
	s.say("notice", fmt.Sprintf("frame, plan, inspectors, exclusions, deadlines and the beacon's round %s are fixed; nothing can change any more", s.lottery.round))
	s.ceremony, err = ceremony.Announce(ceremony.Inputs{Suite: s.suite, Beacon: s.lottery.Declared}, s.series.Note, s.notice.Note, s.start)
	return err
}

// contribute lets every contributor commit, then reveal, and fixes what counts.
func (s *scene) contribute() error {
	for i, c := range s.contributors {
		value, err := s.bytes32()
		if err != nil {
			return err
		}
		nonce, err := s.bytes32()
		if err != nil {
			return err
		}
		if c.own, err = ceremony.NewContribution(s.notice.ID, c.name, value, nonce); err != nil {
			return err
		}
		signed, err := s.publish(audit.DirCommits+"/"+audit.FileName(c.name)+".note", c.own.Commit(s.suite), c.key)
		if err != nil {
			return err
		}
		if err := s.ceremony.Commit(signed.Note, s.start.Add(time.Duration(i+1)*time.Hour)); err != nil {
			return err
		}
	}
	s.say("3 commits", "chamber, council and newspaper bind themselves to secret values: nobody can copy them")
	for i, c := range s.contributors {
		signed, err := s.publish(audit.DirReveals+"/"+audit.FileName(c.name)+".note", c.own.Reveal(), c.key)
		if err != nil {
			return err
		}
		if err := s.ceremony.Reveal(signed.Note, s.day(1).Add(time.Duration(i+1)*time.Hour)); err != nil {
			return err
		}
	}
	s.say("3 reveals", "they show the values: nobody can change them")
	at := s.day(2).Add(time.Hour)
	closed, err := s.ceremony.NewClose(at)
	if err != nil {
		return err
	}
	signed, err := s.publishWitnessed(audit.FileClose, closed, at)
	if err != nil {
		return err
	}
	s.say("close", "what counts is fixed, and cosigned by two witnesses, before the lottery is drawn")
	return s.ceremony.Close(signed.Note, at)
}

// pulse enters the lottery's results, as two people typed them.
func (s *scene) pulse() error {
	first, second, err := s.lottery.draw(s.random)
	if err != nil {
		return err
	}
	canonical, err := s.lottery.Enter(first, second)
	if err != nil {
		return err
	}
	known, err := s.lottery.With(map[string]string{s.lottery.round: canonical})
	if err != nil {
		return err
	}
	s.lottery.value = canonical
	// Days have passed: the ceremony goes on from what was stored of it.
	s.ceremony, err = ceremony.Resume(ceremony.Inputs{Suite: s.suite, Beacon: known}, s.ceremony.State())
	if err != nil {
		return err
	}
	p, err := s.ceremony.NewPulse(canonical, "")
	if err != nil {
		return err
	}
	signed, err := s.publish(audit.FilePulse, p, s.regulator)
	if err != nil {
		return err
	}
	s.say("pulse", fmt.Sprintf("three (made-up) lottery results, %d bits that nobody knew: %s", known.EntropyBits(s.lottery.round), canonical))
	return s.ceremony.Pulse(signed.Note, s.day(8).Add(time.Hour))
}

// published writes the texts that the statements name by their hashes.
func (s *scene) publishTexts(frame *registry.Frame, plan *draw.Plan) error {
	var rows bytes.Buffer
	if _, err := frame.WriteTo(&rows); err != nil {
		return err
	}
	text, err := plan.MarshalText()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(s.dir, audit.FileFrame), rows.Bytes(), 0o644); err != nil {
		return err
	}
	if err := s.crews.publish(s.dir); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.dir, audit.FilePlan), text, 0o644)
}

// policy returns what a verifier trusts who has watched all this: the series,
// the keys, and the lottery's results as he saw them himself.
func (s *scene) policy() (*audit.Policy, error) {
	p := audit.DefaultPolicy()
	p.At = s.day(41)
	p.Series = s.series.ID
	p.Regulators = []string{s.regulator.verifier}
	for _, w := range s.witnesses {
		c, err := statement.NewCosigner(w.name, w.private, s.start)
		if err != nil {
			return nil, err
		}
		p.Witnesses = append(p.Witnesses, c.VerifierKey())
	}
	slices.Sort(p.Witnesses)
	p.Quorum = len(p.Witnesses)
	p.BeaconRules = []audit.BeaconRule{{Name: s.lottery.Name(), Kind: "lottery", Values: []audit.BeaconValue{
		{Round: s.lottery.round, At: s.day(8), Value: s.lottery.value},
	}}}
	return p, nil
}

// verify judges the folder by the policy file, as a stranger would: nothing but
// the files is used.
func verify(out io.Writer, bundle, policyFile string) (*audit.Report, error) {
	text, err := os.ReadFile(policyFile)
	if err != nil {
		return nil, err
	}
	policy, err := audit.ParsePolicy(text)
	if err != nil {
		return nil, err
	}
	policy.Roster = teams.Check
	report := audit.Verify(os.DirFS(bundle), policy)
	fmt.Fprint(out, indent(strings.TrimRight(report.String(), "\n")))
	return report, nil
}
