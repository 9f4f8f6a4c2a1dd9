// Package merkle is the Merkle tree of RFC 6962 (section 2.1) over any hash
// function with 32-byte digests: H(0x00 ‖ leaf) for a leaf, H(0x01 ‖ left ‖
// right) above, where the left subtree of n > 1 leaves holds the largest power
// of two below n.
//
// The known implementations are welded to SHA-256 or to crypto.Hash. A tree
// here keeps the digests of blocks of 64 leaves and of all nodes above them, so
// that it costs one byte a leaf, and asks for the leaves of one block again
// when it proves one. A [Tree] is made at once, on all processors; a [Log] grows,
// and proves that what it was is the beginning of what it is.
package merkle

import (
	"fmt"
	"hash"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/doublerandom/doublerandom/internal/digest"
)

// A Hash is the digest of a node or leaf.
type Hash = digest.Sum

const (
	blockBits = 6
	blockSize = 1 << blockBits // leaves under one kept node
)

// A Leaves writes the bytes of leaf i, for 0 ≤ i < n of the tree, to the end of
// buf and returns it. It is called from several goroutines at once and must
// return the same bytes each time.
type Leaves func(i int, buf []byte) []byte

// A Tree is a Merkle tree. It is immutable and safe for concurrent use.
type Tree struct {
	f      digest.Func
	n      int
	leaf   Leaves
	levels [][]Hash // levels[k][i] is the node over leaves [i·64·2^k, (i+1)·64·2^k), cut at n
}

// New returns the tree over n leaves. It uses as many goroutines as may run at
// once; the tree is the same for any number. It returns an error if newHash is
// not a hash of 32 bytes, and panics if n is negative.
func New(newHash func() hash.Hash, n int, leaf Leaves) (*Tree, error) {
	if n < 0 {
		panic("merkle: negative number of leaves")
	}
	f, err := digest.New(newHash)
	if err != nil {
		return nil, err
	}
	t := &Tree{f: f, n: n, leaf: leaf}
	level := t.blocks()
	h := newHasher(f)
	for {
		t.levels = append(t.levels, level)
		if len(level) <= 1 {
			return t, nil
		}
		above := make([]Hash, (len(level)+1)/2)
		for i := range above {
			// A lone last node stands for itself: RFC 6962 has no padding.
			above[i] = level[2*i]
			if 2*i+1 < len(level) {
				above[i] = h.node(&level[2*i], &level[2*i+1])
			}
		}
		level = above
	}
}

// blocks returns the roots of the blocks of 64 leaves.
func (t *Tree) blocks() []Hash {
	roots := make([]Hash, (t.n+blockSize-1)/blockSize)
	const stride = 64 // blocks taken at a time, so that goroutines rarely meet
	workers := min(runtime.GOMAXPROCS(0), (len(roots)+stride-1)/stride)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			h := newHasher(t.f)
			buf := make([]byte, 0, 256)
			var leaves [blockSize]Hash
			for {
				first := int(next.Add(stride)) - stride
				if first >= len(roots) {
					return
				}
				for b := first; b < min(first+stride, len(roots)); b++ {
					part := t.hashBlock(h, b, &leaves, &buf)
					roots[b] = h.fold(part)
				}
			}
		})
	}
	wg.Wait()
	return roots
}

// hashBlock puts the hashes of block b's leaves into leaves.
func (t *Tree) hashBlock(h hasher, b int, leaves *[blockSize]Hash, buf *[]byte) []Hash {
	return h.leaves(t.leaf, b*blockSize, min((b+1)*blockSize, t.n), leaves, buf)
}

// Len returns the number of leaves.
func (t *Tree) Len() int { return t.n }

// Root returns the root. The root of no leaves is the hash of the empty string.
func (t *Tree) Root() Hash {
	if t.n == 0 {
		return t.f.Sum(nil)
	}
	return t.levels[len(t.levels)-1][0]
}

