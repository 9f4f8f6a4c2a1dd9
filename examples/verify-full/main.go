// Verify-full is the program verify with all that the project's modules bring:
// the suite SM3 and signatures with SM2 (draw/gm), and drand's main network under
// the name drand-quicknet (draw/drandbeacon). It prints a receipt's QR code and reads
// it from a picture, too. It is a module of its own because of their dependencies.
//
//	cd examples/verify-full && go run . -policy policy.txt bundle
package main

import (
	"os"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/draw/drandbeacon"
	"github.com/doublerandom/doublerandom/draw/gm"
	"github.com/doublerandom/doublerandom/examples/internal/verifier"
)

func main() { os.Exit(program().Main(os.Args[1:])) }

func program() *verifier.Program {
	return &verifier.Program{
		Name:     "verify-full",
		Suites:   []draw.Suite{draw.SHA256(), gm.SM3()},
		Beacons:  []beacon.Beacon{drandbeacon.NewQuicknet()},
		Verifier: newVerifier,
		PrintQR:  printQR,
		ReadQR:   readQR,
		Now:      time.Now, Stdout: os.Stdout, Stderr: os.Stderr, Progress: verifier.Terminal(os.Stderr),
	}
}

// newVerifier opens a key of SM2 or of Ed25519: the type of the key says which.
func newVerifier(vkey string) (note.Verifier, error) {
	if v, err := gm.NewVerifier(vkey); err == nil {
		return v, nil
	}
	return note.NewVerifier(vkey)
}
