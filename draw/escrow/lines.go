package escrow

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/cloudflare/circl/group"
)

// maxText bounds a text in bytes: that of a commitment has fewer than 10,000.
const maxText = 16 << 10

// lines reads a text of lines "keyword field". It keeps the first error, and none
// of them shows the text: it may be a secret.
type lines struct {
	what string
	rest []string
	line int // that was read last, from 1
	err  error
}

func newLines(what string, text []byte) *lines {
	in := &lines{what: what}
	body, ok := bytes.CutSuffix(text, []byte("\n"))
	switch {
	case len(text) > maxText:
		in.err = fmt.Errorf("escrow: %s has %d bytes, expected at most %d", what, len(text), maxText)
	case !ok:
		in.err = fmt.Errorf("escrow: %s does not end with a newline", what)
	default:
		in.rest = strings.Split(string(body), "\n")
	}
	return in
}

func (in *lines) fail(format string, args ...any) {
	if in.err == nil {
		in.err = fmt.Errorf("escrow: %s line %d: %s", in.what, in.line, fmt.Sprintf(format, args...))
	}
}

// more reports whether there is another line.
func (in *lines) more() bool { return len(in.rest) > 0 }

// next returns the next line.
func (in *lines) next(expected string) string {
	in.line++
	if !in.more() {
		in.fail("missing, expected %q", expected)
	}
	if in.err != nil {
		return ""
	}
	line := in.rest[0]
	in.rest = in.rest[1:]
	return line
}

func (in *lines) header(text string) {
	if in.next(text) != text {
		in.fail("expected %q", text)
	}
}

// field reads a line of a keyword and one field.
func (in *lines) field(keyword string) string {
	word, field, ok := strings.Cut(in.next(keyword), " ")
	if !ok || word != keyword {
		in.fail("expected %q and a field", keyword)
	}
	return field
}

// number reads a number from 1 to most.
func (in *lines) number(keyword string, most int) int {
	text := in.field(keyword)
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most || strconv.Itoa(n) != text {
		in.fail("%s is not a number from 1 to %d in plain decimal digits", keyword, most)
	}
	if in.err != nil {
		return 0
	}
	return n
}

// point reads a compressed point, which is not the identity.
func (in *lines) point() group.Element {
	var data [33]byte
	p := group.P256.NewElement()
	if !parseHex(in.field("point"), data[:]) {
		in.fail("point is not 66 lower-case hexadecimal digits")
	} else if p.UnmarshalBinary(data[:]) != nil {
		in.fail("point is not one of P-256 in compressed form")
	}
	return p
}

func (in *lines) end() {
	if in.more() {
		in.line++
		in.fail("expected the end of the text")
	}
}
