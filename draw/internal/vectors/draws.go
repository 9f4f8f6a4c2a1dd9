package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// A drawVector is a whole draw. Numbers that may exceed 2^53 are strings.
type drawVector struct {
	Name      string          `json:"name"`
	About     string          `json:"about"`
	Frame     string          `json:"frame"`
	FrameRoot string          `json:"frame_root"`
	Plan      string          `json:"plan"`
	PlanID    string          `json:"plan_id"`
	Seed      string          `json:"seed"`
	Quotas    *quotaVector    `json:"quotas,omitempty"`
	Strata    []stratumVector `json:"strata"`
	Result    string          `json:"result"`
}

// A quotaVector is the wheel over strata; its intervals are in their order.
type quotaVector struct {
	StartKey  string           `json:"start_key"`
	TicketKey string           `json:"ticket_key"`
	M         string           `json:"M"`
	X         []string         `json:"x"`
	R         string           `json:"r"`
	Intervals []intervalVector `json:"intervals"`
}

type intervalVector struct {
	Name   string `json:"name"`
	Ticket string `json:"ticket"`
	Length string `json:"length"`
	End    string `json:"end"`
	Marks  string `json:"marks"`
}

type stratumVector struct {
	Label     string       `json:"label"`
	Quota     string       `json:"quota"`
	Count     string       `json:"count"`
	SelectKey string       `json:"select_key"`
	N         string       `json:"n"` // after certainty
	W         string       `json:"W"` // after certainty
	Wheel     *quotaVector `json:"wheel,omitempty"`
	Cells     []cellVector `json:"cells"`
}

type cellVector struct {
	Weight  string       `json:"weight"`
	Units   int          `json:"units"`
	Certain bool         `json:"certain"`
	Share   string       `json:"share"`
	Count   int          `json:"count"`
	Chance  string       `json:"chance"`
	CutOff  string       `json:"cut_off"`
	Ranked  []rankVector `json:"ranked"` // all units by ticket
}

type rankVector struct {
	ID     string `json:"id"`
	Ticket string `json:"ticket"`
}

// lay lays intervals on a wheel in the order of the tickets of their names.
func (s suite) lay(startKey, ticketKey []byte, names []string, lengths map[string]*big.Int, m *big.Int) (*quotaVector, map[string]*big.Int) {
	names = s.byTicket(ticketKey, names)
	xs, r := s.start(startKey, m)
	v := &quotaVector{text(startKey), text(ticketKey), m.String(), xs, r.String(), nil}
	var inOrder []*big.Int
	for _, name := range names {
		inOrder = append(inOrder, lengths[name])
	}
	got := map[string]*big.Int{}
	ends, counts := marks(inOrder, m, r)
	for i, name := range names {
		got[name] = counts[i]
		v.Intervals = append(v.Intervals, intervalVector{
			name, text(s.ticket(ticketKey, name)), inOrder[i].String(), ends[i].String(), counts[i].String(),
		})
	}
	return v, got
}

func (s suite) byTicket(key []byte, names []string) []string {
	names = slices.Clone(names)
	slices.SortFunc(names, func(a, b string) int { return bytes.Compare(s.ticket(key, a), s.ticket(key, b)) })
	return names
}

