// Package draw draws at random from a frozen frame so that everybody can check
// it.
//
// A draw has these steps:
//
//  1. The frame is frozen: [registry.Registry.Frame] or [registry.ParseFrame].
//  2. Quotas are computed, exact fractions by stratum: [Rate], [Proportional],
//     [Neyman], [Power] and others, rounded by [RoundUp] or [HighestAverages] or
//     left to the wheel.
//  3. The plan fixes frame, quotas and reserves before the seed is known:
//     [NewPlan]. Its text is published.
//  4. A seed of 32 bytes is made by means that nobody controls: a public draw,
//     below.
//  5. The draw follows from plan and seed, with no choice left: [Run]. Its
//     result's text is published.
//  6. Anybody re-derives it: [ParsePlan], [registry.ParseFrame], [ParseResult]
//     and [Check]. One company asks why it was drawn or not: [Result.Explain].
//
// # A public draw
//
// The folders below turn this into a protocol that nobody can steer:
//
//   - statement: what is published, as signed notes: series, notice, commits,
//     reveals, close, pulse, sealed result, receipts, events, opening, void.
//   - beacon: randomness from public numbers that nobody knew at the notice.
//   - ceremony: the regulator's side, step by step, from Announce to Open.
//   - seal: the sealed result and the receipts.
//   - audit: everybody's side: Verify, VerifySeries and VerifyReceipt.
//   - teams: who inspects the drawn units, with package matching.
//   - estimate: what the findings tell of the whole frame.
//
// # Exactness
//
// The draw uses whole numbers only and gives the same result on every machine.
// Each unit's chance is exactly n·w/W. Every byte of the texts, keys and tickets
// is specified in SPEC.md beside this file, with test vectors.
//
// All functions are deterministic: there is no clock, no hidden randomness and
// no state. All types are immutable and safe for concurrent use.
package draw

import (
	"bytes"
	"fmt"

	"github.com/doublerandom/doublerandom/registry"
)

// Run draws from the frame as the plan says, under a seed. The frame's strata
// must be those of the plan; whether it is the very frame that the plan fixes is
// for [Plan.CheckFrame], which hashes it all and which [Check] calls.
func Run(plan *Plan, frame *registry.Frame, seed Seed) (*Result, error) {
	selection, err := NewSelection(plan, seed, Count(frame))
	if err != nil {
		return nil, err
	}
	part, err := selection.Shard(frame)
	if err != nil {
		return nil, err
	}
	return selection.Result(part)
}

// Check returns nil if frame is the one that the plan fixes and published is
// exactly the result of the draw under published's seed. Otherwise its error
// says what differs, with both values. Whether that is the right seed is for the
// caller.
func Check(plan *Plan, frame *registry.Frame, published *Result) error {
	if published.planID != plan.id {
		return fmt.Errorf("draw: result is for plan %x, expected %x", published.planID, plan.id)
	}
	if err := plan.CheckFrame(frame); err != nil {
		return err
	}
	return CheckDraw(plan, frame, published)
}

// CheckDraw is [Check] without [Plan.CheckFrame]: for a frame that was already
// compared with the plan, or by [Plan.CheckSaltedFrame].
func CheckDraw(plan *Plan, frame *registry.Frame, published *Result) error {
	if published.planID != plan.id {
		return fmt.Errorf("draw: result is for plan %x, expected %x", published.planID, plan.id)
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

// compareLines returns an error that names the first line in which a published
// result differs from the derived one.
func compareLines(have, want []byte) error {
	for line := 1; len(have) > 0 || len(want) > 0; line++ {
		h, w := cutLine(&have), cutLine(&want)
		if h != w {
			// Not cut: lines are at most maxResultLine long, and may differ late.
			return fmt.Errorf("draw: result line %d is %q, derived %q", line, h, w)
		}
	}
	return nil
}

// cutLine removes the first line of text and returns it without its newline.
func cutLine(text *[]byte) string {
	line, rest, _ := bytes.Cut(*text, []byte("\n"))
	*text = rest
	return string(line)
}
