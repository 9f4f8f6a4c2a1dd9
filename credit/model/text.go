package model

import (
	"fmt"
	"math"
	"strings"

	"github.com/doublerandom/doublerandom/internal/line"
	"github.com/doublerandom/doublerandom/registry"
)

const (
	header  = "doublerandom/risk-model/v1"
	maxText = 1 << 17 // every model is shorter
)

// MarshalText returns the model's only text, which [Parse] reads. The error is always nil.
func (m *Model) MarshalText() ([]byte, error) { return m.appendText(nil), nil }

func (m *Model) appendText(b []byte) []byte {
	d := &m.def
	facts := "all"
	if d.Latest {
		facts = "of latest visit"
	}
	b = fmt.Appendf(b, "%s\nmodel %s version %d from %s to %s\ntitle %s\nfacts %s\n",
		header, d.Name, d.Version, d.From, orOpen(d.To), d.Title, facts)
	for _, t := range d.Times {
		b = append(t.appendText(b), '\n')
	}
	for _, t := range d.Terms {
		b = append(t.appendText(b), '\n')
	}
	for _, c := range d.Classes {
		b = append(c.appendText(b), '\n')
	}
	return b
}

func (t *Times) appendText(b []byte) []byte {
	b = fmt.Appendf(b, "times %s ", t.Label)
	for _, s := range t.Steps {
		b = fmt.Appendf(b, "within %d months %d; ", s.Months, s.Weight)
	}
	b = fmt.Appendf(b, "else %d", t.Else)
	if t.Divisor > 1 {
		rounded := "down"
		if t.RoundUp {
			rounded = "up"
		}
		b = fmt.Appendf(b, "; divided by %d rounded %s", t.Divisor, rounded)
	}
	return b
}

func (t *Term) appendText(b []byte) []byte {
	b = fmt.Appendf(b, "term %s points %s", t.Label, ranges(t.Points))
	if t.Once {
		b = append(b, " once"...)
	}
	if t.Factor > 1 {
		b = fmt.Appendf(b, " factor %d", t.Factor)
	}
	if t.VisitMost > 0 {
		b = fmt.Appendf(b, " visit at most %d", t.VisitMost)
	}
	if t.Times != "" {
		b = fmt.Appendf(b, " weighted %s", t.Times)
	}
	if t.Least > 0 {
		b = fmt.Appendf(b, " at least %d", t.Least)
	}
	if t.Most > 0 {
		b = fmt.Appendf(b, " at most %d", t.Most)
	}
	return b
}

func (c Class) appendText(b []byte) []byte {
	return fmt.Appendf(b, "class %s %s rate %d weight %d", c.Label, c.condition(), c.Rate, c.Weight)
}

// condition returns the limits of the class as they stand in its line.
func (c Class) condition() string {
	switch {
	case !c.limited():
		return "otherwise"
	case c.EachTerm == NoLimit:
		return fmt.Sprintf("total at most %d", c.Total)
	case c.Total == NoLimit:
		return fmt.Sprintf("each term at most %d", c.EachTerm)
	}
	return fmt.Sprintf("total at most %d each term at most %d", c.Total, c.EachTerm)
}

// Parse reads the text that [Model.MarshalText] returns, and no other spelling:
//
//	model = "doublerandom/risk-model/v1" LF
//	        "model " label " version " number " from " date " to " ( date | "open" ) LF
//	        "title " text LF
//	        "facts " ( "all" | "of latest visit" ) LF
//	        { times LF } term LF { term LF } class LF { class LF }
//	times = "times " label " " { "within " number " months " number "; " } "else " number
//	        [ "; divided by " number " rounded " ( "up" | "down" ) ]
//	term  = "term " label " points " range { "," range } [ " once" ] [ " factor " number ]
//	        [ " visit at most " number ] [ " weighted " label ]
//	        [ " at least " number ] [ " at most " number ]
//	range = number [ ".." number ]
//	class = "class " label " " ( limit | "otherwise" ) " rate " number " weight " number
//	limit = "total at most " number [ " each term at most " number ] | "each term at most " number
//
// Dates are YYYY-MM-DD, numbers have no leading zeros and nouns no singular, and what is not
// needed is left out: factor 1, a range of one number with "..", two ranges without a gap. What
// the fields mean and their limits, see [Definition]. A text is at most 128 KiB.
//
// An error is a [*ParseError], which may wrap a [*PointsError] or [*DateError], or what [New]
// returns.
func Parse(text []byte) (*Model, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("model: text has %d bytes, expected at most %d", len(text), maxText)
	}
	var d Definition
	n := 0
	for text := range strings.Lines(string(text)) {
		n++
		w := words{Reader: line.Reader{Rest: strings.TrimSuffix(text, "\n")}}
		w.read(n, &d)
		if w.Err != nil {
			return nil, &ParseError{n, w.Err}
		}
	}
	if n < 4 { // headers that later lines would have to follow
		return nil, &ParseError{n + 1, fmt.Errorf("model: end of text, expected 4 lines and terms and classes")}
	}
	m, err := New(d)
	if err != nil {
		return nil, err
	}
	if at := line.Difference(m.appendText(nil), text); at > 0 {
		return nil, &ParseError{at, fmt.Errorf("model: not in its one spelling or place")}
	}
	return m, nil
}

