package audit

import (
	"bytes"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
)

// stopped requires that a check has an entry with that status and text, and that
// the verdict is the one given.
func stopped(t *testing.T, r *Report, verdict Verdict, check string, status Status, text string) {
	t.Helper()
	require.Equal(t, verdict, r.Verdict, r.String())
	for _, c := range r.Checks {
		if c.Name == check && c.Status == status && c.Text == text {
			return
		}
	}
	t.Fatalf("no entry %s %s %q in\n%s", check, status, text, r)
}

// seriesOf returns the folders of several draws.
func seriesOf(draws map[string]*built) fs.FS {
	files := fstest.MapFS{}
	for folder, b := range draws {
		for name, f := range b.files {
			files[folder+"/"+name] = f
		}
	}
	return files
}

// second returns the recipe of a second draw, which says what became of the first.
func second(first *built, state statement.State, last string, r recipe) recipe {
	r.number, r.previous, r.shift = 2, first.signed[FileNotice].ID, 48*time.Hour
	if last != "" {
		r.earlier = []statement.Earlier{{Number: 1, State: state, Last: first.signed[last].ID}}
	}
	return r
}

func TestAttackRedraw(t *testing.T) {
	first := build(t, recipe{})
	again := build(t, second(first, statement.Opened, FileOpening, recipe{}))
	s := VerifySeries(seriesOf(map[string]*built{"0001": first, "0002": again}), again.policy)
	stopped(t, &s.Report, WrongVerdict, CheckVoid, Wrong, `draw 2 draws again from stratum "370202/A" of the frame of draw 1, which was not called off`)
}

func TestAttackFrameEditedAfterTheSeed(t *testing.T) {
	b := build(t, recipe{})
	favoured := b.files[FileFrame].Data
	b.put(FileFrame, bytes.Replace(favoured, []byte("00000006 370202/A 3\n"), []byte("00000006 370202/A 1\n"), 1))
	require.NotEqual(t, favoured, b.files[FileFrame].Data)
	stopped(t, b.run(), WrongVerdict, CheckFrameRoot, Wrong, "the frame is not the one that was frozen")

	// With a plan to match, the plan is not the notice's.
	units := testUnits()
	units[6].Weight = 1
	edited := build(t, recipe{units: units})
	b.put(FileFrame, edited.files[FileFrame].Data)
	b.put(FilePlan, edited.files[FilePlan].Data)
	stopped(t, b.run(), WrongVerdict, CheckPlan, Wrong, "the plan is not the notice's")
}

func TestAttackDroppedContribution(t *testing.T) {
	b := build(t, recipe{faults: map[string]statement.Fault{"beta": statement.NoReveal}})
	require.Equal(t, OpenedCorrect, b.run().Verdict)
	require.Equal(t, 1, b.run().Withheld)

	// The contributor shows the signed reveal that the close left out.
	commit, reveal := paths("beta")
	s := &statement.Reveal{Notice: b.signed[FileNotice].ID, Contributor: "beta", Value: b.value("beta"), Nonce: b.nonce("beta")}
	b.sign(reveal, s, newSigner("contributor-b"))
	stopped(t, b.run(), OrderNotProven, CheckClose, NotProven,
		`"reveals/beta.note" contradicts the close on "beta", due by 2026-11-24T02:00:00Z: no quorum of witnesses says that it came in time`)

	// If witnesses saw it in time, the close is wrong.
	signed, err := statement.Sign(b.suite, s, newSigner("contributor-b"), newSigner("witness-1.example").cosigner(b.at.Add(time.Hour)),
		newSigner("witness-2.example").cosigner(b.at.Add(2*time.Hour)))
	require.NoError(t, err)
	b.put(reveal, signed.Note)
	stopped(t, b.run(), WrongVerdict, CheckClose, Wrong,
		`"reveals/beta.note" contradicts the close on "beta", due by 2026-11-24T02:00:00Z: witnesses saw it in time`)

	// Dropping it from the bundle of a draw that counts it shows, too.
	b = build(t, recipe{})
	delete(b.files, commit)
	delete(b.files, reveal)
	stopped(t, b.run(), CannotTell, CheckReveal, Missing, `"reveals/beta.note" is missing or cannot be used, though the close counts it`)

	// So does a close that does not mention it.
	b = build(t, recipe{edit: func(s statement.Statement) {
		if c, ok := s.(*statement.Close); ok {
			c.Counted = append(c.Counted[:1:1], c.Counted[2:]...)
		}
	}})
	stopped(t, b.run(), WrongVerdict, CheckClose, Wrong, `the close says nothing of contributor "beta"`)
}

