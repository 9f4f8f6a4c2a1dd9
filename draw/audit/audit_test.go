package audit

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
)

func TestVerify(t *testing.T) {
	secret := frameSecret()
	for _, test := range []struct {
		name    string
		recipe  recipe
		policy  func(p *Policy)
		verdict Verdict
	}{
		{"sealed, plain, opened", recipe{receipts: 3}, nil, OpenedCorrect},
		{"sealed, plain, not opened yet", recipe{stop: "sealed", receipts: 2}, func(p *Policy) { p.At = start.Add(8 * time.Hour) }, Fixed},
		{"sealed, salted, opened, rows hidden", recipe{frame: statement.Salted, hideRows: true, receipts: 2}, nil, OpenedUncheckable},
		{"sealed, salted, opened, for an auditor", recipe{frame: statement.Salted}, func(p *Policy) { p.FrameSecret = &secret }, OpenedCorrect},
		{"sealed, salted, not opened yet", recipe{frame: statement.Salted, hideRows: true, stop: "sealed"}, func(p *Policy) { p.At = start.Add(8 * time.Hour) }, Fixed},
		{"open", recipe{mode: statement.Open}, nil, OpenedCorrect},
		{"open, salted, rows hidden", recipe{mode: statement.Open, frame: statement.Salted, hideRows: true}, nil, OpenedUncheckable},
		{"no beacon", recipe{noBeacon: true}, nil, OpenedCorrect},
		{"one reveal withheld", recipe{faults: map[string]statement.Fault{"beta": statement.NoReveal}}, nil, OpenedCorrect},
		{"one never committed", recipe{faults: map[string]statement.Fault{"beta": statement.NoCommit}}, nil, OpenedCorrect},
		{"pinned by authority and scope", recipe{}, func(p *Policy) {
			p.Series, p.Authority, p.Scope = statement.ID{}, "Market Supervision of Example City", "double random checks 2026"
		}, OpenedCorrect},
		{"no witnesses in the policy", recipe{}, func(p *Policy) { p.Quorum = 0 }, OrderNotProven},
		{"only announced", recipe{stop: "notice"}, func(p *Policy) { p.At = start.Add(time.Minute) }, CannotTell},
		{"only closed", recipe{stop: "close"}, func(p *Policy) { p.At = start.Add(170 * time.Minute) }, CannotTell},
		{"no value in the policy", recipe{}, func(p *Policy) { p.BeaconRules[0].Values = nil }, CannotTell},
		{"no beacon in the policy", recipe{}, func(p *Policy) { p.BeaconRules = nil }, CannotTell},
		{"unknown suite", recipe{}, func(p *Policy) { p.SuiteNames = []string{"sm3"} }, CannotTell},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := build(t, test.recipe)
			if test.policy != nil {
				test.policy(b.policy)
			}
			r := b.run()
			require.Equal(t, test.verdict, r.Verdict, r.String())
			if r.Verdict == OpenedCorrect {
				require.Equal(t, len(test.recipe.faults), len(names())-r.Counted)
				require.Contains(t, []int{5, 6}, r.Drawn, r.String())
			}
		})
	}
}

// Without a beacon the commits must be seen before any reveal; and even then the
// regulator, who dates the close last, can try many dates.
func TestWithoutABeacon(t *testing.T) {
	r := build(t, recipe{noBeacon: true}).run()
	require.Equal(t, OK, r.Of(CheckWitnessOrder))
	require.Equal(t, Skipped, r.Of(CheckBeacon))
	require.Equal(t, OK, r.Of(CheckSelection))
	require.Equal(t, OpenedCorrect, r.Verdict)

	r = build(t, recipe{noBeacon: true, unseen: map[string]bool{"commit": true}}).run()
	stopped(t, r, OrderNotProven, CheckWitnessOrder, NotProven, `too few witnesses have seen the commit of "alpha"`)

	// The regulator tries dates until it likes the seed: it finds but one.
	seeds := map[draw.Seed]bool{}
	for i := range 20 {
		b := build(t, recipe{noBeacon: true, edit: func(s statement.Statement) {
			if c, ok := s.(*statement.Close); ok {
				c.Closed = c.Closed.Add(time.Duration(i) * time.Second)
			}
		}})
		require.NotEqual(t, WrongVerdict, b.run().Verdict)
		seeds[b.seed] = true
	}
	require.Len(t, seeds, 1)
}
