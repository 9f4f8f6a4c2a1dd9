package audit

import (
	"errors"
	"fmt"

	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/label"
)

// checkBeacon checks beacon, round, time, entropy and value.
func (a *audit) checkBeacon() {
	n := a.notice
	if n.Beacon == "" {
		if a.pulse != nil {
			a.r.wrong(CheckBeacon, "there is a pulse of %s, but the notice has no beacon", label.Quote(a.pulse.Beacon))
		}
		a.pulseOK = true
		if a.policy.Entropy > 0 {
			a.r.differ(CheckBeacon, Wrong, "no beacon", fmt.Sprintf("at least %d bits", a.policy.Entropy), "the draw has no beacon, which the policy demands")
			return
		}
		a.r.skip(CheckBeacon, "the draw has no beacon: it is fair if one contributor is honest and no reveal was withheld")
		return
	}
	a.checkPulse()
	rule := a.policy.rule(n.Beacon)
	if rule == nil {
		a.r.missing(CheckBeacon, "the policy says nothing of beacon %s", label.Quote(n.Beacon))
		return
	}
	b, err := a.policy.beacon(n.Beacon)
	if err != nil {
		a.r.missing(CheckBeacon, "%s", err.Error())
		return
	}
	a.checkEntropy(b)
	a.checkRoundTime()
	if a.pulse == nil {
		return
	}
	canonical, err := b.Verify(n.Round, a.pulse.Value, a.pulse.Proof)
	var unknown *beacon.UnknownRoundError
	var mismatch *beacon.MismatchError
	switch {
	case errors.As(err, &unknown):
		a.r.missing(CheckBeacon, "the policy has no value of %s for round %s", label.Quote(n.Beacon), label.Quote(n.Round))
	case errors.As(err, &mismatch):
		a.r.differ(CheckBeacon, Wrong, label.Quote(mismatch.Have), label.Quote(mismatch.Want), "the value of round %s is not the policy's", label.Quote(n.Round))
	case err != nil:
		a.r.wrong(CheckBeacon, "%s", err.Error())
	default:
		if a.r.equal(CheckBeacon, label.Quote(a.pulse.Value), label.Quote(canonical), "the value is not in canonical spelling") {
			a.r.conclude(CheckBeacon, "round %s of %s has this value, of %d bits of entropy", label.Quote(n.Round), label.Quote(n.Beacon), b.EntropyBits(n.Round))
		}
	}
}

// checkPulse compares the pulse with notice and close.
func (a *audit) checkPulse() {
	n, p := a.notice, a.pulse
	if p == nil {
		switch {
		case a.sealed != nil || a.opening != nil:
			a.absent(CheckBeacon, "%s is missing or cannot be used", FilePulse)
		case a.policy.At.After(n.PulseAt):
			a.absent(CheckBeacon, "%s is missing or cannot be used, though the round was due at %s", FilePulse, stamp(n.PulseAt))
		default:
			a.r.skip(CheckBeacon, "the round is due at %s", stamp(n.PulseAt))
		}
		return
	}
	same := a.r.equal(CheckBeacon, label.Quote(p.Beacon), label.Quote(n.Beacon), "the pulse is of another beacon than announced")
	same = a.r.equal(CheckBeacon, label.Quote(p.Round), label.Quote(n.Round), "the pulse is of another round than announced") && same
	if a.close != nil {
		same = a.r.equal(CheckBeacon, hexOf(p.Close), hexOf(a.id(FileClose)), "the pulse is for another close") && same
	}
	if same {
		a.canonical, a.pulseOK = p.Value, true
	}
}

// checkEntropy compares the beacon's entropy with the policy's floor and that of
// the series.
func (a *audit) checkEntropy(b beacon.Beacon) {
	floor := a.policy.Entropy
	if a.series != nil {
		floor = max(floor, int(a.series.Entropy)) // at most 4096
	}
	if have := b.EntropyBits(a.notice.Round); have < floor {
		a.r.differ(CheckBeacon, Wrong, fmt.Sprintf("%d bits", have), fmt.Sprintf("at least %d bits", floor),
			"beacon %s is weak in round %s: whoever prepares the draw could try many notices", label.Quote(b.Name()), label.Quote(a.notice.Round))
	}
}

