package credit

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	require.NoError(t, err)
	return v.UTC()
}

func results(t testing.TB, text string) Results {
	t.Helper()
	r, err := ParseResults(text)
	require.NoError(t, err)
	return r
}

var site = [3]int32{36_067123, 120_382640} // of the sample order

func sampleOrder(t testing.TB) *Order {
	return &Order{
		ID: "V1", Trigger: Drawn, Source: "draw-1", Department: "amr-370202", Entity: "91370202MA3C0000XA",
		Team: []string{"i-1", "i-2"}, Items: []string{"publicity", "licence"},
		From: at(t, "2026-12-07T00:30:00Z"), To: at(t, "2026-12-07T04:00:00Z"),
		Site: Position{site[0], site[1], WGS84}, Declared: at(t, "2026-12-01T02:00:00Z"),
	}
}

func sampleEvidence(t testing.TB) Evidence {
	var d Digester
	_, err := d.Write([]byte("a photo"))
	require.NoError(t, err)
	return Evidence{Kind: Photo, Digest: d.Digest(), Taken: at(t, "2026-12-07T01:05:00Z"), Where: Position{site[0], site[1], WGS84}, Keep: day(t, "2031-12-07")}
}

func sampleRecord(t testing.TB) *Record {
	return &Record{
		ID: "R1", Order: "V1", Department: "amr-370202", Entity: "91370202MA3C0000XA", Team: []string{"i-1", "i-2"},
		From: at(t, "2026-12-07T01:00:00Z"), To: at(t, "2026-12-07T02:30:00Z"),
		SignIns: []SignIn{
			{"i-1", at(t, "2026-12-07T00:58:00Z"), Position{site[0] + 300, site[1], WGS84}},
			{"i-2", at(t, "2026-12-07T00:59:10Z"), Position{site[0], site[1] + 200, WGS84}},
		},
		Items:     []ItemResult{{"publicity", results(t, "not-published,corrected")}, {"licence", results(t, "nothing-found")}},
		Severity:  4,
		Penalties: []Penalty{{Fine, 500_000, "青市监罚〔2026〕17号", `《条例》第"17"条`, day(t, "2026-12-08")}},
		Evidence:  []Evidence{sampleEvidence(t)},
	}
}

// samples has one entry of each kind.
func samples(t testing.TB) []Entry {
	return []Entry{
		{Order: sampleOrder(t)},
		{Substitution: &Substitution{"V1", "i-2", "i-3", "illness", at(t, "2026-12-06T09:00:00Z")}},
		{Skip: &Skip{"V1", "", at(t, "2026-12-06T09:00:00Z")}},
		{Record: sampleRecord(t)},
		{Record: &Record{ID: "R2", Department: "d", Entity: "e", Team: []string{"i-9"}, From: at(t, "2026-12-07T01:00:00Z"), To: at(t, "2026-12-07T01:00:01Z"),
			Items: []ItemResult{{"x", results(t, "unreachable")}}}},
		{Step: &Step{"R1", CorrectionOrdered, day(t, "2026-12-09"), "amr-370202", "责令改正通知书 3"}},
		{Publication: &Publication{"R1", day(t, "2026-12-20"), "https://example.org/1"}},
		{Attachment: &Attachment{Record: "R1", Evidence: sampleEvidence(t)}},
		{Attachment: &Attachment{Notice: "9c0d", Evidence: sampleEvidence(t)}},
	}
}

