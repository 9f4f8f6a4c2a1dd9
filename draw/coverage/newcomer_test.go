package coverage

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func newcomer(t testing.TB, id, stratum string, weight uint64, registered string) Newcomer {
	return Newcomer{registry.Unit{ID: id, Stratum: stratum, Weight: weight}, date(t, registered)}
}

// TestPickIsExact looks at the tickets on both sides of each border: that of the
// border itself is the least that is not below it.
func TestPickIsExact(t *testing.T) {
	all := new(big.Int).Lsh(big.NewInt(1), 128)
	numbered := func(n *big.Int) number { return numberOf(n.FillBytes(make([]byte, 16))) }
	for _, parts := range [][]uint32{{1}, {0, 1, 0}, {1, 1}, {3, 2, 0, 1}, {1, 1, 1, 1, 1, 1, 1}, {MaxPart, 1, MaxPart}, {999_983, 0, 999_979, 2}} {
		for first := range parts {
			sum := int64(0)
			for _, p := range parts[first:] {
				sum += int64(p)
			}
			require.Equal(t, sum == 0, pick(parts, first, number{}) == first && parts[first] == 0)
			if sum == 0 {
				require.Equal(t, first, pick(parts, first, number{1<<64 - 1, 1<<64 - 1}))
				continue
			}
			end := int64(0)
			for k := first; k < len(parts); k++ {
				border := func(c int64) *big.Int { // ⌈2^128·c/sum⌉
					x := new(big.Int).Mul(all, big.NewInt(c))
					x.Add(x, big.NewInt(sum-1))
					return x.Div(x, big.NewInt(sum))
				}
				from, to := border(end), border(end+int64(parts[k]))
				end += int64(parts[k])
				if parts[k] == 0 {
					continue
				}
				require.Equal(t, k, pick(parts, first, numbered(from)), parts)
				require.Equal(t, k, pick(parts, first, numbered(to.Sub(to, big.NewInt(1)))), parts)
			}
			require.Equal(t, sum, end)
		}
	}
}

// TestNewcomerChances places many newcomers: their batches are the open ones by
// their shares.
func TestNewcomerChances(t *testing.T) {
	frame := numberedFrame(t, 10, []string{"a"}, []uint64{1})
	plan := planOf(t, frame, 10, map[uint64][]uint64{1: {5, 1, 3, 0, 2}, 2: {1, 0, 0, 0, 0}})
	s := run(t, plan, frame, seedOf(1))
	for _, c := range []struct {
		on      string
		chances []float64
	}{
		{"2025-07-01", []float64{5.0 / 11, 1.0 / 11, 3.0 / 11, 0, 2.0 / 11}},
		{"2026-03-21", []float64{5.0 / 11, 1.0 / 11, 3.0 / 11, 0, 2.0 / 11}},
		{"2026-03-22", []float64{0, 1.0 / 6, 3.0 / 6, 0, 2.0 / 6}},
		{"2026-07-01", []float64{0, 0, 3.0 / 5, 0, 2.0 / 5}},
		{"2026-12-01", []float64{0, 0, 0, 0, 1}},
	} {
		seen := make([]int, 5)
		for i := range 6000 {
			at, err := s.Place(frame, newcomer(t, fmt.Sprintf("%s/%d", c.on, i), "a", 1, c.on))
			require.NoError(t, err)
			seen[at]++
		}
		if c.chances[4] == 1 {
			require.Equal(t, []int{0, 0, 0, 0, 6000}, seen)
			continue
		}
		requireChiSquare(t, c.chances, seen)
	}
	// Without a share of any open batch, as soon as can be.
	for on, want := range map[string]int{"2026-01-05": 0, "2026-03-25": 1, "2026-08-01": 2, "2026-11-01": 3} {
		at, err := s.Place(frame, newcomer(t, "n", "a", 2, on))
		require.NoError(t, err)
		require.Equal(t, want, at, on)
	}
}

