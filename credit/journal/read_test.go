package journal

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// TestFaultTexts has each text once.
func TestFaultTexts(t *testing.T) {
	lines, _ := tampered(t, 5)
	h, r0, r1, r2, r3, r4 := lines[0], lines[1], lines[2], lines[3], lines[4], lines[5]
	_, hashes := slowFile(sha(), origin, numberedRecords(5)...)
	text, _, _ := strings.Cut(r1, `,"hash":`)
	wrong := sum(sha().New, strings.Replace(text, "V1", "V2", 1))
	w1 := rewritten(r1, "V1", "V2")
	other := func(from, to string, n int) string {
		records := numberedRecords(6)
		records[0] = strings.Replace(records[0], from, to, 1)
		_, file := build(t, sha(), records...)
		return strings.SplitAfter(file, "\n")[n]
	}
	o1, o2, o3, o5 := other("V", "O", 2), other("V", "O", 3), other("V", "O", 4), other("V", "O", 6)
	another, _ := slowFile(sha(), "inspections.example/2025", numberedRecords(2)...)
	p0, p1 := strings.SplitAfter(another, "\n")[1], strings.SplitAfter(another, "\n")[2]
	long := `{"index":1,` + strings.Repeat("x", maxLine)
	for _, tt := range []struct {
		name, file, want string
	}{
		{"empty", "", "line 1: truncated: the file is empty, expected a header"},
		{"cut header", h[:20], "line 1: truncated: the file ends without a newline"},
		{"cut record", h + r0 + r1[:20], "line 3: truncated: the file ends without a newline"},
		{"long header", long + "\n", "line 1: malformed: is longer than 1048764 bytes"},
		{"long", h + r0 + long + "\n" + r1, "line 3: malformed: is longer than 1048764 bytes"},
		{"long end", h + r0 + long, "line 3: malformed: is longer than 1048764 bytes"},
		{"other origin", strings.Replace(h, "2026", "2025", 1) + r0,
			`line 1: foreign: the origin is "inspections.example/2025", expected "inspections.example/2026"`},
		{"other suite", strings.Replace(h, "sha256", "md5", 1) + r0, `line 1: foreign: suite "md5" is none of those accepted: sha256`},
		{"spelled otherwise", strings.Replace(h, ":", ": ", 1), `line 1: malformed: "{\"format\": \"doublerandom/journal/v1\",\"suite\":\"sha256\",\"origin\":\"inspections.exam"… (90 bytes) is not a header`},
		{"other version", strings.Replace(h, "v1", "v2", 1), `line 1: malformed: "{\"format\":\"doublerandom/journal/v2\",\"suite\":\"sha256\",\"origin\":\"inspections.examp"… (89 bytes) is not a header`},
		{"byte order mark", "\ufeff" + h, `line 1: malformed: "\ufeff{\"format\":\"doublerandom/journal/v1\",\"suite\":\"sha256\",\"origin\":\"inspections.ex"… (92 bytes) is not a header`},
		{"no header", r0 + r1, "line 1: removed: the header is not in the file, record 0 stands here"},
		{"header later", r0 + h + r1 + h, "line 1: reordered: the header stands on line 2, record 0 here"},
		{"record before header", r1 + h + r0 + r1, "line 1: repeated: record 1 stands here and on line 4, the header on line 2"},
		{"record before header, twice more", r1 + h + r0 + r1 + r1, "line 1: repeated: record 1 stands here and on line 4, the header on line 2"},
		{"header again", h + r0 + h + r1, "line 3: repeated: the header stands on line 1 already"},
		{"carriage return", h + r0 + strings.TrimSuffix(r1, "\n") + "\r\n", "line 3: malformed: ends with a carriage return, expected a newline alone"},
		{"blank", h + r0 + "\n" + r1, `line 3: malformed: "" is not a line {"index":…,"previous":"…","record":{…},"hash":"…"}`},
		{"changed", h + r0 + strings.Replace(r1, "V1", "V2", 1) + r2,
			fmt.Sprintf("line 3: changed: its text has the hash %s, the line says %x", wrong, hashes[1])},
		{"changed hash", h + r0 + strings.Replace(r1, fmt.Sprintf("%x", hashes[1]), wrong, 1),
			fmt.Sprintf("line 3: changed: its text has the hash %x, the line says %s", hashes[1], wrong)},
		{"no object", h + r0 + rewritten(r1, `{"visit":"V1"}`, `"V1"`), "line 3: malformed: the record is not an object in JSON from brace to brace"},
		{"no JSON", h + r0 + rewritten(r1, `{"visit":"V1"}`, `{V1}`), "line 3: malformed: the record is not JSON at byte 2, 'V'"},
		{"removed", h + r0 + r2 + r3, "line 3: removed: record 1 is not in the file, record 2 stands here"},
		{"removed, and another of its number later", h + r0 + r2 + o1 + r3, "line 3: removed: record 1 is not in the file, record 2 stands here"},
		{"reordered", h + r0 + r2 + r1 + r3, "line 3: reordered: record 1 stands on line 4, record 2 here"},
		{"repeated", h + r0 + r1 + r0 + r2, "line 4: repeated: record 0 stands on line 2 already"},
		{"repeated later one", h + r0 + r2 + r1 + r2, "line 3: repeated: record 2 stands here and on line 5, record 1 on line 4"},
		{"inserted", h + r0 + o1 + r1 + r2, "line 3: inserted: another record 1 stands on line 4, and follows the line before"},
		{"inserted earlier one", h + r0 + r1 + r2 + o1 + r3, "line 5: inserted: another record 1 stands on line 3"},
		{"inserted later one", h + r0 + o3 + r1 + r2 + r3, "line 3: inserted: another record 3 stands on line 6, record 1 on line 4"},
		{"inserted last one", h + r0 + o5 + r1 + r2 + r3 + r4, "line 3: inserted: record 5 follows one that is not in the file, and record 1 stands on line 4"},
		{"other version goes on", h + r0 + r1 + o1 + o2, "line 4: inserted: another record 1 stands on line 3"},
		{"other header", h + p0 + p1, fmt.Sprintf("line 1: changed: it has the hash %s, but record 0 was written after %s", previousOf(r0), previousOf(p0))},
		{"two writers, the second goes on", h + r0 + w1 + r1 + r2, "line 3: inserted: another record 1 stands on line 4, and the next record follows that one"},
		{"two writers, the first goes on", h + r0 + r1 + w1 + r2, "line 4: inserted: another record 1 stands on line 3"},
		{"computed anew", h + r0 + w1 + r2 + r3, fmt.Sprintf("line 3: changed: it has the hash %s, but record 2 was written after %x", wrong, hashes[1])},
		{"computed anew before the last", h + r0 + w1 + r2,
			fmt.Sprintf("line 3: changed: it has the hash %s, but record 2, the last, was written after %x, if that is as it was", wrong, hashes[1])},
		{"other record", h + r0 + o1 + r2, fmt.Sprintf("line 3: changed: record 1 follows %s, expected %x", previousOf(o1), hashes[0])},
	} {
		_, err := Read(strings.NewReader(tt.file), origin, sha())
		require.EqualError(t, err, "journal: "+tt.want, tt.name)
		var line *LineError
		require.ErrorAs(t, err, &line)
		require.Equal(t, uint64(max(line.Line-2, 0)), line.Index)
	}
}

