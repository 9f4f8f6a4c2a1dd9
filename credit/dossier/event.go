package dossier

import (
	"cmp"
	"fmt"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// An Action is what happens to an entry. The zero Action is none.
type Action uint8

// The actions, and their texts.
const (
	Notified          Action = iota + 1 // "notified": the entity is told what is to be published, and may object
	Objected                            // "objected": the entity objects; nothing is published until that is decided
	ObjectionUpheld                     // "upheld": the objection is right, the entry is never published
	ObjectionRejected                   // "rejected": the objection is not right
	Published                           // "published"
	Corrected                           // "corrected": the summary was wrong and is what the event's text says
	RepairApplied                       // "repair-applied"
	RepairRefused                       // "repair-refused": the entity may apply again
	RepairGranted                       // "repair-granted": no longer public
	Transferred                         // "transferred": to a newer norm, category and period, if that is sooner over
	Removed                             // "removed": from a list that is public until removal
	Withdrawn                           // "withdrawn": the decision was wrong and is revoked
)

var actionNames = [...]string{"", "notified", "objected", "upheld", "rejected", "published", "corrected",
	"repair-applied", "repair-refused", "repair-granted", "transferred", "removed", "withdrawn"}

// String returns the text of a, "" for the zero Action.
func (a Action) String() string { return nameOf(actionNames[:], uint8(a), "Action") }

// An Event is one event in the life of an entry.
type Event struct {
	Action   Action        // what happens
	Date     registry.Date // the day from which it holds, not before that of the event before it
	Text     string        // why, or the new summary of a correction, which must have one; else may be ""
	Norm     string        // of the newer rule, for Transferred only
	Category string        // of the newer rule, for Transferred only
	Months   int           // of publication under the newer rule, for Transferred only; 0 if it is public until removed
}

// problem says what is wrong with the event by itself, or returns "".
func (e Event) problem() string {
	switch {
	case e.Action < Notified || e.Action > Withdrawn:
		return "the action is not known"
	case dateProblem(e.Date) != "":
		return "the date " + dateProblem(e.Date)
	case e.Action == Transferred:
		if e.Months < 0 || e.Months > maxMonths {
			return fmt.Sprintf("%d months, expected 0 to %d", e.Months, maxMonths)
		}
		if wrong := labelProblem(field{"the norm", e.Norm}, field{"the category", e.Category}); wrong != "" {
			return wrong
		}
	case e.Norm != "" || e.Category != "" || e.Months != 0:
		return "only a transfer has a norm, a category and months"
	case e.Action == Corrected && e.Text == "":
		return "a correction needs the new summary"
	}
	if e.Text != "" {
		return textProblem(field{"the text", e.Text})
	}
	return ""
}

// String returns the event's line in the text of its entry.
func (e Event) String() string { return string(e.appendText(nil)) }

func (e Event) appendText(b []byte) []byte {
	b = fmt.Appendf(b, "%s %s", e.Action, e.Date)
	if e.Action == Transferred {
		b = fmt.Appendf(b, " to %s %s for %d months", e.Norm, e.Category, e.Months)
	}
	if e.Text != "" {
		b = append(append(b, ' '), e.Text...)
	}
	return b
}

// event reads the line of an event.
func (w *words) event() (e Event) {
	before := *w
	action, ok := named(actionNames[:], w.Next())
	if !ok {
		before.Fail("an event, or the next entry or measure")
		*w = before
		return e
	}
	e.Action, e.Date = Action(action), w.date()
	if e.Action == Transferred {
		w.Expect("to ")
		e.Norm, e.Category = w.Next(), w.Next()
		w.Expect("for ")
		e.Months = w.number()
		w.Expect("months")
		if w.Rest != "" {
			w.Expect(" ")
		}
	}
	e.Text = w.Rest
	return e
}

// A State is where an entry is in its life. The zero State is none. That a period
// has passed is no state but a matter of the day, see [Entry.Public].
type State uint8

// The states, and their texts.
const (
	Decided       State = iota + 1 // "decided": nothing has happened since the decision
	NoticeGiven                    // "notice given": the entity may object until [Entry.NoticeUntil]
	Contested                      // "contested": an objection is open
	Cleared                        // "cleared": an objection was rejected
	Dropped                        // "dropped": an objection was upheld; final
	InPublic                       // "in public": published
	RepairPending                  // "repair pending": published, and repair is applied for
	Repaired                       // "repaired": no longer public; only a withdrawal can follow
	OffList                        // "off list": removed; only a withdrawal can follow
	Revoked                        // "revoked": the decision was withdrawn; final
)

var stateNames = [...]string{"", "decided", "notice given", "contested", "cleared", "dropped", "in public",
	"repair pending", "repaired", "off list", "revoked"}

// String returns the text of s, "" for the zero State.
func (s State) String() string { return nameOf(stateNames[:], uint8(s), "State") }

// after returns the state that an action leads to, and whether the action may be
// in this state at all.
func (s State) after(a Action) (State, bool) {
	switch a {
	case Notified:
		return NoticeGiven, s == Decided
	case Objected:
		return Contested, s == NoticeGiven
	case ObjectionUpheld:
		return Dropped, s == Contested
	case ObjectionRejected:
		return Cleared, s == Contested
	case Published:
		return InPublic, s == Decided || s == NoticeGiven || s == Cleared
	case Corrected, Transferred:
		return s, s == InPublic || s == RepairPending
	case RepairApplied:
		return RepairPending, s == InPublic
	case RepairRefused:
		return InPublic, s == RepairPending
	case RepairGranted:
		return Repaired, s == RepairPending
	case Removed:
		return OffList, s == InPublic || s == RepairPending
	case Withdrawn:
		return Revoked, s != Dropped && s != Revoked
	}
	return s, false
}

// may reports whether an action is possible in the state.
func (s State) may(a Action) bool {
	_, ok := s.after(a)
	return ok
}

// A StateError refuses an event that an entry cannot have.
type StateError struct {
	Entry  string        // its ID
	State  State         // before the event
	Action Action        // what was to happen
	Date   registry.Date // and when
	Why    string        // why not; "" if the action is not possible in the state
}

// Error returns the error as one line, such as
//
//	dossier: entry "E1": notice given, published on 2026-04-03: the notice runs to 2026-04-06
func (e *StateError) Error() string {
	return fmt.Sprintf("dossier: entry %s: %s, %s on %s: %s", label.Quote(e.Entry), e.State, e.Action, e.Date,
		cmp.Or(e.Why, "not possible in this state"))
}
