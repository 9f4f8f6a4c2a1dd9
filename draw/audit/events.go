package audit

import (
	"fmt"
	"slices"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/label"
)

// checkEvents checks the chain of events and, once the outcome is known, that
// substitutions keep the order of the reserves.
func (a *audit) checkEvents() {
	names := a.notes(DirEvents, 2*a.policy.MaxStatements)
	if len(names) == 0 {
		a.r.skip(CheckEvents, "there are no events")
		return
	}
	var details []*statement.Detail
	var previous statement.ID
	hidden, made := 0, a.notice.CloseBy
	for seq := uint64(1); len(names) > 0; seq++ {
		name := fmt.Sprintf("%04d.note", seq)
		shown := fmt.Sprintf("%04d-shown.note", seq)
		i := slices.Index(names, name)
		if i < 0 {
			a.r.wrong(CheckEvents, "event %d is missing or has no place: %s follows", seq, label.Quote(names[0]))
			break
		}
		names = slices.Delete(names, i, i+1)
		e := new(statement.Event)
		if a.load(DirEvents+"/"+name, "event", e, a.keys.regulators) == nil {
			a.r.wrong(CheckEvents, "event %d cannot be used", seq)
			break
		}
		a.checkEvent(e, seq, previous)
		if e.Made.Before(made) {
			a.r.differ(CheckEvents, Wrong, stamp(e.Made), "not before "+stamp(made), "event %d claims to be earlier than what comes before it", seq)
		}
		if e.Made.After(a.policy.At) {
			a.r.differ(CheckEvents, Wrong, stamp(e.Made), "not after "+stamp(a.policy.At), "event %d claims a time after that of this verification", seq)
		}
		previous, made = a.id(DirEvents+"/"+name), e.Made
		detail := e.Detail
		if i := slices.Index(names, shown); i >= 0 {
			names = slices.Delete(names, i, i+1)
			detail = a.showEvent(DirEvents+"/"+shown, e)
		}
		if detail == nil {
			hidden++
			continue
		}
		details = append(details, detail)
	}
	switch {
	case hidden > 0 && a.opening != nil:
		a.r.missing(CheckEvents, "%d events are still hidden after the opening", hidden)
	case hidden == 0 && a.result != nil && a.derived:
		a.checkReserves(details)
	}
	a.r.conclude(CheckEvents, "%d events in an unbroken chain, %d of them hidden", len(details)+hidden, hidden)
}

// checkEvent checks an event's place.
func (a *audit) checkEvent(e *statement.Event, seq uint64, previous statement.ID) {
	a.r.equal(CheckEvents, hexOf(e.Notice), hexOf(a.id(FileNotice)), "event %d is about another notice", seq)
	if a.sealed != nil {
		a.r.equal(CheckEvents, hexOf(e.Sealed), hexOf(a.id(FileSealed)), "event %d is about another sealed result", seq)
	}
	a.r.equal(CheckEvents, fmt.Sprint(e.Sequence), fmt.Sprint(seq), "event %d has another number", seq)
	a.r.equal(CheckEvents, hexOf(e.Previous), hexOf(previous), "event %d follows another one than event %d", seq, seq-1)
	if e.Detail != nil && a.sealedMode() && a.opening == nil {
		a.r.wrong(CheckEvents, "event %d is shown before the opening", seq)
	}
}

// showEvent reads what a hidden event was and compares it with its commitment.
// It returns nil if that fails.
func (a *audit) showEvent(name string, hidden *statement.Event) *statement.Detail {
	e := new(statement.Event)
	if a.load(name, "event", e, a.keys.regulators) == nil {
		return nil
	}
	switch {
	case hidden.Detail != nil || e.Detail == nil:
		a.r.wrong(CheckEvents, "%s does not show a hidden event", label.Quote(name))
		return nil
	case e.Notice != hidden.Notice || e.Sealed != hidden.Sealed || e.Sequence != hidden.Sequence || e.Previous != hidden.Previous || !e.Made.Equal(hidden.Made):
		a.r.wrong(CheckEvents, "%s is another event than the hidden one", label.Quote(name))
		return nil
	}
	have := statement.EventCommitment(a.suite, e.Sequence, *e.Detail)
	if !a.r.equal(CheckEvents, hexOf(have), hexOf(hidden.Hidden), "%s is not what the hidden event commits to", label.Quote(name)) {
		return nil
	}
	return e.Detail
}

