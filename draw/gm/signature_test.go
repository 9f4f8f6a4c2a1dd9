package gm

import (
	"bytes"
	"crypto/rand"
	"encoding/asn1"
	"math/big"
	"strings"
	"testing"

	"github.com/emmansun/gmsm/sm2"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
)

// The signature of "message digest" in GB/T 32918.5-2017, annex A.2.
const (
	exampleE = "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640"
	exampleR = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
	exampleS = "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)

func number(t testing.TB, digits string) *big.Int {
	t.Helper()
	return new(big.Int).SetBytes(unhex(t, digits))
}

func der(t testing.TB, r, s *big.Int) []byte {
	t.Helper()
	b, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
	require.NoError(t, err)
	return b
}

func TestStandardExample(t *testing.T) {
	_, vkey := fixedKey(t)
	v, err := NewVerifier(vkey)
	require.NoError(t, err)
	public := v.(*verifier).public
	message, r, s := []byte("message digest"), number(t, exampleR), number(t, exampleS)
	require.Equal(t, unhex(t, exampleE), digest(public, message))
	require.True(t, v.Verify(message, der(t, r, s)))
	require.True(t, validSlow(public, unhex(t, exampleE), r, s))
	require.False(t, v.Verify([]byte("message digesu"), der(t, r, s)))
}

// TestSameVerdictOnEveryMachine is the signature of github.com/emmansun/gmsm/issues/560,
// which is right and which v0.44.0 refuses on processors with ADX and BMI2.
func TestSameVerdictOnEveryMachine(t *testing.T) {
	public, err := decodePoint(unhex(t, "04"+
		"ef4de57af00ae424c00c4caadff7193f804a19dd73a7e2954db9d0d15ab4cbba"+
		"67728c3f4572878b7a674735da9fde1682fe2d9e0799c4a5cde57e3d473039a2"))
	require.NoError(t, err)
	r := number(t, "be0ea64e1ec06f0d247093f3ccbbadcfb6260224272f86ddb78326e7cd6c7560")
	s := number(t, "e9f6ab2fcc48a2cef94838e66b5c7e21fd8e4de25990dd98ca5243f4966f2853")
	e := make([]byte, 32)
	t.Logf("the library alone says %t", sm2.VerifyASN1(public, e, der(t, r, s)))
	require.True(t, valid(public, e, der(t, r, s)))
	e[31] = 1
	require.False(t, valid(public, e, der(t, r, s)))
}

func TestVerifyRefusesOtherEncodings(t *testing.T) {
	_, vkey := fixedKey(t)
	v, err := NewVerifier(vkey)
	require.NoError(t, err)
	public := v.(*verifier).public
	n := sm2.P256().Params().N
	r, s := number(t, exampleR), number(t, exampleS)
	good := der(t, r, s)
	require.Len(t, good, maxSignature)
	plus := func(x *big.Int) *big.Int { return new(big.Int).Add(x, n) }
	minus := func(x *big.Int) *big.Int { return new(big.Int).Sub(n, x) }
	raw := func(parts ...string) []byte { return unhex(t, strings.Join(parts, "")) }
	for _, tt := range []struct {
		name string
		sig  []byte
	}{
		{"empty", nil},
		{"raw", raw(exampleR, exampleS)},
		{"trailing", append(bytes.Clone(good), 0)},
		{"cut", good[:len(good)-1]},
		{"long length", raw("308146", "022100", exampleR, "022100", exampleS)},
		{"indefinite length", raw("3080", "022100", exampleR, "022100", exampleS, "0000")},
		{"spare zero", raw("3047", "02220000", exampleR, "022100", exampleS)},
		{"negative", raw("3044", "0220", exampleR, "0220", exampleS)},
		{"third number", raw("3049", "022100", exampleR, "022100", exampleS, "020101")},
		{"set", append([]byte{0x31}, good[1:]...)},
		{"r 0", der(t, new(big.Int), s)},
		{"s 0", der(t, r, new(big.Int))},
		{"r + n", der(t, plus(r), s)},
		{"s + n", der(t, r, plus(s))},
		{"n − r", der(t, minus(r), s)},
		{"n − s", der(t, r, minus(s))},
		{"r + s = n", der(t, r, minus(r))},
		{"swapped", der(t, s, r)},
	} {
		require.False(t, v.Verify([]byte("message digest"), tt.sig), tt.name)
	}
	_, _, ok := parseSignature(raw("3006", "020101", "020102"))
	require.True(t, ok)
	_, _, ok = parseSignature(raw("3009", "020101", "020102", "020103"))
	require.False(t, ok)
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1
		require.False(t, v.Verify([]byte("message digest"), bad), "byte %d", i)
	}
	for _, pair := range [][2]*big.Int{{new(big.Int), s}, {r, new(big.Int)}, {plus(r), s}, {r, plus(s)}, {r, minus(r)}} {
		require.False(t, validSlow(public, unhex(t, exampleE), pair[0], pair[1]))
	}
}

