package draw

import (
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func TestByRatio(t *testing.T) {
	strata := []registry.Stratum{
		{Label: "370202/A", Units: 7, Weight: 7}, {Label: "370202/D", Units: 101, Weight: 404}, {Label: "370203/A", Units: 1000, Weight: 1000},
	}
	class := func(label string) string { _, c, _ := strings.Cut(label, "/"); return c }
	rule := func(class string, kind registry.RatioKind, ppm registry.PPM) registry.RatioRule {
		return registry.RatioRule{Class: class, Share: registry.Share{Kind: kind, PPM: ppm}}
	}
	ratio, err := registry.NewRatio(rule("", registry.RatioFloor, 30_000), rule("D", registry.RatioFixed, 500_000))
	require.NoError(t, err)
	quotas, err := ByRatio(strata, ratio, registry.AnyTier, class)
	require.NoError(t, err)
	// 3 % of 7 is 0.21, at least one; 50 % of 101 is 50.5, rounded up; 3 % of 1000 is 30.
	require.Equal(t, "1 51 30", quotaTexts(quotas))

	ratio, err = registry.NewRatio(rule("", registry.RatioCap, 20_000))
	require.NoError(t, err)
	quotas, err = ByRatio(strata, ratio, registry.AnyTier, nil)
	require.NoError(t, err)
	require.Equal(t, "0 2 20", quotaTexts(quotas), "a cap rounds down")

	ratio, err = registry.NewRatio(rule("D", registry.RatioCap, 20_000))
	require.NoError(t, err)
	_, err = ByRatio(strata, ratio, registry.AnyTier, class)
	require.EqualError(t, err, `draw: stratum "370202/A": the ratio policy has no figure for tier any and class "A"`)
}

func TestRoundDown(t *testing.T) {
	strata := []registry.Stratum{{Label: "a", Units: 9, Weight: 9}, {Label: "b", Units: 40, Weight: 40}, {Label: "c", Units: 30, Weight: 30}}
	quotas, err := Rate(strata, 100_000)
	require.NoError(t, err)
	quotas, err = RoundDown(strata, quotas)
	require.NoError(t, err)
	require.Equal(t, "0 4 3", quotaTexts(quotas))
	_, err = RoundDown(strata, Quotas{{Stratum: "x", Count: WholeFraction(1)}})
	require.EqualError(t, err, `draw: stratum "x": quota 1 for a stratum that is not in the frame`)
}

func quotaTexts(quotas Quotas) string {
	var texts []string
	for _, q := range quotas {
		texts = append(texts, q.Count.String())
	}
	return strings.Join(texts, " ")
}
