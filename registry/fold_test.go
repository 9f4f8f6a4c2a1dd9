package registry

import (
	"strings"
	"testing"
	"unicode/utf8"
	"unsafe"

	"github.com/stretchr/testify/require"
)

func TestFold(t *testing.T) {
	for _, c := range []struct {
		name, in, want      string
		narrowed, uppercase bool
	}{
		{"empty", "", "", false, false},
		{"nothing to do", "91370200163562163X", "91370200163562163X", false, false},
		{"lower case", "91370200163562163x", "91370200163562163X", false, true},
		{"full-width digit", "９1370200163562163X", "91370200163562163X", true, false},
		{"full-width capital", "9Ａ", "9A", true, false},
		{"full-width small letter", "9ａ", "9A", true, true},
		{"ends of the ranges", "０９ＡＺａｚaz", "09AZAZAZ", true, true},
		{"just outside the ranges", "／：＠［｀｛`{@[", "／：＠［｀｛`{@[", false, false},
		{"other text", "青岛 café\u3000Ⅻ①", "青岛 CAFé\u3000Ⅻ①", false, true},
		{"other scripts keep their case", "éα", "éα", false, false},
		{"cut full-width form", "\xEF\xBC", "\xEF\xBC", false, false},
		{"not UTF-8", "\xFF\xEFa\xEF\xBC\x91", "\xFF\xEFA1", true, true},
	} {
		folded, narrowed, uppercased := fold(c.in)
		require.Equal(t, c.want, folded, c.name)
		require.Equal(t, c.narrowed, narrowed, c.name)
		require.Equal(t, c.uppercase, uppercased, c.name)
	}
}

// Every character by itself, against the definition.
func TestFoldEveryCharacter(t *testing.T) {
	for r := rune(0); r <= utf8.MaxRune; r++ {
		want := r
		if r >= 0xFF10 && r <= 0xFF19 || r >= 0xFF21 && r <= 0xFF3A || r >= 0xFF41 && r <= 0xFF5A {
			want = r - 0xFEE0
		}
		narrowed := want != r
		upper := want >= 'a' && want <= 'z'
		if upper {
			want -= 'a' - 'A'
		}
		got, n, u := fold(string(r))
		if got != string(want) || n != narrowed || u != upper {
			t.Fatalf("%U: %q %v %v, expected %q %v %v", r, got, n, u, string(want), narrowed, upper)
		}
	}
}

func TestFoldReturnsTheSameText(t *testing.T) {
	s := strings.Clone("9137 青岛公平衡器总公司［）")
	folded, _, _ := fold(s)
	require.Equal(t, unsafe.StringData(s), unsafe.StringData(folded))
	require.Zero(t, testing.AllocsPerRun(100, func() { fold(s) }))
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "x", "９Ａａ", "\xEF\xBC\x90", "\xEF\xEF\xBC\x90\xBC\x90", "青a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded, narrowed, uppercased := fold(s)
		require.Equal(t, folded != s, narrowed || uppercased)
		require.LessOrEqual(t, len(folded), len(s))
		require.False(t, strings.ContainsAny(folded, "abcdefghijklmnopqrstuvwxyz"))
		again, n, u := fold(folded)
		require.Equal(t, folded, again)
		require.False(t, n || u)
		require.Equal(t, utf8.ValidString(s), utf8.ValidString(folded))
	})
}
