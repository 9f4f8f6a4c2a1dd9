package page

import (
	"slices"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/teams"
)

// A PolicySummary is what a policy trusts, for its owner to see that it is the right
// one.
type PolicySummary struct {
	Text      string   `json:"text"` // in its one spelling
	At        string   `json:"at"`   // the time at which it judges, UTC
	Series    string   `json:"series,omitempty"`
	Authority string   `json:"authority,omitempty"`
	Scope     string   `json:"scope,omitempty"`
	Keys      []string `json:"keys"` // names of the regulators'
	Witnesses []string `json:"witnesses"`
	Quorum    int      `json:"quorum"`
	Given     []string `json:"given"` // beacons without a value, which this page cannot check
	Beacons   []string `json:"beacons"`
}

// SetPolicy takes the visitor's policy. White space around the text and ends of
// lines as Windows writes them are put right first. If it fails the policy is as
// before.
func (s *Session) SetPolicy(text string) (*PolicySummary, error) {
	p, err := parsePolicy(text)
	if err != nil {
		return nil, err
	}
	p.Suites, p.Roster = []draw.Suite{s.Suite}, teams.Check
	s.policy = p
	return summary(p)
}

func parsePolicy(text string) (*audit.Policy, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")) + "\n"
	p, err := audit.ParsePolicy([]byte(text))
	if err != nil {
		return nil, problem(err, "This is not a policy that can be read", "无法读取此核验依据")
	}
	return p, nil
}

func summary(p *audit.Policy) (*PolicySummary, error) {
	text, err := p.MarshalText()
	if err != nil {
		return nil, problem(err, "This is not a policy that can be used", "此核验依据无法使用")
	}
	sum := &PolicySummary{Text: string(text), At: stamp(p.At), Authority: p.Authority, Scope: p.Scope, Quorum: p.Quorum,
		Keys: []string{}, Witnesses: []string{}, Given: []string{}, Beacons: []string{}}
	if p.Series != (draw.Hash{}) {
		sum.Series = hexOf(p.Series)
	}
	for _, key := range p.Regulators {
		sum.Keys = append(sum.Keys, keyName(key))
	}
	for _, key := range p.Witnesses {
		sum.Witnesses = append(sum.Witnesses, keyName(key))
	}
	for _, b := range p.BeaconRules {
		if b.Kind == "given" {
			sum.Given = append(sum.Given, b.Name)
		}
		sum.Beacons = append(sum.Beacons, b.Name)
	}
	return sum, nil
}

// AddValue returns a policy's text with one more value of a lottery, as the visitor
// saw it published; the time is that of the publication, "2006-01-02T15:04:05Z". A
// beacon "given" becomes a lottery, since this page knows no other beacon.
func (s *Session) AddValue(text, beacon, round, at, value string) (*PolicySummary, error) {
	p, err := parsePolicy(text)
	if err != nil {
		return nil, err
	}
	when, err := time.Parse("2006-01-02T15:04:05Z", strings.TrimSpace(at))
	if err != nil {
		return nil, problem(nil, "The time of publication must look like 2026-12-02T09:00:00Z", "公布时间的格式应如 2026-12-02T09:00:00Z")
	}
	i := slices.IndexFunc(p.BeaconRules, func(r audit.BeaconRule) bool { return r.Name == beacon })
	if i < 0 {
		return nil, problem(nil, "The policy has no beacon of that name", "核验依据中没有这一信标")
	}
	rule := p.BeaconRules[i] // a copy: the policy is changed below only
	if rule.Kind == "given" {
		rule.Kind = "lottery"
	}
	if rule.Kind != "lottery" && rule.Kind != "declared" {
		return nil, problem(nil, "A value can be added to a lottery or to declared numbers only", "只能为彩票或已声明的公开数字添加数值")
	}
	round = strings.TrimSpace(round)
	rule.Values = slices.DeleteFunc(slices.Clone(rule.Values), func(v audit.BeaconValue) bool { return v.Round == round })
	rule.Values = append(rule.Values, audit.BeaconValue{Round: round, At: when, Value: strings.TrimSpace(value)})
	slices.SortFunc(rule.Values, func(a, b audit.BeaconValue) int { return strings.Compare(a.Round, b.Round) })
	p.BeaconRules[i] = rule
	sum, err := summary(p)
	if err != nil {
		return nil, err
	}
	if _, err := audit.ParsePolicy([]byte(sum.Text)); err != nil {
		return nil, problem(err, "This value cannot be used", "此数值无法使用")
	}
	return sum, nil
}
