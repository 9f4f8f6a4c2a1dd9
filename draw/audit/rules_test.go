package audit

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/doublerandom/doublerandom/draw/statement"
)

// on returns an edit of one kind of statement.
func on[T statement.Statement](edit func(s T)) func(s statement.Statement) {
	return func(s statement.Statement) {
		if s, ok := s.(T); ok {
			edit(s)
		}
	}
}

// TestRules breaks one rule at a time.
func TestRules(t *testing.T) {
	other := statement.ID{9}
	for _, test := range []struct {
		name  string
		edit  func(s statement.Statement)
		check string
		text  string
	}{
		{"notice of another series", on(func(n *statement.Notice) { n.Series = other }), CheckNotice, "the notice is of another series"},
		{"lower minimum", on(func(n *statement.Notice) { n.Minimum = 1 }), CheckNotice, "fewer contributions are needed than in the series"},
		{"more withheld", on(func(n *statement.Notice) { n.Withheld = 2 }), CheckNotice, "more withheld reveals are allowed than in the series"},
		{"foreign beacon", on(func(s *statement.Series) { s.Beacons = []string{"other"} }), CheckNotice, "the beacon is none of the series"},
		{"floor of the series", on(func(s *statement.Series) { s.Entropy = 67 }), CheckBeacon, `beacon "digits" is weak in round "2026-328": whoever prepares the draw could try many notices`},
		{"foreign contributor", on(func(s *statement.Series) { s.Contributors[1].Name = "b" }), CheckNotice, `contributor "beta" is not in the series`},
		{"no chain", on(func(s *statement.Series) { s.Chains = nil }), CheckNotice, `contributor "gamma/3" has no chain in the series`},
		{"chain used up", on(func(n *statement.Notice) { n.Number, n.Previous = 4, other }), CheckNotice, `the chain of "gamma/3" is used up`},
		{"young series", on(func(s *statement.Series) { s.Created = start.Add(time.Second) }), CheckNotice, "the notice is older than the series"},
		{"root", on(func(n *statement.Notice) { n.Root = other }), CheckPlan, "the plan is for another frame than the notice"},
		{"units", on(func(n *statement.Notice) { n.Units = 25 }), CheckPlan, "the plan is for another number of units than the notice"},
		{"early close", on(func(c *statement.Close) { c.Closed = start.Add(-time.Second) }), CheckDeadlines, "the close claims to be too early"},
		{"late close", on(func(c *statement.Close) { c.Closed = start.Add(3*time.Hour + time.Second) }), CheckDeadlines, "the close claims to be too late"},
		{"late opening", on(func(o *statement.Opening) { o.Opened = start.Add(24*time.Hour + time.Second) }), CheckDeadlines, "the opening claims to be too late"},
		{"stranger counted", on(func(c *statement.Close) { c.Counted[1].Contributor = "b" }), CheckClose, `the close counts "b", who does not contribute to this draw`},
		{"stranger blamed", on(func(c *statement.Close) {
			c.Missing = []statement.Missing{{Contributor: "b", Fault: statement.NoCommit}}
		}), CheckClose, `the close blames "b", who does not contribute to this draw`},
		{"another commit", on(func(c *statement.Close) { c.Counted[0].Commit = other }), CheckClose, `the close counts another commit of "alpha" than "commits/alpha.note"`},
		{"another reveal", on(func(c *statement.Close) { c.Counted[0].Reveal = other }), CheckClose, `the close counts another reveal of "alpha" than "reveals/alpha.note"`},
		{"commit of a chain", on(func(c *statement.Close) { c.Counted[2].Commit = other }), CheckClose, `the close names a commit of "gamma/3", who contributes by chain`},
		{"pulse of another close", on(func(p *statement.Pulse) { p.Close = other }), CheckBeacon, "the pulse is for another close"},
		{"pulse of another beacon", on(func(p *statement.Pulse) { p.Beacon = "other" }), CheckBeacon, "the pulse is of another beacon than announced"},
		{"sealed of another close", on(func(s *statement.SealedResult) { s.Close = other }), CheckSealedRoot, "the sealed result is for another close"},
		{"sealed of another pulse", on(func(s *statement.SealedResult) { s.Pulse = other }), CheckSealedRoot, "the sealed result is for another pulse"},
		{"sealed of another frame", on(func(s *statement.SealedResult) { s.Frame = other }), CheckSealedRoot, "the sealed result is over another frame"},
		{"sealed units", on(func(s *statement.SealedResult) { s.Units = 25 }), CheckSealedRoot, "the sealed result is over another number of units"},
		{"sealed root", on(func(s *statement.SealedResult) { s.Root = other }), CheckSealedRoot, "the sealed result is over another outcome than the derived one"},
		{"opening of another sealed result", on(func(o *statement.Opening) { o.Sealed = other }), CheckOpening, "the opening is about another sealed result"},
		{"opening without a secret", on(func(o *statement.Opening) { o.Secret = statement.ID{} }), CheckOpening, "the opening shows no secret"},
		{"another result", on(func(o *statement.Opening) { o.Result = other }), CheckSelection, "the result is not the one whose hash the opening states"},
		{"event of another draw", on(func(e *statement.Event) { e.Notice = other }), CheckEvents, "event 1 is about another notice"},
		{"event of another sealed result", on(func(e *statement.Event) { e.Sealed = other }), CheckEvents, "event 1 is about another sealed result"},
		{"number of an event", on(func(e *statement.Event) { e.Sequence, e.Previous = 2, other }), CheckEvents, "event 1 has another number"},
		{"early event", on(func(e *statement.Event) { e.Made = start }), CheckEvents, "event 1 claims to be earlier than what comes before it"},
		{"receipt of another sealed result", on(func(c *statement.Receipt) { c.Sealed = other }), CheckReceipts, `"receipts/1.note" has another sealed result`},
		{"receipt of another frame", on(func(c *statement.Receipt) { c.Frame = other }), CheckReceipts, `"receipts/1.note" has another frame root than the notice`},
		{"salt in a plain frame", on(func(c *statement.Receipt) { c.FrameSalt[0] = 1 }), CheckReceipts, `"receipts/1.note" has a salt in a plain frame, or none in a salted one`},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := build(t, recipe{receipts: 1, edit: test.edit, events: []statement.Detail{{Kind: statement.Recusal, Subject: "inspector", Reason: "a cousin"}}})
			stopped(t, b.run(), WrongVerdict, test.check, Wrong, test.text)
		})
	}
}

