package credit

import (
	"slices"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func sampleRules(t testing.TB) Rules {
	return Rules{
		Inspectors: 2, Distance: 100, Slack: 30, PublishDays: 20, KeepMonths: 60, ZoneMinutes: 480, NeedSignIn: true, NeedPosition: true,
		Calendar: calendar2026(t),
	}
}

// archive has the entries of a scene, which must all be accepted without a fault.
func archive(t testing.TB, entries ...Entry) *Archive {
	t.Helper()
	a, err := NewArchive(sampleRules(t))
	require.NoError(t, err)
	for _, e := range entries {
		faults, err := a.Add(e)
		require.NoError(t, err)
		require.Empty(t, faults)
	}
	return a
}

func early(t testing.TB) *Record {
	r := sampleRecord(t)
	move := func(x *time.Time) { *x = x.AddDate(0, 0, -33) } // 2026-11-04, with its deadline in 2026
	move(&r.From)
	move(&r.To)
	for i := range r.SignIns {
		move(&r.SignIns[i].At)
	}
	return r
}

func earlyOrder(t testing.TB) *Order {
	o := sampleOrder(t)
	o.From, o.To, o.Declared = o.From.AddDate(0, 0, -33), o.To.AddDate(0, 0, -33), o.Declared.AddDate(0, 0, -33)
	return o
}

func TestArchive(t *testing.T) {
	a := archive(t, Entry{Order: earlyOrder(t)}, Entry{Record: early(t)})
	c, ok := a.Case("R1")
	require.True(t, ok)
	require.Equal(t, Open, c.State)
	require.Equal(t, "2026-12-02", c.Deadline.String())
	require.Equal(t, earlyOrder(t), c.Order)
	require.Empty(t, a.Due(day(t, "2026-12-02")))
	require.Equal(t, []*Case{c}, a.Due(day(t, "2026-12-03")))

	for _, s := range []Step{
		{"R1", CorrectionOrdered, day(t, "2026-11-04"), "amr", "order 3"},
		{"R1", CaseOpened, day(t, "2026-11-20"), "amr", "not corrected"},
		{"R1", Transferred, day(t, "2026-11-21"), "police", "a crime"},
		{"R1", Open, day(t, "2026-11-25"), "police", "none of ours"},
		{"R1", Closed, day(t, "2026-11-25"), "amr", "settled"},
	} {
		faults, err := a.Add(Entry{Step: &s})
		require.NoError(t, err)
		require.Empty(t, faults)
		require.Equal(t, s.State, c.State)
	}
	require.Len(t, c.Steps, 5)
	faults, err := a.Add(Entry{Publication: &Publication{"R1", day(t, "2026-12-03"), "site"}})
	require.NoError(t, err)
	require.Equal(t, []Fault{{LatePublication, "R1", "published on 2026-12-03, expected by 2026-12-02"}}, faults)
	require.Equal(t, "R1: late-publication: published on 2026-12-03, expected by 2026-12-02", a.Faults()[0].String())
	require.Equal(t, faults, c.Faults)
	require.Empty(t, a.Due(day(t, "2026-12-31")))
	require.Equal(t, 1, a.Len())
	require.Equal(t, []*Case{c}, slices.Collect(a.Cases()))
	_, ok = a.Case("R2")
	require.False(t, ok)
}

// Days are local: a visit that ends at 18:00 UTC ends on the next day in China.
func TestArchiveLocalDays(t *testing.T) {
	r := early(t)
	r.To = at(t, "2026-11-05T18:00:00Z")
	a := archive(t, Entry{Order: earlyOrder(t)}, Entry{Record: r})
	c, _ := a.Case("R1")
	require.Equal(t, "2026-12-04", c.Deadline.String())
	_, err := a.Add(Entry{Publication: &Publication{"R1", day(t, "2026-11-05"), "site"}})
	require.EqualError(t, err, `credit: publication "R1": on 2026-11-05, before the visit ended`)
}

// Every transition of the state machine, as it is written down in the documentation.
func TestFollowUp(t *testing.T) {
	allowed := map[State][]State{
		Open:              {CorrectionOrdered, CaseOpened, Transferred, Closed},
		CorrectionOrdered: {CaseOpened, Transferred, Closed},
		CaseOpened:        {CorrectionOrdered, Transferred, Closed},
		Transferred:       {Open, Closed},
	}
	paths := map[State][]State{
		Open: nil, CorrectionOrdered: {CorrectionOrdered}, CaseOpened: {CaseOpened}, Transferred: {Transferred}, Closed: {Closed},
	}
	for from, path := range paths {
		for to := Open; to <= Closed; to++ {
			a := archive(t, Entry{Order: earlyOrder(t)}, Entry{Record: early(t)})
			for _, s := range path {
				_, err := a.Add(Entry{Step: &Step{"R1", s, day(t, "2026-11-05"), "amr", "x"}})
				require.NoError(t, err)
			}
			_, err := a.Add(Entry{Step: &Step{"R1", to, day(t, "2026-11-05"), "amr", "x"}})
			require.Equal(t, slices.Contains(allowed[from], to), err == nil, "%s to %s", from, to)
			require.Equal(t, err == nil, from.MayFollow(to))
			if err != nil {
				require.EqualError(t, err, `credit: step "R1": "`+to.String()+`" does not follow "`+from.String()+`"`)
				c, _ := a.Case("R1")
				require.Len(t, c.Steps, len(path), "unchanged")
			}
		}
	}
	require.False(t, State(0).MayFollow(Open))
	require.False(t, Open.MayFollow(0))
	require.False(t, State(9).MayFollow(State(9)))

	clean := early(t)
	clean.Items = []ItemResult{{"publicity", results(t, "nothing-found")}, {"licence", results(t, "nothing-found")}}
	clean.Penalties = nil
	a := archive(t, Entry{Order: earlyOrder(t)}, Entry{Record: clean})
	_, err := a.Add(Entry{Step: &Step{"R1", Open, day(t, "2026-11-05"), "amr", "x"}})
	require.EqualError(t, err, `credit: step "R1": "open" does not follow "closed"`)
}

func TestAddRefuses(t *testing.T) {
	other := early(t)
	other.ID = "R2"
	wrong := early(t)
	wrong.Entity = "91370202MA3C0001XB"
	unknown := early(t)
	unknown.Order = "V9"
	sub := func(order, out, in string) Entry {
		return Entry{Substitution: &Substitution{order, out, in, "ill", at(t, "2026-11-01T00:00:00Z")}}
	}
	skip := Entry{Skip: &Skip{"V1", "moved", at(t, "2026-11-01T00:00:00Z")}}
	order, record := Entry{Order: earlyOrder(t)}, Entry{Record: early(t)}
	for _, c := range []struct {
		before []Entry
		e      Entry
		want   string
	}{
		{[]Entry{order}, order, `credit: order "V1": is there already`},
		{[]Entry{order, record}, record, `credit: record "R1": is there already`},
		{[]Entry{order, record}, Entry{Record: other}, `credit: record "R2": order "V1" was carried out: record "R1"`},
		{[]Entry{order}, Entry{Record: wrong}, `credit: record "R1": order "V1" is for entity "91370202MA3C0000XA", not "91370202MA3C0001XB"`},
		{[]Entry{order}, Entry{Record: unknown}, `credit: record "R1": there is no order "V9"`},
		{[]Entry{order, skip}, record, `credit: record "R1": order "V1" is skipped`},
		{[]Entry{order, skip}, skip, `credit: skip "V1": the order is skipped already`},
		{[]Entry{order, skip}, sub("V1", "i-1", "i-3"), `credit: substitution "V1": the order is skipped`},
		{[]Entry{order, record}, skip, `credit: skip "V1": the order was carried out: record "R1"`},
		{nil, skip, `credit: skip "V1": there is no such order`},
		{nil, sub("V1", "i-1", "i-3"), `credit: substitution "V1": there is no such order`},
		{[]Entry{order}, sub("V1", "i-9", "i-3"), `credit: substitution "V1": "i-9" is not of the team`},
		{[]Entry{order}, sub("V1", "i-1", "i-2"), `credit: substitution "V1": "i-2" is of the team already`},
		{[]Entry{order, sub("V1", "i-1", "i-3")}, sub("V1", "i-1", "i-4"), `credit: substitution "V1": "i-1" is not of the team`},
		{nil, Entry{Step: &Step{"R1", Open, day(t, "2026-11-05"), "amr", "x"}}, `credit: step "R1": there is no such record`},
		{[]Entry{order, record}, Entry{Step: &Step{"R1", CaseOpened, day(t, "2026-11-03"), "amr", "x"}}, `credit: step "R1": on 2026-11-03, before 2026-11-04`},
		{[]Entry{order, record, {Step: &Step{"R1", CaseOpened, day(t, "2026-11-09"), "amr", "x"}}},
			Entry{Step: &Step{"R1", Closed, day(t, "2026-11-08"), "amr", "x"}}, `credit: step "R1": on 2026-11-08, before 2026-11-09`},
		{nil, Entry{Publication: &Publication{"R1", day(t, "2026-11-05"), "x"}}, `credit: publication "R1": there is no such record`},
		{[]Entry{order, record, {Publication: &Publication{"R1", day(t, "2026-11-05"), "x"}}},
			Entry{Publication: &Publication{"R1", day(t, "2026-11-06"), "x"}}, `credit: publication "R1": was published on 2026-11-05`},
		{nil, Entry{Attachment: &Attachment{Record: "R1", Evidence: sampleEvidence(t)}}, `credit: attachment "R1": there is no such record`},
		{[]Entry{{Order: sampleOrder(t)}}, Entry{Record: sampleRecord(t)},
			`credit: record "R1": credit: calendar: day "2027-01-01" is not from "2026-01-01" to "2026-12-31": 20 working days after 2026-12-07 are not all known`},
	} {
		a := archive(t, c.before...)
		_, err := a.Add(c.e)
		require.EqualError(t, err, c.want)
		require.ErrorAs(t, err, new(*EntryError))
		again := archive(t, c.before...)
		require.Equal(t, again, a, "unchanged")
	}
}

func TestFaults(t *testing.T) {
	far, near := Position{site[0] + 1000, site[1], WGS84}, Position{site[0] + 899, site[1], WGS84} // 111 and 99 m
	for _, c := range []struct {
		name   string
		change func(*Order, *Record)
		want   []string
	}{
		{"none", func(*Order, *Record) {}, nil},
		{"alone", func(_ *Order, r *Record) { r.Team, r.SignIns = r.Team[:1], r.SignIns[:1] },
			[]string{"R1: too-few-inspectors: 1, expected at least 2", `R1: absent: "i-2" did not come`}},
		{"another", func(_ *Order, r *Record) { r.Team[1], r.SignIns[1].Inspector = "i-7", "i-7" },
			[]string{`R1: not-assigned: "i-7", assigned were "i-1", "i-2"`, `R1: absent: "i-2" did not come`}},
		{"a third", func(_ *Order, r *Record) { r.Team = append(r.Team, "i-7") },
			[]string{`R1: not-assigned: "i-7", assigned were "i-1", "i-2"`, `R1: no-sign-in: "i-7"`}},
		{"order after the fact", func(o *Order, r *Record) { o.Declared = r.From.Add(time.Second) },
			[]string{"R1: late-order: given at 2026-11-04T01:00:01Z, the visit began at 2026-11-04T01:00:00Z"}},
		{"order in time", func(o *Order, r *Record) { o.Declared = r.From }, nil},
		{"department", func(_ *Order, r *Record) { r.Department = "fire" }, []string{`R1: wrong-department: "fire", ordered was "amr-370202"`}},
		{"no order", func(_ *Order, r *Record) { r.Order = "" }, []string{`R1: no-order: no order explains the visit to "91370202MA3C0000XA"`}},
		{"items", func(_ *Order, r *Record) { r.Items[0].Item = "scales" },
			[]string{`R1: other-item: "scales" was not ordered`, `R1: missing-item: "publicity" has no result`}},
		{"too far", func(_ *Order, r *Record) { r.SignIns[0].Where = far }, []string{`R1: too-far: "i-1" 111 m away, expected at most 100`}},
		{"near enough", func(_ *Order, r *Record) { r.SignIns[0].Where = near }, nil},
		{"another datum", func(_ *Order, r *Record) { r.SignIns[0].Where.Datum = GCJ02 },
			[]string{`R1: no-position: "i-1" at "36.067423 120.382640 gcj02", the site is "36.067123 120.382640 wgs84"`}},
		{"no position", func(_ *Order, r *Record) { r.SignIns[0].Where = Position{} },
			[]string{`R1: no-position: "i-1" at "", the site is "36.067123 120.382640 wgs84"`}},
		{"site not known", func(o *Order, r *Record) { o.Site = Position{}; r.SignIns[0].Where = Position{} }, nil},
		{"no sign-in", func(_ *Order, r *Record) { r.SignIns = nil }, []string{`R1: no-sign-in: "i-1"`, `R1: no-sign-in: "i-2"`}},
		{"before the slot", func(o *Order, r *Record) { o.From = at(t, "2026-11-04T01:28:01Z") },
			[]string{`R1: outside-slot: "i-1" at 2026-11-04T00:58:00Z, planned was 2026-11-04T01:28:01Z to 2026-11-04T04:00:00Z`}},
		{"within the slack", func(o *Order, r *Record) { o.From = at(t, "2026-11-04T01:28:00Z") }, nil},
		{"after the slot", func(o *Order, r *Record) { o.From, o.To = at(t, "2026-11-04T00:00:00Z"), at(t, "2026-11-04T00:29:00Z") },
			[]string{`R1: outside-slot: "i-2" at 2026-11-04T00:59:10Z, planned was 2026-11-04T00:00:00Z to 2026-11-04T00:29:00Z`}},
		{"after the visit", func(_ *Order, r *Record) { r.SignIns[1].At = r.To.Add(time.Second) },
			[]string{`R1: outside-visit: "i-2" at 2026-11-04T02:30:01Z, the visit ended at 2026-11-04T02:30:00Z`}},
		{"kept too short", func(_ *Order, r *Record) { r.Evidence[0].Keep = day(t, "2031-11-03") },
			[]string{"R1: short-retention: photo " + sampleEvidence(t).SHA256.String() + " is kept until 2031-11-03, expected 2031-11-04"}},
		{"kept long enough", func(_ *Order, r *Record) { r.Evidence[0].Keep = day(t, "2031-11-04") }, nil},
	} {
		o, r := earlyOrder(t), early(t)
		c.change(o, r)
		a := archive(t, Entry{Order: o})
		faults, err := a.Add(Entry{Record: r})
		require.NoError(t, err, c.name)
		var texts []string
		for _, f := range faults {
			texts = append(texts, f.String())
		}
		require.Equal(t, c.want, texts, c.name)
		require.Equal(t, faults, a.Faults())
	}
}

func TestSubstitution(t *testing.T) {
	sub := &Substitution{"V1", "i-2", "i-3", "illness", at(t, "2026-11-03T09:00:00Z")}
	r := early(t)
	r.Team[1], r.SignIns[1].Inspector = "i-3", "i-3"
	a := archive(t, Entry{Order: earlyOrder(t)}, Entry{Substitution: sub}, Entry{Record: r})
	c, _ := a.Case("R1")
	require.Equal(t, []Substitution{*sub}, c.Changes)
	require.Equal(t, []string{"i-1", "i-2"}, c.Order.Team, "the old name stays")

	dated := *sub // before the visit in the archive, but not in its own words
	dated.At = r.From.Add(time.Second)
	a = archive(t, Entry{Order: earlyOrder(t)}, Entry{Substitution: &dated})
	faults, err := a.Add(Entry{Record: r})
	require.NoError(t, err)
	require.Equal(t, []Fault{{LateSubstitution, "R1", `"i-3" for "i-2" at 2026-11-04T01:00:01Z, the visit began at 2026-11-04T01:00:00Z`}}, faults)

	a = archive(t, Entry{Order: earlyOrder(t)}) // after the visit it mends nothing
	faults, err = a.Add(Entry{Record: r})
	require.NoError(t, err)
	require.Len(t, faults, 2)
	faults, err = a.Add(Entry{Substitution: sub})
	require.NoError(t, err)
	require.Equal(t, []Fault{{LateSubstitution, "R1", `"i-3" for "i-2" was entered after the visit`}}, faults)
	c, _ = a.Case("R1")
	require.Len(t, c.Faults, 3)
	require.Equal(t, []Substitution{*sub}, c.Changes)
}

func TestEvidenceOfArchive(t *testing.T) {
	a := archive(t, Entry{Order: earlyOrder(t)}, Entry{Record: early(t)})
	short := sampleEvidence(t)
	short.Keep = day(t, "2027-01-01")
	for _, to := range []Attachment{{Record: "R1", Evidence: short}, {Notice: "N2", Evidence: short}, {Notice: "N1", Evidence: sampleEvidence(t)}} {
		faults, err := a.Add(Entry{Attachment: &to})
		require.NoError(t, err)
		if to.Notice == "N1" {
			require.Empty(t, faults)
			continue
		}
		require.Len(t, faults, 1)
		require.Equal(t, ShortRetention, faults[0].Kind)
		require.Equal(t, to.Record+to.Notice, faults[0].Entry)
	}
	c, _ := a.Case("R1")
	require.Len(t, c.Evidence, 2)
	require.Len(t, c.Record.Evidence, 1, "the record is not changed")
	require.Len(t, a.Notice("N1"), 1)
	expired := func(on string) (ids []string) {
		for id, e := range a.Expired(day(t, on)) {
			ids = append(ids, id+" "+e.Keep.String())
		}
		return ids
	}
	require.Empty(t, expired("2027-01-01"))
	require.Equal(t, []string{"R1 2027-01-01", "N2 2027-01-01"}, expired("2027-01-02"))
	require.Equal(t, []string{"R1 2031-12-07", "R1 2027-01-01", "N1 2031-12-07", "N2 2027-01-01"}, expired("2031-12-08"))
	for range a.Expired(day(t, "2031-12-08")) {
		break
	}
}

func TestRulesReject(t *testing.T) {
	for want, r := range map[string]Rules{
		"credit: rules: -1 inspectors, expected 0 to 20":                 {Inspectors: -1},
		"credit: rules: slack of 14401 minutes, expected 0 to 14400":     {Slack: 14401},
		"credit: rules: 1001 days to publish, expected 0 to 1000":        {PublishDays: 1001},
		"credit: rules: days to publish without a calendar":              {PublishDays: 20},
		"credit: rules: evidence kept for -1 months, expected 0 to 1200": {KeepMonths: -1},
		"credit: rules: zone of 841 minutes, expected -720 to 840":       {ZoneMinutes: 841},
	} {
		_, err := NewArchive(r)
		require.EqualError(t, err, want)
	}
	r := Rules{ZoneMinutes: 840}
	require.Equal(t, registry.Date{}, r.day(time.Date(9999, 12, 31, 23, 0, 0, 0, time.UTC)), "beyond the calendar")
}
