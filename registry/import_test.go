package registry

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Codes that are right, and each wrong in one way.
const (
	goodCode  = "913702001635621638" // 青岛公平衡器总公司
	otherCode = "91370203163561902G"
	badCheck  = "913702001635621639"
	badLength = "370203228012345"
	badLetter = "91370200163562I638"
)

func entities(list ...Entity) iter.Seq2[Entity, error] {
	return func(yield func(Entity, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func dayOf(t testing.TB, s string) Date {
	d, err := ParseDate(s)
	require.NoError(t, err)
	return d
}

func mustAttributes(t testing.TB, list ...Attribute) Attributes {
	a, err := NewAttributes(list...)
	require.NoError(t, err)
	return a
}

// requireAddsUp checks what holds for every report and its registry.
func requireAddsUp(t testing.TB, reg *Registry, report *Report, checks Checks) {
	t.Helper()
	require.Equal(t, report.Rows, report.Kept+report.Rejected)
	var counted, reported [kindCount]int64
	for kind, n := range report.Counts() {
		require.Positive(t, n)
		counted[kind] = n
	}
	last := int64(0)
	var all int64
	for _, p := range report.Problems {
		reported[p.Kind]++
		require.GreaterOrEqual(t, p.Row, last)
		last = p.Row
		require.NotEmpty(t, p.Text)
		require.LessOrEqual(t, len(p.ID), maxID)
	}
	for kind, n := range counted {
		require.Equal(t, n, report.Count(Kind(kind)))
		require.LessOrEqual(t, reported[kind], n)
		all += n
	}
	most := checks.MaxReported
	if most == 0 {
		most = defaultMaxReported
	}
	require.Len(t, report.Problems, int(min(all, int64(most))))
	if reg == nil {
		return
	}
	require.Equal(t, report.Kept, int64(reg.Len()))
	for i, e := range reg.All() {
		row, ok := reg.Row(e.ID)
		require.True(t, ok, e.ID)
		require.Equal(t, i, row)
		require.Empty(t, checkID(e.ID))
		require.Empty(t, checkPlain(e.Name))
	}
}

func TestImport(t *testing.T) {
	want := []Entity{
		{
			ID: goodCode, Name: "青岛公平衡器总公司", Domain: Enterprise, Division: "370203", Industry: Industry{2017, "4013"}, Status: Active,
			Founded: dayOf(t, "1980-01-22"), LastInspected: dayOf(t, "2023-07-01"),
			Attributes: mustAttributes(t, Attribute{"capital_wan", "1286.5"}, Attribute{"类型", "全民"}),
		},
		{ID: "x"},
		{ID: "y", Division: "370203101", Industry: Industry{2011, "82"}, Attributes: mustAttributes(t, Attribute{"类型", ""})},
	}
	reg, report, err := Import(entities(want...), Checks{})
	require.NoError(t, err)
	requireAddsUp(t, reg, report, Checks{})
	require.Equal(t, &Report{Rows: 3, Kept: 3}, report)
	require.Equal(t, 3, reg.Len())
	for i, e := range reg.All() {
		require.True(t, want[i].Attributes.Equal(e.Attributes))
		e.Attributes = want[i].Attributes
		require.Equal(t, want[i], e)
	}
	e, ok := reg.Lookup("y")
	require.True(t, ok)
	require.Equal(t, "370203101", e.Division)
	_, ok = reg.Lookup("z")
	require.False(t, ok)
}

func TestZeroRegistry(t *testing.T) {
	var reg Registry
	require.Zero(t, reg.Len())
	_, ok := reg.Lookup("")
	require.False(t, ok)
	for range reg.All() {
		t.Fatal("an entity in an empty registry")
	}
	require.PanicsWithValue(t, "registry: row 0 of 0 entities", func() { reg.At(0) })
	full, _, err := Import(entities(Entity{ID: "a"}), Checks{})
	require.NoError(t, err)
	require.PanicsWithValue(t, "registry: row -1 of 1 entities", func() { full.At(-1) })
	require.PanicsWithValue(t, "registry: row 1 of 1 entities", func() { full.At(1) })
}

func TestLookupDoesNotAllocate(t *testing.T) {
	reg, _, err := Import(entities(Entity{ID: goodCode, Name: "a", Attributes: mustAttributes(t, Attribute{"k", "v"})}), Checks{})
	require.NoError(t, err)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		e, ok := reg.Lookup(goodCode)
		v, ok2 := e.Attributes.Value("k")
		if !ok || !ok2 || v != "v" {
			t.Fail()
		}
	}))
}

