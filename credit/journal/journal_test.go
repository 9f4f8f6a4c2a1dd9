package journal

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const origin = "inspections.example/2026"

func sha512256() Suite { return Suite{"sha512/256", sha512.New512_256} }

// sum returns the hash of s in hexadecimal.
func sum(newHash func() hash.Hash, s string) string {
	h := newHash()
	io.WriteString(h, s)
	return fmt.Sprintf("%x", h.Sum(nil))
}

// slowRoot is the Merkle tree hash as RFC 6962, section 2.1, states it.
func slowRoot(newHash func() hash.Hash, leaves []Hash) Hash {
	h := newHash()
	switch n := len(leaves); n {
	case 0:
	case 1:
		h.Write([]byte{0})
		h.Write(leaves[0][:])
	default:
		k := 1
		for k*2 < n {
			k *= 2
		}
		left, right := slowRoot(newHash, leaves[:k]), slowRoot(newHash, leaves[k:])
		h.Write([]byte{1})
		h.Write(left[:])
		h.Write(right[:])
	}
	return Hash(h.Sum(nil))
}

// slowFile is the file, and slowHashes the hashes of its lines, as the package
// comment states them.
func slowFile(s Suite, origin string, records ...string) (file string, hashes []Hash) {
	line := fmt.Sprintf(`{"format":"doublerandom/journal/v1","suite":"%s","origin":"%s"}`, s.Name, origin)
	previous := sum(s.New, line)
	file = line + "\n"
	for i, r := range records {
		line := fmt.Sprintf(`{"index":%d,"previous":"%s","record":%s`, i, previous, r)
		previous = sum(s.New, line)
		file += line + `,"hash":"` + previous + `"}` + "\n"
		h, _ := parseHash([]byte(previous))
		hashes = append(hashes, h)
	}
	return file, hashes
}

func numberedRecords(n int) (records []string) {
	for i := range n {
		records = append(records, fmt.Sprintf(`{"visit":"V%d"}`, i*i))
	}
	return records
}

// build returns a journal with the records, and its file.
func build(t testing.TB, s Suite, records ...string) (*Journal, string) {
	t.Helper()
	var file bytes.Buffer
	j, err := New(&file, s, origin)
	require.NoError(t, err)
	for i, r := range records {
		e, err := j.Append(&file, []byte(r))
		require.NoError(t, err)
		require.Equal(t, uint64(i), e.Index)
		require.Equal(t, r, string(e.Record))
	}
	return j, file.String()
}

// TestAllLengths compares files, entries and heads with the reference, for every
// number of records over two blocks of the tree; each file is read again, and
// goes on as the journal that was written.
func TestAllLengths(t *testing.T) {
	for _, s := range []Suite{sha(), sha512256()} {
		records := numberedRecords(140)
		want, hashes := slowFile(s, origin, records...)
		j, file := build(t, s, records...)
		require.Equal(t, want, file)
		lines := strings.SplitAfter(file, "\n")
		var first Hash
		h := s.New()
		io.WriteString(h, strings.TrimSuffix(lines[0], "\n"))
		copy(first[:], h.Sum(nil))
		for n := range len(records) + 1 {
			head, err := j.HeadAt(uint64(n))
			require.NoError(t, err)
			last := first
			if n > 0 {
				last = hashes[n-1]
			}
			require.Equal(t, Head{origin, s.Name, uint64(n), slowRoot(s.New, hashes[:n]), last}, head)
			if n%7 != 0 && n > 10 {
				continue
			}
			again, err := Read(strings.NewReader(strings.Join(lines[:n+1], "")), origin, sha512256(), sha())
			require.NoError(t, err)
			require.Equal(t, head, again.Head())
			require.Equal(t, s.Name, again.Suite().Name)
			require.Equal(t, origin, again.Origin())
			var rest bytes.Buffer
			for _, r := range records[n:] {
				_, err := again.Append(&rest, []byte(r))
				require.NoError(t, err)
			}
			require.Equal(t, strings.Join(lines[n+1:], ""), rest.String())
			require.Equal(t, j.Head(), again.Head())
		}
	}
}

// TestGoldenFile pins a file, its head and proofs, so that no version may write another.
func TestGoldenFile(t *testing.T) {
	j, file := build(t, sha(), `{"visit":"V1"}`, `{ "名": ["é", -0.5e+7, null] }`)
	require.Equal(t, goldenFile, file)
	text, err := j.Head().MarshalText()
	require.NoError(t, err)
	require.Equal(t, goldenHead, string(text))
	proof, err := j.Prove(1, 2)
	require.NoError(t, err)
	text, err = proof.MarshalText()
	require.NoError(t, err)
	require.Equal(t, goldenProof, string(text))
	consistency, err := j.ProveConsistency(1, 2)
	require.NoError(t, err)
	text, err = consistency.MarshalText()
	require.NoError(t, err)
	require.Equal(t, goldenConsistency, string(text))
}

