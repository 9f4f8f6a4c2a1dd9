package draw

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/doublerandom/doublerandom/registry"
)

// PartsPerMillion is the rate at which every unit is drawn: rates are whole
// numbers of parts per million, so 3 % is 30,000 and 2 ‰ is 2,000.
const PartsPerMillion uint64 = 1_000_000

// Fixed returns the announced count of each stratum as its quota. Every stratum
// needs a count, if only 0, and every count a stratum. A count above the
// stratum's units is a [*QuotaError].
//
// Like all functions here that return quotas, it takes strata sorted by label
// bytes, returns one quota for each of them that [Quotas.Validate] accepts, and
// is exact: the same inputs give the same fractions on every machine.
func Fixed(strata []registry.Stratum, counts map[string]uint64) (Quotas, error) {
	values, err := announced(strata, counts, "count")
	if err != nil {
		return nil, err
	}
	return validQuotas(strata, func(h int) Fraction { return WholeFraction(values[h]) })
}

// Rate returns the quota units · ppm / 1,000,000 for each stratum, as an exact
// fraction. A ppm above 1,000,000 is an error. [RoundUp] makes whole numbers of
// the quotas where the rate is a legal floor.
func Rate(strata []registry.Stratum, ppm uint64) (Quotas, error) {
	if ppm > PartsPerMillion {
		return nil, fmt.Errorf("draw: rate of %d ppm exceeds %d", ppm, PartsPerMillion)
	}
	return validQuotas(strata, func(h int) Fraction { return rateOf(strata[h].Units, ppm) })
}

// ClassRates returns the quota units · ppm / 1,000,000 for each stratum, with the
// rate of the stratum's class in parts per million. The function class returns
// the class of a stratum from its label; it must not be nil. A class without a
// rate is an error; a rate for a class that does not occur is not, since rate
// tables are made for more than one frame.
func ClassRates(strata []registry.Stratum, class func(label string) string, ppm map[string]uint64) (Quotas, error) {
	rates := make([]uint64, len(strata))
	for h, s := range strata {
		c := class(s.Label)
		rate, ok := ppm[c]
		if !ok {
			return nil, fmt.Errorf("draw: stratum %s: class %s has no rate", cutQuote(s.Label), cutQuote(c))
		}
		if rate > PartsPerMillion {
			return nil, fmt.Errorf("draw: class %s: rate of %d ppm exceeds %d", cutQuote(c), rate, PartsPerMillion)
		}
		rates[h] = rate
	}
	return validQuotas(strata, func(h int) Fraction { return rateOf(strata[h].Units, rates[h]) })
}

// Proportional allocates n units to the strata in proportion to their units,
// within bounds: t_h = n·N_h / Σ N where no bound binds.
//
// Where bounds bind, the quotas are t_h = clamp(λ·z_h, min_h, max_h) with the
// exact λ for which they add up to n, z_h being the measure that the allocation
// is in proportion to (here N_h). This holds for [Neyman] and [Power] too. A
// stratum whose measure is zero gets its minimum. If no λ does it, the error is
// a [*BoundsError].
func Proportional(strata []registry.Stratum, n uint64, bounds Bounds) (Quotas, error) {
	return allocate(strata, n, bounds, func(h int) *big.Int { return new(big.Int).SetUint64(strata[h].Units) })
}

// Neyman allocates n units in proportion to N_h·S_h, within bounds as in
// [Proportional]: the most precise estimate of a total for a given n (Neyman
// 1934; Cochran 1977, section 5.5). The spread S_h is an announced whole number
// in any unit common to all strata, such as the standard deviation in
// thousandths. Every stratum needs one, and each must be for a stratum.
func Neyman(strata []registry.Stratum, n uint64, spread map[string]uint64, bounds Bounds) (Quotas, error) {
	values, err := announced(strata, spread, "spread")
	if err != nil {
		return nil, err
	}
	return allocate(strata, n, bounds, func(h int) *big.Int { return bigProduct(strata[h].Units, values[h]) })
}

// An Exponent is the power to which [Power] raises the size of a stratum.
type Exponent uint8

// The exponents. Between 0 (as many from each stratum) and 1 (in proportion to
// size) lies the compromise of 1/2.
const (
	ExponentZero Exponent = iota // x⁰ = 1, for x = 0 too
	ExponentHalf                 // ⌊√(10⁶·x)⌋: the square root in thousandths, rounded down
	ExponentOne                  // x
)

// String returns "0", "1/2" or "1".
func (e Exponent) String() string {
	switch e {
	case ExponentZero:
		return "0"
	case ExponentHalf:
		return "1/2"
	case ExponentOne:
		return "1"
	}
	return fmt.Sprintf("Exponent(%d)", uint8(e))
}

