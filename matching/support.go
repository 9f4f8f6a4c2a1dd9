package matching

// support returns for each place how many inspectors it could have got in some
// legal assignment with the same tasks and a least sum of squares, forbidden pairs in
// teams left aside; 0 for a place of a refused task. 1 means that the place was forced.
//
// A place can move to an inspector if the step lies on a cycle of the residual
// network that leaves the sum as it is, which is if both ends are in one strongly
// connected component (Tarjan, 1972). A chain that ends at somebody with load b may
// begin at anybody with load b + 1: there is a node for each load.
func (s *assignment) support() []int32 {
	g := newResidual(s)
	g.components()
	support := make([]int32, len(s.at))
	for p := range s.at {
		if s.at[p] == nobody {
			continue
		}
		pr := s.problem
		t := pr.places[p].task
		support[p] = 1
		for _, j := range pr.classes[pr.places[p].class].members {
			if j == s.at[p] || pr.barred.has(t, j) {
				continue
			}
			end := j
			if q := s.mate(t, j); q != nobody {
				end = g.place(q)
			}
			if g.component[end] == g.component[g.place(int32(p))] {
				support[p]++
			}
		}
	}
	return support
}

// mate returns the place of the task that an inspector fills, or nobody.
func (s *assignment) mate(t, i int32) int32 {
	first, end := s.problem.team(t)
	for q := first; q < end; q++ {
		if s.at[q] == i {
			return q
		}
	}
	return nobody
}

// A residual is the network in which units of load may move: inspectors, then places,
// then loads are its nodes.
type residual struct {
	*assignment
	inspectors, places int32
	byLoad             [][]int32
	component          []int32
}

func newResidual(s *assignment) *residual {
	g := &residual{assignment: s, inspectors: int32(len(s.held)), places: int32(len(s.at))}
	for i := range s.held {
		for int(s.load(int32(i)))+1 >= len(g.byLoad) {
			g.byLoad = append(g.byLoad, nil)
		}
		if len(s.held[i]) > 0 {
			load := s.load(int32(i))
			g.byLoad[load] = append(g.byLoad[load], int32(i))
		}
	}
	g.component = make([]int32, int(g.inspectors+g.places)+len(g.byLoad))
	return g
}

func (g *residual) place(p int32) int32 { return g.inspectors + p }

// next returns the next node that an arc leads to from node v, and where to go on; or
// nobody.
func (g *residual) next(v, at int32) (to, then int32) {
	switch {
	case v < g.inspectors:
		held := g.held[v]
		if int(at) < len(held) {
			return g.place(held[at]), at + 1
		}
		if int(at) == len(held) && !g.full(v) {
			return g.inspectors + g.places + g.load(v) + 1, at + 1
		}
	case v < g.inspectors+g.places:
		return g.nextOfPlace(v-g.inspectors, at)
	default:
		if list := g.byLoad[v-g.inspectors-g.places]; int(at) < len(list) {
			return list[at], at + 1
		}
	}
	return nobody, at
}

func (g *residual) nextOfPlace(p, at int32) (to, then int32) {
	pr := g.problem
	if g.at[p] == nobody {
		return nobody, at
	}
	t := pr.places[p].task
	size := pr.tasks[t].size
	for ; at < size; at++ {
		q := pr.tasks[t].first + at
		if q != p && g.at[q] != nobody && pr.may(g.at[q], p) {
			return g.place(q), at + 1
		}
	}
	members := pr.classes[pr.places[p].class].members
	for ; int(at-size) < len(members); at++ {
		if j := members[at-size]; !pr.barred.has(t, j) && !g.inTeam(t, j, nobody) {
			return j, at + 1
		}
	}
	return nobody, at
}

// components numbers the strongly connected components, by Tarjan's algorithm
// without recursion.
func (g *residual) components() {
	n := int32(len(g.component))
	index, low, at := make([]int32, n), make([]int32, n), make([]int32, n)
	var open, path []int32
	count, number := int32(0), int32(0)
	for start := range n {
		if index[start] != 0 {
			continue
		}
		path = append(path, start)
		for len(path) > 0 {
			v := path[len(path)-1]
			if index[v] == 0 {
				count++
				index[v], low[v] = count, count
				open = append(open, v)
			}
			to, then := g.next(v, at[v])
			at[v] = then
			switch {
			case to != nobody && index[to] == 0:
				path = append(path, to)
			case to != nobody:
				if g.component[to] == 0 {
					low[v] = min(low[v], index[to])
				}
			default:
				path = path[:len(path)-1]
				if len(path) > 0 {
					parent := path[len(path)-1]
					low[parent] = min(low[parent], low[v])
				}
				if low[v] < index[v] {
					continue
				}
				for number++; ; {
					w := open[len(open)-1]
					open = open[:len(open)-1]
					g.component[w] = number
					if w == v {
						break
					}
				}
			}
		}
	}
}
