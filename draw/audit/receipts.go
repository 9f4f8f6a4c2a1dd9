package audit

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// VerifyReceipt checks one company's receipt, with nothing but the policy: that
// the regulator signed it, and that both proofs lead to the roots that it names.
// The verdict is [Fixed] if so. Notes of the draw's notice and sealed result may be
// given to compare the roots with; [CheckReceiptAgainst] takes the whole bundle.
func VerifyReceipt(receipt []byte, policy *Policy, others ...[]byte) *Report {
	r := new(Report)
	defer r.sort()
	if err := policy.Validate(); err != nil {
		r.missing(CheckFiles, "no usable policy: %s", err.Error())
		return r.decide()
	}
	a := newAudit(nil, policy)
	a.r = r
	a.keys = policy.keys(r)
	suites := policy.suites()
	if len(suites) == 0 {
		r.missing(CheckSeries, "this program has none of the policy's suites: %q", policy.SuiteNames)
		return r.decide()
	}
	a.suite = suites[0]
	c := a.parseReceipt("receipt", receipt)
	if c == nil {
		return r.decide()
	}
	// A receipt does not name its suite: it is that under which the proofs hold.
	var err error
	for _, suite := range suites {
		if err = seal.CheckReceipt(suite, c); err == nil {
			a.suite = suite
			break
		}
	}
	if err != nil {
		r.wrong(CheckReceipts, "%s", err.Error())
	}
	r.Notice, r.Units = hexOf(c.Notice), c.Units
	for _, other := range others {
		a.compareReceipt(c, other)
	}
	r.conclude(CheckSignatures, "the regulator has signed the receipt")
	r.conclude(CheckReceipts, "%s is number %d of %d units, in stratum %s with weight %d; outcome: %s", label.Quote(c.Unit.ID), c.Index+1, c.Units,
		label.Quote(c.Unit.Stratum), c.Unit.Weight, outcomeText(c))
	return r.decide()
}

// decide sets the verdict of a report on a receipt.
func (r *Report) decide() *Report {
	r.sort()
	for _, rule := range r.byStatus() {
		if rule.applies {
			r.Verdict, r.Reason = rule.verdict, rule.reason
			return r
		}
	}
	r.Verdict = Fixed
	r.Reason = "the company's outcome was fixed by the sealed result; whether that was drawn rightly shows when the draw is opened"
	return r
}

func outcomeText(c *statement.Receipt) string {
	if c.Rank == 0 {
		return c.Outcome.String()
	}
	return fmt.Sprintf("%s, rank %d", c.Outcome, c.Rank)
}

// parseReceipt opens the note of a receipt.
func (a *audit) parseReceipt(name string, text []byte) *statement.Receipt {
	if len(text) > statement.MaxReceipt {
		a.r.differ(CheckFiles, Wrong, fmt.Sprintf("%d bytes", len(text)), fmt.Sprintf("at most %d bytes", statement.MaxReceipt), "%s is too long", label.Quote(name))
		return nil
	}
	signed, problem := a.openNote(name, text, a.keys.regulators)
	if signed == nil {
		a.r.wrong(CheckFiles, "%s: %s", label.Quote(name), problem)
		return nil
	}
	if problem != "" {
		a.r.wrong(CheckSignatures, "%s: %s", label.Quote(name), problem)
	}
	c := new(statement.Receipt)
	if err := c.UnmarshalText(signed.Text); err != nil {
		a.r.wrong(CheckFiles, "%s: %s", label.Quote(name), err.Error())
		return nil
	}
	return c
}

// compareReceipt compares a receipt with the note of a notice or sealed result.
func (a *audit) compareReceipt(c *statement.Receipt, other []byte) {
	if len(other) > statement.MaxNote {
		a.r.wrong(CheckFiles, "a note has %d bytes, expected at most %d", len(other), statement.MaxNote)
		return
	}
	signed, problem := a.openNote("note", other, a.keys.regulators)
	if problem != "" {
		a.r.wrong(CheckSignatures, "a note to compare the receipt with: %s", problem)
	}
	if signed == nil {
		return
	}
	s, err := statement.Parse(signed.Text)
	if err != nil {
		a.r.wrong(CheckFiles, "a note to compare the receipt with: %s", err.Error())
		return
	}
	switch s := s.(type) {
	case *statement.Notice:
		a.r.equal(CheckReceipts, hexOf(c.Notice), hexOf(signed.ID), "the receipt is of another draw than the notice")
		a.r.equal(CheckReceipts, hexOf(c.Frame), hexOf(s.Root), "the receipt is of another frame than the notice")
		a.r.equal(CheckReceipts, fmt.Sprint(c.Units), fmt.Sprint(s.Units), "the receipt has another number of units than the notice")
	case *statement.SealedResult:
		a.r.equal(CheckReceipts, hexOf(c.Sealed), hexOf(signed.ID), "the receipt is of another sealed result")
		a.r.equal(CheckReceipts, hexOf(c.Root), hexOf(s.Root), "the receipt has another root than the sealed result")
		a.r.equal(CheckReceipts, fmt.Sprint(c.Units), fmt.Sprint(s.Units), "the receipt has another number of units than the sealed result")
	default:
		a.r.wrong(CheckFiles, "a %s cannot be compared with a receipt", statement.Kind(signed.Text))
	}
}

