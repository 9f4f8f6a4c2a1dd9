package seal_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
	"golang.org/x/mod/sumdb/note"
)

// The regulator prints a drawn company's receipt as a QR code; the company reads
// it with any scanner and unpacks it. Verifying it is audit.VerifyReceipt's.
func ExamplePackReceipt() {
	suite := draw.SHA256()
	frame, err := registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		for _, id := range []string{"91370202MA3C000019", "91370202MA3C000027", "91370202MA3C000035"} {
			if !yield(registry.Unit{ID: id, Stratum: "food", Weight: 1}, nil) {
				return
			}
		}
	})
	if err != nil {
		panic(err)
	}
	plan, err := draw.NewPlan(suite, frame, draw.Quotas{{Stratum: "food", Count: draw.WholeFraction(1)}}, 0)
	if err != nil {
		panic(err)
	}
	result, err := draw.Run(plan, frame, draw.Seed{7}) // a public draw derives its seed
	if err != nil {
		panic(err)
	}
	rows, err := frame.Tree(suite.Hash)
	if err != nil {
		panic(err)
	}
	tree, err := seal.New(suite, frame, result, nil)
	if err != nil {
		panic(err)
	}
	notice, sealed := statement.ID(sha256.Sum256([]byte("notice"))), statement.ID(sha256.Sum256([]byte("sealed")))
	receipt, err := seal.NewReceipt(notice, sealed, rows, tree, "91370202MA3C000027")
	if err != nil {
		panic(err)
	}
	// A real key comes from crypto/rand.
	secretKey, _, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{7}, 32)), "regulator.example")
	if err != nil {
		panic(err)
	}
	signer, err := note.NewSigner(secretKey)
	if err != nil {
		panic(err)
	}
	signed, err := statement.Sign(suite, receipt, signer)
	if err != nil {
		panic(err)
	}

	text, err := seal.PackReceipt(signed.Note)
	if err != nil {
		panic(err)
	}
	back, err := seal.UnpackReceipt(text)
	if err != nil {
		panic(err)
	}
	fmt.Println(text[:4], bytes.Equal(back, signed.Note))
	// Output:
	// DR1: true
}
