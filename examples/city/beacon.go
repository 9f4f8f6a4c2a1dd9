package main

import (
	"math/rand/v2"
	"time"

	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/registry"
)

// beaconName is the name of the beacon in series and notices.
const beaconName = "evening-lotteries"

// sources are what the beacon is made from: two lotteries that are drawn every evening, 20 of 80 numbers and three
// digits, 71 bits together.
func sources() []beacon.Source {
	return []beacon.Source{
		{Name: "20-of-80", Count: 20, Min: 1, Max: 80},
		{Name: "3-digits", Count: 3, Min: 0, Max: 9, Ordered: true},
	}
}

// An evening is what the (made-up) lotteries drew on a day.
type evening struct {
	round string // the day
	at    time.Time
	value string // canonical
}

// evenings returns the beacon that knows the results of all days, and these.
func evenings(d dice, days []registry.Date) (*beacon.Declared, []evening, error) {
	plain, err := beacon.NewDeclared(beaconName, sources())
	if err != nil {
		return nil, nil, err
	}
	var list []evening
	values := map[string]string{}
	for i, day := range days {
		rng := d.rand("lottery", uint64(i))
		value, err := plain.Format(balls(rng))
		if err != nil {
			return nil, nil, err
		}
		list = append(list, evening{day.String(), clock(day, 21, 15), value})
		values[day.String()] = value
	}
	known, err := plain.With(values)
	return known, list, err
}

func balls(rng *rand.Rand) [][]uint64 {
	numbers, digits := []uint64{}, []uint64{}
	for _, n := range rng.Perm(80)[:20] {
		numbers = append(numbers, uint64(n+1))
	}
	for range 3 {
		digits = append(digits, uint64(rng.IntN(10)))
	}
	return [][]uint64{numbers, digits}
}

// rule returns what a verifier's policy says of the beacon who watched television every evening.
func beaconRule(list []evening) audit.BeaconRule {
	rule := audit.BeaconRule{Name: beaconName, Kind: "declared", Sources: sources()}
	for _, e := range list {
		rule.Values = append(rule.Values, audit.BeaconValue{Round: e.round, At: e.at, Value: e.value})
	}
	return rule
}
