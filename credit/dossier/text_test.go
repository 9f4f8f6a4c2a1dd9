package dossier

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/stretchr/testify/require"
)

// whole is a file with each kind of line.
const whole = `doublerandom/credit-file/v1
entry E1 on 91370200163562681G: penalty OLD any decided 2026-03-01 by market for 36 months
document 青市监罚〔2026〕17号
basis 《食品安全法》第一百二十六条
summary fined 20,000 yuan
notified 2026-03-02 by letter
objected 2026-03-07 the sum is wrong
rejected 2026-03-20
published 2026-03-20
corrected 2026-03-21 fined 2,000 yuan
repair-applied 2026-10-01
repair-refused 2026-10-05 the fine is not paid
transferred 2026-10-05 to NEW minor for 3 months on request
entry E2 on acme: abnormal-operation NEW listed decided 2026-03-01 by market for 0 months
document 2
basis law
summary not at its address
published 2026-03-01
repair-applied 2026-05-01
repair-granted 2026-05-02
withdrawn 2026-05-03
entry E3 on acme: abnormal-operation NEW listed decided 2026-03-01 by market for 0 months
document 3
basis law
summary not at its address
published 2026-03-01
removed 2026-03-02
entry E4 on acme: penalty OLD any decided 2026-03-01 by market for 3 months
document 4
basis law
summary fined
notified 2026-03-02
objected 2026-03-02
upheld 2026-03-02 it was another company
measure M1 for E1 requested by market executed by fire restricts permit from 2026-05-01 to open lifted by repair
basis memorandum, section 3
feedback 2026-05-03 not done no application
feedback 2026-06-03 done refused
measure M2 for E2 requested by market executed by tax restricts honour from 2026-05-01 to 2026-12-31 not lifted by repair
basis memorandum, section 4
`

func TestText(t *testing.T) {
	rules := rulesOf(t, table)
	f, err := rules.ParseFile([]byte(whole))
	require.NoError(t, err)
	text, err := f.MarshalText()
	require.NoError(t, err)
	require.Equal(t, whole, string(text))
	for e := range f.Entries() {
		text, err := e.MarshalText()
		require.NoError(t, err)
		again, err := rules.ParseEntry(text)
		require.NoError(t, err)
		require.Equal(t, e, again)
	}
	for m := range f.Measures() {
		text, err := m.MarshalText()
		require.NoError(t, err)
		again, err := ParseMeasure(text)
		require.NoError(t, err)
		require.Equal(t, m, again)
	}
	_, err = Measure{ID: "M"}.MarshalText()
	require.EqualError(t, err, `dossier: measure "M": the entry is empty`)
}

