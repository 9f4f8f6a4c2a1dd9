package gm

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	keyName = "regulator.example/draws"

	// The key of GB/T 32918.5-2017, annex A.2.
	privateHex = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
	publicHex  = "04" + "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020" +
		"ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

// fixedKey returns the texts of the standard's key.
func fixedKey(t testing.TB) (skey, vkey string) {
	t.Helper()
	skey, vkey, err := GenerateKey(bytes.NewReader(unhex(t, privateHex)), keyName)
	require.NoError(t, err)
	return skey, vkey
}

// text64 returns the data of a key's text.
func text64(data string) string { return base64.StdEncoding.EncodeToString([]byte(data)) }

func TestGenerateKey(t *testing.T) {
	skey, vkey := fixedKey(t)
	require.Equal(t, "PRIVATE+KEY+regulator.example/draws+3d671643+"+
		text64("\xffdoublerandom/sm2-sm3"+string(unhex(t, privateHex))), skey)
	require.Equal(t, "regulator.example/draws+3d671643+"+
		text64("\xffdoublerandom/sm2-sm3"+string(unhex(t, publicHex))), vkey)
	again, err := VerifierKey(keyName, unhex(t, publicHex))
	require.NoError(t, err)
	require.Equal(t, vkey, again)

	signer, err := NewSigner(skey)
	require.NoError(t, err)
	verifier, err := NewVerifier(vkey)
	require.NoError(t, err)
	require.Equal(t, keyName, signer.Name())
	require.Equal(t, keyName, verifier.Name())
	require.Equal(t, uint32(0x3d671643), signer.KeyHash())
	require.Equal(t, uint32(0x3d671643), verifier.KeyHash())
}

func TestGenerateKeySkipsWhatIsNoKey(t *testing.T) {
	const nMinus1 = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122"
	random := unhex(t, strings.Repeat("ff", 32)+strings.Repeat("00", 32)+nMinus1+privateHex)
	skey, _, err := GenerateKey(bytes.NewReader(random), keyName)
	require.NoError(t, err)
	want, _ := fixedKey(t)
	require.Equal(t, want, skey)
}

type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func TestGenerateKeyRefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		random io.Reader
		key    string
		want   string
	}{
		{"no randomness", strings.NewReader(""), keyName, "gm: reading randomness: EOF"},
		{"little randomness", strings.NewReader("short"), keyName, "gm: reading randomness: unexpected EOF"},
		{"stuck", endless(0xff), keyName, "gm: 64 draws of randomness gave no private key"},
		{"zeros", endless(0), keyName, "gm: 64 draws of randomness gave no private key"},
		{"empty name", endless(1), "", "gm: key name is empty"},
		{"space", endless(1), "a b", `gm: key name "a b" has the character U+0020, expected no space, control character or plus sign`},
		{"wide space", endless(1), "a\u3000b", `gm: key name "a\u3000b" has the character U+3000, expected no space, control character or plus sign`},
		{"plus", endless(1), "a+b", `gm: key name "a+b" has the character U+002B, expected no space, control character or plus sign`},
		{"control", endless(1), "a\x00", `gm: key name "a\x00" has the character U+0000, expected no space, control character or plus sign`},
		{"UTF-8", endless(1), "a\xff", `gm: key name "a\xff" is not valid UTF-8`},
		{"long name", endless(1), strings.Repeat("x", 387), "gm: verifier key has 513 bytes, expected at most 512: the name is too long"},
		{"huge name", endless(1), strings.Repeat("x", 513), "gm: key name has 513 bytes, which do not fit into 512"},
	} {
		skey, vkey, err := GenerateKey(tt.random, tt.key)
		require.EqualError(t, err, tt.want, tt.name)
		require.Empty(t, skey+vkey, tt.name)
	}
	_, vkey, err := GenerateKey(endless(1), strings.Repeat("x", 386))
	require.NoError(t, err)
	require.Len(t, vkey, 512)
}

