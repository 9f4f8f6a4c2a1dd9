package verifier

import (
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/statement"
)

// A text is a phrase in both languages.
type text struct{ en, zh string }

func phrase(lang string, t text) string {
	if lang == "zh" {
		return t.zh
	}
	return t.en
}

var (
	draftNote = text{
		"Nothing was verified: this is what the bundle says of itself. Compare each line with another source, then save it as your policy.",
		"尚未核验：以下只是材料包的自述。请逐行与其他来源核对，确认后再存为您的核验依据。",
	}
	draw0     = text{"one draw of the series", "系列中的一次抽取"}
	verdict0  = text{"Verdict", "结论"}
	because   = text{"why", "理由"}
	have      = text{"have", "实际"}
	want      = text{"want", "应为"}
	authority = text{"Authority", "抽取机关"}
	scope     = text{"Scope", "事项"}
	drawOf    = text{"Draw", "抽取"}
	number    = text{"number %d, %s", "第 %d 次，%s"}
	notice    = text{"Notice", "公告"}
	drawn     = text{"Drawn", "抽中"}
	ofUnits   = text{"%d of %d units", "%[2]d 个单位中抽中 %[1]d 个"}
	pairs     = text{"Pairs that cannot be drawn together", "不可能同时被抽中的单位对数"}
	withheld  = text{
		"%d contributions were bound but not shown: whoever foresaw the beacon could choose among up to 2^%d outcomes",
		"有 %d 份随机贡献已承诺但未公开：若有人能预知信标值，最多可在 2^%d 种结果中挑选",
	}
	fuller = text{"%s has more hash suites, signatures and beacons", "%s 支持更多的杂凑算法、签名和信标"}
)

// printed has the picture's name, version and level of the code, characters, and
// centimetres.
var printed = text{
	"%s: QR code of version %d-%s, %d characters; print it at least %d cm wide. Nothing was verified.",
	"%s：二维码版本 %d-%s，%d 个字符；打印宽度应不小于 %d 厘米。未作核验。",
}

// details says in a Chinese report why half of its lines are in English: they are
// the audit's own words, the same for every reader.
const details = "各项标题下的英文是核对细节的原文。"

// modes are the words for a draw's mode.
var modes = map[string]text{
	statement.Open.String():   {"open", "不封存"},
	statement.Sealed.String(): {"sealed", "先封存、后公开"},
}

// statuses are the words for the statuses, by status.
var statuses = [...]text{
	audit.Skipped:   {"skipped", "不适用"},
	audit.OK:        {"ok", "通过"},
	audit.NotProven: {"not-proven", "未证明"},
	audit.Missing:   {"missing", "缺材料"},
	audit.Wrong:     {"wrong", "不符"},
}

// verdicts are the words for the verdicts, by verdict.
var verdicts = [...]text{
	audit.CannotTell:        {"CANNOT TELL", "无法判断"},
	audit.Fixed:             {"FIXED: the outcome cannot be changed any more", "结果已封存，不能再改动"},
	audit.OpenedCorrect:     {"OPENED AND CORRECT", "已公开，正确"},
	audit.OpenedUncheckable: {"OPENED, selection not publicly checkable: the rows of the frame are not public", "已公开；名录未公开，公众不能核对抽中名单"},
	audit.OrderNotProven:    {"ORDER NOT PROVEN: nothing is wrong, but it is not proven that nobody could choose", "未见不符，但先后次序未获证明，不能排除有人挑选结果"},
	audit.WrongVerdict:      {"WRONG", "不符"},
	audit.Called:            {"VOID: called off as the rules allow", "已按规则作废"},
}

// checks are the titles of the checks, in plain words.
var checks = map[string]text{
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
