package draw

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/doublerandom/doublerandom/internal/wheel"
	"github.com/stretchr/testify/require"
)

// patterns yields every multiset of up to most weights from 1 to 4, as cells.
func patterns(most int, yield func(cells []cellSize, units uint64)) {
	var counts [4]uint64
	var fill func(w int, left uint64)
	fill = func(w int, left uint64) {
		if w == len(counts) {
			var cells []cellSize
			units := uint64(0)
			for i, n := range counts {
				if n > 0 {
					cells = append(cells, cellSize{uint64(i + 1), n})
					units += n
				}
			}
			if units > 0 {
				yield(cells, units)
			}
			return
		}
		for n := range left + 1 {
			counts[w] = n
			fill(w+1, left-n)
		}
		counts[w] = 0
	}
	fill(0, uint64(most))
}

// orders returns all orders of 0, …, n−1.
func orders(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, o := range orders(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(o), at, n-1))
		}
	}
	return all
}

// outcomes yields the counts of every order of the uncertain cells and every
// start of the wheel. Each has the same chance.
func outcomes(d *design, yield func(order []int, start uint64, counts []uint64)) {
	for _, order := range orders(d.certain) {
		for start := range max(d.weight, 1) {
			yield(order, start, d.counts(order, start))
		}
	}
}

func floorCeil(share *big.Rat, count uint64) bool {
	diff := new(big.Rat).Sub(share, new(big.Rat).SetInt(whole(count)))
	return diff.Abs(diff).Cmp(big.NewRat(1, 1)) < 0
}

// TestCountsAreExact enumerates what the wheel can do with every small stratum.
func TestCountsAreExact(t *testing.T) {
	designs, cellsSeen, countsSeen := 0, 0, 0
	patterns(7, func(cells []cellSize, units uint64) {
		for n := uint64(1); n < units; n++ {
			d := newDesign(cells, n)
			designs++
			// What is left uncertain has n·w < W, what was taken had n·w ≥ W at its turn.
			for _, c := range cells[:d.certain] {
				require.Less(t, d.n*c.weight, d.weight)
			}
			shares := make([]*big.Rat, len(cells))
			total := new(big.Rat)
			for i := range cells {
				shares[i] = d.share(i)
				total.Add(total, shares[i])
				want := new(big.Rat).Mul(d.chance(i), new(big.Rat).SetInt(whole(cells[i].units)))
				require.Zero(t, shares[i].Cmp(want))
			}
			require.Equal(t, fmt.Sprintf("%d/1", n), total.String())
			for _, order := range orders(d.certain) {
				sums := make([]uint64, len(cells))
				for start := range max(d.weight, 1) {
					sum := uint64(0)
					for i, c := range d.counts(order, start) {
						require.True(t, floorCeil(shares[i], c), "%v n=%d order %v start %d: count %d of share %s", cells, n, order, start, c, shares[i])
						require.LessOrEqual(t, c, cells[i].units)
						sums[i] += c
						sum += c
						countsSeen++
					}
					require.Equal(t, n, sum, "%v n=%d order %v start %d", cells, n, order, start)
				}
				for i := range cells {
					mean := new(big.Rat).SetFrac(whole(sums[i]), whole(max(d.weight, 1)))
					require.Zero(t, mean.Cmp(shares[i]), "%v n=%d order %v: cell %d has mean %s, share %s", cells, n, order, i, mean, shares[i])
					cellsSeen++
				}
			}
		}
	})
	t.Logf("%d designs, %d cells in all orders, %d counts: no deviation", designs, cellsSeen, countsSeen)
	require.Equal(t, 1519, designs)
}

// TestQuotasAreExact enumerates the wheel over strata: every quota is rounded up
// with a chance that is exactly its fraction, in every order and whatever the
// others are.
func TestQuotasAreExact(t *testing.T) {
	seen := 0
	for size := uint64(1); size <= 12; size++ {
		for _, lengths := range [][]uint64{
			{0}, {size - 1}, {size / 2, size / 3}, {1 % size, 0, size - 1}, {size / 2, size / 2, size / 3, 1 % size}, {size - 1, size - 1, size - 1, size - 1},
		} {
			total := uint64(0)
			for _, l := range lengths {
				total += l
			}
			for _, order := range orders(len(lengths)) {
				sums := make([]uint64, len(lengths))
				for start := range size {
					w, sum := wheel.New(size, start), uint64(0)
					for _, i := range order {
						marks := w.Next(1, lengths[i])
						require.LessOrEqual(t, marks, uint64(1))
						sums[i] += marks
						sum += marks
						seen++
					}
					require.True(t, sum == total/size || sum == (total+size-1)/size, "in all: the floor or the ceiling of the quotas' sum")
				}
				require.Equal(t, lengths, sums, "over all starts")
			}
		}
	}
	t.Logf("%d roundings: no deviation", seen)
}

