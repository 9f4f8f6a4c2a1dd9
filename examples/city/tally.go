package main

import (
	"github.com/doublerandom/doublerandom/credit/target"
	"github.com/doublerandom/doublerandom/draw/estimate"
)

// A tally counts what the report prints.
type tally struct {
	voids, drawn, teams, refused int
	open, sealed, private        int            // draws
	swaps, skips, withdrawals    int            // events
	withoutTime, doubled         int            // visits without a slot; after another of the same half-day
	conflicts                    map[string]int // exclusions in notices, by rule
	pairs                        int
	units, largest               int // of frames
	kinds                        [flyingDraw + 1]int
	frames                       []framed         // the draws that tell something of their whole frame
	wide                         []estimate.Group // by district, of the last city-wide draw
	wideTruth                    map[string][2]int
	spots                        []target.Spot     // of its districts
	spread                       map[string]uint64 // proposed from them
	estimates, hits              int               // draws with ten visits or more; of these, intervals that hold the truth
	moves                        map[string]int    // of classes
}

// A framed is what a draw tells of its whole frame, beside the truth.
type framed struct {
	number int
	kind   kind
	item   string
	units  int
	estimate.Estimate
	truth float64
}
