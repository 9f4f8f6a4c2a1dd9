package escrow

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/stretchr/testify/require"
)

func commitmentText(t testing.TB, c *Commitment) []byte {
	t.Helper()
	text, err := c.MarshalText()
	require.NoError(t, err)
	return text
}

func TestTexts(t *testing.T) {
	c, shares := split(t, 1, 2, 3)
	text := commitmentText(t, c)
	require.Regexp(t, "^doublerandom/escrow/v1\nsuite sha256\nsecret [0-9a-f]{64}\nmasked [0-9a-f]{64}\nthreshold 2\n"+
		"(point 0[23][0-9a-f]{64}\n){2}custodian court\ncustodian chamber\ncustodian university\n$", string(text))
	parsed, err := ParseCommitment(text, draw.SHA256())
	require.NoError(t, err)
	require.Equal(t, text, commitmentText(t, parsed))
	require.Equal(t, c.ID(), parsed.ID())

	share := shares[1].Export()
	require.Equal(t, fmt.Sprintf("doublerandom/escrow-share/v1\nescrow %x\ncustodian chamber\nindex 2\nvalue %x\n",
		c.ID(), shares[1].value()), string(share))
	again, err := ParseShare(share)
	require.NoError(t, err)
	require.Equal(t, share, again.Export())
	require.NoError(t, parsed.Check(again))
}

// TestEveryByteOfAShare changes every byte of a share's text to several others:
// each change is refused by the parser, or names a share at the recovery.
func TestEveryByteOfAShare(t *testing.T) {
	c, shares := split(t, 1, 2, 3)
	text := shares[1].Export()
	changed, parsed := 0, 0
	for i := range text {
		for _, by := range []byte{1, 2, 4, 8, 16, 32, 64, 128} {
			bad := bytes.Clone(text)
			bad[i] ^= by
			changed++
			share, err := ParseShare(bad)
			if err != nil {
				require.Regexp(t, `^escrow: share (line [1-6]: |does not end with a newline$)`, err.Error())
				continue
			}
			parsed++
			_, err = Recover(c, shares[0], share)
			var named *RecoverError
			require.ErrorAs(t, err, &named, "byte %d", i)
			require.Len(t, named.Bad, 1)
			require.Equal(t, share.Index(), named.Bad[0].Index)
			require.Equal(t, share.Custodian(), named.Bad[0].Custodian)
		}
	}
	require.Equal(t, 8*len(text), changed)
	require.Greater(t, parsed, 100)
}

// TestEveryByteOfACommitment does the same for the public text: every change is
// refused, or makes all shares those of another escrow.
func TestEveryByteOfACommitment(t *testing.T) {
	c, shares := split(t, 1, 2, 3)
	text := commitmentText(t, c)
	for i := range text {
		for _, by := range []byte{1, 4, 32} {
			bad := bytes.Clone(text)
			bad[i] ^= by
			changed, err := ParseCommitment(bad, draw.SHA256())
			if err != nil {
				require.True(t, strings.HasPrefix(err.Error(), "escrow: commitment"), err)
				continue
			}
			_, err = Recover(changed, shares...)
			var named *RecoverError
			require.ErrorAs(t, err, &named, "byte %d", i)
			require.Len(t, named.Bad, 3)
		}
	}
}

