package registry

import "strings"

// ReadRatio reads a ratio as officials write it in an item list, such as 5%,
// 不低于3%, 不少于2‰, 一般不超过10%/年, 不超过总数的2%, 市局抽查比例不少于30%,
// A类不低于1%，B类10%, 10%，其中重点检查单位不低于8%, 百分之五, or
// 每年1次33%；或者每年分次达到33%. Full-width characters and spaces between words
// do not matter. It never guesses: every other character has to be accounted
// for, or the whole text is refused with a [*ReadError], the only error.
//
// How it reads what is open:
//
//   - A figure without a bound is fixed; 以上, 以下 and 以内 include the figure.
//   - A figure without a year is per draw. 每年, 年度, 全年 and /年 are per year.
//   - 一般 and 原则上 (as a rule) are taken as binding, which is the stricter reading.
//   - 根据实际需要 (as needed) is read before a bound only: it leaves the choice within it.
//   - 其中 (of which) has the figure before it as its frame: both are of the same units.
//     If the inner figure is the larger one it must be meant otherwise, and is refused.
//   - A risk class is the letter of A类 or A级, or the words 高风险 and the like.
func ReadRatio(text string) (Ratio, error) {
	s, err := newSpelling("ratio", text)
	if err != nil {
		return Ratio{}, err
	}
	r := ratioReader{spelling: s}
	if ok, err := r.instalments(); ok || err != nil {
		return r.ratio(err)
	}
	r.asNeeded = r.need()
	for {
		if err := r.clause(); err != nil {
			return Ratio{}, err
		}
		if r.take("。"); r.ended() {
			return r.ratio(nil)
		}
		end := r.at
		if !r.take(",", ";", "、") {
			return Ratio{}, r.refuse(end, whyNot(r.text[end:]))
		}
	}
}

type ratioReader struct {
	spelling
	asNeeded bool
	rules    []RatioRule
}

func (r *ratioReader) ratio(err error) (Ratio, error) {
	if err != nil {
		return Ratio{}, err
	}
	ratio, err := NewRatio(r.rules...)
	if err != nil { // the reader's own checks come first, with a place in the text
		return Ratio{}, r.refuse(0, strings.TrimPrefix(err.Error(), "registry: "))
	}
	return ratio, nil
}

func (r *ratioReader) refuse(at int, reason string) error {
	return r.spelling.refuse("ratio", at, reason)
}

// instalments reads 每年1次33%；或者每年分次达到33% (once a year, or in
// instalments that reach the same): fixed per year. Two different figures are refused.
func (r *ratioReader) instalments() (bool, error) {
	start := r.at
	restart := func() (bool, error) { r.at = start; return false, nil }
	if !r.take("每年1次", "每年一次", "一年1次", "一年一次") {
		return restart()
	}
	once, wrong, ok := r.figure()
	if !ok || wrong != "" || !r.take(";", ",") {
		return restart()
	}
	second := r.at
	if !r.take("或者", "或") || !r.take("每年分次达到") {
		return false, r.refuse(second, whyNot(r.text[second:]))
	}
	if sum, _, ok := r.figure(); !ok || sum != once {
		return false, r.refuse(second, "gives another figure than before")
	}
	if r.take("。"); !r.ended() {
		return false, r.refuse(r.at, whyNot(r.text[r.at:]))
	}
	r.rules = []RatioRule{{Share: Share{RatioFixed, once, PerYear}}}
	return true, nil
}

// clause reads one figure with whom it is for, or 其中 and the figure inside the
// one before it.
func (r *ratioReader) clause() error {
	r.skipSpaces()
	start := r.at
	if len(r.rules) > 0 && r.take("其中") {
		return r.inner(start)
	}
	tiers, classes, basis, err := r.heading(start)
	if err != nil {
		return err
	}
	kind := r.bound()
	r.take(wholes[:]...)
	at := r.at
	ppm, wrong, ok := r.figure()
	if !ok {
		return r.refuse(start, whyNot(r.text[start:]))
	}
	if wrong != "" {
		return r.refuse(at, wrong)
	}
	if behind := r.boundBehind(); behind != RatioFixed {
		if kind != RatioFixed {
			return r.refuse(start, "bounds one figure twice")
		}
		kind = behind
	}
	if at := r.at; kind == RatioFixed && r.rangeFollows() {
		return r.refuse(at, "gives a range of ratios")
	}
	if behind := r.basis("/次", "每次", "/年", "/年度", "每年"); behind != nil {
		if basis != nil && *basis != *behind {
			return r.refuse(start, "is both per draw and per year")
		}
		basis = behind
	}
	if kind == RatioFixed && r.asNeeded {
		return r.refuse(0, "leaves the figure to judgement")
	}
	share := Share{Kind: kind, PPM: ppm}
	if basis != nil {
		share.Basis = *basis
	}
	return r.add(start, tiers, classes, share)
}

// wholes are the words for all units, of which a ratio is meant anyway.
var wholes = [...]string{"总数的", "总量的", "对象总数的", "抽查对象总数的", "检查对象总数的", "监管对象总数的", "抽查对象的", "检查对象的"}

