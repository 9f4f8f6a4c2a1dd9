package credit

import (
	"fmt"
	"slices"
	"time"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A Trigger is the reason for a visit.
type Trigger uint8

// The triggers. All but Drawn have to be declared before the visit, each with its source.
const (
	Drawn     Trigger = iota + 1 // "drawn": a public draw
	Complaint                    // "complaint"
	Referral                     // "referral": from another department
	Superior                     // "superior": ordered from above
	Campaign                     // "campaign": a special campaign
	Incident                     // "incident": an accident
	Recheck                      // "recheck": whether what was ordered was done
)

var triggers = [...]string{"", "drawn", "complaint", "referral", "superior", "campaign", "incident", "recheck"}

// String returns the trigger's text, such as "drawn".
func (t Trigger) String() string { return wordOf(triggers[:], uint8(t), "Trigger") }

// MarshalText returns the text of [Trigger.String].
func (t Trigger) MarshalText() ([]byte, error) { return marshalWord(triggers[:], uint8(t), "trigger") }

// UnmarshalText sets t to the trigger that text spells; if text is malformed, t is unchanged.
func (t *Trigger) UnmarshalText(text []byte) error {
	return unmarshalWord(triggers[:], (*uint8)(t), text, "trigger")
}

// An Order is a visit that is to be made: by a draw and its roster, or by a declared trigger.
type Order struct {
	ID         string    `json:"id"`         // of the visit
	Trigger    Trigger   `json:"trigger"`    // its reason
	Source     string    `json:"source"`     // the draw's ID; or the file number of what triggered it
	Department string    `json:"department"` // ID of who inspects
	Entity     string    `json:"entity"`     // ID of who is inspected
	Team       []string  `json:"team"`       // the inspectors assigned, 1 to MaxTeam
	Items      []string  `json:"items"`      // what is to be inspected, 1 to MaxItems
	From       time.Time `json:"from"`       // the planned time, whole seconds in UTC
	To         time.Time `json:"to"`         // after From
	Site       Position  `json:"site"`       // the registered position; zero if not known
	Declared   time.Time `json:"declared"`   // when the order was given
}

// A Substitution replaces an inspector of an order before the visit. The old name stays.
type Substitution struct {
	Order  string    `json:"order"`  // ID
	Out    string    `json:"out"`    // who does not go
	In     string    `json:"in"`     // who goes
	Reason string    `json:"reason"` // "" is accepted, and listed by Reconcile
	At     time.Time `json:"at"`     // whole seconds in UTC
}

// A Skip says that an order is not carried out.
type Skip struct {
	Order  string    `json:"order"`  // ID
	Reason string    `json:"reason"` // "" is accepted, and listed by Reconcile
	At     time.Time `json:"at"`     // whole seconds in UTC
}

// The limits of entries.
const (
	MaxTeam     = 20  // inspectors of an order or a record
	MaxItems    = 200 // items of an order or a record
	MaxEvidence = 200 // files of a record
)

func (o *Order) problem() string {
	switch {
	case !known(triggers[:], uint8(o.Trigger)):
		return "trigger: is missing"
	case !o.From.Before(o.To):
		return fmt.Sprintf("time: from %s to %s, expected a later end", stamp(o.From), stamp(o.To))
	case !o.Site.IsZero() && o.Site.problem() != "":
		return "site: " + o.Site.problem()
	}
	return first(
		idProblem("id", o.ID), textProblem("source", o.Source), idProblem("department", o.Department), idProblem("entity", o.Entity),
		listProblem("team", o.Team, MaxTeam), listProblem("items", o.Items, MaxItems),
		instantProblem("from", o.From), instantProblem("to", o.To), instantProblem("declared", o.Declared),
	)
}

func (s *Substitution) problem() string {
	if s.Out == s.In {
		return fmt.Sprintf("in: %s takes their own place", label.Quote(s.In))
	}
	return first(
		idProblem("order", s.Order), idProblem("out", s.Out), idProblem("in", s.In), reasonProblem(s.Reason), instantProblem("at", s.At),
	)
}

func (s *Skip) problem() string {
	return first(idProblem("order", s.Order), reasonProblem(s.Reason), instantProblem("at", s.At))
}

// first returns the first problem there is.
func first(problems ...string) string {
	for _, p := range problems {
		if p != "" {
			return p
		}
	}
	return ""
}

func idProblem(field, id string) string {
	if what := label.Check(id); what != "" {
		return field + ": " + what
	}
	return ""
}

func textProblem(field, text string) string {
	if what := label.CheckText(text); what != "" {
		return field + ": " + what
	}
	return ""
}

func reasonProblem(reason string) string {
	if reason == "" {
		return ""
	}
	return textProblem("reason", reason)
}

func listProblem(field string, ids []string, most int) string {
	if len(ids) < 1 || len(ids) > most {
		return fmt.Sprintf("%s: has %d, expected 1 to %d", field, len(ids), most)
	}
	for i, id := range ids {
		if what := idProblem(field, id); what != "" {
			return what
		}
		if slices.Contains(ids[:i], id) {
			return fmt.Sprintf("%s: has %s twice", field, label.Quote(id))
		}
	}
	return ""
}

// instantProblem returns what is wrong with a time: it must be whole seconds in UTC, in the years 1 to
// 9999, so that it has one text.
func instantProblem(field string, t time.Time) string {
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return field + ": is missing"
	}
	if t.Location() != time.UTC || t.Nanosecond() != 0 {
		return fmt.Sprintf("%s: %s, expected whole seconds in UTC", field, t.Format(time.RFC3339Nano))
	}
	return ""
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
