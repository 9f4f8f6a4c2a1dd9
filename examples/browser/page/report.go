package page

import (
	"encoding/hex"
	"fmt"

	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/examples/internal/wording"
)

// A Report is the outcome of a verification, in words.
type Report struct {
	Verdict  string       `json:"verdict"` // "right", "wrong" or "open": how to show it
	Title    wording.Text `json:"title"`   // the verdict
	Plain    wording.Text `json:"plain"`   // what it means
	Reason   string       `json:"reason"`  // the audit's own words, in English
	At       string       `json:"at"`      // the time at which was judged, UTC
	Checks   []Check      `json:"checks"`  // in the audit's order
	Withheld wording.Text `json:"withheld"`
	Note     string       `json:"note"` // why details are in English, in Chinese
	Rows     bool         `json:"rows"` // a search can be offered
	Receipt  *Receipt     `json:"receipt,omitempty"`
}

// A Check is one check with all its findings.
type Check struct {
	Name     string       `json:"name"`
	Title    wording.Text `json:"title"`  // in plain words
	Status   string       `json:"status"` // as the audit calls it
	Word     wording.Text `json:"word"`   // for the status
	Findings []Finding    `json:"findings"`
}

// A Finding is what a check found, in the audit's own words.
type Finding struct {
	Status string `json:"status"`
	Text   string `json:"text"`
	Have   string `json:"have,omitempty"`
	Want   string `json:"want,omitempty"`
}

// Verify verifies what the visitor brought: the bundle, the receipt, or the receipt
// against the bundle, under the policy.
func (s *Session) Verify() (*Report, error) {
	if s.policy == nil {
		return nil, problem(nil, "First say whom you trust: load your policy.", "请先说明您信任谁：载入您的核验依据。")
	}
	if s.files != nil {
		s.files.Left = maxRead
	}
	var r *audit.Report
	switch {
	case s.files == nil && s.receipt == nil:
		return nil, problem(nil, "There is nothing to check yet: choose a bundle or a receipt.", "尚无可核验的内容：请选择材料包或回执。")
	case s.files == nil:
		r = audit.VerifyReceipt(s.receipt, s.policy)
	case s.receipt == nil:
		r = audit.Verify(s.files, s.policy)
	default:
		r = audit.CheckReceiptAgainst(s.files, s.receipt, s.policy)
	}
	s.verified = s.files != nil
	s.right = s.verified && r.Of(audit.CheckFrameRoot) == audit.OK && r.Of(audit.CheckPlan) == audit.OK && r.Of(audit.CheckSelection) == audit.OK
	out := report(r)
	out.At = stamp(s.policy.At)
	if s.receipt != nil {
		out.Receipt, _ = readReceipt(s.receipt)
		if s.files == nil && r.Verdict == audit.Fixed {
			out.Plain = fixedReceipt()
		}
	}
	if s.files != nil {
		out.Rows = hasFile(s.files, audit.FileFrame) && hasFile(s.files, audit.FilePlan)
	}
	return out, nil
}

func report(r *audit.Report) *Report {
	out := &Report{Verdict: tone(r.Verdict), Title: wording.Verdict(r.Verdict), Plain: plain(r.Verdict), Reason: r.Reason, Note: wording.Details}
	if r.Withheld > 0 {
		w := wording.Withheld()
		out.Withheld = wording.Both(fmt.Sprintf(w.EN, r.Withheld, r.Withheld), fmt.Sprintf(w.ZH, r.Withheld, r.Withheld))
	}
	for _, c := range r.Checks {
		if n := len(out.Checks); n == 0 || out.Checks[n-1].Name != c.Name {
			status := r.Of(c.Name)
			out.Checks = append(out.Checks, Check{Name: c.Name, Title: wording.Check(c.Name), Status: status.String(), Word: wording.Status(status)})
		}
		last := &out.Checks[len(out.Checks)-1]
		last.Findings = append(last.Findings, Finding{c.Status.String(), c.Text, c.Have, c.Want})
	}
	return out
}

// tone says how to show a verdict.
func tone(v audit.Verdict) string {
	switch v {
	case audit.Fixed, audit.OpenedCorrect, audit.OpenedUncheckable, audit.Called:
		return "right"
	case audit.WrongVerdict:
		return "wrong"
	}
	return "open"
}

// plain says what a verdict means, to somebody who reads only this.
func plain(v audit.Verdict) wording.Text {
	switch v {
	case audit.OpenedCorrect:
		return wording.Both("The published list of drawn companies is exactly what the announced list, plan and randomness lead to. Nobody chose it, as long as the public random number or one of the contributors was honest.",
			"公布的抽中名单与事先公告的名录、方案和随机数推得的完全一致。只要公共随机数或任一贡献者诚实，就无人能挑选结果。")
	case audit.Fixed:
		return wording.Both("The outcome is fixed and can no longer be changed by anybody. It is still secret; check again after it has been opened.",
			"结果已经固定，任何人都不能再改动。目前仍保密，公开后请再次核验。")
	case audit.OpenedUncheckable:
		return wording.Both("All that was shown is right. Since the rows of the list are not public, whom the draw took can be checked only by those who have seen them; a company checks its own receipt.",
			"已公开的材料均相符。因名录未公开，抽中名单只有看过名录者才能核对；各单位可核验自己的回执。")
	case audit.Called:
		return wording.Both("The draw was called off in the way that its rules allow. Nothing follows from it.", "本次抽取已按规则作废，不产生任何后果。")
	case audit.OrderNotProven:
		return wording.Both("Nothing contradicts the draw, but no independent witness proves that list and deadlines were fixed before the random number was known.",
			"未见矛盾，但没有独立见证能证明名录和期限是在随机数公布之前固定的。")
	case audit.WrongVerdict:
		return wording.Both("Two values that must be equal are not. The checks below that do not hold show both. Either the files were changed, or the draw was not held as announced.",
			"有两个本应相同的数值不一致，见下方标为“不符”的项目。可能是文件被改动，也可能是抽取未按公告进行。")
	}
	return wording.Both("Something that is needed to tell is missing: in the files, in your policy, or because the draw is still under way. The checks below say what.",
		"缺少作出判断所需的内容：可能在材料中、在您的核验依据中，或因抽取仍在进行。详见下方各项。")
}

func fixedReceipt() wording.Text {
	return wording.Both("The receipt is genuine: this company's outcome was fixed by the sealed result. Whether it was drawn rightly shows when the draw is opened and its bundle is checked.",
		"回执真实：该单位的结果已由封存结果固定。抽取本身是否正确，待公开后核验材料包即可知。")
}

func hexOf(h [32]byte) string { return hex.EncodeToString(h[:]) }
