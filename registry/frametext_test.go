package registry

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func TestFrameText(t *testing.T) {
	f := newFrame(t, Unit{"b", "370202/A", 10}, Unit{"青", "-", MaxWeight - 11}, Unit{"a", "~", 1})
	const text = "a ~ 1\nb 370202/A 10\n青 - 9223372036854775796\n"
	require.Equal(t, text, frameText(t, f))
	parsed, err := ParseFrame(strings.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, f, parsed)
	line, err := f.At(2).AppendText([]byte("> "))
	require.NoError(t, err)
	require.Equal(t, "> 青 - 9223372036854775796", string(line))
}

func TestFrameTextRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, n := range []int{1, 2, 7, 100, 9000} { // the last is longer than a buffer
		f := newFrame(t, randomUnits(r, n)...)
		text := frameText(t, f)
		for name, wrap := range map[string]func(io.Reader) io.Reader{
			"whole": func(r io.Reader) io.Reader { return r },
			"bytes": iotest.OneByteReader, "halves": iotest.HalfReader, "error with data": iotest.DataErrReader,
		} {
			parsed, err := ParseFrame(wrap(strings.NewReader(text)))
			require.NoError(t, err, name)
			require.Equal(t, f, parsed, name)
		}
		lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
		require.Len(t, lines, n)
		for i, line := range lines {
			own, err := f.At(i).AppendText(nil)
			require.NoError(t, err)
			require.Equal(t, strings.TrimSuffix(line, "\n"), string(own))
		}
	}
}

// TestParseFrameManyWeights reads more different weights than the reader
// remembers, twice each.
func TestParseFrameManyWeights(t *testing.T) {
	var text strings.Builder
	const n = maxKnown + 100
	for i := range 2 * n {
		fmt.Fprintf(&text, "%06d s %d\n", i, i%n+1)
	}
	f, err := ParseFrame(strings.NewReader(text.String()))
	require.NoError(t, err)
	require.Len(t, f.Cells(), n)
	for i, u := range f.All() {
		require.Equal(t, uint64(i%n+1), u.Weight)
	}
	require.Equal(t, text.String(), frameText(t, f))
}

