package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
	"golang.org/x/mod/sumdb/note"
)

// A key is a signer with its verifier key. All keys of this program follow from its seed: they are TEST KEYS,
// named so, and must sign nothing else.
type key struct {
	note.Signer
	verifier string
}

// newKey returns the test key of a name.
func newKey(d dice, name string) (key, error) {
	seed := d.bytes("test key of "+name, 0)
	private := ed25519.NewKeyFromSeed(seed[:])
	vkey, err := note.NewEd25519VerifierKey(name, private.Public().(ed25519.PublicKey))
	if err != nil {
		return key{}, err
	}
	hash := strings.Split(vkey, "+")[1]
	const ed25519Type = 1
	skey := "PRIVATE+KEY+" + name + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{ed25519Type}, seed[:]...))
	signer, err := note.NewSigner(skey)
	return key{signer, vkey}, err
}

// A witness cosigns with the time at which it saw a statement.
type witness struct {
	name     string
	private  ed25519.PrivateKey
	verifier string
}

// newWitnesses returns witnesses with test keys.
func newWitnesses(d dice, at time.Time, names ...string) ([]witness, error) {
	var list []witness
	for _, name := range names {
		seed := d.bytes("test key of "+name, 0)
		w := witness{name: name, private: ed25519.NewKeyFromSeed(seed[:])}
		c, err := statement.NewCosigner(name, w.private, at)
		if err != nil {
			return nil, fmt.Errorf("witness %s: %w", name, err)
		}
		w.verifier = c.VerifierKey()
		list = append(list, w)
	}
	return list, nil
}
