package matching

import (
	"hash"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/doublerandom/doublerandom/internal/merkle"
)

// Root returns the RFC 6962 root over the leaves of all tasks, refused ones too, by ID:
// what a sealed result fixes.
func (r *Roster) Root(newHash func() hash.Hash) ([32]byte, error) {
	var tasks []string
	i, k := 0, 0
	for i < len(r.teams) || k < len(r.refused) {
		if k == len(r.refused) || i < len(r.teams) && r.teams[i].Task < r.refused[k].Task {
			tasks = append(tasks, r.teams[i].Task)
			i++
		} else {
			tasks = append(tasks, r.refused[k].Task)
			k++
		}
	}
	t, err := merkle.New(newHash, len(tasks), func(i int, buf []byte) []byte {
		leaf, _ := r.Leaf(tasks[i])
		return append(buf, leaf...)
	})
	if err != nil {
		return [32]byte{}, err
	}
	return t.Root(), nil
}

// Leaf returns the leaf of a task, and whether the roster has the task: "team", the task
// and its inspectors with single spaces, or "refused" and the task.
func (r *Roster) Leaf(task string) (string, bool) {
	if i, ok := findTeam(r.teams, task); ok {
		return "team " + task + " " + strings.Join(r.teams[i].Inspectors, " "), true
	}
	_, ok := slices.BinarySearchFunc(r.refused, task, func(x Refusal, task string) int { return strings.Compare(x.Task, task) })
	return "refused " + task, ok
}

// Extension returns the hash of a task's leaf, which its receipt carries, or false if the
// roster does not have the task.
func (r *Roster) Extension(newHash func() hash.Hash, task string) (extension [32]byte, ok bool) {
	leaf, ok := r.Leaf(task)
	if !ok {
		return extension, false
	}
	f, err := digest.New(newHash)
	if err != nil {
		return extension, false
	}
	return f.Sum([]byte(leaf)), true
}
