package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/draw/audit"
)

// members are the contributors of the series, ascending.
func members() []string { return []string{"alpha", "beta", "gamma/3", "市南区"} }

// contributorKey is the key of a contributor; names of keys are ASCII here.
func contributorKey(name string) signer {
	return newSigner(fmt.Sprintf("contributor-%d.example", slices.Index(members(), name)+1), typeEd25519)
}

// chainLength is the length of each contributor's chain.
const chainLength = 3

// chain returns a contributor's chain from its first secret to its end.
func (s suite) chain(name string) []string {
	v := secret("chain of " + name)
	links := []string{text(v)}
	for range chainLength {
		v = s.sum(info("chain", []byte(name), v))
		links = append(links, text(v))
	}
	return links
}

func (b *bundle) makeSeries() string {
	var s strings.Builder
	fmt.Fprintf(&s, "authority Market Supervision of Example City\nscope double random checks 2026\ncreated %s\nsuite %s\nregulator %s\n",
		b.made("series"), b.suite.name, regulator().vkey())
	for _, name := range members() {
		fmt.Fprintf(&s, "contributor %s %s\n", name, contributorKey(name).vkey())
	}
	for _, name := range members()[2:] {
		fmt.Fprintf(&s, "chain %s %d %s\n", name, chainLength, b.suite.chain(name)[chainLength])
	}
	for _, w := range witnesses() {
		fmt.Fprintf(&s, "witness %s\n", w.vkey())
	}
	s.WriteString("quorum 2\nminimum 0\nwithheld 1\nbeacon digits\nbeacon lottery\nentropy 64\noutage void\n")
	return b.sign("series.note", "series", regulator(), "%s", s.String())
}

// sealing is the sealing secret of the draw.
func (b *bundle) sealing() []byte { return secret(fmt.Sprintf("sealing secret %d", b.number)) }

func (b *bundle) makeNotice(series, plan string) string {
	mode, rows, sealing, withheld := "open", "plain", "none", 0
	if b.recipe.sealed {
		mode = "sealed"
		sealing = text(b.suite.sum(info("secret", b.sealing())))
		b.values.Secret = &secretValues{text(b.sealing()), text(info("secret", b.sealing())), sealing}
	}
	if b.salted {
		rows = "salted"
	}
	if len(b.contributors) > 0 {
		withheld = 1
	}
	var s strings.Builder
	fmt.Fprintf(&s, "series %s\nnumber %d\nprevious %s\n", series, b.number, orNone(b.previous))
	for _, line := range b.earlier {
		fmt.Fprintf(&s, "earlier %s\n", line)
	}
	fmt.Fprintf(&s, "created %s\nmode %s\nplan %s\nframe %s %s %d\ntasks none\ninspectors none\nexclusions none\nmatching none\n",
		b.made("notice"), mode, plan, rows, b.values.Frame.Root, len(b.units))
	for _, c := range b.contributors {
		fmt.Fprintf(&s, "contributor %s %s\n", c.name, c.means)
	}
	fmt.Fprintf(&s, "minimum %d\nwithheld %d\nbeacon %s %s\nsecret %s\n", b.minimum, withheld, orNone(b.beacon.name), orNone(b.beacon.round), sealing)
	fmt.Fprintf(&s, "commit-by %s\nreveal-by %s\nclose-by %s\npulse-at %s\nopen-by %s\n",
		stamp(b.at(1)), stamp(b.at(2)), stamp(b.at(3)), stamp(b.at(4)), stamp(b.at(24)))
	return b.sign("notice.note", "notice", regulator(), "%s", s.String())
}

// contribute makes the commit and reveal of a contributor, and returns its line in
// the close.
func (b *bundle) contribute(notice string, c participant) string {
	file := audit.FileName(c.name) + ".note"
	by := contributorKey(c.name)
	if c.means == "chain" {
		links := b.suite.chain(c.name)
		v := contributionValues{Contributor: c.name, Value: links[chainLength-b.number], Links: links[chainLength-b.number:]}
		b.values.Contributions = append(b.values.Contributions, v)
		reveal := b.sign("reveals/"+file, "reveal", by, "notice %s\ncontributor %s\nvalue %s\nnonce none\n", notice, c.name, v.Value)
		return fmt.Sprintf("counted %s none %s\n", c.name, reveal)
	}
	value, nonce := secret(fmt.Sprintf("value of %s for %d", c.name, b.number)), secret(fmt.Sprintf("nonce of %s for %d", c.name, b.number))
	in := info("commit", raw(notice), []byte(c.name), value, nonce)
	v := contributionValues{Contributor: c.name, Value: text(value), Nonce: text(nonce), Info: text(in), Commitment: text(b.suite.sum(in))}
	b.values.Contributions = append(b.values.Contributions, v)
	if c.fault == "no-commit" {
		return fmt.Sprintf("missing %s no-commit none\n", c.name)
	}
	commit := b.sign("commits/"+file, "commit", by, "notice %s\ncontributor %s\ncommitment %s\n", notice, c.name, v.Commitment)
	if c.fault != "" {
		return fmt.Sprintf("missing %s %s %s\n", c.name, c.fault, commit)
	}
	reveal := b.sign("reveals/"+file, "reveal", by, "notice %s\ncontributor %s\nvalue %s\nnonce %s\n", notice, c.name, v.Value, v.Nonce)
	return fmt.Sprintf("counted %s %s %s\n", c.name, commit, reveal)
}

