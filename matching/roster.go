package matching

import (
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

// Steps says what the stages did.
type Steps struct {
	Repairs  int // exchanges because of forbidden pairs
	Shuffles int // changes by the shuffle
}

// Assign fills the tasks. With the same problem and key the roster is the same on every
// machine: tasks are admitted by ticket, none is refused that could have been kept
// beside those before it, the sum of squared loads is the least possible, and who goes where
// is shuffled among all that is left. It returns an error only where the hash function
// is refused, as by a FIPS 140 mode that knows SHA-256 alone.
func (p *Problem) Assign(key Key) (*Roster, Steps, error) {
	o, err := newOrder(p, key)
	if err != nil {
		return nil, Steps{}, err
	}
	s := newSearch(newAssignment(o))
	refused := s.admit()
	regions, refusals := s.certify(refused)
	s.balance()
	steps := Steps{Repairs: s.repair(), Shuffles: s.shuffle()}
	return p.roster(key, s.assignment, regions, refusals), steps, nil
}

// squares returns the sum of squared loads.
func (s *assignment) squares() (sum uint64) {
	for i := range s.held {
		load := uint64(s.load(int32(i)))
		sum += load * load
	}
	return sum
}

func (p *Problem) roster(key Key, s *assignment, regions []*region, refusals []refusal) *Roster {
	r := &Roster{problem: p.id, key: key}
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
	r.squares = s.squares()
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
