package registry

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func TestReadJSONLines(t *testing.T) {
	const file = `{"id":"a","name":"青岛\u516c平","domain":"企业","division":"370202","industry":"2017:5211","status":"存续","founded":"1980-01-22","last_inspected":"2023-07-01","attributes":{"capital_wan":1286.50,"type":"全民","none":null,"empty":""}}

{"id":"b","name":null,"attributes":null}
 { "attributes" : { } , "id" : "c" } ` + "\r\n"
	for name, in := range map[string]io.Reader{
		"plain":        strings.NewReader(file),
		"mark":         strings.NewReader("\uFEFF" + file),
		"byte by byte": iotest.OneByteReader(strings.NewReader(file)),
		"no line end":  strings.NewReader(strings.TrimSuffix(file, "\r\n")),
	} {
		reg, report, err := ReadJSONLines(in, Checks{})
		require.NoError(t, err, name)
		require.Equal(t, &Report{Rows: 3, Kept: 3}, report, name)
		require.Equal(t, Entity{
			ID: "a", Name: "青岛公平", Domain: Enterprise, Division: "370202", Industry: Industry{2017, "5211"}, Status: Active,
			Founded: dayOf(t, "1980-01-22"), LastInspected: dayOf(t, "2023-07-01"),
		}, plain(reg.At(0)))
		want := mustAttributes(t, Attribute{"capital_wan", "1286.50"}, Attribute{"type", "全民"}, Attribute{"empty", ""})
		require.True(t, want.Equal(reg.At(0).Attributes), "a number keeps its spelling")
		require.Equal(t, Entity{ID: "b"}, plain(reg.At(1)))
		require.Equal(t, Entity{ID: "c"}, plain(reg.At(2)))
	}
}

func TestReadJSONLinesTakesFromCode(t *testing.T) {
	file := fmt.Sprintf("{\"id\":%q}\n{\"id\":%q,\"division\":\"370203\",\"domain\":\"\"}\n", goodCode, otherCode)
	reg, _, err := ReadJSONLines(strings.NewReader(file), Checks{Codes: true})
	require.NoError(t, err)
	require.Equal(t, Entity{ID: goodCode, Domain: Enterprise, Division: "370200"}, plain(reg.At(0)))
	require.Equal(t, Entity{ID: otherCode, Division: "370203"}, plain(reg.At(1)))
}

