package dossier

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func measure(id, entry string) Measure {
	return Measure{ID: id, Entry: entry, RequestedBy: "market", ExecutedBy: "fire", Matter: Permit, From: day("2026-05-01"),
		LiftedByRepair: true, Basis: "law, article 3"}
}

// pair is a file of a repaired penalty, an entry on a list, and measures for both.
func pair(t *testing.T) *File {
	rules := ChineseRules()
	repaired := enter(t, rules, decision("P1", Penalty, "NDRC-36", "general", "2026-04-01", 12), on("2026-04-01", Notified),
		on("2026-04-07", Published), on("2026-07-01", RepairApplied), on("2026-07-20", RepairGranted))
	listed := enter(t, rules, decision("L1", AbnormalOperation, "SAIC-68", "listed", "2026-04-01", 0), on("2026-04-01", Notified), on("2026-05-07", Published))
	stays := measure("M2", "P1")
	stays.LiftedByRepair, stays.To, stays.Matter = false, day("2026-12-31"), Honour
	stays.Feedback = []Feedback{{day("2026-05-02"), false, "no such application"}, {day("2026-06-02"), true, "refused"}}
	f, err := NewFile([]*Entry{repaired, listed}, []Measure{measure("M1", "P1"), stays, measure("M3", "L1")})
	require.NoError(t, err)
	return f
}

func TestReasons(t *testing.T) {
	f := pair(t)
	var got []string
	for _, p := range f.Public("acme", day("2026-05-07")) {
		got = append(got, p.Reason)
	}
	for _, b := range f.Binding("fire", "acme", "", day("2026-05-07")) {
		got = append(got, b.Reason)
	}
	require.Equal(t, []string{
		"abnormal-operation L1 of 2026-04-01 by market, document document of L1, is public under SAIC-68 listed from 2026-05-07 until it is removed",
		"penalty P1 of 2026-04-01 by market, document document of P1, is public under NDRC-36 general from 2026-04-07 to 2026-07-19 (repair)",
		"measure M1 restricts permit of acme from 2026-05-01 to 2026-07-19 (repair), requested by market for penalty P1 of 2026-04-01: law, article 3; repair lifts it and may be applied for from 2026-07-01",
		"measure M2 restricts honour of acme from 2026-05-01 to 2026-12-31 (term), requested by market for penalty P1 of 2026-04-01: law, article 3; repair does not lift it",
		"measure M3 restricts permit of acme from 2026-05-07 with no end yet, requested by market for abnormal-operation L1 of 2026-04-01: law, article 3; removal from the list lifts it",
	}, got)
	bound := f.Binding("fire", "acme", "", day("2026-05-07"))
	require.Equal(t, day("2026-07-01"), bound[0].RepairFrom)
	require.Zero(t, bound[1].RepairFrom, "repair does not lift it")
	require.Empty(t, f.Binding("tax", "acme", "", day("2026-05-07")))
	require.Empty(t, f.Binding("fire", "other", Permit, day("2026-05-07")))
	require.Empty(t, f.Public("", day("2026-05-07")))

	got = nil
	for _, c := range f.Changes(day("2026-04-01"), 1000) {
		got = append(got, c.String())
	}
	require.Equal(t, []string{
		"2026-04-07 notice over: abnormal-operation L1 of acme",
		"2026-04-07 notice over: penalty P1 of acme",
		"2026-04-07 appears: penalty P1 of acme",
		"2026-05-01 measure begins: measure M1 for penalty P1 of acme",
		"2026-05-01 measure begins: measure M2 for penalty P1 of acme",
		"2026-05-07 appears: abnormal-operation L1 of acme",
		"2026-05-07 measure begins: measure M3 for abnormal-operation L1 of acme",
		"2026-07-01 repairable: penalty P1 of acme",
		"2026-07-20 measure ends: measure M1 for penalty P1 of acme (repair)",
		"2026-07-20 disappears: penalty P1 of acme (repair)",
		"2027-01-01 measure ends: measure M2 for penalty P1 of acme (term)",
	}, got)
	require.Empty(t, f.Changes(day("2026-04-01"), 0))
	require.Empty(t, f.Changes(day("2026-04-06").AddDays(1), -5))
}

