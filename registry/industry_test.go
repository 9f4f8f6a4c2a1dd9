package registry

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/stretchr/testify/require"
)

func mustIndustry(t testing.TB, s string) Industry {
	t.Helper()
	n, err := ParseIndustry(s)
	require.NoError(t, err)
	return n
}

func TestParseIndustry(t *testing.T) {
	for s, want := range map[string]Industry{
		"2017:A": {2017, "A"}, "2017:T": {2017, "T"}, "2017:01": {2017, "01"}, "2011:821": {2011, "821"},
		"2017:8210": {2017, "8210"}, "1900:00": {1900, "00"}, "2100:9999": {2100, "9999"},
	} {
		n, err := ParseIndustry(s)
		require.NoError(t, err)
		require.Equal(t, want, n)
		require.Equal(t, s, n.String())
	}
}

func TestParseIndustryRejects(t *testing.T) {
	shape := func(s string) string {
		return fmt.Sprintf("registry: industry %s: expected an edition and a code, as in 2017:8210", label.Quote(s))
	}
	for _, c := range []struct{ text, want string }{
		{"", shape("")},
		{"8210", shape("8210")},
		{"2017", shape("2017")},
		{"2017:", shape("2017:")},
		{"2017 8210", shape("2017 8210")},
		{"2017:82100", shape("2017:82100")},
		{" 2017:82", shape(" 2017:82")},
		{"17:82", shape("17:82")},
		{"+017:82", shape("+017:82")},
		{strings.Repeat("2", 200), shape(strings.Repeat("2", 200))},
		{"1899:82", `registry: industry "1899:82": edition 1899 is outside 1900–2100`},
		{"2101:82", `registry: industry "2101:82": edition 2101 is outside 1900–2100`},
		{"9999:82", `registry: industry "9999:82": edition 9999 is outside 1900–2100`},
		{"2017:U", `registry: industry "2017:U": code "U": expected a letter A–T or 2 to 4 digits`},
		{"2017:a", `registry: industry "2017:a": code "a": expected a letter A–T or 2 to 4 digits`},
		{"2017:8", `registry: industry "2017:8": code "8": expected a letter A–T or 2 to 4 digits`},
		{"2017:A1", `registry: industry "2017:A1": code "A1": expected a letter A–T or 2 to 4 digits`},
		{"2017:82 ", `registry: industry "2017:82 ": code "82 ": expected a letter A–T or 2 to 4 digits`},
		{"2017:-82", `registry: industry "2017:-82": code "-82": expected a letter A–T or 2 to 4 digits`},
	} {
		n, err := ParseIndustry(c.text)
		require.EqualError(t, err, c.want)
		require.Zero(t, n)
	}
}

func TestIndustryText(t *testing.T) {
	type row struct{ Main, Other Industry }
	in := row{Main: Industry{2017, "8210"}}
	text, err := json.Marshal(in)
	require.NoError(t, err)
	require.Equal(t, `{"Main":"2017:8210","Other":""}`, string(text))
	out := row{Other: Industry{2017, "A"}}
	require.NoError(t, json.Unmarshal(text, &out))
	require.Equal(t, in, out)

	n := Industry{2017, "8210"}
	require.EqualError(t, n.UnmarshalText([]byte("2017:8")),
		`registry: industry "2017:8": code "8": expected a letter A–T or 2 to 4 digits`)
	require.Equal(t, Industry{2017, "8210"}, n, "a failed decode changed the receiver")

	for _, c := range []struct {
		n    Industry
		want string
	}{
		{Industry{2017, ""}, `registry: industry "2017:": code "": expected a letter A–T or 2 to 4 digits`},
		{Industry{0, "82"}, `registry: industry "0000:82": edition 0 is outside 1900–2100`},
	} {
		_, err := c.n.MarshalText()
		require.EqualError(t, err, c.want)
	}
}

