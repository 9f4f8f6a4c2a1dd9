package evaluate

import (
	"bytes"
	"encoding/csv"
	"testing"

	"github.com/doublerandom/doublerandom/internal/realdata"
	"github.com/stretchr/testify/require"
)

// minneapolis returns the routine inspections of restaurants that found something: was one of the violations critical?
// The strata are risk levels.
func minneapolis(t *testing.T) []Visit {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(realdata.Read(t, "minneapolis_violations_2011_2013.csv.gz"))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"inspection_id", "license_code", "license_number", "facility", "kind", "purpose", "date", "inspector",
		"risk_level", "code_section", "critical"}, rows[0])
	index := map[string]int{}
	var visits []Visit
	for _, row := range rows[1:] {
		if row[5] != "Routine" || row[7] == "" || row[8] == "" {
			continue
		}
		i, ok := index[row[0]]
		if !ok {
			i = len(visits)
			index[row[0]] = i
			visits = append(visits, Visit{ID: row[0], Entity: "L" + row[2], Stratum: "risk-" + row[8], Inspectors: []string{row[7]}})
		}
		require.Equal(t, visits[i].Inspectors[0], row[7])
		visits[i].Found = visits[i].Found || row[10] == "1"
	}
	return visits
}

func TestMinneapolis(t *testing.T) {
	visits := minneapolis(t)
	r, err := Evaluate(visits, Usual())
	require.NoError(t, err)
	require.Equal(t, len(visits), r.Visits)
	var found, expected, attended float64
	for _, f := range r.Inspectors {
		found, expected, attended = found+f.Found, expected+f.Expected, attended+f.Visits
	}
	t.Logf("%d routine inspections, %d with a critical violation; %d inspectors, %d of them with enough data", r.Visits, r.Found, len(r.Inspectors), r.Dispersion.Inspectors)
	t.Logf("φ = %.2f, corrected %.2f, τ = %.3f, precision of the prior %.1f", r.Dispersion.Phi, r.Dispersion.Corrected, r.Dispersion.Tau, r.Precision)
	for _, s := range r.Strata {
		t.Logf("%s: %d of %d", s.Label, s.Found, s.Visits)
	}
	chance := 0
	for _, f := range r.Inspectors {
		t.Log(r.Explain(f))
		if f.P < 0.001 {
			chance++
		}
	}
	require.Len(t, r.Inspectors, 23)
	require.InDelta(t, float64(r.Found), found, 1e-6)
	require.InDelta(t, found, expected, 1e-6, "the expectations add up to what was found")
	require.InDelta(t, float64(r.Visits), attended, 1e-6)
	require.Greater(t, r.Dispersion.Phi, 1.0, "inspectors differ more than chance makes them")
	require.Less(t, len(r.Triggers()), chance, "the usual spread is allowed for")
	t.Logf("by chance alone %d of them would stand out at 0.001; triggers: %d", chance, len(r.Triggers()))
}