// TestLifting ends measures with a last day of their own.
func TestLifting(t *testing.T) {
	rules := rulesOf(t, table)
	d := decision("E", AbnormalOperation, "NEW", "listed", "2026-03-01", 0)
	public := on("2026-03-01", Published)
	span := func(lifted bool, events ...Event) string {
		m := measure("M", "E")
		m.To, m.LiftedByRepair = day("2026-12-31"), lifted
		f, err := NewFile([]*Entry{enter(t, rules, d, events...)}, []Measure{m})
		require.NoError(t, err)
		var s string
		for _, c := range f.Changes(day("2026-01-01"), 1000) {
			if c.Measure != "" {
				s += c.Date.String() + " " + c.Ends.String() + ", "
			}
		}
		return s
	}
	const begins = "2026-05-01 undetermined, "
	require.Equal(t, begins+"2027-01-01 term, ", span(true, public))
	require.Equal(t, begins+"2026-06-02 repair, ", span(true, public, on("2026-05-01", RepairApplied), on("2026-06-02", RepairGranted)))
	require.Equal(t, begins+"2027-01-01 term, ", span(false, public, on("2026-05-01", RepairApplied), on("2026-06-02", RepairGranted)))
	require.Equal(t, begins+"2026-06-03 removal, ", span(true, public, on("2026-06-03", Removed)))
	require.Equal(t, begins+"2027-01-01 term, ", span(false, public, on("2026-06-03", Removed)))
	require.Equal(t, begins+"2026-06-04 withdrawal, ", span(false, public, on("2026-06-03", Removed), on("2026-06-04", Withdrawn)))
	require.Equal(t, begins+"2026-06-03 removal, ", span(true, public, on("2026-06-03", Removed), on("2026-06-04", Withdrawn)))
	require.Equal(t, "", span(true, public, on("2026-05-01", Removed)))
	require.Equal(t, "", span(false, on("2026-05-01", Withdrawn)))
	require.Equal(t, "2026-06-01 undetermined, 2027-01-01 term, ", span(false, on("2026-06-01", Published)))
	require.Equal(t, "", span(false))
}

// TestLapsed lets entries go unpublished.
func TestLapsed(t *testing.T) {
	rules := rulesOf(t, table)
	turns := func(d Decision, events ...Event) (list []string) {
		f, err := NewFile([]*Entry{enter(t, rules, d, events...)}, nil)
		require.NoError(t, err)
		for _, c := range f.ChangesOf("acme", day("2025-01-01"), 1000) {
			list = append(list, c.Date.String()+" "+c.Turn.String())
		}
		return list
	}
	firm := decision("E", Penalty, "OLD", "firm", "2025-03-03", 3)
	require.Equal(t, []string{"2025-03-09 notice over", "2025-06-03 lapsed"}, turns(firm, on("2025-03-03", Notified)))
	require.Equal(t, []string{"2025-06-02 notice over", "2025-06-03 lapsed"}, turns(firm, on("2025-05-27", Notified)))
	require.Equal(t, []string{"2025-06-07 notice over"}, turns(firm, on("2025-06-01", Notified)), "it never could be")
	require.Equal(t, []string{"2025-03-09 notice over"}, turns(firm, on("2025-03-03", Notified), on("2025-06-02", Withdrawn)))
	require.Equal(t, []string{"2025-03-09 notice over", "2025-06-03 lapsed"}, turns(firm, on("2025-03-03", Notified), on("2025-06-03", Withdrawn)))
	require.Empty(t, turns(firm))
	minor := decision("E", Penalty, "NEW", "minor", "2026-04-01", 0)
	require.Equal(t, []string{"2026-04-05 notice over"}, turns(minor, on("2026-04-01", Notified)))
	after := decision("E", Penalty, "NEW", "after", "2026-04-01", 12)
	require.Equal(t, []string{"2026-04-12 lapsed"}, turns(after))
}

func TestOutstanding(t *testing.T) {
	f := pair(t)
	ids := func(department, date string) (list []string) {
		for b := range f.Outstanding(department, day(date)) {
			list = append(list, b.Measure.ID)
		}
		return list
	}
	require.Equal(t, []string{"M1", "M2"}, ids("fire", "2026-05-01"))
	require.Equal(t, []string{"M1", "M2", "M3"}, ids("", "2026-06-01"))
	require.Equal(t, []string{"M1", "M3"}, ids("fire", "2026-06-02"))
	require.Equal(t, []string{"M3"}, ids("fire", "2027-06-02"))
	require.Empty(t, ids("tax", "2026-05-01"))
	for b := range f.Outstanding("fire", day("2026-05-01")) { // may be left
		require.Equal(t, "M1", b.Measure.ID)
		break
	}
}

