package target

import "math"

// A Proposal is what the next plan's quotas may be computed from: whole numbers by stratum, to be
// announced with the plan. None is 0, so that no stratum is left to itself.
type Proposal struct {
	// Spread is the standard deviation √(p(1−p)) of each stratum in thousandths, at least 1: for
	// draw.Neyman, which makes the next estimate as precise as it can be.
	Spread map[string]uint64
	// Coefficient is the coefficient of variation √((1−p)/p) in thousandths, 1 to 1,000,000: for
	// draw.Power, which makes the estimates of the strata about equally good.
	Coefficient map[string]uint64
	// Expected is the number of violations to be expected in each stratum, p·N rounded up, at least 1: the
	// sizes for draw.Power where the aim is to find them.
	Expected map[string]uint64
}

// Propose returns the proposal for strata, from the cells of the strata and their numbers of units in the next
// frame. Rates are shrunk first, as by [Shrink]: a stratum in which nothing was found by chance
// still has its share. A stratum without a cell has the mean of all; cells that are no stratum count for
// the prior only. The floors and caps of policy are for the allocation: draw.Bounds.
func Propose(cells []Cell, strata map[string]uint64) (*Proposal, error) {
	prior, err := fit(cells)
	if err != nil {
		return nil, err
	}
	rates := make(map[string]float64, len(cells))
	for i := range cells {
		a, b := prior.posterior(&cells[i])
		rates[cells[i].Label] = a / (a + b)
	}
	p := &Proposal{Spread: map[string]uint64{}, Coefficient: map[string]uint64{}, Expected: map[string]uint64{}}
	for label, units := range strata {
		rate, ok := rates[label]
		if !ok {
			rate = prior.A / (prior.A + prior.B)
		}
		p.Spread[label] = whole(1000*math.Sqrt(rate*(1-rate)), 1000)
		p.Coefficient[label] = whole(1000*math.Sqrt((1-rate)/rate), 1_000_000)
		p.Expected[label] = whole(math.Ceil(rate*float64(units)), math.MaxUint32)
	}
	return p, nil
}

// whole returns x as a whole number from 1 to most.
func whole(x float64, most uint64) uint64 {
	if !(x >= 1) {
		return 1
	}
	if x >= float64(most) {
		return most
	}
	return uint64(math.Round(x))
}
