package evaluate

import (
	"math"

	"github.com/doublerandom/doublerandom/internal/distribution"
)

// An Interval is a range of values. It is NaN to NaN where there is none.
type Interval struct {
	Low, High float64 // both ends are in it
}

// String returns the interval of a rate in percent, such as "0–7.1 %".
func (i Interval) String() string {
	low := percent(i.Low)
	return low[:len(low)-len(" %")] + "–" + percent(i.High)
}

// scaled returns the interval times a factor.
func (i Interval) scaled(factor float64) Interval { return Interval{i.Low * factor, i.High * factor} }

// Exact returns the interval of Clopper and Pearson (1934) for a rate of which k in n was seen: that of all rates at which neither so
// many nor so few are less likely than (1 − level)/2. It holds the true rate at least as often as level says. Shares of
// visits need not be whole: the interval's beta distributions have a meaning then, too (as in Korn and Graubard, 1998).
// It is 0–1 for n = 0, and NaN unless 0 ≤ k ≤ n and 0 < level < 1.
func Exact(k, n, level float64) Interval {
	if !counts(k, n, level) {
		return none()
	}
	tail, i := (1-level)/2, Interval{0, 1}
	if k > 0 {
		i.Low = distribution.BetaQuantile(tail, k, n-k+1)
	}
	if k < n {
		i.High = distribution.BetaQuantile(1-tail, k+1, n-k)
	}
	return i
}

// Wilson returns the interval of Wilson (1927): that of all rates that the normal approximation does not reject. It holds the
// true rate about as often as level says, and is narrower than that of [Exact], which it otherwise resembles.
func Wilson(k, n, level float64) Interval {
	if !counts(k, n, level) {
		return none()
	}
	if n == 0 {
		return Interval{0, 1}
	}
	z := distribution.NormalQuantile((1 + level) / 2)
	p, z2 := k/n, z*z
	centre := (p + z2/(2*n)) / (1 + z2/n)
	half := z / (1 + z2/n) * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	i := Interval{max(0, centre-half), min(1, centre+half)}
	// At the ends the exact value is known, which rounding would miss.
	if k == 0 {
		i.Low = 0
	}
	if k == n {
		i.High = 1
	}
	return i
}

func counts(k, n, level float64) bool {
	return k >= 0 && k <= n && !math.IsInf(n, 0) && level > 0 && level < 1
}

func none() Interval { return Interval{math.NaN(), math.NaN()} }

// A Prior is the beta distribution that a rate is taken to come from before its visits are counted: its mean is A/(A + B),
// and A + B, its precision, is the number of visits that it is worth.
type Prior struct {
	A, B float64 // above 0
}

// Posterior returns the mean and the central interval of the rate after k in n was seen (Efron and Morris, 1973, for the idea; the
// beta-binomial model is Skellam's, 1948): the rate is drawn towards the mean of the prior, the more so the smaller n. All is NaN unless
// A and B are above 0, 0 ≤ k ≤ n and 0 < level < 1.
func (p Prior) Posterior(k, n, level float64) (mean float64, interval Interval) {
	if !(p.A > 0) || !(p.B > 0) || !counts(k, n, level) {
		return math.NaN(), none()
	}
	a, b, tail := p.A+k, p.B+n-k, (1-level)/2
	return a / (a + b), Interval{distribution.BetaQuantile(tail, a, b), distribution.BetaQuantile(1-tail, a, b)}
}

// Prior returns the prior of an inspector with these figures: its mean is the expected rate, Expected by Visits, so that who goes
// where little is found is drawn towards little; its precision is the report's.
func (r *Report) Prior(f Figures) Prior {
	mean := f.Expected / f.Visits
	return Prior{mean * r.Precision, (1 - mean) * r.Precision}
}

// intervals sets what follows from the counts of each alone and from the common prior.
func (r *Report) intervals() {
	r.Precision = r.precision()
	type counts struct{ k, n float64 }
	exact := map[counts]Interval{} // small counts occur again and again, and their quantiles take long
	for i := range r.Inspectors {
		f := &r.Inspectors[i]
		f.Rate = f.Found / f.Visits
		c := counts{f.Found, f.Visits}
		if _, ok := exact[c]; !ok {
			exact[c] = Exact(f.Found, f.Visits, r.Rules.Level)
		}
		f.Exact, f.Wilson = exact[c], Wilson(f.Found, f.Visits, r.Rules.Level)
		f.Ratio, f.RatioInterval = math.NaN(), none()
		if f.Expected > 0 {
			f.Ratio, f.RatioInterval = f.Found/f.Expected, f.Exact.scaled(f.Visits/f.Expected)
		}
		f.Shrunk, f.ShrunkInterval = r.Prior(*f).Posterior(f.Found, f.Visits, r.Rules.Level)
	}
}

// precision returns the common precision of the priors: the maximum of the beta-binomial likelihood (Griffiths, 1973; with a mean
// of its own for each as in Kleinman, 1973) of what was found at the visits attended, searched in its logarithm by golden sections.
// It is from 0.1 to [distribution.MaxPrecision], where inspectors differ no more than chance makes them.
func (r *Report) precision() float64 {
	if r.Found == 0 || r.Found == r.Visits {
		return math.NaN()
	}
	low, high := math.Log(0.1), math.Log(distribution.MaxPrecision)
	best := math.Exp(distribution.Maximum(low, high, func(log float64) float64 { return r.likelihood(math.Exp(log)) }))
	// The likelihood is flat towards large precisions.
	if r.likelihood(distribution.MaxPrecision) >= r.likelihood(best)-1e-9 {
		return distribution.MaxPrecision
	}
	return best
}

// likelihood returns the logarithm of the likelihood of a precision, without the binomial coefficients.
func (r *Report) likelihood(precision float64) (sum float64) {
	for i := range r.Inspectors {
		f := &r.Inspectors[i]
		mean := f.Expected / f.Visits
		if mean <= 0 || mean >= 1 {
			continue // only strata in which all visits were alike
		}
		step := 1 / precision
		sum += logRising(mean, step, f.AttendedFound) + logRising(1-mean, step, f.Attended-f.AttendedFound) - logRising(1, step, f.Attended)
	}
	return sum
}

// logRising returns the sum of log(x + j·step) for j from 0 to n − 1: a ratio of gamma functions without their cancellation.
func logRising(x, step float64, n int) (sum float64) {
	product := 1.0
	for j := range n {
		product *= x + float64(j)*step
		if product < 1e-200 || product > 1e200 {
			sum += math.Log(product)
			product = 1
		}
	}
	return sum + math.Log(product)
}
