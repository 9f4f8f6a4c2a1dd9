package matching

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A refRegion is a region by SPEC.md.
type refRegion struct {
	who, single map[string]bool // single: "task inspector"
	classes     map[string]bool
	room, need  int
}

func (p refPlace) class() string { return strings.Join(p.asks, ",") }

func (r *reference) certify(refused []string) (lines map[string]string, regions []*refRegion) {
	lines = map[string]string{}
	for _, t := range refused {
		line := ""
		for _, p := range r.team(t) {
			for k, g := range regions {
				var places []string
				for n, q := range r.team(t) {
					if g.classes[r.places[q].class()] {
						places = append(places, fmt.Sprint(n+1))
					}
				}
				if line == "" && g.classes[r.places[p].class()] && g.need+len(places) > g.room {
					line = fmt.Sprintf("refused %s %d %s\n", t, k+1, strings.Join(places, ","))
				}
			}
		}
		if line == "" {
			var g *refRegion
			g, line = r.newRegion(t, len(regions)+1)
			regions = append(regions, g)
		}
		lines[t] = line
	}
	return lines, regions
}

func (r *reference) newRegion(t string, number int) (*refRegion, string) {
	before := maps.Clone(r.at)
	for _, p := range r.team(t) {
		if !r.makeRoom(p) {
			break
		}
	}
	g := &refRegion{who: map[string]bool{}, single: map[string]bool{}, classes: map[string]bool{}}
	for i := range r.fromWho {
		g.who[i] = true
		g.room += r.room[i]
	}
	var places, single []string
	for n, p := range r.team(t) {
		if slices.Contains(r.queue, p) {
			places = append(places, fmt.Sprint(n+1))
		}
	}
	for _, p := range r.queue {
		for _, q := range r.team(r.places[p].task) {
			i := r.at[q]
			if q == p || i == "" || g.who[i] || !r.may(i, p) {
				continue
			}
			if r.places[p].task == t {
				single = append(single, i)
			} else {
				g.single[r.places[p].task+" "+i] = true
			}
		}
	}
	g.room += len(g.single)
	r.at = before
	g.need = len(r.where(func(p int) bool { return r.at[p] != "" && r.onlyIn(g, p) }))
	for p := range r.places {
		inside := true
		for _, i := range r.inspectors {
			inside = inside && (!r.asked(i, p) || g.who[i])
		}
		if inside {
			g.classes[r.places[p].class()] = true
		}
	}
	slices.Sort(single)
	line := fmt.Sprintf("refused %s %d %s", t, number, strings.Join(places, ","))
	for _, i := range slices.Compact(single) {
		line += " " + i
	}
	return g, line + "\n"
}

func (r *reference) onlyIn(g *refRegion, p int) bool {
	t := r.places[p].task
	touched := false
	for _, i := range r.inspectors {
		touched = touched || g.who[i] && r.asked(i, p)
		if r.may(i, p) && !g.who[i] && !g.single[t+" "+i] {
			return false
		}
	}
	for seat := range g.single {
		touched = touched || strings.HasPrefix(seat, t+" ")
	}
	return touched
}

func (r *reference) balance() {
	top := 0
	for _, i := range r.inspectors {
		top = max(top, r.load(i))
	}
	for a := top; a >= 2; a-- {
		for _, i := range r.byRank() {
			if r.load(i) != a || len(r.held(i)) == 0 {
				continue
			}
			r.begin()
			r.seenWho[i] = true
			for _, p := range r.held(i) {
				r.comeTo(p, i)
			}
			if to := r.search(a - 2); to != "" {
				r.change(to)
			}
		}
	}
}

// try makes changes if they are legal; the changes are of places to inspectors.
func (r *reference) try(legal, fewer bool, changes map[int]string) bool {
	if !legal {
		return false
	}
	teams := map[string]bool{}
	for p, i := range changes {
		if !r.may(i, p) {
			return false
		}
		teams[r.places[p].task] = true
	}
	count := func() (n int) {
		for t := range teams {
			n += r.pairs(t)
		}
		return n
	}
	before, old := count(), maps.Clone(r.at)
	for p, i := range changes {
		r.at[p] = i
	}
	twice := false
	for t := range teams {
		seen := map[string]bool{}
		for _, p := range r.team(t) {
			twice = twice || seen[r.at[p]]
			seen[r.at[p]] = true
		}
	}
	if twice || count() > before || fewer && count() == before {
		r.at = old
		return false
	}
	return true
}

func (r *reference) move(p int, j string, fewer bool) bool {
	return r.try(r.load(j) == r.load(r.at[p])-1 && r.free(j), fewer, map[int]string{p: j})
}

