package ceremony

import (
	"regexp"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/stretchr/testify/require"
)

// FuzzResume reads state texts. A text that is read is written the same, one that
// is not changes nothing, and a state that is resumed comes out again.
func FuzzResume(f *testing.F) {
	k := newKit(f)
	k.announce()
	for _, draw := range []func(*kit) *Ceremony{(*kit).announce, (*kit).revealed, (*kit).closed, (*kit).pulsed, (*kit).sealed, (*kit).opened} {
		f.Add(text(f, draw(k).State()))
	}
	c := k.announce()
	k.commitAll(c)
	require.Error(f, c.Reveal(k.falseNote("press"), k.at(1)))
	require.NoError(f, c.Void(k.voidNote(c, k.at(2)), k.at(2)))
	f.Add(text(f, c.State()))
	f.Add([]byte("doublerandom/ceremony/v1\nrecords 1\nrecord 2026-11-24T03:00:00Z 3\nabc"))
	f.Fuzz(func(t *testing.T, in []byte) {
		s := State{[]Record{{k.start, []byte("before")}}}
		if err := s.UnmarshalText(in); err != nil {
			var e *Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, State{[]Record{{k.start, []byte("before")}}}, s)
			return
		}
		require.Equal(t, string(in), string(text(t, &s)))
		c, err := Resume(k.in, &s)
		if err != nil {
			var e *Error
			require.ErrorAs(t, err, &e)
			require.Nil(t, c)
			return
		}
		require.Equal(t, string(in), string(text(t, c.State())))
	})
}

// FuzzSteps takes steps in any order, honest and forged ones. None panics, those
// that are refused change nothing, and whatever was recorded is a draw that
// keeps the rules.
func FuzzSteps(f *testing.F) {
	base := newKit(f)
	base.signAll()
	f.Add(honestSteps())
	f.Add([]byte{0, 0, 1, 0, 2, 0, 6, 12, 3, 1, 4, 1, 5, 1, 9, 1, 11, 34, 13, 2, 17, 1, 16, 1})
	f.Add([]byte{3, 0, 6, 0, 9, 0, 10, 0, 11, 0, 12, 0, 13, 0, 14, 0, 15, 0, 16, 0, 17, 0, 18, 0})
	f.Add([]byte{0, 0, 1, 0, 3, 13, 4, 0, 9, 13, 11, 30, 12, 0, 14, 1, 16, 1})
	f.Fuzz(func(t *testing.T, steps []byte) {
		if len(steps) > 100 {
			return
		}
		k := *base
		k.t = t
		c := k.announce()
		at := k.start
		for i := 0; i+1 < len(steps); i += 2 {
			at = at.Add(time.Duration(steps[i+1]) * 5 * time.Minute)
			before := string(text(t, c.State()))
			err := k.step(c, steps[i], at)
			if err == nil {
				continue
			}
			var e *Error
			require.ErrorAs(t, err, &e)
			if e.Kind != FalseReveal {
				require.Equal(t, before, string(text(t, c.State())))
			}
		}
		k.keepsTheRules(k.resumed(c))
	})
}

// honestSteps are the steps of a whole draw.
func honestSteps() []byte {
	return []byte{0, 1, 1, 1, 2, 1, 3, 12, 4, 1, 5, 1, 9, 1, 11, 31, 13, 2, 15, 1, 16, 1, 19, 1}
}

