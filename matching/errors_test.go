package matching

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/stretchr/testify/require"
)

func TestDirectoryErrors(t *testing.T) {
	good := Inspector{ID: "a", Areas: []string{"x"}, Capacity: 1}
	_, err := NewDirectory(sha512.New, "2026-12-01", nil)
	require.EqualError(t, err, "matching: hash has 64 bytes, expected 32")
	for want, edit := range map[string]func(in *Inspector){
		`matching: inspector "": ID is empty`:                                            func(in *Inspector) { in.ID = "" },
		`matching: inspector "a": capacity -1, expected 0 to 1048576`:                    func(in *Inspector) { in.Capacity = -1 },
		`matching: inspector "a": load carried over 3, expected 0 to 2`:                  func(in *Inspector) { in.Carried = 3 },
		`matching: inspector "a": area "x" is listed twice`:                              func(in *Inspector) { in.Areas = []string{"x", "x"} },
		`matching: inspector "a": role "none" is kept for a place that asks for nothing`: func(in *Inspector) { in.Roles = []string{"none"} },
		`matching: inspector "a": certificate "k": day "2026-02-30" is not a day of the calendar`: func(in *Inspector) {
			in.Certificates = []Certificate{{Kind: "k", From: "2026-02-30"}}
		},
		`matching: inspector "a": certificate "k": day "2026-2-3" is not of the form YYYY-MM-DD`: func(in *Inspector) {
			in.Certificates = []Certificate{{Kind: "k", To: "2026-2-3"}}
		},
		`matching: inspector "a": certificate "k" is valid from 2026-02-02 to 2026-02-01`: func(in *Inspector) {
			in.Certificates = []Certificate{{Kind: "k", From: "2026-02-02", To: "2026-02-01"}}
		},
		`matching: inspector "b" is listed twice`: func(in *Inspector) { in.ID = "b" },
	} {
		in := good
		edit(&in)
		_, err := NewDirectory(sha256.New, "2026-12-01", []Inspector{in, {ID: "b"}})
		require.EqualError(t, err, want)
	}
	for _, day := range []string{"", "2026-13-01", "2025-02-29", "tomorrow"} {
		_, err := NewDirectory(sha256.New, day, nil)
		require.EqualError(t, err, `matching: the day "`+day+`" is not of the form YYYY-MM-DD`)
	}
}

func TestProblemErrors(t *testing.T) {
	dir, err := NewDirectory(sha256.New, "2026-12-01", []Inspector{
		{ID: "a", Areas: []string{"x"}, Roles: []string{"lead"}, Certificates: []Certificate{{Kind: "old", To: "2020-01-01"}}, Capacity: 1}, {ID: "b", Capacity: 1},
	})
	require.NoError(t, err)
	two := func(p Place) Task { return Task{"t", []Place{p, {}}} }
	for _, c := range []struct {
		want       string
		tasks      []Task
		exclusions []Exclusion
		forbidden  []Pair
	}{
		{`matching: task "": ID is empty`, []Task{{}}, nil, nil},
		{`matching: task "t": a team of 1, expected 2 to 16`, []Task{{"t", make([]Place, 1)}}, nil, nil},
		{`matching: task "t": a team of 17, expected 2 to 16`, []Task{{"t", make([]Place, 17)}}, nil, nil},
		{`matching: task "t" is listed twice`, []Task{two(Place{}), two(Place{})}, nil, nil},
		{`matching: task "t": place 1: no inspector is of area "y"`, []Task{two(Place{Area: "y"})}, nil, nil},
		{`matching: task "t": place 1: no inspector has role "y"`, []Task{two(Place{Role: "y"})}, nil, nil},
		{`matching: task "t": place 1: no inspector has certificate "y"`, []Task{two(Place{Certificate: "y"})}, nil, nil},
		{`matching: exclusion of "a" from "u": there is no such task`, []Task{two(Place{})}, []Exclusion{{"u", "a", "kinship"}}, nil},
		{`matching: exclusion of "c" from "t": there is no such inspector`, []Task{two(Place{})}, []Exclusion{{"t", "c", "kinship"}}, nil},
		{`matching: exclusion of "a" from "t": the reason is empty`, []Task{two(Place{})}, []Exclusion{{"t", "a", ""}}, nil},
		{`matching: forbidden pair of "a" and "a": they are the same`, nil, nil, []Pair{{"a", "a", "r"}}},
		{`matching: forbidden pair of "a" and "c": there is no such inspector`, nil, nil, []Pair{{"c", "a", "r"}}},
		{`matching: forbidden pair of "a" and "b": reason "x y" has the space U+0020 at byte 2`, nil, nil, []Pair{{"b", "a", "x y"}}},
	} {
		_, err := dir.Problem(c.tasks, c.exclusions, c.forbidden)
		require.EqualError(t, err, c.want)
	}
	// A certificate that has run out is no error, but leaves no room.
	p, err := dir.Problem([]Task{two(Place{Certificate: "old"})}, nil, nil)
	require.NoError(t, err)
	r, _, err := p.Assign(Key{})
	require.NoError(t, err)
	require.Zero(t, r.Len())
	require.Equal(t, Region{}, r.Region(1))
	require.Equal(t, []ThinPool{{"t", 1, 0}, {"t", 2, 2}}, p.ThinPools(10))
}