func TestNewFileRefuses(t *testing.T) {
	rules := ChineseRules()
	e := func(id string) *Entry {
		return enter(t, rules, decision(id, Penalty, "NDRC-36", "general", "2026-04-01", 12))
	}
	same := decision("B", Penalty, "NDRC-36", "general", "2026-05-01", 12)
	same.Document = "document of A"
	edit := func(f func(m *Measure)) []Measure {
		m := measure("M", "A")
		f(&m)
		return []Measure{m}
	}
	for want, c := range map[string]struct {
		entries  []*Entry
		measures []Measure
	}{
		`dossier: entry "A" is there twice`:                                                   {[]*Entry{e("A"), e("B"), e("A")}, nil},
		`dossier: entries "A" and "B" are of the same document`:                               {[]*Entry{enter(t, rules, same), e("A")}, nil},
		`dossier: measure "M" is there twice`:                                                 {[]*Entry{e("A")}, []Measure{measure("M", "A"), measure("M", "A")}},
		`dossier: entry 2 of 2 was not made by Enter`:                                         {[]*Entry{e("A"), nil}, nil},
		`dossier: measure "M": entry "B" is not there`:                                        {[]*Entry{e("A")}, []Measure{measure("M", "B")}},
		`dossier: measure "M": the first day 2026-03-31 is before the decision of 2026-04-01`: {[]*Entry{e("A")}, edit(func(m *Measure) { m.From = day("2026-03-31") })},
		`dossier: measure "M": the last day 2026-04-30 is before the first, 2026-05-01`:       {[]*Entry{e("A")}, edit(func(m *Measure) { m.To = day("2026-04-30") })},
		`dossier: measure "M": the last day 3026-04-30 is outside 1900–2999`:                  {[]*Entry{e("A")}, edit(func(m *Measure) { m.To = day("3026-04-30") })},
		`dossier: measure "M": the matter is empty`:                                           {[]*Entry{e("A")}, edit(func(m *Measure) { m.Matter = "" })},
		`dossier: measure "M": the basis has 0 bytes, expected 1 to 1000`:                     {[]*Entry{e("A")}, edit(func(m *Measure) { m.Basis = "" })},
		`dossier: measure "M": 1001 reports, expected at most 1000`:                           {[]*Entry{e("A")}, edit(func(m *Measure) { m.Feedback = make([]Feedback, 1001) })},
		`dossier: measure "M": the report of 2026-04-30 is before 2026-05-01`:                 {[]*Entry{e("A")}, edit(func(m *Measure) { m.Feedback = []Feedback{{day("2026-04-30"), true, "x"}} })},
		`dossier: measure "M": the text of a report has 0 bytes, expected 1 to 1000`:          {[]*Entry{e("A")}, edit(func(m *Measure) { m.Feedback = []Feedback{{day("2026-05-30"), true, ""}} })},
		`dossier: measure "M": the date of a report is missing`:                               {[]*Entry{e("A")}, edit(func(m *Measure) { m.Feedback = make([]Feedback, 1) })},
	} {
		f, err := NewFile(c.entries, c.measures)
		require.EqualError(t, err, want)
		require.Nil(t, f)
	}
	// Another kind, department or entity is another decision.
	for _, other := range []func(d *Decision){
		func(d *Decision) { d.Entity = "other" }, func(d *Decision) { d.Department = "fire" },
		func(d *Decision) { d.Kind, d.Norm, d.Category, d.Months = AbnormalOperation, "SAIC-68", "listed", 0 },
	} {
		d, c, last := same, decision("C", Penalty, "NDRC-36", "general", "2026-05-01", 12), decision("D", Penalty, "NDRC-36", "general", "2026-05-01", 12)
		other(&d)
		c.Entity = "other" // so that both entities have two
		_, err := NewFile([]*Entry{e("A"), enter(t, rules, d), enter(t, rules, c), enter(t, rules, last)}, nil)
		require.NoError(t, err)
	}
	m := measure("M", "A")
	m.From = day("2026-04-01")
	_, err := NewFile([]*Entry{e("A")}, []Measure{m})
	require.NoError(t, err, "from the day of the decision")
}

