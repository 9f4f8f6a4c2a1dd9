package seal

import (
	"math/rand/v2"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
)

func testKeys(t testing.TB) (note.Signer, note.Verifier) {
	t.Helper()
	skey, vkey, err := note.GenerateKey(rand.NewChaCha8([32]byte{1}), "regulator.example")
	require.NoError(t, err)
	signer, err := note.NewSigner(skey)
	require.NoError(t, err)
	verifier, err := note.NewVerifier(vkey)
	require.NoError(t, err)
	return signer, verifier
}

func testSigner(t testing.TB) note.Signer {
	signer, _ := testKeys(t)
	return signer
}

// BenchmarkSealCity makes the sealed tree of the whole city.
func BenchmarkSealCity(b *testing.B) {
	c := newCity(b, size, nil, nil)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if _, err := New(draw.SHA256(), c.frame, c.result, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/size, "ns/unit")
}

// BenchmarkVerifyReceipt opens a receipt of the whole city, signature and all,
// and checks both proofs.
func BenchmarkVerifyReceipt(b *testing.B) {
	signed := signedReceipt(b, newCity(b, size, &[32]byte{7}, nil))
	_, verifier := testKeys(b)
	suite := draw.SHA256()
	b.ResetTimer()
	for range b.N {
		opened, err := statement.OpenNote(suite, signed.Note, note.VerifierList(verifier))
		if err != nil {
			b.Fatal(err)
		}
		var r statement.Receipt
		if err := r.UnmarshalText(opened.Text); err != nil {
			b.Fatal(err)
		}
		if err := CheckReceipt(suite, &r); err != nil {
			b.Fatal(err)
		}
	}
}
