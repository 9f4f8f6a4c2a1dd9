package audit

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/internal/label"
)

// Limits of a policy's own text.
const (
	MaxPolicy     = 256 << 10 // bytes of the text
	maxRegulators = 16
	maxWitnesses  = 64
	maxSuites     = 16
	maxBeacons    = 64
	maxValues     = 4096 // of one beacon
)

// Default limits on what a verification reads.
const (
	DefaultMaxUnits      = 20_000_000 // units of a frame
	DefaultMaxBytes      = 2 << 30    // bytes of one file, but for statements
	DefaultMaxStatements = 10_000     // events or receipts of a draw, draws of a series
)

// A Policy is what the verifier trusts. It always comes from whoever verifies,
// never from the bundle: a bundle cannot vouch for itself. It has one text
// ([Policy.MarshalText]), but for the last group of fields, which are values
// of the program. It is not changed by verification, which may run concurrently
// under one policy.
type Policy struct {
	// At is the time at which the verifier judges, in whole seconds: deadlines
	// before it have passed.
	At time.Time

	// Series is the ID of the series, the strongest pin: it fixes the keys of
	// contributors and the rules. If it is zero, Authority and Scope are
	// required, and that there is no second series for them rests on the
	// witnesses.
	Series    draw.Hash
	Authority string // the series' authority; "" for any if Series is set
	Scope     string // the series' scope; "" for any if Series is set

	// Regulators are the verifier keys of which one must have signed what the
	// regulator states: 1–16 keys "name+hash+key", sorted.
	Regulators []string
	// Witnesses are the verifier keys of witnesses, 0–64, sorted, and Quorum
	// how many of them must have seen a statement. With quorum 0 no order of
	// events is proven.
	Witnesses []string
	Quorum    int // at most the number of Witnesses

	// SuiteNames are the hash suites accepted, sorted: names of [Policy.Suites].
	SuiteNames []string
	// Entropy is the least entropy of a draw's beacon in bits; above 0 a draw
	// without a beacon is wrong. See [beacon.Floor].
	Entropy int
	// BeaconRules are the beacons accepted, sorted by name.
	BeaconRules []BeaconRule

	MaxUnits      uint64 // greatest number of units in a frame
	MaxBytes      int64  // greatest size of plan, frame, result or roster in bytes
	MaxStatements int    // greatest number of events, of receipts, and of draws in a series

	// What the program knows, beside the text.

	// Suites are the suites that the program has; nil stands for SHA-256.
	Suites []draw.Suite
	// Beacons are those that rules of kind "given" name, such as drand.
	Beacons []beacon.Beacon
	// Verifier opens verifier keys; nil stands for [note.NewVerifier], which
	// knows Ed25519.
	Verifier func(vkey string) (note.Verifier, error)
	// FrameSecret is the secret of a salted frame, which auditors are given
	// with its rows; nil for all others.
	FrameSecret *[32]byte
	// Roster checks a roster and gives the extensions of the sealed result; nil
	// if the program cannot, which the report says of a draw that has one.
	Roster RosterCheck
}

// DefaultPolicy returns a policy with the default limits, entropy floor and
// suite. Time, series and keys are for the verifier.
func DefaultPolicy() *Policy {
	return &Policy{
		SuiteNames: []string{"sha256"}, Entropy: beacon.Floor,
		MaxUnits: DefaultMaxUnits, MaxBytes: DefaultMaxBytes, MaxStatements: DefaultMaxStatements,
	}
}

// Validate returns an error that says what is wrong with the fields of the
// policy's text.
func (p *Policy) Validate() error {
	problem := p.problem()
	if problem == "" {
		return nil
	}
	return fmt.Errorf("audit: policy: %s", problem)
}

