package label

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestQuote(t *testing.T) {
	require.Equal(t, `""`, Quote(""))
	require.Equal(t, `"a\n\"b\x80"`, Quote("a\n\"b\x80"))
	require.Equal(t, `"`+strings.Repeat("x", 80)+`"`, Quote(strings.Repeat("x", 80)))
	require.Equal(t, `"`+strings.Repeat("x", 80)+`"… (81 bytes)`, Quote(strings.Repeat("x", 81)))
}
