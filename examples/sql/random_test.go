package sql

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// oddLabels are what COPY, psql, SQL, awk and a shell might take for something else.
func oddLabels() []string {
	return []string{`\`, `\N`, `\.`, `\n`, `\\x41`, `'`, `''`, `"`, `""`, `,`, `;`, `:x`, `:'seed'`, `$$`, `$1`, `%`, `%s`, `_`, `NULL`, `--`,
		"#", "`", "市南区/甲", "企业", "😀", "é", "e\u0301", "Ａ", "\ufeff", "\u2060", "z", "Z", "0", "-1", "1e9", strings.Repeat("长", 21) + "x"}
}

// label makes a label of at most 64 bytes from odd pieces and a number.
func label(rng *rand.Rand, i int) string {
	odd := oddLabels()
	s := odd[rng.IntN(len(odd))]
	if rng.IntN(4) == 0 {
		s += odd[rng.IntN(len(odd)-1)]
	}
	if number := fmt.Sprint(i); len(s)+len(number) <= 64 && rng.IntN(8) > 0 {
		if rng.IntN(2) == 0 {
			return s + number
		}
		return number + s
	}
	if len(s) > 64 {
		return odd[0]
	}
	return s
}

// weight makes weights of which some are for certain: of equal ones, of some, or up to the greatest.
func weight(rng *rand.Rand, kind, units int) uint64 {
	switch kind {
	case 0:
		return 1
	case 1:
		return 1 + rng.Uint64N(4)
	case 2:
		return 1 << rng.IntN(20) // a few heavy ones
	}
	return 1 + rng.Uint64N(uint64(1<<63-1)/uint64(units)) // W up to 2^63-1
}

// quota makes a quota of at most units with a denominator that divides d.
func quota(t *testing.T, rng *rand.Rand, units, d uint64) draw.Fraction {
	t.Helper()
	whole := rng.Uint64N(units + 1)
	q := new(big.Rat).SetUint64(whole)
	if whole < units && rng.IntN(4) > 0 {
		q.Add(q, new(big.Rat).SetFrac(new(big.Int).SetUint64(rng.Uint64N(d)), new(big.Int).SetUint64(d)))
	}
	f, err := draw.FractionOf(q)
	require.NoError(t, err)
	return f
}

func randomDraw(t *testing.T, rng *rand.Rand) (selection, bool) {
	t.Helper()
	kind, units := rng.IntN(4), 1+rng.IntN(120)
	strata := make([]string, 1+rng.IntN(6))
	for i := range strata {
		strata[i] = label(rng, i)
	}
	ids := map[string]bool{}
	for i := range units {
		ids[label(rng, i)] = true
	}
	var lines []string
	for id := range ids {
		lines = append(lines, id)
	}
	slices.Sort(lines) // by bytes, and so that the draws are the same in every run
	for i, id := range lines {
		lines[i] = fmt.Sprintf("%s %s %d\n", id, strata[rng.IntN(len(strata))], weight(rng, kind, units))
	}
	text := strings.Join(lines, "")
	frame, err := registry.ParseFrame(strings.NewReader(text))
	require.NoError(t, err)

	// The last one with quotas of few units is near to the greatest term of 2^63-1.
	d := []uint64{1, 2, 60, 997, 1_000_000_007, 92_233_720_368_547_757}[rng.IntN(6)]
	var quotas draw.Quotas
	for _, s := range frame.Strata() {
		quotas = append(quotas, draw.Quota{Stratum: s.Label, Count: quota(t, rng, min(s.Units, 90), d)})
	}
	if quotas.Total().IsZero() {
		return selection{}, false
	}
	plan, err := draw.NewPlan(draw.SHA256(), frame, quotas, []int{0, 1, 2, 7, 1000}[rng.IntN(5)])
	require.NoError(t, err)
	var seed draw.Seed
	for i := range seed {
		seed[i] = byte(rng.Uint32())
	}
	result, err := draw.Run(plan, frame, seed)
	require.NoError(t, err)
	var out bytes.Buffer
	_, err = result.WriteTo(&out)
	require.NoError(t, err)
	planText, err := plan.MarshalText()
	require.NoError(t, err)
	return selection{text, string(planText), hex.EncodeToString(seed[:]), out.String()}, true
}

func TestRandomDraws(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	seen := map[string]bool{}
	for n := 0; n < 30; {
		s, ok := randomDraw(t, rng)
		if !ok {
			continue
		}
		n++
		out, status := run(t, "-seed", s.Seed, folder(t, s.files()))
		require.Equal(t, 0, status, "%s\n%s%s%s", out, s.Frame, s.Plan, s.Result)
		for what, found := range map[string]bool{
			"a fractional quota": fractional(s.Plan),
			"a certain cell":     strings.Contains(s.Result, " all\n"),
			"an empty cell":      strings.Contains(s.Result, " none\n"),
			"a reserve":          strings.Contains(s.Result, "\nreserve "),
			"a backslash":        strings.Contains(s.Frame, `\`),
		} {
			seen[what] = seen[what] || found
		}
	}
	require.Len(t, seen, 5)
	for what, found := range seen {
		require.True(t, found, "no draw had %s", what)
	}
}

func fractional(plan string) bool {
	for line := range strings.Lines(plan) {
		if f := strings.Fields(line); f[0] == "stratum" && strings.Contains(f[4], "/") {
			return true
		}
	}
	return false
}
