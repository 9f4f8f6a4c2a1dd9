package registry

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"iter"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// MaxWeight is the largest weight of a unit and the largest total weight of a
// frame: it fits the signed 64-bit integers of every language and database.
const MaxWeight = math.MaxInt64

// A Frame is the frozen list that a draw is taken from: units sorted by the
// bytes of their IDs, each once. It is immutable and safe for concurrent use.
// The zero Frame is not valid; frames come from [Registry.Frame], [NewFrame]
// and [ParseFrame].
type Frame struct {
	ids    string   // all IDs, one after the other
	ends   []uint32 // where each ID ends in ids
	cellOf []uint32 // index into cells of each unit
	cells  []Cell   // sorted by stratum, then weight
	strata []Stratum
}

// A Unit is one row of a frame.
type Unit struct {
	ID      string // 1–64 bytes of UTF-8 without spaces and control characters
	Stratum string // the label of the unit's stratum, with the same rule
	Weight  uint64 // 1 to MaxWeight; the chance to be drawn is proportional to it
}

// A Stratum is a part of a frame that has a quota of its own.
type Stratum struct {
	Label  string // 1–64 bytes of UTF-8 without spaces and control characters
	Units  uint64 // number of units
	Weight uint64 // sum of their weights
}

// A Cell is the set of a stratum's units that have one weight.
type Cell struct {
	Stratum int    // index into Frame.Strata
	Weight  uint64 // weight of each unit
	Units   uint64 // number of units, at least 1
}

// NewFrame returns the frame of the given units, which may come in any order.
// It returns the sequence's first error, and an error if a unit is malformed or
// repeated, if there are no units, or if the total weight exceeds [MaxWeight].
func NewFrame(units iter.Seq2[Unit, error]) (*Frame, error) {
	b := newFrameBuilder()
	for unit, err := range units {
		if err != nil {
			return nil, fmt.Errorf("registry: frame unit %d: %w", len(b.ends)+1, err)
		}
		if text := b.addUnit(unit); text != "" {
			return nil, fmt.Errorf("registry: frame unit %d: %s", len(b.ends)+1, text)
		}
	}
	b.sort()
	for i := 1; i < len(b.ends); i++ {
		if b.id(i) == b.id(i-1) {
			return nil, fmt.Errorf("registry: frame: id %q is repeated", b.id(i))
		}
	}
	return b.frame()
}

// Len returns the number of units.
func (f *Frame) Len() int { return len(f.ends) }

// ID returns the ID of unit i. It panics if i is out of range.
func (f *Frame) ID(i int) string {
	start := uint32(0)
	if i > 0 {
		start = f.ends[i-1]
	}
	return f.ids[start:f.ends[i]]
}

// CellOf returns the index in [Frame.Cells] of unit i's cell. It panics if i is
// out of range.
func (f *Frame) CellOf(i int) int { return int(f.cellOf[i]) }

// At returns unit i, in the order of ID bytes. It panics if i is out of range.
func (f *Frame) At(i int) Unit {
	cell := f.cells[f.cellOf[i]]
	return Unit{f.ID(i), f.strata[cell.Stratum].Label, cell.Weight}
}

// All returns the units with their indices, in the order of ID bytes.
func (f *Frame) All() iter.Seq2[int, Unit] {
	return func(yield func(int, Unit) bool) {
		for i := range f.Len() {
			if !yield(i, f.At(i)) {
				return
			}
		}
	}
}

// Find returns the index of the unit with the given ID, and whether there is one.
func (f *Frame) Find(id string) (int, bool) {
	return sort.Find(f.Len(), func(i int) int { return strings.Compare(id, f.ID(i)) })
}

// Strata returns the strata, sorted by the bytes of their labels.
func (f *Frame) Strata() []Stratum { return slices.Clone(f.strata) }

// Cells returns the cells, sorted by stratum, then by weight.
func (f *Frame) Cells() []Cell { return slices.Clone(f.cells) }

// Weight returns the sum of all weights.
func (f *Frame) Weight() uint64 {
	var sum uint64
	for _, s := range f.strata {
		sum += s.Weight
	}
	return sum
}

// A frameBuilder takes units one by one. It holds the columns of the frame to
// be and no more.
type frameBuilder struct {
	ids    strings.Builder
	ends   []uint32
	cellOf []uint32
	cells  []Cell
	strata []Stratum
	weight uint64

	stratumOf map[string]uint32
	cellAt    map[cellKey]uint32
	last      []uint32 // latest cell of each stratum
	// known holds the cells of some texts "stratum weight" that were read: with it
	// most lines cost one look-up.
	known map[string]uint32
}

// maxKnown bounds frameBuilder.known, for frames with a weight for each unit.
const maxKnown = 1 << 12

type cellKey struct {
	stratum uint32
	weight  uint64
}

func newFrameBuilder() *frameBuilder {
	return &frameBuilder{stratumOf: map[string]uint32{}, cellAt: map[cellKey]uint32{}, known: map[string]uint32{}}
}

func (b *frameBuilder) start(i int) uint32 {
	if i == 0 {
		return 0
	}
	return b.ends[i-1]
}

func (b *frameBuilder) id(i int) string { return b.ids.String()[b.start(i):b.ends[i]] }

// addUnit adds a unit. It returns what is wrong with it, or "".
func (b *frameBuilder) addUnit(u Unit) string {
	cell, text := b.cell(u.Stratum, u.Weight)
	if text != "" {
		return text
	}
	b.ids.WriteString(u.ID)
	return b.add(len(u.ID), cell)
}

