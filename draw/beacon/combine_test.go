package beacon

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A proven beacon accepts the value "v" with the proof "p", and canonises it.
type proven struct{ name, canonical string }

func (p proven) Name() string { return p.name }

func (p proven) EntropyBits(round string) int { return 100 }

func (p proven) Verify(round, value, proof string) (string, error) {
	if value != "v" || proof != "p" {
		return "", errors.New("proven: wrong")
	}
	return p.canonical, nil
}

func combined(t *testing.T) *Combination {
	d, err := small(t).With(map[string]string{"7": "1.8.33./9.9./0./"})
	require.NoError(t, err)
	c, err := Combine("both", d, proven{"proven", "V"})
	require.NoError(t, err)
	return c
}

func TestCombine(t *testing.T) {
	c := combined(t)
	require.Equal(t, "both", c.Name())
	require.Equal(t, 129, c.EntropyBits("7+1"))
	require.Equal(t, 0, c.EntropyBits("7"))
	require.Equal(t, 0, c.EntropyBits("7 +1"))
	got, err := c.Verify("7+1", "1.8.33./9.9./0./+v", "+p")
	require.NoError(t, err)
	require.Equal(t, "1.8.33./9.9./0./+V", got)
	for _, tt := range []struct{ name, round, value, proof, want string }{
		{"parts of the round", "7", "1.8.33./9.9./0./+v", "+p", `beacon: round of "both" has 1 parts joined by "+", expected 2`},
		{"parts of the value", "7+1", "1.8.33./9.9./0./+v+v", "+p", `beacon: value of "both" has 3 parts joined by "+", expected 2`},
		{"parts of the proof", "7+1", "1.8.33./9.9./0./+v", "p", `beacon: proof of "both" has 1 parts joined by "+", expected 2`},
		{"no proof", "7+1", "1.8.33./9.9./0./+v", "", "proven: wrong"},
		{"no proof, spelt out", "7+1", "1.8.33./9.9./0./+v", "+", `beacon: proof of "both" is "+", expected "" if no beacon has one`},
		{"one is wrong", "7+1", "2.8.33./9.9./0./+v", "+p", `beacon: "small" has value "2.8.33./9.9./0./" in round "7", the policy has "1.8.33./9.9./0./"`},
		{"swapped", "1+7", "v+1.8.33./9.9./0./", "p+", `beacon: value "v": source "balls": number 1 is missing or has no "." after it`},
		{"unknown", "8+1", "1.8.33./9.9./0./+v", "+p", `beacon: "small" has no value for round "8" in the policy`},
		{"unknown and wrong", "8+1", "1.8.33./9.9./0./+w", "+p", "proven: wrong"},
		{"long", strings.Repeat("7", 1025), "", "", `beacon: round of "both" has 1025 bytes, expected at most 1024`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := c.Verify(tt.round, tt.value, tt.proof)
			require.EqualError(t, err, tt.want)
			require.Empty(t, got)
		})
	}
	_, err = c.Verify("8+1", "1.8.33./9.9./0./+v", "+p")
	var unknown *UnknownRoundError
	require.ErrorAs(t, err, &unknown)
}

func TestCombineRefuses(t *testing.T) {
	d := small(t)
	for _, tt := range []struct {
		name    string
		label   string
		beacons []Beacon
		want    string
	}{
		{"no name", "", []Beacon{d, proven{"p", "V"}}, "beacon: name of the beacon is empty"},
		{"one", "c", []Beacon{d}, `beacon: "c" combines 1 beacons, expected 2–16`},
		{"many", "c", make([]Beacon, 17), `beacon: "c" combines 17 beacons, expected 2–16`},
		{"nil", "c", []Beacon{d, nil}, `beacon: beacon 2 of "c" is nil`},
		{"same names", "c", []Beacon{d, proven{"small", "V"}}, `beacon: "c" combines two beacons named "small"`},
		{"nested", "c", []Beacon{d, combined(t)}, `beacon: "c" combines the combination "both", expected its beacons`},
	} {
		_, err := Combine(tt.label, tt.beacons...)
		require.EqualError(t, err, tt.want, tt.name)
	}
	c, err := Combine("c", proven{"a", "V"}, proven{"b", "V+V"})
	require.NoError(t, err)
	_, err = c.Verify("1+1", "v+v", "p+p")
	require.EqualError(t, err, `beacon: canonical value of "b" has a plus sign`)
}

// TestChosenSourceLeavesTheRest: whoever chooses one source cannot choose the text
// that enters the seed.
func TestChosenSourceLeavesTheRest(t *testing.T) {
	seen := map[string]bool{}
	for _, honest := range []string{"1.8.33./9.9./0./", "1.8.33./9.9./1./"} {
		d, err := small(t).With(map[string]string{"7": honest})
		require.NoError(t, err)
		c, err := Combine("both", proven{"chosen", "whatever"}, d)
		require.NoError(t, err)
		got, err := c.Verify("1+7", "v+"+honest, "p+")
		require.NoError(t, err)
		seen[got] = true
	}
	require.Len(t, seen, 2)
}
