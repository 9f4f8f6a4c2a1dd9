package registry

import (
	"encoding/csv"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// TestRecordsAgree compares the reader of records with encoding/csv.
func TestRecordsAgree(t *testing.T) {
	for _, text := range []string{
		"", "\n", "a", "a,b\nc,d\n", "a\r\nb\r\n", "a\rb\n", "a\r\r\nb", "\r", "a,\"b\nc\"\r\nd", "\"a\"\"b\",c", "\"\"", "\"\",\n", ",\n,,\n",
		"a\n\n\nb", "\"a\r\nb\"", "\"a\rb\"", "a\"b\nc", "\"a\"b\nc", "\"a\n b", "x\n\"a\nb\"c\nd\n", "\"a\"\r", "\"a\"\rb\nc", "\r\n\r\na", "a\n\"\n\"\n\"",
	} {
		requireRecordsAgree(t, text)
	}
}

func requireRecordsAgree(t *testing.T, text string) {
	t.Helper()
	for _, in := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text))} {
		ours := newRecordReader(in, 1<<20)
		theirs := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
		theirs.FieldsPerRecord = -1
		for {
			got, err := ours.read()
			want, wantErr := theirs.Read()
			var bad recordError
			switch {
			case wantErr == io.EOF:
				require.Equal(t, io.EOF, err, "%q", text)
			case wantErr != nil:
				require.ErrorAs(t, err, &bad, "%q", text)
			default:
				require.NoError(t, err, "%q", text)
				require.Equal(t, want, got, "%q", text)
			}
			if wantErr == io.EOF {
				break
			}
		}
	}
}

// TestRecordsAcrossBlocks puts the end of a block at each byte of a few records.
func TestRecordsAcrossBlocks(t *testing.T) {
	for text, rows := range map[string]int64{
		"\"a\"\r\nb,c\r\nd\n":               3,
		"a\r\n\r\nb\n":                      3,
		"\"a\"\"b\"\n\"c\r\nd\",e\n\"f\"\r": 3,
		"\"a\"b\nc\n":                       2,
		"\"c\r\nd\"\r\ne\n":                 2,
		"青,岛\n公,平":                          2,
	} {
		for cut := range len(text) + 1 {
			pad := strings.Repeat("x", blockSize-1-cut) + "\n"
			requireRecordsAgree(t, pad+text)
			s := newRecordReader(strings.NewReader(pad+text), blockSize)
			for {
				if _, err := s.read(); err == io.EOF {
					break
				}
			}
			require.Equal(t, 1+rows, s.row-1, text)
		}
	}
}

func FuzzRecords(f *testing.F) {
	f.Add("a,\"b\r\n\"\"c\"\r\nd")
	f.Add("\"a\"b\n\"c")
	f.Fuzz(requireRecordsAgree)
}
