package coverage

import (
	"bufio"
	"fmt"
	"io"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/counting"
	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// scheduleHeader is the first line of a schedule's text.
const scheduleHeader = "doublerandom/coverage-schedule/v1"

// none stands for what is not there.
const none = "none"

// WriteTo writes the schedule's one text to w:
//
//	doublerandom/coverage-schedule/v1
//	plan 9c0d…
//	seed 5f1e…
//	cell 370202 4 5000
//	cut 2026Q1 1667 5555…
//	cut 2026Q2 1666 aaab…
//	…
//	cut 2027Q4 0 none
//	…
//
// with, for each cell of the plan, the stratum's label, weight and units; and for
// each batch its label, the number of the cell's units in it, and the cut-off, or
// "none" if it has no unit. It returns the number of bytes written and w's first
// error.
func (s *Schedule) WriteTo(w io.Writer) (int64, error) {
	counted := &counting.Writer{W: w}
	out := bufio.NewWriterSize(counted, 64<<10)
	fmt.Fprintf(out, "%s\nplan %x\nseed %s\n", scheduleHeader, s.plan.id, s.seed)
	for i := range s.plan.cells {
		c := &s.plan.cells[i]
		fmt.Fprintf(out, "cell %s %d %d\n", c.stratum, c.weight, c.units)
		for k, cut := range s.cells[i].cuts {
			if cut.Units == 0 {
				fmt.Fprintf(out, "cut %s 0 %s\n", s.plan.batches[k].Label, none)
			} else {
				fmt.Fprintf(out, "cut %s %d %s\n", s.plan.batches[k].Label, cut.Units, cut.Last)
			}
		}
	}
	err := out.Flush()
	return counted.N, err
}

// ParseSchedule reads the text of a schedule of the given plan, and nothing else.
// It checks what plan and text alone can tell: cells, sizes that are shares
// rounded down or up, and cut-offs that ascend. Whether the schedule is the right
// one is for [Check]. An error in a line is a [*TextError].
func ParseSchedule(r io.Reader, plan *Plan) (*Schedule, error) {
	in := newTextReader("schedule", r)
	in.header(scheduleHeader)
	var id draw.Hash
	in.hex("plan", id[:])
	if in.err == nil && id != plan.id {
		in.fail("plan %x, expected %x", id, plan.id)
	}
	var seed draw.Seed
	in.hex("seed", seed[:])
	if in.err != nil {
		return nil, in.err
	}
	s, err := newSchedule(plan, seed)
	if err != nil {
		return nil, err
	}
	for i := range s.cells {
		s.readCell(in, i)
		if in.err != nil {
			return nil, in.err
		}
	}
	if in.end(); in.err != nil {
		return nil, in.err
	}
	return s, nil
}

// readCell reads a cell and its cuts.
func (s *Schedule) readCell(in *textReader, i int) {
	want, c := &s.plan.cells[i], &s.cells[i]
	f := in.fields("cell", 3)
	weight, units := in.number("weight", f[1], 1, registry.MaxWeight), in.number("units", f[2], 0, registry.MaxWeight)
	if in.err == nil && (f[0] != want.stratum || weight != want.weight || units != want.units) {
		in.fail("cell %s of weight %d with %d units, the plan has %q of weight %d with %d",
			label.Quote(f[0]), weight, units, want.stratum, want.weight, want.units)
	}
	total := uint64(0)
	c.cuts = make([]Cut, len(want.parts))
	for k := range c.cuts {
		s.readCut(in, i, k)
		if in.err != nil {
			return
		}
		total += c.cuts[k].Units
		if total > units {
			break
		}
	}
	if total != units {
		in.fail("cuts have %d units up to here, the cell %d", total, units)
	}
	c.index()
	for k := 1; k < len(c.ends); k++ {
		if !c.ends[k-1].less(c.ends[k]) {
			in.fail("cut-off of batch %q is not above that of batch %q", s.plan.batches[c.batches[k]].Label, s.plan.batches[c.batches[k-1]].Label)
		}
	}
}

// readCut reads cut k of cell i.
func (s *Schedule) readCut(in *textReader, i, k int) {
	cut := &s.cells[i].cuts[k]
	f := in.fields("cut", 3)
	if name := s.plan.batches[k].Label; in.err == nil && f[0] != name {
		in.fail("batch %s, expected %q", label.Quote(f[0]), name)
	}
	least, rest := s.plan.cells[i].share(k)
	most := least
	if rest {
		most++
	}
	cut.Units = in.number("units", f[1], least, most)
	switch {
	case in.err != nil:
	case cut.Units > 0:
		in.octets("cut-off", f[2], cut.Last[:])
	case f[2] != none:
		in.fail("cut-off %s of no units, expected %q", label.Quote(f[2]), none)
	}
}
