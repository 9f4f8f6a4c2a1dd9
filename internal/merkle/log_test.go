package merkle

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func newLog(t testing.TB, newHash func() hash.Hash, n int, leaf Leaves) *Log {
	l, err := NewLog(newHash, leaf)
	require.NoError(t, err)
	l.Grow(n)
	return l
}

// TestRFC6962Consistency has the proofs of the reference implementation of
// Certificate Transparency (merkle_tree_test.cc) for the leaves above.
func TestRFC6962Consistency(t *testing.T) {
	l := newLog(t, sha256.New, 8, rfcLeaf(t))
	for _, tt := range []struct {
		m, n int
		want []string
	}{
		{1, 1, nil},
		{1, 8, []string{
			"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
			"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
			"6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
		}},
		{6, 8, []string{
			"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
			"ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
			"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		}},
		{2, 5, []string{
			"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
			"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
		}},
		{6, 7, []string{
			"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
			"b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
			"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		}},
	} {
		var got []string
		path := l.ProveConsistency(tt.m, tt.n)
		for _, h := range path {
			got = append(got, hex.EncodeToString(h[:]))
		}
		require.Equal(t, tt.want, got, "%d of %d", tt.m, tt.n)
		rootM, rootN := rfcRoot(t, tt.m), rfcRoot(t, tt.n)
		require.NoError(t, CheckConsistency(sha256.New, uint64(tt.m), uint64(tt.n), rootM, rootN, path))
	}
}

func rfcRoot(t *testing.T, n int) Hash {
	root, err := hex.DecodeString(rfcRoots[n-1])
	require.NoError(t, err)
	return Hash(root)
}

// slowProof is SUBPROOF(m, D[n], b) of RFC 6962, section 2.1.2, as it stands.
func slowProof(newHash func() hash.Hash, m, lo, hi int, b bool) [][]byte {
	n := hi - lo
	if m == n {
		if b {
			return nil
		}
		return [][]byte{slow(newHash, lo, hi)}
	}
	k := 1
	for k*2 < n {
		k *= 2
	}
	if m <= k {
		return append(slowProof(newHash, m, lo, lo+k, b), slow(newHash, lo+k, hi))
	}
	return append(slowProof(newHash, m-k, lo+k, hi, false), slow(newHash, lo, lo+k))
}

// TestLogAllSmall compares every root, path and proof of a log, at every earlier
// length, with the reference: up to 70 leaves, and some up to 300 (five blocks).
func TestLogAllSmall(t *testing.T) {
	for name, newHash := range hashes {
		l := newLog(t, newHash, 0, numbered)
		require.Equal(t, Hash(newHash().Sum(nil)), l.Root(0))
		roots := []Hash{l.Root(0)}
		sizes := []int{0}
		for n := 1; n <= 300; n++ {
			l.Grow(n)
			if n > 70 && n%37 != 0 && n != 127 && n != 128 && n != 129 && n != 256 && n != 257 {
				continue
			}
			require.Equal(t, slow(newHash, 0, n), bytesOf(l.Root(n)), "%s: %d leaves", name, n)
			sizes, roots = append(sizes, n), append(roots, l.Root(n))
		}
		for at, n := range sizes {
			require.Equal(t, roots[at], l.Root(n), "%s: first %d leaves", name, n)
			for before, m := range sizes[:at+1] {
				path := l.ProveConsistency(m, n)
				if m > 0 {
					requireHashes(t, slowProof(newHash, m, 0, n, true), path, "%s: %d of %d", name, m, n)
				} else {
					require.Empty(t, path)
				}
				require.NoError(t, CheckConsistency(newHash, uint64(m), uint64(n), roots[before], roots[at], path))
			}
			for i := 0; i < n; i += 1 + n/60 {
				path := l.Prove(i, n)
				requireHashes(t, slowPath(newHash, i, 0, n), path, "%s: leaf %d of %d", name, i, n)
				require.NoError(t, Check(newHash, roots[at], uint64(n), uint64(i), numbered(i, nil), path))
			}
		}
	}
}

func bytesOf(h Hash) []byte { return h[:] }

func requireHashes(t *testing.T, want [][]byte, got []Hash, format string, args ...any) {
	t.Helper()
	require.Len(t, got, len(want), fmt.Sprintf(format, args...))
	for i := range got {
		require.Equal(t, want[i], got[i][:], fmt.Sprintf(format, args...))
	}
}

// TestLogGrowth grows logs in different steps, and compares one of them with a
// Tree.
func TestLogGrowth(t *testing.T) {
	const n = 64*64*2 + 64*5 + 17
	tree, err := New(sha256.New, n, numbered)
	require.NoError(t, err)
	for _, step := range []int{1, 63, 64, 65, 1000, n} {
		l := newLog(t, sha256.New, 0, numbered)
		for l.Len() < n {
			l.Grow(min(l.Len()+step, n))
		}
		require.Equal(t, tree.Root(), l.Root(n), "steps of %d", step)
		require.Equal(t, tree.Prove(4099), l.Prove(4099, n))
	}
}

// TestCheckConsistencyRejects takes right proofs and changes each of their parts.
func TestCheckConsistencyRejects(t *testing.T) {
	const most = 24
	l := newLog(t, sha256.New, most, numbered)
	for n := range most + 1 {
		for m := range n + 1 {
			rootM, rootN, path := l.Root(m), l.Root(n), l.ProveConsistency(m, n)
			check := func(m, n int, rootM, rootN Hash, path []Hash) error {
				return CheckConsistency(sha256.New, uint64(m), uint64(n), rootM, rootN, path)
			}
			require.NoError(t, check(m, n, rootM, rootN, path))
			require.Error(t, check(m, n, Hash{}, rootN, path), "older root")
			require.Error(t, check(m, n, rootM, rootN, append(slices.Clone(path), Hash{})), "longer")
			require.Error(t, check(m, n, rootM, rootN, append([]Hash{{}}, path...)), "longer")
			if m > 0 {
				require.Error(t, check(m, n, rootM, Hash{}, path), "newer root")
			}
			if m > 0 && m < n {
				require.Error(t, check(m, n, rootN, rootM, path), "swapped roots")
				require.Error(t, check(n, m, rootM, rootN, path), "swapped lengths")
			}
			if len(path) > 0 {
				require.Error(t, check(m, n, rootM, rootN, path[1:]), "shorter")
				require.Error(t, check(m, n, rootM, rootN, path[:len(path)-1]), "shorter")
			}
			for k := range path {
				bad := slices.Clone(path)
				bad[k][31] ^= 1
				require.Error(t, check(m, n, rootM, rootN, bad), "hash %d", k)
				bad = slices.Clone(path)
				slices.Reverse(bad)
				require.True(t, len(path) == 1 || check(m, n, rootM, rootN, bad) != nil, "reversed")
			}
			for other := range most + 1 {
				if other != m && m > 0 && m < n {
					require.Error(t, check(other, n, l.Root(other), rootN, path), "%d for %d of %d", other, m, n)
				}
			}
			for i := range m { // a leaf of the older tree changed in the newer one
				changed := newLog(t, sha256.New, n, func(k int, buf []byte) []byte {
					buf = numbered(k, buf)
					if k == i {
						buf[len(buf)-1] ^= 1
					}
					return buf
				})
				require.Error(t, check(m, n, rootM, changed.Root(n), changed.ProveConsistency(m, n)), "leaf %d changed", i)
			}
		}
	}
}

func TestCheckConsistencyErrors(t *testing.T) {
	l := newLog(t, sha256.New, 7, numbered)
	path := l.ProveConsistency(3, 7)
	require.Len(t, path, 4)
	check := func(m, n uint64, path []Hash) error {
		return CheckConsistency(sha256.New, m, n, l.Root(3), l.Root(7), path)
	}
	require.NoError(t, check(3, 7, path))
	require.EqualError(t, check(7, 3, path), "7 leaves are not the beginning of 3")
	require.EqualError(t, check(4, 3, nil), "4 leaves are not the beginning of 3")
	require.EqualError(t, check(3, 7, nil), "proof has 0 hashes, too few for 3 of 7 leaves")
	require.EqualError(t, check(3, 7, path[:3]), "proof has 3 hashes, too few for 3 of 7 leaves")
	require.EqualError(t, check(3, 7, append(path, Hash{})), "proof has 5 hashes, too many for 3 of 7 leaves")
	require.EqualError(t, check(3, 3, path), "proof has 4 hashes, too many for 3 of 3 leaves")
	require.EqualError(t, check(0, 7, path), "proof has 4 hashes, too many for 0 of 7 leaves")
	require.EqualError(t, check(0, 7, nil),
		fmt.Sprintf("proof leads to root %x of 0 leaves, expected %x", sha256.Sum256(nil), l.Root(3)))
	require.EqualError(t, check(7, 7, nil), fmt.Sprintf("proof leads to root %x of 7 leaves, expected %x", l.Root(7), l.Root(3)))
	require.EqualError(t, CheckConsistency(sha256.New, 3, 7, Hash{}, l.Root(7), path),
		fmt.Sprintf("proof leads to root %x of 3 leaves, expected %x", l.Root(3), Hash{}))
	require.EqualError(t, CheckConsistency(sha256.New, 3, 7, l.Root(3), Hash{1}, path),
		fmt.Sprintf("proof leads to root %x of 7 leaves, expected %x", l.Root(7), Hash{1}))
	require.EqualError(t, CheckConsistency(sha512.New, 3, 7, l.Root(3), l.Root(7), path), "hash has 64 bytes, expected 32")
	_, err := NewLog(nil, numbered)
	require.EqualError(t, err, "hash function is nil")
}

// TestHugeConsistency checks that lengths near 2^64 neither overflow nor hang.
func TestHugeConsistency(t *testing.T) {
	for _, m := range []uint64{1, 1<<63 - 1, 1 << 63, 1<<63 + 1, 1<<64 - 2} {
		for _, length := range []int{0, 1, 63, 64, 65, 1000} {
			require.Error(t, CheckConsistency(sha256.New, m, 1<<64-1, Hash{}, Hash{}, make([]Hash, length)))
		}
	}
}

func TestLogPanics(t *testing.T) {
	l := newLog(t, sha256.New, 5, numbered)
	require.PanicsWithValue(t, "merkle: log of 5 leaves cut to 4", func() { l.Grow(4) })
	require.PanicsWithValue(t, "merkle: 0 of 6 leaves, in a log of 5", func() { l.Root(6) })
	require.PanicsWithValue(t, "merkle: 3 of 2 leaves, in a log of 5", func() { l.Prove(2, 2) })
	require.PanicsWithValue(t, "merkle: leaf -1", func() { l.Prove(-1, 2) })
	require.PanicsWithValue(t, "merkle: 3 of 2 leaves, in a log of 5", func() { l.ProveConsistency(3, 2) })
}
