package dossier

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// A Matter is what a measure restricts: a label of 1–64 bytes without spaces and
// control characters. The ones below are frequent; any other may be used, such as
// "permit:food".
type Matter string

// Frequent matters.
const (
	Honour                Matter = "honour"                 // honours and awards (荣誉, 表彰)
	Permit                Matter = "permit"                 // permits, qualifications (行政许可, 资质)
	GovernmentInformation Matter = "government-information" // access to government information and data
	Procurement           Matter = "procurement"            // public procurement and tenders (政府采购, 招标投标)
	Subsidy               Matter = "subsidy"                // public money (财政资金)
	Land                  Matter = "land"                   // supply of land (供地)
	Commitment            Matter = "commitment"             // permits on a written commitment (告知承诺)
	Office                Matter = "office"                 // positions in companies (任职)
)

// A Measure is one joint-punishment measure against the entity of an entry.
//
// It binds from its first day, but not before the entry is public, to its last day.
// It ends sooner if the decision of the entry is withdrawn; if LiftedByRepair, if
// the entry is repaired or removed from its list; and if it has no last day of its
// own, with the entry's last public day.
type Measure struct {
	ID             string        // of the measure: 1–64 bytes without spaces and control characters
	Entry          string        // ID of the entry for which it is taken
	RequestedBy    string        // ID of the department that asked for it
	ExecutedBy     string        // ID of the department whose decisions it binds
	Matter         Matter        // what it restricts
	From           registry.Date // first day, not before the decision of the entry
	To             registry.Date // last day; zero: as long as the entry is public
	LiftedByRepair bool          // whether a repair of the entry, or its removal from the list, ends it
	Basis          string        // legal basis: one line of 1–1000 bytes
	Feedback       []Feedback    // of the executing department, by day, none before From; at most 1,000
}

// A Feedback is what the executing department reports back on a measure.
type Feedback struct {
	Date registry.Date // of the report
	Done bool          // whether the measure is carried out
	Text string        // how, or why not: one line of 1–1000 bytes
}

const (
	maxFeedback    = 1000
	maxMeasureText = 1 << 21 // more than any measure has
)

// problem says what is wrong with the measure by itself, or returns "".
func (m *Measure) problem() string {
	wrong := cmp.Or(
		labelProblem(field{"the ID", m.ID}, field{"the entry", m.Entry}, field{"the requesting department", m.RequestedBy},
			field{"the executing department", m.ExecutedBy}, field{"the matter", string(m.Matter)}),
		textProblem(field{"the basis", m.Basis}))
	switch {
	case wrong != "":
		return wrong
	case dateProblem(m.From) != "":
		return "the first day " + dateProblem(m.From)
	case !m.To.IsZero() && dateProblem(m.To) != "":
		return "the last day " + dateProblem(m.To)
	case !m.To.IsZero() && m.To.Compare(m.From) < 0:
		return fmt.Sprintf("the last day %s is before the first, %s", m.To, m.From)
	case len(m.Feedback) > maxFeedback:
		return fmt.Sprintf("%d reports, expected at most %d", len(m.Feedback), maxFeedback)
	}
	before := m.From
	for _, f := range m.Feedback {
		switch {
		case dateProblem(f.Date) != "":
			return "the date of a report " + dateProblem(f.Date)
		case f.Date.Compare(before) < 0:
			return fmt.Sprintf("the report of %s is before %s", f.Date, before)
		}
		if wrong := textProblem(field{"the text of a report", f.Text}); wrong != "" {
			return wrong
		}
		before = f.Date
	}
	return ""
}

// Done reports whether the last feedback up to a day says that the measure is
// carried out.
func (m Measure) Done(on registry.Date) bool {
	done := false
	for _, f := range m.Feedback {
		if f.Date.Compare(on) > 0 {
			break
		}
		done = f.Done
	}
	return done
}

