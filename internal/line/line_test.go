package line

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReader(t *testing.T) {
	r := Reader{Rest: "rule road from 12..30 months"}
	require.False(t, r.Take("norm "))
	require.True(t, r.Take("rule "))
	require.Equal(t, "road", r.Next())
	r.Expect("from ")
	require.EqualValues(t, 12, r.Number(12, ".."))
	require.EqualValues(t, 30, r.Number(99, " "))
	require.Equal(t, "months", r.Next())
	r.End()
	require.NoError(t, r.Err)
}

func TestReaderStopsAtTheFirstError(t *testing.T) {
	for _, c := range []struct {
		name, line, want string
		read             func(*Reader)
	}{
		{"text", "to 5", `"to 5": expected "from "`, func(r *Reader) { r.Expect("from ") }},
		{"end", "", `"open": expected the end of the line`, func(r *Reader) { r.Rest = "open"; r.End() }},
		{"empty number", "", `"": expected a number, 0 to 9, without leading zeros`, func(r *Reader) { r.Number(9, " ") }},
		{"large", "10 x", `"10 x": expected a number, 0 to 9, without leading zeros`, func(r *Reader) { r.Number(9, " ") }},
		{"leading zero", "09", `"09": expected a number, 0 to 9, without leading zeros`, func(r *Reader) { r.Number(9, " ") }},
		{"plus", "+9", `"+9": expected a number, 0 to 9, without leading zeros`, func(r *Reader) { r.Number(9, " ") }},
		{"choice", "x", `"x": expected a or b`, func(r *Reader) { r.Fail("a or b") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Reader{Rest: c.line}
			c.read(&r)
			require.EqualError(t, r.Err, c.want)
			rest := r.Rest
			require.False(t, r.Take(rest))
			require.Empty(t, r.Next())
			require.Zero(t, r.Number(9, " "))
			r.Expect("something else")
			require.EqualError(t, r.Err, c.want)
			require.Equal(t, rest, r.Rest)
		})
	}
}

func TestParseNumber(t *testing.T) {
	for _, s := range []string{"", "00", "01", "-1", "+1", "1 ", "1_0", "0x1", "11", "18446744073709551616"} {
		n, ok := ParseNumber(s, 10)
		require.False(t, ok, s)
		require.Zero(t, n)
	}
	for s, want := range map[string]uint64{"0": 0, "7": 7, "10": 10} {
		n, ok := ParseNumber(s, 10)
		require.True(t, ok, s)
		require.Equal(t, want, n)
	}
}

func TestDifference(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a\nb\n", "a\nb\n", 0}, {"a\n", "b\n", 1}, {"a\nb\n", "a\nc\n", 2},
		{"a\n", "a\nb\n", 2}, {"a\nb\n", "a\n", 2}, {"a", "a\n", 1}, {"", "x", 1},
	} {
		require.Equal(t, c.want, Difference([]byte(c.a), []byte(c.b)), "%q %q", c.a, c.b)
	}
}
