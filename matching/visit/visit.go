// Package visit draws when a visit takes place and how: half-days under the capacity of
// departments, with nobody in two places at once, and methods or items, all by tickets under
// keys below the matching key. Before that it merges what several departments want of
// one entity into one visit (joint inspection, 部门联合).
//
//	Join       requests of departments become tasks for package matching
//	Schedule   the teams get their slots
//	Choose     a task gets its methods or items
//
// All is done in whole numbers, depends on IDs and not on the order of lists, and is the same
// on every machine. All functions are safe for concurrent use.
package visit

import (
	"cmp"
	"fmt"
	"hash"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/matching"
)

// A Request is a department's wish to inspect an entity.
type Request struct {
	Entity     string           // ID
	Department string           // label
	Places     []matching.Place // seats for the department's own inspectors; 1 or more
}

// A Refused is an entity that is not visited.
type Refused struct {
	Entity string // ID
	Reason string // in words, with the numbers
}

// Join merges the requests of all departments into one task for each entity, with the places of
// the departments in the order of their names: one visit, one team, one slot. An entity that
// has had the given number of visits this year, or more, is refused; a most of 0 sets no cap. It
// returns an error if a request is not valid or there twice, or if a team is too large or would
// have one member.
func Join(requests []Request, visited map[string]int, most int) (tasks []matching.Task, refused []Refused, err error) {
	sorted := slices.Clone(requests)
	slices.SortStableFunc(sorted, func(x, y Request) int {
		return cmp.Or(strings.Compare(x.Entity, y.Entity), strings.Compare(x.Department, y.Department))
	})
	for i, r := range sorted {
		for _, l := range []string{r.Entity, r.Department} {
			if problem := label.Check(l); problem != "" {
				return nil, nil, fmt.Errorf("visit: request of %q for %q: a field %s", r.Department, r.Entity, problem)
			}
		}
		if len(r.Places) == 0 {
			return nil, nil, fmt.Errorf("visit: request of %q for %q has no places", r.Department, r.Entity)
		}
		switch same := i > 0 && sorted[i-1].Entity == r.Entity; {
		case same && sorted[i-1].Department == r.Department:
			return nil, nil, fmt.Errorf("visit: request of %q for %q is there twice", r.Department, r.Entity)
		case most > 0 && visited[r.Entity] >= most:
			if !same {
				refused = append(refused, Refused{r.Entity, fmt.Sprintf("%d visits this year, at most %d", visited[r.Entity], most)})
			}
		case same:
			t := &tasks[len(tasks)-1]
			t.Places = append(t.Places, r.Places...)
		default:
			tasks = append(tasks, matching.Task{ID: r.Entity, Places: slices.Clone(r.Places)})
		}
	}
	for _, t := range tasks {
		if n := len(t.Places); n < 2 || n > matching.MaxTeam {
			return nil, nil, fmt.Errorf("visit: a team of %d for %q, expected 2 to %d", n, t.ID, matching.MaxTeam)
		}
	}
	return tasks, refused, nil
}

// Choose returns count of the options for a task, those with the smallest tickets, in the
// order of their tickets: the methods of a visit, or the items of a longer list. The purpose keeps
// several choices for one task apart. The ticket of an option is the first 16 bytes of H(key ‖
// option) with key = Key(matching key, "method", purpose, task). It returns an error if an
// option is not valid or there twice, or if there are fewer than count.
func Choose(newHash func() hash.Hash, key matching.Key, purpose, task string, options []string, count int) ([]string, error) {
	if count < 0 || count > len(options) {
		return nil, fmt.Errorf("visit: %d of %d options", count, len(options))
	}
	f, err := digest.New(newHash)
	if err != nil {
		return nil, fmt.Errorf("visit: %w", err)
	}
	k, err := derive.Key(newHash, key[:], "method", purpose, task)
	if err != nil {
		return nil, fmt.Errorf("visit: %w", err)
	}
	type ticketed struct {
		ticket [16]byte
		option string
	}
	h := f.Hasher()
	var all []ticketed
	for _, o := range options {
		if problem := label.Check(o); problem != "" {
			return nil, fmt.Errorf("visit: option %s", problem)
		}
		sum := h.Sum(append(k[:], o...))
		all = append(all, ticketed{[16]byte(sum[:16]), o})
	}
	slices.SortFunc(all, func(x, y ticketed) int {
		return cmp.Or(slices.Compare(x.ticket[:], y.ticket[:]), strings.Compare(x.option, y.option))
	})
	chosen := make([]string, 0, count)
	for i, t := range all {
		if i > 0 && all[i-1].option == t.option {
			return nil, fmt.Errorf("visit: option %q is there twice", t.option)
		}
		if i < count {
			chosen = append(chosen, t.option)
		}
	}
	return chosen, nil
}
