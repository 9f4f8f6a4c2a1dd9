package statement_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"golang.org/x/mod/sumdb/note"
)

// The ID of a statement is what sha256sum prints for its text:
//
//	$ sha256sum testdata/notice.txt
func ExampleIDOf() {
	text, err := os.ReadFile("testdata/notice.txt")
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s %x\n", statement.Kind(text), statement.IDOf(draw.SHA256(), text))
	// Output:
	// notice 4c39ae6165af05d531af4eb437d0873fb879540658d514be7fca8ea7241976bc
}

// A contributor commits to a value, and the reader of the commit checks who
// signed it.
func ExampleSign() {
	suite := draw.SHA256()
	text, err := os.ReadFile("testdata/notice.txt")
	if err != nil {
		panic(err)
	}
	notice := statement.IDOf(suite, text)

	// A real key, value and nonce come from crypto/rand.
	fixed := bytes.NewReader(bytes.Repeat([]byte{7}, 32))
	secretKey, publicKey, err := note.GenerateKey(fixed, "chamber.example")
	if err != nil {
		panic(err)
	}
	signer, err := note.NewSigner(secretKey)
	if err != nil {
		panic(err)
	}
	value, nonce := [32]byte{1}, [32]byte{2}
	signed, err := statement.Sign(suite, &statement.Commit{
		Notice:      notice,
		Contributor: "chamber",
		Commitment:  statement.CommitmentOf(suite, notice, "chamber", value, nonce),
	}, signer)
	if err != nil {
		panic(err)
	}

	verifier, err := note.NewVerifier(publicKey)
	if err != nil {
		panic(err)
	}
	opened, err := statement.OpenNote(suite, signed.Note, note.VerifierList(verifier))
	if err != nil {
		panic(err)
	}
	s, err := statement.Parse(opened.Text)
	if err != nil {
		panic(err)
	}
	fmt.Println(s.(*statement.Commit).Contributor, opened.SignedBy(verifier))
	fmt.Printf("%s", opened.Text)
	// Output:
	// chamber true
	// doublerandom/commit/v1
	// notice 4c39ae6165af05d531af4eb437d0873fb879540658d514be7fca8ea7241976bc
	// contributor chamber
	// commitment 96339e3afdd0c9b8484dad501c88bbeab6f46f2e00a173045ba5f37a283395ac
}

// A notary adds its signature with the time at which it saw the notice.
func ExampleSigned_Cosign() {
	suite := draw.SHA256()
	text, err := os.ReadFile("testdata/notice.txt")
	if err != nil {
		panic(err)
	}
	var notice statement.Notice
	if err := notice.UnmarshalText(text); err != nil {
		panic(err)
	}
	// Real keys come from crypto/rand.
	secretKey, publicKey, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{1}, 32)), "regulator.example")
	if err != nil {
		panic(err)
	}
	regulator, err := note.NewSigner(secretKey)
	if err != nil {
		panic(err)
	}
	known, err := note.NewVerifier(publicKey)
	if err != nil {
		panic(err)
	}
	signed, err := statement.Sign(suite, &notice, regulator)
	if err != nil {
		panic(err)
	}

	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, 32))
	notary, err := statement.NewCosigner("notary.example", key, time.Date(2026, 11, 20, 1, 5, 0, 0, time.UTC))
	if err != nil {
		panic(err)
	}
	cosigned, err := signed.Cosign(suite, note.VerifierList(known), notary)
	if err != nil {
		panic(err)
	}

	witness, err := statement.NewCosignatureVerifier(notary.VerifierKey())
	if err != nil {
		panic(err)
	}
	signature, ok := cosigned.SignatureBy(witness)
	at, err := statement.CosignedAt(signature)
	fmt.Println(ok, at, err)
	// Output:
	// true 2026-11-20 01:05:00 +0000 UTC <nil>
}

// Services may show a statement as JSON. It is never read back.
func ExampleView() {
	text, err := os.ReadFile("testdata/pulse.txt")
	if err != nil {
		panic(err)
	}
	pulse, err := statement.Parse(text)
	if err != nil {
		panic(err)
	}
	view, err := json.MarshalIndent(pulse, "", "  ")
	if err != nil {
		panic(err)
	}
	fmt.Println(string(view))
	// Output:
	// {
	//   "statement": "pulse",
	//   "notice": "4c39ae6165af05d531af4eb437d0873fb879540658d514be7fca8ea7241976bc",
	//   "close": "c088c91d941eeac1b0a17b02b73cca2f7e02df9aa4e74cd7c1f4636853e8f12a",
	//   "beacon": "lottery",
	//   "round": "ssq-2026134-2026136",
	//   "value": "1.8.11.17.23.30./5./2.9.14.19.28.33./12./3.6.15.20.26.31./8./",
	//   "proof": null
	// }
}