// apply returns x to the power e, in thousandths for ExponentHalf: the common
// factor cancels out of every allocation.
func (e Exponent) apply(x uint64) *big.Int {
	switch e {
	case ExponentZero:
		return big.NewInt(1)
	case ExponentHalf:
		scaled := bigProduct(x, 1_000_000)
		return scaled.Sqrt(scaled)
	}
	return new(big.Int).SetUint64(x)
}

// PowerRule is the measure of a power allocation: C_h · X_h^a. The zero
// PowerRule gives as many units to each stratum.
type PowerRule struct {
	Exponent Exponent // a
	// Size holds X_h by stratum label, announced whole numbers that say how
	// important a stratum is. Nil stands for the units of the strata; otherwise
	// every stratum needs one.
	Size map[string]uint64
	// Coefficient holds C_h by stratum label, announced whole numbers such as the
	// coefficient of variation in thousandths. Nil stands for 1 everywhere;
	// otherwise every stratum needs one.
	Coefficient map[string]uint64
}

// Power allocates n units in proportion to C_h·X_h^a, within bounds as in
// [Proportional] (Bankier 1988, "Power allocations: determining sample sizes for
// subnational areas", The American Statistician 42, 174–177). With a = 1/2 the
// measure is C_h·⌊√(10⁶·X_h)⌋, an integer root, so that everybody computes the
// same.
func Power(strata []registry.Stratum, n uint64, rule PowerRule, bounds Bounds) (Quotas, error) {
	if rule.Exponent > ExponentOne {
		return nil, fmt.Errorf("draw: exponent %s is none of 0, 1/2, 1", rule.Exponent)
	}
	sizes, coefficients := make([]uint64, len(strata)), make([]uint64, len(strata))
	for h, s := range strata {
		sizes[h], coefficients[h] = s.Units, 1
	}
	var err error
	if rule.Size != nil {
		if sizes, err = announced(strata, rule.Size, "size"); err != nil {
			return nil, err
		}
	}
	if rule.Coefficient != nil {
		if coefficients, err = announced(strata, rule.Coefficient, "coefficient"); err != nil {
			return nil, err
		}
	}
	return allocate(strata, n, bounds, func(h int) *big.Int {
		z := rule.Exponent.apply(sizes[h])
		return z.Mul(z, new(big.Int).SetUint64(coefficients[h]))
	})
}

// allocate returns the box-constrained shares of n in proportion to measure.
func allocate(strata []registry.Stratum, n uint64, bounds Bounds, measure func(h int) *big.Int) (Quotas, error) {
	boxes, err := bounds.boxes(strata, measure)
	if err != nil {
		return nil, err
	}
	if err := checkFeasible(strata, boxes, n); err != nil {
		return nil, err
	}
	level := shareLevel(boxes, new(big.Int).SetUint64(n))
	return validQuotas(strata, func(h int) Fraction { return Fraction{r: boxes[h].share(level)} })
}

// validQuotas returns the quotas count(0), count(1), … after validation.
func validQuotas(strata []registry.Stratum, count func(h int) Fraction) (Quotas, error) {
	if err := checkStrataOrder(strata); err != nil {
		return nil, err
	}
	q := make(Quotas, len(strata))
	for h, s := range strata {
		q[h] = Quota{Stratum: s.Label, Count: count(h)}
	}
	if err := q.Validate(strata); err != nil {
		return nil, err
	}
	return q, nil
}

func rateOf(units, ppm uint64) Fraction {
	return Fraction{r: new(big.Rat).SetFrac(bigProduct(units, ppm), new(big.Int).SetUint64(PartsPerMillion))}
}

func bigProduct(a, b uint64) *big.Int {
	x := new(big.Int).SetUint64(a)
	return x.Mul(x, new(big.Int).SetUint64(b))
}

// announced returns the values in the order of the strata. Each stratum must
// have one and each one a stratum: a misspelt label must not pass for a zero.
func announced(strata []registry.Stratum, values map[string]uint64, what string) ([]uint64, error) {
	if err := checkStrataOrder(strata); err != nil {
		return nil, err
	}
	list := make([]uint64, len(strata))
	for h, s := range strata {
		value, ok := values[s.Label]
		if !ok {
			return nil, fmt.Errorf("draw: stratum %s has no %s", cutQuote(s.Label), what)
		}
		list[h] = value
	}
	return list, checkLabelsKnown(strata, values, what)
}

// checkLabelsKnown returns an error that names the first key of values, by
// bytes, that is not the label of a stratum.
func checkLabelsKnown(strata []registry.Stratum, values map[string]uint64, what string) error {
	unknown, found := "", false
	for label := range values {
		_, ok := slices.BinarySearchFunc(strata, label, func(s registry.Stratum, label string) int {
			return cmp.Compare(s.Label, label)
		})
		if !ok && (!found || label < unknown) {
			unknown, found = label, true
		}
	}
	if found {
		return fmt.Errorf("draw: %s for stratum %s, which is not in the frame", what, cutQuote(unknown))
	}
	return nil
}
