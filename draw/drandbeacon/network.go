// Package drandbeacon checks rounds of drand offline: no network, no clock, no
// trust in whoever passes a round on. [NewQuicknet] is the beacon of drand's main
// network; [New] takes any other of the same scheme, bls-unchained-g1-rfc9380.
//
// A round's value is its randomness, its proof the BLS signature of the network's
// threshold key over the number of the round. The value is the SHA-256 of the
// signature; the signature is a point of G1 that verifies against the public key
// in G2 [RFC 9380; draft-irtf-cfrg-bls-signature; drand's specification]. That a
// value matches the hash of some signature proves nothing: the pairing decides.
//
// It is a module of its own because of its one dependency, cloudflare/circl.
package drandbeacon

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/cloudflare/circl/ecc/bls12381"
	"github.com/doublerandom/doublerandom/internal/label"
)

// The limits of a network's times keep every instant within the years 1970–9999.
const (
	lastSecond = 253402300799 // 9999-12-31T23:59:59Z
	maxPeriod  = 86400 * 366
)

// A Network says which drand network is trusted. All fields but Name are those that
// the network publishes as its chain information. The zero Network is not valid.
type Network struct {
	Name        string // label under which series and notices name the beacon
	ChainHash   string // 64 hexadecimal digits in lower case: pins all fields below
	PublicKey   string // 192 hexadecimal digits: compressed point of G2
	GenesisSeed string // 64 hexadecimal digits
	Genesis     int64  // instant of round 1 in Unix seconds
	Period      int64  // seconds from one round to the next, 1–31,622,400
	BeaconID    string // name within the network; "" or "default" for the first beacon
}

// quicknet is drand's main network since 2023.
const (
	quicknetHash = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
	quicknetKey  = "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c" +
		"8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb" +
		"5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
	quicknetSeed = "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e"
)

// NewQuicknet returns the beacon "drand-quicknet": drand's main network, a round
// every 3 seconds since 2023-08-23T15:09:27Z.
func NewQuicknet() *Beacon {
	b, err := New(Network{
		Name:        "drand-quicknet",
		ChainHash:   quicknetHash,
		PublicKey:   quicknetKey,
		GenesisSeed: quicknetSeed,
		Genesis:     1692803367,
		Period:      3,
		BeaconID:    "quicknet",
	})
	if err != nil {
		panic("drandbeacon: bad constants: " + err.Error())
	}
	return b
}

// New returns the beacon of a network. It fails unless all fields are valid, the
// chain hash is that of the other fields, and the key is a point of the right
// subgroup of G2 other than the identity.
func New(n Network) (*Beacon, error) {
	if problem := label.Check(n.Name); problem != "" {
		return nil, fmt.Errorf("drandbeacon: name of the beacon %s", problem)
	}
	if n.Genesis < 0 || n.Genesis > lastSecond {
		return nil, fmt.Errorf("drandbeacon: genesis is %d, expected 0–%d Unix seconds", n.Genesis, int64(lastSecond))
	}
	if n.Period < 1 || n.Period > maxPeriod {
		return nil, fmt.Errorf("drandbeacon: period is %d seconds, expected 1–%d", n.Period, maxPeriod)
	}
	if len(n.BeaconID) > label.Max {
		return nil, fmt.Errorf("drandbeacon: beacon ID has %d bytes, expected at most %d", len(n.BeaconID), label.Max)
	}
	hash, err := parseHex("chain hash", n.ChainHash, sha256.Size)
	if err != nil {
		return nil, err
	}
	key, err := parseHex("public key", n.PublicKey, bls12381.G2SizeCompressed)
	if err != nil {
		return nil, err
	}
	seed, err := parseHex("genesis seed", n.GenesisSeed, sha256.Size)
	if err != nil {
		return nil, err
	}
	if got := n.chainHash(key, seed); got != [sha256.Size]byte(hash) {
		return nil, fmt.Errorf("drandbeacon: chain hash is %s, the network's fields have %x", n.ChainHash, got)
	}
	b := &Beacon{network: n, key: new(bls12381.G2)}
	// SetBytes checks the length, the curve and the subgroup.
	if err := b.key.SetBytes(key); err != nil {
		return nil, fmt.Errorf("drandbeacon: public key %s is not a point of G2", n.PublicKey)
	}
	if b.key.IsIdentity() {
		return nil, fmt.Errorf("drandbeacon: public key is the identity of G2, with which anyone can sign")
	}
	return b, nil
}

// chainHash returns the hash by which drand identifies a chain: of the period in 4
// bytes, the genesis in 8, key, seed, and the ID unless it is the default.
func (n Network) chainHash(key, seed []byte) [sha256.Size]byte {
	text := binary.BigEndian.AppendUint32(nil, uint32(n.Period))
	text = binary.BigEndian.AppendUint64(text, uint64(n.Genesis))
	text = append(append(text, key...), seed...)
	if n.BeaconID != "default" {
		text = append(text, n.BeaconID...)
	}
	return sha256.Sum256(text)
}

// RoundAt returns the last round that is published at t or before. It fails if t is
// before the first round or after the year 9999.
func (b *Beacon) RoundAt(t time.Time) (string, error) {
	n := b.roundAt(t)
	if n == 0 {
		return "", fmt.Errorf("drandbeacon: %s has no round at %s, expected %s–9999", b.network.Name, stamp(t), stamp(b.time(1)))
	}
	return strconv.FormatUint(n, 10), nil
}

// RoundAfter returns the first round that is published after t: the one to announce if
// contributions close at t. It fails if that is after the year 9999.
func (b *Beacon) RoundAfter(t time.Time) (string, error) {
	n := b.roundAt(t) + 1
	if t.Unix() > lastSecond || n > b.last() {
		return "", fmt.Errorf("drandbeacon: %s has no round after %s, expected one by the end of 9999", b.network.Name, stamp(t))
	}
	return strconv.FormatUint(n, 10), nil
}

// TimeOf returns the instant in UTC at which a round is published. It fails if the
// round is not a decimal number of at least 1 without leading zeros, or is
// published after the year 9999.
func (b *Beacon) TimeOf(round string) (time.Time, error) {
	n, err := b.parseRound(round)
	if err != nil {
		return time.Time{}, err
	}
	return b.time(n), nil
}

// roundAt returns the last round by t, or 0 if there is none or t is too late.
func (b *Beacon) roundAt(t time.Time) uint64 {
	s := t.Unix() // rounded down
	if s < b.network.Genesis || s > lastSecond {
		return 0
	}
	return uint64(s-b.network.Genesis)/uint64(b.network.Period) + 1
}

// last returns the last round by the end of the year 9999; there is one.
func (b *Beacon) last() uint64 { return b.roundAt(time.Unix(lastSecond, 0)) }

// time returns the time of a round from 1 to the last.
func (b *Beacon) time(round uint64) time.Time {
	return time.Unix(b.network.Genesis+int64(round-1)*b.network.Period, 0).UTC()
}

// stamp formats an instant for a message.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// parseHex parses text of exactly so many bytes, in lower case.
func parseHex(what, text string, size int) ([]byte, error) {
	if len(text) != 2*size {
		return nil, fmt.Errorf("drandbeacon: %s has %d bytes, expected %d hexadecimal digits", what, len(text), 2*size)
	}
	data, err := hex.DecodeString(text)
	if err != nil || hex.EncodeToString(data) != text {
		return nil, fmt.Errorf("drandbeacon: %s %q is not hexadecimal in lower case", what, text)
	}
	return data, nil
}
