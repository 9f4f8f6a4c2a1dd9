package dossier

import (
	"fmt"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// lives lead to each state, under "penalty OLD any" or, for off list, under
// "abnormal-operation NEW listed".
var lives = [...][]Event{
	Decided:       nil,
	NoticeGiven:   {on("2025-03-03", Notified)},
	Contested:     {on("2025-03-03", Notified), on("2025-03-08", Objected)},
	Cleared:       {on("2025-03-03", Notified), on("2025-03-08", Objected), on("2025-03-20", ObjectionRejected)},
	Dropped:       {on("2025-03-03", Notified), on("2025-03-08", Objected), on("2025-03-20", ObjectionUpheld)},
	InPublic:      {on("2025-03-03", Notified), on("2025-03-09", Published)},
	RepairPending: {on("2025-03-03", Notified), on("2025-03-09", Published), on("2025-09-09", RepairApplied)},
	Repaired:      {on("2025-03-03", Notified), on("2025-03-09", Published), on("2025-09-09", RepairApplied), on("2025-09-20", RepairGranted)},
	OffList:       {on("2025-03-09", Published), on("2025-03-10", Removed)},
	Revoked:       {on("2025-03-03", Notified), on("2025-03-09", Published), on("2025-03-10", Withdrawn)},
}

func life(t *testing.T, s State) *Entry {
	d := decision("E", Penalty, "OLD", "any", "2025-03-03", 12)
	if s == OffList {
		d = decision("E", AbnormalOperation, "NEW", "listed", "2025-03-03", 0)
	}
	e := enter(t, rulesOf(t, table), d, lives[s]...)
	require.Equal(t, s, e.State())
	require.Equal(t, s, e.StateOn(day("2026-05-01")))
	require.Equal(t, State(0), e.StateOn(day("2025-03-02")))
	return e
}

// TestStates tries each action in each state.
func TestStates(t *testing.T) {
	const want = `
decided: published withdrawn notified
notice given: published withdrawn objected
contested: upheld rejected withdrawn
cleared: published withdrawn
dropped:
in public: corrected repair-applied transferred removed withdrawn
repair pending: corrected repair-refused repair-granted transferred removed withdrawn
repaired: withdrawn
off list: withdrawn
revoked:
`
	allowed := map[string]bool{}
	for line := range strings.SplitSeq(strings.TrimSpace(want), "\n") {
		state, actions, _ := strings.Cut(line, ":")
		for a := range strings.FieldsSeq(actions) {
			allowed[state+" "+a] = true
		}
	}
	for s := Decided; s <= Revoked; s++ {
		e := life(t, s)
		for a := Notified; a <= Withdrawn; a++ {
			event := on("2026-05-01", a)
			switch a {
			case Objected:
				event.Date = day("2025-03-08")
			case Transferred:
				event.Norm, event.Category, event.Months = "NEW", "minor", 3
			case Corrected:
				event.Text = "new"
			}
			_, err := e.Add(event)
			if allowed[s.String()+" "+a.String()] {
				var refused *StateError // by the day, the rule or the table, if at all
				if err != nil {
					require.ErrorAs(t, err, &refused)
					require.NotEmpty(t, refused.Why, "%s %s", s, a)
				}
				continue
			}
			require.EqualError(t, err, fmt.Sprintf("dossier: entry \"E\": %s, %s on %s: not possible in this state", s, a, event.Date))
		}
	}
}

func TestRefusals(t *testing.T) {
	rules := rulesOf(t, table)
	transfer := func(date, norm, category string, months int) Event {
		return Event{Action: Transferred, Date: day(date), Norm: norm, Category: category, Months: months}
	}
	any := decision("E", Penalty, "OLD", "any", "2025-03-03", 12)
	firm := decision("E", Penalty, "OLD", "firm", "2025-03-03", 3)
	listed := decision("E", AbnormalOperation, "NEW", "listed", "2025-03-03", 0)
	minor := decision("E", Penalty, "NEW", "minor", "2026-04-01", 0)
	serious := decision("E", SeriousViolation, "NEW", "listed", "2025-03-03", 12)
	pub := []Event{on("2025-03-03", Notified), on("2025-03-09", Published)}
	for _, c := range []struct {
		d      Decision
		events []Event
		event  Event
		want   string
	}{
		{any, nil, on("2025-03-02", Notified), `decided, notified on 2025-03-02: dates go back from 2025-03-03`},
		{any, pub, on("2025-03-08", Withdrawn), `in public, withdrawn on 2025-03-08: dates go back from 2025-03-09`},
		{any, nil, on("2025-03-12", Published), `decided, published on 2025-03-12: no notice was given`},
		{any, pub[:1], on("2025-03-08", Published), `notice given, published on 2025-03-08: the notice runs to 2025-03-08`},
		{any, pub[:1], on("2025-03-09", Objected), `notice given, objected on 2025-03-09: the notice ran to 2025-03-08`},
		{any, []Event{on("2025-03-03", Notified), on("2025-03-03", Objected), on("2025-03-04", ObjectionRejected)}, on("2025-03-05", Published),
			`cleared, published on 2025-03-05: the notice runs to 2025-03-08`},
		{firm, pub[:1], on("2025-06-03", Published), `notice given, published on 2025-06-03: it could be published until 2025-06-02`},
		{serious, pub[:1], on("2025-04-11", Published), `notice given, published on 2025-04-11: it could be published until 2025-04-10`},
		{minor, []Event{on("2026-04-01", Notified)}, on("2026-04-05", Published), `notice given, published on 2026-04-05: it is for 0 months`},
		{any, pub, on("2025-09-08", RepairApplied), `in public, repair-applied on 2025-09-08: repair is possible from 2025-09-09`},
		{firm, pub, on("2026-09-08", RepairApplied), `in public, repair-applied on 2026-09-08: the rule has no repair`},
		{any, pub, on("2025-09-08", Removed), `in public, removed on 2025-09-08: it is not public until removed`},
		{listed, nil, on("2025-03-03", Notified), `decided, notified on 2025-03-03: the rule has no notice`},
		{any, pub, transfer("2026-03-31", "NEW", "minor", 1), `in public, transferred on 2026-03-31: the transition from "OLD" to "NEW" begins on 2026-04-01`},
		{any, pub, transfer("2026-04-01", "XXX", "minor", 1), `in public, transferred on 2026-04-01: the rules have no transition from "OLD" to "XXX"`},
	} {
		_, err := enter(t, rules, c.d, c.events...).Add(c.event)
		require.ErrorAs(t, err, new(*StateError))
		require.EqualError(t, err, `dossier: entry "E": `+c.want)
	}
	for _, c := range []struct {
		event Event
		want  string
	}{
		{Event{}, `dossier: entry "E": event : the action is not known`},
		{Event{Action: 99, Date: day("2026-04-01")}, `dossier: entry "E": event Action(99): the action is not known`},
		{Event{Action: Removed}, `dossier: entry "E": event removed: the date is missing`},
		{on("3000-01-01", Removed), `dossier: entry "E": event removed: the date 3000-01-01 is outside 1900–2999`},
		{on("2026-04-01", Corrected), `dossier: entry "E": event corrected: a correction needs the new summary`},
		{Event{Action: Removed, Date: day("2026-04-01"), Months: 1}, `dossier: entry "E": event removed: only a transfer has a norm, a category and months`},
		{Event{Action: Removed, Date: day("2026-04-01"), Text: "a\nb"}, `dossier: entry "E": event removed: the text has the control character U+000A at byte 2`},
		{transfer("2026-04-01", "", "x", 1), `dossier: entry "E": event transferred: the norm is empty`},
		{transfer("2026-04-01", "NEW", "minor", -1), `dossier: entry "E": event transferred: -1 months, expected 0 to 1200`},
		{transfer("2026-04-01", "NEW", "minor", 4), `dossier: entry "E": 4 months under penalty NEW minor, expected 0 to 3`},
		{transfer("2026-04-01", "NEW", "none", 4), `dossier: no rule for penalty NEW none on 2026-04-01`},
	} {
		_, err := enter(t, rules, any, pub...).Add(c.event)
		require.EqualError(t, err, c.want)
	}
}

func TestEnterRefuses(t *testing.T) {
	rules := rulesOf(t, table)
	for want, edit := range map[string]func(d *Decision){
		`dossier: entry "E": the kind is not known`:                                                                                                 func(d *Decision) { d.Kind = 9 },
		`dossier: entry "E": the date of the decision is missing`:                                                                                   func(d *Decision) { d.Date = registry.Date{} },
		`dossier: entry "E": the date of the decision 1899-12-31 is outside 1900–2999`:                                                              func(d *Decision) { d.Date = day("1899-12-31") },
		`dossier: entry "": the ID is empty`:                                                                                                        func(d *Decision) { d.ID = "" },
		`dossier: entry "E": the entity "a b" has the space U+0020 at byte 2`:                                                                       func(d *Decision) { d.Entity = "a b" },
		`dossier: entry "E": the department is empty`:                                                                                               func(d *Decision) { d.Department = "" },
		`dossier: entry "E": the document has 0 bytes, expected 1 to 1000`:                                                                          func(d *Decision) { d.Document = "" },
		`dossier: entry "E": the basis has a space at its beginning or end`:                                                                         func(d *Decision) { d.Basis = " x" },
		`dossier: entry "E": the summary is not valid UTF-8`:                                                                                        func(d *Decision) { d.Summary = "\xff" },
		`dossier: no rule for penalty OLD any on 2026-04-01, only from 2020-01-01 to 2026-03-31`:                                                    func(d *Decision) { d.Date = day("2026-04-01") },
		`dossier: no rule for penalty NEW minor on 2026-03-31, only from 2026-04-01 to open`:                                                        func(d *Decision) { d.Norm, d.Category = "NEW", "minor" },
		`dossier: no rule for penalty OLD none on 2026-03-31`:                                                                                       func(d *Decision) { d.Category = "none" },
		`dossier: entry "E": 2 months under penalty OLD any, expected 3 to 36`:                                                                      func(d *Decision) { d.Months = 2 },
		`dossier: entry "E": 37 months under penalty OLD any, expected 3 to 36`:                                                                     func(d *Decision) { d.Months = 37 },
		`dossier: entry "E": 3 months under abnormal-operation OLD listed, expected 0: it is public until removed`:                                  func(d *Decision) { d.Kind, d.Category = AbnormalOperation, "listed" },
		`dossier: entry "` + strings.Repeat("x", 80) + `"… (99 bytes): the ID "` + strings.Repeat("x", 64) + `"… has 99 bytes, expected at most 64`: func(d *Decision) { d.ID = strings.Repeat("x", 99) },
	} {
		d := decision("E", Penalty, "OLD", "any", "2026-03-31", 3)
		edit(&d)
		_, err := rules.Enter(d)
		require.EqualError(t, err, want)
	}
	var none *Rules
	_, err := none.Enter(decision("E", Penalty, "OLD", "any", "2026-03-31", 3))
	require.ErrorAs(t, err, new(*NoRuleError))
}

// TestChange is the day on which the Chinese rules changed, with its month ends.
func TestChange(t *testing.T) {
	rules := ChineseRules()
	span := func(norm, category, date string, months int, more ...Event) string {
		d := day(date)
		events := append([]Event{{Action: Notified, Date: d}, {Action: Published, Date: d.AddDays(6)}}, more...)
		e := enter(t, rules, decision("E", Penalty, norm, category, date, months), events...)
		from, until, by := e.Span()
		return fmt.Sprintf("%s to %s by %s, repair from %s", from, until, by, e.RepairFrom())
	}
	require.Equal(t, "2026-04-06 to 2029-03-30 by term, repair from 2026-06-30", span("NDRC-58", "other", "2026-03-31", 36))
	require.Equal(t, "2026-04-06 to 2027-03-30 by term, repair from 2027-03-31", span("NDRC-58", "food", "2026-03-31", 12))
	require.Equal(t, "2026-04-07 to 2027-03-31 by term, repair from 2026-07-01", span("NDRC-36", "general", "2026-04-01", 12))
	require.Equal(t, "2026-04-07 to 2026-06-30 by term, repair from 2026-04-07", span("NDRC-36", "minor", "2026-04-01", 3))
	require.Equal(t, "2026-04-07 to 2029-03-31 by term, repair from 2027-04-01", span("NDRC-36", "serious", "2026-04-01", 36))
	require.Equal(t, "2028-03-06 to 2029-02-27 by term, repair from 2028-05-29", span("NDRC-36", "general", "2028-02-29", 12))
	require.Equal(t, "2026-12-06 to 2027-02-27 by term, repair from 2027-02-28", span("NDRC-36", "general", "2026-11-30", 3))
	require.Equal(t, "2026-04-07 to 2026-07-31 by repair, repair from 2026-07-01",
		span("NDRC-36", "general", "2026-04-01", 12, on("2026-07-01", RepairApplied), on("2026-08-01", RepairGranted)))
	// Granted when the period is over: nothing changes.
	require.Equal(t, "2026-04-07 to 2027-03-31 by term, repair from 2026-07-01",
		span("NDRC-36", "general", "2026-04-01", 12, on("2027-03-31", RepairApplied), on("2027-04-01", RepairGranted)))
	// On the last day it is over before.
	require.Equal(t, "2026-04-07 to 2027-03-30 by repair, repair from 2026-07-01",
		span("NDRC-36", "general", "2026-04-01", 12, on("2027-03-31", RepairApplied), on("2027-03-31", RepairGranted)))

	for norm, date := range map[string]string{"NDRC-58": "2026-04-01", "NDRC-36": "2026-03-31"} {
		for _, category := range []string{"other", "food", "minor", "general", "serious"} {
			_, err := rules.Enter(decision("E", Penalty, norm, category, date, 12))
			require.ErrorAs(t, err, new(*NoRuleError), "%s on %s", norm, date)
		}
	}
	for _, c := range []struct {
		norm, category, date string
		least, most          int
	}{
		{"NDRC-58", "other", "2026-03-31", 3, 36}, {"NDRC-58", "food", "2026-03-31", 12, 36}, {"NDRC-58", "drugs", "2023-05-01", 12, 36},
		{"NDRC-58", "special-equipment", "2026-03-31", 12, 36}, {"NDRC-58", "work-safety", "2026-03-31", 12, 36}, {"NDRC-58", "fire", "2026-03-31", 12, 36},
		{"NDRC-36", "minor", "2026-04-01", 0, 3}, {"NDRC-36", "general", "2026-04-01", 3, 12}, {"NDRC-36", "serious", "2026-04-01", 12, 36},
	} {
		for months := range 40 {
			_, err := rules.Enter(decision("E", Penalty, c.norm, c.category, c.date, months))
			if months < c.least || months > c.most {
				require.ErrorAs(t, err, new(*PeriodError))
			} else {
				require.NoError(t, err)
			}
		}
	}
}

// TestTransfer passes entries of the older norm to the newer one.
func TestTransfer(t *testing.T) {
	rules := rulesOf(t, table)
	span := func(category string, months int, more ...Event) string {
		events := append([]Event{on("2026-03-01", Notified), on("2026-03-10", Published)}, more...)
		e := enter(t, rules, decision("E", Penalty, "OLD", category, "2026-03-01", months), events...)
		from, until, by := e.Span()
		return fmt.Sprintf("%s to %s by %s, repair from %s", from, until, by, e.RepairFrom())
	}
	to := func(date, category string, months int) Event {
		return Event{Action: Transferred, Date: day(date), Norm: "NEW", Category: category, Months: months}
	}
	require.Equal(t, "2026-03-10 to 2029-03-09 by term, repair from 2026-09-10", span("any", 36))
	require.Equal(t, "2026-03-10 to 2026-05-31 by term, repair from 2026-04-01", span("any", 36, to("2026-04-01", "minor", 3)))
	require.Equal(t, "2026-03-10 to 2026-07-31 by term, repair from 2026-08-01", span("any", 36, to("2026-08-01", "minor", 3)), "it does not reach back")
	require.Equal(t, "2026-03-10 to 2027-03-01 by term, repair from 2026-04-05", span("firm", 36, to("2026-04-05", "after", 12)), "repair where there was none")
	require.Equal(t, "2026-03-10 to 2026-05-31 by term, repair from 2026-04-05", span("firm", 3, to("2026-04-05", "after", 12)), "not longer")
	require.Equal(t, "2026-03-10 to 2026-05-31 by term, repair from 2026-04-05",
		span("any", 36, to("2026-04-05", "minor", 3), to("2026-04-06", "after", 12)), "not back")
}

func TestLimitOfEvents(t *testing.T) {
	e := enter(t, rulesOf(t, table), decision("E", AbnormalOperation, "NEW", "listed", "2025-03-03", 0), on("2025-03-09", Published))
	var err error
	for range maxEvents - 1 {
		e, err = e.Add(Event{Action: Corrected, Date: day("2025-03-09"), Text: "again"})
		require.NoError(t, err)
	}
	_, err = e.Add(on("2025-03-09", Removed))
	require.EqualError(t, err, `dossier: entry "E" has 1000 events, which is the limit`)
}

// TestBranches adds twice to one entry: neither changes the other.
func TestBranches(t *testing.T) {
	for s := Decided; s < Dropped; s++ {
		e := life(t, s)
		before := string(e.appendText(nil))
		a, err := e.Add(on("2026-01-01", Withdrawn))
		require.NoError(t, err)
		text := string(a.appendText(nil))
		_, err = e.Add(on("2026-02-02", Withdrawn))
		require.NoError(t, err)
		require.Equal(t, before, string(e.appendText(nil)))
		require.Equal(t, text, string(a.appendText(nil)))
	}
}

func TestDays(t *testing.T) {
	e := life(t, Cleared)
	for date, want := range map[string]State{
		"2025-03-02": 0, "2025-03-03": NoticeGiven, "2025-03-07": NoticeGiven, "2025-03-08": Contested, "2025-03-19": Contested, "2025-03-20": Cleared,
	} {
		require.Equal(t, want, e.StateOn(day(date)), date)
	}
	require.Equal(t, day("2025-03-08"), e.NoticeUntil())
	require.Zero(t, e.RepairFrom())

	window := func(e *Entry) string {
		from, until := e.PublishFrom()
		return from.String() + " to " + until.String()
	}
	require.Equal(t, "2025-03-20 to ", window(e))
	require.Equal(t, " to ", window(life(t, Decided)))
	require.Equal(t, "2025-03-09 to ", window(life(t, NoticeGiven)))
	require.Equal(t, " to ", window(life(t, Contested)))
	require.Equal(t, " to ", window(life(t, Dropped)))
	require.Equal(t, "2025-03-09 to ", window(life(t, InPublic)))
	rules := rulesOf(t, table)
	serious := decision("E", SeriousViolation, "NEW", "listed", "2025-03-03", 12)
	e = enter(t, rules, serious, on("2025-03-03", Notified), on("2025-03-05", Objected))
	early, err := e.Add(on("2025-03-06", ObjectionRejected))
	require.NoError(t, err)
	require.Equal(t, "2025-03-11 to 2025-04-10", window(early))
	late, err := e.Add(on("2025-05-01", ObjectionRejected))
	require.NoError(t, err)
	require.Equal(t, "2025-05-01 to 2025-05-31", window(late))
	require.Equal(t, " to ", window(enter(t, rules, decision("E", Penalty, "NEW", "minor", "2026-04-01", 0), on("2026-04-01", Notified))))
}

func TestSummary(t *testing.T) {
	correct := func(date, s string) Event { return Event{Action: Corrected, Date: day(date), Text: s} }
	e := enter(t, rulesOf(t, table), decision("E", AbnormalOperation, "NEW", "listed", "2025-03-03", 0), on("2025-03-09", Published),
		correct("2025-04-01", "one"), correct("2025-04-01", "two"), correct("2025-05-01", "three"))
	for date, want := range map[string]string{"2025-03-31": "fined", "2025-04-01": "two", "2025-04-30": "two", "2025-05-01": "three"} {
		require.Equal(t, want, e.Summary(day(date)))
	}
}
