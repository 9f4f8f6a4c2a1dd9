package verifier

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/seal"
)

// A QR is a picture of a QR code.
type QR struct {
	PNG     []byte
	Version int    // 1 to 40
	Level   string // of error correction: L, M, Q or H
}

// The greatest sizes of what a receipt is read from, in bytes.
const (
	maxReceiptFile = 1 << 20
	maxPicture     = 32 << 20
)

func (p *Program) receipt(o *options, policy *audit.Policy) (int, error) {
	note, err := p.readReceipt(o.args[0])
	if err != nil {
		return CannotTell, err
	}
	if len(o.args) == 1 {
		return p.show(o, audit.VerifyReceipt(note, policy))
	}
	fsys, done, err := p.open(o.args[1], o.most, false)
	if err != nil {
		return CannotTell, err
	}
	defer done()
	r := audit.CheckReceiptAgainst(fsys, note, policy)
	done()
	return p.show(o, r)
}

// readReceipt returns the note in a file, which holds the note itself, the text
// of its QR code, or a picture of that if the program reads pictures. A text or
// picture that is damaged is an error, not a finding: it says nothing of the draw.
func (p *Program) readReceipt(name string) ([]byte, error) {
	most := int64(maxReceiptFile)
	if p.ReadQR != nil {
		most = maxPicture
	}
	data, err := readFile(name, most)
	if err != nil {
		return nil, err
	}
	text := strings.TrimSpace(string(data[:min(len(data), maxReceiptFile)])) // a packed text has no space at its ends
	switch isPicture := bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")) || bytes.HasPrefix(data, []byte("\xff\xd8\xff")); {
	case isPicture && p.ReadQR == nil && p.Full != "":
		return nil, fmt.Errorf("%s is a picture: %s reads it", name, p.Full)
	case isPicture && p.ReadQR == nil:
		return nil, fmt.Errorf("%s is a picture", name)
	case isPicture:
		if text, err = p.ReadQR(data); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	case !strings.HasPrefix(text, "DR1:"):
		return data, nil
	}
	note, err := seal.UnpackReceipt(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return note, nil
}

// printQR writes a receipt's QR code to a new picture. The receipt is not
// verified: that is for who gets it.
func (p *Program) printQR(o *options) (int, error) {
	from, to := o.args[0], o.args[1]
	if !strings.HasSuffix(strings.ToLower(to), ".png") { // or the receipt would be lost if the names were swapped
		return CannotTell, fmt.Errorf("%s: expected a name that ends in .png", to)
	}
	note, err := p.readReceipt(from)
	if err != nil {
		return CannotTell, err
	}
	text, err := seal.PackReceipt(note)
	if err != nil {
		return CannotTell, fmt.Errorf("%s: %w", from, err)
	}
	code, err := p.PrintQR(text)
	if err != nil {
		return CannotTell, fmt.Errorf("%s: %w", from, err)
	}
	if err := os.WriteFile(to, code.PNG, 0o644); err != nil {
		return CannotTell, err
	}
	// Half a millimetre to a module is what a phone's camera needs.
	modules := 17 + 4*code.Version + 8
	_, err = fmt.Fprintf(p.Stdout, printed.In(o.lang)+"\n", to, code.Version, code.Level, len(text), (modules+19)/20)
	return Right, err
}
