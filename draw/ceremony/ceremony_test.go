package ceremony

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/stretchr/testify/require"
)

// TestWhole leads draws of every make from notice to opening; after each step the
// state goes through its text.
func TestWhole(t *testing.T) {
	for _, tt := range []struct {
		name  string
		setup func(*kit)
	}{
		{"sealed, three by commit, with a beacon", func(*kit) {}},
		{"sealed, without a beacon", (*kit).withoutBeacon},
		{"open, with a beacon", (*kit).open},
		{"open, without a beacon", func(k *kit) { k.open(); k.withoutBeacon() }},
		{"nobody contributes", func(k *kit) {
			k.contributors(statement.ByCommit)
			k.series.Minimum, k.notice.Minimum, k.notice.Withheld = 0, 0, 0
		}},
		{"by chain", func(k *kit) { k.contributors(statement.ByChain, "chamber", "press") }},
		{"one by chain, two by commit", func(k *kit) {
			k.series.Chains = []statement.Chain{k.chain("council").Line()}
			k.notice.Contributors[1].By = statement.ByChain
		}},
		{"64 contributors", func(k *kit) {
			var names []string
			for i := range 64 {
				names = append(names, fmt.Sprintf("c%02d", i))
			}
			k.contributors(statement.ByCommit, names[:40]...)
			k.contributors(statement.ByCommit, names...)
			k.notice.Minimum, k.notice.Withheld, k.series.Minimum, k.series.Withheld = 64, 0, 64, 0
			k.notice.CommitBy, k.notice.RevealBy, k.notice.CloseBy = k.at(2), k.at(3), k.at(4)
			k.notice.PulseAt = k.at(4).Add(time.Second)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := newKit(t)
			tt.setup(k)
			c := k.resumed(k.announce())
			require.Equal(t, Announced, c.Stage())
			require.Equal(t, k.noticeID, c.NoticeID())
			require.Equal(t, k.seriesID, c.SeriesID())
			require.Equal(t, &k.notice, c.Notice())
			k.commitAll(c)
			c = k.resumed(c)
			var values []statement.Value
			for _, p := range k.notice.Contributors {
				note := k.revealNote(p.Name)
				require.NoError(t, c.Reveal(note, k.at(2)))
				c = k.resumed(c)
				var s statement.Reveal
				require.NoError(t, parse("", note, "reveal", &s))
				values = append(values, statement.Value{Contributor: p.Name, Value: s.Value})
				require.Equal(t, Revealed, c.Stage())
			}
			require.Equal(t, statement.ID{}, c.CloseID())
			closing := k.closeNote(c, k.at(2))
			require.NoError(t, c.Close(closing, k.at(3).Add(999*time.Millisecond)))
			c = k.resumed(c)
			require.Equal(t, Closed, c.Stage())
			require.Equal(t, k.id(closing), c.CloseID())
			require.Empty(t, c.Blame(k.at(1000)))
			pulse := ""
			if k.notice.Beacon != "" {
				require.NoError(t, c.Pulse(k.pulseNote(c), k.at(5)))
				c = k.resumed(c)
				require.Equal(t, Pulsed, c.Stage())
				require.NotZero(t, c.PulseID())
				pulse = value
			}

			var key *[32]byte
			if k.notice.Mode == statement.Sealed {
				secret := k.secret.Export()
				key = &secret
			}
			seed, err := c.Seed(k.sealingSecret())
			require.NoError(t, err)
			require.Equal(t, statement.Seed(k.in.Suite, k.noticeID, pulse, values, key), seed)
			result, err := c.Run(k.plan, k.frame, k.sealingSecret())
			require.NoError(t, err)
			require.Equal(t, seed, result.Seed())
			require.NoError(t, draw.Check(k.plan, k.frame, result))

			require.NoError(t, c.Seal(k.sealedNote(c), k.at(6)))
			c = k.resumed(c)
			require.Equal(t, Sealed, c.Stage())
			require.NoError(t, c.Open(k.openingNote(c, k.at(24)), k.at(24)))
			c = k.resumed(c)
			require.Equal(t, Opened, c.Stage())

			records := c.State().Records()
			last := new(statement.Opening)
			require.NoError(t, parse("", records[len(records)-1].Note, "opening", last))
			var text bytes.Buffer
			_, err = result.WriteTo(&text)
			require.NoError(t, err)
			require.Equal(t, k.in.Suite.Sum(text.Bytes()), last.Result)
			require.Equal(t, []Fact{
				{1, statement.Announced, k.noticeID, k.notice.Created},
				{1, statement.Fixed, c.SealedID(), time.Time{}},
				{1, statement.Opened, k.id(records[len(records)-1].Note), k.at(24)},
			}, c.Facts())
		})
	}
}

