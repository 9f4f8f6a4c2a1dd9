package coverage

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strconv"
	"sync"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/doublerandom/doublerandom/registry"
)

// The purposes of the keys that a schedule derives from its seed, each with the
// plan's ID and the stratum's label (SPEC.md, Keys).
const (
	purposeUnit     = "coverage-unit"     // tickets of the frame's units
	purposeWheel    = "coverage-wheel"    // start of the wheel over a cell's batches; with the weight, too
	purposeNewcomer = "coverage-newcomer" // tickets of newcomers
)

// A Schedule says in which batch each unit is inspected: by the cut-offs of each
// cell. It is immutable and safe for concurrent use. The zero Schedule is not
// valid.
//
// A schedule has one text ([Schedule.WriteTo], [ParseSchedule]). A parsed
// schedule is well-formed, but it is right only if [Check] says so.
type Schedule struct {
	plan  *Plan
	seed  draw.Seed
	hash  digest.Func
	keys  []stratumKeys
	cells []cellCuts // one for each of the plan's
}

// stratumKeys are the keys of tickets in a stratum.
type stratumKeys struct{ unit, newcomer [32]byte }

// cellCuts are the batches of a cell.
type cellCuts struct {
	stratum int // index of the keys
	cuts    []Cut
	ends    []number // cut-offs of the batches that have units, ascending
	batches []int    // which these are
}

// A Cut is a cell's part in a batch.
type Cut struct {
	Units uint64      // number of units
	Last  draw.Ticket // the cut-off: the greatest ticket among them; zero if there are none
}

// CellCuts are the cuts of a cell.
type CellCuts struct {
	Stratum string // label of the cell's stratum
	Weight  uint64 // weight of each of its units
	Units   uint64 // number of units
	Cuts    []Cut  // one for each batch
}

// newSchedule returns a schedule without sizes and cut-offs.
func newSchedule(plan *Plan, seed draw.Seed) (*Schedule, error) {
	s := &Schedule{plan: plan, seed: seed, cells: make([]cellCuts, len(plan.cells))}
	var err error
	if s.hash, err = digest.New(plan.suite.Hash); err != nil {
		return nil, s.deriveError(err)
	}
	for i, c := range plan.cells {
		if i == 0 || plan.cells[i-1].stratum != c.stratum {
			var keys stratumKeys
			if keys.unit, err = derive.Key(plan.suite.Hash, seed[:], purposeUnit, string(plan.id[:]), c.stratum); err != nil {
				return nil, s.deriveError(err)
			}
			if keys.newcomer, err = derive.Key(plan.suite.Hash, seed[:], purposeNewcomer, string(plan.id[:]), c.stratum); err != nil {
				return nil, s.deriveError(err)
			}
			s.keys = append(s.keys, keys)
		}
		s.cells[i].stratum = len(s.keys) - 1
	}
	return s, nil
}

func (s *Schedule) deriveError(err error) error {
	return fmt.Errorf("coverage: suite %q: %w", s.plan.suite.Name(), err)
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

// Plan returns the plan that the schedule is for.
func (s *Schedule) Plan() *Plan { return s.plan }

// Seed returns the seed of the schedule.
func (s *Schedule) Seed() draw.Seed { return s.seed }

// Cells returns the cuts of each cell, in the order of [Plan.Cells].
func (s *Schedule) Cells() iter.Seq[CellCuts] {
	return func(yield func(CellCuts) bool) {
		for i, c := range s.plan.cells {
			if !yield(CellCuts{c.stratum, c.weight, c.units, slices.Clone(s.cells[i].cuts)}) {
				return
			}
		}
	}
}

// Size returns the number of units in a batch. It panics unless batch is an index
// in [Plan.Batches].
func (s *Schedule) Size(batch int) uint64 {
	size := uint64(0)
	for i := range s.cells {
		size += s.cells[i].cuts[batch].Units
	}
	return size
}

// Ticket returns the ticket of a unit of the frame. It does not depend on the
// unit's weight. The error is a [*CellError] if the plan has no such cell.
func (s *Schedule) Ticket(unit registry.Unit) (draw.Ticket, error) {
	at, err := s.cellOf(unit)
	if err != nil {
		return draw.Ticket{}, err
	}
	return ticket(s.hash.Hasher(), &s.keys[s.cells[at].stratum].unit, unit.ID).ticket(), nil
}

// BatchOf returns the index in [Plan.Batches] of the batch in which a unit of the
// frame is inspected: the first of its cell's whose cut-off is not below the
// unit's ticket. That needs no frame, so it cannot tell whether the unit is in the
// frame; one that is registered later is placed by [Schedule.Place]. The error is
// a [*CellError] if the plan has no such cell.
func (s *Schedule) BatchOf(unit registry.Unit) (int, error) {
	at, err := s.cellOf(unit)
	if err != nil {
		return 0, err
	}
	c := &s.cells[at]
	batch, ok := c.find(ticket(s.hash.Hasher(), &s.keys[c.stratum].unit, unit.ID))
	if !ok {
		return 0, s.foreign(unit.ID)
	}
	return batch, nil
}

// cellOf returns the index of a well-formed unit's cell.
func (s *Schedule) cellOf(unit registry.Unit) (int, error) {
	if _, err := unit.AppendText(nil); err != nil {
		return 0, fmt.Errorf("coverage: %w", err)
	}
	at, ok := s.plan.find(unit.Stratum, unit.Weight)
	if !ok {
		return 0, &CellError{unit.Stratum, unit.Weight}
	}
	return at, nil
}

func (s *Schedule) foreign(id string) error {
	return fmt.Errorf("coverage: id %q has a ticket above all cut-offs of its cell: it is not in the frame of the plan", id)
}

// find returns the batch of a ticket, and whether there is one.
func (c *cellCuts) find(n number) (int, bool) {
	lo, hi := 0, len(c.ends)
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); c.ends[mid].less(n) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(c.ends) {
		return 0, false
	}
	return c.batches[lo], true
}