// TestNewcomerTickets: a newcomer's ticket is not the one it would have had in the
// frame, so that having been left out of the list tells nothing.
func TestNewcomerTickets(t *testing.T) {
	frame := numberedFrame(t, 2000, []string{"a"}, []uint64{1})
	plan := planOf(t, frame, 0, map[uint64][]uint64{1: {1, 1}})
	s := run(t, plan, frame, seedOf(1))
	seen := make([]int, 4)
	for i := range 2000 {
		n := newcomer(t, fmt.Sprintf("n%d", i), "a", 1, "2026-01-01")
		u, err := s.Ticket(n.Unit)
		require.NoError(t, err)
		at, err := s.Place(frame, n)
		require.NoError(t, err)
		seen[int(u[0]>>7)+2*at]++
	}
	requireChiSquare(t, []float64{0.25, 0.25, 0.25, 0.25}, seen)
}

// TestNobodyMoves: units that leave and units that come change nothing for others.
func TestNobodyMoves(t *testing.T) {
	frame := numberedFrame(t, 300, []string{"a", "b"}, []uint64{1, 2})
	plan := planOf(t, frame, 14, map[uint64][]uint64{1: {1, 1, 1}, 2: {3, 2, 1}})
	s := run(t, plan, frame, seedOf(1))
	before := map[string]int{}
	all, err := s.Batches(frame)
	require.NoError(t, err)
	for i, u := range frame.All() {
		before[u.ID] = all[i]
	}
	// Every third unit leaves.
	var rest strings.Builder
	for i, u := range frame.All() {
		if i%3 != 0 {
			fmt.Fprintf(&rest, "%s %s %d\n", u.ID, u.Stratum, u.Weight)
		}
	}
	left := frameOf(t, rest.String())
	after, err := s.Batches(left)
	require.NoError(t, err)
	for i, u := range left.All() {
		require.Equal(t, before[u.ID], after[i])
	}
	// Newcomers come, one by one and all at once: each has the same place.
	events := Events{}
	places := map[string]int{}
	for i := range 50 {
		n := newcomer(t, fmt.Sprintf("n%d", i), "b", 2, "2026-02-01")
		at, err := s.Place(frame, n)
		require.NoError(t, err)
		places[n.Unit.ID] = at
		events.Newcomers = append(events.Newcomers, n)
	}
	tracked, err := s.track(frame, events.Newcomers)
	require.NoError(t, err)
	require.Len(t, tracked, 350)
	for _, u := range tracked {
		if u.Registered.IsZero() {
			require.Equal(t, before[u.Unit.ID], u.Batch)
		} else {
			require.Equal(t, places[u.Unit.ID], u.Batch)
		}
	}
}

func TestPlaceErrors(t *testing.T) {
	frame := numberedFrame(t, 10, []string{"a"}, []uint64{1})
	plan := planOf(t, frame, 14, map[uint64][]uint64{1: {1, 1}})
	s := run(t, plan, frame, seedOf(1))
	var cell *CellError
	var late *NoBatchError
	_, err := s.Place(frame, newcomer(t, "n", "b", 1, "2026-01-01"))
	require.True(t, errors.As(err, &cell))
	require.EqualError(t, err, `coverage: stratum "b": the plan has no cell of weight 1`)
	_, err = s.Place(frame, newcomer(t, "n", "a", 9, "2026-01-01"))
	require.EqualError(t, err, `coverage: stratum "a": the plan has no cell of weight 9`)
	_, err = s.Place(frame, newcomer(t, "n", "a", 1, "2026-06-17"))
	require.True(t, errors.As(err, &late))
	require.Equal(t, &NoBatchError{"n", date(t, "2026-06-17"), date(t, "2026-06-30"), 14}, late)
	require.EqualError(t, err, `coverage: id "n": registered on 2026-06-17, but newcomers need 14 days until 2026-06-30, the plan's last`)
	_, err = s.Place(frame, newcomer(t, "u000003", "a", 1, "2026-01-01"))
	require.EqualError(t, err, `coverage: id "u000003" is in the frame: it is no newcomer`)
	_, err = s.Place(frame, Newcomer{Unit: registry.Unit{ID: "n", Stratum: "a", Weight: 1}})
	require.EqualError(t, err, `coverage: id "n": no day of registration`)
	_, err = s.Place(frame, newcomer(t, "", "a", 1, "2026-01-01"))
	require.EqualError(t, err, `coverage: registry: unit: id is empty`)
	_, err = s.Place(frame, newcomer(t, "n", "a", 0, "2026-01-01"))
	require.EqualError(t, err, `coverage: registry: unit: weight 0, expected 1 to 9223372036854775807`)
}