func TestIndustryWithin(t *testing.T) {
	for _, c := range []struct {
		child, parent string
		want          bool
	}{
		{"2017:8210", "2017:8210", true},
		{"2017:8210", "2017:821", true},
		{"2017:8210", "2017:82", true},
		{"2017:821", "2017:8210", false},
		{"2017:8210", "2017:83", false},
		{"2017:8210", "2011:82", false},
		{"2017:8210", "2017:N", false}, // needs the table
		{"2017:N", "2017:N", true},
		{"2017:N", "2011:N", false},
	} {
		require.Equal(t, c.want, mustIndustry(t, c.child).Within(mustIndustry(t, c.parent)), "%s in %s", c.child, c.parent)
	}
	n := Industry{2017, "8210"}
	for _, malformed := range []Industry{{}, {2017, ""}, {2017, "8"}, {0, "82"}} {
		require.False(t, n.Within(malformed))
		require.False(t, malformed.Within(n))
		require.False(t, malformed.Within(malformed))
	}
	require.True(t, Industry{}.IsZero())
	require.Equal(t, "", Industry{}.String())
	require.False(t, Industry{2017, ""}.IsZero())
}

// Code 82 is education in one edition and, here, something else in the other.
func twoEditions(t testing.TB) *Industries {
	table, err := NewIndustries(slices.Values([]IndustryEntry{
		{Industry{2017, "8210"}, "N", "甲"},
		{Industry{2017, "P"}, "P", "教育"},
		{Industry{2017, "83"}, "P", "教育"},
		{Industry{2011, "82"}, "P", "教育"},
		{Industry{2017, "82"}, "N", "乙"},
		{Industry{2017, "N"}, "N", "丙"},
	}))
	require.NoError(t, err)
	return table
}

func TestIndustries(t *testing.T) {
	table := twoEditions(t)
	require.Equal(t, 6, table.Len())
	var order []string
	for e := range table.All() {
		order = append(order, e.Industry.String())
		found, ok := table.Find(e.Industry)
		require.True(t, ok)
		require.Equal(t, e, found)
		require.True(t, table.Has(e.Industry))
	}
	require.Equal(t, []string{"2011:82", "2017:82", "2017:8210", "2017:83", "2017:N", "2017:P"}, order)
	for _, absent := range []Industry{
		{}, {2011, "8210"}, {2017, "821"}, {2017, "0082"}, {2017, "8"}, {2017, "n"}, {2017, "A"}, {2018, "82"},
		{2017 - 1, "82"}, {0, "82"}, {2017, "82100"}, {2017, "８２"},
	} {
		require.False(t, table.Has(absent), "%s", absent)
		e, ok := table.Find(absent)
		require.False(t, ok)
		require.Zero(t, e)
	}
	for _, c := range []struct {
		child, parent Industry
		want          bool
	}{
		{Industry{2017, "8210"}, Industry{2017, "82"}, true},
		{Industry{2017, "8210"}, Industry{2017, "N"}, true},
		{Industry{2017, "82"}, Industry{2017, "N"}, true},
		{Industry{2017, "N"}, Industry{2017, "N"}, true},
		{Industry{2017, "8219"}, Industry{2017, "N"}, true}, // unknown itself, but division 82 is in N
		{Industry{2017, "8410"}, Industry{2017, "N"}, false},
		{Industry{2017, "82"}, Industry{2017, "P"}, false},
		{Industry{2011, "82"}, Industry{2017, "N"}, false},
		{Industry{2011, "82"}, Industry{2011, "P"}, true},
		{Industry{2017, "N"}, Industry{2017, "82"}, false},
		{Industry{2017, "N"}, Industry{2017, "P"}, false},
		{Industry{}, Industry{2017, "P"}, false},
		{Industry{2017, "82"}, Industry{}, false},
		{Industry{}, Industry{}, false},
	} {
		require.Equal(t, c.want, table.Within(c.child, c.parent), "%s in %s", c.child, c.parent)
	}

	var empty Industries
	require.Zero(t, empty.Len())
	require.False(t, empty.Has(Industry{2017, "82"}))
	require.False(t, empty.Within(Industry{2017, "82"}, Industry{2017, "N"}))
	require.True(t, empty.Within(Industry{2017, "8210"}, Industry{2017, "82"}), "digits need no table")
}

