package base45

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestVectors has the examples of RFC 9285, sections 4.3 and 4.4, and the ends of
// both kinds of group.
func TestVectors(t *testing.T) {
	for _, v := range []struct{ data, text string }{
		{"AB", "BB8"}, {"Hello!!", "%69 VD92EX0"}, {"base-45", "UJCLQE7W581"}, {"ietf!", "QED8WEX0"},
		{"", ""}, {"\x00", "00"}, {"\xff", "U5"}, {"\x00\x00", "000"}, {"\xff\xff", "FGW"},
	} {
		require.Equal(t, v.text, Encode([]byte(v.data)))
		data, err := Decode(v.text)
		require.NoError(t, err)
		require.Equal(t, v.data, string(data))
	}
}

func TestEveryGroupComesBack(t *testing.T) {
	for n := range 1 << 16 {
		pair := binary.BigEndian.AppendUint16(nil, uint16(n))
		text := Encode(pair)
		require.NotEqual(t, byte(' '), text[2])
		data, err := Decode(text)
		require.NoError(t, err)
		require.Equal(t, pair, data)
	}
	for n := range 1 << 8 {
		text := Encode([]byte{byte(n)})
		require.NotEqual(t, byte(' '), text[1])
		data, err := Decode(text)
		require.NoError(t, err)
		require.Equal(t, []byte{byte(n)}, data)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, err string }{
		{"lower case", "BB8qED", `base45: character "q" at byte 3 is not in the alphabet`},
		{"newline", "BB8\n", `base45: character "\n" at byte 3 is not in the alphabet`},
		{"not ASCII", "BB中", `base45: character "中" at byte 2 is not in the alphabet`},
		{"not UTF-8", "BB\xe4", `base45: character "\xe4" at byte 2 is not in the alphabet`},
		{"a character alone", "BB8B", "base45: 4 characters are one too many or too few"},
		{"least beyond two bytes", "BB8GGW", `base45: "GGW" at byte 3 stands for 65536, more than 65535`},
		{"greatest of three", ":::", `base45: ":::" at byte 0 stands for 91124, more than 65535`},
		{"least beyond a byte", "V5", `base45: "V5" at byte 0 stands for 256, more than 255`},
		{"greatest of two", "BB8::", `base45: "::" at byte 3 stands for 2024, more than 255`},
	} {
		data, err := Decode(c.text)
		require.EqualError(t, err, c.err, c.name)
		require.Nil(t, data, c.name)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("%69 VD92EX0")
	f.Add("GGW")
	f.Fuzz(func(t *testing.T, text string) {
		if data, err := Decode(text); err == nil {
			require.Equal(t, text, Encode(data))
		}
		data, err := Decode(Encode([]byte(text)))
		require.NoError(t, err)
		require.Equal(t, text, string(data))
	})
}