func TestParseFileRefuses(t *testing.T) {
	rules := rulesOf(t, table)
	for _, c := range []struct{ name, old, new, want string }{
		{"header", "/v1", "/v2", `line 1: "doublerandom/credit-file/v2": expected "doublerandom/credit-file/v1" and the end of the line`},
		{"bad date", "decided 2026-03-01 by", "decided 2026-02-30 by", `line 2: date "2026-02-30": day 30 is outside 1–28 of February 2026`},
		{"short date", "notified 2026-03-02", "notified 2026-3-02", `line 6: date "2026-3-02": expected YYYY-MM-DD`},
		{"no date", "published 2026-03-20", "published", `line 9: date "": expected YYYY-MM-DD`},
		{"negative months", "for 36 months", "for -36 months", `line 2: "-36 months": expected a number, 0 to 2147483647, without leading zeros`},
		{"leading zero", "for 36 months", "for 036 months", `line 2: "036 months": expected a number, 0 to 2147483647, without leading zeros`},
		{"plus", "for 36 months", "for +36 months", `line 2: "+36 months": expected a number, 0 to 2147483647, without leading zeros`},
		{"large", "for 36 months", "for 99999999999 months", `line 2: "99999999999 months": expected a number, 0 to 2147483647, without leading zeros`},
		{"period", "for 36 months", "for 37 months", `line 2: entry "E1": 37 months under penalty OLD any, expected 3 to 36`},
		{"norm of another day", "decided 2026-03-01 by", "decided 2026-04-01 by", `line 2: no rule for penalty OLD any on 2026-04-01, only from 2020-01-01 to 2026-03-31`},
		{"kind", ": penalty OLD", ": fine OLD", `line 2: "fine OLD any decided 2026-03-01 by market for 36 months": expected a kind`},
		{"no colon", "G: penalty", "G penalty", `line 2: "91370200163562681G penalty OLD any decided 2026-03-01 by market for 36 months": expected ": " behind it`},
		{"two spaces", "E1 on 9", "E1 on  9", `line 2: entry "E1": the entity " 91370200163562681G" has the space U+0020 at byte 1`},
		{"trailing space", "for 36 months", "for 36 months ", `line 2: " ": expected the end of the line`},
		{"space behind an event", "rejected 2026-03-20\n", "rejected 2026-03-20 \n", `line 8: it is not in its one spelling`},
		{"space behind a text", "by letter\n", "by letter \n", `line 6: entry "E1": event notified: the text has a space at its beginning or end`},
		{"carriage return", "by letter\n", "by letter\r\n", `line 6: entry "E1": event notified: the text has the control character U+000D at byte 10`},
		{"action", "rejected 2026", "denied 2026", `line 8: "denied 2026-03-20": expected an event, or the next entry or measure`},
		{"order of events", "rejected 2026-03-20", "rejected 2026-03-01", `line 8: entry "E1": contested, rejected on 2026-03-01: dates go back from 2026-03-07`},
		{"twice", "corrected 2026-03-21 fined 2,000 yuan", "published 2026-03-21", `line 10: entry "E1": in public, published on 2026-03-21: not possible in this state`},
		{"transfer", "NEW minor for 3 months", "NEW minor for 3 days", `line 13: "days on request": expected "months"`},
		{"transfer period", "NEW minor for 3 months", "NEW minor for 4 months", `line 13: entry "E1": 4 months under penalty NEW minor, expected 0 to 3`},
		{"transfer text", "3 months on request", "3 monthson request", `line 13: "on request": expected " "`},
		{"missing line", "document 2\n", "", `line 15: "basis law": expected document`},
		{"empty line", "entry E2", "\nentry E2", `line 14: "": expected an event, or the next entry or measure`},
		{"order of entries", "entry E2 on", "entry E0 on", `line 14: entry "E0" is not in order of IDs`},
		{"entry twice", "entry E2 on", "entry E1 on", `line 14: entry "E1" is not in order of IDs`},
		{"document twice", "document 3", "document 2", `entries "E2" and "E3" are of the same document`},
		{"order of measures", "measure M2 for", "measure M0 for", `line 39: measure "M0" is not in order of IDs`},
		{"entry of measure", "M2 for E2", "M2 for E9", `measure "M2": entry "E9" is not there`},
		{"repair", "not lifted by repair", "nor lifted by repair", `line 39: "nor lifted by repair": expected "lifted by repair"`},
		{"to", "to 2026-12-31 not", "to never not", `line 39: date "never": expected YYYY-MM-DD`},
		{"order of days", "to 2026-12-31 not", "to 2026-04-30 not", `line 39: measure "M2": the last day 2026-04-30 is before the first, 2026-05-01`},
		{"feedback", "not done no", "undone no", `line 37: "undone no application": expected "done "`},
		{"order of feedback", "2026-06-03 done", "2026-05-01 done", `line 35: measure "M1": the report of 2026-05-01 is before 2026-05-03`},
		{"trailing data", "section 4\n", "section 4\nx\n", `line 41: "x" is not expected here`},
		{"no end of line", "section 4\n", "section 4", `line 40: it is not in its one spelling`},
	} {
		text := strings.Replace(whole, c.old, c.new, 1)
		require.NotEqual(t, whole, text, c.name)
		f, err := rules.ParseFile([]byte(text))
		require.Nil(t, f)
		require.EqualError(t, err, "dossier: "+c.want, c.name)
		if strings.HasPrefix(c.want, "line ") {
			require.ErrorAs(t, err, new(*ParseError), c.name)
		}
	}
	_, err := rules.ParseFile([]byte(fileHeader))
	require.EqualError(t, err, `dossier: line 1: "doublerandom/credit-file/v1": expected "doublerandom/credit-file/v1" and the end of the line`)
	var wrapped *PeriodError
	_, err = rules.ParseFile([]byte(strings.Replace(whole, "for 36 months", "for 37 months", 1)))
	require.ErrorAs(t, err, &wrapped)
	require.Equal(t, 37, wrapped.Months)
}

