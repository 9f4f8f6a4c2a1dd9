// Package sample makes up a city of companies for the example programs: valid
// codes, real divisions, invented names. The same size gives the same city.
package sample

import (
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/registry"
)

// Header is the first line of the CSV that [City.WriteCSV] writes.
const Header = "uscc,name,status,industry,class,founded,last_inspected"

// Columns maps the header to a registry's fields.
const Columns = "id=uscc,name=name,status=status,industry=industry,edition=2017,founded=founded,inspected=last_inspected,attr=class"

// On is the day on which the city is seen.
const On = "2026-11-24"

// divisions are those of Qingdao by GB/T 2260, and three that are history.
var divisions = [...]struct{ code, name, to string }{
	{"370202", "市南区", ""}, {"370203", "市北区", ""}, {"370211", "黄岛区", ""}, {"370212", "崂山区", ""},
	{"370213", "李沧区", ""}, {"370214", "城阳区", ""}, {"370215", "即墨区", ""}, {"370281", "胶州市", ""},
	{"370283", "平度市", ""}, {"370285", "莱西市", ""},
	{"370205", "四方区", "2012-12-01"}, {"370282", "即墨市", "2017-10-30"}, {"370284", "胶南市", "2012-12-01"},
}

// current is how many of divisions exist today.
const current = 10

// Divisions returns the table of the city's divisions.
func Divisions() (*registry.Divisions, error) {
	return registry.NewDivisions(func(yield func(registry.Division) bool) {
		for _, d := range divisions {
			to := registry.Date{}
			if d.to != "" {
				to, _ = registry.ParseDate(d.to) // ours, and tested
			}
			if !yield(registry.Division{Code: d.code, Name: d.name, To: to}) {
				return
			}
		}
	})
}

// DivisionName returns the name of one of the city's divisions, or "".
func DivisionName(code string) string {
	for _, d := range divisions {
		if d.code == code {
			return d.name
		}
	}
	return ""
}

// A City makes the rows of a sample city.
type City struct {
	size int
	rand *rand.Rand
}

// New returns a city of the given number of rows.
func New(size int) *City {
	return &City{size, rand.New(rand.NewPCG(37, uint64(size)))}
}

// WriteCSV writes the city to w: a header line and size rows, a few of them with
// the faults that real registries have.
func (c *City) WriteCSV(w io.Writer) error {
	if _, err := fmt.Fprintln(w, Header); err != nil {
		return err
	}
	for row := range c.rows() {
		if _, err := fmt.Fprintln(w, strings.Join(row[:], ",")); err != nil {
			return err
		}
	}
	return nil
}

func (c *City) rows() iter.Seq[[7]string] {
	return func(yield func([7]string) bool) {
		previous := ""
		for i := range c.size {
			row := c.row(i)
			switch i % 20_011 { // a prime: the faults fall where they fall
			case 1234:
				row[0] = strings.ToLower(row[0]) // mended by the importer
			case 5678:
				row[0] = previous // a duplicate
			case 9012:
				row[0] = row[0][:17] + wrongDigit(row[0][17]) // a wrong check character
			case 15_000:
				row[5] = "2019-02-30" // no such day
			}
			if !yield(row) {
				return
			}
			previous = row[0]
		}
	}
}

func wrongDigit(right byte) string {
	if right == '7' {
		return "8"
	}
	return "7"
}

// row returns row i without faults.
func (c *City) row(i int) [7]string {
	founded := c.date(2000, 26)
	inspected := ""
	if c.rand.IntN(100) < 20 {
		inspected = c.date(2024, 2)
	}
	return [7]string{
		c.code(i), c.name(), pick(c, statuses[:]), pick(c, industries[:]).text,
		pick(c, classes[:]), founded, inspected,
	}
}

// code returns a valid unified social credit code, different for each i.
func (c *City) code(i int) string {
	// Districts differ in size, and one company in fifty still carries the code of
	// a district that is no more.
	d := divisions[c.rand.IntN(1+c.rand.IntN(current))].code
	if c.rand.IntN(50) == 0 {
		d = divisions[current+c.rand.IntN(len(divisions)-current)].code
	}
	kind := pick(c, kinds[:])
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	body := []byte("MA000000")
	for k, n := 7, i; k >= 2; k-- {
		body[k] = alphabet[n%31]
		n /= 31
	}
	for _, check := range "0123456789X" {
		organisation := string(body) + string(check)
		if registry.CheckOrganisationCode(organisation) != nil {
			continue
		}
		digit, err := registry.CheckDigit(kind + d + organisation)
		if err != nil {
			panic(err)
		}
		return kind + d + organisation + string(digit)
	}
	panic("sample: no check digit fits")
}

func (c *City) date(from, years int) string {
	return fmt.Sprintf("%04d-%02d-%02d", from+c.rand.IntN(years), 1+c.rand.IntN(12), 1+c.rand.IntN(28))
}

func (c *City) name() string {
	return "青岛" + pick(c, syllables[:]) + pick(c, syllables[:]) + pick(c, trades[:]) + pick(c, forms[:])
}

func pick[T any](c *City, from []T) T { return from[c.rand.IntN(len(from))] }

// Repeated entries are likelier.
var (
	kinds      = [...]string{"91", "91", "91", "91", "92", "92", "92", "93", "52", "12"}
	statuses   = [...]string{"存续", "存续", "存续", "在业", "开业", "存续", "存续", "注销", "吊销", "存续", "存续", "存续"}
	classes    = [...]string{"A", "A", "A", "A", "A", "B", "B", "B", "C", "D"}
	syllables  = [...]string{"海", "润", "恒", "泰", "嘉", "信", "盛", "源", "宏", "达", "佳", "和", "瑞", "丰", "远", "安"}
	trades     = [...]string{"食品", "餐饮管理", "机械", "建材", "商贸", "医疗器械", "物流", "电子", "服装", "科技"}
	forms      = [...]string{"有限公司", "有限公司", "有限公司", "商行", "店", "股份有限公司"}
	industries = [...]industry{
		{"1411", "C", "糕点、面包制造"}, {"3011", "C", "水泥制造"}, {"5132", "F", "服装批发"}, {"5211", "F", "百货零售"},
		{"5212", "F", "超级市场零售"}, {"5251", "F", "西药零售"}, {"6210", "H", "正餐服务"}, {"6220", "H", "快餐服务"},
		{"6513", "I", "应用软件开发"}, {"5431", "G", "普通货物道路运输"},
	}
)

// An industry is a class of GB/T 4754-2017 that the city has.
type industry struct{ text, section, name string }

// Industries returns the industries of the city.
func Industries() (*registry.Industries, error) {
	return registry.NewIndustries(func(yield func(registry.IndustryEntry) bool) {
		for _, i := range slices.SortedFunc(slices.Values(industries[:]), func(a, b industry) int { return strings.Compare(a.text, b.text) }) {
			entry := registry.IndustryEntry{Industry: registry.Industry{Edition: 2017, Code: i.text}, Section: i.section, Name: i.name}
			if !yield(entry) {
				return
			}
		}
	})
}