func previousOf(line string) string {
	e, _ := parseLine([]byte(strings.TrimSuffix(line, "\n")))
	return fmt.Sprintf("%x", e.Previous)
}

// TestLineSpellings checks that a line has one spelling, whatever its hash.
func TestLineSpellings(t *testing.T) {
	lines, _ := tampered(t, 2)
	for _, tt := range [][2]string{
		{`"index":1`, `"index":01`}, {`"index":1`, `"index":+1`}, {`"index":1`, `"index":1.0`}, {`"index":1`, `"index":"1"`},
		{`"index":1`, `"index": 1`}, {`"index":1`, `"index":`}, {`"index":1`, `"index":-1`},
		{`"index":1`, `"index":9007199254740992`}, {`"index":1`, `"index":18446744073709551617`},
		{`{"index"`, ` {"index"`}, {`"index":1,`, ``}, {`"previous"`, `"Previous"`}, {`"record"`, `"x":1,"record"`},
		{`,"record"`, `, "record"`}, {`,"record":{"visit":"V1"}`, ``},
	} {
		err := readFault(t, lines[0]+lines[1]+rewritten(lines[2], tt[0], tt[1]))
		require.Equal(t, Malformed, err.Fault, "%v: %v", tt, err)
		require.Equal(t, int64(3), err.Line)
	}
	upper := strings.Replace(lines[2], previousOf(lines[2]), strings.ToUpper(previousOf(lines[2])), 1)
	require.Equal(t, Malformed, readFault(t, lines[0]+lines[1]+rewritten(upper, "", "")).Fault)
	at := strings.Index(lines[2], `"hash":"`) + 8
	require.Equal(t, Malformed, readFault(t, lines[0]+lines[1]+lines[2][:at]+strings.ToUpper(lines[2][at:])+"\n").Fault)
}

