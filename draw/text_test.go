package draw

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// A small draw with a certain cell, an empty one, reserves and a fractional quota.
const (
	smallFrame = "a S 1\nb S 1\nc S 2\nd S 9\ne T 1\nf T 1\ng T 5\n"

	smallPlan = `doublerandom/plan/v1
suite sha256
frame 7eda696497fe452edc0bff39b5393088d98177d67882894f6932f2cb3f8eaaad
units 7
reserves 1
stratum S 4 13 2
stratum T 3 7 3/2
`

	smallResult = `doublerandom/result/v1
plan 5d0ade2e867cfb348007f7863aaef741d3eed6e19f195bd926301bb0a3d2f05b
seed c646ef0e6b5eeb29afcef6add82bb839c6765c8bd666d3a22a7e5eca8e5f5985
drawn 3
stratum S 4 13 2 2
cell 1 2 1/2 1 1/4 10270251028a4cc11384227ddd4f2cda
unit 1 b 10270251028a4cc11384227ddd4f2cda
reserve 2 a be3e1ed60f50ef939b3ceb3e7d485891
cell 2 1 1/2 0 1/2 none
reserve 1 c 87133e2842e6d7d15335f99fde2572b4
cell 9 1 1 1 1 all
unit 1 d 15f261865854b92f081ed547ecbfb19c
stratum T 3 7 3/2 1
cell 1 2 2/7 0 9/28 none
reserve 1 f e47327a187efa1712001350cc349f093
cell 5 1 5/7 1 6/7 5b3731106dc2a6d29acad0f4c2588f2b
unit 1 g 5b3731106dc2a6d29acad0f4c2588f2b
`
)

func TestTextsOfASmallDraw(t *testing.T) {
	require.NoError(t, checkTexts(smallFrame, smallPlan, smallResult))
	frame, err := registry.ParseFrame(strings.NewReader(smallFrame))
	require.NoError(t, err)
	plan := planOf(t, frame, 1, "2", "3/2")
	require.Equal(t, smallPlan, planText(t, plan))
	require.Equal(t, smallResult, resultText(t, runOf(t, plan, frame, seedOf("small", 0))))

	parsed, err := ParsePlan(strings.NewReader(smallPlan), SHA256())
	require.NoError(t, err)
	require.Equal(t, smallPlan, planText(t, parsed))
	require.Equal(t, plan.ID(), parsed.ID())
	require.Equal(t, plan.Strata(), parsed.Strata())
	require.Equal(t, quotaTexts(plan.Quotas()), quotaTexts(parsed.Quotas()))
	require.EqualValues(t, 7, parsed.Units())
	require.Equal(t, 1, parsed.Reserves())
	require.Equal(t, "sha256", parsed.Suite().Name())

	result, err := ParseResult(strings.NewReader(smallResult))
	require.NoError(t, err)
	require.Equal(t, smallResult, resultText(t, result))
	require.Equal(t, plan.ID(), result.PlanID())
	require.Equal(t, seedOf("small", 0), result.Seed())
	require.Equal(t, 3, result.Len())
}

// A fault is a text with one fault, made from a good one.
type fault struct {
	name     string
	old, new string // the first old is replaced by new
	err      string
}

func (f fault) in(t *testing.T, text string) string {
	t.Helper()
	require.Contains(t, text, f.old, f.name)
	bad := strings.Replace(text, f.old, f.new, 1)
	require.NotEqual(t, text, bad, f.name)
	return bad
}

