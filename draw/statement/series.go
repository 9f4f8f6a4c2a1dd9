package statement

import (
	"fmt"
	"time"

	"github.com/doublerandom/doublerandom/internal/label"
)

// Limits of a series.
const (
	MaxContributors = 64      // contributors of a series, and so of a draw
	MaxWitnesses    = 64      // witnesses of a series
	MaxChain        = 100_000 // length of a contributor's hash chain
	MaxNumber       = 1_000_000
	maxKey          = 512 // bytes of a verifier key
)

// A Series is what the regulator fixes once for all draws of one authority and
// scope: the suite, the keys, who contributes and who witnesses, and what happens
// when something goes wrong. Nothing of it can change from draw to draw.
type Series struct {
	Authority    string        // who draws
	Scope        string        // what is drawn, such as a kind of inspection in a city
	Created      time.Time     // in whole seconds, UTC
	Suite        string        // name of the hash suite
	Regulator    string        // verifier key of the regulator, as for golang.org/x/mod/sumdb/note
	Contributors []Contributor // sorted by name, at most MaxContributors
	Chains       []Chain       // sorted by contributor: those who contribute by hash chain
	Witnesses    []Witness     // in any order, each once, at most MaxWitnesses
	Quorum       uint64        // witnesses that must have cosigned for the order of events to be proven
	Minimum      uint64        // contributions that a draw needs
	Withheld     uint64        // reveals that may be missing before a draw is void
	Beacons      []string      // names of the beacons that notices may use, sorted
	Entropy      uint64        // least entropy of a beacon's value in bits
	Outage       Outage        // what happens if the beacon fails
}

// A Contributor adds randomness of its own to each draw.
type Contributor struct {
	Name string // a label
	Key  string // its verifier key
}

// A Chain is the end of a contributor's hash chain; see [ChainLink].
type Chain struct {
	Contributor string // name of the contributor
	Length      uint64 // number of draws that it serves, 1 to MaxChain
	End         ID     // the last link, which is published
}

// A Witness cosigns statements with the time at which it saw them.
type Witness struct {
	Key string // its verifier key; see [NewCosignatureVerifier]
}

// An Outage says what happens to a draw whose beacon gives no value.
type Outage uint8

// The rules for an outage.
const (
	OutageVoid Outage = iota + 1 // "void": the draw is void
	OutageWait                   // "wait": it waits for the announced round's value
)

func outageWords() []string { return []string{"", "void", "wait"} }

// String returns the rule's word.
func (o Outage) String() string { return word(outageWords(), o) }

func (s *Series) walk(f *form) {
	f.row("authority", textField{&s.Authority})
	f.row("scope", textField{&s.Scope})
	f.row("created", timeField{&s.Created})
	f.row("suite", labelField{s: &s.Suite})
	f.row("regulator", tokenField{s: &s.Regulator, most: maxKey})
	rows(f, "contributor", &s.Contributors, MaxContributors, func(c *Contributor) []field {
		return []field{labelField{s: &c.Name}, tokenField{s: &c.Key, most: maxKey}}
	})
	rows(f, "chain", &s.Chains, MaxContributors, func(c *Chain) []field {
		return []field{labelField{s: &c.Contributor}, numberField{&c.Length, 1, MaxChain}, hashField{h: &c.End}}
	})
	rows(f, "witness", &s.Witnesses, MaxWitnesses, func(w *Witness) []field {
		return []field{tokenField{s: &w.Key, most: maxKey}}
	})
	f.row("quorum", numberField{&s.Quorum, 0, MaxWitnesses})
	f.row("minimum", numberField{&s.Minimum, 0, MaxContributors})
	f.row("withheld", numberField{&s.Withheld, 0, MaxContributors})
	rows(f, "beacon", &s.Beacons, 16, func(b *string) []field { return []field{labelField{s: b}} })
	f.row("entropy", numberField{&s.Entropy, 0, 4096})
	f.row("outage", wordField[Outage]{&s.Outage, outageWords()})
}

func (s *Series) check() string {
	names := map[string]bool{}
	for _, c := range s.Contributors {
		names[c.Name] = true
	}
	for _, c := range s.Chains {
		if !names[c.Contributor] {
			return fmt.Sprintf("chain of %q, who is no contributor", c.Contributor)
		}
	}
	seen := map[string]bool{}
	for _, w := range s.Witnesses {
		if seen[w.Key] {
			return fmt.Sprintf("witness %s is listed twice", label.Quote(w.Key))
		}
		seen[w.Key] = true
	}
	switch {
	case s.Quorum > uint64(len(s.Witnesses)):
		return fmt.Sprintf("quorum %d of %d witnesses", s.Quorum, len(s.Witnesses))
	case s.Minimum > uint64(len(s.Contributors)):
		return fmt.Sprintf("minimum of %d contributions from %d contributors", s.Minimum, len(s.Contributors))
	}
	if wrong := ascending("contributor", s.Contributors, func(c Contributor) string { return c.Name }); wrong != "" {
		return wrong
	}
	if wrong := ascending("chain of", s.Chains, func(c Chain) string { return c.Contributor }); wrong != "" {
		return wrong
	}
	return ascending("beacon", s.Beacons, func(b string) string { return b })
}

// MarshalText returns the statement's one text. It returns an *[Error] if the
// statement breaks a rule.
func (s *Series) MarshalText() ([]byte, error) { return marshal("series", s) }

// UnmarshalText reads the statement's one text and nothing else. If the text is
// malformed, s is unchanged and the error is an *[Error].
func (s *Series) UnmarshalText(text []byte) error {
	var fresh Series
	if err := unmarshal("series", &fresh, text); err != nil {
		return err
	}
	*s = fresh
	return nil
}
