package registry

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func exclusionsText(t testing.TB, x *Exclusions) string {
	t.Helper()
	var text strings.Builder
	n, err := x.WriteTo(&text)
	require.NoError(t, err)
	require.Equal(t, int64(text.Len()), n)
	return text.String()
}

func TestExclusionsText(t *testing.T) {
	const text = "B named:法院\na status\nab recent\nb status\n青 named:x\n"
	x, err := ParseExclusions(strings.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, text, exclusionsText(t, x))
	require.Equal(t, 5, x.Len())
	require.Equal(t, []Exclusion{{"B", "named:法院"}, {"a", "status"}, {"ab", "recent"}, {"b", "status"}, {"青", "named:x"}},
		slices.Collect(x.All()))
	require.Equal(t, []ReasonCount{{"named:x", 1}, {"named:法院", 1}, {"recent", 1}, {"status", 2}}, x.Counts())
	x.Counts()[0].Count = 9
	require.Equal(t, 1, x.Counts()[0].Count, "a copy")
	for row := range x.All() {
		reason, ok := x.Reason(row.ID)
		require.True(t, ok)
		require.Equal(t, row.Reason, reason)
	}
	for _, id := range []string{"", "A", "aa", "c", "龘"} {
		reason, ok := x.Reason(id)
		require.False(t, ok)
		require.Empty(t, reason)
	}
}

func TestNoExclusions(t *testing.T) {
	parsed, err := ParseExclusions(strings.NewReader(""))
	require.NoError(t, err)
	for _, x := range []*Exclusions{new(Exclusions), parsed} {
		require.Zero(t, x.Len())
		require.Empty(t, x.Counts())
		require.Empty(t, slices.Collect(x.All()))
		require.Empty(t, exclusionsText(t, x))
		_, ok := x.Reason("a")
		require.False(t, ok)
	}
}

// TestManyExclusions has a text longer than a buffer.
func TestManyExclusions(t *testing.T) {
	var want strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&want, "%064d named:%s\n", i, strings.Repeat("r", i%58+1))
	}
	x, err := ParseExclusions(iotest.HalfReader(strings.NewReader(want.String())))
	require.NoError(t, err)
	require.Equal(t, 3000, x.Len())
	require.Len(t, x.Counts(), 58)
	require.Equal(t, want.String(), exclusionsText(t, x))
	broken := errors.New("disk is full")
	n, err := x.WriteTo(&limitedWriter{room: 70_000, err: broken})
	require.ErrorIs(t, err, broken)
	require.Equal(t, int64(70_000), n)
}

func TestParseExclusionsErrors(t *testing.T) {
	long := strings.Repeat("x", 65)
	for _, tt := range []struct {
		name, text string
		line       int64
		want       string
	}{
		{"cut off", "a status\nb status", 2, `"b status" ends without a newline: the text is cut off`},
		{"CRLF", "a status\r\n", 1, `"a status\r" ends with a carriage return, expected a newline alone`},
		{"one field", "a\n", 1, `"a" is not "id reason"`},
		{"empty line", "a status\n\n", 2, `"" is not "id reason"`},
		{"three fields", "a status x\n", 1, `reason "status x" has the space U+0020 at byte 7`},
		{"double space", "a  status\n", 1, `reason " status" has the space U+0020 at byte 1`},
		{"leading space", " a status\n", 1, `id is empty`},
		{"trailing space", "a \n", 1, `reason is empty`},
		{"tab", "a\tb status\n", 1, `id "a\tb" has the control character U+0009 at byte 2`},
		{"binary", "\x00\x01\xff\xfe\n", 1, `"\x00\x01\xff\xfe" is not "id reason"`},
		{"long id", long + " status\n", 1, `id "` + long + `" has 65 bytes, at most 64`},
		{"long reason", "a " + long + "\n", 1, `reason "` + long + `" has 65 bytes, at most 64`},
		{"long line", "a " + strings.Repeat("y", 128) + "\n", 1, `"a ` + strings.Repeat("y", 62) + `"… is longer than 129 bytes`},
		{"not UTF-8", "a\xff status\n", 1, `id "a\xff" is not valid UTF-8 at byte 2`},
		{"U+2029", "a st\u2029\n", 1, `reason "st\u2029" has the control character U+2029 at byte 3`},
		{"unsorted", "b status\na status\n", 2, `id "a" is not above "b" of the line before`},
		{"repeated", "a status\na recent\n", 2, `id "a" is not above "a" of the line before`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, err := ParseExclusions(strings.NewReader(tt.text))
			require.Nil(t, x)
			require.EqualError(t, err, fmt.Sprintf("registry: exclusions line %d: %s", tt.line, tt.want))
			var bad *LineError
			require.ErrorAs(t, err, &bad)
			require.Equal(t, LineError{"exclusions", tt.line, tt.want}, *bad)
		})
	}
	r := &repeater{text: "x"}
	_, err := ParseExclusions(r)
	require.EqualError(t, err, `registry: exclusions line 1: "`+strings.Repeat("x", 64)+`"… is longer than 129 bytes`)
	require.LessOrEqual(t, r.read, 100<<10)

	broken := errors.New("disk is broken")
	_, err = ParseExclusions(io.MultiReader(strings.NewReader("a status\nb"), iotest.ErrReader(broken)))
	require.EqualError(t, err, "registry: exclusions line 2: disk is broken")
	require.ErrorIs(t, err, broken)
}

func FuzzParseExclusions(f *testing.F) {
	for _, text := range []string{
		"", "a status\n", "a status\nb named:法院\n", "b status\na status\n", "a status", "a  status\n",
		"a status\r\n", "\n", "a \xff\n", "a\u2028 status\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		x, err := ParseExclusions(bytes.NewReader(text))
		if err != nil {
			require.Nil(t, x)
			require.True(t, strings.HasPrefix(err.Error(), "registry: exclusions "), err)
			require.NotContains(t, err.Error(), "\n")
			return
		}
		require.Equal(t, string(text), exclusionsText(t, x))
		sum := 0
		for _, c := range x.Counts() {
			sum += c.Count
		}
		require.Equal(t, x.Len(), sum)
		require.Equal(t, bytes.Count(text, []byte("\n")), sum)
	})
}
