package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// setLine replaces the one line that begins with a keyword.
func setLine(s, keyword, new string) string {
	lines := regexp.MustCompile("(?m)^"+regexp.QuoteMeta(keyword)+" .*\n").FindAllString(s, -1)
	if len(lines) != 1 {
		panic(fmt.Sprintf("protocol: %d lines %q in %q", len(lines), keyword, s))
	}
	return replace(s, lines[0], new)
}

// otherHash is a hash of nothing.
func otherHash() string { return text(secret("another hash")) }

// inFile changes a finished file.
func inFile(name string, edit func(s string) string) func(b *bundle) {
	return func(b *bundle) { b.files[name] = edit(b.files[name]) }
}

// removed removes finished files.
func removed(names ...string) func(b *bundle) {
	return func(b *bundle) {
		for _, name := range names {
			if _, ok := b.files[name]; !ok {
				panic("protocol: no " + name)
			}
			delete(b.files, name)
		}
	}
}

// resigned changes the text of a finished statement and signs it again, alone.
func resigned(file, kind string, by signer, edit func(s string) string) func(b *bundle) {
	return func(b *bundle) {
		s, _, _ := strings.Cut(b.files[file], "\n\n")
		_, body, _ := strings.Cut(edit(s+"\n"), "\n")
		b.recipe.edit = nil
		b.sign(file, kind, by, "%s", body)
	}
}

// noteFaults are in files and signatures.
func noteFaults() []change {
	return []change{
		{name: "signature-wrong", about: "One byte of the regulator's signature of the close was changed.", check: "signatures",
			bundle: inFile("close.note", func(s string) string {
				i := strings.Index(s, "— regulator.example ") + len("— regulator.example ") + 40
				c := "A"
				if s[i] == 'A' {
					c = "B"
				}
				return s[:i] + c + s[i+1:]
			})},
		{name: "signature-by-another", about: "A contributor, not the regulator, signed the sealed result.", check: "signatures",
			recipe: func(r *recipe) { r.signedBy = map[string]string{"sealed": "contributor-1.example"} }},
		{name: "signature-twice", about: "A signature line stands twice: a note has one text.", check: "files",
			bundle: inFile("close.note", func(s string) string { return s + s[strings.LastIndex(s, "— "):] })},
		{name: "commit-by-another", about: "The commit of beta is signed by alpha.", check: "signatures",
			bundle: resigned("commits/beta.note", "commit", contributorKey("alpha"), func(s string) string { return s })},
		{name: "notice-edited", about: "The notice was edited and not signed again.", check: "signatures",
			bundle: inFile("notice.note", func(s string) string { return setLine(s, "open-by", "open-by 2027-11-25T00:00:00Z\n") })},
		{name: "trailing-space", about: "A line of the close ends with a space, and regulator and witnesses signed it.", check: "files",
			recipe: func(r *recipe) {
				r.edit = func(kind, s string) string {
					if kind == "close" {
						return strings.Replace(s, "\n", " \n", 2)
					}
					return s
				}
			}},
		{name: "line-ends", about: "The sealed result has line ends of Windows, and regulator and witnesses signed it.", check: "files",
			recipe: func(r *recipe) {
				r.edit = func(kind, s string) string {
					if kind == "sealed" {
						return strings.ReplaceAll(s, "\n", "\r\n")
					}
					return s
				}
			}},
		{name: "upper-case-hash", about: "The root of the sealed result is in capitals: one value has one text.", check: "files",
			recipe: func(r *recipe) {
				r.edit = func(kind, s string) string {
					if kind != "sealed" {
						return s
					}
					l := regexp.MustCompile("(?m)^root .*\n").FindString(s)
					return replace(s, l, "root "+strings.ToUpper(l[len("root "):]))
				}
			}},
		{name: "another-statement", about: "The file of the pulse holds the close.", check: "files",
			bundle: func(b *bundle) { b.files["pulse.note"] = b.files["close.note"] }},
	}
}

// noticeFaults are in series, notice, plan and frame.
func noticeFaults() []change {
	return []change{
		{name: "series-other", about: "The policy pins another series.", check: "series", policy: func(p string) string { return setLine(p, "series", "series "+otherHash()+"\n") }},
		{name: "regulator-unknown", about: "The policy trusts another regulator's key.", check: "series",
			policy: func(p string) string {
				return setLine(p, "regulator", "regulator "+newSigner("another.example", typeEd25519).vkey()+"\n")
			}},
		{name: "notice-replaced", about: "The notice was replaced after the draw, signed by regulator and witnesses: all else is about the first.", check: "close",
			bundle: resigned("notice.note", "notice", regulator(), func(s string) string { return setLine(s, "open-by", "open-by 2027-11-25T00:00:00Z\n") })},
		{name: "too-many-may-fail", about: "The notice lets two reveals be withheld, the series one.", check: "notice", recipe: line("notice", "withheld", "withheld 2\n")},
		{name: "beacon-not-of-the-series", about: "The notice takes a beacon that the series does not list.", check: "notice",
			recipe: func(r *recipe) { r.beacon.name = "shares" }},
		{name: "plan-swapped", about: "The plan was swapped: another quota.", check: "plan",
			bundle: inFile("plan.txt", func(s string) string { return replace(s, "stratum 370203/B 8 14 2\n", "stratum 370203/B 8 14 3\n") })},
		{name: "frame-row-added", about: "A row was added to the frame.", check: "frame-root",
			bundle: inFile("frame.txt", func(s string) string { return s + "91370202MA99999999 370202/A 1\n" })},
		{name: "frame-row-removed", about: "The last row of the frame is gone.", check: "frame-root",
			bundle: inFile("frame.txt", func(s string) string { return s[:strings.LastIndex(strings.TrimSuffix(s, "\n"), "\n")+1] })},
		{name: "frame-weight-changed", about: "A unit's weight was changed after the notice.", check: "frame-root",
			bundle: inFile("frame.txt", func(s string) string { return replace(s, "00000006 370202/A 3\n", "00000006 370202/A 1\n") })},
		{name: "frame-unsorted", about: "Two rows of the frame are swapped.", check: "frame-root",
			bundle: inFile("frame.txt", func(s string) string {
				rows := strings.SplitAfter(s, "\n")
				rows[3], rows[4] = rows[4], rows[3]
				return strings.Join(rows, "")
			})},
		{name: "salted-frame-edited", about: "A row of a salted frame was changed; the auditor has its secret.", base: func() recipe { return saltedRecipe(false) }, baseName: "salted-shown",
			check: "frame-root", bundle: inFile("frame.txt", func(s string) string { return replace(s, "00000006 370202/A 3\n", "00000006 370202/A 1\n") })},
	}
}

