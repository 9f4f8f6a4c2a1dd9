package registry

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// maxID is the most bytes an ID or a stratum label may have.
const maxID = 64

// checkID returns "" if s may be an ID, and what is wrong with it if not. An ID
// is 1–64 bytes of valid UTF-8 without spaces (those of Unicode), control
// characters (C0, DEL, C1) and the separators U+2028 and U+2029.
func checkID(s string) string {
	switch {
	case s == "":
		return "is empty"
	case len(s) > maxID:
		return fmt.Sprintf("has %d bytes, at most %d", len(s), maxID)
	}
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return checkRunes(s, i, true)
		}
	}
	return ""
}

// checkLabel is checkID for a stratum label: the two share one rule.
func checkLabel(s string) string { return checkID(s) }

// checkPlain returns "" if s is valid UTF-8 without control characters (C0, DEL,
// C1) and the separators U+2028 and U+2029, and what is wrong with it if not.
func checkPlain(s string) string {
	for i := 0; i < len(s); {
		if i+8 <= len(s) && twoHan(eightBytes(s[i:])) {
			i += 6
			continue
		}
		switch c := s[i]; {
		case c >= ' ' && c < 0x7f:
			i++
		case c >= 0xe3 && c <= 0xec && i+2 < len(s) && s[i+1]&0xc0 == 0x80 && s[i+2]&0xc0 == 0x80:
			i += 3 // U+3000 to U+CFFF
		default:
			return checkRunes(s, i, false)
		}
	}
	return ""
}

// twoHan reports whether eight bytes begin with two characters from U+4000 to
// U+BFFF, where nearly all Chinese ones are. Names are half of a registry's text,
// and this takes half the time of looking at single bytes.
func twoHan(w uint64) bool {
	const (
		form     = 0xc0c0f0_c0c0f0 // what makes a byte the first of three, or a later one
		isHan    = 0x8080e0_8080e0
		low      = 0x00000f_00000f // the rest of the first byte: 4 to 11
		four     = 0x000004_000004
		carry    = 0x000018_000018
		isWithin = 0x000008_000008
	)
	return w&form == isHan && (w&low+four)&carry == isWithin
}

// eightBytes returns the first eight bytes of s, the first one lowest.
func eightBytes(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// checkRunes goes on from byte i of s, rune by rune.
func checkRunes(s string, i int, noSpaces bool) string {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			return fmt.Sprintf("is not valid UTF-8 at byte %d", i+1)
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return fmt.Sprintf("has the control character %U at byte %d", r, i+1)
		case noSpaces && unicode.IsSpace(r):
			return fmt.Sprintf("has the space %U at byte %d", r, i+1)
		}
		i += n
	}
	return ""
}
