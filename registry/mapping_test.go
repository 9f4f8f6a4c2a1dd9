package registry

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseColumns(t *testing.T) {
	for _, c := range []struct {
		text string
		want Columns
	}{
		{"id=uscc", Columns{ID: "uscc"}},
		{"id=uscc,name=name,founded=reg_date,attr=capital_wan", Columns{ID: "uscc", Name: "name", Founded: "reg_date", Attributes: []string{"capital_wan"}}},
		{
			"id=a,name=b,domain=c,division=d,industry=e,edition=2017,status=f,founded=g,inspected=h,attr=i,attr=j",
			Columns{ID: "a", Name: "b", Domain: "c", Division: "d", Industry: "e", Edition: 2017, Status: "f", Founded: "g", LastInspected: "h", Attributes: []string{"i", "j"}},
		},
		{"id=统一代码,name=企业 名称 ", Columns{ID: "统一代码", Name: "企业 名称 "}},
		{"id=a=b,name=a=b", Columns{ID: "a=b", Name: "a=b"}},
	} {
		got, err := ParseColumns(c.text)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, got)
		require.Equal(t, c.text, got.String())
	}
	c, err := ParseColumns("attr=x,name=n,id=i")
	require.NoError(t, err)
	require.Equal(t, "id=i,name=n,attr=x", c.String())
}

func TestParseColumnsRefuses(t *testing.T) {
	var many []string
	for i := range maxKeys + 1 {
		many = append(many, fmt.Sprintf("attr=a%d", i))
	}
	for _, c := range []struct{ text, want string }{
		{"", `registry: columns: "": expected key=name`},
		{"id=a,", `registry: columns: "": expected key=name`},
		{"id", `registry: columns: "id": expected key=name`},
		{"id=", `registry: columns: "id=": expected key=name`},
		{"name=b", `registry: columns: no column for the ID`},
		{"id=a,id=a", `registry: columns: "id" is given twice`},
		{"id=a,edition=2017,edition=2017", `registry: columns: "edition" is given twice`},
		{"id=a, name=b", `registry: columns: unknown key " name", expected one of id, name, domain, division, industry, edition, status, founded, inspected, attr`},
		{"ID=a", `registry: columns: unknown key "ID", expected one of id, name, domain, division, industry, edition, status, founded, inspected, attr`},
		{"id=a,attr=x,attr=x", `registry: columns: attribute "x" is given twice`},
		{"id=a,attr=x\n", `registry: columns: attribute "x\n" has the control character U+000A at byte 2`},
		{"id=a,edition=17", `registry: columns: edition "17": expected a year from 1900 to 2100`},
		{"id=a,edition=2101", `registry: columns: edition "2101": expected a year from 1900 to 2100`},
		{"id=a,edition=+2017", `registry: columns: edition "+2017": expected a year from 1900 to 2100`},
		{"id=a," + strings.Join(many, ","), `registry: columns: 256 attributes, at most 255`},
		{"id=" + strings.Repeat("a", maxColumnsText), `registry: columns: 65539 bytes, at most 65536`},
	} {
		got, err := ParseColumns(c.text)
		require.EqualError(t, err, c.want)
		require.Equal(t, Columns{}, got)
	}
}

// FuzzParseColumns parses, formats and parses again.
func FuzzParseColumns(f *testing.F) {
	f.Add("id=uscc,name=name,founded=reg_date,attr=capital_wan")
	f.Add("attr=x,edition=2011,industry=y,id=z")
	f.Add("id==,name=\xff")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseColumns(text)
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "registry: columns: "), err)
			return
		}
		require.Len(t, c.String(), len(text), "the same pairs in another order")
		again, err := ParseColumns(c.String())
		require.NoError(t, err)
		require.Equal(t, c, again)
		require.Equal(t, c.String(), again.String())
	})
}
