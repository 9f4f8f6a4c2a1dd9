package page

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/examples/internal/wording"
)

// A Found is the answer to "was my company in the list, and was it drawn?".
type Found struct {
	ID      string       `json:"id"`      // as found, or as asked for
	Listed  bool         `json:"listed"`  // it is in the list
	Outcome string       `json:"outcome"` // drawn, reserve, other or secret
	Answer  wording.Text `json:"answer"`  // in one sentence
	Facts   []Fact       `json:"facts"`   // row, stratum, weight, chance, ticket, cut-off
	Why     wording.Text `json:"why"`     // the whole explanation
}

// Find answers for one ID. Small letters are taken for capital ones if the ID is
// not in the list as it is. [Session.Prepare] must have succeeded.
func (s *Session) Find(id string) (*Found, error) {
	r := s.rows
	if r == nil {
		return nil, problem(nil, "Check the bundle first.", "请先核验材料包。")
	}
	id = strings.TrimSpace(id)
	row, ok := r.frame.Find(id)
	if !ok {
		if row, ok = r.frame.Find(strings.ToUpper(id)); ok {
			id = strings.ToUpper(id)
		}
	}
	if !ok {
		return &Found{ID: id, Answer: wording.Both(
			"No: there is no company with exactly this number in the list, so it could not be drawn. Compare every character.",
			"不在：名录中没有与此编号完全一致的单位，因此不可能被抽中。请逐字核对。")}, nil
	}
	unit := r.frame.At(row)
	f := &Found{ID: id, Listed: true}
	cell, ok := r.selection.Cell(unit.Stratum, unit.Weight)
	if !ok {
		return nil, problem(nil, "The plan has no group for this company.", "方案中没有该单位所属的组。")
	}
	add := func(english, chinese, e, c string, code bool) {
		f.Facts = append(f.Facts, Fact{wording.Both(english, chinese), wording.Both(e, c), code})
	}
	same := func(english, chinese, v string, code bool) { add(english, chinese, v, v, code) }
	add("Row in the list", "名录中的行", fmt.Sprintf("%s of %s", count(row+1), count(r.frame.Len())), fmt.Sprintf("第 %s 行，共 %s 行", count(row+1), count(r.frame.Len())), false)
	same("Stratum", "层", unit.Stratum, false)
	add("Weight", "权重", fmt.Sprintf("%d, as %s others in the stratum", unit.Weight, count(cell.Units-1)), fmt.Sprintf("%d（同层中另有 %s 个单位权重相同）", unit.Weight, count(cell.Units-1)), false)
	percent, oneIn := chance(cell.Chance)
	add("Chance to be drawn", "被抽中的概率", fmt.Sprintf("%s %s%s", cell.Chance, percent, inEnglish(oneIn)), fmt.Sprintf("%s %s%s", cell.Chance, percent, inChinese(oneIn)), false)
	if r.result == nil {
		f.Outcome = "secret"
		f.Answer = wording.Both("Yes, it is in the list. Whether it was drawn is not public yet.", "在名录中。是否被抽中尚未公开。")
		return f, nil
	}
	e, err := r.result.Explain(r.plan, r.frame, id)
	if err != nil {
		return nil, problem(err, "The result does not say why", "结果未能说明理由")
	}
	if !e.Cell.Certain {
		same("Ticket", "签号", e.Ticket.String(), true)
		if e.Cell.Count > 0 {
			add("Cut-off of its group", "本组截止号", e.Cell.CutOff.String(), e.Cell.CutOff.String(), true)
		}
	}
	switch {
	case e.Drawn:
		f.Outcome, f.Answer = "drawn", wording.Both("Yes, it is in the list, and it was drawn.", "在名录中，已被抽中。")
	case e.Reserve:
		f.Outcome, f.Answer = "reserve", wording.Both("It is in the list. It was not drawn; it is a reserve.", "在名录中，未被抽中，为后备。")
	default:
		f.Outcome, f.Answer = "other", wording.Both("It is in the list, and it was not drawn.", "在名录中，未被抽中。")
	}
	f.Why = wording.Both(e.String(), explain(e))
	return f, nil
}

// explain is [draw.Explanation.String] in Chinese.
func explain(e *draw.Explanation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s 为名录 %d 行中的第 %d 行，属于层 %s，权重 %d。", e.Unit.ID, e.Units, e.Index+1, e.Unit.Stratum, e.Unit.Weight)
	fmt.Fprintf(&b, "该层有 %d 个单位为此权重，每个被抽中的概率为 %s。", e.Cell.Units, e.Cell.Chance)
	switch {
	case e.Cell.Certain && e.Cell.Chance.Cmp(draw.WholeFraction(1)) < 0:
		b.WriteString("该层配额取整后，此权重之大使其全部抽中，故抽中。")
		return b.String()
	case e.Cell.Certain:
		b.WriteString("此权重之大使其必然全部抽中，故抽中。")
		return b.String()
	case e.Cell.Count == 0:
		fmt.Fprintf(&b, "其中预计抽 %s 个，转盘给出 0 个，故未抽中。", e.Cell.Share)
	default:
		fmt.Fprintf(&b, "其中预计抽 %s 个，转盘给出 %d 个，即签号不大于 %s 者。其签号 %s ", e.Cell.Share, e.Cell.Count, e.Cell.CutOff, e.Ticket)
		if e.Drawn {
			fmt.Fprintf(&b, "不大于该号，故抽中，排名第 %d。", e.Rank)
			return b.String()
		}
		b.WriteString("大于该号，故未抽中。")
	}
	if e.Reserve {
		fmt.Fprintf(&b, "它是本组第 %d 个后备。", e.Rank-e.Cell.Count)
	}
	return b.String()
}

// chance returns a chance in percent with about three digits, behind "=" or "≈", and
// "1 in so many" rounded; the second is "" where it would say nothing.
func chance(f draw.Fraction) (percent, oneIn string) {
	r := f.Rat()
	if r.Sign() == 0 {
		return "= 0 %", ""
	}
	p := new(big.Rat).Mul(r, big.NewRat(100, 1))
	digits := 0
	for limit := big.NewRat(100, 1); digits < 12 && p.Cmp(limit) < 0; digits++ {
		limit.Mul(limit, big.NewRat(1, 10))
	}
	percent = p.FloatString(digits)
	sign := "≈ "
	if rounded, ok := new(big.Rat).SetString(percent); ok && rounded.Cmp(p) == 0 {
		sign = "= "
	}
	if strings.Contains(percent, ".") {
		percent = strings.TrimRight(strings.TrimRight(percent, "0"), ".")
	}
	if r.Cmp(big.NewRat(1, 2)) <= 0 {
		inverse := new(big.Rat).Inv(r)
		oneIn = inverse.FloatString(0)
		if inverse.Cmp(big.NewRat(20, 1)) < 0 && !inverse.IsInt() {
			oneIn = inverse.FloatString(1)
		}
	}
	return sign + percent + " %", oneIn
}

func inEnglish(oneIn string) string {
	if oneIn == "" {
		return ""
	}
	return ", about 1 in " + oneIn
}

func inChinese(oneIn string) string {
	if oneIn == "" {
		return ""
	}
	return "，约每 " + oneIn + " 个中抽 1 个"
}
