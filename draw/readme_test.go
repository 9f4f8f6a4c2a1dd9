package draw

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadmeExample holds the example of both READMEs against [Example], which is
// compiled and run: the lines must be the same.
func TestReadmeExample(t *testing.T) {
	source, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	_, body, ok := strings.Cut(string(source), "func Example() {\n")
	require.True(t, ok)
	body, _, ok = strings.Cut(body, "\t// Output:")
	require.True(t, ok)
	want := strings.ReplaceAll("\n"+body, "\n\t", "\n")

	for _, name := range []string{"../README.md", "../README.zh-CN.md"} {
		readme, err := os.ReadFile(name)
		require.NoError(t, err)
		_, block, ok := strings.Cut(string(readme), "```go\n")
		require.True(t, ok, name)
		block, _, ok = strings.Cut(block, "```")
		require.True(t, ok, name)
		require.Equal(t, strings.TrimSpace(want), strings.TrimSpace(block), name)
	}
}
