package registry

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestItems(t *testing.T) {
	ratio, err := ParseRatio("floor 30000ppm/draw")
	require.NoError(t, err)
	source := func() []Item {
		return []Item{
			{ID: "1", Name: "广告检查", Basis: "《广告法》", Importance: KeyItem, Ratio: ratio,
				Target:  Target{[]Domain{Enterprise}, []string{"370202", "370202001"}, []Industry{{2017, "72"}}},
				Methods: []string{"现场检查"}, Certificates: []string{"执法"}, Department: "C"},
			{ID: "2", Name: "a b"},
		}
	}
	want, given := source(), source()
	list, err := NewItems(withNil(given...))
	require.NoError(t, err)
	require.Equal(t, 2, list.Len())
	for i, got := range list.All() {
		require.Equal(t, want[i], got)
	}
	got, ok := list.Lookup("1")
	require.True(t, ok)
	got.Target.Domains[0], got.Target.Divisions[0], got.Methods[0], got.Certificates[0] = OtherDomain, "", "", ""
	got.Target.Industries[0] = Industry{}
	given[0].Methods[0] = ""
	require.Equal(t, want[0], list.At(0), "the directory cannot be changed through what it returns")
	_, ok = list.Lookup("3")
	require.False(t, ok)
	var none *Items
	require.Equal(t, 0, none.Len())
	_, ok = none.Lookup("1")
	require.False(t, ok)
}

func TestItemErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		item Item
		want string
	}{
		{"no ID", Item{}, `registry: item row 1: ID is empty`},
		{"no name", Item{ID: "1", Name: " "}, `registry: item row 1: "1": name is empty`},
		{"name", Item{ID: "1", Name: "a\tb"}, `registry: item row 1: "1": name has the control character U+0009 at byte 2`},
		{"basis", Item{ID: "1", Name: "a", Basis: string(make([]byte, 16385))}, `registry: item row 1: "1": basis has 16385 bytes, at most 16384`},
		{"importance", Item{ID: "1", Name: "a", Importance: 3}, `registry: item row 1: "1": unknown importance Importance(3)`},
		{"department", Item{ID: "1", Name: "a", Department: "b c"}, `registry: item row 1: "1": department has the space U+0020 at byte 2`},
		{"method", Item{ID: "1", Name: "a", Methods: []string{"b", "\n"}}, `registry: item row 1: "1": entry 2 of the methods: method has the control character U+000A at byte 1`},
		{"certificate", Item{ID: "1", Name: "a", Certificates: []string{"x", "x"}}, `registry: item row 1: "1": certificates "x" stands twice`},
		{"many", Item{ID: "1", Name: "a", Methods: make([]string, 1001)}, `registry: item row 1: "1": has 1001 methods, at most 1000`},
		{"domain", Item{ID: "1", Name: "a", Target: Target{Domains: []Domain{9}}}, `registry: item row 1: "1": target has the unknown domain Domain(9)`},
		{"division", Item{ID: "1", Name: "a", Target: Target{Divisions: []string{"37"}}}, `registry: item row 1: "1": target division "37": expected 6 or 9 digits`},
		{"industry", Item{ID: "1", Name: "a", Target: Target{Industries: []Industry{{2017, "X"}}}},
			`registry: item row 1: "1": target industry "2017:X": code "X": expected a letter A–T or 2 to 4 digits`},
		{"many targets", Item{ID: "1", Name: "a", Target: Target{Divisions: make([]string, 1001)}}, `registry: item row 1: "1": target has 1001 entries in one list, at most 1000`},
	} {
		_, err := NewItems(withNil(c.item))
		require.EqualError(t, err, c.want, c.name)
	}
	good := Item{ID: "1", Name: "a"}
	_, err := NewItems(withNil(good, Item{ID: "2", Name: "a"}, good))
	require.EqualError(t, err, `registry: item row 3: "1": the ID is already in row 1`)
	_, err = NewItems(failing(good))
	require.EqualError(t, err, "registry: item row 2: disk on fire")
}
