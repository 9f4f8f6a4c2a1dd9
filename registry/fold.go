package registry

import "strings"

// fold narrows full-width digits and letters (U+FF10–FF19, U+FF21–FF3A,
// U+FF41–FF5A) to ASCII, then upper-cases a–z, and reports which of the two it
// had to do. All other text stays as it is, byte for byte, even if it is not
// UTF-8. With nothing to do it returns s itself and allocates nothing.
func fold(s string) (folded string, narrowed, uppercased bool) {
	for i := range len(s) {
		// 0xEF begins every full-width form, but other characters too.
		if c := s[i]; 'a' <= c && c <= 'z' || c == 0xEF && narrow(s[i:]) != 0 {
			return foldFrom(s, i)
		}
	}
	return s, false, false
}

// foldFrom is fold for text whose first byte to change is at i.
func foldFrom(s string, i int) (folded string, narrowed, uppercased bool) {
	var b strings.Builder
	b.Grow(len(s)) // folding never makes text longer
	b.WriteString(s[:i])
	for i < len(s) {
		c := s[i]
		if n := narrow(s[i:]); n != 0 {
			c, narrowed = n, true
			i += len("０") - 1
		}
		i++
		if 'a' <= c && c <= 'z' {
			c, uppercased = c-'a'+'A', true
		}
		b.WriteByte(c)
	}
	return b.String(), narrowed, uppercased
}

// narrow returns the ASCII digit or letter whose full-width form s begins with,
// or 0. The forms are U+FF10 and on (EF BC 90 in UTF-8) and U+FF41 and on (EF BD 81).
func narrow(s string) byte {
	if len(s) < 3 || s[0] != 0xEF {
		return 0
	}
	switch c := s[2]; {
	case s[1] == 0xBC && 0x90 <= c && c <= 0x99:
		return c - 0x90 + '0'
	case s[1] == 0xBC && 0xA1 <= c && c <= 0xBA:
		return c - 0xA1 + 'A'
	case s[1] == 0xBD && 0x81 <= c && c <= 0x9A:
		return c - 0x81 + 'a'
	}
	return 0
}