// span returns the first and last day on which the measure for an entry binds, and
// what ends it; the first is zero if it never does, the last if it is not determined.
func (m *Measure) span(e *Entry) (from, until registry.Date, by Ending) {
	public, _, _ := e.Span()
	if public.IsZero() {
		return registry.Date{}, registry.Date{}, Undetermined
	}
	until, by = m.To, Term
	if m.To.IsZero() {
		until, by = e.until, e.ending
	}
	end := func(on registry.Date, with Ending) {
		if on.IsZero() {
			return
		}
		if last := on.AddDays(-1); until.IsZero() || last.Compare(until) < 0 {
			until, by = last, with
		}
	}
	if m.LiftedByRepair {
		end(e.lifted, e.liftedBy)
	}
	end(e.revoked, Withdrawal)
	if from = later(m.From, public); !until.IsZero() && until.Compare(from) < 0 {
		return registry.Date{}, registry.Date{}, Undetermined
	}
	return from, until, by
}

// MarshalText returns the measure's only text, which [ParseMeasure] reads. It fails
// if a field is missing or malformed.
func (m Measure) MarshalText() ([]byte, error) {
	if wrong := m.problem(); wrong != "" {
		return nil, fmt.Errorf("dossier: measure %s: %s", label.Quote(m.ID), wrong)
	}
	return m.appendText(nil), nil
}

func (m *Measure) appendText(b []byte) []byte {
	not := "not "
	if m.LiftedByRepair {
		not = ""
	}
	b = fmt.Appendf(b, "measure %s for %s requested by %s executed by %s restricts %s from %s to %s %slifted by repair\nbasis %s\n",
		m.ID, m.Entry, m.RequestedBy, m.ExecutedBy, m.Matter, m.From, orOpen(m.To), not, m.Basis)
	for _, f := range m.Feedback {
		done := "not done"
		if f.Done {
			done = "done"
		}
		b = fmt.Appendf(b, "feedback %s %s %s\n", f.Date, done, f.Text)
	}
	return b
}

// ParseMeasure reads the text that [Measure.MarshalText] returns, and no other
// spelling:
//
//	measure  = "measure " id " for " entry " requested by " department " executed by " department
//	           " restricts " matter " from " date " to " ( date | "open" )
//	           ( " lifted by repair" | " not lifted by repair" ) LF
//	           "basis " text LF { feedback }
//	feedback = "feedback " date ( " done " | " not done " ) text LF
//
// such as
//
//	measure M1 for E1 requested by market executed by fire restricts permit from 2026-05-01 to open lifted by repair
//	basis 《…》第三条
//	feedback 2026-05-03 done the application was refused
//
// A text is at most 2 MiB. An error is a [*ParseError], or says which field of the
// measure is out of its range.
func ParseMeasure(text []byte) (Measure, error) {
	if len(text) > maxMeasureText {
		return Measure{}, fmt.Errorf("dossier: measure has %d bytes, expected at most %d", len(text), maxMeasureText)
	}
	in := newLines(text)
	m, err := in.measure()
	if err == nil {
		err = in.ended()
	}
	if err != nil {
		return Measure{}, err
	}
	return m, nil
}

// A copy that the caller cannot change.
func (m *Measure) clone() *Measure {
	c := *m
	c.Feedback = slices.Clone(m.Feedback)
	return &c
}

// reason says for a clerk why the measure binds.
func (b Binding) reason() string {
	d := b.Entry.decision
	var s strings.Builder
	fmt.Fprintf(&s, "measure %s restricts %s of %s from %s ", b.Measure.ID, b.Measure.Matter, d.Entity, b.From)
	switch {
	case b.Until.IsZero():
		s.WriteString("with no end yet")
	default:
		fmt.Fprintf(&s, "to %s (%s)", b.Until, b.Ends)
	}
	fmt.Fprintf(&s, ", requested by %s for %s %s of %s: %s; ", b.Measure.RequestedBy, d.Kind, d.ID, d.Date, b.Measure.Basis)
	switch {
	case !b.Measure.LiftedByRepair:
		s.WriteString("repair does not lift it")
	case b.RepairFrom.IsZero() && b.Entry.rule.UntilRemoved:
		s.WriteString("removal from the list lifts it")
	case b.RepairFrom.IsZero():
		s.WriteString("there is no repair that could lift it")
	default:
		fmt.Fprintf(&s, "repair lifts it and may be applied for from %s", b.RepairFrom)
	}
	return s.String()
}
