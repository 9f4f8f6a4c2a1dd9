package label

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestCheck(t *testing.T) {
	for _, good := range []string{"a", "913702001635621638", "370202/C", "市北区", "a\u200bb", "\ufeff", strings.Repeat("x", 64), strings.Repeat("区", 21)} {
		require.Empty(t, Check(good))
	}
	for _, tt := range []struct{ in, want string }{
		{"", "is empty"},
		{"a b", `"a b" has the space U+0020 at byte 2`},
		{"a\tb", `"a\tb" has the control character U+0009 at byte 2`},
		{"a\x7f", `"a\x7f" has the control character U+007F at byte 2`},
		{"a\u0085", `"a\u0085" has the control character U+0085 at byte 2`},
		{"a\u3000", `"a\u3000" has the space U+3000 at byte 2`},
		{"a\u00a0", `"a\u00a0" has the space U+00A0 at byte 2`},
		{"区\u2028", `"区\u2028" has the space U+2028 at byte 4`},
		{"区\u2029", `"区\u2029" has the space U+2029 at byte 4`},
		{"区\xff", `"区\xff" is not valid UTF-8 at byte 4`},
		{"\xed\xa0\x80", `"\xed\xa0\x80" is not valid UTF-8 at byte 1`},
		{strings.Repeat("x", 65), `"` + strings.Repeat("x", 64) + `"… has 65 bytes, expected at most 64`},
	} {
		require.Equal(t, tt.want, Check(tt.in))
	}
}

// TestEveryRune compares the fast path and the slow one with the rule itself.
func TestEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		bad := unicode.IsSpace(r) || unicode.IsControl(r)
		require.Equal(t, bad, Check("x"+string(r)) != "", "%U", r)
	}
}
