package statement

import (
	"time"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A Close fixes, before the beacon's value exists, which contributions count and
// who failed. Nothing outside it ever counts.
type Close struct {
	Notice  ID        // the draw's notice
	Closed  time.Time // in whole seconds, UTC
	Counted []Counted // contributions that count, sorted by contributor
	Missing []Missing // contributors whose do not, sorted by contributor
}

// A Counted is a contribution that counts.
type Counted struct {
	Contributor string // name of the contributor
	Commit      ID     // its commit; zero for a chain
	Reveal      ID     // its reveal
}

// A Missing is a contributor that failed, and how.
type Missing struct {
	Contributor string // name of the contributor
	Fault       Fault  // what it failed to do
	Commit      ID     // its commit; zero if there is none
}

// A Fault is what a contributor failed to do.
type Fault uint8

// The faults.
const (
	NoCommit    Fault = iota + 1 // "no-commit": no commit by the deadline
	NoReveal                     // "no-reveal": no reveal by the deadline
	FalseReveal                  // "false-reveal": a reveal that does not fit the commit or the chain
)

func faultWords() []string { return []string{"", "no-commit", "no-reveal", "false-reveal"} }

// String returns the fault's word.
func (x Fault) String() string { return word(faultWords(), x) }

func (c *Close) walk(f *form) {
	f.row("notice", hashField{h: &c.Notice})
	f.row("closed", timeField{&c.Closed})
	rows(f, "counted", &c.Counted, MaxContributors, func(x *Counted) []field {
		return []field{labelField{s: &x.Contributor}, hashField{&x.Commit, true}, hashField{h: &x.Reveal}}
	})
	rows(f, "missing", &c.Missing, MaxContributors, func(x *Missing) []field {
		return []field{labelField{s: &x.Contributor}, wordField[Fault]{&x.Fault, faultWords()}, hashField{&x.Commit, true}}
	})
}

func (c *Close) check() string {
	if wrong := ascending("counted", c.Counted, func(x Counted) string { return x.Contributor }); wrong != "" {
		return wrong
	}
	if wrong := ascending("missing", c.Missing, func(x Missing) string { return x.Contributor }); wrong != "" {
		return wrong
	}
	counted := map[string]bool{}
	for _, x := range c.Counted {
		counted[x.Contributor] = true
	}
	for _, x := range c.Missing {
		if counted[x.Contributor] {
			return label.Quote(x.Contributor) + " is both counted and missing"
		}
		if x.Fault == NoCommit && x.Commit != (ID{}) {
			return label.Quote(x.Contributor) + " is missing for no-commit, but its commit is named"
		}
	}
	return ""
}

// MarshalText returns the statement's one text. It returns an *[Error] if the
// statement breaks a rule.
func (c *Close) MarshalText() ([]byte, error) { return marshal("close", c) }

// UnmarshalText reads the statement's one text and nothing else. If the text is
// malformed, c is unchanged and the error is an *[Error].
func (c *Close) UnmarshalText(text []byte) error {
	var fresh Close
	if err := unmarshal("close", &fresh, text); err != nil {
		return err
	}
	*c = fresh
	return nil
}