func TestAttackCopiedCommitment(t *testing.T) {
	var copied statement.ID
	b := build(t, recipe{edit: func(s statement.Statement) {
		switch s := s.(type) {
		case *statement.Commit:
			if s.Contributor == "alpha" {
				copied = s.Commitment
			} else {
				s.Commitment = copied
			}
		case *statement.Reveal:
			if s.Contributor == "beta" {
				s.Value = draw.SHA256().Sum([]byte("value of alpha for 1"))
				s.Nonce = draw.SHA256().Sum([]byte("nonce of alpha for 1"))
			}
		}
	}})
	report := b.run()
	require.Equal(t, WrongVerdict, report.Verdict, report.String())
	c, _ := report.First(Wrong)
	require.Equal(t, CheckReveal, c.Name)
	require.Regexp(t, `^contributor "beta": value and nonce have commitment [0-9a-f]{64}, the commit [0-9a-f]{64}$`, c.Text)
}

func TestAttackLateRound(t *testing.T) {
	// The round was public when the notice was made.
	b := build(t, recipe{})
	b.policy.BeaconRules[0].Values[0].At = start.Add(-time.Hour)
	r := b.run()
	stopped(t, r, WrongVerdict, CheckBeacon, Wrong, `round "2026-328" was public earlier than the notice says`)
	require.Equal(t, NotProven, r.Of(CheckWitnessOrder))
}

func TestAttackChosenRound(t *testing.T) {
	b := build(t, recipe{edit: func(s statement.Statement) {
		if p, ok := s.(*statement.Pulse); ok {
			p.Round = "2026-329"
		}
	}})
	stopped(t, b.run(), WrongVerdict, CheckBeacon, Wrong, "the pulse is of another round than announced")

	// A value that the round did not have.
	b = build(t, recipe{})
	b.policy.BeaconRules[0].Values[0].Value = "9" + testValue[1:]
	stopped(t, b.run(), WrongVerdict, CheckBeacon, Wrong, `the value of round "2026-328" is not the policy's`)
}

func TestAttackWeakBeacon(t *testing.T) {
	b := build(t, recipe{})
	b.policy.BeaconRules[0].Sources = []beacon.Source{{Name: "digits", Count: 20, Min: 0, Max: 9, Ordered: true, Bits: 10}}
	stopped(t, b.run(), WrongVerdict, CheckBeacon, Wrong, `beacon "digits" is weak in round "2026-328": whoever prepares the draw could try many notices`)

	// No beacon at all, where the policy wants one.
	b = build(t, recipe{noBeacon: true})
	b.policy.Entropy = beacon.Floor
	stopped(t, b.run(), WrongVerdict, CheckBeacon, Wrong, "the draw has no beacon, which the policy demands")
}