// One text of each kind that others must be able to write, as it is published.
func TestEntryText(t *testing.T) {
	want := []string{
		`{"order":{"id":"V1","trigger":"drawn","source":"draw-1","department":"amr-370202","entity":"91370202MA3C0000XA","team":["i-1","i-2"],` +
			`"items":["publicity","licence"],"from":"2026-12-07T00:30:00Z","to":"2026-12-07T04:00:00Z","site":"36.067123 120.382640 wgs84","declared":"2026-12-01T02:00:00Z"}}`,
		`{"substitution":{"order":"V1","out":"i-2","in":"i-3","reason":"illness","at":"2026-12-06T09:00:00Z"}}`,
		`{"skip":{"order":"V1","reason":"","at":"2026-12-06T09:00:00Z"}}`,
		`{"record":{"id":"R1","order":"V1","department":"amr-370202","entity":"91370202MA3C0000XA","team":["i-1","i-2"],"from":"2026-12-07T01:00:00Z","to":"2026-12-07T02:30:00Z",` +
			`"sign_ins":[{"inspector":"i-1","at":"2026-12-07T00:58:00Z","where":"36.067423 120.382640 wgs84"},{"inspector":"i-2","at":"2026-12-07T00:59:10Z","where":"36.067123 120.382840 wgs84"}],` +
			`"items":[{"item":"publicity","results":"not-published,corrected"},{"item":"licence","results":"nothing-found"}],"severity":4,` +
			`"penalties":[{"kind":"fine","amount":500000,"decision":"青市监罚〔2026〕17号","basis":"《条例》第\"17\"条","on":"2026-12-08"}],` +
			`"evidence":[{"kind":"photo","size":7,"sha256":"` + sampleEvidence(t).SHA256.String() + `","chunks":"` + sampleEvidence(t).Chunks.String() +
			`","taken":"2026-12-07T01:05:00Z","where":"36.067123 120.382640 wgs84","keep":"2031-12-07"}]}}`,
		`{"record":{"id":"R2","order":"","department":"d","entity":"e","team":["i-9"],"from":"2026-12-07T01:00:00Z","to":"2026-12-07T01:00:01Z",` +
			`"sign_ins":[],"items":[{"item":"x","results":"unreachable"}],"severity":0,"penalties":[],"evidence":[]}}`,
		`{"step":{"record":"R1","state":"correction-ordered","on":"2026-12-09","department":"amr-370202","basis":"责令改正通知书 3"}}`,
		`{"publication":{"record":"R1","on":"2026-12-20","where":"https://example.org/1"}}`,
	}
	for i, e := range samples(t) {
		text, err := e.MarshalText()
		require.NoError(t, err)
		if i < len(want) {
			require.Equal(t, want[i], string(text))
		}
		back, err := ParseEntry(text)
		require.NoError(t, err)
		again, err := back.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
		for cut := range text { // no part of it is an entry
			_, err := ParseEntry(text[:cut])
			require.Error(t, err)
		}
	}
}