func TestParsePlanErrors(t *testing.T) {
	long := strings.Repeat("x", 65)
	for _, f := range []fault{
		{"empty", smallPlan, "", `draw: plan line 1: missing, expected "doublerandom/plan/v1"`},
		{"other header", "plan/v1", "plan/v2", `draw: plan line 1: "doublerandom/plan/v2", expected "doublerandom/plan/v1"`},
		{"byte order mark", "double", "\ufeffdouble", `draw: plan line 1: "\ufeffdoublerandom/plan/v1", expected "doublerandom/plan/v1"`},
		{"carriage return in header", "v1\n", "v1\r\n", `draw: plan line 1: "doublerandom/plan/v1\r", expected "doublerandom/plan/v1"`},
		{"binary", "doublerandom", "\xff\xfe\x00", `draw: plan line 1: not valid UTF-8`},
		{"cut off in a line", "3/2\n", "3", `draw: plan line 7: ends without a newline: the text is cut off`},
		{"cut off after a line", smallPlan[strings.Index(smallPlan, "stratum T"):], "", `draw: plan: strata have 4 units, the frame 7`},
		{"no strata", smallPlan[strings.Index(smallPlan, "stratum"):], "", `draw: plan: strata have 0 units, the frame 7`},
		{"cut off in the head", smallPlan[strings.Index(smallPlan, "units"):], "", `draw: plan line 4: missing, expected "units"`},
		{"unknown suite", "sha256", "sm3", `draw: suite "sm3" is none of those accepted: sha256`},
		{"no suite", "suite sha256", "suite", `draw: plan line 2: "suite", expected "suite" and 1 fields with single spaces`},
		{"short root", "frame 7e", "frame 7", `draw: plan line 3: frame "7da696497fe452edc0bff39b5393088d98177d67882894f6932f2cb3f8eaaad" is not 64 lower-case hexadecimal digits`},
		{"upper-case root", "frame 7e", "frame 7E", `draw: plan line 3: frame "7Eda696497fe452edc0bff39b5393088d98177d67882894f6932f2cb3f8eaaad" is not 64 lower-case hexadecimal digits`},
		{"root is no number", "frame 7e", "frame 7g", `draw: plan line 3: frame "7gda696497fe452edc0bff39b5393088d98177d67882894f6932f2cb3f8eaaad" is not 64 lower-case hexadecimal digits`},
		{"lines swapped", "units 7\nreserves 1", "reserves 1\nunits 7", `draw: plan line 4: "reserves 1", expected "units"`},
		{"leading zero", "units 7", "units 07", `draw: plan line 4: units "07" is not a whole number up to 9223372036854775807 in plain decimal digits`},
		{"sign", "units 7", "units +7", `draw: plan line 4: units "+7" is not a whole number up to 9223372036854775807 in plain decimal digits`},
		{"too large", "units 7", "units 9223372036854775808", `draw: plan line 4: units "9223372036854775808" is not a whole number up to 9223372036854775807 in plain decimal digits`},
		{"carriage return", "units 7\n", "units 7\r\n", `draw: plan line 4: units "7\r" is not a whole number up to 9223372036854775807 in plain decimal digits`},
		{"two spaces", "units 7", "units  7", `draw: plan line 4: "units  7", expected "units" and 1 fields with single spaces`},
		{"space at the end", "units 7\n", "units 7 \n", `draw: plan line 4: "units 7 ", expected "units" and 1 fields with single spaces`},
		{"space at the beginning", "units 7", " units 7", `draw: plan line 4: " units 7", expected "units"`},
		{"tab", "units 7", "units\t7", `draw: plan line 4: "units\t7", expected "units"`},
		{"units too many", "units 7", "units 8", `draw: plan: strata have 7 units, the frame 8`},
		{"units too few", "units 7", "units 6", `draw: plan line 7: units or weights of the strata add up to more than the frame's`},
		{"too many reserves", "reserves 1", "reserves 1001", `draw: plan line 5: 1001 reserves, expected 0 to 1000`},
		{"empty line", "reserves 1\n", "reserves 1\n\n", `draw: plan line 6: "", expected "stratum"`},
		{"empty label", "stratum S", "stratum ", `draw: plan line 6: stratum is empty`},
		{"long label", "stratum S", "stratum " + long, `draw: plan line 6: stratum "` + long[:64] + `"… has 65 bytes, expected at most 64`},
		{"no-break space in a label", "stratum S", "stratum S\u00a0", `draw: plan line 6: stratum "S\u00a0" has the space U+00A0 at byte 2`},
		{"control character in a label", "stratum S", "stratum S\x7f", `draw: plan line 6: stratum "S\x7f" has the control character U+007F at byte 2`},
		{"strata repeated", "stratum T", "stratum S", `draw: plan line 7: stratum "S" is not above "S" of the line before`},
		{"strata swapped", "stratum T", "stratum R", `draw: plan line 7: stratum "R" is not above "S" of the line before`},
		{"no units", "S 4 13", "S 0 13", `draw: plan line 6: stratum "S" has 0 units of weight 13, expected at least 1 of at least 1 each`},
		{"weight below the units", "S 4 13", "S 4 3", `draw: plan line 6: stratum "S" has 4 units of weight 3, expected at least 1 of at least 1 each`},
		{"weights too large", "S 4 13", "S 4 9223372036854775807", `draw: plan line 7: units or weights of the strata add up to more than the frame's`},
		{"quota above the units", "13 2", "13 9/2", `draw: stratum "S": quota 9/2 exceeds 4 units`},
		{"quotas all zero", "13 2\nstratum T 3 7 3/2", "13 0\nstratum T 3 7 0", `draw: all quotas are 0: there is nothing to draw`},
		{"not in lowest terms", "3/2", "6/4", `draw: plan line 7: quota: fraction "6/4" is not in lowest terms, expected "3/2"`},
		{"whole with a denominator", "13 2", "13 2/1", `draw: plan line 6: quota: fraction "2/1" is not in lowest terms, expected "2"`},
		{"denominator zero", "3/2", "3/0", `draw: plan line 7: quota: fraction "3/0": denominator is zero`},
		{"leading zero in a fraction", "3/2", "3/02", `draw: plan line 7: quota: fraction "3/02": leading zero`},
		{"negative quota", "3/2", "-3/2", `draw: plan line 7: quota: fraction "-3/2": "-" is not a digit`},
		{"decimal quota", "3/2", "1.5", `draw: plan line 7: quota: fraction "1.5": "." is not a digit`},
		{"quota too fine", "3/2", "1/9223372036854775808", `draw: stratum "T": quota 1/9223372036854775808: numerator and denominator may be at most 9223372036854775807`},
		{"common denominator too large", "13 2\nstratum T 3 7 3/2", "13 1/4294967296\nstratum T 3 7 1/4294967295",
			`draw: stratum "T": quota 1/4294967295 raises the common denominator of the quotas above 9223372036854775807`},
		{"field missing", "S 4 13 2", "S 4 13", `draw: plan line 6: "stratum S 4 13", expected "stratum" and 4 fields with single spaces`},
		{"field too many", "S 4 13 2", "S 4 13 2 2", `draw: plan line 6: "stratum S 4 13 2 2", expected "stratum" and 4 fields with single spaces`},
		{"trailing data", "3/2\n", "3/2\nmore\n", `draw: plan line 8: "more", expected "stratum"`},
		{"long line", "S 4 13 2", "S 4 13 " + strings.Repeat("2", 200), `draw: plan line 6: longer than 152 bytes`},
	} {
		bad := f.in(t, smallPlan)
		plan, err := ParsePlan(strings.NewReader(bad), SHA256())
		requireError(t, f, err)
		require.Nil(t, plan, f.name)
	}
}

