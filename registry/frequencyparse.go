package registry

import (
	"strings"
	"unicode"
)

// ReadFrequency reads a frequency as officials write it in an item list, such as
// 每年1次, 1次/年, 每年不少于1次, 每季度一次, 1—2次/年, 一般不超过2次/年,
// 对同一单位每2年抽查不超过1次, 在许可有效期内同一单位不超过2次, or
// 市级局每年组织1次；县级局每月组织1次. Full-width characters and spaces between
// words do not matter. It never guesses: every other character has to be
// accounted for, or the whole text is refused with a [*ReadError], the only error.
//
// How it reads what is open:
//
//   - A number without a bound is exact; 以上, 以下 and 以内 include the number.
//   - Where the text names 同一单位 (the same unit) or another such party, the times
//     are counted for each of them, and the rule keeps the word: it may be narrower
//     than the item's targets. Elsewhere they are the times that the item is drawn.
//   - 一般 and 原则上 (as a rule) are taken as binding, which is the stricter reading.
//   - 根据实际需要 (as needed) is read before a bound only: it leaves the choice within it.
func ReadFrequency(text string) (Frequency, error) {
	s, err := newSpelling("frequency", text)
	if err != nil {
		return Frequency{}, err
	}
	r := frequencyReader{spelling: s}
	r.asNeeded = r.need()
	for {
		if err := r.clause(); err != nil {
			return Frequency{}, err
		}
		if r.take("。"); r.ended() {
			break
		}
		end := r.at
		if !r.take(",", ";") {
			return Frequency{}, r.refuse(end, r.whyNot(end))
		}
	}
	f, err := NewFrequency(r.rules...)
	if err != nil { // the reader's own checks come first, with a place in the text
		return Frequency{}, r.refuse(0, strings.TrimPrefix(err.Error(), "registry: "))
	}
	return f, nil
}

type frequencyReader struct {
	spelling
	asNeeded bool
	rules    []FrequencyRule
}

func (r *frequencyReader) refuse(at int, reason string) error {
	return r.spelling.refuse("frequency", at, reason)
}

// clause reads one number of times with whom and what it is for.
func (r *frequencyReader) clause() error {
	r.skipSpaces()
	start := r.at
	tiers, rule := r.heading()
	kind := r.bound()
	first, ok := r.number()
	if !ok {
		return r.refuse(start, r.whyNot(start))
	}
	second, ranged := first, false
	if r.take("—", "——", "-", "–", "~", "至", "到") {
		if second, ranged = r.number(); !ranged {
			return r.refuse(start, r.whyNot(start))
		}
	}
	if !r.take("次") {
		return r.refuse(start, r.whyNot(start))
	}
	if behind := r.boundBehind(); behind != RatioFixed {
		if kind != RatioFixed {
			return r.refuse(start, "bounds one number twice")
		}
		kind = behind
	}
	behind, wrong := r.periodBehind()
	switch {
	case wrong != "":
		return r.refuse(start, wrong)
	case behind != 0 && rule.Period != 0 && behind != rule.Period:
		return r.refuse(start, "names two periods")
	case behind == 0 && rule.Period == 0:
		return r.refuse(start, "does not say in what time")
	case rule.Period == 0:
		rule.Period = behind
	}
	switch {
	case max(first, second) > maxTimes || min(first, second) == 0 || first > second || ranged && first == second:
		return r.refuse(start, "gives no sensible number of times")
	case ranged && kind != RatioFixed:
		return r.refuse(start, "bounds a range")
	case kind == RatioFixed && r.asNeeded && !ranged:
		return r.refuse(0, "leaves the number to judgement")
	}
	if kind != RatioCap {
		rule.Min = uint16(first)
	}
	if kind != RatioFloor {
		rule.Max = uint16(second)
	}
	return r.add(start, tiers, rule)
}

// whyNot describes a part that is not read. It decides nothing.
func (r *frequencyReader) whyNot(at int) string {
	rest := r.text[at:]
	if statesRatio(rest) {
		return "states a ratio, not how often"
	}
	return whyNot(rest)
}

// statesRatio reports whether a text speaks of a ratio.
func statesRatio(s string) bool {
	return strings.ContainsAny(s, "%％‰") || strings.Contains(s, "分之")
}

