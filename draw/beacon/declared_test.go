package beacon

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// small is a beacon of every kind of source.
func small(t testing.TB) *Declared {
	d, err := NewDeclared("small", []Source{
		{Name: "balls", Count: 3, Min: 1, Max: 33},
		{Name: "digits", Count: 2, Max: 9, Ordered: true},
		{Name: "index", Count: 1, Max: 999999, Bits: 10},
	})
	require.NoError(t, err)
	return d
}

func TestNewDeclared(t *testing.T) {
	balls := Source{Name: "balls", Count: 6, Min: 1, Max: 33}
	for _, tt := range []struct {
		name    string
		beacon  string
		sources []Source
		want    string
	}{
		{"no name", "", []Source{balls}, "beacon: name of the beacon is empty"},
		{"no sources", "b", nil, `beacon: "b" has 0 sources, expected 1–64`},
		{"many sources", "b", make([]Source, 65), `beacon: "b" has 65 sources, expected 1–64`},
		{"no source name", "b", []Source{{Count: 1, Max: 9}}, "beacon: name of the source is empty"},
		{"no numbers", "b", []Source{{Name: "s", Max: 9}}, `beacon: source "s" has 0 numbers, expected 1–64`},
		{"many numbers", "b", []Source{{Name: "s", Count: 65, Max: 9}}, `beacon: source "s" has 65 numbers, expected 1–64`},
		{"one value", "b", []Source{{Name: "s", Count: 1, Min: 9, Max: 9}}, `beacon: source "s" has numbers from 9 to 9, expected at least two different ones`},
		{"one outcome", "b", []Source{{Name: "s", Count: 6, Min: 1, Max: 6}}, `beacon: source "s" draws 6 different numbers from 1 to 6, expected more to draw from`},
		{"negative bits", "b", []Source{{Name: "s", Count: 1, Max: 9, Bits: -1}}, `beacon: source "s" declares -1 bits, expected at least 0`},
		{"too many bits", "b", []Source{{Name: "s", Count: 6, Min: 1, Max: 33, Bits: 21}}, `beacon: source "s" declares 21 bits, but its numbers hold 20`},
		{"same names", "b", []Source{balls, balls}, `beacon: "b" has two sources named "balls"`},
		{"long texts", "b", []Source{balls, {Name: "s", Count: 64, Max: math.MaxUint64}}, `beacon: "b" can have values of more than 1024 bytes from source "s" on`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewDeclared(tt.beacon, tt.sources)
			require.EqualError(t, err, tt.want)
		})
	}
}

func TestEntropy(t *testing.T) {
	for _, tt := range []struct {
		source Source
		want   string
	}{
		{Source{Count: 6, Min: 1, Max: 33}, "1107568"},
		{Source{Count: 1, Min: 1, Max: 16}, "16"},
		{Source{Count: 3, Max: 9, Ordered: true}, "1000"},
		{Source{Count: 1, Max: math.MaxUint64}, "18446744073709551616"},
		{Source{Count: 2, Max: math.MaxUint64}, "170141183460469231722463931679029329920"}, // 2^64·(2^64-1)/2
		{Source{Count: 2, Max: math.MaxUint64, Ordered: true}, "340282366920938463463374607431768211456"},
		{Source{Count: 32, Min: 1, Max: 64}, "1832624140942590534"},
	} {
		require.Equal(t, tt.want, tt.source.outcomes().String())
	}
	// log2(C(33,3)·100) = log2(545,600) = 19.06, and 10 declared. Rounding each
	// source down for itself would give 12 + 6.
	d := small(t)
	require.Equal(t, 29, d.EntropyBits("1"))
	require.Equal(t, 0, d.EntropyBits("a b"))
	require.NoError(t, CheckEntropy(d, "1", 29))
	err := CheckEntropy(d, "1", Floor)
	require.Equal(t, &WeakError{"small", "1", 29, 64}, err)
	require.EqualError(t, err, `beacon: "small" has 29 bits of entropy in round "1", expected at least 64`)
}

