package registry

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var treeHashes = map[string]func() hash.Hash{"SHA-256": sha256.New, "SHA-512/256": sha512.New512_256}

// slowRoot is the Merkle tree hash as RFC 6962, section 2.1, states it.
func slowRoot(newHash func() hash.Hash, leaves []string) (root Hash) {
	h := newHash()
	switch n := len(leaves); n {
	case 0:
	case 1:
		h.Write([]byte("\x00" + leaves[0]))
	default:
		k := 1
		for k*2 < n {
			k *= 2
		}
		left, right := slowRoot(newHash, leaves[:k]), slowRoot(newHash, leaves[k:])
		h.Write([]byte{1})
		h.Write(left[:])
		h.Write(right[:])
	}
	return Hash(h.Sum(nil))
}

func frameLines(t testing.TB, f *Frame) []string {
	return strings.Split(strings.TrimSuffix(frameText(t, f), "\n"), "\n")
}

// TestFrameTreeAllSizes compares the root of every size with the reference, and
// proves every unit.
func TestFrameTreeAllSizes(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for name, newHash := range treeHashes {
		for n := 1; n <= 130; n++ {
			f := newFrame(t, randomUnits(r, n)...)
			tree, err := f.Tree(newHash)
			require.NoError(t, err)
			require.Equal(t, slowRoot(newHash, frameLines(t, f)), tree.Root(), "%s: %d units", name, n)
			root, err := f.Root(newHash)
			require.NoError(t, err)
			require.Equal(t, tree.Root(), root)
			for i, u := range f.All() {
				unit, proof, salt, err := tree.Prove(u.ID)
				require.NoError(t, err)
				require.Equal(t, u, unit)
				require.Equal(t, uint64(i), proof.Index)
				require.Equal(t, uint64(n), proof.Units)
				require.Zero(t, salt)
				require.NoError(t, CheckUnit(newHash, root, unit, proof))
			}
		}
	}
}

func smallFrame(t testing.TB) *Frame {
	return newFrame(t,
		Unit{"a", "s", 1}, Unit{"b", "s", 2}, Unit{"c", "s", 1}, Unit{"d", "r", 1},
		Unit{"e", "r", 3}, Unit{"f", "r", 1}, Unit{"g", "q", 5})
}

