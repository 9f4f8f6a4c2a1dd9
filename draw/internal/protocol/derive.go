package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"time"
)

// This file follows SPEC.md alone: it is the second derivation.

// A suite is a hash function, by the name that a series has for it.
type suite struct {
	name string
	hash func() hash.Hash
}

func sha256Suite() suite { return suite{"sha256", sha256.New} }

func (s suite) sum(parts ...[]byte) []byte {
	h := s.hash()
	h.Write(bytes.Join(parts, nil))
	return h.Sum(nil)
}

func text(b []byte) string { return hex.EncodeToString(b) }

// raw is the inverse of text, for what this program has made itself.
func raw(digits string) []byte {
	b, err := hex.DecodeString(digits)
	if err != nil {
		panic("protocol: " + err.Error())
	}
	return b
}

// secret returns 32 bytes that stand for random ones.
func secret(label string) []byte {
	return sha256Suite().sum([]byte("doublerandom protocol vector " + label))
}

// info is the strings of sections 3 and 12.2, each behind its length.
func info(purpose string, parts ...[]byte) []byte {
	var b []byte
	for _, part := range append([][]byte{[]byte("doublerandom/v1"), []byte(purpose)}, parts...) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	return b
}

func (s suite) mac(key, message []byte) []byte {
	m := hmac.New(s.hash, key)
	m.Write(message)
	return m.Sum(nil)
}

// key is section 3.
func (s suite) key(secret []byte, purpose string) []byte {
	return s.mac(secret, append(info(purpose), 1))
}

// salt is the salt of an ID, in a frame and in the sealed tree.
func (s suite) salt(key []byte, id string) string { return text(s.sum(key, []byte(id))[:16]) }

// root is the Merkle tree hash of RFC 6962, section 2.1.
func (s suite) root(leaves []string) []byte {
	if len(leaves) == 1 {
		return s.sum([]byte{0}, []byte(leaves[0]))
	}
	k := split(len(leaves))
	return s.sum([]byte{1}, s.root(leaves[:k]), s.root(leaves[k:]))
}

// proof is the audit path of RFC 6962, section 2.1.1.
func (s suite) proof(leaves []string, i int) []byte {
	if len(leaves) == 1 {
		return nil
	}
	k := split(len(leaves))
	if i < k {
		return append(s.proof(leaves[:k], i), s.root(leaves[k:])...)
	}
	return append(s.proof(leaves[k:], i-k), s.root(leaves[:k])...)
}

// path is an audit path as a receipt has it.
func (s suite) path(leaves []string, i int) string {
	return orNone(base64.StdEncoding.EncodeToString(s.proof(leaves, i)))
}

// split returns the largest power of two below n.
func split(n int) int {
	k := 1
	for 2*k < n {
		k *= 2
	}
	return k
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func stamp(t time.Time) string { return t.Format("2006-01-02T15:04:05Z") }

// The types of keys in C2SP signed-note.
const (
	typeEd25519     = 1
	typeCosignature = 4
)

// A signer is an Ed25519 key with a name and a type.
type signer struct {
	name    string
	kind    byte
	private ed25519.PrivateKey
}

func newSigner(name string, kind byte) signer {
	return signer{name, kind, ed25519.NewKeyFromSeed(secret("key of " + name))}
}

func (s signer) public() []byte {
	return append([]byte{s.kind}, s.private.Public().(ed25519.PublicKey)...)
}

// hash is the key ID of C2SP signed-note, under every suite.
func (s signer) hash() []byte { return sha256Suite().sum([]byte(s.name+"\n"), s.public())[:4] }

func (s signer) vkey() string {
	return fmt.Sprintf("%s+%s+%s", s.name, text(s.hash()), base64.StdEncoding.EncodeToString(s.public()))
}

// line is a signature line of a note; the time is for cosignatures.
func (s signer) line(message string, at time.Time) string {
	sig := s.hash()
	if s.kind == typeCosignature {
		sig = binary.BigEndian.AppendUint64(sig, uint64(at.Unix()))
		message = fmt.Sprintf("cosignature/v1\ntime %d\n%s", at.Unix(), message)
	}
	sig = append(sig, ed25519.Sign(s.private, []byte(message))...)
	return fmt.Sprintf("— %s %s\n", s.name, base64.StdEncoding.EncodeToString(sig))
}