// TestProblems shows every kind with its text.
func TestProblems(t *testing.T) {
	checks := cityChecks()
	checks.MaxRow = 1000
	checks.Divisions = qingdao(t)
	long := mustAttributes(t, Attribute{"a", strings.Repeat("x", 1000)})
	for _, c := range []struct {
		name   string
		entity Entity
		want   []string
	}{
		{"right", Entity{ID: otherCode, Division: "370203", Industry: Industry{2017, "5211"}}, nil},
		{"domain", Entity{ID: otherCode, Domain: 6}, []string{`bad-row: "91370203163561902G": unknown domain 6`}},
		{"too long", Entity{ID: otherCode, Attributes: long}, []string{`row-too-long: "91370203163561902G": 1021 bytes, at most 1000`}},
		{"no ID", Entity{}, []string{`empty-id: no ID`}},
		{"space in ID", Entity{ID: " " + otherCode}, []string{`bad-text: " 91370203163561902G": ID has the space U+0020 at byte 1`}},
		{"long ID", Entity{ID: strings.Repeat("9", 65)}, []string{`bad-text: "` + strings.Repeat("9", 64) + `": ID has 65 bytes, at most 64`}},
		{"ID not UTF-8", Entity{ID: "9137\xff"}, []string{`bad-text: "9137\xff": ID is not valid UTF-8 at byte 5`}},
		{"name", Entity{ID: otherCode, Name: "a\x00"}, []string{`bad-text: "91370203163561902G": name has the control character U+0000 at byte 2`}},
		{"length", Entity{ID: badLength}, []string{`code-length: "370203228012345": 15 characters, expected 18`}},
		{"alphabet", Entity{ID: badLetter}, []string{`code-alphabet: "91370200163562I638": character 'I' at 15 is not in the alphabet of GB 32100`}},
		{"check", Entity{ID: badCheck}, []string{`code-check: "913702001635621639": check character is "9", expected "8"`}},
		{"organisation", Entity{ID: wrongOrganisation(t)}, []string{`code-organisation: "` + wrongOrganisation(t) + `": inner organisation code "163562164": check character is "4", expected "3"`}},
		{"duplicate", Entity{ID: goodCode, Name: "another"}, []string{`duplicate-id: "913702001635621638": seen before, with the name "first"`}},
		{"form of division", Entity{ID: otherCode, Division: "37020"}, []string{`unknown-division: "91370203163561902G": division "37020": expected 6 or 9 digits`}},
		{"unknown division", Entity{ID: otherCode, Division: "370299"}, []string{`unknown-division: "91370203163561902G": division "370299" is not in the table, or not valid yet on 2024-01-01`}},
		{"retired division", Entity{ID: otherCode, Division: "370205"}, []string{`retired-division: "91370203163561902G": division "370205" was abolished before 2024-01-01`}},
		{"form of industry", Entity{ID: otherCode, Industry: Industry{2017, "5"}}, []string{`unknown-industry: "91370203163561902G": industry "2017:5": code "5": expected a letter A–T or 2 to 4 digits`}},
		{"unknown industry", Entity{ID: otherCode, Industry: Industry{2011, "5211"}}, []string{`unknown-industry: "91370203163561902G": industry 2011:5211 is not in the table`}},
		{"status", Entity{ID: otherCode, Status: 8}, []string{`bad-status: "91370203163561902G": unknown status 8`}},
		{"several", Entity{ID: badCheck, Name: "\n", Division: "1", Industry: Industry{2017, "9999"}, Status: 9, Domain: 9}, []string{
			`bad-row: "913702001635621639": unknown domain 9`,
			`bad-text: "913702001635621639": name has the control character U+000A at byte 1`,
			`code-check: "913702001635621639": check character is "9", expected "8"`,
			`unknown-division: "913702001635621639": division "1": expected 6 or 9 digits`,
			`unknown-industry: "913702001635621639": industry 2017:9999 is not in the table`,
			`bad-status: "913702001635621639": unknown status 9`,
		}},
		{"warnings only", Entity{ID: wrongOrganisation(t), Division: "370205"}, []string{
			`code-organisation: "` + wrongOrganisation(t) + `": inner organisation code "163562164": check character is "4", expected "3"`,
			`retired-division: "` + wrongOrganisation(t) + `": division "370205" was abolished before 2024-01-01`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			reg, report, err := Import(entities(Entity{ID: goodCode, Name: "first"}, c.entity), checks)
			require.NoError(t, err)
			requireAddsUp(t, reg, report, checks)
			var got []string
			rejected := int64(0)
			for _, p := range report.Problems {
				require.Equal(t, int64(2), p.Row)
				got = append(got, strings.TrimPrefix(p.Error(), "registry: row 2: "))
				if p.Kind != CodeOrganisation && p.Kind != RetiredDivision {
					rejected = 1
				}
			}
			require.Equal(t, c.want, got)
			require.Equal(t, rejected, report.Rejected)

			// Each of the kinds can stop the import, the first in the row does.
			for i, p := range report.Problems {
				stopping := checks
				stopping.Actions = map[Kind]Action{p.Kind: Stop}
				reg, report, err := Import(entities(Entity{ID: goodCode, Name: "first"}, c.entity, Entity{ID: otherCode}), stopping)
				require.Nil(t, reg)
				require.EqualError(t, err, "registry: row 2: "+c.want[i])
				var problem *Problem
				require.True(t, errors.As(err, &problem))
				require.Equal(t, p, *problem)
				require.Equal(t, int64(2), report.Rows)
				require.Len(t, report.Problems, len(c.want), "the rest of the row is checked all the same")
				requireAddsUp(t, nil, report, stopping)
			}
		})
	}
}

