package audit

import (
	"fmt"
	"strings"
)

// The names of the checks, in the order in which a report lists them. SPEC.md
// says what each one compares.
const (
	CheckFiles        = "files"         // every file is bounded and readable
	CheckSignatures   = "signatures"    // every statement is signed by whom it must be
	CheckSeries       = "series"        // the series is the policy's
	CheckChain        = "chain"         // the draws of a series follow one another without gap or fork
	CheckNotice       = "notice"        // the notice keeps the rules of the series
	CheckPlan         = "plan"          // the plan is the notice's
	CheckFrameRoot    = "frame-root"    // the frame is the one that was frozen
	CheckCommit       = "commit"        // contributions were bound before they were shown
	CheckReveal       = "reveal"        // what was shown is what was bound
	CheckClose        = "close"         // the close accounts for every contributor
	CheckDeadlines    = "deadlines"     // no statement claims a time that the notice forbids
	CheckWitnessOrder = "witness-order" // witnesses saw notice and close before the pulse
	CheckBeacon       = "beacon"        // the announced round, its value and its entropy
	CheckOpening      = "opening"       // the secret is the one committed to, opened in time
	CheckDerivation   = "derivation"    // the seed follows from the statements
	CheckQuotas       = "quotas"        // each stratum got its quota
	CheckSelection    = "selection"     // exactly these units follow from plan and seed
	CheckMatching     = "matching"      // the roster follows, by the caller's check
	CheckSealedRoot   = "sealed-root"   // the sealed result is over exactly this outcome
	CheckEvents       = "events"        // skips and substitutions have reasons and keep the order of reserves
	CheckReceipts     = "receipts"      // receipts agree with the sealed result and with each other
	CheckVoid         = "void"          // the draw was called off as the rules allow
)

// checkOrder lists the names of the checks in the order of reports.
var checkOrder = [...]string{
	CheckFiles, CheckSignatures, CheckSeries, CheckChain, CheckNotice, CheckPlan, CheckFrameRoot, CheckCommit,
	CheckReveal, CheckClose, CheckDeadlines, CheckWitnessOrder, CheckBeacon, CheckOpening, CheckDerivation,
	CheckQuotas, CheckSelection, CheckMatching, CheckSealedRoot, CheckEvents, CheckReceipts, CheckVoid,
}

// CheckNames returns the names of all checks in the order of reports.
func CheckNames() []string { return checkOrder[:len(checkOrder):len(checkOrder)] }

// A Status is the outcome of one check.
type Status uint8

// The statuses, from best to worst.
const (
	Skipped   Status = iota // does not apply, or is not due yet
	OK                      // compared, and right
	NotProven               // nothing contradicts it, but the proof of its time is not there
	Missing                 // something that is needed to tell was not given
	Wrong                   // compared, and contradicted
)

// statusNames are the texts of the statuses.
var statusNames = [...]string{"skipped", "ok", "not-proven", "missing", "wrong"}

// String returns "skipped", "ok", "not-proven", "missing" or "wrong".
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("status %d", uint8(s))
}

// MarshalText returns the text of String. It never fails.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// A Verdict is what all checks together say.
type Verdict uint8

// The verdicts. [Report.Verdict] says how the checks lead to them.
const (
	CannotTell        Verdict = iota // something needed is missing; the report says what
	Fixed                            // the outcome is fixed and cannot be changed any more
	OpenedCorrect                    // opened, and everything follows from what was announced
	OpenedUncheckable                // opened and right so far, but the rows of the frame are not public
	OrderNotProven                   // nothing is wrong, but nobody independent saw the order of events
	WrongVerdict                     // at least one check found two values that should be equal and are not
	Called                           // called off as the rules allow; nothing was drawn
)

// verdictNames are the texts of the verdicts.
var verdictNames = [...]string{
	"cannot tell", "fixed", "opened and correct", "opened, selection not publicly checkable", "order not proven", "wrong", "void",
}

// String returns the verdict in words, such as "opened and correct".
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return fmt.Sprintf("verdict %d", uint8(v))
}