func TestParseRulesRefuses(t *testing.T) {
	const rule = "rule penalty N c from 2026-04-01 to open notice 5 days publish within 20 days counted from decision for 3..12 months repair after 3 months"
	const text = rulesHeader + "\nnorm N a norm\nnorm O another\n" + rule + "\ntransition penalty N O from 2026-04-01\n"
	rulesOf(t, text)
	for _, c := range []struct{ name, old, new, want string }{
		{"empty", text, "", "line 1: it is not in its one spelling or place"},
		{"header", "/v1", "/v1 ", `line 1: "doublerandom/credit-rules/v1 ": expected header doublerandom/credit-rules/v1, norm, rule or transition`},
		{"bad date", "from 2026-04-01 to", "from 2026-04-31 to", `line 4: date "2026-04-31": day 31 is outside 1–30 of April 2026`},
		{"negative", "notice 5 days", "notice -5 days", `line 4: "-5 days publish within 20 days counted from decision for 3..12 months repair aft"… (91 bytes): expected a number, 0 to 2147483647, without leading zeros`},
		{"no notice", "notice 5 days", "notice 0 days", `line 4: it is not in its one spelling or place`},
		{"any time", "within 20 days", "within 0 days", `line 4: it is not in its one spelling or place`},
		{"count", "counted from", "counted since", `line 4: "for 3..12 months repair after 3 months": expected from or after, and decision or publication`},
		{"range", "3..12", "3-12", `line 4: "3-12 months repair after 3 months": expected a number, 0 to 2147483647, without leading zeros`},
		{"order of range", "3..12", "13..12", `rule for penalty N c: the shortest period in months is 13, expected 0 to 12`},
		{"end", "after 3 months\n", "after 3 months \n", `line 4: " ": expected the end of the line`},
		{"no repair", "repair after 3 months", "no repair at all", `line 4: " at all": expected the end of the line`},
		{"unknown norm", "norm N a norm\n", "", `rule for penalty N c: norm "N" is not listed`},
		{"order", "norm N a norm\nnorm O another\n", "norm O another\nnorm N a norm\n", `line 2: it is not in its one spelling or place`},
		{"overlap", rule, rule + "\n" + strings.Replace(rule, "2026-04-01", "2026-05-01", 1), `rules for penalty N c: the one from 2026-04-01 to open and the one from 2026-05-01 to open overlap`},
		{"same rule twice", rule, rule + "\n" + rule, `rules for penalty N c: the one from 2026-04-01 to open and the one from 2026-04-01 to open overlap`},
		{"no end of line", "from 2026-04-01\n", "from 2026-04-01", `line 5: it is not in its one spelling or place`},
		{"empty line", "norm O", "\nnorm O", `line 3: "": expected header doublerandom/credit-rules/v1, norm, rule or transition`},
	} {
		bad := strings.Replace(text, c.old, c.new, 1)
		require.NotEqual(t, text, bad, c.name)
		r, err := ParseRules([]byte(bad))
		require.Nil(t, r)
		require.EqualError(t, err, "dossier: "+c.want, c.name)
	}
}

// TestSizes gives texts over the limits, none of which is looked into.
func TestSizes(t *testing.T) {
	_, err := ParseRules(make([]byte, maxRulesText+1))
	require.EqualError(t, err, "dossier: rules have 16777217 bytes, expected at most 16777216")
	_, err = ChineseRules().ParseEntry(make([]byte, maxEntryText+1))
	require.EqualError(t, err, "dossier: entry has 2097153 bytes, expected at most 2097152")
	_, err = ParseMeasure(make([]byte, maxMeasureText+1))
	require.EqualError(t, err, "dossier: measure has 2097153 bytes, expected at most 2097152")

	// The largest entry and the largest measure fit.
	long := strings.Repeat("长", 333)
	d := decision("E", AbnormalOperation, "NEW", "listed", "2025-03-03", 0)
	d.Document, d.Basis, d.Summary = long, long, long
	rules := rulesOf(t, table)
	e := enter(t, rules, d, Event{Action: Published, Date: d.Date, Text: long})
	m := measure("M", "E")
	for range maxEvents - 1 {
		require.NoError(t, e.add(Event{Action: Corrected, Date: d.Date, Text: long}))
	}
	for range maxFeedback {
		m.Feedback = append(m.Feedback, Feedback{m.From, true, long})
	}
	text, _ := e.MarshalText()
	_, err = rules.ParseEntry(text)
	require.NoError(t, err)
	text, err = m.MarshalText()
	require.NoError(t, err)
	_, err = ParseMeasure(text)
	require.NoError(t, err)
	_, err = ParseMeasure(append(text, "feedback 2026-05-01 done x\n"...))
	require.EqualError(t, err, `dossier: line 1: measure "M": 1001 reports, expected at most 1000`)
}

