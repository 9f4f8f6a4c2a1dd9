package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/doublerandom/doublerandom/credit"
	"github.com/doublerandom/doublerandom/credit/dossier"
	"github.com/doublerandom/doublerandom/draw/estimate"
	"github.com/doublerandom/doublerandom/registry"
)

func printWorld(out io.Writer, w *world) {
	domains := map[registry.Domain]int{}
	for _, e := range w.reg.All() {
		domains[e.Domain]++
	}
	fmt.Fprintf(out, "  %s entities with valid codes: %s enterprises, %s institutions, %s social organisations, %s judicial-service bodies; %d rejected by the importer\n",
		grouped(w.reg.Len()), grouped(domains[registry.Enterprise]), grouped(domains[registry.Institution]), grouped(domains[registry.SocialOrganisation]),
		grouped(domains[registry.JudicialService]), w.report.Rejected)
	tiers := map[registry.Tier]int{}
	for _, b := range w.bureaus {
		tiers[b.Tier]++
	}
	fmt.Fprintf(out, "  departments: %d of the city, %d of districts, %d of towns, in a tree; %d items\n", tiers[registry.CityTier], tiers[registry.DistrictTier], tiers[registry.TownTier], w.list.Len())
	leads, away := 0, 0
	for _, in := range w.staff.All() {
		if in.Roles.Has(registry.Lead) {
			leads++
		}
		if in.Status != registry.InspectorActive {
			away++
		}
	}
	fmt.Fprintf(out, "  %s inspectors, %s of them leads, %s on leave\n", grouped(w.staff.Len()), grouped(leads), grouped(away))
}

func printDraws(out io.Writer, c *campaign, cover *cover) {
	t := &c.w.tally
	var kinds []string
	for k := cityDraw; k <= flyingDraw; k++ {
		kinds = append(kinds, fmt.Sprintf("%d %s", t.kinds[k], k))
	}
	fmt.Fprintf(out, "  %d draws stand: %s; %d sealed, %d open; %d called off and drawn again\n", len(c.done), strings.Join(kinds, ", "), t.sealed, t.open, t.voids)
	fmt.Fprintf(out, "  frames: %s rows together, the largest has %s\n", grouped(t.units), grouped(t.largest))
	fmt.Fprintf(out, "  %s units drawn, %s teams, %s refused for want of inspectors\n", grouped(t.drawn), grouped(t.teams), grouped(t.refused))
	fmt.Fprintf(out, "  events: %d units replaced by reserves, %d skipped, %d inspectors replaced\n", t.swaps, t.skips, t.withdrawals)
	var rules []string
	for _, rule := range slices.Sorted(maps.Keys(t.conflicts)) {
		rules = append(rules, fmt.Sprintf("%s %s", grouped(t.conflicts[rule]), rule))
	}
	fmt.Fprintf(out, "  conflicts in the notices: %s; %s pairs of inspectors kept apart; of %d draws the exclusions stay private\n", strings.Join(rules, ", "), grouped(t.pairs), t.private)
	fmt.Fprintf(out, "  %d visits without a half-day of their own; %d after another one on the same half-day\n", t.withoutTime, t.doubled)
	p := cover.progress.Total
	fmt.Fprintf(out, "  full coverage: %d judicial-service bodies in 8 batches; %s visits; %d in their batch, %d late, %d left, %d overdue; %d without a team\n",
		cover.plan.Units(), grouped(cover.visits), p.Visited, p.Late, p.Left, p.Overdue, cover.refused)
}