func TestAttackSubsetOfRevealsChosenAfterThePulse(t *testing.T) {
	// The regulator waits for the pulse, tries all subsets and signs the close that
	// it likes best, dated back. Honest witnesses put down when they saw it.
	late := start.Add(4*time.Hour + time.Minute)
	faults := map[string]statement.Fault{"beta": statement.NoReveal}
	b := build(t, recipe{faults: faults, witnessAt: map[string]time.Time{"close": late}})
	r := b.run()
	stopped(t, r, OrderNotProven, CheckWitnessOrder, NotProven, "witnesses saw the close too late to prove that it was in time")
	require.Equal(t, 1, r.Withheld, "up to 2^1 outcomes")

	// One witness more than a quorum needs may lie: the quorum's last counts.
	b = build(t, recipe{faults: faults, unseen: map[string]bool{"close": true}})
	stopped(t, b.run(), OrderNotProven, CheckWitnessOrder, NotProven, "too few witnesses have seen the close")

	// A second dropped reveal is more than the rules allow.
	faults["alpha"] = statement.NoReveal
	b = build(t, recipe{faults: faults})
	stopped(t, b.run(), WrongVerdict, CheckClose, Wrong, "too many reveals were withheld: the draw should be void")
}

func TestAttackBackdatedNoticeAndClose(t *testing.T) {
	late := start.Add(5 * time.Hour)
	b := build(t, recipe{witnessAt: map[string]time.Time{"notice": late, "close": late}})
	r := b.run()
	stopped(t, r, OrderNotProven, CheckWitnessOrder, NotProven, "witnesses saw the notice too late to prove that it was in time")
	stopped(t, r, OrderNotProven, CheckWitnessOrder, NotProven, "witnesses saw the close too late to prove that it was in time")

	// Who asks no witnesses learns that nothing is proven.
	b = build(t, recipe{})
	b.policy.Quorum = 0
	stopped(t, b.run(), OrderNotProven, CheckWitnessOrder, NotProven, "nobody independent vouches for when there was the notice")
}

func TestAttackParallelSeries(t *testing.T) {
	b := build(t, recipe{})
	parallel := build(t, recipe{unseen: map[string]bool{"series": true}, edit: func(s statement.Statement) {
		if s, ok := s.(*statement.Series); ok {
			s.Created = s.Created.Add(time.Second)
		}
	}})
	parallel.policy.Series = b.signed[FileSeries].ID
	stopped(t, parallel.run(), WrongVerdict, CheckSeries, Wrong, "the series is not the policy's")

	// Without the ID it rests on the witnesses, who sign one series per authority and scope.
	p := parallel.policy
	p.Series, p.Authority, p.Scope = statement.ID{}, b.series.Authority, b.series.Scope
	stopped(t, parallel.run(), OrderNotProven, CheckSeries, NotProven,
		"too few witnesses have seen the series, which the policy does not pin by its ID: there may be a parallel one")
}

func TestAttackTaskAttributesEditedAfterThePulse(t *testing.T) {
	for name, edit := range map[string]func(n *statement.Notice){
		"tasks":      func(n *statement.Notice) { n.Tasks = statement.ID{1} },
		"inspectors": func(n *statement.Notice) { n.Inspectors = statement.ID{1} },
	} {
		t.Run(name, func(t *testing.T) {
			b := build(t, recipe{})
			edited := b.notice
			edit(&edited)
			b.sign(FileNotice, &edited, b.regul) // by witnesses, too: they have not seen the first
			r := b.run()
			stopped(t, r, WrongVerdict, CheckClose, Wrong, "close.note is about another notice")
			stopped(t, r, WrongVerdict, CheckCommit, Wrong, `"commits/alpha.note" is about another notice`)
			stopped(t, r, WrongVerdict, CheckSealedRoot, Wrong, "sealed.note is about another notice")
		})
	}
}

// A withdrawal must not change the roster, only be an event. The notice fixes the
// inspectors' directory, so that one inspector fewer is another notice.
func TestAttackWithdrawalThatReshuffles(t *testing.T) {
	b := build(t, recipe{edit: func(s statement.Statement) {
		if n, ok := s.(*statement.Notice); ok {
			n.Inspectors, n.Matching = statement.ID{7}, "rules-1"
		}
	}})
	stopped(t, b.run(), CannotTell, CheckMatching, Missing, "this program has no check of rosters")

	fewer := b.notice
	b.edit = nil
	fewer.Inspectors, fewer.Matching = statement.ID{8}, "rules-1"
	b.sign(FileNotice, &fewer, b.regul)
	stopped(t, b.run(), WrongVerdict, CheckClose, Wrong, "close.note is about another notice")
}

