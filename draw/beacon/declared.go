package beacon

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/doublerandom/doublerandom/internal/label"
)

// maxSources bounds the sources of one beacon.
const maxSources = 64

// Declared is a beacon of public numbers whose sources are declared in advance,
// as in RFC 3797. The canonical text of a round has the form of section 4 there:
// each number in decimal without leading zeros and followed by ".", the numbers of
// an unordered source in ascending order, each source followed by "/". For
// example:
//
//	9319./2.5.8.10.12./9.18.26.34.41.45./
//
// Unlike the RFC, it takes whole numbers only, no fractions, and it knows sources
// whose numbers keep their order. Anyone can write down numbers, so
// [Declared.Verify] compares with the values that the verifier gave to
// [Declared.With]. Make one with [NewDeclared]; the zero Declared is of no use.
type Declared struct {
	name    string
	sources []Source
	bits    int
	values  map[string]string   // round to canonical text; never changed
	round   func(string) string // what is wrong with a round; nil if any token will do
}

// NewDeclared returns the beacon of that name over 1–64 sources, which publish in
// the order given. It fails if the name or a source is not valid, if two
// sources share a name, or if a text could exceed 1,024 bytes.
func NewDeclared(name string, sources []Source) (*Declared, error) {
	if err := checkName("beacon", name); err != nil {
		return nil, err
	}
	if len(sources) < 1 || len(sources) > maxSources {
		return nil, fmt.Errorf("beacon: %q has %d sources, expected 1–%d", name, len(sources), maxSources)
	}
	d := &Declared{name: name, sources: slices.Clone(sources)}
	outcomes, length := big.NewInt(1), 0
	for i, s := range d.sources {
		if err := s.check(); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(d.sources[:i], func(t Source) bool { return t.Name == s.Name }) {
			return nil, fmt.Errorf("beacon: %q has two sources named %q", name, s.Name)
		}
		if length += s.longest(); length > maxToken {
			return nil, fmt.Errorf("beacon: %q can have values of more than %d bytes from source %q on", name, maxToken, s.Name)
		}
		if s.Bits > 0 {
			d.bits += s.Bits
		} else {
			outcomes.Mul(outcomes, s.outcomes())
		}
	}
	d.bits += bits(outcomes)
	return d, nil
}

// With returns a beacon that also knows these values: canonical texts by round,
// from the verifier's own sight of the sources. It fails if a round or value is not
// valid, or if a round has another value already.
func (d *Declared) With(values map[string]string) (*Declared, error) {
	all := maps.Clone(d.values)
	if all == nil {
		all = map[string]string{}
	}
	for _, round := range slices.Sorted(maps.Keys(values)) {
		value := values[round]
		if err := d.checkRound(round); err != nil {
			return nil, err
		}
		if _, err := d.Parse(value); err != nil {
			return nil, fmt.Errorf("%w, in the policy's round %s", err, label.Quote(round))
		}
		if known, ok := all[round]; ok && known != value {
			return nil, &MismatchError{d.name, round, value, known}
		}
		all[round] = value
	}
	next := *d
	next.values = all
	return &next, nil
}

// Name returns the label of the beacon.
func (d *Declared) Name() string { return d.name }

// Sources returns a copy of the sources, in order.
func (d *Declared) Sources() []Source { return slices.Clone(d.sources) }

// EntropyBits returns the bits that the sources declare, plus log2 of the number of
// outcomes of all others together, rounded down. All rounds have the same; a round
// that is not valid has 0.
func (d *Declared) EntropyBits(round string) int {
	if d.checkRound(round) != nil {
		return 0
	}
	return d.bits
}

// Verify returns the value if it is the one that the policy has for the round.
// The proof must be "". It returns an [*UnknownRoundError] if the policy has none,
// and a [*MismatchError] if it has another.
func (d *Declared) Verify(round, value, proof string) (canonical string, err error) {
	if err := d.checkRound(round); err != nil {
		return "", err
	}
	if _, err := d.Parse(value); err != nil {
		return "", err
	}
	if proof != "" {
		return "", fmt.Errorf("beacon: %q has proof %s, expected none: numbers are only declared", d.name, label.Quote(proof))
	}
	switch want, ok := d.values[round]; {
	case !ok:
		return "", &UnknownRoundError{d.name, round}
	case want != value:
		return "", &MismatchError{d.name, round, value, want}
	}
	return value, nil
}

// Parse returns the numbers of each source from their canonical text. It accepts
// exactly the texts that [Declared.Format] returns.
func (d *Declared) Parse(text string) ([][]uint64, error) {
	if len(text) > maxToken {
		return nil, fmt.Errorf("beacon: value has %d bytes, expected at most %d", len(text), maxToken)
	}
	all := make([][]uint64, len(d.sources))
	rest := text
	for i, s := range d.sources {
		var problem string
		if all[i], rest, problem = s.cut(rest); problem != "" {
			return nil, fmt.Errorf("beacon: value %s: %s", label.Quote(text), problem)
		}
	}
	if rest != "" {
		return nil, fmt.Errorf("beacon: value %s: text %s after the last source", label.Quote(text), label.Quote(rest))
	}
	return all, nil
}

// Format returns the canonical text of the numbers of each source. Those of an
// unordered source may be given in any order. The numbers are left as they are.
func (d *Declared) Format(numbers [][]uint64) (string, error) {
	if len(numbers) != len(d.sources) {
		return "", fmt.Errorf("beacon: numbers of %d sources, expected %d", len(numbers), len(d.sources))
	}
	var text []byte
	for i, s := range d.sources {
		sorted, problem := s.normalise(numbers[i])
		if problem != "" {
			return "", errors.New("beacon: " + problem)
		}
		text = s.appendTo(text, sorted)
	}
	return string(text), nil
}

func (d *Declared) checkRound(round string) error {
	problem := checkToken(round)
	if problem == "" && d.round != nil {
		problem = d.round(round)
	}
	if problem != "" {
		return fmt.Errorf("beacon: round of %q %s", d.name, problem)
	}
	return nil
}
