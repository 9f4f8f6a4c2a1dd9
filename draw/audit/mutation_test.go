package audit

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/longtest"
)

// fullBundle returns a bundle that has every kind of file.
func fullBundle(t testing.TB) *built {
	b := build(t, recipe{receipts: 2, faults: map[string]statement.Fault{"beta": statement.NoReveal}})
	subject := ""
	for d := range b.result.Drawn() {
		subject = d.ID
	}
	return build(t, recipe{receipts: 2, faults: b.faults, events: []statement.Detail{{Kind: statement.Skip, Subject: subject, Reason: "moved away"}}})
}

// outside reports whether a change of the line at an offset is outside what is
// claimed: a signature line whose key nobody asked for. Here these are the
// cosignatures of witnesses on statements whose time decides nothing, once
// their name or key hash is changed: a note may bear signatures by unknown keys.
func outside(name string, text []byte, offset int) bool {
	switch {
	case name == FileNotice || name == FileClose || name == FileSealed:
		return false // a quorum must have seen these
	}
	line := bytes.LastIndexByte(text[:offset], '\n') + 1
	end := line + bytes.IndexByte(text[line:], '\n')
	return bytes.HasPrefix(text[line:end], []byte("— witness-"))
}

// TestMutation changes every byte of every file of a bundle, and deletes,
// duplicates and swaps every line. Each change must be noticed, but for those
// that are outside what is claimed. The plain run changes every 23rd byte.
func TestMutation(t *testing.T) {
	b := fullBundle(t)
	require.Equal(t, OpenedCorrect, b.run().Verdict, b.run().String())
	step := 23
	if longtest.Enabled() {
		step = 1
	}
	changes, wrong, unclaimed := 0, 0, 0
	try := func(name string, offset int, what string, changed []byte) {
		original := b.files[name].Data
		if bytes.Equal(original, changed) {
			return // two equal lines swapped
		}
		changes++
		r := Verify(b.with(func(files fstest.MapFS) { files[name] = &fstest.MapFile{Data: changed} }), b.policy)
		switch {
		case r.Verdict == WrongVerdict:
			wrong++
		case r.Verdict == OpenedCorrect && outside(name, original, offset):
			unclaimed++
		case r.Verdict == OpenedCorrect:
			t.Errorf("%s: %s at byte %d was not noticed", name, what, offset)
		}
	}
	count := 0
	for _, name := range slices.Sorted(maps.Keys(b.files)) {
		text := b.files[name].Data
		for i := range text {
			if count++; count%step != 0 {
				continue
			}
			changed := bytes.Clone(text)
			changed[i] ^= 1
			try(name, i, "a changed bit", changed)
		}
		lines := bytes.SplitAfter(text, []byte("\n"))
		lines = lines[:len(lines)-1] // the empty rest
		offset := 0
		for i, line := range lines {
			next := offset + len(line)
			if count++; step == 1 || count%4 == 0 {
				try(name, offset, "a deleted line", slices.Concat(text[:offset], text[next:]))
				try(name, offset, "a duplicated line", slices.Concat(text[:next], line, text[next:]))
				if i+1 < len(lines) {
					after := next + len(lines[i+1])
					if bytes.HasPrefix(line, []byte("— ")) && bytes.HasPrefix(lines[i+1], []byte("— ")) {
						offset = next
						continue // see TestOutsideTheClaim
					}
					try(name, offset, "swapped lines", slices.Concat(text[:offset], lines[i+1], line, text[after:]))
				}
			}
			offset = next
		}
		if name != FileResult { // the derived result is compared with the opening
			changes++
			r := Verify(b.with(func(files fstest.MapFS) { delete(files, name) }), b.policy)
			if r.Verdict == OpenedCorrect && !strings.HasPrefix(name, DirReceipts) {
				t.Errorf("%s: its absence was not noticed", name)
			}
		}
	}
	t.Logf("%d changes to %d files: %d are wrong, %d are otherwise noticed, %d are outside what is claimed",
		changes, len(b.files), wrong, changes-wrong-unclaimed, unclaimed)
}

// TestOutsideTheClaim lists changes that a verification does not mind, so that
// nobody takes them for noticed.
func TestOutsideTheClaim(t *testing.T) {
	b := fullBundle(t)
	for name, change := range map[string]func(files fstest.MapFS){
		"a file that nobody asked for": func(files fstest.MapFS) { files["README"] = &fstest.MapFile{Data: []byte("trust me")} },
		"a signature by an unknown key": func(files fstest.MapFS) {
			text := append(bytes.Clone(files[FileNotice].Data), "— stranger.example AAAAAAAAAAAA\n"...)
			files[FileNotice] = &fstest.MapFile{Data: text}
		},
		"signature lines in another order": func(files fstest.MapFS) {
			text, sigs, _ := strings.Cut(string(files[FileNotice].Data), "\n\n")
			lines := strings.SplitAfter(sigs, "\n")
			files[FileNotice] = &fstest.MapFile{Data: fmt.Appendf(nil, "%s\n\n%s%s%s", text, lines[1], lines[0], lines[2])}
		},
		"a receipt that is not shown":           func(files fstest.MapFS) { delete(files, "receipts/1.note") },
		"a result that the opening makes known": func(files fstest.MapFS) { delete(files, FileResult) },
		"the last event, held back with what it was": func(files fstest.MapFS) {
			delete(files, "events/0001.note")
			delete(files, "events/0001-shown.note")
		},
		"a commit of somebody else": func(files fstest.MapFS) { files["commits/zeta.note"] = files["commits/alpha.note"] },
	} {
		t.Run(name, func(t *testing.T) {
			r := Verify(b.with(change), b.policy)
			require.Equal(t, OpenedCorrect, r.Verdict, r.String())
		})
	}
}
