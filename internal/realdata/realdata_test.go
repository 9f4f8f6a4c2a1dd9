package realdata

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRead(t *testing.T) {
	root := t.TempDir()
	data := filepath.Join(root, "shared", "data")
	below := filepath.Join(root, "repository", "package")
	require.NoError(t, os.MkdirAll(data, 0o755))
	require.NoError(t, os.MkdirAll(below, 0o755))
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err := z.Write([]byte("unpacked"))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.NoError(t, os.WriteFile(filepath.Join(data, "a.csv"), []byte("as it is"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(data, "b.csv.gz"), zipped.Bytes(), 0o644))
	t.Chdir(below)
	require.Equal(t, "as it is", string(Read(t, "a.csv")))
	require.Equal(t, "unpacked", string(Read(t, "b.csv.gz")))

	var skipped bool
	t.Run("absent", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		Read(t, "c.csv")
	})
	require.True(t, skipped)
}