// TestJointIsExact enumerates the chances of pairs, and which pairs are never
// drawn together.
func TestJointIsExact(t *testing.T) {
	pairs, zero := 0, 0
	patterns(7, func(cells []cellSize, units uint64) {
		for n := uint64(1); n < units; n++ {
			low, high := enumerate(cells, n), enumerate(cells, n+1)
			f := big.NewRat(2, 5)
			quota := fractionOf(new(big.Rat).Add(new(big.Rat).SetInt(whole(n)), f))
			mix, whole := newMixture(cells, quota), newMixture(cells, WholeFraction(n))
			for i := range cells {
				requireMix(t, low.chance[i], whole.expect(func(d *design) *big.Rat { return d.chance(i) }))
				requireMix(t, mixed(low.chance[i], high.chance[i], f), mix.expect(func(d *design) *big.Rat { return d.chance(i) }))
				for j := range i + 1 {
					if i == j && cells[i].units < 2 {
						continue
					}
					d := newDesign(cells, n)
					requireMix(t, low.joint[i][j], d.joint(i, j), "%v n=%d: cells %d and %d", cells, n, i, j)
					requireMix(t, low.joint[i][j], d.joint(j, i), "%v n=%d: cells %d and %d", cells, n, j, i)
					both := mixed(low.joint[i][j], high.joint[i][j], f)
					requireMix(t, both, mix.expect(func(d *design) *big.Rat { return d.joint(i, j) }))
					for _, c := range []struct {
						m    *mixture
						want *big.Rat
					}{{&whole, low.joint[i][j]}, {&mix, both}} {
						steps := uint64(1 << 22)
						want := no
						if c.want.Sign() == 0 {
							want = yes
							zero++
						}
						require.Equal(t, want, c.m.never(i, j, &steps), "%v n=%d: cells %d and %d, chance %s", cells, n, i, j, c.want)
						pairs++
					}
				}
			}
		}
	})
	t.Logf("%d pairs of cells, of which %d are never drawn together: no deviation", pairs, zero)
	require.Greater(t, zero, 100)
}

func requireMix(t *testing.T, want, got *big.Rat, about ...any) {
	t.Helper()
	require.Equal(t, want.String(), got.String(), about...)
}

func mixed(low, high, f *big.Rat) *big.Rat {
	v := new(big.Rat).Sub(high, low)
	return v.Add(low, v.Mul(v, f))
}

type enumerated struct {
	chance []*big.Rat
	joint  [][]*big.Rat // of two units of cells i ≥ j
}

// enumerate returns the chances of units and pairs as averages over outcomes: of
// a cell's N units, c are drawn with chance c/N each, two of them with chance
// c(c−1)/N(N−1).
func enumerate(cells []cellSize, n uint64) enumerated {
	d := newDesign(cells, n)
	all := uint64(0)
	sums, products := make([]uint64, len(cells)), make([][]uint64, len(cells))
	for i := range products {
		products[i] = make([]uint64, len(cells))
	}
	outcomes(&d, func(_ []int, _ uint64, counts []uint64) {
		all++
		for i, c := range counts {
			sums[i] += c
			for j, b := range counts[:i+1] {
				if i == j {
					b = max(c, 1) - 1
				}
				products[i][j] += c * b
			}
		}
	})
	e := enumerated{make([]*big.Rat, len(cells)), make([][]*big.Rat, len(cells))}
	for i, c := range cells {
		e.chance[i] = new(big.Rat).SetFrac(whole(sums[i]), whole(all*c.units))
		e.joint[i] = make([]*big.Rat, len(cells))
		for j, b := range cells[:i+1] {
			if i == j {
				b.units = max(b.units, 2) - 1
			}
			e.joint[i][j] = new(big.Rat).SetFrac(whole(products[i][j]), whole(all*c.units*b.units))
		}
	}
	return e
}
