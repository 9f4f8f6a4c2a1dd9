package audit

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
)

// others returns a frame without the units of the first draws, as a campaign has.
func others(n int) recipe {
	units := testUnits()
	for i := range units {
		units[i].ID = string(rune('A'+n)) + units[i].ID
	}
	return recipe{units: units}
}

// campaign returns three draws, of which each says what became of those before.
func campaign(t *testing.T) (draws map[string]*built, policy *Policy) {
	one := build(t, recipe{})
	two := build(t, second(one, statement.Opened, FileOpening, others(1)))
	r := others(2)
	r.number, r.previous, r.shift = 3, two.signed[FileNotice].ID, 96*time.Hour
	r.earlier = []statement.Earlier{{Number: 2, State: statement.Opened, Last: two.signed[FileOpening].ID}}
	three := build(t, r)
	policy = three.policy
	return map[string]*built{"0001": one, "0002": two, "0003": three}, policy
}

func TestVerifySeries(t *testing.T) {
	draws, policy := campaign(t)
	s := VerifySeries(seriesOf(draws), policy)
	require.Equal(t, OpenedCorrect, s.Verdict, s.String())
	require.Len(t, s.Draws, 3)

	stops := func(files func(fstest.MapFS), verdict Verdict, check string, status Status, text string) {
		t.Helper()
		all := seriesOf(draws).(fstest.MapFS)
		files(all)
		s := VerifySeries(all, policy)
		stopped(t, &s.Report, verdict, check, status, text)
	}
	remove := func(files fstest.MapFS, folder string) {
		for name := range files {
			if name[:5] == folder+"/" {
				delete(files, name)
			}
		}
	}
	stops(func(files fstest.MapFS) { remove(files, "0002") }, WrongVerdict, CheckChain, Wrong, "draws between 1 and 3 are missing")
	stops(func(files fstest.MapFS) { remove(files, "0001") }, WrongVerdict, CheckChain, Wrong, "the first draws of the series are missing")
	stops(func(files fstest.MapFS) { delete(files, "0002/notice.note") }, WrongVerdict, CheckChain, Missing, "draw 0002 has no usable notice")
	s = VerifySeries(fstest.MapFS{}, policy)
	stopped(t, &s.Report, CannotTell, CheckChain, Missing, "there is no draw in the folders 0001, 0002, …")

	// The last draws can be held back unnoticed, until their successor is there.
	all := seriesOf(draws).(fstest.MapFS)
	remove(all, "0003")
	require.Equal(t, OpenedCorrect, VerifySeries(all, policy).Verdict)
}

func TestSeriesFork(t *testing.T) {
	draws, policy := campaign(t)
	r := second(draws["0001"], statement.Opened, FileOpening, others(3))
	draws["0002"] = build(t, r)
	s := VerifySeries(seriesOf(draws), policy)
	stopped(t, &s.Report, WrongVerdict, CheckChain, Wrong, "draw 3 follows another notice than that of draw 2: the series forks")
	stopped(t, &s.Report, WrongVerdict, CheckChain, Wrong, "notice 3 states of draw 2 what its files do not show")
}

func TestSeriesUntold(t *testing.T) {
	one := build(t, recipe{})
	two := build(t, second(one, 0, "", others(1)))
	s := VerifySeries(seriesOf(map[string]*built{"0001": one, "0002": two}), two.policy)
	stopped(t, &s.Report, WrongVerdict, CheckChain, Wrong, "notice 2 does not say what had become of draw 1")

	// A chain has no cycles: whatever a notice says, each is looked at once.
	two = build(t, second(one, statement.Opened, FileOpening, others(1)))
	s = VerifySeries(seriesOf(map[string]*built{"0001": two, "0002": one}), two.policy)
	stopped(t, &s.Report, WrongVerdict, CheckChain, Wrong, "draw 2 lies in the wrong folder")
}

func TestSeriesRedrawAfterVoid(t *testing.T) {
	one := build(t, recipe{stop: "notice"})
	one.sign(FileVoid, void(one, statement.AfterNotice, false, 10*time.Minute), one.regul)
	two := build(t, second(one, statement.Voided, FileVoid, recipe{}))
	s := VerifySeries(seriesOf(map[string]*built{"0001": one, "0002": two}), two.policy)
	// The first draw's witnesses saw the void before its pulse.
	require.Equal(t, OpenedCorrect, s.Verdict, s.String())
	require.Equal(t, Called, s.Draws[0].Verdict)

	// Other strata of one frame are another draw.
	one = build(t, recipe{quotas: draw.Quotas{{Stratum: "370202/A", Count: draw.WholeFraction(3)}}})
	two = build(t, second(one, statement.Opened, FileOpening, recipe{quotas: draw.Quotas{{Stratum: "370203/B", Count: draw.WholeFraction(3)}}}))
	s = VerifySeries(seriesOf(map[string]*built{"0001": one, "0002": two}), two.policy)
	require.Equal(t, OpenedCorrect, s.Verdict, s.String())
}

func TestDraft(t *testing.T) {
	b := build(t, recipe{})
	p, err := Draft(b.files, b.policy.At)
	require.NoError(t, err)
	require.Equal(t, b.policy.Series, p.Series)
	require.Equal(t, b.policy.Regulators, p.Regulators)
	require.Equal(t, b.policy.Witnesses, p.Witnesses)
	r := Verify(b.files, p)
	require.Equal(t, CannotTell, r.Verdict)
	require.Equal(t, `beacon: beacon "digits" is in the policy, but this program does not have it`, r.Reason)
	_, err = Draft(fstest.MapFS{}, b.policy.At)
	require.EqualError(t, err, "audit: series.note is missing")
}
