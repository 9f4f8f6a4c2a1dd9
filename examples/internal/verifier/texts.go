package verifier

import "github.com/doublerandom/doublerandom/examples/internal/wording"

var (
	draw0     = wording.Both("one draw of the series", "系列中的一次抽取")
	verdict0  = wording.Both("Verdict", "结论")
	because   = wording.Both("why", "理由")
	have      = wording.Both("have", "实际")
	want      = wording.Both("want", "应为")
	authority = wording.Both("Authority", "抽取机关")
	scope     = wording.Both("Scope", "事项")
	drawOf    = wording.Both("Draw", "抽取")
	number    = wording.Both("number %d, %s", "第 %d 次，%s")
	notice    = wording.Both("Notice", "公告")
	drawn     = wording.Both("Drawn", "抽中")
	ofUnits   = wording.Both("%d of %d units", "%[2]d 个单位中抽中 %[1]d 个")
	pairs     = wording.Both("Pairs that cannot be drawn together", "不可能同时被抽中的单位对数")
	fuller    = wording.Both("%s has more hash suites, signatures and beacons", "%s 支持更多的杂凑算法、签名和信标")
)

// printed has the picture's name, version and level of the code, characters, and
// centimetres.
var printed = wording.Both(
	"%s: QR code of version %d-%s, %d characters; print it at least %d cm wide. Nothing was verified.",
	"%s：二维码版本 %d-%s，%d 个字符；打印宽度应不小于 %d 厘米。未作核验。",
)