// step takes the step of a number.
func (k *kit) step(c *Ceremony, op byte, at time.Time) error {
	names := []string{"chamber", "council", "press"}
	signed := func(s statement.Statement, err error) error {
		if err != nil {
			return err
		}
		note, err := statement.Sign(k.in.Suite, s, k.keys["regulator"])
		if err != nil {
			return &Error{Step: "sign", Err: err} // an opening without a sealed result has no text
		}
		return c.Take(note.Note, at)
	}
	id := statement.ID{1}
	switch op % 20 {
	case 0, 1, 2:
		return c.Commit(k.commitNote(names[op%20]), at)
	case 3, 4, 5:
		return c.Reveal(k.revealNote(names[op%20-3]), at)
	case 6, 7, 8:
		return c.Reveal(k.falseNote(names[op%20-6]), at)
	case 9:
		s, err := c.NewClose(at)
		return signed(s, err)
	case 10:
		s := &statement.Close{Notice: k.noticeID, Closed: at}
		for _, p := range c.parts {
			s.Counted = append(s.Counted, statement.Counted{Contributor: p.name, Commit: p.commitID, Reveal: statement.ID(random("any"))})
		}
		return signed(s, nil)
	case 11:
		s, err := c.NewPulse(value, "")
		return signed(s, err)
	case 12:
		return signed(&statement.Pulse{Notice: k.noticeID, Close: id, Beacon: "lottery", Round: round, Value: value}, nil)
	case 13:
		s, err := c.NewSealed(id, id)
		return signed(s, err)
	case 14:
		return signed(&statement.SealedResult{Notice: k.noticeID, Close: id, Pulse: id, Frame: k.notice.Root, Units: k.notice.Units, Root: id}, nil)
	case 15:
		s, err := c.NewEvent(at, statement.Detail{Kind: statement.Skip, Subject: "unit-01", Reason: "closed", Nonce: id})
		return signed(s, err)
	case 16:
		s, err := c.NewOpening(at, k.secret, nil)
		if err == nil {
			s.Result = id
		}
		return signed(s, err)
	case 17:
		s, err := c.NewVoid(at, "any reason")
		return signed(s, err)
	case 18:
		return signed(&k.notice, nil)
	}
	return signed(c.ShowEvent(1, statement.Detail{Kind: statement.Skip, Subject: "unit-01", Reason: "closed", Nonce: id}))
}

// keepsTheRules reads a ceremony's record with no help of the ceremony: the order
// of the statements, their deadlines, and that what the close counts is there.
func (k *kit) keepsTheRules(c *Ceremony) {
	letters := map[string]string{
		"series": "S", "notice": "N", "commit": "c", "reveal": "r", "close": "C", "pulse": "P", "sealed": "X", "event": "e", "opening": "O", "void": "V",
	}
	deadlines := map[string]time.Time{"commit": k.notice.CommitBy, "reveal": k.notice.RevealBy, "close": k.notice.CloseBy}
	order, last := "", time.Time{}
	reveals := map[statement.ID]statement.ID{} // to the value
	for _, r := range c.State().Records() {
		kind := statement.Kind(r.Note)
		order += letters[kind]
		require.False(k.t, r.At.Before(last))
		last = r.At
		if by, ok := deadlines[kind]; ok {
			require.False(k.t, r.At.After(by), kind)
		}
		if kind == "pulse" {
			require.False(k.t, r.At.Before(k.notice.PulseAt))
		}
		s := statement.New(kind)
		require.NoError(k.t, parse("", r.Note, kind, s))
		switch s := s.(type) {
		case *statement.Reveal:
			reveals[k.id(r.Note)] = s.Value
		case *statement.Close:
			require.GreaterOrEqual(k.t, len(s.Counted), int(k.notice.Minimum))
			require.Len(k.t, k.notice.Contributors, len(s.Counted)+len(s.Missing))
			for _, x := range s.Counted {
				require.Equal(k.t, statement.ID(random("value of %s", x.Contributor)), reveals[x.Reveal])
			}
		}
	}
	require.Regexp(k.t, regexp.MustCompile(`^SN(c{0,3}r{0,6})(V|CV|CPV|CPXe*V|CPXe*VOe*|CPXe*|CPXe*Oe*|CP|C)?$`), order)
	if stage := c.Stage(); stage == Sealed || stage == Opened {
		require.Contains(k.t, order, "CPX")
	}
}

// TestFuzzSeedIsWhole shows that the first seed of FuzzSteps leads to the end, so
// that the fuzzing starts where it should.
func TestFuzzSeedIsWhole(t *testing.T) {
	k := newKit(t)
	c := k.announce()
	at := k.start
	steps := honestSteps()
	for i := 0; i < len(steps); i += 2 {
		at = at.Add(time.Duration(steps[i+1]) * 5 * time.Minute)
		require.NoError(t, k.step(c, steps[i], at), "step %d", i/2)
	}
	require.Equal(t, Opened, c.Stage())
	k.keepsTheRules(c)
}
