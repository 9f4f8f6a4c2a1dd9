package matching

// stepsPerPlace is the length of the chain. That it mixes by then is measured, not
// proven.
const (
	stepsPerPlace = 20
	extraSteps    = 1000 // so that the smallest problems mix, too
)

// shuffle walks at random among the legal assignments with the same loads, but for
// who has which, and no more forbidden pairs. Each step proposes a change that is as
// likely to be proposed backwards, and takes it if it is legal: the walk
// favours no assignment (Metropolis with equal weights). It returns the
// number of changes.
//
// Half the steps exchange two places or move one, half rotate three or exchange two and
// move one: with the first kind alone some small tight instances fall apart into
// parts that the walk never leaves.
func (s *assignment) shuffle() (changes int) {
	var filled []int32
	top := int32(0)
	for p, i := range s.at {
		if i != nobody {
			filled = append(filled, int32(p))
		}
	}
	for i := range s.held {
		if len(s.held[i]) > 0 {
			top = max(top, s.load(int32(i)))
		}
	}
	if len(filled) == 0 {
		return 0
	}
	random := newStream(s.f, s.order.shuffle)
	// slot takes one of the places that an inspector holds, each with chance 1/(top+1)
	// whatever else it holds, the move with the same, and nothing otherwise.
	slot := func(j int32) (q int32, move bool) {
		k := random.below(int(top) + 1)
		switch {
		case k == top:
			return nobody, true
		case int(k) < len(s.held[j]):
			return s.held[j][k], false
		}
		return nobody, false
	}
	member := func(p int32) int32 {
		members := s.problem.classes[s.problem.places[p].class].members
		return members[random.below(len(members))]
	}
	for range stepsPerPlace*len(filled) + extraSteps {
		three := random.below(2) == 1
		p := filled[random.below(len(filled))]
		j := member(p)
		q, move := slot(j)
		done := false
		switch {
		case move && !three:
			done = s.tryMove(p, j, false)
		case q == nobody || s.at[p] == j:
		case !three:
			done = s.trySwap(p, q, false)
		default:
			k := member(q)
			r, move := slot(k)
			if move || r != nobody {
				done = s.tryRotate(p, q, r, k)
			}
		}
		if done {
			changes++
		}
	}
	return changes
}