// contributionFaults are in commits, reveals, the close and the order.
func contributionFaults() []change {
	late := func(kind string, d time.Duration) func(r *recipe) {
		return func(r *recipe) { r.seenAfter = map[string]time.Duration{kind: d} }
	}
	return []change{
		{name: "commit-copied", about: "Beta copied alpha's commitment, and later its value and nonce.", check: "reveal",
			recipe: func(r *recipe) {
				first := map[string]string{}
				r.edit = func(kind, s string) string {
					for _, keyword := range map[string][]string{"commit": {"commitment"}, "reveal": {"value", "nonce"}}[kind] {
						l := regexp.MustCompile("(?m)^" + keyword + " .*\n").FindString(s)
						switch {
						case strings.Contains(s, "contributor alpha\n"):
							first[keyword] = l
						case strings.Contains(s, "contributor beta\n"):
							s = replace(s, l, first[keyword])
						}
					}
					return s
				}
			}},
		{name: "reveal-of-another-value", about: "Alpha revealed another value than it had committed to.", check: "reveal",
			recipe: func(r *recipe) {
				r.edit = func(kind, s string) string {
					if kind == "reveal" && strings.Contains(s, "contributor alpha\n") {
						return setLine(s, "value", "value "+otherHash()+"\n")
					}
					return s
				}
			}},
		{name: "reveal-missing", about: "A reveal that the close counts is not in the bundle.", check: "reveal", status: "missing", bundle: removed("reveals/beta.note")},
		{name: "chain-value-of-another-draw", about: "A contributor by chain revealed the value of draw 2 in draw 3.", base: chainRecipe, baseName: "chain", check: "reveal",
			recipe: func(r *recipe) {
				r.edit = func(kind, s string) string {
					if kind == "reveal" && strings.Contains(s, "gamma/3") {
						return setLine(s, "value", "value "+sha256Suite().chain("gamma/3")[1]+"\n")
					}
					return s
				}
			}},
		{name: "contribution-dropped", about: "The close says nothing of beta.", check: "close", recipe: line("close", "counted beta", "")},
		{name: "reveal-denied", about: "The close says that beta did not reveal, but witnesses cosigned the reveal in time.", base: withheldRecipe, baseName: "withheld", check: "close",
			bundle: func(b *bundle) {
				c := b.values.Contributions[1]
				s := fmt.Sprintf("doublerandom/reveal/v1\nnotice %s\ncontributor beta\nvalue %s\nnonce %s\n", b.id("notice.note"), c.Value, c.Nonce)
				note := s + "\n" + contributorKey("beta").line(s, time.Time{})
				for _, w := range witnesses() {
					note += w.line(s, b.at(1).Add(30*time.Minute))
				}
				b.files["reveals/beta.note"] = note
			}},
		{name: "too-many-withheld", about: "Two reveals were withheld where one may be.", base: withheldRecipe, baseName: "withheld", check: "close",
			recipe: func(r *recipe) { r.contributors[0].fault = "no-reveal" }},
		{name: "close-dated-late", about: "The close is dated after its deadline.", check: "deadlines", recipe: line("close", "closed", "closed 2026-11-24T03:00:01Z\n")},
		{name: "opening-dated-late", about: "The opening is dated after its deadline.", check: "deadlines", recipe: line("opening", "opened", "opened 2026-11-25T00:00:01Z\n")},
		{name: "close-seen-late", about: "Witnesses saw the close only after the pulse, whatever it says.", check: "witness-order", status: "not-proven",
			recipe: late("close", 4*time.Hour+30*time.Second)},
		{name: "notice-seen-late", about: "Witnesses saw the notice only after the deadline for commits.", check: "witness-order", status: "not-proven",
			recipe: late("notice", 61*time.Minute)},
		{name: "witness-missing", about: "One of the two witnesses did not sign the close.", check: "witness-order", status: "not-proven",
			recipe: func(r *recipe) { r.unseen = map[string]int{"close": 1} }},
		{name: "commits-not-seen", about: "Without a beacon all rests on the commits, but no witness saw them.", base: beaconlessRecipe, baseName: "no-beacon",
			check: "witness-order", status: "not-proven", recipe: func(r *recipe) { r.unseen = map[string]int{"commit": 2} }},
	}
}
