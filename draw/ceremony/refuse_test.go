package ceremony

import (
	"fmt"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/stretchr/testify/require"
)

// notSigned returns the end of the refusal of a note that lacks the key's
// signature.
func (k *kit) notSigned(name string) string {
	key := k.keys[name]
	return fmt.Sprintf("not signed by the key %s+%08x that the series names: statement: note has no verifiable signatures", key.Name(), key.KeyHash())
}

func TestAnnounceRefuses(t *testing.T) {
	for _, tt := range []struct {
		name  string
		setup func(*kit)
		at    int // minutes after the notice's time
		kind  Kind
		want  string
	}{
		{"early", nil, -1, TooEarly, "ceremony: announce: arrived 2026-11-24T02:59:00Z, expected not before the step of 2026-11-24T03:00:00Z"},
		{"late for commits", nil, 61, TooLate, "ceremony: announce: arrived 2026-11-24T04:01:00Z, expected by 2026-11-24T04:00:00Z"},
		{"late for chains", func(k *kit) { k.contributors(statement.ByChain, "chamber", "press") }, 121, TooLate, "ceremony: announce: arrived 2026-11-24T05:01:00Z, expected by 2026-11-24T05:00:00Z"},
		{"late for a close", func(k *kit) { k.contributors(statement.ByCommit); k.minimum(0) }, 181, TooLate, "ceremony: announce: arrived 2026-11-24T06:01:00Z, expected by 2026-11-24T06:00:00Z"},
		{"suite", func(k *kit) { k.series.Suite = "sm3" }, 0, Mismatch, `ceremony: announce: series has suite "sm3", expected "sha256"`},
		{"another series", func(k *kit) { k.notice.Series = statement.ID{1} }, 0, OtherDraw, "ceremony: announce: is for series " + hexOf(statement.ID{1}) + ", expected SERIES"},
		{"key of the regulator", func(k *kit) { k.series.Regulator = "sm2+00000000+AAAA" }, 0, BadSignature, "ceremony: announce: key of the regulator cannot be used: invalid verifier hash"},
		{"older than the series", func(k *kit) { k.series.Created = k.at(1) }, 0, Mismatch, "ceremony: announce: notice was created 2026-11-24T03:00:00Z, expected not before the series, 2026-11-24T04:00:00Z"},
		{"unknown contributor", func(k *kit) { k.notice.Contributors[2].Name = "stranger" }, 0, Stranger, `ceremony: announce of "stranger": not in the series, expected one of its contributors`},
		{"one key for two", func(k *kit) { k.series.Contributors[1].Key = k.series.Contributors[0].Key }, 0, Mismatch, `ceremony: announce of "council": has the key of "chamber", expected a key of its own`},
		{"no chain", func(k *kit) { k.notice.Contributors[0].By = statement.ByChain }, 0, Stranger, `ceremony: announce of "chamber": has no hash chain in the series, expected a commit`},
		{"key of a contributor", func(k *kit) { k.series.Contributors[1].Key = "sm2+00000000+AAAA" }, 0, BadSignature, `ceremony: announce of "council": its key cannot be used: invalid verifier hash`},
		{"minimum", func(k *kit) { k.notice.Minimum = 1 }, 0, Mismatch, "ceremony: announce: notice has a minimum of 1 contributions, expected at least 2"},
		{"withheld", func(k *kit) { k.notice.Withheld = 2 }, 0, Mismatch, "ceremony: announce: notice allows 2 withheld reveals, expected at most 1"},
		{"beacon of no series", func(k *kit) { k.series.Beacons = nil }, 0, BadBeacon, `ceremony: announce: beacon "lottery" is not in the series`},
		{"no beacon given", func(k *kit) { k.in.Beacon = nil }, 0, BadBeacon, `ceremony: announce: no beacon given, expected "lottery"`},
		{"another beacon given", func(k *kit) { k.notice.Beacon = "stocks"; k.series.Beacons = []string{"stocks"} }, 0, BadBeacon, `ceremony: announce: given beacon is "lottery", expected "stocks"`},
		{"weak beacon", func(k *kit) { k.series.Entropy = 73 }, 0, BadBeacon, `ceremony: announce: beacon is too weak: beacon: "lottery" has 72 bits of entropy in round "2026101x3", expected at least 73`},
		{"no such round", func(k *kit) { k.notice.Round = "soon" }, 0, BadBeacon, `ceremony: announce: beacon is too weak: beacon: "lottery" has 0 bits of entropy in round "soon", expected at least 64`},
		{"round of the past", func(k *kit) { k.in.Beacon = timetable{k.in.Beacon, k.at(4).Add(-time.Second), nil} }, 0, BadBeacon,
			`ceremony: announce: round "2026101x3" is public from 2026-11-24T06:59:59Z, expected not before pulse-at, 2026-11-24T07:00:00Z`},
		{"round without a time", func(k *kit) { k.in.Beacon = timetable{k.in.Beacon, k.at(4), errZeroSecret} }, 0, BadBeacon, "ceremony: announce: round has no time: " + errZeroSecret.Error()},
		{"other statements", func(k *kit) { k.seriesNote = k.noticeNote }, 0, Malformed, "ceremony: announce: statement is notice, expected series"},
		{"two series", func(k *kit) { k.noticeNote = k.seriesNote }, 0, Malformed, "ceremony: announce: statement is series, expected notice"},
		{"no statement", func(k *kit) { k.noticeNote = []byte("text\n\n— a.example AAAAAAA=\n") }, 0, Malformed, "ceremony: announce: statement is none, expected notice"},
		{"no note", func(k *kit) { k.noticeNote = []byte("doublerandom/notice/v1\n") }, 0, Malformed, "ceremony: announce: not a signed note: malformed note"},
		{"too long", func(k *kit) { k.noticeNote = make([]byte, statement.MaxNote+1) }, 0, Malformed, "ceremony: announce: note has 327681 bytes, expected at most 327680"},
		{"malformed", func(k *kit) { k.noticeNote = []byte("doublerandom/notice/v1\n\n— a.example AAAAAAA=\n") }, 0, Malformed,
			`ceremony: announce: notice is malformed: statement: notice line 2: missing, expected "series"`},
		{"series of another hand", func(k *kit) { k.seriesNote = k.sign("press", &k.series) }, 0, BadSignature, "ceremony: announce: REGULATOR"},
		{"notice of another hand", func(k *kit) {
			if k.noticeNote != nil {
				k.noticeNote = k.sign("press", &k.notice)
			}
		}, 0, BadSignature, "ceremony: announce: REGULATOR"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := newKit(t)
			setup := tt.setup
			if setup == nil {
				setup = func(*kit) {}
			}
			setup(k)
			k.signAll()
			setup(k) // once more, for those that change the notes
			c, err := Announce(k.in, k.seriesNote, k.noticeNote, k.start.Add(time.Duration(tt.at)*time.Minute))
			require.Nil(t, c)
			want := replace(tt.want, "SERIES", hexOf(k.seriesID), "REGULATOR", k.notSigned("regulator"))
			require.EqualError(t, err, want)
			var e *Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, tt.kind, e.Kind, "kind %s", e.Kind)
		})
	}
	k := newKit(t)
	k.signAll()
	_, err := Announce(Inputs{}, k.seriesNote, k.noticeNote, k.start)
	require.EqualError(t, err, "ceremony: zero Suite, expected one from draw.SHA256 or draw.NewSuite")
	_, err = Resume(Inputs{}, new(State))
	require.EqualError(t, err, "ceremony: zero Suite, expected one from draw.SHA256 or draw.NewSuite")

	for _, year := range []int{-1, 10000} {
		_, err = Announce(k.in, k.seriesNote, k.noticeNote, time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))
		require.EqualError(t, err, fmt.Sprintf("ceremony: announce: arrived in the year %d, expected 1 to 9999", year))
	}

	var weak *beacon.WeakError
	k.series.Entropy, k.notice.Series = 80, statement.ID{}
	k.signAll()
	_, err = Announce(k.in, k.seriesNote, k.noticeNote, k.start)
	require.ErrorAs(t, err, &weak)
	require.Equal(t, 80, weak.Floor)
}

