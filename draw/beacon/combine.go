package beacon

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// maxCombined bounds the beacons of one combination.
const maxCombined = 16

// A Combination is several beacons taken as one. Its round, value and proof are
// those of its beacons in their order, joined by "+"; a proof that a beacon does
// not have is empty, and the whole proof is "" if none has one. All canonical
// values enter the seed, so whoever can choose the value of one beacon still
// cannot choose the others'.
//
// He can grind, though, if his value is the last to be published: the beacon that is
// least trusted must not come last. Make one with [Combine].
type Combination struct {
	name    string
	beacons []Beacon
}

// Combine returns the combination of 2–16 beacons under a name of its own. Their
// names must differ, and none may be a combination itself: list its beacons.
func Combine(name string, beacons ...Beacon) (*Combination, error) {
	if err := checkName("beacon", name); err != nil {
		return nil, err
	}
	if len(beacons) < 2 || len(beacons) > maxCombined {
		return nil, fmt.Errorf("beacon: %q combines %d beacons, expected 2–%d", name, len(beacons), maxCombined)
	}
	for i, b := range beacons {
		if b == nil {
			return nil, fmt.Errorf("beacon: beacon %d of %q is nil", i+1, name)
		}
		if _, ok := b.(*Combination); ok {
			return nil, fmt.Errorf("beacon: %q combines the combination %s, expected its beacons", name, label.Quote(b.Name()))
		}
		if slices.ContainsFunc(beacons[:i], func(c Beacon) bool { return c.Name() == b.Name() }) {
			return nil, fmt.Errorf("beacon: %q combines two beacons named %s", name, label.Quote(b.Name()))
		}
	}
	return &Combination{name, slices.Clone(beacons)}, nil
}

// Name returns the label of the combination.
func (c *Combination) Name() string { return c.name }

// EntropyBits returns the sum over the beacons, which is right if they are
// independent: two that take the same lottery are not. It is 0 if the round is not
// valid for one of them.
func (c *Combination) EntropyBits(round string) int {
	rounds, err := c.split("round", round)
	if err != nil {
		return 0
	}
	sum := 0
	for i, b := range c.beacons {
		bits := b.EntropyBits(rounds[i])
		if bits == 0 {
			return 0
		}
		sum += bits
	}
	return sum
}

// Verify verifies each part with its beacon and returns the canonical values joined
// by "+". It looks at all parts: one that is wrong outweighs one of which the
// policy knows nothing. Errors are those of the beacons.
func (c *Combination) Verify(round, value, proof string) (canonical string, err error) {
	rounds, err := c.split("round", round)
	if err != nil {
		return "", err
	}
	values, err := c.split("value", value)
	if err != nil {
		return "", err
	}
	proofs := make([]string, len(c.beacons))
	if proof != "" {
		if proofs, err = c.split("proof", proof); err != nil {
			return "", err
		}
		if len(proof) == len(c.beacons)-1 {
			return "", fmt.Errorf(`beacon: proof of %q is %q, expected "" if no beacon has one`, c.name, proof)
		}
	}
	var unknown error
	for i, b := range c.beacons {
		got, err := b.Verify(rounds[i], values[i], proofs[i])
		var cannotTell *UnknownRoundError
		switch {
		case errors.As(err, &cannotTell):
			unknown = err
		case err != nil:
			return "", err
		case strings.Contains(got, "+"):
			return "", fmt.Errorf("beacon: canonical value of %s has a plus sign", label.Quote(b.Name()))
		}
		values[i] = got
	}
	if unknown != nil {
		return "", unknown
	}
	return strings.Join(values, "+"), nil
}

// split splits a joined token into one part for each beacon.
func (c *Combination) split(kind, joined string) ([]string, error) {
	if len(joined) > maxToken {
		return nil, fmt.Errorf("beacon: %s of %q has %d bytes, expected at most %d", kind, c.name, len(joined), maxToken)
	}
	parts := strings.Split(joined, "+")
	if len(parts) != len(c.beacons) {
		return nil, fmt.Errorf(`beacon: %s of %q has %d parts joined by "+", expected %d`, kind, c.name, len(parts), len(c.beacons))
	}
	return parts, nil
}
