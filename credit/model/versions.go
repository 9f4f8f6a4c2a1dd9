package model

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// Versions are the versions of one model, of which at most one is in force on a day. The zero
// Versions has none. It is made by [NewVersions].
type Versions struct {
	models []*Model // by version, and so by first day
}

// A VersionError says that a version is there twice.
type VersionError struct {
	Model   string // name of the model
	Version uint32 // the number that is there twice
	Changed bool   // whether the two texts differ: a change that needs a new version
}

// Error returns the error as one line.
func (e *VersionError) Error() string {
	how := "the same text"
	if e.Changed {
		how = "another text, expected a new version"
	}
	return fmt.Sprintf("model: %s: version %d is there twice, with %s", label.Quote(e.Model), e.Version, how)
}

// An OverlapError says that two versions of a model would be in force on the same day, or that a
// later version comes into force before an earlier one.
type OverlapError struct {
	First, Second *Model // by version
}

// Error returns the error as one line.
func (e *OverlapError) Error() string {
	from, to := e.First.Period()
	from2, to2 := e.Second.Period()
	return fmt.Sprintf("model: %s: version %d from %s to %s and version %d from %s to %s overlap or are out of order", label.Quote(e.First.Name()),
		e.First.Version(), from, orOpen(to), e.Second.Version(), from2, orOpen(to2))
}

// NewVersions returns the set of the given versions of one model, in any order. A version that is
// open ends on the day before the next begins, so that its text need not change; there may be days
// without a version.
//
// It fails with a [*VersionError] if two have the same number, with an [*OverlapError] if a
// version begins before the one with the smaller number has begun and ended, and with another
// error if the names differ or one is nil.
func NewVersions(models ...*Model) (*Versions, error) {
	if slices.Contains(models, nil) {
		return nil, fmt.Errorf("model: a version is nil")
	}
	v := &Versions{slices.Clone(models)}
	slices.SortStableFunc(v.models, func(a, b *Model) int { return cmp.Compare(a.Version(), b.Version()) })
	for i, m := range v.models {
		if i == 0 {
			continue
		}
		before := v.models[i-1]
		from, to := before.Period()
		if to.IsZero() {
			to = from // at least a day, if a short one
		}
		begin, _ := m.Period()
		switch {
		case m.Name() != before.Name():
			return nil, fmt.Errorf("model: versions of %s and %s, expected of one model", label.Quote(before.Name()), label.Quote(m.Name()))
		case m.Version() == before.Version():
			return nil, &VersionError{m.Name(), m.Version(), string(m.appendText(nil)) != string(before.appendText(nil))}
		case begin.Compare(to) <= 0:
			return nil, &OverlapError{before, m}
		}
	}
	return v, nil
}

// With returns the set with another version. It fails as [NewVersions] does: a version that is
// there cannot be replaced, nor one come into force before it.
func (v *Versions) With(m *Model) (*Versions, error) {
	return NewVersions(append(slices.Clone(v.models), m)...)
}

// All goes through the versions by number.
func (v *Versions) All() iter.Seq[*Model] { return slices.Values(v.models) }

// In returns the version in force on a day; false if there is none.
func (v *Versions) In(day registry.Date) (*Model, bool) {
	for _, m := range slices.Backward(v.models) {
		from, to := m.Period()
		if day.Compare(from) < 0 {
			continue
		}
		return m, to.IsZero() || day.Compare(to) <= 0
	}
	return nil, false
}

// On returns the scorer for a day by the version that was in force on it. It fails with a
// [*PeriodError], which names the version before that day or the first, if there is none.
func (v *Versions) On(day registry.Date) (*Scorer, error) {
	if len(v.models) == 0 {
		return nil, fmt.Errorf("model: no versions, so none on %s", label.Quote(day.String()))
	}
	m, ok := v.In(day)
	if m == nil {
		m = v.models[0]
	}
	if !ok {
		from, to := m.Period()
		return nil, &PeriodError{m.String(), day, from, to}
	}
	return m.On(day)
}
