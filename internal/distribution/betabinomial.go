package distribution

import "math"

// FitBeta returns the beta distribution that rates most likely come from, if found[i] of n[i] units
// were found in group i: the maximum of the beta-binomial likelihood (Skellam, 1948; Griffiths, 1973)
// over the mean and the precision a + b. Counts need not be whole. The precision is between 0.1 and
// MaxPrecision; at the latter the groups differ no more than chance makes them. The result is
// NaN if nothing or everything was found, or if there are no units.
//
// The search is by golden sections in the logarithm of the precision and the logit of the mean, and
// gives the same result each time.
func FitBeta(found, n []float64) (a, b float64) {
	k, all := 0.0, 0.0
	for i := range n {
		k += found[i]
		all += n[i]
	}
	if !(k > 0 && k < all) {
		return math.NaN(), math.NaN()
	}
	pooled := math.Log(k / (all - k))
	mean := pooled
	likelihood := func(logit, precision float64) float64 {
		m := 1 / (1 + math.Exp(-logit))
		return betaBinomial(found, n, m*precision, (1-m)*precision)
	}
	precision := math.Exp(Maximum(math.Log(0.1), math.Log(MaxPrecision), func(log float64) float64 {
		s := math.Exp(log)
		mean = Maximum(pooled-3, pooled+3, func(logit float64) float64 { return likelihood(logit, s) })
		return likelihood(mean, s)
	}))
	// The likelihood is flat towards large precisions: the pooled model is taken if nothing is gained.
	if likelihood(pooled, MaxPrecision) >= likelihood(mean, precision)-1e-9 {
		mean, precision = pooled, MaxPrecision
	}
	m := 1 / (1 + math.Exp(-mean))
	return m * precision, (1 - m) * precision
}

// MaxPrecision is the greatest a + b that FitBeta returns.
const MaxPrecision = 1e6

// betaBinomial returns the logarithm of the likelihood, without the binomial coefficients.
func betaBinomial(found, n []float64, a, b float64) float64 {
	sum := 0.0
	base := logBeta(a, b)
	for i := range n {
		if n[i] > 0 {
			sum += logBeta(a+found[i], b+n[i]-found[i]) - base
		}
	}
	return sum
}

func logBeta(a, b float64) float64 {
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	return la + lb - lab
}

// Maximum returns where f is greatest between low and high, if it has one maximum there, to about 1e-5
// of the range, by golden sections.
func Maximum(low, high float64, f func(float64) float64) float64 {
	const ratio = 0.6180339887498949
	x, y := high-ratio*(high-low), low+ratio*(high-low)
	fx, fy := f(x), f(y)
	for range 24 {
		if fx < fy {
			low, x, fx = x, y, fy
			y = low + ratio*(high-low)
			fy = f(y)
		} else {
			high, y, fy = y, x, fx
			x = high - ratio*(high-low)
			fx = f(x)
		}
	}
	return (low + high) / 2
}
