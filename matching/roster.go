package matching

import (
	"hash"
	"iter"
)

// A Roster says who goes on which task. It is immutable and safe for concurrent use.
// [Problem.Assign] makes one, [ParseRoster] reads one.
type Roster struct {
	problem [32]byte // hash of the problem's text
	key     Key
	teams   []Team    // by task
	refused []Refusal // by task
	regions []Region
	squares uint64
}

// A Team is the inspectors of a task, in the order of its places.
type Team struct {
	Task       string   // ID
	Inspectors []string // IDs
}

// A Refusal says that a task has no team, and why: with Places of it, numbered from 1,
// the inspectors of a region, numbered from 1, would have to fill more places than they
// have room for. Single are inspectors outside who could fill one of these places.
type Refusal struct {
	Task   string   // ID
	Region int      // number, from 1
	Places []int    // numbers of places, from 1, ascending
	Single []string // IDs of inspectors, ascending
}

// A Region is inspectors, the number of places of the roster's teams that nobody else
// can fill, and the room that there is for them: the capacity of these inspectors, and one
// place for each of Single. Without a task that it refuses Need is at most Room.
type Region struct {
	Need, Room uint64   // places
	Inspectors []string // IDs, ascending
	Single     []Seat   // ascending by task, then by inspector
}

// A Seat is one place of a team that an inspector outside a region could fill.
type Seat struct {
	Task, Inspector string // IDs
}

// Len returns the number of teams.
func (r *Roster) Len() int { return len(r.teams) }

// Problem returns the hash of the problem that the roster is for.
func (r *Roster) Problem() [32]byte { return r.problem }

// Key returns the matching key.
func (r *Roster) Key() Key { return r.key }

// Squares returns the sum of the squares of all loads, carried-over load included:
// the least that is possible.
func (r *Roster) Squares() uint64 { return r.squares }

// Teams yields the teams in the order of their tasks. The inspectors must not be
// changed.
func (r *Roster) Teams() iter.Seq[Team] {
	return func(yield func(Team) bool) {
		for _, t := range r.teams {
			if !yield(t) {
				return
			}
		}
	}
}

// Team returns the inspectors of a task in the order of its places, and whether it
// has a team.
func (r *Roster) Team(task string) ([]string, bool) {
	if i, ok := findTeam(r.teams, task); ok {
		return append([]string(nil), r.teams[i].Inspectors...), true
	}
	return nil, false
}

// Refused yields the tasks without a team, in the order of their IDs.
func (r *Roster) Refused() iter.Seq[Refusal] {
	return func(yield func(Refusal) bool) {
		for _, t := range r.refused {
			if !yield(t) {
				return
			}
		}
	}
}

// Regions returns the number of regions.
func (r *Roster) Regions() int { return len(r.regions) }

// Region returns a region by its number, from 1. It panics if there is none.
func (r *Roster) Region(number int) Region { return r.regions[number-1] }

// A Report says how a roster came about, beside what it shows.
type Report struct {
	Places    int              // filled
	Repairs   int              // exchanges because of forbidden pairs
	Clashes   int              // forbidden pairs that are left: none was found to mend them within the bound
	Shuffles  int              // changes by the shuffle
	Forced    []Seat           // places that only one inspector could have got
	Support   map[string][]int // by task: for each place how many inspectors it could have got
	LeastLoad int              // of an inspector who may take any place at all, carried-over load included
	MostLoad  int              // of any inspector, carried-over load included
	// Unconditional says that every refusal holds even if there were no exclusions: then
	// the regions show nothing of them.
	Unconditional bool
}

// Assign fills the tasks. With the same problem and key the roster is the same on every
// machine: tasks are admitted by ticket, none is refused that could have been kept
// beside those before it, the sum of squared loads is the least possible, and who goes where
// is shuffled among all that is left. It returns an error only if the hash function is
// not one of 32 bytes.
func (p *Problem) Assign(newHash func() hash.Hash, key Key) (*Roster, *Report, error) {
	o, err := newOrder(p, newHash, key)
	if err != nil {
		return nil, nil, err
	}
	s := newSearch(newAssignment(o))
	refused := s.admit()
	regions, refusals := s.certify(refused)
	s.balance()
	report := &Report{}
	report.Repairs = s.repair()
	report.Shuffles = s.shuffle()
	report.fill(s.assignment, regions, refusals)
	id, err := p.ID(newHash)
	if err != nil {
		return nil, nil, err
	}
	return p.roster(id, key, s.assignment, regions, refusals), report, nil
}

// fill adds what the assignment shows.
func (r *Report) fill(s *assignment, regions []*region, refusals []refusal) {
	p := s.problem
	r.Support = make(map[string][]int, len(p.tasks))
	support := s.support()
	for t := range p.tasks {
		first, end := p.team(int32(t))
		if s.at[first] == nobody {
			continue
		}
		counts := make([]int, 0, end-first)
		for q := first; q < end; q++ {
			r.Places++
			counts = append(counts, int(support[q]))
			if support[q] == 1 {
				r.Forced = append(r.Forced, Seat{p.tasks[t].id, p.dir.ids[s.at[q]]})
			}
		}
		r.Support[p.tasks[t].id] = counts
		r.Clashes += s.teamClashes(int32(t))
	}
	least := int32(-1)
	for i := range s.held {
		load := s.load(int32(i))
		r.MostLoad = max(r.MostLoad, int(load))
		if len(p.of.of(int32(i))) > 0 && s.capacity[i] > 0 && (least < 0 || load < least) {
			least = load
		}
	}
	r.LeastLoad = int(max(least, 0))
	r.Unconditional = true
	for _, g := range regions {
		open := *g
		open.need = p.needOf(g, s.at, true)
		for _, refusal := range refusals {
			if regions[refusal.region] == g && p.checkRefusal(&open, refusal, true) != "" {
				r.Unconditional = false
			}
		}
	}
}

func (p *Problem) roster(id [32]byte, key Key, s *assignment, regions []*region, refusals []refusal) *Roster {
	r := &Roster{problem: id, key: key}
	for t := range p.tasks {
		first, end := p.team(int32(t))
		if s.at[first] == nobody {
			continue
		}
		team := Team{Task: p.tasks[t].id}
		for q := first; q < end; q++ {
			team.Inspectors = append(team.Inspectors, p.dir.ids[s.at[q]])
		}
		r.teams = append(r.teams, team)
	}
	for i := range s.held {
		load := uint64(s.load(int32(i)))
		r.squares += load * load
	}
	for _, g := range regions {
		out := Region{Need: uint64(g.need), Room: uint64(g.room)}
		for _, i := range g.who {
			out.Inspectors = append(out.Inspectors, p.dir.ids[i])
		}
		for _, x := range g.single {
			out.Single = append(out.Single, Seat{p.tasks[x[0]].id, p.dir.ids[x[1]]})
		}
		r.regions = append(r.regions, out)
	}
	for _, x := range refusals {
		out := Refusal{Task: p.tasks[x.task].id, Region: x.region + 1}
		for _, q := range x.places {
			out.Places = append(out.Places, int(q-p.tasks[x.task].first)+1)
		}
		for _, i := range x.single {
			out.Single = append(out.Single, p.dir.ids[i])
		}
		r.refused = append(r.refused, out)
	}
	sortRefusals(r.refused)
	return r
}
