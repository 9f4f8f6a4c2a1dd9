package audit

import (
	"fmt"

	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/label"
)

// A contribution is what the bundle has of one contributor of the draw.
type contribution struct {
	statement.Participant
	commitFile, revealFile string
	commit                 *statement.Commit // nil if it is not there
	reveal                 *statement.Reveal
	fits                   bool // the reveal is what was bound
	problem                string
}

// checkContributions reads commits and reveals and compares them with the close.
func (a *audit) checkContributions() {
	all := make(map[string]*contribution, len(a.notice.Contributors))
	for _, p := range a.notice.Contributors {
		all[p.Name] = a.readContribution(p)
	}
	if a.close == nil {
		a.openContributions(all)
		return
	}
	n, c := a.notice, a.close
	a.complete = true
	a.r.Counted = len(c.Counted)
	for _, counted := range c.Counted {
		x := all[counted.Contributor]
		delete(all, counted.Contributor)
		if x == nil {
			a.r.wrong(CheckClose, "the close counts %s, who does not contribute to this draw", label.Quote(counted.Contributor))
			a.complete = false
			continue
		}
		a.checkCounted(x, counted)
	}
	for _, missing := range c.Missing {
		x := all[missing.Contributor]
		delete(all, missing.Contributor)
		if x == nil {
			a.r.wrong(CheckClose, "the close blames %s, who does not contribute to this draw", label.Quote(missing.Contributor))
			continue
		}
		a.checkBlamed(x, missing)
	}
	for _, p := range n.Contributors {
		if all[p.Name] != nil {
			a.r.wrong(CheckClose, "the close says nothing of contributor %s", label.Quote(p.Name))
		}
	}
	a.checkCounts()
	a.r.conclude(CheckCommit, "each of %d counted values was bound beforehand, by its contributor", len(c.Counted))
	a.r.conclude(CheckReveal, "each of %d counted values is the one that was bound", len(c.Counted))
	a.r.conclude(CheckClose, "the close accounts for all %d contributors: %d count, %d are missing", len(n.Contributors), len(c.Counted), len(c.Missing))
}

// readContribution reads the files of one contributor.
func (a *audit) readContribution(p statement.Participant) *contribution {
	x := &contribution{
		Participant: p,
		commitFile:  DirCommits + "/" + FileName(p.Name) + ".note",
		revealFile:  DirReveals + "/" + FileName(p.Name) + ".note",
	}
	key := a.contributorKey(p.Name)
	if key == nil {
		return x
	}
	about := func(file, check string, notice statement.ID, contributor string) bool {
		same := a.r.equal(check, hexOf(notice), hexOf(a.id(FileNotice)), "%s is about another notice", label.Quote(file))
		return a.r.equal(check, label.Quote(contributor), label.Quote(p.Name), "%s is by another contributor", label.Quote(file)) && same
	}
	if p.By == statement.ByCommit {
		if c := new(statement.Commit); a.load(x.commitFile, "commit", c, key) != nil && about(x.commitFile, CheckCommit, c.Notice, c.Contributor) {
			x.commit = c
		}
	}
	if r := new(statement.Reveal); a.load(x.revealFile, "reveal", r, key) != nil && about(x.revealFile, CheckReveal, r.Notice, r.Contributor) {
		x.reveal = r
		x.problem = a.misfit(x)
		x.fits = x.problem == ""
	}
	return x
}

// misfit returns why a reveal is not what was bound, or "".
func (a *audit) misfit(x *contribution) string {
	if x.By == statement.ByChain {
		chain, ok := a.chain(x.Name)
		if !ok {
			return "there is no chain in the series"
		}
		if x.reveal.Nonce != (statement.ID{}) {
			return "a chain has no nonce"
		}
		if err := statement.CheckChain(a.suite, chain, a.notice.Number, x.reveal.Value); err != nil {
			return err.Error()
		}
		return ""
	}
	if x.commit == nil {
		return "there is no commit"
	}
	have := statement.CommitmentOf(a.suite, a.id(FileNotice), x.Name, x.reveal.Value, x.reveal.Nonce)
	if have != x.commit.Commitment {
		return fmt.Sprintf("value and nonce have commitment %s, the commit %s", hexOf(have), hexOf(x.commit.Commitment))
	}
	return ""
}

// openContributions reports on contributions before the close.
func (a *audit) openContributions(all map[string]*contribution) {
	commits, reveals := 0, 0
	for _, p := range a.notice.Contributors { // in order, not by map
		x := all[p.Name]
		if x.commit != nil {
			commits++
		}
		if x.reveal != nil {
			reveals++
			if !x.fits {
				a.r.wrong(CheckReveal, "contributor %s: %s", label.Quote(p.Name), x.problem)
			}
		}
	}
	a.r.skip(CheckCommit, "%d commits so far", commits)
	a.r.skip(CheckReveal, "%d reveals so far", reveals)
	if a.void == nil && a.policy.At.After(a.notice.CloseBy) {
		a.r.missing(CheckClose, "%s is missing or cannot be used, though it was due by %s", FileClose, stamp(a.notice.CloseBy))
	} else {
		a.r.skip(CheckClose, "there is no close yet")
	}
}