func TestParseShareRefuses(t *testing.T) {
	_, shares := split(t, 1, 2, 3)
	good := string(shares[1].Export())
	value := fmt.Sprintf("%x", shares[1].value())
	replace := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "escrow: share does not end with a newline"},
		{"cut", good[:len(good)-1], "escrow: share does not end with a newline"},
		{"huge", strings.Repeat("\n", maxText+1), "escrow: share has 16385 bytes, expected at most 16384"},
		{"header", replace("v1", "v2"), `escrow: share line 1: expected "doublerandom/escrow-share/v1"`},
		{"commitment", "doublerandom/escrow/v1\n", `escrow: share line 1: expected "doublerandom/escrow-share/v1"`},
		{"carriage return", replace("v1\n", "v1\r\n"), `escrow: share line 1: expected "doublerandom/escrow-share/v1"`},
		{"short escrow", replace("escrow ", "escrow 0"), "escrow: share line 2: escrow is not 64 lower-case hexadecimal digits"},
		{"no custodian", replace("custodian chamber\n", ""), `escrow: share line 3: expected "custodian" and a field`},
		{"empty custodian", replace("chamber", ""), "escrow: share line 3: custodian is not a label of 1 to 64 bytes"},
		{"spaced custodian", replace("chamber", "cham ber"), "escrow: share line 3: custodian is not a label of 1 to 64 bytes"},
		{"index 0", replace("index 2", "index 0"), "escrow: share line 4: index is not a number from 1 to 64 in plain decimal digits"},
		{"index 65", replace("index 2", "index 65"), "escrow: share line 4: index is not a number from 1 to 64 in plain decimal digits"},
		{"index 02", replace("index 2", "index 02"), "escrow: share line 4: index is not a number from 1 to 64 in plain decimal digits"},
		{"index +2", replace("index 2", "index +2"), "escrow: share line 4: index is not a number from 1 to 64 in plain decimal digits"},
		{"upper case", replace(value, strings.ToUpper(value)), "escrow: share line 5: value is not 64 lower-case hexadecimal digits"},
		{"value of the order", replace(value, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"), "escrow: share line 5: value is not below the order of P-256"},
		{"no value", replace("value "+value+"\n", ""), `escrow: share line 5: missing, expected "value"`},
		{"trailing", good + "x\n", "escrow: share line 6: expected the end of the text"},
		{"empty line", good + "\n", "escrow: share line 6: expected the end of the text"},
	} {
		s, err := ParseShare([]byte(tt.text))
		require.EqualError(t, err, tt.want, tt.name)
		require.Equal(t, (Share{}).Export(), s.Export(), tt.name)
	}
}

func TestParseCommitmentRefuses(t *testing.T) {
	c, _ := split(t, 1, 2, 3)
	good := string(commitmentText(t, c))
	lines := strings.SplitAfter(good, "\n")
	replace := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	custodians := "custodian court\ncustodian chamber\ncustodian university\n"
	many := ""
	for i := range 65 {
		many += fmt.Sprintf("custodian c%d\n", i)
	}
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "escrow: commitment does not end with a newline"},
		{"huge", good + strings.Repeat("\n", maxText), fmt.Sprintf("escrow: commitment has %d bytes, expected at most 16384", len(good)+maxText)},
		{"header", replace("v1", "v2"), `escrow: commitment line 1: expected "doublerandom/escrow/v1"`},
		{"suite", replace("sha256", "sm3"), "escrow: commitment line 2: suite is none of those accepted: sha256"},
		{"no suite", replace("suite sha256", "suite "), "escrow: commitment line 2: suite is none of those accepted: sha256"},
		{"secret", replace("secret ", "secret 0"), "escrow: commitment line 3: secret is not 64 lower-case hexadecimal digits"},
		{"masked", replace("masked ", "masked x"), "escrow: commitment line 4: masked is not 64 lower-case hexadecimal digits"},
		{"threshold 0", replace("threshold 2", "threshold 0"), "escrow: commitment line 5: threshold is not a number from 1 to 64 in plain decimal digits"},
		{"threshold 1", replace("threshold 2", "threshold 1"), `escrow: commitment line 7: expected "custodian" and a field`},
		{"threshold 3", replace("threshold 2", "threshold 3"), `escrow: commitment line 8: expected "point" and a field`},
		{"identity", replace(lines[5], "point 00\n"), "escrow: commitment line 6: point is not 66 lower-case hexadecimal digits"},
		{"no point", replace(lines[5], "point 02"+strings.Repeat("f", 64)+"\n"), "escrow: commitment line 6: point is not one of P-256 in compressed form"},
		{"form", replace("point 0", "point 1"), "escrow: commitment line 6: point is not one of P-256 in compressed form"},
		{"equal points", replace(lines[6], lines[5]), "escrow: commitment line 7: points 1 and 2 are equal"},
		{"no custodians", replace(custodians, ""), "escrow: commitment: 0 custodians, expected 1 to 64"},
		{"many custodians", replace(custodians, many), "escrow: commitment: 65 custodians, expected 1 to 64"},
		{"few custodians", replace(custodians, "custodian court\n"), "escrow: commitment: threshold is 2, expected 1 to 1, the number of custodians"},
		{"same custodian", replace("chamber", "court"), `escrow: commitment: custodian "court" is listed twice, as 1 and 2`},
		{"bad label", replace("chamber", "cham ber"), `escrow: commitment: custodian 2 "cham ber" has the space U+0020 at byte 5`},
		{"trailing", good + "\n", `escrow: commitment line 11: expected "custodian" and a field`},
	} {
		c, err := ParseCommitment([]byte(tt.text), draw.SHA256())
		require.EqualError(t, err, tt.want, tt.name)
		require.Nil(t, c, tt.name)
	}
	_, err := ParseCommitment([]byte(good), draw.Suite{})
	require.EqualError(t, err, "escrow: commitment line 2: suite is none of those accepted: ")
}

