package journal

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/doublerandom/doublerandom/internal/label"
)

const (
	format = "doublerandom/journal/v1"

	// maxSize is the most records: their numbers are exact in every reader of JSON.
	maxSize = 1 << 53

	indexKey    = `{"index":`
	previousKey = `,"previous":"`
	recordKey   = `","record":`
	hashKey     = `,"hash":"`

	hexSize   = 2 * digest.Size
	endSize   = len(hashKey) + hexSize + len(`"}`)
	maxDigits = len("9007199254740992")
	maxStart  = len(indexKey) + maxDigits + len(previousKey) + hexSize + len(recordKey)
	maxLine   = maxStart + MaxRecord + endSize
	maxHeader = 100 + 2*2*label.Max
)

// appendHeader appends the header without its newline.
func appendHeader(b []byte, suite, origin string) []byte {
	b = append(b, `{"format":"`+format+`","suite":`...)
	b = appendQuoted(b, suite)
	b = append(b, `,"origin":`...)
	return append(appendQuoted(b, origin), '}')
}

// appendQuoted appends s, which has no control characters, as a string in JSON.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}

// parseHeader returns what the header names, if it is one.
func parseHeader(line []byte) (suite, origin string, ok bool) {
	if len(line) > maxHeader {
		return "", "", false
	}
	var h struct{ Format, Suite, Origin string }
	if json.Unmarshal(line, &h) != nil {
		return "", "", false
	}
	// This finds other spellings, orders and formats.
	return h.Suite, h.Origin, bytes.Equal(line, appendHeader(nil, h.Suite, h.Origin))
}

// appendStart appends what is before the record in its line.
func appendStart(b []byte, index uint64, previous Hash) []byte {
	b = strconv.AppendUint(append(b, indexKey...), index, 10)
	b = hex.AppendEncode(append(b, previousKey...), previous[:])
	return append(b, recordKey...)
}

// appendEnd appends what is after the record in its line.
func appendEnd(b []byte, h Hash) []byte {
	b = hex.AppendEncode(append(b, hashKey...), h[:])
	return append(b, `"}`...)
}

// parseLine returns the parts of a line without its newline, and ok if it is
// spelled as one: whether the hash is right, and the record one, it does not ask.
func parseLine(line []byte) (e Entry, ok bool) {
	if len(line) > maxLine || len(line) < endSize {
		return Entry{}, false
	}
	rest, end := line[:len(line)-endSize], line[len(line)-endSize:]
	rest, ok = bytes.CutPrefix(rest, []byte(indexKey))
	if !ok {
		return Entry{}, false
	}
	digits := 0
	for digits < len(rest) && rest[digits]-'0' <= 9 {
		digits++
	}
	if e.Index, ok = parseNumber(rest[:digits]); !ok || e.Index >= maxSize {
		return Entry{}, false
	}
	rest, ok = bytes.CutPrefix(rest[digits:], []byte(previousKey))
	if !ok || len(rest) < hexSize {
		return Entry{}, false
	}
	if e.Previous, ok = parseHash(rest[:hexSize]); !ok {
		return Entry{}, false
	}
	if e.Record, ok = bytes.CutPrefix(rest[hexSize:], []byte(recordKey)); !ok {
		return Entry{}, false
	}
	end, ok = bytes.CutPrefix(end, []byte(hashKey))
	if !ok || string(end[hexSize:]) != `"}` {
		return Entry{}, false
	}
	e.Hash, ok = parseHash(end[:hexSize])
	return e, ok
}

// parseNumber returns the number up to maxSize with the given text, if it is the
// one spelling of it.
func parseNumber(text []byte) (uint64, bool) {
	if len(text) == 0 || len(text) > maxDigits || text[0] == '0' && len(text) > 1 {
		return 0, false
	}
	var n uint64
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, n <= maxSize
}

// parseHash returns the hash with the given text in lower-case hexadecimal.
func parseHash(text []byte) (h Hash, ok bool) {
	if len(text) != hexSize || bytes.ContainsAny(text, "ABCDEF") {
		return Hash{}, false
	}
	if _, err := hex.Decode(h[:], text); err != nil {
		return Hash{}, false
	}
	return h, true
}
