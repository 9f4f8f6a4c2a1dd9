package verifier

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/examples/internal/bundlefs"
)

// zipHint ends the message for a zip that is too large.
const zipHint = ": see -max-zip"

// open opens a bundle, a folder or a zip of at most so many uncompressed bytes.
// If a zip holds everything in one folder, that is opened, unless whole is set.
// The second result ends the progress and closes; it may be called twice.
func (p *Program) open(name string, most int64, whole bool) (fs.FS, func(), error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, err
	}
	if info.IsDir() {
		fsys := &bundlefs.Watched{FS: os.DirFS(name), Left: -1}
		return fsys, p.watch(fsys), nil
	}
	if !strings.HasSuffix(strings.ToLower(name), ".zip") {
		return nil, nil, fmt.Errorf("%s is neither a folder nor a .zip", name)
	}
	z, err := zip.OpenReader(name)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	root, err := bundlefs.OfZip(&z.Reader, most, whole, zipHint)
	if err != nil {
		z.Close()
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	fsys := &bundlefs.Watched{FS: root, Left: most, Hint: zipHint}
	end := p.watch(fsys)
	return fsys, func() { end(); z.Close() }, nil
}

// watch shows on a terminal which file is being read and how far; the function
// returned clears the line.
func (p *Program) watch(w *bundlefs.Watched) func() {
	if !p.Progress {
		return func() {}
	}
	last, shown := time.Time{}, false
	w.Show = func(name string, done, size int64) {
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
