package registry

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAttributes(t *testing.T) {
	a, err := NewAttributes(Attribute{"capital_wan", "640"}, Attribute{"类型", ""}, Attribute{"long", strings.Repeat("x", maxAttributeValue)})
	require.NoError(t, err)
	require.Equal(t, 3, a.Len())
	value, ok := a.Value("capital_wan")
	require.True(t, ok)
	require.Equal(t, "640", value)
	value, ok = a.Value("类型")
	require.True(t, ok)
	require.Empty(t, value)
	value, ok = a.Value("long")
	require.True(t, ok)
	require.Len(t, value, maxAttributeValue)
	_, ok = a.Value("capital")
	require.False(t, ok)

	var keys []string
	for key := range a.All() {
		keys = append(keys, key)
		if len(keys) == 2 {
			break
		}
	}
	require.Equal(t, []string{"capital_wan", "类型"}, keys)

	var none Attributes
	require.Zero(t, none.Len())
	_, ok = none.Value("")
	require.False(t, ok)
	empty, err := NewAttributes()
	require.NoError(t, err)
	require.True(t, none.Equal(empty))
}

func TestAttributesEqual(t *testing.T) {
	make := func(list ...Attribute) Attributes {
		a, err := NewAttributes(list...)
		require.NoError(t, err)
		return a
	}
	a := make(Attribute{"x", "1"}, Attribute{"y", "2"})
	require.True(t, a.Equal(make(Attribute{"x", "1"}, Attribute{"y", "2"})))
	for name, b := range map[string]Attributes{
		"order": make(Attribute{"y", "2"}, Attribute{"x", "1"}),
		"value": make(Attribute{"x", "1"}, Attribute{"y", "3"}),
		"key":   make(Attribute{"x", "1"}, Attribute{"z", "2"}),
		"fewer": make(Attribute{"x", "1"}),
		"none":  {},
	} {
		require.False(t, a.Equal(b), name)
		require.False(t, b.Equal(a), name)
	}
}

func TestNewAttributesRefuses(t *testing.T) {
	var many []Attribute
	for i := range maxKeys + 1 {
		many = append(many, Attribute{fmt.Sprint(i), ""})
	}
	for _, c := range []struct {
		name string
		list []Attribute
		want string
	}{
		{"no key", []Attribute{{"", "x"}}, `registry: attribute key "" is empty`},
		{"long key", []Attribute{{strings.Repeat("k", 256), "x"}}, `registry: attribute key "` + strings.Repeat("k", 80) + `"… (256 bytes) has 256 bytes, at most 255`},
		{"control in key", []Attribute{{"a\n", "x"}}, `registry: attribute key "a\n" has the control character U+000A at byte 2`},
		{"twice", []Attribute{{"a", "x"}, {"b", "x"}, {"a", "y"}}, `registry: attribute "a" is given twice`},
		{"control in value", []Attribute{{"a", "x\x00"}}, `registry: attribute "a" has the control character U+0000 at byte 2`},
		{"UTF-8", []Attribute{{"a", "\xff"}}, `registry: attribute "a" is not valid UTF-8 at byte 1`},
		{"long value", []Attribute{{"a", strings.Repeat("x", 65537)}}, `registry: attribute "a" has 65537 bytes, at most 65536`},
		{"many", many, `registry: 256 attributes, at most 255`},
	} {
		_, err := NewAttributes(c.list...)
		require.EqualError(t, err, c.want, c.name)
	}
	_, err := NewAttributes(many[:maxKeys]...)
	require.NoError(t, err)
}

// FuzzAttributes packs attributes and reads them back, alone and in a registry.
func FuzzAttributes(f *testing.F) {
	f.Add("capital_wan", "640", "类型", "有限责任公司")
	f.Add("a", "", "a", "x")
	f.Add("a", strings.Repeat("x", 200), "b", "\x00")
	f.Fuzz(func(t *testing.T, k1, v1, k2, v2 string) {
		list := []Attribute{{k1, v1}, {k2, v2}}
		a, err := NewAttributes(list...)
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "registry: attribute "), err)
			return
		}
		read := func(a Attributes) (got []Attribute) {
			for k, v := range a.All() {
				got = append(got, Attribute{k, v})
			}
			return got
		}
		require.Equal(t, list, read(a))
		// The rows before give the registry's keys another order.
		other, err := NewAttributes(Attribute{k2, "x"})
		require.NoError(t, err)
		reg, _, err := Import(entities(Entity{ID: "1", Attributes: other}, Entity{ID: "2", Attributes: a}), Checks{})
		require.NoError(t, err)
		require.Equal(t, list, read(reg.At(1).Attributes))
		require.True(t, reg.At(1).Attributes.Equal(a))
	})
}
