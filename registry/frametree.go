package registry

import (
	"encoding/hex"
	"fmt"
	"hash"

	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/internal/merkle"
)

// A Hash is a digest of 32 bytes: the root of a tree or a node in a proof.
type Hash = [32]byte

// A Salt hides a unit's row from those who only see its leaf's hash.
type Salt [16]byte

// String returns the salt as 32 lower-case hexadecimal digits.
func (s Salt) String() string { return hex.EncodeToString(s[:]) }

// A FrameTree is the Merkle tree (RFC 6962) over the lines of a frame: its root
// fixes the frame, its proofs answer "am I in the list, with which stratum and
// weight?". It is immutable and safe for concurrent use, and holds the frame
// and about one byte a unit.
//
// A proof from an unsalted tree gives away the neighbour's row: its first hash
// is over a line that a few hundred guesses recover. Where rows are not public,
// use [Frame.SaltedTree].
type FrameTree struct {
	frame *Frame
	tree  *merkle.Tree
	salts *salter // nil if unsalted
}

// A Proof shows that a row is in a frame: where, and the hashes that lead from
// it to the root.
type Proof struct {
	Index uint64 // the row's place, from 0
	Units uint64 // number of rows in the frame
	Path  []Hash // audit path of RFC 6962, section 2.1.1, from the leaf upwards
}

// Tree returns the frame's tree under a hash of 32 bytes, such as sha256.New.
// Each leaf is a line of the frame's text without its newline. It uses as many
// goroutines as may run at once and returns an error if newHash is not a hash
// of 32 bytes.
func (f *Frame) Tree(newHash func() hash.Hash) (*FrameTree, error) {
	tree, err := merkle.New(newHash, f.Len(), f.appendLine)
	if err != nil {
		return nil, fmt.Errorf("registry: frame tree: %w", err)
	}
	return &FrameTree{frame: f, tree: tree}, nil
}

// Root returns the root of [Frame.Tree].
func (f *Frame) Root(newHash func() hash.Hash) (Hash, error) {
	t, err := f.Tree(newHash)
	if err != nil {
		return Hash{}, err
	}
	return t.Root(), nil
}

// SaltedTree returns the frame's tree with a salt in each leaf: the line, a
// space and the salt in hexadecimal. The salts are derived from a secret of 32
// bytes, fresh for this frame, and the IDs: the salt of an ID is the first 16
// bytes of H(key ‖ id), where key is HKDF-Expand of the secret with purpose
// "frame-salt". It returns an error if newHash is not a hash of 32 bytes.
func (f *Frame) SaltedTree(newHash func() hash.Hash, secret [32]byte) (*FrameTree, error) {
	salts, err := newSalter(newHash, secret)
	if err != nil {
		return nil, fmt.Errorf("registry: frame tree: %w", err)
	}
	tree, err := merkle.New(newHash, f.Len(), func(i int, buf []byte) []byte {
		return appendSalt(f.appendLine(i, buf), salts.salt(f.ID(i)))
	})
	if err != nil {
		return nil, fmt.Errorf("registry: frame tree: %w", err)
	}
	return &FrameTree{frame: f, tree: tree, salts: salts}, nil
}

// Root returns the tree's root.
func (t *FrameTree) Root() Hash { return t.tree.Root() }

// Prove returns the unit with the given ID, its proof and, if the tree is
// salted, its salt. It returns an error if the frame has no such unit.
func (t *FrameTree) Prove(id string) (Unit, Proof, Salt, error) {
	i, ok := t.frame.Find(id)
	if !ok {
		return Unit{}, Proof{}, Salt{}, fmt.Errorf("registry: id %s is not in the frame", label.Quote(id))
	}
	proof := Proof{uint64(i), uint64(t.frame.Len()), t.tree.Prove(i)}
	var salt Salt
	if t.salts != nil {
		salt = t.salts.salt(id)
	}
	return t.frame.At(i), proof, salt, nil
}

// CheckUnit returns nil if the proof shows that the unit is in the unsalted
// frame with the given root.
func CheckUnit(newHash func() hash.Hash, root Hash, unit Unit, proof Proof) error {
	line, err := unit.AppendText(nil)
	if err != nil {
		return err
	}
	return checkLeaf(newHash, root, unit.ID, line, proof)
}

// CheckSaltedUnit returns nil if the proof shows that the unit, with its salt,
// is in the salted frame with the given root.
func CheckSaltedUnit(newHash func() hash.Hash, root Hash, unit Unit, salt Salt, proof Proof) error {
	line, err := unit.AppendText(nil)
	if err != nil {
		return err
	}
	return checkLeaf(newHash, root, unit.ID, appendSalt(line, salt), proof)
}

func checkLeaf(newHash func() hash.Hash, root Hash, id string, leaf []byte, proof Proof) error {
	if err := merkle.Check(newHash, root, proof.Units, proof.Index, leaf, proof.Path); err != nil {
		return fmt.Errorf("registry: id %s: %w", label.Quote(id), err)
	}
	return nil
}

func appendSalt(line []byte, salt Salt) []byte {
	return hex.AppendEncode(append(line, ' '), salt[:])
}

// A salter derives salts.
type salter struct {
	f   digest.Func
	key [32]byte
}

func newSalter(newHash func() hash.Hash, secret [32]byte) (*salter, error) {
	f, err := digest.New(newHash)
	if err != nil {
		return nil, err
	}
	key, err := derive.Key(newHash, secret[:], "frame-salt")
	if err != nil {
		return nil, err
	}
	return &salter{f, key}, nil
}

func (s *salter) salt(id string) Salt {
	var buf [32 + 64]byte
	sum := s.f.Sum(append(append(buf[:0], s.key[:]...), id...))
	return Salt(sum[:16])
}
