package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// randomnessFaults are in the pulse and the seed.
func randomnessFaults() []change {
	return []change{
		{name: "round-changed", about: "The pulse is of another round than announced.", check: "beacon", recipe: line("pulse", "round", "round 2026-329\n")},
		{name: "value-not-the-policys", about: "The pulse has another value than the verifier saw published.", check: "beacon",
			recipe: func(r *recipe) { r.beacon.value = "9" + r.beacon.value[1:] },
		},
		{name: "value-unknown", about: "The verifier saw no value of the round.", check: "beacon", status: "missing",
			policy: func(p string) string { return setLine(p, "value", "") }},
		{name: "beacon-below-the-floor", about: "The policy asks for 128 bits of entropy, the beacon has 66.", check: "beacon",
			policy: func(p string) string { return setLine(p, "entropy", "entropy 128\n") }},
		{name: "round-known-early", about: "The round's value was public an hour before the notice says.", check: "beacon",
			policy: func(p string) string { return replace(p, "2026-11-24T04:00:00Z", "2026-11-24T03:00:00Z") }},
		{name: "no-beacon-where-asked", about: "The draw has no beacon, though the policy asks for entropy.", base: beaconlessRecipe, baseName: "no-beacon", check: "beacon",
			policy: func(p string) string { return setLine(p, "entropy", "entropy 64\n") }},
		{name: "pulse-of-another-close", about: "The pulse names another close.", check: "beacon", recipe: line("pulse", "close", "close "+otherHash()+"\n")},
		{name: "seed-of-the-result-changed", about: "The published result of an open draw states another seed.", base: openRecipe, baseName: "open-beacon", check: "derivation",
			bundle: inFile("result.txt", func(s string) string { return setLine(s, "seed", "seed "+otherHash()+"\n") })},
	}
}

// swapped replaces the ID of the first drawn unit by that of a unit of its cell
// that was not drawn.
func swapped(b *bundle, s string) string {
	for _, line := range regexp.MustCompile("(?m)^unit .*\n").FindAllString(s, -1) {
		drawn := strings.Fields(line)[2]
		for _, u := range b.units {
			other := strings.Fields(u)
			if !strings.Contains(s, " "+other[0]+" ") && sameCell(b, drawn, other) {
				return replace(s, line, strings.Replace(line, drawn, other[0], 1))
			}
		}
	}
	panic("protocol: all units of the cells were drawn")
}

func sameCell(b *bundle, id string, other []string) bool {
	for _, u := range b.units {
		if f := strings.Fields(u); f[0] == id {
			return f[1] == other[1] && f[2] == other[2]
		}
	}
	return false
}

// resultFaults are in the result and what is sealed.
func resultFaults() []change {
	return []change{
		{name: "result-row-swapped", about: "A drawn unit was swapped for one of its cell that was not drawn.", base: openRecipe, baseName: "open-beacon", check: "selection",
			bundle: func(b *bundle) { b.files["result.txt"] = swapped(b, b.files["result.txt"]) }},
		{name: "result-quota-changed", about: "The published result states another quota than the plan.", base: openRecipe, baseName: "open-beacon", check: "quotas",
			bundle: inFile("result.txt", func(s string) string {
				return replace(s, "stratum 370203/B 8 14 1 1\n", "stratum 370203/B 8 14 3/2 1\n")
			})},
		{name: "reserves-swapped", about: "The reserves of a cell are named in the other order.", base: openRecipe, baseName: "open-beacon", check: "selection",
			bundle: inFile("result.txt", swapReserves)},
		{name: "result-early", about: "The result was published before the opening.", base: func() recipe { r := sealedRecipe(); r.stop = "sealed"; return r }, baseName: "sealed-fixed",
			check: "selection", bundle: func(b *bundle) { b.files["result.txt"] = sealedRecipe().make().files["result.txt"] }},
		{name: "opening-of-another-result", about: "The opening states the hash of another result.", check: "selection", recipe: line("opening", "result", "result "+otherHash()+"\n")},
		{name: "sealed-root-of-another-result", about: "The sealed result has the root of another outcome.", check: "sealed-root",
			recipe: line("sealed", "root", "root "+otherHash()+"\n")},
		{name: "sealed-for-another-pulse", about: "The sealed result names another pulse.", check: "sealed-root", recipe: line("sealed", "pulse", "pulse "+otherHash()+"\n")},
		{name: "frame-not-there", about: "The frame is public by the notice, but not in the bundle.", check: "frame-root", status: "missing", bundle: removed("frame.txt")},
		{name: "salted-result-quota", about: "The rows are secret; the published result has another quota than the plan.", base: func() recipe { return saltedRecipe(true) },
			baseName: "salted-hidden", check: "quotas", bundle: func(b *bundle) {
				s := saltedRecipe(false).make().files["result.txt"]
				b.files["result.txt"] = replace(s, "stratum 370203/B 4 7 1 1\n", "stratum 370203/B 4 7 3/2 1\n")
			}},
	}
}

