package registry

import (
	"fmt"
	"iter"
	"strings"
)

// A Report says what an import found. Rows is always Kept + Rejected. It is
// complete also when the import ended with an error: it then covers the rows up
// to there. Do not change it while others read it.
type Report struct {
	Rows       int64 // rows read; header and blank lines are none
	Kept       int64 // rows that are in the registry
	Rejected   int64 // rows left out, and the one that stopped the import
	Narrowed   int64 // rows with full-width characters in ID or division, kept or not
	Uppercased int64 // rows with lower-case letters in ID or division, kept or not

	// Problems holds the first Checks.MaxReported problems in the order of the
	// rows, and for one row in the order of the checks.
	Problems []Problem

	counts [kindCount]int64
}

// Count returns the number of problems of one kind, also of those that are not
// in Problems.
func (r *Report) Count(k Kind) int64 {
	if k >= kindCount {
		return 0
	}
	return r.counts[k]
}

// Counts goes through the kinds that occurred, in the order of [Kinds], and the
// number of problems of each.
func (r *Report) Counts() iter.Seq2[Kind, int64] {
	return func(yield func(Kind, int64) bool) {
		for k, n := range r.counts {
			if n > 0 && !yield(Kind(k), n) {
				return
			}
		}
	}
}

// String returns a summary of several lines: the rows, the counts by kind, and
// the first ten problems. It ends with a line feed.
func (r *Report) String() string {
	const shown = 10
	var b strings.Builder
	fmt.Fprintf(&b, "rows %d: kept %d, rejected %d\n", r.Rows, r.Kept, r.Rejected)
	fmt.Fprintf(&b, "rows with full-width characters narrowed: %d, with lower-case letters upper-cased: %d\n", r.Narrowed, r.Uppercased)
	var all int64
	for k, n := range r.Counts() {
		fmt.Fprintf(&b, "%-18s %d\n", k, n)
		all += n
	}
	for i := range r.Problems[:min(shown, len(r.Problems))] {
		fmt.Fprintf(&b, "  %s\n", strings.TrimPrefix(r.Problems[i].Error(), "registry: "))
	}
	if all > shown && len(r.Problems) > 0 {
		fmt.Fprintf(&b, "  and %d more\n", all-int64(min(shown, len(r.Problems))))
	}
	return b.String()
}
