package model

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// Limits on models and facts. The first five together keep every sum below 10^19, which is less
// than 2^64; floors add at most 64·10^12 to it.
const (
	MaxPoints = 10_000    // of a fact, by its own
	MaxCount  = 1_000     // of a fact
	MaxFactor = 1_000     // of a term
	MaxTime   = 1_000     // largest time weight
	MaxFacts  = 1_000_000 // of an entity

	MaxTerms          = 64                // of a model
	MaxTimes          = 16                // tables of time weights of a model
	MaxSteps          = 16                // of such a table
	MaxRanges         = 32                // of the points of a term
	MaxClasses        = 32                // of a model
	MaxMonths         = 1_200             // of a step
	MaxLimit   uint64 = 1_000_000_000_000 // on a visit, a term or the total
	MaxWeight         = 1_000_000_000     // of a class
)

// NoLimit is the limit of a class that has none.
const NoLimit = math.MaxUint64

// A Definition is all that a model states. Labels are 1–64 bytes without spaces and control
// characters.
type Definition struct {
	Name    string        // label that all versions have in common
	Version uint32        // 1 or more; every change of the definition needs a new one
	From    registry.Date // first day of scoring on which it is in force
	To      registry.Date // last such day; zero: until there is a next version
	Title   string        // what it is and where to find it: one line of 1–1000 bytes
	Latest  bool          // only the facts of the latest visit count, not those of all visits
	Times   []Times       // at most MaxTimes, each used by a term
	Terms   []Term        // 1 to MaxTerms
	Classes []Class       // 1 to MaxClasses, from the lowest risk to the highest; the last has no limits
}

// Times are a table of time weights: the weight of a fact is that of the first step that it is
// within.
//
// A fact is within 6 months of the day of scoring if it is not before the same day of the month
// 6 months earlier, or before the last day of that month if it is too short: that day itself is
// within. So on 31 August the facts from 28 February on are within 6 months, from the 29th on in
// a leap year.
type Times struct {
	Label   string // of the table, unique in the model
	Steps   []Step // at most MaxSteps, with ascending months
	Else    uint64 // weight of older facts, 0 to MaxTime
	Divisor uint64 // 1 to MaxTime: the weighted sum of a term is divided by it, so that weights may be fractions
	RoundUp bool   // that division rounds up, not down; false if Divisor is 1
}

// A Step is a time and a weight.
type Step struct {
	Months int    // 1 to MaxMonths before the day of scoring
	Weight uint64 // 0 to MaxTime
}

// A Term is what facts are counted under.
type Term struct {
	Label     string  // unique in the model
	Points    []Range // what a fact may have: 1 to MaxRanges, ascending, with a gap between two
	Once      bool    // there must be exactly one fact
	Factor    uint64  // 1 to MaxFactor: points are multiplied by it
	VisitMost uint64  // so many points count of one visit, before time weights, up to MaxLimit; 0: all
	Times     string  // label of the table of time weights; "": every fact has weight 1
	Least     uint64  // points that the term has at least, with or without facts, up to MaxLimit
	Most      uint64  // points that the term has at most, Least to MaxLimit; 0: no limit
}

// A Range is the numbers from Least to Most, both of them in it.
type Range struct {
	Least uint32 // 0 to Most
	Most  uint32 // up to MaxPoints
}

// A Class is a risk class. An entity is in the first class of the model whose two limits hold.
type Class struct {
	Label    string       // unique in the model, without ";"
	Total    uint64       // points over all terms at most, up to MaxLimit or NoLimit; not below that of the class before
	EachTerm uint64       // points of each single term at most, likewise; Total is a limit on each term, too
	Rate     registry.PPM // share to be drawn in parts per million, 1 to registry.WholePPM
	Weight   uint64       // in the sampling frame, 1 to MaxWeight
}

func (d *Definition) clone() Definition {
	c := *d
	c.Times, c.Terms, c.Classes = slices.Clone(d.Times), slices.Clone(d.Terms), slices.Clone(d.Classes)
	for i := range c.Times {
		c.Times[i].Steps = slices.Clone(c.Times[i].Steps)
	}
	for i := range c.Terms {
		c.Terms[i].Points = slices.Clone(c.Terms[i].Points)
	}
	return c
}

