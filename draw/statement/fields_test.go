package statement

import (
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/stretchr/testify/require"
)

// lineKinds says of each line after a sample's header its keyword and what kinds
// its fields have. A list in brackets is the words that a field may be.
func lineKinds() [][]string {
	event := []string{"notice hash", "sealed hash", "sequence number", "previous hash", "made time"}
	return [][]string{
		{
			"authority text", "scope text", "created time", "suite label", "regulator token", "contributor label token", "contributor label token",
			"chain label number hash", "witness token", "quorum number", "minimum number", "withheld number", "beacon label", "beacon label",
			"entropy number", "outage (void,wait)",
		},
		{
			"series hash", "number number", "previous hash", "earlier number (announced,fixed,opened,void) hash",
			"earlier number (announced,fixed,opened,void) hash", "created time", "mode (open,sealed)", "plan hash",
			"frame (plain,salted) hash number", "tasks hash", "inspectors hash", "exclusions hash", "matching token",
			"contributor label (commit,chain)", "contributor label (commit,chain)", "minimum number", "withheld number",
			"beacon label token", "secret hash", "commit-by time", "reveal-by time", "close-by time", "pulse-at time", "open-by time",
		},
		{"notice hash", "contributor label", "commitment hash"},
		{"notice hash", "contributor label", "value hash", "nonce hash"},
		{
			"notice hash", "closed time", "counted label hash hash", "counted label hash hash",
			"missing label (no-commit,no-reveal,false-reveal) hash", "missing label (no-commit,no-reveal,false-reveal) hash",
		},
		{"notice hash", "close hash", "beacon label", "round token", "value token", "proof token"},
		{"notice hash", "close hash", "pulse hash", "frame hash number", "root hash", "roster hash"},
		{
			"notice hash", "sealed hash", "frame hash number", "root hash", "index number", "unit label label number", "frame-salt salt",
			"frame-path path", "outcome (drawn,reserve,other) number", "extension hash", "salt salt", "path path",
		},
		append(slices.Clone(event), "hidden hash"),
		append(slices.Clone(event), "kind (skip,substitution,recusal)", "subject label", "replacement label", "reason text", "nonce hash"),
		{"notice hash", "sealed hash", "opened time", "secret hash", "result hash"},
		{"notice hash", "sealed hash", "opened time", "secret hash", "result hash"},
		{"notice hash", "after (announced,revealed,closed,pulsed,sealed)", "made time", "reason text", "duty (none,open)"},
	}
}

// malformed is what the error says of a field of a kind that is the character
// DEL.
func malformed(kind string) string {
	switch kind {
	case "text":
		return "has the control character U+007F at byte 1"
	case "label":
		return `"\x7f" has the control character U+007F at byte 1`
	case "token":
		return `"\x7f" has a character at byte 1 that is not printable ASCII`
	case "hash":
		return `"\x7f" is not 64 lower-case hexadecimal digits`
	case "salt":
		return `"\x7f" is not 32 lower-case hexadecimal digits`
	case "path":
		return `"\x7f" is not whole hashes in standard base64`
	case "number":
		return `"\x7f" is not a whole number in plain decimal digits`
	case "time":
		return `"\x7f" is not an instant such as 2026-11-24T03:00:00Z`
	}
	return `"\x7f", expected ` + strings.ReplaceAll(strings.Trim(kind, "()"), ",", " or ")
}

// TestEachField replaces each field of each sample by the character DEL, adds a
// field to each line and takes the last away.
func TestEachField(t *testing.T) {
	kinds := lineKinds()
	require.Len(t, kinds, len(samples()))
	for n, sample := range samples() {
		lines := strings.SplitAfter(strings.TrimSuffix(sample.text, "\n"), "\n")
		require.Len(t, lines, len(kinds[n])+1, sample.text)
		kind := Kind([]byte(sample.text))
		refused := func(line int, changed, want string) {
			t.Helper()
			text := strings.Join(lines[:line], "") + changed + "\n" + strings.Join(lines[line+1:], "")
			if line < len(lines)-1 {
				text += "\n"
			}
			err := New(kind).UnmarshalText([]byte(text))
			require.Equal(t, &Error{kind, line + 1, want}, err, changed)
		}
		for i, described := range kinds[n] {
			line := strings.TrimSuffix(lines[i+1], "\n")
			expected := strings.Split(described, " ")
			fields := strings.SplitN(line, " ", len(expected))
			require.Len(t, fields, len(expected), line)
			for f := 1; f < len(fields); f++ {
				changed := slices.Clone(fields)
				changed[f] = "\x7f"
				refused(i+1, strings.Join(changed, " "), expected[0]+" "+malformed(expected[f]))
			}
			if len(fields) > 2 {
				short := strings.Join(fields[:len(fields)-1], " ")
				refused(i+1, short, label.Quote(short)+" has "+string(rune('0'+len(fields)-2))+" fields, expected "+string(rune('0'+len(fields)-1)))
			}
			if last := expected[len(expected)-1]; last != "text" {
				text := strings.Join(append(slices.Clone(lines[:i+1]), line+" more\n"), "") + strings.Join(lines[i+2:], "")
				require.ErrorContains(t, New(kind).UnmarshalText([]byte(text+"\n")), "statement: "+kind+" line ", "a field more")
			}
		}
	}
}