// TestSharesDoNotPrint tries every verb and encoder on shares, pointers to them and
// structs with them.
func TestSharesDoNotPrint(t *testing.T) {
	_, shares := split(t, 1, 2, 3)
	s := shares[1]
	value := s.value()
	holder := struct{ Share Share }{s}
	for _, v := range []any{s, &s, shares, holder, map[string]Share{"a": s}} {
		for _, verb := range "vTtbcdoOqxXUeEfFgGsp" {
			for _, flag := range []string{"%", "%+", "%#", "% "} {
				text := fmt.Sprintf(flag+string(verb), v)
				require.NotContains(t, strings.ToLower(text), fmt.Sprintf("%x", value[:4]))
				require.NotContains(t, text, fmt.Sprintf("%d, %d", value[0], value[1]))
				require.NotContains(t, text, fmt.Sprintf("%d %d", value[0], value[1]))
			}
		}
		data, err := json.Marshal(v)
		require.NoError(t, err)
		require.Contains(t, string(data), `"escrow.Share(redacted)"`)
		require.NotContains(t, string(data), "value")
	}
	for _, verb := range "vdsxqX" {
		require.Equal(t, redacted, fmt.Sprintf("%+"+string(verb), s))
	}
	require.Equal(t, redacted, s.String())
	require.Equal(t, redacted, s.GoString())
	var b bytes.Buffer
	require.Error(t, gob.NewEncoder(&b).Encode(s))
	require.NotContains(t, b.String(), string(value[:4]))
	data, err := xml.Marshal(s)
	require.NoError(t, err)
	require.Equal(t, "<Share>escrow.Share(redacted)</Share>", string(data))
}

// FuzzParseShare asserts one spelling, bounded errors, and that no error shows what
// may be a secret.
func FuzzParseShare(f *testing.F) {
	_, shares := split(f, 1, 2, 3)
	f.Add(shares[0].Export())
	f.Add([]byte("doublerandom/escrow-share/v1\nescrow \n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ParseShare(text)
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "escrow: share "), err)
			require.Less(t, len(err.Error()), 120)
			return
		}
		require.Equal(t, string(text), string(s.Export()))
	})
}

// FuzzParseCommitment asserts one spelling, and that checks of whatever is parsed
// end with an answer.
func FuzzParseCommitment(f *testing.F) {
	c, shares := split(f, 1, 2, 3)
	f.Add(commitmentText(f, c))
	f.Add([]byte("doublerandom/escrow/v1\nsuite sha256\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ParseCommitment(text, draw.SHA256())
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "escrow: commitment"), err)
			return
		}
		require.Equal(t, string(text), string(commitmentText(t, c)))
		share := shares[0]
		share.escrow, share.custodian = c.id, c.custodians[0]
		_, err = Recover(c, share)
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "escrow: "), err)
		}
	})
}
