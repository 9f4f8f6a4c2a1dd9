package matching

import "slices"

const nobody = int32(-1)

// An assignment says who fills each place. It is the state that the stages work on.
type assignment struct {
	*order
	at   []int32   // inspector of each place, or nobody
	held [][]int32 // places of each inspector, ascending
	log  *[]move   // of what was changed, if it may be undone
}

type move struct{ place, from int32 }

func newAssignment(o *order) *assignment {
	a := &assignment{order: o, at: make([]int32, len(o.problem.places)), held: make([][]int32, o.problem.dir.Len())}
	for i := range a.at {
		a.at[i] = nobody
	}
	return a
}

// put gives a place to an inspector, or to nobody.
func (a *assignment) put(place, inspector int32) {
	from := a.at[place]
	if a.log != nil {
		*a.log = append(*a.log, move{place, from})
	}
	if from != nobody {
		list := a.held[from]
		k, _ := slices.BinarySearch(list, place)
		a.held[from] = slices.Delete(list, k, k+1)
	}
	a.at[place] = inspector
	if inspector != nobody {
		list := a.held[inspector]
		k, _ := slices.BinarySearch(list, place)
		a.held[inspector] = slices.Insert(list, k, place)
	}
}

// load is what balance counts: places and what was carried over.
func (a *assignment) load(i int32) int32 { return int32(len(a.held[i])) + a.carried[i] }

func (a *assignment) full(i int32) bool { return int32(len(a.held[i])) >= a.capacity[i] }

// team returns the places of a task.
func (p *Problem) team(t int32) (first, end int32) {
	return p.tasks[t].first, p.tasks[t].first + p.tasks[t].size
}

// inTeam reports whether an inspector fills another place of the task.
func (a *assignment) inTeam(t, i, except int32) bool {
	first, end := a.problem.team(t)
	for q := first; q < end; q++ {
		if a.at[q] == i && q != except {
			return true
		}
	}
	return false
}

// clashes returns how many of the team the inspector must not be with, except on
// one place.
func (a *assignment) clashes(t, i, except int32) (n int) {
	if len(a.problem.apart.list) == 0 || len(a.problem.apart.of(i)) == 0 {
		return 0
	}
	first, end := a.problem.team(t)
	for q := first; q < end; q++ {
		if q != except && a.at[q] != nobody && a.problem.apart.has(i, a.at[q]) {
			n++
		}
	}
	return n
}

// teamClashes returns the number of forbidden pairs in a team.
func (a *assignment) teamClashes(t int32) (n int) {
	if len(a.problem.apart.list) == 0 {
		return 0
	}
	first, end := a.problem.team(t)
	for q := first; q < end; q++ {
		if a.at[q] != nobody {
			n += a.clashes(t, a.at[q], q)
		}
	}
	return n / 2
}
