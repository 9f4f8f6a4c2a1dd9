package ceremony

import (
	"fmt"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
)

// A Fact is something that happened to a draw of a series.
type Fact struct {
	Number    uint64          // number of the draw
	State     statement.State // its state since then
	Statement statement.ID    // the statement that says so
	At        time.Time       // the time that the statement bears; zero for a sealed result, which bears none
	Duty      bool            // of a void: the sealing secret must still be opened
}

// A History is what happened to the draws of one series, as far as it is known.
// It checks that each notice continues the series. The zero History knows of no
// draw. It is not safe for concurrent use.
type History struct {
	notices []statement.ID // by number, from 1
	told    []statement.Earlier
	latest  []statement.Earlier // by number, from 1
	last    statement.Notice
}

// Check returns nil if a notice is the series' next one: it has the next number,
// names its predecessor, and its "earlier" lines say just what became of the
// earlier draws since the notice before. Otherwise its error is an *[Error].
func (h *History) Check(notice *statement.Notice) error {
	const step = "announce"
	n := uint64(len(h.notices))
	previous := statement.ID{}
	if n > 0 {
		previous = h.notices[n-1]
	}
	switch {
	case notice.Number != n+1:
		return mismatch(step, fmt.Sprintf("notice has number %d", notice.Number), fmt.Sprint(n+1))
	case notice.Previous != previous:
		return otherDraw(step, "previous notice", notice.Previous, previous)
	case n > 0 && notice.Series != h.last.Series:
		return otherDraw(step, "series", notice.Series, h.last.Series)
	case n > 0 && notice.Created.Before(h.last.Created):
		return mismatch(step, "notice was created "+instant(notice.Created), "not before the previous one, "+instant(h.last.Created))
	}
	want := h.Earlier()
	for i := range max(len(want), len(notice.Earlier)) {
		switch {
		case i == len(notice.Earlier):
			return mismatch(step, fmt.Sprintf("notice leaves out earlier draw %d", want[i].Number), earlierText(want[i]))
		case i == len(want):
			return mismatch(step, "notice says "+earlierText(notice.Earlier[i]), "nothing, since nothing changed")
		case notice.Earlier[i] != want[i]:
			return mismatch(step, "notice says "+earlierText(notice.Earlier[i]), earlierText(want[i]))
		}
	}
	return nil
}

// Earlier returns the lines that the next notice must have: the earlier draws
// whose state changed since the last notice.
func (h *History) Earlier() []statement.Earlier {
	var changed []statement.Earlier
	for i, e := range h.latest {
		if e != h.told[i] {
			changed = append(changed, e)
		}
	}
	return changed
}

// Previous returns the ID of the last notice; zero if there is none.
func (h *History) Previous() statement.ID {
	if len(h.notices) == 0 {
		return statement.ID{}
	}
	return h.notices[len(h.notices)-1]
}

// Add records a notice that Check has accepted, with its ID.
func (h *History) Add(notice *statement.Notice, id statement.ID) error {
	if err := h.Check(notice); err != nil {
		return err
	}
	copy(h.told, h.latest)
	h.notices = append(h.notices, id)
	first := statement.Earlier{Number: notice.Number, State: statement.Announced, Last: id}
	h.told, h.latest = append(h.told, first), append(h.latest, first)
	h.last = *notice
	return nil
}

// Note records a fact about a draw whose notice was added, such as one of
// [Ceremony.Facts]. The state of a draw never goes back.
func (h *History) Note(f Fact) error {
	if f.Number < 1 || f.Number > uint64(len(h.latest)) {
		return mismatch("announce", fmt.Sprintf("fact about draw %d", f.Number), fmt.Sprintf("1 to %d", len(h.latest)))
	}
	now := &h.latest[f.Number-1]
	if f.State < now.State {
		return mismatch("announce", fmt.Sprintf("draw %d becomes %s", f.Number, f.State), fmt.Sprintf("not after %s", now.State))
	}
	if f.State == statement.Announced && f.Statement == now.Last {
		return nil
	}
	now.State, now.Last = f.State, f.Statement
	return nil
}

func earlierText(e statement.Earlier) string {
	return fmt.Sprintf("earlier %d %s %s", e.Number, e.State, hexOf(e.Last))
}
