package coverage

import (
	"fmt"
	"math/bits"

	"github.com/doublerandom/doublerandom/registry"
)

// A Newcomer is a unit that was registered after the frame was frozen, with the
// stratum and weight that the frame's rules give it.
type Newcomer struct {
	Unit       registry.Unit // the unit; it is not in the frame
	Registered registry.Date // the day on record
}

// A NoBatchError says that a newcomer was registered too late for the plan: it
// belongs into the frame of the next.
type NoBatchError struct {
	ID         string        // of the newcomer
	Registered registry.Date // the day on which it was registered
	Last       registry.Date // last day of the plan's last batch
	Lead       int           // days that must be left until then
}

// Error returns the error as one line, such as
//
//	coverage: id "b7": registered on 2027-12-20, but newcomers need 14 days until 2027-12-31, the plan's last
func (e *NoBatchError) Error() string {
	return fmt.Sprintf("coverage: id %q: registered on %s, but newcomers need %d days until %s, the plan's last", e.ID, e.Registered, e.Lead, e.Last)
}

// Place returns the index in [Plan.Batches] of a newcomer's batch. It is one of
// those that are open on the day of registration ([Plan.Open]), with its cell's
// shares of these for chances: a ticket of its own, read as a fraction of 1,
// falls into one of the shares laid end to end. If the cell has no share of any
// open batch, it is the first of them, since the plan wanted such units early.
//
// Nobody else moves, and where a newcomer falls depends on no other. The error is
// a [*CellError] if the plan has no such cell, a [*NoBatchError] if no batch is
// open, and another if the unit is malformed or is in the frame, or if the day is
// the zero Date.
func (s *Schedule) Place(frame *registry.Frame, n Newcomer) (int, error) {
	at, err := s.cellOf(n.Unit)
	if err != nil {
		return 0, err
	}
	if _, ok := frame.Find(n.Unit.ID); ok {
		return 0, fmt.Errorf("coverage: id %q is in the frame: it is no newcomer", n.Unit.ID)
	}
	if n.Registered.IsZero() {
		return 0, fmt.Errorf("coverage: id %q: no day of registration", n.Unit.ID)
	}
	first, ok := s.plan.Open(n.Registered)
	if !ok {
		return 0, &NoBatchError{n.Unit.ID, n.Registered, s.plan.batches[len(s.plan.batches)-1].To, s.plan.lead}
	}
	number := ticket(s.hash.Hasher(), &s.keys[s.cells[at].stratum].newcomer, n.Unit.ID)
	return pick(s.plan.cells[at].parts, first, number), nil
}

// pick returns the batch, from the first open one on, into whose share a ticket
// falls: ⌊ticket·sum / 2^128⌋ is a number below the sum of these batches' parts.
func pick(parts []uint32, first int, ticket number) int {
	sum := uint64(0)
	for _, part := range parts[first:] {
		sum += uint64(part)
	}
	if sum == 0 {
		return first
	}
	hi, lo := bits.Mul64(ticket.hi, sum)
	carry, _ := bits.Mul64(ticket.lo, sum)
	_, carry = bits.Add64(lo, carry, 0)
	at := hi + carry // below sum, so it does not overflow
	for k, part := range parts[first:] {
		if at < uint64(part) {
			return first + k
		}
		at -= uint64(part)
	}
	panic("coverage: bad ticket of a newcomer")
}
