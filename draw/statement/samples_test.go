package statement

import (
	"strings"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func hashOf(b byte) ID { return ID{b, 31: b} }

func hexOf(b byte) string { return hashText(hashOf(b)) }

func instant(text string) time.Time {
	t, err := time.Parse(timeLayout, text)
	if err != nil {
		panic(err)
	}
	return t
}

const (
	regulatorKey = "regulator.example+9e53bd8c+AVWpXZtC0XsHGl7rLkhVQo6QXWAgOQiKfIpYtwxYqnPB"
	witnessKey   = "notary.example+1f2e3d4c+BAcAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)

// samples has a statement of each kind with everything that it may have, and its
// text.
func samples() []struct {
	s    Statement
	text string
} {
	path := []ID{hashOf(7), hashOf(8)}
	const path64 = "BwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAcIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACA=="
	return []struct {
		s    Statement
		text string
	}{
		{&Series{
			Authority: "青岛市市场监督管理局", Scope: "food producers, 2026", Created: instant("2026-01-02T03:04:05Z"),
			Suite: "sha256", Regulator: regulatorKey,
			Contributors: []Contributor{{"chamber", regulatorKey}, {"press", regulatorKey}},
			Chains:       []Chain{{"press", 881, hashOf(1)}},
			Witnesses:    []Witness{{witnessKey}}, Quorum: 1, Minimum: 1, Withheld: 0,
			Beacons: []string{"drand-quicknet", "lottery"}, Entropy: 64, Outage: OutageWait,
		}, "doublerandom/series/v1\nauthority 青岛市市场监督管理局\nscope food producers, 2026\ncreated 2026-01-02T03:04:05Z\nsuite sha256\n" +
			"regulator " + regulatorKey + "\ncontributor chamber " + regulatorKey + "\ncontributor press " + regulatorKey + "\n" +
			"chain press 881 " + hexOf(1) + "\nwitness " + witnessKey + "\nquorum 1\nminimum 1\nwithheld 0\nbeacon drand-quicknet\nbeacon lottery\nentropy 64\noutage wait\n"},
		{&Notice{
			Series: hashOf(1), Number: 3, Previous: hashOf(2), Earlier: []Earlier{{1, Opened, hashOf(3)}, {2, Voided, hashOf(4)}},
			Created: instant("2026-01-02T00:00:00Z"), Mode: Sealed, Plan: hashOf(5), Frame: Salted, Root: hashOf(6), Units: 1081742,
			Tasks: hashOf(7), Inspectors: hashOf(8), Exclusions: hashOf(9), Matching: "matching/v1",
			Contributors: []Participant{{"chamber", ByCommit}, {"press", ByChain}}, Minimum: 1, Withheld: 1,
			Beacon: "drand-quicknet", Round: "1000", Secret: hashOf(10),
			CommitBy: instant("2026-01-02T01:00:00Z"), RevealBy: instant("2026-01-02T02:00:00Z"), CloseBy: instant("2026-01-02T03:00:00Z"),
			PulseAt: instant("2026-01-02T03:00:30Z"), OpenBy: instant("2026-02-02T00:00:00Z"),
		}, "doublerandom/notice/v1\nseries " + hexOf(1) + "\nnumber 3\nprevious " + hexOf(2) + "\nearlier 1 opened " + hexOf(3) + "\nearlier 2 void " + hexOf(4) + "\n" +
			"created 2026-01-02T00:00:00Z\nmode sealed\nplan " + hexOf(5) + "\nframe salted " + hexOf(6) + " 1081742\ntasks " + hexOf(7) + "\ninspectors " + hexOf(8) + "\nexclusions " + hexOf(9) + "\n" +
			"matching matching/v1\ncontributor chamber commit\ncontributor press chain\nminimum 1\nwithheld 1\nbeacon drand-quicknet 1000\nsecret " + hexOf(10) + "\n" +
			"commit-by 2026-01-02T01:00:00Z\nreveal-by 2026-01-02T02:00:00Z\nclose-by 2026-01-02T03:00:00Z\npulse-at 2026-01-02T03:00:30Z\nopen-by 2026-02-02T00:00:00Z\n"},
		{&Commit{hashOf(1), "chamber", hashOf(2)}, "doublerandom/commit/v1\nnotice " + hexOf(1) + "\ncontributor chamber\ncommitment " + hexOf(2) + "\n"},
		{&Reveal{hashOf(1), "chamber", hashOf(2), hashOf(3)}, "doublerandom/reveal/v1\nnotice " + hexOf(1) + "\ncontributor chamber\nvalue " + hexOf(2) + "\nnonce " + hexOf(3) + "\n"},
		{&Close{
			hashOf(1), instant("2026-01-02T02:30:00Z"), []Counted{{"chamber", hashOf(2), hashOf(3)}, {"press", ID{}, hashOf(4)}},
			[]Missing{{"other", NoReveal, hashOf(5)}, {"third", NoCommit, ID{}}},
		}, "doublerandom/close/v1\nnotice " + hexOf(1) + "\nclosed 2026-01-02T02:30:00Z\ncounted chamber " + hexOf(2) + " " + hexOf(3) + "\ncounted press none " + hexOf(4) + "\n" +
			"missing other no-reveal " + hexOf(5) + "\nmissing third no-commit none\n"},
		{&Pulse{hashOf(1), hashOf(2), "lottery", "2026101x3", "1.2.3.4.5.6./7./", ""}, "doublerandom/pulse/v1\nnotice " + hexOf(1) + "\nclose " + hexOf(2) + "\nbeacon lottery\nround 2026101x3\nvalue 1.2.3.4.5.6./7./\nproof none\n"},
		{&SealedResult{hashOf(1), hashOf(2), hashOf(3), hashOf(4), 10, hashOf(5), ID{}}, "doublerandom/sealed/v1\nnotice " + hexOf(1) + "\nclose " + hexOf(2) + "\npulse " + hexOf(3) + "\nframe " + hexOf(4) + " 10\nroot " + hexOf(5) + "\nroster none\n"},
		{&Receipt{
			hashOf(1), hashOf(2), hashOf(3), 10, hashOf(4), 9, registry.Unit{ID: "913702", Stratum: "370202/A", Weight: 4},
			registry.Salt{1}, path, Drawn, 3, hashOf(5), registry.Salt{2}, path[:1],
		}, "doublerandom/receipt/v1\nnotice " + hexOf(1) + "\nsealed " + hexOf(2) + "\nframe " + hexOf(3) + " 10\nroot " + hexOf(4) + "\nindex 9\nunit 913702 370202/A 4\n" +
			"frame-salt 01000000000000000000000000000000\nframe-path " + path64 + "\noutcome drawn 3\nextension " + hexOf(5) + "\nsalt 02000000000000000000000000000000\npath BwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAc=\n"},
		{&Event{Notice: hashOf(1), Sealed: hashOf(2), Sequence: 1, Made: instant("2026-01-03T00:00:00Z"), Hidden: hashOf(3)}, "doublerandom/event/v1\nnotice " + hexOf(1) + "\nsealed " + hexOf(2) + "\nsequence 1\nprevious none\nmade 2026-01-03T00:00:00Z\nhidden " + hexOf(3) + "\n"},
		{&Event{Notice: hashOf(1), Sealed: hashOf(2), Sequence: 2, Previous: hashOf(4), Made: instant("2026-01-03T00:00:00Z"), Detail: &Detail{Substitution, "913702", "913703", "closed down", hashOf(3)}}, "doublerandom/event/v1\nnotice " + hexOf(1) + "\nsealed " + hexOf(2) + "\nsequence 2\nprevious " + hexOf(4) + "\nmade 2026-01-03T00:00:00Z\n" +
			"kind substitution\nsubject 913702\nreplacement 913703\nreason closed down\nnonce " + hexOf(3) + "\n"},
		{&Opening{hashOf(1), ID{}, instant("2026-01-04T00:00:00Z"), hashOf(3), ID{}}, "doublerandom/opening/v1\nnotice " + hexOf(1) + "\nsealed none\nopened 2026-01-04T00:00:00Z\nsecret " + hexOf(3) + "\nresult none\n"},
		{&Opening{hashOf(1), hashOf(2), instant("2026-01-04T00:00:00Z"), hashOf(3), hashOf(4)}, "doublerandom/opening/v1\nnotice " + hexOf(1) + "\nsealed " + hexOf(2) + "\nopened 2026-01-04T00:00:00Z\nsecret " + hexOf(3) + "\nresult " + hexOf(4) + "\n"},
		{&Void{hashOf(1), AfterClose, instant("2026-01-04T00:00:00Z"), "a contributor's key was stolen", true}, "doublerandom/void/v1\nnotice " + hexOf(1) + "\nafter closed\nmade 2026-01-04T00:00:00Z\nreason a contributor's key was stolen\nduty open\n"},
	}
}

func TestSamples(t *testing.T) {
	for _, tt := range samples() {
		text, err := tt.s.MarshalText()
		require.NoError(t, err)
		require.Equal(t, tt.text, string(text))
		require.Equal(t, strings.Split(tt.text, "/")[1], Kind(text))
		again, err := Parse(text)
		require.NoError(t, err)
		require.Equal(t, tt.s, again)
	}
	require.Empty(t, Kind([]byte("doublerandom/plan/v1\n")))
	require.Nil(t, New("plan"))
	_, err := Parse([]byte("hello\n"))
	require.EqualError(t, err, "statement: text begins with none of the known headers")
}

// TestOneSpelling changes each byte of each sample in several ways, and deletes,
// doubles and swaps its lines. What is still a statement must be spelled just so,
// and what is none must leave the receiver alone.
func TestOneSpelling(t *testing.T) {
	for _, tt := range samples() {
		kind := Kind([]byte(tt.text))
		try := func(changed string) {
			fresh := New(kind)
			require.NoError(t, fresh.UnmarshalText([]byte(tt.text)))
			if err := fresh.UnmarshalText([]byte(changed)); err != nil {
				require.Equal(t, tt.s, fresh, "receiver after an error")
				require.ErrorContains(t, err, "statement: "+kind)
				return
			}
			text, err := fresh.MarshalText()
			require.NoError(t, err)
			require.Equal(t, changed, string(text))
		}
		for i := range len(tt.text) {
			for _, c := range []byte{tt.text[i] ^ 1, tt.text[i] ^ 0x20, ' ', '\n', '\r', '0', 0, 0xff} {
				try(tt.text[:i] + string(rune(c)) + tt.text[i+1:])
				try(tt.text[:i] + string([]byte{c}) + tt.text[i+1:])
				try(tt.text[:i] + string([]byte{c}) + tt.text[i:])
			}
			try(tt.text[:i] + tt.text[i+1:])
			try(tt.text[:i])
		}
		lines := strings.SplitAfter(strings.TrimSuffix(tt.text, "\n"), "\n")
		lines[len(lines)-1] += "\n"
		for i := range lines {
			join := func(parts ...[]string) string {
				var b strings.Builder
				for _, p := range parts {
					b.WriteString(strings.Join(p, ""))
				}
				return b.String()
			}
			try(join(lines[:i], lines[i+1:]))
			try(join(lines[:i+1], lines[i:]))
			if i > 0 {
				try(join(lines[:i-1], lines[i:i+1], lines[i-1:i], lines[i+1:]))
			}
		}
	}
}

// FuzzParse asserts that every text that is read is written back to the byte.
func FuzzParse(f *testing.F) {
	for _, tt := range samples() {
		f.Add([]byte(tt.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := Parse(text)
		if err != nil {
			require.ErrorContains(t, err, "statement: ")
			return
		}
		again, err := s.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
	})
}
