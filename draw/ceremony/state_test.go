package ceremony

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/stretchr/testify/require"
)

func text(t testing.TB, s *State) []byte {
	t.Helper()
	b, err := s.MarshalText()
	require.NoError(t, err)
	return b
}

func TestStateText(t *testing.T) {
	k := newKit(t)
	c := k.announce()
	want := fmt.Sprintf("doublerandom/ceremony/v1\nrecords 2\nrecord 2026-11-24T03:00:00Z %d\n%srecord 2026-11-24T03:00:00Z %d\n%s",
		len(k.seriesNote), k.seriesNote, len(k.noticeNote), k.noticeNote)
	require.Equal(t, want, string(text(t, c.State())))
	require.Equal(t, "doublerandom/ceremony/v1\nrecords 0\n", string(text(t, new(State))))
	records := c.State().Records()
	require.Equal(t, []Record{{k.start, k.seriesNote}, {k.start, k.noticeNote}}, records)
	clear(records[0].Note)
	require.Equal(t, want, string(text(t, c.State())))
	require.Len(t, want, c.size+len(stateHead(2)))

	// What was taken is the ceremony's own.
	note := k.commitNote("press")
	require.NoError(t, c.Commit(note, k.at(0)))
	clear(note)
	k.resumed(c)
}

func TestStateRefuses(t *testing.T) {
	k := newKit(t)
	good := string(text(t, k.announce().State()))
	notice := string(k.noticeNote)
	const begins = ", expected doublerandom/ceremony/v1 and 0 to 20199 records"
	for _, tt := range []struct {
		name, text, want string
	}{
		{"empty", "", `begins ""` + begins},
		{"header", replace(good, "ceremony/v1", "ceremony/v2"), `begins "doublerandom/ceremony/v2\nrecords 2\n"` + begins},
		{"no count", "doublerandom/ceremony/v1\n", `begins "doublerandom/ceremony/v1\n"` + begins},
		{"count", replace(good, "records 2", "records 02"), `begins "doublerandom/ceremony/v1\nrecords 02\n"` + begins},
		{"negative", replace(good, "records 2", "records -2"), `begins "doublerandom/ceremony/v1\nrecords -2\n"` + begins},
		{"many", replace(good, "records 2", "records 20200"), `begins "doublerandom/ceremony/v1\nrecords 20200\n"` + begins},
		{"endless", strings.Repeat("a", 1000), `begins "` + strings.Repeat("a", 80) + `"… (100 bytes)` + begins},
		{"one more", good + "\n", `has 1 bytes after the last of 2 records, expected the end`},
		{"one record more", replace(good, "records 2", "records 1"), fmt.Sprintf(`has %d bytes after the last of 1 records, expected the end`, recordSize(k.noticeNote))},
		{"one record less", replace(good, "records 2", "records 3"), `record 3 of 3: line "", expected such as record 2026-11-24T03:00:00Z 1234`},
		{"cut", good[:len(good)-1], fmt.Sprintf(`record 2 of 2: note of %d bytes, expected at most the %d that follow`, len(notice), len(notice)-1)},
		{"keyword", replace(good, "record 2026", "recorded 2026"), fmt.Sprintf(`record 1 of 2: line "recorded 2026-11-24T03:00:00Z %d\n", expected such as record 2026-11-24T03:00:00Z 1234`, len(k.seriesNote))},
		{"time", replace(good, "record 2026-11-24", "record 2026-11-31"), fmt.Sprintf(`record 1 of 2: line "record 2026-11-31T03:00:00Z %d\n", expected such as record 2026-11-24T03:00:00Z 1234`, len(k.seriesNote))},
		{"fraction", replace(good, "00Z", "00.5Z"), fmt.Sprintf(`record 1 of 2: line "record 2026-11-24T03:00:00.5Z %d\n", expected such as record 2026-11-24T03:00:00Z 1234`, len(k.seriesNote))},
		{"length", replace(good, "00Z "+fmt.Sprint(len(notice))+"\n", "00Z +"+fmt.Sprint(len(notice))+"\n"), fmt.Sprintf(`record 2 of 2: line "record 2026-11-24T03:00:00Z +%d\n", expected such as record 2026-11-24T03:00:00Z 1234`, len(notice))},
		{"nothing", "doublerandom/ceremony/v1\nrecords 1\nrecord 2026-11-24T03:00:00Z 0\n", `record 1 of 1: note of 0 bytes, expected 1 to 327680`},
		{"much", "doublerandom/ceremony/v1\nrecords 1\nrecord 2026-11-24T03:00:00Z 327681\n", `record 1 of 1: note of 327681 bytes, expected 1 to 327680`},
		{"too much", good + strings.Repeat("a", MaxState), fmt.Sprintf(`has %d bytes, expected at most %d`, len(good)+MaxState, MaxState)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s State
			require.NoError(t, s.UnmarshalText([]byte(good)))
			err := s.UnmarshalText([]byte(tt.text))
			require.EqualError(t, err, "ceremony: resume: state "+tt.want)
			require.Equal(t, Malformed, err.(*Error).Kind)
			require.Equal(t, good, string(text(t, &s)))
		})
	}
}

