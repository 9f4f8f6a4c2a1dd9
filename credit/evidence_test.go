package credit

import (
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func sum(parts ...[]byte) Hash {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return Hash(h.Sum(nil))
}

// The digest of files of all sizes around the chunk's, whatever the pieces, against the tree written
// out for up to three chunks.
func TestDigester(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	file := make([]byte, 3*ChunkSize)
	for i := range file {
		file[i] = byte(rng.Uint32())
	}
	leaf := func(chunk []byte) []byte { d := sum(chunk); h := sum([]byte{0}, d[:]); return h[:] }
	node := func(a, b []byte) []byte { h := sum([]byte{1}, a, b); return h[:] }
	for _, size := range []int{0, 1, ChunkSize - 1, ChunkSize, ChunkSize + 1, 2 * ChunkSize, 2*ChunkSize + 5, 3 * ChunkSize} {
		var d Digester
		for rest := file[:size]; len(rest) > 0; {
			n := min(len(rest), 1+rng.IntN(700_000))
			written, err := d.Write(rest[:n])
			require.NoError(t, err)
			require.Equal(t, n, written)
			rest = rest[n:]
			if rng.IntN(3) == 0 {
				d.Digest() // looking does not change it
			}
		}
		var chunks [][]byte
		for from := 0; from < size; from += ChunkSize {
			chunks = append(chunks, file[from:min(from+ChunkSize, size)])
		}
		root := sum()
		switch len(chunks) {
		case 1:
			root = Hash(leaf(chunks[0]))
		case 2:
			root = Hash(node(leaf(chunks[0]), leaf(chunks[1])))
		case 3:
			root = Hash(node(node(leaf(chunks[0]), leaf(chunks[1])), leaf(chunks[2])))
		}
		digest := d.Digest()
		require.Equal(t, Digest{uint64(size), sum(file[:size]), root}, digest)
		require.Len(t, d.Chunks(), len(chunks))
		for i, chunk := range chunks {
			require.Equal(t, sum(chunk), d.Chunks()[i])
			require.NoError(t, digest.CheckChunk(uint64(i), chunk, d.Prove(i)))
			changed := append([]byte{chunk[0] + 1}, chunk[1:]...)
			require.ErrorContains(t, digest.CheckChunk(uint64(i), changed, d.Prove(i)), "proof leads to root")
			require.Error(t, digest.CheckChunk(uint64(i), chunk[1:], d.Prove(i)))
			require.Error(t, digest.CheckChunk(uint64(len(chunks)-1-i), chunk, append(d.Prove(i), Hash{})))
		}
		require.Error(t, digest.CheckChunk(uint64(len(chunks)), []byte{1}, nil))
	}
	d := Digest{Size: ChunkSize + 1}
	require.EqualError(t, d.CheckChunk(2, nil, nil), "credit: chunk 2 of a file of 2 chunks")
	require.EqualError(t, d.CheckChunk(1, make([]byte, 2), nil), "credit: chunk 1 has 2 bytes, expected 1")
	require.EqualError(t, d.CheckChunk(1, make([]byte, 1), make([]Hash, 65)), "credit: chunk 1: proof of 65 hashes, expected at most 64")
	var _ io.Writer = new(Digester)
}

func TestHashText(t *testing.T) {
	h := sum([]byte("x"))
	var back Hash
	require.NoError(t, back.UnmarshalText([]byte(h.String())))
	require.Equal(t, h, back)
	for _, text := range []string{"", h.String() + "0", h.String()[:63] + "G", "2D711642B726B04401627CA9FBAC32F5C8530FB1903CC4DB02258717921A4881"} {
		require.Error(t, back.UnmarshalText([]byte(text)))
		require.Equal(t, h, back)
	}
	require.EqualError(t, back.UnmarshalText([]byte("0G")), `credit: digest "0G": expected 64 lower-case hexadecimal digits`)
}