// Prove returns the audit path (RFC 6962, section 2.1.1) of leaf i, from the
// leaf's sibling upwards. It panics if i is out of range.
func (t *Tree) Prove(i int) []Hash {
	if i < 0 || i >= t.n {
		panic(fmt.Sprintf("merkle: leaf %d of %d", i, t.n))
	}
	var path []Hash
	h := newHasher(t.f)
	var leaves [blockSize]Hash
	var buf []byte
	level := t.hashBlock(h, i/blockSize, &leaves, &buf)
	at := i % blockSize
	for ; len(level) > 1; at /= 2 {
		if sibling := at ^ 1; sibling < len(level) {
			path = append(path, level[sibling])
		}
		level = h.halve(level)
	}
	at = i / blockSize
	for _, level := range t.levels {
		if sibling := at ^ 1; sibling < len(level) {
			path = append(path, level[sibling])
		}
		at /= 2
	}
	return path
}

// Check returns nil if path proves that leaf is leaf i of the tree of n leaves
// with the given root. It returns an error that says what is wrong otherwise.
func Check(newHash func() hash.Hash, root Hash, n, i uint64, leaf []byte, path []Hash) error {
	f, err := digest.New(newHash)
	if err != nil {
		return err
	}
	if i >= n {
		return fmt.Errorf("leaf %d is not in a tree of %d leaves", i, n)
	}
	h := newHasher(f)
	node := h.Sum(append([]byte{0}, leaf...))
	// at is the node's place in its level, last the place of the level's last node.
	at, last := i, n-1
	for _, sibling := range path {
		for at == last && at&1 == 0 && last > 0 { // a lone last node moves up unchanged
			at, last = at/2, last/2
		}
		switch {
		case last == 0:
			return fmt.Errorf("proof has %d hashes, too many for leaf %d of %d", len(path), i, n)
		case at&1 == 1:
			node = h.node(&sibling, &node)
		default:
			node = h.node(&node, &sibling)
		}
		at, last = at/2, last/2
	}
	for at == last && at&1 == 0 && last > 0 {
		at, last = at/2, last/2
	}
	if last != 0 {
		return fmt.Errorf("proof has %d hashes, too few for leaf %d of %d", len(path), i, n)
	}
	if node != root {
		return fmt.Errorf("proof leads to root %x, expected %x", node, root)
	}
	return nil
}

// A hasher adds the hash of an inner node to a digest.
type hasher struct {
	*digest.Hasher
	buf *[1 + 2*digest.Size]byte // kept, so that a node costs no allocation
}

func newHasher(f digest.Func) hasher {
	return hasher{f.Hasher(), &[1 + 2*digest.Size]byte{1}}
}

func (h hasher) node(left, right *Hash) Hash {
	copy(h.buf[1:], left[:])
	copy(h.buf[1+digest.Size:], right[:])
	return h.Sum(h.buf[:])
}

// leaves puts the hashes of leaves lo to hi − 1, at most a block, into hashes.
func (h hasher) leaves(leaf Leaves, lo, hi int, hashes *[blockSize]Hash, buf *[]byte) []Hash {
	for i := lo; i < hi; i++ {
		*buf = leaf(i, append((*buf)[:0], 0))
		hashes[i-lo] = h.Sum(*buf)
	}
	return hashes[:hi-lo]
}

// halve replaces level by the level above it, in place.
func (h hasher) halve(level []Hash) []Hash {
	n := len(level)
	for i := range n / 2 {
		level[i] = h.node(&level[2*i], &level[2*i+1])
	}
	if n%2 == 1 {
		level[n/2] = level[n-1]
	}
	return level[:(n+1)/2]
}

// fold returns the root over the hashes of at least one leaf, overwriting them.
func (h hasher) fold(level []Hash) Hash {
	for len(level) > 1 {
		level = h.halve(level)
	}
	return level[0]
}
