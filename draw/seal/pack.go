package seal

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/base45"
	"github.com/doublerandom/doublerandom/internal/label"
)

// MaxPacked is the greatest length of a packed receipt: so many characters of
// its alphabet fit a QR code of version 40-L, the largest there is.
const MaxPacked = 4296

// packedPrefix names the form, so that a reader of any QR code knows its own.
const packedPrefix = "DR1:"

// PackReceipt returns a receipt's signed note as a text for a QR code in
// alphanumeric mode: "DR1:" and the base45 (RFC 9285) of its zlib stream (RFC
// 1950). At a million units that is about 2,850 characters, version 33-L. The
// text neither begins nor ends with white space. The compressor is not part of
// the form: another version of this program may give another text for the same
// note. It returns an error if note could not be a receipt's, by its size,
// characters and first line, or packs to more than [MaxPacked] characters; it
// does not check signature and proofs.
func PackReceipt(note []byte) (string, error) {
	if err := checkNote(note); err != nil {
		return "", fmt.Errorf("seal: pack receipt: %w", err)
	}
	var packed bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	if err != nil {
		panic("seal: " + err.Error()) // the level is a constant
	}
	if _, err := z.Write(note); err != nil {
		panic("seal: " + err.Error()) // a buffer takes everything
	}
	if err := z.Close(); err != nil {
		panic("seal: " + err.Error())
	}
	text := packedPrefix + base45.Encode(packed.Bytes())
	if len(text) > MaxPacked { // random characters get near it, hexadecimal and base64 do not
		return "", fmt.Errorf("seal: pack receipt: %d characters, expected at most %d", len(text), MaxPacked)
	}
	return text, nil
}

// UnpackReceipt returns the signed note that [PackReceipt] packed, by whichever
// compressor. Whether it is true is for draw/audit to say: signature and proofs
// are not checked. It returns an error if text is longer than [MaxPacked], is
// not wholly one packed text, unpacks to more than [statement.MaxReceipt] bytes
// or to what could not be a receipt's note. White space around the text is an
// error; a caller may trim it, for it is never part of the text.
func UnpackReceipt(text string) ([]byte, error) {
	note, err := unpack(text)
	if err != nil {
		return nil, fmt.Errorf("seal: unpack receipt: %w", err)
	}
	return note, nil
}

func unpack(text string) ([]byte, error) {
	if len(text) > MaxPacked {
		return nil, fmt.Errorf("%d bytes, expected at most %d", len(text), MaxPacked)
	}
	digits, ok := strings.CutPrefix(text, packedPrefix)
	if !ok {
		return nil, fmt.Errorf("%s does not begin with %q", label.Quote(text), packedPrefix)
	}
	packed, err := base45.Decode(digits)
	if err != nil {
		return nil, fmt.Errorf("after %q: %w", packedPrefix, err)
	}
	// A reader of single bytes, or the decompressor would read beyond its end.
	rest := bytes.NewReader(packed)
	z, err := zlib.NewReader(rest)
	if err != nil {
		return nil, fmt.Errorf("its %d bytes: %w", len(packed), err)
	}
	// One byte more than allowed: what fits is read to its end, where the
	// checksum is.
	note, err := io.ReadAll(io.LimitReader(z, statement.MaxReceipt+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("its %d bytes: %w", len(packed), err)
	case len(note) > statement.MaxReceipt:
		return nil, fmt.Errorf("its %d bytes unpack to more than %d", len(packed), statement.MaxReceipt)
	case rest.Len() > 0:
		return nil, fmt.Errorf("%d of its %d bytes are after the end of the zlib stream", rest.Len(), len(packed))
	}
	if err := checkNote(note); err != nil {
		return nil, err
	}
	return note, nil
}

// checkNote returns an error for what could not be a receipt's signed note, by
// its size, its characters and its first line.
func checkNote(note []byte) error {
	switch control := bytes.IndexFunc(note, func(r rune) bool { return r < ' ' && r != '\n' }); {
	case len(note) > statement.MaxReceipt:
		return fmt.Errorf("a note of %d bytes, expected at most %d", len(note), statement.MaxReceipt)
	case !utf8.Valid(note):
		return fmt.Errorf("the note is not valid UTF-8")
	case control >= 0:
		return fmt.Errorf("the note has the control character %q at byte %d", note[control], control)
	case statement.Kind(note) != "receipt":
		line, _, _ := bytes.Cut(note, []byte("\n"))
		return fmt.Errorf("the note is not of a receipt: it begins with the line %s", label.Quote(string(line)))
	case !bytes.Contains(note, []byte("\n\n")) || !bytes.HasSuffix(note, []byte("\n")):
		return fmt.Errorf("the note does not end with signatures")
	}
	return nil
}