// CheckReceiptAgainst verifies a bundle together with one more receipt: after the
// opening, the receipt is right or some party is wrong.
func CheckReceiptAgainst(fsys fs.FS, receipt []byte, policy *Policy) *Report {
	a := newAudit(fsys, policy)
	a.run(false)
	if a.notice != nil && a.suite.Name() != "" {
		if c := a.parseReceipt("receipt", receipt); c != nil {
			before := a.r.Of(CheckReceipts)
			a.checkReceipt("receipt", c)
			if a.r.Of(CheckReceipts) <= max(before, OK) {
				a.r.ok(CheckReceipts, "the receipt given agrees: %s: %s", label.Quote(c.Unit.ID), outcomeText(c))
			}
		}
	}
	return a.finish()
}

// checkReceipts checks the receipts of the bundle, and each against the others.
func (a *audit) checkReceipts() {
	names := a.notes(DirReceipts, a.policy.MaxStatements)
	if len(names) == 0 {
		a.r.skip(CheckReceipts, "the bundle has no receipts")
		return
	}
	type held struct {
		name string
		*statement.Receipt
	}
	var all []held
	for _, name := range names {
		full := DirReceipts + "/" + name
		c := new(statement.Receipt)
		signed := a.load(full, "receipt", c, a.keys.regulators)
		if signed == nil {
			continue
		}
		if len(signed.Note) > statement.MaxReceipt {
			a.r.differ(CheckReceipts, Wrong, fmt.Sprintf("%d bytes", len(signed.Note)), fmt.Sprintf("at most %d bytes", statement.MaxReceipt), "%s is too long", label.Quote(full))
		}
		a.checkReceipt(full, c)
		all = append(all, held{full, c})
	}
	// Leaves are in the order of IDs: two receipts that are not show a duplicated or
	// misplaced unit, even in a frame whose rows nobody sees.
	slices.SortStableFunc(all, func(x, y held) int { return strings.Compare(x.Unit.ID, y.Unit.ID) })
	for i := 1; i < len(all); i++ {
		x, y := all[i-1], all[i]
		if same := x.Unit.ID == y.Unit.ID; same != (x.Index == y.Index) || !same && x.Index > y.Index {
			a.r.differ(CheckReceipts, Wrong, fmt.Sprintf("%s at %d", label.Quote(x.Unit.ID), x.Index), fmt.Sprintf("%s at %d", label.Quote(y.Unit.ID), y.Index),
				"%s and %s: each unit has one place, in the order of IDs", label.Quote(x.name), label.Quote(y.name))
		}
	}
	if len(all) == 0 {
		a.r.skip(CheckReceipts, "none of %d receipts can be used", len(names))
		return
	}
	a.r.conclude(CheckReceipts, "%d receipts agree with the sealed result and with each other", len(all))
}

// checkReceipt checks one receipt against all that is known of the draw.
func (a *audit) checkReceipt(name string, c *statement.Receipt) {
	equal := func(have, want, what string) {
		a.r.equal(CheckReceipts, have, want, "%s has another %s", label.Quote(name), what)
	}
	n := a.notice
	equal(hexOf(c.Notice), hexOf(a.id(FileNotice)), "notice")
	equal(hexOf(c.Frame), hexOf(n.Root), "frame root than the notice")
	equal(fmt.Sprint(c.Units), fmt.Sprint(n.Units), "number of units than the notice")
	if salted := c.FrameSalt != (registry.Salt{}); salted != (n.Frame == statement.Salted) {
		a.r.wrong(CheckReceipts, "%s has a salt in a plain frame, or none in a salted one", label.Quote(name))
	}
	if a.sealed == nil {
		a.r.missing(CheckReceipts, "%s cannot be compared: %s is missing or cannot be used", label.Quote(name), FileSealed)
	} else {
		equal(hexOf(c.Sealed), hexOf(a.id(FileSealed)), "sealed result")
		equal(hexOf(c.Root), hexOf(a.sealed.Root), "root than the sealed result")
	}
	if err := seal.CheckReceipt(a.suite, c); err != nil {
		a.r.wrong(CheckReceipts, "%s: %s", label.Quote(name), err.Error())
	}
	if !a.seedOK {
		return
	}
	if key, err := statement.SaltKey(a.suite, a.seed); err == nil {
		equal(c.Salt.String(), statement.LeafSalt(a.suite, key, c.Unit.ID).String(), "salt than follows from the seed")
	}
	if a.result == nil {
		return
	}
	equal(outcomeText(c), a.outcomeOf(c), "outcome than the draw")
	if a.rosterOK && c.Outcome == statement.Drawn && a.extension != nil {
		equal(hexOf(c.Extension), hexOf(a.extension(c.Unit.ID)), "extension than the roster")
	}
}

// outcomeOf returns the outcome of a receipt's unit in the result.
func (a *audit) outcomeOf(c *statement.Receipt) string {
	if a.outcomes == nil {
		a.outcomes = map[string]draw.Drawn{}
		for d := range a.result.Drawn() {
			a.outcomes[d.ID] = d
		}
		for d := range a.result.Reserves() {
			a.outcomes[d.ID] = d
		}
	}
	want := statement.Receipt{Outcome: statement.Other}
	if d, ok := a.outcomes[c.Unit.ID]; ok {
		want.Outcome, want.Rank = statement.Drawn, d.Rank
		if d.Reserve {
			want.Outcome = statement.Reserve
		}
	}
	return outcomeText(&want)
}
