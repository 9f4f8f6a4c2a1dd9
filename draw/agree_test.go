package draw

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// smallDraw makes a small draw of many kinds: few or more units, few or more
// strata, weights of seven patterns, whole and fractional quotas.
func smallDraw(t testing.TB, rng *rand.Rand) (*registry.Frame, *Plan, Seed) {
	n := 1 + rng.IntN(12)
	if rng.IntN(20) == 0 {
		n = 60
	}
	strata, pattern := 1+rng.IntN(4), rng.IntN(7)
	labels := []string{"A", "370202/A", "市南区/甲", "𝔰tr·ät✓"}
	units := make([]registry.Unit, n)
	for i := range units {
		w := []uint64{
			1,                        // equal
			uint64(i + 1),            // all different
			1 + rng.Uint64N(4),       // classes
			1 << rng.IntN(8),         // powers
			1 + rng.Uint64N(1<<40),   // large
			1 + 999*uint64(1/(i+1)),  // one huge
			1<<56 + rng.Uint64N(3)*7, // large and almost equal
		}[pattern]
		units[i] = registry.Unit{ID: smallID(rng), Stratum: labels[rng.IntN(strata)], Weight: w}
	}
	frame := frameOf(t, units)
	var quotas Quotas
	fractional := rng.IntN(2) == 0
	for _, s := range frame.Strata() {
		num, den := rng.Uint64N(s.Units+1), uint64(1)
		if fractional {
			den = 1 + rng.Uint64N(12)
			num = rng.Uint64N(s.Units*den + 1)
		}
		q, err := NewFraction(num, den)
		require.NoError(t, err)
		quotas = append(quotas, Quota{s.Label, q})
	}
	if quotas.Total().IsZero() {
		quotas[0].Count = WholeFraction(1)
	}
	plan, err := NewPlan(SHA256(), frame, quotas, rng.IntN(4))
	require.NoError(t, err)
	var seed Seed
	for i := range seed {
		seed[i] = byte(rng.Uint32())
	}
	return frame, plan, seed
}

// smallID returns an ID of 9 to 12 bytes, some beyond ASCII.
func smallID(rng *rand.Rand) string {
	first := []rune("aZ9~é企😀")
	return fmt.Sprintf("%c%08x", first[rng.IntN(len(first))], rng.Uint32())
}

func TestReferenceAgrees(t *testing.T) {
	const draws = 3000
	rng := rand.New(rand.NewPCG(1, 2))
	all := sha256.New()
	seen, marks := map[string]int{}, map[string]*regexp.Regexp{
		"reserves":         regexp.MustCompile(`(?m)^reserve `),
		"certain cells":    regexp.MustCompile(`(?m) all$`),
		"empty cells":      regexp.MustCompile(`(?m) none$`),
		"fractional quota": regexp.MustCompile(`(?m)^stratum .*/\d+ \d+$`),
		"fractional share": regexp.MustCompile(`(?m)^cell \d+ \d+ \d+/`),
		"two strata":       regexp.MustCompile(`(?s)\nstratum .*\nstratum `),
	}
	for range draws {
		frame, plan, seed := smallDraw(t, rng)
		got := resultText(t, runOf(t, plan, frame, seed))
		want := reference(frameText(t, frame), planText(t, plan), string(seed[:]))
		require.Equal(t, want, got, "%s%s", frameText(t, frame), planText(t, plan))
		all.Write([]byte(got))
		for name, mark := range marks {
			if mark.MatchString(got) {
				seen[name]++
			}
		}
	}
	t.Logf("%d draws, with %v", draws, seen)
	for name := range marks {
		require.Greater(t, seen[name], draws/5, name)
	}
	// One hash pins the results of all small draws: it may never change.
	require.Equal(t, "523938356ef9be27cc4a5b7f0731e808175a7c608076b9a98ee870a24dd84f7d", fmt.Sprintf("%x", all.Sum(nil)))
}

// TestReferenceIsShort holds the reference to what can be read in a sitting.
func TestReferenceIsShort(t *testing.T) {
	source, err := os.ReadFile("reference_test.go")
	require.NoError(t, err)
	_, code, found := strings.Cut(string(source), "\nfunc ")
	require.True(t, found)
	lines := regexp.MustCompile(`(?m)^\s*[^\s/].*$`).FindAllString("func "+code, -1)
	t.Logf("%d lines of code", len(lines))
	require.Less(t, len(lines), 80)
}
