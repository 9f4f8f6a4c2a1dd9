// Package wording holds what the programs that verify a draw tell their users, in
// English and Chinese: the titles of the checks, the words for their statuses and
// for the verdicts.
package wording

import (
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/statement"
)

// A Text is a phrase in both languages.
type Text struct {
	EN string `json:"en"`
	ZH string `json:"zh"`
}

// Both returns a text.
func Both(english, chinese string) Text { return Text{english, chinese} }

// In returns the phrase in a language: Chinese for "zh", otherwise English.
func (t Text) In(lang string) string {
	if lang == "zh" {
		return t.ZH
	}
	return t.EN
}

// Mode returns the word for a draw's mode; a mode that has none stays as it is.
func Mode(mode string) Text {
	if t, ok := modes[mode]; ok {
		return t
	}
	return Text{mode, mode}
}

// Status returns the word for the status of a check.
func Status(s audit.Status) Text { return statuses[s] }

// Verdict returns the words for a verdict.
func Verdict(v audit.Verdict) Text { return verdicts[v] }

// Check returns the title of a check, in plain words; the name is one of
// [audit.CheckNames].
func Check(name string) Text { return checks[name] }

// DraftNote warns of a policy that was drafted from the bundle itself.
func DraftNote() Text {
	return Text{
		"Nothing was verified: this is what the bundle says of itself. Compare each line with another source, then save it as your policy.",
		"尚未核验：以下只是材料包的自述。请逐行与其他来源核对，确认后再存为您的核验依据。",
	}
}

// Withheld is the format of a sentence with the number of contributions that were
// not shown, twice.
func Withheld() Text {
	return Text{
		"%d contributions were bound but not shown: whoever foresaw the beacon could choose among up to 2^%d outcomes",
		"有 %d 份随机贡献已承诺但未公开：若有人能预知信标值，最多可在 2^%d 种结果中挑选",
	}
}

// Details says in a Chinese report why half of its lines are in English: they are
// the audit's own words, the same for every reader.
const Details = "各项标题下的英文是核对细节的原文。"

// modes are the words for a draw's mode.
var modes = map[string]Text{
	statement.Open.String():   {"open", "不封存"},
	statement.Sealed.String(): {"sealed", "先封存、后公开"},
}

// statuses are the words for the statuses, by status.
var statuses = [...]Text{
	audit.Skipped:   {"skipped", "不适用"},
	audit.OK:        {"ok", "通过"},
	audit.NotProven: {"not-proven", "未证明"},
	audit.Missing:   {"missing", "缺材料"},
	audit.Wrong:     {"wrong", "不符"},
}

// verdicts are the words for the verdicts, by verdict.
var verdicts = [...]Text{
	audit.CannotTell:        {"CANNOT TELL", "无法判断"},
	audit.Fixed:             {"FIXED: the outcome cannot be changed any more", "结果已封存，不能再改动"},
	audit.OpenedCorrect:     {"OPENED AND CORRECT", "已公开，正确"},
	audit.OpenedUncheckable: {"OPENED, selection not publicly checkable: the rows of the frame are not public", "已公开；名录未公开，公众不能核对抽中名单"},
	audit.OrderNotProven:    {"ORDER NOT PROVEN: nothing is wrong, but it is not proven that nobody could choose", "未见不符，但先后次序未获证明，不能排除有人挑选结果"},
	audit.WrongVerdict:      {"WRONG", "不符"},
	audit.Called:            {"VOID: called off as the rules allow", "已按规则作废"},
}

// checks are the titles of the checks, in plain words.
var checks = map[string]Text{
	audit.CheckFiles:        {"files can be read and have sane sizes", "文件可读，大小合理"},
	audit.CheckSignatures:   {"every statement is signed by whom it must be", "每份声明都由应签者签名"},
	audit.CheckSeries:       {"it is the series that you trust", "属于您所信任的抽取系列"},
	audit.CheckChain:        {"draws follow one another without gap or fork", "历次抽取首尾相接，无缺号、无分叉"},
	audit.CheckNotice:       {"the notice keeps the rules of the series", "公告符合系列规则"},
	audit.CheckPlan:         {"the plan is the one announced", "方案与公告一致"},
	audit.CheckFrameRoot:    {"the list of companies is the one frozen", "名录与冻结时一致"},
	audit.CheckCommit:       {"contributions were bound before they were shown", "随机贡献先承诺、后公开"},
	audit.CheckReveal:       {"what was shown is what was bound", "公开的随机贡献与承诺一致"},
	audit.CheckClose:        {"every contributor is accounted for", "每位贡献者均有交代"},
	audit.CheckDeadlines:    {"deadlines were kept", "遵守各项期限"},
	audit.CheckWitnessOrder: {"witnesses saw notice and close before the pulse", "见证人在信标公布前已见到公告和截止声明"},
	audit.CheckBeacon:       {"the public random number is the one announced, and strong enough", "公共随机数确为公告所定，且强度足够"},
	audit.CheckOpening:      {"the secret is the one committed to, opened in time", "按期公开的秘密与承诺一致"},
	audit.CheckDerivation:   {"the seed follows from the statements", "种子由各声明推得"},
	audit.CheckQuotas:       {"each stratum got its quota", "各层抽取数与配额一致"},
	audit.CheckSelection:    {"exactly these companies follow from plan and seed", "由方案和种子恰好推得这些单位"},
	audit.CheckMatching:     {"the roster of inspectors follows", "检查人员名单由规则推得"},
	audit.CheckSealedRoot:   {"the sealed result is this outcome", "封存的正是这一结果"},
	audit.CheckEvents:       {"skips and substitutions have reasons and keep the order", "跳过和替补均有理由，按序进行"},
	audit.CheckReceipts:     {"receipts agree with the sealed result", "回执与封存结果一致"},
	audit.CheckVoid:         {"the draw was called off properly", "作废合乎规则"},
}
