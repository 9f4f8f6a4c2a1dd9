package draw

import (
	"crypto/sha512"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCheckSaysWhatDiffers changes one of three texts, each into another that is
// well-formed.
func TestCheckSaysWhatDiffers(t *testing.T) {
	const plan, frame, result = "plan", "frame", "result"
	for _, tt := range []struct {
		in string
		fault
	}{
		{plan, fault{"more reserves", "reserves 1", "reserves 2",
			"draw: result is for plan 5d0ade2e867cfb348007f7863aaef741d3eed6e19f195bd926301bb0a3d2f05b, expected 69f1e372defa4245eaa60eb55860d1bf97ffa5554ce0b4d31d36d90c15ddba8f"}},
		{result, fault{"of another plan", "plan 5d", "plan 5e",
			"draw: result is for plan 5e0ade2e867cfb348007f7863aaef741d3eed6e19f195bd926301bb0a3d2f05b, expected 5d0ade2e867cfb348007f7863aaef741d3eed6e19f195bd926301bb0a3d2f05b"}},
		{frame, fault{"unit missing", "c S 2\n", "", "draw: frame has 6 units, the plan says 7"}},
		{frame, fault{"other weight", "c S 2", "c S 3", "draw: frame has root 247fe1e0525f409e9aa6d947908ea032851a378d88198e40210ea71f3682d50a, the plan says 7eda696497fe452edc0bff39b5393088d98177d67882894f6932f2cb3f8eaaad"}},
		{frame, fault{"other ID", "g T", "h T", "draw: frame has root 7ab0ca34d0c0b7d8a10cabd502567b4243fc435d6416d8a797a5d33be80cde05, the plan says 7eda696497fe452edc0bff39b5393088d98177d67882894f6932f2cb3f8eaaad"}},
		{frame, fault{"other stratum", "g T", "g S", "draw: frame has root ae8b63687b01597bd011e1768cd9860cedb55570de2718adb19d5d7915d18718, the plan says 7eda696497fe452edc0bff39b5393088d98177d67882894f6932f2cb3f8eaaad"}},
		{result, fault{"other seed", "seed c6", "seed c7",
			`draw: result line 6 is "cell 1 2 1/2 1 1/4 10270251028a4cc11384227ddd4f2cda", derived "cell 1 2 1/2 0 1/4 none"`}},
		{result, fault{"unit with a smaller ticket", "10270251028a4cc11384227ddd4f2cda\nunit 1 b 1027", "00270251028a4cc11384227ddd4f2cda\nunit 1 b 0027",
			`draw: result line 6 is "cell 1 2 1/2 1 1/4 00270251028a4cc11384227ddd4f2cda", derived "cell 1 2 1/2 1 1/4 10270251028a4cc11384227ddd4f2cda"`}},
		{result, fault{"other unit", "unit 1 b 1027", "unit 1 x 1027",
			`draw: result line 7 is "unit 1 x 10270251028a4cc11384227ddd4f2cda", derived "unit 1 b 10270251028a4cc11384227ddd4f2cda"`}},
		{result, fault{"units swapped", "unit 1 b 10270251028a4cc11384227ddd4f2cda\nreserve 2 a", "unit 1 a 10270251028a4cc11384227ddd4f2cda\nreserve 2 b",
			`draw: result line 7 is "unit 1 a 10270251028a4cc11384227ddd4f2cda", derived "unit 1 b 10270251028a4cc11384227ddd4f2cda"`}},
		{result, fault{"other chance", "9/28", "9/29",
			`draw: result line 14 is "cell 1 2 2/7 0 9/29 none", derived "cell 1 2 2/7 0 9/28 none"`}},
		{result, fault{"other share", "cell 1 2 2/7", "cell 1 2 3/7",
			`draw: result line 14 is "cell 1 2 3/7 0 9/28 none", derived "cell 1 2 2/7 0 9/28 none"`}},
		{result, fault{"other quota", "T 3 7 3/2", "T 3 7 4/3",
			`draw: result line 13 is "stratum T 3 7 4/3 1", derived "stratum T 3 7 3/2 1"`}},
		{result, fault{"reserve missing", "reserve 1 c 87133e2842e6d7d15335f99fde2572b4\n", "",
			`draw: result line 10 is "cell 9 1 1 1 1 all", derived "reserve 1 c 87133e2842e6d7d15335f99fde2572b4"`}},
		{result, fault{"other last line", "5b3731106dc2a6d29acad0f4c2588f2b\nunit 1 g", "5b3731106dc2a6d29acad0f4c2588f2b\nunit 1 h",
			`draw: result line 17 is "unit 1 h 5b3731106dc2a6d29acad0f4c2588f2b", derived "unit 1 g 5b3731106dc2a6d29acad0f4c2588f2b"`}},
		{result, fault{"stratum missing", smallResult[strings.Index(smallResult, "drawn 3"):],
			strings.Replace(smallResult[strings.Index(smallResult, "drawn 3"):strings.Index(smallResult, "stratum T")], "drawn 3", "drawn 2", 1),
			`draw: result line 4 is "drawn 2", derived "drawn 3"`}},
	} {
		texts := map[string]string{plan: smallPlan, frame: smallFrame, result: smallResult}
		texts[tt.in] = tt.fault.in(t, texts[tt.in])
		requireError(t, tt.fault, checkTexts(texts[frame], texts[plan], texts[result]))
	}
}

// TestCompareLines compares texts where one is the beginning of the
// other, which well-formed results of one plan never are.
func TestCompareLines(t *testing.T) {
	for _, tt := range []struct{ have, want, err string }{
		{"", "", ""},
		{"a\nb\n", "a\nb\n", ""},
		{"a\n", "a\nb\n", `draw: result line 2 is "", derived "b"`},
		{"a\nb\n", "a\n", `draw: result line 2 is "b", derived ""`},
		{"a\nc\n", "a\nb\n", `draw: result line 2 is "c", derived "b"`},
		{strings.Repeat("a", 100) + "b\n", strings.Repeat("a", 100) + "c\n",
			`draw: result line 1 is "` + strings.Repeat("a", 100) + `b", derived "` + strings.Repeat("a", 100) + `c"`},
	} {
		err := compareLines([]byte(tt.have), []byte(tt.want))
		if tt.err == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, tt.err)
	}
}

