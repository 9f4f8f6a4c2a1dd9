package coverage

import (
	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/internal/wheel"
)

// roundSizes turns each cell's shares into the sizes of its batches: on a wheel
// of its own (draw/SPEC.md, section 5), whose size is the sum of the parts, batch
// k is an interval as long as its part times the cell's units.
func (s *Schedule) roundSizes() error {
	h := s.hash.Hasher()
	for i := range s.cells {
		c := &s.plan.cells[i]
		s.cells[i].cuts = make([]Cut, len(c.parts))
		if c.units == 0 {
			continue
		}
		key, err := derive.Key(s.plan.suite.Hash, s.seed[:], purposeWheel, string(s.plan.id[:]), c.stratum, decimal(c.weight))
		if err != nil {
			return s.deriveError(err)
		}
		w := wheel.New(c.sum, wheel.Start(h, &key, c.sum))
		for k, part := range c.parts {
			s.cells[i].cuts[k].Units = w.Next(c.units, uint64(part))
		}
	}
	return nil
}