// printCoverage says how many entities of each district and tier were visited.
func printCoverage(out io.Writer, c *campaign) {
	entities, visits := map[string]int{}, map[string]map[registry.Tier]int{}
	tiers := map[registry.Tier][2]int{}
	for _, p := range places() {
		visits[p.code] = map[registry.Tier]int{}
	}
	for _, e := range c.w.reg.All() {
		entities[e.Division[:6]]++
	}
	for _, j := range c.done {
		n := tiers[j.by[0].Tier]
		n[0]++
		for _, call := range j.visits {
			if call.entity != "" {
				e, _ := c.w.reg.Lookup(call.entity)
				visits[e.Division[:6]][j.by[0].Tier]++
				visits[e.Division[:6]][registry.AnyTier]++
				n[1]++
			}
		}
		tiers[j.by[0].Tier] = n
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "district\tentities\tvisited\tshare\tby the city\tits district\tits towns\t")
	for _, p := range places() {
		n := visits[p.code]
		fmt.Fprintf(table, "%s\t%s\t%s\t%.2f %%\t%s\t%s\t%s\t\n", p.code, grouped(entities[p.code]), grouped(n[registry.AnyTier]), 100*float64(n[registry.AnyTier])/float64(max(1, entities[p.code])),
			grouped(n[registry.CityTier]), grouped(n[registry.DistrictTier]), grouped(n[registry.TownTier]))
	}
	table.Flush()
	for _, tier := range []registry.Tier{registry.CityTier, registry.DistrictTier, registry.TownTier} {
		fmt.Fprintf(out, "  %s tier: %s draws, %s visits\n", tier, grouped(tiers[tier][0]), grouped(tiers[tier][1]))
	}
	least, median, most, histogram := c.w.loads()
	fmt.Fprintf(out, "  seats of an inspector: least %d, median %d, most %d\n", least, median, most)
	var list []string
	for n, inspectors := range histogram {
		if inspectors > 0 {
			list = append(list, fmt.Sprintf("%s have %d", grouped(inspectors), n))
		}
	}
	fmt.Fprintf(out, "  %s\n", strings.Join(list, ", "))
}

// printRates shows the honest rates beside the naive ones and the truth.
func printRates(out io.Writer, t *tally) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "draw\titem\tunits\tvisits\tnaive\thonest\t95 % interval\ttruth\t")
	row := func(name, item string, units int, e *estimate.Estimate, truth float64) {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%.1f %%\t%.1f %%\t%.1f–%.1f %%\t%.1f %%\t\n", name, item, grouped(units), e.Inspected, 100*e.Naive, 100*e.Rate, 100*e.Low, 100*e.High, 100*truth)
	}
	other := 0
	for i := range t.frames {
		f := &t.frames[i]
		if f.kind != wideDraw {
			if other++; other > 6 {
				continue
			}
		}
		row(fmt.Sprintf("%04d %s", f.number, f.kind), f.item, f.units, &f.Estimate, f.truth)
	}
	for _, g := range t.wide {
		code := g.Label[strings.LastIndexByte(g.Label, ':')+1:]
		n := t.wideTruth[code]
		row("its district", code, n[0], &g.Estimate, float64(n[1])/float64(max(1, n[0])))
	}
	table.Flush()
	fmt.Fprintln(out, "  honest is the ratio of the Horvitz–Thompson totals, by the chances of the draw; naive is the share of the visits, which says nothing of the others")
	printSpots(out, t)
	fmt.Fprintf(out, "  of %d draws with ten visits or more, %d intervals hold the truth: %.1f %%\n", t.estimates, t.hits, 100*float64(t.hits)/float64(max(1, t.estimates)))
}

// printSpots says which districts stand out in the last city-wide draw, and what the next one follows from.
func printSpots(out io.Writer, t *tally) {
	var list []string
	for _, s := range t.spots {
		list = append(list, map[bool]string{false: "hot ", true: "cold "}[s.Cold]+s.Label)
	}
	if len(list) == 0 {
		list = []string{"none that chance does not explain"}
	}
	fmt.Fprintf(out, "  hot and cold spots at a false-discovery rate of 5 %%: %s\n", strings.Join(list, ", "))
	list = nil
	for _, label := range slices.Sorted(maps.Keys(t.spread)) {
		list = append(list, fmt.Sprintf("%s %d", label[strings.LastIndexByte(label, ':')+1:], t.spread[label]))
	}
	fmt.Fprintf(out, "  proposed for the next plan, spread in thousandths for Neyman's allocation: %s\n", strings.Join(list, ", "))
}

