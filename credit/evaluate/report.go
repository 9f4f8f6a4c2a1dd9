package evaluate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/distribution"
)

// A Report is the result of an evaluation. Its inspectors are sorted by their IDs, and nothing in it sorts them by rates.
type Report struct {
	Rules      Rules      // it was made by
	Visits     int        // all
	Found      int        // visits at which something was found
	Strata     []Stratum  // sorted by their labels
	Precision  float64    // of the prior distributions: see Prior; NaN if nothing or everything was found
	Dispersion Dispersion // how much inspectors differ
	Inspectors []Figures  // all, sorted by their IDs
}

// A Stratum is what was found in a stratum by everybody.
type Stratum struct {
	Label  string // of the visits
	Visits int    // in the stratum
	Found  int    // visits at which something was found
}

// Rate returns the share of visits at which something was found.
func (s Stratum) Rate() float64 { return float64(s.Found) / float64(s.Visits) }

// A Verdict is what follows for an inspector. There are three, and none of them is a grade.
type Verdict uint8

const (
	// InsufficientData is for fewer visits than the minimum, and where there is nobody to compare with.
	InsufficientData Verdict = iota + 1
	// WithinLimits is for all who do not stand out.
	WithinLimits
	// Review is a trigger for a review by people, who look at the cases.
	Review
)

// String returns the verdict in words.
func (v Verdict) String() string {
	switch v {
	case InsufficientData:
		return "insufficient data"
	case WithinLimits:
		return "within limits"
	case Review:
		return "review"
	}
	return fmt.Sprintf("Verdict(%d)", uint8(v))
}

// A Direction says on which side of the expectation an inspector is.
type Direction int8

const (
	// Lenient is for less than expected was found.
	Lenient Direction = iota - 1
	// AsExpected is for just the expectation.
	AsExpected
	// Harsh is for more than expected was found.
	Harsh
)

// String returns the direction in words.
func (d Direction) String() string {
	switch d {
	case Lenient:
		return "finds less than expected"
	case AsExpected:
		return "finds what is expected"
	case Harsh:
		return "finds more than expected"
	}
	return fmt.Sprintf("Direction(%d)", int8(d))
}

// Figures are those of one inspector. Z, Limits and the p-values are NaN if the verdict is InsufficientData.
type Figures struct {
	Inspector     string // ID
	Attended      int    // visits
	AttendedFound int    // of these with a finding

	Visits   float64 // as they count: shares of visits with EqualShares, else as attended
	Found    float64 // the same of visits with a finding: O
	Expected float64 // the same by the strata, and by the partners with PairModel: E
	SD       float64 // standard deviation of Found if chance alone decides

	Rate           float64  // Found by Visits
	Exact, Wilson  Interval // of Rate, at the level of the rules
	Shrunk         float64  // the empirical Bayes mean of the rate
	ShrunkInterval Interval // of the posterior
	Ratio          float64  // O/E; NaN if nothing is expected
	RatioInterval  Interval // the exact interval of the rate by the expected rate

	Z       float64   // (O − E)/SD
	Limits  [2]Limits // funnel limits of Ratio
	P       float64   // of so great a difference in either direction by chance alone; not below 1e-50
	PSpread float64   // the same with the usual spread between inspectors
	Q       float64   // PSpread adjusted by Benjamini and Hochberg over all with enough data

	Effect   float64 // with PairModel: what a member adds to a team's log odds, shrunk
	Partner  string  // who was most often in the same team; "" if nobody was
	Together int     // visits with that partner

	Direction Direction // of Found from Expected
	Verdict   Verdict   // what follows
}

// Limits are the funnel limits of O/E at one level: who is outside is not one of those that the limits are for.
type Limits struct {
	Level      float64  // such as 0.95
	Chance     Interval // if nothing but chance makes a difference: exact, interpolated (Spiegelhalter, 2005, appendix)
	Multiplied Interval // with the variance multiplied by φ, if that is above 1
	Added      Interval // with τ² added to the variance; verdicts allow for the spread in this way
}

