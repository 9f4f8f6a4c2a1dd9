package audit

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/label"
)

// A SeriesReport is the outcome of verifying all draws of a series. The Report in
// it is about how they follow one another; its verdict is the worst of all:
// wrong, cannot tell or order not proven if that or a draw is, otherwise
// [Fixed] if a draw is still to be opened, [OpenedUncheckable] if the selection of
// one is not public, and [OpenedCorrect].
type SeriesReport struct {
	Report              // on the series as a whole
	Draws  []DrawReport `json:"draws"` // on each draw, by folder
}

// A DrawReport is the report on one draw of a series.
type DrawReport struct {
	Folder  string `json:"folder"` // such as "0001"
	*Report `json:"report"`
}

// VerifySeries checks all draws of a series, the bundles in the folders 0001,
// 0002 and so on: each for itself, and how they follow one another. It finds
// gaps, forks, draws that were not opened in time, draws that were repeated
// without a void, and notices that misstate what became of earlier ones.
func VerifySeries(fsys fs.FS, policy *Policy) *SeriesReport {
	out := &SeriesReport{}
	r := &out.Report
	if err := policy.Validate(); err != nil {
		r.missing(CheckFiles, "no usable policy: %s", err.Error())
		r.decide()
		return out
	}
	b := &bundle{fsys: fsys, policy: policy, r: r, seen: map[string]bool{}}
	var draws []*audit
	for _, folder := range b.folders() {
		sub, err := fs.Sub(fsys, folder)
		if err != nil {
			r.wrong(CheckFiles, "%s cannot be opened: %s", label.Quote(folder), label.Quote(err.Error()))
			continue
		}
		a := newAudit(sub, policy)
		a.folder = folder
		a.run(true)
		a.finish()
		a.frame = nil // not to hold the frames of all draws at once
		draws = append(draws, a)
		out.Draws = append(out.Draws, DrawReport{folder, a.r})
	}
	s := &sequence{r: r, policy: policy, draws: draws}
	s.check()
	r.sort()
	r.Verdict, r.Reason = s.verdict()
	return out
}

// folders returns the names of the folders that hold draws.
func (b *bundle) folders() []string {
	var folders []string
	for _, name := range b.list(".", b.policy.MaxStatements+maxListed) {
		if len(name) < 5 || name[len(name)-1] != '/' || len(name) > 8 {
			continue
		}
		name = name[:len(name)-1]
		if !slices.ContainsFunc([]byte(name), func(c byte) bool { return c < '0' || c > '9' }) {
			folders = append(folders, name)
		}
	}
	if len(folders) > b.policy.MaxStatements {
		b.r.missing(CheckFiles, "%d draws, the policy reads at most %d", len(folders), b.policy.MaxStatements)
		return nil
	}
	return folders
}

// A sequence is the draws of a series, in the order of their folders.
type sequence struct {
	r      *Report
	policy *Policy
	draws  []*audit
}

func (s *sequence) check() {
	var usable []*audit
	for _, d := range s.draws {
		if d.notice == nil {
			s.r.missing(CheckChain, "draw %s has no usable notice", d.folder)
			continue
		}
		usable = append(usable, d)
	}
	slices.SortStableFunc(usable, func(x, y *audit) int { return cmp.Compare(x.notice.Number, y.notice.Number) })
	s.draws = usable
	if len(usable) == 0 {
		s.r.missing(CheckChain, "there is no draw in the folders 0001, 0002, …")
		return
	}
	s.checkLinks()
	s.checkRedraws()
	for i, d := range usable {
		s.checkEarlier(d, usable[:i])
	}
	s.checkUntold()
	s.r.conclude(CheckChain, "the draws follow one another without gap or fork; number of draws: %d", len(usable))
}

// checkLinks looks for forks and gaps.
func (s *sequence) checkLinks() {
	first := s.draws[0]
	if first.notice.Number != 1 {
		s.r.differ(CheckChain, Wrong, fmt.Sprint(first.notice.Number), "1", "the first draws of the series are missing")
	}
	for i, d := range s.draws {
		n := d.notice
		if want := fmt.Sprintf("%04d", n.Number); d.folder != want {
			s.r.differ(CheckChain, Wrong, d.folder, want, "draw %d lies in the wrong folder", n.Number)
		}
		if i == 0 {
			continue
		}
		before := s.draws[i-1]
		b := before.notice
		s.r.equal(CheckChain, hexOf(n.Series), hexOf(b.Series), "draws %d and %d are of different series", b.Number, n.Number)
		switch {
		case n.Number == b.Number:
			s.r.differ(CheckChain, Wrong, hexOf(d.id(FileNotice)), hexOf(before.id(FileNotice)), "two notices have number %d: the series forks", n.Number)
		case n.Number != b.Number+1:
			s.r.differ(CheckChain, Wrong, fmt.Sprint(n.Number), fmt.Sprint(b.Number+1), "draws between %d and %d are missing", b.Number, n.Number)
		default:
			s.r.equal(CheckChain, hexOf(n.Previous), hexOf(before.id(FileNotice)), "draw %d follows another notice than that of draw %d: the series forks", n.Number, b.Number)
			if n.Created.Before(b.Created) {
				s.r.differ(CheckChain, Wrong, stamp(n.Created), "not before "+stamp(b.Created), "notice %d claims to be older than the one before it", n.Number)
			}
		}
	}
}

