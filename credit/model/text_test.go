package model

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func TestTextOfRandomModels(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	for range 5_000 {
		d := randomDefinition(rng)
		m, err := New(d)
		require.NoError(t, err)
		text := textOf(t, m)
		again := parse(t, text)
		require.Equal(t, m, again)
		require.Equal(t, text, textOf(t, again))
	}
}

// TestLargestText writes the longest model that there can be, and reads it.
func TestLargestText(t *testing.T) {
	long := func(kind string, i int) string {
		return fmt.Sprintf("%s%02d", kind, i) + strings.Repeat("x", 64-len(kind)-2)
	}
	d := Definition{Name: long("n", 0), Version: 1<<32 - 1, From: date("2020-01-01"), To: date("9999-12-31"), Title: strings.Repeat("x", 1000), Latest: true}
	for i := range MaxTimes {
		times := Times{Label: long("t", i), Else: MaxTime, Divisor: MaxTime, RoundUp: true}
		for s := range MaxSteps {
			times.Steps = append(times.Steps, Step{MaxMonths - MaxSteps + 1 + s, MaxTime})
		}
		d.Times = append(d.Times, times)
	}
	for i := range MaxTerms {
		term := Term{Label: long("x", i), Once: true, Factor: MaxFactor, VisitMost: MaxLimit, Times: long("t", i%MaxTimes), Least: MaxLimit, Most: MaxLimit}
		for r := range uint32(MaxRanges) {
			term.Points = append(term.Points, Range{MaxPoints - 3*(MaxRanges-r) + 2, MaxPoints - 3*(MaxRanges-r) + 3})
		}
		d.Terms = append(d.Terms, term)
	}
	for i := range MaxClasses {
		c := Class{Label: long("c", i), Total: MaxLimit, EachTerm: MaxLimit - MaxClasses + uint64(i), Rate: registry.WholePPM, Weight: MaxWeight}
		if i == MaxClasses-1 {
			c.Total, c.EachTerm = NoLimit, NoLimit
		}
		d.Classes = append(d.Classes, c)
	}
	m, err := New(d)
	require.NoError(t, err)
	text := textOf(t, m)
	require.Equal(t, text, textOf(t, parse(t, text)))
	require.Less(t, len(text), maxText)
	require.Equal(t, d, m.Definition())

	for _, tt := range []struct{ sort, want string }{
		{"times y else 1\n", "model: line 21: 17 or more of a sort, expected at most 16"},
		{"term y points 1\n", "model: line 85: 65 or more of a sort, expected at most 64"},
		{"class y otherwise rate 1 weight 1\n", "model: line 117: 33 or more of a sort, expected at most 32"},
	} {
		sort, _, _ := strings.Cut(tt.sort, " ")
		at := strings.LastIndex(text, "\n"+sort+" ") + 1
		end := at + strings.Index(text[at:], "\n") + 1
		_, err := Parse([]byte(text[:end] + tt.sort + text[end:]))
		require.EqualError(t, err, tt.want)
	}
}

