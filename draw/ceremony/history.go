package ceremony

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
)

// A History is the chain of a series' notices: each names the one before and says
// what has become of earlier draws. Check tells whether a notice goes on with it,
// Add goes on. The zero History is empty. It is not safe for concurrent use.
type History struct {
	series statement.ID
	draws  []told // ascending by number
	last   statement.Notice
	lastID statement.ID
}

// told is what the notices have told of a draw.
type told struct {
	number uint64
	plan   statement.ID
	openBy time.Time
	mode   statement.Mode
	state  statement.State
	last   statement.ID // the statement that says so
}

// A Fact is something that happened to a draw and changed its state; see
// [Ceremony.Facts].
type Fact struct {
	Number    uint64          // number of the draw in the series
	State     statement.State // its state from then on
	Statement statement.ID    // the notice, sealed result, opening or void that says so
	At        time.Time       // the time that the statement bears; zero for a sealed result, which bears none
}

// A Break is a fault in the chain of notices.
type Break int

// The faults.
const (
	BrokenSeries   Break = iota + 1 // another series
	BrokenNumber                    // a gap, or a second notice of a number
	BrokenLink                      // not linked to the notice before: a fork
	BrokenTime                      // older than the notice before
	BrokenState                     // an earlier draw's state that cannot follow, or that no statement shows
	BrokenSilence                   // a change of an earlier draw's state before the notice that it does not tell
	BrokenDeadline                  // an earlier draw past its open-by that is neither opened nor void; a fixed one only if it is sealed
	BrokenRedraw                    // the plan of an earlier draw again, though that is not void
)

// String returns the fault in words, such as "redraw".
func (b Break) String() string {
	words := []string{"", "series", "number", "link", "time", "state", "silence", "deadline", "redraw"}
	if b <= 0 || int(b) >= len(words) {
		return fmt.Sprintf("break(%d)", int(b))
	}
	return words[b]
}

// A ChainError says where the chain of notices is broken.
type ChainError struct {
	Notice uint64 // number of the notice
	Draw   uint64 // the earlier draw that it is about; 0 if none
	Break  Break  // what kind of fault
	Have   string // what is wrong
	Want   string // what was expected
}

// Error returns one line such as
//
//	ceremony: notice 3: earlier draw 1: is fixed, expected opened or void since 2026-11-24T03:00:00Z
func (e *ChainError) Error() string {
	text := fmt.Sprintf("ceremony: notice %d: ", e.Notice)
	if e.Draw > 0 {
		text += fmt.Sprintf("earlier draw %d: ", e.Draw)
	}
	return text + e.Have + ", expected " + e.Want
}

// Add takes a notice as the next one and returns what [History.Check] says. A
// faulty notice is taken, too, so that one fault does not make all that follows
// one; but for one whose number is not above the last.
func (h *History) Add(id statement.ID, n *statement.Notice, facts ...Fact) []*ChainError {
	faults := h.Check(n, facts...)
	if n.Number <= h.last.Number {
		return faults
	}
	if len(h.draws) == 0 {
		h.series = n.Series
	}
	h.draws = h.tell(n)
	h.draws = append(h.draws, told{n.Number, n.Plan, n.OpenBy, n.Mode, statement.Announced, id})
	h.last, h.lastID = *n, id
	return faults
}

