package draw

import (
	"bufio"
	"fmt"
	"io"

	"github.com/doublerandom/doublerandom/internal/counting"
	"github.com/doublerandom/doublerandom/internal/label"
)

// resultHeader is the first line of a result's text.
const resultHeader = "doublerandom/result/v1"

// maxResultLine bounds a line of a result's text: a cell with two fractions.
const maxResultLine = 1024

// WriteTo writes the result's one text to w:
//
//	doublerandom/result/v1
//	plan 9c0d…
//	seed 5f1e…
//	drawn 10000
//	stratum 370202/A 10834 21668 650/3 217
//	cell 1 5000 1085000/21668 50 325/5417 1f00…
//	unit 1 913702001635621638 0003…
//	…
//	reserve 51 91370200X… 1f07…
//
// with, for each stratum, its label, units, weight, quota and count; for each of
// its cells the weight, units, share, count, chance and cut-off ("all" in a
// certain cell, "none" if nothing was drawn); and for each drawn unit and
// reserve its rank, ID and ticket. It returns the number of bytes written and
// w's first error.
func (r *Result) WriteTo(w io.Writer) (int64, error) {
	counted := &counting.Writer{W: w}
	out := bufio.NewWriterSize(counted, 64<<10)
	fmt.Fprintf(out, "%s\nplan %x\nseed %s\ndrawn %d\n", resultHeader, r.planID, r.seed, r.Len())
	for i := range r.strata {
		s := &r.strata[i]
		fmt.Fprintf(out, "stratum %s %d %d %s %d\n", s.Label, s.Units, s.Weight, s.Quota, s.Count)
		for c := range s.cells {
			cell := &s.cells[c]
			fmt.Fprintf(out, "cell %d %d %s %d %s %s\n", cell.Weight, cell.Units, cell.Share, cell.Count, cell.Chance, cell.cutOff())
			for u := range cell.units {
				d := cell.at(u)
				fmt.Fprintf(out, "%s %d %s %s\n", d.keyword(), d.Rank, d.ID, d.Ticket)
			}
		}
	}
	err := out.Flush()
	return counted.N, err
}

// cutOff returns the cut-off's text.
func (c *CellResult) cutOff() string {
	switch {
	case c.Certain:
		return "all"
	case c.Count == 0:
		return "none"
	}
	return c.CutOff.String()
}

func (d *Drawn) keyword() string {
	if d.Reserve {
		return "reserve"
	}
	return "unit"
}

// ParseResult reads the text of a result, and nothing else. It checks what the
// text alone can tell: order, counts and sums. An error in a line is a
// *[TextError]. Whether the result is the right one is for [Check].
func ParseResult(r io.Reader) (*Result, error) {
	res := new(Result)
	in := newTextReader("result", maxResultLine, r)
	in.header(resultHeader)
	in.hash("plan", &res.planID)
	in.hash("seed", (*Hash)(&res.seed))
	var total, count uint64
	in.uint("drawn", &total)
	for in.more() {
		header := in.line
		s := in.stratumResult()
		if in.err != nil {
			break
		}
		if n := len(res.strata); n > 0 && res.strata[n-1].Label >= s.Label {
			in.failAt(header, "stratum %q is not above %q before it", s.Label, res.strata[n-1].Label)
			break
		}
		if count += s.Count; count > total {
			in.failAt(header, "strata have more than %d drawn units", total)
		}
		res.strata = append(res.strata, s)
	}
	if in.err != nil {
		return nil, in.err
	}
	if len(res.strata) == 0 {
		return nil, fmt.Errorf("draw: result: no strata, expected at least 1")
	}
	if count != total {
		return nil, fmt.Errorf("draw: result: strata have %d drawn units, expected %d", count, total)
	}
	return res, nil
}

