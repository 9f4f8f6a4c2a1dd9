package statement

import (
	"fmt"
	"time"
)

// A Notice announces one draw and fixes everything about it before its
// randomness exists.
type Notice struct {
	Series       ID            // the series that it belongs to
	Number       uint64        // number of the draw in the series, from 1
	Previous     ID            // the notice before it; zero for number 1
	Earlier      []Earlier     // earlier draws whose state changed since the previous notice, ascending
	Created      time.Time     // in whole seconds, UTC
	Mode         Mode          // open, or sealed until the opening
	Plan         ID            // the draw's plan: strata, quotas, reserves
	Frame        Rows          // whether the frame's rows are public
	Root         ID            // root of the frame, as in the plan
	Units        uint64        // units of the frame, as in the plan
	Tasks        ID            // digest of the task templates; zero if there are none
	Inspectors   ID            // root of the inspectors' directory; zero if none are drawn
	Exclusions   ID            // root of the excluded pairs; zero if there are none
	Matching     string        // rules and steps of the matching, a token; "" if there is none
	Contributors []Participant // those who contribute to this draw, sorted by name
	Minimum      uint64        // contributions that the draw needs
	Withheld     uint64        // reveals that may be missing before the draw is void
	Beacon       string        // name of the beacon; "" if there is none
	Round        string        // the announced round, a token; "" without a beacon
	Secret       ID            // commitment to the sealing secret; zero in an open draw
	CommitBy     time.Time     // deadline for commits
	RevealBy     time.Time     // deadline for reveals
	CloseBy      time.Time     // deadline for the close
	PulseAt      time.Time     // when the round's value becomes known
	OpenBy       time.Time     // deadline for the opening
}

// An Earlier is the state of an earlier draw of the series.
type Earlier struct {
	Number uint64 // number of the draw
	State  State  // its state
	Last   ID     // the last statement about it
}

// A Participant takes part in one draw.
type Participant struct {
	Name string // name of a contributor of the series
	By   Means  // by commit and reveal, or by its hash chain
}

// A Mode says whether a draw has a sealing secret.
type Mode uint8

// The modes.
const (
	Open   Mode = iota + 1 // "open": anyone knows the result once the beacon's value is out
	Sealed                 // "sealed": the result is fixed, but secret until the opening
)

// A State is the state of a draw.
type State uint8

// The states.
const (
	Announced State = iota + 1 // "announced": it has a notice
	Fixed                      // "fixed": it has a sealed result
	Opened                     // "opened"
	Voided                     // "void"
)

// A Rows says whether a frame's rows are public.
type Rows uint8

// The kinds of frame.
const (
	Plain  Rows = iota + 1 // "plain": the rows are public
	Salted                 // "salted": only the root is; auditors see the rows
)

// A Means says how a contributor contributes.
type Means uint8

// The means.
const (
	ByCommit Means = iota + 1 // "commit": a commit, then a reveal
	ByChain                   // "chain": the next value of the hash chain that the series fixed
)

func modeWords() []string  { return []string{"", "open", "sealed"} }
func stateWords() []string { return []string{"", "announced", "fixed", "opened", "void"} }
func rowsWords() []string  { return []string{"", "plain", "salted"} }
func meansWords() []string { return []string{"", "commit", "chain"} }

// String returns the mode's word.
func (m Mode) String() string { return word(modeWords(), m) }

// String returns the state's word.
func (s State) String() string { return word(stateWords(), s) }

// String returns the kind's word.
func (r Rows) String() string { return word(rowsWords(), r) }

// String returns the means' word.
func (m Means) String() string { return word(meansWords(), m) }