// Triggers returns those with the verdict Review, sorted by their IDs.
func (r *Report) Triggers() []Figures {
	var list []Figures
	for _, f := range r.Inspectors {
		if f.Verdict == Review {
			list = append(list, f)
		}
	}
	return list
}

// Find returns the figures of an inspector, and whether there are any.
func (r *Report) Find(inspector string) (Figures, bool) {
	i, ok := slices.BinarySearchFunc(r.Inspectors, inspector, func(f Figures, id string) int { return strings.Compare(f.Inspector, id) })
	if !ok {
		return Figures{}, false
	}
	return r.Inspectors[i], true
}

// decide adjusts the p-values and sets the verdicts.
func (r *Report) decide() {
	p := make([]float64, len(r.Inspectors))
	for i := range p {
		p[i] = r.Inspectors[i].PSpread
	}
	for i, q := range distribution.AdjustPValues(p) {
		f := &r.Inspectors[i]
		f.Q = q
		switch {
		case f.Verdict == InsufficientData:
		case q <= r.Rules.FDR:
			f.Verdict = Review
		default:
			f.Verdict = WithinLimits
		}
	}
}

// Explain returns the figures of one of the report's inspectors as a paragraph for the file, with what they do not say.
func (r *Report) Explain(f Figures) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	say("%s: at %s of %d visits something was found", f.Inspector, plain(float64(f.AttendedFound)), f.Attended)
	if f.Visits != float64(f.Attended) {
		say("; as shares of teams %s of %s", plain(f.Found), plain(f.Visits))
	}
	say(", where %s would be expected from all inspectors' visits in the same strata", plain(f.Expected))
	if r.Rules.Teams == PairModel {
		say(" and the effects of the partners")
	}
	say(". The rate is %s (exact %s, Wilson %s, each at %s); drawn towards the expectation it is %s (%s).",
		percent(f.Rate), f.Exact, f.Wilson, percent(r.Rules.Level), percent(f.Shrunk), f.ShrunkInterval)
	if f.Verdict == InsufficientData {
		if f.Attended < r.Rules.MinVisits {
			say(" These are insufficient data: %d visits, expected at least %d.", f.Attended, r.Rules.MinVisits)
		} else {
			say(" These are insufficient data: nothing at these visits could be compared with other inspectors' visits.")
		}
		return b.String()
	}
	say(" That is %.2f times the expectation (%.2f–%.2f), z = %.2f. By chance alone so great a difference in either direction has p = %.2g.",
		f.Ratio, f.RatioInterval.Low, f.RatioInterval.High, f.Z, f.P)
	say(" Inspectors differ with φ = %.2f and τ = %.2f; with that spread p = %.2g, and q = %.2g over %d inspectors.",
		r.Dispersion.Phi, r.Dispersion.Tau, f.PSpread, f.Q, r.Dispersion.Inspectors)
	for _, l := range f.Limits {
		say(" The funnel limits at %s are %.2f–%.2f by chance and %.2f–%.2f with the spread.",
			percent(l.Level), l.Chance.Low, l.Chance.High, l.Added.Low, l.Added.High)
	}
	if f.Together > 0 {
		say(" %d of the visits were with %s", f.Together, f.Partner)
		if 5*f.Together >= 4*f.Attended {
			say(", so that the two can hardly be told apart")
		}
		say(".")
	}
	if f.Verdict == Review {
		say(" This inspector %s: a trigger for a review of the cases, and no finding against anybody.", f.Direction)
	} else {
		say(" This is within limits.")
	}
	return b.String()
}

// plain returns a count, with two decimals unless it is whole.
func plain(x float64) string {
	if x == math.Trunc(x) {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

// percent returns a share as a percentage with up to one decimal.
func percent(x float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", 100*x), ".0") + " %" }