// TestCheckUnitRefuses changes each part of a right proof once.
func TestCheckUnitRefuses(t *testing.T) {
	f := smallFrame(t)
	tree, err := f.Tree(sha256.New)
	require.NoError(t, err)
	root := tree.Root()
	unit, proof, _, err := tree.Prove("c")
	require.NoError(t, err)
	require.Len(t, proof.Path, 3)
	require.NoError(t, CheckUnit(sha256.New, root, unit, proof))
	// leadsTo is the error for a row in place of the unit's own.
	leadsTo := func(id, line string) string {
		lines := frameLines(t, f)
		lines[2] = line
		return fmt.Sprintf("registry: id %q: proof leads to root %x, expected %x", id, slowRoot(sha256.New, lines), root)
	}
	flipped := append([]Hash(nil), proof.Path...)
	flipped[2][31] ^= 1
	other := tree.tree.Prove(3) // of the neighbour: only its first hash differs
	for _, tt := range []struct {
		name  string
		unit  Unit
		proof Proof
		want  string // "" for any root
	}{
		{"id", Unit{"x", "s", 1}, proof, leadsTo("x", "x s 1")},
		{"stratum", Unit{"c", "r", 1}, proof, leadsTo("c", "c r 1")},
		{"weight", Unit{"c", "s", 2}, proof, leadsTo("c", "c s 2")},
		{"neighbour's row", Unit{"d", "r", 1}, proof, leadsTo("d", "d r 1")},
		{"index", unit, Proof{3, 7, proof.Path}, ""},
		{"index on the edge", unit, Proof{6, 7, proof.Path}, `registry: id "c": proof has 3 hashes, too many for leaf 6 of 7`},
		{"index beyond", unit, Proof{7, 7, proof.Path}, `registry: id "c": leaf 7 is not in a tree of 7 leaves`},
		{"smaller tree", unit, Proof{2, 3, proof.Path}, `registry: id "c": proof has 3 hashes, too many for leaf 2 of 3`},
		{"larger tree", unit, Proof{2, 9, proof.Path}, `registry: id "c": proof has 3 hashes, too few for leaf 2 of 9`},
		{"no tree", unit, Proof{}, `registry: id "c": leaf 0 is not in a tree of 0 leaves`},
		{"short path", unit, Proof{2, 7, proof.Path[:2]}, `registry: id "c": proof has 2 hashes, too few for leaf 2 of 7`},
		{"long path", unit, Proof{2, 7, make([]Hash, 4)}, `registry: id "c": proof has 4 hashes, too many for leaf 2 of 7`},
		{"a changed hash", unit, Proof{2, 7, flipped}, ""},
		{"another's path", unit, Proof{2, 7, other}, ""},
		{"empty id", Unit{"", "s", 1}, proof, `registry: unit: id is empty`},
		{"two rows in one", Unit{"c", "s 1\nd", 1}, proof, `registry: unit: stratum "s 1\nd" has the space U+0020 at byte 2`},
		{"field moved", Unit{"c s", "1", 1}, proof, `registry: unit: id "c s" has the space U+0020 at byte 2`},
		{"weight 0", Unit{"c", "s", 0}, proof, `registry: unit: weight 0, expected 1 to 9223372036854775807`},
		{"weight 2^63", Unit{"c", "s", 1 << 63}, proof, `registry: unit: weight 9223372036854775808, expected 1 to 9223372036854775807`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := CheckUnit(sha256.New, root, tt.unit, tt.proof)
			if tt.want == "" {
				require.ErrorContains(t, err, `registry: id "c": proof leads to root `)
				require.ErrorContains(t, err, fmt.Sprintf(", expected %x", root))
				return
			}
			require.EqualError(t, err, tt.want)
			require.Error(t, CheckSaltedUnit(sha256.New, root, tt.unit, Salt{}, tt.proof))
		})
	}
	require.EqualError(t, CheckUnit(sha256.New, Hash{}, unit, proof),
		fmt.Sprintf(`registry: id "c": proof leads to root %x, expected %064d`, root, 0))
	require.ErrorContains(t, CheckUnit(sha512.New512_256, root, unit, proof), `registry: id "c": proof leads to root `)
	require.EqualError(t, CheckUnit(sha512.New, root, unit, proof), `registry: id "c": hash has 64 bytes, expected 32`)
	require.EqualError(t, CheckUnit(nil, root, unit, proof), `registry: id "c": hash function is nil`)
}

func TestFrameTreeErrors(t *testing.T) {
	f := smallFrame(t)
	_, err := f.Tree(sha256.New224)
	require.EqualError(t, err, "registry: frame tree: hash has 28 bytes, expected 32")
	_, err = f.Root(nil)
	require.EqualError(t, err, "registry: frame tree: hash function is nil")
	_, err = f.SaltedTree(sha512.New, [32]byte{})
	require.EqualError(t, err, "registry: frame tree: hash has 64 bytes, expected 32")
	tree, err := f.Tree(sha256.New)
	require.NoError(t, err)
	for id, want := range map[string]string{
		"bb":                    `registry: id "bb" is not in the frame`,
		"":                      `registry: id "" is not in the frame`,
		strings.Repeat("x", 90): `registry: id "` + strings.Repeat("x", 80) + `"… (90 bytes) is not in the frame`,
	} {
		_, _, _, err := tree.Prove(id)
		require.EqualError(t, err, want)
	}
}

// slowSalt is the salt as sections 2 and 3 of draw/SPEC.md define it.
func slowSalt(newHash func() hash.Hash, secret [32]byte, id string) (salt Salt) {
	mac := hmac.New(newHash, secret[:])
	mac.Write([]byte("\x00\x00\x00\x0fdoublerandom/v1" + "\x00\x00\x00\x0aframe-salt" + "\x01"))
	h := newHash()
	h.Write(append(mac.Sum(nil), id...))
	copy(salt[:], h.Sum(nil))
	return salt
}