func TestRosterErrors(t *testing.T) {
	dir, err := NewDirectory(sha256.New, "2026-12-01", []Inspector{{ID: "a", Capacity: 1}, {ID: "b", Capacity: 1}, {ID: "c", Capacity: 2}, {ID: "d", Areas: []string{"x"}}})
	require.NoError(t, err)
	p, err := dir.Problem([]Task{{"t", make([]Place, 2)}, {"u", make([]Place, 2)}, {"v", []Place{{Area: "x"}, {}}}}, []Exclusion{{"t", "a", "kinship"}}, nil)
	require.NoError(t, err)
	r, _, err := p.Assign(keyOf(1))
	require.NoError(t, err)
	text := rosterText(t, r)
	head := text[:strings.Index(text, "teams")]
	require.Equal(t, head+"teams 2\nrefused 1\nregions 1\nsquares 6\nteam t c b\nteam u c a\nrefused v 1 1\nregion 0 0 1 0\ninspector d\n", text)
	for want, edit := range map[string][2]string{
		`matching: roster line 4: the text ends, expected a line "teams"`:                 {text[len(head):], ""},
		`matching: roster line 5: "01", expected a whole number up to 16777216`:           {"refused 1", "refused 01"},
		`matching: roster line 8: a team of 1, expected 2 to 16`:                          {"team t c b", "team t c"},
		`matching: roster line 9: task "t" is not above "t" before it`:                    {"team u", "team t"},
		`matching: roster line 10: region "2", expected 1 to 1`:                           {"refused v 1", "refused v 2"},
		`matching: roster line 10: places "1,1", expected ascending numbers from 1 to 16`: {"refused v 1 1", "refused v 1 1,1"},
		`matching: roster line 12: ID "d\x00" has the control character U+0000 at byte 2`: {"inspector d\n", "inspector d"},
		`matching: roster line 13: "more", expected the end`:                              {"inspector d\n", "inspector d\nmore\n"},
		`matching: roster line 8: "teem t c b", expected a line "team"`:                   {"team t c", "teem t c"},
	} {
		_, err := ParseRoster(strings.NewReader(strings.Replace(text, edit[0], edit[1], 1)))
		require.EqualError(t, err, want)
	}
	for want, edit := range map[string][2]string{
		`matching: team of "t": place 1: "a" is excluded from the task`:                                {"team t c b", "team t a b"},
		`matching: team of "t": place 2: "c" is in the team already`:                                   {"team t c b", "team t c c"},
		`matching: team of "u": place 2: "b" has more than 1 places`:                                   {"team u c a", "team u c b"},
		`matching: team of "t": place 1: "e" is not in the directory`:                                  {"team t c", "team t e"},
		`matching: team of "t" has 3 inspectors, expected 2`:                                           {"team t c b", "team t c b a"},
		`matching: team of "w": there is no such task`:                                                 {"team u", "team w"},
		`matching: refusal of task "v" does not hold: place 2 could be filled from outside the region`: {"refused v 1 1", "refused v 1 2"},
		`matching: region 1 states that 1 places have room for 0, the roster shows 0 and 0`:            {"region 0 0", "region 1 0"},
		`matching: roster states a sum of squares of 7, its teams have 6`:                              {"squares 6", "squares 7"},
		`matching: region 1: inspector "e" is not in the directory, or there twice`:                    {"inspector d", "inspector e"},
		`matching: roster says something of 2 tasks, expected 3`:                                       {"refused 1\nregions 1\nsquares 6\nteam t c b\nteam u c a\nrefused v 1 1\n", "refused 0\nregions 1\nsquares 6\nteam t c b\nteam u c a\n"},
	} {
		other, err := ParseRoster(strings.NewReader(strings.Replace(text, edit[0], edit[1], 1)))
		require.NoError(t, err, want)
		require.EqualError(t, p.Check(other, Full), want)
	}
	other := *r
	other.problem[0] ^= 1
	require.ErrorContains(t, p.Check(&other, Full), "matching: roster is for problem ")
	require.EqualError(t, p.Verify(keyOf(1), &other), "matching: roster line 2 is "+label.Quote("problem "+hexText(other.problem))+", expected "+label.Quote("problem "+hexText(r.problem)))
}

// TestUnbalanced gives one inspector all the work.
func TestUnbalanced(t *testing.T) {
	dir, err := NewDirectory(sha256.New, "2026-12-01", []Inspector{{ID: "a", Capacity: 3}, {ID: "b", Capacity: 3}, {ID: "c", Capacity: 3}, {ID: "d", Capacity: 3}})
	require.NoError(t, err)
	p, err := dir.Problem([]Task{{"t", make([]Place, 2)}, {"u", make([]Place, 2)}}, nil, nil)
	require.NoError(t, err)
	r := &Roster{problem: p.ID(), teams: []Team{{"t", []string{"a", "b"}}, {"u", []string{"b", "a"}}}, squares: 8}
	require.EqualError(t, p.Check(r, Full), `matching: roster is not balanced: "a" with load 2 could give a place to "c" with load 0`)
	require.NoError(t, p.Check(r, Public))
}

func hexText(h [32]byte) string { return hex.EncodeToString(h[:]) }