func TestParseResultErrors(t *testing.T) {
	for _, f := range []fault{
		{"empty", smallResult, "", `draw: result line 1: missing, expected "doublerandom/result/v1"`},
		{"a plan", smallResult, smallPlan, `draw: result line 1: "doublerandom/plan/v1", expected "doublerandom/result/v1"`},
		{"binary", "plan 5d", "plan \xc3\x28", `draw: result line 2: not valid UTF-8`},
		{"cut off in a line", "88f2b\n" + "unit 1 g 5b3731106dc2a6d29acad0f4c2588f2b\n", "88f2b", `draw: result line 16: ends without a newline: the text is cut off`},
		{"cut off before a unit", "unit 1 g 5b3731106dc2a6d29acad0f4c2588f2b\n", "", `draw: result line 16: cell of weight 5 has 1 drawn of 1 units, but 0 lines follow`},
		{"cut off before a cell", smallResult[strings.Index(smallResult, "cell 5"):], "", `draw: result line 13: stratum "T" has 3 units of weight 7 and 1 drawn, its cells 2 of 2 and 0`},
		{"cut off before a stratum", smallResult[strings.Index(smallResult, "stratum T"):], "", `draw: result: strata have 2 drawn units, expected 3`},
		{"no strata", smallResult[strings.Index(smallResult, "drawn"):], "drawn 0\n", `draw: result: no strata, expected at least 1`},
		{"short seed", "seed c6", "seed c", `draw: result line 3: seed "c46ef0e6b5eeb29afcef6add82bb839c6765c8bd666d3a22a7e5eca8e5f5985" is not 64 lower-case hexadecimal digits`},
		{"leading zero", "drawn 3", "drawn 03", `draw: result line 4: drawn "03" is not a whole number up to 9223372036854775807 in plain decimal digits`},
		{"too few drawn", "drawn 3", "drawn 2", `draw: result line 13: strata have more than 2 drawn units`},
		{"too many drawn", "drawn 3", "drawn 4", `draw: result: strata have 3 drawn units, expected 4`},
		{"carriage return", "none\n", "none\r\n", `draw: result line 9: cut-off "none\r", expected none`},
		{"count is not the quota rounded", "13 2 2", "13 2 3", `draw: result line 5: stratum "S" of 4 units with quota 2 cannot have 3 drawn`},
		{"quota above the units", "13 2 2", "13 5 5", `draw: result line 5: stratum "S" of 4 units with quota 5 cannot have 5 drawn`},
		{"wrong units", "S 4 13", "S 5 13", `draw: result line 5: stratum "S" has 5 units of weight 13 and 2 drawn, its cells 4 of 13 and 2`},
		{"too few units", "S 4 13", "S 3 13", `draw: result line 11: cells of stratum "S" have more than its 3 units of weight 13`},
		{"wrong weight", "S 4 13", "S 4 14", `draw: result line 5: stratum "S" has 4 units of weight 14 and 2 drawn, its cells 4 of 13 and 2`},
		{"too little weight", "S 4 13", "S 4 12", `draw: result line 11: cells of stratum "S" have more than its 4 units of weight 12`},
		{"weight overflows", "cell 9 1", "cell 9223372036854775807 1", `draw: result line 11: cells of stratum "S" have more than its 4 units of weight 13`},
		{"strata swapped", "stratum T", "stratum R", `draw: result line 13: stratum "R" is not above "S" before it`},
		{"cells repeated", "cell 2 1", "cell 1 1", `draw: result line 9: cell of weight 1 is not above 1 before it`},
		{"weight 0", "cell 1 2", "cell 0 2", `draw: result line 6: cell of 2 units of weight 0 and share 1/2 cannot have 1 drawn with cut-off "10270251028a4cc11384227ddd4f2cda"`},
		{"units 0", "cell 2 1", "cell 2 0", `draw: result line 9: cell of 0 units of weight 2 and share 1/2 cannot have 0 drawn with cut-off "none"`},
		{"count is not the share rounded", "cell 1 2 1/2 1", "cell 1 2 1/2 2", `draw: result line 6: cell of 2 units of weight 1 and share 1/2 cannot have 2 drawn with cut-off "10270251028a4cc11384227ddd4f2cda"`},
		{"certain but not all", "1/2 0 1/2 none", "1/2 0 1/2 all", `draw: result line 9: cell of 1 units of weight 2 and share 1/2 cannot have 0 drawn with cut-off "all"`},
		{"share not in lowest terms", "cell 1 2 1/2", "cell 1 2 2/4", `draw: result line 6: share: fraction "2/4" is not in lowest terms, expected "1/2"`},
		{"chance with a leading zero", "9/28", "09/28", `draw: result line 14: chance: fraction "09/28": leading zero`},
		{"other cut-off", "1/4 1027", "1/4 1028", `draw: result line 6: cut-off "10280251028a4cc11384227ddd4f2cda", expected 10270251028a4cc11384227ddd4f2cda`},
		{"upper-case cut-off", "8f2b\n", "8F2b\n", `draw: result line 16: cut-off "5b3731106dc2a6d29acad0f4c2588F2b", expected 5b3731106dc2a6d29acad0f4c2588f2b`},
		{"drawn with cut-off none", "1/4 10270251028a4cc11384227ddd4f2cda", "1/4 none", `draw: result line 6: cut-off "none", expected 10270251028a4cc11384227ddd4f2cda`},
		{"wrong rank", "reserve 2 a", "reserve 3 a", `draw: result line 8: rank 3, expected 2`},
		{"rank with a leading zero", "reserve 2 a", "reserve 02 a", `draw: result line 8: rank "02" is not a whole number up to 9223372036854775807 in plain decimal digits`},
		{"unit for reserve", "reserve 2 a", "unit 2 a", `draw: result line 8: unit of rank 2 in a cell with 1 drawn`},
		{"reserve for unit", "unit 1 b", "reserve 1 b", `draw: result line 7: reserve of rank 1 in a cell with 1 drawn`},
		{"ticket order", "a be3e", "a 003e", `draw: result line 8: ticket 003e1ed60f50ef939b3ceb3e7d485891 is not above 10270251028a4cc11384227ddd4f2cda before it`},
		{"short ticket", "a be3e", "a b3e", `draw: result line 8: ticket "b3e1ed60f50ef939b3ceb3e7d485891" is not 32 lower-case hexadecimal digits`},
		{"id repeated", "reserve 2 a", "reserve 2 b", `draw: result line 8: id "b" is repeated`},
		{"empty id", "reserve 2 a", "reserve 2 ", `draw: result line 8: id is empty`},
		{"line separator in an id", "reserve 2 a", "reserve 2 a\u2028", `draw: result line 8: id "a\u2028" has the space U+2028 at byte 2`},
		{"one line too many", "unit 1 d 15f261865854b92f081ed547ecbfb19c\n", "unit 1 d 15f261865854b92f081ed547ecbfb19c\nreserve 2 x 35f261865854b92f081ed547ecbfb19c\n",
			`draw: result line 11: cell of weight 9 has 1 drawn of 1 units, but 2 lines follow`},
		{"trailing data", "5b3731106dc2a6d29acad0f4c2588f2b\nunit 1 g 5b3731106dc2a6d29acad0f4c2588f2b\n",
			"5b3731106dc2a6d29acad0f4c2588f2b\nunit 1 g 5b3731106dc2a6d29acad0f4c2588f2b\n\n", `draw: result line 18: "", expected "stratum"`},
		{"long line", "unit 1 b", "unit 1 " + strings.Repeat("b", 2000), `draw: result line 7: longer than 1024 bytes`},
	} {
		bad := f.in(t, smallResult)
		result, err := ParseResult(strings.NewReader(bad))
		requireError(t, f, err)
		require.Nil(t, result, f.name)
	}
}

