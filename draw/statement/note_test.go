package statement

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
)

func key(t testing.TB, name string) (note.Signer, note.Verifier) {
	t.Helper()
	skey, vkey, err := note.GenerateKey(rand.NewChaCha8(sha256.Sum256([]byte(name))), name)
	require.NoError(t, err)
	signer, err := note.NewSigner(skey)
	require.NoError(t, err)
	verifier, err := note.NewVerifier(vkey)
	require.NoError(t, err)
	return signer, verifier
}

func TestSignAndOpen(t *testing.T) {
	suite := draw.SHA256()
	one, verifyOne := key(t, "one.example")
	two, verifyTwo := key(t, "two.example")
	_, stranger := key(t, "stranger.example")
	commit := &Commit{hashOf(1), "chamber", hashOf(2)}
	signed, err := Sign(suite, commit, one, two)
	require.NoError(t, err)
	require.Equal(t, ID(sha256.Sum256(signed.Text)), signed.ID)
	require.True(t, bytes.HasPrefix(signed.Note, append(bytes.Clone(signed.Text), "\n— one.example "...)))

	opened, err := OpenNote(suite, signed.Note, note.VerifierList(verifyOne, stranger))
	require.NoError(t, err)
	require.Equal(t, signed.ID, opened.ID)
	require.True(t, opened.SignedBy(verifyOne))
	require.False(t, opened.SignedBy(verifyTwo), "its key was not among the verifiers")
	require.False(t, opened.SignedBy(stranger))
	again, err := Parse(opened.Text)
	require.NoError(t, err)
	require.Equal(t, commit, again)

	_, err = OpenNote(suite, signed.Note, note.VerifierList(stranger))
	require.EqualError(t, err, "statement: note has no verifiable signatures")
	_, err = OpenNote(suite, bytes.Replace(signed.Note, []byte("chamber"), []byte("chambre"), 1), note.VerifierList(verifyOne))
	require.EqualError(t, err, "statement: invalid signature for key one.example+"+fmt.Sprintf("%08x", verifyOne.KeyHash()))
	_, err = OpenNote(suite, signed.Text, note.VerifierList(verifyOne))
	require.EqualError(t, err, "statement: malformed note")
	_, err = OpenNote(suite, make([]byte, MaxNote+1), note.VerifierList(verifyOne))
	require.EqualError(t, err, "statement: note has 327681 bytes, expected at most 327680")
	_, err = Sign(suite, commit)
	require.EqualError(t, err, "statement: no signer")
	_, err = Sign(suite, &Commit{}, one)
	require.EqualError(t, err, "statement: commit line 2: notice is missing, expected a hash")
}

func TestCosign(t *testing.T) {
	suite := draw.SHA256()
	regulator, verifyRegulator := key(t, "regulator.example")
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	at := time.Date(2026, 11, 24, 3, 0, 0, 999, time.UTC)
	witness, err := NewCosigner("notary.example", private, at)
	require.NoError(t, err)
	verifyWitness, err := NewCosignatureVerifier(witness.VerifierKey())
	require.NoError(t, err)

	signed, err := Sign(suite, &Commit{hashOf(1), "chamber", hashOf(2)}, regulator)
	require.NoError(t, err)
	cosigned, err := signed.Cosign(suite, note.VerifierList(verifyRegulator), witness)
	require.NoError(t, err)
	require.Equal(t, signed.ID, cosigned.ID)
	opened, err := OpenNote(suite, cosigned.Note, note.VerifierList(verifyRegulator, verifyWitness))
	require.NoError(t, err)
	require.True(t, opened.SignedBy(verifyRegulator))
	sig, ok := opened.SignatureBy(verifyWitness)
	require.True(t, ok)
	seen, err := CosignedAt(sig)
	require.NoError(t, err)
	require.Equal(t, at.Truncate(time.Second), seen)

	// The same by C2SP tlog-cosignature, written out.
	public := private.Public().(ed25519.PublicKey)
	id := sha256.Sum256(append([]byte("notary.example\n\x04"), public...))
	require.Equal(t, binary.BigEndian.Uint32(id[:4]), verifyWitness.KeyHash())
	message := append([]byte("cosignature/v1\ntime 1795489200\n"), signed.Text...)
	want := append(binary.BigEndian.AppendUint64(id[:4:4], 1795489200), ed25519.Sign(private, message)...)
	require.Contains(t, string(cosigned.Note), "\n— notary.example "+base64.StdEncoding.EncodeToString(want)+"\n")

	// A changed time breaks the signature.
	want[11] ^= 1
	line := "— notary.example " + base64.StdEncoding.EncodeToString(want) + "\n"
	_, err = OpenNote(suite, append(bytes.Clone(signed.Note), line...), note.VerifierList(verifyRegulator, verifyWitness))
	require.ErrorContains(t, err, "statement: invalid signature for key notary.example+")
	_, err = CosignedAt(opened.Sigs[0])
	require.EqualError(t, err, "statement: signature is not a cosignature with a time")
}

func TestCosignatureKeys(t *testing.T) {
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	witness, err := NewCosigner("notary.example", private, time.Unix(0, 0))
	require.NoError(t, err)
	good := witness.VerifierKey()
	hash := good[len("notary.example+"):][:8]
	for _, tt := range []struct{ key, err string }{
		{"notary.example", "expected name+hash+key"},
		{strings.Replace(good, "+"+hash, "+00000000", 1), `hash is "00000000", expected ` + hash},
		{strings.Replace(good, "+"+hash, "+"+strings.ToUpper(hash), 1), `hash is "` + strings.ToUpper(hash) + `", expected ` + hash},
		{good[:len(good)-4], "expected the byte 4 and 32 bytes in base64"},
		{strings.Replace(good, "+BO", "+AO", 1), "expected the byte 4 and 32 bytes in base64"},
		{strings.Replace(good, "notary", "not ary", 1), `name "not ary.example" has a character at byte 4 that is not printable ASCII`},
		{good + "\n", "key " + label.Quote(good[len("notary.example+")+9:]+"\n") + " has a character at byte 45 that is not printable ASCII"},
	} {
		_, err := NewCosignatureVerifier(tt.key)
		require.EqualError(t, err, "statement: witness key "+label.Quote(tt.key)+": "+tt.err)
	}
	_, err = NewCosigner("a+b", private, time.Unix(0, 0))
	require.EqualError(t, err, `statement: witness name "a+b" has a "+"`)
	_, err = NewCosigner("a", private[:5], time.Unix(0, 0))
	require.EqualError(t, err, "statement: witness key has 5 bytes, expected 64")
	_, err = NewCosigner("a", private, time.Unix(-1, 0))
	require.EqualError(t, err, "statement: witness time 1969-12-31T23:59:59Z is before 1970")
}
