package ceremony

import (
	"fmt"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/stretchr/testify/require"
)

func TestOpenRefuses(t *testing.T) {
	k := newKit(t)
	c := k.sealed()
	result, err := c.Run(k.plan, k.frame, k.secret)
	require.NoError(t, err)
	s, err := c.NewOpening(k.at(24), k.secret, result)
	require.NoError(t, err)
	one, other := statement.ID{1}, statement.ID(random("another secret"))
	commitment := statement.SecretCommitment(k.in.Suite, other)
	k.refuseAll(t, c, []refusal{
		{"late", changed(s, func(s *statement.Opening) { s.Opened = k.at(25) }), k.at(25), TooLate, "ceremony: open: arrived 2026-11-25T04:00:00Z, expected by 2026-11-25T03:00:00Z"},
		{"backdated", changed(s, func(s *statement.Opening) { s.Opened = k.at(5) }), k.at(24), TooEarly, "ceremony: open: opened 2026-11-24T08:00:00Z, expected not before the step of 2026-11-24T09:00:00Z"},
		{"before it was made", s, k.at(23), TooEarly, "ceremony: open: arrived 2026-11-25T02:00:00Z, expected not before it was opened, 2026-11-25T03:00:00Z"},
		{"another notice", changed(s, func(s *statement.Opening) { s.Notice = one }), k.at(24), OtherDraw, "ceremony: open: is for notice " + hexOf(one) + ", expected " + hexOf(k.noticeID)},
		{"another sealed result", changed(s, func(s *statement.Opening) { s.Sealed = one }), k.at(24), OtherDraw, "ceremony: open: is for sealed result " + hexOf(one) + ", expected " + hexOf(c.SealedID())},
		{"another secret", changed(s, func(s *statement.Opening) { s.Secret = other }), k.at(24), Mismatch, "ceremony: open: the sealing secret has commitment " + hexOf(commitment) + ", expected " + hexOf(k.notice.Secret)},
		{"no secret", changed(s, func(s *statement.Opening) { s.Secret = statement.ID{} }), k.at(24), Mismatch, "ceremony: open: no sealing secret in a sealed draw, expected one"},
		{"close again", &statement.Close{Notice: k.noticeID, Closed: k.at(24)}, k.at(24), WrongOrder, "ceremony: close: the draw is sealed, expected announced or revealed"},
	})
	_, err = c.NewOpening(k.at(24), nil, result)
	require.EqualError(t, err, "ceremony: open: no sealing secret in a sealed draw, expected one")
	k2 := newKit(t)
	k2.notice.Tasks = one
	foreign, err := k2.pulsed().Run(k2.plan, k2.frame, k2.secret)
	require.NoError(t, err)
	_, err = c.NewOpening(k.at(24), k.secret, foreign)
	require.EqualError(t, err, "ceremony: open: result is of another draw, expected plan "+hexOf(k.notice.Plan)+" and the ceremony's seed")

	require.NoError(t, c.Open(k.sign("regulator", s), k.at(24)))
	k.refuseAll(t, c, []refusal{
		{"opened again", s, k.at(24), WrongOrder, "ceremony: open: the draw is opened, expected sealed"},
		{"void after the opening", &statement.Void{Notice: k.noticeID, After: statement.AfterSealed, Made: k.at(24), Reason: "regret", Duty: true}, k.at(24), WrongOrder,
			"ceremony: void: the draw is opened, expected announced or revealed or closed or pulsed or sealed"},
	})

	k = newKit(t)
	k.open()
	c = k.sealed()
	s, err = c.NewOpening(k.at(24), nil, nil)
	require.NoError(t, err)
	s.Result = one
	k.refuseAll(t, c, []refusal{{"secret in an open draw", changed(s, func(s *statement.Opening) { s.Secret = other }), k.at(24), Mismatch, "ceremony: open: a sealing secret in an open draw, expected none"}})

	// Closed early, sealed early: the opening still waits for close-by.
	k = newKit(t)
	k.withoutBeacon()
	c = k.closed()
	require.NoError(t, c.Seal(k.sealedNote(c), k.at(3).Add(-time.Minute)))
	early := k.openingNote(c, k.at(3).Add(-time.Second))
	refused(t, c, TooEarly, "ceremony: open: opened 2026-11-24T05:59:59Z, expected not before close-by, 2026-11-24T06:00:00Z", func() error { return c.Open(early, k.at(3)) })
	require.NoError(t, c.Open(k.openingNote(c, k.at(3)), k.at(3)))
}