func TestSign(t *testing.T) {
	skey, vkey := fixedKey(t)
	signer, err := NewSigner(skey)
	require.NoError(t, err)
	v, err := NewVerifier(vkey)
	require.NoError(t, err)
	sig, err := signer.Sign([]byte("text\n"))
	require.NoError(t, err)
	again, err := signer.Sign([]byte("text\n"))
	require.NoError(t, err)
	require.Equal(t, sig, again)
	require.True(t, v.Verify([]byte("text\n"), sig))
	r, s, ok := parseSignature(sig)
	require.True(t, ok)
	require.True(t, validSlow(v.(*verifier).public, digest(v.(*verifier).public, []byte("text\n")), r, s))
	_, err = signer.Sign(nil)
	require.EqualError(t, err, "gm: message to sign is empty")
}

// TestSignOfAWrongPair takes a key whose signatures the verifier refuses.
func TestSignOfAWrongPair(t *testing.T) {
	skey, _ := fixedKey(t)
	s, err := NewSigner(skey)
	require.NoError(t, err)
	other, err := sm2.NewPrivateKey(bytes.Repeat([]byte{1}, 32))
	require.NoError(t, err)
	wrong := &signer{verifier: s.(*signer).verifier, key: other}
	_, err = wrong.Sign([]byte("text\n"))
	require.EqualError(t, err, "gm: key regulator.example/draws+3d671643 makes signatures that do not verify")
}

// TestNote signs one note with SM2 and with Ed25519.
func TestNote(t *testing.T) {
	skey, vkey := fixedKey(t)
	signer, err := NewSigner(skey)
	require.NoError(t, err)
	v, err := NewVerifier(vkey)
	require.NoError(t, err)
	edKey, edVKey, err := note.GenerateKey(rand.Reader, keyName) // the same name: the hash tells them apart
	require.NoError(t, err)
	edSigner, err := note.NewSigner(edKey)
	require.NoError(t, err)
	edVerifier, err := note.NewVerifier(edVKey)
	require.NoError(t, err)

	const text = "doublerandom/test/v1\n监管机关 example\n"
	signed, err := note.Sign(&note.Note{Text: text}, signer, edSigner)
	require.NoError(t, err)
	opened, err := note.Open(signed, note.VerifierList(v, edVerifier))
	require.NoError(t, err)
	require.Equal(t, text, opened.Text)
	require.Len(t, opened.Sigs, 2)

	opened, err = note.Open(signed, note.VerifierList(v))
	require.NoError(t, err)
	require.Len(t, opened.Sigs, 1)
	require.Len(t, opened.UnverifiedSigs, 1)

	_, err = note.Open(bytes.Replace(signed, []byte("example"), []byte("exempla"), 1), note.VerifierList(v))
	require.EqualError(t, err, "invalid signature for key regulator.example/draws+3d671643")
	_, err = note.NewVerifier(vkey)
	require.EqualError(t, err, "unknown verifier algorithm")
}

// FuzzVerify asserts that the fast and the slow verification agree, and that no
// bytes but those signed verify.
func FuzzVerify(f *testing.F) {
	_, vkey := fixedKey(f)
	v, err := NewVerifier(vkey)
	require.NoError(f, err)
	public := v.(*verifier).public
	good := der(f, number(f, exampleR), number(f, exampleS))
	f.Add(good)
	f.Add([]byte("\x30\x06\x02\x01\x01\x02\x01\x01"))
	f.Fuzz(func(t *testing.T, sig []byte) {
		require.Equal(t, bytes.Equal(sig, good), v.Verify([]byte("message digest"), sig))
		if r, s, ok := parseSignature(sig); ok {
			require.Equal(t, bytes.Equal(sig, good), validSlow(public, unhex(t, exampleE), r, s))
		}
	})
}
