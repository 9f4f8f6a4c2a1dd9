package journal

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// readFault reads a file that is not as it was written. It checks what holds for
// every error, and returns it.
func readFault(t *testing.T, file string) *LineError {
	t.Helper()
	_, err := Read(strings.NewReader(file), origin, sha())
	var line *LineError
	if !errors.As(err, &line) {
		require.Failf(t, "not a LineError", "%v\n%s", err, file)
	}
	sound := file[:line.Offset]
	require.Equal(t, line.Line-1, int64(strings.Count(sound, "\n")), "%v\n%s", err, file)
	if line.Line == 1 {
		require.Zero(t, line.Index)
		return line
	}
	require.Equal(t, line.Line-2, int64(line.Index))
	_, err = Read(strings.NewReader(sound), origin, sha())
	require.NoError(t, err, "what is before the line is sound")
	return line
}

// tampered is a file of some records in lines, and its head.
func tampered(t *testing.T, n int) (lines []string, head Head) {
	j, file := build(t, sha(), numberedRecords(n)...)
	return strings.SplitAfter(strings.TrimSuffix(file, "\n"), "\n"), j.Head()
}

// glue returns the file of the lines, of which the last was given without its newline.
func glue(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimSuffix(line, "\n") + "\n")
	}
	return b.String()
}

// TestEachByte changes each byte of a file in each of its bits, and to some that
// mean something.
func TestEachByte(t *testing.T) {
	_, file := build(t, sha(), `{"a":"b"}`, `{}`, `{"c":[1]}`)
	line := int64(1)
	for i := range file {
		for _, c := range []byte{
			file[i] ^ 1, file[i] ^ 2, file[i] ^ 4, file[i] ^ 8, file[i] ^ 16, file[i] ^ 32, file[i] ^ 64, file[i] ^ 128,
			0, '\n', '\r', ' ', '"', '{', '}', '0',
		} {
			if c == file[i] {
				continue
			}
			bad := []byte(file)
			bad[i] = c
			err := readFault(t, string(bad))
			require.Equal(t, line, err.Line, "byte %d to %q: %v", i, c, err)
			switch {
			case i == len(file)-1:
				require.Equal(t, Truncated, err.Fault)
			case line == 1:
				require.Contains(t, []Fault{Malformed, Foreign}, err.Fault)
			default:
				require.Contains(t, []Fault{Malformed, Changed}, err.Fault)
			}
		}
		if file[i] == '\n' {
			line++
		}
	}
}

// TestEachInsertion adds a byte at each place, and TestEachDeletion takes one away.
func TestEachInsertion(t *testing.T) {
	_, file := build(t, sha(), `{"a":"b"}`, `{}`)
	line := int64(1)
	for i := range len(file) + 1 {
		for _, c := range []byte("\x00\n\r \"{}0a,\xff") {
			err := readFault(t, file[:i]+string(rune(c))+file[i:])
			// A newline before a newline makes an empty line of what follows.
			want := line
			if c == '\n' && i < len(file) && file[i] == '\n' {
				want++
			}
			require.Equal(t, want, err.Line, "%q before byte %d: %v", c, i, err)
		}
		if i < len(file) && file[i] == '\n' {
			line++
		}
	}
}

func TestEachDeletion(t *testing.T) {
	_, file := build(t, sha(), `{"a":"b"}`, `{"b":0}`)
	line := int64(1)
	for i := range file {
		err := readFault(t, file[:i]+file[i+1:])
		require.Equal(t, line, err.Line, "byte %d: %v", i, err)
		if file[i] == '\n' {
			line++
		}
	}
}

// TestEachCut cuts the file after each byte. At the end of a line only a head
// tells.
func TestEachCut(t *testing.T) {
	j, file := build(t, sha(), numberedRecords(4)...)
	head := j.Head()
	for i := range file {
		cut := file[:i]
		if i > 0 && cut[i-1] == '\n' {
			j, err := Read(strings.NewReader(cut), origin, sha())
			require.NoError(t, err)
			var short *HeadError
			require.ErrorAs(t, j.Check(head), &short)
			require.Equal(t, Truncated, short.Fault)
			require.Equal(t, uint64(strings.Count(cut, "\n")-1), short.First)
			continue
		}
		err := readFault(t, cut)
		require.Equal(t, Truncated, err.Fault)
		require.Equal(t, int64(strings.Count(cut, "\n")+1), err.Line)
	}
}

