package audit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/doublerandom/doublerandom/internal/label"
)

// The names of a bundle's files. Contributions lie in "commits/<label>.note" and
// "reveals/<label>.note" with [FileName] of the contributor's label, events in
// "events/0001.note" and so on, an event that was hidden and is now shown in
// "events/0001-shown.note", receipts in "receipts/" under any name that ends in
// ".note".
const (
	FileSeries  = "series.note"
	FileNotice  = "notice.note"
	FileClose   = "close.note"
	FilePulse   = "pulse.note"
	FileSealed  = "sealed.note"
	FileOpening = "opening.note"
	FileVoid    = "void.note"
	FilePlan    = "plan.txt"
	FileFrame   = "frame.txt"
	FileResult  = "result.txt"
	FileRoster  = "roster.txt"
	DirCommits  = "commits"
	DirReveals  = "reveals"
	DirEvents   = "events"
	DirReceipts = "receipts"
	DirChanges  = "changes" // of a roster, after the fact: "0001.note" and so on
)

// maxListed bounds how many names of a folder are looked at beyond the policy's
// limit on statements.
const maxListed = 64

// FileName returns the name, without ".note", of the files of a contributor: the
// label with every character that some file system refuses, and a leading point,
// as % and two hexadecimal digits.
func FileName(label string) string {
	var b strings.Builder
	for i := 0; i < len(label); i++ {
		c := label[i]
		if strings.IndexByte(`/\:*?"<>|%`, c) >= 0 || i == 0 && c == '.' {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// A bundle reads files within the limits of a policy.
type bundle struct {
	fsys   fs.FS
	policy *Policy
	r      *Report
	seen   map[string]bool // names asked for
}

// A tooLargeError says that a file is larger than its limit.
type tooLargeError struct {
	name string
	most int64
}

func (e *tooLargeError) Error() string {
	return fmt.Sprintf("%s has more than %d bytes", label.Quote(e.name), e.most)
}

// A limitReader returns an error, not the end, where a file is longer than
// allowed: the size that a file system states need not be true.
type limitReader struct {
	r    io.Reader
	left int64
	err  error
}

func (l *limitReader) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, l.err
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if n < 0 || n > len(p) {
		return 0, fmt.Errorf("reader returned %d bytes for %d", n, len(p))
	}
	if l.left -= int64(n); l.left < 0 {
		return n - 1, l.err
	}
	return n, err
}

// open opens a regular file of at most so many bytes. It returns nil if there
// is none, or if the report says what is wrong.
func (b *bundle) open(name string, most int64) io.ReadCloser {
	b.seen[name] = true
	if !fs.ValidPath(name) {
		b.r.wrong(CheckFiles, "%s is not a valid name of a file", label.Quote(name))
		return nil
	}
	f, err := b.fsys.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		b.r.wrong(CheckFiles, "%s cannot be opened: %s", label.Quote(name), label.Quote(err.Error()))
		return nil
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		b.r.wrong(CheckFiles, "%s cannot be opened: %s", label.Quote(name), label.Quote(err.Error()))
	case info.IsDir():
		b.r.wrong(CheckFiles, "%s is a folder, expected a file", label.Quote(name))
	case info.Size() > most:
		b.unreadable(CheckFiles, name, &tooLargeError{name, most})
	default:
		return struct {
			io.Reader
			io.Closer
		}{&limitReader{f, most, &tooLargeError{name, most}}, f}
	}
	f.Close()
	return nil
}

// unreadable reports a file that cannot be read. What is only too large for the
// verifier's limits is not wrong.
func (b *bundle) unreadable(check, name string, err error) {
	var tooLarge *tooLargeError
	if errors.As(err, &tooLarge) && tooLarge.most == b.policy.MaxBytes {
		b.r.missing(check, "%s has more than the %d bytes that the policy reads", label.Quote(name), tooLarge.most)
		return
	}
	b.r.wrong(check, "%s: %s", label.Quote(name), err.Error())
}

// read returns the bytes of a file, nil if there is none or if the report says
// what is wrong.
func (b *bundle) read(name string, most int64) []byte {
	f := b.open(name, most)
	if f == nil {
		return nil
	}
	defer f.Close()
	var buf bytes.Buffer
	if _, err := buf.ReadFrom(f); err != nil {
		b.unreadable(CheckFiles, name, err)
		return nil
	}
	if buf.Len() == 0 {
		b.r.wrong(CheckFiles, "%s is empty", label.Quote(name))
		return nil
	}
	return buf.Bytes()
}

// list returns the sorted names in a folder, at most so many: more is an error
// in the report. It returns nil if there is no such folder.
func (b *bundle) list(dir string, most int) []string {
	f, err := b.fsys.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		b.r.wrong(CheckFiles, "%s cannot be opened: %s", label.Quote(dir), label.Quote(err.Error()))
		return nil
	}
	defer f.Close()
	folder, ok := f.(fs.ReadDirFile)
	if !ok {
		b.r.wrong(CheckFiles, "%s is not a folder", label.Quote(dir))
		return nil
	}
	var names []string
	for len(names) <= most {
		entries, err := folder.ReadDir(min(most+1-len(names), 1024))
		for _, e := range entries {
			name := e.Name()
			if e.IsDir() {
				name += "/"
			}
			names = append(names, name)
		}
		if err == io.EOF || err == nil && len(entries) == 0 {
			break
		}
		if err != nil {
			b.r.wrong(CheckFiles, "%s cannot be listed: %s", label.Quote(dir), label.Quote(err.Error()))
			return nil
		}
	}
	if len(names) > most {
		b.r.wrong(CheckFiles, "%s has more than %d files", label.Quote(dir), most)
		return nil
	}
	slices.Sort(names)
	return names
}

// notes returns the names of the notes in a folder.
func (b *bundle) notes(dir string, most int) []string {
	var notes []string
	for _, name := range b.list(dir, most+maxListed) {
		if !strings.HasSuffix(name, ".note") {
			continue
		}
		if len(notes) == most {
			b.r.wrong(CheckFiles, "%s has more than %d notes", label.Quote(dir), most)
			return nil
		}
		if !utf8.ValidString(name) || strings.Contains(name, "/") || !fs.ValidPath(dir+"/"+name) {
			b.r.wrong(CheckFiles, "%s has a file with the invalid name %s", label.Quote(dir), label.Quote(name))
			continue
		}
		notes = append(notes, name)
	}
	return notes
}

// extras reports the files that nothing asked for: nothing is claimed of them.
func (b *bundle) extras(dirs ...string) {
	var extras []string
	for _, dir := range append([]string{"."}, dirs...) {
		for _, name := range b.list(dir, b.policy.MaxStatements+maxListed) {
			full := strings.TrimPrefix(dir+"/"+name, "./")
			if !b.seen[full] && !slices.Contains(dirs, strings.TrimSuffix(full, "/")) {
				extras = append(extras, full)
			}
		}
	}
	if len(extras) > 0 {
		b.r.ok(CheckFiles, "%d files were not looked at, the first is %s: nothing is said of them", len(extras), label.Quote(extras[0]))
	}
}

// A lineLimit fails when a text has more lines than announced, before they take
// memory.
type lineLimit struct {
	r    io.Reader
	left uint64
	most uint64
}

func (l *lineLimit) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	lines := uint64(bytes.Count(p[:n], []byte("\n")))
	if lines > l.left {
		return 0, fmt.Errorf("more than the %d lines announced", l.most)
	}
	l.left -= lines
	return n, err
}
