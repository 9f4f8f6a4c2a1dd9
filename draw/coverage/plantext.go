package coverage

import (
	"fmt"
	"io"
	"strings"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// planHeader is the first line of a plan's text.
const planHeader = "doublerandom/coverage-plan/v1"

// MarshalText returns the plan's one text:
//
//	doublerandom/coverage-plan/v1
//	suite sha256
//	frame 4f2b…
//	units 1081742
//	lead 14
//	batches 8
//	cells 400
//	batch 2026Q1 2026-01-01 2026-03-31
//	…
//	cell 370202 4 5000 2 2 1 1 0 0 0 0
//	…
//
// with a line for each batch: label, first and last day; and one for each cell:
// the stratum's label, weight, units and a part for each batch. It never fails.
func (p *Plan) MarshalText() ([]byte, error) {
	b := fmt.Appendf(nil, "%s\nsuite %s\nframe %x\nunits %d\nlead %d\nbatches %d\ncells %d\n",
		planHeader, p.suite.Name(), p.root, p.units, p.lead, len(p.batches), len(p.cells))
	for _, batch := range p.batches {
		b = fmt.Appendf(b, "batch %s %s %s\n", batch.Label, batch.From, batch.To)
	}
	for _, c := range p.cells {
		b = fmt.Appendf(b, "cell %s %d %d", c.stratum, c.weight, c.units)
		for _, part := range c.parts {
			b = append(b, ' ')
			b = append(b, decimal(uint64(part))...)
		}
		b = append(b, '\n')
	}
	return b, nil
}

// ParsePlan reads the text of a plan, and nothing else. The plan's suite must be
// one of the suites given: which ones to trust is the reader's choice. An error in
// a line is a [*TextError].
func ParsePlan(r io.Reader, suites ...draw.Suite) (*Plan, error) {
	p := new(Plan)
	in := newTextReader("plan", r)
	in.header(planHeader)
	name := in.fields("suite", 1)[0]
	in.hex("frame", p.root[:])
	p.units = in.uint("units", 1, registry.MaxWeight)
	p.lead = int(in.uint("lead", 0, MaxLead))
	batches := in.uint("batches", 1, MaxBatches)
	cells := in.uint("cells", 1, MaxCells)
	if in.err == nil {
		if err := checkSize(batches, cells); err != nil {
			in.fail("%v", err)
		}
	}
	for i := uint64(0); i < batches && in.err == nil; i++ {
		p.readBatch(in)
	}
	units := uint64(0)
	for i := uint64(0); i < cells && in.err == nil; i++ {
		p.readCell(in, &units)
	}
	if in.end(); in.err != nil {
		return nil, in.err
	}
	if units != p.units {
		return nil, fmt.Errorf("coverage: plan: cells have %d units, the frame %d", units, p.units)
	}
	var err error
	if p.suite, err = suiteOf(suites, name); err != nil {
		return nil, err
	}
	p.finish()
	return p, nil
}

// readBatch reads "batch label from to".
func (p *Plan) readBatch(in *textReader) {
	f := in.fields("batch", 3)
	b := Batch{f[0], in.date(f[1]), in.date(f[2])}
	if in.err != nil {
		return
	}
	if err := checkBatch(p.batches, b); err != nil {
		in.fail("%v", err)
	}
	p.batches = append(p.batches, b)
}

// readCell reads "cell stratum weight units part …" and adds the units to those
// of the cells before.
func (p *Plan) readCell(in *textReader, units *uint64) {
	f := in.fields("cell", 3+len(p.batches))
	s := Shares{Stratum: f[0], Weight: in.number("weight", f[1], 1, registry.MaxWeight)}
	n := in.number("units", f[2], 0, registry.MaxWeight)
	for _, text := range f[3:] {
		s.Parts = append(s.Parts, in.number("part", text, 0, MaxPart))
	}
	if in.err != nil {
		return
	}
	c, err := newCell(s, len(p.batches))
	if err != nil {
		in.fail("%v", err)
		return
	}
	c.units = n
	if before := len(p.cells) - 1; before >= 0 && p.cells[before].compare(c) >= 0 {
		in.fail("stratum %q, weight %d is not above %q, %d of the line before", c.stratum, c.weight, p.cells[before].stratum, p.cells[before].weight)
	}
	if d := c.divisor(); d != 1 {
		in.fail("parts have the common divisor %d, expected lowest terms", d)
	}
	if *units += n; *units > p.units { // both were below 2^63
		in.fail("cells have %d units up to here, more than the frame's %d", *units, p.units)
	}
	p.cells = append(p.cells, c)
}

// suiteOf returns the suite with the given name.
func suiteOf(suites []draw.Suite, name string) (draw.Suite, error) {
	names := make([]string, 0, len(suites))
	for _, s := range suites {
		if s.Name() == name && name != "" {
			return s, nil
		}
		names = append(names, s.Name())
	}
	return draw.Suite{}, fmt.Errorf("coverage: plan: suite %s is none of those accepted: %s", label.Quote(name), strings.Join(names, ", "))
}
