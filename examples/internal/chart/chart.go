// Package chart writes plain SVG pictures for the example programs: a funnel plot and a bar chart of
// strata. They have no script, no style sheet and no fonts of their own, and colours come with a
// second sign (a shape, a dash), so that they can be printed and told apart by everybody.
package chart

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"math"
	"slices"
	"strings"
)

// A Point is a mark in a funnel plot.
type Point struct {
	X, Y   float64
	Label  string // shown on hovering, and beside marked points
	Marked bool   // a filled triangle instead of a ring
}

// A Curve is a line in a funnel plot.
type Curve struct {
	Label  string
	Points [][2]float64
	Dashed bool
}

// A Funnel is a funnel plot: what was found against how much there is to find it by, with the limits
// within which chance alone keeps.
type Funnel struct {
	Title, XLabel, YLabel string
	Points                []Point
	Curves                []Curve
	Line                  float64 // the horizontal line of what is expected
}

const (
	width, height           = 900, 560
	left, right, top, under = 70, 30, 60, 60 // margins
)

// WriteTo writes the plot as an SVG picture. It returns the number of bytes and w's error.
func (f Funnel) WriteTo(w io.Writer) (int64, error) {
	most, high := 1.0, f.Line*1.2
	for _, p := range f.Points {
		most, high = max(most, p.X), max(high, p.Y)
	}
	if high <= 0 {
		high = 1
	}
	xStep, yStep := nice(most/8), nice(high/6)
	most, high = math.Ceil(most/xStep)*xStep, math.Ceil(high/yStep)*yStep
	x := func(v float64) float64 { return left + v/most*(width-left-right) }
	y := func(v float64) float64 { return height - under - min(v, high)/high*(height-top-under) }

	var s strings.Builder
	begin(&s, f.Title, height)
	axes(&s, f.XLabel, f.YLabel)
	for v := 0.0; v <= most*1.0001; v += xStep {
		fmt.Fprintf(&s, `<path d="M%.1f %dv6" stroke="#333"/><text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n", x(v), height-under, x(v), height-under+22, number(v))
	}
	for v := 0.0; v <= high*1.0001; v += yStep {
		fmt.Fprintf(&s, `<path d="M%d %.1fH%d" stroke="#e4e4e4"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n", left, y(v), width-right, left-10, y(v)+5, number(v))
	}
	fmt.Fprintf(&s, `<path d="M%d %.1fH%d" stroke="#333"/>`+"\n", left, y(f.Line), width-right)
	for _, c := range f.Curves {
		if len(c.Points) == 0 {
			continue
		}
		points := slices.Clone(c.Points)
		slices.SortFunc(points, func(a, b [2]float64) int { return cmp.Compare(a[0], b[0]) })
		var path []string
		for _, p := range points {
			path = append(path, fmt.Sprintf("%.1f,%.1f", x(p[0]), y(p[1])))
		}
		dash := ""
		if c.Dashed {
			dash = ` stroke-dasharray="6 4"`
		}
		last := points[len(points)-1]
		fmt.Fprintf(&s, `<polyline points="%s" fill="none" stroke="#0b5394" stroke-width="1.5"%s/>`+"\n", strings.Join(path, " "), dash)
		fmt.Fprintf(&s, `<text x="%.1f" y="%.1f" text-anchor="end" fill="#0b5394">%s</text>`+"\n", x(last[0]), y(last[1])-5, html.EscapeString(c.Label))
	}
	for _, p := range f.Points {
		label := html.EscapeString(p.Label)
		if p.Marked {
			fmt.Fprintf(&s, `<path d="M%.1f %.1fl7 12h-14z" fill="#b45309"><title>%s</title></path><text x="%.1f" y="%.1f" fill="#b45309">%s</text>`+"\n", x(p.X), y(p.Y)-7, label, x(p.X)+9, y(p.Y)+4, label)
			continue
		}
		fmt.Fprintf(&s, `<circle cx="%.1f" cy="%.1f" r="4" fill="none" stroke="#444"><title>%s</title></circle>`+"\n", x(p.X), y(p.Y), label)
	}
	return end(&s, w)
}

// A Stratum is a pair of bars: what was expected and what was drawn.
type Stratum struct {
	Label           string
	Expected, Drawn float64
}

// Strata writes a bar chart of strata as an SVG picture: for each a hollow bar of what was expected and a
// filled one of what was drawn. It returns the number of bytes and w's error.
func Strata(w io.Writer, title string, strata []Stratum) (int64, error) {
	const row, names = 34, 150
	tall := top + row*len(strata) + under
	most := 1.0
	for _, h := range strata {
		most = max(most, h.Expected, h.Drawn)
	}
	x := func(v float64) float64 { return v / most * (width - names - 180) }
	var s strings.Builder
	begin(&s, title, tall)
	for i, h := range strata {
		at := top + row*i
		fmt.Fprintf(&s, `<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", names-10, at+18, html.EscapeString(h.Label))
		fmt.Fprintf(&s, `<rect x="%d" y="%d" width="%.1f" height="11" fill="none" stroke="#444"/>`+"\n", names, at+2, x(h.Expected))
		fmt.Fprintf(&s, `<rect x="%d" y="%d" width="%.1f" height="11" fill="#0b5394"/>`+"\n", names, at+15, x(h.Drawn))
		fmt.Fprintf(&s, `<text x="%.1f" y="%d">%s of %s expected</text>`+"\n", names+x(max(h.Expected, h.Drawn))+8, at+18, number(h.Drawn), number(h.Expected))
	}
	at := top + row*len(strata) + 20
	fmt.Fprintf(&s, `<rect x="%d" y="%d" width="24" height="11" fill="none" stroke="#444"/><text x="%d" y="%d">expected</text>`+"\n", names, at, names+32, at+10)
	fmt.Fprintf(&s, `<rect x="%d" y="%d" width="24" height="11" fill="#0b5394"/><text x="%d" y="%d">drawn</text>`+"\n", names+130, at, names+162, at+10)
	return end(&s, w)
}

func begin(s *strings.Builder, title string, tall int) {
	title = html.EscapeString(title)
	fmt.Fprintf(s, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s" font-family="sans-serif" font-size="13">`+"\n", width, tall, title)
	fmt.Fprintf(s, `<rect width="%d" height="%d" fill="#fff"/><text x="%d" y="32" font-size="18" text-anchor="middle">%s</text>`+"\n", width, tall, width/2, title)
}

func axes(s *strings.Builder, x, y string) {
	fmt.Fprintf(s, `<path d="M%d %dV%dH%d" fill="none" stroke="#333"/>`+"\n", left, top, height-under, width-right)
	fmt.Fprintf(s, `<text x="%d" y="%d" text-anchor="middle">%s</text>`+"\n", (left+width-right)/2, height-14, html.EscapeString(x))
	fmt.Fprintf(s, `<text transform="translate(20 %d) rotate(-90)" text-anchor="middle">%s</text>`+"\n", (top+height-under)/2, html.EscapeString(y))
}

func end(s *strings.Builder, w io.Writer) (int64, error) {
	s.WriteString("</svg>\n")
	n, err := io.WriteString(w, s.String())
	return int64(n), err
}

// nice returns 1, 2 or 5 times a power of ten, at least v.
func nice(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= v*0.999 {
			return m * power
		}
	}
	return 10 * power
}

func number(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}
