package registry

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// withNil yields the values, each without an error.
func withNil[V any](values ...V) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		for _, v := range values {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// failing yields one value, then an error.
func failing[V any](v V) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		_ = yield(v, nil) && yield(v, errors.New("disk on fire"))
	}
}

func TestDepartments(t *testing.T) {
	d, err := NewDepartments(withNil(
		Department{ID: "T2", Name: "乙所", Parent: "D1", Division: "370202001", Tier: TownTier}, // before its parent
		Department{ID: "C1", Name: "市局", Division: "370200", Tier: CityTier},
		Department{ID: "D1", Parent: "C1", Tier: DistrictTier},
		Department{ID: "T1", Parent: "D1", Tier: TownTier},
		Department{ID: "C2", Tier: CityTier},
	))
	require.NoError(t, err)
	require.Equal(t, 5, d.Len())
	require.Equal(t, "T2", d.At(0).ID)
	got, ok := d.Lookup("T2")
	require.True(t, ok)
	require.Equal(t, Department{ID: "T2", Name: "乙所", Parent: "D1", Division: "370202001", Tier: TownTier}, got)
	_, ok = d.Lookup("X")
	require.False(t, ok)

	parent, ok := d.Parent("T1")
	require.True(t, ok)
	require.Equal(t, "D1", parent.ID)
	_, ok = d.Parent("C1")
	require.False(t, ok)
	_, ok = d.Parent("X")
	require.False(t, ok)

	children := slices.Collect(d.Children("D1"))
	require.Len(t, children, 2)
	require.Equal(t, []string{"T1", "T2"}, []string{children[0].ID, children[1].ID}, "sorted")
	require.Empty(t, slices.Collect(d.Children("T1")))
	require.Empty(t, slices.Collect(d.Children("X")))

	for _, c := range []struct {
		child, ancestor string
		want            bool
	}{{"T1", "T1", true}, {"T1", "D1", true}, {"T1", "C1", true}, {"T1", "C2", false}, {"C1", "T1", false},
		{"T1", "T2", false}, {"X", "C1", false}, {"T1", "X", false}} {
		require.Equal(t, c.want, d.Under(c.child, c.ancestor), "%s under %s", c.child, c.ancestor)
	}
	n := 0
	for i, dep := range d.All() {
		require.Equal(t, d.At(i), dep)
		n++
	}
	require.Equal(t, 5, n)

	var none *Departments
	require.Equal(t, 0, none.Len())
	_, ok = none.Lookup("C1")
	require.False(t, ok)
	require.False(t, none.Under("C1", "C1"))
}

func TestDepartmentErrors(t *testing.T) {
	city, district := Department{ID: "C", Tier: CityTier}, Department{ID: "D", Parent: "C", Tier: DistrictTier}
	for _, c := range []struct {
		name string
		rows []Department
		want string
	}{
		{"no ID", []Department{{Tier: CityTier}}, `registry: department row 1: ID is empty`},
		{"space", []Department{{ID: "a b", Tier: CityTier}}, `registry: department row 1: "a b": ID has the space U+0020 at byte 2`},
		{"name", []Department{{ID: "a", Name: "x\ny", Tier: CityTier}}, `registry: department row 1: "a": name has the control character U+000A at byte 2`},
		{"division", []Department{{ID: "a", Division: "3702", Tier: CityTier}}, `registry: department row 1: "a": division "3702": expected 6 or 9 digits`},
		{"no tier", []Department{{ID: "a"}}, `registry: department row 1: "a": tier any: expected city, district or town`},
		{"province", []Department{{ID: "a", Tier: ProvinceTier}}, `registry: department row 1: "a": tier province: expected city, district or town`},
		{"duplicate", []Department{city, district, city}, `registry: department row 3: "C": the ID is already in row 1`},
		{"unknown parent", []Department{district}, `registry: department row 1: "D": parent "C" is not in the directory`},
		{"no parent", []Department{city, {ID: "T", Tier: TownTier}}, `registry: department row 2: "T": a town department needs a parent in tier district`},
		{"skipped tier", []Department{city, {ID: "T", Parent: "C", Tier: TownTier}}, `registry: department row 2: "T": parent "C" is in tier city, expected district`},
		{"city below", []Department{city, {ID: "X", Parent: "C", Tier: CityTier}}, `registry: department row 2: "X": a city department has no parent, found "C"`},
		{"own parent", []Department{{ID: "D", Parent: "D", Tier: DistrictTier}}, `registry: department row 1: "D": is its own ancestor through parent "D"`},
		{"cycle behind a tail", []Department{{ID: "T", Parent: "A", Tier: TownTier}, {ID: "A", Parent: "B", Tier: DistrictTier}, {ID: "B", Parent: "A", Tier: DistrictTier}},
			`registry: department row 2: "A": is its own ancestor through parent "B"`},
	} {
		_, err := NewDepartments(withNil(c.rows...))
		require.EqualError(t, err, c.want, c.name)
	}
	_, err := NewDepartments(failing(city))
	require.EqualError(t, err, "registry: department row 2: disk on fire")
}

// TestManyDepartments builds a city of the size of Qingdao's.
func TestManyDepartments(t *testing.T) {
	var rows []Department
	for i := range 993 {
		rows = append(rows, Department{ID: fmt.Sprintf("T%d", i), Parent: fmt.Sprintf("D%d", i%322), Tier: TownTier})
	}
	for i := range 322 {
		rows = append(rows, Department{ID: fmt.Sprintf("D%d", i), Parent: fmt.Sprintf("C%d", i%37), Tier: DistrictTier})
	}
	for i := range 37 {
		rows = append(rows, Department{ID: fmt.Sprintf("C%d", i), Tier: CityTier})
	}
	d, err := NewDepartments(withNil(rows...))
	require.NoError(t, err)
	under := 0
	for i := range 993 {
		if d.Under(fmt.Sprintf("T%d", i), "C0") {
			under++
		}
	}
	want := 0
	for i := range 993 {
		if i%322%37 == 0 {
			want++
		}
	}
	require.Equal(t, want, under)
}