// stratumResult reads a stratum with its cells.
func (in *textReader) stratumResult() (s stratumResult) {
	var units, weight, quota, count string
	in.fields("stratum", &s.Label, &units, &weight, &quota, &count)
	if in.err != nil {
		return s
	}
	if err := checkLabel(s.Label); err != nil {
		in.fail("stratum %v", err)
		return s
	}
	s.Units, s.Weight = in.number("units", units), in.number("weight", weight)
	s.Quota, s.Count = in.fraction("quota", quota), in.number("count", count)
	if in.err == nil && (s.Quota.Cmp(WholeFraction(s.Units)) > 0 || !s.Quota.rounds(s.Count)) {
		in.fail("stratum %q of %d units with quota %s cannot have %d drawn", s.Label, s.Units, cutFraction(quota), s.Count)
	}
	header := in.line
	var sum, drawn, weighed uint64
	for in.keyword() == "cell" {
		cell := in.line
		c := in.cellResult(s.Label)
		if in.err != nil {
			return s
		}
		if n := len(s.cells); n > 0 && s.cells[n-1].Weight >= c.Weight {
			in.failAt(cell, "cell of weight %d is not above %d before it", c.Weight, s.cells[n-1].Weight)
			return s
		}
		if c.Units > s.Units-sum || c.Units > (s.Weight-weighed)/c.Weight {
			in.failAt(cell, "cells of stratum %q have more than its %d units of weight %d", s.Label, s.Units, s.Weight)
			return s
		}
		sum, drawn, weighed = sum+c.Units, drawn+c.Count, weighed+c.Units*c.Weight
		s.cells = append(s.cells, c)
	}
	if in.err == nil && (sum != s.Units || weighed != s.Weight || drawn != s.Count) {
		in.failAt(header, "stratum %q has %d units of weight %d and %d drawn, its cells %d of %d and %d",
			s.Label, s.Units, s.Weight, s.Count, sum, weighed, drawn)
	}
	return s
}

// cellResult reads a cell with its units.
func (in *textReader) cellResult(stratum string) (c cellResult) {
	var weight, units, share, count, chance, cutOff string
	in.fields("cell", &weight, &units, &share, &count, &chance, &cutOff)
	if in.err != nil {
		return c
	}
	c.Stratum = stratum
	c.Weight, c.Units, c.Count = in.number("weight", weight), in.number("units", units), in.number("count", count)
	c.Share, c.Chance = in.fraction("share", share), in.fraction("chance", chance)
	c.Certain = cutOff == "all"
	if in.err == nil && (c.Weight < 1 || c.Units < 1 || c.Count > c.Units || c.Certain && c.Count != c.Units || !c.Share.rounds(c.Count)) {
		in.fail("cell of %s units of weight %s and share %s cannot have %s drawn with cut-off %s",
			units, weight, cutFraction(share), count, label.Quote(cutOff))
	}
	header := in.line
	var ids map[string]bool
	for k := in.keyword(); in.err == nil && (k == "unit" || k == "reserve"); k = in.keyword() {
		u := in.unit(k, uint64(len(c.units))+1, c.Count)
		if in.err != nil {
			return c
		}
		if n := len(c.units); n > 0 && compareEntries(entry{c.units[n-1].ticket, c.units[n-1].id}, entry{u.ticket, u.id}) >= 0 {
			in.fail("ticket %s is not above %s before it", u.ticket, c.units[n-1].ticket)
			return c
		}
		if ids == nil {
			ids = map[string]bool{}
		}
		if ids[u.id] {
			in.fail("id %q is repeated", u.id)
			return c
		}
		ids[u.id] = true
		c.units = append(c.units, u)
	}
	if in.err != nil {
		return c
	}
	if n := uint64(len(c.units)); n < c.Count || n > c.Units || n-c.Count > MaxReserves {
		in.failAt(header, "cell of weight %d has %d drawn of %d units, but %d lines follow", c.Weight, c.Count, c.Units, n)
		return c
	}
	if c.Count > 0 {
		c.CutOff = c.units[c.Count-1].ticket
	}
	if c.cutOff() != cutOff {
		in.failAt(header, "cut-off %s, expected %s", label.Quote(cutOff), c.cutOff())
	}
	return c
}

// unit reads the unit of the given rank in a cell with count drawn units.
func (in *textReader) unit(keyword string, rank, count uint64) (u drawn) {
	var rankText, ticketText string
	in.fields(keyword, &rankText, &u.id, &ticketText)
	if in.err != nil {
		return u
	}
	if got := in.number("rank", rankText); got != rank {
		in.fail("rank %s, expected %d", rankText, rank)
	}
	if (keyword == "unit") != (rank <= count) {
		in.fail("%s of rank %d in a cell with %d drawn", keyword, rank, count)
	}
	if err := checkLabel(u.id); err != nil {
		in.fail("id %v", err)
	}
	b, err := parseHex(ticketText, len(u.ticket))
	if err != nil {
		in.fail("ticket %v", err)
		return u
	}
	copy(u.ticket[:], b)
	return u
}

// rounds reports whether n is f rounded down or up.
func (f Fraction) rounds(n uint64) bool {
	low, _ := f.Floor()
	high, ok := f.Ceil()
	return ok && (n == low || n == high)
}
