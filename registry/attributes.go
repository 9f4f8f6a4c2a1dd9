package registry

import (
	"encoding/binary"
	"fmt"
	"iter"
	"slices"

	"github.com/doublerandom/doublerandom/internal/label"
)

// Limits of attributes.
const (
	maxKeys           = 255     // keys of one Attributes and of one Registry
	maxAttributeKey   = 255     // bytes of a key
	maxAttributeValue = 1 << 16 // bytes of a value
)

// An Attribute is one free attribute of an entity: a key and its value.
type Attribute struct {
	Key   string // 1–255 bytes of UTF-8 without control characters
	Value string // up to 64 KiB of UTF-8 without control characters
}

// Attributes are the free attributes of an entity, in the order in which they
// were given, each key once. It is an immutable value, safe for concurrent use;
// the zero Attributes are none. In a [Registry] it is a view: all its rows share
// one table of at most 255 keys.
type Attributes struct {
	keys   []string
	packed string // for each attribute: place of the key, length (uvarint), value
}

// NewAttributes returns the given attributes. It refuses a key that is given
// twice, more than 255 keys, and keys and values that are too long or hold
// control characters or invalid UTF-8.
func NewAttributes(list ...Attribute) (Attributes, error) {
	if len(list) > maxKeys {
		return Attributes{}, fmt.Errorf("registry: %d attributes, at most %d", len(list), maxKeys)
	}
	var keys []string
	var packed []byte
	for _, a := range list {
		if wrong := checkKey(a.Key); wrong != "" {
			return Attributes{}, fmt.Errorf("registry: attribute key %s %s", label.Quote(a.Key), wrong)
		}
		if slices.Contains(keys, a.Key) {
			return Attributes{}, fmt.Errorf("registry: attribute %s is given twice", label.Quote(a.Key))
		}
		if wrong := checkValue(a.Value); wrong != "" {
			return Attributes{}, fmt.Errorf("registry: attribute %s %s", label.Quote(a.Key), wrong)
		}
		packed = packAttribute(packed, len(keys), a.Value)
		keys = append(keys, a.Key)
	}
	return Attributes{keys: keys, packed: string(packed)}, nil
}

// Len returns the number of attributes.
func (a Attributes) Len() int {
	n := 0
	for range a.All() {
		n++
	}
	return n
}

// Value returns the value of the attribute with the given key and reports
// whether there is one. A value may be "".
func (a Attributes) Value(key string) (string, bool) {
	for k, v := range a.All() {
		if k == key {
			return v, true
		}
	}
	return "", false
}

// All goes through the keys and values in order.
func (a Attributes) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for rest := a.packed; rest != ""; {
			key := a.keys[rest[0]]
			n, length := readUvarint(rest[1:])
			end := 1 + n + length
			if !yield(key, rest[1+n:end]) {
				return
			}
			rest = rest[end:]
		}
	}
}

// Equal reports whether a and b are the same keys with the same values in the
// same order.
func (a Attributes) Equal(b Attributes) bool {
	next, stop := iter.Pull2(b.All())
	defer stop()
	for k, v := range a.All() {
		if k2, v2, ok := next(); !ok || k != k2 || v != v2 {
			return false
		}
	}
	_, _, more := next()
	return !more
}

func checkKey(key string) string {
	switch {
	case key == "":
		return "is empty"
	case len(key) > maxAttributeKey:
		return fmt.Sprintf("has %d bytes, at most %d", len(key), maxAttributeKey)
	}
	return checkPlain(key)
}

func checkValue(value string) string {
	if len(value) > maxAttributeValue {
		return fmt.Sprintf("has %d bytes, at most %d", len(value), maxAttributeValue)
	}
	return checkPlain(value)
}

func packAttribute(b []byte, key int, value string) []byte {
	b = append(b, byte(key))
	b = binary.AppendUvarint(b, uint64(len(value)))
	return append(b, value...)
}

// readUvarint reads a length of up to three bytes, which packAttribute wrote:
// binary.Uvarint takes no string.
func readUvarint(s string) (n, value int) {
	for shift := 0; ; shift += 7 {
		value |= int(s[n]&0x7f) << shift
		n++
		if s[n-1] < 0x80 {
			return n, value
		}
	}
}