// checkRoundTime compares when the round's value became public with the notice.
func (a *audit) checkRoundTime() {
	n := a.notice
	at, ok := a.policy.timeOf(n.Beacon, n.Round)
	switch {
	case !ok && a.pulse == nil:
	case !ok:
		a.r.differ(CheckBeacon, NotProven, "unknown", "a time in the policy", "when round %s of %s became public is not known", label.Quote(n.Round), label.Quote(n.Beacon))
	case at.Before(n.PulseAt):
		a.r.differ(CheckBeacon, Wrong, stamp(at), "not before "+stamp(n.PulseAt), "round %s was public earlier than the notice says", label.Quote(n.Round))
	}
}

// checkOpening checks the secret and the duty to open.
func (a *audit) checkOpening() {
	n, o := a.notice, a.opening
	if !a.sealedMode() {
		a.secretOK = true
		if o == nil {
			a.r.skip(CheckOpening, "an open draw has no secret to open")
			return
		}
		if a.r.equal(CheckOpening, hexOf(o.Secret), "none", "the opening of an open draw shows a secret") {
			a.r.ok(CheckOpening, "the draw is open: there was no secret")
		}
		return
	}
	if o == nil {
		a.unopened()
		return
	}
	if o.Secret == (statement.ID{}) {
		a.r.wrong(CheckOpening, "the opening shows no secret")
		return
	}
	secret := [32]byte(o.Secret)
	if have := statement.SecretCommitment(a.suite, secret); !a.r.equal(CheckOpening, hexOf(have), hexOf(n.Secret), "the secret is not the one that the notice commits to") {
		return
	}
	a.secret, a.secretOK = &secret, true
	if a.sealed == nil && a.void == nil {
		a.r.missing(CheckOpening, "%s is missing or cannot be used", FileSealed)
	}
	if a.sealed != nil {
		a.r.equal(CheckOpening, hexOf(o.Sealed), hexOf(a.id(FileSealed)), "the opening is about another sealed result")
	}
	a.r.conclude(CheckOpening, "the secret is the one that the notice commits to")
}

// unopened reports on a sealed draw without an opening.
func (a *audit) unopened() {
	n := a.notice
	late := a.policy.At.After(n.OpenBy)
	switch {
	case a.void != nil && !a.void.Duty:
		a.r.skip(CheckOpening, "the draw was called off before its secret mattered")
	case late:
		a.r.differ(CheckOpening, Wrong, "no opening", "an opening by "+stamp(n.OpenBy), "the draw was not opened in time")
	default:
		a.r.skip(CheckOpening, "still secret, to be opened by %s", stamp(n.OpenBy))
	}
}

// checkDerivation derives the seed.
func (a *audit) checkDerivation() {
	a.readResult()
	switch {
	case a.close == nil:
		a.r.skip(CheckDerivation, "without a close there is no seed")
		return
	case !a.complete || !a.pulseOK:
		if a.notice.Beacon != "" && a.pulse == nil {
			a.r.skip(CheckDerivation, "without a pulse there is no seed")
		} else {
			a.absent(CheckDerivation, "a value that enters the seed is missing or wrong")
		}
		return
	case !a.secretOK:
		if a.opening == nil {
			a.r.skip(CheckDerivation, "the seed is secret until the opening")
		} else {
			a.absent(CheckDerivation, "the secret that enters the seed is wrong")
		}
		return
	}
	a.seed = statement.Seed(a.suite, a.id(FileNotice), a.canonical, a.values, a.secret)
	a.seedOK = true
	if a.published != nil && !a.r.equal(CheckDerivation, a.published.Seed().String(), a.seed.String(), "the published result has another seed than the statements lead to") {
		return
	}
	a.r.conclude(CheckDerivation, "the seed follows from notice, pulse and %d counted values", len(a.values))
}
