package drandbeacon

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/cloudflare/circl/ecc/bls12381"
	"github.com/doublerandom/doublerandom/draw/beacon"
)

// domain separates the hashes to G1 of this scheme from all others.
const domain = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"

// entropyBits is log2 of the order of G1, rounded down: how many signatures, and so
// values, a round can have.
const entropyBits = 254

// A Beacon is one drand network. Its rounds are decimal numbers from 1 on, its values
// randomness in 64 hexadecimal digits, its proofs signatures in 96, all in lower
// case. It is immutable and safe for concurrent use. Make one with [New] or
// [NewQuicknet]; the zero Beacon is of no use.
type Beacon struct {
	network Network
	key     *bls12381.G2
}

var _ beacon.Timetable = (*Beacon)(nil)

// Name returns the label of the beacon.
func (b *Beacon) Name() string { return b.network.Name }

// Network returns what the beacon trusts.
func (b *Beacon) Network() Network { return b.network }

// EntropyBits returns 254 for every round: the order of G1 has 255 bits. It
// returns 0 if the round is not valid.
func (b *Beacon) EntropyBits(round string) int {
	if _, err := b.parseRound(round); err != nil {
		return 0
	}
	return entropyBits
}

// Verify checks that the proof is the network's signature of the round and the
// value its SHA-256, and returns the value: its 64 digits enter the seed. It takes
// some milliseconds.
func (b *Beacon) Verify(round, value, proof string) (canonical string, err error) {
	n, err := b.parseRound(round)
	if err != nil {
		return "", err
	}
	if _, err := parseHex("value", value, sha256.Size); err != nil {
		return "", err
	}
	data, err := parseHex("proof", proof, bls12381.G1SizeCompressed)
	if err != nil {
		return "", err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != value {
		return "", fmt.Errorf("drandbeacon: value of round %d is %s, the SHA-256 of its signature is %x", n, value, sum)
	}
	signature := new(bls12381.G1)
	// SetBytes checks the length, the curve and the subgroup.
	if err := signature.SetBytes(data); err != nil {
		return "", fmt.Errorf("drandbeacon: signature %s is not a point of G1", proof)
	}
	if signature.IsIdentity() {
		return "", fmt.Errorf("drandbeacon: signature of round %d is the identity of G1", n)
	}
	if !b.signed(n, signature) {
		return "", fmt.Errorf("drandbeacon: signature of round %d is not by the key of %s", n, b.network.Name)
	}
	return value, nil
}

// signed reports whether e(signature, generator) = e(H(round), key).
func (b *Beacon) signed(round uint64, signature *bls12381.G1) bool {
	message := sha256.Sum256(binary.BigEndian.AppendUint64(nil, round))
	hashed := new(bls12381.G1)
	hashed.Hash(message[:], []byte(domain))
	return bls12381.ProdPairFrac(
		[]*bls12381.G1{signature, hashed},
		[]*bls12381.G2{bls12381.G2Generator(), b.key},
		[]int{1, -1},
	).IsIdentity()
}

// parseRound parses the number of a round that is published by the year 9999.
func (b *Beacon) parseRound(round string) (uint64, error) {
	const digits = 20 // of the greatest uint64
	if len(round) > digits {
		return 0, fmt.Errorf("drandbeacon: round has %d bytes, expected at most %d", len(round), digits)
	}
	n, err := strconv.ParseUint(round, 10, 64)
	if err != nil || round[0] == '0' {
		return 0, fmt.Errorf("drandbeacon: round %q is not a positive decimal number without leading zeros", round)
	}
	if last := b.last(); n > last {
		return 0, fmt.Errorf("drandbeacon: round %d of %s is after the year 9999, whose last is %d", n, b.network.Name, last)
	}
	return n, nil
}
