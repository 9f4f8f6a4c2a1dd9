package registry

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A ReadError refuses a policy that a machine cannot read without guessing.
// Nothing of it was used: a figure that stands beside a part that only a person
// can read may mean something else. Read + Rest is always Text.
type ReadError struct {
	Field  string // "ratio" or "frequency"
	Text   string // the whole text, as given
	Read   string // the part at its beginning that was understood; may be ""
	Rest   string // the part that only a person can read
	Reason string // why, such as "leaves the figure to judgement"
}

// Error returns the refusal as one line, such as
//
//	registry: ratio "不低于3%或按计划确定": only a person can read "或按计划确定": offers an alternative to the figure
func (e *ReadError) Error() string {
	return fmt.Sprintf("registry: %s %s: only a person can read %s: %s", e.Field, label.Quote(e.Text), label.Quote(e.Rest), e.Reason)
}

// maxSpelling bounds the text of a policy as officials write it, in bytes.
const maxSpelling = 1024

// A spelling is an official's text that is read from the left. Spaces between
// words and the width of ASCII characters do not matter; every other character
// has to be taken by a word that the reader knows.
type spelling struct {
	text string
	at   int // byte offset of what is not yet read
}

// newSpelling refuses what cannot be text of a policy at all.
func newSpelling(field, text string) (spelling, error) {
	s := spelling{text: text}
	switch {
	case len(text) > maxSpelling:
		return s, s.refuse(field, 0, fmt.Sprintf("has %d bytes, at most %d", len(text), maxSpelling))
	case !utf8.ValidString(text):
		return s, s.refuse(field, 0, "is not valid UTF-8")
	case strings.TrimSpace(text) == "":
		return s, s.refuse(field, 0, "is empty")
	}
	return s, nil
}

// refuse returns the error for the text from byte at.
func (s *spelling) refuse(field string, at int, reason string) error {
	return &ReadError{field, s.text, s.text[:at], s.text[at:], reason}
}

// halfWidth returns the ASCII form of a full-width character.
func halfWidth(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '\u3000' || r == '\u00a0' || r == '\t':
		return ' '
	}
	return r
}

// peek returns the narrowed character at byte at and the offset behind it.
func (s *spelling) peek(at int) (rune, int) {
	if at >= len(s.text) {
		return 0, at
	}
	r, size := utf8.DecodeRuneInString(s.text[at:])
	return halfWidth(r), at + size
}

// skipSpaces skips spaces; they separate words and mean nothing.
func (s *spelling) skipSpaces() {
	for r, next := s.peek(s.at); r == ' '; r, next = s.peek(s.at) {
		s.at = next
	}
}

// ended reports whether nothing but spaces is left.
func (s *spelling) ended() bool {
	s.skipSpaces()
	return s.at == len(s.text)
}

// matches returns the offset behind the word if it stands at byte at.
func (s *spelling) matches(at int, word string) (int, bool) {
	for _, want := range word {
		r, next := s.peek(at)
		if r != want {
			return 0, false
		}
		at = next
	}
	return at, true
}

// takeOne takes the longest of the words that stands here, and returns which it
// was; -1, with nothing taken, if there is none.
func (s *spelling) takeOne(words ...string) int {
	s.skipSpaces()
	best, end := -1, s.at
	for i, word := range words {
		if next, ok := s.matches(s.at, word); ok && next > end {
			best, end = i, next
		}
	}
	s.at = end
	return best
}

// take reports whether one of the words stood here, and takes it.
func (s *spelling) take(words ...string) bool { return s.takeOne(words...) >= 0 }

// digits takes a run of at most most decimal digits. A longer run is not taken.
func (s *spelling) digits(most int) (n, count int) {
	at := s.at
	for r, next := s.peek(at); r >= '0' && r <= '9'; r, next = s.peek(at) {
		if count++; count > most {
			return 0, 0
		}
		n, at = n*10+int(r-'0'), next
	}
	s.at = at
	return n, count
}