func (p *Policy) problem() string {
	switch {
	case p.At.Nanosecond() != 0 || p.At.Location() != time.UTC || p.At.Year() < 1 || p.At.Year() > 9999:
		return "time is not in UTC, in whole seconds of the years 1–9999"
	case p.Series == draw.Hash{} && (p.Authority == "" || p.Scope == ""):
		return "neither the series' ID nor authority and scope are pinned"
	case len(p.Regulators) < 1 || len(p.Regulators) > maxRegulators:
		return fmt.Sprintf("%d regulator keys, expected 1–%d", len(p.Regulators), maxRegulators)
	case len(p.Witnesses) > maxWitnesses:
		return fmt.Sprintf("%d witnesses, expected at most %d", len(p.Witnesses), maxWitnesses)
	case p.Quorum < 0 || p.Quorum > len(p.Witnesses):
		return fmt.Sprintf("quorum %d, expected 0 to the %d witnesses", p.Quorum, len(p.Witnesses))
	case len(p.SuiteNames) < 1 || len(p.SuiteNames) > maxSuites:
		return fmt.Sprintf("%d suites, expected 1–%d", len(p.SuiteNames), maxSuites)
	case p.Entropy < 0 || p.Entropy > 1<<20:
		return fmt.Sprintf("entropy of %d bits, expected 0–%d", p.Entropy, 1<<20)
	case len(p.BeaconRules) > maxBeacons:
		return fmt.Sprintf("%d beacons, expected at most %d", len(p.BeaconRules), maxBeacons)
	case p.MaxUnits < 1 || p.MaxUnits > 1<<31-1:
		return fmt.Sprintf("limit of %d units, expected 1–%d", p.MaxUnits, 1<<31-1)
	case p.MaxBytes < 1 || p.MaxBytes > 1<<40:
		return fmt.Sprintf("limit of %d bytes, expected 1–%d", p.MaxBytes, int64(1)<<40)
	case p.MaxStatements < 1 || p.MaxStatements > 1_000_000:
		return fmt.Sprintf("limit of %d statements, expected 1–1000000", p.MaxStatements)
	}
	for _, text := range []string{p.Authority, p.Scope} {
		if problem := badText(text); problem != "" {
			return problem
		}
	}
	for _, list := range []struct {
		what  string
		items []string
		check func(string) string
	}{{"regulator", p.Regulators, badKey}, {"witness", p.Witnesses, badKey}, {"suite", p.SuiteNames, badLabel}} {
		for i, item := range list.items {
			if problem := list.check(item); problem != "" {
				return list.what + " " + problem
			}
			if i > 0 && list.items[i-1] >= item {
				return fmt.Sprintf("%s %s is not above %s before it", list.what, label.Quote(item), label.Quote(list.items[i-1]))
			}
		}
	}
	return p.beaconProblem()
}

// badText returns what is wrong with an authority or a scope.
func badText(s string) string {
	if s == "none" {
		return `"none" is kept for an absent text`
	}
	if problem := label.CheckText(s); s != "" && problem != "" {
		return "text " + label.Quote(s) + " " + problem
	}
	return ""
}

// badKey returns what is wrong with the form of a verifier key.
func badKey(s string) string {
	const most = 512
	if len(s) > most {
		return fmt.Sprintf("key of %d bytes, expected at most %d", len(s), most)
	}
	name, rest, _ := strings.Cut(s, "+")
	hash, key, _ := strings.Cut(rest, "+")
	bytes, err := base64.StdEncoding.Strict().DecodeString(key)
	badName := name == "" || !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	badHash := len(hash) != 8 || strings.Trim(hash, "0123456789abcdef") != ""
	if badName || badHash || err != nil || len(bytes) < 2 || strings.ContainsAny(key, "\r\n") {
		return label.Quote(s) + ` is not a verifier key "name+hash+key"`
	}
	return ""
}

func badLabel(s string) string {
	if problem := label.Check(s); problem != "" {
		return problem
	}
	return ""
}

// suites returns the suites that the program has and the policy accepts.
func (p *Policy) suites() []draw.Suite {
	known := p.Suites
	if known == nil {
		known = []draw.Suite{draw.SHA256()}
	}
	var accepted []draw.Suite
	for _, s := range known {
		if slices.Contains(p.SuiteNames, s.Name()) {
			accepted = append(accepted, s)
		}
	}
	return accepted
}
