package dossier

import (
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func TestChineseRules(t *testing.T) {
	text, err := ChineseRules().MarshalText()
	require.NoError(t, err)
	require.Equal(t, chineseRules, string(text))
	inEffect := func(date string) (list []string) {
		for rule := range ChineseRules().InEffect(Penalty, day(date)) {
			list = append(list, rule.Norm+" "+rule.Category)
		}
		return list
	}
	require.Equal(t, []string{"NDRC-58 drugs", "NDRC-58 fire", "NDRC-58 food", "NDRC-58 other", "NDRC-58 special-equipment", "NDRC-58 work-safety"}, inEffect("2026-03-31"))
	require.Equal(t, []string{"NDRC-36 general", "NDRC-36 minor", "NDRC-36 serious"}, inEffect("2026-04-01"))
	require.Empty(t, inEffect("2023-04-30"))
	require.Len(t, slices.Collect(ChineseRules().Norms()), 5)
}

func TestNewRulesRefuses(t *testing.T) {
	norms := []Norm{{"N", "a norm"}}
	rule := Rule{Kind: Penalty, Norm: "N", Category: "c", From: day("2020-01-01"), To: day("2020-12-31"), Count: FromDecision, Least: 1, Most: 3, Repair: true, RepairAfter: 1}
	for want, edit := range map[string]func(r *Rule){
		`dossier: rule for  N c: the kind is not known`:                                           func(r *Rule) { r.Kind = 0 },
		`dossier: rule for penalty M c: norm "M" is not listed`:                                   func(r *Rule) { r.Norm = "M" },
		`dossier: rule for penalty N c d: category "c d" has the space U+0020 at byte 2`:          func(r *Rule) { r.Category = "c d" },
		`dossier: rule for penalty N c: the first day is missing`:                                 func(r *Rule) { r.From = registry.Date{} },
		`dossier: rule for penalty N c: the last day 9999-12-31 is outside 1900–2999`:             func(r *Rule) { r.To = day("9999-12-31") },
		`dossier: rule for penalty N c: the last day 2019-12-31 is before the first, 2020-01-01`:  func(r *Rule) { r.To = day("2019-12-31") },
		`dossier: rule for penalty N c: it does not say from when it counts`:                      func(r *Rule) { r.Count = 0 },
		`dossier: rule for penalty N c: it has both a period and none`:                            func(r *Rule) { r.UntilRemoved = true },
		`dossier: rule for penalty N c: it has a time of repair, but no repair`:                   func(r *Rule) { r.Repair = false },
		`dossier: rule for penalty N c: the notice in days is -1, expected 0 to 3660`:             func(r *Rule) { r.Notice = -1 },
		`dossier: rule for penalty N c: the time to publish in days is 3661, expected 0 to 3660`:  func(r *Rule) { r.Within = 3661 },
		`dossier: rule for penalty N c: the longest period in months is 0, expected 1 to 1200`:    func(r *Rule) { r.Least, r.Most, r.RepairAfter = 0, 0, 0 },
		`dossier: rule for penalty N c: the longest period in months is 1201, expected 1 to 1200`: func(r *Rule) { r.Most = 1201 },
		`dossier: rule for penalty N c: the shortest period in months is 4, expected 0 to 3`:      func(r *Rule) { r.Least = 4 },
		`dossier: rule for penalty N c: the time of repair in months is 0, expected 1 to 3`:       func(r *Rule) { r.RepairAfter = 0 },
		`dossier: rule for penalty N c: the time of repair in months is 1201, expected 0 to 1200`: func(r *Rule) { r.UntilRemoved, r.Least, r.Most, r.RepairAfter = true, 0, 0, 1201 },
	} {
		bad := rule
		edit(&bad)
		_, err := NewRules(norms, []Rule{bad}, nil)
		require.EqualError(t, err, want)
	}
	for want, c := range map[string]struct {
		norms       []Norm
		transitions []Transition
	}{
		`dossier: norm "N" is there twice`:                                         {append(norms, Norm{"N", "b"}), nil},
		`dossier: norm "": label is empty`:                                         {[]Norm{{"", "b"}}, nil},
		`dossier: norm "N": title has 0 bytes, expected 1 to 1000`:                 {[]Norm{{"N", ""}}, nil},
		`dossier: transition of  from "N" to "N": the kind is not known`:           {norms, []Transition{{0, "N", "N", rule.From}}},
		`dossier: transition of penalty from "N" to "N": the norms are the same`:   {norms, []Transition{{Penalty, "N", "N", rule.From}}},
		`dossier: transition of penalty from "N" to "M": norm "M" is not listed`:   {norms, []Transition{{Penalty, "N", "M", rule.From}}},
		`dossier: transition of penalty from "N" to "M": the first day is missing`: {append(norms, Norm{"M", "b"}), []Transition{{Penalty, "N", "M", registry.Date{}}}},
		`dossier: transition of penalty from "N" to "M": it is there twice`:        {append(norms, Norm{"M", "b"}), []Transition{{Penalty, "N", "M", rule.From}, {Penalty, "N", "M", rule.To}}},
		`dossier: rules: 10001 rows of a sort, expected at most 10000`:             {make([]Norm, 10001), nil},
	} {
		_, err := NewRules(c.norms, nil, c.transitions)
		require.EqualError(t, err, want)
	}
}

// TestOverlap lays a second rule at each offset to the first.
func TestOverlap(t *testing.T) {
	norms := []Norm{{"N", "a norm"}}
	first := Rule{Kind: Penalty, Norm: "N", Category: "c", From: day("2026-03-01"), To: day("2026-03-31"), Count: FromDecision, Most: 3}
	for offset := -70; offset < 70; offset++ {
		for _, length := range []int{0, 1, 30, 60} {
			for _, open := range []bool{false, true} {
				second := first
				second.From = first.From.AddDays(offset)
				second.To = second.From.AddDays(length)
				apart := second.To.Compare(first.From) < 0 || second.From.Compare(first.To) > 0
				if open {
					second.To, apart = registry.Date{}, second.From.Compare(first.To) > 0
				}
				_, err := NewRules(norms, []Rule{first, second}, nil)
				if apart {
					require.NoError(t, err)
					continue
				}
				var overlap *OverlapError
				require.ErrorAs(t, err, &overlap)
				require.LessOrEqual(t, overlap.First.From.Compare(overlap.Second.From), 0)
				second.Category = "d"
				_, err = NewRules(norms, []Rule{first, second}, nil)
				require.NoError(t, err)
			}
		}
	}
	second := first
	second.From = day("2026-03-31")
	second.To = registry.Date{}
	_, err := NewRules(norms, []Rule{second, first}, nil)
	require.EqualError(t, err, "dossier: rules for penalty N c: the one from 2026-03-01 to 2026-03-31 and the one from 2026-03-31 to open overlap")
}

// TestCount is what the comment on Count says.
func TestCount(t *testing.T) {
	for _, c := range []struct {
		count  Count
		day    string
		months int
		want   string
	}{
		{FromDecision, "2026-04-01", 3, "2026-06-30"}, {AfterDecision, "2026-04-01", 3, "2026-07-01"},
		{FromDecision, "2026-01-31", 1, "2026-02-27"}, {AfterDecision, "2026-01-31", 1, "2026-02-28"},
		{FromDecision, "2028-01-31", 1, "2028-02-28"}, {AfterDecision, "2028-01-31", 1, "2028-02-29"},
		{FromDecision, "2026-04-01", 0, "2026-03-31"}, {AfterDecision, "2026-04-01", 0, "2026-03-31"},
	} {
		rule := Rule{Count: c.count}
		require.Equal(t, c.want, rule.last(c.months, day(c.day), day("2030-01-01")).String())
		rule.Count += FromPublication - FromDecision
		require.Equal(t, c.want, rule.last(c.months, day("2020-01-01"), day(c.day)).String())
	}
}

func TestFind(t *testing.T) {
	rules := rulesOf(t, table)
	for rule := range rules.All() {
		got, err := rules.Find(rule.Kind, rule.Norm, rule.Category, rule.From)
		require.NoError(t, err)
		require.Equal(t, rule, got)
		_, err = rules.Find(rule.Kind, rule.Norm, rule.Category, rule.From.AddDays(-1))
		var none *NoRuleError
		require.ErrorAs(t, err, &none)
		require.Equal(t, []Rule{rule}, none.Others)
	}
	_, err := rules.Find(Penalty, "NEW", "after", registry.Date{})
	require.Error(t, err)
	gap := strings.Replace(table, "rule penalty NEW afterpub", "rule penalty NEW after from 2027-01-01 to open no notice publish any time counted from decision for 1..2 months no repair\nrule penalty NEW afterpub", 1)
	gap = strings.Replace(gap, "from 2026-04-01 to open no notice publish within", "from 2026-04-01 to 2026-10-01 no notice publish within", 1)
	_, err = rulesOf(t, gap).Find(Penalty, "NEW", "after", day("2026-12-31"))
	require.EqualError(t, err, "dossier: no rule for penalty NEW after on 2026-12-31, only from 2026-04-01 to 2026-10-01 and from 2027-01-01 to open")
	got, err := rulesOf(t, gap).Find(Penalty, "NEW", "after", day("2027-01-01"))
	require.NoError(t, err)
	require.Equal(t, 2, got.Most)

	var none *Rules
	require.Empty(t, slices.Collect(none.All()))
	require.Empty(t, slices.Collect(none.Norms()))
	require.Empty(t, slices.Collect(none.InEffect(Penalty, day("2026-12-31"))))
	text, err := none.MarshalText()
	require.NoError(t, err)
	require.Equal(t, rulesHeader+"\n", string(text))
}