// TestAnnounceRoundTime takes a beacon with a timetable whose round is in time.
func TestAnnounceRoundTime(t *testing.T) {
	k := newKit(t)
	k.in.Beacon = timetable{k.in.Beacon, k.at(4), nil}
	k.announce()
}

// A timetable is a beacon whose rounds have one time.
type timetable struct {
	beacon.Beacon
	at  time.Time
	err error
}

func (b timetable) TimeOf(string) (time.Time, error) { return b.at, b.err }

func (k *kit) minimum(n uint64) {
	k.series.Minimum, k.notice.Minimum, k.notice.Withheld = n, n, 0
}

func TestCommitRefuses(t *testing.T) {
	k := newKit(t)
	k.contributors(statement.ByCommit, "chamber", "council", "press", "union")
	k.series.Chains = []statement.Chain{k.chain("union").Line()}
	k.notice.Contributors[3].By = statement.ByChain
	k.key("stranger")
	c := k.announce()
	note := k.commitNote("press")
	require.NoError(t, c.Commit(note, k.at(0)))
	c = k.resumed(c)

	own := k.contribution("chamber").Commit(k.in.Suite)
	replayed := *own
	replayed.Notice = statement.ID{2}
	copied := &statement.Commit{Notice: k.noticeID, Contributor: "chamber", Commitment: k.contribution("press").Commit(k.in.Suite).Commitment}
	for _, tt := range []struct {
		name string
		note []byte
		at   time.Time
		kind Kind
		want string
	}{
		{"twice", note, k.at(1), Duplicate, `ceremony: commit of "press": has committed already, in ` + hexOf(k.id(note))},
		{"late", k.sign("chamber", own), k.at(1).Add(time.Second), TooLate, `ceremony: commit of "chamber": arrived 2026-11-24T04:00:01Z, expected by 2026-11-24T04:00:00Z`},
		{"early", k.sign("chamber", own), k.at(-1), TooEarly, `ceremony: commit of "chamber": arrived 2026-11-24T02:00:00Z, expected not before the step of 2026-11-24T03:00:00Z`},
		{"by chain", k.sign("union", &statement.Commit{Notice: k.noticeID, Contributor: "union", Commitment: statement.ID{1}}), k.at(0), Stranger,
			`ceremony: commit of "union": contributes by hash chain, expected no commit`},
		{"stranger", k.sign("stranger", &statement.Commit{Notice: k.noticeID, Contributor: "stranger", Commitment: statement.ID{1}}), k.at(0), Stranger,
			`ceremony: commit of "stranger": not in the notice, expected one of its contributors`},
		{"another notice", k.sign("chamber", &replayed), k.at(0), OtherDraw, `ceremony: commit of "chamber": is for notice ` + hexOf(statement.ID{2}) + `, expected ` + hexOf(k.noticeID)},
		{"another hand", k.sign("press", own), k.at(0), BadSignature, `ceremony: commit of "chamber": ` + k.notSigned("chamber")},
		{"a reveal", k.revealNote("chamber"), k.at(0), Malformed, "ceremony: commit: statement is reveal, expected commit"},
		{"no note", nil, k.at(0), Malformed, "ceremony: commit: not a signed note: malformed note"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			refused(t, c, tt.kind, tt.want, func() error { return c.Commit(tt.note, tt.at) })
		})
	}

	// Who copies a commitment cannot reveal: the name is in it.
	require.NoError(t, c.Commit(k.sign("chamber", copied), k.at(0)))
	require.NoError(t, c.Commit(k.commitNote("council"), k.at(0)))
	require.NoError(t, c.Reveal(k.revealNote("press"), k.at(0)))
	v, n := k.contribution("press").Export()
	err := c.Reveal(k.sign("chamber", &statement.Reveal{Notice: k.noticeID, Contributor: "chamber", Value: v, Nonce: n}), k.at(0))
	have := statement.CommitmentOf(k.in.Suite, k.noticeID, "chamber", v, n)
	require.EqualError(t, err, fmt.Sprintf(`ceremony: reveal of "chamber": value and nonce have commitment %x, expected %x`, have, copied.Commitment))

	// No commit follows a reveal, even at a time before its deadline.
	k = newKit(t)
	c = k.announce()
	k.commitAll(c)
	require.NoError(t, c.Reveal(k.revealNote("press"), k.at(1)))
	refused(t, c, Duplicate, `ceremony: commit of "chamber": has committed already, in `+hexOf(k.id(k.commitNote("chamber"))), func() error { return c.Commit(k.commitNote("chamber"), k.at(1)) })
	k = newKit(t)
	c = k.announce()
	require.NoError(t, c.Commit(k.commitNote("press"), k.at(1)))
	require.NoError(t, c.Reveal(k.revealNote("press"), k.at(1).Add(time.Second)))
	refused(t, c, WrongOrder, `ceremony: commit of "chamber": the draw is revealed, expected announced`, func() error { return c.Commit(k.commitNote("chamber"), k.at(2)) })
}

