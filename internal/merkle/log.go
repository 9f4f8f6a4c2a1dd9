package merkle

import (
	"fmt"
	"hash"
	"math/bits"

	"github.com/doublerandom/doublerandom/internal/digest"
)

// A Log is a Merkle tree that grows at its end and remembers what it was: it has
// the root of its first n leaves for every n, proves a leaf against any of them,
// and proves that one is the beginning of another. It keeps the nodes over 64
// leaves and more, one byte a leaf, and asks for the leaves of a block again when
// it needs them.
//
// It is safe for concurrent use, but for Grow.
type Log struct {
	f      digest.Func
	n      int
	leaf   Leaves
	levels [][]Hash // levels[k][i] is the node over leaves [i·64·2^k, (i+1)·64·2^k), whole ones only
}

// NewLog returns a log without leaves. Leaf is only called for leaves below the
// length that [Log.Grow] was given. It returns an error if newHash is not a hash
// of 32 bytes.
func NewLog(newHash func() hash.Hash, leaf Leaves) (*Log, error) {
	f, err := digest.New(newHash)
	if err != nil {
		return nil, err
	}
	return &Log{f: f, leaf: leaf}, nil
}

// Len returns the number of leaves.
func (l *Log) Len() int { return l.n }

// Grow makes the log one of n leaves. It panics if it has more already.
func (l *Log) Grow(n int) {
	if n < l.n {
		panic(fmt.Sprintf("merkle: log of %d leaves cut to %d", l.n, n))
	}
	first := l.n / blockSize // the first block that was not whole
	l.n = n
	if first == n/blockSize {
		return
	}
	h := newHasher(l.f)
	for b := first; b < n/blockSize; b++ {
		l.push(h, 0, l.leaves(h, b*blockSize, (b+1)*blockSize))
	}
}

// push adds a node to level k, and those above that it makes whole.
func (l *Log) push(h hasher, k int, node Hash) {
	if k == len(l.levels) {
		l.levels = append(l.levels, nil)
	}
	l.levels[k] = append(l.levels[k], node)
	if n := len(l.levels[k]); n%2 == 0 {
		l.push(h, k+1, h.node(&l.levels[k][n-2], &l.levels[k][n-1]))
	}
}

// Root returns the root of the first n leaves. It panics if there are fewer.
func (l *Log) Root(n int) Hash {
	l.check(0, n)
	if n == 0 {
		return l.f.Sum(nil)
	}
	return l.node(newHasher(l.f), 0, n)
}

// Prove returns the audit path (RFC 6962, section 2.1.1) of leaf i in the tree
// of the first n leaves, from the leaf's sibling upwards. It panics unless
// 0 ≤ i < n and the log has n leaves.
func (l *Log) Prove(i, n int) []Hash {
	l.check(i+1, n)
	if i < 0 {
		panic(fmt.Sprintf("merkle: leaf %d", i))
	}
	return l.path(newHasher(l.f), i, 0, n)
}

// ProveConsistency returns the proof (RFC 6962, section 2.1.2) that the tree of
// the first m leaves is the beginning of that of the first n. It is empty if
// m is n, and if m is 0, for which the RFC has no proof: no leaves are the
// beginning of any. It panics unless 0 ≤ m ≤ n and the log has n leaves.
func (l *Log) ProveConsistency(m, n int) []Hash {
	l.check(m, n)
	if m == 0 {
		return nil
	}
	return l.subproof(newHasher(l.f), m, 0, n, true)
}

func (l *Log) check(m, n int) {
	if m < 0 || m > n || n > l.n {
		panic(fmt.Sprintf("merkle: %d of %d leaves, in a log of %d", m, n, l.n))
	}
}

// path is PATH(i-lo, D[lo:hi]) of RFC 6962, section 2.1.1.
func (l *Log) path(h hasher, i, lo, hi int) []Hash {
	if hi-lo == 1 {
		return nil
	}
	middle := lo + split(hi-lo)
	if i < middle {
		return append(l.path(h, i, lo, middle), l.node(h, middle, hi))
	}
	return append(l.path(h, i, middle, hi), l.node(h, lo, middle))
}

