package matching

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A reference is the assignment by SPEC.md, slowly, from the texts of the directory and
// the problem. It shares nothing with the package.
type reference struct {
	inspectors    []string // IDs
	room          map[string]int
	carried       map[string]int
	has           map[string]map[string]bool // "area x", "role x", "certificate x"
	places        []refPlace
	tasks         []string
	barred, apart map[string]bool // "task inspector", "a b"
	shuffle       string
	taskTicket    map[string]string
	rank          map[string]uint64
	at            map[int]string // place to inspector
	seenPlace     map[int]bool
	seenWho       map[string]bool
	fromPlace     map[int]any // place or inspector
	fromWho       map[string]any
	queue         []int
	words         []uint32
	next          uint64
}

type refPlace struct {
	task string
	asks []string // "area x", …
}

func refKey(key Key, purpose string) string {
	var info []byte
	for _, s := range []string{"doublerandom/v1", purpose} {
		info = append(binary.BigEndian.AppendUint32(info, uint32(len(s))), s...)
	}
	mac := hmac.New(sha256.New, key[:])
	mac.Write(append(info, 1))
	return string(mac.Sum(nil))
}

func refHash(s string) string { h := sha256.Sum256([]byte(s)); return string(h[:]) }

func refWord(s string) uint64 { return binary.BigEndian.Uint64([]byte(s)) }

func refMix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func newReference(directory, problem string, key Key) *reference {
	r := &reference{
		room: map[string]int{}, carried: map[string]int{}, has: map[string]map[string]bool{}, barred: map[string]bool{}, apart: map[string]bool{},
		taskTicket: map[string]string{}, rank: map[string]uint64{}, at: map[int]string{},
		shuffle: refKey(key, "match-shuffle"),
	}
	for _, line := range strings.Split(directory+problem, "\n") {
		f := strings.Fields(line + " . . .")
		switch f[0] {
		case "inspector":
			r.inspectors = append(r.inspectors, f[1])
			room, carried := 0, 0
			fmt.Sscan(f[2], &room)
			fmt.Sscan(f[3], &carried)
			r.room[f[1]], r.carried[f[1]], r.has[f[1]] = room, carried, map[string]bool{}
			r.rank[f[1]] = refMix(refWord(refHash(f[1])) ^ refWord(refKey(key, "match-inspector")))
		case "area", "role", "certificate":
			r.has[r.inspectors[len(r.inspectors)-1]][f[0]+" "+f[1]] = true
		case "task":
			r.tasks = append(r.tasks, f[1])
			r.taskTicket[f[1]] = refHash(refKey(key, "match-task") + f[1])[:16]
		case "place":
			p := refPlace{task: r.tasks[len(r.tasks)-1]}
			for k, what := range []string{"area ", "role ", "certificate "} {
				if f[k+1] != "none" {
					p.asks = append(p.asks, what+f[k+1])
				}
			}
			r.places = append(r.places, p)
		case "exclusion":
			r.barred[f[1]+" "+f[2]] = true
		case "pair":
			r.apart[f[1]+" "+f[2]], r.apart[f[2]+" "+f[1]] = true, true
		}
	}
	return r
}

func (r *reference) asked(i string, p int) bool {
	return !slices.ContainsFunc(r.places[p].asks, func(a string) bool { return !r.has[i][a] })
}

func (r *reference) may(i string, p int) bool {
	return r.asked(i, p) && !r.barred[r.places[p].task+" "+i]
}

func (r *reference) held(i string) (held []int) {
	for p := range r.places {
		if r.at[p] == i {
			held = append(held, p)
		}
	}
	return held
}

func (r *reference) load(i string) int  { return len(r.held(i)) + r.carried[i] }
func (r *reference) free(i string) bool { return len(r.held(i)) < r.room[i] }
func (r *reference) byRank() []string   { return r.sorted(func(i string) uint64 { return r.rank[i] }) }
func (r *reference) team(t string) []int {
	return r.where(func(p int) bool { return r.places[p].task == t })
}

func (r *reference) where(ok func(p int) bool) (list []int) {
	for p := range r.places {
		if ok(p) {
			list = append(list, p)
		}
	}
	return list
}

