// Package distribution has the quantiles that intervals are made of, the beta distribution that
// groups come from, and false-discovery control. All functions are pure and safe for concurrent use.
//
// They are two hundred lines. A statistics library would be in the module graph of every importer
// of the core for them.
package distribution

import "math"

// BetaCDF returns the regularized incomplete beta function I_x(a, b), the distribution function of
// the beta distribution, for a and b above 0: NaN otherwise, 0 below 0 and 1 above 1. It is the
// continued fraction of NIST's Digital Library of Mathematical Functions, 8.17.22, by Lentz's
// method; it is accurate to about 12 digits for parameters up to a million.
func BetaCDF(x, a, b float64) float64 {
	switch {
	case !(a > 0) || !(b > 0) || math.IsNaN(x):
		return math.NaN()
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2): // where the fraction would converge slowly
		return 1 - BetaCDF(1-x, b, a)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a
	const tiny = 1e-300
	c, d := 1.0, 1/nonzero(1-(a+b)*x/(a+1), tiny)
	f := d
	for m := 1.0; m < 100_000; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d = 1 / nonzero(1+even*d, tiny)
		c = nonzero(1+even/c, tiny)
		f *= c * d
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d = 1 / nonzero(1+odd*d, tiny)
		c = nonzero(1+odd/c, tiny)
		f *= c * d
		if math.Abs(c*d-1) < 1e-15 {
			break
		}
	}
	return front * f
}

func nonzero(x, tiny float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}

// BetaQuantile returns the x with BetaCDF(x, a, b) = p, by bisection to the last digit; NaN if p
// is not from 0 to 1.
func BetaQuantile(p, a, b float64) float64 {
	if !(p >= 0 && p <= 1) || !(a > 0) || !(b > 0) {
		return math.NaN()
	}
	low, high := 0.0, 1.0
	for {
		mid := low + (high-low)/2
		if mid <= low || mid >= high {
			return mid
		}
		if BetaCDF(mid, a, b) < p {
			low = mid
		} else {
			high = mid
		}
	}
}

// TQuantile returns the quantile of Student's distribution for p
// above 1/2: t² /(t² + n) has the
// beta distribution with parameters 1/2 and n/2.
func TQuantile(p, n float64) float64 {
	x := BetaQuantile(2*p-1, 0.5, n/2)
	return math.Sqrt(n * x / (1 - x))
}

// NormalQuantile returns the quantile of the standard normal distribution; NaN if p is not from 0 to 1.
func NormalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }
