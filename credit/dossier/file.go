package dossier

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// A File is the credit file of any number of entities: all entries and measures.
// It is immutable and safe for concurrent use; a nil or zero File is empty. Make
// one with [NewFile] or [Rules.ParseFile], and the next day's with [File.With].
type File struct {
	entries  []*Entry   // by ID
	measures []*Measure // by ID
	of       []*Entry   // the entry of each measure

	entities    []entityRows // by ID
	entryRows   []int32      // rows of entries, by entity, then day of decision, then ID
	measureRows []int32      // rows of measures, by entity, then ID
}

// entityRows are the rows of an entity: those before the next entity's.
type entityRows struct {
	id              string
	entry, measures int // first place in entryRows and measureRows
}

// A DuplicateError says that two entries or measures are the same: that they have
// one ID, or that two entries of an entity and kind come from one document of one
// department, so that the decision would be published twice.
type DuplicateError struct {
	What          string // "entry", "measure" or "document"
	First, Second string // the IDs
}

// Error returns the error as one line.
func (e *DuplicateError) Error() string {
	if e.What == "document" {
		return fmt.Sprintf("dossier: entries %s and %s are of the same document", label.Quote(e.First), label.Quote(e.Second))
	}
	return fmt.Sprintf("dossier: %s %s is there twice", e.What, label.Quote(e.First))
}

// NewFile returns the file of entries and measures, given in any order. It fails
// with a [*DuplicateError], and with another error if a measure is malformed, is
// for an entry that is not there, or begins before the entry's decision.
func NewFile(entries []*Entry, measures []Measure) (*File, error) {
	f := &File{entries: slices.Clone(entries), measures: make([]*Measure, len(measures))}
	for i, e := range entries {
		if !e.valid() {
			return nil, fmt.Errorf("dossier: entry %d of %d was not made by Enter", i+1, len(entries))
		}
	}
	for i := range measures {
		f.measures[i] = measures[i].clone()
	}
	slices.SortFunc(f.entries, func(a, b *Entry) int { return strings.Compare(a.decision.ID, b.decision.ID) })
	slices.SortFunc(f.measures, func(a, b *Measure) int { return strings.Compare(a.ID, b.ID) })
	for i, e := range f.entries {
		if i > 0 && f.entries[i-1].decision.ID == e.decision.ID {
			return nil, &DuplicateError{"entry", e.decision.ID, e.decision.ID}
		}
	}
	f.of = make([]*Entry, len(measures))
	for i, m := range f.measures {
		if i > 0 && f.measures[i-1].ID == m.ID {
			return nil, &DuplicateError{"measure", m.ID, m.ID}
		}
		e, ok := f.Entry(m.Entry)
		wrong := m.problem()
		switch {
		case wrong != "":
		case !ok:
			wrong = fmt.Sprintf("entry %s is not there", label.Quote(m.Entry))
		case m.From.Compare(e.decision.Date) < 0:
			wrong = fmt.Sprintf("the first day %s is before the decision of %s", m.From, e.decision.Date)
		}
		if wrong != "" {
			return nil, fmt.Errorf("dossier: measure %s: %s", label.Quote(m.ID), wrong)
		}
		f.of[i] = e
	}
	f.index()
	if err := f.checkDocuments(); err != nil {
		return nil, err
	}
	return f, nil
}

// A rowKey is what rows are sorted by, together in memory, so that a sort of a city
// need not look at each entry again and again.
type rowKey struct {
	entity string
	date   registry.Date // of the decision; zero for measures
	row    int32         // rows ascend by ID
}

func sortedRows(keys []rowKey) []int32 {
	slices.SortFunc(keys, func(a, b rowKey) int {
		if order := strings.Compare(a.entity, b.entity); order != 0 {
			return order
		}
		return cmp.Or(a.date.Compare(b.date), cmp.Compare(a.row, b.row))
	})
	rows := make([]int32, len(keys))
	for i, k := range keys {
		rows[i] = k.row
	}
	return rows
}

// index finds the rows of each entity.
func (f *File) index() {
	entries, measures := make([]rowKey, len(f.entries)), make([]rowKey, len(f.measures))
	for i, e := range f.entries {
		entries[i] = rowKey{e.decision.Entity, e.decision.Date, int32(i)}
	}
	for i, e := range f.of {
		measures[i] = rowKey{e.decision.Entity, registry.Date{}, int32(i)}
	}
	f.entryRows, f.measureRows = sortedRows(entries), sortedRows(measures)
	at := 0
	for i, k := range entries {
		if i > 0 && entries[i-1].entity == k.entity {
			continue
		}
		for at < len(measures) && measures[at].entity < k.entity {
			at++
		}
		f.entities = append(f.entities, entityRows{k.entity, i, at})
	}
}

// checkDocuments finds two entries of one decision.
func (f *File) checkDocuments() error {
	type key struct {
		kind                 Kind
		department, document string
	}
	for k := range f.entities {
		entries, _ := f.rows(k)
		if len(entries) < 2 {
			continue
		}
		seen := make(map[key]string, len(entries)) // of its own: to clear a large one again and again is slow
		for _, row := range entries {
			d := &f.entries[row].decision
			of := key{d.Kind, d.Department, d.Document}
			if first, ok := seen[of]; ok {
				return &DuplicateError{"document", first, d.ID}
			}
			seen[of] = d.ID
		}
	}
	return nil
}

// rows returns the rows of the k-th entity.
func (f *File) rows(k int) (entries, measures []int32) {
	from, to := f.entities[k], entityRows{"", len(f.entryRows), len(f.measureRows)}
	if k+1 < len(f.entities) {
		to = f.entities[k+1]
	}
	return f.entryRows[from.entry:to.entry], f.measureRows[from.measures:to.measures]
}