// TestOutcomesAreAllTexts counts the texts that Parse accepts.
func TestOutcomesAreAllTexts(t *testing.T) {
	for _, tt := range []struct {
		source Source
		want   int
	}{
		{Source{Name: "s", Count: 3, Min: 1, Max: 6}, 20},
		{Source{Name: "s", Count: 3, Max: 3, Ordered: true}, 64},
	} {
		d, err := NewDeclared("b", []Source{tt.source})
		require.NoError(t, err)
		n := 0
		for i := range 1000 {
			if _, err := d.Parse(fmt.Sprintf("%d.%d.%d./", i/100, i/10%10, i%10)); err == nil {
				n++
			}
		}
		require.Equal(t, tt.want, n)
		require.EqualValues(t, tt.want, tt.source.outcomes().Int64())
	}
}

func TestParse(t *testing.T) {
	d := small(t)
	got, err := d.Parse("1.8.33./9.9./0./")
	require.NoError(t, err)
	require.Equal(t, [][]uint64{{1, 8, 33}, {9, 9}, {0}}, got)
	for _, tt := range []struct{ in, want string }{
		{"", `source "balls": number 1 is missing or has no "." after it`},
		{"1.8", `source "balls": number 2 is missing or has no "." after it`},
		{"1.8./", `source "balls": number 3 is missing or has no "." after it`},
		{"1.8./9.9./0./", `source "balls": number 3 is "/9", expected a decimal number without leading zeros`},
		{"1.08.33./9.9./0./", `source "balls": number 2 is "08", expected a decimal number without leading zeros`},
		{"1.8. 33./9.9./0./", `source "balls": number 3 is " 33", expected a decimal number without leading zeros`},
		{"1.+8.33./9.9./0./", `source "balls": number 2 is "+8", expected a decimal number without leading zeros`},
		{"1..33./9.9./0./", `source "balls": number 2 is "", expected a decimal number without leading zeros`},
		{"1.8.18446744073709551616./9.9./0./", `source "balls": number 3 is "18446744073709551616", expected a decimal number without leading zeros`},
		{"1.8.33.34./9.9./0./", `source "balls": expected "/" after 3 numbers`},
		{"1.8.33.9.9./0./", `source "balls": expected "/" after 3 numbers`},
		{"0.8.33./9.9./0./", `source "balls": number 1 is 0, expected 1–33`},
		{"1.8.34./9.9./0./", `source "balls": number 3 is 34, expected 1–33`},
		{"8.1.33./9.9./0./", `source "balls": 1 follows 8, expected different numbers in ascending order`},
		{"1.8.8./9.9./0./", `source "balls": 8 follows 8, expected different numbers in ascending order`},
		{"1.8.33./10.9./0./", `source "digits": number 1 is 10, expected 0–9`},
		{"1.8.33./9.9./0./0./", `text "0./" after the last source`},
		{"1.8.33./9.9./0./\n", `text "\n" after the last source`},
	} {
		_, err := d.Parse(tt.in)
		require.EqualError(t, err, fmt.Sprintf("beacon: value %q: %s", tt.in, tt.want))
	}
	_, err = d.Parse(strings.Repeat("1", 1025))
	require.EqualError(t, err, "beacon: value has 1025 bytes, expected at most 1024")
}

func TestFormat(t *testing.T) {
	d := small(t)
	numbers := [][]uint64{{33, 1, 8}, {9, 0}, {314}}
	got, err := d.Format(numbers)
	require.NoError(t, err)
	require.Equal(t, "1.8.33./9.0./314./", got)
	require.Equal(t, []uint64{33, 1, 8}, numbers[0], "the caller's numbers are left alone")
	for _, tt := range []struct {
		in   [][]uint64
		want string
	}{
		{nil, "beacon: numbers of 0 sources, expected 3"},
		{[][]uint64{{1, 8}, {9, 0}, {314}}, `beacon: source "balls": 2 numbers, expected 3`},
		{[][]uint64{{8, 1, 8}, {9, 0}, {314}}, `beacon: source "balls": 8 follows 8, expected different numbers in ascending order`},
		{[][]uint64{{1, 8, 9}, {9, 0}, {1e6}}, `beacon: source "index": number 1 is 1000000, expected 0–999999`},
	} {
		_, err := d.Format(tt.in)
		require.EqualError(t, err, tt.want)
	}
}

