package draw

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/doublerandom/doublerandom/internal/digest"
)

// A smallest keeps the smallest entries of those added, and some more: it cuts
// itself back to keep when it holds many times as many, so that most entries
// meet one comparison of 8 bytes and nothing else.
type smallest struct {
	keep    uint64
	limit   uint64 // an entry whose ticket begins above it is not among the smallest
	entries []entry
}

// A cut says which tickets of a cell are worth keeping.
type cut struct {
	limit    uint64 // a ticket that begins above it is not
	expected uint64 // about how many are at or below it
}

// everything is the cut that leaves nothing out.
func everything() cut { return cut{limit: math.MaxUint64} }

// likelyCut returns a cut at or below which keep of so many units' tickets are
// almost surely: keep are expected there, and more than six standard deviations
// on top. Whoever uses it must count what was found.
func likelyCut(keep, units uint64) cut {
	if keep >= units {
		return everything()
	}
	root := uint64(1) // at least √keep
	for root*root < keep && root < math.MaxUint32 {
		root += (root + 7) / 8
	}
	expected := keep + 6*root + 8
	if expected >= units {
		return everything()
	}
	limit, _ := bits.Div64(expected, 0, units)
	return cut{limit, expected}
}

func newSmallest(keep uint64, c cut, capacity int) *smallest {
	if keep == 0 {
		// Nothing is below 0 but a ticket that begins with 0, which take cuts off.
		return &smallest{}
	}
	return &smallest{keep: keep, limit: c.limit, entries: make([]entry, 0, capacity)}
}

// add adds the entry of an ID whose ticket, the beginning of sum, does not begin
// above the limit. The limit may fall.
func (s *smallest) add(sum *digest.Sum, id string) {
	s.entries = append(s.entries, entry{Ticket(sum[:16]), id})
	if n := uint64(len(s.entries)); n >= 4*s.keep+256 {
		s.entries = take(s.entries, s.keep)
		if s.keep > 0 {
			s.limit = s.entries[s.keep-1].ticket.high()
		}
	}
}

// take returns the first n of the entries in order, or all if there are fewer.
func take(entries []entry, n uint64) []entry {
	slices.SortFunc(entries, func(a, b entry) int {
		if x, y := a.ticket.high(), b.ticket.high(); x != y {
			return cmp.Compare(x, y)
		}
		return compareEntries(a, b)
	})
	if uint64(len(entries)) > n {
		entries = entries[:n]
	}
	return entries
}
