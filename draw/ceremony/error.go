package ceremony

import (
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/label"
)

// An Error says why a ceremony refused a step. The ceremony is as it was before,
// but for a false reveal, which is recorded as evidence.
type Error struct {
	Step        string // the step: "announce", "commit", "reveal", "close", "pulse", "seal", "event", "open", "void", "seed" or "resume"
	Contributor string // whose contribution it is; "" if nobody's
	Kind        Kind   // what kind of refusal
	Have        string // what is wrong
	Want        string // what was expected; "" if Have says it all
	Err         error  // the error below, such as one of package beacon; nil if there is none
}

// A Kind is a kind of refusal.
type Kind uint8

// The kinds of refusal.
const (
	Malformed    Kind = iota + 1 // not a signed statement of the kind that the step takes
	BadSignature                 // not signed by the key that the series names
	WrongOrder                   // the draw is not at that step, or is over
	TooEarly                     // before what must come first
	TooLate                      // after the notice's deadline
	Duplicate                    // the contributor has made that step
	Stranger                     // no contributor of the draw, or not by these means
	OtherDraw                    // bound to another series, notice, close or sealed result
	Mismatch                     // says something else than series, notice or the record
	FalseReveal                  // a reveal that fits neither commit nor chain
	BadBeacon                    // beacon, round, value or entropy is not as announced
	MustVoid                     // too few contributions, or too many withheld: the draw must be void
	TooMuch                      // more than a ceremony holds
)

// Error returns one line such as
//
//	ceremony: commit of "court": arrived 2026-11-24T03:00:01Z, expected by 2026-11-24T03:00:00Z
func (e *Error) Error() string {
	text := "ceremony: " + e.Step
	if e.Contributor != "" {
		text += " of " + label.Quote(e.Contributor)
	}
	text += ": " + e.Have
	if e.Want != "" {
		text += ", expected " + e.Want
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the error below: of packages beacon and statement as they are.
func (e *Error) Unwrap() error { return e.Err }

// String returns the kind in words, such as "too late".
func (k Kind) String() string {
	words := []string{
		"", "malformed", "bad signature", "wrong order", "too early", "too late", "duplicate", "stranger",
		"other draw", "mismatch", "false reveal", "bad beacon", "must void", "too much",
	}
	if k == 0 || int(k) >= len(words) {
		return fmt.Sprintf("kind(%d)", uint8(k))
	}
	return words[k]
}

// errZeroSuite is about a Suite that no constructor has made.
var errZeroSuite = errors.New("ceremony: zero Suite, expected one from draw.SHA256 or draw.NewSuite")

// hexOf returns the text of a hash as in statements.
func hexOf(id statement.ID) string {
	if id == (statement.ID{}) {
		return "none"
	}
	return hex.EncodeToString(id[:])
}

// instant returns the text of a time as in statements.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// whole cuts a time to whole seconds, in UTC.
func whole(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