// rowsOf returns the rows of an entity.
func (f *File) rowsOf(entity string) (entries, measures []int32) {
	if f == nil {
		return nil, nil
	}
	k, ok := slices.BinarySearchFunc(f.entities, entity, func(e entityRows, id string) int { return strings.Compare(e.id, id) })
	if !ok {
		return nil, nil
	}
	return f.rows(k)
}

// A RewriteError refuses an entry or measure that is not what the file has with
// something added at its end.
type RewriteError struct {
	What string // "entry" or "measure"
	ID   string // of it
}

// Error returns the error as one line.
func (e *RewriteError) Error() string {
	return fmt.Sprintf("dossier: %s %s: only events and feedback can be added to what is on file", e.What, label.Quote(e.ID))
}

// With returns a file with more entries and measures, or with those that go on from
// one of the same ID in f. It fails with a [*RewriteError] if one does not go on but
// is another, or lacks an event, and otherwise as [NewFile] does.
func (f *File) With(entries []*Entry, measures []Measure) (*File, error) {
	if f == nil {
		return NewFile(entries, measures)
	}
	all, list := slices.Clone(f.entries), make([]Measure, len(f.measures))
	for i, m := range f.measures {
		list[i] = *m
	}
	for _, e := range entries {
		if !e.valid() {
			all = append(all, e) // for NewFile to refuse
			continue
		}
		i, ok := f.entryRow(e.decision.ID)
		switch {
		case !ok:
			all = append(all, e)
		case !e.goesOnFrom(all[i]):
			return nil, &RewriteError{"entry", e.decision.ID}
		default:
			all[i] = e
		}
	}
	for _, m := range measures {
		i, ok := f.measureRow(m.ID)
		switch {
		case !ok:
			list = append(list, m)
		case !m.goesOnFrom(&list[i]):
			return nil, &RewriteError{"measure", m.ID}
		default:
			list[i] = m
		}
	}
	return NewFile(all, list)
}

func (e *Entry) valid() bool { return e != nil && e.rule != nil }

func (e *Entry) goesOnFrom(old *Entry) bool {
	n := len(old.events)
	return e.decision == old.decision && *e.rule == *old.rule && len(e.events) >= n && slices.Equal(e.events[:n], old.events)
}

func (m Measure) goesOnFrom(old *Measure) bool {
	n := len(old.Feedback)
	if len(m.Feedback) < n || !slices.Equal(m.Feedback[:n], old.Feedback) {
		return false
	}
	m.Feedback = old.Feedback
	return bytes.Equal(m.appendText(nil), old.appendText(nil)) // one text for one value
}

func (f *File) entryRow(id string) (int, bool) {
	return slices.BinarySearchFunc(f.entries, id, func(e *Entry, id string) int { return strings.Compare(e.decision.ID, id) })
}

func (f *File) measureRow(id string) (int, bool) {
	return slices.BinarySearchFunc(f.measures, id, func(m *Measure, id string) int { return strings.Compare(m.ID, id) })
}

// Entry returns the entry with the ID and reports whether there is one.
func (f *File) Entry(id string) (*Entry, bool) {
	if f == nil {
		return nil, false
	}
	i, ok := f.entryRow(id)
	if !ok {
		return nil, false
	}
	return f.entries[i], true
}

// Measure returns a copy of the measure with the ID and reports whether there is one.
func (f *File) Measure(id string) (Measure, bool) {
	if f == nil {
		return Measure{}, false
	}
	i, ok := f.measureRow(id)
	if !ok {
		return Measure{}, false
	}
	return *f.measures[i].clone(), true
}

// Entries goes through all entries by ID.
func (f *File) Entries() iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for i := 0; f != nil && i < len(f.entries) && yield(f.entries[i]); i++ {
		}
	}
}

// EntriesOf goes through the entries of an entity, public or not, by day of decision,
// then by ID.
func (f *File) EntriesOf(entity string) iter.Seq[*Entry] {
	rows, _ := f.rowsOf(entity)
	return func(yield func(*Entry) bool) {
		for _, row := range rows {
			if !yield(f.entries[row]) {
				return
			}
		}
	}
}

// Measures goes through copies of all measures by ID.
func (f *File) Measures() iter.Seq[Measure] {
	return func(yield func(Measure) bool) {
		for i := 0; f != nil && i < len(f.measures) && yield(*f.measures[i].clone()); i++ {
		}
	}
}

// A Publication says that an entry is public on a day.
type Publication struct {
	Entry   *Entry        // what is public
	Summary string        // what is published of it on the day
	From    registry.Date // first public day
	Until   registry.Date // last public day; zero: not determined
	Ends    Ending        // what ends it after that day
	Reason  string        // why it is public, in one line
}

// Public returns what is public about an entity on a day, and until when, by day of
// decision, then by ID. It is computed from all that is on file: if a repair is
// granted later, Until is the day before it.
func (f *File) Public(entity string, on registry.Date) []Publication {
	var list []Publication
	rows, _ := f.rowsOf(entity)
	for _, row := range rows {
		e := f.entries[row]
		if from, until, by := e.Span(); within(on, from, until) {
			list = append(list, Publication{e, e.Summary(on), from, until, by, e.reason(from, until, by)})
		}
	}
	return list
}

// reason says for a clerk why an entry is public.
func (e *Entry) reason(from, until registry.Date, by Ending) string {
	d := &e.decision
	s := fmt.Sprintf("%s %s of %s by %s, document %s, is public under %s %s from %s ", d.Kind, d.ID, d.Date, d.Department, d.Document, d.Norm, d.Category, from)
	if until.IsZero() {
		return s + "until it is removed"
	}
	return s + fmt.Sprintf("to %s (%s)", until, by)
}
