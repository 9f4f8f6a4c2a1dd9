package draw

import (
	"fmt"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// ByRatio returns the whole quotas that an item's ratio policy asks for in one
// draw: of each stratum the least that a floor or fixed figure allows (rounded
// up, at least one), or the most that a cap allows (rounded down: a cap must not
// be exceeded, so that a small stratum may get 0). The figure is that of the
// tier that draws and of the stratum's risk class; a nil class means that no
// stratum has one. A figure per year is taken as if this were the year's only
// draw: see [registry.Share.Remaining] for others.
//
// It returns an error if the policy has no figure for a stratum.
func ByRatio(strata []registry.Stratum, ratio registry.Ratio, tier registry.Tier, class func(label string) string) (Quotas, error) {
	counts := make(map[string]uint64, len(strata))
	for _, s := range strata {
		c := ""
		if class != nil {
			c = class(s.Label)
		}
		rule, ok := ratio.For(tier, c)
		if !ok {
			return nil, fmt.Errorf("draw: stratum %q: the ratio policy has no figure for tier %s and class %s", s.Label, tier, label.Quote(c))
		}
		lo, hi := rule.Share.Bounds(s.Units)
		counts[s.Label] = lo
		if rule.Share.Kind == registry.RatioCap {
			counts[s.Label] = hi
		}
	}
	return Fixed(strata, counts)
}

// RoundDown returns the quotas rounded down to whole numbers: the rule for a
// ratio that the law sets as a cap. A small stratum may get 0.
func RoundDown(strata []registry.Stratum, quotas Quotas) (Quotas, error) {
	if err := quotas.Validate(strata); err != nil {
		return nil, err
	}
	return validQuotas(strata, func(h int) Fraction {
		count, _ := quotas.Of(strata[h].Label).Floor() // a valid quota fits
		return WholeFraction(count)
	})
}