func TestReadJSONLinesBadRows(t *testing.T) {
	for _, c := range []struct {
		line string
		kind Kind
		want string
	}{
		{`{"id":"a"`, BadRow, "not JSON: unexpected end of JSON input at byte 9"},
		{`{"id":"a",}`, BadRow, "not JSON: invalid character '}' looking for beginning of object key string at byte 11"},
		{`{"id":"a"} {"id":"b"}`, BadRow, "not JSON: invalid character '{' after top-level value at byte 12"},
		{`["a"]`, BadRow, "not an object"},
		{`"a"`, BadRow, "not an object"},
		{`null`, BadRow, "not an object"},
		{`x`, BadRow, "not JSON: invalid character 'x' looking for beginning of value at byte 1"},
		{`{"id":"a","Name":"b"}`, BadRow, `unknown field "Name"`},
		{`{"id":"a","":"b"}`, BadRow, `unknown field ""`},
		{`{"id":"a","id":"a"}`, BadRow, `field "id" comes twice`},
		{`{"id":"a","i\u0064":"a"}`, BadRow, `field "id" comes twice`},
		{`{"name":null,"name":"x"}`, BadRow, `field "name" comes twice`},
		{`{"id":7}`, BadRow, `field "id" is not text`},
		{`{"id":true}`, BadRow, `field "id" is not text`},
		{`{"id":["a"]}`, BadRow, `field "id" is not text`},
		{`{"id":{"a":"b"}}`, BadRow, `field "id" is not text`},
		{`{"id":"\ud800"}`, BadRow, `field "id" has an escape that is no character`},
		{`{"id":"a","attributes":"x"}`, BadRow, `field "attributes" is not an object`},
		{`{"id":"a","attributes":[]}`, BadRow, `field "attributes" is not an object`},
		{`{"id":"a","attributes":{"x":1,"x":2}}`, BadRow, `attribute "x" comes twice`},
		{`{"id":"a","attributes":{"x":false}}`, BadRow, `attribute "x" is neither text nor a number`},
		{`{"id":"a","attributes":{"x":{}}}`, BadRow, `attribute "x" is neither text nor a number`},
		{`{"id":"a","attributes":{"x":"\udfff"}}`, BadRow, `attribute "x" has an escape that is no character`},
		{`{"id":"a","attributes":{},"attributes":{}}`, BadRow, `field "attributes" comes twice`},
		{"{\"id\":\"\xff\"}", BadText, "the line is not valid UTF-8"},
		{`{"id":"a","attributes":{"":"x"}}`, BadText, `attribute key "" is empty`},
		{`{"id":"a","attributes":{"x":"\u0000"}}`, BadText, `attribute "x" has the control character U+0000 at byte 1`},
		{`{"id":"a","name":"\n"}`, BadText, "name has the control character U+000A at byte 1"},
		{`{}`, EmptyID, "no ID"},
		{`{"id":"a","domain":"firm"}`, BadRow, `unknown domain "firm"`},
		{`{"id":"a","industry":"5211"}`, UnknownIndustry, `industry "5211": expected an edition and a code, as in 2017:8210`},
		{`{"id":"a","last_inspected":"1.7.2023"}`, BadDate, `last inspected: date "1.7.2023": expected YYYY-MM-DD`},
	} {
		reg, report, err := ReadJSONLines(strings.NewReader("\n"+c.line+"\n{\"id\":\"next\"}\n"), Checks{})
		require.NoError(t, err, c.line)
		require.Len(t, report.Problems, 1, c.line)
		p := report.Problems[0]
		require.Equal(t, int64(2), p.Row, c.line)
		require.Equal(t, c.kind, p.Kind, c.line)
		require.Equal(t, c.want, p.Text, c.line)
		require.Equal(t, 1, reg.Len(), c.line)
		require.Equal(t, "next", reg.At(0).ID)
	}
}

func TestReadJSONLinesLimits(t *testing.T) {
	in := &counted{r: &endless{text: `{"id":"`}}
	_, report, err := ReadJSONLines(in, Checks{MaxRow: 1000})
	require.EqualError(t, err, "registry: row 1: row-too-long: more than 1000 bytes")
	requireAddsUp(t, nil, report, Checks{})
	require.LessOrEqual(t, in.n, 2*blockSize)

	deep := strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
	_, report, err = ReadJSONLines(strings.NewReader(`{"id":`+deep+"}\n"), Checks{})
	require.NoError(t, err)
	require.Equal(t, "not JSON: invalid character '[' exceeded max depth at byte 10006", report.Problems[0].Text)

	broken := errors.New("line dropped")
	_, report, err = ReadJSONLines(io.MultiReader(strings.NewReader("{\"id\":\"a\"}\n{}"), iotest.ErrReader(broken)), Checks{})
	require.EqualError(t, err, "registry: row 2: line dropped")
	require.ErrorIs(t, err, broken)
	require.Equal(t, int64(1), report.Rows)

	reg, report, err := ReadJSONLines(strings.NewReader(""), Checks{})
	require.NoError(t, err)
	require.Equal(t, &Report{}, report)
	require.Zero(t, reg.Len())
}

// FuzzReadJSONLines reads any text; the report adds up, and what was kept is found.
func FuzzReadJSONLines(f *testing.F) {
	f.Add(`{"id":"`+goodCode+`","name":"青岛","attributes":{"x":1e5,"y":"z"}}`, true)
	f.Add("{\"id\":\"a\"}\n\n{\"id\":\"a\",\"founded\":\"x\"}", false)
	f.Add(`{"id":"\ud800","attributes":null}`, false)
	f.Fuzz(func(t *testing.T, file string, codes bool) {
		checks := Checks{Codes: codes, MaxRow: 500, MaxReported: 3}
		reg, report, err := ReadJSONLines(strings.NewReader(file), checks)
		requireAddsUp(t, reg, report, checks)
		require.Equal(t, err != nil, reg == nil)
		lines := int64(strings.Count(file, "\n") + 1)
		require.LessOrEqual(t, report.Rows, lines)
	})
}
