package model

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// A reference is what a model says of facts, by the words of the package comment, in big numbers,
// one term and one visit at a time.
type reference struct {
	terms []*big.Int
	total *big.Int
	class string
	err   string
}

func score(d Definition, facts []Fact, on registry.Date) (r reference) {
	number := func(n uint64) *big.Int { return new(big.Int).SetUint64(n) }
	counting := slices.DeleteFunc(slices.Clone(facts), func(f Fact) bool { return f.Date.Compare(on) > 0 })
	if d.Latest {
		if len(counting) == 0 {
			return reference{err: "no visit"}
		}
		latest := slices.MaxFunc(counting, CompareFacts)
		counting = slices.DeleteFunc(counting, func(f Fact) bool { return f.Date != latest.Date || f.Visit != latest.Visit })
	}
	r.total = new(big.Int)
	for i, t := range d.Terms {
		type visit struct {
			day   registry.Date
			visit uint32
		}
		visits := map[visit]*big.Int{}
		facts := 0
		for _, f := range counting {
			if int(f.Term) != i {
				continue
			}
			facts++
			v := visit{f.Date, f.Visit}
			if visits[v] == nil {
				visits[v] = new(big.Int)
			}
			points := new(big.Int).Mul(number(uint64(f.Points)), number(uint64(f.Count)))
			visits[v].Add(visits[v], points.Mul(points, number(t.Factor)))
		}
		if t.Once && facts != 1 && r.err == "" {
			r.err = t.Label
		}
		sum := new(big.Int)
		for v, points := range visits {
			if most := number(t.VisitMost); t.VisitMost > 0 && points.Cmp(most) > 0 {
				points = most
			}
			sum.Add(sum, new(big.Int).Mul(points, number(weight(d, t.Times, v.day, on))))
		}
		for _, table := range d.Times {
			if table.Label == t.Times {
				rest := new(big.Int)
				sum.DivMod(sum, number(table.Divisor), rest)
				if table.RoundUp && rest.Sign() > 0 {
					sum.Add(sum, big.NewInt(1))
				}
			}
		}
		if least := number(t.Least); sum.Cmp(least) < 0 {
			sum = least
		}
		if most := number(t.Most); t.Most > 0 && sum.Cmp(most) > 0 {
			sum = most
		}
		r.terms = append(r.terms, sum)
		r.total.Add(r.total, sum)
	}
	for _, c := range d.Classes {
		fits := r.total.Cmp(number(c.Total)) <= 0
		for _, points := range r.terms {
			fits = fits && points.Cmp(number(c.EachTerm)) <= 0
		}
		if fits {
			r.class = c.Label
			break
		}
	}
	return r
}

// weight looks up the time weight by day counts, month by month.
func weight(d Definition, table string, day, on registry.Date) uint64 {
	for _, t := range d.Times {
		if t.Label != table {
			continue
		}
		for _, s := range t.Steps {
			if back := on.AddMonths(-s.Months); on.DaysSince(day) <= on.DaysSince(back) {
				return s.Weight
			}
		}
		return t.Else
	}
	return 1
}

// TestAgainstReference compares both ways of scoring with the reference, over random models and
// facts, and checks what holds for every score.
func TestAgainstReference(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 11))
	on := date("2024-08-31") // six months before is a leap day
	classes, failed, cut, limited, excluded := map[string]int{}, 0, 0, 0, 0
	for range 10_000 {
		d := randomDefinition(rng)
		m, err := New(d)
		require.NoError(t, err)
		s := scorer(t, m, "2024-08-31")
		facts := randomFacts(rng, m, on)
		before := slices.Clone(facts)
		want := score(d, facts, on)
		got, err := s.Score(facts)
		class, total, err2 := s.Classify(facts)
		require.Equal(t, before, facts, "facts are not changed")
		if want.err != "" {
			require.ErrorContains(t, err, want.err)
			require.EqualError(t, err2, err.Error())
			failed++
			continue
		}
		require.NoError(t, err)
		require.NoError(t, err2)
		require.Equal(t, want.class, got.Class.Label)
		require.Equal(t, got.Class, class)
		require.Equal(t, want.total.Uint64(), got.Total)
		require.Equal(t, got.Total, total)
		for i, points := range want.terms {
			require.Equal(t, points.Uint64(), got.Lines[i].Points, textOf(t, m))
			cut += int(got.Lines[i].Cut)
			limited += len(got.Lines[i].Limit)
		}
		excluded += got.Excluded
		classes[class.Label]++
		requireAdds(t, got, len(facts))
		requireReads(t, got.String())

		// The order of facts plays no part.
		slices.SortFunc(facts, func(a, b Fact) int { return CompareFacts(b, a) })
		again, err := s.Score(facts)
		require.NoError(t, err)
		require.Equal(t, got, again)

		// Nor does another fact after the day, unless it is not counted.
		if len(facts) > 0 {
			later := facts[0]
			later.Date = on.AddDays(1)
			again, err := s.Score(append(facts, later))
			require.NoError(t, err)
			require.Equal(t, got.Excluded+1, again.Excluded)
			again.Excluded = got.Excluded
			require.Equal(t, got, again)
		}
	}
	// The random models reach what they should.
	require.Len(t, classes, 4)
	for _, n := range []int{failed, cut, limited, excluded} {
		require.Greater(t, n, 500)
	}
}

