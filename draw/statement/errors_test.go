package statement

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestErrors replaces a part of a sample and expects the exact error.
func TestErrors(t *testing.T) {
	for _, tt := range []struct{ kind, old, new, err string }{
		{"series", "authority 青岛市市场监督管理局", "authority ", "line 2: authority has 0 bytes, expected 1 to 1000"},
		{"series", "authority 青", "authority  青", "line 2: authority has a space at its beginning or end"},
		{"series", "authority 青", "authority \u2028青", "line 2: authority has the control character U+2028 at byte 1"},
		{"series", "created 2026-01-02T03:04:05Z", "created 2026-02-30T03:04:05Z", `line 4: created "2026-02-30T03:04:05Z" is not an instant such as 2026-11-24T03:00:00Z`},
		{"series", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05+00:00", `line 4: created "2026-01-02T03:04:05+00:00" is not an instant such as 2026-11-24T03:00:00Z`},
		{"series", "suite sha256", "suite sha 256", `line 5: suite "sha 256" has the space U+0020 at byte 4`},
		{"series", "contributor chamber", "contributor zebra", `contributor "press" comes after "zebra", expected ascending bytes`},
		{"series", "contributor chamber", "contributor press", `contributor "press" is listed twice`},
		{"series", "chain press 881", "chain nobody 881", `chain of "nobody", who is no contributor`},
		{"series", "chain press 881", "chain press 100001", "line 9: chain 100001, expected 1 to 100000"},
		{"series", "quorum 1", "quorum 2", "quorum 2 of 1 witnesses"},
		{"series", "minimum 1", "minimum 3", "minimum of 3 contributions from 2 contributors"},
		{"series", "minimum 1", "minimum 01", `line 12: minimum "01" is not a whole number in plain decimal digits`},
		{"series", "outage wait", "outage maybe", `line 17: outage "maybe", expected void or wait`},
		{"series", "outage wait\n", "", `line 17: missing, expected "outage"`},
		{"series", "outage wait\n", "outage wait\nmore\n", `line 18: "more" follows, expected the end`},
		{"series", "outage wait\n", "outage wait", "text does not end with a newline: it is cut off"},
		{"series", "doublerandom/series/v1", "doublerandom/series/v2", `line 1: "doublerandom/series/v2", expected "doublerandom/series/v1"`},
		{"notice", "number 3", "number 1", "earlier draw 1 of notice 1"},
		{"notice", "earlier 2", "earlier 1", "earlier draw 1 comes after 1, expected ascending"},
		{"notice", "previous " + hexOf(2), "previous none", "number 3 with previous none"},
		{"notice", "mode sealed", "mode open", "mode open with secret " + hexOf(10)},
		{"notice", "secret " + hexOf(10), "secret none", "mode sealed with secret none"},
		{"notice", "beacon drand-quicknet 1000", "beacon none 1000", "beacon and round must both be there or both be none"},
		{"notice", "pulse-at 2026-01-02T03:00:30Z", "pulse-at 2026-01-02T03:00:00Z", "close-by is not before pulse-at: who closes could know the beacon's value"},
		{"notice", "reveal-by 2026-01-02T02:00:00Z", "reveal-by 2026-01-02T00:30:00Z", "reveal-by is before commit-by"},
		{"notice", "minimum 1", "minimum 3", "minimum of 3 contributions from 2 contributors"},
		{"notice", "withheld 1", "withheld 3", "3 withheld reveals allowed from 2 contributors"},
		{"notice", "plan " + hexOf(5), "plan " + strings.ToUpper(hexOf(0xaa)), `line 9: plan "` + strings.ToUpper(hexOf(0xaa)) + `" is not 64 lower-case hexadecimal digits`},
		{"notice", "plan " + hexOf(5), "plan " + strings.Repeat("0", 64), "line 9: plan is all zeros, which no hash is"},
		{"notice", "frame salted " + hexOf(6) + " 1081742", "frame salted " + hexOf(6), `line 10: "frame salted ` + hexOf(6) + `" has 2 fields, expected 3`},
		{"notice", "1081742", "0", "line 10: frame 0, expected 1 to 9223372036854775807"},
		{"close", "missing other", "missing chamber", `"chamber" is both counted and missing`},
		{"close", "no-commit none", "no-commit " + hexOf(9), `"third" is missing for no-commit, but its commit is named`},
		{"pulse", "value 1.2.3.4.5.6./7./", "value é", `line 6: value "é" has a character at byte 1 that is not printable ASCII`},
		{"receipt", "index 9", "index 10", "index 10 in a frame of 10 units"},
		{"receipt", "outcome drawn 3", "outcome other 3", "outcome other with rank 3"},
		{"receipt", "frame-salt 01", "frame-salt 1", `line 8: frame-salt "1000000000000000000000000000000" is not 32 lower-case hexadecimal digits`},
		{"receipt", "path BwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAc=\n", "path BwAA\n", `line 13: path "BwAA" is not whole hashes in standard base64`},
		{"event", "sequence 1", "sequence 2", "sequence 2 with previous none"},
		{"void", "after closed", "after announced", "a duty to open before any reveal"},
	} {
		text := ""
		for _, s := range samples() {
			if text == "" && Kind([]byte(s.text)) == tt.kind {
				text = s.text
			}
		}
		require.Contains(t, text, tt.old)
		err := New(tt.kind).UnmarshalText([]byte(strings.Replace(text, tt.old, tt.new, 1)))
		gap := ": "
		if strings.HasPrefix(tt.err, "line ") {
			gap = " "
		}
		require.EqualError(t, err, "statement: "+tt.kind+gap+tt.err, tt.new)
	}
}

// TestMarshalRefuses gives values that no text has.
func TestMarshalRefuses(t *testing.T) {
	for _, tt := range []struct {
		s   Statement
		err string
	}{
		{&Commit{}, "statement: commit line 2: notice is missing, expected a hash"},
		{&Commit{Notice: hashOf(1)}, "statement: commit line 3: contributor is empty"},
		{&Void{Notice: hashOf(1)}, "statement: void line 3: after is missing, expected announced or revealed or closed or pulsed or sealed"},
		{&Opening{Notice: hashOf(1), Sealed: hashOf(1)}, ""},
		{&Opening{Notice: hashOf(1), Sealed: hashOf(1), Opened: instant("2026-01-02T03:04:05Z"), Secret: hashOf(2)},
			"statement: opening: sealed result " + hexOf(1) + " with result none"},
		{&Opening{Notice: hashOf(1), Opened: instant("2026-01-02T03:04:05Z"), Secret: hashOf(2), Result: hashOf(3)},
			"statement: opening: sealed result none with result " + hexOf(3)},
		{&Opening{Notice: hashOf(1), Sealed: hashOf(1), Opened: instant("2026-01-02T03:04:05Z").Add(1)},
			"statement: opening line 4: opened 2026-01-02 03:04:05.000000001 +0000 UTC is not an instant of the years 1 to 9999 in whole seconds, in UTC"},
		{&Pulse{Notice: hashOf(1), Close: hashOf(1), Beacon: "b", Round: "none", Value: "1", Proof: "none"}, `statement: pulse line 7: proof "none" stands for an absent value`},
		{&Event{Notice: hashOf(1), Sealed: hashOf(1), Sequence: 1, Made: instant("2026-01-02T03:04:05Z"), Detail: &Detail{Skip, "a", "b", "c", hashOf(2)}}, `statement: event: skip with replacement "b"`},
	} {
		_, err := tt.s.MarshalText()
		if tt.err == "" {
			require.Error(t, err)
			continue
		}
		require.EqualError(t, err, tt.err)
	}
}

func TestTooLong(t *testing.T) {
	text := append([]byte("doublerandom/close/v1\n"), bytes.Repeat([]byte("x\n"), MaxText)...)
	require.EqualError(t, new(Close).UnmarshalText(text), "statement: close: text has 524310 bytes, expected at most 262144")
	require.EqualError(t, new(Close).UnmarshalText([]byte("doublerandom/close/v1\n\xff\n")), "statement: close: text is not valid UTF-8")
	require.EqualError(t, new(Close).UnmarshalText(nil), "statement: close: text does not end with a newline: it is cut off")
}