func TestWith(t *testing.T) {
	f := pair(t)
	text, _ := f.MarshalText()
	listed, ok := f.Entry("L1")
	require.True(t, ok)
	next, err := listed.Add(on("2026-08-01", Removed))
	require.NoError(t, err)
	m, ok := f.Measure("M3")
	require.True(t, ok)
	m.Feedback = append(m.Feedback, Feedback{day("2026-07-01"), true, "done"})
	more := measure("M4", "L1")
	g, err := f.With([]*Entry{next}, []Measure{m, more})
	require.NoError(t, err)
	require.Empty(t, g.Public("acme", day("2026-08-01")))
	require.Len(t, f.Public("acme", day("2026-08-01")), 1, "the old file stays")
	require.Len(t, slices.Collect(g.Measures()), 4)
	again, _ := f.MarshalText()
	require.Equal(t, text, again)

	_, err = g.With([]*Entry{listed}, nil)
	require.EqualError(t, err, `dossier: entry "L1": only events and feedback can be added to what is on file`)
	require.ErrorAs(t, err, new(*RewriteError))
	other := decision("L1", AbnormalOperation, "SAIC-68", "listed", "2026-04-01", 0)
	other.Summary = "another"
	_, err = f.With([]*Entry{enter(t, ChineseRules(), other, on("2026-04-01", Notified), on("2026-05-07", Published))}, nil)
	require.ErrorAs(t, err, new(*RewriteError))
	_, err = f.With([]*Entry{enter(t, ChineseRules(), listed.Decision(), on("2026-04-01", Notified), on("2026-05-06", Published), on("2026-08-01", Removed))}, nil)
	require.ErrorAs(t, err, new(*RewriteError))
	for _, edit := range []func(m *Measure){
		func(m *Measure) { m.To = day("2026-09-01") }, func(m *Measure) { m.Feedback = m.Feedback[:0] },
		func(m *Measure) { m.Feedback = []Feedback{{day("2026-07-01"), false, "done"}} }, func(m *Measure) { m.LiftedByRepair = false },
	} {
		m, _ := g.Measure("M3")
		edit(&m)
		_, err = g.With(nil, []Measure{m})
		require.EqualError(t, err, `dossier: measure "M3": only events and feedback can be added to what is on file`)
	}
	_, err = f.With([]*Entry{nil}, nil)
	require.EqualError(t, err, "dossier: entry 3 of 3 was not made by Enter")
	var empty *File
	g, err = empty.With([]*Entry{next}, nil)
	require.NoError(t, err)
	require.Len(t, slices.Collect(g.Entries()), 1)
}

// TestImmutable changes what was given and what was returned.
func TestImmutable(t *testing.T) {
	rules := ChineseRules()
	entries := []*Entry{enter(t, rules, decision("A", Penalty, "NDRC-36", "general", "2026-04-01", 12), on("2026-04-01", Notified), on("2026-04-07", Published))}
	m := measure("M", "A")
	m.Feedback = []Feedback{{day("2026-05-02"), false, "not yet"}}
	measures := []Measure{m}
	f, err := NewFile(entries, measures)
	require.NoError(t, err)
	text, _ := f.MarshalText()
	entries[0], measures[0].Basis, m.Feedback[0].Text = nil, "x", "x"
	got, _ := f.Measure("M")
	got.Feedback[0].Text = "x"
	for m := range f.Measures() {
		m.Feedback[0].Text = "x"
	}
	f.Binding("", "acme", "", day("2026-05-02"))[0].Measure.Feedback[0].Text = "x"
	again, _ := f.MarshalText()
	require.Equal(t, string(text), string(again))
}

func TestEmptyFile(t *testing.T) {
	for _, f := range []*File{nil, {}} {
		require.Empty(t, f.Public("acme", day("2026-05-07")))
		require.Empty(t, f.Binding("fire", "acme", Permit, day("2026-05-07")))
		require.Empty(t, f.Changes(day("2026-05-07"), 30))
		require.Empty(t, f.ChangesOf("acme", day("2026-05-07"), 30))
		require.Empty(t, slices.Collect(f.Entries()))
		require.Empty(t, slices.Collect(f.EntriesOf("acme")))
		require.Empty(t, slices.Collect(f.Measures()))
		require.Empty(t, slices.Collect(f.Outstanding("", day("2026-05-07"))))
		_, ok := f.Entry("A")
		require.False(t, ok)
		_, ok = f.Measure("A")
		require.False(t, ok)
		text, err := f.MarshalText()
		require.NoError(t, err)
		require.Equal(t, "doublerandom/credit-file/v1\n", string(text))
	}
}
