package audit

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/beacon"
)

func policyText(t testing.TB) string {
	p := build(t, recipe{stop: "notice"}).policy
	p.BeaconRules = append(p.BeaconRules,
		BeaconRule{Name: "drand", Kind: "given"},
		BeaconRule{Name: "mix", Kind: "combined", Parts: []string{"digits", "双色球"}},
		BeaconRule{Name: "双色球", Kind: "lottery", Values: []BeaconValue{
			{"2026101x3", start, "1.2.3.4.5.6./7./1.2.3.4.5.6./7./1.2.3.4.5.6./7./"},
		}})
	text, err := p.MarshalText()
	require.NoError(t, err)
	return string(text)
}

func TestPolicyText(t *testing.T) {
	text := policyText(t)
	p, err := ParsePolicy([]byte(text))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(text, "doublerandom/policy/v1\nat 2026-11-26T00:00:00Z\nseries "))
	again, err := p.MarshalText()
	require.NoError(t, err)
	require.Equal(t, text, string(again))
	require.Equal(t, 2, p.Quorum)
	require.Equal(t, beacon.Source{Name: "digits", Count: 20, Max: 9, Ordered: true}, p.BeaconRules[0].Sources[0])

	at, ok := p.timeOf("mix", testRound+"+2026101x3")
	require.True(t, ok)
	require.Equal(t, start, at, "the first part that became public")
	_, ok = p.timeOf("mix", testRound)
	require.False(t, ok)
	_, err = p.beacon("drand")
	require.EqualError(t, err, `beacon "drand" is in the policy, but this program does not have it`)
}

func TestPolicyRefuses(t *testing.T) {
	text := policyText(t)
	for _, test := range []struct{ name, old, new, want string }{
		{"header", "policy/v1", "policy/v2", `audit: policy line 1: "doublerandom/policy/v2" is none of the lines of a policy`},
		{"no header", "doublerandom/policy/v1\n", "", `audit: policy line 1 is "at 2026-11-26T00:00:00Z", expected "doublerandom/policy/v1"`},
		{"cut off", "statements 10000\n", "statements 10000", "audit: policy ends without a newline: the text is cut off"},
		{"empty line", "statements 10000\n", "statements 10000\n\n", `audit: policy line 22 is "", expected the end`},
		{"time zone", "T00:00:00Z", "T00:00:00+08:00", `audit: policy line 2: "at 2026-11-26T00:00:00+08:00" has a value that cannot be read`},
		{"leading zero", "quorum 2", "quorum 02", `audit: policy line 9 is "quorum 02", expected "quorum 2"`},
		{"spare space", "quorum 2", "quorum  2", `audit: policy line 9: "quorum  2" has a value that cannot be read`},
		{"quorum", "quorum 2", "quorum 3", "audit: policy: quorum 3, expected 0 to the 2 witnesses"},
		{"entropy", "entropy 64", "entropy -1", "audit: policy: entropy of -1 bits, expected 0–1048576"},
		{"units", "units 20000000", "units 0", "audit: policy: limit of 0 units, expected 1–2147483647"},
		{"no suite", "suite sha256\n", "", "audit: policy: 0 suites, expected 1–16"},
		{"order", "suite sha256\n", "suite sm3\nsuite sha256\n", `audit: policy: suite "sha256" is not above "sm3" before it`},
		{"kind", "beacon drand given", "beacon drand taken", `audit: policy: beacon "drand" is of kind "taken", expected declared, lottery, given or combined`},
		{"part", "digits 双色球", "digits other", `audit: policy: beacon "mix" combines "other", which is not a single beacon of the policy`},
		{"part of itself", "digits 双色球", "digits mix", `audit: policy: beacon "mix" combines "mix", which is not a single beacon of the policy`},
		{"one part", "combined digits 双色球", "combined digits", `audit: policy: "mix" combines 1 beacons, expected 2–16`},
		{"value", "3.1.4.1.", "3.1.4.01.", `audit: policy: value "3.1.4.01.5.9.2.6.5.3.5.8.9.7.9.3.2.3.8.4./": source "digits": number 4 is "01", expected a decimal number without leading zeros, in the policy's round "2026-328"`},
		{"source", "source digits 20 0 9 ordered 0", "source digits 20 9 0 ordered 0", `audit: policy: source "digits" has numbers from 9 to 0, expected at least two different ones`},
		{"order of numbers", "9 ordered 0", "9 sorted 0", `audit: policy line 13 is "source digits 20 0 9 sorted 0", expected "source digits 20 0 9 unordered 0"`},
		{"no pin", "series ", "series none\nseries ", "audit: policy line 3 is \"series none\", expected \"series "},
		{"a key", "regulator regulator", "regulator +", `is not a verifier key "name+hash+key"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			changed := strings.Replace(text, test.old, test.new, 1)
			require.NotEqual(t, text, changed)
			p := &Policy{Quorum: 7}
			err := p.UnmarshalText([]byte(changed))
			require.ErrorContains(t, err, test.want)
			require.Equal(t, &Policy{Quorum: 7}, p, "unchanged")
		})
	}
}

func TestPolicyValidate(t *testing.T) {
	p := DefaultPolicy()
	p.At = start
	require.EqualError(t, p.Validate(), "audit: policy: neither the series' ID nor authority and scope are pinned")
	p.Series = draw.Hash{1}
	require.EqualError(t, p.Validate(), "audit: policy: 0 regulator keys, expected 1–16")
	p.Regulators = []string{newSigner("regulator.example").vkey}
	require.NoError(t, p.Validate())
	p.At = start.In(time.FixedZone("", 3600))
	require.EqualError(t, p.Validate(), "audit: policy: time is not in UTC, in whole seconds of the years 1–9999")
	p.At, p.Scope = start, "none"
	require.EqualError(t, p.Validate(), `audit: policy: "none" is kept for an absent text`)
	require.Equal(t, CannotTell, Verify(nil, p).Verdict)
	require.Equal(t, CannotTell, VerifySeries(nil, p).Verdict)
}

func FuzzPolicy(f *testing.F) {
	f.Add([]byte(policyText(f)))
	f.Add([]byte("doublerandom/policy/v1\nbeacon a combined a a\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := ParsePolicy(text)
		if err != nil {
			require.Regexp(t, "^audit: policy", err.Error())
			return
		}
		again, err := p.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
	})
}
