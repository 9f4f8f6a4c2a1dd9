package ceremony

import (
	"fmt"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// TestCampaign opens the first of two draws of a campaign, with the same
// contributors' chains, beacon and value, and shows that what is then known leads
// to nothing of the second one, whose secret is its own.
func TestCampaign(t *testing.T) {
	k := newKit(t)
	k.contributors(statement.ByChain, "chamber", "press")
	first := k.opened()
	firstSeed, err := first.Seed(k.secret)
	require.NoError(t, err)

	k2 := newKit(t)
	k2.contributors(statement.ByChain, "chamber", "press")
	k2.notice.Number, k2.notice.Previous, k2.notice.Tasks = 2, first.NoticeID(), statement.ID{1}
	k2.secret, err = NewSecret(random("second secret"))
	require.NoError(t, err)
	k2.notice.Secret = k2.secret.Commitment(k2.in.Suite)
	second := k2.sealed()
	seed, err := second.Seed(k2.secret)
	require.NoError(t, err)
	require.NotEqual(t, firstSeed, seed)
	require.NotEqual(t, k.notice.Secret, k2.notice.Secret)

	// With the first secret, or without one, the second seed does not follow; the
	// ceremony refuses, and so does the formula lead elsewhere.
	_, err = second.Seed(k.secret)
	require.ErrorContains(t, err, "ceremony: seed: the sealing secret has commitment ")
	var values []statement.Value
	for _, p := range second.parts {
		values = append(values, statement.Value{Contributor: p.name, Value: p.value})
	}
	known := k.secret.Export()
	for name, guess := range map[string]draw.Seed{
		"the first secret": statement.Seed(k.in.Suite, second.NoticeID(), value, values, &known),
		"the public value": statement.Seed(k.in.Suite, second.NoticeID(), value, values, nil),
		"the first seed":   firstSeed,
	} {
		require.NotEqual(t, seed, guess, name)
		a, err := statement.SaltKey(k.in.Suite, seed)
		require.NoError(t, err)
		b, err := statement.SaltKey(k.in.Suite, guess)
		require.NoError(t, err)
		require.NotEqual(t, a, b, name)
		require.NotEqual(t, statement.LeafSalt(k.in.Suite, a, "unit-01"), statement.LeafSalt(k.in.Suite, b, "unit-01"), name)
	}

	// Every other secret would have fitted the second draw as well: all of a
	// thousand give other seeds, and the right one is not among them.
	seeds := map[draw.Seed]bool{seed: true}
	for i := range 1000 {
		s := random("secret %d", i)
		seeds[statement.Seed(k.in.Suite, second.NoticeID(), value, values, &s)] = true
	}
	require.Len(t, seeds, 1001)

	// The chains: what the first draw has shown does not lead to the second's.
	for i, p := range first.parts {
		shown := p.value
		for range 881 {
			require.NotEqual(t, second.parts[i].value, shown)
			shown = statement.ChainLink(k.in.Suite, p.name, shown)
		}
		require.Equal(t, p.value, statement.ChainLink(k.in.Suite, p.name, second.parts[i].value))
	}
}

// TestOneHonest lets one contributor out of three be honest, and the others and
// the regulator choose what they bring as they like, before they know his value:
// each unit is drawn equally often. The value takes 4096 different texts, for
// each of several choices of the others.
//
// Chi-square over 8 units has 7 degrees of freedom; 24.3 is exceeded with
// probability 0.001. Everything is fixed, so this passes always or never.
func TestOneHonest(t *testing.T) {
	frame, err := registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		for i := range 8 {
			if !yield(registry.Unit{ID: fmt.Sprintf("unit-%d", i), Stratum: "all", Weight: 1}, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	suite := draw.SHA256()
	one, err := draw.NewFraction(1, 1)
	require.NoError(t, err)
	plan, err := draw.NewPlan(suite, frame, draw.Quotas{{Stratum: "all", Count: one}}, 0)
	require.NoError(t, err)
	secret := random("known to the colluders")
	for i, others := range [][2]statement.ID{
		{random("a"), random("b")}, {{1}, {2}}, {{31: 1}, {31: 1}}, {random("b"), random("a")},
	} {
		for _, key := range []*[32]byte{nil, &secret} {
			const draws = 4096
			var count [8]int
			for n := range draws {
				honest := random("honest %d", n)
				seed := statement.Seed(suite, statement.ID{1}, "", []statement.Value{
					{Contributor: "a", Value: others[0]}, {Contributor: "b", Value: honest}, {Contributor: "c", Value: others[1]},
				}, key)
				result, err := draw.Run(plan, frame, seed)
				require.NoError(t, err)
				for d := range result.Drawn() {
					index, _ := frame.Find(d.ID)
					count[index]++
				}
			}
			chi := 0.0
			for _, c := range count {
				d := float64(c) - draws/8
				chi += d * d / (draws / 8)
			}
			require.Less(t, chi, 24.3, "choice %d: %v", i, count)
		}
	}
}

// TestCloseDate closes a draw at many times: a regulator who knows all values
// cannot choose among seeds by the date.
func TestCloseDate(t *testing.T) {
	seeds := map[draw.Seed]bool{}
	for minute := range 50 {
		k := newKit(t)
		k.open()
		k.withoutBeacon()
		c := k.revealed()
		at := k.at(2).Add(time.Duration(minute) * time.Minute)
		require.NoError(t, c.Close(k.closeNote(c, at), at))
		seed, err := c.Seed(nil)
		require.NoError(t, err)
		seeds[seed] = true
	}
	require.Len(t, seeds, 1)
}

// TestWithheldReveal counts what a colluder who reveals last can choose from: one
// withheld reveal gives two outcomes, and the notice's limit of none gives one.
func TestWithheldReveal(t *testing.T) {
	for _, tt := range []struct{ limit, outcomes int }{{0, 1}, {1, 2}} {
		k := newKit(t)
		k.withoutBeacon()
		k.open()
		k.notice.Withheld = uint64(tt.limit)
		seeds := map[draw.Seed]bool{}
		for _, withhold := range []bool{false, true} {
			c := k.announce()
			k.commitAll(c)
			for _, p := range k.notice.Contributors {
				if p.Name != "press" || !withhold {
					require.NoError(t, c.Reveal(k.revealNote(p.Name), k.at(2)))
				}
			}
			s, err := c.NewClose(k.at(3))
			if err != nil {
				require.Equal(t, MustVoid, err.(*Error).Kind)
				continue
			}
			require.NoError(t, c.Close(k.sign("regulator", s), k.at(3)))
			seed, err := c.Seed(nil)
			require.NoError(t, err)
			seeds[seed] = true
		}
		require.Len(t, seeds, tt.outcomes)
	}
}
