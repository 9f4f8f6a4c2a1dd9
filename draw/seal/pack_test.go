package seal

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/base45"
	"github.com/stretchr/testify/require"
)

// packedVectors is draw/testdata/receipts/packed.json.
type packedVectors struct {
	Note    string
	Packed  []struct{ Name, Text string }
	Invalid []struct{ Name, Text, Error string }
}

func readPackedVectors(t testing.TB) (v packedVectors) {
	t.Helper()
	data, err := os.ReadFile("../testdata/receipts/packed.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &v))
	require.GreaterOrEqual(t, len(v.Packed), 5)
	require.GreaterOrEqual(t, len(v.Invalid), 31)
	return v
}

// TestUnpackVectors unpacks what other compressors packed, and refuses texts with
// one fault each.
func TestUnpackVectors(t *testing.T) {
	v := readPackedVectors(t)
	for _, p := range v.Packed {
		note, err := UnpackReceipt(p.Text)
		require.NoError(t, err, p.Name)
		require.Equal(t, v.Note, string(note), p.Name)
	}
	for _, p := range v.Invalid {
		note, err := UnpackReceipt(p.Text)
		require.EqualError(t, err, p.Error, p.Name)
		require.Nil(t, note, p.Name)
	}
}

func TestPackReceiptRefuses(t *testing.T) {
	note := readPackedVectors(t).Note
	const first = "doublerandom/receipt/v1\n"
	for _, c := range []struct{ name, note, err string }{
		{"empty", "", `seal: pack receipt: the note is not of a receipt: it begins with the line ""`},
		{"too long", first + strings.Repeat("A", statement.MaxReceipt-len(first)-1) + "\n\n", "seal: pack receipt: a note of 2901 bytes, expected at most 2900"},
		{"not UTF-8", note + "\xff", "seal: pack receipt: the note is not valid UTF-8"},
		{"carriage return", strings.Replace(note, "\n", "\r\n", 1), `seal: pack receipt: the note has the control character '\r' at byte 23`},
		{"another statement", strings.Replace(note, "receipt", "notice", 1), `seal: pack receipt: the note is not of a receipt: it begins with the line "doublerandom/notice/v1"`},
		{"unsigned", strings.SplitAfter(note, "\n\n")[0][:strings.Index(note, "\n\n")+1], "seal: pack receipt: the note does not end with signatures"},
		{"cut", strings.TrimSuffix(note, "\n"), "seal: pack receipt: the note does not end with signatures"},
	} {
		text, err := PackReceipt([]byte(c.note))
		require.EqualError(t, err, c.err, c.name)
		require.Empty(t, text, c.name)
	}
}

// TestPackReceiptFitsNoise packs the longest note of characters mixed so that no
// compressor makes much of them; a receipt has nothing like it.
func TestPackReceiptFitsNoise(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	note := []byte("doublerandom/receipt/v1\n")
	for len(note) < statement.MaxReceipt-5 {
		switch n := random.IntN(100); {
		case n < 10:
			note = utf8.AppendRune(note, rune(0x1000+random.IntN(0xc000)))
		case n < 34:
			note = utf8.AppendRune(note, rune(0x80+random.IntN(0x780)))
		default:
			note = utf8.AppendRune(note, rune(' '+random.IntN(95)))
		}
	}
	note = append(note, "\n\n"...)
	text, err := PackReceipt(note)
	require.NoError(t, err)
	require.Greater(t, len(text), MaxPacked-100)
	back, err := UnpackReceipt(text)
	require.NoError(t, err)
	require.Equal(t, note, back)
}

// TestUnpackStopsGrowth unpacks what grows a thousand times: memory for a receipt
// is taken, and no more.
func TestUnpackStopsGrowth(t *testing.T) {
	const size = 2_700_000
	var packed bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	require.NoError(t, err)
	_, err = z.Write(make([]byte, size))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	text := "DR1:" + base45.Encode(packed.Bytes())
	require.Less(t, len(text), MaxPacked)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = UnpackReceipt(text)
	runtime.ReadMemStats(&after)
	require.EqualError(t, err, fmt.Sprintf("seal: unpack receipt: its %d bytes unpack to more than 2900", packed.Len()))
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(size/4))
}

// TestPackCity packs a receipt of the whole city whose every hash is one of no
// pattern: it must fit a QR code of version 33-L.
func TestPackCity(t *testing.T) {
	if testing.Short() {
		t.Skip("a frame of a million units")
	}
	suite := draw.SHA256()
	hash := func(s string) statement.ID { return suite.Sum([]byte(s)) }
	c := newCity(t, size, &[32]byte{7}, hash)
	signed := signedReceipt(t, c)
	require.LessOrEqual(t, len(signed.Note), statement.MaxReceipt)
	text, err := PackReceipt(signed.Note)
	require.NoError(t, err)
	t.Logf("%d bytes of note, %d characters packed", len(signed.Note), len(text))
	require.LessOrEqual(t, len(text), 3009)
	note, err := UnpackReceipt(text)
	require.NoError(t, err)
	require.Equal(t, string(signed.Note), string(note))
}

func FuzzUnpackReceipt(f *testing.F) {
	v := readPackedVectors(f)
	for _, p := range v.Packed {
		f.Add(p.Text)
	}
	for _, p := range v.Invalid {
		f.Add(p.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		note, err := UnpackReceipt(text)
		if err != nil {
			require.Nil(t, note)
			require.True(t, strings.HasPrefix(err.Error(), "seal: unpack receipt: "), err)
			return
		}
		require.LessOrEqual(t, len(note), statement.MaxReceipt)
		require.Equal(t, strings.TrimSpace(text), text)
		again, err := PackReceipt(note)
		require.NoError(t, err)
		back, err := UnpackReceipt(again)
		require.NoError(t, err)
		require.Equal(t, string(note), string(back))
	})
}

// FuzzPackReceipt packs notes of any content that could be a receipt's.
func FuzzPackReceipt(f *testing.F) {
	f.Add("notice 00", "— regulator.example AAAA")
	f.Fuzz(func(t *testing.T, rows, signatures string) {
		note := "doublerandom/receipt/v1\n" + rows + "\n\n" + signatures + "\n"
		text, err := PackReceipt([]byte(note))
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "seal: pack receipt: "), err)
			return
		}
		require.LessOrEqual(t, len(text), MaxPacked)
		back, err := UnpackReceipt(text)
		require.NoError(t, err)
		require.Equal(t, note, string(back))
	})
}