func (n *Notice) walk(f *form) {
	f.row("series", hashField{h: &n.Series})
	f.row("number", numberField{&n.Number, 1, MaxNumber})
	f.row("previous", hashField{&n.Previous, true})
	rows(f, "earlier", &n.Earlier, 2000, func(e *Earlier) []field {
		return []field{numberField{&e.Number, 1, MaxNumber}, wordField[State]{&e.State, stateWords()}, hashField{h: &e.Last}}
	})
	f.row("created", timeField{&n.Created})
	f.row("mode", wordField[Mode]{&n.Mode, modeWords()})
	f.row("plan", hashField{h: &n.Plan})
	f.row("frame", wordField[Rows]{&n.Frame, rowsWords()}, hashField{h: &n.Root}, numberField{&n.Units, 1, maxUnits})
	f.row("tasks", hashField{&n.Tasks, true})
	f.row("inspectors", hashField{&n.Inspectors, true})
	f.row("exclusions", hashField{&n.Exclusions, true})
	f.row("matching", tokenField{&n.Matching, maxToken, true})
	rows(f, "contributor", &n.Contributors, MaxContributors, func(p *Participant) []field {
		return []field{labelField{s: &p.Name}, wordField[Means]{&p.By, meansWords()}}
	})
	f.row("minimum", numberField{&n.Minimum, 0, MaxContributors})
	f.row("withheld", numberField{&n.Withheld, 0, MaxContributors})
	f.row("beacon", labelField{&n.Beacon, true}, tokenField{&n.Round, maxToken, true})
	f.row("secret", hashField{&n.Secret, true})
	f.row("commit-by", timeField{&n.CommitBy})
	f.row("reveal-by", timeField{&n.RevealBy})
	f.row("close-by", timeField{&n.CloseBy})
	f.row("pulse-at", timeField{&n.PulseAt})
	f.row("open-by", timeField{&n.OpenBy})
}

func (n *Notice) check() string {
	for i, e := range n.Earlier {
		if e.Number >= n.Number {
			return fmt.Sprintf("earlier draw %d of notice %d", e.Number, n.Number)
		}
		if i > 0 && n.Earlier[i-1].Number >= e.Number {
			return fmt.Sprintf("earlier draw %d comes after %d, expected ascending", e.Number, n.Earlier[i-1].Number)
		}
	}
	times := []struct {
		name string
		at   time.Time
	}{{"created", n.Created}, {"commit-by", n.CommitBy}, {"reveal-by", n.RevealBy}, {"close-by", n.CloseBy}, {"pulse-at", n.PulseAt}, {"open-by", n.OpenBy}}
	for i := 1; i < len(times); i++ {
		if times[i].at.Before(times[i-1].at) {
			return fmt.Sprintf("%s is before %s", times[i].name, times[i-1].name)
		}
	}
	switch {
	case (n.Number == 1) != (n.Previous == ID{}):
		return fmt.Sprintf("number %d with previous %s", n.Number, hashText(n.Previous))
	case (n.Mode == Open) != (n.Secret == ID{}):
		return fmt.Sprintf("mode %s with secret %s", n.Mode, hashText(n.Secret))
	case (n.Beacon == "") != (n.Round == ""):
		return "beacon and round must both be there or both be none"
	case n.Beacon != "" && !n.CloseBy.Before(n.PulseAt):
		return "close-by is not before pulse-at: who closes could know the beacon's value"
	case n.Beacon == "" && len(n.Contributors) == 0:
		return "neither a beacon nor a contributor: there is no randomness"
	case n.Beacon == "" && n.Minimum == 0:
		return "neither a beacon nor a minimum of contributions: there may be no randomness"
	case n.Minimum > uint64(len(n.Contributors)):
		return fmt.Sprintf("minimum of %d contributions from %d contributors", n.Minimum, len(n.Contributors))
	case n.Withheld > uint64(len(n.Contributors)):
		return fmt.Sprintf("%d withheld reveals allowed from %d contributors", n.Withheld, len(n.Contributors))
	}
	return ascending("contributor", n.Contributors, func(p Participant) string { return p.Name })
}

// MarshalText returns the statement's one text. It returns an *[Error] if the
// statement breaks a rule.
func (n *Notice) MarshalText() ([]byte, error) { return marshal("notice", n) }

// UnmarshalText reads the statement's one text and nothing else. If the text is
// malformed, n is unchanged and the error is an *[Error].
func (n *Notice) UnmarshalText(text []byte) error {
	var fresh Notice
	if err := unmarshal("notice", &fresh, text); err != nil {
		return err
	}
	*n = fresh
	return nil
}