// A queue is what is left of one cell's reserves.
type queue struct{ reserves []string }

// checkReserves replays the events: only a unit that is in use can be skipped or
// replaced, and its place falls to the first reserve of its own cell.
func (a *audit) checkReserves(details []*statement.Detail) {
	type cell struct {
		stratum string
		weight  uint64
	}
	cells := map[cell]*queue{}
	of := map[string]*queue{}  // the queue of each unit and reserve
	inUse := map[string]bool{} // drawn and not skipped, or taken from the reserves
	enter := func(d draw.Drawn) {
		key := cell{d.Stratum, d.Weight}
		if cells[key] == nil {
			cells[key] = new(queue)
		}
		of[d.ID] = cells[key]
		if d.Reserve {
			cells[key].reserves = append(cells[key].reserves, d.ID)
		} else {
			inUse[d.ID] = true
		}
	}
	for d := range a.result.Drawn() {
		enter(d)
	}
	for d := range a.result.Reserves() {
		enter(d)
	}
	for i, d := range details {
		if d.Kind == statement.Recusal {
			continue // about an inspector, whom the draw does not know
		}
		q := of[d.Subject]
		next := "none"
		if q != nil && len(q.reserves) > 0 {
			next = q.reserves[0]
		}
		switch {
		case inUse[d.Subject]:
			delete(inUse, d.Subject)
		case d.Kind == statement.Skip && q != nil && next == d.Subject:
			q.reserves = q.reserves[1:] // a reserve that cannot be inspected either
			continue
		default:
			a.r.wrong(CheckEvents, "event %d: %s is not in use, and not the next reserve", i+1, label.Quote(d.Subject))
			return
		}
		if d.Replacement == "" {
			continue
		}
		if !a.r.equal(CheckEvents, label.Quote(d.Replacement), label.Quote(next), "event %d: %s is replaced by another than the next reserve of its cell", i+1, label.Quote(d.Subject)) {
			return
		}
		q.reserves = q.reserves[1:]
		inUse[d.Replacement] = true
	}
}

// checkVoid checks that the draw was called off as the rules allow.
func (a *audit) checkVoid() {
	v, n := a.void, a.notice
	if v == nil {
		a.r.skip(CheckVoid, "the draw was not called off")
		return
	}
	have := statement.AfterNotice
	for _, stage := range []struct {
		reached bool
		stage   statement.Stage
	}{{a.anyReveal(), statement.AfterReveal}, {a.close != nil, statement.AfterClose}, {a.pulse != nil, statement.AfterPulse}, {a.sealed != nil, statement.AfterSealed}} {
		if stage.reached {
			have = stage.stage
		}
	}
	if v.After < have {
		a.r.differ(CheckVoid, Wrong, v.After.String(), have.String(), "the void claims an earlier stage than the files show")
	}
	if duty := a.sealedMode() && v.After >= statement.AfterReveal; v.Duty != duty {
		a.r.differ(CheckVoid, Wrong, fmt.Sprint(v.Duty), fmt.Sprint(duty), "the duty to open the secret is not what the rules say")
	}
	if v.After < statement.AfterPulse && n.Beacon != "" {
		limit := a.lastBeforePulse()
		if at, ok := a.quorumTime(FileVoid); a.policy.At.After(limit) && (!ok || at.After(limit)) {
			a.r.add(CheckVoid, NotProven, "no quorum of witnesses saw the void before the pulse: whoever called it off may have known the outcome")
		}
	}
	a.r.conclude(CheckVoid, "called off after %q, with a reason: %s", v.After, label.Quote(v.Reason))
}

// anyReveal reports whether the bundle has a reveal.
func (a *audit) anyReveal() bool {
	for _, p := range a.notice.Contributors {
		if a.signed[DirReveals+"/"+FileName(p.Name)+".note"] != nil {
			return true
		}
	}
	return false
}
