// Package statement holds the statements that a public draw consists of. Each
// has one text, is identified by the hash of that text, and is signed as a note
// (C2SP signed-note).
//
//   - [Series], by the regulator, once: authority and scope, keys, contributors
//     and their hash chains, witnesses, rules. It stops rules that change from
//     draw to draw, and parallel series.
//   - [Notice], by the regulator: what will be drawn, from which frame, with
//     which contributors, beacon and round, and by when. It stops edits after
//     the fact, redraws, the choice of a round, and late parameters.
//   - [Commit], by each contributor: the hash of a secret value for this notice.
//     It stops copying and replay.
//   - [Reveal], by each contributor: that value, or the next of its hash chain.
//   - [Close], by the regulator, before the round: which contributions count,
//     and who is to blame for the missing ones. It stops the choice, after the
//     pulse, of which contributions arrived.
//   - [Pulse], what the beacon said in the announced round. It stops a regulator
//     who colludes with every contributor.
//   - [Sealed], by the regulator, at once: the root of the salted tree over the
//     whole result. It stops "we decided later".
//   - [Receipt], by the regulator, for one unit: its rows and their proofs. It
//     stops "you picked me yesterday"; the others stay unknown.
//   - [Event], by the regulator, when it happens: a skip, substitution or
//     recusal with its reason, hidden until the opening. It stops substitutions
//     without a trace.
//   - [Opening], by the regulator, by the deadline: the sealing secret. A missing
//     one breaks the series.
//   - [Void], by the regulator: why a draw does not count. It stops drawing until
//     one likes it, and leaves an honest repair possible.
//
// A statement is made by filling in its struct and calling [Sign], and read by
// [Open] and [Signed.Statement]. Notices, closes and sealed results carry
// witnesses' cosignatures with time, too: [CosignatureSigner],
// [CosignatureVerifier], [CosignedAt]. The values that statements commit to are
// computed by [CommitmentOf], [ChainEnd], [SecretCommitment],
// [Event.Commitment], [Public] and [AppendLeaf].
//
// A text is lines of a keyword and fields with single spaces; every value has
// one spelling. Each type's comment gives its lines, with the names of fields,
// where | separates alternatives. A hash is 64 lower-case hexadecimal digits, a
// time is in UTC in whole seconds, as 2026-11-24T03:00:00Z. Hashes and salts
// that are all zero, and empty texts, are absent; "none" stands for them where
// the lines say so, and elsewhere they are refused.
//
// Statements are plain values. Their methods but UnmarshalText do not change
// them. All errors begin with "statement: ".
package statement

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/lines"
)

// MaxText is the greatest size of a statement's text in bytes.
const MaxText = 256 << 10

// MaxContributors is the greatest number of contributors, and of witnesses.
const MaxContributors = 64

// maxLine is the greatest length of a line: a pulse's is the longest.
const maxLine = 4096

// An ID is the suite's hash of a statement's text: final newline included, blank
// line and signatures not. Under SHA-256 it is what sha256sum prints. The zero
// ID stands for an absent one.
type ID = draw.Hash

// A TextError is an error in a line of a statement's text, or in the field that
// would be written there. Its What is "statement: " and the statement's name,
// Line is counted from 1, and Text says what is wrong.
type TextError = lines.Error

// A Statement is one of the eleven types of this package, by pointer.
type Statement interface {
	// Kind returns the name in the header, such as "notice".
	Kind() string
	// MarshalText returns the statement's one text. It returns an error where
	// UnmarshalText would refuse that text.
	MarshalText() ([]byte, error)
	// UnmarshalText reads the statement's one text. After an error the statement
	// is unchanged.
	UnmarshalText(text []byte) error
	// MarshalJSON returns a view for services. It is never hashed or read.
	MarshalJSON() ([]byte, error)

	describe(c *lines.Codec)
}

// IDOf returns the ID of the statement with the given text.
func IDOf(suite draw.Suite, text []byte) ID { return suite.Sum(text) }

// Header returns which statement a text is by its first line, such as "notice",
// or "" if it is none.
func Header(text []byte) string {
	line, _, _ := bytes.Cut(text[:min(len(text), 64)], []byte("\n"))
	kind, ok := strings.CutPrefix(string(line), "doublerandom/")
	if kind, ok = strings.CutSuffix(kind, "/v1"); ok && fresh(kind) != nil && header(kind) == string(line) {
		return kind
	}
	return ""
}

// Parse reads a statement's text; the first line says which it is.
func Parse(text []byte) (Statement, error) {
	s := fresh(Header(text))
	if s == nil {
		line, _, _ := bytes.Cut(text, []byte("\n"))
		return nil, fmt.Errorf("statement: %s is not the first line of a statement", lines.Quote(string(line)))
	}
	if err := s.UnmarshalText(text); err != nil {
		return nil, err
	}
	return s, nil
}

func fresh(kind string) Statement {
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
		return new(Sealed)
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

func header(kind string) string { return "doublerandom/" + kind + "/v1" }

func limits(kind string) lines.Format {
	return lines.Format{What: "statement: " + kind, Most: maxLine, Total: MaxText}
}

// describe describes a whole text: the header and what the statement adds.
func describe(s Statement) func(*lines.Codec) {
	return func(c *lines.Codec) {
		c.Header(header(s.Kind()))
		s.describe(c)
	}
}

func marshal(s Statement) ([]byte, error) { return lines.Write(limits(s.Kind()), describe(s)) }

func view(s Statement) ([]byte, error) { return lines.View(limits(s.Kind()), describe(s)) }

// unmarshal sets *s to the statement with the given text, if it is one.
func unmarshal[T any, P interface {
	*T
	Statement
}](s P, text []byte) error {
	var read T
	if err := lines.Read(limits(s.Kind()), text, describe(P(&read))); err != nil {
		return err
	}
	*s = read
	return nil
}