// firstOff returns the number of the first line that is not where it was, or
// 0 if there is none.
func firstOff(order []int) int64 {
	for i, k := range order {
		if i != k {
			return int64(i) + 1
		}
	}
	return 0
}

func pick(lines []string, order []int) string {
	var picked []string
	for _, k := range order {
		picked = append(picked, lines[k])
	}
	return glue(picked)
}

// TestEachRemoval takes each set of lines away.
func TestEachRemoval(t *testing.T) {
	const n = 7
	lines, head := tampered(t, n-1)
	for set := 1; set < 1<<n; set++ {
		var order []int
		for k := range n {
			if set>>k&1 == 0 {
				order = append(order, k)
			}
		}
		off := firstOff(order)
		switch {
		case len(order) == 0:
			require.Equal(t, &LineError{Line: 1, Fault: Truncated, Text: "the file is empty, expected a header"}, readFault(t, ""))
		case off == 0: // the last lines
			j, err := Read(strings.NewReader(pick(lines, order)), origin, sha())
			require.NoError(t, err)
			require.Error(t, j.Check(head))
		default:
			err := readFault(t, pick(lines, order))
			require.Equal(t, off, err.Line, "%v: %v", order, err)
			require.Equal(t, Removed, err.Fault, "%v: %v", order, err)
		}
	}
}

