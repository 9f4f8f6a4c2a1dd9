package journal

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestRecordProblem(t *testing.T) {
	deep := func(n int) string {
		return strings.Repeat(`{"a":[`, n/2) + strings.Repeat(`]}`, n/2)
	}
	for _, good := range []string{
		`{}`, `{"":""}`, `{ "a" : 1 , "b" : [ ] , "c" : { } }`, `{"a":[1,-0,0.5,-1.25e-10,1E+2,0e0]}`, `{"a":[true,false,null,[],{},[[]]]}`,
		`{"市":"\u5e02\"\\\/\b\f\n\r\t\uD83d\ude00"}`, `{"a":1,"a":2}`, deep(64), "{\"a\":\"\u00a0\ufeff\U0010ffff\"}",
	} {
		require.Empty(t, recordProblem([]byte(good)), good)
	}
	for _, tt := range []struct{ in, want string }{
		{``, "is not an object in JSON from brace to brace"},
		{`[]`, "is not an object in JSON from brace to brace"},
		{` {}`, "is not an object in JSON from brace to brace"},
		{`{} `, "is not an object in JSON from brace to brace"},
		{`{`, "is not an object in JSON from brace to brace"},
		{`{}}`, "is not JSON at byte 3, '}'"},
		{`{},{}`, "is not JSON at byte 3, ','"},
		{`{"a":1,}`, "is not JSON at byte 8, '}'"},
		{`{,"a":1}`, "is not JSON at byte 2, ','"},
		{`{"a"}`, "is not JSON at byte 5, '}'"},
		{`{"a":}`, "is not JSON at byte 6, '}'"},
		{`{"a":1 2}`, "is not JSON at byte 8, '2'"},
		{`{"a":01}`, "is not JSON at byte 7, '1'"},
		{`{"a":1.}`, "is not JSON at byte 8, '}'"},
		{`{"a":.5}`, "is not JSON at byte 6, '.'"},
		{`{"a":1e}`, "is not JSON at byte 8, '}'"},
		{`{"a":+1}`, "is not JSON at byte 6, '+'"},
		{`{"a":-}`, "is not JSON at byte 7, '}'"},
		{`{"a":NaN}`, "is not JSON at byte 6, 'N'"},
		{`{"a":trux}`, "is not JSON at byte 9, 'x'"},
		{`{"a":[1,]}`, "is not JSON at byte 9, ']'"},
		{`{"a":[1}}`, "is not JSON at byte 8, '}'"},
		{`{"a":{]}`, "is not JSON at byte 7, ']'"},
		{`{a:1}`, "is not JSON at byte 2, 'a'"},
		{`{"a":'b'}`, "is not JSON at byte 6, '\\''"},
		{`{"a":"}`, "is not JSON: it ends too early, after byte 7"},
		{`{"a":{}`, "is not JSON: it ends too early, after byte 7"},
		{`{"a":"\x"}`, "is not JSON at byte 8, 'x'"},
		{`{"a":"\u12g4"}`, "is not JSON at byte 11, 'g'"},
		{`{"a":"\u123"}`, "is not JSON at byte 12, '\"'"},
		{`{"a":"\u12}`, "is not JSON at byte 11, '}'"},
		{"{\"a\":\"\n\"}", "has the control character U+000A at byte 7"},
		{"{\t}", "has the control character U+0009 at byte 2"},
		{"{\"a\":\"\x7f\"}", "has the control character U+007F at byte 7"},
		{"{\"a\":\"é\u0085\"}", "has the control character U+0085 at byte 9"},
		{"{\"a\":\"\u2028\"}", "has the control character U+2028 at byte 7"},
		{"{\"a\":\"\u2029\"}", "has the control character U+2029 at byte 7"},
		{"{\"a\":\"\xff\"}", "is not valid UTF-8 at byte 7"},
		{"{\"a\":\"\xed\xa0\x80\"}", "is not valid UTF-8 at byte 7"},
		{"{\"a\":\xff}", "is not valid UTF-8 at byte 6"},
		{deep(66), "has objects and lists more than 64 deep at byte 193"},
	} {
		require.Equal(t, tt.want, recordProblem([]byte(tt.in)), tt.in)
	}
}

// slowRecord says what a record is by encoding/json and package unicode.
func slowRecord(p []byte) bool {
	if !json.Valid(p) || !utf8.Valid(p) || len(p) > MaxRecord || p[0] != '{' || p[len(p)-1] != '}' {
		return false
	}
	for _, r := range string(p) {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return false
		}
	}
	depth := 0
	d := json.NewDecoder(bytes.NewReader(p))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			return depth == 0
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > 64 {
				return false
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
}

// TestRecordAgainstJSON compares the scanner with encoding/json on texts of the
// pieces of JSON, right and wrong.
func TestRecordAgainstJSON(t *testing.T) {
	pieces := []string{
		"{", "}", "[", "]", ":", ",", " ", `"`, `"a"`, `"a":`, "0", "1", "-", ".5", "e+1", "E", "true", "false", "null", "tru",
		`\`, `\n`, `\u00e9`, `\u12`, "é", "\xff", "\n", "\u0085", "\u2028", `"":{`, `"x":[`, "{}", "[]",
	}
	r := rand.New(rand.NewPCG(1, 2))
	records := 0
	for range 300_000 {
		p := []byte("{")
		for range r.IntN(8) {
			p = append(p, pieces[r.IntN(len(pieces))]...)
		}
		p = append(p, '}')
		want := slowRecord(p)
		require.Equal(t, want, recordProblem(p) == "", "%q", p)
		if want {
			records++
		}
	}
	require.Greater(t, records, 1000)
}

func FuzzRecord(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":[1,-0.5e+7,"\u5e02",{},null]}`, `{"a":"` + "\u2028" + `"}`, "{\"\xff\":1}", strings.Repeat(`{"a":[`, 33)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		require.Equal(t, len(p) > 0 && slowRecord(p), recordProblem(p) == "")
	})
}
