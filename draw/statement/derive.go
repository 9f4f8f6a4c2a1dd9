package statement

import (
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/registry"
)

// The purposes of hashes (SPEC.md).
const (
	purposeCommit = "commit"
	purposeChain  = "chain"
	purposeSecret = "secret"
	purposePublic = "public"
	purposeEvent  = "event"
)

// sum returns the suite's hash of the purpose and parts, each behind its length.
func sum(suite draw.Suite, purpose string, parts ...string) ID {
	return suite.Sum([]byte(derive.Info(purpose, parts...)))
}

// CommitmentOf returns what a contributor commits to for the draw with the given
// notice: the hash of notice, name, value and nonce. Nonce is random and secret
// until the reveal.
func CommitmentOf(suite draw.Suite, notice ID, contributor string, value, nonce [32]byte) ID {
	return sum(suite, purposeCommit, string(notice[:]), contributor, string(value[:]), string(nonce[:]))
}

// ChainLink returns the value after x in a contributor's hash chain.
func ChainLink(suite draw.Suite, contributor string, x [32]byte) [32]byte {
	return sum(suite, purposeChain, contributor, string(x[:]))
}

// ChainEnd returns the value that is length steps after x in a contributor's
// hash chain, 0 to [MaxChain]. With a chain's first secret and whole length it
// is the chain's end; draw number k reveals the value length−k steps after the
// first, which is k steps before the end.
func ChainEnd(suite draw.Suite, contributor string, x [32]byte, length uint64) ([32]byte, error) {
	if length > MaxChain {
		return [32]byte{}, fmt.Errorf("statement: chain of length %d, expected at most %d", length, MaxChain)
	}
	for range length {
		x = ChainLink(suite, contributor, x)
	}
	return x, nil
}

// SecretCommitment returns the notice's commitment to the sealing secret. A
// secret of 32 equal bytes is an error: it was never drawn.
func SecretCommitment(suite draw.Suite, secret [32]byte) (ID, error) {
	if weak(secret) {
		return ID{}, fmt.Errorf("statement: secret is 32 equal bytes")
	}
	return sum(suite, purposeSecret, string(secret[:])), nil
}

// weak reports whether all bytes of a secret are equal.
func weak(secret [32]byte) bool {
	for _, b := range secret {
		if b != secret[0] {
			return false
		}
	}
	return true
}

// Public returns the public value P of a draw, which everybody can compute after
// the pulse: the hash of the notice's and the close's IDs, the pulse's value as
// text ("" without a beacon) and the counted values in the close's order. It is
// the seed of an open draw.
func Public(suite draw.Suite, notice, close ID, pulse string, values [][32]byte) [32]byte {
	parts := []string{string(notice[:]), string(close[:]), pulse}
	for _, v := range values {
		parts = append(parts, string(v[:]))
	}
	return sum(suite, purposePublic, parts...)
}

// Commitment returns what the event is published as while it is hidden: the hash
// of sequence, kind, subject, replacement, reason and nonce.
func (s *Event) Commitment(suite draw.Suite) ID {
	return sum(suite, purposeEvent, strconv.FormatUint(s.Sequence, 10), string(s.What), s.Subject, s.Replacement, s.Reason, string(s.Nonce[:]))
}

// Hide returns the event as it is published before the opening: with the
// commitment instead of what happened.
func (s *Event) Hide(suite draw.Suite) *Event {
	return &Event{Notice: s.Notice, Sealed: s.Sealed, Sequence: s.Sequence, Previous: s.Previous, Made: s.Made, Hidden: s.Commitment(suite)}
}

// AppendLeaf appends a unit's leaf in the sealed tree to b:
//
//	<id> drawn|reserve|other <rank> <extension>|none <salt>
//
// The salt is [LeafSalt].
func AppendLeaf(b []byte, id string, outcome Outcome, rank uint64, extension ID, salt registry.Salt) []byte {
	b = append(b, id...)
	b = append(b, ' ')
	b = append(b, outcome...)
	b = append(b, ' ')
	b = strconv.AppendUint(b, rank, 10)
	b = append(b, ' ')
	if extension == (ID{}) {
		b = append(b, "none"...)
	} else {
		b = hex.AppendEncode(b, extension[:])
	}
	b = append(b, ' ')
	return hex.AppendEncode(b, salt[:])
}

// LeafSalt returns the salt of a unit's leaf: the first 16 bytes of H(key ‖ id),
// where key is the draw's key for the purpose "salt".
func LeafSalt(suite draw.Suite, key [32]byte, id string) registry.Salt {
	sum := suite.Sum(append(key[:], id...))
	return registry.Salt(sum[:16])
}