// number takes a whole number: decimal digits, or Chinese numerals up to 百 (100).
func (s *spelling) number() (int, bool) {
	s.skipSpaces()
	if n, count := s.digits(6); count > 0 {
		return n, true
	}
	if s.take("一百", "百") {
		return 100, true
	}
	ones := [...]string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "两"}
	i := s.takeOne(ones[:]...)
	if i == len(ones)-1 {
		return 2, true // 两 stands alone
	}
	n := i + 1 // 0 if there is none
	if s.take("十") {
		n = max(n, 1) * 10
		if i := s.takeOne(ones[:9]...); i >= 0 {
			n += i + 1
		}
	}
	return n, n > 0
}

var tierWords = [...]struct {
	word string
	tier Tier
}{
	{"省级", ProvinceTier}, {"省局", ProvinceTier}, {"省级局", ProvinceTier},
	{"市级", CityTier}, {"市局", CityTier}, {"市级局", CityTier},
	{"县级", DistrictTier}, {"县局", DistrictTier}, {"县级局", DistrictTier},
	{"区级", DistrictTier}, {"区局", DistrictTier}, {"区级局", DistrictTier},
	{"区县级", DistrictTier}, {"区县局", DistrictTier}, {"县区级", DistrictTier}, {"县区局", DistrictTier},
	{"县(市、区)级", DistrictTier}, {"县(市、区)局", DistrictTier},
	{"乡镇", TownTier}, {"基层所", TownTier}, {"监管所", TownTier}, {"市场监管所", TownTier},
}

// tiers takes a list of tiers, such as 市局, 县级监管部门 or 市、县局. It reads every
// word once: a list that is cut off ends before its last separator.
func (s *spelling) tiers() (tiers []Tier) {
	end, pending := s.at, []Tier(nil) // pending: the 市 of 市、县局, which needs what follows
	for {
		if i := s.takeOne("省、", "市、"); i >= 0 {
			pending = append(pending, ProvinceTier+Tier(i))
			continue
		}
		tier := s.tier()
		if tier == AnyTier {
			break
		}
		tiers, pending = append(append(tiers, pending...), tier), nil
		s.take("监管部门", "市场监管部门", "市场监督管理部门", "部门")
		end = s.at
		if !s.take("、", "和") {
			break
		}
	}
	s.at = end
	return tiers
}

// tier takes one tier's longest word; AnyTier if there is none.
func (s *spelling) tier() Tier {
	s.skipSpaces()
	tier, end := AnyTier, s.at
	for _, t := range tierWords {
		if next, ok := s.matches(s.at, t.word); ok && next > end {
			tier, end = t.tier, next
		}
	}
	s.at = end
	return tier
}

// need takes the opening 根据实际需要 (as needed), which leaves a choice within a bound.
func (s *spelling) need() bool {
	start := s.at
	if s.take("根据实际需要", "根据实际工作需要", "根据工作需要", "根据实际情况", "按照实际需要") && s.take(",") {
		return true
	}
	s.at = start
	return false
}

// bound takes the words before a figure that say how it binds; RatioFixed if there are none.
func (s *spelling) bound() RatioKind {
	switch {
	case s.take("不低于", "不少于", "不小于", "不得低于", "不得少于", "至少", "最少", "最低"):
		return RatioFloor
	case s.take("不超过", "不高于", "不多于", "不大于", "不得超过", "不得高于", "不得多于", "至多", "最多", "最高"):
		return RatioCap
	}
	return RatioFixed
}

// boundBehind takes the words behind a figure that say how it binds. In Chinese
// law 以上, 以下 and 以内 include the figure itself (Civil Code, article 1259).
func (s *spelling) boundBehind() RatioKind {
	switch {
	case s.take("以上", "及以上", "(含)以上"):
		return RatioFloor
	case s.take("以下", "及以下", "以内", "(含)以下"):
		return RatioCap
	}
	return RatioFixed
}

// whyNot describes a part that no reader knows. It decides nothing.
func whyNot(rest string) string {
	rest = strings.TrimSpace(rest)
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(rest, w) {
				return true
			}
		}
		return false
	}
	switch {
	case rest == "":
		return "gives no figure"
	case strings.HasPrefix(rest, "或"):
		return "offers an alternative to the figure"
	case has("计划"):
		return "refers to a plan"
	case has("一并"):
		return "refers to another inspection"
	case has("《", "按照", "规定执行"):
		return "refers to another rule"
	case has("确定", "实际"):
		return "leaves the figure to judgement"
	}
	return "is not a spelling that is known here"
}