// requireAdds checks that the fields of a score add up.
func requireAdds(t *testing.T, s *Score, facts int) {
	var total, highest uint64
	counted := 0
	for _, l := range s.Lines {
		var points, sum uint64
		for _, p := range l.Parts {
			points += p.Points
			sum += p.Points * p.Weight
		}
		require.Equal(t, l.Raw, points+l.Cut)
		require.Equal(t, l.Sum, sum)
		require.True(t, l.Sum/l.Divisor == l.Quot || l.Quot == l.Sum/l.Divisor+1 && l.Sum%l.Divisor > 0)
		if l.Limit == "" {
			require.Equal(t, l.Quot, l.Points)
		}
		total += l.Points
		highest = max(highest, l.Points)
		counted += l.Facts
	}
	require.Equal(t, total, s.Total)
	require.Equal(t, highest, s.Highest)
	require.Equal(t, facts, counted+s.Excluded)
	require.Greater(t, s.Class.Weight, uint64(0))
	require.Greater(t, s.Class.Rate, registry.PPM(0))
	for _, c := range s.Missed {
		require.True(t, s.Total > c.Total || s.Highest > c.EachTerm)
	}
}

// TestMorePointsNeverHelp adds a fact to the latest visit: the total does not fall and the class
// is not an earlier one.
func TestMorePointsNeverHelp(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	on := date("2024-02-29")
	moved := 0
	for range 5_000 {
		d := randomDefinition(rng)
		for i := range d.Terms {
			d.Terms[i].Once = false
		}
		m, err := New(d)
		require.NoError(t, err)
		s := scorer(t, m, "2024-02-29")
		facts := randomFacts(rng, m, on)
		class, total, err := s.Classify(facts)
		if err != nil {
			require.IsType(t, &NoVisitError{}, err)
			continue
		}
		latest := slices.MaxFunc(append(facts, Fact{Date: d.From}), func(a, b Fact) int {
			if a.Date.Compare(on) > 0 || b.Date.Compare(on) > 0 {
				return -a.Date.Compare(b.Date)
			}
			return CompareFacts(a, b)
		})
		more := randomFacts(rng, m, on)
		for i := range more {
			more[i].Date, more[i].Visit = latest.Date, latest.Visit
		}
		class2, total2, err := s.Classify(append(facts, more...))
		require.NoError(t, err)
		require.GreaterOrEqual(t, total2, total)
		order := func(c Class) int { return slices.Index(d.Classes, c) }
		require.GreaterOrEqual(t, order(class2), order(class))
		if order(class2) > order(class) {
			moved++
		}
	}
	require.Greater(t, moved, 200)
}

// TestLargest scores the most that a model and its facts can hold.
func TestLargest(t *testing.T) {
	d := Definition{Name: "largest", Version: 1, From: date("2020-01-01"), Title: "x",
		Times:   []Times{{Label: "t", Else: MaxTime, Divisor: 1}},
		Classes: []Class{{Label: "c", Total: NoLimit, EachTerm: NoLimit, Rate: 1, Weight: 1}}}
	for i := range MaxTerms {
		term := Term{Label: strings.Repeat("x", i+1), Points: []Range{{0, MaxPoints}}, Factor: MaxFactor, Times: "t"}
		if i > 0 {
			term.Least = MaxLimit
		}
		d.Terms = append(d.Terms, term)
	}
	m, err := New(d)
	require.NoError(t, err)
	s := scorer(t, m, "2026-01-01")
	facts := slices.Repeat([]Fact{{Date: date("2000-01-01"), Points: MaxPoints, Count: MaxCount}}, MaxFacts)
	got, err := s.Score(facts)
	require.NoError(t, err)
	const most = 10_000_000_000_000_000_000
	require.Equal(t, uint64(most), got.Lines[0].Points)
	require.Equal(t, uint64(most+(MaxTerms-1)*MaxLimit), got.Total)

	_, err = s.Score(append(facts, facts[0]))
	require.EqualError(t, err, "model: 1000001 facts, expected at most 1000000")
	_, _, err = s.Classify(append(facts, facts[0]))
	require.EqualError(t, err, "model: 1000001 facts, expected at most 1000000")
}