func TestParseEntryRejects(t *testing.T) {
	good := `{"skip":{"order":"V7","reason":"closed down","at":"2026-12-07T01:00:00Z"}}`
	_, err := ParseEntry([]byte(good))
	require.NoError(t, err)
	record, err := Entry{Record: sampleRecord(t)}.MarshalText()
	require.NoError(t, err)
	in := func(old, new string) string { return strings.Replace(string(record), old, new, 1) }
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"{}", "credit: entry: has 0 parts, expected one"},
		{`{"skip":null}`, "credit: entry: has 0 parts, expected one"},
		{good + "\n", `credit: entry: is not spelled in the one way, from byte 75 on: "\n", expected ""`},
		{" " + good, "credit: entry: is not spelled in the one way, from byte 1 on: \" {\\\"skip\\\":{\\\"order\\\":\\\"V\", expected \"{\\\"skip\\\":{\\\"order\\\":\\\"V7\""},
		{strings.Replace(good, `"skip"`, `"Skip"`, 1), `credit: entry: is not spelled in the one way, from byte 3 on: "Skip\":{\"order\":\"V7\",", expected "skip\":{\"order\":\"V7\","`},
		{strings.Replace(good, `"order":"V7",`, ``, 1), `credit: skip "": order: is empty`},
		{strings.Replace(good, `"reason":"closed down",`, ``, 1), `credit: entry: is not spelled in the one way, from byte 24 on: "at\":\"2026-12-07T01:0", expected "reason\":\"\",\"at\":\"202"`},
		{strings.Replace(good, `closed`, `cl\u006fsed`, 1), `credit: entry: is not spelled in the one way, from byte 35 on: "\\u006fsed down\",\"at\"", expected "osed down\",\"at\":\"202"`},
		{strings.Replace(good, `01:00:00Z`, `01:00:00.0Z`, 1), `credit: entry: is not spelled in the one way, from byte 71 on: ".0Z\"}}", expected "Z\"}}"`},
		{strings.Replace(good, `01:00:00Z`, `09:00:00+08:00`, 1), `credit: skip "V7": at: 2026-12-07T09:00:00+08:00, expected whole seconds in UTC`},
		{strings.Replace(good, `closed down`, `closed\u2028down`, 1), `credit: skip "V7": reason: has the control character U+2028 at byte 7`},
		{`{"skip":{"order":"V7","reason":"","at":"","x":1}}`, ""},
		{strings.Replace(good, `"}}`, `","x":1}}`, 1), ""},
		{good[:len(good)-1] + `,"step":{"record":"R1","state":"open","on":"2026-12-09","department":"d","basis":"b"}}`, "credit: entry: has 2 parts, expected one"},
		{in(`"severity":4`, `"severity":-4`), "credit: entry: credit: -4 points, expected a whole number from 0 to 1000000"},
		{in(`"severity":4`, `"severity":1000001`), "credit: entry: credit: 1000001 points, expected a whole number from 0 to 1000000"},
		{in(`"severity":4`, `"severity":4.0`), "credit: entry: credit: 4.0 points, expected a whole number from 0 to 1000000"},
		{in(`2026-12-08`, `2026-02-30`), `credit: entry: registry: date "2026-02-30": day 30 is outside 1–28 of February 2026`},
		{in(`"severity":4`, `"severity":04`), ""},
		{in(`not-published,corrected`, `corrected,not-published`), `credit: entry: credit: results: "corrected" before "not-published", expected the order of the codes`},
		{in(`"amount":500000`, `"amount":0`), `credit: record "R1": penalty 1: a fine has an amount`},
		{in(`"fine"`, `"warning"`), `credit: record "R1": penalty 1: a warning has no amount`},
		{in(`"fine"`, `"tax"`), `credit: entry: credit: kind of penalty: "tax", expected one of warning, fine, confiscation, suspension, revocation, restriction, other`},
		{in(`["i-1","i-2"]`, `[]`), `credit: record "R1": team: has 0, expected 1 to 20`},
		{in(`["i-1","i-2"]`, `["i-1","i-1"]`), `credit: record "R1": team: has "i-1" twice`},
		{in(`["i-1","i-2"]`, `["i-1","i-3"]`), `credit: record "R1": sign_ins: "i-2" is not of the team`},
		{in(`"item":"licence"`, `"item":"publicity"`), `credit: record "R1": items: has "publicity" twice`},
		{in(`"size":7`, `"size":0`), `credit: record "R1": evidence 1: size: is 0, expected at least 1 byte`},
		{in(`T02:30:00Z`, `T01:00:00Z`), `credit: record "R1": time: from 2026-12-07T01:00:00Z to 2026-12-07T01:00:00Z, expected a later end`},
		{in(`"penalties":[`, `"penalties":null,"penalties":[`), ""},
	} {
		e := Entry{Skip: &Skip{Order: "kept"}}
		err := e.UnmarshalText([]byte(c.text))
		if c.want == "" {
			require.Error(t, err)
		} else {
			require.EqualError(t, err, c.want, c.text)
		}
		require.ErrorAs(t, err, new(*EntryError))
		require.Equal(t, Entry{Skip: &Skip{Order: "kept"}}, e, "unchanged")
	}
	var points *PointsError
	_, err = ParseEntry([]byte(in(`"severity":4`, `"severity":-4`)))
	require.True(t, errors.As(err, &points))
	require.Equal(t, "-4", points.Text)
	_, err = ParseEntry(make([]byte, MaxEntry+1))
	require.EqualError(t, err, "credit: entry: has 1048577 bytes, expected at most 1048576")
	_, err = ParseEntry(bytes.Repeat([]byte("["), MaxEntry))
	require.ErrorContains(t, err, "credit: entry: ")
}

