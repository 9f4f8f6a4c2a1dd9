// Package coverage spreads everybody in a frame over the batches of a period, at
// random: for items that must reach each unit, such as every food operator at
// least once in two years, chance decides when.
//
//  1. The plan fixes frame, batches with their days, and for each cell (the units
//     of a stratum that have one weight) its share of each batch, so that risky
//     classes come earlier: [NewPlan]. Its text is published before the seed is
//     known.
//  2. A seed of 32 bytes is made by means that nobody controls, as for a draw.
//  3. The schedule follows from plan and seed, with no choice left: [Run]. In each
//     cell the units are cut into batches in the order of their tickets; each size
//     is the share, rounded down or up. Published are only the cut-offs, from
//     which each unit finds its batch: [Schedule.BatchOf].
//  4. A unit that is registered later is placed over the batches that remain:
//     [Schedule.Place]. That moves nobody, and neither does a unit that leaves.
//  5. On any day, who was inspected in its batch and who is overdue follows from
//     the visits: [Schedule.Progress].
//  6. Anybody re-derives it: [ParsePlan], [registry.ParseFrame], [ParseSchedule]
//     and [Check].
//
// One seed serves the plan from its first to its last day. An open plan publishes
// the schedule at once. A sealed one publishes a salted root instead, since the
// schedule would warn everybody: [NewSeal]. Each unit gets a receipt when it is
// inspected, which shows that its batch was fixed from the start:
// [Seal.Receipt] and [CheckReceipt]. At the end seed and schedule are shown:
// [CheckOpening].
//
// There are whole numbers only. Every byte is specified in SPEC.md beside this
// file, with an example in testdata. All functions are deterministic. All types
// are safe for concurrent use, the plain structs as long as nobody changes them.
package coverage

import (
	"bytes"
	"fmt"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/registry"
)

// Run returns the schedule of a plan under a seed. The frame's cells must be
// those of the plan; whether it is the very frame that the plan fixes is for
// [Plan.CheckFrame], which hashes it all and which [Check] calls. It uses as many
// goroutines as may run at once; the schedule is the same for any number.
func Run(plan *Plan, frame *registry.Frame, seed draw.Seed) (*Schedule, error) {
	places, err := plan.match(frame)
	if err != nil {
		return nil, err
	}
	s, err := newSchedule(plan, seed)
	if err != nil {
		return nil, err
	}
	if err := s.roundSizes(); err != nil {
		return nil, err
	}
	if err := s.cut(s.numbers(frame, places), places); err != nil {
		return nil, err
	}
	return s, nil
}

// Check returns nil if frame is the one that the plan fixes and published is
// exactly the schedule that follows from the plan and published's seed. Otherwise
// its error says what differs, with both values. Whether that is the right seed
// is for the caller.
func Check(plan *Plan, frame *registry.Frame, published *Schedule) error {
	if err := checkPlanOf(plan, published); err != nil {
		return err
	}
	if err := plan.CheckFrame(frame); err != nil {
		return err
	}
	return CheckSchedule(plan, frame, published)
}

// CheckSchedule is [Check] without [Plan.CheckFrame]: for a frame that was
// already compared with the plan, or by [Plan.CheckSaltedFrame].
func CheckSchedule(plan *Plan, frame *registry.Frame, published *Schedule) error {
	if err := checkPlanOf(plan, published); err != nil {
		return err
	}
	derived, err := Run(plan, frame, published.seed)
	if err != nil {
		return err
	}
	var have, want bytes.Buffer
	published.WriteTo(&have) // a bytes.Buffer returns no error
	derived.WriteTo(&want)
	return compareLines(have.Bytes(), want.Bytes())
}

func checkPlanOf(plan *Plan, published *Schedule) error {
	if published.plan.id != plan.id {
		return fmt.Errorf("coverage: schedule is for plan %x, expected %x", published.plan.id, plan.id)
	}
	return nil
}

// compareLines returns an error that names the first line in which a published
// schedule differs from the derived one.
func compareLines(have, want []byte) error {
	for line := 1; len(have) > 0 || len(want) > 0; line++ {
		h, restHave, _ := bytes.Cut(have, []byte("\n"))
		w, restWant, _ := bytes.Cut(want, []byte("\n"))
		if !bytes.Equal(h, w) {
			return fmt.Errorf("coverage: schedule line %d is %q, derived %q", line, h, w)
		}
		have, want = restHave, restWant
	}
	return nil
}