// subproof is SUBPROOF(m-lo, D[lo:hi], known) of RFC 6962, section 2.1.2: known
// says that the checker has the root of these leaves, if m is hi.
func (l *Log) subproof(h hasher, m, lo, hi int, known bool) []Hash {
	if m == hi {
		if known {
			return nil
		}
		return []Hash{l.node(h, lo, hi)}
	}
	middle := lo + split(hi-lo)
	if m <= middle {
		return append(l.subproof(h, m, lo, middle, known), l.node(h, middle, hi))
	}
	return append(l.subproof(h, m, middle, hi, false), l.node(h, lo, middle))
}

// node returns the node over leaves [lo, hi), at least one, that are a subtree
// of one of the trees: lo is a multiple of the least power of two from hi-lo up.
func (l *Log) node(h hasher, lo, hi int) Hash {
	n := hi - lo
	if n < blockSize {
		return l.leaves(h, lo, hi)
	}
	if k := bits.TrailingZeros(uint(n)); n == 1<<k {
		return l.levels[k-blockBits][lo/n]
	}
	middle := lo + split(n)
	left, right := l.node(h, lo, middle), l.node(h, middle, hi)
	return h.node(&left, &right)
}

// leaves returns the node over the leaves [lo, hi), 1 to 64 of them.
func (l *Log) leaves(h hasher, lo, hi int) Hash {
	var level [blockSize]Hash
	buf := make([]byte, 0, 256)
	return h.fold(h.leaves(l.leaf, lo, hi, &level, &buf))
}

// split returns the largest power of two below n, for n > 1.
func split(n int) int { return 1 << (bits.Len(uint(n-1)) - 1) }

// CheckConsistency returns nil if path proves that the m leaves under rootM are
// the first of the n leaves under rootN (RFC 6962, section 2.1.2; the steps are
// those of RFC 9162, section 2.1.4.2). Two trees of equal length must have equal
// roots, and a tree of no leaves that of no leaves. It returns an error that says
// what is wrong otherwise.
func CheckConsistency(newHash func() hash.Hash, m, n uint64, rootM, rootN Hash, path []Hash) error {
	f, err := digest.New(newHash)
	if err != nil {
		return err
	}
	long := func(what string) error {
		return fmt.Errorf("proof has %d hashes, too %s for %d of %d leaves", len(path), what, m, n)
	}
	switch {
	case m > n:
		return fmt.Errorf("%d leaves are not the beginning of %d", m, n)
	case m == n || m == 0:
		if len(path) > 0 {
			return long("many")
		}
		if m == n {
			return sameRoot(m, rootN, rootM)
		}
		return sameRoot(0, f.Sum(nil), rootM)
	}
	// Up to the largest subtree that ends where the older tree ends, the trees are
	// the same; at is its place in its level, last that of the newer tree's last node.
	k := bits.TrailingZeros64(m)
	at, last := (m-1)>>k, (n-1)>>k
	older := rootM // it is that subtree, if m is a power of two
	rest := path
	if m != 1<<k {
		if len(path) == 0 {
			return long("few")
		}
		older, rest = path[0], path[1:]
	}
	newer := older
	h := newHasher(f)
	for _, node := range rest {
		if last == 0 {
			return long("many")
		}
		if at&1 == 1 || at == last {
			older, newer = h.node(&node, &older), h.node(&node, &newer)
			for at&1 == 0 && at > 0 { // a lone last node moves up unchanged
				at, last = at/2, last/2
			}
		} else {
			newer = h.node(&newer, &node)
		}
		at, last = at/2, last/2
	}
	if last != 0 {
		return long("few")
	}
	if err := sameRoot(m, older, rootM); err != nil {
		return err
	}
	return sameRoot(n, newer, rootN)
}

func sameRoot(n uint64, got, want Hash) error {
	if got != want {
		return fmt.Errorf("proof leads to root %x of %d leaves, expected %x", got, n, want)
	}
	return nil
}
