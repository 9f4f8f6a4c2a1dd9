package statement

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/lines"
)

// MaxNote is the greatest size of a signed statement in bytes.
const MaxNote = 1 << 20

// A Signed is a statement with its signatures. It must not be changed; then it
// is safe for concurrent use.
type Signed struct {
	Text       []byte           // the statement's text
	Note       []byte           // text, blank line and signatures, as published
	ID         ID               // of the text
	Signatures []note.Signature // made by [Sign] or [Signed.Cosign], or verified by [Open]

	statement  Statement
	unverified []note.Signature
}

// Sign signs a statement by at least one signer.
func Sign(suite draw.Suite, s Statement, signers ...note.Signer) (*Signed, error) {
	text, err := s.MarshalText()
	if err != nil {
		return nil, err
	}
	parsed, err := Parse(text) // a copy, which stays as it was signed
	if err != nil {
		return nil, err
	}
	return (&Signed{Text: text, ID: IDOf(suite, text), statement: parsed}).Cosign(signers...)
}

// Cosign returns the statement with the signatures of at least one more signer.
// It keeps those that are there, also unverified ones, but for earlier ones by
// the same keys.
func (s *Signed) Cosign(signers ...note.Signer) (*Signed, error) {
	if len(signers) == 0 {
		return nil, fmt.Errorf("statement: %s without a signer", s.statement.Kind())
	}
	for i, signer := range signers {
		for _, other := range signers[:i] {
			if signer.Name() == other.Name() && signer.KeyHash() == other.KeyHash() {
				return nil, fmt.Errorf("statement: two signers with key %s", keyID(signer.Name(), signer.KeyHash()))
			}
		}
	}
	signed, err := note.Sign(&note.Note{Text: string(s.Text), Sigs: s.Signatures, UnverifiedSigs: s.unverified}, signers...)
	if err != nil {
		return nil, fmt.Errorf("statement: signing: %w", err)
	}
	if len(signed) > MaxNote {
		return nil, fmt.Errorf("statement: signed statement has %d bytes, expected at most %d", len(signed), MaxNote)
	}
	out := &Signed{Text: s.Text, Note: signed, ID: s.ID, statement: s.statement}
	for _, line := range strings.Split(strings.TrimSuffix(string(signed[len(s.Text)+1:]), "\n"), "\n") {
		sig := signature(line)
		if s.isUnverified(sig) {
			out.unverified = append(out.unverified, sig)
		} else {
			out.Signatures = append(out.Signatures, sig)
		}
	}
	return out, nil
}

// signature reads a line that note.Sign wrote.
func signature(line string) note.Signature {
	name, text, _ := strings.Cut(strings.TrimPrefix(line, "— "), " ")
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(b) < 4 {
		panic("statement: bad line of a signature just made")
	}
	return note.Signature{Name: name, Hash: binary.BigEndian.Uint32(b), Base64: text}
}

func (s *Signed) isUnverified(sig note.Signature) bool {
	for _, u := range s.unverified {
		if u == sig {
			return true
		}
	}
	return false
}

// Open reads a signed statement. Signatures by the verifiers' keys are verified,
// and there must be at least one; those by unknown keys are ignored, but kept in
// Note. Who must have signed is for the caller: [Signed.SignedBy]. The text must
// be that of a statement.
//
// A wrong signature is a *[note.InvalidSignatureError], and a note that no known
// key has signed a *[note.UnverifiedNoteError], in the chain of [errors.As].
func Open(suite draw.Suite, noteBytes []byte, verifiers note.Verifiers) (*Signed, error) {
	if len(noteBytes) > MaxNote {
		return nil, fmt.Errorf("statement: note has %d bytes, expected at most %d", len(noteBytes), MaxNote)
	}
	n, err := note.Open(noteBytes, verifiers)
	if err != nil {
		return nil, fmt.Errorf("statement: %w", err)
	}
	text := []byte(n.Text)
	s, err := Parse(text)
	if err != nil {
		return nil, err
	}
	return &Signed{text, bytes.Clone(noteBytes), IDOf(suite, text), n.Sigs, s, n.UnverifiedSigs}, nil
}

// OpenUnsigned reads a statement that needs no signature, such as a [Pulse],
// whether it has signatures or not: it verifies none. The blank line and
// signatures may be absent.
func OpenUnsigned(suite draw.Suite, noteBytes []byte) (*Signed, error) {
	if len(noteBytes) > MaxNote {
		return nil, fmt.Errorf("statement: note has %d bytes, expected at most %d", len(noteBytes), MaxNote)
	}
	text := noteBytes
	if i := bytes.Index(noteBytes, []byte("\n\n")); i >= 0 {
		text = noteBytes[:i+1]
	}
	s, err := Parse(text)
	if err != nil {
		return nil, err
	}
	return &Signed{Text: bytes.Clone(text), Note: bytes.Clone(noteBytes), ID: IDOf(suite, text), statement: s}, nil
}

// Statement returns the statement: a pointer to one of the types of this
// package, new for each call.
func (s *Signed) Statement() Statement {
	parsed, err := Parse(s.Text)
	if err != nil {
		panic("statement: " + err.Error()) // the text was parsed before
	}
	return parsed
}

// SignedBy reports whether there is a signature by the given verifier key. Names
// alone would not do: anybody may give a key any name.
func (s *Signed) SignedBy(key string) bool {
	name, hash, ok := KeyID(key)
	return ok && s.by(name, hash)
}

func (s *Signed) by(name string, hash uint32) bool {
	for _, sig := range s.Signatures {
		if sig.Name == name && sig.Hash == hash {
			return true
		}
	}
	return false
}

// KeyID returns the name and hash of a verifier key, by which signatures refer to
// it. It does not look at the key itself.
func KeyID(key string) (name string, hash uint32, ok bool) {
	name, digits, rest := lines.CutKey(key)
	n, err := strconv.ParseUint(digits, 16, 32)
	return name, uint32(n), err == nil && name != "" && len(digits) == 8 && rest != ""
}

func keyID(name string, hash uint32) string { return fmt.Sprintf("%s+%08x", name, hash) }
