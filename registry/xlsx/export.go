package xlsx

import (
	"fmt"
	"io"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/matching"
)

// Names return the name of an entity or an inspector by its ID, "" for none. A nil Names
// leaves the column of names out of its sense: it is empty.
type Names func(id string) string

func (n Names) of(id string) string {
	if n == nil {
		return ""
	}
	return n(id)
}

// WritePlan writes the plan of a draw (抽取方案): each stratum with its units, weight and
// quota. Title is the sheet's heading. Exact fractions are written as text, such as 7/2. The
// bytes depend on plan and title alone.
//
// It returns an error if w does, or if a text cannot stand in a cell. That holds
// for all writers here; codes are always text, and text that begins like a formula gets an apostrophe.
func WritePlan(w io.Writer, title string, plan *draw.Plan) error {
	b := newBook()
	id, root := plan.ID(), plan.FrameRoot()
	b.table("抽取方案", title, fmt.Sprintf("方案编号 %x；抽样框的根 %x，共 %d 个单位；每格备选 %d 个", id, root, plan.Units(), plan.Reserves()),
		column{"层", 28}, column{"单位数", 12}, column{"权重合计", 16}, column{"抽取数", 14})
	quotas := map[string]draw.Fraction{}
	for _, q := range plan.Quotas() {
		quotas[q.Stratum] = q.Count
	}
	for _, s := range plan.Strata() {
		b.add(s.Label, number(s.Units), number(s.Weight), quotas[s.Label].String())
	}
	return b.writeTo(w)
}

// WriteResult writes the result of a draw (抽取结果) in two tables: the drawn units by
// stratum, weight and rank, and their reserves. Names may be nil.
func WriteResult(w io.Writer, title string, result *draw.Result, names Names) error {
	b := newBook()
	columns := []column{{"序号", 8}, {"统一社会信用代码", 24}, {"名称", 40}, {"层", 20}, {"权重", 10}, {"格内位次", 10}, {"抽中概率", 20}, {"签号", 38}}
	note := fmt.Sprintf("抽中 %d 个；方案编号 %x；种子 %s", result.Len(), result.PlanID(), result.Seed())
	for _, part := range []struct {
		sheet string
		units func(func(draw.Drawn) bool)
	}{{"抽中名单", result.Drawn()}, {"备选名单", result.Reserves()}} {
		b.table(part.sheet, title, note, columns...)
		n := uint64(0)
		for d := range part.units {
			n++
			b.add(number(n), d.ID, names.of(d.ID), d.Stratum, number(d.Weight), number(d.Rank), d.Chance.String(), d.Ticket.String())
		}
	}
	return b.writeTo(w)
}

// WriteRoster writes who goes where (检查人员派出表): each task with its team, in the
// order of the places, and in a second table the tasks without one. Both Names may be nil.
func WriteRoster(w io.Writer, title string, roster *matching.Roster, entities, inspectors Names) error {
	b := newBook()
	b.table("派出表", title, fmt.Sprintf("共 %d 项任务；名单由问题 %x 和密钥 %x 推出", roster.Len(), roster.Problem(), roster.Key()),
		column{"序号", 8}, column{"统一社会信用代码", 24}, column{"名称", 40}, column{"检查人员", 40}, column{"人员编号", 40})
	n := uint64(0)
	for t := range roster.Teams() {
		n++
		who := make([]string, len(t.Inspectors))
		for i, id := range t.Inspectors {
			who[i] = inspectors.of(id)
		}
		b.add(number(n), t.Task, entities.of(t.Task), strings.Trim(strings.Join(who, "、"), "、"), strings.Join(t.Inspectors, "、"))
	}
	b.table("未派出", title, "合格且无须回避的人员不足的任务", column{"序号", 8}, column{"统一社会信用代码", 24}, column{"名称", 40})
	n = 0
	for r := range roster.Refused() {
		n++
		b.add(number(n), r.Task, entities.of(r.Task))
	}
	return b.writeTo(w)
}

// A Publicity is one row of a publicity table: what is announced of one inspection.
type Publicity struct {
	ID, Name   string   // of the entity
	Item       string   // what was inspected
	Department string   // which inspected
	Inspectors []string // names or numbers of certificates, as is published
	Day        string   // of the inspection, YYYY-MM-DD
	Result     string   // such as 未发现问题
}

// WritePublicity writes a publicity table (抽查结果公示表) in the order of the rows.
func WritePublicity(w io.Writer, title, note string, rows []Publicity) error {
	b := newBook()
	b.table("公示表", title, note, column{"序号", 8}, column{"统一社会信用代码", 24}, column{"名称", 40}, column{"抽查事项", 30},
		column{"检查机关", 24}, column{"检查人员", 24}, column{"检查日期", 14}, column{"检查结果", 30})
	for i, p := range rows {
		b.add(i+1, p.ID, p.Name, p.Item, p.Department, strings.Join(p.Inspectors, "、"), p.Day, p.Result)
	}
	return b.writeTo(w)
}

// number returns n as a number of Excel's, which has 15 digits, and text beyond.
func number(n uint64) any {
	if n > 999_999_999_999_999 {
		return fmt.Sprint(n)
	}
	return n
}