// The quorum's last of the earliest cosignatures counts: with one witness of two
// that signs late nothing is proven by a quorum of two, but by one of one.
func TestQuorumTime(t *testing.T) {
	b := build(t, recipe{})
	text := b.signed[FileClose].Text
	var c statement.Close
	require.NoError(t, c.UnmarshalText(text))
	resign := func(first, second time.Time) {
		signed, err := statement.Sign(b.suite, &c, b.regul, newSigner("witness-1.example").cosigner(first), newSigner("witness-2.example").cosigner(second))
		require.NoError(t, err)
		b.put(FileClose, signed.Note)
	}
	late := b.notice.PulseAt
	resign(start, late)
	stopped(t, b.run(), OrderNotProven, CheckWitnessOrder, NotProven, "witnesses saw the close too late to prove that it was in time")
	b.policy.Quorum = 1
	require.Equal(t, OpenedCorrect, b.run().Verdict)
	b.policy.Quorum = 2
	resign(start, late.Add(-time.Second))
	require.Equal(t, OpenedCorrect, b.run().Verdict)
	// A time after that of the verification is none.
	resign(start, b.policy.At.Add(time.Second))
	stopped(t, b.run(), OrderNotProven, CheckWitnessOrder, NotProven, "too few witnesses have seen the close")
}

