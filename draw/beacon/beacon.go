// Package beacon checks the public randomness that enters a draw: a value that
// nobody knew when the notice was published and the contributions were closed.
//
// A [Beacon] takes the round that the notice announced, the value and its proof,
// and returns the value in the one spelling that is hashed into the seed. Built
// in are public numbers declared in advance ([NewDeclared]), the ready recipe for
// a national lottery ([Lottery]), and several beacons taken together ([Combine]).
// A declared value proves nothing by itself, so the values to compare with come
// from the verifier's policy, never from the published bundle. drand, which
// proves its values by a signature, has a module of its own: draw/drandbeacon.
//
// Ask [CheckEntropy] before a beacon is announced: a beacon with few outcomes
// lets whoever prepares the draw try many notices and keep the one that is kind
// to a company under most of them.
//
// [RFC3797] repeats selections by the method of the IETF. It is there to check
// this package's key strings against published draws, not to draw with.
//
// All values are immutable and safe for concurrent use.
package beacon

import (
	"fmt"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/internal/label"
)

// Floor is the entropy in bits below which a beacon is weak. An adversary who
// tries 2^52 notices against 10 bits cuts a company's chance from 5 % to 0.6 %;
// against 64 bits he changes nothing that could be measured.
const Floor = 64

// maxToken bounds rounds, values and proofs in bytes, as the statements do.
const maxToken = 1024

// A Beacon is a public source of randomness. Its methods do not change it and are
// safe for concurrent use.
type Beacon interface {
	// Name returns the label under which series and notices name the beacon.
	Name() string

	// EntropyBits returns the entropy of the value of a round in whole bits,
	// rounded down, and 0 if the beacon has no such round.
	EntropyBits(round string) int

	// Verify checks the value of a round with its proof ("" if it has none) and
	// returns the canonical text of the value: the bytes that enter the seed.
	// An error of type [*UnknownRoundError] says that the verifier's policy lacks
	// what is needed; every other one that the value is not that of the round.
	Verify(round, value, proof string) (canonical string, err error)
}

// A Timetable is a [Beacon] whose rounds have times fixed in advance, so that
// nobody has to list the time of each round in the policy.
type Timetable interface {
	Beacon

	// TimeOf returns the instant in UTC at which the value of a round is
	// published. It fails if the beacon has no such round.
	TimeOf(round string) (time.Time, error)
}

// An UnknownRoundError says that the policy holds no value for a round: whether
// the value is right cannot be told.
type UnknownRoundError struct {
	Beacon string // name of the beacon
	Round  string // round asked for
}

// Error returns the message.
func (e *UnknownRoundError) Error() string {
	return fmt.Sprintf("beacon: %s has no value for round %s in the policy", label.Quote(e.Beacon), label.Quote(e.Round))
}

// A MismatchError says that a value is not the one that the policy holds.
type MismatchError struct {
	Beacon string // name of the beacon
	Round  string // round asked for
	Have   string // value given
	Want   string // value that the policy holds
}

// Error returns the message, with both values.
func (e *MismatchError) Error() string {
	return fmt.Sprintf("beacon: %s has value %s in round %s, the policy has %s", label.Quote(e.Beacon), label.Quote(e.Have), label.Quote(e.Round), label.Quote(e.Want))
}

// A WeakError says that a beacon has less entropy than required.
type WeakError struct {
	Beacon string // name of the beacon
	Round  string // round asked for
	Have   int    // entropy of the round in bits
	Floor  int    // entropy required in bits
}

// Error returns the message.
func (e *WeakError) Error() string {
	return fmt.Sprintf("beacon: %s has %d bits of entropy in round %s, expected at least %d", label.Quote(e.Beacon), e.Have, label.Quote(e.Round), e.Floor)
}

// CheckEntropy returns a [*WeakError] if the round of the beacon has less than
// floor bits, normally [Floor].
func CheckEntropy(b Beacon, round string, floor int) error {
	if have := b.EntropyBits(round); have < floor {
		return &WeakError{b.Name(), round, have, floor}
	}
	return nil
}

// checkName checks the label of a beacon or a source.
func checkName(kind, name string) error {
	if problem := label.Check(name); problem != "" {
		return fmt.Errorf("beacon: name of the %s %s", kind, problem)
	}
	return nil
}

// checkToken returns what is wrong with s as a round, value or proof, or "". The
// plus sign is kept for [Combine].
func checkToken(s string) string {
	if s == "" {
		return "is empty"
	}
	if len(s) > maxToken {
		return fmt.Sprintf("has %d bytes, expected at most %d", len(s), maxToken)
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f {
			return fmt.Sprintf("%s has the byte 0x%02x at byte %d, expected printable ASCII without spaces", label.Quote(s), c, i+1)
		}
	}
	if i := strings.IndexByte(s, '+'); i >= 0 {
		return fmt.Sprintf("%s has a plus sign at byte %d, which only a combination has", label.Quote(s), i+1)
	}
	return ""
}
