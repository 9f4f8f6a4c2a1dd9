package matching

import "math"

// A search looks for a way to free a seat: breadth first over chains of places
// that move on. From a place one gets to the inspectors who may fill it, by rank, and to
// the places of its own team whose inspector it could take over; from an
// inspector who has no room to all places that the inspector holds, ascending.
type search struct {
	*assignment
	stamp     int32
	seenPlace []int32 // stamp of the search that saw it, or dead
	seenWho   []int32
	fromPlace []int32 // how a place was come to: an inspector, or ^q for place q that takes over
	fromWho   []int32 // the place by which an inspector was come to
	queue     []int32 // places that were come to, in order
	came      []int32 // inspectors that were come to
	left      [][]int32
	leftStamp []int32 // of the search that left is of
}

// dead marks what no search needs to see again.
const dead = math.MaxInt32

func newSearch(a *assignment) *search {
	places, inspectors, classes := len(a.at), len(a.held), len(a.problem.classes)
	return &search{
		assignment: a, seenPlace: make([]int32, places), seenWho: make([]int32, inspectors), fromPlace: make([]int32, places),
		fromWho: make([]int32, inspectors), left: make([][]int32, classes), leftStamp: make([]int32, classes),
	}
}

const root = math.MinInt32 // ends a chain

func (s *search) begin() {
	s.stamp++
	s.queue, s.came = s.queue[:0], s.came[:0]
}

func (s *search) addPlace(q, from int32) {
	if s.seenPlace[q] < s.stamp {
		s.seenPlace[q], s.fromPlace[q] = s.stamp, from
		s.queue = append(s.queue, q)
	}
}

func (s *search) addWho(i, from int32) {
	s.seenWho[i], s.fromWho[i] = s.stamp, from
	s.came = append(s.came, i)
}

// leave adds all places that an inspector holds.
func (s *search) leave(i int32) {
	for _, q := range s.held[i] {
		s.addPlace(q, i)
	}
}

// run goes on until it comes to an inspector who has room and at most the given
// load, and returns it, or nobody.
func (s *search) run(most int32) int32 {
	for k := 0; k < len(s.queue); k++ {
		if i := s.expand(s.queue[k], most); i != nobody {
			return i
		}
	}
	return nobody
}

func (s *search) expand(p, most int32) int32 {
	pr := s.problem
	t, c := pr.places[p].task, pr.places[p].class
	first, end := pr.team(t)
	for q := first; q < end; q++ {
		if q != p && s.at[q] != nobody && s.seenPlace[q] < s.stamp && pr.may(s.at[q], p) {
			s.addPlace(q, ^p)
		}
	}
	// What is left of the class are those whom no place of it could come to yet.
	source, rest := s.left[c], s.left[c][:0]
	if s.leftStamp[c] != s.stamp {
		s.leftStamp[c], source = s.stamp, s.ranked(c)
	}
	for _, i := range source {
		switch {
		case s.seenWho[i] >= s.stamp:
		case pr.barred.has(t, i) || s.inTeam(t, i, nobody):
			rest = append(rest, i)
		default:
			s.addWho(i, p)
			if !s.full(i) && s.load(i) <= most {
				return i
			}
			s.leave(i)
		}
	}
	s.left[c] = rest
	return nobody
}

// shift moves every place of the chain that led to an inspector one on.
func (s *search) shift(to int32) {
	for {
		p := s.fromWho[to]
		for {
			old, from := s.at[p], s.fromPlace[p]
			s.put(p, to)
			if from == root {
				return
			}
			if from >= 0 {
				to = old
				break
			}
			p, to = ^from, old // place ^from takes over
		}
		if s.fromWho[to] == root {
			return
		}
	}
}

// bury marks all that the search saw: it is closed, and no search finds anything
// in it.
func (s *search) bury() {
	for _, p := range s.queue {
		s.seenPlace[p] = dead
	}
	for _, i := range s.came {
		s.seenWho[i] = dead
	}
}
