package page

import (
	"cmp"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/statement"
)

// statements are what a bundle states, as far as it can be read; nothing of it is
// verified but the witnesses' signatures.
type statements struct {
	fsys      fs.FS
	suite     draw.Suite
	witnesses []note.Verifier // of the series
	seen      map[string][]Seen

	series  *statement.Series
	notice  *statement.Notice
	close   *statement.Close
	pulse   *statement.Pulse
	sealed  *statement.SealedResult
	opening *statement.Opening
	void    *statement.Void
	plan    *draw.Plan
	commits []string // names of the contributors whose files are there
	reveals []string

	noticeID string // under SHA-256
}

// A Seen is a witness's word for when it saw a statement.
type Seen struct {
	Witness string `json:"witness"` // its name
	At      string `json:"at"`      // UTC
}

// readStatements reads what is small in a bundle: the statements and the plan.
func (s *Session) readStatements(fsys fs.FS) *statements {
	st := &statements{fsys: fsys, suite: s.Suite, seen: map[string][]Seen{}}
	st.series = read[statement.Series](st, audit.FileSeries)
	if st.series != nil {
		for _, w := range st.series.Witnesses {
			if v, err := statement.NewCosignatureVerifier(w.Key); err == nil {
				st.witnesses = append(st.witnesses, v)
			}
		}
		st.series = read[statement.Series](st, audit.FileSeries) // again, with the witnesses known
	}
	st.notice = read[statement.Notice](st, audit.FileNotice)
	st.close = read[statement.Close](st, audit.FileClose)
	st.pulse = read[statement.Pulse](st, audit.FilePulse)
	st.sealed = read[statement.SealedResult](st, audit.FileSealed)
	st.opening = read[statement.Opening](st, audit.FileOpening)
	st.void = read[statement.Void](st, audit.FileVoid)
	if f, err := fsys.Open(audit.FilePlan); err == nil {
		st.plan, _ = draw.ParsePlan(io.LimitReader(f, MaxZip), s.Suite)
		f.Close()
	}
	if st.notice != nil {
		for _, c := range st.notice.Contributors {
			name := audit.FileName(c.Name) + ".note"
			if st.is(path.Join(audit.DirCommits, name)) {
				st.commits = append(st.commits, c.Name)
			}
			if st.is(path.Join(audit.DirReveals, name)) {
				st.reveals = append(st.reveals, c.Name)
			}
		}
	}
	return st
}

// is reports whether a file is there.
func (st *statements) is(name string) bool {
	_, err := fs.Stat(st.fsys, name)
	return err == nil
}

// read reads one statement, or returns nil.
func read[T any, P interface {
	*T
	statement.Statement
}](st *statements, name string) *T {
	text := limited(st.fsys, name, statement.MaxNote)
	if text == nil {
		return nil
	}
	n := openNote(text, st.witnesses)
	if n == nil {
		return nil
	}
	s := P(new(T))
	if s.UnmarshalText([]byte(n.Text)) != nil {
		return nil
	}
	if name == audit.FileNotice {
		id := statement.IDOf(st.suite, []byte(n.Text))
		st.noticeID = hex.EncodeToString(id[:])
	}
	st.seen[name] = nil
	for _, sig := range n.Sigs {
		if at, err := statement.CosignedAt(sig); err == nil {
			st.seen[name] = append(st.seen[name], Seen{sig.Name, stamp(at)})
		}
	}
	slices.SortFunc(st.seen[name], func(a, b Seen) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Witness, b.Witness)) })
	return (*T)(s)
}

// openNote returns a note with the signatures that are by one of the verifiers;
// nil if it is none.
func openNote(text []byte, verifiers []note.Verifier) *note.Note {
	n, err := note.Open(text, note.VerifierList(verifiers...))
	var unverified *note.UnverifiedNoteError
	switch {
	case err == nil:
		return n
	case errors.As(err, &unverified):
		return unverified.Note
	case len(verifiers) > 0: // one is false, which the report will say
		return openNote(text, nil)
	}
	return nil
}

// limited returns a file of at most so many bytes, or nil.
func limited(fsys fs.FS, name string, most int64) []byte {
	f, err := fsys.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil || int64(len(text)) > most {
		return nil
	}
	return text
}

// stamp formats a time as the statements do.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
