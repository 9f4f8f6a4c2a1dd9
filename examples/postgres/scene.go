package main

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/draw/ceremony"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
	"golang.org/x/mod/sumdb/note"
)

// A scene is a public draw with all who take part. Here one program plays them all within
// a second; in truth each keeps its own key, statements are published as they are signed,
// and days pass between them. See draw/ceremony for stopping and going on.
type scene struct {
	random io.Reader
	suite  draw.Suite
	start  time.Time
	files  map[string][]byte // what is published, by name in the bundle

	regulator    actor
	witness      ed25519.PrivateKey
	contributors []actor
	secret       *ceremony.Secret
	lottery      *beacon.Declared
	round, value string // of the lottery

	series, notice, sealed *statement.Signed
	ceremony               *ceremony.Ceremony
}

// An actor signs under a name.
type actor struct {
	note.Signer
	verifier string // key
}

const witnessName = "notary.example"

func newScene(random io.Reader, day registry.Date) (*scene, error) {
	s := &scene{random: random, suite: draw.SHA256(), files: map[string][]byte{}}
	s.start = time.Date(day.Year(), day.Month(), day.Day(), 9, 0, 0, 0, time.UTC)
	var err error
	if s.regulator, err = s.newActor("regulator.example"); err != nil {
		return nil, err
	}
	if _, s.witness, err = ed25519.GenerateKey(random); err != nil {
		return nil, err
	}
	for _, name := range []string{"chamber-of-commerce", "consumer-council"} {
		a, err := s.newActor(name)
		if err != nil {
			return nil, err
		}
		s.contributors = append(s.contributors, a)
	}
	secret, err := s.bytes32()
	if err != nil {
		return nil, err
	}
	if s.secret, err = ceremony.NewSecret(secret); err != nil {
		return nil, err
	}
	if s.lottery, err = beacon.Lottery("lottery"); err != nil {
		return nil, err
	}
	s.round, err = beacon.LotteryRound(day.Year(), 135)
	return s, err
}

func (s *scene) newActor(name string) (actor, error) {
	private, verifier, err := note.GenerateKey(s.random, name)
	if err != nil {
		return actor{}, err
	}
	signer, err := note.NewSigner(private)
	return actor{signer, verifier}, err
}

func (s *scene) bytes32() (b [32]byte, err error) {
	_, err = io.ReadFull(s.random, b[:])
	return b, err
}

// day returns a day of the scene, counted from the notice.
func (s *scene) day(n int) time.Time { return s.start.AddDate(0, 0, n) }

// publish signs a statement and adds it to the bundle.
func (s *scene) publish(name string, st statement.Statement, signers ...note.Signer) (*statement.Signed, error) {
	signed, err := statement.Sign(s.suite, st, signers...)
	if err == nil {
		s.files[name] = signed.Note
	}
	return signed, err
}

// publishWitnessed is publish by the regulator, with the time at which the witness saw it.
func (s *scene) publishWitnessed(name string, st statement.Statement, at time.Time) (*statement.Signed, error) {
	w, err := statement.NewCosigner(witnessName, s.witness, at)
	if err != nil {
		return nil, err
	}
	return s.publish(name, st, s.regulator, w)
}

// announce fixes everything but the randomness: list, plan, inspectors, conflicts, deadlines.
func (s *scene) announce(noticeNo string, plan *draw.Plan, frame *registry.Frame, c *crew) error {
	w, err := statement.NewCosigner(witnessName, s.witness, s.start)
	if err != nil {
		return err
	}
	series := &statement.Series{
		Authority: "Market Supervision of the Sample City", Scope: "double random inspections by " + noticeNo,
		Created: s.start, Suite: s.suite.Name(), Regulator: s.regulator.verifier,
		Witnesses: []statement.Witness{{Key: w.VerifierKey()}}, Quorum: 1,
		Minimum: 2, Beacons: []string{s.lottery.Name()}, Entropy: 64, Outage: statement.OutageVoid,
	}
	notice := &statement.Notice{
		Number: 1, Created: s.start, Mode: statement.Sealed,
		Plan: plan.ID(), Frame: statement.Plain, Root: plan.FrameRoot(), Units: plan.Units(),
		Minimum: 2, Beacon: s.lottery.Name(), Round: s.round, Secret: s.secret.Commitment(s.suite),
		CommitBy: s.day(1), RevealBy: s.day(2), CloseBy: s.day(3), PulseAt: s.day(8), OpenBy: s.day(40),
	}
	for _, a := range s.contributors {
		series.Contributors = append(series.Contributors, statement.Contributor{Name: a.Name(), Key: a.verifier})
		notice.Contributors = append(notice.Contributors, statement.Participant{Name: a.Name(), By: statement.ByCommit})
	}
	if s.series, err = s.publishWitnessed(audit.FileSeries, series, s.start); err != nil {
		return err
	}
	notice.Series = s.series.ID
	c.announce(s.suite, notice)
	if s.notice, err = s.publishWitnessed(audit.FileNotice, notice, s.start); err != nil {
		return err
	}
	var rows bytes.Buffer
	if _, err := frame.WriteTo(&rows); err != nil {
		return err
	}
	s.files[audit.FileFrame] = rows.Bytes()
	if s.files[audit.FilePlan], err = plan.MarshalText(); err != nil {
		return err
	}
	s.ceremony, err = ceremony.Announce(ceremony.Inputs{Suite: s.suite, Beacon: s.lottery}, s.series.Note, s.notice.Note, s.start)
	return err
}

