package draw

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// planHeader is the first line of a plan's text.
const planHeader = "doublerandom/plan/v1"

// maxPlanLine bounds a line of a plan's text: a label and three numbers.
const maxPlanLine = len("stratum ") + 64 + 3 + 19 + 19 + 39

// MarshalText returns the plan's one text:
//
//	doublerandom/plan/v1
//	suite sha256
//	frame 4f2b…
//	units 1081742
//	reserves 2
//	stratum 370202/A 10834 21668 650/3
//
// with a line for each stratum: label, units, weight and quota. It never fails.
func (p *Plan) MarshalText() ([]byte, error) {
	b := fmt.Appendf(nil, "%s\nsuite %s\nframe %x\nunits %d\nreserves %d\n",
		planHeader, p.suite.name, p.root, p.units, p.reserves)
	for i, s := range p.strata {
		b = fmt.Appendf(b, "stratum %s %d %d %s\n", s.Label, s.Units, s.Weight, p.quotas[i])
	}
	return b, nil
}

// ParsePlan reads the text of a plan, and nothing else. The plan's suite must be
// one of the suites given: which ones to trust is the reader's choice.
func ParsePlan(r io.Reader, suites ...Suite) (*Plan, error) {
	p := new(Plan)
	in := newTextReader("plan", maxPlanLine, r)
	name := ""
	in.header(planHeader)
	in.fields("suite", &name)
	in.hash("frame", &p.root)
	in.uint("units", &p.units)
	reserves := uint64(0)
	in.uint("reserves", &reserves)
	if in.err == nil && reserves > MaxReserves {
		in.fail("%d reserves, expected 0 to %d", reserves, MaxReserves)
	}
	p.reserves = int(reserves)
	var units, weight uint64
	for in.more() {
		s, quota := in.stratum()
		if in.err != nil {
			break
		}
		if n := len(p.strata); n > 0 && p.strata[n-1].Label >= s.Label {
			in.fail("stratum %q is not above %q of the line before", s.Label, p.strata[n-1].Label)
			break
		}
		units += s.Units
		if weight += s.Weight; weight > registry.MaxWeight || units > p.units {
			in.fail("units or weights of the strata add up to more than the frame's")
			break
		}
		p.strata, p.quotas = append(p.strata, s), append(p.quotas, quota)
	}
	if in.err != nil {
		return nil, in.err
	}
	if units != p.units {
		return nil, fmt.Errorf("draw: plan: strata have %d units, the frame %d", units, p.units)
	}
	var err error
	if p.suite, err = pick(suites, name); err != nil {
		return nil, err
	}
	if err := p.Quotas().Validate(p.strata); err != nil {
		return nil, err
	}
	if err := p.finish(); err != nil {
		return nil, err
	}
	return p, nil
}

// pick returns the suite with the given name.
func pick(suites []Suite, name string) (Suite, error) {
	names := make([]string, 0, len(suites))
	for _, s := range suites {
		if s.check() == nil && s.name == name {
			return s, nil
		}
		names = append(names, s.name)
	}
	return Suite{}, fmt.Errorf("draw: suite %s is none of those accepted: %s", label.Quote(name), strings.Join(names, ", "))
}

// stratum reads "stratum label units weight quota".
func (in *textReader) stratum() (s registry.Stratum, quota Fraction) {
	var units, weight, text string
	in.fields("stratum", &s.Label, &units, &weight, &text)
	if in.err != nil {
		return s, quota
	}
	if err := checkLabel(s.Label); err != nil {
		in.fail("stratum %v", err)
		return s, quota
	}
	s.Units, s.Weight = in.number("units", units), in.number("weight", weight)
	if in.err == nil && (s.Units < 1 || s.Weight < s.Units || s.Weight > registry.MaxWeight) {
		in.fail("stratum %q has %s units of weight %s, expected at least 1 of at least 1 each", s.Label, units, weight)
	}
	return s, in.fraction("quota", text)
}

// number returns the whole number with the given decimal text, at most 2^63−1.
func (in *textReader) number(what, text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil || strconv.FormatUint(n, 10) != text {
		in.fail("%s %s is not a whole number up to %d in plain decimal digits", what, label.Quote(text), uint64(registry.MaxWeight))
	}
	return n
}

// fraction returns the fraction with the given text.
func (in *textReader) fraction(what, text string) Fraction {
	f, err := ParseFraction(text)
	if err != nil {
		in.fail("%s: %s", what, strings.TrimPrefix(err.Error(), "draw: "))
	}
	return f
}
