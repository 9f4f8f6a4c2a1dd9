// Package realdata opens the real data that some tests are tried on. They are not
// part of the repository, since their licences differ, and lie beside it.
//
// It is for tests only: no other code of the module may import it, since it reads
// files.
package realdata

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Folder is where the data lie, beside the folder of the repository.
const Folder = "shared/data"

// Read returns the content of a file of that folder, unpacked if its name ends in
// ".gz". Without the file the test is skipped.
func Read(t testing.TB, name string) []byte {
	t.Helper()
	file := find(t, name)
	text, err := os.ReadFile(file)
	if err == nil && strings.HasSuffix(name, ".gz") {
		text, err = unzip(text)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return text
}

// find returns the path of a file. A test runs in the folder of its package, which
// lies at some depth below the repository's.
func find(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		file := filepath.Join(dir, filepath.FromSlash(Folder), name)
		if _, err := os.Stat(file); err == nil {
			return file
		}
		if filepath.Dir(dir) == dir {
			t.Skipf("%s/%s is not beside the repository, of which it is no part", Folder, name)
		}
		dir = filepath.Dir(dir)
	}
}

func unzip(text []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