func TestRevealRefuses(t *testing.T) {
	k := newKit(t)
	k.contributors(statement.ByCommit, "chamber", "council", "press", "union")
	k.series.Chains = []statement.Chain{k.chain("union").Line()}
	k.notice.Contributors[3].By = statement.ByChain
	c := k.announce()
	require.NoError(t, c.Commit(k.commitNote("press"), k.at(0)))

	// Nobody reveals before all have committed, not even by chain.
	for _, name := range []string{"press", "union"} {
		refused(t, c, TooEarly, `ceremony: reveal of "`+name+`": arrived 2026-11-24T04:00:00Z, expected after the commits of "chamber", "council", or their deadline 2026-11-24T04:00:00Z`,
			func() error { return c.Reveal(k.revealNote(name), k.at(1)) })
	}
	require.NoError(t, c.Commit(k.commitNote("chamber"), k.at(1)))
	after := k.at(1).Add(time.Second)
	refused(t, c, WrongOrder, `ceremony: reveal of "council": has not committed, expected a commit by 2026-11-24T04:00:00Z`, func() error { return c.Reveal(k.revealNote("council"), after) })
	note := k.revealNote("press")
	require.NoError(t, c.Reveal(note, after))

	replayed := k.contribution("chamber").Reveal()
	replayed.Notice = statement.ID{2}
	for _, tt := range []struct {
		name string
		note []byte
		at   time.Time
		kind Kind
		want string
	}{
		{"twice", note, k.at(2), Duplicate, `ceremony: reveal of "press": has revealed already, in ` + hexOf(k.id(note))},
		{"another after the right one", k.falseNote("press"), k.at(2), Duplicate, `ceremony: reveal of "press": has revealed already, in ` + hexOf(k.id(note))},
		{"late", k.revealNote("chamber"), k.at(2).Add(time.Second), TooLate, `ceremony: reveal of "chamber": arrived 2026-11-24T05:00:01Z, expected by 2026-11-24T05:00:00Z`},
		{"late by chain", k.revealNote("union"), k.at(2).Add(time.Second), TooLate, `ceremony: reveal of "union": arrived 2026-11-24T05:00:01Z, expected by 2026-11-24T05:00:00Z`},
		{"early", k.revealNote("chamber"), k.at(1), TooEarly, `ceremony: reveal of "chamber": arrived 2026-11-24T04:00:00Z, expected not before the step of 2026-11-24T04:00:01Z`},
		{"another notice", k.sign("chamber", replayed), k.at(2), OtherDraw, `ceremony: reveal of "chamber": is for notice ` + hexOf(statement.ID{2}) + `, expected ` + hexOf(k.noticeID)},
		{"another hand", k.sign("press", k.contribution("chamber").Reveal()), k.at(2), BadSignature, `ceremony: reveal of "chamber": ` + k.notSigned("chamber")},
		{"a commit", k.commitNote("chamber"), k.at(2), Malformed, "ceremony: reveal: statement is commit, expected reveal"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			refused(t, c, tt.kind, tt.want, func() error { return c.Reveal(tt.note, tt.at) })
		})
	}

	// A false reveal is kept as evidence, once.
	false1, false2 := k.falseNote("chamber"), k.sign("chamber", &statement.Reveal{Notice: k.noticeID, Contributor: "chamber", Value: statement.ID{5}})
	records := len(c.State().Records())
	require.Error(t, c.Reveal(false1, k.at(2)))
	require.Len(t, c.State().Records(), records+1)
	have := statement.CommitmentOf(k.in.Suite, k.noticeID, "chamber", statement.ID{5}, statement.ID{})
	want := k.contribution("chamber").Commit(k.in.Suite).Commitment
	refused(t, c, Duplicate, fmt.Sprintf(`ceremony: reveal of "chamber": has revealed falsely already, in %x: ceremony: reveal of "chamber": value and nonce have commitment %x, expected %x`,
		k.id(false1), have, want), func() error { return c.Reveal(false2, k.at(2)) })
	require.NoError(t, k.resumed(c).Reveal(k.revealNote("chamber"), k.at(2)))
}