func (r *reference) swap(p, q int, fewer bool) bool {
	return r.try(r.at[p] != r.at[q], fewer, map[int]string{p: r.at[q], q: r.at[p]})
}

func (r *reference) repair() {
	for p := range r.places {
		clash := false
		for _, q := range r.team(r.places[p].task) {
			clash = clash || r.at[p] != "" && r.apart[r.at[p]+" "+r.at[q]]
		}
		if clash {
			r.mend(p)
		}
	}
}

func (r *reference) mend(p int) {
	tries := 0
	for _, j := range r.byRank() {
		if j == r.at[p] || !r.asked(j, p) {
			continue
		}
		if r.move(p, j, true) {
			return
		}
		for _, q := range r.held(j) {
			if tries++; tries > 16384 || r.swap(p, q, true) {
				return
			}
		}
	}
}

func (r *reference) below(n int) int {
	for {
		if len(r.words) == 0 {
			block := refHash(r.shuffle + string(binary.BigEndian.AppendUint64(nil, r.next)))
			r.next++
			for k := 0; k < 32; k += 4 {
				r.words = append(r.words, binary.BigEndian.Uint32([]byte(block[k:])))
			}
		}
		m := uint64(r.words[0]) * uint64(n)
		r.words = r.words[1:]
		if m%(1<<32) >= (1<<32)%uint64(n) {
			return int(m >> 32)
		}
	}
}

func (r *reference) walk() {
	filled := r.where(func(p int) bool { return r.at[p] != "" })
	if len(filled) == 0 {
		return
	}
	top := 0
	for _, p := range filled {
		top = max(top, r.load(r.at[p]))
	}
	member := func(p int) string {
		var all []string
		for _, i := range r.inspectors {
			if r.asked(i, p) {
				all = append(all, i)
			}
		}
		return all[r.below(len(all))]
	}
	for range 20*len(filled) + 1000 {
		three := r.below(2) == 1
		p := filled[r.below(len(filled))]
		j := member(p)
		s := r.below(top + 1)
		held := r.held(j)
		if !three {
			if s == top {
				r.move(p, j, false)
			} else if s < len(held) {
				r.swap(p, held[s], false)
			}
			continue
		}
		if s == top || s >= len(held) || r.at[p] == j {
			continue
		}
		q := held[s]
		k := member(q)
		s2 := r.below(top + 1)
		i := r.at[p]
		differ := i != k && j != k
		if heldK := r.held(k); s2 == top {
			r.try(differ && r.load(k) == r.load(i)-1 && r.free(k), false, map[int]string{p: j, q: k})
		} else if s2 < len(heldK) {
			r.try(differ, false, map[int]string{p: j, q: k, heldK[s2]: i})
		}
	}
}

func (r *reference) roster(problem string, key Key) string {
	refused := r.admit()
	lines, regions := r.certify(refused)
	r.balance()
	r.repair()
	r.walk()
	squares := 0
	for _, i := range r.inspectors {
		squares += r.load(i) * r.load(i)
	}
	text := fmt.Sprintf("doublerandom/roster/v1\nproblem %x\nkey %x\nteams %d\nrefused %d\nregions %d\nsquares %d\n",
		problem, key, len(r.tasks)-len(refused), len(refused), len(regions), squares)
	for _, t := range r.tasks {
		if lines[t] == "" {
			text += "team " + t
			for _, p := range r.team(t) {
				text += " " + r.at[p]
			}
			text += "\n"
		}
	}
	for _, t := range slices.Sorted(maps.Keys(lines)) {
		text += lines[t]
	}
	for _, g := range regions {
		text += fmt.Sprintf("region %d %d %d %d\n", g.need, g.room, len(g.who), len(g.single))
		for _, i := range slices.Sorted(maps.Keys(g.who)) {
			text += "inspector " + i + "\n"
		}
		for _, s := range slices.Sorted(maps.Keys(g.single)) {
			text += "single " + s + "\n"
		}
	}
	return text
}

type referenceCase struct {
	problem *Problem
	key     Key
}

// referenceProblems are random small problems, and some larger ones.
func referenceProblems(t testing.TB) (all []referenceCase) {
	rng := rand.New(rand.NewPCG(3, 4))
	for n := range 400 {
		tasks, inspectors := 1+rng.IntN(6), 2+rng.IntN(6)
		if n%20 == 0 {
			tasks, inspectors = 20, 15
		}
		all = append(all, referenceCase{randomSmall(rng, tasks, inspectors, true).problem(t), keyOf(n)})
	}
	return all
}
