package evaluate

import (
	"math"
)

// least is the smallest p-value that is told apart from others: what is less likely than that is not summed.
const least = 1e-50

// A countChance is the distribution of a count: p[i] is the probability of low + i. Where it is cut, less than about 1e-60 of the greatest is
// lost at each place.
type countChance struct {
	low int
	p   []float64
}

// certain returns the distribution of what is always n.
func certain(n int) countChance { return countChance{n, []float64{1}} }

// hypergeometric returns the distribution of how many with findings are among drawn of all visits, if found of all have
// them and chance draws. It is built from its mode by the ratios of neighbours.
func hypergeometric(all, found, drawn int) countChance {
	low, high := max(0, drawn-(all-found)), min(found, drawn)
	ratio := func(x int) float64 { // p(x + 1) by p(x)
		return float64(found-x) / float64(x+1) * (float64(drawn-x) / float64(all-found-drawn+x+1))
	}
	mode := int(float64(drawn+1) * float64(found+1) / float64(all+2))
	mode = min(max(mode, low), high)
	var below []float64 // from the mode downwards
	for x, p := mode-1, 1.0; x >= low; x-- {
		if p /= ratio(x); p < least*1e-10 {
			break
		}
		below = append(below, p)
	}
	d := countChance{low: mode - len(below), p: make([]float64, 0, 2*len(below)+1)}
	for i := len(below) - 1; i >= 0; i-- {
		d.p = append(d.p, below[i])
	}
	d.p = append(d.p, 1)
	for x, p := mode, 1.0; x < high; x++ {
		if p *= ratio(x); p < least*1e-10 {
			break
		}
		d.p = append(d.p, p)
	}
	sum := 0.0
	for _, p := range d.p {
		sum += p
	}
	for i := range d.p {
		d.p[i] /= sum
	}
	return d
}

// plus returns the distribution of the sum of two independent counts.
func (d countChance) plus(e countChance) countChance {
	if len(e.p) > len(d.p) {
		d, e = e, d
	}
	sum := countChance{d.low + e.low, make([]float64, len(d.p)+len(e.p)-1)}
	for j, q := range e.p {
		for i, p := range d.p {
			sum.p[i+j] += p * q
		}
	}
	return sum.cut()
}

// plusOne returns the distribution of the sum with a count that is 1 with probability q and otherwise 0. It may use d's memory.
func (d countChance) plusOne(q float64) countChance {
	d.p = append(d.p, 0)
	for i := len(d.p) - 1; i > 0; i-- {
		d.p[i] = d.p[i]*(1-q) + d.p[i-1]*q
	}
	d.p[0] *= 1 - q
	return d.cut()
}

// cut leaves out what is negligible at both ends.
func (d countChance) cut() countChance {
	from, to := 0, len(d.p)
	for from < to-1 && d.p[from] < least*1e-10 {
		from++
	}
	for to > from+1 && d.p[to-1] < least*1e-10 {
		to--
	}
	return countChance{d.low + from, d.p[from:to]}
}

// tails returns the probabilities of at most and at least n, each summed from its end.
func (d countChance) tails(n int) (atMost, atLeast float64) {
	for i := 0; i < len(d.p) && d.low+i <= n; i++ {
		atMost += d.p[i]
	}
	for i := len(d.p) - 1; i >= 0 && d.low+i >= n; i-- {
		atLeast += d.p[i]
	}
	return min(1, atMost), min(1, atLeast)
}

// twoSided returns twice the smaller tail of n, from least to 1. Whatever the distribution, it is at most α with
// probability at most α.
func (d countChance) twoSided(n int) float64 {
	atMost, atLeast := d.tails(n)
	return min(1, max(least, 2*min(atMost, atLeast)))
}

// quantile returns the smallest count r with P(R ≤ r) ≥ p, less the share of its step that is above p, so that the
// limits of a funnel do not jump (Spiegelhalter, 2005, A.1.1). It is at least 0.
func (d countChance) quantile(p float64) float64 {
	sum := 0.0
	for i, q := range d.p {
		if sum += q; sum >= p || i == len(d.p)-1 {
			return max(0, float64(d.low+i)-max(0, sum-p)/q)
		}
	}
	panic("evaluate: a distribution without values")
}

// tailPoint returns the z ≥ 0 with P(Z ≥ z) = p for a standard normal Z, for p from 1e-300 to 1/2. The quantile function would
// lose small tails.
func tailPoint(p float64) float64 {
	low, high := 0.0, 40.0
	for range 60 {
		mid := (low + high) / 2
		if math.Erfc(mid/math.Sqrt2)/2 > p {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// equalShares sets expectation, standard deviation and chance where a team shares its visits. The test is of the number of
// visits attended, which is hypergeometric in each stratum whatever the shares are.
func (t *table) equalShares(r *Report) {
	type sums struct {
		attended int
		weight   float64
		squares  float64
	}
	in := make([]sums, len(t.strata))
	for i := range r.Inspectors {
		f := &r.Inspectors[i]
		var strata []int32
		var shares, found fractions
		for _, v := range t.attended[i] {
			visit := &t.visits[v]
			size := len(visit.team)
			shares[size-1]++
			if visit.found {
				found[size-1]++
			}
			s := &in[visit.stratum]
			if s.attended == 0 {
				strata = append(strata, visit.stratum)
			}
			s.attended++
			s.weight += 1 / float64(size)
			s.squares += 1 / float64(size*size)
		}
		f.Visits, f.Found = shares.sum(), found.sum()
		chance, variance, expected := certain(0), 0.0, 0.0
		for _, h := range strata {
			all, s := t.strata[h], &in[h]
			chance = chance.plus(hypergeometric(all.Visits, all.Found, s.attended))
			p := all.Rate()
			f.Expected += p * s.weight
			expected += p * float64(s.attended)
			if all.Visits > s.attended { // drawn without replacement
				n := float64(all.Visits)
				variance += p * (1 - p) * n / (n - 1) * max(0, s.squares-s.weight*s.weight/n)
			}
			*s = sums{}
		}
		f.SD = math.Sqrt(variance)
		r.test(f, chance, expected)
	}
}

// fractions counts by the sizes of teams. Sums of shares are taken from it so that whole ones come out whole.
type fractions [MaxTeam]int

func (f fractions) sum() (sum float64) {
	for i, n := range f {
		sum += float64(n) / float64(i+1)
	}
	return sum
}

// test sets z, the p-value of chance alone, the direction and the funnel limits of chance, given the distribution of
// AttendedFound and its mean.
func (r *Report) test(f *Figures, chance countChance, expected float64) {
	f.Limits = [2]Limits{{r.Rules.Limits[0], none(), none(), none()}, {r.Rules.Limits[1], none(), none(), none()}}
	f.Z, f.P, f.PSpread, f.Q = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	if f.Attended < r.Rules.MinVisits || len(chance.p) == 1 || f.SD == 0 {
		f.Verdict = InsufficientData
		return
	}
	f.Z, f.P = (f.Found-f.Expected)/f.SD, chance.twoSided(f.AttendedFound)
	switch {
	case f.Z < 0:
		f.Direction = Lenient
	case f.Z > 0:
		f.Direction = Harsh
	}
	for i := range f.Limits {
		l := &f.Limits[i]
		tail := (1 - l.Level) / 2
		l.Chance = Interval{chance.quantile(tail), chance.quantile(1 - tail)}.scaled(1 / expected)
	}
}
