package main

import (
	"fmt"
	"math"
)

// Sizes are how large the city is.
type sizes struct {
	enterprises, institutions, social, judicial int // entities
	city, district, town                        int // departments by tier
	townsEach                                   int // towns of each district
	inspectors                                  int
	draws, visits                               int // drawn units of all draws together
	wide, joint, flying                         int // draws of these kinds
	history                                     int // visits of earlier years, by which inspectors are judged
}

// districts is the number of districts, whatever the scale.
const districts = 10

// newSizes returns the sizes of the city that this program is modelled on, by the given scale. Small ones
// keep enough of everything for each kind of draw to be there.
func newSizes(scale float64) (sizes, error) {
	if !(scale >= 0.001 && scale <= 1) {
		return sizes{}, fmt.Errorf("-scale %v, expected 0.001 to 1", scale)
	}
	part := func(full, least int) int { return min(full, max(least, int(math.Round(float64(full)*scale)))) }
	s := sizes{
		enterprises: part(1_081_742, 4000), institutions: part(3_310, 60), social: part(7_332, 60), judicial: part(585, 40),
		city: part(37, 6), town: part(993, 40), townsEach: part(14, 2),
		inspectors: part(26_520, 700), draws: part(881, 36),
		wide: part(5, 2), joint: part(80, 3), flying: part(12, 2),
		history: part(300_000, 6000),
	}
	s.district = min(s.city*districts, part(322, 50))
	s.visits = part(11_300, 5*s.draws)
	return s, nil
}

// entities returns the number of entities of all kinds.
func (s sizes) entities() int { return s.enterprises + s.institutions + s.social + s.judicial }
