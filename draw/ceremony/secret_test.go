package ceremony

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/stretchr/testify/require"
)

func TestSecret(t *testing.T) {
	bytes := random("secret")
	s, err := NewSecret(bytes)
	require.NoError(t, err)
	require.Equal(t, bytes, s.Export())
	require.Equal(t, statement.SecretCommitment(draw.SHA256(), bytes), s.Commitment(draw.SHA256()))
	again, err := SecretFrom(bytes[:])
	require.NoError(t, err)
	require.Equal(t, bytes, again.Export())
	require.Equal(t, [32]byte{}, new(Secret).Export())
	again, err = SecretFrom(bytes[:31])
	require.Nil(t, again)
	require.EqualError(t, err, "ceremony: secret has 31 bytes, expected exactly 32")
	_, err = SecretFrom(append(bytes[:], 1))
	require.EqualError(t, err, "ceremony: secret has 33 bytes, expected exactly 32")
	_, err = SecretFrom(nil)
	require.EqualError(t, err, "ceremony: secret has 0 bytes, expected exactly 32")
	for b := range 256 {
		weak := [32]byte{}
		for i := range weak {
			weak[i] = byte(b)
		}
		s, err := NewSecret(weak)
		require.Nil(t, s)
		require.EqualError(t, err, "ceremony: secret has 32 equal bytes, expected random ones")
		weak[31]++
		_, err = NewSecret(weak)
		require.NoError(t, err)
	}
}

// TestNothingPrints prints and encodes whatever holds a secret, in every way that
// the standard library has, also as a field that nobody else sees.
func TestNothingPrints(t *testing.T) {
	k := newKit(t)
	contribution, err := NewContribution(statement.ID{1}, "press", random("value"), random("nonce"))
	require.NoError(t, err)
	bytesOf := map[string][32]byte{"secret": random("secret"), "value": random("value"), "nonce": random("nonce"), "chain": random("chain of press")}
	chain := k.chain("press")
	require.Equal(t, bytesOf["chain"], chain.Export())

	leaks := func(t *testing.T, how, out string) {
		t.Helper()
		for name, b := range bytesOf {
			for _, spelling := range []string{
				hex.EncodeToString(b[:]), strings.ToUpper(hex.EncodeToString(b[:])), string(b[:]), fmt.Sprint(b), fmt.Sprintf("%#v", b[:]),
				strings.Trim(fmt.Sprint(b[:4]), "[]"), strings.Trim(fmt.Sprintf("%x", b[:4]), "[]"), fmt.Sprintf("%#x, %#x, %#x", b[0], b[1], b[2]),
			} {
				require.NotContains(t, out, spelling, "%s by %s", name, how)
			}
		}
	}
	for _, tt := range []struct {
		name string
		v    any
	}{
		{"secret", k.secret}, {"secret by value", *k.secret},
		{"contribution", contribution}, {"contribution by value", *contribution},
		{"chain", chain}, {"chain by value", *chain},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, verb := range strings.Split("v +v #v s q x X d b o O t c U e p 10v -40s .3x T w", " ") {
				out := fmt.Sprintf("%"+verb, tt.v)
				if verb != "p" && verb != "T" && verb != "w" { // pointer and type; and %w goes past the methods
					require.Equal(t, "[redacted]", out, verb)
				}
				leaks(t, verb, out)
				leaks(t, verb, fmt.Sprintf("%"+verb, struct{ hidden any }{tt.v}))
				leaks(t, verb, fmt.Sprintf("%"+verb, []any{tt.v}))
			}
			require.Equal(t, "[redacted]", tt.v.(fmt.Stringer).String())
			require.Equal(t, "[redacted]", tt.v.(fmt.GoStringer).GoString())
			out, err := json.Marshal(map[string]any{"a": tt.v})
			require.NoError(t, err)
			require.Equal(t, `{"a":"[redacted]"}`, string(out))
			out, err = xml.Marshal(tt.v)
			require.NoError(t, err)
			require.Contains(t, string(out), "[redacted]")
			leaks(t, "xml", string(out))

			var log bytes.Buffer
			for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
				slog.New(h).Info("drawing", "with", tt.v, "group", slog.GroupValue(slog.Any("in", tt.v)))
			}
			require.Equal(t, 4, strings.Count(log.String(), "[redacted]"), log.String())
			leaks(t, "slog", log.String())

			var stream bytes.Buffer
			if err := gob.NewEncoder(&stream).Encode(tt.v); err == nil {
				leaks(t, "gob", stream.String())
			}
			leaks(t, "panic", fmt.Sprint(fmt.Errorf("failed with %v: %w", tt.v, errZeroSecret)))
		})
	}
	// Fields that are not exported are printed without the methods.
	type service struct {
		secret       Secret
		contribution *Contribution
		chain        Chain
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		leaks(t, verb, fmt.Sprintf(verb, service{*k.secret, contribution, *chain}))
		leaks(t, verb, fmt.Sprintf(verb, &service{*k.secret, contribution, *chain}))
	}
}

func TestContribution(t *testing.T) {
	notice, name := statement.ID{1}, "press"
	c, err := NewContribution(notice, name, random("value"), random("nonce"))
	require.NoError(t, err)
	v, n := c.Export()
	require.Equal(t, random("value"), v)
	require.Equal(t, random("nonce"), n)
	require.Equal(t, &statement.Reveal{Notice: notice, Contributor: name, Value: v, Nonce: n}, c.Reveal())
	require.Equal(t, &statement.Commit{Notice: notice, Contributor: name, Commitment: statement.CommitmentOf(draw.SHA256(), notice, name, v, n)}, c.Commit(draw.SHA256()))
	v, n = new(Contribution).Export()
	require.Zero(t, v)
	require.Zero(t, n)

	for _, tt := range []struct {
		name         string
		notice       statement.ID
		contributor  string
		value, nonce [32]byte
		want         string
	}{
		{"notice", statement.ID{}, "press", v, n, `ceremony: contribution of "press": zero notice ID`},
		{"name", notice, "the press", v, n, `ceremony: name of the contributor "the press" has the space U+0020 at byte 4`},
		{"no name", notice, "", v, n, `ceremony: name of the contributor is empty`},
		{"value", notice, "press", [32]byte{}, random("nonce"), `ceremony: contribution of "press": value has 32 equal bytes, expected random ones`},
		{"nonce", notice, "press", random("value"), [32]byte{}, `ceremony: contribution of "press": nonce has 32 equal bytes, expected random ones`},
		{"same", notice, "press", random("value"), random("value"), `ceremony: contribution of "press": nonce is the value again, expected other random bytes`},
	} {
		got, err := NewContribution(tt.notice, tt.contributor, tt.value, tt.nonce)
		require.Nil(t, got, tt.name)
		require.EqualError(t, err, tt.want, tt.name)
	}
}