// Each field of each kind of entry is looked at.
func TestValidateRejects(t *testing.T) {
	long := strings.Repeat("x", 1001)
	order := func(change func(*Order)) Entry { o := sampleOrder(t); change(o); return Entry{Order: o} }
	record := func(change func(*Record)) Entry { r := sampleRecord(t); change(r); return Entry{Record: r} }
	evidence := func(change func(*Evidence)) Entry {
		a := &Attachment{Record: "R1", Evidence: sampleEvidence(t)}
		change(&a.Evidence)
		return Entry{Attachment: a}
	}
	for want, e := range map[string]Entry{
		`credit: order "": id: is empty`:                                                                    order(func(o *Order) { o.ID = "" }),
		`credit: order "V1": trigger: is missing`:                                                           order(func(o *Order) { o.Trigger = 0 }),
		`credit: order "V1": source: has 0 bytes, expected 1 to 1000`:                                       order(func(o *Order) { o.Source = "" }),
		`credit: order "V1": items: has 0, expected 1 to 200`:                                               order(func(o *Order) { o.Items = nil }),
		`credit: order "V1": team: has 21, expected 1 to 20`:                                                order(func(o *Order) { o.Team = make([]string, 21) }),
		`credit: order "V1": department: "a b" has the space U+0020 at byte 2`:                              order(func(o *Order) { o.Department = "a b" }),
		`credit: order "V1": declared: is missing`:                                                          order(func(o *Order) { o.Declared = time.Time{} }),
		`credit: order "V1": site: has no datum`:                                                            order(func(o *Order) { o.Site.Datum = 0 }),
		`credit: order "V1": time: from 2026-12-07T04:00:00Z to 2026-12-07T04:00:00Z, expected a later end`: order(func(o *Order) { o.From = o.To }),
		`credit: order "V1": from: 2026-12-07T00:30:00.000000001Z, expected whole seconds in UTC`:           order(func(o *Order) { o.From = o.From.Add(1) }),
		`credit: substitution "V1": in: "a" takes their own place`:                                          {Substitution: &Substitution{"V1", "a", "a", "", at(t, "2026-12-06T09:00:00Z")}},
		`credit: substitution "V1": reason: has 1001 bytes, expected 1 to 1000`:                             {Substitution: &Substitution{"V1", "a", "b", long, at(t, "2026-12-06T09:00:00Z")}},
		`credit: step "R1": state: is missing`:                                                              {Step: &Step{Record: "R1"}},
		`credit: step "R1": on: is missing`:                                                                 {Step: &Step{Record: "R1", State: Open}},
		`credit: publication "R1": on: is missing`:                                                          {Publication: &Publication{Record: "R1"}},
		`credit: attachment "": attachment: record "" and notice "", expected one of them`:                  {Attachment: &Attachment{}},
		`credit: attachment "R1N1": attachment: record "R1" and notice "N1", expected one of them`:          {Attachment: &Attachment{Record: "R1", Notice: "N1"}},
		`credit: attachment "R1": evidence: kind: is missing`:                                               evidence(func(e *Evidence) { e.Kind = 0 }),
		`credit: attachment "R1": evidence: digest: is missing`:                                             evidence(func(e *Evidence) { e.SHA256 = Hash{} }),
		`credit: attachment "R1": evidence: size: is 1125899906842625, expected at most 2^50 bytes`:         evidence(func(e *Evidence) { e.Size = 1<<50 + 1 }),
		`credit: attachment "R1": evidence: keep: is missing`:                                               evidence(func(e *Evidence) { e.Keep = registry.Date{} }),
		`credit: attachment "R1": evidence: where: has no datum`:                                            evidence(func(e *Evidence) { e.Where.Datum = 0 }),
		`credit: attachment "R1": evidence: taken: is missing`:                                              evidence(func(e *Evidence) { e.Taken = time.Time{} }),
		`credit: record "R1": order: "a b" has the space U+0020 at byte 2`:                                  record(func(r *Record) { r.Order = "a b" }),
		`credit: record "R1": severity: 1000001 points, expected at most 1000000`:                           record(func(r *Record) { r.Severity = MaxPoints + 1 }),
		`credit: record "R1": items: "licence" has no result`:                                               record(func(r *Record) { r.Items[1].Results = Results{} }),
		`credit: record "R1": sign_ins: has "i-1" twice`:                                                    record(func(r *Record) { r.SignIns[1].Inspector = "i-1" }),
		`credit: record "R1": sign_ins: where: has a longitude beyond 180 degrees`:                          record(func(r *Record) { r.SignIns[1].Where.Longitude = 180_000001 }),
		`credit: record "R1": sign_ins: at: is missing`:                                                     record(func(r *Record) { r.SignIns[1].At = time.Time{} }),
		`credit: record "R1": penalty 1: kind is missing`:                                                   record(func(r *Record) { r.Penalties[0].Kind = 0 }),
		`credit: record "R1": penalty 1: amount 9007199254740993, expected at most 2^53`:                    record(func(r *Record) { r.Penalties[0].Amount = 1<<53 + 1 }),
		`credit: record "R1": penalty 1: day of the decision is missing`:                                    record(func(r *Record) { r.Penalties[0].On = registry.Date{} }),
		`credit: record "R1": penalty 1: decision: has 0 bytes, expected 1 to 1000`:                         record(func(r *Record) { r.Penalties[0].Decision = "" }),
		`credit: record "R1": penalties: has 201, expected at most 200`:                                     record(func(r *Record) { r.Penalties = make([]Penalty, 201) }),
		`credit: record "R1": evidence: has 201, expected at most 200`:                                      record(func(r *Record) { r.Evidence = make([]Evidence, 201) }),
		`credit: entry: has 2 parts, expected one`:                                                          {Order: sampleOrder(t), Record: sampleRecord(t)},
	} {
		_, err := e.MarshalText()
		require.EqualError(t, err, want)
		a, err := NewArchive(Rules{})
		require.NoError(t, err)
		_, err = a.Add(e)
		require.EqualError(t, err, want)
	}
}

