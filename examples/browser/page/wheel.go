package page

import (
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/examples/internal/wording"
)

// A Wheel is how a stratum's quota was shared out among its groups of weight, for a
// picture and a table. Places are fractions of the circle, for the picture alone.
type Wheel struct {
	Stratum string       `json:"stratum"`
	Marks   uint64       `json:"marks"` // equidistant marks
	Start   float64      `json:"start"` // place of the first mark
	Spun    bool         `json:"spun"`  // start and order are those of the draw: the seed is public
	Arcs    []Arc        `json:"arcs"`  // as laid down
	Text    wording.Text `json:"text"`  // the picture in words
}

// An Arc is a group of units of one weight.
type Arc struct {
	Weight  uint64  `json:"weight"`
	Units   uint64  `json:"units"`
	Certain bool    `json:"certain"` // all are drawn: it is not on the wheel
	From    float64 `json:"from"`    // place where it begins
	To      float64 `json:"to"`      // and ends
	Share   string  `json:"share"`   // expected number of drawn units, with two digits
	Chance  string  `json:"chance"`  // of each unit, in percent
	Drawn   uint64  `json:"drawn"`
}

// Wheel returns the wheel of a stratum. [Session.Prepare] must have succeeded.
func (s *Session) Wheel(stratum string) (*Wheel, error) {
	r := s.rows
	if r == nil {
		return nil, problem(nil, "Check the bundle first.", "请先核验材料包。")
	}
	w, ok := r.selection.Wheel(stratum)
	if !ok {
		return nil, problem(nil, "There is no stratum of that name.", "没有这一层。")
	}
	out := &Wheel{Stratum: stratum, Marks: w.Marks, Spun: r.result != nil}
	if w.Marks > 0 {
		out.Start = float64(w.Start) / float64(w.Size) / float64(w.Marks)
	}
	arc := func(c draw.CellResult) Arc {
		percent, _ := chance(c.Chance)
		return Arc{Weight: c.Weight, Units: c.Units, Certain: c.Certain, Share: c.Share.Rat().FloatString(2), Chance: strings.TrimPrefix(strings.TrimPrefix(percent, "= "), "≈ "), Drawn: c.Count}
	}
	end := uint64(0)
	for _, a := range w.Arcs {
		c, _ := r.selection.Cell(stratum, a.Weight)
		x := arc(c)
		x.From = float64(end) / float64(w.Size)
		end += a.Length
		x.To = float64(end) / float64(w.Size)
		out.Arcs = append(out.Arcs, x)
	}
	for _, c := range r.frame.Cells() {
		if r.plan.Strata()[c.Stratum].Label != stratum {
			continue
		}
		if cell, ok := r.selection.Cell(stratum, c.Weight); ok && cell.Certain {
			out.Arcs = append(out.Arcs, arc(cell))
		}
	}
	out.Text = wheelText(out)
	return out, nil
}

func wheelText(w *Wheel) wording.Text {
	if w.Marks == 0 {
		return wording.Both(fmt.Sprintf("In stratum %s nothing was left to the wheel.", w.Stratum), fmt.Sprintf("层 %s 无需转盘。", w.Stratum))
	}
	if !w.Spun {
		return wording.Both(
			fmt.Sprintf("Stratum %s: the wheel has %s equidistant marks. Where the first one falls, and in which order the arcs lie, shows when the draw is opened.", w.Stratum, count(w.Marks)),
			fmt.Sprintf("层 %s：转盘上有 %s 个等距点。起点位置和各弧次序在公开后可见。", w.Stratum, count(w.Marks)))
	}
	return wording.Both(
		fmt.Sprintf("Stratum %s: the arcs are the groups of equal weight, as long as their weights together. From a random start %s equidistant marks go around; each group yields as many units as marks fall on its arc.", w.Stratum, count(w.Marks)),
		fmt.Sprintf("层 %s：每段弧为一组权重相同的单位，弧长与该组总权重成正比。自随机起点起，%s 个等距点绕一周；每段弧上落有几个点，该组就抽几个单位。", w.Stratum, count(w.Marks)))
}
