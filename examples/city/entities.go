package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/doublerandom/doublerandom/registry"
)

// classes are the risk classes of the model, as they stand in the registry.
var classes = [...]string{"A", "B", "C", "D"}

// makeRegistry makes up all entities and imports them, as a registry's own reader would, with all checks.
func makeRegistry(d dice, s sizes, on registry.Date) (*registry.Registry, *registry.Report, error) {
	divisions, err := divisionTable(s.townsEach)
	if err != nil {
		return nil, nil, err
	}
	table, err := industryTable()
	if err != nil {
		return nil, nil, err
	}
	m, err := newMaker(d, s, on)
	if err != nil {
		return nil, nil, err
	}
	return registry.Import(m.all, registry.Checks{On: on, Codes: true, Divisions: divisions, Industries: table})
}

// A maker makes up entities.
type maker struct {
	size       sizes
	rng        *rand.Rand
	on         registry.Date
	industries []industry
	shares     []int
	attributes []registry.Attributes // by class
	names      []string
	towns      [districts][]string // codes
	err        error
}

func newMaker(d dice, s sizes, on registry.Date) (*maker, error) {
	m := &maker{size: s, rng: d.rand("entities", 0), on: on, industries: industries()}
	for _, i := range m.industries {
		m.shares = append(m.shares, i.share)
	}
	for _, c := range classes {
		a, err := registry.NewAttributes(registry.Attribute{Key: "class", Value: c})
		if err != nil {
			return nil, err
		}
		m.attributes = append(m.attributes, a)
	}
	for _, a := range []string{"海", "润", "恒", "泰", "嘉", "信", "盛", "源", "宏", "达", "佳", "和"} {
		for _, b := range []string{"食品", "餐饮", "机械", "建材", "商贸", "医药", "物流", "电子", "服装", "科技"} {
			m.names = append(m.names, "样本"+a+b)
		}
	}
	for i := range m.towns {
		for t := range s.townsEach {
			m.towns[i] = append(m.towns[i], townCode(i, t))
		}
	}
	return m, nil
}

// all yields all entities: enterprises, institutions, social organisations, judicial-service bodies, whose codes
// begin with the authority that registers them.
func (m *maker) all(yield func(registry.Entity, error) bool) {
	serial := 0
	for _, kind := range []struct {
		n        int
		domain   registry.Domain
		prefixes []string // repeated ones are likelier
		codes    []string // of industries; none for those of enterprises
	}{
		{m.size.enterprises, registry.Enterprise, []string{"91", "91", "91", "91", "92", "92", "92", "92", "92", "93"}, nil},
		{m.size.institutions, registry.Institution, []string{"12"}, []string{"8310", "8411", "8412", "9521"}},
		{m.size.social, registry.SocialOrganisation, []string{"51", "51", "52", "52", "53"}, []string{"8310", "8391", "9521", "9522"}},
		{m.size.judicial, registry.JudicialService, []string{"31", "31", "31", "32", "33", "34"}, []string{"7231"}},
	} {
		for range kind.n {
			e := m.entity(serial, pick(m.rng, kind.prefixes), kind.domain)
			code := m.industries[weighted(m.rng, m.shares)].code
			if kind.codes != nil {
				code = pick(m.rng, kind.codes)
			}
			e.Industry = registry.Industry{Edition: 2017, Code: code}
			serial++
			if !yield(e, m.err) || m.err != nil {
				return
			}
		}
	}
}

// entity makes up one entity without an industry.
func (m *maker) entity(serial int, prefix string, domain registry.Domain) registry.Entity {
	var shares [districts]int
	for i, p := range places() {
		shares[i] = p.share
	}
	district := weighted(m.rng, shares[:])
	town := pick(m.rng, m.towns[district])
	statuses := [...]registry.Status{registry.Active, registry.Suspended, registry.Closed, registry.Revoked, registry.Moved}
	e := registry.Entity{
		ID: m.code(prefix+town[:6], serial), Name: pick(m.rng, m.names), Domain: domain, Division: town,
		Status:     statuses[weighted(m.rng, []int{860, 30, 70, 30, 10})],
		Founded:    m.on.AddDays(-30 - m.rng.IntN(9000)),
		Attributes: m.attributes[weighted(m.rng, []int{720, 200, 62, 18})],
	}
	if m.rng.IntN(100) < 12 {
		e.LastInspected = m.on.AddDays(-1 - m.rng.IntN(1100))
	}
	return e
}

// code returns a valid code, or enters the error.
func (m *maker) code(prefix string, serial int) string {
	code, err := newCode(prefix, serial)
	if err != nil && m.err == nil {
		m.err = fmt.Errorf("code of entity %d: %w", serial, err)
	}
	return code
}

// newCode returns a valid unified social credit code: the authority and district, an organisation code with the
// check character of GB 11714, and that of GB 32100.
func newCode(prefix string, serial int) (string, error) {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	body := []byte("MA000000")
	for k, n := 7, serial; k >= 2; k-- {
		body[k] = alphabet[n%31]
		n /= 31
	}
	sum := 0
	for i, w := range [8]int{3, 7, 9, 10, 5, 8, 4, 2} {
		value := int(body[i] - '0')
		if body[i] >= 'A' {
			value = int(body[i]-'A') + 10
		}
		sum += value * w
	}
	first := prefix + string(body) + string("0X987654321"[sum%11])
	check, err := registry.CheckDigit(first)
	return first + string(check), err
}

// An index says where the entities of each industry and town, or domain and town, are in the registry, so that a
// small draw need not go through the whole city.
type index struct {
	reg  *registry.Registry
	rows map[indexKey][]int32
}

type indexKey struct{ target, town string }

// newIndex returns the index of a registry.
func newIndex(reg *registry.Registry) *index {
	x := &index{reg, map[indexKey][]int32{}}
	for i, e := range reg.All() {
		key := indexKey{e.Industry.Code, e.Division}
		switch e.Domain {
		case registry.Institution:
			key.target = institution
		case registry.SocialOrganisation:
			key.target = social
		case registry.JudicialService:
			key.target = judicial
		}
		x.rows[key] = append(x.rows[key], int32(i))
	}
	return x
}

// size returns the number of entities of the given targets in the given towns.
func (x *index) size(targets, towns []string) (n int) {
	for _, target := range targets {
		for _, town := range towns {
			n += len(x.rows[indexKey{target, town}])
		}
	}
	return n
}

// part returns the part of the registry with the given targets in the given towns.
func (x *index) part(targets, towns []string) (*registry.Registry, error) {
	var rows []int32
	for _, target := range targets {
		for _, town := range towns {
			rows = append(rows, x.rows[indexKey{target, town}]...)
		}
	}
	slices.Sort(rows)
	part, _, err := registry.Import(func(yield func(registry.Entity, error) bool) {
		for _, row := range rows {
			if !yield(x.reg.At(int(row)), nil) {
				return
			}
		}
	}, registry.Checks{})
	return part, err
}
