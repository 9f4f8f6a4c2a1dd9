package gm_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"log"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/gm"
	"github.com/doublerandom/doublerandom/registry"
	"golang.org/x/mod/sumdb/note"
)

// A plan under SM3, signed with SM2, opened and parsed by a reader.
func Example() {
	frame, err := registry.ParseFrame(strings.NewReader("91370202MA3C0000XA 370202 1\n91370202MA3C0001XB 370202 1\n"))
	if err != nil {
		log.Fatal(err)
	}
	quotas, err := draw.Proportional(frame.Strata(), 1, draw.Bounds{})
	if err != nil {
		log.Fatal(err)
	}
	plan, err := draw.NewPlan(gm.SM3(), frame, quotas, 0)
	if err != nil {
		log.Fatal(err)
	}
	text, err := plan.MarshalText()
	if err != nil {
		log.Fatal(err)
	}
	skey, vkey, err := gm.GenerateKey(rand.Reader, "regulator.example/draws") // once; vkey is published
	if err != nil {
		log.Fatal(err)
	}
	signer, err := gm.NewSigner(skey)
	if err != nil {
		log.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: string(text)}, signer)
	if err != nil {
		log.Fatal(err)
	}

	verifier, err := gm.NewVerifier(vkey) // the reader has vkey and signed
	if err != nil {
		log.Fatal(err)
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		log.Fatal(err)
	}
	parsed, err := draw.ParsePlan(bytes.NewReader([]byte(opened.Text)), gm.SM3())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(opened.Text)
	fmt.Println(parsed.CheckFrame(frame))
	// Output:
	// doublerandom/plan/v1
	// suite sm3
	// frame 739d1367cfeb056feecd34bf56a49a759fdfa2213c8ba0da63085a4525af329c
	// units 2
	// reserves 0
	// stratum 370202 2 2 1
	// <nil>
}
