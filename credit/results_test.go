package credit

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The crosswalk as it is used in practice, written down a second time.
func TestOfficialCodes(t *testing.T) {
	crosswalk := "1 nothing-found, A to-be-handled, B not-published, C false-publication, 6 unreachable, D other-finding, " +
		"3 food-and-drugs, 4 quality, 5 other-department, G police, E corrected, F no-activity, 7 closed-down, 8 refused, " +
		"9 deregistered, 10 licence-revoked, 11 registration-revoked, 12 moved-away"
	var rows []string
	for c := NothingFound; c <= MovedAway; c++ {
		rows = append(rows, c.Official()+" "+c.String())
		back, err := ResultOfOfficial(c.Official())
		require.NoError(t, err)
		require.Equal(t, c, back)
		back, err = ParseResultCode(c.String())
		require.NoError(t, err)
		require.Equal(t, c, back)
		group := ""
		if strings.Contains("BC6D", c.Official()) {
			group = "2"
		}
		require.Equal(t, group, c.Group())
	}
	require.Len(t, rows, 18)
	require.Equal(t, crosswalk, strings.Join(rows, ", "))
	for official, want := range map[string]string{
		"2":  "credit: official code 2 has the children B, C, 6 and D: expected one of them",
		"a":  `credit: official code "a": unknown`,
		"":   `credit: official code "": unknown`,
		"13": `credit: official code "13": unknown`,
	} {
		_, err := ResultOfOfficial(official)
		require.EqualError(t, err, want)
	}
	require.Equal(t, "ResultCode(19)", ResultCode(19).String())
	require.Equal(t, "", ResultCode(19).Official()+ResultCode(0).Official())
}

func TestResultsRejects(t *testing.T) {
	for text, want := range map[string]string{
		"":                        `credit: result code "": unknown`,
		"police,":                 `credit: result code "": unknown`,
		" police":                 `credit: result code " police": unknown`,
		"Police":                  `credit: result code "Police": unknown`,
		"police,quality":          `credit: results: "police" before "quality", expected the order of the codes`,
		"police,police":           `credit: results: "police" is given twice`,
		"nothing-found,corrected": `credit: results: "nothing-found" is not alone`,
		strings.Repeat("x", 401):  "credit: results: 401 bytes, expected at most 400",
	} {
		r := Results{1 << Police}
		require.EqualError(t, r.UnmarshalText([]byte(text)), want)
		require.Equal(t, Results{1 << Police}, r, "unchanged")
	}
	_, err := NewResults()
	require.EqualError(t, err, "credit: results: none, expected at least one")
	_, err = NewResults(0)
	require.EqualError(t, err, "credit: results: code 0 is not valid")
	_, err = NewResults(19)
	require.EqualError(t, err, "credit: results: code 19 is not valid")
	_, err = Results{}.MarshalText()
	require.EqualError(t, err, "credit: results: none, expected at least one")
}

// All 2^18 sets: those that are allowed have one text, which is read back, and the outcome that the
// strongest of their codes has.
func TestResultsAll(t *testing.T) {
	found := "A B C D 3 4 5 G E 8"
	allowed := 0
	for set := range uint32(1 << 18) {
		var list []ResultCode
		want := NotInspected
		for c := NothingFound; c <= MovedAway; c++ {
			if set>>(c-1)&1 == 1 {
				list = append(list, c)
				if slices.Contains(strings.Fields(found), c.Official()) {
					want = Found
				}
			}
		}
		r, err := NewResults(list...)
		if set == 0 || set&1 == 1 && set != 1 {
			require.Error(t, err)
			continue
		}
		if set == 1 {
			want = Clean
		}
		allowed++
		if err != nil || r.Outcome() != want || r.Len() != len(list) || !slices.Equal(slices.Collect(r.All()), list) {
			t.Fatalf("set %b: %v, %v, outcome %d", set, err, r, r.Outcome())
		}
		if set%97 == 0 || len(list) < 3 {
			back, err := ParseResults(r.String())
			require.NoError(t, err)
			require.Equal(t, r, back)
		}
	}
	require.Equal(t, 1<<17, allowed) // all non-empty sets of 17 codes, and the one
}
