package audit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/label"
)

// A RosterCheck checks a roster against what the draw fixed. An error says that the
// roster is wrong, one of type [*NotShownError] that a file is missing which is
// needed to tell. It must be safe for concurrent calls. The one for package
// matching is in package teams.
type RosterCheck func(in RosterInputs) (RosterFinding, error)

// A RosterFinding is what a right roster shows.
type RosterFinding struct {
	// Extension returns what the leaf of a drawn unit in the sealed result fixes
	// beside the outcome: the hash of its team, or zero.
	Extension func(id string) statement.ID
	Text      string // what was compared, in a sentence
	// Partial says that not all could be compared, as where exclusions are private: the check is
	// Skipped then, not OK.
	Partial bool
}

// A NotShownError says that a file that is needed to check a roster is not there.
type NotShownError struct {
	File string // name in the bundle
}

// Error returns the message.
func (e *NotShownError) Error() string {
	return fmt.Sprintf("%s is missing, which the roster follows from", e.File)
}

// RosterInputs are what a roster follows from.
type RosterInputs struct {
	Roster []byte            // the text of roster.txt
	Root   statement.ID      // the roster's root in the sealed result; zero in an open draw without one
	Notice *statement.Notice // tasks, inspectors, exclusions, rules
	Suite  draw.Suite        // of the series
	Seed   draw.Seed         // of the draw
	Result *draw.Result      // whom the draw took

	// Read returns another file of the bundle, or nil if it is not there or too large.
	Read func(name string) []byte
	// Note returns the text of a note of the bundle that the regulator has signed, or nil if it
	// is not there or cannot be used. What is wrong with file or signature is reported.
	Note func(name string) []byte
}

// readResult reads the published result, if it is there.
func (a *audit) readResult() {
	f := a.open(FileResult, a.policy.MaxBytes)
	if f == nil {
		return
	}
	defer f.Close()
	h := a.suite.Hash()
	result, err := draw.ParseResult(io.TeeReader(f, h))
	if err != nil {
		a.unreadable(CheckSelection, FileResult, err)
		return
	}
	a.published = result
	h.Sum(a.resultID[:0])
	a.r.equal(CheckSelection, hexOf(result.PlanID()), hexOf(a.notice.Plan), "the published result is for another plan")
	if a.sealedMode() && a.opening == nil && a.void == nil {
		a.r.wrong(CheckSelection, "%s is there before the opening", FileResult)
	}
}

// checkSelection derives the outcome, or compares what can be compared.
func (a *audit) checkSelection() {
	switch {
	case !a.seedOK:
		a.r.skip(CheckQuotas, "without a seed there is no outcome")
		a.r.skip(CheckSelection, "without a seed there is no outcome")
		return
	case a.plan != nil && a.frame != nil:
		a.derive()
		return
	case a.plan == nil || a.notice.Frame == statement.Plain:
		a.absent(CheckSelection, "plan or frame are missing or wrong")
		return
	}
	// The rows are not public. What was published can still be compared with the plan.
	a.result = a.published
	if a.published == nil {
		a.r.skip(CheckQuotas, "the result is not public")
		a.r.skip(CheckSelection, "the rows are not public: whom the draw took can be checked only by those who have seen them")
		return
	}
	a.count(a.published)
	a.checkResultHash(a.resultID)
	a.checkStrata(a.published)
	a.r.skip(CheckSelection, "the rows are not public: whom the draw took can be checked only by those who have seen them")
}

