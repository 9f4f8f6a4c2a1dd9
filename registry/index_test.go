package registry

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cespare/xxhash/v2"
	"github.com/stretchr/testify/require"
)

// hashes from the usual one to those of an adversary.
var indexHashes = []struct {
	name string
	hash func(string) uint64
}{
	{"xxhash", xxhash.Sum64String},
	{"all equal", func(string) uint64 { return 42 }},
	{"all at the end", func(string) uint64 { return ^uint64(0) }},
	{"two values", func(s string) uint64 { return uint64(s[len(s)-1]&1) << 63 }},
	{"low bits only", func(s string) uint64 { return xxhash.Sum64String(s) >> 32 }},
	{"one place, different", func(s string) uint64 { return xxhash.Sum64String(s)&0xffff<<32 | 7<<48 }},
}

// TestIndex compares the index with a map, whatever the hash.
func TestIndex(t *testing.T) {
	for _, h := range indexHashes {
		for _, n := range []int{0, 1, 63, 64, 65, 200, 3000, 9000} {
			t.Run(fmt.Sprintf("%s/%d", h.name, n), func(t *testing.T) {
				x := sizedIndex(firstIndexSize, h.hash)
				var c rowStore
				id := func(i int) string { return fmt.Sprintf("id-%d", i*7919) }
				for i := range n {
					hash := h.hash(id(i))
					_, free, ok := x.find(hash, id(i), &c)
					require.False(t, ok)
					appendID(&c, id(i))
					x.put(hash, free, i, &c)
					if i%10 == 0 {
						row, _, ok := x.find(h.hash(id(i/2)), id(i/2), &c)
						require.True(t, ok)
						require.Equal(t, i/2, row)
					}
				}
				check := func() {
					for i := range n {
						row, _, ok := x.find(h.hash(id(i)), id(i), &c)
						require.True(t, ok, id(i))
						require.Equal(t, i, row)
						_, _, ok = x.find(h.hash(id(i)+"x"), id(i)+"x", &c)
						require.False(t, ok)
					}
					require.Equal(t, n, x.used+len(x.overflow))
				}
				check()
				x.freeze(&c)
				check()
				if h.name == "xxhash" {
					require.Empty(t, x.overflow, "honest IDs need no overflow")
					require.LessOrEqual(t, len(x.slots), 10*n/3+firstIndexSize+maxProbes)
				}
			})
		}
	}
}

func appendID(c *rowStore, id string) {
	p, k := c.next()
	p.ids.WriteString(id)
	p.idEnds[k] = uint32(p.ids.Len())
}

// TestIndexGrowsOnlyWithItsUse shows that colliding IDs do not blow the table up.
func TestIndexGrowsOnlyWithItsUse(t *testing.T) {
	x := sizedIndex(firstIndexSize, func(string) uint64 { return 1 << 40 })
	var c rowStore
	for i := range 5000 {
		id := fmt.Sprint(i)
		_, free, _ := x.find(x.hash(id), id, &c)
		appendID(&c, id)
		x.put(x.hash(id), free, i, &c)
	}
	require.LessOrEqual(t, x.size, 8*maxProbes)
	require.Equal(t, 5000, x.used+len(x.overflow))
}

// TestRegistryWithCollidingIDs imports and looks up IDs that all collide.
func TestRegistryWithCollidingIDs(t *testing.T) {
	im, err := newImporter(Checks{})
	require.NoError(t, err)
	im.to.index = sizedIndex(firstIndexSize, func(string) uint64 { return 0 })
	r := rand.New(rand.NewPCG(1, 1))
	seen := map[string]int{}
	var order []string
	for row := range 3000 {
		id := fmt.Sprint(r.IntN(2000))
		require.NoError(t, im.entity(int64(row+1), &Entity{ID: id}))
		if _, ok := seen[id]; !ok {
			seen[id] = len(order)
			order = append(order, id)
		}
	}
	reg, report, err := im.finish()
	require.NoError(t, err)
	require.Equal(t, len(order), reg.Len())
	require.Equal(t, int64(3000-len(order)), report.Count(DuplicateID))
	for i, id := range order {
		row, ok := reg.Row(id)
		require.True(t, ok)
		require.Equal(t, i, row)
	}
	_, ok := reg.Row("2000")
	require.False(t, ok)
}
