package gm

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emmansun/gmsm/sm2"
	"golang.org/x/mod/sumdb/note"
)

const (
	// algorithm is the signature type of C2SP signed-note for types to which it
	// assigns no byte: 0xff, then an identifier that does not collide.
	algorithm = "\xff" + "doublerandom/sm2-sm3"

	// maxKey bounds the text of a key in bytes, as statements do.
	maxKey = 512

	publicSize  = 1 + 32 + 32 // 0x04, x, y
	privateSize = 32
)

// GenerateKey returns a new pair of keys of SM2 under a name: skey for
// [NewSigner], which must be kept secret, and vkey for [NewVerifier], which is
// published. Use crypto/rand.Reader as rand: the private key is the first 32
// bytes of it that are a number from 1 to n−2, n being the order of the curve.
//
// The texts are like those of [note.GenerateKey]:
//
//	PRIVATE+KEY+name+hhhhhhhh+base64(type ‖ private key)
//	name+hhhhhhhh+base64(type ‖ public key)
//
// The type is the byte 0xff and "doublerandom/sm2-sm3", the private key a
// big-endian number of 32 bytes, the public key the point's 65 bytes 04 ‖ x ‖ y.
// hhhhhhhh are the first 4 bytes of SHA-256(name ‖ "\n" ‖ type ‖ public key),
// whatever the suite of the draw (C2SP signed-note).
//
// The name is valid UTF-8 without spaces, control characters and "+"; vkey has at
// most 512 bytes. It returns an error if the name is not valid or rand fails.
func GenerateKey(rand io.Reader, name string) (skey, vkey string, err error) {
	if err := checkName(name); err != nil {
		return "", "", err
	}
	private := make([]byte, privateSize)
	const attempts = 64 // one in 2^32 fails: more means that rand is broken
	for range attempts {
		if _, err := io.ReadFull(rand, private); err != nil {
			return "", "", fmt.Errorf("gm: reading randomness: %w", err)
		}
		key, err := sm2.NewPrivateKey(private)
		if err != nil {
			continue
		}
		public := encodePoint(&key.PublicKey)
		if vkey, err = VerifierKey(name, public); err != nil {
			return "", "", err
		}
		data := base64.StdEncoding.EncodeToString(append([]byte(algorithm), private...))
		skey = fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, keyHash(name, public), data)
		_, err = NewSigner(skey) // which tests the pair
		if err != nil {
			return "", "", err
		}
		return skey, vkey, nil
	}
	return "", "", fmt.Errorf("gm: %d draws of randomness gave no private key", attempts)
}

// VerifierKey returns the text of a public key that was made elsewhere, as in a
// hardware module: the point's 65 bytes 04 ‖ x ‖ y under a name, as for
// [GenerateKey].
func VerifierKey(name string, public []byte) (string, error) {
	if err := checkName(name); err != nil {
		return "", err
	}
	if _, err := decodePoint(public); err != nil {
		return "", err
	}
	data := base64.StdEncoding.EncodeToString(append([]byte(algorithm), public...))
	vkey := fmt.Sprintf("%s+%08x+%s", name, keyHash(name, public), data)
	if len(vkey) > maxKey {
		return "", fmt.Errorf("gm: verifier key has %d bytes, expected at most %d: the name is too long", len(vkey), maxKey)
	}
	return vkey, nil
}

// NewVerifier returns the verifier of the key that [GenerateKey] or [VerifierKey]
// made. It accepts no other spelling. The verifier is immutable and safe for
// concurrent use; its Verify takes SM2 signatures with SM3 and the user ID
// "1234567812345678" (GM/T 0009), in ASN.1 DER.
func NewVerifier(vkey string) (note.Verifier, error) {
	name, hash, public, err := parseKey("verifier key", vkey, publicSize)
	if err != nil {
		return nil, err
	}
	return newVerifier(name, hash, public)
}

func newVerifier(name string, hash uint32, public []byte) (*verifier, error) {
	if have := keyHash(name, public); have != hash {
		return nil, fmt.Errorf("gm: key hash is %08x, expected %08x for this name and key", hash, have)
	}
	point, err := decodePoint(public)
	if err != nil {
		return nil, err
	}
	return &verifier{name, hash, point}, nil
}

