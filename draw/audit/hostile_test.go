package audit

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/doublerandom/doublerandom/draw/statement"
)

// An endless file states a small size and never ends.
type endless struct {
	fs.File
	served int
}

func (e *endless) Read(p []byte) (int, error) {
	e.served += len(p)
	for i := range p {
		p[i] = "a b 1\n"[i%6]
	}
	return len(p), nil
}

// hostileFS lets a test replace what opening a name gives.
type hostileFS struct {
	fs.FS
	open func(name string, f fs.File) fs.File
}

func (h hostileFS) Open(name string) (fs.File, error) {
	f, err := h.FS.Open(name)
	if err != nil {
		return nil, err
	}
	return h.open(name, f), nil
}

func TestFilesThatNeverEnd(t *testing.T) {
	b := build(t, recipe{})
	for name, want := range map[string]struct {
		verdict Verdict
		most    int
	}{
		FileNotice: {WrongVerdict, statement.MaxNote + 1<<10}, FileSeries: {WrongVerdict, statement.MaxNote + 1<<10},
		FileFrame: {WrongVerdict, 128 << 10}, FilePlan: {WrongVerdict, 128 << 10}, FileResult: {WrongVerdict, 128 << 10},
		FileRoster: {CannotTell, 1<<20 + 1<<10},
	} {
		b.put(FileRoster, []byte("x"))
		b.policy.MaxBytes = 1 << 20
		var file *endless
		r := Verify(hostileFS{b.files, func(opened string, f fs.File) fs.File {
			if opened == name {
				file = &endless{File: f}
				return file
			}
			return f
		}}, b.policy)
		require.Equal(t, want.verdict, r.Verdict, "%s:\n%s", name, r)
		require.LessOrEqual(t, file.served, want.most, name)
	}
}

// A folder that lists more names each time it is asked.
type endlessDir struct {
	fs.ReadDirFile
	n int
}

func (d *endlessDir) ReadDir(n int) (entries []fs.DirEntry, err error) {
	for range n {
		d.n++
		entries = append(entries, fakeEntry(fmt.Sprintf("../../%d.note", d.n)))
	}
	return entries, nil
}

type fakeEntry string

func (e fakeEntry) Name() string               { return string(e) }
func (e fakeEntry) IsDir() bool                { return false }
func (e fakeEntry) Type() fs.FileMode          { return 0 }
func (e fakeEntry) Info() (fs.FileInfo, error) { return nil, io.ErrUnexpectedEOF }

func TestFoldersThatNeverEnd(t *testing.T) {
	b := build(t, recipe{receipts: 1})
	b.policy.MaxStatements = 100
	var dir *endlessDir
	r := Verify(hostileFS{b.files, func(name string, f fs.File) fs.File {
		if name == DirReceipts {
			dir = &endlessDir{ReadDirFile: f.(fs.ReadDirFile)}
			return dir
		}
		return f
	}}, b.policy)
	require.Equal(t, WrongVerdict, r.Verdict, r.String())
	require.LessOrEqual(t, dir.n, 1000)
}

func TestNamesThatLeaveTheBundle(t *testing.T) {
	require.Equal(t, "gamma%2F3", FileName("gamma/3"))
	require.Equal(t, "%2E.%2F..%2Fetc", FileName("../../etc"))
	require.Equal(t, "%2E", FileName("."))
	require.Equal(t, "100%25", FileName("100%"))
	require.Equal(t, "监管", FileName("监管"))

	// A contributor of that name: no such file is asked for.
	b := build(t, recipe{edit: func(s statement.Statement) {
		switch s := s.(type) {
		case *statement.Series:
			s.Contributors[2].Name = "zz/../../../etc/passwd"
			s.Chains = nil
		case *statement.Notice:
			s.Contributors[2] = statement.Participant{Name: "zz/../../../etc/passwd", By: statement.ByCommit}
		}
	}})
	asked := false
	r := Verify(spyFS{b.files, func(name string) { asked = asked || strings.Contains(name, "..%2F") || !fs.ValidPath(name) }}, b.policy)
	require.Equal(t, WrongVerdict, r.Verdict)
	require.True(t, asked, "the escaped name")
}

type spyFS struct {
	fs.FS
	see func(name string)
}

func (s spyFS) Open(name string) (fs.File, error) {
	s.see(name)
	if !fs.ValidPath(name) {
		panic("an invalid name: " + name)
	}
	return s.FS.Open(name)
}

func TestHugeNumbersAreRefusedFirst(t *testing.T) {
	// A frame of 2^62 units is not even read.
	b := build(t, recipe{edit: func(s statement.Statement) {
		if n, ok := s.(*statement.Notice); ok {
			n.Units = 1 << 62
		}
	}})
	r := b.run()
	require.Equal(t, Missing, r.Of(CheckFrameRoot), r.String())
	require.Equal(t, WrongVerdict, r.Verdict)
}

func TestLargerThanThePolicyReads(t *testing.T) {
	b := build(t, recipe{})
	b.policy.MaxUnits = 23
	stopped(t, b.run(), CannotTell, CheckFrameRoot, Missing, "the frame has 24 units, the policy reads at most 23")
	b.policy.MaxUnits, b.policy.MaxBytes = 24, 500
	stopped(t, b.run(), CannotTell, CheckFiles, Missing, `"frame.txt" has more than the 500 bytes that the policy reads`)
	b = build(t, recipe{receipts: 3})
	b.policy.MaxStatements = 2
	require.Equal(t, WrongVerdict, b.run().Verdict)
}

func FuzzVerify(f *testing.F) {
	b := fullBundle(f)
	var names []string
	for _, name := range []string{
		FileSeries, FileNotice, FileClose, FilePulse, FileSealed, FileOpening, FilePlan, FileFrame, FileResult,
		"commits/alpha.note", "reveals/alpha.note", "events/0001.note", "receipts/1.note", FileVoid,
	} {
		names = append(names, name)
		if file := b.files[name]; file != nil {
			f.Add(uint8(len(names)-1), file.Data, uint64(1))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte, seed uint64) {
		name := names[int(which)%len(names)]
		// What is unsigned is taken as it is; a signed text gets a right signature, so that
		// what follows the signature is reached.
		if text, _, ok := bytes.Cut(data, []byte("\n\n")); ok && seed%2 == 0 {
			if s, err := statement.Parse(append(bytes.Clone(text), '\n')); err == nil {
				if signed, err := statement.Sign(b.suite, s, b.regul); err == nil {
					data = signed.Note
				}
			}
		}
		files := b.with(func(files fstest.MapFS) {
			files[name] = &fstest.MapFile{Data: data}
			rng := rand.New(rand.NewPCG(seed, 1))
			if seed%3 == 0 {
				delete(files, names[rng.IntN(len(names))])
			}
		})
		begin := time.Now()
		r := Verify(files, b.policy)
		require.Less(t, time.Since(begin), 10*time.Second)
		require.NotEmpty(t, r.Reason)
		VerifyReceipt(data, b.policy)
	})
}
