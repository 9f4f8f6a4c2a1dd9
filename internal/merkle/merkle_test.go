package merkle

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// The leaves and roots of the reference implementation of Certificate
// Transparency (RFC 6962), whose trees have 1 to 8 of these leaves.
var (
	rfcLeaves = []string{
		"", "00", "10", "2021", "3031", "40414243",
		"5051525354555657", "606162636465666768696a6b6c6d6e6f",
	}
	rfcRoots = []string{
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
)

func rfcLeaf(t *testing.T) Leaves {
	leaves := make([][]byte, len(rfcLeaves))
	for i, s := range rfcLeaves {
		leaf, err := hex.DecodeString(s)
		require.NoError(t, err)
		leaves[i] = leaf
	}
	return func(i int, buf []byte) []byte { return append(buf, leaves[i]...) }
}

func TestRFC6962Vectors(t *testing.T) {
	leaf := rfcLeaf(t)
	for n := range len(rfcLeaves) + 1 {
		tree, err := New(sha256.New, n, leaf)
		require.NoError(t, err)
		root := tree.Root()
		if n == 0 {
			require.Equal(t, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", hex.EncodeToString(root[:]))
			continue
		}
		require.Equal(t, rfcRoots[n-1], hex.EncodeToString(root[:]), "tree of %d leaves", n)
	}
}

// numbered is a tree's leaf: its number, spelled with differing lengths.
func numbered(i int, buf []byte) []byte { return fmt.Appendf(buf, "leaf %d", i*i) }

// slow is written from RFC 6962, section 2.1, as it stands.
func slow(newHash func() hash.Hash, lo, hi int) []byte {
	h := newHash()
	if n := hi - lo; n == 1 {
		h.Write([]byte{0})
		h.Write(numbered(lo, nil))
	} else if n > 1 {
		k := 1
		for k*2 < n {
			k *= 2
		}
		h.Write([]byte{1})
		h.Write(slow(newHash, lo, lo+k))
		h.Write(slow(newHash, lo+k, hi))
	}
	return h.Sum(nil)
}

// slowPath is PATH(m, D[n]) of RFC 6962, section 2.1.1.
func slowPath(newHash func() hash.Hash, m, lo, hi int) [][]byte {
	n := hi - lo
	if n == 1 {
		return nil
	}
	k := 1
	for k*2 < n {
		k *= 2
	}
	if m < lo+k {
		return append(slowPath(newHash, m, lo, lo+k), slow(newHash, lo+k, hi))
	}
	return append(slowPath(newHash, m, lo+k, hi), slow(newHash, lo, lo+k))
}

var hashes = map[string]func() hash.Hash{"SHA-256": sha256.New, "SHA-512/256": sha512.New512_256}

// TestAllSmallTrees compares every tree, path and check up to 200 leaves (over
// three blocks) with the reference, and folds the roots into one hash.
func TestAllSmallTrees(t *testing.T) {
	for name, newHash := range hashes {
		all := sha256.New()
		for n := 1; n <= 200; n++ {
			tree, err := New(newHash, n, numbered)
			require.NoError(t, err)
			root := tree.Root()
			require.Equal(t, slow(newHash, 0, n), root[:])
			all.Write(root[:])
			if n > 70 && n%13 != 0 && n < 190 {
				continue
			}
			for i := range n {
				path := tree.Prove(i)
				want := slowPath(newHash, i, 0, n)
				require.Len(t, path, len(want))
				for k := range path {
					require.Equal(t, want[k], path[k][:], "%s: leaf %d of %d", name, i, n)
				}
				require.NoError(t, Check(newHash, root, uint64(n), uint64(i), numbered(i, nil), path))
			}
		}
		if name == "SHA-256" {
			require.Equal(t, "864208e1c019453af9b3ed4426b9660e8913c74dbb751c5664ea451266ee532b", hex.EncodeToString(all.Sum(nil)))
		}
	}
}

// TestCheckRejects takes a right proof and changes each of its parts.
func TestCheckRejects(t *testing.T) {
	for n := 1; n <= 20; n++ {
		tree, err := New(sha256.New, n, numbered)
		require.NoError(t, err)
		root := tree.Root()
		for i := range n {
			leaf, path := numbered(i, nil), tree.Prove(i)
			check := func(root Hash, n, i int, leaf []byte, path []Hash) error {
				return Check(sha256.New, root, uint64(n), uint64(i), leaf, path)
			}
			require.NoError(t, check(root, n, i, leaf, path))
			require.Error(t, check(Hash{}, n, i, leaf, path), "root")
			require.Error(t, check(root, n, i, append(leaf, 'x'), path), "leaf")
			require.Error(t, check(root, n, i, leaf, append(path[:len(path):len(path)], Hash{})), "longer")
			if len(path) > 0 {
				require.Error(t, check(root, n, i, leaf, path[1:]), "shorter")
				require.Error(t, check(root, n, i, leaf, path[:len(path)-1]), "shorter")
			}
			for k := range path {
				bad := append([]Hash(nil), path...)
				bad[k][31] ^= 1
				require.Error(t, check(root, n, i, leaf, bad), "hash %d", k)
			}
			for j := range n {
				if j != i {
					require.Error(t, check(root, n, j, leaf, path), "index %d for %d of %d", j, i, n)
				}
			}
		}
	}
}

func TestCheckErrors(t *testing.T) {
	tree, err := New(sha256.New, 5, numbered)
	require.NoError(t, err)
	root, path := tree.Root(), tree.Prove(2)
	check := func(n, i uint64, path []Hash) error {
		return Check(sha256.New, root, n, i, numbered(2, nil), path)
	}
	require.EqualError(t, check(5, 5, path), "leaf 5 is not in a tree of 5 leaves")
	require.EqualError(t, check(0, 0, nil), "leaf 0 is not in a tree of 0 leaves")
	require.EqualError(t, check(5, 2, path[:2]), "proof has 2 hashes, too few for leaf 2 of 5")
	require.EqualError(t, check(5, 2, make([]Hash, 9)), "proof has 9 hashes, too many for leaf 2 of 5")
	require.EqualError(t, Check(sha256.New, Hash{}, 5, 2, numbered(2, nil), path),
		fmt.Sprintf("proof leads to root %x, expected %x", root, Hash{}))
	require.EqualError(t, Check(sha512.New, root, 5, 2, nil, path), "hash has 64 bytes, expected 32")
	_, err = New(nil, 1, numbered)
	require.EqualError(t, err, "hash function is nil")
}

// TestHugeIndex checks that sizes near 2^64 neither overflow nor hang.
func TestHugeIndex(t *testing.T) {
	for _, i := range []uint64{0, 1<<63 - 1, 1 << 63, 1<<64 - 2} {
		for _, length := range []int{0, 63, 64, 65, 1000} {
			require.Error(t, Check(sha256.New, Hash{}, 1<<64-1, i, nil, make([]Hash, length)))
		}
	}
}

func TestGoroutinesChangeNothing(t *testing.T) {
	const n = 64*64*3 + 17
	leaf := func(i int, buf []byte) []byte { return binary.BigEndian.AppendUint64(buf, uint64(i)) }
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one, err := New(sha256.New, n, leaf)
	require.NoError(t, err)
	for _, procs := range []int{2, 7} {
		runtime.GOMAXPROCS(procs)
		tree, err := New(sha256.New, n, leaf)
		require.NoError(t, err)
		require.Equal(t, one.levels, tree.levels)
	}
}
