package main

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/doublerandom/doublerandom/examples/internal/sample"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/jackc/pgx/v5"
)

// cityCode is the sample city as a division.
const cityCode = "370200"

// A city makes the rows of the system's tables. Each table has random numbers of its own,
// so that they do not depend on the order of the work.
type city struct {
	size      int
	districts []string           // of today
	byOffice  map[string][]int64 // companies by district of today
	inspected []inspection       // counted while companies are made
	people    []person           // inspectors
	persons   int64              // last number of a natural person
}

// A person is an inspector on the way into the tables.
type person struct {
	rybh, district string
	personid       int64
}

// An inspection is one of the past.
type inspection struct {
	pripid   int64
	day      time.Time
	district string
}

// successors say where the districts went that are no more.
func successors() map[string]string {
	return map[string]string{"370205": "370203", "370282": "370215", "370284": "370211"}
}

func newCity(size int) *city { return &city{size: size, byOffice: map[string][]int64{}} }

func (c *city) rand(table uint64) *rand.Rand { return rand.New(rand.NewPCG(table, uint64(c.size))) }

// load fills all tables and returns the number of rows.
func (c *city) load(ctx context.Context, tx pgx.Tx) (total int64, err error) {
	divisions, err := sample.Divisions()
	if err != nil {
		return 0, err
	}
	for d := range divisions.All() {
		if d.To.IsZero() {
			c.districts = append(c.districts, d.Code)
		}
	}
	for _, t := range []struct {
		table   string
		columns string
		rows    iter.Seq2[[]any, error]
	}{
		{"d_xzqh", "code codename validto succcode", c.divisionRows(divisions)},
		{"d_industry", "industryco industryphy industryname", c.industryRows()},
		{"g_org", "orgid orgname parentid xzqh orglevel", c.orgRows()},
		{"e_baseinfo", "pripid uniscid entname regstate industryco domdistrict estdate riskclass", c.companyRows()},
		{"e_notdraw", "pripid reason docno validto", c.notDrawnRows()},
		{"r_person", "personid pname", c.personRows()},
		{"e_inv", "invid pripid inv_personid inv_pripid conprop", c.shareRows()},
		{"e_priperson", "ppid pripid personid position", c.officeRows()},
		{"z_inspector", "rybh personid orgid zzzt zzzg maxtask carried", c.inspectorRows()},
		{"z_certificate", "zsid rybh zslx zsbh validfrom validto", c.certificateRows()},
		{"z_kinship", "sbid personid relpersonid relation sbrq", c.kinshipRows()},
		{"z_resume", "llid rybh pripid post dateto", c.resumeRows()},
		{"z_recusal", "sqid rybh pripid reason sqrq", c.recusalRows()},
		{"i_inspection", "insid pripid round insdate insform", c.inspectionRows()},
		{"i_inspector", "insid rybh", c.visitorRows()},
	} {
		n, err := copyRows(ctx, tx, pgx.Identifier{"scjg", t.table}, strings.Fields(t.columns), t.rows)
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

func (c *city) divisionRows(divisions *registry.Divisions) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		if !yield([]any{cityCode, "青岛市", nil, nil}, nil) {
			return
		}
		for d := range divisions.All() {
			row := []any{d.Code, d.Name, nil, nil}
			if !d.To.IsZero() {
				row[2], row[3] = d.To.String(), successors()[d.Code]
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (c *city) industryRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		industries, err := sample.Industries()
		if err != nil {
			yield(nil, err)
			return
		}
		for i := range industries.All() {
			if !yield([]any{i.Industry.Code, i.Section, i.Name}, nil) {
				return
			}
		}
	}
}

// orgID is the department of a division.
func orgID(division string) string { return "SJ" + division }

func (c *city) orgRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		if !yield([]any{orgID(cityCode), "青岛市市场监督管理局", nil, cityCode, 2}, nil) {
			return
		}
		for _, d := range c.districts {
			if !yield([]any{orgID(d), sample.DivisionName(d) + "市场监督管理局", orgID(cityCode), d, 3}, nil) {
				return
			}
		}
	}
}

// companyRows makes the companies, and notes who was inspected.
func (c *city) companyRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rng, on := c.rand(1), registryDay(sample.On)
		id := int64(0)
		for line, err := range companies(c.size) {
			if err != nil {
				yield(nil, err)
				return
			}
			id++
			division := line[0][2:8]
			today := division
			if s, ok := successors()[division]; ok {
				today = s
			}
			c.byOffice[today] = append(c.byOffice[today], id)
			if line[6] != "" {
				c.inspected = append(c.inspected, inspection{id, registryDay(line[6]), today})
			}
			if rng.IntN(25) == 0 { // this year, some of them often
				for range 1 + rng.IntN(rng.IntN(3)+1) {
					c.inspected = append(c.inspected, inspection{id, time.Date(on.Year(), time.Month(1+rng.IntN(9)), 1+rng.IntN(28), 0, 0, 0, 0, time.UTC), today})
				}
			}
			row := []any{id, line[0], line[1], line[2], line[3], division, line[5], line[4]}
			switch id % 20_011 { // a prime: the faults fall where they fall
			case 3456:
				row[5] = "370299" // no such division
			case 7890:
				row[5] = nil // not stated: the code says
			case 11_111:
				row[4] = "9999" // no such industry
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func registryDay(text string) time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic("postgres: bad day of the sample: " + text)
	}
	return day
}

func (c *city) notDrawnRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for n, id := 0, int64(17); id <= int64(c.size); n, id = n+1, id+2503 {
			row := []any{id, []string{"立案调查", "法院查封", "信用修复核查"}[n%3], fmt.Sprintf("青市监函〔2026〕%d号", n+1), nil}
			if n%4 == 3 {
				row[3] = "2026-06-30" // it is over
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// personRows makes one owner for each company, and as many natural persons more as there are
// inspectors and their relatives.
func (c *city) personRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		c.hire()
		rng := c.rand(2)
		surnames, given := []rune("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"), []rune("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚")
		for id := range c.persons {
			name := string([]rune{surnames[rng.IntN(len(surnames))], given[rng.IntN(len(given))], given[rng.IntN(len(given))]})
			if !yield([]any{id + 1, name}, nil) {
				return
			}
		}
	}
}

// hire numbers the inspectors of each district: enough of them, but in the last one, which
// is short of hands.
func (c *city) hire() {
	id := int64(c.size) // those before are the owners
	for k, d := range c.districts {
		crew := len(c.byOffice[d])/72 + 8
		if k == len(c.districts)-1 {
			crew = len(c.byOffice[d])/200 + 4
		}
		for n := range crew {
			id++
			c.people = append(c.people, person{fmt.Sprintf("%s-%04d", d, n+1), d, id})
		}
	}
	c.persons = id + int64(len(c.people)) // one relative each
}

// relative is the number of an inspector's relative who runs nothing.
func (c *city) relative(k int) int64 { return int64(c.size + len(c.people) + k + 1) }
