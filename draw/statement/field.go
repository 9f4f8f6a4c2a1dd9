package statement

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// A field is a place in a line: it appends its value's one text, or takes a text
// and refuses every other spelling. Both return what is wrong, or "".
type field interface {
	format(b []byte) ([]byte, string)
	parse(text string) string
}

// none is the text of an absent hash, token or label.
const none = "none"

type hashField struct {
	h        *ID
	optional bool // the zero hash is absent
}

func (f hashField) format(b []byte) ([]byte, string) {
	if f.absent() {
		return append(b, none...), ""
	}
	if *f.h == (ID{}) {
		return b, "is missing, expected a hash"
	}
	return hex.AppendEncode(b, f.h[:]), ""
}

func (f hashField) parse(text string) string {
	if f.optional && text == none {
		*f.h = ID{}
		return ""
	}
	var h ID
	if len(text) != 2*len(h) || strings.ToLower(text) != text {
		return label.Quote(text) + " is not 64 lower-case hexadecimal digits"
	}
	if _, err := hex.Decode(h[:], []byte(text)); err != nil {
		return label.Quote(text) + " is not 64 lower-case hexadecimal digits"
	}
	if h == (ID{}) {
		return "is all zeros, which no hash is"
	}
	*f.h = h
	return ""
}

// A saltField is 16 bytes; the zero salt is absent if optional.
type saltField struct {
	s        *registry.Salt
	optional bool
}

func (f saltField) format(b []byte) ([]byte, string) {
	if f.absent() {
		return append(b, none...), ""
	}
	return hex.AppendEncode(b, f.s[:]), ""
}

func (f saltField) parse(text string) string {
	if f.optional && text == none {
		*f.s = registry.Salt{}
		return ""
	}
	var s registry.Salt
	if len(text) != 2*len(s) || strings.ToLower(text) != text {
		return label.Quote(text) + " is not 32 lower-case hexadecimal digits"
	}
	if _, err := hex.Decode(s[:], []byte(text)); err != nil {
		return label.Quote(text) + " is not 32 lower-case hexadecimal digits"
	}
	if f.optional && s == (registry.Salt{}) {
		return "is all zeros, which stands for an absent salt"
	}
	*f.s = s
	return ""
}

// A labelField is an ID or label; the empty one is absent if optional, and then
// the text "none" is no label.
type labelField struct {
	s        *string
	optional bool
}

func (f labelField) format(b []byte) ([]byte, string) {
	if f.absent() {
		return append(b, none...), ""
	}
	return append(b, *f.s...), f.check(*f.s)
}

func (f labelField) parse(text string) string {
	if f.optional && text == none {
		*f.s = ""
		return ""
	}
	if wrong := f.check(text); wrong != "" {
		return wrong
	}
	*f.s = strings.Clone(text)
	return ""
}

func (f labelField) check(text string) string {
	if f.optional && text == none {
		return `"none" stands for an absent label`
	}
	return label.Check(text)
}

// A tokenField is printable text without spaces, up to most bytes.
type tokenField struct {
	s        *string
	most     int
	optional bool
}

func (f tokenField) format(b []byte) ([]byte, string) {
	if f.absent() {
		return append(b, none...), ""
	}
	return append(b, *f.s...), f.check(*f.s)
}

func (f tokenField) parse(text string) string {
	if f.optional && text == none {
		*f.s = ""
		return ""
	}
	if wrong := f.check(text); wrong != "" {
		return wrong
	}
	*f.s = strings.Clone(text)
	return ""
}

func (f tokenField) check(text string) string {
	if f.optional && text == none {
		return `"none" stands for an absent value`
	}
	if len(text) == 0 || len(text) > f.most {
		return fmt.Sprintf("has %d bytes, expected 1 to %d", len(text), f.most)
	}
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return fmt.Sprintf("%s has a character at byte %d that is not printable ASCII", label.Quote(text), i+1)
		}
	}
	return ""
}

// A textField is the rest of a line: 1–1000 bytes without control characters,
// and without a space at either end.
type textField struct{ s *string }

func (f textField) format(b []byte) ([]byte, string) {
	return append(b, *f.s...), label.CheckText(*f.s)
}

func (f textField) parse(text string) string {
	if wrong := label.CheckText(text); wrong != "" {
		return wrong
	}
	*f.s = strings.Clone(text)
	return ""
}

// A numberField is a whole number from least to most.
type numberField struct {
	n           *uint64
	least, most uint64
}

func (f numberField) format(b []byte) ([]byte, string) {
	if *f.n < f.least || *f.n > f.most {
		return b, fmt.Sprintf("%d, expected %d to %d", *f.n, f.least, f.most)
	}
	return strconv.AppendUint(b, *f.n, 10), ""
}

func (f numberField) parse(text string) string {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || strconv.FormatUint(n, 10) != text {
		return label.Quote(text) + " is not a whole number in plain decimal digits"
	}
	if n < f.least || n > f.most {
		return fmt.Sprintf("%d, expected %d to %d", n, f.least, f.most)
	}
	*f.n = n
	return ""
}

// A timeField is an instant in whole seconds, in UTC.
type timeField struct{ t *time.Time }

// timeLayout is RFC 3339 with the one zone that statements use.
const timeLayout = "2006-01-02T15:04:05Z"

func (f timeField) format(b []byte) ([]byte, string) {
	t := *f.t
	if t.Year() < 1 || t.Year() > 9999 || t.Nanosecond() != 0 || t.Location() != time.UTC {
		return b, fmt.Sprintf("%s is not an instant of the years 1 to 9999 in whole seconds, in UTC", t)
	}
	return t.AppendFormat(b, timeLayout), ""
}

func (f timeField) parse(text string) string {
	t, err := time.Parse(timeLayout, text)
	if err != nil || t.Format(timeLayout) != text || t.Year() < 1 {
		return label.Quote(text) + " is not an instant such as 2026-11-24T03:00:00Z"
	}
	*f.t = t.UTC()
	return ""
}

// A wordField is one of a few words.
type wordField[T ~uint8] struct {
	w     *T
	words []string // index 0 is never written
}

func (f wordField[T]) format(b []byte) ([]byte, string) {
	if *f.w == 0 || int(*f.w) >= len(f.words) {
		return b, "is missing, expected " + f.expected()
	}
	return append(b, f.words[*f.w]...), ""
}

func (f wordField[T]) parse(text string) string {
	for i, word := range f.words {
		if i > 0 && word == text {
			*f.w = T(i)
			return ""
		}
	}
	return label.Quote(text) + ", expected " + f.expected()
}

func (f wordField[T]) expected() string { return strings.Join(f.words[1:], " or ") }
