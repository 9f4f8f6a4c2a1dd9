package draw

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/doublerandom/doublerandom/internal/wheel"
	"github.com/doublerandom/doublerandom/registry"
)

// A Selection is what a plan and a seed mean before any unit is looked at: how
// many units each cell yields, and the keys of the tickets. It turns shards of
// the frame into parts, and the parts of all shards into the result. It is
// immutable and safe for concurrent use.
//
// [Run] does all of it for a frame that is in one piece.
type Selection struct {
	plan   *Plan
	seed   Seed
	strata []stratumDraw
	cells  []cellDraw // of all strata in order, by ascending weight
}

type stratumDraw struct {
	label string
	key   [32]byte // of the tickets
	count uint64   // units to draw
	mix   mixture  // for the chances
	first int      // index of the stratum's first cell
	order []int    // of its uncertain cells on the wheel
	start uint64   // of the wheel
}

type cellDraw struct {
	stratum int
	cellSize
	certain bool
	count   uint64 // units to draw
	keep    uint64 // units to draw and reserves
}

// NewSelection returns the selection of a plan under a seed. The census, of all
// shards of the frame together, must agree with the plan's strata.
func NewSelection(plan *Plan, seed Seed, census Census) (*Selection, error) {
	strata, err := census.strata()
	if err != nil {
		return nil, err
	}
	if err := plan.checkStrata(strata); err != nil {
		return nil, err
	}
	s := &Selection{plan: plan, seed: seed}
	counts, err := s.roundQuotas()
	if err != nil {
		return nil, err
	}
	cells := census.cells
	for i, label := range strata {
		n := 0
		for n < len(cells) && cells[n].label == label.Label {
			n++
		}
		if err := s.addStratum(label.Label, plan.quotas[i], counts[i], cells[:n]); err != nil {
			return nil, err
		}
		cells = cells[n:]
	}
	return s, nil
}

// roundQuotas returns the whole number of units to draw from each stratum: a
// fractional quota is rounded up or down by a wheel over all strata.
func (s *Selection) roundQuotas() ([]uint64, error) {
	p := s.plan
	counts := make([]uint64, len(p.strata))
	for i, q := range p.quotas {
		counts[i], _ = q.Floor()
	}
	size, _ := p.Quotas().Denominator() // checked with the plan
	if size == 1 {
		return counts, nil
	}
	key, err := p.suite.key(s.seed, purposeQuota)
	if err != nil {
		return nil, err
	}
	cellKey, err := p.suite.key(s.seed, purposeQuotaCell)
	if err != nil {
		return nil, err
	}
	h := p.suite.f.Hasher()
	order := make([]entry, len(p.strata))
	place := make(map[string]int, len(p.strata))
	for i, stratum := range p.strata {
		order[i] = entry{ticket(h, &cellKey, stratum.Label), stratum.Label}
		place[stratum.Label] = i
	}
	slices.SortFunc(order, compareEntries)
	w := wheel.New(size, wheel.Start(h, &key, size))
	for _, e := range order {
		i := place[e.id]
		r := p.quotas[i].Rat()
		rest := r.Num().Uint64() % r.Denom().Uint64()
		counts[i] += w.Next(1, rest*(size/r.Denom().Uint64()))
	}
	return counts, nil
}

// addStratum adds a stratum of which count units are to be drawn.
func (s *Selection) addStratum(label string, quota Fraction, count uint64, counted []censusCell) error {
	suite := s.plan.suite
	key, err := suite.key(s.seed, purposeSelect, label)
	if err != nil {
		return err
	}
	sizes := make([]cellSize, len(counted))
	for i, c := range counted {
		sizes[i] = cellSize{c.weight, c.units}
	}
	stratum := stratumDraw{label: label, key: key, count: count, mix: newMixture(sizes, quota), first: len(s.cells)}
	d := stratum.mix.of(count)
	if d.certain > 0 {
		stratum.order, stratum.start, err = s.turnWheel(label, d)
		if err != nil {
			return err
		}
	}
	counts := d.counts(stratum.order, stratum.start)
	for i, size := range sizes {
		keep := min(counts[i]+uint64(s.plan.reserves), size.units)
		s.cells = append(s.cells, cellDraw{len(s.strata), size, i >= d.certain, counts[i], keep})
	}
	s.strata = append(s.strata, stratum)
	return nil
}

// turnWheel returns the order of a stratum's uncertain cells on the wheel, and
// the wheel's start.
func (s *Selection) turnWheel(label string, d *design) (order []int, start uint64, err error) {
	suite := s.plan.suite
	key, err := suite.key(s.seed, purposeWheel, label)
	if err != nil {
		return nil, 0, err
	}
	cellKey, err := suite.key(s.seed, purposeCell, label)
	if err != nil {
		return nil, 0, err
	}
	h := suite.f.Hasher()
	tickets := make([]Ticket, d.certain)
	order = make([]int, d.certain)
	for i := range order {
		order[i] = i
		tickets[i] = ticket(h, &cellKey, fmt.Sprint(d.cells[i].weight))
	}
	// Equal tickets do not happen; the specification puts the lighter cell first.
	slices.SortStableFunc(order, func(i, j int) int { return tickets[i].Compare(tickets[j]) })
	return order, wheel.Start(h, &key, d.weight), nil
}

// A Part is the partial result of one shard: of each cell the number of units
// and the smallest tickets. It is immutable and safe for concurrent use.
type Part struct {
	of    *Selection
	units []uint64 // counted in each cell
	least [][]entry
}

