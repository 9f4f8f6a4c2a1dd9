package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/doublerandom/doublerandom/registry"
)

// A kind is a kind of draw.
type kind int

const (
	cityDraw     kind = iota // by a department of the city
	districtDraw             // by one of a district
	townDraw                 // by one of a town
	jointDraw                // by several departments of a district together
	wideDraw                 // of all enterprises of the city
	flyingDraw               // one visit at short notice, by any of all inspectors
)

func (k kind) String() string {
	return [...]string{"city", "district", "town", "joint", "city-wide", "flying"}[k]
}

// A fate says whether a draw is called off.
type fate int

const (
	stands    fate = iota
	badFrame       // a town was left out: called off before any reveal
	withheld       // a contributor does not show its value: called off at the close
	corrected      // the draw that takes the place of one called off
)

// A task is a draw of the agenda.
type task struct {
	number  int
	kind    kind
	fate    fate
	instead int // of a corrected draw: the number of the one called off
	day     registry.Date
	item    *item
	by      []bureau // departments: one, or several in a joint inspection
	towns   []string // where
	round   int      // 1 for the second time in the year that the same departments inspect the same item
	want    int      // units to draw
	open    bool     // not sealed
	private bool     // its exclusions are not published
}

// label returns the label of the stratum of a division.
func (t *task) label(division string) string {
	name := t.item.ID
	if t.kind == jointDraw || t.kind == flyingDraw {
		name += "-" + t.kind.String()
	}
	if t.round > 0 {
		name += "-again"
	}
	return name + ":" + division
}

// A planner makes up the agenda.
type planner struct {
	size    sizes
	rng     *rand.Rand
	index   *index
	items   []*item
	bureaus []bureau
	towns   [districts][]string
}

// agenda returns all draws of the months in their order.
func (p *planner) agenda(days []registry.Date) ([]*task, error) {
	for d := range p.towns {
		for t := range p.size.townsEach {
			p.towns[d] = append(p.towns[d], townCode(d, t))
		}
	}
	n := p.size.draws - 2 // two are called off and corrected
	common := n - p.size.wide - p.size.joint - p.size.flying
	list, err := p.choose(map[kind]int{
		cityDraw: common * 6 / 100, townDraw: common * 24 / 100, districtDraw: common - common*6/100 - common*24/100,
		jointDraw: p.size.joint, flyingDraw: p.size.flying,
	})
	if err != nil {
		return nil, err
	}
	p.rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for k := range p.size.wide {
		t := &task{kind: wideDraw, item: p.items[0], by: p.under(p.bureaus[0]), towns: p.all()}
		list = slices.Insert(list, (2*k+1)*n/(2*p.size.wide), t)
	}
	p.callOff(list)
	for i, t := range list {
		t.day = days[i*len(days)/len(list)]
		if t.kind == districtDraw || t.kind == townDraw {
			t.open = t.fate == stands && p.rng.IntN(4) == 0
		}
		t.private = !t.open && t.fate == stands && t.kind != flyingDraw && i%25 == 12
	}
	p.wants(list)
	list = correct(list, days)
	for i, t := range list {
		t.number = i + 1
	}
	for _, t := range list {
		if t.fate == corrected {
			t.instead = list[slices.IndexFunc(list, func(o *task) bool { return o.fate == fate(t.instead) })].number
		}
	}
	return list, nil
}

// all returns the towns of the city.
func (p *planner) all() []string { return slices.Concat(p.towns[:]...) }

// under returns a department of the city and those of its line in the districts.
func (p *planner) under(b bureau) []bureau {
	list := []bureau{b}
	for _, other := range p.bureaus {
		if other.line == b.line && other.district >= 0 && other.town < 0 {
			list = append(list, other)
		}
	}
	return list
}

// least is the smallest number of entities that a draw is made from.
const least = 12

