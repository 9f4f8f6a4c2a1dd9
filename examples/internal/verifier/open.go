package verifier

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
)

// maxZipFiles bounds the files of a zip.
const maxZipFiles = 1 << 20

// open opens a bundle, a folder or a zip of at most so many uncompressed bytes.
// If a zip holds everything in one folder, that is opened, unless whole is set.
// The second result ends the progress and closes; it may be called twice.
func (p *Program) open(name string, most int64, whole bool) (fs.FS, func(), error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, err
	}
	if info.IsDir() {
		fsys := &watched{fsys: os.DirFS(name), left: -1}
		return fsys, p.watch(fsys), nil
	}
	if !strings.HasSuffix(strings.ToLower(name), ".zip") {
		return nil, nil, fmt.Errorf("%s is neither a folder nor a .zip", name)
	}
	z, err := zip.OpenReader(name)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := checkZip(&z.Reader, most); err != nil {
		z.Close()
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	var root fs.FS = z
	if entries, err := fs.ReadDir(z, "."); err == nil && len(entries) == 1 && entries[0].IsDir() {
		if sub, err := fs.Sub(z, entries[0].Name()); err == nil && !(whole && isNumber(entries[0].Name())) {
			root = sub
		}
	}
	fsys := &watched{fsys: root, left: most}
	end := p.watch(fsys)
	return fsys, func() { end(); z.Close() }, nil
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789") == "" }

// checkZip refuses a zip that would grow beyond all bounds. The reader of the
// standard library gives no file more bytes than the zip states.
func checkZip(z *zip.Reader, most int64) error {
	if len(z.File) > maxZipFiles {
		return fmt.Errorf("%d files, expected at most %d", len(z.File), maxZipFiles)
	}
	sum := uint64(0)
	for _, f := range z.File {
		if f.UncompressedSize64 > uint64(most) || sum > uint64(most)-f.UncompressedSize64 {
			return fmt.Errorf("more than %d bytes when uncompressed, of %d allowed: see -max-zip", sum, most)
		}
		sum += f.UncompressedSize64
	}
	return nil
}

// A watched file system counts what is read, shows it, and stops at a limit.
type watched struct {
	fsys fs.FS
	left int64 // bytes that may still be read; below 0 at the start for any
	show func(name string, done, size int64)
}

// Open opens a file.
func (w *watched) Open(name string) (fs.File, error) {
	f, err := w.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, nil
	}
	return &watchedFile{File: f, of: w, name: name, size: info.Size(), limited: w.left >= 0}, nil
}

type watchedFile struct {
	fs.File
	of         *watched
	name       string
	done, size int64
	limited    bool
}

// Read reads, counts and shows.
func (f *watchedFile) Read(b []byte) (int, error) {
	n, err := f.File.Read(b)
	f.done += int64(n)
	if f.limited {
		if f.of.left -= int64(n); f.of.left < 0 {
			f.of.left = 0
			return 0, fmt.Errorf("the zip grows beyond the limit: see -max-zip")
		}
	}
	if f.of.show != nil {
		f.of.show(f.name, f.done, f.size)
	}
	return n, err
}

// watch shows on a terminal which file is being read and how far; the function
// returned clears the line.
func (p *Program) watch(w *watched) func() {
	if !p.Progress {
		return func() {}
	}
	last, shown := time.Time{}, false
	w.show = func(name string, done, size int64) {
		if now := p.Now(); now.Sub(last) > 100*time.Millisecond {
			last, shown = now, true
			fmt.Fprintf(p.Stderr, "\r\x1b[K%s %d %%", clean(name), 100*done/max(size, 1))
		}
	}
	return func() {
		if shown {
			io.WriteString(p.Stderr, "\r\x1b[K")
			shown = false
		}
	}
}

// Terminal reports whether a file is a terminal.
func Terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
