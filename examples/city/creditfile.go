package main

import (
	"fmt"

	"github.com/doublerandom/doublerandom/credit"
	"github.com/doublerandom/doublerandom/credit/dossier"
	"github.com/doublerandom/doublerandom/registry"
)

// publicFile makes the public credit file from what the visits found: penalties under the norm of their day, those
// who were not to be found, and for the gravest a measure that binds another department.
func (c *campaign) publicFile() (*dossier.File, error) {
	rules := dossier.ChineseRules()
	var entries []*dossier.Entry
	var measures []dossier.Measure
	for _, j := range c.done {
		for i, call := range j.visits {
			if call.entity == "" {
				continue
			}
			id := fmt.Sprintf("E-%04d-%04d", j.number, i+1)
			d := dossier.Decision{
				ID: id, Entity: call.entity, Date: dayOf(call.to).AddDays(5), Department: j.by[0].ID,
				Document: "样市罚〔2026〕" + id[2:], Basis: "《样本市条例》第九条（虚构）", Summary: fmt.Sprintf("fined %d yuan", call.fine/100),
			}
			grave := call.results.Has(credit.FoodAndDrugs)
			switch {
			case call.fine > 0:
				d.Kind = dossier.Penalty
				d.Norm, d.Category, d.Months = normOf(d.Date, grave)
			case call.results.Has(credit.Unreachable):
				d.Kind, d.Norm, d.Category = dossier.AbnormalOperation, "SAIC-68", "listed"
				d.Summary, d.Basis = "not to be found at its address", "《企业信息公示暂行条例》第九条"
			default:
				continue
			}
			entry, err := rules.Enter(d)
			if err != nil {
				return nil, err
			}
			for _, event := range []dossier.Event{{Action: dossier.Notified, Date: d.Date.AddDays(1)}, {Action: dossier.Published, Date: d.Date.AddDays(12)}} {
				if entry, err = entry.Add(event); err != nil {
					return nil, err
				}
			}
			entries = append(entries, entry)
			if grave {
				measures = append(measures, dossier.Measure{
					ID: "M" + id[1:], Entry: id, RequestedBy: d.Department, ExecutedBy: "commerce", Matter: dossier.Procurement, From: d.Date.AddDays(20),
					LiftedByRepair: true, Basis: "《样本市联合惩戒办法》第三条（虚构）",
				})
			}
		}
	}
	return dossier.NewFile(entries, measures)
}

// normOf returns the norm of a penalty of a day, which changed on 1 April 2026.
func normOf(day registry.Date, grave bool) (norm, category string, months int) {
	switch before := day.Compare(date("2026-04-01")) < 0; {
	case before && grave:
		return "NDRC-58", "food", 12
	case before:
		return "NDRC-58", "other", 3
	case grave:
		return "NDRC-36", "serious", 12
	}
	return "NDRC-36", "general", 6
}