// TestReadErrors checks the errors of the reader itself, in the header, in a record and
// while the lines after a faulty one are read.
func TestReadErrors(t *testing.T) {
	lines, _ := tampered(t, 5)
	broken := errors.New("broken")
	for _, tt := range []struct{ file, want string }{
		{"", "journal: line 1: broken"},
		{lines[0] + lines[1] + lines[2][:20], "journal: line 3: broken"},
		{lines[0] + lines[2] + lines[3], "journal: line 4: broken"},
		{lines[1] + lines[2], "journal: line 3: broken"},
	} {
		_, err := Read(io.MultiReader(strings.NewReader(tt.file), iotest.ErrReader(broken)), origin, sha())
		require.EqualError(t, err, tt.want)
		require.ErrorIs(t, err, broken)
	}
}

// TestNoiseAfterFault checks that the lines after a faulty one may be anything.
func TestNoiseAfterFault(t *testing.T) {
	lines, _ := tampered(t, 5)
	noise := "x\n" + strings.Repeat("y", maxLine*2) + "\n\n"
	err := readFault(t, lines[0]+lines[2]+noise+lines[1]+"cut")
	require.EqualError(t, err, "journal: line 2: reordered: record 0 stands on line 6, record 1 here")
	err = readFault(t, lines[0]+lines[2]+noise+strings.Replace(lines[1], "V0", "V7", 1)+lines[3]+"cut")
	require.EqualError(t, err, "journal: line 2: removed: record 0 is not in the file, record 1 stands here")
	err = readFault(t, lines[1]+noise+lines[0]+"cut")
	require.EqualError(t, err, "journal: line 1: reordered: the header stands on line 5, record 0 here")
}

// TestHeadErrors has each text once.
func TestHeadErrors(t *testing.T) {
	j, _ := build(t, sha(), numberedRecords(5)...)
	head := j.Head()
	for _, tt := range []struct {
		change func(*Head)
		want   string
	}{
		{func(h *Head) { h.Origin = "a" }, `journal: head of 5 records: foreign: the origin is "a", expected "inspections.example/2026"`},
		{func(h *Head) { h.Suite = "sm3" }, `journal: head of 5 records: foreign: the suite is "sm3", expected "sha256"`},
		{func(h *Head) { h.Size = 6 }, `journal: head of 6 records: truncated: the journal has 5 records`},
		{func(h *Head) { h.Size = 1<<64 - 1 }, `journal: head of 18446744073709551615 records: truncated: the journal has 5 records`},
		{func(h *Head) { h.Root[0] ^= 1 }, fmt.Sprintf("journal: head of 5 records: changed: the journal has the root %x, expected %x; the change is in records 2 to 4",
			head.Root, flipped(head.Root))},
		{func(h *Head) { h.Last[0] ^= 1 }, fmt.Sprintf("journal: head of 5 records: changed: the last hash is %x, expected %x", head.Last, flipped(head.Last))},
	} {
		h := head
		tt.change(&h)
		two, err := j.HeadAt(2)
		require.NoError(t, err)
		require.EqualError(t, j.Check(h, head, two), tt.want)
	}
	require.NoError(t, j.Check())
	two, err := j.HeadAt(2)
	require.NoError(t, err)
	heads := []Head{head, two}
	require.NoError(t, j.Check(heads...))
	require.Equal(t, []Head{head, two}, heads, "the caller's list is as it was")
}

func flipped(h Hash) Hash {
	h[0] ^= 1
	return h
}

func TestFaultNames(t *testing.T) {
	var names []string
	for f := range Foreign + 2 {
		names = append(names, f.String())
	}
	require.Equal(t, []string{"none", "changed", "removed", "reordered", "repeated", "inserted", "malformed", "truncated", "foreign", "Fault(9)"}, names)
}