func TestAttackReorderedReserves(t *testing.T) {
	plain := build(t, recipe{})
	var subject string
	var reserves []string
	for d := range plain.result.Drawn() {
		subject = d.ID // any whose cell has two reserves
		reserves = nil
		for e := range plain.result.Reserves() {
			if e.Stratum == d.Stratum && e.Weight == d.Weight {
				reserves = append(reserves, e.ID)
			}
		}
		if len(reserves) == 2 {
			break
		}
	}
	require.Len(t, reserves, 2)
	substitution := func(subject, replacement string) statement.Detail {
		return statement.Detail{Kind: statement.Substitution, Subject: subject, Replacement: replacement, Reason: "closed down"}
	}
	skip := func(subject string) statement.Detail {
		return statement.Detail{Kind: statement.Skip, Subject: subject, Reason: "closed down"}
	}
	right := build(t, recipe{events: []statement.Detail{substitution(subject, reserves[0]), substitution(reserves[0], reserves[1])}})
	require.Equal(t, OpenedCorrect, right.run().Verdict, right.run().String())
	right = build(t, recipe{events: []statement.Detail{skip(reserves[0]), substitution(subject, reserves[1])}})
	require.Equal(t, OpenedCorrect, right.run().Verdict, right.run().String())

	b := build(t, recipe{events: []statement.Detail{substitution(subject, reserves[1])}})
	stopped(t, b.run(), WrongVerdict, CheckEvents, Wrong, `event 1: "`+subject+`" is replaced by another than the next reserve of its cell`)
	b = build(t, recipe{events: []statement.Detail{substitution(reserves[1], reserves[0])}})
	stopped(t, b.run(), WrongVerdict, CheckEvents, Wrong, `event 1: "`+reserves[1]+`" is not in use, and not the next reserve`)

	// An event that is shown otherwise than it was hidden.
	b = build(t, recipe{events: []statement.Detail{skip(subject), skip(reserves[0])}})
	other := skip(reserves[0])
	other.Nonce = b.suite.Sum([]byte("nonce of event 1"))
	hidden := new(statement.Event)
	require.NoError(t, hidden.UnmarshalText(b.signed["events/0001.note"].Text))
	hidden.Hidden, hidden.Detail = statement.ID{}, &other
	b.sign("events/0001-shown.note", hidden, b.regul)
	stopped(t, b.run(), WrongVerdict, CheckEvents, Wrong, `"events/0001-shown.note" is not what the hidden event commits to`)

	// Events that vanish.
	b = build(t, recipe{events: []statement.Detail{skip(subject), skip(reserves[0])}})
	delete(b.files, "events/0001.note")
	stopped(t, b.run(), WrongVerdict, CheckEvents, Wrong, `event 1 is missing or has no place: "0001-shown.note" follows`)
	b = build(t, recipe{events: []statement.Detail{skip(subject)}})
	delete(b.files, "events/0001-shown.note")
	stopped(t, b.run(), CannotTell, CheckEvents, Missing, "1 events are still hidden after the opening")
}

func TestAttackUnopenedDraw(t *testing.T) {
	b := build(t, recipe{stop: "sealed"})
	stopped(t, b.run(), WrongVerdict, CheckOpening, Wrong, "the draw was not opened in time")
	b.policy.At = b.notice.OpenBy
	require.Equal(t, Fixed, b.run().Verdict, b.run().String())

	next := build(t, second(b, 0, "", recipe{stop: "notice", quotas: draw.Quotas{{Stratum: "370202/A", Count: draw.WholeFraction(1)}}}))
	next.policy.At = next.at
	s := VerifySeries(seriesOf(map[string]*built{"0001": b, "0002": next}), next.policy)
	require.Equal(t, WrongVerdict, s.Verdict)
	stopped(t, s.Draws[0].Report, WrongVerdict, CheckOpening, Wrong, "the draw was not opened in time")

	// An opening with another secret.
	b = build(t, recipe{edit: func(s statement.Statement) {
		if o, ok := s.(*statement.Opening); ok {
			o.Secret = statement.ID{5}
		}
	}})
	stopped(t, b.run(), WrongVerdict, CheckOpening, Wrong, "the secret is not the one that the notice commits to")
}

