package draw

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// strataOf returns strata "A", "B", … with the given units.
func strataOf(units ...uint64) []registry.Stratum {
	strata := make([]registry.Stratum, len(units))
	for h, u := range units {
		strata[h] = registry.Stratum{Label: string(rune('A' + h)), Units: u, Weight: u}
	}
	return strata
}

// quotasOf returns quotas for "A", "B", … from texts such as "3/2".
func quotasOf(t testing.TB, texts ...string) Quotas {
	t.Helper()
	q := make(Quotas, len(texts))
	for h, text := range texts {
		q[h] = Quota{Stratum: string(rune('A' + h)), Count: fraction(t, text)}
	}
	return q
}

// textOf returns the counts of quotas as texts joined by spaces.
func textOf(q Quotas) string {
	texts := make([]string, len(q))
	for h := range q {
		texts[h] = q[h].Count.String()
	}
	return strings.Join(texts, " ")
}

func TestQuotasValidate(t *testing.T) {
	const most = "9223372036854775807" // 2^63−1, a multiple of 7
	one := func(label, count string) Quotas { return Quotas{{label, fraction(t, count)}} }
	for _, test := range []struct {
		name   string
		strata []registry.Stratum
		quotas Quotas
		want   string
		fault  QuotaFault
	}{
		{"none", strataOf(3, 4), nil, "", 0},
		{"no strata", nil, nil, "", 0},
		{"all", strataOf(3, 4), quotasOf(t, "3", "7/2"), "", 0},
		{"one missing", strataOf(3, 4), one("B", "4"), "", 0},
		{"largest terms", strataOf(math.MaxUint64), quotasOf(t, most), "", 0},
		{"above units", []registry.Stratum{{Label: "370202/C", Units: 31}}, one("370202/C", "40"),
			`draw: stratum "370202/C": quota 40 exceeds 31 units`, QuotaAboveUnits},
		{"fraction above units", strataOf(31), quotasOf(t, "63/2"),
			`draw: stratum "A": quota 63/2 exceeds 31 units`, QuotaAboveUnits},
		{"no units", strataOf(0), quotasOf(t, "1/1000000"),
			`draw: stratum "A": quota 1/1000000 exceeds 0 units`, QuotaAboveUnits},
		{"unknown after", strataOf(3), one("B", "1"),
			`draw: stratum "B": quota 1 for a stratum that is not in the frame`, QuotaUnknownStratum},
		{"unknown before", strataOf(3), one("0", "1"),
			`draw: stratum "0": quota 1 for a stratum that is not in the frame`, QuotaUnknownStratum},
		{"swapped", strataOf(3, 4), Quotas{{"B", WholeFraction(1)}, {"A", WholeFraction(2)}},
			`draw: stratum "A": quota 2 is out of order: quotas are sorted by label bytes, each stratum once`, QuotaOutOfOrder},
		{"twice", strataOf(3, 4), Quotas{{"A", WholeFraction(1)}, {"A", WholeFraction(2)}},
			`draw: stratum "A": quota 2 is out of order: quotas are sorted by label bytes, each stratum once`, QuotaOutOfOrder},
		{"numerator", strataOf(math.MaxUint64), quotasOf(t, "9223372036854775808"),
			`draw: stratum "A": quota 9223372036854775808: numerator and denominator may be at most ` + most, QuotaTermTooLarge},
		{"denominator", strataOf(1), quotasOf(t, "1/9223372036854775808"),
			`draw: stratum "A": quota 1/9223372036854775808: numerator and denominator may be at most ` + most, QuotaTermTooLarge},
		{"common denominator at its limit", strataOf(1, 1), quotasOf(t, "1/7", "1/"+most), "", 0},
		{"common denominator", strataOf(1, 1), quotasOf(t, "1/2", "1/"+most),
			`draw: stratum "B": quota 1/` + most + ` raises the common denominator of the quotas above ` + most, QuotaTooFine},
		{"total", strataOf(1, math.MaxUint64), quotasOf(t, "1/2", most),
			`draw: stratum "B": quota ` + most + ` raises the total of the quotas above ` + most, QuotaTotalTooLarge},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.quotas.Validate(test.strata)
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, test.want)
			var fault *QuotaError
			require.True(t, errors.As(err, &fault))
			require.Equal(t, test.fault, fault.Fault)
		})
	}
}

func TestQuotaErrorFields(t *testing.T) {
	err := quotasOf(t, "1", "9/2").Validate(strataOf(3, 4))
	var fault *QuotaError
	require.True(t, errors.As(err, &fault))
	require.Equal(t, "B", fault.Stratum)
	require.Equal(t, "9/2", fault.Quota.String())
	require.Equal(t, uint64(4), fault.Units)
	require.EqualError(t, &QuotaError{Stratum: "B"}, `draw: stratum "B": quota 0: QuotaFault(0)`)

	long := &QuotaError{Stratum: strings.Repeat("x", 5000), Quota: fraction(t, strings.Repeat("1", 400)), Fault: QuotaAboveUnits}
	require.Less(t, len(long.Error()), 300)
}

func TestStrataOutOfOrder(t *testing.T) {
	swapped := []registry.Stratum{{Label: "B", Units: 3}, {Label: "A", Units: 4}}
	twice := []registry.Stratum{{Label: "A", Units: 3}, {Label: "A", Units: 4}}
	counts := map[string]uint64{"A": 1, "B": 1}
	for name, run := range map[string]func([]registry.Stratum) error{
		"Validate":     func(s []registry.Stratum) error { return Quotas{}.Validate(s) },
		"Fixed":        func(s []registry.Stratum) error { _, err := Fixed(s, counts); return err },
		"Rate":         func(s []registry.Stratum) error { _, err := Rate(s, 1); return err },
		"Proportional": func(s []registry.Stratum) error { _, err := Proportional(s, 1, Bounds{}); return err },
		"Neyman":       func(s []registry.Stratum) error { _, err := Neyman(s, 1, counts, Bounds{}); return err },
		"Power":        func(s []registry.Stratum) error { _, err := Power(s, 1, PowerRule{}, Bounds{}); return err },
		"RoundUp":      func(s []registry.Stratum) error { _, err := RoundUp(s, nil); return err },
		"ClassRates": func(s []registry.Stratum) error {
			_, err := ClassRates(s, func(label string) string { return label }, counts)
			return err
		},
		"HighestAverages": func(s []registry.Stratum) error {
			_, err := HighestAverages(s, nil, SainteLague, Bounds{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.EqualError(t, run(swapped), `draw: stratum "A" is listed after "B": strata are sorted by label bytes`)
			require.EqualError(t, run(twice), `draw: stratum "A" is listed twice`)
		})
	}
}

func TestQuotasSums(t *testing.T) {
	q := quotasOf(t, "1/2", "2", "5/6", "0")
	require.Equal(t, "10/3", q.Total().String())
	require.False(t, q.IsWhole())
	common, ok := q.Denominator()
	require.True(t, ok)
	require.Equal(t, uint64(6), common)
	require.Equal(t, "5/6", q.Of("C").String())
	require.Equal(t, "1/2", q.Of("A").String())
	require.Equal(t, "0", q.Of("E").String())
	require.Equal(t, "0", q.Of("").String())

	var none Quotas
	require.True(t, none.Total().IsZero())
	require.True(t, none.IsWhole())
	common, ok = none.Denominator()
	require.True(t, ok)
	require.Equal(t, uint64(1), common)
	require.True(t, quotasOf(t, "1", "0").IsWhole())

	_, ok = quotasOf(t, "1/2", "1/9223372036854775807").Denominator()
	require.False(t, ok)
}
