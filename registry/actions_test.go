package registry

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestKeep keeps rows with each kind that may be kept: what can be read stays,
// the rest is left at its zero value.
func TestKeep(t *testing.T) {
	checks := cityChecks()
	checks.Actions = map[Kind]Action{}
	for _, kind := range Kinds() {
		if mayKeep(kind) {
			checks.Actions[kind] = Keep
		}
	}
	const file = "id,division,industry,status,founded\n" +
		badCheck + ",999999,9999,半死不活,2020-02-30\n" +
		badLength + ",x,x,x,x\n" +
		badLetter + ",999999,9999,,\n" +
		badCheck + ",,,,\n"
	columns := Columns{ID: "id", Division: "division", Industry: "industry", Edition: 2017, Status: "status", Founded: "founded"}
	reg, report, err := ReadCSV(strings.NewReader(file), columns, checks)
	require.NoError(t, err)
	requireAddsUp(t, reg, report, checks)
	require.Equal(t, 3, reg.Len())
	require.Equal(t, Entity{ID: badCheck, Domain: Enterprise, Division: "999999", Industry: Industry{2017, "9999"}}, plain(reg.At(0)))
	require.Equal(t, Entity{ID: badLength}, plain(reg.At(1)))
	require.Equal(t, Entity{ID: badLetter, Domain: Enterprise, Division: "999999", Industry: Industry{2017, "9999"}}, plain(reg.At(2)))
	var texts []string
	for _, p := range report.Problems {
		texts = append(texts, fmt.Sprintf("%d %s: %s", p.Row, p.Kind, p.Text))
	}
	require.Equal(t, []string{
		`2 code-check: check character is "9", expected "8"`,
		`2 unknown-division: division "999999" is not in the table, or not valid yet on 2024-01-01`,
		`2 unknown-industry: industry 2017:9999 is not in the table`,
		`2 bad-date: founded: date "2020-02-30": day 30 is outside 1–29 of February 2020`,
		`2 bad-status: unknown status "半死不活"`,
		`3 code-length: 15 characters, expected 18`,
		`3 unknown-division: division "x": expected 6 or 9 digits`,
		`3 unknown-industry: industry "2017:x": code "x": expected a letter A–T or 2 to 4 digits`,
		`3 bad-date: founded: date "x": expected YYYY-MM-DD`,
		`3 bad-status: unknown status "x"`,
		`4 code-alphabet: character 'I' at 15 is not in the alphabet of GB 32100`,
		`4 unknown-division: division "999999" is not in the table, or not valid yet on 2024-01-01`,
		`4 unknown-industry: industry 2017:9999 is not in the table`,
		`5 code-check: check character is "9", expected "8"`,
		`5 duplicate-id: seen before, with the name ""`,
	}, texts)
}

func TestStrictestActionWins(t *testing.T) {
	row := Entity{ID: badCheck, Division: "1", Status: 9}
	for _, c := range []struct {
		name    string
		actions map[Kind]Action
		kept    int64
		want    string
	}{
		{"keep all", map[Kind]Action{CodeCheck: Keep, UnknownDivision: Keep, BadStatus: Keep}, 1, ""},
		{"one rejects", map[Kind]Action{CodeCheck: Keep, UnknownDivision: Reject, BadStatus: Keep}, 0, ""},
		{"reject before stop", map[Kind]Action{CodeCheck: Reject, UnknownDivision: Keep, BadStatus: Stop}, 0, `registry: row 1: bad-status: "913702001635621639": unknown status 9`},
		{"two stop", map[Kind]Action{CodeCheck: Keep, UnknownDivision: Stop, BadStatus: Stop}, 0, `registry: row 1: unknown-division: "913702001635621639": division "1": expected 6 or 9 digits`},
	} {
		_, report, err := Import(entities(row), Checks{Codes: true, Actions: c.actions})
		require.Equal(t, c.kept, report.Kept, c.name)
		require.Len(t, report.Problems, 3, c.name)
		if c.want == "" {
			require.NoError(t, err, c.name)
		} else {
			require.EqualError(t, err, c.want, c.name)
		}
	}
}

// TestRejectedRowLeavesNothing shows that a rejected row takes neither its ID nor
// a place in a table.
func TestRejectedRowLeavesNothing(t *testing.T) {
	bad := Entity{ID: "a", Status: 9, Division: "111111", Industry: Industry{2017, "11"}, Attributes: mustAttributes(t, Attribute{"junk", "1"})}
	good := Entity{ID: "a", Division: "222222", Industry: Industry{2017, "22"}, Attributes: mustAttributes(t, Attribute{"key", "1"})}
	reg, report, err := Import(entities(bad, good, good), Checks{})
	require.NoError(t, err)
	require.Equal(t, int64(1), report.Kept)
	require.Equal(t, int64(1), report.Count(DuplicateID))
	require.Equal(t, []string{"key"}, reg.keys)
	require.Equal(t, []string{"", "222222"}, reg.divisionTable)
	require.Equal(t, []Industry{{}, {2017, "22"}}, reg.industryTable)
	require.Equal(t, "222222", reg.At(0).Division)
}
