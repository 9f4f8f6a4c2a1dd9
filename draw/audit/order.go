package audit

import (
	"fmt"
	"slices"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/label"
)

// checkDeadlines compares the times that statements claim with the notice. Claims
// prove nothing in their favour, but may contradict the rules.
func (a *audit) checkDeadlines() {
	n := a.notice
	within := func(what string, at, from, to time.Time) {
		if at.Before(from) {
			a.r.differ(CheckDeadlines, Wrong, stamp(at), "not before "+stamp(from), "%s claims to be too early", what)
		}
		if at.After(to) {
			a.r.differ(CheckDeadlines, Wrong, stamp(at), "not after "+stamp(to), "%s claims to be too late", what)
		}
		if at.After(a.policy.At) {
			a.r.differ(CheckDeadlines, Wrong, stamp(at), "not after "+stamp(a.policy.At), "%s claims a time after that of this verification", what)
		}
	}
	within("the notice", n.Created, time.Time{}, n.CommitBy)
	if c := a.close; c != nil {
		from := n.Created
		if len(c.Missing) > 0 {
			from = n.RevealBy // until then they could still have come
		}
		within("the close", c.Closed, from, n.CloseBy)
	}
	if o := a.opening; o != nil {
		within("the opening", o.Opened, n.CloseBy, n.OpenBy)
	}
	if v := a.void; v != nil {
		within("the void", v.Made, n.Created, a.policy.At)
	}
	a.r.conclude(CheckDeadlines, "no statement claims a time that the notice forbids")
}

// quorumTime returns the time by which a quorum of the policy's witnesses had
// seen a statement: the quorum's last of the earliest. If fewer than a quorum of
// witnesses lie, the statement existed by then. It returns false if there are
// too few cosignatures, not counting those with a time after the policy's.
func (a *audit) quorumTime(name string) (time.Time, bool) {
	times := a.cosigned(name)
	q := a.policy.Quorum
	if q == 0 || len(times) < q {
		return time.Time{}, false
	}
	return times[q-1], true
}

// cosigned returns the times of the witnesses' cosignatures, in ascending order.
func (a *audit) cosigned(name string) []time.Time {
	signed := a.signed[name]
	if signed == nil {
		return nil
	}
	var times []time.Time
	for _, w := range a.keys.witnesses {
		sig, ok := signed.SignatureBy(w)
		if !ok {
			continue
		}
		if at, err := statement.CosignedAt(sig); err == nil && !at.After(a.policy.At) {
			times = append(times, at)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// witnessed returns the quorum's time of a statement, and reports under a check
// if there is none.
func (a *audit) witnessed(name, check, what string) (time.Time, bool) {
	at, ok := a.quorumTime(name)
	switch {
	case ok:
	case a.policy.Quorum == 0:
		a.r.differ(check, NotProven, "no quorum", "a policy with witnesses", "nobody independent vouches for when there was %s", what)
	default:
		a.r.differ(check, NotProven, fmt.Sprintf("%d witnesses", len(a.cosigned(name))), fmt.Sprintf("%d witnesses", a.policy.Quorum),
			"too few witnesses have seen %s", what)
	}
	return at, ok
}

// checkOrder checks that witnesses saw what must come before the pulse before it.
func (a *audit) checkOrder() {
	n := a.notice
	by := func(name, what string, deadline time.Time) {
		at, ok := a.witnessed(name, CheckWitnessOrder, what)
		if ok && at.After(deadline) {
			a.r.differ(CheckWitnessOrder, NotProven, stamp(at), "not after "+stamp(deadline), "witnesses saw %s too late to prove that it was in time", what)
		}
	}
	by(FileNotice, "the notice", n.CommitBy)
	if a.close != nil {
		by(FileClose, "the close", a.lastBeforePulse())
		if n.Beacon == "" {
			// Without a beacon everything rests on the commits being there before any reveal.
			for _, c := range a.close.Counted {
				if c.Commit != (statement.ID{}) {
					by(DirCommits+"/"+FileName(c.Contributor)+".note", "the commit of "+label.Quote(c.Contributor), n.CommitBy)
				}
			}
		}
	}
	if a.sealed != nil && a.sealedMode() {
		by(FileSealed, "the sealed result", n.OpenBy)
	}
	a.r.conclude(CheckWitnessOrder, "at least %d witnesses saw each statement in time", a.policy.Quorum)
}

// lastBeforePulse returns the last second in which the close may be seen by
// witnesses.
func (a *audit) lastBeforePulse() time.Time {
	n := a.notice
	if n.Beacon == "" {
		return n.CloseBy
	}
	last := n.PulseAt
	if at, ok := a.policy.timeOf(n.Beacon, n.Round); ok && at.Before(last) {
		last = at
	}
	return last.Add(-time.Second)
}
