package main

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/registry"
)

// start is when the first notice is published.
func start() time.Time { return time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC) }

// A participant of a draw.
type participant struct {
	name  string
	means string // commit or chain
	fault string // what the close blames it with; it counts if ""
}

// An event of a draw.
type event struct{ kind, subject, replacement, reason string }

// A recipe says what draw to make.
type recipe struct {
	suite          suite
	sealed, salted bool
	hideRows       bool // frame.txt and result.txt are not shown
	number         int
	previous       string   // ID of the notice before it
	earlier        []string // lines "earlier"
	units          []string // lines of the frame
	quotas         map[string]string
	reserves       int
	contributors   []participant
	minimum        int
	beacon         beacon
	events         func(drawn, reserves []row) []event
	receipts       []int  // numbers of units
	stop           string // the last kind of statement
	void           string // stage after which the draw is called off
	shift          int    // hours that the draw begins after start

	edit      func(kind, text string) string // of a statement, before it is signed
	editFile  func(name, text string) string // of plan, frame and result, before they are hashed
	signedBy  map[string]string              // names of keys by kind, where another one signs
	seenAfter map[string]time.Duration       // when witnesses see a kind, after the beginning
	unseen    map[string]int                 // how many of the two witnesses do not sign a kind
}

// A beacon is what the draw takes from it; the zero beacon is none.
type beacon struct {
	name, round, value string
	policy             string // its lines in the policy, but for the value
}

// A row is a line "unit" or "reserve" of a result.
type row struct{ outcome, rank, id, stratum, weight string }

// A bundle is a draw that was made.
type bundle struct {
	recipe
	files  map[string]string
	values values
	leaves []string // of the frame
	ids    []string // of its units
	rows   []row    // of the result
	sealed []string // leaves of the sealed tree
	ended  bool
}

func (b *bundle) at(hours int) time.Time {
	return start().Add(time.Duration(b.shift+hours) * time.Hour)
}

// after is how long after the beginning of a draw a kind of statement is made.
func after(kind string) time.Duration {
	return map[string]time.Duration{
		"series": -24 * time.Hour, "notice": 0, "commit": 30 * time.Minute, "reveal": 90 * time.Minute, "close": 150 * time.Minute,
		"pulse": 4 * time.Hour, "sealed": 4*time.Hour + time.Minute, "void": 4*time.Hour + 2*time.Minute, "receipt": 5 * time.Hour,
		"event": 6 * time.Hour, "opening": 20 * time.Hour,
	}[kind]
}

func (b *bundle) made(kind string) string {
	if kind == "series" {
		return stamp(start().Add(after(kind)))
	}
	if d, ok := b.seenAfter[kind]; ok && kind == "void" {
		return stamp(b.at(0).Add(d - time.Minute))
	}
	return stamp(b.at(0).Add(after(kind)))
}

// sign signs a statement, puts it into the bundle and returns its ID.
func (b *bundle) sign(file, kind string, by signer, format string, args ...any) string {
	s := "doublerandom/" + kind + "/v1\n" + fmt.Sprintf(format, args...)
	if b.edit != nil {
		s = b.edit(kind, s)
	}
	if name := b.signedBy[kind]; name != "" {
		by = newSigner(name, typeEd25519)
	}
	note := s + "\n" + by.line(s, time.Time{})
	seen := b.at(0).Add(after(kind) + time.Minute)
	if d, ok := b.seenAfter[kind]; ok {
		seen = b.at(0).Add(d)
	}
	if kind == "series" {
		seen = start().Add(after(kind) + time.Minute)
	}
	if slices.Contains([]string{"series", "notice", "commit", "close", "sealed", "opening", "void"}, kind) {
		for _, w := range witnesses()[b.unseen[kind]:] {
			note += w.line(s, seen)
		}
	}
	b.files[file] = note
	id := text(b.suite.sum([]byte(s)))
	b.values.IDs = append(b.values.IDs, namedValue{file, id})
	if kind == b.stop {
		b.ended = true
	}
	return id
}

func regulator() signer { return newSigner("regulator.example", typeEd25519) }

func witnesses() []signer {
	return []signer{newSigner("witness-1.example", typeCosignature), newSigner("witness-2.example", typeCosignature)}
}