// No two codes share a key: every well-formed code of three editions.
func TestIndustryKeyIsUnique(t *testing.T) {
	seen := map[uint32]Industry{}
	for _, edition := range []uint16{1900, 2017, 2100} {
		var codes []string
		for c := 'A'; c <= 'T'; c++ {
			codes = append(codes, string(c))
		}
		for digits, most := range map[int]int{2: 100, 3: 1000, 4: 10000} {
			for i := range most {
				codes = append(codes, fmt.Sprintf("%0*d", digits, i))
			}
		}
		for _, code := range codes {
			n := Industry{edition, code}
			key, ok := industryKey(n)
			if other, twice := seen[key]; !ok || twice {
				t.Fatalf("%s: %v, same key as %s", n, ok, other)
			}
			seen[key] = n
		}
	}
	require.Len(t, seen, 3*(20+100+1000+10000))
}

func TestNewIndustriesRejects(t *testing.T) {
	good := IndustryEntry{Industry{2017, "82"}, "P", "教育"}
	for _, c := range []struct {
		name string
		list []IndustryEntry
		want string
	}{
		{"code", []IndustryEntry{good, {Industry{2017, "8"}, "P", "教育"}},
			`registry: entry 2 of the industries, "2017:8": code "8": expected a letter A–T or 2 to 4 digits`},
		{"edition", []IndustryEntry{{Industry{17, "82"}, "P", "教育"}},
			`registry: entry 1 of the industries, "0017:82": edition 17 is outside 1900–2100`},
		{"zero", []IndustryEntry{{}},
			`registry: entry 1 of the industries, "": edition 0 is outside 1900–2100`},
		{"section", []IndustryEntry{{Industry{2017, "82"}, "", "教育"}},
			`registry: entry 1 of the industries, "2017:82": section "": expected a letter A–T`},
		{"section of a section", []IndustryEntry{{Industry{2017, "P"}, "Q", "教育"}},
			`registry: entry 1 of the industries, "2017:P": section "Q": expected "P", for it is a section itself`},
		{"name", []IndustryEntry{{Industry{2017, "82"}, "P", "a\n"}},
			`registry: entry 1 of the industries, "2017:82": name "a\n": has a control character`},
		{"twice", []IndustryEntry{good, {Industry{2017, "83"}, "P", "乙"}, good},
			`registry: industry 2017:82 is in the table twice`},
		{"two sections", []IndustryEntry{{Industry{2017, "8210"}, "N", "甲"}, good},
			`registry: industry 2017:8210 is in section N, but 2017:82 in section P`},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := NewIndustries(slices.Values(c.list))
			require.EqualError(t, err, c.want)
			require.Nil(t, table)
		})
	}
}

func TestRealIndustries(t *testing.T) {
	rows := tableRows(t, "gbt4754_2017.csv", 0)
	table, err := NewIndustries(func(yield func(IndustryEntry) bool) {
		for _, row := range rows {
			if !yield(IndustryEntry{Industry: Industry{2017, row[0]}, Section: row[2], Name: row[3]}) {
				return
			}
		}
	})
	require.NoError(t, err)
	require.Equal(t, 1971, table.Len())
	digits := map[string]int{"section": 1, "division": 2, "group": 3, "class": 4}
	for _, row := range rows {
		n := mustIndustry(t, "2017:"+row[0])
		require.True(t, table.Has(n))
		require.Len(t, n.Code, digits[row[1]])
		require.True(t, table.Within(n, Industry{2017, row[2]}))
		require.False(t, table.Within(n, Industry{2011, row[2]}))
		if len(n.Code) > 2 {
			require.True(t, table.Has(Industry{2017, n.Code[:len(n.Code)-1]}), "%s has no parent", n)
		}
	}
	e, ok := table.Find(Industry{2017, "8210"})
	require.False(t, ok, "%v", e)
}

func FuzzParseIndustry(f *testing.F) {
	for _, s := range []string{"", "2017:8210", "2017:A", "2017:82", "2101:82", "2017:8", "２０１７:82", "2017:8210 "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseIndustry(s)
		if err != nil {
			require.Zero(t, n)
			require.Less(t, len(err.Error()), 800)
			if s != "" {
				before := Industry{2017, "8210"}
				got := before
				require.Error(t, got.UnmarshalText([]byte(s)))
				require.Equal(t, before, got)
			}
			return
		}
		require.Equal(t, s, n.String())
		text, err := n.MarshalText()
		require.NoError(t, err)
		require.Equal(t, s, string(text))
		require.True(t, n.Within(n))
	})
}
