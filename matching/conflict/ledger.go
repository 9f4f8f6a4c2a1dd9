package conflict

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/internal/merkle"
	"github.com/doublerandom/doublerandom/matching"
)

// A Ledger commits to the exclusions of a draw without showing them: the RFC 6962 root over
// salted leaves, and how many there are by class. It is immutable and safe for
// concurrent use. Make one with [NewLedger].
//
// A leaf is
//
//	pseudonym task class evidence salt
//
// with single spaces. Pseudonym and salt are the first 16 bytes, in lower-case hexadecimal
// digits, of H(Key(secret, "conflict-pseudonym") ‖ inspector) and of H(Key(secret,
// "conflict-salt") ‖ task ‖ " " ‖ inspector ‖ " " ‖ class), Key being that of
// draw/SPEC.md, section 3; evidence is a hash in hexadecimal digits, or "none". Leaves ascend
// by task, pseudonym and class. Each draw has a secret of its own, so that the pseudonyms of
// two draws cannot be joined.
type Ledger struct {
	leaves []string
	who    map[string]string // inspector by pseudonym
	tree   *merkle.Tree
	counts map[string]int
}

// An Opening shows one leaf of a ledger and its audit path.
type Opening struct {
	Index, Entries uint64     // number of the leaf, from 0, and of all leaves
	Leaf           string     // its text
	Path           [][32]byte // leaf upwards
}

// NewLedger returns the ledger of exclusions under a secret. Evidence gives the hash of what
// the caller keeps on an exclusion, zero for nothing; it may be nil. It returns an error that
// names an exclusion which is not valid.
func NewLedger(newHash func() hash.Hash, secret [32]byte, exclusions []matching.Exclusion, evidence func(e matching.Exclusion) [32]byte) (*Ledger, error) {
	f, err := digest.New(newHash)
	if err != nil {
		return nil, fmt.Errorf("conflict: %w", err)
	}
	pseudonymKey, err := derive.Key(newHash, secret[:], "conflict-pseudonym")
	if err != nil {
		return nil, fmt.Errorf("conflict: %w", err)
	}
	saltKey, err := derive.Key(newHash, secret[:], "conflict-salt")
	if err != nil {
		return nil, fmt.Errorf("conflict: %w", err)
	}
	l := &Ledger{who: map[string]string{}, counts: map[string]int{}}
	h := f.Hasher()
	short := func(key [32]byte, text string) string {
		sum := h.Sum(append(key[:], text...))
		return hex.EncodeToString(sum[:16])
	}
	for _, e := range exclusions {
		for _, part := range []string{e.Task, e.Inspector, e.Reason} {
			if problem := label.Check(part); problem != "" {
				return nil, fmt.Errorf("conflict: exclusion of %q from %q: a field %s", e.Inspector, e.Task, problem)
			}
		}
		pseudonym, proof := short(pseudonymKey, e.Inspector), "none"
		if evidence != nil {
			if sum := evidence(e); sum != ([32]byte{}) {
				proof = hex.EncodeToString(sum[:])
			}
		}
		l.who[pseudonym] = e.Inspector
		l.leaves = append(l.leaves, fmt.Sprintf("%s %s %s %s %s", pseudonym, e.Task, e.Reason, proof, short(saltKey, e.Task+" "+e.Inspector+" "+e.Reason)))
	}
	slices.SortFunc(l.leaves, func(x, y string) int {
		a, b := strings.Fields(x), strings.Fields(y)
		return cmp.Or(strings.Compare(a[1], b[1]), strings.Compare(a[0], b[0]), strings.Compare(a[2], b[2]), strings.Compare(x, y))
	})
	l.leaves = slices.Compact(l.leaves)
	for _, leaf := range l.leaves {
		l.counts[strings.Fields(leaf)[2]]++
	}
	l.tree, err = merkle.New(newHash, len(l.leaves), func(i int, buf []byte) []byte { return append(buf, l.leaves[i]...) })
	if err != nil {
		return nil, fmt.Errorf("conflict: %w", err)
	}
	return l, nil
}

// Root returns the root over all leaves, which is published before the draw.
func (l *Ledger) Root() [32]byte { return l.tree.Root() }

// Len returns the number of leaves.
func (l *Ledger) Len() int { return len(l.leaves) }

// Counts returns how many leaves there are of each class, which may be published too.
func (l *Ledger) Counts() map[string]int { return maps.Clone(l.counts) }

// Open returns the openings of the leaves that the function chooses, by inspector, task
// and class: a sample for auditors, or what concerns one inspector.
func (l *Ledger) Open(choose func(inspector, task, class string) bool) []Opening {
	var list []Opening
	for i, leaf := range l.leaves {
		f := strings.Fields(leaf)
		if choose(l.who[f[0]], f[1], f[2]) {
			list = append(list, Opening{uint64(i), uint64(len(l.leaves)), leaf, l.tree.Prove(i)})
		}
	}
	return list
}

// Public returns what may be published after the inspections: for tasks that the function
// chooses, one line "pseudonym task" for each excluded pair, all reasons merged, in the order
// of tasks and pseudonyms.
func (l *Ledger) Public(choose func(task string) bool) []string {
	var list []string
	for _, leaf := range l.leaves {
		if f := strings.Fields(leaf); choose(f[1]) {
			list = append(list, f[0]+" "+f[1])
		}
	}
	return slices.Compact(list)
}

// CheckOpening returns nil if an opening is of the ledger with that root.
func CheckOpening(newHash func() hash.Hash, root [32]byte, o Opening) error {
	if f := strings.Fields(o.Leaf); len(f) != 5 || strings.Join(f, " ") != o.Leaf {
		return fmt.Errorf("conflict: leaf %q, expected pseudonym, task, class, evidence and salt with single spaces", o.Leaf)
	}
	if err := merkle.Check(newHash, root, o.Entries, o.Index, []byte(o.Leaf), o.Path); err != nil {
		return fmt.Errorf("conflict: leaf %d: %w", o.Index, err)
	}
	return nil
}
