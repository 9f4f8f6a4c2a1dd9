package credit

import (
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// The kinds of things have texts: words[k] is that of kind k, and kind 0 is not valid.

// known reports whether k is a valid kind.
func known(words []string, k uint8) bool { return k > 0 && int(k) < len(words) }

func wordOf(words []string, k uint8, what string) string {
	if !known(words, k) {
		return fmt.Sprintf("%s(%d)", what, k)
	}
	return words[k]
}

func marshalWord(words []string, k uint8, what string) ([]byte, error) {
	if !known(words, k) {
		return nil, fmt.Errorf("credit: %s: %d is not valid", what, k)
	}
	return []byte(words[k]), nil
}

func unmarshalWord(words []string, k *uint8, text []byte, what string) error {
	for i, word := range words {
		if i > 0 && word == string(text) {
			*k = uint8(i)
			return nil
		}
	}
	return fmt.Errorf("credit: %s: %s, expected one of %s", what, label.Quote(string(text)), strings.Join(words[1:], ", "))
}