func TestParseErrors(t *testing.T) {
	_, err := Parse(bytes.Repeat([]byte("x"), maxText+1))
	require.EqualError(t, err, "model: text has 131073 bytes, expected at most 131072")
	for _, tt := range []struct{ name, old, new, want string }{
		{"header", "v1\n", "v2\n", `model: line 1: "doublerandom/risk-model/v2": expected "doublerandom/risk-model/v1"`},
		{"version with a zero", "version 1", "version 01", `model: line 2: "01 from 2020-01-01 to open": expected a number, 0 to 4294967295, without leading zeros`},
		{"version 0", "version 1", "version 0", `model: "carriers": version 0, expected 1 or more`},
		{"version too large", "version 1", "version 4294967296", `model: line 2: "4294967296 from 2020-01-01 to open": expected a number, 0 to 4294967295, without leading zeros`},
		{"bad date", "2020-01-01", "2020-02-30", `model: line 2: first day of model: date "2020-02-30", expected YYYY-MM-DD`},
		{"bad last date", "to open", "to 2020-1-1", `model: line 2: last day of model: date "2020-1-1", expected YYYY-MM-DD`},
		{"open first day", "from 2020-01-01", "from open", `model: line 2: first day of model: date "open", expected YYYY-MM-DD`},
		{"ends before it begins", "to open", "to 2019-12-31", `model: last day of model "carriers": date "2019-12-31", expected a date not before the first day, 2020-01-01`},
		{"no title", "title For tests", "title ", `model: "carriers": title has 0 bytes, expected 1 to 1000`},
		{"facts", "facts all", "facts some", `model: line 4: "facts some": expected "facts all"`},
		{"negative time weight", "within 12 months 2; within", "within 12 months -2; within", `model: line 5: time weights "sms": negative points "-2", expected 0 to 1000`},
		{"large time weight", "else 0", "else 1001", `model: line 5: time weights "sms": points "1001", expected 0 to 1000`},
		{"steps not ascending", "within 12 months 2; within 24", "within 12 months 2; within 12", `model: "carriers": time weights "sms": 12 months after 12, expected ascending`},
		{"step of no months", "within 6", "within 0", `model: "carriers": time weights "sms": 0 months, expected 1 to 1200`},
		{"division by one", "divided by 2", "divided by 1", "model: line 6: not in its one spelling or place"},
		{"division by none", "divided by 2", "divided by 0", `model: "carriers": time weights "halves": divided by 0, expected 1 to 1000`},
		{"rounded", "rounded down", "rounded off", `model: line 6: "off": expected "down"`},
		{"unused times", " weighted halves", "", `model: "carriers": time weights "halves": no term uses them`},
		{"unknown times", "weighted halves", "weighted thirds", `model: "carriers": term "lights": time weights "thirds" are not in the model`},
		{"times twice", "times halves", "times sms", `model: "carriers": term "lights": time weights "halves" are not in the model`},
		{"negative points", "points 0,2..5", "points -1,2..5", `model: line 9: term "lights": negative points "-1", expected 0 to 10000`},
		{"negative range", "points 0,2..5", "points 0,-2..5", `model: line 9: term "lights": negative points "-2..5", expected 0 to 10000`},
		{"points above", "points 0,2..5", "points 0,2..10001", `model: line 9: term "lights": points "2..10001", expected 0 to 10000`},
		{"points with a zero", "points 0,2..5", "points 00,2..5", `model: line 9: term "lights": points "00", expected 0 to 10000`},
		{"points backwards", "points 0,2..5", "points 0,5..2", `model: "carriers": term "lights": points 5..2 run backwards`},
		{"points without a gap", "points 0,2..5", "points 0,1..5", `model: "carriers": term "lights": points 0 and 1..5, expected ascending with a gap`},
		{"points overlapping", "points 0,2..5", "points 0,2..5,5..6", `model: "carriers": term "lights": points 2..5 and 5..6, expected ascending with a gap`},
		{"points spelled as range", "points 7", "points 7..7", "model: line 10: not in its one spelling or place"},
		{"no points", "points 7", "points", `model: line 10: term "permit": points "at", expected 0 to 10000`},
		{"negative factor", "factor 5", "factor -5", `model: line 8: term "speeding": negative points "-5", expected 0 to 1000`},
		{"factor 1", "factor 5", "factor 1", "model: line 8: not in its one spelling or place"},
		{"factor 0", "factor 5", "factor 0", `model: "carriers": term "speeding": factor 0, expected 1 to 1000`},
		{"negative floor", "at least 4", "at least -4", `model: line 10: term "permit": negative points "-4", expected 0 to 1000000000000`},
		{"floor above cap", "at least 4", "at least 4 at most 3", `model: "carriers": term "permit": at most 3 is below at least 4`},
		{"cap of none", "at most 100\n", "at most 0\n", "model: line 7: not in its one spelling or place"},
		{"cap too large", "at most 100\n", "at most 1000000000001\n", `model: line 7: term "brakes": points "1000000000001", expected 0 to 1000000000000`},
		{"visit out of place", "visit at most 30 weighted sms", "weighted sms visit at most 30", `model: line 7: "visit at most 30 at most 100": expected the end of the line`},
		{"term twice", "term permit", "term lights", `model: "carriers": term "lights" is there twice`},
		{"space behind", "factor 5 weighted sms\n", "factor 5 weighted sms \n", "model: line 8: not in its one spelling or place"},
		{"two spaces", "term lights ", "term  lights ", `model: line 9: "lights points 0,2..5 weighted halves": expected "points "`},
		{"CR", "factor 5 weighted sms\n", "factor 5 weighted sms\r\n", `model: "carriers": term "speeding": time weights "sms\r" are not in the model`},
		{"negative limit", "total at most 50", "total at most -1", `model: line 11: class "low": negative points "-1", expected 0 to 1000000000000`},
		{"rate 0", "rate 20000", "rate 0", `model: "carriers": class "medium": rate 0, expected 1 or more: nobody is exempt`},
		{"weight 0", "weight 1\n", "weight 0\n", `model: "carriers": class "low": weight 0, expected 1 or more: nobody is exempt`},
		{"rate above all", "rate 20000", "rate 1000001", `model: line 12: "1000001 weight 2": expected a number, 0 to 1000000, without leading zeros`},
		{"weight too large", "weight 2", "weight 1000000001", `model: line 12: "1000000001": expected a number, 0 to 1000000000, without leading zeros`},
		{"falling limits", "total at most 200", "total at most 49", `model: "carriers": class "medium": a limit is below that of class "low"`},
		{"falling limit on a term", "each term at most 80", "each term at most 49", `model: "carriers": class "medium": a limit is below that of class "low"`},
		{"the same limits", "total at most 200 each term at most 80", "total at most 50", `model: "carriers": class "medium": the limits are those of class "low"`},
		{"no limit", "total at most 50", "otherwise", `model: "carriers": class "low": no limits, so that nobody is in the next class`},
		{"limits to the end", "otherwise", "total at most 300", `model: "carriers": class "high": limits in the last class, which is for all others`},
		{"no condition", "total at most 50 ", "", `model: line 11: "rate 10000 weight 1": expected otherwise, total at most or each term at most`},
		{"class twice", "class medium", "class low", `model: "carriers": class "low": there twice`},
		{"semicolon", "class medium", "class a;b", `model: "carriers": class "a;b": label has a ";"`},
		{"other line", "term permit", "turm permit", `model: line 10: "turm permit points 7 at least 4": expected times, term or class`},
		{"empty line", "class low", "\nclass low", `model: line 11: "": expected times, term or class`},
		{"class before term", "term permit points 7 at least 4\n", "class x total at most 1 rate 1 weight 1\nterm permit points 7\n", `model: line 10: not in its one spelling or place`},
		{"text behind", "weight 3\n", "weight 3\n\n", `model: line 14: "": expected times, term or class`},
		{"no LF at the end", "weight 3\n", "weight 3", "model: line 13: not in its one spelling or place"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, 1, strings.Count(carriers, tt.old), "the text to change is there once")
			_, err := Parse([]byte(strings.Replace(carriers, tt.old, tt.new, 1)))
			require.EqualError(t, err, tt.want)
		})
	}
	for text, want := range map[string]string{
		"":            "model: line 1: end of text, expected 4 lines and terms and classes",
		header + "\n": "model: line 2: end of text, expected 4 lines and terms and classes",
		carriers[:80]: `model: line 3: "titl": expected "title "`,
		carriers[:strings.Index(carriers, "\nfacts ")+1]: "model: line 4: end of text, expected 4 lines and terms and classes",
		header + "\nmodel ": `model: line 2: "": expected "version "`,
	} {
		_, err := Parse([]byte(text))
		require.EqualError(t, err, want)
	}
}