// printRecords compares the records with the draws, and this year with the last.
func printRecords(out io.Writer, c *campaign, head string) {
	fmt.Fprintf(out, "  %s entries of %s visits chained in the journal; head %s\n", grouped(c.k.entries), grouped(c.k.Len()), head)
	var drawn []credit.DrawnUnit
	for _, j := range c.done {
		source := fmt.Sprintf("%x", j.notice.ID)
		for d := range j.result.Drawn() {
			drawn = append(drawn, credit.DrawnUnit{Draw: source, Entity: d.ID, Until: dayOf(j.opened)})
		}
		for d := range j.result.Reserves() {
			drawn = append(drawn, credit.DrawnUnit{Draw: source, Entity: d.ID, Reserve: true, Until: dayOf(j.opened)})
		}
	}
	r := c.k.Reconcile(date(judgedOn), drawn)
	fmt.Fprintf(out, "  reconciled with the draws: %s visits explained, %d not; %d drawn units not visited, having no team; %d skipped with a reason, %d without\n",
		grouped(r.Explained), len(r.Unexplained), len(r.NotDone), len(r.Skipped), len(r.NoReason))
	counts := map[credit.FaultKind]int{}
	for _, f := range c.k.Faults() {
		counts[f.Kind]++
	}
	var kinds []string
	for k := credit.NoOrder; k <= credit.LatePublication; k++ {
		if counts[k] > 0 {
			kinds = append(kinds, fmt.Sprintf("%s %s", grouped(counts[k]), k))
		}
	}
	fmt.Fprintf(out, "  against the rules, and on record: %s\n", strings.Join(kinds, ", "))
	var moves []string
	for _, m := range slices.Sorted(maps.Keys(c.w.tally.moves)) {
		moves = append(moves, fmt.Sprintf("%s %s", grouped(c.w.tally.moves[m]), m))
	}
	fmt.Fprintf(out, "  classes changed by what was found, and with them weights of later frames: %s\n", strings.Join(moves, ", "))

	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "eight months\tvisits\twith findings\tshare\tcases\tfines (yuan)\t")
	this, last := c.k.thisYear(), c.w.lastYear()
	for _, y := range []struct {
		name string
		year
	}{{"of this year", this}, {"of the last", last}} {
		fmt.Fprintf(table, "%s\t%s\t%s\t%.1f %%\t%s\t%s\t\n", y.name, grouped(y.visits), grouped(y.found), 100*float64(y.found)/float64(max(1, y.visits)), grouped(y.cases), grouped(y.fines/100))
	}
	change := func(a, b float64) string {
		if b == 0 {
			return "–"
		}
		return fmt.Sprintf("%+.1f %%", 100*(a/b-1))
	}
	fmt.Fprintf(table, "change\t%s\t%s\t\t%s\t%s\t\n", change(float64(this.visits), float64(last.visits)), change(float64(this.found), float64(last.found)),
		change(float64(this.cases), float64(last.cases)), change(float64(this.fines), float64(last.fines)))
	table.Flush()
}

func printFile(out io.Writer, f *dossier.File) {
	public, measures, on := map[dossier.Kind]int{}, 0, date(judgedOn)
	for e := range f.Entries() {
		if e.Public(on) {
			public[e.Decision().Kind]++
		}
	}
	for range f.Outstanding("", on) {
		measures++
	}
	fmt.Fprintf(out, "  the public credit file on %s: %s penalties, %s on the list of abnormal operation, %s joint-punishment measures to be carried out; %s changes in the next 30 days\n",
		on, grouped(public[dossier.Penalty]), grouped(public[dossier.AbnormalOperation]), grouped(measures), grouped(len(f.Changes(on, 30))))
}

func printJudgement(out io.Writer, v *judgement) {
	fmt.Fprintf(out, "  %s visits of this year and those before by %s inspectors; of %s too few to say anything\n", grouped(v.visits), grouped(len(v.report.Inspectors)), grouped(v.insufficient))
	fmt.Fprintf(out, "  to be reviewed: %d; in truth %d find too much or too little, %d of them are among these, %d are flagged by chance\n", v.flagged, v.odd, v.right, v.flagged-v.right)
	if v.first != "" {
		fmt.Fprintf(out, "  the first: %s\n", v.first)
	}
	fmt.Fprintf(out, "  a survey among inspected entities, drawn whatever was found there: %s\n", v.survey.All)
}