// read reads the n-th line. That they are in order the comparison of texts finds.
func (w *words) read(n int, d *Definition) {
	switch {
	case n == 1:
		w.Expect(header)
		w.End()
	case n == 2:
		w.Expect("model ")
		d.Name = w.Next()
		w.Expect("version ")
		d.Version = uint32(w.Number(math.MaxUint32, " "))
		w.Expect("from ")
		d.From = w.date("first day of model", "")
		w.Expect("to ")
		d.To = w.date("last day of model", "open")
		w.End()
	case n == 3:
		w.Expect("title ")
		d.Title = w.Rest
	case n == 4:
		if d.Latest = w.Take("facts of latest visit"); !d.Latest {
			w.Expect("facts all")
		}
		w.End()
	case w.Take("times "):
		d.Times = append(d.Times, w.times())
		w.bound(len(d.Times), MaxTimes)
	case w.Take("term "):
		d.Terms = append(d.Terms, w.term())
		w.bound(len(d.Terms), MaxTerms)
	case w.Take("class "):
		d.Classes = append(d.Classes, w.class())
		w.bound(len(d.Classes), MaxClasses)
	default:
		w.Fail("times, term or class")
	}
}

func (w *words) times() (t Times) {
	t.Label = w.named("time weights")
	for w.Take("within ") {
		months := int(w.Number(MaxMonths, " "))
		w.Expect("months ")
		t.Steps = append(t.Steps, Step{months, w.points(MaxTime, ";")})
		w.Expect(" ")
		w.bound(len(t.Steps), MaxSteps)
	}
	w.Expect("else ")
	t.Else, t.Divisor = w.points(MaxTime, ";"), 1
	if w.Take(" divided by ") {
		t.Divisor = w.Number(MaxTime, " ")
		w.Expect("rounded ")
		if t.RoundUp = w.Take("up"); !t.RoundUp {
			w.Expect("down")
		}
	}
	w.End()
	return t
}

func (w *words) term() (t Term) {
	t.Label = w.named("term")
	w.Expect("points ")
	list := w.Next()
	if w.Err == nil {
		t.Points = w.ranges(list)
	}
	t.Once = w.takeWord("once")
	t.Factor = 1
	if w.Take("factor ") {
		t.Factor = w.points(MaxFactor, " ")
	}
	if w.Take("visit at most ") {
		t.VisitMost = w.points(MaxLimit, " ")
	}
	if w.Take("weighted ") {
		t.Times = w.Next()
	}
	if w.Take("at least ") {
		t.Least = w.points(MaxLimit, " ")
	}
	if w.Take("at most ") {
		t.Most = w.points(MaxLimit, " ")
	}
	w.End()
	return t
}

func (w *words) ranges(list string) (points []Range) {
	for text := range strings.SplitSeq(list, ",") {
		least, most, two := strings.Cut(text, "..")
		if !two {
			most = least
		}
		l, ok := line.ParseNumber(least, MaxPoints)
		m, ok2 := line.ParseNumber(most, MaxPoints)
		if !ok || !ok2 {
			w.Err = &PointsError{w.what, text, fmt.Sprintf("0 to %d", MaxPoints)}
			return nil
		}
		points = append(points, Range{uint32(l), uint32(m)})
		if w.bound(len(points), MaxRanges); w.Err != nil {
			return nil
		}
	}
	return points
}

func (w *words) class() (c Class) {
	c.Label, c.Total, c.EachTerm = w.named("class"), NoLimit, NoLimit
	if !w.Take("otherwise ") {
		total := w.Take("total at most ")
		if total {
			c.Total = w.points(MaxLimit, " ")
		}
		if w.Take("each term at most ") {
			c.EachTerm = w.points(MaxLimit, " ")
		} else if !total {
			w.Fail("otherwise, total at most or each term at most")
		}
	}
	w.Expect("rate ")
	c.Rate = registry.PPM(w.Number(uint64(registry.WholePPM), " "))
	w.Expect("weight ")
	c.Weight = w.Number(MaxWeight, " ")
	w.End()
	return c
}