// TestResumeRefuses tampers with records: what no step would have taken is not
// resumed.
func TestResumeRefuses(t *testing.T) {
	k := newKit(t)
	c := k.sealed()
	records := c.State().Records()
	require.Len(t, records, 11) // series, notice, 3 commits, 3 reveals, close, pulse, sealed result
	swapped := func(i, j int) func([]Record) []Record {
		return func(r []Record) []Record { r[i].Note, r[j].Note = r[j].Note, r[i].Note; return r }
	}
	without := func(i int) func([]Record) []Record {
		return func(r []Record) []Record { return append(r[:i:i], r[i+1:]...) }
	}
	late := func(i int, at time.Time) func([]Record) []Record {
		return func(r []Record) []Record { r[i].At = at; return r }
	}
	for _, tt := range []struct {
		name   string
		change func([]Record) []Record
		kind   Kind
		want   string
	}{
		{"nothing", func([]Record) []Record { return nil }, Malformed, "ceremony: resume: state has 0 records, expected at least series and notice"},
		{"series only", func(r []Record) []Record { return r[:1] }, Malformed, "ceremony: resume: state has 1 records, expected at least series and notice"},
		{"two times", late(0, k.at(-1)), Malformed, "ceremony: resume: series and notice have the times 2026-11-24T02:00:00Z and 2026-11-24T03:00:00Z, expected the same"},
		{"swapped", swapped(0, 1), Malformed, "ceremony: resume: record 2 of 11 is refused: ceremony: announce: statement is notice, expected series"},
		{"notice twice", func(r []Record) []Record { return append(r, r[1]) }, Duplicate, "ceremony: resume: record 12 of 12 is refused: ceremony: announce: a second notice, expected one"},
		{"a commit dropped", without(3), WrongOrder, `ceremony: resume: record 6 of 10 is refused: ceremony: reveal of "council": has not committed, expected a commit by 2026-11-24T04:00:00Z`},
		{"a reveal dropped", without(6), Mismatch, "ceremony: resume: record 8 of 10 is refused: ceremony: close: says "},
		{"the close dropped", without(8), WrongOrder, "ceremony: resume: record 9 of 10 is refused: ceremony: pulse: the draw is revealed, expected closed"},
		{"the pulse dropped", without(9), WrongOrder, "ceremony: resume: record 10 of 10 is refused: ceremony: seal: the draw is closed, expected pulsed"},
		{"close before a reveal", swapped(7, 8), TooEarly, "ceremony: resume: record 8 of 11 is refused: ceremony: close: arrived 2026-11-24T04:03:00Z"},
		{"a late commit", late(4, k.at(1).Add(time.Second)), TooLate, `ceremony: resume: record 5 of 11 is refused: ceremony: commit of "press": arrived 2026-11-24T04:00:01Z`},
		{"a forged commit", func(r []Record) []Record {
			r[4].Note = k.sign("council", k.contribution("press").Commit(k.in.Suite))
			return r
		}, BadSignature,
			`ceremony: resume: record 5 of 11 is refused: ceremony: commit of "press": not signed by`},
		{"an edited commit", func(r []Record) []Record {
			r[4].Note = bytes.Replace(r[4].Note, []byte("\ncommitment "), []byte("\ncommitment 0"), 1)
			return r
		}, Malformed,
			`ceremony: resume: record 5 of 11 is refused: ceremony: commit: commit is malformed`},
		{"no note", func(r []Record) []Record { r[4].Note = []byte("hello"); return r }, Malformed, `ceremony: resume: record 5 of 11 is refused: ceremony: resume: statement begins "hello", expected one of a ceremony`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			again, err := Resume(k.in, &State{tt.change(c.State().Records())})
			require.Nil(t, again)
			require.ErrorContains(t, err, tt.want)
			require.Equal(t, tt.kind, err.(*Error).Kind, "kind %s", err.(*Error).Kind)
		})
	}
	_, err := Resume(k.in, &State{records})
	require.NoError(t, err)

	// Another beacon, or none, does not confirm the pulse.
	other := k.in
	other.Beacon = nil
	_, err = Resume(other, &State{records})
	require.EqualError(t, err, `ceremony: resume: record 2 of 11 is refused: ceremony: announce: no beacon given, expected "lottery"`)
}

// TestStateHoldsNoSecrets looks in the state of a sealed draw for what must not be
// known yet.
func TestStateHoldsNoSecrets(t *testing.T) {
	k := newKit(t)
	holds := func(c *Ceremony, b [32]byte) bool {
		s := text(t, c.State())
		return bytes.Contains(s, b[:]) || bytes.Contains(s, []byte(hex.EncodeToString(b[:])))
	}
	c := k.announce()
	k.commitAll(c)
	for _, p := range k.notice.Contributors {
		v, n := k.contribution(p.Name).Export()
		require.False(t, holds(c, v))
		require.False(t, holds(c, n))
	}
	c = k.sealed()
	require.False(t, holds(c, k.secret.Export()))
	seed, err := c.Seed(k.secret)
	require.NoError(t, err)
	require.False(t, holds(c, seed))
	require.NoError(t, c.Open(k.openingNote(c, k.at(20)), k.at(20)))
	require.True(t, holds(c, k.secret.Export()), "the test would see it")
}

func TestWords(t *testing.T) {
	var stages, kinds, breaks []string
	for i := range 15 {
		stages, kinds, breaks = append(stages, Stage(i).String()), append(kinds, Kind(i).String()), append(breaks, Break(i).String())
	}
	require.Equal(t, "stage(0) announced revealed closed pulsed sealed opened void stage(8)", strings.Join(stages[:9], " "))
	require.Equal(t, "kind(0), malformed, bad signature, wrong order, too early, too late, duplicate, stranger, other draw, mismatch, false reveal, bad beacon, must void, too much, kind(14)", strings.Join(kinds, ", "))
	require.Equal(t, "break(0) series number link time state silence deadline redraw break(9)", strings.Join(breaks[:10], " "))
	require.Equal(t, `"a", "b", "c", …`, names([]string{"a", "b", "c", "d"}))
	require.Equal(t, statement.AfterSealed.String(), Sealed.String())
}
