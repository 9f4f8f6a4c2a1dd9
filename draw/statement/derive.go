package statement

import (
	"crypto/hmac"
	"fmt"
	"hash"
	"strconv"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/registry"
)

// hashParts returns H over the purpose and parts, each behind its length.
func hashParts(suite draw.Suite, purpose string, parts ...string) ID {
	return suite.Sum([]byte(derive.Info(purpose, parts...)))
}

// CommitmentOf returns the commitment of a contributor to a value: H of "commit",
// the notice's ID, the contributor's name, value and nonce. The notice in it
// stops replays, the name copying.
func CommitmentOf(suite draw.Suite, notice ID, contributor string, value, nonce ID) ID {
	return hashParts(suite, "commit", string(notice[:]), contributor, string(value[:]), string(nonce[:]))
}

// ChainLink returns the link after value in a contributor's hash chain: H of
// "chain", the contributor's name and value. The end of a chain of length n is n
// links after its first secret; draw number k of the series shows the value that
// is k links before the end.
func ChainLink(suite draw.Suite, contributor string, value ID) ID {
	return hashParts(suite, "chain", contributor, string(value[:]))
}

// CheckChain returns nil if value is what a contributor's chain shows in draw
// number k. It takes k hashes.
func CheckChain(suite draw.Suite, chain Chain, k uint64, value ID) error {
	if k < 1 || k > chain.Length || chain.Length > MaxChain {
		return fmt.Errorf("statement: chain of %q: draw %d, expected 1 to %d", chain.Contributor, k, min(chain.Length, MaxChain))
	}
	end := value
	for range k {
		end = ChainLink(suite, chain.Contributor, end)
	}
	if end != chain.End {
		return fmt.Errorf("statement: chain of %q: the value for draw %d leads to %x, expected %x", chain.Contributor, k, end, chain.End)
	}
	return nil
}

// SecretCommitment returns the commitment to a sealing secret: H of "secret" and
// the secret of exactly 32 bytes.
func SecretCommitment(suite draw.Suite, secret [32]byte) ID {
	return hashParts(suite, "secret", string(secret[:]))
}

// EventCommitment returns the commitment to a hidden event.
func EventCommitment(suite draw.Suite, sequence uint64, d Detail) ID {
	return hashParts(suite, "event", strconv.FormatUint(sequence, 10), d.Kind.String(), d.Subject, d.Replacement, d.Reason, string(d.Nonce[:]))
}

// A Value is what one contributor brought to a draw.
type Value struct {
	Contributor string // name of the contributor
	Value       ID     // the value that it revealed
}

// Seed returns the seed of a draw, nobody's choice: H of "public", the notice's
// ID, the beacon's canonical value ("" without a beacon), and name and value of
// each contribution that the close counts, in its order. In a sealed draw that is
// hashed once more with the sealing secret as key: HMAC-H(secret, public). A nil
// secret means an open draw.
//
// Nothing that the regulator writes after the first reveal enters the seed: of a
// close's ID, say, it could try many dates where the beacon is foreseeable.
func Seed(suite draw.Suite, notice ID, pulse string, values []Value, secret *[32]byte) draw.Seed {
	parts := []string{string(notice[:]), pulse}
	for _, v := range values {
		parts = append(parts, v.Contributor, string(v.Value[:]))
	}
	public := hashParts(suite, "public", parts...)
	if secret == nil {
		return draw.Seed(public)
	}
	mac := hmac.New(func() hash.Hash { return suite.Hash() }, secret[:])
	mac.Write(public[:])
	return draw.Seed(mac.Sum(nil))
}

// A SealedLeaf is a leaf of the sealed tree.
type SealedLeaf struct {
	ID        string        // ID of the unit
	Outcome   Outcome       // what was drawn
	Rank      uint64        // rank in its cell if drawn or a reserve, otherwise 0
	Extension ID            // what else is fixed for the unit; zero if nothing
	Salt      registry.Salt // see [SaltKey]
}

// AppendTo appends the leaf's bytes to b: ID, outcome, rank, extension or "none"
// and salt, with single spaces and without a newline.
func (l SealedLeaf) AppendTo(b []byte) []byte {
	b = append(append(b, l.ID...), ' ')
	b = append(append(b, l.Outcome.String()...), ' ')
	b = append(strconv.AppendUint(b, l.Rank, 10), ' ')
	b, _ = hashField{&l.Extension, true}.format(b) // an optional hash is never wrong
	b, _ = saltField{s: &l.Salt}.format(append(b, ' '))
	return b
}

// SaltKey returns the key of the salts of a draw's sealed tree: the salt of a
// unit is the first 16 bytes of H(key ‖ ID).
func SaltKey(suite draw.Suite, seed draw.Seed) ([32]byte, error) {
	return derive.Key(suite.Hash, seed[:], "salt")
}

// LeafSalt returns the salt of a unit under the key of [SaltKey].
func LeafSalt(suite draw.Suite, key [32]byte, id string) registry.Salt {
	var buf [32 + 64]byte
	sum := suite.Sum(append(append(buf[:0], key[:]...), id...))
	return registry.Salt(sum[:16])
}
