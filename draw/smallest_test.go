package draw

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"math/rand/v2"
	"testing"

	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/stretchr/testify/require"
)

// A lopsided hash gives tickets that all begin alike, as those of a good hash
// never do. It spares the 40 bytes from which the wheel's start is made: no
// start would be found.
type lopsided struct {
	hash.Hash
	first byte
	n     int // bytes written
}

func (l *lopsided) Write(p []byte) (int, error) { l.n += len(p); return l.Hash.Write(p) }

func (l *lopsided) Reset() { l.n = 0; l.Hash.Reset() }

func (l *lopsided) Sum(b []byte) []byte {
	sum := l.Hash.Sum(nil)
	for i := 0; i < 7 && l.n != 40; i++ {
		sum[i] = l.first
	}
	return append(b, sum...)
}

// TestCutsAreOnlyGuesses draws with hashes whose tickets are all above, or all at
// or below, where the smallest are looked for first.
func TestCutsAreOnlyGuesses(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	units := mixedUnits(40_000, rng)
	frame := frameOf(t, units)
	for _, first := range []byte{0x00, 0x7f, 0xff} {
		newHash := func() hash.Hash { return &lopsided{sha256.New(), first, 0} }
		abc := newHash()
		abc.Write([]byte("abc"))
		suite, err := NewSuite("lopsided", newHash, KnownAnswer{"abc", fmt.Sprintf("%x", abc.Sum(nil))})
		require.NoError(t, err)
		plan, err := NewPlan(suite, frame, Quotas{{"A", WholeFraction(50)}, {"B", WholeFraction(70)}, {"C", WholeFraction(0)}}, 2)
		require.NoError(t, err)
		result := runOf(t, plan, frame, Seed{1})
		require.Equal(t, 120, result.Len())
		// Each drawn unit's ticket is at most the cut-off, no other's is.
		drawn := map[string]bool{}
		for d := range result.Drawn() {
			drawn[d.ID] = true
		}
		for _, u := range frame.All() {
			key, err := suite.key(Seed{1}, purposeSelect, u.Stratum)
			require.NoError(t, err)
			tick := ticket(suite.f.Hasher(), &key, u.ID)
			cell := result.cell(u.Stratum, u.Weight)
			require.Equal(t, cell.Count > 0 && tick.Compare(cell.CutOff) <= 0, drawn[u.ID], u.ID)
		}
	}
}

func TestLikelyCut(t *testing.T) {
	for _, tt := range []struct{ keep, units, expected uint64 }{
		{0, 1000, 14}, {1, 1000, 15}, {27, 2704, 71}, {27, 27, 0}, {27, 71, 0}, {27, 72, 71}, {1000, 1_000_000, 1212}, {1 << 40, 1 << 62, 1 << 40},
	} {
		c := likelyCut(tt.keep, tt.units)
		if tt.expected == 0 {
			require.Equal(t, everything(), c)
			continue
		}
		require.InDelta(t, float64(tt.expected), float64(c.expected), float64(tt.expected)/50+8, "%+v", tt)
		require.InEpsilon(t, float64(c.expected)/float64(tt.units), float64(c.limit)/(1<<64), 1e-9)
	}
}

// TestSmallest compares with sorting everything.
func TestSmallest(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	for _, keep := range []uint64{0, 1, 3, 100} {
		s, all := newSmallest(keep, everything(), 0), []entry(nil)
		for i := range 5000 {
			var sum digest.Sum
			// Many begin alike, and many are equal.
			sum[0], sum[7], sum[15] = 1+byte(rng.IntN(4)), byte(rng.IntN(8)), byte(rng.IntN(4))
			if e := (entry{Ticket(sum[:16]), ""}); e.ticket.high() <= s.limit { // as scan does
				s.add(&sum, fmt.Sprint(i))
			}
			all = append(all, entry{Ticket(sum[:16]), fmt.Sprint(i)})
		}

		if keep > 0 {
			require.LessOrEqual(t, len(s.entries), int(4*keep+256))
		}
		require.Equal(t, take(all, keep), append([]entry{}, take(s.entries, keep)...))
	}
	require.Empty(t, take(nil, 5))
}
