package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw/internal/sm3"
)

// digits is a beacon of twenty decimal digits: 66 bits.
func digits() beacon {
	return beacon{"digits", "2026-328", "3.1.4.1.5.9.2.6.5.3.5.8.9.7.9.3.2.3.8.4./", "beacon digits declared\nsource digits 20 0 9 ordered 0\n"}
}

// lottery is three results of the recipe of that name: 72 bits.
func lottery() beacon {
	return beacon{"lottery", "2026101x3", "2.5.8.10.12.33./7./1.9.18.26.28.30./16./3.4.11.17.22.29./1./", "beacon lottery lottery\n"}
}

// units returns n units of two strata and three weights.
func units(prefix string, n int) (lines []string) {
	for i := range n {
		lines = append(lines, fmt.Sprintf("%s%08d %s %d", prefix, i, []string{"370202/A", "370203/B"}[i%2], []int{1, 1, 2, 3}[i/2%4]))
	}
	return lines
}

func counted(names ...string) (all []participant) {
	for _, name := range names {
		all = append(all, participant{name: name, means: "commit"})
	}
	return all
}

// sealedRecipe is a sealed draw with all there is.
func sealedRecipe() recipe {
	return recipe{
		suite: sha256Suite(), sealed: true, number: 1, units: units("91370202MA", 16), quotas: map[string]string{"370202/A": "3", "370203/B": "2"}, reserves: 2,
		contributors: counted("alpha", "beta", "gamma/3"), minimum: 2, beacon: digits(), receipts: []int{0, 1, 15},
		events: func(drawn, reserves []row) []event {
			// The first drawn unit with a reserve gives its place to it, another is skipped.
			for _, d := range drawn {
				for _, r := range reserves {
					if d.stratum == r.stratum && d.weight == r.weight {
						skipped := drawn[0]
						if skipped.id == d.id {
							skipped = drawn[1]
						}
						return []event{{"substitution", d.id, r.id, "closed down"}, {"skip", skipped.id, "", "under water since Monday"}}
					}
				}
			}
			panic("protocol: no drawn unit has a reserve")
		},
	}
}

func openRecipe() recipe {
	return recipe{suite: sha256Suite(), number: 1, units: units("91370202MA", 16), quotas: map[string]string{"370202/A": "2", "370203/B": "1"}, reserves: 1, beacon: digits()}
}

func smallRecipe() recipe {
	r := sealedRecipe()
	r.units, r.quotas, r.reserves = units("91370202MA", 8), map[string]string{"370202/A": "2", "370203/B": "1"}, 1
	r.events, r.receipts = nil, []int{3}
	return r
}

func chainRecipe() recipe {
	r := smallRecipe()
	r.number, r.previous, r.minimum = 3, text(secret("a notice before")), 2
	r.contributors = []participant{{name: "gamma/3", means: "chain"}, {name: "市南区", means: "chain"}}
	return r
}

func withheldRecipe() recipe {
	r := smallRecipe()
	r.contributors[1].fault = "no-reveal"
	return r
}

func beaconlessRecipe() recipe {
	r := smallRecipe()
	r.sealed, r.beacon, r.receipts = false, beacon{}, nil
	return r
}

func saltedRecipe(hidden bool) recipe {
	r := smallRecipe()
	r.salted, r.hideRows = true, hidden
	return r
}

func fractionalRecipe() recipe {
	r := smallRecipe()
	r.units = []string{
		"U00000001 A 1", "U00000002 A 1", "U00000003 A 2", "U00000004 A 50", "U00000005 B 1", "U00000006 B 1", "U00000007 B 1",
		"U00000008 C 3", "U00000009 C 3", "U00000010 C 1", "U00000011 C 1", "U00000012 C 1",
	}
	r.quotas, r.reserves, r.beacon, r.receipts = map[string]string{"A": "12/5", "B": "1/3", "C": "34/15"}, 2, lottery(), []int{3, 4}
	return r
}

func voidRecipe() recipe {
	r := smallRecipe()
	r.void, r.receipts = "sealed", nil
	return r
}

// policy returns the text of the policy of a verifier who saw what was published
// of these draws of one series.
func policy(draws ...*bundle) string {
	last, hours := draws[len(draws)-1], 48
	if last.stop == "sealed" {
		hours = 12 // before the opening is due
	}
	p := fmt.Sprintf("doublerandom/policy/v1\nat %s\nseries %s\nauthority none\nscope none\nregulator %s\n",
		stamp(last.at(hours)), last.id("series.note"), regulator().vkey())
	for _, w := range witnesses() {
		p += "witness " + w.vkey() + "\n"
	}
	if last.beacon.name == "" {
		p += fmt.Sprintf("quorum 2\nsuite %s\nentropy 0\n", last.suite.name)
	} else {
		p += fmt.Sprintf("quorum 2\nsuite %s\nentropy 64\n%s", last.suite.name, last.beacon.policy)
	}
	seen := ""
	for _, b := range draws {
		if b.beacon.round != seen {
			seen = b.beacon.round
			p += fmt.Sprintf("value %s %s %s\n", seen, stamp(b.at(4)), b.beacon.value)
		}
	}
	return p + "units 1000\nbytes 1000000\nstatements 100\n"
}

