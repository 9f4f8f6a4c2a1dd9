package page

import (
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/examples/internal/wording"
)

// A Fact is one line of what a bundle says of itself.
type Fact struct {
	Label wording.Text `json:"label"`
	Value wording.Text `json:"value"`
	Code  bool         `json:"code,omitempty"` // a value to compare character by character
}

// An Event is something that was published, or is due.
type Event struct {
	Title wording.Text `json:"title"`
	By    string       `json:"by,omitempty"`    // who signed
	At    string       `json:"at,omitempty"`    // when, as claimed, UTC
	Until string       `json:"until,omitempty"` // the deadline, UTC
	Done  bool         `json:"done"`            // it is there
	Text  wording.Text `json:"text"`            // what it says, in a sentence; may be empty
	Seen  []Seen       `json:"seen,omitempty"`  // witnesses who saw it
}

// A PulseClaim is the value that a bundle claims a beacon to have published. Only
// the beacon's own publication proves it.
type PulseClaim struct {
	Beacon string `json:"beacon"`
	Round  string `json:"round"`
	At     string `json:"at"` // of the publication, UTC
	Value  string `json:"value"`
}

func (st *statements) claim() *PulseClaim {
	if st.notice == nil || st.notice.Beacon == "" {
		return nil
	}
	c := &PulseClaim{Beacon: st.notice.Beacon, Round: st.notice.Round, At: stamp(st.notice.PulseAt)}
	if st.pulse != nil {
		c.Value = st.pulse.Value
	}
	return c
}

// facts returns who draws what from which list.
func (st *statements) facts() []Fact {
	var facts []Fact
	same := func(s string) wording.Text { return wording.Both(s, s) }
	add := func(english, chinese string, value wording.Text, code bool) {
		facts = append(facts, Fact{wording.Both(english, chinese), value, code})
	}
	if s := st.series; s != nil {
		add("Authority", "抽取机关", same(s.Authority), false)
		add("Scope", "事项", same(s.Scope), false)
	}
	n := st.notice
	if n == nil {
		return facts
	}
	mode := wording.Mode(n.Mode.String())
	add("Draw", "抽取", wording.Both(
		fmt.Sprintf("number %d of the series, %s", n.Number, mode.EN),
		fmt.Sprintf("系列第 %d 次，%s", n.Number, mode.ZH)), false)
	list := wording.Both(fmt.Sprintf("%s companies, all rows public", count(n.Units)), fmt.Sprintf("%s 个单位，名录全部公开", count(n.Units)))
	if n.Frame == statement.Salted {
		list = wording.Both(fmt.Sprintf("%s companies, rows not public: only their fingerprint is", count(n.Units)), fmt.Sprintf("%s 个单位，名录不公开，仅公开其指纹", count(n.Units)))
	}
	add("List", "名录", list, false)
	if st.plan != nil {
		total := st.plan.Quotas().Total()
		add("To be drawn", "应抽", wording.Both(
			fmt.Sprintf("%s, from %s strata; up to %d reserves behind each group", quantity(total), count(len(st.plan.Strata())), st.plan.Reserves()),
			fmt.Sprintf("%s 个，分 %s 层；每组后备至多 %d 个", quantity(total), count(len(st.plan.Strata())), st.plan.Reserves())), false)
	}
	if n.Beacon != "" {
		add("Public random number", "公共随机数", wording.Both(
			fmt.Sprintf("%s, round %s, known from %s UTC", n.Beacon, n.Round, n.PulseAt.UTC().Format("2006-01-02 15:04")),
			fmt.Sprintf("%s，第 %s 期，自 %s（世界协调时）起公布", n.Beacon, n.Round, n.PulseAt.UTC().Format("2006-01-02 15:04"))), false)
	}
	if len(n.Contributors) > 0 {
		var names []string
		for _, c := range n.Contributors {
			names = append(names, c.Name)
		}
		add("Contributors of randomness", "随机贡献者", wording.Both(strings.Join(names, ", "), strings.Join(names, "、")), false)
	}
	if s := st.series; s != nil && len(s.Witnesses) > 0 {
		var names []string
		for _, w := range s.Witnesses {
			names = append(names, keyName(w.Key))
		}
		add("Witnesses", "见证人", wording.Both(
			fmt.Sprintf("%s; %d of them must have seen it", strings.Join(names, ", "), s.Quorum),
			fmt.Sprintf("%s；其中须有 %d 位见证", strings.Join(names, "、"), s.Quorum)), false)
	}
	if st.noticeID != "" {
		add("Fingerprint of the notice", "公告指纹", same(st.noticeID), true)
	}
	return facts
}

