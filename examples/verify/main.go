// Verify checks a public draw, a series of draws or one company's receipt, from
// the published files and the verifier's own policy.
//
//	go run ./examples/verify -policy policy.txt bundle
//
// It has SHA-256, Ed25519 signatures and declared public numbers; the program
// verify-full, a module of its own, adds SM3, SM2 and drand.
package main

import (
	"os"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/examples/internal/verifier"
)

func main() {
	p := verifier.Program{
		Name: "verify", Full: "verify-full", Suites: []draw.Suite{draw.SHA256()},
		Now: time.Now, Stdout: os.Stdout, Stderr: os.Stderr, Progress: verifier.Terminal(os.Stderr),
	}
	os.Exit(p.Main(os.Args[1:]))
}
