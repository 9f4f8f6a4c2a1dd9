package gm

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/asn1"
	"encoding/binary"
	"fmt"
	"math/big"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
)

// userID is the signer's ID where nothing else is agreed upon (GM/T 0009, 10).
const userID = "1234567812345678"

// maxSignature is the length in bytes of two integers of 33 bytes in DER.
const maxSignature = 2 + 2*(2+33)

// A verifier is a [note.Verifier] for SM2.
type verifier struct {
	name   string
	hash   uint32
	public *ecdsa.PublicKey
}

// Name returns the key's name.
func (v *verifier) Name() string { return v.name }

// KeyHash returns the key's hash.
func (v *verifier) KeyHash() uint32 { return v.hash }

// Verify reports whether sig is a valid signature of msg, in the one encoding.
func (v *verifier) Verify(msg, sig []byte) bool {
	return valid(v.public, digest(v.public, msg), sig)
}

// A signer is a [note.Signer] for SM2.
type signer struct {
	*verifier
	key *sm2.PrivateKey
}

// Sign returns a signature of msg, which must not be empty.
func (s *signer) Sign(msg []byte) ([]byte, error) {
	if len(msg) == 0 {
		return nil, fmt.Errorf("gm: message to sign is empty")
	}
	sig, err := sm2.SignDeterministic(s.key, msg, sm2.DefaultSM2SignerOpts)
	// Another nonce, still of key and message alone, where the library's
	// arithmetic went wrong on the first: see [valid].
	for i := byte(1); err == nil && !s.Verify(msg, sig); i++ {
		if i == 4 {
			return nil, fmt.Errorf("gm: key %s+%08x makes signatures that do not verify", s.name, s.hash)
		}
		sig, err = sm2.SignASN1(bytes.NewReader(bytes.Repeat([]byte{i}, privateSize)), s.key, msg, sm2.DefaultSM2SignerOpts)
	}
	if err != nil {
		return nil, fmt.Errorf("gm: signing: %w", err)
	}
	return sig, nil
}

// Format writes the signer without its key, under every verb.
func (s *signer) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "gm.Signer(%s+%08x, key redacted)", s.name, s.hash)
}

// MarshalText returns the signer without its key, so that encoders show no more.
func (s *signer) MarshalText() ([]byte, error) { return fmt.Append(nil, s), nil }

// digest returns what is signed: e = SM3(Z ‖ msg) with Z = SM3(bits of the user
// ID ‖ user ID ‖ a ‖ b ‖ G ‖ public key) (GB/T 32918.2-2016, 5.5 and 6.1).
func digest(public *ecdsa.PublicKey, msg []byte) []byte {
	curve := sm2.P256().Params()
	a := new(big.Int).Sub(curve.P, big.NewInt(3))
	z := sm3.New()
	z.Write(binary.BigEndian.AppendUint16(nil, 8*uint16(len(userID))))
	z.Write([]byte(userID))
	for _, n := range []*big.Int{a, curve.B, curve.Gx, curve.Gy, public.X, public.Y} {
		z.Write(n.FillBytes(make([]byte, 32)))
	}
	e := sm3.New()
	e.Write(z.Sum(nil))
	e.Write(msg)
	return e.Sum(nil)
}

// valid reports whether sig is a signature of the digest e.
//
// What the library refuses is computed again, slowly: its v0.44.0 refuses a few
// right signatures, and only on processors with ADX and BMI2
// (github.com/emmansun/gmsm/issues/560). A verdict must not depend on the
// machine, and such signatures can be searched for.
func valid(public *ecdsa.PublicKey, e, sig []byte) bool {
	r, s, ok := parseSignature(sig)
	return ok && (sm2.VerifyASN1(public, e, sig) || validSlow(public, e, r, s))
}

// parseSignature reads a DER sequence of two positive integers and nothing else.
func parseSignature(sig []byte) (r, s *big.Int, ok bool) {
	if len(sig) > maxSignature {
		return nil, nil, false
	}
	var pair struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(sig, &pair); err != nil || len(rest) > 0 {
		return nil, nil, false
	}
	if again, err := asn1.Marshal(pair); err != nil || !bytes.Equal(again, sig) {
		return nil, nil, false
	}
	return pair.R, pair.S, pair.R.Sign() > 0 && pair.S.Sign() > 0
}

// validSlow is the verification of GB/T 32918.2-2016, 7.1, by math/big. It takes
// some milliseconds and its time depends on its inputs, which are all public.
func validSlow(public *ecdsa.PublicKey, e []byte, r, s *big.Int) bool {
	curve := sm2.P256().Params() // its methods are the general ones of crypto/elliptic
	if r.Sign() <= 0 || s.Sign() <= 0 || r.Cmp(curve.N) >= 0 || s.Cmp(curve.N) >= 0 {
		return false
	}
	t := new(big.Int).Add(r, s)
	if t.Mod(t, curve.N).Sign() == 0 {
		return false
	}
	x1, y1 := curve.ScalarBaseMult(s.Bytes())
	x2, y2 := curve.ScalarMult(public.X, public.Y, t.Bytes())
	x, y := curve.Add(x1, y1, x2, y2)
	if x.Sign() == 0 && y.Sign() == 0 {
		return false // the point at infinity
	}
	x.Add(x, new(big.Int).SetBytes(e))
	return x.Mod(x, curve.N).Cmp(r) == 0
}

// onCurve reports whether (x, y) is a point of the curve, by math/big.
func onCurve(x, y *big.Int) bool { return sm2.P256().Params().IsOnCurve(x, y) }
