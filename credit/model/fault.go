package model

import (
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// An ExemptError says that a class has a rate or a weight of 0: nobody may be exempt from the draw.
type ExemptError struct {
	Model string // its name
	Class string // its label
	What  string // "rate" or "weight"
}

// Error returns the error as one line.
func (e *ExemptError) Error() string {
	return fmt.Sprintf("model: %s: class %s: %s 0, expected 1 or more: nobody is exempt", label.Quote(e.Model), label.Quote(e.Class), e.What)
}

// A PointsError says that points are not those that a term or a model may have: they are
// negative, not whole or not in the range.
type PointsError struct {
	What     string // the text that was read, or whose points they are
	Text     string // the points
	Expected string // what they may be, such as "0,5,10..20"
}

// Error returns the error as one line.
func (e *PointsError) Error() string {
	what := "points"
	if strings.HasPrefix(e.Text, "-") {
		what = "negative points"
	}
	return fmt.Sprintf("model: %s: %s %s, expected %s", e.What, what, label.Quote(e.Text), e.Expected)
}

// A DateError says that a day is missing, not a day, or not in order.
type DateError struct {
	What     string // of what it is the day
	Text     string // the day; "" if it is missing
	Expected string // what it may be
}

// Error returns the error as one line.
func (e *DateError) Error() string {
	return fmt.Sprintf("model: %s: date %s, expected %s", e.What, label.Quote(e.Text), e.Expected)
}

// A FactError says which fact of an entity a model cannot take, and why.
type FactError struct {
	Index int   // in the facts given to the scorer
	Err   error // what is wrong; a [*PointsError], a [*DateError] or one without a type
}

// Error returns the error as one line.
func (e *FactError) Error() string {
	return fmt.Sprintf("model: fact %d: %s", e.Index, strings.TrimPrefix(e.Err.Error(), "model: "))
}

// Unwrap returns what is wrong.
func (e *FactError) Unwrap() error { return e.Err }

// A TermError says that a term which needs exactly one fact has none, or several.
type TermError struct {
	Term  string // its label
	Facts int    // how many it has
}

// Error returns the error as one line.
func (e *TermError) Error() string {
	return fmt.Sprintf("model: term %s has %d facts, expected 1", label.Quote(e.Term), e.Facts)
}

// A NoVisitError says that an entity has no fact on or before the day of scoring, although the
// model scores the latest visit: it has no class yet.
type NoVisitError struct {
	On registry.Date // the day of scoring
}

// Error returns the error as one line.
func (e *NoVisitError) Error() string {
	return fmt.Sprintf("model: no visit on or before %s, expected a latest one", e.On)
}

// A PeriodError says that a model is not in force on a day.
type PeriodError struct {
	Model string        // its name and version
	On    registry.Date // the day; zero if it is missing
	From  registry.Date // first day in force
	To    registry.Date // last day in force; zero: until there is a next version
}

// Error returns the error as one line.
func (e *PeriodError) Error() string {
	return fmt.Sprintf("model: %s is not in force on %s, only from %s to %s", e.Model, label.Quote(e.On.String()), e.From, orOpen(e.To))
}

// A ParseError says which line of a text is wrong, and why.
type ParseError struct {
	Line int   // from 1
	Err  error // what is wrong; a [*PointsError], a [*DateError] or one without a type
}

// Error returns the error as one line.
func (e *ParseError) Error() string {
	return fmt.Sprintf("model: line %d: %s", e.Line, strings.TrimPrefix(e.Err.Error(), "model: "))
}

// Unwrap returns what is wrong.
func (e *ParseError) Unwrap() error { return e.Err }
