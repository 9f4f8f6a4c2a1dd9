package ceremony

import (
	"fmt"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// A refusal is a step of the regulator that must fail.
type refusal struct {
	name string
	s    statement.Statement
	at   time.Time
	kind Kind
	want string
}

// refuseAll signs and takes each statement. They must fail.
func (k *kit) refuseAll(t *testing.T, c *Ceremony, list []refusal) {
	t.Helper()
	for _, tt := range list {
		t.Run(tt.name, func(t *testing.T) {
			t.Helper()
			note := k.sign("regulator", tt.s)
			refused(t, c, tt.kind, tt.want, func() error { return c.Take(note, tt.at) })
		})
	}
}

// changed returns a copy of a statement with a change.
func changed[T any](s *T, change func(*T)) *T {
	other := *s
	change(&other)
	return &other
}

func TestCloseRefuses(t *testing.T) {
	k := newKit(t)
	c := k.announce()
	k.commitAll(c)
	require.NoError(t, c.Reveal(k.revealNote("chamber"), k.at(1)))
	require.NoError(t, c.Reveal(k.revealNote("press"), k.at(2)))
	after := k.at(2).Add(time.Second)
	s, err := c.NewClose(after)
	require.NoError(t, err)
	require.Len(t, s.Missing, 1)
	counted := s.Counted
	text := func(x statement.Counted) string {
		return fmt.Sprintf("counted %s %x %x", x.Contributor, x.Commit, x.Reveal)
	}
	says := func(have, want string) string {
		return fmt.Sprintf("ceremony: close: says %q, expected %q", have, want)
	}
	missing := fmt.Sprintf("missing council no-reveal %x", k.id(k.commitNote("council")))
	k.refuseAll(t, c, []refusal{
		{"somebody can still come", changed(s, func(s *statement.Close) { s.Closed = k.at(2) }), k.at(2), TooEarly,
			`ceremony: close: at 2026-11-24T05:00:00Z, expected after 2026-11-24T05:00:00Z, or with the reveals of "council"`},
		{"backdated", changed(s, func(s *statement.Close) { s.Closed = k.at(1) }), after, TooEarly, "ceremony: close: closed 2026-11-24T04:00:00Z, expected not before the step of 2026-11-24T05:00:00Z"},
		{"before it was made", s, k.at(2), TooEarly, "ceremony: close: arrived 2026-11-24T05:00:00Z, expected not before it was closed, 2026-11-24T05:00:01Z"},
		{"arrived late", s, k.at(3).Add(time.Second), TooLate, "ceremony: close: arrived 2026-11-24T06:00:01Z, expected by 2026-11-24T06:00:00Z"},
		{"after the round's time", changed(s, func(s *statement.Close) { s.Closed = k.at(5) }), k.at(5), TooLate, "ceremony: close: arrived 2026-11-24T08:00:00Z, expected by 2026-11-24T06:00:00Z"},
		{"another notice", changed(s, func(s *statement.Close) { s.Notice = statement.ID{1} }), after, OtherDraw, "ceremony: close: is for notice " + hexOf(statement.ID{1}) + ", expected " + hexOf(k.noticeID)},
		{"one left out", changed(s, func(s *statement.Close) { s.Counted = counted[:1] }), after, Mismatch, says(missing, text(counted[1]))},
		{"one not blamed", changed(s, func(s *statement.Close) { s.Missing = nil }), after, Mismatch, says("", missing)},
		{"one blamed who came", changed(s, func(s *statement.Close) {
			s.Counted = counted[:1]
			s.Missing = append(s.Missing, statement.Missing{Contributor: "press", Fault: statement.NoReveal, Commit: counted[1].Commit})
		}), after, Mismatch, says(missing, text(counted[1]))},
		{"another fault", changed(s, func(s *statement.Close) {
			s.Missing = []statement.Missing{{Contributor: "council", Fault: statement.FalseReveal, Commit: s.Missing[0].Commit}}
		}), after, Mismatch, says(replace(missing, "no-reveal", "false-reveal"), missing)},
		{"another reveal", changed(s, func(s *statement.Close) {
			s.Counted = []statement.Counted{counted[0], {Contributor: "press", Commit: counted[1].Commit, Reveal: statement.ID{1}}}
		}), after, Mismatch, says(text(statement.Counted{Contributor: "press", Commit: counted[1].Commit, Reveal: statement.ID{1}}), text(counted[1]))},
		{"pulse first", &statement.Pulse{Notice: k.noticeID, Close: statement.ID{1}, Beacon: "lottery", Round: round, Value: value}, k.at(4), WrongOrder, "ceremony: pulse: the draw is revealed, expected closed"},
		{"sealed first", &statement.SealedResult{Notice: k.noticeID, Close: statement.ID{1}, Frame: k.notice.Root, Units: 40, Root: statement.ID{1}}, k.at(4), WrongOrder, "ceremony: seal: the draw is revealed, expected pulsed"},
		{"opening first", &statement.Opening{Notice: k.noticeID, Sealed: statement.ID{1}, Opened: k.at(4), Secret: k.secret.Export(), Result: statement.ID{1}}, k.at(4), WrongOrder, "ceremony: open: the draw is revealed, expected sealed"},
		{"event first", &statement.Event{Notice: k.noticeID, Sealed: statement.ID{1}, Sequence: 1, Made: k.at(4), Hidden: statement.ID{1}}, k.at(4), WrongOrder, "ceremony: event: the draw is revealed, expected sealed or opened"},
		{"a second series", &k.series, k.at(4), Duplicate, "ceremony: announce: a second series, expected one"},
		{"a second notice", &k.notice, k.at(4), Duplicate, "ceremony: announce: a second notice, expected one"},
		{"a receipt", &statement.Receipt{Notice: k.noticeID, Sealed: statement.ID{1}, Frame: statement.ID{1}, Units: 1, Root: statement.ID{1},
			Unit: registry.Unit{ID: "a", Stratum: "b", Weight: 1}, Outcome: statement.Other, Salt: registry.Salt{1}}, k.at(4), Malformed,
			`ceremony: resume: statement begins "doublerandom/receipt/v1\n", expected one of a ceremony`},
	})
	refused(t, c, TooLate, "ceremony: close: arrived 2026-11-24T06:00:01Z, expected by 2026-11-24T06:00:00Z", func() error { _, err := c.NewClose(k.at(3).Add(time.Second)); return err })
	refused(t, c, BadSignature, "ceremony: close: "+k.notSigned("regulator"), func() error { return c.Close(k.sign("press", s), after) })
	require.NoError(t, c.Close(k.sign("regulator", s), after))

	k.refuseAll(t, k.resumed(c), []refusal{
		{"closed again", changed(s, func(s *statement.Close) { s.Closed = k.at(3) }), k.at(3), WrongOrder, "ceremony: close: the draw is closed, expected announced or revealed"},
	})
	refused(t, c, WrongOrder, `ceremony: reveal of "council": the draw is closed, expected announced or revealed`, func() error { return c.Reveal(k.revealNote("council"), after) })
	_, err = c.NewClose(k.at(3))
	require.EqualError(t, err, "ceremony: close: the draw is closed, expected announced or revealed")
}

func TestPulseAndSealRefuse(t *testing.T) {
	k := newKit(t)
	c := k.closed()
	_, err := c.NewPulse("1.2", "")
	require.EqualError(t, err, `ceremony: pulse: the beacon refuses the value: beacon: value "1.2": source "red-1": number 2 is missing or has no "." after it`)
	p, err := c.NewPulse(value, "")
	require.NoError(t, err)
	other := "4.8.12.19.27.33./7./1.5.16.20.21.30./16./9.10.11.22.28.31./2./"
	k.refuseAll(t, c, []refusal{
		{"early", p, k.at(4).Add(-time.Second), TooEarly, "ceremony: pulse: arrived 2026-11-24T06:59:59Z, expected not before the round of 2026-11-24T07:00:00Z"},
		{"another notice", changed(p, func(p *statement.Pulse) { p.Notice = statement.ID{1} }), k.at(5), OtherDraw, "ceremony: pulse: is for notice " + hexOf(statement.ID{1}) + ", expected " + hexOf(k.noticeID)},
		{"another close", changed(p, func(p *statement.Pulse) { p.Close = statement.ID{1} }), k.at(5), OtherDraw, "ceremony: pulse: is for close " + hexOf(statement.ID{1}) + ", expected " + hexOf(c.CloseID())},
		{"another beacon", changed(p, func(p *statement.Pulse) { p.Beacon = "stocks" }), k.at(5), BadBeacon, `ceremony: pulse: is of beacon "stocks", expected "lottery"`},
		{"another round", changed(p, func(p *statement.Pulse) { p.Round = "2026104x3" }), k.at(5), BadBeacon, `ceremony: pulse: is of round "2026104x3", expected "2026101x3", as announced`},
		{"another value", changed(p, func(p *statement.Pulse) { p.Value = other }), k.at(5), BadBeacon,
			`ceremony: pulse: the beacon refuses the value: beacon: "lottery" has value "` + other + `" in round "2026101x3", the policy has "` + value + `"`},
		{"seal first", &statement.SealedResult{Notice: k.noticeID, Close: c.CloseID(), Frame: k.notice.Root, Units: 40, Root: statement.ID{1}}, k.at(5), WrongOrder, "ceremony: seal: the draw is closed, expected pulsed"},
	})
	err = c.Pulse(k.sign("regulator", changed(p, func(p *statement.Pulse) { p.Value = other })), k.at(5))
	var mismatch *beacon.MismatchError
	require.ErrorAs(t, err, &mismatch)
	refused(t, c, BadSignature, "ceremony: pulse: "+k.notSigned("regulator"), func() error { return c.Pulse(k.sign("press", p), k.at(5)) })
	_, err = c.Seed(k.secret)
	require.EqualError(t, err, "ceremony: seed: the draw is closed, expected pulsed")
	require.NoError(t, c.Pulse(k.sign("regulator", p), k.at(5)))
	k.refuseAll(t, c, []refusal{{"pulse again", p, k.at(5), WrongOrder, "ceremony: pulse: the draw is pulsed, expected closed"}})

	s, err := c.NewSealed(statement.ID{7}, statement.ID{})
	require.NoError(t, err)
	require.Equal(t, &statement.SealedResult{Notice: k.noticeID, Close: c.CloseID(), Pulse: c.PulseID(), Frame: k.notice.Root, Units: 40, Root: statement.ID{7}}, s)
	one := statement.ID{1}
	k.refuseAll(t, c, []refusal{
		{"sealed early", s, k.at(4), TooEarly, "ceremony: seal: arrived 2026-11-24T07:00:00Z, expected not before the step of 2026-11-24T08:00:00Z"},
		{"sealed for another notice", changed(s, func(s *statement.SealedResult) { s.Notice = one }), k.at(5), OtherDraw, "ceremony: seal: is for notice " + hexOf(one) + ", expected " + hexOf(k.noticeID)},
		{"sealed for another close", changed(s, func(s *statement.SealedResult) { s.Close = one }), k.at(5), OtherDraw, "ceremony: seal: is for close " + hexOf(one) + ", expected " + hexOf(c.CloseID())},
		{"sealed for another pulse", changed(s, func(s *statement.SealedResult) { s.Pulse = statement.ID{} }), k.at(5), OtherDraw, "ceremony: seal: is for pulse none, expected " + hexOf(c.PulseID())},
		{"another frame", changed(s, func(s *statement.SealedResult) { s.Units = 39 }), k.at(5), Mismatch, fmt.Sprintf(`ceremony: seal: says "frame %x 39", expected "frame %x 40"`, s.Frame, s.Frame)},
		{"another root", changed(s, func(s *statement.SealedResult) { s.Frame = one }), k.at(5), Mismatch, fmt.Sprintf(`ceremony: seal: says "frame %x 40", expected "frame %x 40"`, one, s.Frame)},
	})
	require.NoError(t, c.Seal(k.sign("regulator", s), k.at(5)))
	k.refuseAll(t, c, []refusal{{"sealed again", s, k.at(5), WrongOrder, "ceremony: seal: the draw is sealed, expected pulsed"}})

	k = newKit(t)
	k.withoutBeacon()
	c = k.closed()
	_, err = c.NewPulse(value, "")
	require.EqualError(t, err, "ceremony: pulse: the draw has no beacon")
	p.Notice, p.Close = k.noticeID, c.CloseID()
	k.refuseAll(t, c, []refusal{{"no beacon", p, k.at(5), WrongOrder, "ceremony: pulse: the draw has no beacon"}})
}

// TestCanonical has a beacon that takes several texts of a value.
func TestCanonical(t *testing.T) {
	k := newKit(t)
	k.in.Beacon = loose{k.in.Beacon}
	c := k.closed()
	p, err := c.NewPulse("any", "")
	require.NoError(t, err)
	require.Equal(t, value, p.Value)
	p.Value = "any"
	k.refuseAll(t, c, []refusal{{"spelling", p, k.at(5), BadBeacon, `ceremony: pulse: value is "any", expected the canonical text "` + value + `"`}})
}

type loose struct{ beacon.Beacon }

func (loose) Verify(_, _, _ string) (string, error) { return value, nil }

func TestSeedRefuses(t *testing.T) {
	k := newKit(t)
	c := k.pulsed()
	other, err := NewSecret(random("another secret"))
	require.NoError(t, err)
	for _, tt := range []struct {
		name   string
		secret *Secret
		want   string
	}{
		{"none", nil, "ceremony: seed: no sealing secret in a sealed draw, expected one"},
		{"another", other, fmt.Sprintf("ceremony: seed: the sealing secret has commitment %x, expected %x", other.Commitment(k.in.Suite), k.notice.Secret)},
		{"zero", new(Secret), fmt.Sprintf("ceremony: seed: the sealing secret has commitment %x, expected %x", new(Secret).Commitment(k.in.Suite), k.notice.Secret)},
	} {
		seed, err := c.Seed(tt.secret)
		require.EqualError(t, err, tt.want, tt.name)
		require.Zero(t, seed)
		_, err = c.Run(k.plan, k.frame, tt.secret)
		require.EqualError(t, err, tt.want, tt.name)
	}
	quotas, err := draw.Proportional(k.frame.Strata(), 7, draw.Bounds{})
	require.NoError(t, err)
	plan, err := draw.NewPlan(k.in.Suite, k.frame, quotas, 1)
	require.NoError(t, err)
	_, err = c.Run(plan, k.frame, k.secret)
	require.EqualError(t, err, fmt.Sprintf("ceremony: seed: plan has ID %x, expected %x", plan.ID(), k.plan.ID()))
	short, err := registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		yield(registry.Unit{ID: "a", Stratum: "s0", Weight: 1}, nil)
	})
	require.NoError(t, err)
	_, err = c.Run(k.plan, short, k.secret)
	require.EqualError(t, err, "ceremony: seed: frame is not that of the notice: draw: frame has 1 units, the plan says 40")

	// A notice that fixes another frame than its plan.
	for _, tt := range []struct {
		change func(*kit)
		want   string
	}{
		{func(k *kit) { k.notice.Units++ }, "ceremony: seed: plan has 40 units, expected 41"},
		{func(k *kit) { k.notice.Root = statement.ID{1} }, fmt.Sprintf("ceremony: seed: plan has frame root %x, expected %x", k.plan.FrameRoot(), statement.ID{1})},
	} {
		k := newKit(t)
		tt.change(k)
		_, err = k.pulsed().Run(k.plan, k.frame, k.secret)
		require.EqualError(t, err, tt.want)
	}

	k = newKit(t)
	k.open()
	c = k.closed()
	_, err = c.Seed(k.secret)
	require.EqualError(t, err, "ceremony: seed: a sealing secret in an open draw, expected none")
	c = k.announce()
	_, err = c.Seed(nil)
	require.EqualError(t, err, "ceremony: seed: the draw is announced, expected closed")
}