// TestWeakSecret has a regulator commit to a secret that no honest source gives.
func TestWeakSecret(t *testing.T) {
	k := newKit(t)
	weak := [32]byte{}
	for i := range weak {
		weak[i] = 0xff
	}
	k.notice.Secret = statement.SecretCommitment(k.in.Suite, weak)
	c := k.sealed()
	k.refuseAll(t, c, []refusal{{"weak", &statement.Opening{Notice: k.noticeID, Sealed: c.SealedID(), Opened: k.at(20), Secret: weak, Result: statement.ID{1}}, k.at(20), Mismatch,
		"ceremony: open: the sealing secret has 32 equal bytes, expected random ones"}})
}

// TestVoid voids a draw at every stage, and then tries everything.
func TestVoid(t *testing.T) {
	for _, tt := range []struct {
		name  string
		setup func(*kit)
		draw  func(*kit) *Ceremony
		at    int // hours after the notice
		after statement.Stage
		duty  bool
	}{
		{"announced", nil, (*kit).announce, 1, statement.AfterNotice, false},
		{"revealed", nil, (*kit).revealed, 2, statement.AfterReveal, true},
		{"closed", nil, (*kit).closed, 3, statement.AfterClose, true},
		{"pulsed", nil, (*kit).pulsed, 6, statement.AfterPulse, true},
		{"sealed", nil, (*kit).sealed, 7, statement.AfterSealed, true},
		{"sealed, past its deadline", nil, (*kit).sealed, 100, statement.AfterSealed, true},
		{"open draw, revealed", (*kit).open, (*kit).revealed, 2, statement.AfterReveal, false},
		{"open draw, sealed", (*kit).open, (*kit).sealed, 6, statement.AfterSealed, false},
		{"nobody contributes, pulsed", func(k *kit) { k.contributors(statement.ByCommit); k.minimum(0) }, (*kit).pulsed, 6, statement.AfterPulse, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := newKit(t)
			if tt.setup != nil {
				tt.setup(k)
			}
			c := tt.draw(k)
			at := k.at(tt.at)
			s, err := c.NewVoid(at, "the hall burned down")
			require.NoError(t, err)
			require.Equal(t, &statement.Void{Notice: k.noticeID, After: tt.after, Made: at, Reason: "the hall burned down", Duty: tt.duty}, s)
			lie := statement.AfterReveal
			if tt.after == lie {
				lie = statement.AfterClose
			}
			k.refuseAll(t, c, []refusal{
				{"another notice", changed(s, func(s *statement.Void) { s.Notice = statement.ID{1} }), at, OtherDraw, "ceremony: void: is for notice " + hexOf(statement.ID{1}) + ", expected " + hexOf(k.noticeID)},
				{"another stage", changed(s, func(s *statement.Void) { s.After = lie }), at, Mismatch, fmt.Sprintf("ceremony: void: says %q, expected %q", "after "+lie.String(), "after "+tt.after.String())},
				{"early", changed(s, func(s *statement.Void) { s.Made = k.start.Add(-time.Second) }), at, TooEarly,
					"ceremony: void: made 2026-11-24T02:59:59Z, expected not before the step of " + instant(c.last)},
				{"ahead of its time", changed(s, func(s *statement.Void) { s.Made = at.Add(time.Second) }), at, TooEarly,
					"ceremony: void: arrived " + instant(at) + ", expected not before it was made, " + instant(at.Add(time.Second))},
			})
			if tt.after != statement.AfterNotice {
				want := map[bool]string{true: "open", false: "none"}
				k.refuseAll(t, c, []refusal{{"another duty", changed(s, func(s *statement.Void) { s.Duty = !s.Duty }), at, Mismatch,
					fmt.Sprintf("ceremony: void: says %q, expected %q", "duty "+want[!tt.duty], "duty "+want[tt.duty])}})
			}
			require.NoError(t, c.Void(k.sign("regulator", s), at))
			c = k.resumed(c)
			require.Equal(t, Voided, c.Stage())
			facts := c.Facts()
			require.Equal(t, Fact{1, statement.Voided, k.id(k.sign("regulator", s)), at}, facts[len(facts)-1])

			require.EqualError(t, c.Void(k.sign("regulator", s), at), "ceremony: void: the draw is void, expected announced or revealed or closed or pulsed or sealed")
			require.ErrorContains(t, c.Close(k.sign("regulator", &statement.Close{Notice: k.noticeID, Closed: at}), at), "the draw is void")
			_, err = c.NewSealed(statement.ID{1}, statement.ID{})
			require.ErrorContains(t, err, "ceremony: seal: the draw is void, expected ")
			_, err = c.NewPulse(value, "")
			require.EqualError(t, err, "ceremony: pulse: the draw is void, expected closed")
			if len(k.notice.Contributors) > 0 {
				require.ErrorContains(t, c.Reveal(k.falseNote("press"), at), `ceremony: reveal of "press": `)
			}
			opening := &statement.Opening{Notice: k.noticeID, Sealed: c.SealedID(), Opened: k.at(101), Secret: k.secret.Export()}
			if tt.after == statement.AfterSealed {
				opening.Result = statement.ID{1}
			}
			if !tt.duty {
				_, err := c.NewOpening(k.at(101), k.sealingSecret(), nil)
				require.EqualError(t, err, "ceremony: open: the draw is void without a duty to open it")
				return
			}
			ready, err := c.NewOpening(k.at(101), k.secret, nil)
			require.NoError(t, err)
			require.Equal(t, c.SealedID(), ready.Sealed)
			require.NoError(t, c.Open(k.sign("regulator", opening), k.at(101)))
			c = k.resumed(c)
			require.Equal(t, Voided, c.Stage())
			require.Equal(t, facts, c.Facts())
			err = c.Open(k.sign("regulator", opening), k.at(101))
			require.EqualError(t, err, "ceremony: open: the draw is void and was opened in "+hexOf(k.id(k.sign("regulator", opening))))
		})
	}
}