func void(b *built, after statement.Stage, duty bool, at time.Duration) *statement.Void {
	return &statement.Void{Notice: b.signed[FileNotice].ID, After: after, Made: b.at.Add(at), Reason: "the hall burned down", Duty: duty}
}

func TestAttackForgedVoid(t *testing.T) {
	b := build(t, recipe{stop: "notice"})
	b.policy.At = b.at.Add(time.Hour)
	b.sign(FileVoid, void(b, statement.AfterNotice, false, 10*time.Minute), b.regul)
	require.Equal(t, Called, b.run().Verdict, b.run().String())

	// By somebody else.
	b.sign(FileVoid, void(b, statement.AfterNotice, false, 10*time.Minute), newSigner("contributor-a"))
	r := b.run()
	require.Equal(t, WrongVerdict, r.Verdict)
	c, _ := r.First(Wrong)
	require.Equal(t, CheckSignatures, c.Name)
	require.Regexp(t, `^"void.note": it is not signed by regulator.example\+[0-9a-f]{8}, but by .*"contributor-a"\+[0-9a-f]{8}$`, c.Text)

	// After the outcome was known, said to be before.
	b = build(t, recipe{mode: statement.Open})
	b.sign(FileVoid, void(b, statement.AfterNotice, false, 10*time.Minute), b.regul)
	stopped(t, b.run(), WrongVerdict, CheckVoid, Wrong, "the void claims an earlier stage than the files show")

	// The same, with the files held back: witnesses did not see it before the pulse.
	b = build(t, recipe{mode: statement.Open, stop: "reveal", witnessAt: map[string]time.Time{"void": start.Add(5 * time.Hour)}})
	b.sign(FileVoid, void(b, statement.AfterReveal, false, 2*time.Hour), b.regul)
	stopped(t, b.run(), OrderNotProven, CheckVoid, NotProven,
		"no quorum of witnesses saw the void before the pulse: whoever called it off may have known the outcome")

	// Without the duty to open that remains after a reveal.
	b = build(t, recipe{stop: "close"})
	b.sign(FileVoid, void(b, statement.AfterClose, false, 3*time.Hour), b.regul)
	stopped(t, b.run(), WrongVerdict, CheckVoid, Wrong, "the duty to open the secret is not what the rules say")
	b.sign(FileVoid, void(b, statement.AfterClose, true, 3*time.Hour), b.regul)
	stopped(t, b.run(), WrongVerdict, CheckOpening, Wrong, "the draw was not opened in time")

	// Without a reason there is no void.
	text := bytes.Replace(b.signed[FileVoid].Note, []byte("reason the hall burned down"), []byte("reason "), 1)
	b.put(FileVoid, text)
	require.Equal(t, WrongVerdict, b.run().Verdict)
}

func TestAttackSplitView(t *testing.T) {
	one := build(t, recipe{})
	// Another notice with the same number for another public. Honest witnesses sign
	// the first only.
	units := append(testUnits()[:23:23], registry.Unit{ID: "Z", Stratum: "370202/A", Weight: 1})
	two := build(t, recipe{units: units, unseen: map[string]bool{"notice": true}})
	require.Equal(t, OpenedCorrect, one.run().Verdict)
	stopped(t, two.run(), OrderNotProven, CheckWitnessOrder, NotProven, "too few witnesses have seen the notice")

	// Whoever gets hold of both has the proof, whatever witnesses did.
	s := VerifySeries(seriesOf(map[string]*built{"0001": one, "0002": two}), one.policy)
	stopped(t, &s.Report, WrongVerdict, CheckChain, Wrong, "two notices have number 1: the series forks")
}