func TestStrataOfAPlan(t *testing.T) {
	frame := frameOf(t, append(weighted("A", 1, 2), weighted("B", 3)...))
	plan := planOf(t, frame, 0, "1", "0")
	// A forged plan with the right root and number of units.
	text := strings.Replace(planText(t, plan), "stratum A 2 3 1", "stratum A 2 4 1", 1)
	forged, err := ParsePlan(strings.NewReader(text), SHA256())
	require.NoError(t, err)
	require.EqualError(t, forged.CheckFrame(frame), `draw: stratum "A" has 2 units of weight 3 in the frame, 2 of weight 4 in the plan`)
	require.NoError(t, plan.CheckFrame(frame))
	_, err = Run(forged, frame, Seed{})
	require.EqualError(t, err, `draw: stratum "A" has 2 units of weight 3 in the frame, 2 of weight 4 in the plan`)
}

func TestNewPlanErrors(t *testing.T) {
	frame := frameOf(t, weighted("A", 1, 2))
	for _, tt := range []struct {
		suite    Suite
		quotas   Quotas
		reserves int
		err      string
	}{
		{Suite{}, Quotas{{"A", WholeFraction(1)}}, 0, "draw: zero Suite, expected one from SHA256 or NewSuite"},
		{SHA256(), nil, 0, "draw: all quotas are 0: there is nothing to draw"},
		{SHA256(), Quotas{{"A", WholeFraction(3)}}, 0, `draw: stratum "A": quota 3 exceeds 2 units`},
		{SHA256(), Quotas{{"B", WholeFraction(1)}}, 0, `draw: stratum "B": quota 1 for a stratum that is not in the frame`},
		{SHA256(), Quotas{{"A", WholeFraction(1)}}, -1, "draw: -1 reserves, expected 0 to 1000"},
		{SHA256(), Quotas{{"A", WholeFraction(1)}}, 1001, "draw: 1001 reserves, expected 0 to 1000"},
	} {
		_, err := NewPlan(tt.suite, frame, tt.quotas, tt.reserves)
		require.EqualError(t, err, tt.err)
	}
}

// TestResultOfNone has a quota below 1 that the wheel rounds to 0: nothing is
// drawn, and that is published and checked like anything else.
func TestResultOfNone(t *testing.T) {
	frame := frameOf(t, weighted("A", 1, 2))
	plan := planOf(t, frame, 0, "1/2")
	lengths := map[int]int{}
	for i := range 20 {
		result := runOf(t, plan, frame, seedOf("none", i))
		lengths[result.Len()]++
		require.NoError(t, checkTexts(frameText(t, frame), planText(t, plan), resultText(t, result)))
	}
	require.Greater(t, lengths[0], 3)
	require.Greater(t, lengths[1], 3)
	require.Len(t, lengths, 2)
}