// A base is a recipe with what is said of it.
type base struct {
	name, about, verdict string
	recipe               func() recipe
}

func bases() []base {
	const right = "opened and correct"
	return []base{
		{"open-beacon", "An open draw: a beacon, nobody contributes.", right, openRecipe},
		{"sealed", "A sealed draw with three contributors, a beacon, witnesses, receipts, events that were hidden and then shown, and the opening.", right, sealedRecipe},
		{"sealed-fixed", "The same draw before the opening.", "fixed", func() recipe { r := sealedRecipe(); r.stop = "sealed"; return r }},
		{"chain", "Two contributors by hash chain, in draw 3. One name is not ASCII, one has a character that is escaped in names of files.", right, chainRecipe},
		{"withheld", "A contributor withheld its reveal, which the notice allows once.", right, withheldRecipe},
		{"no-beacon", "An open draw of contributions alone: witnesses have seen the commits before any reveal. The policy asks for no entropy.", right, beaconlessRecipe},
		{"salted-shown", "A salted frame, for an auditor who was given rows and secret.", right, func() recipe { return saltedRecipe(false) }},
		{"salted-hidden", "The same draw for everybody else.", "opened, selection not publicly checkable", func() recipe { return saltedRecipe(true) }},
		{"fractional", "Fractional quotas, a unit that is certain, reserves, a lottery as beacon.", right, fractionalRecipe},
		{"sm3", "A whole sealed draw under the suite sm3; the notes are signed with Ed25519, whose key IDs are SHA-256 under every suite.", right, func() recipe {
			r := sealedRecipe()
			r.suite = suite{"sm3", sm3.New}
			r.contributors[2] = participant{name: "gamma/3", means: "chain"}
			return r
		}},
		{"void", "Called off after the sealed result: the duty to open remains, and was met.", "void", voidRecipe},
		{"void-closed", "Called off after the close: the duty to open remains, and was met, though there is no result.", "void", func() recipe {
			r := voidRecipe()
			r.stop, r.void, r.seenAfter = "close", "closed", map[string]time.Duration{"void": 3 * time.Hour}
			return r
		}},
		{"void-pulsed", "Called off after the pulse, before the sealed result: the same.", "void", func() recipe {
			r := voidRecipe()
			r.stop, r.void = "pulse", "pulsed"
			return r
		}},
		{"void-early", "Called off before anybody contributed: nothing is owed.", "void", func() recipe {
			r := smallRecipe()
			r.stop, r.void, r.seenAfter = "notice", "announced", map[string]time.Duration{"void": time.Hour}
			return r
		}},
	}
}

func validVectors() []vector {
	var all []vector
	for _, c := range bases() {
		b := c.recipe().make()
		b.compare()
		v := vector{Name: c.name, About: c.about, Policy: policy(b), Verdict: c.verdict, Files: b.files, Draws: []values{b.values}}
		if b.salted && !b.hideRows {
			v.FrameSecret = text(b.frameSecret())
		}
		all = append(all, v)
	}
	draws := seriesDraws(nil)
	for _, b := range draws {
		b.compare()
	}
	return append(all, seriesVector("series", "Three draws of a series: opened, called off, and drawn again.", "opened and correct", draws))
}

// seriesDraws makes three draws of a series: the second is called off and the
// third draws again from its frame. Edit may change the recipes.
func seriesDraws(edit func(number int, r *recipe)) []*bundle {
	var all []*bundle
	for n := 1; n <= 3; n++ {
		r := smallRecipe()
		r.number, r.shift = n, 72*(n-1)
		r.beacon.round = fmt.Sprintf("2026-%d", 328+3*(n-1)) // every three days
		r.beacon.value = strings.Repeat(r.beacon.value[:2*n], 20/n+1)[:40] + "/"
		r.contributors = append(counted("alpha"), participant{name: "gamma/3", means: "chain"})
		if n > 1 {
			r.units = units("91370203MB", 8)
			before := all[n-2]
			r.previous = before.id("notice.note")
			r.earlier = []string{fmt.Sprintf("%d opened %s", n-1, before.id("opening.note"))}
		}
		if n == 2 {
			r.void = "sealed"
		}
		if n == 3 && all[1].void != "" {
			r.earlier = []string{"2 void " + all[1].id("void.note")}
		}
		if edit != nil {
			edit(n, &r)
		}
		b := r.make()
		b.values.Folder = fmt.Sprintf("%04d", n)
		all = append(all, b)
	}
	return all
}

func (b *bundle) id(file string) string {
	for _, v := range b.values.IDs {
		if v.File == file {
			return v.ID
		}
	}
	panic("protocol: no " + file)
}

func seriesVector(name, about, verdict string, draws []*bundle) vector {
	v := vector{Name: name, About: about, Policy: policy(draws...), Verdict: verdict, Files: map[string]string{}}
	for _, b := range draws {
		v.Draws = append(v.Draws, b.values)
		for file, s := range b.files {
			v.Files[b.values.Folder+"/"+file] = s
		}
	}
	return v
}

// replace replaces the one place where old stands.
func replace(s, old, new string) string {
	if strings.Count(s, old) != 1 {
		panic(fmt.Sprintf("protocol: %d times %q in %q", strings.Count(s, old), old, s))
	}
	return strings.Replace(s, old, new, 1)
}