// TestYear leads the 881 draws of a year by hash chains: one reveal each from each
// of two contributors.
func TestYear(t *testing.T) {
	k := newKit(t)
	k.contributors(statement.ByChain, "chamber", "press")
	k.signAll()
	chains := map[string]*Chain{"chamber": k.chain("chamber"), "press": k.chain("press")}
	var history History
	var facts []Fact
	seeds := map[draw.Seed]bool{}
	const draws = 881
	for number := uint64(1); number <= draws; number++ {
		k.notice.Number, k.notice.Previous = history.Next()
		require.Equal(t, number, k.notice.Number)
		k.notice.Earlier = history.Earlier(facts...)
		k.notice.Plan = random("plan %d", number)
		k.signAll()
		require.Nil(t, history.Add(k.noticeID, &k.notice, facts...))
		c, err := Announce(k.in, k.seriesNote, k.noticeNote, k.start)
		require.NoError(t, err)
		for name, chain := range chains {
			s, err := chain.Reveal(k.noticeID, number)
			require.NoError(t, err)
			require.NoError(t, c.Reveal(k.sign(name, s), k.start))
		}
		require.NoError(t, c.Close(k.closeNote(c, k.start), k.start))
		require.NoError(t, c.Pulse(k.pulseNote(c), k.at(4)))
		seed, err := c.Seed(k.secret)
		require.NoError(t, err)
		require.False(t, seeds[seed])
		seeds[seed] = true
		require.NoError(t, c.Seal(k.sealedNote(c), k.at(4)))
		facts = c.Facts()
	}
	require.Len(t, seeds, draws)
	k.notice.Number = draws + 1
	k.signAll()
	_, err := Announce(k.in, k.seriesNote, k.noticeNote, k.start)
	require.EqualError(t, err, `ceremony: announce of "chamber": hash chain of length 881 for draw 882, expected a longer one`)
}

// TestFlyingInspection closes seconds after the notice, since all contribute by
// hash chain.
func TestFlyingInspection(t *testing.T) {
	k := newKit(t)
	k.contributors(statement.ByChain, "chamber", "press")
	second := func(n int) time.Time { return k.start.Add(time.Duration(n) * time.Second) }
	n := &k.notice
	n.CommitBy, n.RevealBy, n.CloseBy, n.PulseAt = second(0), second(10), second(20), second(30)
	c := k.announce()
	require.NoError(t, c.Reveal(k.revealNote("press"), second(2)))
	require.NoError(t, c.Reveal(k.revealNote("chamber"), second(3)))
	require.NoError(t, c.Close(k.closeNote(c, second(4)), second(4)))
	require.NoError(t, c.Pulse(k.pulseNote(c), second(30)))
	require.NoError(t, c.Seal(k.sealedNote(c), second(30)))
	require.Equal(t, Sealed, k.resumed(c).Stage())
}