// checkRedraws looks for draws that were repeated although an earlier one stands.
func (s *sequence) checkRedraws() {
	type key struct {
		root    [32]byte
		stratum string
	}
	stands := map[key]*audit{}
	for _, d := range s.draws {
		for _, stratum := range d.labels() {
			k := key{d.notice.Root, stratum}
			if earlier := stands[k]; earlier != nil && earlier.notice.Number != d.notice.Number {
				s.r.wrong(CheckVoid, "draw %d draws again from stratum %s of the frame of draw %d, which was not called off", d.notice.Number, label.Quote(stratum), earlier.notice.Number)
				break
			}
			if d.void == nil {
				stands[k] = d
			}
		}
	}
}

// labels returns the strata that the draw takes from; "" stands for the whole
// frame where the plan is not known.
func (a *audit) labels() []string {
	if a.plan == nil {
		return []string{""}
	}
	var labels []string
	for _, q := range a.plan.Quotas() {
		if !q.Count.IsZero() {
			labels = append(labels, q.Stratum)
		}
	}
	return labels
}

// checkEarlier compares what a notice says of earlier draws with their bundles.
func (s *sequence) checkEarlier(d *audit, before []*audit) {
	for _, e := range d.notice.Earlier {
		i, ok := slices.BinarySearchFunc(before, e.Number, func(b *audit, number uint64) int { return cmp.Compare(b.notice.Number, number) })
		if ok && !slices.Contains(before[i].lasts(e.State), e.Last) {
			s.r.differ(CheckChain, Wrong, fmt.Sprintf("%s %s", e.State, hexOf(e.Last)), before[i].state(),
				"notice %d states of draw %d what its files do not show", d.notice.Number, e.Number)
		}
	}
}

// lasts returns the IDs of the statements that leave a draw in a state.
func (a *audit) lasts(state statement.State) []statement.ID {
	var names []string
	switch state {
	case statement.Announced:
		names = []string{FileNotice}
	case statement.Fixed:
		names = []string{FileSealed}
	case statement.Opened:
		names = []string{FileOpening}
	case statement.Voided:
		names = []string{FileVoid}
	}
	var ids []statement.ID
	for _, name := range names {
		if id := a.id(name); id != (draw.Hash{}) {
			ids = append(ids, id)
		}
	}
	return ids
}

// state describes a draw's state by its files.
func (a *audit) state() string {
	for _, last := range []struct {
		state statement.State
		name  string
	}{{statement.Voided, FileVoid}, {statement.Opened, FileOpening}, {statement.Fixed, FileSealed}, {statement.Announced, FileNotice}} {
		if id := a.id(last.name); id != (draw.Hash{}) {
			return fmt.Sprintf("%s %s", last.state, hexOf(id))
		}
	}
	return "none"
}

// checkUntold looks for draws that were opened or called off although the next
// notice, created after that, does not say so: who sees only notices would not
// learn it.
func (s *sequence) checkUntold() {
	type change struct {
		at     time.Time
		number uint64
		state  statement.State
	}
	var changes []change
	for _, d := range s.draws {
		if d.opening != nil {
			changes = append(changes, change{d.opening.Opened, d.notice.Number, statement.Opened})
		}
		if d.void != nil {
			changes = append(changes, change{d.void.Made, d.notice.Number, statement.Voided})
		}
	}
	slices.SortStableFunc(changes, func(x, y change) int { return x.at.Compare(y.at) })
	said := map[uint64]statement.State{}
	for _, d := range s.draws {
		for _, e := range d.notice.Earlier {
			said[e.Number] = max(said[e.Number], e.State)
		}
		for len(changes) > 0 && changes[0].at.Before(d.notice.Created) {
			c := changes[0]
			changes = changes[1:]
			if have := max(said[c.number], statement.Announced); have < c.state && c.number < d.notice.Number {
				s.r.differ(CheckChain, Wrong, have.String(), c.state.String(), "notice %d does not say what had become of draw %d", d.notice.Number, c.number)
			}
		}
	}
}

// verdict returns the worst verdict of the series and its draws.
func (s *sequence) verdict() (Verdict, string) {
	var draws []verdictRule
	for _, want := range []Verdict{WrongVerdict, CannotTell, OrderNotProven, Fixed, OpenedUncheckable} {
		if i := slices.IndexFunc(s.draws, func(d *audit) bool { return d.r.Verdict == want }); i >= 0 {
			draws = append(draws, verdictRule{true, want, fmt.Sprintf("draw %s: %s", s.draws[i].folder, s.draws[i].r.Reason)})
		}
	}
	best := verdictRule{true, OpenedCorrect, "all draws follow one another and are right"}
	rank := []Verdict{WrongVerdict, CannotTell, OrderNotProven, Fixed, OpenedUncheckable, OpenedCorrect}
	for _, rule := range append(s.r.byStatus(), draws...) {
		if rule.applies && slices.Index(rank, rule.verdict) < slices.Index(rank, best.verdict) {
			best = rule
		}
	}
	return best.verdict, best.reason
}
