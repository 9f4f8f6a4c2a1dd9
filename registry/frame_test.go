package registry

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func newFrame(t testing.TB, units ...Unit) *Frame {
	t.Helper()
	f, err := NewFrame(unitsOf(units))
	require.NoError(t, err)
	return f
}

func frameText(t testing.TB, f *Frame) string {
	t.Helper()
	var text strings.Builder
	n, err := f.WriteTo(&text)
	require.NoError(t, err)
	require.Equal(t, int64(text.Len()), n)
	return text.String()
}

// randomUnits returns n units in random order. Many of their IDs share their
// first 16 bytes or more, and some begin with another.
func randomUnits(r *rand.Rand, n int) []Unit {
	prefixes := []string{"", "9", "91370202MA3C", "91370202MA3C123", "91370202MA3C1234", "91370202MA3C12345", "青岛市市南区香港中路", strings.Repeat("z", 40)}
	labels := []string{"all", "370202/A", "370202/B", "370203/A", "-/青", "a", "aa", "~"}
	seen := map[string]bool{}
	units := make([]Unit, 0, n)
	for len(units) < n {
		u := Unit{
			ID:      prefixes[r.IntN(len(prefixes))] + fmt.Sprint(r.IntN(4*n)),
			Stratum: labels[r.IntN(len(labels))],
			Weight:  []uint64{1, 2, 10, 1<<40 + r.Uint64N(3)}[r.IntN(4)],
		}
		if !seen[u.ID] {
			seen[u.ID] = true
			units = append(units, u)
		}
	}
	return units
}

// TestFrameAgreesWithMaps compares each answer of a frame with one from maps.
func TestFrameAgreesWithMaps(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for round := range 300 {
		given := randomUnits(r, 1+r.IntN(1+round))
		f := newFrame(t, given...)

		units, strata, cells := map[string]Unit{}, map[string]*Stratum{}, map[string]*Cell{}
		var ids, labels, cellNames []string
		var weight uint64
		for _, u := range given {
			if strata[u.Stratum] == nil {
				strata[u.Stratum] = &Stratum{Label: u.Stratum}
				labels = append(labels, u.Stratum)
			}
			name := fmt.Sprintf("%s %019d", u.Stratum, u.Weight)
			if cells[name] == nil {
				cells[name] = &Cell{Weight: u.Weight}
				cellNames = append(cellNames, name)
			}
			units[u.ID] = u
			ids = append(ids, u.ID)
			strata[u.Stratum].Units++
			strata[u.Stratum].Weight += u.Weight
			cells[name].Units++
			weight += u.Weight
		}
		sort.Strings(ids)
		sort.Strings(labels)
		// A space is below every byte of a label: names sort as cells do.
		sort.Strings(cellNames)

		require.Equal(t, len(given), f.Len())
		require.Equal(t, weight, f.Weight())
		require.Len(t, f.Strata(), len(labels))
		for i, s := range f.Strata() {
			require.Equal(t, *strata[labels[i]], s)
		}
		require.Len(t, f.Cells(), len(cellNames))
		for i, c := range f.Cells() {
			label, _, _ := strings.Cut(cellNames[i], " ")
			require.Equal(t, sort.SearchStrings(labels, label), c.Stratum)
			require.Equal(t, cells[cellNames[i]].Weight, c.Weight)
			require.Equal(t, cells[cellNames[i]].Units, c.Units)
		}
		for i, id := range ids {
			require.Equal(t, id, f.ID(i))
			require.Equal(t, units[id], f.At(i))
			require.Equal(t, cellNames[f.CellOf(i)], fmt.Sprintf("%s %019d", units[id].Stratum, units[id].Weight))
			at, ok := f.Find(id)
			require.True(t, ok)
			require.Equal(t, i, at)
			_, ok = f.Find(id + "!")
			require.False(t, ok)
		}
		seen := 0
		for i, u := range f.All() {
			require.Equal(t, seen, i)
			require.Equal(t, f.At(i), u)
			seen++
		}
		require.Equal(t, len(ids), seen)
	}
}

func TestFrameOfAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	units := randomUnits(r, 300)
	want := newFrame(t, units...)
	text := frameText(t, want)
	slices.SortFunc(units, func(x, y Unit) int { return strings.Compare(x.ID, y.ID) })
	require.Equal(t, text, frameText(t, newFrame(t, units...)), "ascending")
	slices.Reverse(units)
	require.Equal(t, text, frameText(t, newFrame(t, units...)), "descending")
	for range 20 {
		r.Shuffle(len(units), func(i, j int) { units[i], units[j] = units[j], units[i] })
		f := newFrame(t, units...)
		require.Equal(t, want, f, "every column is the same")
		require.Equal(t, text, frameText(t, f))
	}
}

