package audit

import (
	"fmt"
	"slices"

	"github.com/doublerandom/doublerandom/internal/label"
	"golang.org/x/mod/sumdb/note"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
)

// checkSeries reads the series and compares it with the policy. It reports
// whether there is a suite to go on with.
func (a *audit) checkSeries() bool {
	suites := a.policy.suites()
	if len(suites) == 0 {
		a.r.missing(CheckSeries, "this program has none of the policy's suites: %q", a.policy.SuiteNames)
		return false
	}
	a.suite = suites[0] // until the series names one
	s := new(statement.Series)
	signed := a.load(FileSeries, "series", s, a.keys.regulators)
	if signed == nil {
		a.r.missing(CheckSeries, "%s is missing or cannot be used", FileSeries)
		return true
	}
	a.series = s
	a.r.Authority, a.r.Scope = s.Authority, s.Scope
	i := slices.IndexFunc(suites, func(suite draw.Suite) bool { return suite.Name() == s.Suite })
	if i < 0 {
		if slices.Contains(a.policy.SuiteNames, s.Suite) {
			a.r.missing(CheckSeries, "this program does not have the series' suite %s", label.Quote(s.Suite))
		} else {
			a.r.differ(CheckSeries, Wrong, label.Quote(s.Suite), fmt.Sprintf("%q", a.policy.SuiteNames), "the suite is none that the policy accepts")
		}
		return false
	}
	a.suite = suites[i]
	signed.ID = statement.IDOf(a.suite, signed.Text)
	a.r.Series = hexOf(signed.ID)
	p := a.policy
	if p.Authority != "" {
		a.r.equal(CheckSeries, label.Quote(s.Authority), label.Quote(p.Authority), "the authority is not the policy's")
	}
	if p.Scope != "" {
		a.r.equal(CheckSeries, label.Quote(s.Scope), label.Quote(p.Scope), "the scope is not the policy's")
	}
	a.checkRegulator()
	if p.Series != (draw.Hash{}) {
		if a.r.equal(CheckSeries, hexOf(signed.ID), hexOf(p.Series), "the series is not the policy's") {
			a.r.conclude(CheckSeries, "the series is the one that the policy pins")
		}
		return true
	}
	if _, ok := a.witnessed(FileSeries, CheckSeries, "the series, which the policy does not pin by its ID: there may be a parallel one"); ok {
		a.r.conclude(CheckSeries, "the series is of the policy's authority and scope, and witnesses have seen it")
	}
	return true
}

// checkRegulator narrows the regulator's keys to the one that the series names,
// which must be one of the policy's.
func (a *audit) checkRegulator() {
	for i, text := range a.keys.texts {
		if text == a.series.Regulator {
			a.keys.regulators = a.keys.regulators[i : i+1]
			if signed := a.signed[FileSeries]; !signed.SignedBy(a.keys.regulators[0]) {
				a.r.wrong(CheckSignatures, "%s is not signed by the regulator that it names", label.Quote(FileSeries))
			}
			return
		}
	}
	if slices.Contains(a.policy.Regulators, a.series.Regulator) {
		return // the key cannot be opened, which is reported
	}
	a.r.differ(CheckSeries, Wrong, label.Quote(a.series.Regulator), "one of the policy's", "the regulator's key is not trusted")
}

// readStatements reads the regulator's statements, but for events and receipts.
func (a *audit) readStatements() {
	regulators := a.keys.regulators
	if n := new(statement.Notice); a.load(FileNotice, "notice", n, regulators) != nil {
		a.notice = n
		a.r.Notice, a.r.Number, a.r.Mode, a.r.Units = hexOf(a.id(FileNotice)), n.Number, n.Mode.String(), n.Units
	}
	if c := new(statement.Close); a.load(FileClose, "close", c, regulators) != nil {
		a.close = c
		a.sameNotice(FileClose, CheckClose, c.Notice)
	}
	if p := new(statement.Pulse); a.load(FilePulse, "pulse", p, regulators) != nil {
		a.pulse = p
		a.sameNotice(FilePulse, CheckBeacon, p.Notice)
	}
	if s := new(statement.SealedResult); a.load(FileSealed, "sealed", s, regulators) != nil {
		a.sealed = s
		a.sameNotice(FileSealed, CheckSealedRoot, s.Notice)
	}
	if o := new(statement.Opening); a.load(FileOpening, "opening", o, regulators) != nil {
		a.opening = o
		a.sameNotice(FileOpening, CheckOpening, o.Notice)
	}
	if v := new(statement.Void); a.load(FileVoid, "void", v, regulators) != nil {
		a.void = v
		a.sameNotice(FileVoid, CheckVoid, v.Notice)
	}
}

// id returns the ID of a statement that was read, zero for others.
func (a *audit) id(name string) statement.ID {
	if s := a.signed[name]; s != nil {
		return s.ID
	}
	return statement.ID{}
}

// sameNotice checks that a statement is about the bundle's notice.
func (a *audit) sameNotice(name, check string, notice statement.ID) {
	if a.notice != nil {
		a.r.equal(check, hexOf(notice), hexOf(a.id(FileNotice)), "%s is about another notice", name)
	}
}

func (a *audit) sealedMode() bool { return a.notice.Mode == statement.Sealed }

// absent reports that a file is not there: as skipped in a draw that was called
// off, and as missing otherwise.
func (a *audit) absent(check, format string, args ...any) {
	if a.void != nil {
		a.r.skip(check, format, args...)
		return
	}
	a.r.missing(check, format, args...)
}

