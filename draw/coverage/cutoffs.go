package coverage

import (
	"cmp"
	"fmt"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/doublerandom/doublerandom/registry"
)

// numbers returns the tickets of a frame's units, by the index of the unit's cell
// in the frame.
func (s *Schedule) numbers(frame *registry.Frame, places []int) [][]number {
	// Each goroutine fills a stretch of its own in each cell.
	n := workers(frame)
	next := make([][]int, n) // by goroutine and cell of the plan
	for w := range next {
		next[w] = make([]int, len(s.cells))
		for i := part(frame.Len(), w, n); i < part(frame.Len(), w+1, n); i++ {
			next[w][places[frame.CellOf(i)]]++
		}
	}
	all := make([]number, frame.Len())
	lists := make([][]number, len(places))
	end := 0
	for c, at := range places {
		begin := end
		for w := range next {
			end, next[w][at] = end+next[w][at], end
		}
		lists[c] = all[begin:end]
	}
	s.each(frame, places, func(w, _, at int, ticket number) {
		all[next[w][at]] = ticket
		next[w][at]++
	})
	return lists
}

// cut sets the cut-offs of the cells from their sizes and tickets.
func (s *Schedule) cut(lists [][]number, places []int) error {
	errs := make([]error, len(lists))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(lists)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(lists); i = int(next.Add(1)) - 1 {
				errs[i] = s.cutCell(places[i], lists[i])
			}
		})
	}
	wg.Wait()
	return cmp.Or(errs...)
}

// cutCell sets the cut-offs of one cell.
func (s *Schedule) cutCell(at int, tickets []number) error {
	c := &s.cells[at]
	var ranks []int // of the last unit of each batch, and of the first of the next
	end := 0
	for _, cut := range c.cuts {
		if end += int(cut.Units); cut.Units > 0 {
			ranks = append(ranks, end-1)
			if end < len(tickets) {
				ranks = append(ranks, end)
			}
		}
	}
	ranks = slices.Compact(ranks) // a batch of one unit has it twice
	sortAt(tickets, 0, ranks, 4*bits.Len(uint(len(tickets))))
	end = 0
	for k := range c.cuts {
		cut := &c.cuts[k]
		if cut.Units == 0 {
			continue
		}
		end += int(cut.Units)
		cut.Last = tickets[end-1].ticket()
		if end < len(tickets) && tickets[end] == tickets[end-1] {
			cell := &s.plan.cells[at]
			return fmt.Errorf("coverage: stratum %q: two units of weight %d have the ticket %s, so that no cut-off parts them", cell.stratum, cell.weight, cut.Last)
		}
	}
	c.index()
	return nil
}

// sortAt moves tickets such that at each of the given ranks, which ascend and
// count from base, is the one that would be there if all were sorted. It divides
// as quicksort does, but only where there are ranks, and sorts what is still
// large after so many divisions.
func sortAt(tickets []number, base int, ranks []int, divisions int) {
	const small = 24
	for len(ranks) > 0 {
		if len(tickets) <= small || divisions == 0 {
			slices.SortFunc(tickets, func(a, b number) int { return cmp.Or(cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo)) })
			return
		}
		divisions--
		j, i := divide(tickets)
		// Ranks that lie between the two sides are in place.
		left, _ := slices.BinarySearch(ranks, base+j)
		right, _ := slices.BinarySearch(ranks, base+i)
		sortAt(tickets[:j], base, ranks[:left], divisions)
		tickets, base, ranks = tickets[i:], base+i, ranks[right:]
	}
}

// divide moves tickets such that those before j are not above, those from i on
// are not below, and those between are equal to one of them. Both sides are
// shorter than the whole.
func divide(tickets []number) (j, i int) {
	last := len(tickets) - 1
	a, pivot, c := tickets[0], tickets[last/2], tickets[last]
	if pivot.less(a) {
		a, pivot = pivot, a
	}
	if c.less(pivot) {
		pivot = c
		if pivot.less(a) {
			pivot = a
		}
	}
	i, j = 0, last
	for i <= j {
		for tickets[i].less(pivot) {
			i++
		}
		for pivot.less(tickets[j]) {
			j--
		}
		if i <= j {
			tickets[i], tickets[j] = tickets[j], tickets[i]
			i++
			j--
		}
	}
	return j + 1, i
}