// makeRest makes what follows the notice.
func (b *bundle) makeRest(notice, plan string) {
	var counted, missing []string
	parts := [][]byte{raw(notice), []byte(b.beacon.value)}
	for _, c := range b.contributors {
		line := b.contribute(notice, c)
		if c.fault != "" {
			missing = append(missing, line)
			continue
		}
		counted = append(counted, line)
		parts = append(parts, []byte(c.name), raw(b.values.Contributions[len(b.values.Contributions)-1].Value))
	}
	if b.ended {
		return
	}
	closed := b.sign("close.note", "close", regulator(), "notice %s\nclosed %s\n%s%s", notice, b.made("close"), strings.Join(counted, ""), strings.Join(missing, ""))
	if b.ended {
		return
	}
	pulse := ""
	if b.beacon.name != "" {
		pulse = b.sign("pulse.note", "pulse", regulator(), "notice %s\nclose %s\nbeacon %s\nround %s\nvalue %s\nproof none\n",
			notice, closed, b.beacon.name, b.beacon.round, b.beacon.value)
	}
	if b.ended {
		return
	}
	public := info("public", parts...)
	b.values.PublicInfo, b.values.Public = text(public), text(b.suite.sum(public))
	b.values.Seed = b.values.Public
	if b.recipe.sealed {
		b.values.Seed = text(b.suite.mac(b.sealing(), b.suite.sum(public)))
	}
	result := b.put("result.txt", b.result(plan, b.values.Seed))
	b.values.Result = text(b.suite.sum([]byte(result)))
	if b.recipe.sealed {
		delete(b.files, "result.txt")
		b.makeSealed(notice, closed, pulse, result)
	}
}

// makeSealed makes what follows the seed in a sealed draw.
func (b *bundle) makeSealed(notice, closed, pulse, result string) {
	k := b.suite.key(raw(b.values.Seed), "salt")
	var outcomes, salts []string
	for _, id := range b.ids {
		outcome := "other 0"
		for _, r := range b.rows {
			if r.id == id {
				outcome = r.outcome + " " + r.rank
			}
		}
		outcomes, salts = append(outcomes, outcome), append(salts, b.suite.salt(k, id))
		b.sealed = append(b.sealed, fmt.Sprintf("%s %s none %s", id, outcome, salts[len(salts)-1]))
	}
	b.values.Sealed = &treeValues{Key: text(k), Leaves: b.sealed, Root: text(b.suite.root(b.sealed))}
	frame := b.values.Frame
	sealed := b.sign("sealed.note", "sealed", regulator(), "notice %s\nclose %s\npulse %s\nframe %s %d\nroot %s\nroster none\n",
		notice, closed, orNone(pulse), frame.Root, len(b.ids), b.values.Sealed.Root)
	for _, i := range b.receipts {
		frameSalt := "none"
		if b.salted {
			frameSalt = b.suite.salt(raw(frame.Key), b.ids[i])
		}
		b.sign(fmt.Sprintf("receipts/%d.note", i), "receipt", regulator(),
			"notice %s\nsealed %s\nframe %s %d\nroot %s\nindex %d\nunit %s\nframe-salt %s\nframe-path %s\noutcome %s\nextension none\nsalt %s\npath %s\n",
			notice, sealed, frame.Root, len(b.ids), b.values.Sealed.Root, i, b.units[i], frameSalt, b.suite.path(b.leaves, i), outcomes[i], salts[i], b.suite.path(b.sealed, i))
	}
	opened := b.stop != "sealed"
	if b.events != nil {
		b.makeEvents(notice, sealed, opened)
	}
	if opened {
		b.sign("opening.note", "opening", regulator(), "notice %s\nsealed %s\nopened %s\nsecret %s\nresult %s\n",
			notice, sealed, b.made("opening"), text(b.sealing()), text(b.suite.sum([]byte(result))))
		b.files["result.txt"] = result
	}
}

// makeEvents makes the events, hidden at first and shown after the opening.
func (b *bundle) makeEvents(notice, sealed string, opened bool) {
	var drawn, reserves []row
	for _, r := range b.rows {
		if r.outcome == "drawn" {
			drawn = append(drawn, r)
		} else {
			reserves = append(reserves, r)
		}
	}
	previous := "none"
	for i, e := range b.events(drawn, reserves) {
		seq := fmt.Sprint(i + 1)
		nonce := secret("nonce of event " + seq)
		in := info("event", []byte(seq), []byte(e.kind), []byte(e.subject), []byte(e.replacement), []byte(e.reason), nonce)
		b.values.Events = append(b.values.Events, eventValues{i + 1, text(nonce), text(in), text(b.suite.sum(in))})
		head := fmt.Sprintf("notice %s\nsealed %s\nsequence %s\nprevious %s\nmade %s\n", notice, sealed, seq, previous, b.made("event"))
		previous = b.sign(fmt.Sprintf("events/%04d.note", i+1), "event", regulator(), "%shidden %s\n", head, text(b.suite.sum(in)))
		if opened {
			b.sign(fmt.Sprintf("events/%04d-shown.note", i+1), "event", regulator(), "%skind %s\nsubject %s\nreplacement %s\nreason %s\nnonce %s\n",
				head, e.kind, e.subject, orNone(e.replacement), e.reason, text(nonce))
		}
	}
}
