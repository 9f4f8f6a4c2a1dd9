package draw

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/doublerandom/doublerandom/internal/label"
)

// The purposes of the keys that a draw derives from its seed (SPEC.md, Keys).
const (
	purposeSelect    = "select"     // tickets of units; with the stratum's label
	purposeCell      = "cell"       // tickets of cells; with the stratum's label
	purposeWheel     = "wheel"      // start of the wheel over cells; with the stratum's label
	purposeQuota     = "quota"      // start of the wheel over strata
	purposeQuotaCell = "quota-cell" // tickets of strata
)

// A Seed is the 32 bytes that a draw is derived from.
type Seed [32]byte

// String returns the seed as 64 lower-case hexadecimal digits.
func (s Seed) String() string { return hex.EncodeToString(s[:]) }

// ParseSeed returns the seed with the given text of 64 lower-case hexadecimal
// digits.
func ParseSeed(text string) (Seed, error) {
	h, err := parseHex(text, len(Seed{}))
	if err != nil {
		return Seed{}, fmt.Errorf("draw: seed %w", err)
	}
	return Seed(h), nil
}

// A Hash is a digest under a draw's suite.
type Hash = [32]byte

// A Ticket is the number by which units of one weight are ordered: the first 16
// bytes of H(key ‖ id), big-endian. It depends on nothing but the key and the
// ID: not on the order of the list, nor on who else is in it.
type Ticket [16]byte

// String returns the ticket as 32 lower-case hexadecimal digits.
func (t Ticket) String() string { return hex.EncodeToString(t[:]) }

// Compare returns -1, 0 or 1 as t is below, equal to or above u.
func (t Ticket) Compare(u Ticket) int { return bytes.Compare(t[:], u[:]) }

// high returns the ticket's first eight bytes as a number.
func (t *Ticket) high() uint64 { return binary.BigEndian.Uint64(t[:8]) }

// ticket returns the ticket of an ID under a key.
func ticket(h *digest.Hasher, key *[32]byte, id string) Ticket {
	var buf [32 + 64]byte
	sum := h.Sum(append(append(buf[:0], key[:]...), id...))
	return Ticket(sum[:16])
}

// An entry is a ticket with the ID that it was drawn for.
type entry struct {
	ticket Ticket
	id     string
}

// compareEntries orders entries by ticket, then by the bytes of the ID.
func compareEntries(a, b entry) int {
	if c := a.ticket.Compare(b.ticket); c != 0 {
		return c
	}
	return strings.Compare(a.id, b.id)
}

// parseHex returns the n bytes spelled by 2n lower-case hexadecimal digits.
func parseHex(text string, n int) ([]byte, error) {
	if len(text) != 2*n {
		return nil, fmt.Errorf("%s is not %d lower-case hexadecimal digits", label.Quote(text), 2*n)
	}
	b := make([]byte, n)
	if _, err := hex.Decode(b, []byte(text)); err != nil || strings.ToLower(text) != text {
		return nil, fmt.Errorf("%s is not %d lower-case hexadecimal digits", label.Quote(text), 2*n)
	}
	return b, nil
}
