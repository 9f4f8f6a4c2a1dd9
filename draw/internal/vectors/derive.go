package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math/big"
	"slices"
	"strings"
)

// A suite is a hash function, by the name that a plan has for it.
type suite struct {
	name string
	hash func() hash.Hash
}

func sha256Suite() suite { return suite{"sha256", sha256.New} }

func (s suite) sum(parts ...[]byte) []byte {
	h := s.hash()
	h.Write(bytes.Join(parts, nil))
	return h.Sum(nil)
}

func text(b []byte) string { return hex.EncodeToString(b) }

// info is the third argument of HKDF-Expand in section 3.
func info(purpose string, parts ...string) []byte {
	var b []byte
	for _, part := range append([]string{"doublerandom/v1", purpose}, parts...) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	return b
}

func (s suite) key(secret []byte, purpose string, parts ...string) []byte {
	mac := hmac.New(s.hash, secret)
	mac.Write(append(info(purpose, parts...), 1))
	return mac.Sum(nil)
}

func (s suite) ticket(key []byte, name string) []byte { return s.sum(key, []byte(name))[:16] }

// start is the start of section 5: all x that were looked at, and r.
func (s suite) start(key []byte, m *big.Int) (xs []string, r *big.Int) {
	end := new(big.Int).Lsh(big.NewInt(1), 64)
	end.Sub(end, new(big.Int).Mod(end, m))
	for i := uint64(0); ; i++ {
		x := new(big.Int).SetBytes(s.sum(key, binary.BigEndian.AppendUint64(nil, i))[:8])
		xs = append(xs, x.String())
		if x.Cmp(end) < 0 {
			return xs, x.Mod(x, m)
		}
	}
}

// marksBelow is ⌊(c − 1 − r)/m⌋, which is −1 or more; Div rounds down for m > 0.
func marksBelow(c, m, r *big.Int) *big.Int {
	x := new(big.Int).Sub(c, big.NewInt(1))
	return x.Div(x.Sub(x, r), m)
}

// marks is section 5: the ends C_k of the intervals and their marks.
func marks(lengths []*big.Int, m, r *big.Int) (ends, counts []*big.Int) {
	c := new(big.Int)
	for _, l := range lengths {
		next := new(big.Int).Add(c, l)
		ends = append(ends, next)
		counts = append(counts, new(big.Int).Sub(marksBelow(next, m, r), marksBelow(c, m, r)))
		c = next
	}
	return ends, counts
}

// root is the Merkle tree hash of RFC 6962, section 2.1.
func (s suite) root(leaves []string) []byte {
	if len(leaves) == 1 {
		return s.sum([]byte{0}, []byte(leaves[0]))
	}
	k := split(len(leaves))
	return s.sum([]byte{1}, s.root(leaves[:k]), s.root(leaves[k:]))
}

// proof is the audit path of RFC 6962, section 2.1.1.
func (s suite) proof(leaves []string, i int) []string {
	if len(leaves) == 1 {
		return []string{}
	}
	k := split(len(leaves))
	if i < k {
		return append(s.proof(leaves[:k], i), text(s.root(leaves[k:])))
	}
	return append(s.proof(leaves[k:], i-k), text(s.root(leaves[:k])))
}

// split returns the largest power of two below n.
func split(n int) int {
	k := 1
	for 2*k < n {
		k *= 2
	}
	return k
}

// A unit is a row of a frame.
type unit struct {
	id, stratum string
	weight      *big.Int
}

func (u unit) line() string { return fmt.Sprintf("%s %s %s", u.id, u.stratum, u.weight) }

func lines(units []unit) []string {
	units = slices.Clone(units)
	slices.SortFunc(units, func(a, b unit) int { return strings.Compare(a.id, b.id) })
	var all []string
	for _, u := range units {
		all = append(all, u.line())
	}
	return all
}

// A cell is the units of one weight in a stratum.
type cell struct {
	weight *big.Int
	ids    []string
}

// cellsOf returns the cells of a stratum by ascending weight.
func cellsOf(units []unit, stratum string) []cell {
	var cells []cell
	for _, u := range units {
		if u.stratum != stratum {
			continue
		}
		i := slices.IndexFunc(cells, func(c cell) bool { return c.weight.Cmp(u.weight) == 0 })
		if i < 0 {
			i, cells = len(cells), append(cells, cell{weight: u.weight})
		}
		cells[i].ids = append(cells[i].ids, u.id)
	}
	slices.SortFunc(cells, func(a, b cell) int { return a.weight.Cmp(b.weight) })
	return cells
}

func number(n int) *big.Int { return big.NewInt(int64(n)) }

// times is the product of whole numbers.
func times(factors ...*big.Int) *big.Int {
	p := big.NewInt(1)
	for _, f := range factors {
		p.Mul(p, f)
	}
	return p
}

// certainty is step 2 of section 7: how many cells are left, and their n and W.
func certainty(cells []cell, n *big.Int) (left int, m, w *big.Int) {
	m, w = new(big.Int).Set(n), new(big.Int)
	for _, c := range cells {
		w.Add(w, times(number(len(c.ids)), c.weight))
	}
	for left = len(cells); left > 0; left-- {
		c := cells[left-1]
		if times(m, c.weight).Cmp(w) < 0 {
			break
		}
		m.Sub(m, number(len(c.ids)))
		w.Sub(w, times(number(len(c.ids)), c.weight))
	}
	return left, m, w
}

// chance is the chance of a unit of cell i when n are drawn.
func chance(cells []cell, i int, n *big.Int) *big.Rat {
	left, m, w := certainty(cells, n)
	if i >= left {
		return big.NewRat(1, 1)
	}
	return new(big.Rat).SetFrac(times(m, cells[i].weight), w)
}