// heading reads what may stand before a bound and its figure, each part at most once.
func (r *ratioReader) heading(start int) (tiers []Tier, classes []string, basis *RatioBasis, err error) {
	var noun, modal, verb, whole bool
	for {
		if tiers == nil {
			if tiers = r.tiers(); tiers != nil {
				continue
			}
		}
		if classes == nil {
			if class := r.class(); class != "" {
				classes = []string{class}
				for r.and() {
					classes = append(classes, r.class())
				}
				continue
			}
		}
		if basis == nil {
			if basis = r.basis("每次", "每次", "每年", "每年度", "年度", "全年", "一年"); basis != nil {
				continue
			}
		}
		switch {
		case !noun && r.take("比例", "抽查比例", "检查比例", "抽取比例", "抽查率", "抽查面", "抽查", "检查", "抽取"):
			noun = true
		case !modal && r.take("一般", "原则上"):
			modal = true
		case !verb && r.take("为", "是", "按", "应", "应当", "按照", ":"):
			verb = true
		case !whole && r.take(wholes[:]...):
			whole = true
		default:
			return tiers, classes, basis, nil
		}
	}
}

// basis takes one of the words, of which the first two are per draw and the others
// per year; nil if there is none.
func (r *ratioReader) basis(words ...string) *RatioBasis {
	i := r.takeOne(words...)
	if i < 0 {
		return nil
	}
	basis := PerYear
	if i < 2 {
		basis = PerDraw
	}
	return &basis
}

// class takes a risk class with the noun behind it; "" if there is none.
func (r *ratioReader) class() string {
	r.skipSpaces()
	class := ""
	if letter, next := r.peek(r.at); letter >= 'A' && letter <= 'Z' {
		end, ok := r.matches(next, "类")
		if !ok {
			end, ok = r.matches(next, "级")
		}
		if ok {
			class, r.at = string(letter), end
		}
	} else if i := r.takeOne(riskWords[:]...); i >= 0 {
		class = riskWords[i]
	}
	if class != "" {
		r.take("企业", "单位", "对象", "主体", "市场主体", "检查对象", "抽查对象", "监管对象")
	}
	return class
}

var riskWords = [...]string{"高风险", "较高风险", "中高风险", "中风险", "中低风险", "一般风险", "较低风险", "低风险"}

// and takes 和 or 、 if another class follows.
func (r *ratioReader) and() bool {
	start := r.at
	if r.take("、", "和") {
		ahead := *r
		if ahead.class() != "" {
			return true
		}
	}
	r.at = start
	return false
}

// inner reads the quota inside the one before it.
func (r *ratioReader) inner(start int) error {
	r.skipSpaces()
	from := r.at
	if !r.take("重点") {
		return r.refuse(start, "names a part of the units that is not known here")
	}
	r.take("检查", "监管", "抽查")
	r.take("单位", "对象", "企业", "主体")
	group := r.text[from:r.at]
	if strings.ContainsFunc(group, func(c rune) bool { return halfWidth(c) == ' ' }) {
		return r.refuse(start, "names a group with a space in it")
	}
	sub := SubShare{Group: group, Kind: r.bound()}
	ppm, wrong, ok := r.figure()
	switch {
	case !ok:
		return r.refuse(start, whyNot(r.text[start:]))
	case wrong != "":
		return r.refuse(start, wrong)
	}
	last := &r.rules[len(r.rules)-1]
	switch {
	case !last.Sub.IsZero():
		return r.refuse(start, "is a second quota inside the same one")
	case len(r.rules) > 1:
		return r.refuse(start, "does not say inside which of the figures it counts")
	case ppm > last.Share.PPM:
		return r.refuse(start, "is larger than the quota that it stands in: of what it counts is open")
	}
	sub.PPM = ppm
	last.Sub = sub
	return nil
}

// rangeFollows reports whether a second figure follows, as in 3%—5%.
func (r *ratioReader) rangeFollows() bool {
	ahead := *r
	return ahead.take("—", "-", "–", "~", "至", "到")
}

// add adds a rule for each tier and class.
func (r *ratioReader) add(start int, tiers []Tier, classes []string, share Share) error {
	if tiers == nil {
		tiers = []Tier{AnyTier}
	}
	if classes == nil {
		classes = []string{""}
	}
	for _, tier := range tiers {
		for _, class := range classes {
			rule := RatioRule{Tier: tier, Class: class, Share: share}
			for _, earlier := range r.rules {
				if compareRatioRules(earlier, rule) == 0 {
					return r.refuse(start, "gives a second figure for the same units")
				}
			}
			if len(r.rules) == maxRules {
				return r.refuse(start, "has too many figures")
			}
			r.rules = append(r.rules, rule)
		}
	}
	return nil
}

// figure takes a ratio: 5%, 0.5‰, 百分之五. It returns ok = false, with nothing
// taken, if none stands here, and what is wrong with one that is no share.
func (r *ratioReader) figure() (ppm PPM, wrong string, ok bool) {
	start := r.at
	unit := 0 // parts per million of one
	switch r.takeOne("百分之", "千分之") {
	case 0:
		unit = 10_000
	case 1:
		unit = 1_000
	}
	whole, ok := r.number()
	if !ok {
		r.at = start
		return 0, "", false
	}
	part, count := 0, 0
	if c, next := r.peek(r.at); c == '.' {
		r.at = next
		if part, count = r.digits(6); count == 0 {
			r.at = start
			return 0, "", false
		}
	}
	if unit == 0 {
		switch r.takeOne("%", "‰") {
		case 0:
			unit = 10_000
		case 1:
			unit = 1_000
		default:
			r.at = start
			return 0, "", false
		}
	}
	scale := 1
	for range count {
		scale *= 10
	}
	sum := int64(whole)*int64(unit) + int64(part)*int64(unit)/int64(scale)
	switch {
	case int64(part)*int64(unit)%int64(scale) != 0:
		return 0, "is finer than one part per million", true
	case sum == 0:
		return 0, "is a ratio of nothing", true
	case sum > int64(WholePPM):
		return 0, "is more than all units", true
	}
	return PPM(sum), "", true
}
