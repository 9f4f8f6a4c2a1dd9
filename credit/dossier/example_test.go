package dossier_test

import (
	"fmt"
	"log"

	"github.com/doublerandom/doublerandom/credit/dossier"
	"github.com/doublerandom/doublerandom/registry"
)

func date(s string) registry.Date {
	d, err := registry.ParseDate(s)
	if err != nil {
		log.Fatal(err)
	}
	return d
}

func Example() {
	rules := dossier.ChineseRules() // or your own, by ParseRules
	entry, err := rules.Enter(dossier.Decision{
		ID: "E1", Entity: "91370200163562681G", Kind: dossier.Penalty, Norm: "NDRC-36", Category: "general",
		Date: date("2026-04-01"), Department: "market", Months: 12,
		Document: "No. 17 of 2026", Basis: "Food Safety Law, article 126", Summary: "fined 20,000 yuan",
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, event := range []dossier.Event{
		{Action: dossier.Notified, Date: date("2026-04-02")},
		{Action: dossier.Published, Date: date("2026-04-08")},
	} {
		if entry, err = entry.Add(event); err != nil {
			log.Fatal(err)
		}
	}
	file, err := dossier.NewFile([]*dossier.Entry{entry}, []dossier.Measure{{
		ID: "M1", Entry: "E1", RequestedBy: "market", ExecutedBy: "culture", Matter: dossier.Honour,
		From: date("2026-05-01"), LiftedByRepair: true, Basis: "memorandum of 2026, section 3",
	}})
	if err != nil {
		log.Fatal(err)
	}

	today := date("2026-06-25")
	for _, p := range file.Public("91370200163562681G", today) {
		fmt.Println(p.Summary, "until", p.Until)
	}
	for _, b := range file.Binding("culture", "91370200163562681G", dossier.Honour, today) {
		fmt.Println(b.Reason)
	}
	for _, c := range file.Changes(today, 365) {
		fmt.Println(c)
	}

	// Output:
	// fined 20,000 yuan until 2027-03-31
	// measure M1 restricts honour of 91370200163562681G from 2026-05-01 to 2027-03-31 (term), requested by market for penalty E1 of 2026-04-01: memorandum of 2026, section 3; repair lifts it and may be applied for from 2026-07-01
	// 2026-07-01 repairable: penalty E1 of 91370200163562681G
	// 2027-04-01 measure ends: measure M1 for penalty E1 of 91370200163562681G (term)
	// 2027-04-01 disappears: penalty E1 of 91370200163562681G (term)
}

// An objection stops the publication until it is decided.
func ExampleEntry_Add() {
	entry, err := dossier.ChineseRules().Enter(dossier.Decision{
		ID: "E1", Entity: "acme", Kind: dossier.Penalty, Norm: "NDRC-36", Category: "serious", Date: date("2026-04-01"), Department: "market",
		Months: 36, Document: "No. 17 of 2026", Basis: "law", Summary: "licence revoked",
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, event := range []dossier.Event{
		{Action: dossier.Notified, Date: date("2026-04-02")},
		{Action: dossier.Published, Date: date("2026-04-07")},
		{Action: dossier.Objected, Date: date("2026-04-07"), Text: "not our shop"},
		{Action: dossier.Published, Date: date("2026-04-08")},
		{Action: dossier.ObjectionRejected, Date: date("2026-04-20"), Text: "it is"},
		{Action: dossier.Published, Date: date("2026-04-21")},
		{Action: dossier.RepairApplied, Date: date("2027-03-31")},
		{Action: dossier.RepairApplied, Date: date("2027-04-01")},
	} {
		next, err := entry.Add(event)
		if err != nil {
			fmt.Println(err)
			continue
		}
		entry = next
	}
	fmt.Println(entry.State())

	// Output:
	// dossier: entry "E1": notice given, published on 2026-04-07: the notice runs to 2026-04-07
	// dossier: entry "E1": contested, published on 2026-04-08: not possible in this state
	// dossier: entry "E1": in public, repair-applied on 2027-03-31: repair is possible from 2027-04-01
	// repair pending
}

func ExampleParseRules() {
	_, err := dossier.ParseRules([]byte(`doublerandom/credit-rules/v1
norm R-1 a regional regulation
rule penalty R-1 general from 2024-01-01 to open notice 5 days publish within 20 days counted from decision for 3..12 months repair after 3 months
rule penalty R-1 general from 2026-04-01 to open notice 5 days publish within 20 days counted from decision for 3..6 months repair after 3 months
`))
	fmt.Println(err)

	// Output:
	// dossier: rules for penalty R-1 general: the one from 2024-01-01 to open and the one from 2026-04-01 to open overlap
}

func ExampleRules_ParseFile() {
	file, err := dossier.ChineseRules().ParseFile([]byte(`doublerandom/credit-file/v1
entry E1 on acme: abnormal-operation SAIC-68 listed decided 2026-04-01 by market for 0 months
document No. 18 of 2026
basis Interim Measures, article 9
summary cannot be reached at its address
notified 2026-04-01
published 2026-04-07
removed 2026-05-11 it can be reached
`))
	if err != nil {
		log.Fatal(err)
	}
	for _, day := range []string{"2026-04-06", "2026-04-07", "2026-05-10", "2026-05-11"} {
		fmt.Println(day, len(file.Public("acme", date(day))))
	}

	// Output:
	// 2026-04-06 0
	// 2026-04-07 1
	// 2026-05-10 1
	// 2026-05-11 0
}