func TestFrameAllStopsEarly(t *testing.T) {
	var seen []string
	for _, u := range newFrame(t, Unit{"c", "s", 1}, Unit{"a", "s", 1}, Unit{"b", "s", 1}).All() {
		if seen = append(seen, u.ID); len(seen) == 2 {
			break
		}
	}
	require.Equal(t, []string{"a", "b"}, seen)
}

func TestFrameFindAbsent(t *testing.T) {
	f := newFrame(t, Unit{"b", "s", 1}, Unit{"d", "s", 1})
	for _, id := range []string{"", "a", "bb", "c", "e"} {
		_, ok := f.Find(id)
		require.False(t, ok, id)
	}
}

func TestFrameGivesCopies(t *testing.T) {
	f := newFrame(t, Unit{"a", "s", 1}, Unit{"b", "r", 2})
	f.Strata()[0].Units = 7
	f.Cells()[0].Weight = 7
	require.Equal(t, []Stratum{{"r", 1, 2}, {"s", 1, 1}}, f.Strata())
	require.Equal(t, []Cell{{0, 2, 1}, {1, 1, 1}}, f.Cells())
}

func TestFrameIndexOutOfRange(t *testing.T) {
	f := newFrame(t, Unit{"a", "s", 1})
	for _, i := range []int{-1, 1} {
		require.Panics(t, func() { f.At(i) })
		require.Panics(t, func() { f.ID(i) })
		require.Panics(t, func() { f.CellOf(i) })
	}
}

func TestNewFrameErrors(t *testing.T) {
	long := strings.Repeat("x", 65)
	for _, tt := range []struct {
		name  string
		units []Unit
		want  string
	}{
		{"no units", nil, `registry: frame has no units`},
		{"repeated", []Unit{{"b", "s", 1}, {"a", "s", 1}, {"b", "r", 2}}, `registry: frame: id "b" is repeated`},
		{"repeated in order", []Unit{{"a", "s", 1}, {"a", "s", 1}}, `registry: frame: id "a" is repeated`},
		{"empty id", []Unit{{"a", "s", 1}, {"", "s", 1}}, `registry: frame unit 2: id is empty`},
		{"long id", []Unit{{long, "s", 1}}, `registry: frame unit 1: id "` + long + `" has 65 bytes, at most 64`},
		{"space in id", []Unit{{"a b", "s", 1}}, `registry: frame unit 1: id "a b" has the space U+0020 at byte 2`},
		{"line in id", []Unit{{"a\nb s 1", "s", 1}}, `registry: frame unit 1: id "a\nb s 1" has the control character U+000A at byte 2`},
		{"id not UTF-8", []Unit{{"ab\xff", "s", 1}}, `registry: frame unit 1: id "ab\xff" is not valid UTF-8 at byte 3`},
		{"empty label", []Unit{{"a", "", 1}}, `registry: frame unit 1: stratum is empty`},
		{"long label", []Unit{{"a", long, 1}}, `registry: frame unit 1: stratum "` + long + `" has 65 bytes, at most 64`},
		{"space in label", []Unit{{"a", "青\u3000岛", 1}}, `registry: frame unit 1: stratum "青\u3000岛" has the space U+3000 at byte 4`},
		{"weight 0", []Unit{{"a", "s", 1}, {"b", "s", 0}}, `registry: frame unit 2: weight 0, expected 1 to 9223372036854775807`},
		{"weight 2^63", []Unit{{"a", "s", 1 << 63}}, `registry: frame unit 1: weight 9223372036854775808, expected 1 to 9223372036854775807`},
		{"weight 2^64−1", []Unit{{"a", "s", math.MaxUint64}}, `registry: frame unit 1: weight 18446744073709551615, expected 1 to 9223372036854775807`},
		{"total", []Unit{{"a", "s", MaxWeight}, {"b", "r", 1}}, `registry: frame unit 2: weight 1 takes the total over 9223372036854775807`},
		{"total of two", []Unit{{"a", "s", 1}, {"b", "s", MaxWeight}}, `registry: frame unit 2: weight 9223372036854775807 takes the total over 9223372036854775807`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := NewFrame(unitsOf(tt.units))
			require.EqualError(t, err, tt.want)
			require.Nil(t, f)
		})
	}
}

func TestFrameOfTheLargestWeight(t *testing.T) {
	require.Equal(t, uint64(math.MaxInt64), newFrame(t, Unit{"a", "s", MaxWeight}).Weight())
	require.Equal(t, uint64(math.MaxInt64), newFrame(t, Unit{"a", "s", MaxWeight - 1}, Unit{"b", "r", 1}).Weight())
}

func TestNewFramePassesOnErrors(t *testing.T) {
	broken := errors.New("connection lost")
	_, err := NewFrame(func(yield func(Unit, error) bool) {
		if yield(Unit{"a", "s", 1}, nil) && yield(Unit{"b", "s", 1}, nil) {
			require.False(t, yield(Unit{}, broken), "the first error ends the sequence")
		}
	})
	require.EqualError(t, err, "registry: frame unit 3: connection lost")
	require.ErrorIs(t, err, broken)
}
