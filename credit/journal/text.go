package journal

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// maxPath is the most hashes of a proof for a journal of 2^53 records.
const maxPath = 64

// maxText is the longest text of a head or proof in bytes.
const maxText = 8 << 10

// MarshalText returns the head's one text, to be published and signed:
//
//	doublerandom/journal-head/v1
//	origin inspections.example/2026
//	suite sha256
//	size 1000
//	root 4f2b…
//	last 9a0c…
//
// with a newline after each line. It is an error if the head is none, as the zero
// Head.
func (h Head) MarshalText() ([]byte, error) {
	if text := h.problem(); text != "" {
		return nil, fmt.Errorf("journal: head: %s", text)
	}
	b := fmt.Appendf(nil, "doublerandom/journal-head/v1\norigin %s\nsuite %s\nsize %d\n", h.Origin, h.Suite, h.Size)
	return fmt.Appendf(b, "root %x\nlast %x\n", h.Root, h.Last), nil
}

// UnmarshalText sets h to the head of the text that [Head.MarshalText] returns,
// and accepts nothing else. If text is malformed, h is unchanged.
func (h *Head) UnmarshalText(text []byte) error {
	in := newFields("head", text)
	in.line("doublerandom/journal-head/v1")
	parsed := Head{in.label("origin"), in.label("suite"), in.number("size"), in.hash("root"), in.hash("last")}
	if err := in.finish(); err != nil {
		return err
	}
	*h = parsed
	return nil
}

// MarshalText returns the proof's one text:
//
//	doublerandom/journal-proof/v1
//	index 17
//	size 1000
//	previous 3b3f…
//	path 77aa…
//
// with a newline after each line and a line for each hash of the path. It is an
// error if Index is not below Size, Size above 2^53 or the path longer than 64.
func (p Proof) MarshalText() ([]byte, error) {
	if text := p.problem(); text != "" {
		return nil, fmt.Errorf("journal: proof: %s", text)
	}
	b := fmt.Appendf(nil, "doublerandom/journal-proof/v1\nindex %d\nsize %d\nprevious %x\n", p.Index, p.Size, p.Previous)
	return appendPath(b, p.Path), nil
}

func (p Proof) problem() string {
	if p.Index >= p.Size || p.Size > maxSize {
		return fmt.Sprintf("record %d of %d, expected one below a size of at most 2^53", p.Index, p.Size)
	}
	return pathProblem(p.Path)
}

// UnmarshalText sets p to the proof of the text that [Proof.MarshalText] returns,
// and accepts nothing else. If text is malformed, p is unchanged.
func (p *Proof) UnmarshalText(text []byte) error {
	in := newFields("proof", text)
	in.line("doublerandom/journal-proof/v1")
	parsed := Proof{in.number("index"), in.number("size"), in.hash("previous"), in.path()}
	if err := in.finish(); err != nil {
		return err
	}
	if text := parsed.problem(); text != "" {
		return fmt.Errorf("journal: proof: %s", text)
	}
	*p = parsed
	return nil
}

// MarshalText returns the proof's one text:
//
//	doublerandom/journal-consistency/v1
//	from 1000
//	to 1200
//	path 77aa…
//
// with a newline after each line and a line for each hash of the path. It is an
// error if From is above To, To above 2^53 or the path longer than 64.
func (p ConsistencyProof) MarshalText() ([]byte, error) {
	if text := p.problem(); text != "" {
		return nil, fmt.Errorf("journal: consistency proof: %s", text)
	}
	b := fmt.Appendf(nil, "doublerandom/journal-consistency/v1\nfrom %d\nto %d\n", p.From, p.To)
	return appendPath(b, p.Path), nil
}

func (p ConsistencyProof) problem() string {
	if p.From > p.To || p.To > maxSize {
		return fmt.Sprintf("from %d to %d records, expected no less and at most 2^53", p.From, p.To)
	}
	return pathProblem(p.Path)
}

// UnmarshalText sets p to the proof of the text that
// [ConsistencyProof.MarshalText] returns, and accepts nothing else. If text is
// malformed, p is unchanged.
func (p *ConsistencyProof) UnmarshalText(text []byte) error {
	in := newFields("consistency proof", text)
	in.line("doublerandom/journal-consistency/v1")
	parsed := ConsistencyProof{in.number("from"), in.number("to"), in.path()}
	if err := in.finish(); err != nil {
		return err
	}
	if text := parsed.problem(); text != "" {
		return fmt.Errorf("journal: consistency proof: %s", text)
	}
	*p = parsed
	return nil
}

func pathProblem(path []Hash) string {
	if len(path) > maxPath {
		return fmt.Sprintf("has %d hashes, expected at most %d", len(path), maxPath)
	}
	return ""
}

func appendPath(b []byte, path []Hash) []byte {
	for _, h := range path {
		b = append(hex.AppendEncode(append(b, "path "...), h[:]), '\n')
	}
	return b
}

// fields reads lines "key value". After the first error it reads nothing more.
type fields struct {
	what string
	rest string
	at   int // number of the line last read
	err  error
}

func newFields(what string, text []byte) *fields {
	in := &fields{what: what}
	if len(text) > maxText {
		in.err = fmt.Errorf("journal: %s has %d bytes, expected at most %d", what, len(text), maxText)
		return in
	}
	in.rest = string(text)
	return in
}

func (in *fields) fail(format string, args ...any) {
	if in.err == nil {
		in.err = fmt.Errorf("journal: %s line %d: %s", in.what, in.at, fmt.Sprintf(format, args...))
	}
}

// next returns the next line.
func (in *fields) next() string {
	if in.err != nil {
		return ""
	}
	in.at++
	line, rest, ok := strings.Cut(in.rest, "\n")
	if !ok {
		in.fail("%s does not end with a newline", label.Quote(line))
	}
	in.rest = rest
	return line
}

// line reads a line that is want.
func (in *fields) line(want string) {
	if line := in.next(); line != want {
		in.fail("%s, expected %q", label.Quote(line), want)
	}
}

func (in *fields) value(key string) string {
	line := in.next()
	value, ok := strings.CutPrefix(line, key+" ")
	if !ok {
		in.fail(`%s, expected "%s …"`, label.Quote(line), key)
	}
	return value
}

func (in *fields) label(key string) string {
	value := in.value(key)
	if text := label.Check(value); text != "" {
		in.fail("%s %s", key, text)
	}
	return value
}

func (in *fields) number(key string) uint64 {
	value := in.value(key)
	n, ok := parseNumber([]byte(value))
	if !ok {
		in.fail("%s %s, expected a whole number up to %s", key, label.Quote(value), strconv.FormatUint(maxSize, 10))
	}
	return n
}

func (in *fields) hash(key string) Hash {
	value := in.value(key)
	h, ok := parseHash([]byte(value))
	if !ok {
		in.fail("%s %s, expected %d digits of lower-case hexadecimal", key, label.Quote(value), hexSize)
	}
	return h
}

// path reads the lines of a path, up to the end.
func (in *fields) path() []Hash {
	var path []Hash
	for in.err == nil && in.rest != "" {
		path = append(path, in.hash("path"))
	}
	return path
}

// finish returns the error, which may be that something follows.
func (in *fields) finish() error {
	if in.err == nil && in.rest != "" {
		in.at++
		in.fail("%s follows the last line", label.Quote(in.rest))
	}
	return in.err
}
