package ceremony_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/draw/ceremony"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
	"golang.org/x/mod/sumdb/note"
)

// A sealed draw with two contributors and a lottery, from notice to opening. Keys,
// secrets and values are fixed here; real ones come from crypto/rand, and each
// party keeps its own.
func Example() {
	suite := draw.SHA256()
	hour := func(h int) time.Time { return time.Date(2026, 11, 24, h, 0, 0, 0, time.UTC) }
	regulator, regulatorKey := exampleKey("regulator.example")
	chamber, chamberKey := exampleKey("chamber.example")
	press, pressKey := exampleKey("press.example")

	// What is drawn from, how many, and the beacon.
	frame := must(registry.ParseFrame(strings.NewReader("91370202MA3C0000XA all 1\n91370202MA3C0001XB all 1\n91370202MA3C0002XC all 2\n")))
	plan := must(draw.NewPlan(suite, frame, must(draw.Proportional(frame.Strata(), 1, draw.Bounds{})), 1))
	lottery := must(must(beacon.Lottery("lottery")).With(map[string]string{
		"2026101x3": "3.8.12.19.27.33./7./1.5.16.20.21.30./16./9.10.11.22.28.31./2./",
	}))
	secret := must(ceremony.NewSecret(sha256.Sum256([]byte("sealing secret"))))

	series := must(statement.Sign(suite, &statement.Series{
		Authority: "Market Supervision of Qingdao", Scope: "food producers", Created: hour(1), Suite: suite.Name(), Regulator: regulatorKey,
		Contributors: []statement.Contributor{{Name: "chamber", Key: chamberKey}, {Name: "press", Key: pressKey}},
		Minimum:      2, Beacons: []string{"lottery"}, Entropy: 64, Outage: statement.OutageVoid,
	}, regulator))
	notice := must(statement.Sign(suite, &statement.Notice{
		Series: series.ID, Number: 1, Created: hour(2), Mode: statement.Sealed,
		Plan: plan.ID(), Frame: statement.Plain, Root: plan.FrameRoot(), Units: plan.Units(),
		Contributors: []statement.Participant{{Name: "chamber", By: statement.ByCommit}, {Name: "press", By: statement.ByCommit}},
		Minimum:      2, Beacon: "lottery", Round: "2026101x3", Secret: secret.Commitment(suite),
		CommitBy: hour(4), RevealBy: hour(6), CloseBy: hour(8), PulseAt: hour(12), OpenBy: hour(20),
	}, regulator))
	inputs := ceremony.Inputs{Suite: suite, Beacon: lottery}
	c := must(ceremony.Announce(inputs, series.Note, notice.Note, hour(2)))

	// Each contributor binds itself, and shows its value when all have.
	own := map[string]*ceremony.Contribution{}
	for _, name := range []string{"chamber", "press"} {
		key := map[string]note.Signer{"chamber": chamber, "press": press}[name]
		own[name] = must(ceremony.NewContribution(notice.ID, name, sha256.Sum256([]byte("value of "+name)), sha256.Sum256([]byte("nonce of "+name))))
		check(c.Commit(must(statement.Sign(suite, own[name].Commit(suite), key)).Note, hour(3)))
	}
	fmt.Println("kept by the press:", own["press"])
	check(c.Reveal(must(statement.Sign(suite, own["chamber"].Reveal(), chamber)).Note, hour(5)))

	// It is too early to close: the press can still reveal.
	_, err := c.NewClose(hour(5))
	var refusal *ceremony.Error
	fmt.Println(err, errors.As(err, &refusal) && refusal.Kind == ceremony.TooEarly)
	check(c.Reveal(must(statement.Sign(suite, own["press"].Reveal(), press)).Note, hour(5)))

	// The service stops, and goes on from what it has kept.
	kept := must(c.State().MarshalText())
	var state ceremony.State
	check(state.UnmarshalText(kept))
	c = must(ceremony.Resume(inputs, &state))

	// The close fixes what counts; then comes the lottery, and the result.
	check(c.Close(must(statement.Sign(suite, must(c.NewClose(hour(7))), regulator)).Note, hour(7)))
	pulse := must(c.NewPulse("3.8.12.19.27.33./7./1.5.16.20.21.30./16./9.10.11.22.28.31./2./", ""))
	check(c.Pulse(must(statement.Sign(suite, pulse, regulator)).Note, hour(12)))
	result := must(c.Run(plan, frame, secret))
	tree := must(seal.New(suite, frame, result, nil))
	check(c.Seal(must(statement.Sign(suite, must(c.NewSealed(tree.Root(), statement.ID{})), regulator)).Note, hour(12)))
	fmt.Println("the draw is", c.Stage())

	// Inspections done, the secret is shown.
	check(c.Open(must(statement.Sign(suite, must(c.NewOpening(hour(19), secret, result)), regulator)).Note, hour(19)))
	fmt.Println("the draw is", c.Stage())
	for d := range result.Drawn() {
		fmt.Println(d.ID, "chance", d.Chance)
	}
	// Output:
	// kept by the press: [redacted]
	// ceremony: close: at 2026-11-24T05:00:00Z, expected after 2026-11-24T06:00:00Z, or with the reveals of "press" true
	// the draw is sealed
	// the draw is opened
	// 91370202MA3C0000XA chance 1/4
}

// A contributor fixes a hash chain once in the series, and then sends one value
// for each draw.
func ExampleChain() {
	suite := draw.SHA256()
	secret := must(ceremony.NewSecret(sha256.Sum256([]byte("a year's secret"))))
	chain := must(ceremony.NewChain(suite, secret, "press", 881))
	line := chain.Line() // into the series
	fmt.Printf("chain %s %d %x\n", line.Contributor, line.Length, line.End[:4])

	for _, number := range []uint64{1, 2, 881} {
		value := must(chain.Value(number))
		fmt.Printf("draw %d: %x %v\n", number, value[:4], statement.CheckChain(suite, line, number, value))
	}
	fmt.Println(chain)
	// Output:
	// chain press 881 c4924fb3
	// draw 1: 6a825c6f <nil>
	// draw 2: 9078efc9 <nil>
	// draw 881: 8d610834 <nil>
	// [redacted]
}

func exampleKey(name string) (note.Signer, string) {
	fixed := sha256.Sum256([]byte(name)) // 32 bytes in place of crypto/rand
	skey, vkey, err := note.GenerateKey(bytes.NewReader(fixed[:]), name)
	check(err)
	return must(note.NewSigner(skey)), vkey
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