func (d *Definition) check() error {
	if wrong := label.Check(d.Name); wrong != "" {
		return fmt.Errorf("model: name %s", wrong)
	}
	fail := func(format string, args ...any) error {
		return fmt.Errorf("model: %s: %s", label.Quote(d.Name), fmt.Sprintf(format, args...))
	}
	for _, n := range []struct {
		what        string
		n, min, max int
	}{
		{"tables of time weights", len(d.Times), 0, MaxTimes},
		{"terms", len(d.Terms), 1, MaxTerms},
		{"classes", len(d.Classes), 1, MaxClasses},
	} {
		if n.n < n.min || n.n > n.max {
			return fail("%d %s, expected %d to %d", n.n, n.what, n.min, n.max)
		}
	}
	switch {
	case d.Version == 0:
		return fail("version 0, expected 1 or more")
	case label.CheckText(d.Title) != "":
		return fail("title %s", label.CheckText(d.Title))
	case d.From.IsZero():
		return &DateError{What: "first day of model " + label.Quote(d.Name), Expected: "a date"}
	case !d.To.IsZero() && d.To.Compare(d.From) < 0:
		return &DateError{"last day of model " + label.Quote(d.Name), d.To.String(), "a date not before the first day, " + d.From.String()}
	}
	used := map[string]bool{}
	for i, t := range d.Terms {
		if wrong := t.problem(d); wrong != "" {
			return fail("term %s: %s", label.Quote(t.Label), wrong)
		}
		if slices.ContainsFunc(d.Terms[:i], func(o Term) bool { return o.Label == t.Label }) {
			return fail("term %s is there twice", label.Quote(t.Label))
		}
		used[t.Times] = true
	}
	for i, t := range d.Times {
		wrong := t.problem()
		switch {
		case wrong != "":
		case slices.ContainsFunc(d.Times[:i], func(o Times) bool { return o.Label == t.Label }):
			wrong = "there twice"
		case !used[t.Label]:
			wrong = "no term uses them"
		}
		if wrong != "" {
			return fail("time weights %s: %s", label.Quote(t.Label), wrong)
		}
	}
	return d.checkClasses()
}

// checkClasses asks for rising limits, so that every class can be reached as far as the limits
// go, and more points never lead to an earlier one.
func (d *Definition) checkClasses() error {
	for i, c := range d.Classes {
		fail := func(format string, args ...any) error {
			return fmt.Errorf("model: %s: class %s: %s", label.Quote(d.Name), label.Quote(c.Label), fmt.Sprintf(format, args...))
		}
		last := i == len(d.Classes)-1
		switch {
		case label.Check(c.Label) != "":
			return fail("label %s", label.Check(c.Label))
		case strings.Contains(c.Label, ";"):
			return fail(`label has a ";"`)
		case slices.ContainsFunc(d.Classes[:i], func(o Class) bool { return o.Label == c.Label }):
			return fail("there twice")
		case c.Rate == 0:
			return &ExemptError{d.Name, c.Label, "rate"}
		case c.Weight == 0:
			return &ExemptError{d.Name, c.Label, "weight"}
		case c.Rate > registry.WholePPM:
			return fail("rate %d, expected 1 to %d", c.Rate, registry.WholePPM)
		case c.Weight > MaxWeight:
			return fail("weight %d, expected 1 to %d", c.Weight, MaxWeight)
		case last && c.limited():
			return fail("limits in the last class, which is for all others")
		case !last && !c.limited():
			return fail("no limits, so that nobody is in the next class")
		case c.Total > MaxLimit && c.Total != NoLimit:
			return fail("total at most %d, expected 0 to %d", c.Total, MaxLimit)
		case c.EachTerm > MaxLimit && c.EachTerm != NoLimit:
			return fail("each term at most %d, expected 0 to %d", c.EachTerm, MaxLimit)
		}
		if i == 0 {
			continue
		}
		before := d.Classes[i-1]
		// A term is never more than the total, so a limit on the total is one on each term.
		each, eachBefore := min(c.EachTerm, c.Total), min(before.EachTerm, before.Total)
		if c.Total < before.Total || each < eachBefore {
			return fail("a limit is below that of class %s", label.Quote(before.Label))
		}
		if c.Total == before.Total && each == eachBefore {
			return fail("the limits are those of class %s", label.Quote(before.Label))
		}
	}
	return nil
}

