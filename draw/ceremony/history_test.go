package ceremony

import (
	"fmt"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/stretchr/testify/require"
)

// A chainOfNotices makes the notices of a series, hour by hour.
type chainOfNotices struct {
	t       *testing.T
	start   time.Time
	history History
	facts   []Fact
}

func idOf(name string, args ...any) statement.ID { return random(name, args...) }

// notice returns the next notice, one hour after the one before.
func (n *chainOfNotices) notice(hour int) *statement.Notice {
	number, previous := n.history.Next()
	return &statement.Notice{
		Series: idOf("series"), Number: number, Previous: previous, Earlier: n.history.Earlier(n.facts...), Mode: statement.Sealed,
		Plan: idOf("plan %d", number), Created: n.start.Add(time.Duration(hour) * time.Hour), OpenBy: n.start.Add(time.Duration(hour+10) * time.Hour),
	}
}

func (n *chainOfNotices) add(s *statement.Notice) {
	n.t.Helper()
	id := idOf("notice %d", s.Number)
	require.Nil(n.t, n.history.Add(id, s, n.facts...))
	n.facts = append(n.facts, Fact{s.Number, statement.Announced, id, s.Created})
}

func (n *chainOfNotices) happened(number uint64, state statement.State, hour int) {
	f := Fact{number, state, idOf("%s %d", state, number), n.start.Add(time.Duration(hour) * time.Hour)}
	if state == statement.Fixed {
		f.At = time.Time{}
	}
	n.facts = append(n.facts, f)
}

// newChainOfNotices returns four notices: draw 1 is opened, draw 2 void and both
// are told, draw 3 is fixed and that is told, draw 4 is announced.
func newChainOfNotices(t *testing.T) *chainOfNotices {
	n := &chainOfNotices{t: t, start: time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)}
	n.add(n.notice(0))
	n.happened(1, statement.Fixed, 1)
	n.add(n.notice(1))
	n.happened(1, statement.Opened, 2)
	n.happened(2, statement.Voided, 2)
	s := n.notice(3)
	require.Equal(t, []statement.Earlier{
		{Number: 1, State: statement.Opened, Last: idOf("opened 1")}, {Number: 2, State: statement.Voided, Last: idOf("void 2")},
	}, s.Earlier)
	n.add(s)
	n.happened(3, statement.Fixed, 4)
	n.add(n.notice(5))
	return n
}

