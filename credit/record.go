// Package credit keeps what inspections found, from the visit to its publication, so that they
// can feed the next draw.
//
// An [Archive] takes entries, one after the other, and each entry has one text, a line of JSON:
//
//	Order         a visit that a draw or a declared trigger calls for
//	Substitution  another inspector in a team, before the visit
//	Skip          an order that is not carried out
//	Record        the visit: who came, when and where, results, penalties, evidence
//	Step          what became of it: corrected, a case, another department, closed
//	Publication   the day on which the result was published
//	Attachment    more evidence, of a record or of a draw
//
// An entry is refused if it cannot be: an unknown order, a step that the state does not allow. What
// was done against the rules is entered, with its faults: one inspector instead of two, a
// sign-in far away or late, a publication after its deadline. [Archive.Reconcile] compares with
// the published draws: visits that nothing explains, drawn entities that nobody visited.
//
// The folders below build on it: journal chains the texts so that nobody can change them; model
// turns results into classes and weights for the next frame; dossier is the public credit file;
// evaluate judges inspectors; target proposes where to look next. Whole numbers decide; floats are in
// evaluate and target only.
package credit

import (
	"fmt"
	"slices"
	"time"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// A Record says what an inspection was and found.
type Record struct {
	ID         string       `json:"id"`         // 1–64 bytes without spaces, as all IDs here
	Order      string       `json:"order"`      // the order that it carries out; "" if there was none
	Department string       `json:"department"` // ID of who inspected
	Entity     string       `json:"entity"`     // ID of who was inspected
	Team       []string     `json:"team"`       // the inspectors who came, 1 to MaxTeam
	From       time.Time    `json:"from"`       // the actual time, whole seconds in UTC
	To         time.Time    `json:"to"`         // after From
	SignIns    []SignIn     `json:"sign_ins"`   // at most one for each inspector
	Items      []ItemResult `json:"items"`      // what was inspected, 1 to MaxItems, each once
	Severity   Points       `json:"severity"`   // of all that was found, by the regulator's own table
	Penalties  []Penalty    `json:"penalties"`  // at most MaxItems
	Evidence   []Evidence   `json:"evidence"`   // at most MaxEvidence
}

// A SignIn is an inspector's sign-in on arrival.
type SignIn struct {
	Inspector string    `json:"inspector"` // ID, of the team
	At        time.Time `json:"at"`        // whole seconds in UTC
	Where     Position  `json:"where"`     // zero if not known
}

// An ItemResult is what the inspection of one item ended with.
type ItemResult struct {
	Item    string  `json:"item"`    // ID in the item list
	Results Results `json:"results"` // at least one
}

// Points are severity points, 0 to MaxPoints.
type Points uint32

// MaxPoints is the greatest number of severity points of a record.
const MaxPoints Points = 1_000_000

// A PointsError reports severity points that are not a whole number from 0 to MaxPoints.
type PointsError struct {
	Text string // as they were spelled
}

// Error returns the error as one line, such as
//
//	credit: -3 points, expected a whole number from 0 to 1000000
func (e *PointsError) Error() string {
	return fmt.Sprintf("credit: %s points, expected a whole number from 0 to %d", e.Text, MaxPoints)
}

// UnmarshalJSON reads a whole number; the error is a *[PointsError].
func (p *Points) UnmarshalJSON(text []byte) error {
	n := Points(0)
	for _, c := range text {
		if c < '0' || c > '9' || n > MaxPoints/10 {
			return &PointsError{cut(string(text), 40)}
		}
		n = n*10 + Points(c-'0')
	}
	if n > MaxPoints || len(text) == 0 {
		return &PointsError{cut(string(text), 40)}
	}
	*p = n
	return nil
}

// cut returns at most so many bytes of s.
func cut(s string, most int) string {
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}

// A PenaltyKind is a kind of penalty: the kinds of article 9 of the Administrative Penalty Law of
// 2021.
type PenaltyKind uint8

// The kinds of penalties.
const (
	Warning      PenaltyKind = iota + 1 // "warning": warning, or criticism in public
	Fine                                // "fine"
	Confiscation                        // "confiscation": of illegal gains or property
	Suspension                          // "suspension": of a licence; a lower class of qualification
	Revocation                          // "revocation": of a licence
	Restriction                         // "restriction": of activity, an order to stop or to close
	OtherPenalty                        // "other"
)

var penaltyKinds = [...]string{"", "warning", "fine", "confiscation", "suspension", "revocation", "restriction", "other"}

// String returns the kind's text, such as "fine".
func (k PenaltyKind) String() string { return wordOf(penaltyKinds[:], uint8(k), "PenaltyKind") }

// MarshalText returns the text of [PenaltyKind.String].
func (k PenaltyKind) MarshalText() ([]byte, error) {
	return marshalWord(penaltyKinds[:], uint8(k), "kind of penalty")
}

// UnmarshalText sets k to the kind that text spells; if text is malformed, k is unchanged.
func (k *PenaltyKind) UnmarshalText(text []byte) error {
	return unmarshalWord(penaltyKinds[:], (*uint8)(k), text, "kind of penalty")
}

// A Penalty was imposed for what an inspection found.
type Penalty struct {
	Kind     PenaltyKind   `json:"kind"`     // what it is
	Amount   uint64        `json:"amount"`   // of a fine or confiscation, in fen (1/100 yuan); otherwise 0
	Decision string        `json:"decision"` // number of the decision
	Basis    string        `json:"basis"`    // the law
	On       registry.Date `json:"on"`       // day of the decision
}

// Outcome returns Found if something was found at one of the items, Clean if nothing was, and
// NotInspected if none of them could be inspected.
func (r *Record) Outcome() Outcome {
	outcome := NotInspected
	for _, item := range r.Items {
		outcome = max(outcome, item.Results.Outcome())
	}
	return outcome
}

func (r *Record) problem() string {
	if r.Order != "" {
		if what := idProblem("order", r.Order); what != "" {
			return what
		}
	}
	if !r.From.Before(r.To) {
		return fmt.Sprintf("time: from %s to %s, expected a later end", stamp(r.From), stamp(r.To))
	}
	if r.Severity > MaxPoints {
		return fmt.Sprintf("severity: %d points, expected at most %d", r.Severity, MaxPoints)
	}
	return first(
		idProblem("id", r.ID), idProblem("department", r.Department), idProblem("entity", r.Entity), listProblem("team", r.Team, MaxTeam),
		instantProblem("from", r.From), instantProblem("to", r.To),
		r.signInProblem(), r.itemProblem(), r.penaltyProblem(), evidenceProblem(r.Evidence),
	)
}

func (r *Record) signInProblem() string {
	for i := range r.SignIns {
		s := &r.SignIns[i]
		switch {
		case !slices.Contains(r.Team, s.Inspector):
			return fmt.Sprintf("sign_ins: %s is not of the team", label.Quote(s.Inspector))
		case slices.ContainsFunc(r.SignIns[:i], func(t SignIn) bool { return t.Inspector == s.Inspector }):
			return fmt.Sprintf("sign_ins: has %s twice", label.Quote(s.Inspector))
		case !s.Where.IsZero() && s.Where.problem() != "":
			return "sign_ins: where: " + s.Where.problem()
		}
		if what := instantProblem("sign_ins: at", s.At); what != "" {
			return what
		}
	}
	return ""
}

func (r *Record) itemProblem() string {
	ids := make([]string, len(r.Items))
	for i, item := range r.Items {
		ids[i] = item.Item
		if item.Results.set == 0 {
			return fmt.Sprintf("items: %s has no result", label.Quote(item.Item))
		}
	}
	return listProblem("items", ids, MaxItems)
}

func (r *Record) penaltyProblem() string {
	if len(r.Penalties) > MaxItems {
		return fmt.Sprintf("penalties: has %d, expected at most %d", len(r.Penalties), MaxItems)
	}
	for i, p := range r.Penalties {
		money := p.Kind == Fine || p.Kind == Confiscation
		switch {
		case !known(penaltyKinds[:], uint8(p.Kind)):
			return fmt.Sprintf("penalty %d: kind is missing", i+1)
		case p.Amount > 0 && !money:
			return fmt.Sprintf("penalty %d: a %s has no amount", i+1, p.Kind)
		case p.Amount == 0 && p.Kind == Fine:
			return fmt.Sprintf("penalty %d: a fine has an amount", i+1)
		case p.Amount > 1<<53:
			return fmt.Sprintf("penalty %d: amount %d, expected at most 2^53", i+1, p.Amount)
		case p.On.IsZero():
			return fmt.Sprintf("penalty %d: day of the decision is missing", i+1)
		}
		if what := first(textProblem("decision", p.Decision), textProblem("basis", p.Basis)); what != "" {
			return fmt.Sprintf("penalty %d: %s", i+1, what)
		}
	}
	return ""
}

func evidenceProblem(list []Evidence) string {
	if len(list) > MaxEvidence {
		return fmt.Sprintf("evidence: has %d, expected at most %d", len(list), MaxEvidence)
	}
	for i := range list {
		if what := list[i].problem(); what != "" {
			return fmt.Sprintf("evidence %d: %s", i+1, what)
		}
	}
	return ""
}