func (c Class) limited() bool { return c.Total != NoLimit || c.EachTerm != NoLimit }

// problem says what is wrong with the term, or returns "".
func (t *Term) problem(d *Definition) string {
	switch {
	case label.Check(t.Label) != "":
		return "label " + label.Check(t.Label)
	case len(t.Points) < 1 || len(t.Points) > MaxRanges:
		return fmt.Sprintf("%d ranges of points, expected 1 to %d", len(t.Points), MaxRanges)
	case t.Factor < 1 || t.Factor > MaxFactor:
		return fmt.Sprintf("factor %d, expected 1 to %d", t.Factor, MaxFactor)
	case t.VisitMost > MaxLimit:
		return fmt.Sprintf("at most %d a visit, expected up to %d", t.VisitMost, MaxLimit)
	case t.Least > MaxLimit:
		return fmt.Sprintf("at least %d, expected up to %d", t.Least, MaxLimit)
	case t.Most > MaxLimit:
		return fmt.Sprintf("at most %d, expected up to %d", t.Most, MaxLimit)
	case t.Most > 0 && t.Most < t.Least:
		return fmt.Sprintf("at most %d is below at least %d", t.Most, t.Least)
	case t.Times != "" && !slices.ContainsFunc(d.Times, func(o Times) bool { return o.Label == t.Times }):
		return fmt.Sprintf("time weights %s are not in the model", label.Quote(t.Times))
	}
	for i, r := range t.Points {
		switch {
		case r.Most > MaxPoints:
			return fmt.Sprintf("points %d, expected 0 to %d", r.Most, MaxPoints)
		case r.Least > r.Most:
			return fmt.Sprintf("points %d..%d run backwards", r.Least, r.Most)
		case i > 0 && r.Least <= t.Points[i-1].Most+1: // MaxPoints is far from overflow
			return fmt.Sprintf("points %s and %s, expected ascending with a gap", t.Points[i-1], r)
		}
	}
	return ""
}

// problem says what is wrong with the table, or returns "".
func (t *Times) problem() string {
	switch {
	case label.Check(t.Label) != "":
		return "label " + label.Check(t.Label)
	case len(t.Steps) > MaxSteps:
		return fmt.Sprintf("%d steps, expected up to %d", len(t.Steps), MaxSteps)
	case t.Else > MaxTime:
		return fmt.Sprintf("weight %d, expected 0 to %d", t.Else, MaxTime)
	case t.Divisor < 1 || t.Divisor > MaxTime:
		return fmt.Sprintf("divided by %d, expected 1 to %d", t.Divisor, MaxTime)
	case t.Divisor == 1 && t.RoundUp:
		return "rounded without a division"
	}
	months := 0
	for _, s := range t.Steps {
		switch {
		case s.Months < 1 || s.Months > MaxMonths:
			return fmt.Sprintf("%d months, expected 1 to %d", s.Months, MaxMonths)
		case s.Months <= months:
			return fmt.Sprintf("%d months after %d, expected ascending", s.Months, months)
		case s.Weight > MaxTime:
			return fmt.Sprintf("weight %d, expected 0 to %d", s.Weight, MaxTime)
		}
		months = s.Months
	}
	return ""
}

// String returns the range as "3..5", or "3" if it is one number.
func (r Range) String() string {
	if r.Least == r.Most {
		return fmt.Sprint(r.Least)
	}
	return fmt.Sprintf("%d..%d", r.Least, r.Most)
}

// ranges returns the text of ranges, such as "0,5,10..20".
func ranges(points []Range) string {
	var texts []string
	for _, r := range points {
		texts = append(texts, r.String())
	}
	return strings.Join(texts, ",")
}
