package statement

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"golang.org/x/mod/sumdb/note"
)

// MaxNote is the greatest length of a signed statement in bytes.
const MaxNote = MaxText + 64<<10

// A Signed is a statement's text with its signatures: a note as C2SP signed-note
// defines it. It is a value that was checked by [Sign] or [OpenNote]; do not
// change it while others read it.
type Signed struct {
	ID   ID               // hash of the text
	Text []byte           // the statement's text
	Note []byte           // text, blank line and signatures: what is published
	Sigs []note.Signature // verified signatures
}

// Sign returns a statement signed by one or more signers.
func Sign(suite draw.Suite, s Statement, signers ...note.Signer) (*Signed, error) {
	text, err := s.MarshalText()
	if err != nil {
		return nil, err
	}
	if len(signers) == 0 {
		return nil, errors.New("statement: no signer")
	}
	signed, err := note.Sign(&note.Note{Text: string(text)}, signers...)
	if err != nil {
		return nil, fmt.Errorf("statement: signing %s: %w", Kind(text), err)
	}
	if len(signed) > MaxNote {
		return nil, fmt.Errorf("statement: note has %d bytes, expected at most %d", len(signed), MaxNote)
	}
	return &Signed{ID: IDOf(suite, text), Text: text, Note: signed, Sigs: added(signed, signers)}, nil
}

// added returns the signatures that note.Sign has just made: the last lines, in
// the order of the signers.
func added(signed []byte, signers []note.Signer) (sigs []note.Signature) {
	lines := strings.Split(strings.TrimSuffix(string(signed), "\n"), "\n")
	lines = lines[len(lines)-len(signers):]
	for i, s := range signers {
		base64 := lines[i][strings.LastIndexByte(lines[i], ' ')+1:]
		sigs = append(sigs, note.Signature{Name: s.Name(), Hash: s.KeyHash(), Base64: base64})
	}
	return sigs
}

// Cosign returns the statement with further signatures beside those it has, such
// as a witness's. A signature by a key that has signed before replaces the
// earlier one.
func (s *Signed) Cosign(suite draw.Suite, verifiers note.Verifiers, signers ...note.Signer) (*Signed, error) {
	n, err := note.Open(s.Note, verifiers)
	if err != nil {
		return nil, fmt.Errorf("statement: %w", err)
	}
	signed, err := note.Sign(n, signers...)
	if err != nil {
		return nil, fmt.Errorf("statement: signing %s: %w", Kind(s.Text), err)
	}
	if len(signed) > MaxNote {
		return nil, fmt.Errorf("statement: note has %d bytes, expected at most %d", len(signed), MaxNote)
	}
	// note.Sign has replaced earlier signatures by the same keys.
	kept := slices.DeleteFunc(n.Sigs, func(sig note.Signature) bool {
		return slices.ContainsFunc(signers, func(s note.Signer) bool { return s.Name() == sig.Name && s.KeyHash() == sig.Hash })
	})
	return &Signed{ID: IDOf(suite, s.Text), Text: s.Text, Note: signed, Sigs: append(kept, added(signed, signers)...)}, nil
}

// OpenNote reads a signed statement. The signatures by the keys that verifiers
// know are verified, and at least one must be there and right; the others are
// passed over. The text may be of any kind: see [Kind] and [Parse].
func OpenNote(suite draw.Suite, signed []byte, verifiers note.Verifiers) (*Signed, error) {
	if len(signed) > MaxNote {
		return nil, fmt.Errorf("statement: note has %d bytes, expected at most %d", len(signed), MaxNote)
	}
	n, err := note.Open(signed, verifiers)
	if err != nil {
		return nil, fmt.Errorf("statement: %w", err)
	}
	text := []byte(n.Text)
	return &Signed{ID: IDOf(suite, text), Text: text, Note: append([]byte(nil), signed...), Sigs: n.Sigs}, nil
}

// Parse reads the text of a statement of any kind.
func Parse(text []byte) (Statement, error) {
	s := New(Kind(text))
	if s == nil {
		return nil, fmt.Errorf("statement: text begins with none of the known headers")
	}
	if err := s.UnmarshalText(text); err != nil {
		return nil, err
	}
	return s, nil
}

// SignedBy reports whether the statement has a verified signature by the key of
// verifier.
func (s *Signed) SignedBy(verifier note.Verifier) bool {
	_, ok := s.SignatureBy(verifier)
	return ok
}

// SignatureBy returns the verified signature by the key of verifier, and whether
// there is one.
func (s *Signed) SignatureBy(verifier note.Verifier) (note.Signature, bool) {
	for _, sig := range s.Sigs {
		if sig.Name == verifier.Name() && sig.Hash == verifier.KeyHash() {
			return sig, true
		}
	}
	return note.Signature{}, false
}
