package dossier

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/internal/line"
)

const (
	fileHeader   = "doublerandom/credit-file/v1"
	maxFileText  = 1 << 29
	maxEntryText = 1 << 21 // more than any entry has
)

// MarshalText returns the entry's only text, which [Rules.ParseEntry] reads. The
// error is always nil.
func (e *Entry) MarshalText() ([]byte, error) { return e.appendText(nil), nil }

func (e *Entry) appendText(b []byte) []byte {
	d := e.decision
	b = fmt.Appendf(b, "entry %s on %s: %s %s %s decided %s by %s for %d months\ndocument %s\nbasis %s\nsummary %s\n",
		d.ID, d.Entity, d.Kind, d.Norm, d.Category, d.Date, d.Department, d.Months, d.Document, d.Basis, d.Summary)
	for _, event := range e.events {
		b = append(event.appendText(b), '\n')
	}
	return b
}

// ParseEntry reads the text that [Entry.MarshalText] returns, and no other
// spelling. The rules must be those under which the entry was made, or give the same
// answer.
//
//	entry    = "entry " id " on " entity ": " kind " " norm " " category " decided " date
//	           " by " department " for " number " months" LF
//	           "document " text LF "basis " text LF "summary " text LF { event LF }
//	event    = action " " date [ transfer ] [ " " text ]
//	transfer = " to " norm " " category " for " number " months"
//
// such as
//
//	entry E1 on 91370200163562681G: penalty NDRC-36 general decided 2026-04-01 by market for 12 months
//	document 青市监罚〔2026〕17号
//	basis 《食品安全法》第一百二十六条
//	summary fined 20,000 yuan
//	notified 2026-04-02
//	published 2026-04-08
//
// Actions are the texts of [Action]; the transfer stands in "transferred" only. A
// text is at most 2 MiB. An error is a [*ParseError] that may wrap what
// [Rules.Enter] or [Entry.Add] returns.
func (r *Rules) ParseEntry(text []byte) (*Entry, error) {
	if len(text) > maxEntryText {
		return nil, fmt.Errorf("dossier: entry has %d bytes, expected at most %d", len(text), maxEntryText)
	}
	in := newLines(text)
	e, err := in.entry(r)
	if err == nil {
		err = in.ended()
	}
	if err != nil {
		return nil, err
	}
	return e, nil
}

// MarshalText returns the file's only text, which [Rules.ParseFile] reads. The error
// is always nil.
func (f *File) MarshalText() ([]byte, error) {
	b := []byte(fileHeader + "\n")
	if f == nil {
		return b, nil
	}
	b = slices.Grow(b, 256*(len(f.entries)+len(f.measures))) // about what there will be
	for _, e := range f.entries {
		b = e.appendText(b)
	}
	for _, m := range f.measures {
		b = m.appendText(b)
	}
	return b, nil
}

// ParseFile reads the text that [File.MarshalText] returns, and no other spelling: a
// header line "doublerandom/credit-file/v1", then the texts of all entries by ID
// and those of all measures by ID, as [Rules.ParseEntry] and [ParseMeasure] read
// them. A text is at most 512 MiB.
//
// An error is a [*ParseError], or what [NewFile] returns.
func (r *Rules) ParseFile(text []byte) (*File, error) {
	if len(text) > maxFileText {
		return nil, fmt.Errorf("dossier: file has %d bytes, expected at most %d", len(text), maxFileText)
	}
	in := newLines(text)
	if line, ended := in.next(); string(line) != fileHeader || !ended {
		return nil, parseError(1, fmt.Sprintf("%s: expected %q and the end of the line", label.Quote(string(line)), fileHeader))
	}
	var entries []*Entry
	for in.at("entry ") {
		line := in.n + 1
		e, err := in.entry(r)
		if err != nil {
			return nil, err
		}
		if n := len(entries); n > 0 && entries[n-1].decision.ID >= e.decision.ID {
			return nil, parseError(line, fmt.Sprintf("entry %s is not in order of IDs", label.Quote(e.decision.ID)))
		}
		entries = append(entries, e)
	}
	var measures []Measure
	for in.at("measure ") {
		line := in.n + 1
		m, err := in.measure()
		if err != nil {
			return nil, err
		}
		if n := len(measures); n > 0 && measures[n-1].ID >= m.ID {
			return nil, parseError(line, fmt.Sprintf("measure %s is not in order of IDs", label.Quote(m.ID)))
		}
		measures = append(measures, m)
	}
	if err := in.ended(); err != nil {
		return nil, err
	}
	return NewFile(entries, measures)
}

// lines are a text that is read line by line.
type lines struct {
	rest   []byte
	n      int    // lines read
	buffer []byte // for the comparison with the one spelling
}