func TestParseFrameErrors(t *testing.T) {
	long := strings.Repeat("x", 65)
	notFields := func(line string) string {
		return fmt.Sprintf(`%q is not "id stratum weight" with single spaces`, line)
	}
	const after = "a s 1\n"
	for _, tt := range []struct {
		name, text string
		line       int64
		want       string
	}{
		{"cut off", after + "b s 1", 2, `"b s 1" ends without a newline: the text is cut off`},
		{"cut off in a number", after + "b s 10\nc s 1", 3, `"c s 1" ends without a newline: the text is cut off`},
		{"no line end at all", "a", 1, `"a" ends without a newline: the text is cut off`},
		{"binary", "\x7fELF\x02\x01\x01\x00\x00\n", 1, notFields("\x7fELF\x02\x01\x01\x00\x00")},
		{"gzip", "\x1f\x8b\x08 \x00 1\n", 1, `stratum "\x00" has the control character U+0000 at byte 1`},
		{"binary without lines", "\x00\x01\x02", 1, `"\x00\x01\x02" ends without a newline: the text is cut off`},
		{"CRLF", "a s 1\r\nb s 1\r\n", 1, `"a s 1\r" ends with a carriage return, expected a newline alone`},
		{"CRLF later", after + "b s 1\r\n", 2, `"b s 1\r" ends with a carriage return, expected a newline alone`},
		{"CR in a line", "a s\r1 1\n", 1, `stratum "s\r1" has the control character U+000D at byte 2`},
		{"byte order mark", "\ufeffa s 1\na s 1\n", 2, `id "a" is below "\ufeffa" of the line before, expected ascending bytes`},
		{"unsorted", "b s 1\na s 1\n", 2, `id "a" is below "b" of the line before, expected ascending bytes`},
		{"unsorted prefix", "aa s 1\na s 1\n", 2, `id "a" is below "aa" of the line before, expected ascending bytes`},
		{"sorted as letters, not bytes", "a s 1\nB s 1\n", 2, `id "B" is below "a" of the line before, expected ascending bytes`},
		{"duplicated", after + after, 2, `id "a" is repeated`},
		{"duplicated with another weight", after + "a s 2\n", 2, `id "a" is repeated`},
		{"empty line", after + "\nb s 1\n", 2, notFields("")},
		{"empty last line", after + "\n", 2, notFields("")},
		{"one field", "a\n", 1, notFields("a")},
		{"two fields", "a s\n", 1, notFields("a s")},
		{"two fields after three", after + "b s\n", 2, notFields("b s")},
		{"four fields after three", after + "b s 1 1\n", 2, notFields("b s 1 1")},
		{"four fields", "a s 1 x\n", 1, notFields("a s 1 x")},
		{"double space", "a  s 1\n", 1, notFields("a  s 1")},
		{"double space before the weight", "a s  1\n", 1, notFields("a s  1")},
		{"tab", "a\ts\t1\n", 1, notFields("a\ts\t1")},
		{"tab in the label", "a s\t 1\n", 1, `stratum "s\t" has the control character U+0009 at byte 2`},
		{"leading space", " a s 1\n", 1, notFields(" a s 1")},
		{"trailing space", "a s 1 \n", 1, notFields("a s 1 ")},
		{"empty id", " s 1\n", 1, `id is empty`},
		{"empty label", "a  1\n", 1, `stratum is empty`},
		{"empty weight", "a s \n", 1, `weight "" is not a whole number from 1 to 9223372036854775807`},
		{"weight 0", after + "b s 0\n", 2, `weight 0, expected 1 to 9223372036854775807`},
		{"negative", "a s -1\n", 1, `weight "-1" is not a whole number from 1 to 9223372036854775807`},
		{"plus", "a s +1\n", 1, `weight "+1" is not a whole number from 1 to 9223372036854775807`},
		{"hexadecimal", "a s 0x1\n", 1, `weight "0x1" is not a whole number from 1 to 9223372036854775807`},
		{"fraction", "a s 1.0\n", 1, `weight "1.0" is not a whole number from 1 to 9223372036854775807`},
		{"exponent", "a s 1e3\n", 1, `weight "1e3" is not a whole number from 1 to 9223372036854775807`},
		{"full-width digit", "a s １\n", 1, `weight "１" is not a whole number from 1 to 9223372036854775807`},
		{"leading zero", "a s 007\n", 1, `weight "007" has a leading zero`},
		{"two zeros", "a s 00\n", 1, `weight "00" has a leading zero`},
		{"2^63", "a s 9223372036854775808\n", 1, `weight 9223372036854775808 exceeds 9223372036854775807`},
		{"19 nines", "a s 9999999999999999999\n", 1, `weight 9999999999999999999 exceeds 9223372036854775807`},
		{"20 digits", "a s 18446744073709551617\n", 1,
			`weight "18446744073709551617" is not a whole number from 1 to 9223372036854775807`},
		{"total", "a s 9223372036854775807\nb s 1\n", 2, `weight 1 takes the total over 9223372036854775807`},
		{"total of a weight met before", "a s 4611686018427387904\nb s 4611686018427387904\n", 2,
			`weight 4611686018427387904 takes the total over 9223372036854775807`},
		{"long id", after + long + " s 1\n", 2, `id "` + long + `" has 65 bytes, at most 64`},
		{"long label", "a " + long + " 1\n", 1, `stratum "` + long + `" has 65 bytes, at most 64`},
		{"line over the bound", "a " + strings.Repeat("y", 148) + "\n", 1,
			`"a ` + strings.Repeat("y", 62) + `"… is longer than 149 bytes`},
		{"long line of one field", strings.Repeat("z", 149) + "\n", 1,
			`"` + strings.Repeat("z", 80) + `"… (149 bytes) is not "id stratum weight" with single spaces`},
		{"id not UTF-8", after + "b\xc3 s 1\n", 2, `id "b\xc3" is not valid UTF-8 at byte 2`},
		{"label not UTF-8", "a \xff 1\n", 1, `stratum "\xff" is not valid UTF-8 at byte 1`},
		{"surrogate", "\xed\xa0\x80 s 1\n", 1, `id "\xed\xa0\x80" is not valid UTF-8 at byte 1`},
		{"U+2028", "a\u2028 s 1\n", 1, `id "a\u2028" has the control character U+2028 at byte 2`},
		{"U+00A0", "a\u00a0 s 1\n", 1, `id "a\u00a0" has the space U+00A0 at byte 2`},
		{"U+0085", "a s\u0085 1\n", 1, `stratum "s\u0085" has the control character U+0085 at byte 2`},
		{"DEL", "a\x7f s 1\n", 1, `id "a\x7f" has the control character U+007F at byte 2`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := ParseFrame(strings.NewReader(tt.text))
			require.Nil(t, f)
			require.EqualError(t, err, fmt.Sprintf("registry: frame line %d: %s", tt.line, tt.want))
			var bad *LineError
			require.ErrorAs(t, err, &bad)
			require.Equal(t, LineError{"frame", tt.line, tt.want}, *bad)
		})
	}
	_, err := ParseFrame(strings.NewReader(""))
	require.EqualError(t, err, `registry: frame is empty, expected lines "id stratum weight"`)
}

func TestUnitAppendTextErrors(t *testing.T) {
	for _, tt := range []struct {
		unit Unit
		want string
	}{
		{Unit{"", "s", 1}, `registry: unit: id is empty`},
		{Unit{"a b", "s", 1}, `registry: unit: id "a b" has the space U+0020 at byte 2`},
		{Unit{"a", "", 1}, `registry: unit: stratum is empty`},
		{Unit{"a", "s\n", 1}, `registry: unit: stratum "s\n" has the control character U+000A at byte 2`},
		{Unit{"a", "s", 0}, `registry: unit: weight 0, expected 1 to 9223372036854775807`},
		{Unit{"a", "s", 1 << 63}, `registry: unit: weight 9223372036854775808, expected 1 to 9223372036854775807`},
	} {
		before := []byte("before")
		after, err := tt.unit.AppendText(before)
		require.EqualError(t, err, tt.want)
		require.Equal(t, before, after)
	}
}