// MarshalText returns the text of String. It never fails.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// A Check is the outcome of one named check, or one of several findings of it.
type Check struct {
	Name   string `json:"name"`           // one of CheckNames
	Status Status `json:"status"`         // the outcome
	Have   string `json:"have,omitempty"` // what was found, where two values are compared
	Want   string `json:"want,omitempty"` // what was expected
	Text   string `json:"text"`           // what was compared, or what is missing, in a sentence
}

// A Report is the outcome of a verification. It lists at least one entry for
// each check that applies, in the order of [CheckNames].
type Report struct {
	Verdict Verdict `json:"verdict"` // what all checks together say
	Reason  string  `json:"reason"`  // why, in a sentence
	Checks  []Check `json:"checks"`  // one or more for each name

	// Of the draw, as far as it was read; zero where unknown.
	Series    string `json:"series,omitempty"`    // ID of the series
	Authority string `json:"authority,omitempty"` // who draws
	Scope     string `json:"scope,omitempty"`     // for what
	Number    uint64 `json:"number,omitempty"`    // of the draw in the series
	Notice    string `json:"notice,omitempty"`    // ID of the notice
	Mode      string `json:"mode,omitempty"`      // "open" or "sealed"
	Units     uint64 `json:"units,omitempty"`     // in the frame
	Drawn     int    `json:"drawn,omitempty"`     // units drawn
	ZeroPairs string `json:"zeroPairs,omitempty"` // pairs of units that can never be drawn together

	// Withheld is the number m of contributions that were bound but not shown:
	// their owners could choose among up to 2^m outcomes if they foresaw the
	// beacon.
	Withheld int `json:"withheld,omitempty"`
	// Counted is the number of contributions that entered the seed.
	Counted int `json:"counted,omitempty"`
}

// Of returns the worst status among the entries of a check, Skipped if there is
// none.
func (r *Report) Of(name string) Status {
	worst := Skipped
	for _, c := range r.Checks {
		if c.Name == name {
			worst = max(worst, c.Status)
		}
	}
	return worst
}

// First returns the first entry with a status, and whether there is one.
func (r *Report) First(status Status) (Check, bool) {
	for _, c := range r.Checks {
		if c.Status == status {
			return c, true
		}
	}
	return Check{}, false
}

// String returns one line for each check and one for the verdict.
func (r *Report) String() string {
	var b strings.Builder
	for _, c := range r.Checks {
		fmt.Fprintf(&b, "%-10s %-13s %s\n", c.Status, c.Name, c.line())
	}
	fmt.Fprintf(&b, "verdict: %s: %s\n", r.Verdict, r.Reason)
	return b.String()
}

// line returns the check's text with both values.
func (c *Check) line() string {
	if c.Have == "" && c.Want == "" {
		return c.Text
	}
	return fmt.Sprintf("%s: have %s, want %s", c.Text, c.Have, c.Want)
}

// add appends an entry.
func (r *Report) add(name string, status Status, format string, args ...any) {
	r.Checks = append(r.Checks, Check{Name: name, Status: status, Text: fmt.Sprintf(format, args...)})
}

func (r *Report) ok(name, format string, args ...any)      { r.add(name, OK, format, args...) }
func (r *Report) skip(name, format string, args ...any)    { r.add(name, Skipped, format, args...) }
func (r *Report) missing(name, format string, args ...any) { r.add(name, Missing, format, args...) }
func (r *Report) wrong(name, format string, args ...any)   { r.add(name, Wrong, format, args...) }

// differ appends an entry with the two values that differ.
func (r *Report) differ(name string, status Status, have, want, format string, args ...any) {
	r.Checks = append(r.Checks, Check{name, status, have, want, fmt.Sprintf(format, args...)})
}

// equal appends a Wrong entry and returns false if the values differ.
func (r *Report) equal(name, have, want, format string, args ...any) bool {
	if have != want {
		r.differ(name, Wrong, have, want, format, args...)
	}
	return have == want
}

// settled reports whether a check has an entry that is worse than OK.
func (r *Report) settled(name string) bool { return r.Of(name) > OK }

// conclude appends an OK entry unless the check found a fault.
func (r *Report) conclude(name, format string, args ...any) {
	if !r.settled(name) {
		r.ok(name, format, args...)
	}
}