// derive draws again and compares.
func (a *audit) derive() {
	result, err := draw.Run(a.plan, a.frame, a.seed)
	if err != nil {
		a.r.wrong(CheckSelection, "the plan cannot be drawn from the frame: %s", err.Error())
		return
	}
	a.result, a.derived = result, true
	a.count(result)
	var want bytes.Buffer
	if a.published == nil {
		if a.opening == nil || a.opening.Result == (statement.ID{}) {
			if a.r.Of(CheckSelection) != Wrong { // else it is there, but unreadable
				a.absent(CheckSelection, "%s is missing", FileResult)
			}
			return
		}
		result.WriteTo(&want) // a bytes.Buffer returns no error
		if a.checkResultHash(a.suite.Sum(want.Bytes())) {
			a.r.ok(CheckQuotas, "each stratum got its quota")
			a.r.ok(CheckSelection, "the %d units that follow from plan and seed are those whose hash the opening states", result.Len())
		}
		return
	}
	var have bytes.Buffer
	a.published.WriteTo(&have)
	result.WriteTo(&want)
	a.checkResultHash(a.resultID)
	if bytes.Equal(have.Bytes(), want.Bytes()) {
		a.r.ok(CheckQuotas, "each stratum got its quota")
		a.r.conclude(CheckSelection, "the %d published units are exactly those that follow from plan and seed", result.Len())
		return
	}
	if a.published.Seed() == result.Seed() {
		a.compareStrata(a.published, result)
	}
	for n := 1; have.Len() > 0 || want.Len() > 0; n++ {
		h, _ := have.ReadString('\n')
		w, _ := want.ReadString('\n')
		if h != w {
			a.r.differ(CheckSelection, Wrong, label.Quote(strings.TrimSuffix(h, "\n")), label.Quote(strings.TrimSuffix(w, "\n")), "line %d of the published result differs from the derived one", n)
			return
		}
	}
}

// compareStrata compares the quotas and counts of strata.
func (a *audit) compareStrata(published, derived *draw.Result) {
	have, want := slices.Collect(published.Strata()), slices.Collect(derived.Strata())
	for i := range min(len(have), len(want)) {
		h := fmt.Sprintf("%s %s %d", have[i].Label, have[i].Quota, have[i].Count)
		w := fmt.Sprintf("%s %s %d", want[i].Label, want[i].Quota, want[i].Count)
		if !a.r.equal(CheckQuotas, label.Quote(h), label.Quote(w), "a stratum's quota or count is another than derived") {
			return
		}
	}
	a.r.equal(CheckQuotas, fmt.Sprint(len(have)), fmt.Sprint(len(want)), "the published result has another number of strata")
	a.r.conclude(CheckQuotas, "each stratum got its quota")
}

// checkStrata compares the strata of a result whose rows are not public with the
// plan.
func (a *audit) checkStrata(published *draw.Result) {
	have, want, quotas := slices.Collect(published.Strata()), a.plan.Strata(), a.plan.Quotas()
	if !a.r.equal(CheckQuotas, fmt.Sprint(len(have)), fmt.Sprint(len(want)), "the published result has another number of strata than the plan") {
		return
	}
	for i, s := range have {
		h := fmt.Sprintf("%s %d %d %s", s.Label, s.Units, s.Weight, s.Quota)
		w := fmt.Sprintf("%s %d %d %s", want[i].Label, want[i].Units, want[i].Weight, quotas[i].Count)
		a.r.equal(CheckQuotas, label.Quote(h), label.Quote(w), "a stratum of the published result is not the plan's")
	}
	a.r.conclude(CheckQuotas, "strata and quotas of the published result are the plan's")
}

// checkResultHash compares a result's hash with the opening, unless that is of a draw that was called off before it had one.
func (a *audit) checkResultHash(have statement.ID) bool {
	return a.opening == nil || a.opening.Result == (statement.ID{}) || a.r.equal(CheckSelection, hexOf(have), hexOf(a.opening.Result), "the result is not the one whose hash the opening states")
}

// count sets the numbers of the report.
func (a *audit) count(r *draw.Result) {
	a.r.Drawn = r.Len()
	zero, unknown := new(big.Int), new(big.Int)
	for s := range r.Strata() {
		if pairs, err := r.ZeroPairs(s.Label); err == nil {
			zero.Add(zero, pairs.Zero)
			unknown.Add(unknown, pairs.Unknown)
		}
	}
	a.r.ZeroPairs = zero.String()
	if unknown.Sign() > 0 {
		a.r.ZeroPairs += " or more"
	}
}