// The greatest and most that is allowed.
func TestValidateLimits(t *testing.T) {
	r := sampleRecord(t)
	r.Severity, r.Penalties[0].Amount = MaxPoints, 1<<53
	for len(r.Evidence) < MaxEvidence {
		r.Evidence = append(r.Evidence, r.Evidence[0])
	}
	for len(r.Penalties) < MaxItems {
		r.Penalties = append(r.Penalties, r.Penalties[0])
	}
	r.Evidence[0].Size = 1 << 50
	require.NoError(t, Entry{Record: r}.Validate())
	text, err := Entry{Record: r}.MarshalText()
	require.NoError(t, err)
	_, err = ParseEntry(text)
	require.NoError(t, err)
}

func FuzzEntry(f *testing.F) {
	for _, e := range samples(f) {
		text, err := e.MarshalText()
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		e := Entry{Skip: &Skip{Order: "kept"}}
		if err := e.UnmarshalText(text); err != nil {
			require.ErrorAs(t, err, new(*EntryError))
			require.Equal(t, Entry{Skip: &Skip{Order: "kept"}}, e, "unchanged")
			return
		}
		again, err := e.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
		a, err := NewArchive(Rules{Inspectors: 2, Distance: 100, KeepMonths: 12})
		require.NoError(t, err)
		_, err = a.Add(e)
		if e.Order == nil && e.Record == nil && (e.Attachment == nil || e.Attachment.Notice == "") {
			require.Error(t, err) // for something that is not there
		}
	})
}
