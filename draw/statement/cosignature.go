package statement

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/internal/label"
	"golang.org/x/mod/sumdb/note"
)

// algCosignature is the key type of timestamped Ed25519 cosignatures in C2SP
// signed-note and tlog-cosignature.
const algCosignature = 4

// A Cosigner is a witness's key: it signs a statement together with the time at
// which the witness saw it (C2SP tlog-cosignature, cosignature/v1). It is
// immutable and safe for concurrent use.
type Cosigner struct {
	name string
	key  ed25519.PrivateKey
	at   time.Time
}

// NewCosigner returns the note signer of a witness with a name without spaces and
// "+", an Ed25519 key, and the time to sign with, which is cut to whole seconds.
func NewCosigner(name string, key ed25519.PrivateKey, at time.Time) (*Cosigner, error) {
	if len(key) != ed25519.PrivateKeySize {
		return nil, fmt.Errorf("statement: witness key has %d bytes, expected %d", len(key), ed25519.PrivateKeySize)
	}
	if at.Unix() < 0 {
		return nil, fmt.Errorf("statement: witness time %s is before 1970", at.UTC().Format(timeLayout))
	}
	if wrong := checkName(name); wrong != "" {
		return nil, fmt.Errorf("statement: witness name %s", wrong)
	}
	return &Cosigner{name, key, at}, nil
}

// Name returns the witness's name.
func (c *Cosigner) Name() string { return c.name }

// KeyHash returns the hash that tells the witness's keys apart.
func (c *Cosigner) KeyHash() uint32 { return cosignerHash(c.name, c.key.Public().(ed25519.PublicKey)) }

// VerifierKey returns the witness's public key in the form that
// [NewCosignatureVerifier] reads.
func (c *Cosigner) VerifierKey() string {
	public := c.key.Public().(ed25519.PublicKey)
	return fmt.Sprintf("%s+%08x+%s", c.name, c.KeyHash(), base64.StdEncoding.EncodeToString(append([]byte{algCosignature}, public...)))
}

// Sign returns the time as 8 bytes, big-endian, and the signature.
func (c *Cosigner) Sign(text []byte) ([]byte, error) {
	at := uint64(c.at.Unix())
	sig := ed25519.Sign(c.key, cosignedMessage(at, text))
	return append(binary.BigEndian.AppendUint64(nil, at), sig...), nil
}

func cosignedMessage(at uint64, text []byte) []byte {
	return append(fmt.Appendf(nil, "cosignature/v1\ntime %d\n", at), text...)
}

func cosignerHash(name string, public ed25519.PublicKey) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n\x04"), public...))
	return binary.BigEndian.Uint32(sum[:4])
}

func checkName(name string) string {
	if wrong := (tokenField{most: 128}).check(name); wrong != "" {
		return wrong
	}
	if strings.Contains(name, "+") {
		return label.Quote(name) + ` has a "+"`
	}
	return ""
}

// NewCosignatureVerifier returns the note verifier of a witness's key, such as
//
//	notary.example+1f2e3d4c+BA…
//
// where the base64 part is the byte 4 and an Ed25519 public key.
func NewCosignatureVerifier(vkey string) (note.Verifier, error) {
	name, rest, ok := strings.Cut(vkey, "+")
	hashText, key64, ok2 := strings.Cut(rest, "+")
	fail := func(text string) (note.Verifier, error) {
		return nil, fmt.Errorf("statement: witness key %s: %s", label.Quote(vkey), text)
	}
	if !ok || !ok2 {
		return fail("expected name+hash+key")
	}
	if wrong := (tokenField{most: maxKey}).check(key64); wrong != "" { // base64 would pass over newlines
		return fail("key " + wrong)
	}
	if wrong := checkName(name); wrong != "" {
		return fail("name " + wrong)
	}
	key, err := base64.StdEncoding.Strict().DecodeString(key64)
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != algCosignature {
		return fail("expected the byte 4 and 32 bytes in base64")
	}
	public := ed25519.PublicKey(key[1:])
	hash, err := strconv.ParseUint(hashText, 16, 32)
	if want := cosignerHash(name, public); err != nil || hashText != hex.EncodeToString(binary.BigEndian.AppendUint32(nil, uint32(hash))) || uint32(hash) != want {
		return fail(fmt.Sprintf("hash is %s, expected %08x", label.Quote(hashText), want))
	}
	return &cosignatureVerifier{name, public}, nil
}

type cosignatureVerifier struct {
	name string
	key  ed25519.PublicKey
}

func (v *cosignatureVerifier) Name() string { return v.name }

func (v *cosignatureVerifier) KeyHash() uint32 { return cosignerHash(v.name, v.key) }

func (v *cosignatureVerifier) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(sig[:8])
	return at <= maxUnix && ed25519.Verify(v.key, cosignedMessage(at, text), sig[8:])
}

// maxUnix is the last second of the year 9999.
const maxUnix = 253402300799

// CosignedAt returns the time in a witness's verified signature. The signature
// must be one that a verifier of [NewCosignatureVerifier] accepted.
func CosignedAt(sig note.Signature) (time.Time, error) {
	raw, err := base64.StdEncoding.DecodeString(sig.Base64)
	if err != nil || len(raw) != 4+8+ed25519.SignatureSize {
		return time.Time{}, errors.New("statement: signature is not a cosignature with a time")
	}
	at := binary.BigEndian.Uint64(raw[4:12])
	if at > maxUnix {
		return time.Time{}, fmt.Errorf("statement: cosignature of second %d, after the year 9999", at)
	}
	return time.Unix(int64(at), 0).UTC(), nil
}