// A repeater is a reader that repeats a text. It counts what is read.
type repeater struct {
	text string
	read int
}

func (e *repeater) Read(p []byte) (int, error) {
	n := copy(p, e.text[e.read%len(e.text):])
	e.read += n
	return n, nil
}

// TestParseFrameEndlessLine reads no more than a buffer of a line without end,
// be it a gigabyte or more.
func TestParseFrameEndlessLine(t *testing.T) {
	for _, text := range []string{"x", " ", "\x00", "a s 1 ", "9"} {
		r := &repeater{text: text}
		_, err := ParseFrame(r)
		require.EqualError(t, err, fmt.Sprintf("registry: frame line 1: %q… is longer than 149 bytes", strings.Repeat(text, 64)[:64]))
		require.LessOrEqual(t, r.read, 100<<10)
	}
	r := &repeater{text: "x"}
	_, err := ParseFrame(io.MultiReader(strings.NewReader("a s 1\nb s 1\n"), r))
	require.EqualError(t, err, fmt.Sprintf("registry: frame line 3: %q… is longer than 149 bytes", strings.Repeat("x", 64)))
	require.LessOrEqual(t, r.read, 100<<10)
}

func TestParseFrameReaderFails(t *testing.T) {
	broken := errors.New("disk is broken")
	for _, tt := range []struct{ text, want string }{
		{"", "registry: frame line 1: disk is broken"},
		{"a s 1\n", "registry: frame line 2: disk is broken"},
		{"a s 1\nb s", "registry: frame line 2: disk is broken"},
	} {
		_, err := ParseFrame(io.MultiReader(strings.NewReader(tt.text), iotest.ErrReader(broken)))
		require.EqualError(t, err, tt.want)
		require.ErrorIs(t, err, broken)
	}
	_, err := ParseFrame(io.MultiReader(strings.NewReader("a s 1\nb"), iotest.ErrReader(io.ErrUnexpectedEOF)))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF, "as from a gzip reader")
}

func TestFrameWriteToFails(t *testing.T) {
	f := newFrame(t, randomUnits(rand.New(rand.NewPCG(4, 4)), 9000)...)
	broken := errors.New("disk is full")
	n, err := f.WriteTo(&limitedWriter{room: 70_000, err: broken})
	require.ErrorIs(t, err, broken)
	require.Equal(t, int64(70_000), n)
}

type limitedWriter struct {
	room int
	err  error
}

func (w *limitedWriter) Write(p []byte) (int, error) {
	if n := min(len(p), w.room); n < len(p) {
		w.room = 0
		return n, w.err
	}
	w.room -= len(p)
	return len(p), nil
}

// TestFrameTextMutations changes, drops and doubles each byte of a text: each
// time it is refused or gives another root.
func TestFrameTextMutations(t *testing.T) {
	const text = "91370202MA3C12345X 370202/A 1\n91370202MA3C123461 370202/B 20\n青岛 - 9\n"
	parsed, err := ParseFrame(strings.NewReader(text))
	require.NoError(t, err)
	root, err := parsed.Root(sha256.New)
	require.NoError(t, err)
	accepted := 0
	check := func(mutant []byte) {
		f, err := ParseFrame(bytes.NewReader(mutant))
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "registry: frame "), err)
			return
		}
		accepted++
		require.Equal(t, string(mutant), frameText(t, f))
		other, err := f.Root(sha256.New)
		require.NoError(t, err)
		require.NotEqual(t, root, other, "%q", mutant)
	}
	for i := range len(text) {
		mutant := []byte(text)
		for c := range 256 {
			if mutant[i] = byte(c); mutant[i] != text[i] {
				check(mutant)
			}
		}
		check([]byte(text[:i] + text[i+1:]))
		check([]byte(text[:i] + text[i:i+1] + text[i:]))
	}
	require.NotZero(t, accepted)
}

func FuzzParseFrame(f *testing.F) {
	for _, text := range []string{
		"", "a s 1\n", "a s 1\nb s 2\n", "a s 1\nb r 9223372036854775806\n", "b s 1\na s 1\n", "a s 0\n",
		"a s 01\n", "a  s 1\n", "a s 1", "a s 1\r\n", "青 370202/A 10\n", "a\u2028 s 1\n", "\xff \xff 1\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		frame, err := ParseFrame(bytes.NewReader(text))
		if err != nil {
			require.Nil(t, frame)
			require.True(t, strings.HasPrefix(err.Error(), "registry: frame "), err)
			require.NotContains(t, err.Error(), "\n")
			return
		}
		require.Equal(t, string(text), frameText(t, frame))
		require.Equal(t, bytes.Count(text, []byte("\n")), frame.Len())
		again := newFrame(t, allUnits(frame)...)
		require.Equal(t, frame, again)
	})
}

func allUnits(f *Frame) (units []Unit) {
	for _, u := range f.All() {
		units = append(units, u)
	}
	return units
}