// TestEveryChangeIsFound changes each byte of each text in three ways, and drops,
// repeats and swaps each line: nothing passes.
func TestEveryChangeIsFound(t *testing.T) {
	texts := []string{smallFrame, smallPlan, smallResult}
	changes := 0
	try := func(which int, changed, about string) {
		if changed == texts[which] {
			return
		}
		changes++
		all := append([]string(nil), texts...)
		all[which] = changed
		err := checkTexts(all[0], all[1], all[2])
		require.Error(t, err, "%s of text %d", about, which)
		require.Regexp(t, `^(draw|registry): [^\n]+$`, err.Error())
	}
	for which, text := range texts {
		for i := range len(text) {
			for _, x := range []byte{0x01, 0x10, 0x80} {
				try(which, text[:i]+string([]byte{text[i] ^ x})+text[i+1:], fmt.Sprint("byte ", i))
			}
			try(which, text[:i], fmt.Sprint("cut at ", i))
			try(which, text[:i]+text[i+1:], fmt.Sprint("without byte ", i))
			try(which, text[:i]+text[i:i+1]+text[i:], fmt.Sprint("twice byte ", i))
			try(which, text[:i]+" "+text[i:], fmt.Sprint("space at ", i))
		}
		lines := strings.SplitAfter(text, "\n")
		for i := range lines[:len(lines)-1] {
			join := func(parts ...[]string) string {
				s := ""
				for _, p := range parts {
					s += strings.Join(p, "")
				}
				return s
			}
			try(which, join(lines[:i], lines[i+1:]), fmt.Sprint("without line ", i+1))
			try(which, join(lines[:i+1], lines[i:]), fmt.Sprint("twice line ", i+1))
			if i > 0 {
				try(which, join(lines[:i-1], lines[i:i+1], lines[i-1:i], lines[i+1:]), fmt.Sprint("swapped line ", i+1))
			}
		}
	}
	t.Logf("%d changes, all found", changes)
}

// TestPlanNamesItsSuite draws with a suite that is not built in. The suite is in the
// plan, so that one cannot be taken for the other.
func TestPlanNamesItsSuite(t *testing.T) {
	frame := frameOf(t, weighted("A", 1, 1, 1, 1, 2))
	other, err := NewSuite("sha512/256", sha512.New512_256, KnownAnswer{"abc", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"})
	require.NoError(t, err)
	plan, err := NewPlan(other, frame, Quotas{{"A", WholeFraction(2)}}, 1)
	require.NoError(t, err)
	text := planText(t, plan)
	_, err = ParsePlan(strings.NewReader(text), SHA256())
	require.EqualError(t, err, `draw: suite "sha512/256" is none of those accepted: sha256`)
	parsed, err := ParsePlan(strings.NewReader(text), SHA256(), other)
	require.NoError(t, err)
	result := runOf(t, parsed, frame, Seed{})
	require.NoError(t, Check(plan, frame, result))
	require.NotEqual(t, result.PlanID(), runOf(t, planOf(t, frame, 1, "2"), frame, Seed{}).PlanID())
}

func FuzzParsePlan(f *testing.F) {
	f.Add(smallPlan)
	f.Add(strings.Replace(smallPlan, "3/2", "6/4", 1))
	f.Fuzz(func(t *testing.T, text string) {
		plan, err := ParsePlan(strings.NewReader(text), SHA256())
		if err != nil {
			require.Nil(t, plan)
			require.True(t, strings.HasPrefix(err.Error(), "draw: "), err)
			return
		}
		require.Equal(t, text, planText(t, plan))
	})
}

func FuzzParseResult(f *testing.F) {
	f.Add(smallResult)
	f.Add(strings.Replace(smallResult, "none", "all", 1))
	f.Fuzz(func(t *testing.T, text string) {
		result, err := ParseResult(strings.NewReader(text))
		if err != nil {
			require.Nil(t, result)
			require.True(t, strings.HasPrefix(err.Error(), "draw: "), err)
			return
		}
		require.Equal(t, text, resultText(t, result))
		// What a well-formed result is asked for does not panic, right or wrong.
		for c := range result.Cells() {
			_, err := result.ZeroPairs(c.Stratum)
			require.NoError(t, err)
			for d := range result.Cells() {
				if _, err := result.Joint(c.Stratum, c.Weight, d.Weight); err != nil {
					require.True(t, strings.HasPrefix(err.Error(), "draw: "), err)
				}
			}
		}
	})
}

func FuzzCheckSmallDraws(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, a, b uint64) {
		rng := rand.New(rand.NewPCG(a, b))
		frame, plan, seed := smallDraw(t, rng)
		texts := [3]string{frameText(t, frame), planText(t, plan), resultText(t, runOf(t, plan, frame, seed))}
		require.NoError(t, checkTexts(texts[0], texts[1], texts[2]))
		require.Equal(t, reference(texts[0], texts[1], string(seed[:])), texts[2])
		for _, u := range frame.All() {
			result, err := ParseResult(strings.NewReader(texts[2]))
			require.NoError(t, err)
			e, err := result.Explain(plan, frame, u.ID)
			require.NoError(t, err)
			require.Equal(t, strings.Contains(texts[2], fmt.Sprintf(" %s %s\n", u.ID, e.Ticket)), e.Rank > 0)
			require.NotEmpty(t, e.String())
			break
		}
	})
}