func TestVerify(t *testing.T) {
	none := small(t)
	values := map[string]string{"7": "1.8.33./9.9./0./", "8": "2.8.33./9.9./0./"}
	d, err := none.With(values)
	require.NoError(t, err)
	values["9"] = "later"
	got, err := d.Verify("7", "1.8.33./9.9./0./", "")
	require.NoError(t, err)
	require.Equal(t, "1.8.33./9.9./0./", got)
	for _, tt := range []struct{ round, value, proof, want string }{
		{"7", "2.8.33./9.9./0./", "", `beacon: "small" has value "2.8.33./9.9./0./" in round "7", the policy has "1.8.33./9.9./0./"`},
		{"9", "2.8.33./9.9./0./", "", `beacon: "small" has no value for round "9" in the policy`},
		{"9", "later", "", `beacon: value "later": source "balls": number 1 is missing or has no "." after it`},
		{"7", "1.8.33./9.9./0./", "trust me", `beacon: "small" has proof "trust me", expected none: numbers are only declared`},
		{"", "1.8.33./9.9./0./", "", `beacon: round of "small" is empty`},
		{"7 ", "1.8.33./9.9./0./", "", `beacon: round of "small" "7 " has the byte 0x20 at byte 2, expected printable ASCII without spaces`},
		{"7\x7f", "1.8.33./9.9./0./", "", `beacon: round of "small" "7\x7f" has the byte 0x7f at byte 2, expected printable ASCII without spaces`},
		{"7+8", "1.8.33./9.9./0./", "", `beacon: round of "small" "7+8" has a plus sign at byte 2, which only a combination has`},
		{strings.Repeat("7", 1025), "", "", `beacon: round of "small" has 1025 bytes, expected at most 1024`},
	} {
		got, err := d.Verify(tt.round, tt.value, tt.proof)
		require.EqualError(t, err, tt.want)
		require.Empty(t, got)
	}
	_, err = d.Verify(strings.Repeat("7", 1024), "1.8.33./9.9./0./", "")
	require.ErrorAs(t, err, new(*UnknownRoundError))

	_, err = d.With(map[string]string{"9": "2.8.33./9.9./0./"})
	require.NoError(t, err)
	_, err = d.Verify("9", "2.8.33./9.9./0./", "")
	require.Equal(t, &UnknownRoundError{"small", "9"}, err, "With leaves its receiver alone")
	_, err = none.Verify("7", "1.8.33./9.9./0./", "")
	require.Equal(t, &UnknownRoundError{"small", "7"}, err)
}

func TestWith(t *testing.T) {
	d, err := small(t).With(map[string]string{"7": "1.8.33./9.9./0./"})
	require.NoError(t, err)
	_, err = d.With(map[string]string{"7": "1.8.33./9.9./0./"})
	require.NoError(t, err, "the same value again")
	for _, tt := range []struct{ round, value, want string }{
		{"7", "2.8.33./9.9./0./", `beacon: "small" has value "2.8.33./9.9./0./" in round "7", the policy has "1.8.33./9.9./0./"`},
		{"", "2.8.33./9.9./0./", `beacon: round of "small" is empty`},
		{"8", "x", `beacon: value "x": source "balls": number 1 is missing or has no "." after it, in the policy's round "8"`},
	} {
		_, err := d.With(map[string]string{tt.round: tt.value})
		require.EqualError(t, err, tt.want)
	}
	sources := d.Sources()
	sources[0].Name = "other"
	require.Equal(t, "balls", d.Sources()[0].Name)
	require.Equal(t, "small", d.Name())
}

func FuzzParse(f *testing.F) {
	f.Add("1.8.33./9.9./0./")
	f.Add("1.08.33./9.9./0./")
	f.Add("1.8.33./9.9./0.//")
	f.Add("33.8.1./0.1./999999./")
	d := small(f)
	f.Fuzz(func(t *testing.T, text string) {
		numbers, err := d.Parse(text)
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "beacon: value "), "%v", err)
			require.Nil(t, numbers)
			return
		}
		again, err := d.Format(numbers)
		require.NoError(t, err)
		require.Equal(t, text, again)
		slices.Reverse(numbers[0])
		again, err = d.Format(numbers)
		require.NoError(t, err)
		require.Equal(t, text, again, "the order of unordered numbers")
		got, err := d.Enter(text2typed(text), text2typed(text))
		require.NoError(t, err)
		require.Equal(t, text, got)
	})
}

// text2typed makes what a person might type of a canonical text.
func text2typed(text string) string {
	return strings.NewReplacer(".", "\uff0c", "/", "\r\n", "1", "\uff11").Replace(text)
}