// checkCounted checks a contribution that the close counts.
func (a *audit) checkCounted(x *contribution, counted statement.Counted) {
	commit := a.id(x.commitFile)
	switch {
	case x.By == statement.ByChain:
		a.r.equal(CheckClose, hexOf(counted.Commit), "none", "the close names a commit of %s, who contributes by chain", label.Quote(x.Name))
	case x.commit == nil:
		a.r.missing(CheckCommit, "%s is missing or cannot be used, though the close counts it", label.Quote(x.commitFile))
	default:
		a.r.equal(CheckClose, hexOf(counted.Commit), hexOf(commit), "the close counts another commit of %s than %s", label.Quote(x.Name), label.Quote(x.commitFile))
	}
	if x.reveal == nil {
		a.r.missing(CheckReveal, "%s is missing or cannot be used, though the close counts it", label.Quote(x.revealFile))
		a.complete = false
		return
	}
	a.r.equal(CheckClose, hexOf(counted.Reveal), hexOf(a.id(x.revealFile)), "the close counts another reveal of %s than %s", label.Quote(x.Name), label.Quote(x.revealFile))
	if !x.fits && (x.By == statement.ByChain || x.commit != nil) {
		a.r.wrong(CheckReveal, "contributor %s: %s", label.Quote(x.Name), x.problem)
	}
	a.values = append(a.values, statement.Value{Contributor: x.Name, Value: x.reveal.Value})
}

// checkBlamed checks a contributor of whom the close says that it failed. A
// signed statement that says otherwise shows that the close may have left it
// out on purpose; only a witness's time in it proves that it was there in time.
func (a *audit) checkBlamed(x *contribution, m statement.Missing) {
	n := a.notice
	if m.Fault != statement.NoCommit {
		a.r.Withheld++
		if x.By == statement.ByCommit && m.Commit == (statement.ID{}) {
			a.r.wrong(CheckClose, "the close blames %s with %s, but names no commit", label.Quote(x.Name), m.Fault)
		}
	}
	if x.By == statement.ByChain && (m.Fault == statement.NoCommit || m.Commit != (statement.ID{})) {
		a.r.wrong(CheckClose, "the close blames %s with %s and commit %s, though it contributes by chain", label.Quote(x.Name), m.Fault, hexOf(m.Commit))
	}
	contradict := func(file, what string, by string, inTime bool) {
		status, text := NotProven, "no quorum of witnesses says that it came in time"
		if inTime {
			status, text = Wrong, "witnesses saw it in time"
		}
		a.r.differ(CheckClose, status, what, m.Fault.String(), "%s contradicts the close on %s, due by %s: %s", label.Quote(file), label.Quote(x.Name), by, text)
	}
	switch {
	case m.Fault == statement.NoCommit && x.commit != nil:
		at, ok := a.quorumTime(x.commitFile)
		contradict(x.commitFile, "a signed commit", stamp(n.CommitBy), ok && !at.After(n.CommitBy))
	case m.Fault != statement.NoCommit && x.commit != nil && m.Commit != (statement.ID{}):
		a.r.equal(CheckClose, hexOf(m.Commit), hexOf(a.id(x.commitFile)), "the close names another commit of %s than %s", label.Quote(x.Name), label.Quote(x.commitFile))
	case m.Commit != (statement.ID{}) && x.commit == nil:
		a.r.missing(CheckCommit, "%s is missing, though the close names it", label.Quote(x.commitFile))
	}
	if x.fits && m.Fault != statement.NoCommit {
		at, ok := a.quorumTime(x.revealFile)
		contradict(x.revealFile, "a signed reveal that fits", stamp(n.RevealBy), ok && !at.After(n.RevealBy))
	}
}

// checkCounts compares the numbers of contributions with the notice's limits.
func (a *audit) checkCounts() {
	if a.void != nil {
		return
	}
	n, c := a.notice, a.close
	if uint64(len(c.Counted)) < n.Minimum {
		a.r.differ(CheckClose, Wrong, fmt.Sprint(len(c.Counted)), fmt.Sprintf("at least %d", n.Minimum), "too few contributions count: the draw should be void")
	}
	if uint64(a.r.Withheld) > n.Withheld {
		a.r.differ(CheckClose, Wrong, fmt.Sprint(a.r.Withheld), fmt.Sprintf("at most %d", n.Withheld), "too many reveals were withheld: the draw should be void")
	}
	if n.Beacon == "" && len(c.Counted) == 0 {
		a.r.wrong(CheckClose, "no contribution counts and there is no beacon: the regulator alone would choose the seed")
	}
}
