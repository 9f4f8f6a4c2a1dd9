package evaluate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// A town has inspectors who go to visits in teams of two, drawn anew for each within their district. Inspector i adds
// effect(i) to the log odds of a finding.
type town struct {
	inspectors, districts, visits int
	effect                        func(i int) float64
	seed                          uint64
}

func inspectorID(i int) string { return fmt.Sprintf("I%05d", i) }

func (c town) make() []Visit {
	rng := rand.New(rand.NewPCG(c.seed, 1))
	visits := make([]Visit, c.visits)
	for v := range visits {
		district, risk := v%c.districts, rng.IntN(4)
		in := (c.inspectors - district + c.districts - 1) / c.districts // inspectors of the district: district, district + districts, ...
		a, b := rng.IntN(in), rng.IntN(in-1)
		if b >= a {
			b++
		}
		a, b = district+a*c.districts, district+b*c.districts
		odds := -2.6 + 0.6*float64(risk)
		if c.effect != nil {
			odds += c.effect(a) + c.effect(b)
		}
		visits[v] = Visit{
			ID: fmt.Sprintf("V%06d", v), Entity: fmt.Sprintf("E%06d", v), Stratum: fmt.Sprintf("risk-%d", risk),
			Inspectors: []string{inspectorID(a), inspectorID(b)}, Found: rng.Float64() < 1/(1+math.Exp(-odds)),
		}
	}
	return visits
}

// city is as large as Qingdao: 26,520 inspectors, 322 districts.
func city(effect func(i int) float64) []Visit {
	return town{inspectors: 26_520, districts: 322, visits: 300_000, effect: effect, seed: 7}.make()
}

func BenchmarkEvaluate(b *testing.B) {
	visits := city(func(i int) float64 { return 0.3 * math.Sin(float64(i)) })
	for name, teams := range map[string]Teams{"EqualShares": EqualShares, "PairModel": PairModel} {
		b.Run(name, func(b *testing.B) {
			rules := Usual()
			rules.Teams = teams
			for b.Loop() {
				r, err := Evaluate(visits, rules)
				require.NoError(b, err)
				require.Len(b, r.Inspectors, 26_520)
			}
		})
	}
}
