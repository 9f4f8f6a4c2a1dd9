package target_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/credit/target"
	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/estimate"
	"github.com/doublerandom/doublerandom/internal/realdata"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// Real inspections as a frame of which the truth is known: strata are risk levels, the finding is a
// critical violation, and the groups are the codes of the licences crossed with the risk levels. Draws
// from it, with larger weights for the riskier, give back the rates of all.
func TestMinneapolis(t *testing.T) {
	rows, err := csv.NewReader(bytes.NewReader(realdata.Read(t, "minneapolis_violations_2011_2013.csv.gz"))).ReadAll()
	require.NoError(t, err)
	column := func(name string) int { return slices.Index(rows[0], name) }
	id, licence, risk, critical := column("inspection_id"), column("license_code"), column("risk_level"), column("critical")
	group, bad := map[string]string{}, map[string]bool{}
	var lines []string
	for _, row := range rows[1:] {
		if row[risk] == "" {
			continue
		}
		if _, ok := group[row[id]]; !ok {
			group[row[id]] = row[risk] + "/" + row[licence]
			lines = append(lines, fmt.Sprintf("%s risk-%s %c\n", row[id], row[risk], "421"[row[risk][0]-'1']))
		}
		bad[row[id]] = bad[row[id]] || row[critical] == "1"
	}
	slices.Sort(lines)
	frame, err := registry.ParseFrame(strings.NewReader(strings.Join(lines, "")))
	require.NoError(t, err)
	require.Greater(t, frame.Len(), 5000)
	violations, units, found := 0.0, map[string]float64{}, map[string]float64{}
	for i, g := range group {
		units[g]++
		if bad[i] {
			violations++
			found[g]++
		}
	}
	truth := violations / float64(frame.Len())
	finding := func(id string) estimate.Finding {
		if bad[id] {
			return estimate.Found
		}
		return estimate.Clean
	}

	// Twice as many as in proportion from the riskiest level.
	quotas, err := draw.Power(frame.Strata(), 900, draw.PowerRule{Exponent: draw.ExponentOne, Coefficient: map[string]uint64{"risk-1": 4, "risk-2": 2, "risk-3": 1}}, draw.Bounds{})
	require.NoError(t, err)
	plan, err := draw.NewPlan(draw.SHA256(), frame, quotas, 0)
	require.NoError(t, err)
	const rounds = 100
	held, hits, bias, naive := 0, map[string]int{}, 0.0, 0.0
	for n := range rounds {
		result, err := draw.Run(plan, frame, draw.Seed(sha256.Sum256(fmt.Appendf(nil, "seed %d", n))))
		require.NoError(t, err)
		all, err := estimate.Of(result, finding, 0.95)
		require.NoError(t, err)
		if all.Low <= truth && truth <= all.High {
			held++
		}
		bias += (all.HT - truth) / rounds
		naive += (all.Naive - truth) / rounds
		groups, err := estimate.By(result, finding, func(id string) string { return group[id] }, 0.95)
		require.NoError(t, err)
		var cells []target.Cell
		for _, g := range groups {
			cells = append(cells, target.Cell{Label: g.Label, Rate: g.Rate, EffectiveUnits: g.EffectiveUnits})
		}
		spots, err := target.Spots(cells, all.Rate, 0.05)
		require.NoError(t, err)
		for _, s := range spots {
			hits[s.Label]++
			// A spot is on the right side of the truth, but for the one in twenty.
			if (found[s.Label]/units[s.Label] < truth) != s.Cold {
				hits["wrong side"]++
			}
		}
	}
	t.Logf("%d inspections, %.1f %% with a critical violation; the interval holds %d of %d; off by %+.4f on average, the naive share by %+.4f; spots in %v",
		frame.Len(), 100*truth, held, rounds, bias, naive, hits)
	require.GreaterOrEqual(t, held, 88) // 95 expected, standard deviation 2.2, three of them below
	require.InDelta(t, 0, bias, 0.006)  // an estimate has a standard error of about 0.018, their mean 0.0018
	require.Greater(t, naive, 0.02, "the riskier were drawn more often")
	require.LessOrEqual(t, hits["wrong side"], 3)
}
