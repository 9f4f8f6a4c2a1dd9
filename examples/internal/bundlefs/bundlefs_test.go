package bundlefs

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"
)

func zipOf(t *testing.T, names ...string) *zip.Reader {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range names {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write([]byte("0123456789"))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	require.NoError(t, err)
	return z
}

func TestOfZip(t *testing.T) {
	for _, test := range []struct {
		name  string
		files []string
		whole bool
		found string
	}{
		{"flat", []string{"a", "b/c"}, false, "b/c"},
		{"in one folder", []string{"bundle/a", "bundle/b"}, false, "b"},
		{"in one folder of a number", []string{"0001/a"}, false, "a"},
		{"a series of one draw", []string{"0001/a"}, true, "0001/a"},
		{"a series in a folder", []string{"all/0001/a"}, true, "0001/a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			fsys, err := OfZip(zipOf(t, test.files...), 100, test.whole, "")
			require.NoError(t, err)
			_, err = fs.Stat(fsys, test.found)
			require.NoError(t, err)
		})
	}
	_, err := OfZip(zipOf(t, "a", "b"), 20, false, ": too much")
	require.NoError(t, err)
	_, err = OfZip(zipOf(t, "a", "b", "c"), 29, false, ": too much")
	require.EqualError(t, err, "more than 20 bytes when uncompressed, of 29 allowed: too much")
}

func TestWatched(t *testing.T) {
	shown := ""
	w := &Watched{FS: zipOf(t, "a", "b"), Left: 15, Hint: ": stop", Show: func(name string, done, size int64) {
		shown += fmt.Sprintf("%s %d/%d ", name, done, size)
	}}
	text, err := fs.ReadFile(w, "a")
	require.NoError(t, err)
	require.Equal(t, "0123456789", string(text))
	require.Contains(t, shown, "a 10/10 ")
	_, err = fs.ReadFile(w, "b")
	require.EqualError(t, err, "the zip grows beyond the limit: stop")
	_, err = w.Open("c")
	require.ErrorIs(t, err, fs.ErrNotExist)

	free := &Watched{FS: zipOf(t, "a"), Left: -1}
	_, err = fs.ReadFile(free, "a")
	require.NoError(t, err)
	entries, err := fs.ReadDir(free, ".")
	require.NoError(t, err)
	require.Len(t, entries, 1)
}