func TestCheckReveal(t *testing.T) {
	k := newKit(t)
	k.contributors(statement.ByCommit, "press", "union")
	k.series.Chains = []statement.Chain{k.chain("union").Line()}
	k.notice.Number = 7
	k.notice.Previous = statement.ID{1}
	k.notice.Contributors[1].By = statement.ByChain
	k.signAll()
	commit, reveal := k.contribution("press").Commit(k.in.Suite), k.contribution("press").Reveal()
	chained, err := k.chain("union").Reveal(k.noticeID, 7)
	require.NoError(t, err)
	check := func(commit *statement.Commit, reveal *statement.Reveal) error {
		return CheckReveal(k.in.Suite, &k.series, &k.notice, k.noticeID, commit, reveal)
	}
	require.NoError(t, check(commit, reveal))
	require.NoError(t, check(nil, chained))

	eighth, err := k.chain("union").Value(8)
	require.NoError(t, err)
	other := func(s statement.Reveal, change func(*statement.Reveal)) *statement.Reveal { change(&s); return &s }
	for _, tt := range []struct {
		name   string
		commit *statement.Commit
		reveal *statement.Reveal
		kind   Kind
		want   string
	}{
		{"notice", commit, other(*reveal, func(s *statement.Reveal) { s.Notice = statement.ID{3} }), OtherDraw, `ceremony: reveal of "press": is for notice ` + hexOf(statement.ID{3}) + `, expected ` + hexOf(k.noticeID)},
		{"notice of the commit", &statement.Commit{Contributor: "press"}, reveal, OtherDraw, `ceremony: reveal of "press": commit is for notice none, expected ` + hexOf(k.noticeID)},
		{"somebody's commit", &statement.Commit{Notice: k.noticeID, Contributor: "union"}, reveal, FalseReveal, `ceremony: reveal of "press": is compared with the commit of "union", expected "press"`},
		{"nonce", commit, other(*reveal, func(s *statement.Reveal) { s.Nonce = statement.ID{} }), FalseReveal, fmt.Sprintf(`ceremony: reveal of "press": value and nonce have commitment %x, expected %x`,
			statement.CommitmentOf(k.in.Suite, k.noticeID, "press", reveal.Value, statement.ID{}), commit.Commitment)},
		{"no chain", nil, other(*reveal, func(s *statement.Reveal) { s.Nonce = statement.ID{} }), Stranger, `ceremony: reveal of "press": has no hash chain in the series, expected a commit`},
		{"nonce with a chain", nil, other(*chained, func(s *statement.Reveal) { s.Nonce = statement.ID{1} }), FalseReveal, `ceremony: reveal of "union": has a nonce, expected none: hash chains have no nonces`},
		{"value of another draw", nil, other(*chained, func(s *statement.Reveal) { s.Value = eighth }), FalseReveal, fmt.Sprintf(
			`ceremony: reveal of "union": value %x is not that of the hash chain for draw 7: statement: chain of "union": the value for draw 7 leads to %x, expected %x`,
			eighth, linked(k, eighth, 7), k.chain("union").End())},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := check(tt.commit, tt.reveal)
			require.EqualError(t, err, tt.want)
			require.Equal(t, tt.kind, err.(*Error).Kind)
		})
	}
}

// linked returns the value n links on.
func linked(k *kit, value statement.ID, n int) statement.ID {
	for range n {
		value = statement.ChainLink(k.in.Suite, "union", value)
	}
	return value
}
