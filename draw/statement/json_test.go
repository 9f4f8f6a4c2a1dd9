package statement

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestView(t *testing.T) {
	c := &Close{
		hashOf(1), instant("2026-01-02T02:30:00Z"), []Counted{{"a", ID{}, hashOf(3)}}, nil,
	}
	got, err := json.Marshal(c)
	require.NoError(t, err)
	require.Equal(t, `{"statement":"close","notice":"`+hexOf(1)+`","closed":"2026-01-02T02:30:00Z","counted":[["a",null,"`+hexOf(3)+`"]],"missing":[]}`, string(got))

	// Every keyword of a text is in its view, in order.
	for _, tt := range samples() {
		got, err := View(tt.s)
		require.NoError(t, err)
		require.True(t, json.Valid(got), string(got))
		at := 0
		for line := range strings.Lines(tt.text[strings.Index(tt.text, "\n")+1:]) {
			keyword, _, _ := strings.Cut(line, " ")
			next := strings.Index(string(got), `"`+keyword+`":`)
			require.GreaterOrEqual(t, next, at, "%s in %s", keyword, got)
			at = next
		}
	}
	_, err = View(&Commit{})
	require.EqualError(t, err, "statement: commit line 2: notice is missing, expected a hash")
}
