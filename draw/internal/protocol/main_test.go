package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFilesAreThose compares the committed files with what is generated.
func TestFilesAreThose(t *testing.T) {
	want := files()
	committed, err := filepath.Glob("../../testdata/protocol/*.json")
	require.NoError(t, err)
	var names []string
	for _, file := range committed {
		names = append(names, filepath.Base(file))
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(want[filepath.Base(file)]), string(data), "%s: run go run ./draw/internal/protocol -out draw/testdata/protocol", file)
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(want)), names)
}