func newLines(text []byte) *lines { return &lines{rest: text} }

// next takes a line, and reports whether there was one that ends.
func (in *lines) next() (line []byte, ok bool) {
	in.n++
	line, in.rest, ok = bytes.Cut(in.rest, []byte("\n"))
	return line, ok
}

func (in *lines) at(prefix string) bool { return bytes.HasPrefix(in.rest, []byte(prefix)) }

// ended returns nil if nothing is left.
func (in *lines) ended() error {
	if len(in.rest) == 0 {
		return nil
	}
	line, _ := in.next()
	return parseError(in.n, fmt.Sprintf("%s is not expected here", label.Quote(string(line))))
}

// text takes a line that begins with a word, and returns what follows.
func (in *lines) text(word string) (string, error) {
	line, _ := in.next()
	rest, ok := bytes.CutPrefix(line, []byte(word+" "))
	if !ok {
		return "", parseError(in.n, fmt.Sprintf("%s: expected %s", label.Quote(string(line)), word))
	}
	return string(rest), nil
}

// texts takes such lines one after another.
func (in *lines) texts(words ...string) (texts [3]string, err error) {
	for i, word := range words {
		if texts[i], err = in.text(word); err != nil {
			return texts, err
		}
	}
	return texts, nil
}

// same checks that what was read since the text began is spelled as it must be.
func (in *lines) same(canonical, began []byte, first int) error {
	in.buffer = canonical
	if at := line.Difference(canonical, began[:len(began)-len(in.rest)]); at > 0 {
		return parseError(first+at, "it is not in its one spelling")
	}
	return nil
}

func (in *lines) entry(r *Rules) (*Entry, error) {
	began, first := in.rest, in.n
	line, _ := in.next()
	w := wordsOf(line)
	w.Expect("entry ")
	d := Decision{ID: w.Next()}
	w.Expect("on ")
	d.Entity = w.before(": ")
	d.Kind, d.Norm, d.Category = w.kind(), w.Next(), w.Next()
	w.Expect("decided ")
	d.Date = w.date()
	w.Expect("by ")
	d.Department = w.Next()
	w.Expect("for ")
	d.Months = w.number()
	w.Expect("months")
	w.End()
	if w.Err != nil {
		return nil, &ParseError{in.n, w.Err}
	}
	texts, err := in.texts("document", "basis", "summary")
	if err != nil {
		return nil, err
	}
	d.Document, d.Basis, d.Summary = texts[0], texts[1], texts[2]
	e, err := r.Enter(d)
	if err != nil {
		return nil, &ParseError{first + 1, err}
	}
	for len(in.rest) > 0 && !in.at("entry ") && !in.at("measure ") {
		line, _ := in.next()
		w := wordsOf(line)
		event := w.event()
		if w.Err != nil {
			return nil, &ParseError{in.n, w.Err}
		}
		if err := e.add(event); err != nil {
			return nil, &ParseError{in.n, err}
		}
	}
	return e, in.same(e.appendText(in.buffer[:0]), began, first)
}

func (in *lines) measure() (m Measure, err error) {
	began, first := in.rest, in.n
	line, _ := in.next()
	w := wordsOf(line)
	w.Expect("measure ")
	m.ID = w.Next()
	w.Expect("for ")
	m.Entry = w.Next()
	w.Expect("requested by ")
	m.RequestedBy = w.Next()
	w.Expect("executed by ")
	m.ExecutedBy = w.Next()
	w.Expect("restricts ")
	m.Matter = Matter(w.Next())
	w.Expect("from ")
	m.From = w.date()
	w.Expect("to ")
	m.To = w.dateOr("open")
	m.LiftedByRepair = !w.Take("not ")
	w.Expect("lifted by repair")
	w.End()
	if w.Err != nil {
		return Measure{}, &ParseError{in.n, w.Err}
	}
	if m.Basis, err = in.text("basis"); err != nil {
		return Measure{}, err
	}
	for in.at("feedback ") && len(m.Feedback) <= maxFeedback {
		line, _ := in.next()
		w := wordsOf(line)
		w.Expect("feedback ")
		f := Feedback{Date: w.date()}
		f.Done = !w.Take("not ")
		w.Expect("done ")
		f.Text = w.Rest
		if w.Err != nil {
			return Measure{}, &ParseError{in.n, w.Err}
		}
		m.Feedback = append(m.Feedback, f)
	}
	if wrong := m.problem(); wrong != "" {
		return Measure{}, parseError(first+1, fmt.Sprintf("measure %s: %s", label.Quote(m.ID), wrong))
	}
	return m, in.same(m.appendText(in.buffer[:0]), began, first)
}