// endless is a line without an end.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	if e.read += len(p); e.read > 1<<20 {
		return 0, errors.New("read on")
	}
	return copy(p, bytes.Repeat([]byte("a"), len(p))), nil
}

func TestParsersStopAtALongLine(t *testing.T) {
	for _, tt := range []struct {
		parse     func(io.Reader) error
		text, err string
	}{
		{parsePlan, "", "draw: plan line 1: longer than 152 bytes"},
		{parsePlan, smallPlan, "draw: plan line 8: longer than 152 bytes"},
		{parseResult, "", "draw: result line 1: longer than 1024 bytes"},
		{parseResult, smallResult, "draw: result line 18: longer than 1024 bytes"},
	} {
		line := new(endless)
		require.EqualError(t, tt.parse(io.MultiReader(strings.NewReader(tt.text), line)), tt.err)
		require.LessOrEqual(t, line.read, 64<<10, "of a gigabyte no more is read than this")
	}
}

// TestParsersReportReadErrors passes on what the reader says.
func TestParsersReportReadErrors(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, tt := range []struct {
		parse     func(io.Reader) error
		text, err string
	}{
		{parsePlan, "doublerandom/plan/v1\n", "draw: plan line 2: disk on fire"},
		{parseResult, smallResult[:170], "draw: result line 4: disk on fire"},
	} {
		err := tt.parse(io.MultiReader(strings.NewReader(tt.text), failingReader{broken}))
		require.EqualError(t, err, tt.err)
		require.ErrorIs(t, err, broken)
	}
	var text *TextError
	require.ErrorAs(t, parsePlan(strings.NewReader("x\n")), &text)
	require.Equal(t, TextError{"plan", 1, `"x", expected "doublerandom/plan/v1"`}, *text)
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

func parsePlan(r io.Reader) error {
	_, err := ParsePlan(r, SHA256())
	return err
}

func parseResult(r io.Reader) error {
	_, err := ParseResult(r)
	return err
}

func requireError(t *testing.T, f fault, err error) {
	t.Helper()
	if err == nil || err.Error() != f.err {
		t.Errorf("%s: %v\nexpected %s", f.name, err, f.err)
	}
}
