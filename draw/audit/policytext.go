package audit

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/internal/label"
)

const policyHeader = "doublerandom/policy/v1"

// clock is the form of times in texts.
const clock = "2006-01-02T15:04:05Z"

func stamp(t time.Time) string { return t.UTC().Format(clock) }

// MarshalText returns the policy's one text:
//
//	doublerandom/policy/v1
//	at 2026-12-20T00:00:00Z
//	series 7d3c…
//	authority none
//	scope none
//	regulator samr.example+1c5d…+AY…
//	witness notary.example+93ab…+BE…
//	quorum 1
//	suite sha256
//	entropy 64
//	beacon 双色球 lottery
//	value 2026101x3 2026-11-24T13:15:00Z 1.2.3.4.5.6./7./…
//	units 20000000
//	bytes 2147483648
//	statements 10000
//
// with lines "regulator", "witness", "suite" and "beacon" as often as needed,
// each kind sorted. A beacon is one of
//
//	beacon <name> declared            then lines "source" and "value"
//	beacon <name> lottery             [beacon.Lottery]; then lines "value"
//	beacon <name> given               a value of the program, such as drand
//	beacon <name> combined <name> …   [beacon.Combine] of others of the policy
//
// with "source <name> <count> <min> <max> ordered|unordered <bits>" and "value
// <round> <time of publication> <canonical value>". It fails if [Policy.Validate]
// does.
func (p *Policy) MarshalText() ([]byte, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	text := p.appendText(nil)
	if len(text) > MaxPolicy {
		return nil, fmt.Errorf("audit: policy has %d bytes, expected at most %d", len(text), MaxPolicy)
	}
	return text, nil
}