// cell returns the cell of units with the given stratum and weight, a new one if
// there is none yet. It returns what is wrong with them otherwise.
func (b *frameBuilder) cell(stratum string, weight uint64) (cell uint32, text string) {
	s, ok := b.stratumOf[stratum]
	if !ok {
		if text := badLabel("stratum", stratum); text != "" {
			return 0, text
		}
	}
	if weight < 1 || weight > MaxWeight {
		return 0, fmt.Sprintf("weight %d, expected 1 to %d", weight, uint64(MaxWeight))
	}
	if !ok {
		s = uint32(len(b.strata))
		stratum = strings.Clone(stratum) // keeps no line of a text alive
		b.stratumOf[stratum] = s
		b.strata = append(b.strata, Stratum{Label: stratum})
		b.last = append(b.last, math.MaxUint32)
	}
	c := b.last[s]
	if c == math.MaxUint32 || b.cells[c].Weight != weight {
		key := cellKey{s, weight}
		if c, ok = b.cellAt[key]; !ok {
			c = uint32(len(b.cells))
			b.cellAt[key] = c
			b.cells = append(b.cells, Cell{Stratum: int(s), Weight: weight})
		}
		b.last[s] = c
	}
	return c, ""
}

// add adds a unit whose ID is the last idLen bytes written to b.ids. It returns
// what is wrong with it, or "".
func (b *frameBuilder) add(idLen int, cell uint32) string {
	end := b.ids.Len()
	if uint64(end) > math.MaxUint32 {
		return "IDs exceed 4 GiB: split the frame into shards"
	}
	if len(b.ends) == math.MaxInt32 {
		return "more than 2147483647 units: split the frame into shards"
	}
	if text := badLabel("id", b.ids.String()[end-idLen:]); text != "" {
		return text
	}
	c := &b.cells[cell]
	if c.Weight > MaxWeight-b.weight {
		return fmt.Sprintf("weight %d takes the total over %d", c.Weight, uint64(MaxWeight))
	}
	b.weight += c.Weight
	c.Units++
	s := &b.strata[c.Stratum]
	s.Units++
	s.Weight += c.Weight
	b.ends = append(b.ends, uint32(end))
	b.cellOf = append(b.cellOf, cell)
	return ""
}

// badLabel returns what is wrong with an ID or a label, with its text, or "".
func badLabel(what, s string) string {
	switch text := checkID(s); {
	case text == "":
		return ""
	case s == "":
		return what + " " + text
	default:
		return what + " " + label.Quote(s) + " " + text
	}
}

// sort brings the units into the order of their IDs.
func (b *frameBuilder) sort() {
	sorted := true
	for i := 1; i < len(b.ends) && sorted; i++ {
		sorted = b.id(i-1) <= b.id(i)
	}
	if sorted {
		return
	}
	// The first 16 bytes lie next to each other here and decide nearly always.
	type key struct {
		high, low uint64
		i         uint32
	}
	order := make([]key, len(b.ends))
	for i := range order {
		var first [16]byte
		copy(first[:], b.id(i))
		order[i] = key{binary.BigEndian.Uint64(first[:]), binary.BigEndian.Uint64(first[8:]), uint32(i)}
	}
	slices.SortFunc(order, func(x, y key) int {
		if x.high != y.high {
			return cmp.Compare(x.high, y.high)
		}
		if x.low != y.low {
			return cmp.Compare(x.low, y.low)
		}
		return strings.Compare(b.id(int(x.i)), b.id(int(y.i)))
	})
	var ids strings.Builder
	ids.Grow(b.ids.Len())
	ends, cellOf := make([]uint32, len(order)), make([]uint32, len(order))
	for i, o := range order {
		ids.WriteString(b.id(int(o.i)))
		ends[i], cellOf[i] = uint32(ids.Len()), b.cellOf[o.i]
	}
	b.ids, b.ends, b.cellOf = ids, ends, cellOf
}

// frame returns the frame of the units added, whose IDs must be in order.
func (b *frameBuilder) frame() (*Frame, error) {
	if len(b.ends) == 0 {
		return nil, fmt.Errorf("registry: frame has no units")
	}
	b.stratumOf, b.cellAt, b.known = nil, nil, nil // free them before the columns are copied
	strata := slices.Clone(b.strata)
	slices.SortFunc(strata, func(x, y Stratum) int { return strings.Compare(x.Label, y.Label) })
	place := make(map[string]int, len(strata))
	for i, s := range strata {
		place[s.Label] = i
	}
	order := make([]uint32, len(b.cells))
	for i := range b.cells {
		order[i] = uint32(i)
		b.cells[i].Stratum = place[b.strata[b.cells[i].Stratum].Label]
	}
	slices.SortFunc(order, func(i, j uint32) int {
		x, y := b.cells[i], b.cells[j]
		return cmp.Or(cmp.Compare(x.Stratum, y.Stratum), cmp.Compare(x.Weight, y.Weight))
	})
	cells, moved := make([]Cell, len(order)), make([]uint32, len(order))
	for i, o := range order {
		cells[i], moved[o] = b.cells[o], uint32(i)
	}
	for i, c := range b.cellOf {
		b.cellOf[i] = moved[c]
	}
	return &Frame{
		ids:    strings.Clone(b.ids.String()),
		ends:   slices.Clip(slices.Clone(b.ends)),
		cellOf: slices.Clip(slices.Clone(b.cellOf)),
		cells:  cells,
		strata: strata,
	}, nil
}
