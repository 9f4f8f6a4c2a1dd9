package xlsx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Headers are the names under which a field's column may stand, by field. Names
// are compared without spaces and line breaks, with full-width letters narrowed
// and without what stands in brackets: "统一社会信用代码（必填）" is "统一社会信用代码".
// The fields are those of the function that reads.
type Headers map[string][]string

// EntityHeaders returns the usual names of an entity's fields, a new map on each
// call: id, name, domain, division, industry, status, founded and inspected. Other fields
// that are added to it become attributes under their own names.
func EntityHeaders() Headers {
	return Headers{
		"id":        {"统一社会信用代码", "社会信用代码", "信用代码", "统一代码", "uscc", "id"},
		"name":      {"企业名称", "市场主体名称", "主体名称", "单位名称", "名称", "name"},
		"domain":    {"主体类别", "对象类别", "检查对象类别", "domain"},
		"division":  {"行政区划代码", "行政区划", "区划代码", "所属区划", "登记机关区划", "division"},
		"industry":  {"行业代码", "国民经济行业代码", "industry"},
		"status":    {"登记状态", "经营状态", "企业状态", "存续状态", "status"},
		"founded":   {"成立日期", "登记日期", "注册日期", "founded"},
		"inspected": {"上次检查日期", "最近检查日期", "last inspected", "inspected"},
	}
}

// InspectorHeaders returns the usual names of an inspector's fields, a new map on
// each call: id, name, department, kind, number, from, to, competences, roles and status.
func InspectorHeaders() Headers {
	return Headers{
		"id":          {"执法证号", "执法证件号", "行政执法证号", "人员编号", "工号", "id"},
		"name":        {"姓名", "检查人员姓名", "执法人员姓名", "name"},
		"department":  {"部门编号", "单位编号", "所属单位", "所在单位", "工作单位", "所属部门", "department"},
		"kind":        {"执法类别", "证件类别", "执法证类别", "kind"},
		"number":      {"证件编号", "证书编号", "number"},
		"from":        {"发证日期", "有效期起", "from"},
		"to":          {"有效期至", "有效期止", "有效期限", "to"},
		"competences": {"业务专长", "专业", "执法领域", "competences"},
		"roles":       {"角色", "组内角色", "roles"},
		"status":      {"人员状态", "在岗状态", "状态", "status"},
	}
}

// A HeaderError says that no sheet has a header row.
type HeaderError struct {
	Field string   // a field without a column, of the row that had the most
	Names []string // the names that were looked for
	Sheet string   // the sheet of that row, "" if no row had any
	Row   int      // its number, from 1
}

// Error returns the error as one line.
func (e *HeaderError) Error() string {
	where := fmt.Sprintf("in the first %d rows of any sheet", headerRows)
	if e.Sheet != "" {
		where = fmt.Sprintf("in sheet %q, whose row %d has others", e.Sheet, e.Row)
	}
	return fmt.Sprintf("xlsx: no column for %s %s: expected one of %s", e.Field, where, strings.Join(e.Names, ", "))
}

// A header says where the columns of a sheet's table are.
type header struct {
	sheet   string
	row     int            // from 1
	columns map[string]int // by field, from 0
}

// headers returns the header of each sheet that has one: a row with a column for
// each required field. Sheets without are passed over, such as instructions.
func (w *Workbook) headers(names Headers, required ...string) ([]header, error) {
	byName := map[string]string{}
	for field, list := range names {
		for _, name := range list {
			name = plainName(name)
			if other, ok := byName[name]; ok && other != field {
				return nil, fmt.Errorf("xlsx: header %q stands for %s and for %s", name, min(field, other), max(field, other))
			}
			byName[name] = field
		}
	}
	var found []header
	best, missing := header{}, required[0]
	for _, sheet := range w.Sheets() {
		h, lacks, err := w.header(sheet, byName, required)
		if err != nil {
			return nil, err
		}
		if lacks == "" {
			found = append(found, h)
		} else if len(h.columns) > len(best.columns) {
			best, missing = h, lacks
		}
	}
	if len(found) == 0 {
		return nil, &HeaderError{missing, names[missing], best.sheet, best.row}
	}
	return found, nil
}

// header returns a sheet's header, or the row with the most columns and a required
// field that it lacks.
func (w *Workbook) header(sheet string, byName map[string]string, required []string) (best header, lacks string, err error) {
	rows, err := w.rows(sheet)
	if err != nil {
		return best, "", err
	}
	defer rows.close()
	lacks = required[0]
	for rows.row < headerRows && rows.next() {
		h := header{sheet, rows.row, map[string]int{}}
		for i := range rows.raw {
			field, ok := byName[plainName(rows.at(i).shown)]
			if !ok {
				continue
			}
			if first, twice := h.columns[field]; twice {
				return best, "", fmt.Errorf("xlsx: sheet %q row %d: columns %s and %s are both for %s", sheet, rows.row, columnName(first), columnName(i), field)
			}
			h.columns[field] = i
		}
		i := slices.IndexFunc(required, func(field string) bool { _, ok := h.columns[field]; return !ok })
		if i < 0 {
			return h, "", rows.err()
		}
		if len(h.columns) > len(best.columns) {
			best, lacks = h, required[i]
		}
	}
	return best, lacks, rows.err()
}

// plainName returns a header's name as names are compared.
func plainName(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		if r >= '！' && r <= '～' { // full-width ASCII
			r -= '！' - '!'
		}
		switch {
		case r == '(' || r == '[' || r == '【':
			depth++
		case r == ')' || r == ']' || r == '】':
			depth = max(depth-1, 0)
		case depth == 0 && r > ' ' && r != '\u3000' && r != '\u00a0' && r != '*' && r != ':':
			b.WriteRune(r)
		}
	}
	return strings.ToLower(b.String())
}

// columnName returns the letters of a column, counted from 0.
func columnName(i int) string {
	name, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		return fmt.Sprintf("column %d", i+1)
	}
	return name
}
