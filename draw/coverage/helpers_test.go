package coverage

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"iter"
	"math"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func date(t testing.TB, s string) registry.Date {
	t.Helper()
	d, err := registry.ParseDate(s)
	require.NoError(t, err)
	return d
}

// quarters returns the first n quarters from 2026 on.
func quarters(t testing.TB, n int) (batches []Batch) {
	from := date(t, "2026-01-01")
	for i := range n {
		next := from.AddMonths(3)
		batches = append(batches, Batch{fmt.Sprintf("%dQ%d", 2026+i/4, i%4+1), from, next.AddDays(-1)})
		from = next
	}
	return batches
}

func frameOf(t testing.TB, text string) *registry.Frame {
	t.Helper()
	frame, err := registry.ParseFrame(strings.NewReader(text))
	require.NoError(t, err)
	return frame
}

func scheduleText(t testing.TB, s *Schedule) string {
	t.Helper()
	var b bytes.Buffer
	n, err := s.WriteTo(&b)
	require.NoError(t, err)
	require.EqualValues(t, b.Len(), n)
	return b.String()
}

func frameText(t testing.TB, f *registry.Frame) string {
	t.Helper()
	var b bytes.Buffer
	_, err := f.WriteTo(&b)
	require.NoError(t, err)
	return b.String()
}

func planText(t testing.TB, p *Plan) string {
	t.Helper()
	text, err := p.MarshalText()
	require.NoError(t, err)
	return string(text)
}

// numbered yields n units of the given strata and weights in turn.
func numbered(n int, strata []string, weights []uint64) iter.Seq2[registry.Unit, error] {
	return func(yield func(registry.Unit, error) bool) {
		for i := range n {
			u := registry.Unit{ID: fmt.Sprintf("u%06d", i), Stratum: strata[i%len(strata)], Weight: weights[i/len(strata)%len(weights)]}
			if !yield(u, nil) {
				return
			}
		}
	}
}

func numberedFrame(t testing.TB, n int, strata []string, weights []uint64) *registry.Frame {
	t.Helper()
	frame, err := registry.NewFrame(numbered(n, strata, weights))
	require.NoError(t, err)
	return frame
}

// planOf returns the plan of a frame with shares by weight, in as many quarters.
func planOf(t testing.TB, frame *registry.Frame, lead int, parts map[uint64][]uint64) *Plan {
	t.Helper()
	shares, err := SharesByWeight(frame, parts)
	require.NoError(t, err)
	plan, err := NewPlan(draw.SHA256(), frame, Terms{quarters(t, len(shares[0].Parts)), lead, shares})
	require.NoError(t, err)
	return plan
}

func run(t testing.TB, plan *Plan, frame *registry.Frame, seed draw.Seed) *Schedule {
	t.Helper()
	s, err := Run(plan, frame, seed)
	require.NoError(t, err)
	return s
}

// seedOf returns a seed that looks like one.
func seedOf(i int) draw.Seed { return sha256.Sum256(fmt.Appendf(nil, "seed %d", i)) }

// A shell hides SHA-256 from those who would recognise it, and may spoil it.
type shell struct {
	hash.Hash
	spoil int // leading bytes of each digest that are zero
}

func (s shell) Sum(b []byte) []byte {
	sum := s.Hash.Sum(nil)
	copy(sum, make([]byte, s.spoil))
	return append(b, sum...)
}

func shellSuite(t testing.TB, spoil int) draw.Suite {
	t.Helper()
	newHash := func() hash.Hash { return shell{sha256.New(), spoil} }
	answer := newHash().Sum(nil)
	suite, err := draw.NewSuite("sha256", newHash, draw.KnownAnswer{Message: "", Digest: fmt.Sprintf("%x", answer)})
	require.NoError(t, err)
	return suite
}

// requireChiSquare compares counts with chances that add up to 1. Seeds are fixed,
// so that a test passes always or never; the threshold is the 99.99 % quantile of
// the distribution, by the approximation of Wilson and Hilferty.
func requireChiSquare(t *testing.T, chances []float64, seen []int) {
	t.Helper()
	trials, chi, k := 0, 0.0, -1.0
	for _, n := range seen {
		trials += n
	}
	for i, chance := range chances {
		want := chance * float64(trials)
		if chance == 0 {
			require.Zero(t, seen[i])
			continue
		}
		require.Greater(t, want, 20.0, "too few trials")
		chi += (float64(seen[i]) - want) * (float64(seen[i]) - want) / want
		k++
	}
	v := 2 / (9 * k)
	require.Less(t, chi, k*math.Pow(1-v+3.719*math.Sqrt(v), 3), "seen %v of chances %v", seen, chances)
}
