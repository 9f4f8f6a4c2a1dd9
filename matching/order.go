package matching

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/internal/digest"
)

// A Key is the matching key of a draw: 32 bytes that nobody knew when tasks,
// inspectors and exclusions were fixed. In a public draw it is derived from the
// seed.
type Key [32]byte

// The purposes of the keys below it.
const (
	purposeTask      = "match-task"
	purposeInspector = "match-inspector"
	purposeShuffle   = "match-shuffle"
)

// An order is what follows from the key: everything depends on IDs, never on
// places in a list, so that a row elsewhere moves nothing.
type order struct {
	tasks    []int32  // by ticket
	task     []uint64 // a word for each task
	who      []uint64 // a word for each inspector: its rank
	shuffle  [32]byte
	f        digest.Func
	byRank   [][]int32 // members of classes by rank, as far as asked for
	problem  *Problem
	capacity []int32
	carried  []int32
}

func newOrder(p *Problem, key Key) (*order, error) {
	f, keys := p.dir.f, map[string][32]byte{}
	var err error
	for _, purpose := range []string{purposeTask, purposeInspector, purposeShuffle} {
		if keys[purpose], err = derive.Key(p.dir.newHash, key[:], purpose); err != nil {
			return nil, fmt.Errorf("matching: %w", err)
		}
	}
	o := &order{
		tasks: make([]int32, len(p.tasks)), task: make([]uint64, len(p.tasks)), who: make([]uint64, p.dir.Len()), shuffle: keys[purposeShuffle],
		f: f, byRank: make([][]int32, len(p.classes)), problem: p, capacity: p.dir.capacity, carried: p.dir.carried,
	}
	h := f.Hasher()
	tickets := make([][16]byte, len(p.tasks))
	taskKey := keys[purposeTask]
	var buf []byte
	for t := range p.tasks {
		buf = append(append(buf[:0], taskKey[:]...), p.tasks[t].id...)
		sum := h.Sum(buf)
		copy(tickets[t][:], sum[:16])
		o.tasks[t], o.task[t] = int32(t), binary.BigEndian.Uint64(sum[:])
	}
	// Tasks are in the order of IDs already, which settles equal tickets.
	slices.SortStableFunc(o.tasks, func(x, y int32) int { return bytes.Compare(tickets[x][:], tickets[y][:]) })
	inspectorKey := keys[purposeInspector]
	mask := binary.BigEndian.Uint64(inspectorKey[:])
	for i, word := range p.dir.words {
		o.who[i] = mix(word ^ mask)
	}
	return o, nil
}

// unordered returns an order for what does not depend on any.
func unordered(p *Problem) *order {
	o := &order{who: make([]uint64, p.dir.Len()), byRank: make([][]int32, len(p.classes)), problem: p, capacity: p.dir.capacity, carried: p.dir.carried}
	for c := range p.classes {
		o.byRank[c] = p.classes[c].members
	}
	return o
}

// mix is the finalizer of SplitMix64 (Steele, Lea and Flood, 2014, variant 13 of
// Stafford): a bijection in which each bit of x changes each of the result half
// the time. Here it only orders where the shuffle starts.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// ticket orders the inspectors for a task.
func (o *order) ticket(task, inspector int32) uint64 { return mix(o.task[task] ^ o.who[inspector]) }

// ranked returns the members of a class by rank.
func (o *order) ranked(class int32) []int32 {
	if o.byRank[class] == nil {
		list := slices.Clone(o.problem.classes[class].members)
		slices.SortFunc(list, func(x, y int32) int { return cmp.Or(cmp.Compare(o.who[x], o.who[y]), cmp.Compare(x, y)) })
		o.byRank[class] = list
	}
	return o.byRank[class]
}