// TestBlame has one contributor fail in each way.
func TestBlame(t *testing.T) {
	k := newKit(t)
	k.contributors(statement.ByCommit, "a", "b", "c", "d", "e", "f")
	k.series.Chains = []statement.Chain{k.chain("e").Line(), k.chain("f").Line()}
	k.notice.Contributors[4].By, k.notice.Contributors[5].By = statement.ByChain, statement.ByChain
	k.series.Withheld, k.notice.Withheld = 4, 4
	k.notice.Minimum, k.series.Minimum = 1, 1
	c := k.announce()
	commits := map[string][]byte{}
	for _, name := range []string{"a", "b", "c"} { // d does not commit
		commits[name] = k.commitNote(name)
		require.NoError(t, c.Commit(commits[name], k.at(1)))
	}
	require.Empty(t, c.Blame(k.at(1)))
	noCommit := Blame{"d", statement.NoCommit, statement.ID{}, statement.ID{}}
	require.Equal(t, []Blame{noCommit}, c.Blame(k.at(1).Add(time.Second)))

	after := k.at(1).Add(time.Minute)
	reveal := k.revealNote("a")
	require.NoError(t, c.Reveal(reveal, after))
	falseB := k.falseNote("b")
	falseE := k.sign("e", &statement.Reveal{Notice: k.noticeID, Contributor: "e", Value: random("no value of e")})
	require.ErrorContains(t, c.Reveal(falseB, after), `ceremony: reveal of "b": value and nonce have commitment`)
	require.ErrorContains(t, c.Reveal(falseE, after), `ceremony: reveal of "e": value `)
	blameB := Blame{"b", statement.FalseReveal, k.id(commits["b"]), k.id(falseB)}
	blameE := Blame{"e", statement.FalseReveal, statement.ID{}, k.id(falseE)}
	require.Equal(t, []Blame{blameB, noCommit, blameE}, c.Blame(after))
	c = k.resumed(c)
	require.Equal(t, []Blame{blameB, noCommit, blameE}, c.Blame(after))

	// b corrects itself; c, e and f do not.
	require.NoError(t, c.Reveal(k.revealNote("b"), k.at(2)))
	want := []Blame{
		{"c", statement.NoReveal, k.id(commits["c"]), statement.ID{}}, noCommit, blameE,
		{"f", statement.NoReveal, statement.ID{}, statement.ID{}},
	}
	require.Equal(t, []Blame{noCommit, blameE}, c.Blame(k.at(2)))
	require.Equal(t, want, c.Blame(k.at(2).Add(time.Second)))
	c = k.resumed(c)
	s, err := c.NewClose(k.at(3))
	require.NoError(t, err)
	require.Equal(t, &statement.Close{
		Notice: k.noticeID, Closed: k.at(3),
		Counted: []statement.Counted{
			{Contributor: "a", Commit: k.id(commits["a"]), Reveal: k.id(reveal)},
			{Contributor: "b", Commit: k.id(commits["b"]), Reveal: k.id(k.revealNote("b"))},
		},
		Missing: []statement.Missing{
			{Contributor: "c", Fault: statement.NoReveal, Commit: k.id(commits["c"])}, {Contributor: "d", Fault: statement.NoCommit},
			{Contributor: "e", Fault: statement.FalseReveal}, {Contributor: "f", Fault: statement.NoReveal},
		},
	}, s)
	require.NoError(t, c.Close(k.sign("regulator", s), k.at(3)))
	require.Equal(t, want, k.resumed(c).Blame(k.at(0)))

	// A void stops the clock for those who could still have come.
	c = k.announce()
	require.NoError(t, c.Void(k.voidNote(c, k.at(1)), k.at(1)))
	require.Empty(t, c.Blame(k.at(100)))
}

// TestMustVoid has too few contribute, or too many withhold.
func TestMustVoid(t *testing.T) {
	for _, tt := range []struct {
		name              string
		minimum, withheld uint64
		beacon            bool
		commits, reveals  int
		want              string
	}{
		{"enough", 3, 0, true, 3, 3, ""},
		{"one withheld", 2, 1, true, 3, 2, ""},
		{"one did not commit", 2, 0, true, 2, 2, ""},
		{"too few", 3, 3, true, 3, 2, "ceremony: close: 2 contributions count, expected at least 3: the draw must be void"},
		{"too few commits", 3, 0, true, 2, 2, "ceremony: close: 2 contributions count, expected at least 3: the draw must be void"},
		{"too many withheld", 1, 1, true, 3, 1, "ceremony: close: 2 reveals were withheld, expected at most 1: the draw must be void"},
		{"one is too many", 0, 0, true, 3, 2, "ceremony: close: 1 reveals were withheld, expected at most 0: the draw must be void"},
		{"none at all", 0, 0, true, 0, 0, ""},
		{"none at all without a beacon", 1, 3, false, 0, 0, "ceremony: close: 0 contributions count, expected at least 1: the draw must be void"},
		{"all withheld without a beacon", 1, 3, false, 3, 0, "ceremony: close: 0 contributions count, expected at least 1: the draw must be void"},
		{"one without a beacon", 1, 3, false, 3, 1, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := newKit(t)
			k.series.Minimum, k.notice.Minimum = 0, tt.minimum
			k.series.Withheld, k.notice.Withheld = 3, tt.withheld
			if !tt.beacon {
				k.withoutBeacon()
			}
			c := k.announce()
			for _, p := range k.notice.Contributors[:tt.commits] {
				require.NoError(t, c.Commit(k.commitNote(p.Name), k.at(0)))
			}
			for _, p := range k.notice.Contributors[:tt.reveals] {
				require.NoError(t, c.Reveal(k.revealNote(p.Name), k.at(2)))
			}
			after := k.at(2).Add(time.Second)
			if tt.want == "" {
				require.NoError(t, c.Close(k.closeNote(c, after), after))
				return
			}
			refused(t, c, MustVoid, tt.want, func() error { _, err := c.NewClose(after); return err })
			forged := &statement.Close{Notice: k.noticeID, Closed: after}
			refused(t, c, MustVoid, tt.want, func() error { return c.Close(k.sign("regulator", forged), after) })
			require.NoError(t, c.Void(k.voidNote(c, after), after))
			require.Equal(t, Voided, k.resumed(c).Stage())
		})
	}
}