// heading reads what may stand before a bound and its number, each part at most once.
func (r *frequencyReader) heading() (tiers []Tier, rule FrequencyRule) {
	var verb, modal bool
	for {
		if tiers == nil {
			if tiers = r.tiers(); tiers != nil {
				continue
			}
		}
		if rule.Period == 0 {
			if rule.Period = r.periodBefore(); rule.Period != 0 {
				r.take(",")
				continue
			}
		}
		if rule.Each == "" {
			if rule.Each = r.party(); rule.Each != "" {
				if r.take("的检查", "的抽查") {
					verb = true
				}
				r.take(",")
				continue
			}
		}
		switch {
		case !verb && r.take("组织", "开展", "抽查", "检查", "组织抽查", "组织检查", "开展抽查", "开展检查", "组织开展"):
			verb = true
		case !modal && r.take("一般", "原则上", "应", "应当"):
			modal = true
		default:
			return tiers, rule
		}
	}
}

// periodBefore takes a period that stands before the number: 每年, 每2年, 两年, 同一年度内.
func (r *frequencyReader) periodBefore() Period {
	start := r.at
	switch r.takeOne("在许可有效期内", "许可有效期内", "在备案有效期内", "备案有效期内",
		"同一年度内", "同一年度", "一个年度内", "年度内", "全年", "一年内", "一年", "每") {
	case 0, 1:
		return LicenceValidity
	case 2, 3:
		return FilingValidity
	case 4, 5, 6, 7, 8, 9, 10:
		return 12
	}
	if p := r.span(); p != 0 { // behind 每, or alone: 两年一次
		return p
	}
	r.at = start
	return 0
}

// periodBehind takes a period that stands behind the number: /年, /2年, 每年.
func (r *frequencyReader) periodBehind() (p Period, wrong string) {
	if !r.take("/", "每") {
		return 0, ""
	}
	if p = r.span(); p == 0 {
		return 0, "names a period that is not known here"
	}
	return p, ""
}

// span takes a length of time: 年, 2年, 两年, 个月, 3个月, 季度, 半年; 0 if none
// stands here or it is longer than 100 years.
func (r *frequencyReader) span() Period {
	start := r.at
	n, counted := r.number()
	if !counted {
		n = 1
	}
	months := 0
	switch r.takeOne("年", "年度", "个年度", "季度", "季", "个季度", "个月", "月", "半年") {
	case 0, 1, 2:
		months = 12
	case 3, 4, 5:
		months = 3
	case 6, 7:
		months = 1
	case 8:
		if !counted {
			months = 6
		}
	}
	if months == 0 || n < 1 || n > maxMonths/months {
		r.at = start
		return 0
	}
	return Period(n * months)
}

// party takes whom the times are counted for: 对同一单位, 同一机构, 对一个单位. It
// returns the words for the party, up to the first noun for one behind which the
// sentence goes on; "" if there is none.
func (r *frequencyReader) party() string {
	start := r.at
	if !r.take("对同一个", "对同一家", "对同一", "同一个", "同一家", "同一", "对一个", "对一家", "对每个", "对每家") {
		return ""
	}
	r.skipSpaces()
	from := r.at
	for at := from; at < len(r.text); {
		for _, noun := range [...]string{"单位", "企业", "机构", "对象", "主体", "经营者", "公司"} {
			end, ok := r.matches(at, noun)
			if party := r.text[from:max(end, from)]; ok && r.goesOn(end) && checkWord(party) == "" {
				r.at = end
				return party
			}
		}
		c, next := r.peek(at)
		// A word that excludes or offers a choice makes a party that a machine cannot keep.
		if !unicode.Is(unicode.Han, c) && c != '、' || strings.ContainsRune("除外非不未或每次", c) {
			break
		}
		at = next
	}
	r.at = start
	return ""
}

// goesOn reports whether the sentence goes on at byte at with another of its parts.
func (r *frequencyReader) goesOn(at int) bool {
	ahead := spelling{r.text, at}
	if c, _ := ahead.peek(at); unicode.IsDigit(c) {
		return true
	}
	return ahead.take(",", "的检查", "的抽查", "每", "同一年度", "一个年度", "一年", "全年", "年度内",
		"在许可有效期内", "在备案有效期内", "抽查", "检查", "组织", "开展", "不", "至", "最", "一般", "原则上", "应")
}

// add adds a rule for each tier.
func (r *frequencyReader) add(start int, tiers []Tier, rule FrequencyRule) error {
	if tiers == nil {
		tiers = []Tier{AnyTier}
	}
	for _, rule.Tier = range tiers {
		for _, earlier := range r.rules {
			if compareFrequencyRules(earlier, rule) == 0 {
				return r.refuse(start, "gives a second number for the same case")
			}
		}
		if len(r.rules) == maxRules {
			return r.refuse(start, "has too many numbers")
		}
		r.rules = append(r.rules, rule)
	}
	return nil
}
