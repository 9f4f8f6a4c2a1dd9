package registry

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDivisionNotStated has rows without a division among rows with many, each
// met twice, so that every place for recent texts is taken.
func TestDivisionNotStated(t *testing.T) {
	const divisions = 5000
	var b strings.Builder
	b.WriteString("id,division\n")
	for i := range divisions {
		division := fmt.Sprint(100000 + 17*i)
		fmt.Fprintf(&b, "a%d,%s\nb%[1]d,%s\nc%[1]d,\n", i, division, division)
	}
	reg, report, err := ReadCSV(strings.NewReader(b.String()), Columns{ID: "id", Division: "division"}, Checks{})
	require.NoError(t, err)
	require.Zero(t, report.Rejected, report)
	for i := range divisions {
		require.NotEmpty(t, reg.At(3*i+1).Division)
		require.Empty(t, reg.At(3*i+2).Division)
	}
}