func TestEntries(t *testing.T) {
	records := numberedRecords(5)
	j, file := build(t, sha(), records...)
	_, hashes := slowFile(sha(), origin, records...)
	var seen []Entry
	_, err := ReadRecords(strings.NewReader(file), origin, func(e Entry) error {
		e.Record = bytes.Clone(e.Record)
		seen = append(seen, e)
		return nil
	}, sha())
	require.NoError(t, err)
	require.Len(t, seen, 5)
	for i, e := range seen {
		previous := j.first
		if i > 0 {
			previous = hashes[i-1]
		}
		require.Equal(t, Entry{uint64(i), previous, []byte(records[i]), hashes[i]}, e)
		h, err := j.Hash(uint64(i))
		require.NoError(t, err)
		require.Equal(t, hashes[i], h)
	}
	_, err = j.Hash(5)
	require.EqualError(t, err, "journal: record 5 is not in a journal of 5")
	_, err = j.HeadAt(6)
	require.EqualError(t, err, "journal: head of 6 records, the journal has 5")

	stop := errors.New("enough")
	_, err = ReadRecords(strings.NewReader(file), origin, func(e Entry) error {
		if e.Index == 2 {
			return stop
		}
		return nil
	}, sha())
	require.EqualError(t, err, "journal: line 4: enough")
	require.ErrorIs(t, err, stop)
}

func TestNewErrors(t *testing.T) {
	for _, tt := range []struct {
		name, origin string
		suite        Suite
		want         string
	}{
		{"origin", "a b", sha(), `journal: origin "a b" has the space U+0020 at byte 2`},
		{"no origin", "", sha(), `journal: origin is empty`},
		{"suite", origin, Suite{"", sha256.New}, `journal: suite name is empty`},
		{"no hash", origin, Suite{Name: "sha256"}, `journal: suite "sha256": hash function is nil`},
		{"long hash", origin, Suite{"sha512", sha512.New}, `journal: suite "sha512": hash has 64 bytes, expected 32`},
	} {
		_, err := New(io.Discard, tt.suite, tt.origin)
		require.EqualError(t, err, tt.want, tt.name)
		_, err = Read(strings.NewReader(""), tt.origin, tt.suite)
		require.EqualError(t, err, tt.want, tt.name)
	}
	_, err := Read(strings.NewReader(""), origin)
	require.EqualError(t, err, "journal: no suite is accepted, expected at least one")
	_, err = New(&brokenWriter{}, sha(), origin)
	require.EqualError(t, err, "journal: writing the header: disk is full")
}

// TestQuotedOrigin checks a header that needs escapes.
func TestQuotedOrigin(t *testing.T) {
	const odd = `a"b\c<é>`
	var file bytes.Buffer
	j, err := New(&file, sha(), odd)
	require.NoError(t, err)
	require.Equal(t, `{"format":"doublerandom/journal/v1","suite":"sha256","origin":"a\"b\\c<é>"}`+"\n", file.String())
	again, err := Read(bytes.NewReader(file.Bytes()), odd, sha())
	require.NoError(t, err)
	require.Equal(t, j.Head(), again.Head())
	_, err = Read(bytes.NewReader(file.Bytes()), origin, sha())
	require.EqualError(t, err, `journal: line 1: foreign: the origin is "a\"b\\c<é>", expected "inspections.example/2026"`)
}

// A brokenWriter takes some bytes and then fails, or is silently short.
type brokenWriter struct {
	room  int
	short bool
}

func (w *brokenWriter) Write(p []byte) (int, error) {
	n := min(len(p), w.room)
	w.room -= n
	if n < len(p) && !w.short {
		return n, errors.New("disk is full")
	}
	return n, nil
}

func TestAppendErrors(t *testing.T) {
	j, _ := build(t, sha(), `{}`)
	head := j.Head()
	_, err := j.Append(io.Discard, []byte("{\n}"))
	require.EqualError(t, err, "journal: record 1: has the control character U+000A at byte 2")
	require.Equal(t, head, j.Head())
	_, err = j.Append(io.Discard, bytes.Repeat([]byte("x"), MaxRecord+1))
	require.EqualError(t, err, "journal: record 1: has 1048577 bytes, expected at most 1048576")

	for _, short := range []bool{false, true} {
		j, _ := build(t, sha(), `{}`)
		_, err = j.Append(&brokenWriter{20, short}, []byte(`{"a":1}`))
		want := "disk is full"
		if short {
			want = "short write"
		}
		require.EqualError(t, err, "journal: writing record 1: "+want)
		require.Equal(t, head, j.Head(), "the record is not in the journal")
		_, err = j.Append(io.Discard, []byte(`{"a":1}`))
		require.EqualError(t, err, "journal: record 1: an earlier write failed: "+want)
	}
}

// TestGreatestRecord writes and reads a record of the greatest length.
func TestGreatestRecord(t *testing.T) {
	record := `{"x":"` + strings.Repeat("x", MaxRecord-len(`{"x":""}`)) + `"}`
	j, file := build(t, sha(), `{}`, record, `{}`)
	again, err := Read(oneByte{strings.NewReader(file)}, origin, sha())
	require.NoError(t, err)
	require.Equal(t, j.Head(), again.Head())
}

// oneByte gives one byte at a time.
type oneByte struct{ r io.Reader }

func (r oneByte) Read(p []byte) (int, error) { return r.r.Read(p[:min(len(p), 1)]) }
