// Package label holds the rule for IDs and labels in published texts.
package label

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// Max is the greatest length of an ID or label in bytes.
const Max = 64

// Check returns what is wrong with s as an ID or label, or "" if nothing is: it
// must be 1–64 bytes of valid UTF-8 without spaces (Unicode's White_Space, so
// U+2028 and U+2029 too) and control characters (C0, DEL, C1).
func Check(s string) string {
	if len(s) == 0 {
		return "is empty"
	}
	if len(s) > Max {
		return fmt.Sprintf("%q… has %d bytes, expected at most %d", s[:Max], len(s), Max)
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f {
			return checkRunes(s, i)
		}
	}
	return ""
}

// checkRunes checks s, whose bytes before i are printable ASCII.
func checkRunes(s string, i int) string {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return fmt.Sprintf("%q is not valid UTF-8 at byte %d", s, i+1)
		case unicode.IsControl(r):
			return fmt.Sprintf("%q has the control character %U at byte %d", s, r, i+1)
		case unicode.IsSpace(r):
			return fmt.Sprintf("%q has the space %U at byte %d", s, r, i+1)
		}
		i += n
	}
	return ""
}