func TestSaltedTree(t *testing.T) {
	secret := [32]byte([]byte("an example secret of 32 bytes!!!"))
	units := randomUnits(rand.New(rand.NewPCG(6, 6)), 77)
	units = append(units, Unit{strings.Repeat("m", 64), "s", 1})
	f := newFrame(t, units...)
	for name, newHash := range treeHashes {
		plain, err := f.Tree(newHash)
		require.NoError(t, err)
		tree, err := f.SaltedTree(newHash, secret)
		require.NoError(t, err)
		leaves := frameLines(t, f)
		for i := range leaves {
			salt := slowSalt(newHash, secret, f.ID(i))
			leaves[i] += " " + hex.EncodeToString(salt[:])
		}
		root := tree.Root()
		require.Equal(t, slowRoot(newHash, leaves), root, name)
		require.NotEqual(t, plain.Root(), root)

		for _, u := range units {
			unit, proof, salt, err := tree.Prove(u.ID)
			require.NoError(t, err)
			require.Equal(t, u, unit)
			require.Equal(t, slowSalt(newHash, secret, u.ID), salt, name)
			require.NoError(t, CheckSaltedUnit(newHash, root, unit, salt, proof))
			require.ErrorContains(t, CheckUnit(newHash, root, unit, proof), ": proof leads to root ")
			require.ErrorContains(t, CheckSaltedUnit(newHash, plain.Root(), unit, salt, proof), ": proof leads to root ")
			wrong := salt
			wrong[15] ^= 1
			require.ErrorContains(t, CheckSaltedUnit(newHash, root, unit, wrong, proof), ": proof leads to root ")
			unit.Weight++
			require.ErrorContains(t, CheckSaltedUnit(newHash, root, unit, salt, proof), ": proof leads to root ")

			// No hash of a salted proof is one that guesses at rows would find.
			_, open, _, err := plain.Prove(u.ID)
			require.NoError(t, err)
			require.Len(t, proof.Path, len(open.Path))
			for k := range open.Path {
				require.NotEqual(t, open.Path[k], proof.Path[k])
			}
		}
		secret[31] ^= 1
		other, err := f.SaltedTree(newHash, secret)
		require.NoError(t, err)
		require.NotEqual(t, root, other.Root())
		secret[31] ^= 1
	}
}

// TestProofOfUnsaltedTreeShowsNeighbour is why salted trees exist: the first
// hash of a proof is that of the neighbour's line.
func TestProofOfUnsaltedTreeShowsNeighbour(t *testing.T) {
	f := smallFrame(t)
	tree, err := f.Tree(sha256.New)
	require.NoError(t, err)
	_, proof, _, err := tree.Prove("c")
	require.NoError(t, err)
	require.Equal(t, sha256.Sum256([]byte("\x00d r 1")), proof.Path[0])
	tree, err = f.SaltedTree(sha256.New, [32]byte{})
	require.NoError(t, err)
	_, proof, _, err = tree.Prove("c")
	require.NoError(t, err)
	require.Equal(t, sha256.Sum256([]byte("\x00d r 1 "+slowSalt(sha256.New, [32]byte{}, "d").String())), proof.Path[0])
}

func TestSaltString(t *testing.T) {
	require.Equal(t, "00000000000000000000000000000000", Salt{}.String())
	require.Equal(t, "000102030405060708090a0b0c0d0eff", Salt{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255}.String())
}

// TestFrameRootPinned pins the roots of two frames, so that no change of the text
// or the tree passes unseen.
func TestFrameRootPinned(t *testing.T) {
	root, err := smallFrame(t).Root(sha256.New)
	require.NoError(t, err)
	require.Equal(t, "fd1e8d15dd83fe7419d534bea2b9675620755f025c28752c64e549b9a1e1ed46", hex.EncodeToString(root[:]))
	salted, err := smallFrame(t).SaltedTree(sha256.New, [32]byte{1})
	require.NoError(t, err)
	root = salted.Root()
	require.Equal(t, "7e4eb1f6cf12150beb9c689336fac6345a6e9242bb250464cbd466adcd9b3f61", hex.EncodeToString(root[:]))
}