// NewSigner returns the signer of the secret key that [GenerateKey] made. It
// accepts no other spelling and its errors show nothing of the key. The signer is
// immutable, safe for concurrent use, and never prints its key. Its signatures
// are deterministic (RFC 6979 with SM3) and tested before they are returned.
func NewSigner(skey string) (note.Signer, error) {
	rest, ok := strings.CutPrefix(skey, "PRIVATE+KEY+")
	if !ok {
		return nil, fmt.Errorf(`gm: signer key does not begin with "PRIVATE+KEY+"`)
	}
	name, hash, private, err := parseKey("signer key", rest, privateSize)
	if err != nil {
		return nil, err
	}
	key, err := sm2.NewPrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("gm: private key is not from 1 to n−2")
	}
	v, err := newVerifier(name, hash, encodePoint(&key.PublicKey))
	if err != nil {
		return nil, err
	}
	s := &signer{verifier: v, key: key}
	if _, err := s.Sign([]byte("test of a pair of keys")); err != nil {
		return nil, err
	}
	return s, nil
}

// parseKey parses name+hhhhhhhh+base64(type ‖ key), with a key of size bytes. Its
// errors show the name and the hash only.
func parseKey(what, text string, size int) (name string, hash uint32, key []byte, err error) {
	fail := func(format string, args ...any) (string, uint32, []byte, error) {
		return "", 0, nil, fmt.Errorf("gm: "+what+" "+format, args...)
	}
	if len(text) > maxKey {
		return fail("has %d bytes, expected at most %d", len(text), maxKey)
	}
	name, rest, ok := strings.Cut(text, "+")
	digits, data, ok2 := strings.Cut(rest, "+")
	if !ok || !ok2 {
		return fail("is not a name, a hash and data, joined by \"+\"")
	}
	if err := checkName(name); err != nil {
		return "", 0, nil, err
	}
	h, err := hex.DecodeString(digits)
	if err != nil || len(h) != 4 || hex.EncodeToString(h) != digits {
		return fail("has the hash %q, expected 8 lower-case hexadecimal digits", digits)
	}
	key, err = base64.StdEncoding.DecodeString(data)
	if err != nil || base64.StdEncoding.EncodeToString(key) != data {
		return fail("has data that is not standard base64")
	}
	key, ok = bytes.CutPrefix(key, []byte(algorithm))
	if !ok {
		return fail("is of another type, expected 0xff %q", algorithm[1:])
	}
	if len(key) != size {
		return fail("has a key of %d bytes, expected %d", len(key), size)
	}
	return name, binary.BigEndian.Uint32(h), key, nil
}

// checkName returns an error unless name may stand in a key and in a note.
func checkName(name string) error {
	switch {
	case name == "":
		return fmt.Errorf("gm: key name is empty")
	case len(name) > maxKey:
		return fmt.Errorf("gm: key name has %d bytes, which do not fit into %d", len(name), maxKey)
	case !utf8.ValidString(name):
		return fmt.Errorf("gm: key name %q is not valid UTF-8", name)
	}
	for _, r := range name {
		if r == '+' || unicode.IsSpace(r) || unicode.IsControl(r) {
			return fmt.Errorf("gm: key name %q has the character %U, expected no space, control character or plus sign", name, r)
		}
	}
	return nil
}

// keyHash returns the key ID that C2SP signed-note recommends.
func keyHash(name string, public []byte) uint32 {
	sum := sha256.Sum256([]byte(name + "\n" + algorithm + string(public)))
	return binary.BigEndian.Uint32(sum[:4])
}

// encodePoint returns 04 ‖ x ‖ y.
func encodePoint(p *ecdsa.PublicKey) []byte {
	b := make([]byte, publicSize)
	b[0] = 4
	p.X.FillBytes(b[1:33])
	p.Y.FillBytes(b[33:])
	return b
}

// decodePoint reads 04 ‖ x ‖ y. It uses slow arithmetic: see [valid].
func decodePoint(b []byte) (*ecdsa.PublicKey, error) {
	if len(b) != publicSize {
		return nil, fmt.Errorf("gm: public key has %d bytes, expected %d", len(b), publicSize)
	}
	p := &ecdsa.PublicKey{Curve: sm2.P256(), X: new(big.Int).SetBytes(b[1:33]), Y: new(big.Int).SetBytes(b[33:])}
	if b[0] != 4 || !onCurve(p.X, p.Y) {
		return nil, fmt.Errorf("gm: public key is not 04 ‖ x ‖ y of a point of the curve of SM2")
	}
	return p, nil
}