// derive derives a draw; seed n of a series that the name begins is taken.
func (s suite) derive(name, about string, units []unit, quotas map[string]*big.Rat, reserves, n int) drawVector {
	seed := sha256.Sum256(fmt.Appendf(nil, "doublerandom test vector %s %d", name, n))
	rows := lines(units)
	v := drawVector{Name: name, About: about, Frame: strings.Join(rows, "\n") + "\n", FrameRoot: text(s.root(rows)), Seed: text(seed[:])}
	labels := slices.Sorted(maps.Keys(quotas))
	v.Plan = fmt.Sprintf("doublerandom/plan/v1\nsuite %s\nframe %s\nunits %d\nreserves %d\n", s.name, v.FrameRoot, len(units), reserves)
	heads, floors, d := map[string]string{}, map[string]*big.Int{}, big.NewInt(1)
	for _, label := range labels {
		count, weight := 0, new(big.Int)
		for _, u := range units {
			if u.stratum == label {
				count++
				weight.Add(weight, u.weight)
			}
		}
		heads[label] = fmt.Sprintf("stratum %s %d %s %s", label, count, weight, quotas[label].RatString())
		v.Plan += heads[label] + "\n"
		den := quotas[label].Denom()
		d.Div(times(d, den), new(big.Int).GCD(nil, nil, d, den))
	}
	v.PlanID = text(s.sum([]byte(v.Plan)))
	lengths := map[string]*big.Int{}
	for _, label := range labels {
		floors[label] = new(big.Int).Div(quotas[label].Num(), quotas[label].Denom())
		// D·(t − ⌊t⌋) = D·num/den − D·⌊t⌋
		lengths[label] = times(quotas[label].Num(), new(big.Int).Div(d, quotas[label].Denom()))
		lengths[label].Sub(lengths[label], times(d, floors[label]))
	}
	counts := maps.Clone(floors)
	if d.Cmp(big.NewInt(1)) > 0 {
		var up map[string]*big.Int
		v.Quotas, up = s.lay(s.key(seed[:], "quota"), s.key(seed[:], "quota-cell"), labels, lengths, d)
		for _, label := range labels {
			counts[label] = new(big.Int).Add(floors[label], up[label])
		}
	}
	drawn, body := new(big.Int), ""
	for _, label := range labels {
		stratum, part := s.deriveStratum(label, cellsOf(units, label), quotas[label], floors[label], counts[label], reserves, seed[:])
		v.Strata = append(v.Strata, stratum)
		body += heads[label] + " " + stratum.Count + "\n" + part
		drawn.Add(drawn, counts[label])
	}
	v.Result = fmt.Sprintf("doublerandom/result/v1\nplan %s\nseed %s\ndrawn %s\n%s", v.PlanID, v.Seed, drawn, body)
	return v
}

// deriveStratum is sections 7 and 8 for one stratum; it returns the lines of its
// cells, too.
func (s suite) deriveStratum(label string, cells []cell, quota *big.Rat, floor, count *big.Int, reserves int, seed []byte) (stratumVector, string) {
	left, n, w := certainty(cells, count)
	selectKey := s.key(seed, "select", label)
	v := stratumVector{Label: label, Quota: quota.RatString(), Count: count.String(), SelectKey: text(selectKey), N: n.String(), W: w.String()}
	var names []string
	lengths, got := map[string]*big.Int{}, map[string]*big.Int{}
	for _, c := range cells[:left] {
		names = append(names, c.weight.String())
		lengths[c.weight.String()] = times(n, c.weight, number(len(c.ids)))
	}
	if left > 0 {
		v.Wheel, got = s.lay(s.key(seed, "wheel", label), s.key(seed, "cell", label), names, lengths, w)
	}
	body := ""
	for i, c := range cells {
		f := new(big.Rat).Sub(quota, new(big.Rat).SetInt(floor))
		mixed := new(big.Rat).Mul(new(big.Rat).Sub(big.NewRat(1, 1), f), chance(cells, i, floor))
		if f.Sign() > 0 {
			mixed.Add(mixed, f.Mul(f, chance(cells, i, new(big.Int).Add(floor, big.NewInt(1)))))
		}
		share := new(big.Rat).Mul(chance(cells, i, count), new(big.Rat).SetInt(number(len(c.ids))))
		cv := cellVector{
			Weight: c.weight.String(), Units: len(c.ids), Certain: i >= left, Share: share.RatString(),
			Count: len(c.ids), Chance: mixed.RatString(), CutOff: "all",
		}
		last := cv.Units
		if !cv.Certain {
			cv.Count, cv.CutOff = int(got[cv.Weight].Int64()), "none"
			last = min(cv.Count+reserves, cv.Units)
		}
		rows := ""
		for r, id := range s.byTicket(selectKey, c.ids) {
			t := text(s.ticket(selectKey, id))
			cv.Ranked = append(cv.Ranked, rankVector{id, t})
			switch {
			case r < cv.Count:
				rows += fmt.Sprintf("unit %d %s %s\n", r+1, id, t)
				if !cv.Certain {
					cv.CutOff = t
				}
			case r < last:
				rows += fmt.Sprintf("reserve %d %s %s\n", r+1, id, t)
			}
		}
		v.Cells = append(v.Cells, cv)
		body += fmt.Sprintf("cell %s %d %s %d %s %s\n", cv.Weight, cv.Units, cv.Share, cv.Count, cv.Chance, cv.CutOff) + rows
	}
	return v, body
}