func TestNames(t *testing.T) {
	for k := Penalty; k <= InspectionResult; k++ {
		got, err := ParseKind(k.String())
		require.NoError(t, err)
		require.Equal(t, k, got)
	}
	for _, s := range []string{"", "Penalty", "penalty ", "Kind(7)"} {
		_, err := ParseKind(s)
		require.EqualError(t, err, "dossier: kind "+label.Quote(s)+" is not known")
	}
	require.Equal(t, "Kind(7) State(77) Action(77) Ending(7) Turn(77) Count(7)",
		strings.Join([]string{Kind(7).String(), State(77).String(), Action(77).String(), Ending(7).String(), Turn(77).String(), Count(7).String()}, " "))
	require.Equal(t, "", Kind(0).String()+State(0).String()+Action(0).String()+Turn(0).String()+Count(0).String())
}

func FuzzParseRules(f *testing.F) {
	f.Add([]byte(table))
	f.Add([]byte(chineseRules))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := ParseRules(text)
		if err != nil {
			require.Nil(t, r)
			require.True(t, strings.HasPrefix(err.Error(), "dossier: "))
			return
		}
		again, err := r.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
	})
}

func FuzzParseFile(f *testing.F) {
	f.Add([]byte(whole))
	rules, err := ParseRules([]byte(table))
	require.NoError(f, err)
	first, last := day("2019-12-31"), day("2032-01-01")
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := rules.ParseFile(text)
		if err != nil {
			require.Nil(t, file)
			require.True(t, strings.HasPrefix(err.Error(), "dossier: "))
			return
		}
		again, err := file.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
		public := map[string]bool{} // each entry appears and disappears in turn
		for _, c := range file.Changes(first, int(std(last).Sub(std(first)).Hours())/24) {
			if id := c.Entry.Decision().ID; c.Turn == Appears || c.Turn == Disappears {
				require.Equal(t, c.Turn == Disappears, public[id])
				public[id] = c.Turn == Appears
				require.Equal(t, public[id], c.Entry.Public(c.Date))
			}
		}
	})
}

func FuzzParseEntry(f *testing.F) {
	_, entry, _ := strings.Cut(whole, "\n")
	for part := range strings.SplitSeq(entry, "\nentry ") {
		f.Add([]byte("entry " + strings.TrimPrefix(part, "entry ") + "\n"))
	}
	rules, err := ParseRules([]byte(table))
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := rules.ParseEntry(text)
		if err != nil {
			require.Nil(t, e)
			require.True(t, errors.As(err, new(*ParseError)) || len(text) > maxEntryText)
			return
		}
		require.Equal(t, string(text), string(e.appendText(nil)))
		again := enter(t, rules, e.Decision())
		for event := range e.Events() { // as by hand, one by one
			again, err = again.Add(event)
			require.NoError(t, err)
		}
		require.Equal(t, e, again)
	})
}

func FuzzParseMeasure(f *testing.F) {
	for _, part := range strings.SplitAfter(whole, "\nmeasure ")[1:] {
		f.Add([]byte("measure " + strings.TrimSuffix(part, "measure ")))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := ParseMeasure(text)
		if err != nil {
			require.Equal(t, Measure{}, m)
			require.True(t, strings.HasPrefix(err.Error(), "dossier: "))
			return
		}
		again, err := m.MarshalText()
		require.NoError(t, err)
		require.True(t, bytes.Equal(text, again))
	})
}
