package journal

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A Head is what a journal is at some length, in a few bytes: who has it can check
// all records before it, and needs nothing else. Heads are compared with ==.
type Head struct {
	Origin string // the journal's name
	Suite  string // name of its hash function
	Size   uint64 // number of records, at most 2^53
	Root   Hash   // of the tree over the hashes of the records
	Last   Hash   // of the last record, or of the header if there is none
}

// Head returns the journal's head.
func (j *Journal) Head() Head { return j.headAt(j.Len()) }

// HeadAt returns the head that the journal had when it had size records. It is an
// error if it has fewer.
func (j *Journal) HeadAt(size uint64) (Head, error) {
	if size > j.Len() {
		return Head{}, fmt.Errorf("journal: head of %d records, the journal has %d", size, j.Len())
	}
	return j.headAt(size), nil
}

func (j *Journal) headAt(size uint64) Head {
	return Head{j.origin, j.suite.Name, size, j.tree.Root(int(size)), j.previous(size)}
}

// Check returns nil if the journal is that of all the heads, which were published
// before, in any order. Otherwise it returns a *[HeadError], for the shortest head with which the
// journal does not agree. Its field First narrows down where the journal was
// changed: the more heads, the better.
func (j *Journal) Check(heads ...Head) error {
	heads = slices.Clone(heads)
	slices.SortStableFunc(heads, func(a, b Head) int { return cmp.Compare(a.Size, b.Size) })
	sound := uint64(0)
	for _, h := range heads {
		fail := func(fault Fault, first uint64, format string, args ...any) error {
			return &HeadError{h, fault, first, fmt.Sprintf(format, args...)}
		}
		switch {
		case h.Origin != j.origin:
			return fail(Foreign, sound, "the origin is %s, expected %s", label.Quote(h.Origin), label.Quote(j.origin))
		case h.Suite != j.suite.Name:
			return fail(Foreign, sound, "the suite is %s, expected %s", label.Quote(h.Suite), label.Quote(j.suite.Name))
		case h.Size > j.Len():
			return fail(Truncated, j.Len(), "the journal has %d records", j.Len())
		}
		is := j.headAt(h.Size)
		switch {
		case is.Root != h.Root:
			return fail(Changed, sound, "the journal has the root %x, expected %x; the change is in records %d to %d", is.Root, h.Root, sound, h.Size-1)
		case is.Last != h.Last:
			return fail(Changed, sound, "the last hash is %x, expected %x", is.Last, h.Last)
		}
		sound = h.Size
	}
	return nil
}

// problem returns what is wrong with the head by itself, or "".
func (h Head) problem() string {
	if text := label.Check(h.Origin); text != "" {
		return "origin " + text
	}
	if text := label.Check(h.Suite); text != "" {
		return "suite " + text
	}
	if h.Size > maxSize {
		return fmt.Sprintf("size %d exceeds 2^53", h.Size)
	}
	return ""
}
