package journal

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzRead reads a file: what it accepts is written again as the same bytes, and
// what it does not is sound up to the line that it names. If anew is set, the hash
// of each line is first computed anew, so that it does not hide all other changes.
func FuzzRead(f *testing.F) {
	_, file := build(f, sha(), numberedRecords(4)...)
	lines := strings.SplitAfter(file, "\n")
	for _, anew := range []bool{false, true} {
		f.Add([]byte(file), anew)
		f.Add([]byte(goldenFile), anew)
		f.Add([]byte(lines[0]), anew)
		f.Add([]byte(lines[0]+lines[2]+lines[1]), anew)
		f.Add([]byte(lines[1]+lines[0]), anew)
		f.Add([]byte(lines[0]+lines[1]+rewritten(lines[2], "V", "W")+lines[2]+lines[3]), anew)
		f.Add([]byte(strings.Replace(file, "2026", "2025", 1)), anew)
	}
	f.Fuzz(func(t *testing.T, file []byte, anew bool) {
		if anew {
			file = hashedAnew(file)
		}
		checkRead(t, file)
	})
}

// hashedAnew puts the right hash at the end of each line.
func hashedAnew(file []byte) []byte {
	lines := bytes.SplitAfter(file, []byte("\n"))
	for i, line := range lines {
		if bytes.HasSuffix(line, []byte("\"}\n")) && len(line) > endSize {
			text := line[:len(line)-1-endSize]
			lines[i] = append(appendEnd(bytes.Clone(text), sha256.Sum256(text)), '\n')
		}
	}
	return bytes.Join(lines, nil)
}

// checkRead reads the file and returns its error, after what holds for each.
func checkRead(t *testing.T, file []byte) *LineError {
	var again bytes.Buffer
	written, err := New(&again, sha(), origin)
	require.NoError(t, err)
	j, err := ReadRecords(bytes.NewReader(file), origin, func(e Entry) error {
		own, err := written.Append(&again, e.Record)
		require.Equal(t, own, e)
		return err
	}, sha())
	if err == nil {
		require.Equal(t, string(file), again.String())
		require.Equal(t, written.Head(), j.Head())
		return nil
	}
	require.Nil(t, j)
	var line *LineError
	require.True(t, errors.As(err, &line), "%v", err)
	require.True(t, line.Fault > 0 && line.Fault <= Foreign)
	sound := file[:line.Offset]
	require.Equal(t, line.Line-1, int64(bytes.Count(sound, []byte("\n"))))
	if line.Line > 1 {
		_, err := Read(bytes.NewReader(sound), origin, sha())
		require.NoError(t, err)
	}
	return line
}

// FuzzLines reads lines of a journal, of one that is the same up to record 2, of one
// that is another, and of noise, in any order.
func FuzzLines(f *testing.F) {
	var pool [][]byte
	for _, from := range []int{9, 2, 0} {
		records := numberedRecords(6)
		for i := from; i < len(records); i++ {
			records[i] = strings.Replace(records[i], "V", "O", 1)
		}
		_, file := build(f, sha(), records...)
		for _, line := range strings.SplitAfter(strings.TrimSuffix(file, "\n"), "\n") {
			pool = append(pool, []byte(strings.TrimSuffix(line, "\n")+"\n"))
		}
	}
	pool = append(pool, []byte("\n"), []byte("noise\n"), []byte("cut"))
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6})
	f.Add([]byte{0, 1, 3, 2, 4, 12, 6})
	f.Add([]byte{0, 1, 2, 10, 11, 4})
	f.Add([]byte{0, 15, 16, 17, 1, 21})
	f.Fuzz(func(t *testing.T, order []byte) {
		var file []byte
		off := 0 // the first line that is not of the journal
		for i, k := range order {
			if int(k) >= len(pool) {
				return
			}
			file = append(file, pool[k]...)
			if off == i && bytes.Equal(pool[k], pool[min(i, 6)]) && i <= 6 {
				off++
			}
		}
		if err := checkRead(t, file); err != nil {
			// The line before may be reported if it is not the one that the last line follows.
			require.GreaterOrEqual(t, err.Line, int64(off), "%v", err)
		}
	})
}

func FuzzHead(f *testing.F) {
	f.Add([]byte(goldenHead))
	f.Fuzz(func(t *testing.T, text []byte) {
		before := Head{Origin: "before", Size: 7}
		h := before
		if h.UnmarshalText(text) != nil {
			require.Equal(t, before, h)
			return
		}
		again, err := h.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
	})
}

func FuzzProof(f *testing.F) {
	f.Add([]byte(goldenProof))
	f.Fuzz(func(t *testing.T, text []byte) {
		before := Proof{Index: 7, Path: []Hash{{1}}}
		p := before
		if p.UnmarshalText(text) != nil {
			require.Equal(t, before, p)
			return
		}
		again, err := p.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
		head := Head{Origin: "a", Suite: "sha256", Size: p.Size}
		require.Error(t, CheckRecord(sha(), head, []byte(`{}`), p)) // nobody finds a path to zero
	})
}

func FuzzConsistencyProof(f *testing.F) {
	f.Add([]byte(goldenConsistency))
	f.Fuzz(func(t *testing.T, text []byte) {
		before := ConsistencyProof{From: 7, Path: []Hash{{1}}}
		p := before
		if p.UnmarshalText(text) != nil {
			require.Equal(t, before, p)
			return
		}
		again, err := p.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
		older := Head{Origin: "a", Suite: "sha256", Size: p.From}
		newer := Head{Origin: "a", Suite: "sha256", Size: p.To, Root: Hash{1}}
		require.Error(t, CheckConsistency(sha(), older, newer, p))
	})
}
