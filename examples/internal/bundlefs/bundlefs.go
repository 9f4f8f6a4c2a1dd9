// Package bundlefs opens zips of published files within limits, and counts what
// is read from a file system, for the programs that verify a draw.
package bundlefs

import (
	"archive/zip"
	"fmt"
	"io/fs"
	"strings"
)

// maxFiles bounds the files of a zip.
const maxFiles = 1 << 20

// DefaultMost is the greatest uncompressed size of a zip that programs take
// unless told otherwise, in bytes.
const DefaultMost = 4 << 30

// OfZip returns the files of a zip of at most so many uncompressed bytes. If the zip
// holds everything in one folder, it returns the files of that, unless whole is
// set and the folder's name is a number: then it is a draw of a series. The hint
// ends the message for a zip that is too large.
func OfZip(z *zip.Reader, most int64, whole bool, hint string) (fs.FS, error) {
	if err := check(z, most, hint); err != nil {
		return nil, err
	}
	if entries, err := fs.ReadDir(z, "."); err == nil && len(entries) == 1 && entries[0].IsDir() {
		if sub, err := fs.Sub(z, entries[0].Name()); err == nil && !(whole && isNumber(entries[0].Name())) {
			return sub, nil
		}
	}
	return z, nil
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789") == "" }

// check refuses a zip that would grow beyond all bounds. The reader of the
// standard library gives no file more bytes than the zip states.
func check(z *zip.Reader, most int64, hint string) error {
	if len(z.File) > maxFiles {
		return fmt.Errorf("%d files, expected at most %d", len(z.File), maxFiles)
	}
	sum := uint64(0)
	for _, f := range z.File {
		if f.UncompressedSize64 > uint64(most) || sum > uint64(most)-f.UncompressedSize64 {
			return fmt.Errorf("more than %d bytes when uncompressed, of %d allowed%s", sum, most, hint)
		}
		sum += f.UncompressedSize64
	}
	return nil
}

// A Watched file system counts what is read, shows it, and stops at a limit. It is
// not safe for concurrent use.
type Watched struct {
	FS   fs.FS
	Left int64                               // bytes that may still be read; below 0 at the start for any number
	Hint string                              // ends the message at the limit
	Show func(name string, done, size int64) // called after each read; nil for nobody
}

// Open opens a file.
func (w *Watched) Open(name string) (fs.File, error) {
	f, err := w.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, nil
	}
	return &watchedFile{File: f, of: w, name: name, size: info.Size(), limited: w.Left >= 0}, nil
}

type watchedFile struct {
	fs.File
	of         *Watched
	name       string
	done, size int64
	limited    bool
}

// Read reads, counts and shows.
func (f *watchedFile) Read(b []byte) (int, error) {
	n, err := f.File.Read(b)
	f.done += int64(n)
	if f.limited {
		if f.of.Left -= int64(n); f.of.Left < 0 {
			f.of.Left = 0
			return 0, fmt.Errorf("the zip grows beyond the limit%s", f.of.Hint)
		}
	}
	if f.of.Show != nil {
		f.of.Show(f.name, f.done, f.size)
	}
	return n, err
}
