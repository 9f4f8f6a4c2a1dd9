package escrow_test

import (
	"crypto/rand"
	"fmt"
	"log"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/escrow"
)

// Two of three custodians recover the secret of a draw that is not opened.
func Example() {
	var secret [32]byte
	if _, err := rand.Read(secret[:]); err != nil {
		log.Fatal(err)
	}
	custodians := []string{"court", "chamber", "university"}
	commitment, shares, err := escrow.Split(draw.SHA256(), secret, 2, custodians, rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	text, err := commitment.MarshalText() // public
	if err != nil {
		log.Fatal(err)
	}
	court, university := shares[0].Export(), shares[2].Export() // to each custodian its own, in secret

	published, err := escrow.ParseCommitment(text, draw.SHA256())
	if err != nil {
		log.Fatal(err)
	}
	var given []escrow.Share
	for _, text := range [][]byte{court, university} {
		share, err := escrow.ParseShare(text)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(share.Custodian(), published.Check(share)) // also when the share arrives
		given = append(given, share)
	}
	recovered, err := escrow.Recover(published, given...)
	fmt.Println(recovered == secret, err)
	fmt.Println(given[0])
	// Output:
	// court <nil>
	// university <nil>
	// true <nil>
	// escrow.Share(redacted)
}
