package journal

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// MaxRecord is the greatest length of a record in bytes: 1 MiB.
const MaxRecord = 1 << 20

// maxDepth is how deep objects and lists may be in one another. It is that of the
// bits of an objectScanner.
const maxDepth = 64

// recordProblem returns what keeps p from being a record, or "". It is a scanner
// of its own, since json.Valid takes longer than all hashes of a record, and lets
// bytes pass that are not UTF-8.
func recordProblem(p []byte) string {
	if len(p) > MaxRecord {
		return fmt.Sprintf("has %d bytes, expected at most %d", len(p), MaxRecord)
	}
	if len(p) == 0 || p[0] != '{' || p[len(p)-1] != '}' {
		return "is not an object in JSON from brace to brace"
	}
	s := objectScanner{p: p}
	if s.object() {
		return ""
	}
	return s.problem()
}

// An objectScanner reads an object in JSON (RFC 8259).
type objectScanner struct {
	p       []byte
	at      int    // of the next byte
	objects uint64 // its lowest bit says that the innermost is an object, not a list
	depth   int
	deep    bool // it is too deep
}

// What may come next, between two tokens.
const (
	key        = iota // a key
	keyOrEnd          // a key, or the end of the object that has just begun
	value             // a value
	valueOrEnd        // a value, or the end of the list that has just begun
	commaOrEnd        // a comma, or the end of the object or list
)

// object reports whether p is one object and nothing else. If not, at is where
// that shows.
func (s *objectScanner) object() bool {
	next := value // recordProblem has seen that it is an object
	for {
		s.spaces()
		if s.at == len(s.p) {
			return false
		}
		c := s.p[s.at]
		switch {
		case c == '"' && next <= keyOrEnd:
			if !s.text() {
				return false
			}
			s.spaces()
			if !s.byte(':') {
				return false
			}
			next = value
		case c == ',' && next == commaOrEnd:
			s.at++
			next = value
			if s.objects&1 == 1 {
				next = key
			}
		case c == '}' && s.objects&1 == 1 && (next == commaOrEnd || next == keyOrEnd),
			c == ']' && s.objects&1 == 0 && (next == commaOrEnd || next == valueOrEnd):
			s.at++
			s.objects >>= 1
			s.depth--
			if s.depth == 0 {
				return s.at == len(s.p)
			}
			next = commaOrEnd
		case next != value && next != valueOrEnd:
			return false
		case c == '{' || c == '[':
			if s.depth == maxDepth {
				s.deep = true
				return false
			}
			s.at++
			s.objects <<= 1
			s.depth++
			next = valueOrEnd
			if c == '{' {
				s.objects |= 1
				next = keyOrEnd
			}
		default:
			if !s.scalar(c) {
				return false
			}
			next = commaOrEnd
		}
	}
}

func (s *objectScanner) spaces() {
	for s.at < len(s.p) && s.p[s.at] == ' ' {
		s.at++
	}
}

// byte reads the byte c.
func (s *objectScanner) byte(c byte) bool {
	if s.at == len(s.p) || s.p[s.at] != c {
		return false
	}
	s.at++
	return true
}

// scalar reads a value that is neither an object nor a list and begins with c.
func (s *objectScanner) scalar(c byte) bool {
	switch c {
	case '"':
		return s.text()
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	return s.number()
}

func (s *objectScanner) word(w string) bool {
	for i := range len(w) {
		if !s.byte(w[i]) {
			return false
		}
	}
	return true
}

func (s *objectScanner) number() bool {
	s.byte('-')
	if !s.byte('0') && !s.digits() {
		return false
	}
	if s.byte('.') && !s.digits() {
		return false
	}
	if s.byte('e') || s.byte('E') {
		_ = s.byte('+') || s.byte('-')
		return s.digits()
	}
	return true
}

// digits reads at least one digit.
func (s *objectScanner) digits() bool {
	from := s.at
	for s.at < len(s.p) && s.p[s.at]-'0' <= 9 {
		s.at++
	}
	return s.at > from
}

// plain are the bytes that stand for themselves in a string.
var plain = func() (is [256]bool) {
	for c := ' '; c < 0x7f; c++ {
		is[c] = c != '"' && c != '\\'
	}
	return is
}()

// text reads a string.
func (s *objectScanner) text() bool {
	p, at := s.p, s.at+1
	for at < len(p) {
		switch c := p[at]; {
		case plain[c]:
			at++
			continue
		case c == '"':
			s.at = at + 1
			return true
		case c == '\\':
			s.at = at
			if !s.escape() {
				return false
			}
			at = s.at
		default:
			r, n := utf8.DecodeRune(p[at:])
			if r == utf8.RuneError && n == 1 || badRune(r) {
				s.at = at
				return false
			}
			at += n
		}
	}
	s.at = at
	return false
}

func badRune(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

// escape reads a backslash and what belongs to it.
func (s *objectScanner) escape() bool {
	s.at++
	if s.at == len(s.p) {
		return false
	}
	switch s.p[s.at] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.at++
		return true
	case 'u':
		for range 4 {
			s.at++
			if s.at == len(s.p) || !isHex(s.p[s.at]) {
				return false
			}
		}
		s.at++
		return true
	}
	return false
}

func isHex(c byte) bool { return c-'0' <= 9 || c|0x20 >= 'a' && c|0x20 <= 'f' }

// problem says what is wrong at the place where the scan stopped.
func (s *objectScanner) problem() string {
	if s.deep {
		return fmt.Sprintf("has objects and lists more than %d deep at byte %d", maxDepth, s.at+1)
	}
	if s.at == len(s.p) {
		return fmt.Sprintf("is not JSON: it ends too early, after byte %d", s.at)
	}
	r, n := utf8.DecodeRune(s.p[s.at:])
	switch {
	case r == utf8.RuneError && n == 1:
		return fmt.Sprintf("is not valid UTF-8 at byte %d", s.at+1)
	case badRune(r):
		return fmt.Sprintf("has the control character %U at byte %d", r, s.at+1)
	}
	return fmt.Sprintf("is not JSON at byte %d, %q", s.at+1, r)
}