// index sets ends and batches from the cuts.
func (c *cellCuts) index() {
	for k, cut := range c.cuts {
		if cut.Units > 0 {
			c.ends, c.batches = append(c.ends, numberOf(cut.Last[:])), append(c.batches, k)
		}
	}
}

// Batches returns the batch of each unit of a frame, by the unit's index in it, as
// [Schedule.BatchOf] has it. The frame may be a part of the plan's. It uses as
// many goroutines as may run at once.
func (s *Schedule) Batches(frame *registry.Frame) ([]int, error) {
	places, err := s.plan.places(frame)
	if err != nil {
		return nil, err
	}
	batches := make([]int, frame.Len())
	s.each(frame, places, func(_, i, at int, n number) {
		batch, ok := s.cells[at].find(n)
		if !ok {
			batch = -1
		}
		batches[i] = batch
	})
	if i := slices.Index(batches, -1); i >= 0 {
		return nil, s.foreign(frame.ID(i))
	}
	return batches, nil
}

// batchesOfAll is Batches for the frame of the plan, which must have its cells.
func (s *Schedule) batchesOfAll(frame *registry.Frame) ([]int, error) {
	if _, err := s.plan.match(frame); err != nil {
		return nil, err
	}
	return s.Batches(frame)
}

// Units returns the units of a batch among those of a frame, in the order of ID
// bytes. So [registry.NewFrame] makes a frame of them. The error, which ends the
// sequence, is that of [Schedule.Batches].
func (s *Schedule) Units(frame *registry.Frame, batch int) iter.Seq2[registry.Unit, error] {
	return func(yield func(registry.Unit, error) bool) {
		batches, err := s.Batches(frame)
		if err != nil {
			yield(registry.Unit{}, err)
			return
		}
		for i, b := range batches {
			if b == batch && !yield(frame.At(i), nil) {
				return
			}
		}
	}
}

// each calls do with the index and the ticket of each unit of a frame, the index
// of its cell, and that of the goroutine that calls: 0 to [workers] − 1.
func (s *Schedule) each(frame *registry.Frame, places []int, do func(worker, i, at int, n number)) {
	var wg sync.WaitGroup
	n := workers(frame)
	for w := range n {
		wg.Go(func() {
			h, sha := s.hash.Hasher(), s.hash.IsSHA256()
			keys := make([]*[32]byte, len(places))
			for c, at := range places {
				keys[c] = &s.keys[s.cells[at].stratum].unit
			}
			var message [32 + 64]byte
			lo, hi := part(frame.Len(), w, n), part(frame.Len(), w+1, n)
			for i := lo; i < hi; i++ {
				c := frame.CellOf(i)
				*(*[32]byte)(message[:]) = *keys[c]
				m := 32 + copy(message[32:], frame.ID(i))
				var sum digest.Sum
				if sha {
					sum = sha256.Sum256(message[:m]) // spares a call and a copy
				} else {
					sum = h.Sum(message[:m])
				}
				do(w, i, places[c], numberOf(sum[:16]))
			}
		})
	}
	wg.Wait()
}

// workers returns how many goroutines work on a frame.
func workers(frame *registry.Frame) int {
	const atLeast = 1 << 13 // units that are worth a goroutine
	return max(1, min(runtime.GOMAXPROCS(0), frame.Len()/atLeast))
}

// part returns where part i of n begins in a list of the given length.
func part(length, i, n int) int { return int(int64(length) * int64(i) / int64(n)) }

// ticket returns the ticket of an ID under a key.
func ticket(h *digest.Hasher, key *[32]byte, id string) number {
	var buf [32 + 64]byte
	sum := h.Sum(append(append(buf[:0], key[:]...), id...))
	return numberOf(sum[:16])
}

// A number is a ticket as a big-endian number of 128 bits.
type number struct{ hi, lo uint64 }

// numberOf returns the number of a ticket's 16 bytes.
func numberOf(b []byte) number {
	return number{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:16])}
}

func (n number) less(m number) bool { return n.hi < m.hi || n.hi == m.hi && n.lo < m.lo }

func (n number) ticket() (t draw.Ticket) {
	binary.BigEndian.PutUint64(t[:], n.hi)
	binary.BigEndian.PutUint64(t[8:], n.lo)
	return t
}
