package coverage

import (
	"fmt"
	"sort"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/internal/merkle"
	"github.com/doublerandom/doublerandom/registry"
)

// purposeSalt is the purpose of the key of a seal's salts, from the seal's secret,
// with the plan's ID and the seed (SPEC.md, Seals).
const purposeSalt = "coverage-salt"

// A Seal fixes a schedule that is not public yet: a Merkle tree (RFC 6962) with a
// leaf for each unit that says in which batch it is. Each leaf has a salt, so that
// neither root nor receipt tells anything of other units. It is immutable and safe
// for concurrent use.
//
// Salts come from a secret of their own, not from the seed alone: a leaf shows
// weight and stratum, and these may have to stay private after the seed is shown.
type Seal struct {
	schedule *Schedule
	key      [32]byte // of the salts
	count    int
	at       func(i int) Due
	tree     *merkle.Tree
}

// NewSeal returns the seal of a schedule: a leaf for each unit of the frame, in
// its order. The secret is fresh, random, and used for this plan only.
func NewSeal(schedule *Schedule, frame *registry.Frame, secret [32]byte) (*Seal, error) {
	batches, err := schedule.batchesOfAll(frame)
	if err != nil {
		return nil, err
	}
	return newSeal(schedule, secret, len(batches), func(i int) Due { return Due{Unit: frame.At(i), Batch: batches[i]} })
}

// NewNewcomerSeal returns the seal of newcomers of a sealed schedule, under the
// same secret: a leaf for each, in the order of ID bytes. Whoever publishes its
// root when the newcomers are registered can give them receipts, too. The errors
// are those of [Schedule.Place], and there must be newcomers, each once.
func NewNewcomerSeal(schedule *Schedule, frame *registry.Frame, newcomers []Newcomer, secret [32]byte) (*Seal, error) {
	if len(newcomers) == 0 {
		return nil, fmt.Errorf("coverage: no newcomers to seal")
	}
	placed, err := schedule.placeAll(frame, newcomers)
	if err != nil {
		return nil, err
	}
	return newSeal(schedule, secret, len(placed), func(i int) Due { return placed[i] })
}

func newSeal(schedule *Schedule, secret [32]byte, count int, at func(i int) Due) (*Seal, error) {
	if secret == [32]byte{} {
		return nil, fmt.Errorf("coverage: the secret of the seal is all zeros")
	}
	suite := schedule.plan.suite
	key, err := derive.Key(suite.Hash, secret[:], purposeSalt, string(schedule.plan.id[:]), string(schedule.seed[:]))
	if err != nil {
		return nil, schedule.deriveError(err)
	}
	s := &Seal{schedule: schedule, key: key, count: count, at: at}
	s.tree, err = merkle.New(suite.Hash, count, func(i int, buf []byte) []byte {
		d := at(i)
		return appendLeaf(buf, d.Unit, d.Registered, schedule.plan.batches[d.Batch].Label, s.salt(d.Unit.ID))
	})
	if err != nil {
		return nil, schedule.deriveError(err)
	}
	return s, nil
}

// salt returns the salt of an ID.
func (s *Seal) salt(id string) registry.Salt {
	var buf [32 + 64]byte
	sum := s.schedule.plan.suite.Sum(append(append(buf[:0], s.key[:]...), id...))
	return registry.Salt(sum[:16])
}

// inFrame stands in a leaf for a unit of the frame, where newcomers have a day.
const inFrame = "frame"

// appendLeaf appends the leaf "id stratum weight registered batch salt".
func appendLeaf(b []byte, unit registry.Unit, registered registry.Date, batch string, salt registry.Salt) []byte {
	b, _ = unit.AppendText(b) // units are well-formed here
	return fmt.Appendf(b, " %s %s %s", sinceText(registered), batch, salt)
}

func sinceText(registered registry.Date) string {
	if registered.IsZero() {
		return inFrame
	}
	return registered.String()
}

// Root returns the root, which is published before the first batch.
func (s *Seal) Root() draw.Hash { return s.tree.Root() }

// Receipt returns the receipt of one unit, for the day of its inspection. It
// returns an error if the seal has no such unit.
func (s *Seal) Receipt(id string) (*Receipt, error) {
	i := sort.Search(s.count, func(i int) bool { return s.at(i).Unit.ID >= id })
	if i == s.count || s.at(i).Unit.ID != id {
		return nil, fmt.Errorf("coverage: id %q is not in the seal", id)
	}
	d := s.at(i)
	plan := s.schedule.plan
	return &Receipt{
		Plan: plan.id, Root: s.Root(), Units: uint64(s.count), Index: uint64(i),
		Unit: d.Unit, Registered: d.Registered, Batch: plan.batches[d.Batch].Label,
		Salt: s.salt(id), Path: s.tree.Prove(i),
	}, nil
}

// CheckOpening returns nil if the opened schedule is the one that follows from
// plan, frame and its seed, and if root is the root of its seal under the secret
// shown with it. Whether frame is the one of the plan is for [Plan.CheckFrame] or
// [Plan.CheckSaltedFrame]. A seal of newcomers is opened by making it anew.
func CheckOpening(plan *Plan, frame *registry.Frame, opened *Schedule, secret [32]byte, root draw.Hash) error {
	if err := CheckSchedule(plan, frame, opened); err != nil {
		return err
	}
	seal, err := NewSeal(opened, frame, secret)
	if err != nil {
		return err
	}
	if got := seal.Root(); got != root {
		return fmt.Errorf("coverage: seal of the opened schedule has root %x, the published one is %x", got, root)
	}
	return nil
}
