package registry

import (
	"bytes"
	"fmt"
	"iter"
	"math/rand/v2"
)

// A cityRow is a row of a generated registry, as a city's looks.
type cityRow struct {
	id, name, division, industry, status, founded, capital string
}

var (
	cityDivisions  = [...]string{"370202", "370203", "370211", "370212", "370213", "370214", "370215", "370281", "370283", "370285"}
	cityIndustries = [...]string{"5211", "5212", "6210", "6220", "7231", "1351", "3311", "4813", "8010", "8211", "8236", "5299", "5179", "7020", "6513"}
	cityNames      = [...]string{"公平", "利得盛", "一木", "海信", "双星", "即发", "红领", "琴岛", "崂山", "金王", "东方", "瑞昌", "华阳", "康普顿"}
	cityTrades     = [...]string{"实业", "食品", "机械制造", "建筑装饰工程", "国际贸易", "餐饮管理", "信息科技", "教育咨询", "物业管理", "医药连锁"}
	cityForms      = [...]string{"有限公司", "有限责任公司", "股份有限公司", "集团有限公司"}
	cityStatuses   = [...]string{"存续", "存续", "存续", "存续", "在业", "在营", "注销", "吊销，未注销"}
)

// city goes through n generated rows. All codes are valid and different.
func city(n int) iter.Seq[cityRow] {
	return func(yield func(cityRow) bool) {
		r := rand.New(rand.NewPCG(1, 2))
		for i := range n {
			division := cityDivisions[r.IntN(len(cityDivisions))]
			inner := fmt.Sprintf("%08d", (uint64(i)*2654435761+163562681)%100_000_000)
			inner += string(organisationCheck(inner))
			first17 := "91" + division + inner
			row := cityRow{
				id:       first17 + string(codeCheck(first17)),
				name:     "青岛" + cityNames[r.IntN(len(cityNames))] + cityTrades[r.IntN(len(cityTrades))] + cityForms[r.IntN(len(cityForms))],
				division: division,
				industry: cityIndustries[r.IntN(len(cityIndustries))],
				status:   cityStatuses[r.IntN(len(cityStatuses))],
				founded:  fmt.Sprintf("%04d-%02d-%02d", 1980+r.IntN(44), 1+r.IntN(12), 1+r.IntN(28)),
				capital:  fmt.Sprint(10 * (1 + r.IntN(500))),
			}
			if !yield(row) {
				return
			}
		}
	}
}

// cityCSV is a generated registry as a file, with the columns cityColumns.
func cityCSV(n int) []byte {
	var b bytes.Buffer
	b.WriteString("uscc,name,division,industry,status,reg_date,capital_wan\n")
	for r := range city(n) {
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s\n", r.id, r.name, r.division, r.industry, r.status, r.founded, r.capital)
	}
	return b.Bytes()
}

var cityColumns = Columns{
	ID: "uscc", Name: "name", Division: "division", Industry: "industry", Edition: 2017,
	Status: "status", Founded: "reg_date", Attributes: []string{"capital_wan"},
}

// cityChecks are all checks, with tables made for the generated city.
func cityChecks() Checks {
	divisions, err := NewDivisions(func(yield func(Division) bool) {
		for _, code := range cityDivisions {
			if !yield(Division{Code: code, Name: "区 " + code}) {
				return
			}
		}
	})
	if err != nil {
		panic(err)
	}
	industries, err := NewIndustries(func(yield func(IndustryEntry) bool) {
		for _, code := range cityIndustries {
			if !yield(IndustryEntry{Industry: Industry{2017, code}, Section: "A", Name: code}) {
				return
			}
		}
	})
	if err != nil {
		panic(err)
	}
	day, err := NewDate(2024, 1, 1)
	if err != nil {
		panic(err)
	}
	return Checks{On: day, Codes: true, Divisions: divisions, Industries: industries}
}
