// Package statement holds the statements of a public draw, each a type with one
// canonical text that a person can read aloud.
//
//	0  Series        the regulator fixes scope, keys, contributors, witnesses, rules
//	1  Notice        the regulator fixes one draw: plan, frame, beacon and round, deadlines
//	2  Commit        each contributor binds itself to a value
//	3  Reveal        each contributor shows it
//	4  Close         the regulator fixes, before the round, which contributions count
//	5  Pulse         the beacon's value for the announced round
//	6  SealedResult  the regulator fixes the result without showing it
//	7  Receipt       one company's row and outcome, with proofs
//	8  Event         a skip, substitution or recusal, when it happens
//	9  Opening       the regulator shows the sealing secret, and the result
//	10 Void          the regulator ends a draw, with a reason
//
// A statement is identified by the hash of its text under the draw's suite
// ([IDOf]), so that sha256sum is an independent check. It is signed as a note
// (C2SP signed-note) by [Sign], read by [OpenNote], and cosigned by witnesses with
// the time ([NewCosigner]). The values that are hashed are built in one place:
// [CommitmentOf], [ChainLink], [SecretCommitment], [Seed], [SealedLeaf] and
// [EventCommitment]. JSON is a view for services and never hashed.
//
// The values are plain; do not change one while others read it.
package statement

import (
	"encoding/hex"
	"fmt"
	"math"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
)

// An ID identifies a statement: the suite's hash of its text, the final newline
// included, blank line and signatures not.
type ID = draw.Hash

// maxToken is the greatest length of a token, such as a beacon's value, in
// bytes; maxUnits the largest number of units.
const (
	maxToken = 1024
	maxUnits = math.MaxInt64
)

// A Statement is one of the statements of this package: *[Series], *[Notice],
// *[Commit], *[Reveal], *[Close], *[Pulse], *[SealedResult], *[Receipt],
// *[Event], *[Opening] or *[Void].
type Statement interface {
	// MarshalText returns the statement's one text, or an *[Error].
	MarshalText() ([]byte, error)

	// UnmarshalText reads that text and nothing else. If the text is malformed,
	// the statement is unchanged and the error is an *[Error].
	UnmarshalText(text []byte) error

	walker
}

// IDOf returns the ID of the statement with the given text.
func IDOf(suite draw.Suite, text []byte) ID { return suite.Sum(text) }

// Kind returns which statement a text is, such as "notice", by its first line.
// The text may be wrong otherwise. It returns "" if it is none.
func Kind(text []byte) string {
	line, _, _ := strings.Cut(string(text[:min(len(text), 64)]), "\n")
	for _, name := range []string{
		"series", "notice", "commit", "reveal", "close", "pulse", "sealed", "receipt", "event", "opening", "void",
	} {
		if line == header(name) {
			return name
		}
	}
	return ""
}

// New returns an empty statement of the kind that [Kind] returns, or nil.
func New(kind string) Statement {
	switch kind {
	case "series":
		return new(Series)
	case "notice":
		return new(Notice)
	case "commit":
		return new(Commit)
	case "reveal":
		return new(Reveal)
	case "close":
		return new(Close)
	case "pulse":
		return new(Pulse)
	case "sealed":
		return new(SealedResult)
	case "receipt":
		return new(Receipt)
	case "event":
		return new(Event)
	case "opening":
		return new(Opening)
	case "void":
		return new(Void)
	}
	return nil
}

// word returns the word of a value, or its number.
func word[T ~uint8](words []string, v T) string {
	if v == 0 || int(v) >= len(words) {
		return fmt.Sprintf("word(%d)", uint8(v))
	}
	return words[v]
}

func hashText(id ID) string {
	if id == (ID{}) {
		return none
	}
	return hex.EncodeToString(id[:])
}
