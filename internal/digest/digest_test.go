package digest

import (
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNew(t *testing.T) {
	f, err := New(sha256.New)
	require.NoError(t, err)
	require.True(t, f.sha256, "SHA-256 is recognised")
	require.Equal(t, sha256.Sum256([]byte("abc")), f.Sum([]byte("abc")))

	f, err = New(sha512.New512_256)
	require.NoError(t, err)
	require.False(t, f.sha256)
	h := f.Hasher()
	require.Equal(t, sha512.Sum512_256([]byte("abc")), h.Sum([]byte("abc")))
	require.Equal(t, sha512.Sum512_256(nil), h.Sum(nil), "a Hasher starts anew for each digest")

	for _, tt := range []struct {
		hash func() hash.Hash
		err  string
	}{
		{nil, "hash function is nil"},
		{func() hash.Hash { return nil }, "hash function returned nil"},
		{sha256.New224, "hash has 28 bytes, expected 32"},
		{sha512.New, "hash has 64 bytes, expected 32"},
	} {
		_, err := New(tt.hash)
		require.EqualError(t, err, tt.err)
	}
	require.PanicsWithValue(t, "digest: zero Func", func() { Func{}.Hasher() })
}

func TestSumAllocatesNothing(t *testing.T) {
	for _, newHash := range []func() hash.Hash{sha256.New, func() hash.Hash { return plain{sha256.New()} }} {
		f, err := New(newHash)
		require.NoError(t, err)
		h, buf := f.Hasher(), make([]byte, 50)
		require.Zero(t, testing.AllocsPerRun(100, func() { buf[0] = h.Sum(buf)[0] }))
	}
}

// A plain hash is not recognised.
type plain struct{ hash.Hash }