// Shard returns the part of one shard of the frame: any subset of its units,
// such that each unit is in one shard. It uses as many goroutines as may run at
// once; the part is the same for any number.
func (s *Selection) Shard(shard *registry.Frame) (*Part, error) {
	cells := shard.Cells()
	place, err := s.place(shard.Strata(), cells)
	if err != nil {
		return nil, err
	}
	p := &Part{s, make([]uint64, len(s.cells)), make([][]entry, len(s.cells))}
	cuts := make([]cut, len(cells))
	for i, c := range cells {
		p.units[place[i]] = c.Units
		cuts[i] = likelyCut(s.cells[place[i]].keep, c.Units)
	}
	if !s.find(shard, place, cuts, p) {
		for i := range cuts {
			cuts[i] = everything()
		}
		s.find(shard, place, cuts, p)
	}
	return p, nil
}

// find sets p's smallest tickets from those that the cells' cuts let through. It
// reports whether these were enough.
func (s *Selection) find(shard *registry.Frame, place []int, cuts []cut, p *Part) bool {
	workers := max(1, min(runtime.GOMAXPROCS(0), shard.Len()/atOnce))
	found := make([][]*smallest, workers)
	var taken atomic.Int64 // units that are some goroutine's
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() { found[w] = s.scan(shard, place, cuts, workers, &taken) })
	}
	wg.Wait()
	for i, at := range place {
		all := found[0][i].entries
		for _, list := range found[1:] {
			all = append(all, list[i].entries...)
		}
		p.least[at] = take(all, s.cells[at].keep)
		if uint64(len(p.least[at])) < min(s.cells[at].keep, p.units[at]) {
			return false
		}
	}
	return true
}

// atOnce is the number of units that a goroutine takes at once: few enough that all
// end together, though another program may hold up one of them.
const atOnce = 1 << 13

// place returns the index in s.cells of each cell of a shard.
func (s *Selection) place(strata []registry.Stratum, cells []registry.Cell) ([]int, error) {
	place := make([]int, len(cells))
	for i, c := range cells {
		label := strata[c.Stratum].Label
		at, ok := slices.BinarySearchFunc(s.cells, c, func(have cellDraw, want registry.Cell) int {
			return cmp.Or(cmp.Compare(s.strata[have.stratum].label, label), cmp.Compare(have.weight, want.Weight))
		})
		if !ok {
			return nil, fmt.Errorf("draw: stratum %q: weight %d was not in the census", label, c.Weight)
		}
		place[i] = at
	}
	return place, nil
}

// scan returns the smallest tickets, as far as its cut goes, of each cell of a
// shard among the units that it takes, as long as any are left. It is one of so
// many workers; which of them takes which units makes no difference.
func (s *Selection) scan(shard *registry.Frame, place []int, cuts []cut, workers int, taken *atomic.Int64) []*smallest {
	lists := make([]*smallest, len(place))
	keys := make([]*[32]byte, len(place))
	limits := make([]uint64, len(place)) // of the lists, close together
	for i, at := range place {
		c := &s.cells[at]
		lists[i] = newSmallest(c.keep, cuts[i], int(cuts[i].expected)/workers)
		keys[i] = &s.strata[c.stratum].key
		limits[i] = lists[i].limit
	}
	h, sha := s.plan.suite.f.Hasher(), s.plan.suite.f.IsSHA256()
	var message [32 + 64]byte
	for {
		hi := taken.Add(atOnce)
		if hi-atOnce >= int64(shard.Len()) {
			return lists
		}
		for i := int(hi - atOnce); i < int(min(hi, int64(shard.Len()))); i++ {
			c, id := shard.CellOf(i), shard.ID(i)
			*(*[32]byte)(message[:]) = *keys[c] // quicker than copy
			n := 32 + copy(message[32:], id)
			// Hasher.Sum would do, but is a call more, and a copy of the digest.
			var sum digest.Sum
			if sha {
				sum = sha256.Sum256(message[:n])
			} else {
				sum = h.Sum(message[:n])
			}
			if binary.BigEndian.Uint64(sum[:8]) <= limits[c] {
				lists[c].add(&sum, id)
				limits[c] = lists[c].limit
			}
		}
	}
}

// Merge returns the part of several shards together. It returns an error if a
// part belongs to another selection.
func (s *Selection) Merge(parts ...*Part) (*Part, error) {
	sum := &Part{s, make([]uint64, len(s.cells)), make([][]entry, len(s.cells))}
	for i, p := range parts {
		if p.of != s {
			return nil, fmt.Errorf("draw: part %d of %d belongs to another selection", i+1, len(parts))
		}
		if len(parts) == 1 {
			return p, nil
		}
		for c := range s.cells {
			sum.units[c] += p.units[c]
		}
	}
	for c := range s.cells {
		var all []entry
		for _, p := range parts {
			all = append(all, p.least[c]...)
		}
		sum.least[c] = take(all, s.cells[c].keep)
	}
	return sum, nil
}

// Result returns the result of all shards together. It returns an error if the
// parts do not count the units of the census, or if a unit came twice.
func (s *Selection) Result(parts ...*Part) (*Result, error) {
	sum, err := s.Merge(parts...)
	if err != nil {
		return nil, err
	}
	for c, units := range sum.units {
		cell := &s.cells[c]
		label := s.strata[cell.stratum].label
		if units != cell.units {
			return nil, fmt.Errorf("draw: stratum %q: the shards have %d units of weight %d, the census %d",
				label, units, cell.weight, cell.units)
		}
		for i := 1; i < len(sum.least[c]); i++ {
			if sum.least[c][i].id == sum.least[c][i-1].id {
				return nil, fmt.Errorf("draw: stratum %q: id %q is in two shards", label, sum.least[c][i].id)
			}
		}
	}
	return s.result(sum.least), nil
}
