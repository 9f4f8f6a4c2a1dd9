package sm3

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestKnownAnswers has the two examples of annex A of GB/T 32905-2016.
func TestKnownAnswers(t *testing.T) {
	for message, want := range map[string]string{
		"abc":                      "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
		strings.Repeat("abcd", 16): "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
	} {
		sum := Sum([]byte(message))
		require.Equal(t, want, hex.EncodeToString(sum[:]))
		h := New()
		h.Write([]byte("forgotten"))
		h.Reset()
		h.Write([]byte(message[:2]))
		h.Write([]byte(message[2:]))
		require.Equal(t, "x"+want, "x"+hex.EncodeToString(h.Sum([]byte("x"))[1:]))
	}
}