// TestLateOpening misses its deadline: the draw is void, and opened all the same.
func TestLateOpening(t *testing.T) {
	k := newKit(t)
	c := k.sealed()
	late := k.at(24).Add(time.Second)
	require.ErrorContains(t, c.Open(k.openingNote(c, late), late), "ceremony: open: arrived 2026-11-25T03:00:01Z, expected by 2026-11-25T03:00:00Z")
	require.NoError(t, c.Void(k.voidNote(c, late), late))
	require.NoError(t, c.Open(k.openingNote(c, late), late))
	require.Equal(t, Voided, k.resumed(c).Stage())
}

func TestEvents(t *testing.T) {
	k := newKit(t)
	c := k.sealed()
	details := []statement.Detail{
		{Kind: statement.Skip, Subject: "unit-03", Reason: "closed for good", Nonce: random("first")},
		{Kind: statement.Substitution, Subject: "unit-05", Replacement: "unit-07", Reason: "flooded", Nonce: random("second")},
		{Kind: statement.Recusal, Subject: "inspector-1", Reason: "a cousin", Nonce: random("third")},
	}
	add := func(hour int, d statement.Detail) *statement.Event {
		t.Helper()
		e, err := c.NewEvent(k.at(hour), d)
		require.NoError(t, err)
		require.NoError(t, c.Event(k.sign("regulator", e), k.at(hour)))
		c = k.resumed(c)
		return e
	}
	first := add(7, details[0])
	require.Nil(t, first.Detail)
	require.Equal(t, statement.EventCommitment(k.in.Suite, 1, details[0]), first.Hidden)
	next, err := c.NewEvent(k.at(8), details[1])
	require.NoError(t, err)
	require.Equal(t, &statement.Event{Notice: k.noticeID, Sealed: c.SealedID(), Sequence: 2, Previous: k.id(k.sign("regulator", first)), Made: k.at(8),
		Hidden: statement.EventCommitment(k.in.Suite, 2, details[1])}, next)
	_, err = c.ShowEvent(1, details[0])
	require.EqualError(t, err, "ceremony: event: a hidden event shown while the draw is sealed, expected opened")

	one := statement.ID{1}
	k.refuseAll(t, c, []refusal{
		{"in full", changed(next, func(e *statement.Event) { e.Hidden, e.Detail = statement.ID{}, &details[1] }), k.at(8), Mismatch,
			"ceremony: event: the event is in full, though the result is sealed, expected only a commitment to it"},
		{"shown before the opening", changed(first, func(e *statement.Event) { e.Hidden, e.Detail = statement.ID{}, &details[0] }), k.at(8), WrongOrder,
			"ceremony: event: a hidden event shown while the draw is sealed, expected opened"},
		{"again", first, k.at(8), Duplicate, "ceremony: event: event 1 was published already, in " + hexOf(k.id(k.sign("regulator", first)))},
		{"gap", changed(next, func(e *statement.Event) { e.Sequence = 3 }), k.at(8), Mismatch, `ceremony: event: says "sequence 3", expected "sequence 2"`},
		{"fork", changed(next, func(e *statement.Event) { e.Previous = one }), k.at(8), Mismatch, fmt.Sprintf("ceremony: event: says %q, expected %q", "previous "+hexOf(one), "previous "+hexOf(next.Previous))},
		{"another sealed result", changed(next, func(e *statement.Event) { e.Sealed = one }), k.at(8), OtherDraw, "ceremony: event: is for sealed result " + hexOf(one) + ", expected " + hexOf(c.SealedID())},
		{"another notice", changed(next, func(e *statement.Event) { e.Notice = one }), k.at(8), OtherDraw, "ceremony: event: is for notice " + hexOf(one) + ", expected " + hexOf(k.noticeID)},
		{"backdated", changed(next, func(e *statement.Event) { e.Made = k.at(6) }), k.at(8), TooEarly, "ceremony: event: made 2026-11-24T09:00:00Z, expected not before the step of 2026-11-24T10:00:00Z"},
		{"before it was made", next, k.at(7), TooEarly, "ceremony: event: arrived 2026-11-24T10:00:00Z, expected not before it was made, 2026-11-24T11:00:00Z"},
	})
	second := add(8, details[1])
	require.NoError(t, c.Open(k.openingNote(c, k.at(20)), k.at(20)))
	third := add(21, details[2])
	require.Equal(t, &details[2], third.Detail)
	require.Equal(t, k.id(k.sign("regulator", second)), third.Previous)

	// After the opening hidden events are shown, in any order.
	for _, tt := range []struct {
		sequence uint64
		detail   statement.Detail
		want     string
	}{
		{0, details[0], "ceremony: event: sequence 0 of 3 events, expected one of them"},
		{4, details[0], "ceremony: event: sequence 4 of 3 events, expected one of them"},
		{3, details[2], "ceremony: event: event 3 was published in full"},
		{2, details[0], fmt.Sprintf("ceremony: event: event 2 has commitment %x, expected %x", statement.EventCommitment(k.in.Suite, 2, details[0]), second.Hidden)},
	} {
		_, err := c.ShowEvent(tt.sequence, tt.detail)
		require.EqualError(t, err, tt.want)
	}
	for _, sequence := range []uint64{2, 1} {
		e, err := c.ShowEvent(sequence, details[sequence-1])
		require.NoError(t, err)
		k.refuseAll(t, c, []refusal{
			{"another time", changed(e, func(e *statement.Event) { e.Made = k.at(9) }), k.at(22), Mismatch, fmt.Sprintf("ceremony: event: says %q, expected %q", "made "+instant(k.at(9)), "made "+instant(e.Made))},
			{"early", e, k.at(20), TooEarly, fmt.Sprintf("ceremony: event: arrived 2026-11-24T23:00:00Z, expected not before the step of %s", instant(k.at(int(23-sequence))))},
		})
		require.NoError(t, c.Event(k.sign("regulator", e), k.at(int(24-sequence))))
		c = k.resumed(c)
		_, err = c.ShowEvent(sequence, details[sequence-1])
		require.EqualError(t, err, fmt.Sprintf("ceremony: event: event %d was shown already, in %x", sequence, k.id(k.sign("regulator", e))))
	}
	hidden := &statement.Event{Notice: k.noticeID, Sealed: c.SealedID(), Sequence: 4, Previous: k.id(k.sign("regulator", third)), Made: k.at(23), Hidden: one}
	k.refuseAll(t, c, []refusal{{"hidden after the opening", hidden, k.at(23), Mismatch, "ceremony: event: the event is hidden, though the result is known, expected the event in full"}})

	// In an open draw events are in full from the start, and not before close-by.
	k = newKit(t)
	k.open()
	k.withoutBeacon()
	c = k.closed()
	require.NoError(t, c.Seal(k.sealedNote(c), k.at(3).Add(-time.Minute)))
	e, err := c.NewEvent(k.at(3).Add(-time.Second), details[0])
	require.NoError(t, err)
	k.refuseAll(t, c, []refusal{{"early", e, k.at(3), TooEarly, "ceremony: event: made 2026-11-24T05:59:59Z, expected not before close-by, 2026-11-24T06:00:00Z"}})
	add(3, details[0])
	require.NoError(t, c.Void(k.voidNote(c, k.at(4)), k.at(4)))
	_, err = c.NewEvent(k.at(4), details[1])
	require.EqualError(t, err, "ceremony: event: the draw is void, expected sealed or opened")
}

// TestTooMuch has the record full, as if so much were there.
func TestTooMuch(t *testing.T) {
	k := newKit(t)
	c := k.sealed()
	first, err := c.NewEvent(k.at(8), statement.Detail{Nonce: statement.ID{1}})
	require.NoError(t, err)
	note := k.sign("regulator", first)
	size := c.size
	c.size = MaxState - len(stateHead(maxRecords)) - recordSize(note) + 1
	refused(t, c, TooMuch, fmt.Sprintf("ceremony: event: the record would have %d bytes, expected at most %d", c.size+recordSize(note), MaxState), func() error { return c.Event(note, k.at(8)) })
	c.size = size
	log := c.log
	c.log = make([]Record, maxRecords)
	require.EqualError(t, c.Event(note, k.at(8)), fmt.Sprintf("ceremony: event: the record has %d statements, expected at most %d", maxRecords, maxRecords))
	c.log = log
	c.events = make([]event, MaxEvents)
	s := changed(first, func(e *statement.Event) { e.Sequence, e.Previous = MaxEvents+1, statement.ID{1} })
	k.refuseAll(t, c, []refusal{{"events", s, k.at(8), TooMuch, "ceremony: event: the draw has 10000 events, expected no more"}})
}