// wrongOrganisation is a code that fails nothing but GB 11714.
func wrongOrganisation(t testing.TB) string {
	first17 := "91370200" + "163562164"
	check, err := CheckDigit(first17)
	require.NoError(t, err)
	return first17 + string(rune(check))
}

func qingdao(t testing.TB) *Divisions {
	d, err := NewDivisions(func(yield func(Division) bool) {
		_ = yield(Division{Code: "370202", Name: "市南区"}) && yield(Division{Code: "370203", Name: "市北区"}) &&
			yield(Division{Code: "370205", Name: "四方区", To: dayOf(t, "2012-12-01")})
	})
	require.NoError(t, err)
	return d
}

// plain is an entity without attributes, for comparing.
func plain(e Entity) Entity {
	e.Attributes = Attributes{}
	return e
}

func TestFolding(t *testing.T) {
	source := entities(
		Entity{ID: "91370203163561902g"},
		Entity{ID: "９1370200163562163８", Division: "３70202"},
		Entity{ID: "１", Division: "370202"},
		Entity{ID: "91370203163561902G"},
	)
	reg, report, err := Import(source, Checks{Codes: true})
	require.NoError(t, err)
	requireAddsUp(t, reg, report, Checks{})
	require.Equal(t, int64(2), report.Narrowed)
	require.Equal(t, int64(1), report.Uppercased)
	require.Equal(t, 2, reg.Len())
	require.Equal(t, otherCode, reg.At(0).ID)
	require.Equal(t, goodCode, reg.At(1).ID)
	require.Equal(t, "370202", reg.At(1).Division)
	require.Equal(t, `registry: row 3: code-length: "1": 1 character, expected 18`, report.Problems[0].Error())
	require.Equal(t, DuplicateID, report.Problems[1].Kind)

	// A file's IDs are looked for ahead, before they are folded.
	reg, report, err = ReadCSV(strings.NewReader("id\n91370203163561902g\n91370203163561902G\n91370203163561902g\n"), Columns{ID: "id"}, Checks{Codes: true})
	require.NoError(t, err)
	requireAddsUp(t, reg, report, Checks{})
	require.Equal(t, int64(2), report.Count(DuplicateID))
	require.Equal(t, int64(2), report.Uppercased)

	// Other IDs are left as they are.
	reg, report, err = Import(entities(Entity{ID: "ａb"}), Checks{})
	require.NoError(t, err)
	require.Equal(t, "ａb", reg.At(0).ID)
	require.Zero(t, report.Narrowed+report.Uppercased)
}