// swapReserves swaps the IDs of the first two drawn or reserve rows of a cell.
func swapReserves(s string) string {
	m := regexp.MustCompile("unit 1 ([^ ]+) ([^ ]+)\nreserve 2 ([^ ]+) ").FindStringSubmatch(s)
	if m == nil {
		panic("protocol: no cell with a reserve")
	}
	return replace(s, m[0], fmt.Sprintf("unit 1 %s %s\nreserve 2 %s ", m[3], m[2], m[1]))
}

// laterFaults are in receipts, events, openings and voids.
func laterFaults() []change {
	receipt := func(edit func(s string) string) func(b *bundle) {
		return resigned("receipts/0.note", "receipt", regulator(), edit)
	}
	other := func(outcome bool) func(b *bundle) {
		return func(b *bundle) {
			// Number 1's outcome and proof in the receipt of number 0.
			resigned("receipts/0.note", "receipt", regulator(), func(s string) string {
				for _, keyword := range []string{"outcome", "salt", "path"} {
					s = setLine(s, keyword, regexp.MustCompile("(?m)^"+keyword+" .*\n").FindString(b.files["receipts/1.note"]))
				}
				return s
			})(b)
		}
	}
	voided := func(edit func(s string) string) func(b *bundle) {
		return resigned("void.note", "void", regulator(), edit)
	}
	return []change{
		{name: "receipt-of-another-draw", about: "A receipt names another notice.", check: "receipts", receipt: "receipts/0.note",
			bundle: receipt(func(s string) string { return setLine(s, "notice", "notice "+otherHash()+"\n") })},
		{name: "receipt-wrong-salt", about: "A receipt has another salt.", check: "receipts", receipt: "receipts/0.note",
			bundle: receipt(func(s string) string { return setLine(s, "salt", "salt "+otherHash()[:32]+"\n") })},
		{name: "receipt-wrong-weight", about: "A receipt states another weight than the frame.", check: "receipts", receipt: "receipts/0.note",
			bundle: receipt(func(s string) string { return setLine(s, "unit", "unit 91370202MA00000000 370202/A 3\n") })},
		{name: "receipt-of-another-outcome", about: "A company was given its neighbour's outcome, with its proof.", check: "receipts", receipt: "receipts/0.note", bundle: other(true)},
		{name: "opening-wrong-secret", about: "The opening shows another secret than the notice commits to.", check: "opening", recipe: line("opening", "secret", "secret "+otherHash()+"\n")},
		{name: "opening-without-result", about: "The opening of a draw that stands says that there is no sealed result.", check: "opening",
			bundle: resigned("opening.note", "opening", regulator(), func(s string) string {
				return setLine(setLine(s, "sealed", "sealed none\n"), "result", "result none\n")
			})},
		{name: "opening-missing", about: "The deadline has passed and there is no opening.", check: "opening", bundle: removed("opening.note", "result.txt", "events/0001-shown.note", "events/0002-shown.note")},
		{name: "void-without-duty", about: "The void of a sealed draw after a reveal drops the duty to open.", base: voidRecipe, baseName: "void", check: "void",
			bundle: voided(func(s string) string { return setLine(s, "duty", "duty none\n") })},
		{name: "void-claims-too-early", about: "The void says that nothing had been revealed yet.", base: voidRecipe, baseName: "void", check: "void",
			bundle: voided(func(s string) string {
				return setLine(setLine(s, "after", "after announced\n"), "duty", "duty none\n")
			})},
		{name: "void-not-opened", about: "The draw was called off with a duty to open, which was not met.", base: voidRecipe, baseName: "void", check: "opening", bundle: removed("opening.note")},
		{name: "void-seen-late", about: "Witnesses saw the void only after the pulse: it may be a choice.", base: func() recipe {
			r := smallRecipe()
			r.stop, r.void, r.seenAfter = "notice", "announced", map[string]time.Duration{"void": time.Hour}
			return r
		}, baseName: "void-early", check: "void", status: "not-proven", recipe: func(r *recipe) { r.seenAfter["void"] = 5 * time.Hour }},
		{name: "event-without-predecessor", about: "The second event names no event that is there.", check: "events",
			recipe: func(r *recipe) {
				r.edit = func(kind, s string) string {
					if kind == "event" && strings.Contains(s, "\nsequence 2\n") {
						return setLine(s, "previous", "previous "+otherHash()+"\n")
					}
					return s
				}
			}},
		{name: "event-gone", about: "The first of two events is gone.", check: "events", bundle: removed("events/0001.note", "events/0001-shown.note")},
		{name: "event-shown-otherwise", about: "An event is shown with another reason than was hidden.", check: "events",
			bundle: resigned("events/0002-shown.note", "event", regulator(), func(s string) string { return setLine(s, "reason", "reason too far away\n") })},
		{name: "event-still-hidden", about: "An event was not shown after the opening.", check: "events", status: "missing", bundle: removed("events/0002-shown.note")},
		{name: "reserve-out-of-order", about: "The second reserve of a cell took a place before the first.", check: "events",
			recipe: func(r *recipe) {
				r.events = func(drawn, reserves []row) []event {
					for _, d := range drawn {
						first := true
						for _, r := range reserves {
							if d.stratum != r.stratum || d.weight != r.weight {
								continue
							}
							if !first {
								return []event{{"substitution", d.id, r.id, "closed down"}, {"skip", r.id, "", "closed down, too"}}
							}
							first = false
						}
					}
					panic("protocol: no cell with two reserves")
				}
			}},
	}
}