func TestNewVerifierRefuses(t *testing.T) {
	_, vkey := fixedKey(t)
	public := string(unhex(t, publicHex))
	data := text64(algorithm + public)
	key := func(data string) string { return keyName + "+3d671643+" + data }
	off := []byte(public)
	off[64] ^= 1
	offText := string(off)
	compressed := "\x03" + public[1:33]
	for _, tt := range []struct{ name, vkey, want string }{
		{"empty", "", `gm: verifier key is not a name, a hash and data, joined by "+"`},
		{"no data", keyName + "+3d671643", `gm: verifier key is not a name, a hash and data, joined by "+"`},
		{"too long", vkey + strings.Repeat("=", 400), fmt.Sprintf("gm: verifier key has %d bytes, expected at most 512", len(vkey)+400)},
		{"no name", "+3d671643+" + data, "gm: key name is empty"},
		{"spaced", " " + vkey, `gm: key name " regulator.example/draws" has the character U+0020, expected no space, control character or plus sign`},
		{"upper hash", keyName + "+3D671643+" + data, `gm: verifier key has the hash "3D671643", expected 8 lower-case hexadecimal digits`},
		{"short hash", keyName + "+3d6716+" + data, `gm: verifier key has the hash "3d6716", expected 8 lower-case hexadecimal digits`},
		{"newline", vkey + "\n", "gm: verifier key has data that is not standard base64"},
		{"inner newline", key(data[:8] + "\n" + data[8:]), "gm: verifier key has data that is not standard base64"},
		{"spare bits", key(data[:len(data)-2] + "N="), "gm: verifier key has data that is not standard base64"},
		{"unpadded", key(strings.TrimRight(data, "=")), "gm: verifier key has data that is not standard base64"},
		{"Ed25519", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", `gm: verifier key is of another type, expected 0xff "doublerandom/sm2-sm3"`},
		{"no key", key(text64(algorithm)), "gm: verifier key has a key of 0 bytes, expected 65"},
		{"compressed", key(text64(algorithm + compressed)), "gm: verifier key has a key of 33 bytes, expected 65"},
		{"trailing", key(text64(algorithm + public + "\x00")), "gm: verifier key has a key of 66 bytes, expected 65"},
		{"other name", "other+3d671643+" + data, fmt.Sprintf("gm: key hash is 3d671643, expected %08x for this name and key", keyHash("other", []byte(public)))},
		{"off the curve", fmt.Sprintf("a+%08x+%s", keyHash("a", off), text64(algorithm+offText)), "gm: public key is not 04 ‖ x ‖ y of a point of the curve of SM2"},
		{"hybrid", fmt.Sprintf("a+%08x+%s", keyHash("a", []byte("\x06"+public[1:])), text64(algorithm+"\x06"+public[1:])), "gm: public key is not 04 ‖ x ‖ y of a point of the curve of SM2"},
	} {
		v, err := NewVerifier(tt.vkey)
		require.EqualError(t, err, tt.want, tt.name)
		require.Nil(t, v, tt.name)
	}
	_, err := VerifierKey("a", []byte(public[1:]))
	require.EqualError(t, err, "gm: public key has 64 bytes, expected 65")
	_, err = VerifierKey("a b", []byte(public))
	require.EqualError(t, err, `gm: key name "a b" has the character U+0020, expected no space, control character or plus sign`)
}

func TestNewSignerRefuses(t *testing.T) {
	skey, vkey := fixedKey(t)
	private := string(unhex(t, privateHex))
	key := func(data string) string { return "PRIVATE+KEY+" + keyName + "+3d671643+" + data }
	for _, tt := range []struct{ name, skey, want string }{
		{"verifier key", vkey, `gm: signer key does not begin with "PRIVATE+KEY+"`},
		{"no data", "PRIVATE+KEY+a", `gm: signer key is not a name, a hash and data, joined by "+"`},
		{"newline", skey + "\n", "gm: signer key has data that is not standard base64"},
		{"Ed25519", key(text64("\x01" + private)), `gm: signer key is of another type, expected 0xff "doublerandom/sm2-sm3"`},
		{"short", key(text64(algorithm + private[1:])), "gm: signer key has a key of 31 bytes, expected 32"},
		{"zero", key(text64(algorithm + strings.Repeat("\x00", 32))), "gm: private key is not from 1 to n−2"},
		{"too great", key(text64(algorithm + strings.Repeat("\xff", 32))), "gm: private key is not from 1 to n−2"},
		{"other name", strings.Replace(skey, keyName, "other", 1), fmt.Sprintf("gm: key hash is 3d671643, expected %08x for this name and key", keyHash("other", unhex(t, publicHex)))},
	} {
		s, err := NewSigner(tt.skey)
		require.EqualError(t, err, tt.want, tt.name)
		require.Nil(t, s, tt.name)
	}
}

func TestSignerDoesNotPrintItsKey(t *testing.T) {
	skey, _ := fixedKey(t)
	s, err := NewSigner(skey)
	require.NoError(t, err)
	const redacted = "gm.Signer(regulator.example/draws+3d671643, key redacted)"
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		require.Equal(t, redacted, fmt.Sprintf(verb, s), verb)
	}
	data, err := json.Marshal(s)
	require.NoError(t, err)
	require.Equal(t, `"`+redacted+`"`, string(data))
}

// FuzzNewVerifier asserts that whatever is accepted has no other spelling.
func FuzzNewVerifier(f *testing.F) {
	_, vkey := fixedKey(f)
	f.Add(vkey)
	f.Add("a+00000000+/w==")
	f.Fuzz(func(t *testing.T, text string) {
		v, err := NewVerifier(text)
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "gm: "), err)
			return
		}
		again, err := VerifierKey(v.Name(), encodePoint(v.(*verifier).public))
		require.NoError(t, err)
		require.Equal(t, text, again)
	})
}
