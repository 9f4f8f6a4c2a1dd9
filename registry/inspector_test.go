package registry

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func day(t *testing.T, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	require.NoError(t, err)
	return d
}

func TestInspectors(t *testing.T) {
	departments, err := NewDepartments(withNil(Department{ID: "C", Tier: CityTier}))
	require.NoError(t, err)
	from, to := day(t, "2016-01-01"), day(t, "2018-12-31")
	want := []Inspector{
		{ID: "1", Name: "甲", Department: "C", Certificates: []Certificate{{"执法", "A1", from, to}, {"食品", "", Date{}, Date{}}},
			Competences: []string{"食品", "广告"}, Roles: Lead | Expert, Status: InspectorActive},
		{ID: "2", Department: "C"},
		{ID: "3", Department: "C", Certificates: []Certificate{{"执法", "A3", from, Date{}}}, Competences: []string{"食品"}, Status: InspectorRetired},
	}
	list, err := NewInspectors(withNil(want...), departments)
	require.NoError(t, err)
	require.Equal(t, 3, list.Len())
	for i, got := range list.All() {
		require.Equal(t, want[i], got)
		row, ok := list.Row(got.ID)
		require.True(t, ok)
		require.Equal(t, i, row)
	}
	got, ok := list.Lookup("3")
	require.True(t, ok)
	got.Certificates[0].Kind = "changed"
	got.Competences[0] = "changed"
	require.Equal(t, want[2], list.At(2), "the directory cannot be changed through what it returns")
	_, ok = list.Lookup("4")
	require.False(t, ok)

	for _, c := range []struct {
		row  int
		kind string
		on   Date
		want bool
	}{
		{0, "执法", from, true}, {0, "执法", to, true}, {0, "执法", from.AddDays(-1), false}, {0, "执法", to.AddDays(1), false},
		{0, "食品", day(t, "0001-01-01"), true}, {0, "食品", Date{}, false}, {1, "执法", from, false},
		{2, "执法", day(t, "9999-12-31"), true}, {2, "食品", to, false},
	} {
		require.Equal(t, c.want, list.Valid(c.row, c.kind, c.on), "%v", c)
		require.Equal(t, c.want, list.At(c.row).Valid(c.kind, c.on), "%v", c)
	}
	require.Zero(t, testing.AllocsPerRun(10, func() { list.Valid(0, "执法", from) }))

	var none *Inspectors
	require.Equal(t, 0, none.Len())
	_, ok = none.Lookup("1")
	require.False(t, ok)
}

func TestInspectorErrors(t *testing.T) {
	departments, err := NewDepartments(withNil(Department{ID: "C", Tier: CityTier}))
	require.NoError(t, err)
	on := day(t, "2018-05-01")
	certificate := func(c Certificate) Inspector {
		return Inspector{ID: "1", Department: "C", Certificates: []Certificate{c}}
	}
	for _, c := range []struct {
		name string
		p    Inspector
		want string
	}{
		{"no ID", Inspector{}, `registry: inspector row 1: ID is empty`},
		{"name", Inspector{ID: "1", Name: "\xff"}, `registry: inspector row 1: "1": name is not valid UTF-8 at byte 1`},
		{"no department", Inspector{ID: "1"}, `registry: inspector row 1: "1": department is empty`},
		{"unknown department", Inspector{ID: "1", Department: "X"}, `registry: inspector row 1: "1": department "X" is not in the directory`},
		{"roles", Inspector{ID: "1", Department: "C", Roles: 4}, `registry: inspector row 1: "1": unknown roles Roles(4)`},
		{"status", Inspector{ID: "1", Department: "C", Status: 6}, `registry: inspector row 1: "1": unknown status InspectorStatus(6)`},
		{"kind", certificate(Certificate{}), `registry: inspector row 1: "1": certificate 1: kind is empty`},
		{"number", certificate(Certificate{Kind: "a", Number: "\n"}), `registry: inspector row 1: "1": certificate 1: number has the control character U+000A at byte 1`},
		{"dates", certificate(Certificate{Kind: "a", From: on, To: on.AddDays(-1)}),
			`registry: inspector row 1: "1": certificate 1: ends on 2018-04-30, before it begins on 2018-05-01`},
		{"competence twice", Inspector{ID: "1", Department: "C", Competences: []string{"a", "b", "a"}}, `registry: inspector row 1: "1": competences "a" stands twice`},
		{"competence", Inspector{ID: "1", Department: "C", Competences: []string{"a", ""}}, `registry: inspector row 1: "1": entry 2 of the competences is empty`},
		{"many certificates", Inspector{ID: "1", Department: "C", Certificates: make([]Certificate, 1001)}, `registry: inspector row 1: "1": has 1001 certificates, at most 1000`},
	} {
		_, err := NewInspectors(withNil(c.p), departments)
		require.EqualError(t, err, c.want, c.name)
	}
	good := Inspector{ID: "1", Department: "C"}
	_, err = NewInspectors(withNil(good, Inspector{ID: "2", Department: "C"}, good), departments)
	require.EqualError(t, err, `registry: inspector row 3: "1": the ID is already in row 1`)
	_, err = NewInspectors(failing(good), departments)
	require.EqualError(t, err, "registry: inspector row 2: disk on fire")
	_, err = NewInspectors(withNil(Inspector{ID: "1", Department: "anywhere"}), nil)
	require.NoError(t, err, "no directory, no check")
}

func TestRoles(t *testing.T) {
	for r, text := range []string{"", "lead", "expert", "lead+expert"} {
		require.Equal(t, text, Roles(r).String())
		parsed, err := ParseRoles(text)
		require.NoError(t, err)
		require.Equal(t, Roles(r), parsed)
	}
	_, err := ParseRoles("expert+lead")
	require.EqualError(t, err, `registry: unknown roles "expert+lead"`)
	require.True(t, (Lead | Expert).Has(Lead))
	require.False(t, Lead.Has(Lead|Expert))
	status, err := ParseInspectorStatus("leave")
	require.NoError(t, err)
	require.Equal(t, InspectorOnLeave, status)
	_, err = ParseInspectorStatus("Leave")
	require.EqualError(t, err, `registry: unknown inspector status "Leave"`)
}
