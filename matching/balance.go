package matching

import (
	"cmp"
	"slices"
)

// balance makes the sum of squared loads the least possible: a place of an
// inspector with load a moves on, by a chain, to one with at most a − 2, until there
// is no such chain. That is enough, since the sum is convex in each load: no cycle
// of the residual network makes it smaller (Ahuja, Magnanti and Orlin, Network
// Flows, 1993, section 14.4).
//
// The most loaded come first, by rank where loads are equal. What a search without
// success has seen is closed: all there have at least a − 1 or no room, so
// nobody with less has a use for it either.
func (s *search) balance() {
	byLoad := s.byLoad()
	for a := int32(len(byLoad)) - 1; a >= 2; a-- {
		for k := 0; k < len(byLoad[a]); k++ {
			i := byLoad[a][k]
			if s.seenWho[i] == dead || len(s.held[i]) == 0 || s.load(i) != a {
				continue // or it has another load by now
			}
			s.begin()
			s.addWho(i, root)
			s.leave(i)
			to := s.run(a - 2)
			if to == nobody {
				s.bury()
				continue
			}
			s.shift(to)
			// Both have another load now: a − 1, and at most that.
			byLoad[a-1] = s.insert(byLoad[a-1], i)
			if now := s.load(to); now >= 2 {
				byLoad[now] = s.insert(byLoad[now], to)
			}
		}
	}
}

// byLoad returns the inspectors of each load from 2 on, by rank.
func (s *search) byLoad() [][]int32 {
	var lists [][]int32
	for i := range s.held {
		load := int(s.load(int32(i)))
		if load < 2 {
			continue
		}
		for len(lists) <= load {
			lists = append(lists, nil)
		}
		lists[load] = append(lists[load], int32(i))
	}
	for _, list := range lists {
		slices.SortFunc(list, s.compareRank)
	}
	return lists
}

func (s *search) compareRank(x, y int32) int {
	return cmp.Or(cmp.Compare(s.who[x], s.who[y]), cmp.Compare(x, y))
}

// insert puts an inspector into a list by rank, if it is not there.
func (s *search) insert(list []int32, i int32) []int32 {
	k, found := slices.BinarySearchFunc(list, i, s.compareRank)
	if found {
		return list
	}
	return slices.Insert(list, k, i)
}

// unbalanced returns two inspectors of whom the first could give a place to the
// second, by a chain, so that the sum of squares falls; or false if there are none.
func (s *search) unbalanced() (from, to int32, ok bool) {
	byLoad := s.byLoad()
	for a := int32(len(byLoad)) - 1; a >= 2; a-- {
		s.begin()
		for _, i := range byLoad[a] {
			if s.seenWho[i] != dead && len(s.held[i]) > 0 {
				s.addWho(i, root)
				s.leave(i)
			}
		}
		if to := s.run(a - 2); to != nobody {
			return s.origin(to), to, true
		}
		s.bury()
	}
	return 0, 0, false
}

// origin returns the inspector at whom the chain to another begins.
func (s *search) origin(i int32) int32 {
	for s.fromWho[i] != root {
		p := s.fromWho[i]
		for s.fromPlace[p] < 0 {
			p = ^s.fromPlace[p]
		}
		i = s.fromPlace[p]
	}
	return i
}