func (p *Policy) appendText(b []byte) []byte {
	series := "none"
	if p.Series != (draw.Hash{}) {
		series = hex.EncodeToString(p.Series[:])
	}
	b = fmt.Appendf(b, "%s\nat %s\nseries %s\nauthority %s\nscope %s\n",
		policyHeader, stamp(p.At), series, orNone(p.Authority), orNone(p.Scope))
	for _, key := range p.Regulators {
		b = fmt.Appendf(b, "regulator %s\n", key)
	}
	for _, key := range p.Witnesses {
		b = fmt.Appendf(b, "witness %s\n", key)
	}
	b = fmt.Appendf(b, "quorum %d\n", p.Quorum)
	for _, name := range p.SuiteNames {
		b = fmt.Appendf(b, "suite %s\n", name)
	}
	b = fmt.Appendf(b, "entropy %d\n", p.Entropy)
	for i := range p.BeaconRules {
		b = p.BeaconRules[i].appendText(b)
	}
	return fmt.Appendf(b, "units %d\nbytes %d\nstatements %d\n", p.MaxUnits, p.MaxBytes, p.MaxStatements)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func (r *BeaconRule) appendText(b []byte) []byte {
	b = fmt.Appendf(b, "beacon %s %s", r.Name, r.Kind)
	for _, part := range r.Parts {
		b = fmt.Appendf(b, " %s", part)
	}
	b = append(b, '\n')
	for _, s := range r.Sources {
		order := "unordered"
		if s.Ordered {
			order = "ordered"
		}
		b = fmt.Appendf(b, "source %s %d %d %d %s %d\n", s.Name, s.Count, s.Min, s.Max, order, s.Bits)
	}
	for _, v := range r.Values {
		b = fmt.Appendf(b, "value %s %s %s\n", v.Round, stamp(v.At), v.Value)
	}
	return b
}

// UnmarshalText reads the text of [Policy.MarshalText] and nothing else. It
// leaves the fields that are not in the text alone. If the text is malformed
// the policy is unchanged.
func (p *Policy) UnmarshalText(text []byte) error {
	if len(text) > MaxPolicy {
		return fmt.Errorf("audit: policy has %d bytes, expected at most %d", len(text), MaxPolicy)
	}
	next := &Policy{Suites: p.Suites, Beacons: p.Beacons, Verifier: p.Verifier, FrameSecret: p.FrameSecret, Roster: p.Roster}
	for i, line := range strings.Split(string(text), "\n") {
		if problem := next.parseLine(line); problem != "" {
			return fmt.Errorf("audit: policy line %d: %s", i+1, problem)
		}
	}
	// One value has one text: order, spelling and spaces are checked in one go.
	if err := compareText(text, next.appendText(nil)); err != nil {
		return err
	}
	if err := next.Validate(); err != nil {
		return err
	}
	*p = *next
	return nil
}

// compareText returns an error that names the first line in which two texts
// differ.
func compareText(have, want []byte) error {
	for n := 1; len(have) > 0 || len(want) > 0; n++ {
		h, restHave, endHave := bytes.Cut(have, []byte("\n"))
		w, restWant, _ := bytes.Cut(want, []byte("\n"))
		switch {
		case len(want) == 0:
			return fmt.Errorf("audit: policy line %d is %s, expected the end", n, label.Quote(string(h)))
		case !bytes.Equal(h, w):
			return fmt.Errorf("audit: policy line %d is %s, expected %s", n, label.Quote(string(h)), label.Quote(string(w)))
		case !endHave:
			return fmt.Errorf("audit: policy ends without a newline: the text is cut off")
		}
		have, want = restHave, restWant
	}
	return nil
}

// ParsePolicy returns the policy with the given text.
func ParsePolicy(text []byte) (*Policy, error) {
	p := new(Policy)
	if err := p.UnmarshalText(text); err != nil {
		return nil, err
	}
	return p, nil
}

// parseLine reads one line into the policy and returns what is wrong with it.
// The order of the lines is checked later.
func (p *Policy) parseLine(line string) string {
	keyword, rest, _ := strings.Cut(line, " ")
	var err error
	switch keyword {
	case "", policyHeader:
	case "at":
		p.At, err = time.Parse(clock, rest)
	case "series":
		if rest != "none" {
			var seed draw.Seed
			seed, err = draw.ParseSeed(rest)
			p.Series = draw.Hash(seed)
		}
	case "authority":
		p.Authority = fromNone(rest)
	case "scope":
		p.Scope = fromNone(rest)
	case "regulator":
		p.Regulators = append(p.Regulators, rest)
	case "witness":
		p.Witnesses = append(p.Witnesses, rest)
	case "quorum":
		p.Quorum, err = strconv.Atoi(rest)
	case "suite":
		p.SuiteNames = append(p.SuiteNames, rest)
	case "entropy":
		p.Entropy, err = strconv.Atoi(rest)
	case "units":
		p.MaxUnits, err = strconv.ParseUint(rest, 10, 63)
	case "bytes":
		p.MaxBytes, err = strconv.ParseInt(rest, 10, 64)
	case "statements":
		p.MaxStatements, err = strconv.Atoi(rest)
	case "beacon", "source", "value":
		return p.parseBeaconLine(keyword, strings.Split(rest, " "))
	default:
		return fmt.Sprintf("%s is none of the lines of a policy", label.Quote(line))
	}
	if err != nil {
		return fmt.Sprintf("%s has a value that cannot be read", label.Quote(line))
	}
	return ""
}

func fromNone(s string) string {
	if s == "none" {
		return ""
	}
	return s
}

func (p *Policy) parseBeaconLine(keyword string, fields []string) string {
	if keyword == "beacon" {
		if len(fields) < 2 {
			return "beacon without a kind"
		}
		p.BeaconRules = append(p.BeaconRules, BeaconRule{Name: fields[0], Kind: fields[1], Parts: fields[2:]})
		if len(p.BeaconRules) > maxBeacons {
			return fmt.Sprintf("more than %d beacons", maxBeacons)
		}
		return ""
	}
	if len(p.BeaconRules) == 0 {
		return keyword + " before any beacon"
	}
	rule := &p.BeaconRules[len(p.BeaconRules)-1]
	if keyword == "value" {
		if len(fields) != 3 {
			return `expected "value", round, time and value with single spaces`
		}
		at, err := time.Parse(clock, fields[1])
		if err != nil {
			return fmt.Sprintf("%s is not a time", label.Quote(fields[1]))
		}
		rule.Values = append(rule.Values, BeaconValue{fields[0], at, fields[2]})
		return ""
	}
	if len(fields) != 6 {
		return `expected "source", name, count, min, max, order and bits with single spaces`
	}
	s := beacon.Source{Name: fields[0], Ordered: fields[4] == "ordered"}
	for i, n := range []*int{1: &s.Count, 5: &s.Bits} {
		if n != nil {
			v, err := strconv.ParseUint(fields[i], 10, 31)
			if err != nil || v > math.MaxInt32 {
				return fmt.Sprintf("%s is not a whole number", label.Quote(fields[i]))
			}
			*n = int(v)
		}
	}
	for i, n := range []*uint64{2: &s.Min, 3: &s.Max} {
		if n != nil {
			v, err := strconv.ParseUint(fields[i], 10, 64)
			if err != nil {
				return fmt.Sprintf("%s is not a whole number", label.Quote(fields[i]))
			}
			*n = v
		}
	}
	rule.Sources = append(rule.Sources, s)
	return ""
}
