package evaluate

import (
	"math"
	"slices"

	"github.com/doublerandom/doublerandom/internal/distribution"
)

// A Dispersion is how much more inspectors differ than chance makes them: by districts, seasons and habits that the
// strata do not know. Funnel limits without it would accuse most of them where there are many visits.
type Dispersion struct {
	Inspectors int // with enough data
	// Phi is the mean square of their z-scores, of which the least and the greatest are drawn in to the next
	// ones (winsorised), so that the few who stand out do not widen the limits for themselves.
	Phi float64
	// Corrected is Phi by what Phi is where chance alone decides and z-scores are normal: 0.68 if a tenth is drawn in at either
	// end. Without this a moderate spread would not be seen, to the disadvantage of the inspectors.
	Corrected float64
	// Tau is the standard deviation of the ratios O/E of inspectors that is not chance: from Corrected by the moments that DerSimonian
	// and Laird (1986) use, as in Spiegelhalter (2005); 0 if there is none.
	Tau float64
}

// disperse measures the spread and sets what allows for it: the p-value and the limits.
func (r *Report) disperse() {
	var z, weights []float64
	for i := range r.Inspectors {
		if f := &r.Inspectors[i]; f.Verdict != InsufficientData {
			z = append(z, f.Z)
			weights = append(weights, f.Expected/f.SD*f.Expected/f.SD)
		}
	}
	r.Dispersion = dispersion(z, weights, r.Rules.Winsor)
	factor := math.Sqrt(max(1, r.Dispersion.Corrected)) // NaN without inspectors, where it is not used
	for i := range r.Inspectors {
		f := &r.Inspectors[i]
		if f.Verdict == InsufficientData {
			continue
		}
		chance := f.SD / f.Expected
		both := math.Hypot(chance, r.Dispersion.Tau)
		f.PSpread = f.P
		if r.Dispersion.Tau > 0 {
			// The exact p-value as a normal deviate, of which the spread takes its share.
			f.PSpread = max(f.P, math.Erfc(tailPoint(f.P/2)*chance/both/math.Sqrt2))
		}
		for j := range f.Limits {
			l := &f.Limits[j]
			z := distribution.NormalQuantile((1 + l.Level) / 2)
			l.Multiplied = around(z * chance * factor)
			l.Added = around(z * both)
		}
	}
}

// around returns the interval around a ratio of 1; no ratio is below 0.
func around(half float64) Interval { return Interval{max(0, 1-half), 1 + half} }

// dispersion returns the spread of z-scores. The weights are the inverse variances of the ratios by chance.
func dispersion(z, weights []float64, winsor float64) Dispersion {
	d := Dispersion{Inspectors: len(z)}
	if len(z) == 0 {
		d.Phi, d.Corrected = math.NaN(), math.NaN()
		return d
	}
	n := float64(len(z))
	drawnIn := int(winsor * n)
	sorted := slices.Sorted(slices.Values(z))
	low, high := sorted[drawnIn], sorted[len(z)-1-drawnIn]
	for _, x := range sorted {
		x = min(max(x, low), high)
		d.Phi += x * x / n
	}
	d.Corrected = d.Phi / winsorisedSquare(float64(drawnIn)/n)
	sum, squares := 0.0, 0.0
	for _, w := range weights {
		sum += w
		squares += w * w
	}
	if excess := n*d.Corrected - (n - 1); excess > 0 && sum > squares/sum {
		d.Tau = math.Sqrt(excess / (sum - squares/sum))
	}
	return d
}

// winsorisedSquare returns the mean square of standard normal variates of which a share at either end is drawn in to its
// quantile x: the integral of z² between −x and x, which is 1 − 2·share − 2·x·density(x), and x² for the rest.
func winsorisedSquare(share float64) float64 {
	if share == 0 {
		return 1
	}
	x := distribution.NormalQuantile(1 - share)
	density := math.Exp(-x*x/2) / math.Sqrt(2*math.Pi)
	return 1 - 2*share - 2*x*density + 2*share*x*x
}
