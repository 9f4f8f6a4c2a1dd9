package registry

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReportString(t *testing.T) {
	_, report, err := Import(entities(
		Entity{ID: goodCode, Name: "青岛公平衡器总公司"}, Entity{ID: goodCode}, Entity{}, Entity{ID: "91370203163561902g"},
	), Checks{Codes: true})
	require.NoError(t, err)
	require.Equal(t, `rows 4: kept 2, rejected 2
rows with full-width characters narrowed: 0, with lower-case letters upper-cased: 1
empty-id           1
duplicate-id       1
  row 2: duplicate-id: "913702001635621638": seen before, with the name "青岛公平衡器总公司"
  row 3: empty-id: no ID
`, report.String())

	require.Equal(t, "rows 0: kept 0, rejected 0\nrows with full-width characters narrowed: 0, with lower-case letters upper-cased: 0\n", (&Report{}).String())

	_, report, err = Import(entities(make([]Entity, 13)...), Checks{MaxReported: 11})
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(report.String(), "  row 10: empty-id: no ID\n  and 3 more\n"), report)
	require.Len(t, report.Problems, 11)
}

func TestReportCounts(t *testing.T) {
	_, report, err := Import(entities(Entity{Status: 9}, Entity{ID: "a", Status: 9}), Checks{})
	require.NoError(t, err)
	var got []string
	for kind, n := range report.Counts() {
		got = append(got, fmt.Sprint(kind, " ", n))
	}
	require.Equal(t, []string{"empty-id 1", "bad-status 2"}, got)
	for range report.Counts() {
		break
	}
	require.Equal(t, int64(2), report.Count(BadStatus))
	require.Zero(t, report.Count(BadDate))
	require.Zero(t, report.Count(200))
}

// TestReportHoldsNoBuffer shows that what a report keeps of bad rows is bounded.
func TestReportHoldsNoBuffer(t *testing.T) {
	id := strings.Repeat("\x00", 100_000)
	_, report, err := Import(entities(Entity{ID: id, Name: id, Division: id}), Checks{})
	require.NoError(t, err)
	require.Len(t, report.Problems, 3)
	for _, p := range report.Problems {
		require.Len(t, p.ID, 64)
		require.Less(t, len(p.Text), 500)
	}
}
