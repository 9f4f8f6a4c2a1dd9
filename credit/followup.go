package credit

import (
	"fmt"

	"github.com/doublerandom/doublerandom/registry"
)

// A State is what has become of a record. A record at which something was found begins Open,
// any other Closed.
type State uint8

// The states.
const (
	Open              State = iota + 1 // "open"
	CorrectionOrdered                  // "correction-ordered"
	CaseOpened                         // "case-opened"
	Transferred                        // "transferred": to another department or the police
	Closed                             // "closed": nothing follows any more
)

var states = [...]string{"", "open", "correction-ordered", "case-opened", "transferred", "closed"}

// follows[from][to] says whether a state may follow another. A department that does not take a
// matter on sends it back: it is open again.
var follows = [...][len(states)]bool{
	Open:              {CorrectionOrdered: true, CaseOpened: true, Transferred: true, Closed: true},
	CorrectionOrdered: {CaseOpened: true, Transferred: true, Closed: true},
	CaseOpened:        {CorrectionOrdered: true, Transferred: true, Closed: true},
	Transferred:       {Open: true, Closed: true},
	Closed:            {},
}

// String returns the state's text, such as "open".
func (s State) String() string { return wordOf(states[:], uint8(s), "State") }

// MarshalText returns the text of [State.String].
func (s State) MarshalText() ([]byte, error) { return marshalWord(states[:], uint8(s), "state") }

// UnmarshalText sets s to the state that text spells; if text is malformed, s is unchanged.
func (s *State) UnmarshalText(text []byte) error {
	return unmarshalWord(states[:], (*uint8)(s), text, "state")
}

// MayFollow reports whether a record in state s may come into state next.
func (s State) MayFollow(next State) bool {
	return known(states[:], uint8(s)) && known(states[:], uint8(next)) && follows[s][next]
}

// A Step brings a record into another state.
type Step struct {
	Record     string        `json:"record"`     // ID
	State      State         `json:"state"`      // the next state
	On         registry.Date `json:"on"`         // not before the step before it
	Department string        `json:"department"` // who did it; for Transferred, to whom
	Basis      string        `json:"basis"`      // the decision or its reason
}

// A Publication says on which day the result of a record was published, and where.
type Publication struct {
	Record string        `json:"record"` // ID
	On     registry.Date `json:"on"`     // not before the visit ended
	Where  string        `json:"where"`  // such as an address on the web
}

// An Attachment adds evidence to a record, or to a draw by the ID of its notice.
type Attachment struct {
	Record   string   `json:"record"`   // ID; "" if it is of a draw
	Notice   string   `json:"notice"`   // ID; "" if it is of a record
	Evidence Evidence `json:"evidence"` // what is added
}

func (s *Step) problem() string {
	switch {
	case !known(states[:], uint8(s.State)):
		return "state: is missing"
	case s.On.IsZero():
		return "on: is missing"
	}
	return first(idProblem("record", s.Record), idProblem("department", s.Department), textProblem("basis", s.Basis))
}

func (p *Publication) problem() string {
	if p.On.IsZero() {
		return "on: is missing"
	}
	return first(idProblem("record", p.Record), textProblem("where", p.Where))
}

func (a *Attachment) problem() string {
	if (a.Record == "") == (a.Notice == "") {
		return fmt.Sprintf("attachment: record %q and notice %q, expected one of them", cut(a.Record, 40), cut(a.Notice, 40))
	}
	if what := a.Evidence.problem(); what != "" {
		return "evidence: " + what
	}
	if a.Record != "" {
		return idProblem("record", a.Record)
	}
	return idProblem("notice", a.Notice)
}