// choose returns so many draws of each kind but the city-wide ones.
func (p *planner) choose(counts map[kind]int) ([]*task, error) {
	candidates := map[kind][]*task{}
	enter := func(t *task) {
		if p.index.size(t.item.targets, t.towns) >= least {
			candidates[t.kind] = append(candidates[t.kind], t)
		}
	}
	for _, it := range p.items[1:] {
		for _, b := range p.bureaus {
			switch {
			case b.line != it.line:
			case b.town >= 0:
				enter(&task{kind: townDraw, item: it, by: []bureau{b}, towns: []string{b.Division}})
			case b.district >= 0:
				enter(&task{kind: districtDraw, item: it, by: []bureau{b}, towns: p.towns[b.district]})
				if others := p.partners(b); len(others) > 0 {
					enter(&task{kind: jointDraw, item: it, by: append([]bureau{b}, others...), towns: p.towns[b.district]})
				}
			default:
				enter(&task{kind: cityDraw, item: it, by: p.under(b), towns: p.all()})
				enter(&task{kind: flyingDraw, item: it, by: []bureau{b}, towns: p.all()})
			}
		}
	}
	var list []*task
	for k := cityDraw; k <= flyingDraw; k++ {
		have := candidates[k]
		p.rng.Shuffle(len(have), func(i, j int) { have[i], have[j] = have[j], have[i] })
		for _, t := range have[:min(len(have), max(0, counts[k]-len(have)))] {
			again := *t
			again.round++
			have = append(have, &again)
		}
		if len(have) < counts[k] {
			return nil, fmt.Errorf("%d %s draws are possible, the agenda needs %d", len(have), k, counts[k])
		}
		list = append(list, have[:counts[k]]...)
	}
	return list, nil
}

// partners returns one or two departments of other lines in the same district.
func (p *planner) partners(b bureau) []bureau {
	var list []bureau
	for _, other := range p.bureaus {
		if other.line != b.line && other.district == b.district && other.town < 0 {
			list = append(list, other)
		}
	}
	p.rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:min(len(list), 1+p.rng.IntN(2))]
}

// callOff chooses the two draws that are called off.
func (p *planner) callOff(list []*task) {
	for i := len(list) / 4; i < len(list); i++ {
		if list[i].kind == districtDraw && len(list[i].towns) > 1 {
			list[i].fate = badFrame
			break
		}
	}
	for i := len(list) / 2; i < len(list); i++ {
		if list[i].kind == districtDraw && list[i].fate == stands {
			list[i].fate = withheld
			return
		}
	}
}

// wants says how many units each draw takes: all together the size's visits, where the lists are long enough.
func (p *planner) wants(list []*task) {
	usual := [...]float64{cityDraw: 40, districtDraw: 11, townDraw: 6, jointDraw: 14, wideDraw: 280}
	raw, most, sum := make([]float64, len(list)), make([]int, len(list)), 0.0
	for i, t := range list {
		most[i] = max(2, p.index.size(t.item.targets, t.towns)/8)
		if t.kind != flyingDraw {
			raw[i] = usual[t.kind] * (0.6 + 0.8*p.rng.Float64())
			sum += raw[i]
		}
	}
	left := p.size.visits - p.size.flying
	for i, t := range list {
		if t.kind == flyingDraw {
			t.want, most[i] = 1, 1
			continue
		}
		t.want = min(most[i], max(2, int(raw[i]*float64(left)/sum)))
	}
	for _, t := range list {
		if t.kind != flyingDraw {
			left -= t.want
		}
	}
	for left != 0 { // one at a time, to or from those with room
		before := left
		for i, t := range list {
			switch {
			case left > 0 && t.want < most[i]:
				t.want++
				left--
			case left < 0 && t.want > 2:
				t.want--
				left++
			}
		}
		if left == before {
			return
		}
	}
}

// correct puts a corrected draw some days behind each that is called off.
func correct(list []*task, days []registry.Date) []*task {
	for i := 0; i < len(list); i++ {
		t := list[i]
		if t.fate != badFrame && t.fate != withheld {
			continue
		}
		again := *t
		again.fate, again.instead = corrected, int(t.fate)
		k := i + 1
		for k < len(list)-1 && list[k].day.Compare(t.day) <= 0 {
			k++
		}
		again.day = list[min(k, len(list)-1)].day
		if again.day.Compare(t.day) <= 0 {
			again.day = days[len(days)-1]
		}
		list = slices.Insert(list, k, &again)
	}
	return list
}
