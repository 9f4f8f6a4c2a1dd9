package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/draw/teams"
	"github.com/doublerandom/doublerandom/registry"
	"golang.org/x/mod/sumdb/note"
)

// seal fixes the result without showing it, and hands out two receipts: one to a
// drawn company when the inspectors arrive, one after the opening to a company
// that was not drawn.
func (s *scene) seal(frame *registry.Frame, result *draw.Result) error {
	roster, err := s.crews.roster.Root(s.suite.Hash)
	if err != nil {
		return err
	}
	tree, err := seal.New(s.suite, frame, result, s.crews.extension(s.suite))
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
	if err := s.ceremony.Seal(s.sealed.Note, at); err != nil {
		return err
	}
	s.say("sealed result", "one hash over everybody's outcome and team: fixed now, secret until the opening")

	rows, err := frame.Tree(s.suite.Hash)
	if err != nil {
		return err
	}
	var drawn, other string
	for d := range result.Drawn() {
		drawn = d.ID
		break
	}
	for _, u := range frame.All() {
		if leaf, _, err := tree.Prove(u.ID); err != nil {
			return err
		} else if leaf.Outcome == statement.Other {
			other = u.ID
			break
		}
	}
	for name, id := range map[string]string{"drawn": drawn, "not-drawn": other} {
		if id == "" {
			continue // all were drawn
		}
		receipt, err := seal.NewReceipt(s.notice.ID, s.sealed.ID, rows, tree, id)
		if err != nil {
			return err
		}
		if _, err := s.publish(audit.DirReceipts+"/"+name+".note", receipt, s.regulator); err != nil {
			return err
		}
	}
	s.say("2 receipts", "a company's own row and outcome, checked offline, showing nothing of others")
	return nil
}

// open shows the sealing secret, and the result that follows.
func (s *scene) open(result *draw.Result) error {
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
	s.say("opening", "the sealing secret is shown: now everybody can re-derive the draw, and the roster")
	if _, err := writeFile(filepath.Join(s.dir, audit.FileRoster), s.crews.roster.WriteTo); err != nil {
		return err
	}
	if err := s.change(); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(s.dir, teams.FileVisits), teams.FormatAppointments(s.crews.visits), 0o644); err != nil {
		return err
	}
	_, err = writeFile(filepath.Join(s.dir, audit.FileResult), result.WriteTo)
	return err
}

// change publishes a change of the roster that happened before the opening.
func (s *scene) change() error {
	c, err := s.crews.fallIll()
	if err != nil || c == nil {
		return err
	}
	text, err := c.MarshalText()
	if err != nil {
		return err
	}
	signed, err := note.Sign(&note.Note{Text: string(text)}, s.regulator)
	if err != nil {
		return err
	}
	file := filepath.Join(s.dir, filepath.FromSlash(teams.ChangeFile(c.Sequence)))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	joins := c.Joins
	if joins == "" {
		joins = "nobody"
	}
	s.say("1 change", fmt.Sprintf("%s fell ill: %s goes to %s instead, by the same key; nobody else moved", c.Leaves, joins, c.Task))
	return os.WriteFile(file, signed, 0o644)
}

// checkReceipt checks a receipt as its company does, with the policy alone.
func checkReceipt(bundle, name string, policy *audit.Policy) (*audit.Report, error) {
	text, err := os.ReadFile(filepath.Join(bundle, audit.DirReceipts, name+".note"))
	if err != nil {
		return nil, err
	}
	report := audit.VerifyReceipt(text, policy)
	if report.Verdict != audit.Fixed {
		return report, fmt.Errorf("receipt %s: %s", name, report.Reason)
	}
	return report, nil
}