// checkNotice compares the notice with the rules of the series.
func (a *audit) checkNotice() {
	n, s := a.notice, a.series
	if s == nil {
		a.r.missing(CheckNotice, "without the series its rules are not known")
		return
	}
	a.r.equal(CheckNotice, hexOf(n.Series), hexOf(a.id(FileSeries)), "the notice is of another series")
	for _, c := range n.Contributors {
		if !slices.ContainsFunc(s.Contributors, func(k statement.Contributor) bool { return k.Name == c.Name }) {
			a.r.wrong(CheckNotice, "contributor %s is not in the series", label.Quote(c.Name))
		}
		chain, ok := a.chain(c.Name)
		switch {
		case c.By != statement.ByChain:
		case !ok:
			a.r.wrong(CheckNotice, "contributor %s has no chain in the series", label.Quote(c.Name))
		case n.Number > chain.Length:
			a.r.differ(CheckNotice, Wrong, fmt.Sprint(n.Number), fmt.Sprintf("at most %d", chain.Length), "the chain of %s is used up", label.Quote(c.Name))
		}
	}
	if n.Minimum < s.Minimum {
		a.r.differ(CheckNotice, Wrong, fmt.Sprint(n.Minimum), fmt.Sprintf("at least %d", s.Minimum), "fewer contributions are needed than in the series")
	}
	if n.Withheld > s.Withheld {
		a.r.differ(CheckNotice, Wrong, fmt.Sprint(n.Withheld), fmt.Sprintf("at most %d", s.Withheld), "more withheld reveals are allowed than in the series")
	}
	if n.Beacon != "" && !slices.Contains(s.Beacons, n.Beacon) {
		a.r.differ(CheckNotice, Wrong, label.Quote(n.Beacon), fmt.Sprintf("one of %q", s.Beacons), "the beacon is none of the series")
	}
	if n.Created.Before(s.Created) {
		a.r.differ(CheckNotice, Wrong, stamp(n.Created), "not before "+stamp(s.Created), "the notice is older than the series")
	}
	a.r.conclude(CheckNotice, "notice %d keeps the rules of the series", n.Number)
}

// chain returns the chain of a contributor.
func (a *audit) chain(name string) (statement.Chain, bool) {
	for _, c := range a.series.Chains {
		if c.Contributor == name {
			return c, true
		}
	}
	return statement.Chain{}, false
}

// contributorKey returns the verifier of a contributor in the series.
func (a *audit) contributorKey(name string) []note.Verifier {
	if a.series == nil {
		return nil
	}
	for _, c := range a.series.Contributors {
		if c.Name == name {
			v, err := a.policy.verifier(c.Key)
			if err != nil {
				a.r.missing(CheckSignatures, "this program cannot open the key %s of contributor %s", label.Quote(c.Key), label.Quote(name))
				return nil
			}
			return []note.Verifier{v}
		}
	}
	return nil
}

// checkPlan reads the plan and compares it with the notice.
func (a *audit) checkPlan() {
	f := a.open(FilePlan, a.policy.MaxBytes)
	if f == nil {
		a.absent(CheckPlan, "%s is missing", FilePlan)
		return
	}
	defer f.Close()
	plan, err := draw.ParsePlan(f, a.suite)
	if err != nil {
		a.unreadable(CheckPlan, FilePlan, err)
		return
	}
	n := a.notice
	id := plan.ID()
	same := a.r.equal(CheckPlan, hexOf(id), hexOf(n.Plan), "the plan is not the notice's")
	same = a.r.equal(CheckPlan, hexOf(plan.FrameRoot()), hexOf(n.Root), "the plan is for another frame than the notice") && same
	same = a.r.equal(CheckPlan, fmt.Sprint(plan.Units()), fmt.Sprint(n.Units), "the plan is for another number of units than the notice") && same
	if same {
		a.plan = plan
		a.r.ok(CheckPlan, "the plan is the one that the notice fixes: %d strata, %d reserves per cell", len(plan.Strata()), plan.Reserves())
	}
}

// checkFrame reads the frame and compares its root with the notice.
func (a *audit) checkFrame() {
	n, p := a.notice, a.policy
	if n.Units > p.MaxUnits {
		a.r.missing(CheckFrameRoot, "the frame has %d units, the policy reads at most %d", n.Units, p.MaxUnits)
		return
	}
	f := a.open(FileFrame, p.MaxBytes)
	if f == nil {
		if n.Frame == statement.Salted {
			a.r.skip(CheckFrameRoot, "the frame's rows are not public: only its root is")
		} else {
			a.absent(CheckFrameRoot, "%s is missing, though the frame is public", FileFrame)
		}
		return
	}
	defer f.Close()
	if n.Frame == statement.Salted && p.FrameSecret == nil {
		a.r.skip(CheckFrameRoot, "%s was not looked at: without the frame's secret it cannot be compared with the root", FileFrame)
		return
	}
	frame, err := registry.ParseFrame(&lineLimit{f, n.Units, n.Units})
	if err != nil {
		a.unreadable(CheckFrameRoot, FileFrame, err)
		return
	}
	same := a.r.equal(CheckFrameRoot, fmt.Sprint(frame.Len()), fmt.Sprint(n.Units), "the frame has another number of units than announced")
	root, err := a.rootOf(frame)
	if err != nil {
		a.r.wrong(CheckFrameRoot, "%s", err.Error())
		return
	}
	if a.r.equal(CheckFrameRoot, hexOf(root), hexOf(n.Root), "the frame is not the one that was frozen") && same {
		a.frame = frame
		a.r.ok(CheckFrameRoot, "the frame of %d units is the one that was frozen", frame.Len())
	}
}

func (a *audit) rootOf(frame *registry.Frame) (registry.Hash, error) {
	if a.notice.Frame == statement.Plain {
		return frame.Root(a.suite.Hash)
	}
	tree, err := frame.SaltedTree(a.suite.Hash, *a.policy.FrameSecret)
	if err != nil {
		return registry.Hash{}, err
	}
	return tree.Root(), nil
}
