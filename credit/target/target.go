// Package target says where to look next: which groups of entities have more violations than chance
// makes them have, how many of each to draw in the next plan, and by how much the rate of a whole
// item goes up or down.
//
// It begins from honest rates: those that package draw/estimate finds for districts, industries,
// classes, items and their crossings, with the chances of the draw. [Shrink] draws the rates of small
// groups towards the others; [Spots] finds hot and cold spots among them with control of false
// discoveries; [Propose] turns them into the announced whole numbers that draw.Neyman and
// draw.Power allocate by, within the floors and caps of the item's policy. A [RateRule] is a table such
// as that of 49 CFR 382.305, by which last year's violations set next year's rate.
//
// Statistics are in floating point; what the next plan is computed from is whole numbers, to be
// published with it. All functions are pure and safe for concurrent use.
package target

import (
	"fmt"
	"math"

	"github.com/doublerandom/doublerandom/internal/distribution"
	"github.com/doublerandom/doublerandom/internal/label"
)

// A Cell is a group of entities with the rate of violations that a draw tells of it, as
// estimate.By returns it.
type Cell struct {
	Label string  // of the group, each once; in Propose that of a stratum
	Rate  float64 // from 0 to 1, by the chances of the draw
	// EffectiveUnits is the number of units of simple random sampling that would be as precise, the
	// field of the same name of an estimate. 0 is for a group of which nothing is known.
	EffectiveUnits float64
}

// found returns the number of violations among the effective units.
func (c *Cell) found() float64 { return c.Rate * c.EffectiveUnits }

// MaxCells is the greatest number of cells.
const MaxCells = 1_000_000

func check(cells []Cell) error {
	if len(cells) < 1 || len(cells) > MaxCells {
		return fmt.Errorf("target: %d cells, expected 1 to %d", len(cells), MaxCells)
	}
	seen := make(map[string]bool, len(cells))
	for _, c := range cells {
		switch {
		case seen[c.Label]:
			return fmt.Errorf("target: cell %s is there twice", label.Quote(c.Label))
		case !(c.Rate >= 0 && c.Rate <= 1):
			return fmt.Errorf("target: cell %s: rate %v, expected 0 to 1", label.Quote(c.Label), c.Rate)
		case !(c.EffectiveUnits >= 0 && c.EffectiveUnits <= 1e12):
			return fmt.Errorf("target: cell %s: %v effective units, expected 0 to 1e12", label.Quote(c.Label), c.EffectiveUnits)
		}
		seen[c.Label] = true
	}
	return nil
}

// A Shrunk is a cell's rate, drawn towards those of the others.
type Shrunk struct {
	Label  string  // the cell's
	Rate   float64 // posterior mean
	Low    float64 // lower end of the interval
	High   float64 // upper end
	Weight float64 // of the cell's own rate in the posterior mean, the rest being that of all; 0 to 1
}

// A Prior is the beta distribution that the cells' rates come from.
type Prior struct {
	A, B float64 // A/(A+B) is the mean; the greater A+B, the less cells differ
}

// Shrink returns the empirical-Bayes rates of cells in their order, with intervals of a level above 0 and
// below 1, and the prior: with k of n effective units found, the posterior of a cell is beta(A + k, B + n −
// k), and its interval has the quantiles on either side (Efron and Morris, 1975; Carlin and Louis, 2000,
// chapter 3). A cell of 5 units with 2 violations is not the worst of the city.
//
// The prior is the one of greatest beta-binomial likelihood. Where nothing or everything was found it
// cannot be told; then it is Jeffreys's for all cells together, beta(1/2 + k, 1/2 + n − k).
// The intervals leave out that the prior is itself estimated.
func Shrink(cells []Cell, level float64) ([]Shrunk, Prior, error) {
	prior, err := fit(cells)
	if err != nil {
		return nil, Prior{}, err
	}
	if !(level > 0 && level < 1) {
		return nil, Prior{}, fmt.Errorf("target: level %v, expected between 0 and 1", level)
	}
	list := make([]Shrunk, len(cells))
	for i := range cells {
		c := &cells[i]
		a, b := prior.posterior(c)
		list[i] = Shrunk{
			Label: c.Label, Rate: a / (a + b), Weight: c.EffectiveUnits / (a + b),
			Low: distribution.BetaQuantile((1-level)/2, a, b), High: distribution.BetaQuantile((1+level)/2, a, b),
		}
	}
	return list, prior, nil
}

// posterior returns the parameters of the distribution of a cell's rate.
func (p Prior) posterior(c *Cell) (a, b float64) {
	found := c.found()
	return p.A + found, p.B + c.EffectiveUnits - found
}

// fit returns the prior of cells.
func fit(cells []Cell) (Prior, error) {
	if err := check(cells); err != nil {
		return Prior{}, err
	}
	found, units := make([]float64, len(cells)), make([]float64, len(cells))
	k, n := 0.0, 0.0
	for i := range cells {
		found[i], units[i] = cells[i].found(), cells[i].EffectiveUnits
		k += found[i]
		n += units[i]
	}
	if n == 0 {
		return Prior{}, fmt.Errorf("target: no cell has effective units: nothing is known of any")
	}
	a, b := distribution.FitBeta(found, units)
	if math.IsNaN(a) {
		a, b = k+0.5, n-k+0.5
	}
	return Prior{a, b}, nil
}
