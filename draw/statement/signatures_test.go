package statement

import (
	"bytes"
	"crypto/ed25519"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
)

// TestSignaturesAsPublished compares the signatures that signing returns with
// those that a reader of the note finds, in content and order.
func TestSignaturesAsPublished(t *testing.T) {
	suite := draw.SHA256()
	one, verifyOne := key(t, "one.example")
	two, verifyTwo := key(t, "two.example")
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	seen := func(second int64) *Cosigner {
		w, err := NewCosigner("notary.example", private, time.Unix(second, 0))
		require.NoError(t, err)
		return w
	}
	verifyWitness, err := NewCosignatureVerifier(seen(0).VerifierKey())
	require.NoError(t, err)
	all := note.VerifierList(verifyOne, verifyTwo, verifyWitness)
	same := func(signed *Signed) {
		t.Helper()
		opened, err := OpenNote(suite, signed.Note, all)
		require.NoError(t, err)
		require.Equal(t, opened, signed)
	}
	at := func(signed *Signed) int64 {
		t.Helper()
		sig, ok := signed.SignatureBy(verifyWitness)
		require.True(t, ok)
		at, err := CosignedAt(sig)
		require.NoError(t, err)
		return at.Unix()
	}

	signed, err := Sign(suite, &Commit{hashOf(1), "chamber", hashOf(2)}, one, seen(1000), two)
	require.NoError(t, err)
	same(signed)
	require.Equal(t, int64(1000), at(signed))

	// A witness signs again later: the earlier signature goes.
	again, err := signed.Cosign(suite, all, seen(2000))
	require.NoError(t, err)
	same(again)
	require.Len(t, again.Sigs, 3)
	require.Equal(t, int64(2000), at(again))
	require.Equal(t, int64(1000), at(signed), "the receiver stays as it was")

	// Who cosigns need not know all the keys. Other signatures stay in the note.
	partly, err := signed.Cosign(suite, note.VerifierList(verifyOne), seen(3000))
	require.NoError(t, err)
	require.Len(t, partly.Sigs, 2)
	opened, err := OpenNote(suite, partly.Note, all)
	require.NoError(t, err)
	require.Len(t, opened.Sigs, 3)
	require.Equal(t, int64(3000), at(opened))
}