// seriesFaults are in how draws follow one another.
func seriesFaults() []fault {
	const name = "series"
	valid := seriesDraws(nil)
	v := seriesVector(name, "", "", valid)
	made := func(name, about, check string, files map[string]string) fault {
		f := fault{Name: name, About: about, Base: "series", Check: check, Status: "wrong", Verdict: "wrong"}
		f.difference(v.Files, files)
		return f
	}
	edited := func(edit func(number int, r *recipe)) map[string]string {
		return seriesVector(name, "", "", seriesDraws(edit)).Files
	}
	without := map[string]string{}
	for file, s := range v.Files {
		if !strings.HasPrefix(file, "0002/") {
			without[file] = s
		}
	}
	return []fault{
		made("series-gap", "The second of three draws is missing.", "chain", without),
		made("series-fork", "Two notices have number 2.", "chain", edited(func(n int, r *recipe) {
			if n == 3 {
				r.number, r.earlier = 2, nil
				r.previous = valid[0].id("notice.note")
			}
		})),
		made("series-untold", "The third notice does not say that the second draw was called off.", "chain", edited(func(n int, r *recipe) {
			if n == 3 {
				r.earlier = nil
			}
		})),
		made("series-misstated", "The second notice says that the first draw was called off.", "chain", edited(func(n int, r *recipe) {
			if n == 2 {
				r.earlier = []string{"1 void " + otherHash()}
			}
		})),
		made("series-redraw", "The third draw is from the frame of the second, which was not called off.", "void", edited(func(n int, r *recipe) {
			if n == 2 {
				r.void = ""
			}
		})),
	}
}