// put puts another file into the bundle and returns its text.
func (b *bundle) put(name, s string) string {
	if b.editFile != nil {
		s = b.editFile(name, s)
	}
	b.files[name] = s
	return s
}

// make makes the whole bundle of a draw.
func (r recipe) make() *bundle {
	b := &bundle{recipe: r, files: map[string]string{}}
	series := b.makeSeries()
	plan := b.makePlan()
	notice := b.makeNotice(series, text(b.suite.sum([]byte(plan))))
	if !b.ended {
		b.makeRest(notice, plan)
	}
	if b.void != "" {
		duty := "none"
		if b.recipe.sealed && b.void != "announced" {
			duty = "open"
		}
		b.sign("void.note", "void", regulator(), "notice %s\nafter %s\nmade %s\nreason the hall burned down\nduty %s\n", notice, b.void, b.made("void"), duty)
		if duty == "open" && b.ended { // before there was a sealed result
			b.sign("opening.note", "opening", regulator(), "notice %s\nsealed none\nopened %s\nsecret %s\nresult none\n", notice, b.made("opening"), text(b.sealing()))
		}
	}
	if b.hideRows {
		delete(b.files, "frame.txt")
		delete(b.files, "result.txt")
	}
	return b
}

// frameSecret is the secret of the salts of a frame.
func (b *bundle) frameSecret() []byte { return secret(fmt.Sprintf("frame secret %d", b.number)) }

// makePlan makes frame and plan and returns the plan's text.
func (b *bundle) makePlan() string {
	slices.Sort(b.units) // IDs are of one length
	b.leaves = slices.Clone(b.units)
	k := b.suite.key(b.frameSecret(), "frame-salt")
	counts, weights, labels := map[string]int{}, map[string]int{}, []string{}
	for i, line := range b.units {
		f := strings.Fields(line)
		b.ids = append(b.ids, f[0])
		if b.salted {
			b.leaves[i] += " " + b.suite.salt(k, f[0])
		}
		w, err := strconv.Atoi(f[2])
		if err != nil {
			panic("protocol: " + err.Error())
		}
		if counts[f[1]] == 0 {
			labels = append(labels, f[1])
		}
		counts[f[1]]++
		weights[f[1]] += w
	}
	slices.Sort(labels)
	b.values.Frame = treeValues{Leaves: b.leaves, Root: text(b.suite.root(b.leaves))}
	if b.salted {
		b.values.Frame.Secret, b.values.Frame.Key = text(b.frameSecret()), text(k)
	}
	plan := fmt.Sprintf("doublerandom/plan/v1\nsuite %s\nframe %s\nunits %d\nreserves %d\n", b.suite.name, b.values.Frame.Root, len(b.units), b.reserves)
	for _, label := range labels {
		plan += fmt.Sprintf("stratum %s %d %d %s\n", label, counts[label], weights[label], b.quotas[label])
	}
	b.put("frame.txt", strings.Join(b.units, "\n")+"\n")
	return b.put("plan.txt", plan)
}

// result draws, by the draw's own code: that has its own vectors.
func (b *bundle) result(planText, seed string) string {
	frame, err := registry.ParseFrame(strings.NewReader(strings.Join(b.units, "\n") + "\n"))
	must(err)
	plan, err := draw.ParsePlan(strings.NewReader(planText), b.suite.library())
	must(err)
	result, err := draw.Run(plan, frame, draw.Seed(raw(seed)))
	must(err)
	var buf bytes.Buffer
	_, err = result.WriteTo(&buf)
	must(err)
	stratum, weight := "", ""
	for line := range strings.Lines(buf.String()) {
		f := strings.Fields(line)
		switch f[0] {
		case "stratum":
			stratum = f[1]
		case "cell":
			weight = f[1]
		case "unit":
			b.rows = append(b.rows, row{"drawn", f[1], f[2], stratum, weight})
		case "reserve":
			b.rows = append(b.rows, row{"reserve", f[1], f[2], stratum, weight})
		}
	}
	return buf.String()
}

func must(err error) {
	if err != nil {
		panic("protocol: " + err.Error())
	}
}