// TestParseErrorTypes finds the named errors below the line.
func TestParseErrorTypes(t *testing.T) {
	at := func(old, new string, target any) {
		t.Helper()
		_, err := Parse([]byte(strings.Replace(carriers, old, new, 1)))
		require.ErrorAs(t, err, target)
	}
	var line *ParseError
	at("points 7", "points -7", &line)
	require.Equal(t, 10, line.Line)
	var points *PointsError
	at("points 7", "points -7", &points)
	require.Equal(t, &PointsError{`term "permit"`, "-7", "0 to 10000"}, points)
	var day *DateError
	at("2020-01-01", "2020-13-01", &day)
	require.Equal(t, &DateError{"first day of model", "2020-13-01", "YYYY-MM-DD"}, day)
	var exempt *ExemptError
	at("weight 3", "weight 0", &exempt)
	require.Equal(t, &ExemptError{"carriers", "high", "weight"}, exempt)
}

// TestID fixes the ID of a text: it is what sha256sum says.
func TestID(t *testing.T) {
	id, err := parse(t, carriers).ID(sha256.New)
	require.NoError(t, err)
	require.Equal(t, sha256.Sum256([]byte(carriers)), id)
	require.Len(t, hex.EncodeToString(id[:]), 64)
	_, err = parse(t, carriers).ID(nil)
	require.EqualError(t, err, "model: hash function is nil")
}

func FuzzParse(f *testing.F) {
	for _, text := range [...]string{carriers, fhrs, nyc, fmcsa, china4, china5} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := Parse(text)
		if err != nil {
			require.Nil(t, m)
			require.True(t, strings.HasPrefix(err.Error(), "model: "), err.Error())
			require.NotContains(t, err.Error(), "\n")
			return
		}
		require.Equal(t, string(text), textOf(t, m))
		again, err := New(m.Definition())
		require.NoError(t, err)
		require.Equal(t, m, again)
		for c := range m.Classes() {
			require.NotZero(t, c.Weight)
			require.NotZero(t, c.Rate)
		}
	})
}
