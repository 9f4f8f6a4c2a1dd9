package draw

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/doublerandom/doublerandom/internal/digest"
)

// A smallest keeps the smallest entries of those added, and some more: it cuts
// itself back to keep when it holds twice as many, so that most entries meet one
// comparison of 8 bytes and nothing else.
type smallest struct {
	keep    uint64
	limit   uint64 // an entry whose ticket begins above it is not among the smallest
	entries []entry
}

func newSmallest(keep uint64) *smallest {
	if keep == 0 {
		// Nothing is below 0 but a ticket that begins with 0, which add cuts off.
		return &smallest{}
	}
	return &smallest{keep: keep, limit: math.MaxUint64}
}

// add adds the entry of an ID whose ticket is the beginning of sum.
func (s *smallest) add(sum *digest.Sum, id string) {
	if binary.BigEndian.Uint64(sum[:8]) <= s.limit {
		s.insert(sum, id)
	}
}

// insert stands apart so that add can be inlined.
func (s *smallest) insert(sum *digest.Sum, id string) {
	s.entries = append(s.entries, entry{Ticket(sum[:16]), id})
	if n := uint64(len(s.entries)); n >= 2*s.keep+16 {
		s.entries = take(s.entries, s.keep)
		if s.keep > 0 {
			s.limit = s.entries[s.keep-1].ticket.high()
		}
	}
}

// take returns the first n of the entries in order, or all if there are fewer.
func take(entries []entry, n uint64) []entry {
	slices.SortFunc(entries, compareEntries)
	if uint64(len(entries)) > n {
		entries = entries[:n]
	}
	return entries
}
