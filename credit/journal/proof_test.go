package journal

import (
	"crypto/sha512"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestProofsAllLengths proves each record against each head, and each head against
// each later one, through their texts.
func TestProofsAllLengths(t *testing.T) {
	const n = 24
	records := numberedRecords(n)
	for _, s := range []Suite{sha(), sha512256()} {
		j, _ := build(t, s, records...)
		for size := range uint64(n + 1) {
			head, err := j.HeadAt(size)
			require.NoError(t, err)
			for i := range size {
				p, err := j.Prove(i, size)
				require.NoError(t, err)
				var again Proof
				roundTrip(t, p, &again)
				require.Equal(t, p, again)
				require.NoError(t, CheckRecord(s, head, []byte(records[i]), again))
			}
			for from := range size + 1 {
				older, err := j.HeadAt(from)
				require.NoError(t, err)
				p, err := j.ProveConsistency(from, size)
				require.NoError(t, err)
				var again ConsistencyProof
				roundTrip(t, p, &again)
				require.Equal(t, p, again)
				require.NoError(t, CheckConsistency(s, older, head, again))
			}
		}
	}
}

type marshaler interface{ MarshalText() ([]byte, error) }
type unmarshaler interface{ UnmarshalText([]byte) error }

func roundTrip(t *testing.T, from marshaler, to unmarshaler) {
	t.Helper()
	text, err := from.MarshalText()
	require.NoError(t, err)
	require.NoError(t, to.UnmarshalText(text))
}

func TestProveErrors(t *testing.T) {
	j, _ := build(t, sha(), numberedRecords(5)...)
	for _, tt := range []struct {
		i, size uint64
		want    string
	}{
		{5, 5, "journal: proof of record 5 in 5, the journal has 5"},
		{0, 0, "journal: proof of record 0 in 0, the journal has 5"},
		{0, 6, "journal: proof of record 0 in 6, the journal has 5"},
		{1<<64 - 1, 1<<64 - 1, "journal: proof of record 18446744073709551615 in 18446744073709551615, the journal has 5"},
	} {
		_, err := j.Prove(tt.i, tt.size)
		require.EqualError(t, err, tt.want)
	}
	_, err := j.ProveConsistency(3, 2)
	require.EqualError(t, err, "journal: proof from 3 to 2 records, the journal has 5")
	_, err = j.ProveConsistency(3, 6)
	require.EqualError(t, err, "journal: proof from 3 to 6 records, the journal has 5")
}

// TestCheckRecordErrors changes each part of a right proof.
func TestCheckRecordErrors(t *testing.T) {
	records := numberedRecords(5)
	j, _ := build(t, sha(), records...)
	leads := func(n int) string { return fmt.Sprintf("journal: record %d of 5: proof leads to root ", n) }
	for _, tt := range []struct {
		name   string
		change func(s *Suite, h *Head, record *string, p *Proof)
		want   string // beginning
	}{
		{"record", func(_ *Suite, _ *Head, r *string, _ *Proof) { *r = records[1] }, leads(2)},
		{"record with a space", func(_ *Suite, _ *Head, r *string, _ *Proof) { *r = strings.Replace(*r, ":", ": ", 1) }, leads(2)},
		{"no record", func(_ *Suite, _ *Head, r *string, _ *Proof) { *r = "V4" }, "journal: record 2 of 5: is not an object in JSON from brace to brace"},
		{"index", func(_ *Suite, _ *Head, _ *string, p *Proof) { p.Index = 3 }, leads(3)},
		{"index outside", func(_ *Suite, _ *Head, _ *string, p *Proof) { p.Index = 5 }, "journal: record 5 of 5: leaf 5 is not in a tree of 5 leaves"},
		{"previous", func(_ *Suite, _ *Head, _ *string, p *Proof) { p.Previous[0] ^= 1 }, leads(2)},
		{"path", func(_ *Suite, _ *Head, _ *string, p *Proof) { p.Path[1][0] ^= 1 }, leads(2)},
		{"shorter", func(_ *Suite, _ *Head, _ *string, p *Proof) { p.Path = p.Path[1:] }, "journal: record 2 of 5: proof has 2 hashes, too few for leaf 2 of 5"},
		{"size", func(_ *Suite, _ *Head, _ *string, p *Proof) { p.Size = 4 }, "journal: record 2 of 5: the proof is for a head of 4 records"},
		{"root", func(_ *Suite, h *Head, _ *string, _ *Proof) { h.Root[0] ^= 1 }, leads(2)},
		{"suite's name", func(s *Suite, _ *Head, _ *string, _ *Proof) { s.Name = "sm3" }, `journal: head of 5 records: the suite is "sha256", expected "sm3"`},
		{"suite's function", func(s *Suite, _ *Head, _ *string, _ *Proof) { s.New = sha512.New512_256 }, leads(2)},
		{"suite without function", func(s *Suite, _ *Head, _ *string, _ *Proof) { s.New = nil }, `journal: suite "sha256": hash function is nil`},
		{"no head", func(_ *Suite, h *Head, _ *string, _ *Proof) { *h = Head{} }, `journal: head: origin is empty`},
	} {
		head := j.Head()
		p, err := j.Prove(2, 5)
		require.NoError(t, err)
		s, record := sha(), records[2]
		require.NoError(t, CheckRecord(s, head, []byte(record), p), tt.name)
		tt.change(&s, &head, &record, &p)
		err = CheckRecord(s, head, []byte(record), p)
		require.ErrorContains(t, err, tt.want, tt.name)
		require.True(t, strings.HasPrefix(err.Error(), tt.want), tt.name)
	}
	p, err := j.Prove(4, 5)
	require.NoError(t, err)
	head := j.Head()
	head.Last[0] ^= 1
	require.EqualError(t, CheckRecord(sha(), head, []byte(records[4]), p),
		fmt.Sprintf("journal: record 4 of 5: it has the hash %x, expected %x, the last of the head", j.Head().Last, head.Last))
}

// TestCheckConsistencyErrors changes each part of a right proof.
func TestCheckConsistencyErrors(t *testing.T) {
	j, _ := build(t, sha(), numberedRecords(7)...)
	for _, tt := range []struct {
		name   string
		change func(older, newer *Head, p *ConsistencyProof)
		want   string // beginning
	}{
		{"older root", func(o, _ *Head, _ *ConsistencyProof) { o.Root[0] ^= 1 }, "journal: heads of 3 and 7 records: proof leads to root "},
		{"newer root", func(_, n *Head, _ *ConsistencyProof) { n.Root[0] ^= 1 }, "journal: heads of 3 and 7 records: proof leads to root "},
		{"path", func(_, _ *Head, p *ConsistencyProof) { p.Path[0][0] ^= 1 }, "journal: heads of 3 and 7 records: proof leads to root "},
		{"longer", func(_, _ *Head, p *ConsistencyProof) { p.Path = append(p.Path, Hash{}) },
			"journal: heads of 3 and 7 records: proof has 5 hashes, too many for 3 of 7 leaves"},
		{"from", func(_, _ *Head, p *ConsistencyProof) { p.From = 2 }, "journal: heads of 3 and 7 records: the proof is from 2 to 7"},
		{"to", func(_, _ *Head, p *ConsistencyProof) { p.To = 8 }, "journal: heads of 3 and 7 records: the proof is from 3 to 8"},
		{"origin", func(o, _ *Head, _ *ConsistencyProof) { o.Origin = "a" }, `journal: heads of 3 and 7 records: the origins are "a" and "inspections.example/2026"`},
		{"older suite", func(o, _ *Head, _ *ConsistencyProof) { o.Suite = "sm3" }, `journal: head of 3 records: the suite is "sm3", expected "sha256"`},
		{"newer suite", func(_, n *Head, _ *ConsistencyProof) { n.Suite = "sm3" }, `journal: head of 7 records: the suite is "sm3", expected "sha256"`},
		{"swapped", func(o, n *Head, p *ConsistencyProof) { *o, *n, p.From, p.To = *n, *o, p.To, p.From },
			"journal: heads of 7 and 3 records: 7 leaves are not the beginning of 3"},
		{"two heads of one size", func(o, n *Head, p *ConsistencyProof) { *o = *n; o.Last[0] ^= 1; p.From, p.Path = 7, nil },
			"journal: heads of 7 and 7 records: the last hashes are "},
	} {
		older, err := j.HeadAt(3)
		require.NoError(t, err)
		newer := j.Head()
		p, err := j.ProveConsistency(3, 7)
		require.NoError(t, err)
		tt.change(&older, &newer, &p)
		err = CheckConsistency(sha(), older, newer, p)
		require.Error(t, err, tt.name)
		require.True(t, strings.HasPrefix(err.Error(), tt.want), "%s: %v", tt.name, err)
	}
}

// TestRewrittenJournalHasNoProof checks that what another journal proves does not
// fit the head that was published.
func TestRewrittenJournalHasNoProof(t *testing.T) {
	records := numberedRecords(20)
	j, _ := build(t, sha(), records...)
	for k := range 10 {
		other := slices.Clone(records)
		other[k] = `{"other":1}`
		bad, _ := build(t, sha(), other...)
		older, err := j.HeadAt(10)
		require.NoError(t, err)
		p, err := bad.ProveConsistency(10, 20)
		require.NoError(t, err)
		require.Error(t, CheckConsistency(sha(), older, bad.Head(), p))
	}
}

func TestTextErrors(t *testing.T) {
	hex := strings.Repeat("0a", 32)
	head := "doublerandom/journal-head/v1\norigin a\nsuite sha256\nsize 3\nroot " + hex + "\nlast " + hex + "\n"
	proof := "doublerandom/journal-proof/v1\nindex 1\nsize 3\nprevious " + hex + "\npath " + hex + "\n"
	consistency := "doublerandom/journal-consistency/v1\nfrom 1\nto 3\npath " + hex + "\n"
	path := func(n int) string { return strings.Repeat("path "+hex+"\n", n) }
	for _, tt := range []struct{ text, want string }{
		{"", `journal: head line 1: "" does not end with a newline`},
		{proof, `journal: head line 1: "doublerandom/journal-proof/v1", expected "doublerandom/journal-head/v1"`},
		{head[:len(head)-1], `journal: head line 6: "last ` + hex + `" does not end with a newline`},
		{head + "\n", `journal: head line 7: "\n" follows the last line`},
		{head + "x", `journal: head line 7: "x" follows the last line`},
		{strings.Replace(head, "\n", "\r\n", 1), `journal: head line 1: "doublerandom/journal-head/v1\r", expected "doublerandom/journal-head/v1"`},
		{strings.Replace(head, "origin a", "origin a b", 1), `journal: head line 2: origin "a b" has the space U+0020 at byte 2`},
		{strings.Replace(head, "origin a", "origin ", 1), `journal: head line 2: origin is empty`},
		{strings.Replace(head, "origin a", "origin", 1), `journal: head line 2: "origin", expected "origin …"`},
		{strings.Replace(head, "suite", "Suite", 1), `journal: head line 3: "Suite sha256", expected "suite …"`},
		{strings.Replace(head, "size 3", "size 03", 1), `journal: head line 4: size "03", expected a whole number up to 9007199254740992`},
		{strings.Replace(head, "size 3", "size 9007199254740993", 1), `journal: head line 4: size "9007199254740993", expected a whole number up to 9007199254740992`},
		{strings.Replace(head, "size 3", "size -1", 1), `journal: head line 4: size "-1", expected a whole number up to 9007199254740992`},
		{strings.Replace(head, "0a", "0A", 1), `journal: head line 5: root "` + strings.Replace(hex, "0a", "0A", 1) + `", expected 64 digits of lower-case hexadecimal`},
		{strings.Replace(head, "0a", "0g", 1), `journal: head line 5: root "` + strings.Replace(hex, "0a", "0g", 1) + `", expected 64 digits of lower-case hexadecimal`},
		{strings.Replace(head, "0a", "", 1), `journal: head line 5: root "` + strings.Replace(hex, "0a", "", 1) + `", expected 64 digits of lower-case hexadecimal`},
		{strings.Repeat("x", 8193), `journal: head has 8193 bytes, expected at most 8192`},
	} {
		h := Head{Origin: "before"}
		require.EqualError(t, h.UnmarshalText([]byte(tt.text)), tt.want)
		require.Equal(t, Head{Origin: "before"}, h)
	}
	for _, tt := range []struct{ text, want string }{
		{strings.Replace(proof, "index 1", "index 3", 1), `journal: proof: record 3 of 3, expected one below a size of at most 2^53`},
		{proof + path(64), `journal: proof: has 65 hashes, expected at most 64`},
		{proof + "path x\n", `journal: proof line 6: path "x", expected 64 digits of lower-case hexadecimal`},
		{proof + "Path " + hex + "\n", `journal: proof line 6: "Path ` + hex + `", expected "path …"`},
		{proof + path(1)[:20], `journal: proof line 6: "path 0a0a0a0a0a0a0a0" does not end with a newline`},
		{proof + path(200), `journal: proof has 14189 bytes, expected at most 8192`},
	} {
		p := Proof{Index: 7}
		require.EqualError(t, p.UnmarshalText([]byte(tt.text)), tt.want)
		require.Equal(t, Proof{Index: 7}, p)
	}
	for _, tt := range []struct{ text, want string }{
		{strings.Replace(consistency, "from 1", "from 4", 1), `journal: consistency proof: from 4 to 3 records, expected no less and at most 2^53`},
		{consistency + path(64), `journal: consistency proof: has 65 hashes, expected at most 64`},
		{consistency + "\n", `journal: consistency proof line 5: "", expected "path …"`},
	} {
		p := ConsistencyProof{From: 7}
		require.EqualError(t, p.UnmarshalText([]byte(tt.text)), tt.want)
		require.Equal(t, ConsistencyProof{From: 7}, p)
	}
	for _, tt := range []struct {
		value marshaler
		want  string
	}{
		{Head{}, "journal: head: origin is empty"},
		{Head{Origin: "a", Suite: " "}, `journal: head: suite " " has the space U+0020 at byte 1`},
		{Head{Origin: "a", Suite: "b", Size: 1<<53 + 1}, "journal: head: size 9007199254740993 exceeds 2^53"},
		{Proof{}, "journal: proof: record 0 of 0, expected one below a size of at most 2^53"},
		{Proof{Size: 1<<53 + 1}, "journal: proof: record 0 of 9007199254740993, expected one below a size of at most 2^53"},
		{ConsistencyProof{From: 1}, "journal: consistency proof: from 1 to 0 records, expected no less and at most 2^53"},
		{ConsistencyProof{Path: make([]Hash, 65)}, "journal: consistency proof: has 65 hashes, expected at most 64"},
	} {
		_, err := tt.value.MarshalText()
		require.EqualError(t, err, tt.want)
	}
	var h Head
	require.NoError(t, h.UnmarshalText([]byte(head)), "the text that was changed above is right")
	require.NoError(t, new(Proof).UnmarshalText([]byte(proof)))
	require.NoError(t, new(ConsistencyProof).UnmarshalText([]byte(consistency)))
}