func (r *reference) sorted(by func(i string) uint64) []string {
	list := slices.Clone(r.inspectors) // ascending
	slices.SortStableFunc(list, func(x, y string) int {
		if by(x) < by(y) {
			return -1
		}
		if by(x) > by(y) {
			return 1
		}
		return 0
	})
	return list
}

func (r *reference) inTask(i, t string) bool {
	return slices.ContainsFunc(r.team(t), func(p int) bool { return r.at[p] == i })
}

func (r *reference) begin() {
	r.seenPlace, r.seenWho = map[int]bool{}, map[string]bool{}
	r.fromPlace, r.fromWho, r.queue = map[int]any{}, map[string]any{}, nil
}

func (r *reference) comeTo(p int, from any) {
	if !r.seenPlace[p] {
		r.seenPlace[p], r.fromPlace[p] = true, from
		r.queue = append(r.queue, p)
	}
}

func (r *reference) search(most int) string {
	for k := 0; k < len(r.queue); k++ {
		p := r.queue[k]
		t := r.places[p].task
		for _, q := range r.team(t) {
			if q != p && r.at[q] != "" && r.may(r.at[q], p) {
				r.comeTo(q, p)
			}
		}
		for _, i := range r.byRank() {
			if r.seenWho[i] || !r.may(i, p) || r.inTask(i, t) {
				continue
			}
			r.seenWho[i], r.fromWho[i] = true, p
			if r.free(i) && r.load(i) <= most {
				return i
			}
			for _, q := range r.held(i) {
				r.comeTo(q, i)
			}
		}
	}
	return ""
}

func (r *reference) change(i string) {
	for r.fromWho[i] != nil {
		p := r.fromWho[i].(int)
		for {
			old := r.at[p]
			r.at[p] = i
			from := r.fromPlace[p]
			if from == nil {
				return
			}
			i = old
			q, ok := from.(int)
			if !ok {
				break
			}
			p = q
		}
	}
}

func (r *reference) makeRoom(p int) bool {
	r.begin()
	r.comeTo(p, nil)
	i := r.search(1 << 30)
	if i != "" {
		r.change(i)
	}
	return i != ""
}

func (r *reference) pairs(t string) (n int) {
	team := r.team(t)
	for k, p := range team {
		for _, q := range team[:k] {
			if r.apart[r.at[p]+" "+r.at[q]] {
				n++
			}
		}
	}
	return n
}

func (r *reference) admit() (refused []string) {
	tasks := slices.Clone(r.tasks)
	slices.SortStableFunc(tasks, func(x, y string) int { return strings.Compare(r.taskTicket[x], r.taskTicket[y]) })
	for _, t := range tasks {
		for _, p := range r.team(t) {
			best, bestKey := "", ""
			for _, i := range r.inspectors {
				if !r.may(i, p) || !r.free(i) || r.inTask(i, t) {
					continue
				}
				with := 0
				for _, q := range r.team(t) {
					if r.apart[i+" "+r.at[q]] {
						with++
					}
				}
				key := fmt.Sprintf("%03d %09d %016x %s", with, r.load(i), refMix(refWord(r.taskTicket[t])^r.rank[i]), i)
				if best == "" || key < bestKey {
					best, bestKey = i, key
				}
			}
			if best != "" {
				r.at[p] = best
			} else if !r.makeRoom(p) {
				for _, q := range r.team(t) {
					delete(r.at, q)
				}
				refused = append(refused, t)
				break
			}
		}
	}
	return refused
}

// TestReference compares the roster with the reference, line by line.
func TestReference(t *testing.T) {
	for _, c := range referenceProblems(t) {
		var directory, problem, roster bytes.Buffer
		c.problem.dir.WriteTo(&directory)
		c.problem.WriteTo(&problem)
		d, err := ParseDirectory(sha256.New, directory.Bytes())
		require.NoError(t, err)
		parsed, err := d.ParseProblem(problem.Bytes())
		require.NoError(t, err)
		require.Equal(t, c.problem.ID(), parsed.ID())
		r, _, err := parsed.Assign(c.key)
		require.NoError(t, err)
		r.WriteTo(&roster)
		require.Equal(t, newReference(directory.String(), problem.String(), c.key).roster(refHash(problem.String()), c.key), roster.String(), "%s\n%s", directory.String(), problem.String())
	}
}
