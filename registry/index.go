package registry

import (
	"math/bits"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// maxProbes bounds the slots looked at for one ID. IDs that find no free slot
// among them go to a Go map, whose hash is seeded by the runtime: whoever makes
// IDs that collide here gains slow look-ups and nothing else.
const maxProbes = 64

// An index finds the row of an ID. It is a table of open addressing: a slot
// holds 32 bits of the ID's hash and, below them, the row plus one; 0 is free.
// The place of a slot grows with its hash, so a table can be copied into a
// larger or smaller one from end to end. The whole ID is compared in the end.
type index struct {
	slots    []uint64 // size places, and maxProbes-1 more so that no probe wraps
	size     int
	used     int // slots that are not free
	most     int // slots that may be used before the table grows
	hash     func(string) uint64
	overflow map[string]uint32 // row of IDs that found no slot
}

// The first table has firstIndexSize places; each next one has four times as
// many, when three of five are used.
const firstIndexSize = 128

func newIndex() index { return sizedIndex(firstIndexSize, xxhash.Sum64String) }

func sizedIndex(size int, hash func(string) uint64) index {
	x := index{hash: hash}
	x.renew(size)
	return x
}

// home returns the first place to look at for a hash.
func (x *index) home(hash uint64) int {
	place, _ := bits.Mul64(hash>>32<<32, uint64(x.size))
	return int(place)
}

// find returns the row of the ID and reports whether it is there. If it is not,
// free is the slot where put may store it, or -1 for the overflow.
func (x *index) find(hash uint64, id string, c *rowStore) (row, free int, ok bool) {
	home := x.home(hash)
	free = -1
	for i, slot := range x.slots[home : home+maxProbes] {
		if slot == 0 {
			free = home + i
			break
		}
		if slot>>32 == hash>>32 && c.id(int(uint32(slot)-1)) == id {
			return int(uint32(slot) - 1), -1, true
		}
	}
	if len(x.overflow) > 0 {
		if r, ok := x.overflow[id]; ok {
			return int(r), -1, true
		}
	}
	return 0, free, false
}

// warm looks at the slots of IDs that will be looked for soon. Each look would
// wait for the memory; all at once they wait together. The sum is of no use.
func (x *index) warm(hashes []uint64) (sum uint64) {
	for _, hash := range hashes {
		sum += x.slots[x.home(hash)]
	}
	return sum
}

// put stores a row for an ID that find did not find. The ID is already in c.
func (x *index) put(hash uint64, free, row int, c *rowStore) {
	slot := hash>>32<<32 | uint64(row+1)
	if x.used >= x.most || free < 0 && x.used >= x.most/2 {
		x.resize(4*x.size, c)
		free = x.freeSlot(slot)
	}
	x.store(slot, free, c)
}

func (x *index) store(slot uint64, free int, c *rowStore) {
	if free >= 0 {
		x.slots[free] = slot
		x.used++
		return
	}
	if x.overflow == nil {
		x.overflow = make(map[string]uint32)
	}
	row := int(uint32(slot) - 1)
	x.overflow[strings.Clone(c.id(row))] = uint32(row)
}

// freeSlot returns the first free slot for an ID that is not in the table, or -1.
func (x *index) freeSlot(hash uint64) int {
	home := x.home(hash)
	for i, slot := range x.slots[home : home+maxProbes] {
		if slot == 0 {
			return home + i
		}
	}
	return -1
}

// freeze makes a table compact that is mostly empty: 17 slots used of 20.
func (x *index) freeze(c *rowStore) {
	if x.used < x.size/10*3 {
		x.resize(x.used/17*20+20, c)
	}
}

// resize makes a table of another size. Going through the slots in order stores
// them in nearly the order of their hashes, so that even in a full table the way
// to each is short. IDs in the overflow stay there: find looks at both.
func (x *index) resize(size int, c *rowStore) {
	old := x.slots
	x.renew(size)
	for _, slot := range old {
		if slot == 0 {
			continue
		}
		// The first slot is mostly free.
		if home := x.home(slot); x.slots[home] == 0 {
			x.slots[home] = slot
			x.used++
		} else {
			x.store(slot, x.freeSlot(slot), c)
		}
	}
}

func (x *index) renew(size int) {
	x.slots, x.size, x.used, x.most = make([]uint64, size+maxProbes-1), size, 0, size/5*3
}
