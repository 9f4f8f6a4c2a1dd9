package matching

// A Report is what can be said of a roster beside what it shows. Anybody who has the
// problem can make it.
type Report struct {
	Places  int    // filled
	Loads   []int  // number of inspectors by load, carried-over load included
	Clashes []Seat // places of inspectors who should be kept apart from another of the team
	Forced  []Seat // places that only one inspector could have got
	// Support is, by task, how many inspectors each of its places could have got in some
	// legal assignment of the same tasks with a least sum of squares, forbidden pairs left
	// aside.
	Support map[string][]int
	// Unconditional says that every refusal would hold if there were no exclusions: then the
	// regions show nothing of them, and can be published.
	Unconditional bool
}

// Report returns the report on a roster that [Problem.Check] accepts in the [Full] view; if
// it does not, Report returns the error.
func (p *Problem) Report(r *Roster) (*Report, error) {
	if err := p.Check(r, Full); err != nil {
		return nil, err
	}
	s, err := p.seated(r)
	if err != nil {
		return nil, err
	}
	regions, refusals, err := p.readRefusals(s, r, Full)
	if err != nil {
		return nil, err
	}
	out := &Report{Support: make(map[string][]int, len(p.tasks)), Unconditional: p.unconditional(s, regions, refusals)}
	support := s.support()
	for t := range p.tasks {
		first, end := p.team(int32(t))
		if s.at[first] == nobody {
			continue
		}
		counts := make([]int, 0, end-first)
		for q := first; q < end; q++ {
			out.Places++
			counts = append(counts, int(support[q]))
			seat := Seat{p.tasks[t].id, p.dir.ids[s.at[q]]}
			if support[q] == 1 {
				out.Forced = append(out.Forced, seat)
			}
			if s.clashes(int32(t), s.at[q], q) > 0 {
				out.Clashes = append(out.Clashes, seat)
			}
		}
		out.Support[p.tasks[t].id] = counts
	}
	for i := range s.held {
		load := int(s.load(int32(i)))
		for len(out.Loads) <= load {
			out.Loads = append(out.Loads, 0)
		}
		out.Loads[load]++
	}
	return out, nil
}

// unconditional reports whether all refusals hold without exclusions.
func (p *Problem) unconditional(s *assignment, regions []*region, refusals []refusal) bool {
	c := p.takeCensus(s.at)
	open := make([]*region, len(regions))
	for k, g := range regions {
		copied := *g
		copied.need = c.needOf(g, true)
		open[k] = &copied
	}
	for _, x := range refusals {
		if p.checkRefusal(open[x.region], x, true) != "" {
			return false
		}
	}
	return true
}

// A ThinPool is a place that few inspectors could fill, whatever the key.
type ThinPool struct {
	Task     string // ID
	Place    int    // number, from 1
	Eligible int    // inspectors who have what it asks for and are not excluded
}

// ThinPools returns the places for which fewer inspectors than the limit are eligible, before
// any key is known, so that the pools can be widened: the even share of a pair's
// chance is 1/Eligible at the least. A limit of 10 is usual.
func (p *Problem) ThinPools(limit int) []ThinPool {
	var thin []ThinPool
	for q := range p.places {
		t := p.places[q].task
		members := p.classes[p.places[q].class].members
		if len(members) >= limit+len(p.barred.of(t)) {
			continue
		}
		n := 0
		for _, i := range members {
			if !p.barred.has(t, i) {
				n++
			}
		}
		if n < limit {
			thin = append(thin, ThinPool{p.tasks[t].id, q - int(p.tasks[t].first) + 1, n})
		}
	}
	return thin
}
