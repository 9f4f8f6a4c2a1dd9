// Package label holds the rules for IDs, labels and free texts in what is published.
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

// MaxText is the greatest length of a free text in bytes.
const MaxText = 1000

// CheckText returns what is wrong with s as a free text within one line, or "" if
// nothing is: it must be 1–1000 bytes of valid UTF-8 without control characters,
// U+2028 and U+2029, and without a space at either end.
func CheckText(s string) string {
	if len(s) == 0 || len(s) > MaxText {
		return fmt.Sprintf("has %d bytes, expected 1 to %d", len(s), MaxText)
	}
	if !utf8.ValidString(s) {
		return "is not valid UTF-8"
	}
	for i, r := range s {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return fmt.Sprintf("has the control character %U at byte %d", r, i+1)
		}
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	if unicode.IsSpace(first) || unicode.IsSpace(last) {
		return "has a space at its beginning or end"
	}
	return ""
}
