package main

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"
)

// company picks a company, mostly of a district.
func (c *city) company(rng *rand.Rand, district string) int64 {
	local := c.byOffice[district]
	if len(local) == 0 || rng.IntN(5) == 0 {
		return 1 + rng.Int64N(int64(c.size))
	}
	return local[rng.IntN(len(local))]
}

// shareRows gives each company to its owner, some to a company as well, and some to an
// inspector, who may hold by a company of his own.
func (c *city) shareRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rng, n := c.rand(3), 0
		row := func(company int64, owner, holding any, percent string) bool {
			n++
			return yield([]any{n, company, owner, holding, percent}, nil)
		}
		for id := int64(1); id <= int64(c.size); id++ {
			if rng.IntN(20) > 0 {
				if !row(id, id, nil, "100") {
					return
				}
			} else if !row(id, id, nil, "60.5") || !row(id, nil, 1+rng.Int64N(int64(c.size)), "39.5") {
				return
			}
		}
		for _, p := range c.people {
			switch rng.IntN(20) {
			case 0:
				if !row(c.company(rng, p.district), p.personid, nil, fmt.Sprint(1+rng.IntN(30))) {
					return
				}
			case 1:
				holding := c.company(rng, p.district)
				if !row(holding, p.personid, nil, "40") || !row(c.company(rng, p.district), nil, holding, "50") {
					return
				}
			}
		}
	}
}

func (c *city) officeRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for id := int64(1); id <= int64(c.size); id++ {
			if !yield([]any{id, id, id, "法定代表人"}, nil) {
				return
			}
		}
	}
}

func (c *city) inspectorRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rng := c.rand(4)
		for k, p := range c.people {
			state := "在岗"
			if rng.IntN(20) == 0 {
				state = []string{"休假", "停职", "调离", "退休"}[rng.IntN(4)]
			}
			if !yield([]any{p.rybh, p.personid, orgID(p.district), state, k%2 == 0, 4, rng.IntN(8) / 7}, nil) {
				return
			}
		}
	}
}

func (c *city) certificateRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rng := c.rand(5)
		for k, p := range c.people {
			to := "2028-12-31"
			if rng.IntN(30) == 0 {
				to = "2026-10-31" // just over
			}
			if !yield([]any{k + 1, p.rybh, licence, fmt.Sprintf("鲁B%08d", k+1), "2024-01-01", to}, nil) {
				return
			}
		}
	}
}

// kinshipRows declares relatives who run companies, one or two degrees away.
func (c *city) kinshipRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rng, n := c.rand(6), 0
		row := func(a, b int64, relation string) bool {
			n++
			return yield([]any{n, a, b, relation, "2026-01-15"}, nil)
		}
		for k, p := range c.people {
			owner := c.company(rng, p.district) // has the company's number
			switch d := rng.IntN(10); {
			case d < 3:
				if !row(p.personid, owner, []string{"配偶", "父母", "子女"}[d]) {
					return
				}
			case d < 5:
				if !row(p.personid, c.relative(k), "子女") || !row(c.relative(k), owner, "配偶") {
					return
				}
			}
		}
	}
}

func (c *city) resumeRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rng, n := c.rand(7), 0
		for _, p := range c.people {
			if rng.IntN(8) > 0 {
				continue
			}
			n++
			left := any(fmt.Sprintf("%d-%02d-15", 2020+rng.IntN(6), 1+rng.IntN(12)))
			if rng.IntN(30) == 0 {
				left = nil // a second job
			}
			if !yield([]any{n, p.rybh, c.company(rng, p.district), "质量主管", left}, nil) {
				return
			}
		}
	}
}

func (c *city) recusalRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rng, n := c.rand(8), 0
		for _, p := range c.people {
			if rng.IntN(15) > 0 {
				continue
			}
			n++
			if !yield([]any{n, p.rybh, c.company(rng, p.district), "与负责人系同学", "2026-11-02"}, nil) {
				return
			}
		}
	}
}

// quarter numbers the quarters from the first of 2024 on: the rounds of inspections.
func quarter(day time.Time) int { return (day.Year()-2024)*4 + (int(day.Month())-1)/3 + 1 }

func (c *city) inspectionRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rng := c.rand(9)
		for k, i := range c.inspected {
			form := []string{"双随机", "双随机", "双随机", "专项检查", "投诉举报"}[rng.IntN(5)]
			if !yield([]any{k + 1, i.pripid, quarter(i.day), i.day, form}, nil) {
				return
			}
		}
	}
}

// visitorRows sends two inspectors of the district to each of the inspections.
func (c *city) visitorRows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rng, crews := c.rand(10), map[string][]string{}
		for _, p := range c.people {
			crews[p.district] = append(crews[p.district], p.rybh)
		}
		for k, i := range c.inspected {
			crew := crews[i.district]
			a, b := rng.IntN(len(crew)), rng.IntN(len(crew)-1)
			if b >= a {
				b++
			}
			if !yield([]any{k + 1, crew[a]}, nil) || !yield([]any{k + 1, crew[b]}, nil) {
				return
			}
		}
	}
}
