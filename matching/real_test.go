package matching

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/internal/realdata"
	"github.com/stretchr/testify/require"
)

// TestRealConflicts fills the papers of a conference, three reviewers each, at most ten
// papers a reviewer, with the conflicts of interest that were declared.
func TestRealConflicts(t *testing.T) {
	lines := bufio.NewScanner(bytes.NewReader(realdata.Read(t, "bids_aamas2015.txt.gz")))
	lines.Buffer(nil, 1<<20)
	require.True(t, lines.Scan())
	var papers, reviewers int
	_, err := fmt.Sscan(lines.Text(), &papers, &reviewers)
	require.NoError(t, err)

	var s small
	for i := range reviewers {
		s.inspectors = append(s.inspectors, Inspector{ID: fmt.Sprintf("reviewer-%03d", i), Capacity: 10})
	}
	for p := range papers {
		require.True(t, lines.Scan())
		task := Task{ID: fmt.Sprintf("paper-%03d", p), Places: make([]Place, 3)}
		s.tasks = append(s.tasks, task)
		for i, bid := range strings.Fields(lines.Text()) {
			if bid == "0" || bid == "0.00" {
				s.exclusions = append(s.exclusions, Exclusion{task.ID, s.inspectors[i].ID, "declared"})
			}
		}
	}
	require.Len(t, s.exclusions, 4144)
	p := s.problem(t)

	o, err := newOrder(p, Key{1})
	require.NoError(t, err)
	greedy := newSearch(newAssignment(o))
	require.Empty(t, greedy.admit())
	before := greedy.squares()

	r, steps, err := p.Assign(Key{1})
	require.NoError(t, err)
	require.Equal(t, papers, r.Len())
	report, err := p.Report(r) // legal and balanced
	require.NoError(t, err)
	least := 200
	for _, counts := range report.Support {
		for _, n := range counts {
			least = min(least, n)
		}
	}
	// 3·613 = 1839 places for 201 reviewers: 9 or 10 each, 30 of them 10.
	require.EqualValues(t, 30*100+171*81, r.Squares())
	require.Equal(t, []int{0, 0, 0, 0, 0, 0, 0, 0, 0, 171, 30}, report.Loads)
	t.Logf("%d papers, squares %d (by tickets alone %d), %d changes by the shuffle, each place could have gone to at least %d of %d reviewers",
		r.Len(), r.Squares(), before, steps.Shuffles, least, reviewers)
	require.NotEqual(t, sha256.Sum256(nil), r.Problem())
}
