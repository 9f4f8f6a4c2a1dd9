package draw

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/registry"
)

// MaxQuotaTerm is the limit of a quota's numerator and denominator, of the
// common denominator of all quotas of a draw, and of their total: 2^63−1.
const MaxQuotaTerm uint64 = math.MaxInt64

// A Quota says how many units are to be drawn from one stratum. The count may be
// fractional: then it is the expected count, and the wheel over the strata
// rounds it up or down after the seed is known.
type Quota struct {
	Stratum string   // label of the stratum
	Count   Fraction // units to draw, 0 to the stratum's units
}

// Quotas are the quotas of a draw, sorted by the bytes of the stratum's label,
// each stratum at most once. A stratum without a quota has the quota 0, so the zero
// Quotas draw nothing.
type Quotas []Quota

// A QuotaFault says what is wrong with a quota.
type QuotaFault uint8

// The faults of a quota.
const (
	QuotaOutOfOrder     QuotaFault = iota + 1 // its label does not come after the one before it
	QuotaUnknownStratum                       // its label is not among the strata
	QuotaAboveUnits                           // it exceeds the units of its stratum
	QuotaTermTooLarge                         // its numerator or denominator exceeds MaxQuotaTerm
	QuotaTooFine                              // with it the common denominator exceeds MaxQuotaTerm
	QuotaTotalTooLarge                        // with it the total exceeds MaxQuotaTerm
)

// A QuotaError is the first fault found in quotas.
type QuotaError struct {
	Stratum string     // label of the stratum
	Quota   Fraction   // its quota
	Units   uint64     // the stratum's units; 0 if it is unknown or out of order
	Fault   QuotaFault // what is wrong
}

// Error returns the fault as one line, such as
//
//	draw: stratum "370202/C": quota 40 exceeds 31 units
func (e *QuotaError) Error() string {
	head := fmt.Sprintf("draw: stratum %s: quota %s", cutQuote(e.Stratum), cutFraction(e.Quota.String()))
	switch e.Fault {
	case QuotaOutOfOrder:
		return head + " is out of order: quotas are sorted by label bytes, each stratum once"
	case QuotaUnknownStratum:
		return head + " for a stratum that is not in the frame"
	case QuotaAboveUnits:
		return fmt.Sprintf("%s exceeds %d units", head, e.Units)
	case QuotaTermTooLarge:
		return fmt.Sprintf("%s: numerator and denominator may be at most %d", head, MaxQuotaTerm)
	case QuotaTooFine:
		return fmt.Sprintf("%s raises the common denominator of the quotas above %d", head, MaxQuotaTerm)
	case QuotaTotalTooLarge:
		return fmt.Sprintf("%s raises the total of the quotas above %d", head, MaxQuotaTerm)
	}
	return fmt.Sprintf("%s: QuotaFault(%d)", head, e.Fault)
}

// Validate reports the first fault of the quotas against the strata they are
// for: labels sorted and known, each quota at most the units of its stratum,
// terms, common denominator and total at most [MaxQuotaTerm]. The error is a
// [*QuotaError], or says which strata are not sorted by label bytes.
func (q Quotas) Validate(strata []registry.Stratum) error {
	if err := checkStrataOrder(strata); err != nil {
		return err
	}
	limit := new(big.Int).SetUint64(MaxQuotaTerm)
	common, total := big.NewInt(1), Fraction{}
	rest := strata
	for i, quota := range q {
		fault := func(f QuotaFault, units uint64) error {
			return &QuotaError{Stratum: quota.Stratum, Quota: quota.Count, Units: units, Fault: f}
		}
		if i > 0 && q[i-1].Stratum >= quota.Stratum {
			return fault(QuotaOutOfOrder, 0)
		}
		for len(rest) > 0 && rest[0].Label < quota.Stratum {
			rest = rest[1:]
		}
		if len(rest) == 0 || rest[0].Label != quota.Stratum {
			return fault(QuotaUnknownStratum, 0)
		}
		units := rest[0].Units
		r := quota.Count.rat()
		if quota.Count.Cmp(WholeFraction(units)) > 0 {
			return fault(QuotaAboveUnits, units)
		}
		if r.Num().Cmp(limit) > 0 || r.Denom().Cmp(limit) > 0 {
			return fault(QuotaTermTooLarge, units)
		}
		if common = leastCommonMultiple(common, r.Denom()); common.Cmp(limit) > 0 {
			return fault(QuotaTooFine, units)
		}
		if total = total.Add(quota.Count); total.rat().Cmp(new(big.Rat).SetInt(limit)) > 0 {
			return fault(QuotaTotalTooLarge, units)
		}
	}
	return nil
}

// Total returns the exact sum of the quotas.
func (q Quotas) Total() Fraction {
	sum := Fraction{}
	for _, quota := range q {
		sum = sum.Add(quota.Count)
	}
	return sum
}

// Denominator returns the least common denominator of the quotas, 1 if there
// are none. The second result is false if it exceeds [MaxQuotaTerm].
func (q Quotas) Denominator() (uint64, bool) {
	common := big.NewInt(1)
	for _, quota := range q {
		common = leastCommonMultiple(common, quota.Count.rat().Denom())
		if !common.IsInt64() {
			return 0, false
		}
	}
	return common.Uint64(), true
}

// IsWhole reports whether every quota is a whole number.
func (q Quotas) IsWhole() bool {
	for _, quota := range q {
		if !quota.Count.IsWhole() {
			return false
		}
	}
	return true
}

// Of returns the quota of the stratum with the given label, 0 if it has none.
// It searches by halves, so the quotas must be sorted.
func (q Quotas) Of(label string) Fraction {
	i, found := slices.BinarySearchFunc(q, label, func(quota Quota, label string) int {
		return strings.Compare(quota.Stratum, label)
	})
	if !found {
		return Fraction{}
	}
	return q[i].Count
}

// leastCommonMultiple returns the least common multiple of two positive numbers
// as a new one.
func leastCommonMultiple(a, b *big.Int) *big.Int {
	g := new(big.Int).GCD(nil, nil, a, b)
	return g.Mul(a, new(big.Int).Quo(b, g))
}

// checkStrataOrder returns an error unless strata are sorted by label bytes,
// each label once.
func checkStrataOrder(strata []registry.Stratum) error {
	for i := 1; i < len(strata); i++ {
		before, label := strata[i-1].Label, strata[i].Label
		if before == label {
			return fmt.Errorf("draw: stratum %s is listed twice", cutQuote(label))
		}
		if before > label {
			return fmt.Errorf("draw: stratum %s is listed after %s: strata are sorted by label bytes",
				cutQuote(label), cutQuote(before))
		}
	}
	return nil
}
