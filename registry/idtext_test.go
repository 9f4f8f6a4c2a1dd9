package registry

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestCheckID(t *testing.T) {
	for _, c := range []struct{ name, id, want string }{
		{"code", "913702001635621638", ""},
		{"one byte", "!", ""},
		{"the last ASCII", "~", ""},
		{"Chinese", "青岛370202", ""},
		{"64 bytes", strings.Repeat("x", 64), ""},
		{"a zero-width space is no space", "a\u200bb", ""},
		{"empty", "", "is empty"},
		{"65 bytes", strings.Repeat("x", 65), "has 65 bytes, at most 64"},
		{"space", "a b", "has the space U+0020 at byte 2"},
		{"space at the end", "ab ", "has the space U+0020 at byte 3"},
		{"ideographic space", "青　", "has the space U+3000 at byte 4"},
		{"no-break space", "a\u00a0", "has the space U+00A0 at byte 2"},
		{"tab", "a\tb", "has the control character U+0009 at byte 2"},
		{"NUL", "\x00", "has the control character U+0000 at byte 1"},
		{"DEL", "a\x7f", "has the control character U+007F at byte 2"},
		{"C1", "a\u0085", "has the control character U+0085 at byte 2"},
		{"line separator", "青\u2028", "has the control character U+2028 at byte 4"},
		{"paragraph separator", "a\u2029", "has the control character U+2029 at byte 2"},
		{"not UTF-8", "a\xff", "is not valid UTF-8 at byte 2"},
		{"cut UTF-8", "青\xe9\x9d", "is not valid UTF-8 at byte 4"},
		{"surrogate", "\xed\xa0\x80", "is not valid UTF-8 at byte 1"},
		{"the replacement character itself", "\ufffd", ""},
	} {
		require.Equal(t, c.want, checkID(c.id), c.name)
		require.Equal(t, c.want, checkLabel(c.id), c.name)
	}
}

func TestCheckPlain(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"long, with spaces", strings.Repeat("青岛 a　", 100), ""},
		{"line feed", "青岛公平\n", "has the control character U+000A at byte 13"},
		{"C1 after Chinese", "青岛公平\u0080", "has the control character U+0080 at byte 13"},
		{"not UTF-8 between Chinese", "青岛\xe9公平", "is not valid UTF-8 at byte 7"},
		{"cut at the end", "青岛公\xe5\xb2", "is not valid UTF-8 at byte 10"},
		{"line separator", "青岛公平\u2028总公司", "has the control character U+2028 at byte 13"},
	} {
		require.Equal(t, c.want, checkPlain(c.text), c.name)
	}
}

// TestCheckPlainEveryRune compares the fast ways through checkPlain with the
// rule itself, for each rune at each place of a word of eight bytes, and for
// pieces of runes.
func TestCheckPlainEveryRune(t *testing.T) {
	plain := func(s string) bool {
		return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
			return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
		})
	}
	for r := rune(0); r <= unicode.MaxRune+1; r++ {
		for _, s := range []string{string(r), "青" + string(r) + "岛公平", "a" + string(r) + "青岛公"} {
			if plain(s) != (checkPlain(s) == "") {
				t.Fatalf("%q: %s", s, checkPlain(s))
			}
		}
	}
	for a := range 256 {
		for b := range 256 {
			for _, s := range []string{
				string([]byte{byte(a), byte(b), 0x80, 0xe9, 0x9d, 0x92, 'x', 'x'}),
				string([]byte{0xe9, 0x9d, 0x92, byte(a), 0xbf, byte(b), 'x', 'x'}),
				string([]byte{0xe9, byte(a), 0x92, 0xe5, byte(b), 0x9b, 'x', 'x'}),
			} {
				if plain(s) != (checkPlain(s) == "") {
					t.Fatalf("%q: %s", s, checkPlain(s))
				}
			}
		}
	}
}