func TestHistory(t *testing.T) {
	n := newChainOfNotices(t)
	require.Empty(t, n.history.Earlier(n.facts...))
	n.happened(3, statement.Opened, 6)
	good := n.notice(7)
	require.Equal(t, uint64(5), good.Number)
	require.Equal(t, idOf("notice 4"), good.Previous)
	require.Equal(t, []statement.Earlier{{Number: 3, State: statement.Opened, Last: idOf("opened 3")}}, good.Earlier)
	require.Nil(t, n.history.Check(good, n.facts...))
	require.Nil(t, n.history.Check(good), "without facts")

	earlier := func(lines ...statement.Earlier) func(*statement.Notice) {
		return func(s *statement.Notice) { s.Earlier = append(s.Earlier, lines...) }
	}
	line := func(number uint64, state statement.State, last statement.ID) statement.Earlier {
		return statement.Earlier{Number: number, State: state, Last: last}
	}
	at := func(hour int) time.Time { return n.start.Add(time.Duration(hour) * time.Hour) }
	for _, tt := range []struct {
		name   string
		change func(*statement.Notice)
		breaks []Break
		want   []string
	}{
		{"series", func(s *statement.Notice) { s.Series = idOf("other") }, []Break{BrokenSeries}, []string{"notice 5: series " + hexOf(idOf("other")) + ", expected " + hexOf(idOf("series"))}},
		{"gap", func(s *statement.Notice) { s.Number = 6 }, []Break{BrokenNumber}, []string{"notice 6: number 6, expected 5"}},
		{"second", func(s *statement.Notice) { s.Number = 4 }, []Break{BrokenNumber}, []string{"notice 4: number 4, expected 5"}},
		{"fork", func(s *statement.Notice) { s.Previous = idOf("notice 3") }, []Break{BrokenLink}, []string{"notice 5: previous notice " + hexOf(idOf("notice 3")) + ", expected " + hexOf(idOf("notice 4"))}},
		{"backdated", func(s *statement.Notice) { s.Created = at(4) }, []Break{BrokenTime}, []string{"notice 5: created 2026-11-24T07:00:00Z, expected not before the notice before it, 2026-11-24T08:00:00Z"}},
		{"redraw", func(s *statement.Notice) { s.Plan = idOf("plan 4") }, []Break{BrokenRedraw}, []string{"notice 5: earlier draw 4: is announced and has the same plan, expected void before it is drawn again"}},
		{"redraw of one that was opened", func(s *statement.Notice) { s.Plan = idOf("plan 1") }, []Break{BrokenRedraw}, []string{"notice 5: earlier draw 1: is opened and has the same plan, expected void before it is drawn again"}},
		{"after a void", func(s *statement.Notice) { s.Plan = idOf("plan 2") }, nil, nil},
		{"silence", func(s *statement.Notice) { s.Earlier = nil }, []Break{BrokenSilence}, []string{"notice 5: earlier draw 3: is told as fixed, expected opened since 2026-11-24T09:00:00Z by " + hexOf(idOf("opened 3"))}},
		{"not yet to be told", func(s *statement.Notice) { s.Earlier, s.Created = nil, at(6) }, nil, nil},
		{"overdue", func(s *statement.Notice) { s.Created = at(16) }, []Break{BrokenDeadline}, []string{"notice 5: earlier draw 4: is announced, expected opened or void since 2026-11-24T18:00:00Z"}},
		{"two overdue, untold", func(s *statement.Notice) { s.Created, s.Earlier = at(16), nil }, []Break{BrokenDeadline, BrokenSilence, BrokenDeadline}, []string{
			"notice 5: earlier draw 3: is fixed, expected opened or void since 2026-11-24T16:00:00Z",
			"notice 5: earlier draw 3: is told as fixed, expected opened since 2026-11-24T09:00:00Z by " + hexOf(idOf("opened 3")),
			"notice 5: earlier draw 4: is announced, expected opened or void since 2026-11-24T18:00:00Z"}},
		{"again", earlier(line(2, statement.Voided, idOf("void 2"))), []Break{BrokenState}, []string{"notice 5: earlier draw 2: is void " + hexOf(idOf("void 2")) + " again, expected only what has changed"}},
		{"back", earlier(line(1, statement.Fixed, idOf("fixed 1"))), []Break{BrokenState}, []string{"notice 5: earlier draw 1: is fixed " + hexOf(idOf("fixed 1")) + ", expected a state after opened " + hexOf(idOf("opened 1"))}},
		{"void after the opening", earlier(line(1, statement.Voided, idOf("void 1"))), []Break{BrokenState}, []string{"notice 5: earlier draw 1: is void " + hexOf(idOf("void 1")) + ", expected a state after opened " + hexOf(idOf("opened 1"))}},
		{"another statement", func(s *statement.Notice) { s.Earlier[0].Last = idOf("forged") }, []Break{BrokenState}, []string{
			"notice 5: earlier draw 3: is opened " + hexOf(idOf("forged")) + ", expected what its statements show, such as opened " + hexOf(idOf("opened 3"))}},
		{"a draw of no notice", earlier(line(9, statement.Fixed, idOf("fixed 9"))), []Break{BrokenState}, []string{"notice 5: earlier draw 9: has no notice, expected only draws that have one"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := *good
			s.Earlier = append([]statement.Earlier(nil), good.Earlier...)
			tt.change(&s)
			var breaks []Break
			var texts []string
			for _, e := range n.history.Check(&s, n.facts...) {
				breaks, texts = append(breaks, e.Break), append(texts, e.Error())
			}
			for i := range tt.want {
				tt.want[i] = "ceremony: " + tt.want[i]
			}
			require.Equal(t, tt.want, texts)
			require.Equal(t, tt.breaks, breaks)
		})
	}
	require.Nil(t, n.history.Check(good, n.facts...), "nothing has changed")

	// A fault does not make all that follows one.
	s := *good
	s.Number = 7
	require.Len(t, n.history.Add(idOf("notice 7"), &s, n.facts...), 1)
	next := n.notice(8)
	require.Equal(t, uint64(8), next.Number)
	require.Nil(t, n.history.Check(next, n.facts...))
	require.Len(t, n.history.Add(idOf("notice 3 again"), &statement.Notice{Series: idOf("series"), Number: 3, Created: n.start.Add(7 * time.Hour), OpenBy: at(10)}, n.facts...), 1)
	require.Nil(t, n.history.Check(next, n.facts...))

	// The first one.
	var empty History
	number, previous := empty.Next()
	require.Equal(t, uint64(1), number)
	require.Zero(t, previous)
	faults := empty.Check(&statement.Notice{Number: 2})
	require.Len(t, faults, 1)
	require.EqualError(t, faults[0], "ceremony: notice 2: number 2, expected 1: it is the first")
	require.Equal(t, &ChainError{2, 0, BrokenNumber, "number 2", "1: it is the first"}, faults[0])
}

// TestHistoryOpenDraw has an open draw that was fixed and never opened: its result
// is public, and nothing is due.
func TestHistoryOpenDraw(t *testing.T) {
	n := &chainOfNotices{t: t, start: time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)}
	s := n.notice(0)
	s.Mode = statement.Open
	n.add(s)
	n.happened(1, statement.Fixed, 1)
	require.Nil(t, n.history.Check(n.notice(100), n.facts...))
}

// TestHistoryOfCeremonies takes the facts from ceremonies.
func TestHistoryOfCeremonies(t *testing.T) {
	var h History
	k := newKit(t)
	k.notice.Tasks = statement.ID{1}
	c := k.sealed()
	require.Nil(t, h.Add(k.noticeID, &k.notice))
	second := newKit(t)
	second.notice.Number, second.notice.Previous = h.Next()
	second.notice.Plan = statement.ID{2}
	second.notice.Earlier = h.Earlier(c.Facts()...)
	require.Equal(t, []statement.Earlier{{Number: 1, State: statement.Fixed, Last: c.SealedID()}}, second.notice.Earlier)
	second.signAll()
	require.Nil(t, h.Add(second.noticeID, &second.notice, c.Facts()...))
	require.NoError(t, c.Open(k.openingNote(c, k.at(20)), k.at(20)))
	lines := h.Earlier(c.Facts()...)
	require.Len(t, lines, 1)
	require.Equal(t, fmt.Sprint(statement.Opened), lines[0].State.String())
}