// Check returns the faults of a notice as the next one of the series, nil if
// there are none; it takes it for well-formed and does not add it. Facts are what
// the caller knows of earlier draws: those of one draw in order. What a notice
// tells is compared with them for the draws that they are about, and a fact with a
// time before the notice's must be told. Without facts the notices are compared
// with each other only.
func (h *History) Check(n *statement.Notice, facts ...Fact) []*ChainError {
	var faults []*ChainError
	fail := func(draw uint64, b Break, have, want string) {
		faults = append(faults, &ChainError{n.Number, draw, b, have, want})
	}
	if len(h.draws) == 0 {
		if n.Number != 1 {
			fail(0, BrokenNumber, "number "+fmt.Sprint(n.Number), "1: it is the first")
		}
	} else {
		if n.Series != h.series {
			fail(0, BrokenSeries, "series "+hexOf(n.Series), hexOf(h.series))
		}
		if want := h.last.Number + 1; n.Number != want {
			fail(0, BrokenNumber, fmt.Sprintf("number %d", n.Number), fmt.Sprint(want))
		} else if n.Previous != h.lastID {
			fail(0, BrokenLink, "previous notice "+hexOf(n.Previous), hexOf(h.lastID))
		}
		if n.Created.Before(h.last.Created) {
			fail(0, BrokenTime, "created "+instant(n.Created), "not before the notice before it, "+instant(h.last.Created))
		}
	}
	known := factsOf(facts)
	h.checkLines(n, known, fail)
	for _, d := range h.tell(n) {
		due := d.state == statement.Announced || d.state == statement.Fixed && d.mode == statement.Sealed
		if due && d.openBy.Before(n.Created) {
			fail(d.number, BrokenDeadline, "is "+d.state.String(), "opened or void since "+instant(d.openBy))
		}
		if d.plan == n.Plan && d.state != statement.Voided {
			fail(d.number, BrokenRedraw, "is "+d.state.String()+" and has the same plan", "void before it is drawn again")
		}
		for _, f := range slices.Backward(known[d.number]) {
			if !f.At.IsZero() && f.At.Before(n.Created) && f.State > d.state {
				fail(d.number, BrokenSilence, "is told as "+d.state.String(), f.State.String()+" since "+instant(f.At)+" by "+hexOf(f.Statement))
				break
			}
		}
	}
	return faults
}

// checkLines checks the lines about earlier draws.
func (h *History) checkLines(n *statement.Notice, facts map[uint64][]Fact, fail func(uint64, Break, string, string)) {
	for _, e := range n.Earlier {
		i, ok := h.find(e.Number)
		if !ok {
			fail(e.Number, BrokenState, "has no notice", "only draws that have one")
			continue
		}
		d := h.draws[i]
		says := e.State.String() + " " + hexOf(e.Last)
		before := d.state.String() + " " + hexOf(d.last)
		switch {
		case e.State == d.state && e.Last == d.last:
			fail(e.Number, BrokenState, "is "+says+" again", "only what has changed")
			continue
		case e.State <= d.state || d.state == statement.Opened:
			fail(e.Number, BrokenState, "is "+says, "a state after "+before)
			continue
		}
		if list := facts[e.Number]; list != nil && !slices.ContainsFunc(list, func(f Fact) bool { return f.State == e.State && f.Statement == e.Last }) {
			last := list[len(list)-1]
			fail(e.Number, BrokenState, "is "+says, "what its statements show, such as "+last.State.String()+" "+hexOf(last.Statement))
		}
	}
}

// Earlier returns the lines about earlier draws that the next notice must have
// for facts that it knows: the last state of each draw, if that was not told yet.
func (h *History) Earlier(facts ...Fact) []statement.Earlier {
	var lines []statement.Earlier
	known := factsOf(facts)
	for _, d := range h.draws {
		list := known[d.number]
		if len(list) == 0 {
			continue
		}
		if f := list[len(list)-1]; f.State > d.state {
			lines = append(lines, statement.Earlier{Number: d.number, State: f.State, Last: f.Statement})
		}
	}
	return lines
}

// Next returns the number and the previous notice's ID of the next notice.
func (h *History) Next() (number uint64, previous statement.ID) { return h.last.Number + 1, h.lastID }

// tell returns the draws as they stand after a notice has told of them.
func (h *History) tell(n *statement.Notice) []told {
	draws := h.draws
	if len(n.Earlier) > 0 {
		draws = slices.Clone(draws)
	}
	for _, e := range n.Earlier {
		if i, ok := h.find(e.Number); ok && e.State > draws[i].state && draws[i].state != statement.Opened {
			draws[i].state, draws[i].last = e.State, e.Last
		}
	}
	return draws
}

// find returns the place of a draw.
func (h *History) find(number uint64) (int, bool) {
	return slices.BinarySearchFunc(h.draws, number, func(d told, number uint64) int { return cmp.Compare(d.number, number) })
}

// factsOf returns the facts of each draw.
func factsOf(facts []Fact) map[uint64][]Fact {
	of := map[uint64][]Fact{}
	for _, f := range facts {
		of[f.Number] = append(of[f.Number], f)
	}
	return of
}