// contribute lets all commit, then all reveal, and fixes what counts.
func (s *scene) contribute() error {
	var own []*ceremony.Contribution
	for i, a := range s.contributors {
		value, err := s.bytes32()
		if err != nil {
			return err
		}
		nonce, err := s.bytes32()
		if err != nil {
			return err
		}
		c, err := ceremony.NewContribution(s.notice.ID, a.Name(), value, nonce)
		if err != nil {
			return err
		}
		own = append(own, c)
		signed, err := s.publish(audit.DirCommits+"/"+audit.FileName(a.Name())+".note", c.Commit(s.suite), a)
		if err != nil {
			return err
		}
		if err := s.ceremony.Commit(signed.Note, s.start.Add(time.Duration(i+1)*time.Hour)); err != nil {
			return err
		}
	}
	for i, a := range s.contributors {
		signed, err := s.publish(audit.DirReveals+"/"+audit.FileName(a.Name())+".note", own[i].Reveal(), a)
		if err != nil {
			return err
		}
		if err := s.ceremony.Reveal(signed.Note, s.day(1).Add(time.Duration(i+1)*time.Hour)); err != nil {
			return err
		}
	}
	at := s.day(2).Add(time.Hour)
	closed, err := s.ceremony.NewClose(at)
	if err != nil {
		return err
	}
	signed, err := s.publishWitnessed(audit.FileClose, closed, at)
	if err != nil {
		return err
	}
	return s.ceremony.Close(signed.Note, at)
}

// pulse enters the results of three lottery draws, made up here, as two people typed them.
func (s *scene) pulse() error {
	seed, err := s.bytes32()
	if err != nil {
		return err
	}
	balls := rand.New(rand.NewChaCha8(seed))
	var typed []string
	for range 3 {
		for _, n := range balls.Perm(33)[:6] {
			typed = append(typed, fmt.Sprintf("%02d", n+1))
		}
		typed = append(typed, fmt.Sprintf("%02d", balls.IntN(16)+1))
	}
	if s.value, err = s.lottery.Enter(strings.Join(typed, " "), strings.Join(typed, ", ")); err != nil {
		return err
	}
	known, err := s.lottery.With(map[string]string{s.round: s.value})
	if err != nil {
		return err
	}
	if s.ceremony, err = ceremony.Resume(ceremony.Inputs{Suite: s.suite, Beacon: known}, s.ceremony.State()); err != nil {
		return err
	}
	p, err := s.ceremony.NewPulse(s.value, "")
	if err != nil {
		return err
	}
	signed, err := s.publish(audit.FilePulse, p, s.regulator)
	if err != nil {
		return err
	}
	return s.ceremony.Pulse(signed.Note, s.day(8).Add(time.Hour))
}

// seal fixes the result and the roster at once, and shows nothing of them.
func (s *scene) seal(frame *registry.Frame, result *draw.Result, c *crew) error {
	roster, err := c.roster.Root(s.suite.Hash)
	if err != nil {
		return err
	}
	tree, err := seal.New(s.suite, frame, result, c.extension(s.suite))
	if err != nil {
		return err
	}
	st, err := s.ceremony.NewSealed(tree.Root(), roster)
	if err != nil {
		return err
	}
	at := s.day(8).Add(2 * time.Hour)
	if s.sealed, err = s.publishWitnessed(audit.FileSealed, st, at); err != nil {
		return err
	}
	return s.ceremony.Seal(s.sealed.Note, at)
}

// open shows the secret once the inspections are over, and the texts that follow from it.
func (s *scene) open(result *draw.Result, c *crew) error {
	at := s.day(39)
	st, err := s.ceremony.NewOpening(at, s.secret, result)
	if err != nil {
		return err
	}
	signed, err := s.publish(audit.FileOpening, st, s.regulator)
	if err != nil {
		return err
	}
	if err := s.ceremony.Open(signed.Note, at); err != nil {
		return err
	}
	var text bytes.Buffer
	if _, err := result.WriteTo(&text); err != nil {
		return err
	}
	s.files[audit.FileResult] = text.Bytes()
	var roster bytes.Buffer
	_, err = c.roster.WriteTo(&roster)
	s.files[audit.FileRoster] = roster.Bytes()
	return err
}

// policy is that of a verifier who has watched all this: series, keys and the lottery's
// results as seen with his own eyes.
func (s *scene) policy() ([]byte, error) {
	w, err := statement.NewCosigner(witnessName, s.witness, s.start)
	if err != nil {
		return nil, err
	}
	p := audit.DefaultPolicy()
	p.At, p.Series = s.day(41), s.series.ID
	p.Regulators, p.Witnesses, p.Quorum = []string{s.regulator.verifier}, []string{w.VerifierKey()}, 1
	p.BeaconRules = []audit.BeaconRule{{Name: s.lottery.Name(), Kind: "lottery", Values: []audit.BeaconValue{
		{Round: s.round, At: s.day(8), Value: s.value},
	}}}
	return p.MarshalText()
}
