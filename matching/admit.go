package matching

import "math"

// admit fills the tasks by ticket and returns those that are refused: each because
// no assignment of the tasks admitted before it leaves room for it.
func (s *search) admit() (refused []int32) {
	for _, t := range s.tasks {
		if !s.fill(t) {
			s.release(t)
			refused = append(refused, t)
		}
	}
	return refused
}

// fill fills the places of a task, and reports whether all could be.
func (s *search) fill(t int32) bool {
	first, end := s.problem.team(t)
	for p := first; p < end; p++ {
		if i := s.pick(t, p); i != nobody {
			s.put(p, i)
		} else if !s.makeRoom(p) {
			return false
		}
	}
	return true
}

func (s *search) release(t int32) {
	first, end := s.problem.team(t)
	for p := first; p < end; p++ {
		if s.at[p] != nobody {
			s.put(p, nobody)
		}
	}
}

// pick returns who may fill a place and has room: of those with the fewest
// colleagues in the team that they must not be with, the one with the least load, and of
// those the one with the smallest ticket.
func (s *search) pick(t, p int32) int32 {
	pr := s.problem
	best, bestClashes, bestLoad, bestTicket := nobody, math.MaxInt, int32(math.MaxInt32), uint64(0)
	apart := len(pr.apart.list) > 0
	for _, i := range pr.classes[pr.places[p].class].members {
		load := s.load(i)
		if s.full(i) || !apart && load > bestLoad {
			continue
		}
		clashes := 0
		if apart {
			if clashes = s.clashes(t, i, p); clashes > bestClashes || clashes == bestClashes && load > bestLoad {
				continue
			}
		}
		if pr.barred.has(t, i) || s.inTeam(t, i, nobody) {
			continue
		}
		ticket := s.ticket(t, i)
		if clashes < bestClashes || load < bestLoad || ticket < bestTicket { // equal tickets: the smaller ID
			best, bestClashes, bestLoad, bestTicket = i, clashes, load, ticket
		}
	}
	return best
}

// makeRoom fills a place by moving others on, and reports whether that could be done.
func (s *search) makeRoom(p int32) bool {
	s.begin()
	s.addPlace(p, root)
	i := s.run(math.MaxInt32)
	if i == nobody {
		return false
	}
	s.shift(i)
	return true
}
