package registry

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// Columns say which column of a table holds which field, by the names in its
// header. A field whose name is "" has no column. One column may serve several
// fields.
type Columns struct {
	ID            string   // required
	Name          string   // the entity's name
	Domain        string   // the texts of [Domain.String], or 企业, 事业单位, 社会组织 and the like
	Division      string   // 6 or 9 digits
	Industry      string   // as "2017:8210", or without the edition
	Edition       uint16   // edition of GB/T 4754 of industries that state none, 1900–2100; 0: all state one
	Status        string   // the texts of [Status.String], or 存续, 注销, 吊销 and the like
	Founded       string   // YYYY-MM-DD
	LastInspected string   // YYYY-MM-DD
	Attributes    []string // columns to keep as attributes, under the same names; at most 255
}

const maxColumnsText = 1 << 16

// ParseColumns returns the columns that s spells: key=name, with commas between
// them, as in
//
//	id=uscc,name=name,founded=reg_date,attr=capital_wan
//
// The keys are id, name, domain, division, industry, edition, status, founded,
// inspected and attr; only attr may come several times, and id must come.
// A name goes on to the next comma and may hold any other character. Nothing is
// trimmed.
func ParseColumns(s string) (Columns, error) {
	var c Columns
	if len(s) > maxColumnsText {
		return Columns{}, fmt.Errorf("registry: columns: %d bytes, at most %d", len(s), maxColumnsText)
	}
	seen := make(map[string]bool)
	for pair := range strings.SplitSeq(s, ",") {
		key, name, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return Columns{}, fmt.Errorf("registry: columns: %s: expected key=name", label.Quote(pair))
		}
		if seen[key] && key != "attr" {
			return Columns{}, fmt.Errorf("registry: columns: %s is given twice", label.Quote(key))
		}
		seen[key] = true
		field := c.field(key)
		switch {
		case field != nil:
			*field = name
		case key == "attr":
			c.Attributes = append(c.Attributes, name)
		case key == "edition":
			year, err := strconv.ParseUint(name, 10, 16)
			if err != nil || len(name) != 4 || year < firstEdition || year > lastEdition {
				return Columns{}, fmt.Errorf("registry: columns: edition %s: expected a year from %d to %d", label.Quote(name), firstEdition, lastEdition)
			}
			c.Edition = uint16(year)
		default:
			return Columns{}, fmt.Errorf("registry: columns: unknown key %s, expected one of id, name, domain, division, industry, edition, status, founded, inspected, attr", label.Quote(key))
		}
	}
	if err := c.check(); err != nil {
		return Columns{}, err
	}
	return c, nil
}

// String returns the columns in the form that [ParseColumns] reads, with the
// keys in the order of the fields.
func (c Columns) String() string {
	var parts []string
	for _, key := range columnKeys {
		if field := c.field(key); *field != "" {
			parts = append(parts, key+"="+*field)
		}
		if key == "industry" && c.Edition != 0 {
			parts = append(parts, fmt.Sprintf("edition=%d", c.Edition))
		}
	}
	for _, name := range c.Attributes {
		parts = append(parts, "attr="+name)
	}
	return strings.Join(parts, ",")
}

// columnKeys are the keys of single columns in the order of their fields. Read only.
var columnKeys = [...]string{"id", "name", "domain", "division", "industry", "status", "founded", "inspected"}

// field returns the field for a key, nil if the key stands for no single column.
func (c *Columns) field(key string) *string {
	switch key {
	case "id":
		return &c.ID
	case "name":
		return &c.Name
	case "domain":
		return &c.Domain
	case "division":
		return &c.Division
	case "industry":
		return &c.Industry
	case "status":
		return &c.Status
	case "founded":
		return &c.Founded
	case "inspected":
		return &c.LastInspected
	}
	return nil
}

func (c *Columns) check() error {
	if c.ID == "" {
		return fmt.Errorf("registry: columns: no column for the ID")
	}
	if c.Edition != 0 && (c.Edition < firstEdition || c.Edition > lastEdition) {
		return fmt.Errorf("registry: columns: edition %d: expected a year from %d to %d", c.Edition, firstEdition, lastEdition)
	}
	if len(c.Attributes) > maxKeys {
		return fmt.Errorf("registry: columns: %d attributes, at most %d", len(c.Attributes), maxKeys)
	}
	seen := make(map[string]bool)
	for _, name := range c.Attributes {
		if wrong := checkKey(name); wrong != "" {
			return fmt.Errorf("registry: columns: attribute %s %s", label.Quote(name), wrong)
		}
		if seen[name] {
			return fmt.Errorf("registry: columns: attribute %s is given twice", label.Quote(name))
		}
		seen[name] = true
	}
	return nil
}

// A tableReader turns the records of a table into rows. Its fields are numbers
// of columns, -1 for none.
type tableReader struct {
	id, name, domain, division, industry int
	status, founded, inspected           int
	attributes                           []int
}

// newTableReader finds the columns in a header, and enters the attributes' keys
// into the importer's registry.
func newTableReader(c Columns, header []string, im *importer) (*tableReader, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	var missing []string
	var twice string
	find := func(name string) int {
		at := -1
		if name == "" {
			return at
		}
		for i, h := range header {
			if h == name && at >= 0 {
				twice = name
			} else if h == name {
				at = i
			}
		}
		if at < 0 {
			missing = append(missing, name)
		}
		return at
	}
	t := &tableReader{
		id: find(c.ID), name: find(c.Name), domain: find(c.Domain), division: find(c.Division),
		industry: find(c.Industry), status: find(c.Status), founded: find(c.Founded), inspected: find(c.LastInspected),
	}
	for _, name := range c.Attributes {
		t.attributes = append(t.attributes, find(name))
		im.addKey(name)
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("registry: header: no column %s among %s", quoteAll(missing), quoteAll(header))
	}
	if twice != "" {
		return nil, fmt.Errorf("registry: header: column %s is there twice", label.Quote(twice))
	}
	im.edition = c.Edition
	return t, nil
}

// newRow returns a row to read into.
func (t *tableReader) newRow() textRow {
	return textRow{
		domainOfCode:   t.domain < 0,
		divisionOfCode: t.division < 0,
		values:         make([]string, len(t.attributes)),
	}
}

// read reads a record, which has all columns, into a row made by newRow.
func (t *tableReader) read(record []string, r *textRow) {
	r.id, r.name, r.domain = record[t.id], field(record, t.name), field(record, t.domain)
	r.division, r.industry, r.status = field(record, t.division), field(record, t.industry), field(record, t.status)
	r.founded, r.inspected = field(record, t.founded), field(record, t.inspected)
	for i, column := range t.attributes {
		r.values[i] = record[column]
	}
}

// field returns a field of a record; "" for the column -1.
func field(record []string, column int) string {
	if column < 0 {
		return ""
	}
	return record[column]
}

// quoteAll quotes the first of many texts.
func quoteAll(list []string) string {
	const most = 40
	var b strings.Builder
	for i, s := range list[:min(len(list), most)] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(label.Quote(s))
	}
	if len(list) > most {
		fmt.Fprintf(&b, " and %d more", len(list)-most)
	}
	return b.String()
}
