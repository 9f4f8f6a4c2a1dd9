// Package base45 writes bytes in the 45 characters that a QR code holds in 5.5
// bits each (RFC 9285).
package base45

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/doublerandom/doublerandom/internal/label"
)

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// Encode returns the text of src: three characters for two bytes, two for a last
// odd one. It never ends with a space.
func Encode(src []byte) string {
	text := make([]byte, 0, (len(src)*3+1)/2)
	for ; len(src) >= 2; src = src[2:] {
		n := int(src[0])<<8 | int(src[1])
		text = append(text, alphabet[n%45], alphabet[n/45%45], alphabet[n/45/45])
	}
	if len(src) == 1 {
		text = append(text, alphabet[src[0]%45], alphabet[src[0]/45])
	}
	return string(text)
}

// Decode returns the bytes of a text. It refuses characters outside of the
// alphabet, lower case too, a last character alone, and groups beyond what their
// bytes can hold, so that no two texts stand for the same bytes.
func Decode(text string) ([]byte, error) {
	values := make([]int, 0, len(text))
	for i := range len(text) {
		v := strings.IndexByte(alphabet, text[i])
		if v < 0 {
			_, n := utf8.DecodeRuneInString(text[i:])
			return nil, fmt.Errorf("base45: character %s at byte %d is not in the alphabet", label.Quote(text[i:i+n]), i)
		}
		values = append(values, v)
	}
	if len(text)%3 == 1 {
		return nil, fmt.Errorf("base45: %d characters are one too many or too few", len(text))
	}
	data := make([]byte, 0, len(text)/3*2+1)
	for i := 0; i < len(text); i += 3 {
		group := values[i:min(i+3, len(text))]
		n, most := group[0]+45*group[1], 1<<8-1
		if len(group) == 3 {
			n, most = n+45*45*group[2], 1<<16-1
			data = append(data, byte(n>>8))
		}
		if n > most {
			return nil, fmt.Errorf("base45: %q at byte %d stands for %d, more than %d", text[i:i+len(group)], i, n, most)
		}
		data = append(data, byte(n))
	}
	return data, nil
}