// checkMatching lets the caller's function check the roster.
func (a *audit) checkMatching() {
	roster := a.read(FileRoster, a.policy.MaxBytes)
	n := a.notice
	has := n.Matching != "" || n.Inspectors != (statement.ID{}) || roster != nil || a.sealed != nil && a.sealed.Roster != (statement.ID{})
	switch {
	case !has:
		a.r.skip(CheckMatching, "the draw assigns no inspectors")
		a.rosterOK = true
	case !a.seedOK || a.result == nil:
		a.r.skip(CheckMatching, "without an outcome there is no roster to check")
	case a.policy.Roster == nil:
		a.r.missing(CheckMatching, "this program has no check of rosters")
	case roster == nil && a.notice.Frame == statement.Salted && !a.derived:
		a.r.skip(CheckMatching, "the roster is not public")
	case roster == nil:
		a.absent(CheckMatching, "%s is missing", FileRoster)
	default:
		in := RosterInputs{Roster: roster, Notice: n, Suite: a.suite, Seed: a.seed, Result: a.result}
		in.Read, in.Note = func(name string) []byte { return a.read(name, a.policy.MaxBytes) }, a.readNote
		if a.sealed != nil {
			in.Root = a.sealed.Roster
		}
		finding, err := a.policy.Roster(in)
		var notShown *NotShownError
		switch {
		case errors.As(err, &notShown):
			a.absent(CheckMatching, "%s", err.Error())
		case err != nil:
			a.r.wrong(CheckMatching, "%s", err.Error())
		default:
			a.extension, a.rosterOK = finding.Extension, true
			if finding.Partial {
				a.r.skip(CheckMatching, "%s", finding.Text)
			} else {
				a.r.ok(CheckMatching, "%s", finding.Text)
			}
		}
	}
}

// readNote returns the text of a note of the regulator's that is no statement.
func (a *audit) readNote(name string) []byte {
	text := a.read(name, statement.MaxNote)
	if text == nil {
		return nil
	}
	signed, problem := a.openNote(name, text, a.keys.regulators)
	switch {
	case signed == nil:
		a.r.wrong(CheckFiles, "%s: %s", label.Quote(name), problem)
		return nil
	case problem != "":
		a.r.wrong(CheckSignatures, "%s: %s", label.Quote(name), problem)
	}
	a.signed[name] = signed
	return signed.Text
}

// checkSealedRoot compares the sealed result with the statements and the outcome.
func (a *audit) checkSealedRoot() {
	n, s := a.notice, a.sealed
	if s == nil {
		switch {
		case !a.sealedMode():
			a.r.skip(CheckSealedRoot, "an open draw needs no sealed result")
		case a.opening != nil:
			a.absent(CheckSealedRoot, "%s is missing or cannot be used", FileSealed)
		default:
			a.r.skip(CheckSealedRoot, "there is no sealed result yet")
		}
		return
	}
	if a.close == nil {
		a.absent(CheckSealedRoot, "the close that the sealed result names is missing")
	} else {
		a.r.equal(CheckSealedRoot, hexOf(s.Close), hexOf(a.id(FileClose)), "the sealed result is for another close")
	}
	if a.pulse != nil || n.Beacon == "" {
		a.r.equal(CheckSealedRoot, hexOf(s.Pulse), hexOf(a.id(FilePulse)), "the sealed result is for another pulse")
	}
	a.r.equal(CheckSealedRoot, hexOf(s.Frame), hexOf(n.Root), "the sealed result is over another frame")
	a.r.equal(CheckSealedRoot, fmt.Sprint(s.Units), fmt.Sprint(n.Units), "the sealed result is over another number of units")
	switch {
	case !a.derived || !a.rosterOK:
		a.r.conclude(CheckSealedRoot, "the sealed result is for this notice, close, pulse and frame; its root was not derived again")
		return
	case a.published == nil && a.opening == nil && a.sealedMode():
		return
	}
	tree, err := seal.New(a.suite, a.frame, a.result, a.extension)
	if err != nil {
		a.r.wrong(CheckSealedRoot, "%s", err.Error())
		return
	}
	a.r.equal(CheckSealedRoot, hexOf(s.Root), hexOf(tree.Root()), "the sealed result is over another outcome than the derived one")
	a.r.conclude(CheckSealedRoot, "the sealed result is over exactly the derived outcome")
}