// An edited result is told by the first line that differs.
func TestEditedResult(t *testing.T) {
	b := build(t, recipe{mode: statement.Open})
	text := b.files[FileResult].Data
	i := bytes.Index(text, []byte("\nunit 1 "))
	b.put(FileResult, bytes.Replace(text, text[i+8:i+26], []byte("91370202MA99999999"), 1))
	r := b.run()
	require.Equal(t, WrongVerdict, r.Verdict)
	c, _ := r.First(Wrong)
	require.Equal(t, CheckSelection, c.Name)
	require.Contains(t, c.Have, "91370202MA99999999")
	require.Contains(t, c.Want, string(text[i+8:i+26]))
	require.Equal(t, OK, r.Of(CheckQuotas))

	sealed := build(t, recipe{stop: "sealed"})
	sealed.policy.At = sealed.at.Add(8 * time.Hour)
	sealed.put(FileResult, text)
	stopped(t, sealed.run(), WrongVerdict, CheckSelection, Wrong, "result.txt is there before the opening")
}

// A close that is not there is missing once it was due.
func TestNoClose(t *testing.T) {
	for _, stop := range []string{"notice", "reveal"} {
		b := build(t, recipe{stop: stop})
		b.policy.At = b.notice.CloseBy.Add(time.Second)
		stopped(t, b.run(), CannotTell, CheckClose, Missing, "close.note is missing or cannot be used, though it was due by 2026-11-24T03:00:00Z")
		b.policy.At = b.notice.CloseBy
		require.Equal(t, Skipped, b.run().Of(CheckClose), b.run().String())
	}
}

// What the policy's check of rosters says is what the report says.
func TestRosterCheck(t *testing.T) {
	b := build(t, recipe{edit: on(func(n *statement.Notice) { n.Inspectors, n.Matching = statement.ID{7}, "rules-1" })})
	b.put(FileRoster, []byte("roster"))
	var err error
	b.policy.Roster = func(in RosterInputs) (RosterFinding, error) {
		require.Equal(t, "roster", string(in.Roster))
		require.Equal(t, "rules-1", in.Notice.Matching)
		return RosterFinding{Text: "the teams follow", Extension: func(string) statement.ID { return statement.ID{} }}, err
	}
	require.Equal(t, OpenedCorrect, b.run().Verdict, b.run().String())
	err = errors.New("team 3 is another")
	stopped(t, b.run(), WrongVerdict, CheckMatching, Wrong, "team 3 is another")
	err = &NotShownError{File: "tasks.txt"}
	require.Equal(t, CannotTell, b.run().Verdict, b.run().String())
	require.Equal(t, Missing, b.run().Of(CheckMatching))
	delete(b.files, FileRoster)
	stopped(t, b.run(), CannotTell, CheckMatching, Missing, "roster.txt is missing")
}

// With a policy that is not valid nothing is checked.
func TestNoPolicy(t *testing.T) {
	b := build(t, recipe{})
	b.policy.Quorum = 3 // of 2 witnesses
	stopped(t, b.run(), CannotTell, CheckFiles, Missing, "no usable policy: audit: policy: quorum 3, expected 0 to the 2 witnesses")
}

// With two regulators in the policy the series is signed by the one that it names.
func TestSeriesOfAnotherRegulator(t *testing.T) {
	b := build(t, recipe{})
	second := newSigner("second.example")
	b.policy.Regulators = []string{b.regul.vkey, second.vkey}
	require.Equal(t, OpenedCorrect, b.run().Verdict, b.run().String())
	series := new(statement.Series)
	require.NoError(t, series.UnmarshalText(b.signed[FileSeries].Text))
	b.sign(FileSeries, series, second)
	stopped(t, b.run(), WrongVerdict, CheckSignatures, Wrong, `"series.note" is not signed by the regulator that it names`)
}
