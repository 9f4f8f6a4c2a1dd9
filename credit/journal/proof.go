package journal

import (
	"fmt"

	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/internal/merkle"
)

// A Proof shows that a record is in the journal of a head. Its holder learns
// nothing of other records, unless they can be guessed: the hash of the next
// record is in some proofs, and guesses of it can be tested.
type Proof struct {
	Index    uint64 // of the record, from 0
	Size     uint64 // of the head
	Previous Hash   // hash of the record before, or of the header
	Path     []Hash // audit path of RFC 6962, section 2.1.1, from the leaf upwards
}

// A ConsistencyProof shows that the journal of one head is the beginning of that of
// another: that nothing was changed, only added.
type ConsistencyProof struct {
	From uint64 // size of the older head
	To   uint64 // size of the newer head
	Path []Hash // consistency proof of RFC 6962, section 2.1.2; empty if From is 0 or To
}

// Prove returns the proof of record i for the head of size records. It is an error
// unless i < size and the journal has that many. It asks for the record's bytes of
// nobody: the caller has them from [Journal.Append] or [ReadRecords].
func (j *Journal) Prove(i, size uint64) (Proof, error) {
	if size > j.Len() || i >= size {
		return Proof{}, fmt.Errorf("journal: proof of record %d in %d, the journal has %d", i, size, j.Len())
	}
	return Proof{i, size, j.previous(i), j.tree.Prove(int(i), int(size))}, nil
}

// ProveConsistency returns the proof that the head of from records is of the
// beginning of the journal of to records. It is an error unless from ≤ to and the
// journal has that many.
func (j *Journal) ProveConsistency(from, to uint64) (ConsistencyProof, error) {
	if to > j.Len() || from > to {
		return ConsistencyProof{}, fmt.Errorf("journal: proof from %d to %d records, the journal has %d", from, to, j.Len())
	}
	return ConsistencyProof{from, to, j.tree.ProveConsistency(int(from), int(to))}, nil
}

// CheckRecord returns nil if the proof shows that the record with these bytes is
// in the journal of the head, at the place that the proof names. Whether to trust the
// head, and the suite under its name, is for the caller to know. It returns an
// error that says what is wrong otherwise.
func CheckRecord(suite Suite, head Head, record []byte, p Proof) error {
	f, err := head.check(suite)
	if err != nil {
		return err
	}
	fail := func(format string, args ...any) error {
		return fmt.Errorf("journal: record %d of %d: %w", p.Index, head.Size, fmt.Errorf(format, args...))
	}
	if p.Size != head.Size {
		return fail("the proof is for a head of %d records", p.Size)
	}
	if text := recordProblem(record); text != "" {
		return fail("%s", text)
	}
	line := appendStart(make([]byte, 0, maxStart+len(record)), p.Index, p.Previous)
	h := f.Sum(append(line, record...))
	if err := merkle.Check(suite.New, head.Root, p.Size, p.Index, h[:], p.Path); err != nil {
		return fail("%w", err)
	}
	if p.Index == p.Size-1 && h != head.Last {
		return fail("it has the hash %x, expected %x, the last of the head", h, head.Last)
	}
	return nil
}

// CheckConsistency returns nil if the proof shows that the journal of the older
// head is the beginning of that of the newer one. It returns an error that says
// what is wrong otherwise: two heads of one origin that no proof fits are evidence
// that the journal was rewritten.
func CheckConsistency(suite Suite, older, newer Head, p ConsistencyProof) error {
	for _, h := range [...]Head{older, newer} {
		if _, err := h.check(suite); err != nil {
			return err
		}
	}
	fail := func(format string, args ...any) error {
		return fmt.Errorf("journal: heads of %d and %d records: %w", older.Size, newer.Size, fmt.Errorf(format, args...))
	}
	switch {
	case older.Origin != newer.Origin:
		return fail("the origins are %s and %s", label.Quote(older.Origin), label.Quote(newer.Origin))
	case p.From != older.Size || p.To != newer.Size:
		return fail("the proof is from %d to %d", p.From, p.To)
	case older.Size == newer.Size && older.Last != newer.Last:
		return fail("the last hashes are %x and %x", older.Last, newer.Last)
	}
	if err := merkle.CheckConsistency(suite.New, p.From, p.To, older.Root, newer.Root, p.Path); err != nil {
		return fail("%w", err)
	}
	return nil
}

// check returns the suite's function, if the head is one of that suite.
func (h Head) check(suite Suite) (digest.Func, error) {
	f, err := suite.check()
	if err != nil {
		return f, err
	}
	if text := h.problem(); text != "" {
		return f, fmt.Errorf("journal: head: %s", text)
	}
	if h.Suite != suite.Name {
		return f, fmt.Errorf("journal: head of %d records: the suite is %s, expected %s", h.Size, label.Quote(h.Suite), label.Quote(suite.Name))
	}
	return f, nil
}
