package statement

import (
	"time"

	"github.com/doublerandom/doublerandom/internal/lines"
)

// A Void says that a draw does not count, and why.
//
//	doublerandom/void/v1
//	notice <hash>
//	after announced|committed|closed|pulsed|sealed
//	made <time>
//	reason <text>
//	duty open|none                               (none after announced)
type Void struct {
	Notice ID        // of the [Notice]
	After  Stage     // how far the draw had come
	Made   time.Time // whole seconds
	Reason string    // 1–1000 bytes
	Duty   bool      // the secret must still be opened: a sealed draw in which a reveal had been made
}

// A Stage is how far a draw had come.
type Stage string

// The stages: the notice is out, somebody has committed, the close is out, the
// beacon's round is over, the result is sealed.
const (
	StageAnnounced Stage = "announced"
	StageCommitted Stage = "committed"
	StageClosed    Stage = "closed"
	StagePulsed    Stage = "pulsed"
	StageSealed    Stage = "sealed"
)

// Kind returns "void".
func (s *Void) Kind() string { return "void" }

// MarshalText returns the text, or an error where [Void.UnmarshalText] would
// refuse it.
func (s Void) MarshalText() ([]byte, error) { return marshal(&s) }

// UnmarshalText reads a text that [Void.MarshalText] could have returned, and
// nothing else. After an error s is unchanged.
func (s *Void) UnmarshalText(text []byte) error { return unmarshal(s, text) }

func (s *Void) describe(c *lines.Codec) {
	c.Line("notice", lines.Hash(&s.Notice))
	c.Line("after", lines.Choice(&s.After, StageAnnounced, StageCommitted, StageClosed, StagePulsed, StageSealed))
	c.Line("made", lines.Time(&s.Made))
	c.Line("reason", lines.Text(&s.Reason))
	c.Line("duty", lines.Flag(&s.Duty, "none", "open"))
	c.Require(s.After != StageAnnounced || !s.Duty, "duty must be none after announced: nothing was revealed")
}