// TestEachOrder puts the lines into each order.
func TestEachOrder(t *testing.T) {
	lines, _ := tampered(t, 5)
	order := []int{0, 1, 2, 3, 4, 5}
	var each func(k int)
	each = func(k int) {
		if k == len(order) {
			if off := firstOff(order); off != 0 {
				err := readFault(t, pick(lines, order))
				require.Equal(t, off, err.Line, "%v: %v", order, err)
				require.Equal(t, Reordered, err.Fault, "%v: %v", order, err)
			}
			return
		}
		for i := k; i < len(order); i++ {
			order[k], order[i] = order[i], order[k]
			each(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	each(0)
}

// TestEachCopy puts a copy of each line before each line, and in place of it.
func TestEachCopy(t *testing.T) {
	const n = 7
	lines, _ := tampered(t, n-1)
	for from := range n {
		for to := range n + 1 {
			order := slices.Insert([]int{0, 1, 2, 3, 4, 5, 6}, to, from)
			err := readFault(t, pick(lines, order))
			require.Equal(t, firstOff(order), err.Line, "%v: %v", order, err)
			require.Equal(t, Repeated, err.Fault, "%v: %v", order, err)
			if to == n || to == from {
				continue
			}
			order = []int{0, 1, 2, 3, 4, 5, 6}
			order[to] = from
			err = readFault(t, pick(lines, order))
			require.Equal(t, firstOff(order), err.Line, "%v: %v", order, err)
			want := Repeated
			if from > to {
				want = Removed
			}
			require.Equal(t, want, err.Fault, "%v: %v", order, err)
		}
	}
}

// rewritten is the line with its text changed and the hash computed anew.
func rewritten(line, old, new string) string {
	text, _, _ := strings.Cut(line, `,"hash":`)
	text = strings.Replace(text, old, new, 1)
	return text + `,"hash":"` + sum(sha().New, text) + "\"}\n"
}

// TestEachRewrite changes each record and computes its hash anew, so that only the
// next line gives it away, or a head.
func TestEachRewrite(t *testing.T) {
	const n = 6
	lines, head := tampered(t, n)
	for k := 1; k <= n; k++ {
		bad := slices.Clone(lines)
		bad[k] = rewritten(lines[k], `"V`, `"W`)
		if k < n {
			err := readFault(t, glue(bad))
			require.Equal(t, int64(k+1), err.Line, "%v", err)
			require.Equal(t, Changed, err.Fault, "%v", err)
			continue
		}
		j, err := Read(strings.NewReader(glue(bad)), origin, sha())
		require.NoError(t, err)
		var changed *HeadError
		require.ErrorAs(t, j.Check(head), &changed)
		require.Equal(t, Changed, changed.Fault)
	}
	for k := 1; k <= n; k++ { // another number, or another line before
		for i := range n + 2 {
			if i == k-1 {
				continue
			}
			bad := slices.Clone(lines)
			bad[k] = rewritten(lines[k], fmt.Sprintf(`{"index":%d,`, k-1), fmt.Sprintf(`{"index":%d,`, i))
			err := readFault(t, glue(bad))
			require.Equal(t, int64(k+1), err.Line, "%v", err)
		}
		at := strings.Index(lines[k], `"previous":"`) + len(`"previous":"`)
		digit := "0"
		if lines[k][at] == '0' {
			digit = "1"
		}
		bad := slices.Clone(lines)
		bad[k] = rewritten(lines[k][:at]+digit+lines[k][at+1:], "", "")
		err := readFault(t, glue(bad))
		require.Equal(t, Changed, err.Fault)
		if k < n {
			require.Equal(t, int64(k+1), err.Line, "%v", err)
		} else { // the same would be seen if the line before had been changed
			require.Equal(t, int64(k), err.Line, "%v", err)
		}
	}
}

// TestEachFork inserts lines of a journal that is the same up to some record.
func TestEachFork(t *testing.T) {
	const n = 5
	lines, _ := tampered(t, n)
	for common := range n {
		records := numberedRecords(n + 2)
		for i := common; i < len(records); i++ {
			records[i] = fmt.Sprintf(`{"fork":%d}`, i)
		}
		_, file := build(t, sha(), records...)
		fork := strings.SplitAfter(file, "\n")
		for from := common + 1; from < len(fork)-1; from++ {
			for to := 1; to <= n; to++ {
				err := readFault(t, glue(slices.Insert(slices.Clone(lines), to, fork[from])))
				if from == to && from == common+1 && to == n {
					// Two records follow the same one, and nothing follows them.
					require.Equal(t, int64(to+2), err.Line)
				} else {
					require.Equal(t, int64(to+1), err.Line, "common %d, %d before %d: %v", common, from, to, err)
				}
				require.Equal(t, Inserted, err.Fault, "common %d, %d before %d: %v", common, from, to, err)
			}
			for to := 1; to < n; to++ { // in place of a line
				bad := slices.Clone(lines)
				bad[to] = fork[from]
				err := readFault(t, glue(bad))
				require.Equal(t, int64(to+1), err.Line, "common %d, %d for %d: %v", common, from, to, err)
			}
		}
	}
}

// TestEachNewChain computes all hashes anew from each record on. The heads tell
// where, up to the distance between them.
func TestEachNewChain(t *testing.T) {
	const n = 70
	j, _ := build(t, sha(), numberedRecords(n)...)
	var all, some []Head
	for size := range uint64(n + 1) {
		h, err := j.HeadAt(size)
		require.NoError(t, err)
		all = append(all, h)
		if size%10 == 0 {
			some = append(some, h)
		}
	}
	require.NoError(t, j.Check(all...))
	slices.Reverse(some) // their order does not matter
	for k := range n {
		records := numberedRecords(n + 10)
		records[k] = `{"other":true}`
		_, file := build(t, sha(), records...)
		bad, err := Read(strings.NewReader(file), origin, sha())
		require.NoError(t, err)
		var changed *HeadError
		require.ErrorAs(t, bad.Check(all...), &changed)
		require.Equal(t, uint64(k), changed.First)
		require.Equal(t, all[k+1], changed.Head)
		require.ErrorAs(t, bad.Check(some...), &changed)
		require.Equal(t, uint64(k/10*10), changed.First)
		require.Equal(t, Changed, changed.Fault)
		require.NoError(t, bad.Check(all[:k+1]...))
	}
}

// TestReadKeepsNothingOnError checks that an error comes without a journal.
func TestReadKeepsNothingOnError(t *testing.T) {
	j, err := Read(bytes.NewReader([]byte("x\n")), origin, sha())
	require.Error(t, err)
	require.Nil(t, j)
}
