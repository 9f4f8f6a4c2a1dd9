package main

import (
	"github.com/doublerandom/doublerandom/credit"
	"github.com/doublerandom/doublerandom/draw/estimate"
)

// A year is what one year's inspections came to.
type year struct {
	visits, found, cases int
	fines                uint64 // in fen
}

// thisYear sums up the records.
func (k *keeper) thisYear() (y year) {
	for c := range k.Cases() {
		y.visits++
		if c.Record.Outcome() == credit.Found {
			y.found++
		}
		for _, s := range c.Steps {
			if s.State == credit.CaseOpened {
				y.cases++
			}
		}
		for _, p := range c.Record.Penalties {
			y.fines += p.Amount
		}
	}
	return y
}

// lastYear makes up the same months of the year before, when inspectors chose whom they visited, rather in the centre
// than elsewhere, and one team in ten found too much.
func (w *world) lastYear() (y year) {
	rng := w.dice.rand("last year", 0)
	then := newTruth(dice{w.dice.seed + 1})
	y.visits = w.size.visits * 21 / 20
	for range y.visits {
		e := w.reg.At(rng.IntN(w.reg.Len()))
		for try := 0; try < 2 && e.Division[:6] != places()[0].code; try++ {
			e = w.reg.At(rng.IntN(w.reg.Len()))
		}
		o := then.outcome(e, rng.IntN(10) == 0, false)
		if o.finding == estimate.Found {
			y.found++
		}
		if o.opened {
			y.cases++
		}
		y.fines += o.fine
	}
	return y
}
