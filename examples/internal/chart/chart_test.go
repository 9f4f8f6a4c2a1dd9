package chart

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// wellFormed returns the texts of a picture, which must be XML without script.
func wellFormed(t *testing.T, svg string) (texts string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return texts
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			require.NotEqual(t, "script", token.Name.Local)
		case xml.CharData:
			texts += string(token) + "|"
		}
	}
}

func TestFunnel(t *testing.T) {
	var s strings.Builder
	n, err := Funnel{
		Title: "Found & expected", XLabel: "x", YLabel: "y", Line: 1,
		Points: []Point{{10, 1.5, "<script>alert(1)</script>", true}, {20, 0.5, "i-2", false}, {0, 0, "none", false}},
		Curves: []Curve{{"99.8 %", [][2]float64{{20, 1.2}, {10, 1.4}}, true}, {"empty", nil, false}},
	}.WriteTo(&s)
	require.NoError(t, err)
	require.Equal(t, int64(s.Len()), n)
	texts := wellFormed(t, s.String())
	require.Contains(t, texts, "Found & expected|")
	require.Contains(t, texts, "<script>alert(1)</script>|")
	require.NotContains(t, s.String(), "<script>")
	require.NotContains(t, s.String(), "NaN")
	require.Equal(t, 2, strings.Count(s.String(), "<circle"))
	require.Contains(t, s.String(), "stroke-dasharray")
	require.Less(t, strings.Index(s.String(), "470.0,8"), strings.Index(s.String(), "870.0,1"), "curves go from left to right")
	_, err = Funnel{}.WriteTo(&s)
	require.NoError(t, err)
	require.NotContains(t, s.String(), "NaN")
}

func TestStrata(t *testing.T) {
	var s strings.Builder
	n, err := Strata(&s, "Drawn", []Stratum{{"370202/市南区", 12.5, 13}, {"b<", 0, 0}})
	require.NoError(t, err)
	require.Equal(t, int64(s.Len()), n)
	texts := wellFormed(t, s.String())
	require.Contains(t, texts, "370202/市南区|")
	require.Contains(t, texts, "13 of 12.5 expected|")
	require.Contains(t, texts, "b<|")
	_, err = Strata(&s, "none", nil)
	require.NoError(t, err)
	require.NotContains(t, s.String(), "NaN")
}

func TestNice(t *testing.T) {
	for v, want := range map[float64]float64{0.1: 0.1, 0.11: 0.2, 0.21: 0.5, 0.51: 1, 7: 10, 10: 10, 13: 20, 125: 200} {
		require.InDelta(t, want, nice(v), 1e-12, v)
	}
	require.Equal(t, []string{"0", "1.5", "20"}, []string{number(0), number(1.5), number(20)})
}