// quantity returns an expected number: whole, or with two digits behind the point.
func quantity(f draw.Fraction) string {
	if n, ok := f.Floor(); ok && f.IsWhole() {
		return count(n)
	}
	return f.Rat().FloatString(2)
}

// keyName returns the name in a verifier key.
func keyName(key string) string {
	name, _, _ := strings.Cut(key, "+")
	return name
}

// story returns what was published in the order of the protocol.
func (st *statements) story() []Event {
	var events []Event
	regulator := ""
	if s := st.series; s != nil {
		regulator = keyName(s.Regulator)
		events = append(events, Event{Title: wording.Both("Rules of the series fixed", "确定系列规则"), By: regulator,
			At: stamp(s.Created), Done: true, Seen: st.seen[audit.FileSeries]})
	}
	n := st.notice
	if n == nil {
		return events
	}
	events = append(events, Event{Title: wording.Both("Draw announced", "发布抽取公告"), By: regulator, At: stamp(n.Created), Done: true,
		Text: wording.Both("List, plan, deadlines and the round of the public random number are fixed from here on.", "自此，名录、方案、期限和公共随机数期次均已固定。"),
		Seen: st.seen[audit.FileNotice]})
	if len(n.Contributors) > 0 {
		events = append(events,
			Event{Title: wording.Both("Contributions bound", "随机贡献作出承诺"), By: strings.Join(st.commits, ", "), Until: stamp(n.CommitBy), Done: len(st.commits) > 0},
			Event{Title: wording.Both("Contributions shown", "随机贡献公开"), By: strings.Join(st.reveals, ", "), Until: stamp(n.RevealBy), Done: len(st.reveals) > 0})
	}
	closed := Event{Title: wording.Both("Contributions closed", "随机贡献截止"), By: regulator, Until: stamp(n.CloseBy), Seen: st.seen[audit.FileClose]}
	if c := st.close; c != nil {
		closed.Done, closed.At, closed.Until = true, stamp(c.Closed), ""
		closed.Text = wording.Both(fmt.Sprintf("%d count, %d do not.", len(c.Counted), len(c.Missing)), fmt.Sprintf("计入 %d 份，未计入 %d 份。", len(c.Counted), len(c.Missing)))
	}
	events = append(events, closed)
	if n.Beacon != "" {
		pulse := Event{Title: wording.Both("Public random number", "公共随机数公布"), By: n.Beacon, At: stamp(n.PulseAt)}
		if p := st.pulse; p != nil {
			pulse.Done, pulse.Text = true, wording.Both("Claimed value: "+p.Value, "所称数值："+p.Value)
		}
		events = append(events, pulse)
	}
	if n.Mode == statement.Sealed {
		events = append(events, Event{Title: wording.Both("Result sealed", "结果封存"), By: regulator, Done: st.sealed != nil, Seen: st.seen[audit.FileSealed],
			Text: wording.Both("Fixed from here on, and still secret.", "自此结果不能改动，且仍保密。")})
	}
	opened := Event{Title: wording.Both("Result opened", "结果公开"), By: regulator, Until: stamp(n.OpenBy), Seen: st.seen[audit.FileOpening]}
	if o := st.opening; o != nil {
		opened.Done, opened.At, opened.Until = true, stamp(o.Opened), ""
	}
	events = append(events, opened)
	if v := st.void; v != nil {
		events = append(events, Event{Title: wording.Both("Draw called off", "抽取作废"), By: regulator, At: stamp(v.Made), Done: true,
			Text: wording.Both("Reason given: "+v.Reason, "所述理由："+v.Reason), Seen: st.seen[audit.FileVoid]})
	}
	return events
}
