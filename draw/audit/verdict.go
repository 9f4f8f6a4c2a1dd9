package audit

import (
	"cmp"
	"slices"
)

// finish sorts the report and sets its verdict.
func (a *audit) finish() *Report {
	r := a.r
	r.sort()
	r.Verdict, r.Reason = a.verdict()
	return r
}

// sort brings the entries into the order of names; those of one name stay in the
// order in which they were found, and skipped entries give way to others.
func (r *Report) sort() {
	r.Checks = slices.DeleteFunc(r.Checks, func(c Check) bool {
		return c.Status == Skipped && r.Of(c.Name) != Skipped
	})
	place := func(name string) int { return slices.Index(checkOrder[:], name) }
	slices.SortStableFunc(r.Checks, func(x, y Check) int { return cmp.Compare(place(x.Name), place(y.Name)) })
}

// A verdictRule is one line of the table in the package comment.
type verdictRule struct {
	applies bool
	verdict Verdict
	reason  string
}

// byStatus returns the lines of the table that look at statuses alone.
func (r *Report) byStatus() []verdictRule {
	var rules []verdictRule
	for _, line := range []struct {
		status  Status
		verdict Verdict
	}{{Wrong, WrongVerdict}, {Missing, CannotTell}, {NotProven, OrderNotProven}} {
		c, ok := r.First(line.status)
		rules = append(rules, verdictRule{ok, line.verdict, c.Name + ": " + c.line()})
	}
	return rules
}

// verdict applies the table in the package comment.
func (a *audit) verdict() (Verdict, string) {
	n := a.notice
	for _, rule := range append(a.r.byStatus(),
		verdictRule{n == nil, CannotTell, "there is no notice"},
		verdictRule{a.void != nil, Called, "the draw was called off as the rules allow: nothing follows from it"},
		verdictRule{a.close == nil, CannotTell, "the draw is under way: it has no close yet"},
		verdictRule{n != nil && n.Beacon != "" && a.pulse == nil, CannotTell, "the draw is under way: it has no pulse yet"},
		verdictRule{n != nil && a.sealedMode() && a.sealed == nil, CannotTell, "the draw is under way: it has no sealed result yet"},
		verdictRule{n != nil && a.sealedMode() && a.opening == nil, Fixed, "the outcome follows from what was announced and can no longer be changed; it is still secret"},
		verdictRule{!a.derived, OpenedUncheckable, "all that was shown is right; whom the draw took can be checked only by those who have seen the rows"},
	) {
		if rule.applies {
			return rule.verdict, rule.reason
		}
	}
	return OpenedCorrect, "the published outcome is exactly what the announced list, plan and randomness lead to"
}