func TestSourceError(t *testing.T) {
	broken := errors.New("line dropped")
	source := func(yield func(Entity, error) bool) {
		_ = yield(Entity{ID: "a"}, nil) && yield(Entity{ID: "b"}, broken) && yield(Entity{ID: "c"}, nil)
	}
	reg, report, err := Import(source, Checks{})
	require.Nil(t, reg)
	require.EqualError(t, err, "registry: row 2: line dropped")
	require.ErrorIs(t, err, broken)
	require.Equal(t, &Report{Rows: 1, Kept: 1}, report)
}

func TestMaxRows(t *testing.T) {
	two := entities(Entity{ID: "a"}, Entity{})
	_, report, err := Import(two, Checks{MaxRows: 2})
	require.NoError(t, err)
	require.Equal(t, int64(2), report.Rows)
	reg, report, err := Import(two, Checks{MaxRows: 1})
	require.EqualError(t, err, "registry: row 2: more than 1 rows")
	require.Nil(t, reg)
	require.Equal(t, &Report{Rows: 1, Kept: 1}, report)
}

func TestTooManyKeys(t *testing.T) {
	var list []Entity
	for i := range maxKeys {
		list = append(list, Entity{ID: fmt.Sprint(i), Attributes: mustAttributes(t, Attribute{fmt.Sprint("key ", i), "v"})})
	}
	list = append(list,
		Entity{ID: "one more", Attributes: mustAttributes(t, Attribute{"one more", "v"})},
		Entity{ID: "known", Attributes: mustAttributes(t, Attribute{"key 254", "v"}, Attribute{"key 0", "w"})})
	list[len(list)-2].ID = "one-more"
	reg, report, err := Import(entities(list...), Checks{})
	require.NoError(t, err)
	require.Equal(t, maxKeys+1, reg.Len())
	require.Equal(t, []Problem{{Row: 256, ID: "one-more", Kind: BadRow, Text: `attribute "one more" would be key 256 of the registry, at most 255`}}, report.Problems)
	v, ok := reg.At(255).Attributes.Value("key 0")
	require.True(t, ok)
	require.Equal(t, "w", v)
}

// TestRandomImports imports rows with random faults and random actions, and
// compares what was kept with a plain model.
func TestRandomImports(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	for range 300 {
		checks := Checks{Codes: r.IntN(2) == 0, MaxReported: r.IntN(20), Actions: map[Kind]Action{}}
		for _, kind := range Kinds() {
			if mayKeep(kind) && r.IntN(3) == 0 {
				checks.Actions[kind] = Keep
			}
		}
		var list []Entity
		for range r.IntN(60) {
			list = append(list, Entity{
				ID:       pick(goodCode, otherCode, badCheck, badLength, badLetter, "", "a b", "91370203163561902g", fmt.Sprint(r.IntN(9))),
				Name:     pick("", "青岛", "\x01"),
				Division: pick("", "370202", "x"),
				Status:   Status(r.IntN(10)),
			})
		}
		reg, report, err := Import(entities(list...), checks)
		require.NoError(t, err)
		requireAddsUp(t, reg, report, checks)

		_, actions, _ := checks.ready()
		seen := map[string]bool{}
		var want []string
		for _, e := range list {
			id := e.ID
			var kind Kind
			if checks.Codes {
				id, _, _ = fold(id)
				kind = codeKind(id)
			}
			bad := checkID(id) != "" || e.Name == "\x01" || kind != 0 && actions[kind] != Keep ||
				e.Division == "x" && actions[UnknownDivision] != Keep || e.Status > Revoked && actions[BadStatus] != Keep
			if !bad && !seen[id] {
				seen[id] = true
				want = append(want, id)
			}
		}
		var got []string
		for _, e := range reg.All() {
			got = append(got, e.ID)
		}
		require.Equal(t, want, got)
	}
}
