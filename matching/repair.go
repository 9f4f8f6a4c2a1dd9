package matching

// repairTries bounds how many exchanges are tried for one place of a team with a
// forbidden pair. What it does not mend is reported as not found within the bound: to
// find an assignment without forbidden pairs is NP-hard.
const repairTries = 1 << 14

// repair exchanges places so that fewer teams have a forbidden pair, without another
// load for anybody but one who has one more. It returns how many exchanges it made.
func (s *assignment) repair() (made int) {
	if len(s.problem.apart.list) == 0 {
		return 0
	}
	for t := range int32(len(s.problem.tasks)) {
		first, end := s.problem.team(t)
		for p := first; p < end; p++ {
			if s.at[p] != nobody && s.clashes(t, s.at[p], p) > 0 && s.mend(p) {
				made++
			}
		}
	}
	return made
}

// mend exchanges the inspector of a place: for one with one place less, or for one who
// takes it in exchange for another place, by rank. It reports whether that could be
// done with fewer forbidden pairs.
func (s *assignment) mend(p int32) bool {
	tries := 0
	for _, j := range s.ranked(s.problem.places[p].class) {
		if j == s.at[p] {
			continue
		}
		if s.tryMove(p, j, true) {
			return true
		}
		for k := 0; k < len(s.held[j]); k++ {
			if tries++; tries > repairTries {
				return false
			}
			if s.trySwap(p, s.held[j][k], true) {
				return true
			}
		}
	}
	return false
}

// tryMove gives a place to another inspector with one place less, if that is legal and
// makes no more forbidden pairs, or fewer if asked for. It reports whether it did.
func (s *assignment) tryMove(p, j int32, fewer bool) bool {
	i, t := s.at[p], s.problem.places[p].task
	if s.load(j) != s.load(i)-1 || s.full(j) || !s.problem.may(j, p) || s.inTeam(t, j, nobody) {
		return false
	}
	before, after := s.clashes(t, i, p), s.clashes(t, j, p)
	if after > before || fewer && after == before {
		return false
	}
	s.put(p, j)
	return true
}

// trySwap exchanges the inspectors of two places under the same conditions.
func (s *assignment) trySwap(p, q int32, fewer bool) bool {
	i, j := s.at[p], s.at[q]
	t, u := s.problem.places[p].task, s.problem.places[q].task
	if i == j || !s.problem.may(j, p) || !s.problem.may(i, q) {
		return false
	}
	if t == u { // the team stays the same
		if fewer {
			return false
		}
		s.put(p, nobody)
		s.put(q, i)
		s.put(p, j)
		return true
	}
	if s.inTeam(t, j, nobody) || s.inTeam(u, i, nobody) {
		return false
	}
	before := s.clashes(t, i, p) + s.clashes(u, j, q)
	after := s.clashes(t, j, p) + s.clashes(u, i, q)
	if after > before || fewer && after == before {
		return false
	}
	s.put(p, nobody)
	s.put(q, i)
	s.put(p, j)
	return true
}

// tryRotate gives p to the inspector of q, q to that of r and r to that of p. If r is
// nobody's place, -1, q goes to k, who has one place less than the inspector of p.
func (s *assignment) tryRotate(p, q, r, k int32) bool {
	i, j := s.at[p], s.at[q]
	if i == j || i == k || j == k || !s.problem.may(j, p) || !s.problem.may(k, q) {
		return false
	}
	if r == nobody {
		if s.load(k) != s.load(i)-1 || s.full(k) {
			return false
		}
	} else if !s.problem.may(i, r) {
		return false
	}
	places, to := [3]int32{p, q, r}, [3]int32{j, k, i}
	n := 3
	if r == nobody {
		n = 2
	}
	before := s.clashesOf(places[:n])
	old := [3]int32{i, j, k}
	for m := range n {
		s.put(places[m], nobody)
	}
	legal := true
	for m := range n {
		t := s.problem.places[places[m]].task
		legal = legal && !s.inTeam(t, to[m], nobody)
		s.put(places[m], to[m])
	}
	if legal && s.clashesOf(places[:n]) <= before {
		return true
	}
	for m := range n {
		s.put(places[m], nobody)
	}
	for m := range n {
		s.put(places[m], old[m])
	}
	return false
}

// clashesOf counts the forbidden pairs in the teams of some places.
func (s *assignment) clashesOf(places []int32) (n int) {
	if len(s.problem.apart.list) == 0 {
		return 0
	}
	for m, p := range places {
		t := s.problem.places[p].task
		seen := false
		for _, q := range places[:m] {
			seen = seen || s.problem.places[q].task == t
		}
		if !seen {
			n += s.teamClashes(t)
		}
	}
	return n
}
