package xlsx

import (
	"fmt"
	"io"
	"strings"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/xuri/excelize/v2"
)

// kindNames are the words for the kinds of problems, in Chinese.
var kindNames = [...]string{
	registry.BadRow: "整行无法读取", registry.RowTooLong: "行过长", registry.EmptyID: "代码为空", registry.BadText: "文字有误",
	registry.DuplicateID: "代码重复", registry.CodeLength: "代码长度不符", registry.CodeAlphabet: "代码含非法字符", registry.CodeCheck: "代码校验位不符",
	registry.CodeOrganisation: "组织机构代码校验不符", registry.UnknownDivision: "行政区划未知", registry.RetiredDivision: "行政区划已撤销",
	registry.UnknownIndustry: "行业代码未知", registry.BadDate: "日期有误", registry.BadStatus: "状态有误",
}

func kindName(k registry.Kind) string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return k.String()
}

// problemField returns the field that a problem is of, "" for the whole row.
func problemField(p registry.Problem) string {
	switch p.Kind {
	case registry.EmptyID, registry.DuplicateID, registry.CodeLength, registry.CodeAlphabet, registry.CodeCheck, registry.CodeOrganisation:
		return "id"
	case registry.UnknownDivision, registry.RetiredDivision:
		return "division"
	case registry.UnknownIndustry:
		return "industry"
	case registry.BadStatus:
		return "status"
	case registry.BadDate:
		if strings.HasPrefix(p.Text, "founded") {
			return "founded"
		}
		return "inspected"
	case registry.BadText:
		if strings.HasPrefix(p.Text, "name") {
			return "name"
		}
		return "id"
	}
	return ""
}

// problemColumn returns the column of a problem in a sheet, from 0, or -1 for the whole row.
func problemColumn(p registry.Problem, columns map[string]int) int {
	if rest, ok := strings.CutPrefix(p.Text, cellPrefix); ok {
		name, _, _ := strings.Cut(rest, ":")
		if column, _, err := excelize.CellNameToCoordinates(name); err == nil {
			return column - 1
		}
	}
	if column, ok := columns[problemField(p)]; ok {
		return column
	}
	return -1
}

// WriteErrors writes a workbook for those who mend the directory: a sheet with the
// number of problems by kind, and for each sheet of this workbook that has any its rows
// with problems, as they are shown there, one line for each of the report's problems
// with the wrong cell marked. The report is one of this workbook's.
func (w *Workbook) WriteErrors(out io.Writer, report *Report) error {
	b := newBook()
	b.table("汇总", "数据问题汇总", fmt.Sprintf("共 %d 行：保留 %d 行，未采用 %d 行", report.Rows, report.Kept, report.Rejected), column{"问题", 24}, column{"kind", 24}, column{"数量", 12})
	for kind, n := range report.Counts() {
		b.add(kindName(kind), kind.String(), n)
	}
	if int64(len(report.Problems)) < total(report.Report) {
		b.add("以下各表只列出前若干条", "", len(report.Problems))
	}
	problems := report.Problems
	for _, h := range report.headers {
		n := 0
		for n < len(problems) {
			if place, ok := report.Place(problems[n].Row); !ok || place.Sheet != h.sheet {
				break
			}
			n++
		}
		if n > 0 {
			if err := w.markSheet(b, h, report, problems[:n]); err != nil {
				return err
			}
		}
		problems = problems[n:]
	}
	return b.writeTo(out)
}

func total(r *registry.Report) (sum int64) {
	for _, n := range r.Counts() {
		sum += n
	}
	return sum
}

// markSheet adds the rows of a sheet that have problems.
func (w *Workbook) markSheet(b *bookWriter, h header, report *Report, problems []registry.Problem) error {
	rows, err := w.rows(h.sheet)
	if err != nil {
		return err
	}
	defer rows.close()
	const own = 3 // columns before the sheet's
	begun := false
	for len(problems) > 0 && rows.next() {
		if rows.row == h.row {
			columns := []column{{"行号", 8}, {"问题", 20}, {"说明", 60}}
			for i := range rows.raw {
				columns = append(columns, column{rows.at(i).oneLine(), 22})
			}
			name := []rune(h.sheet)
			b.table("问题 "+string(name[:min(len(name), 20)]), "数据问题："+h.sheet, "每行一个问题，红色单元格须更正；更正后请重新导入", columns...)
			begun = true
			continue
		}
		for begun && len(problems) > 0 {
			p := problems[0]
			if place, _ := report.Place(p.Row); place.Row != rows.row {
				break
			}
			problems = problems[1:]
			values := []any{rows.row, kindName(p.Kind), p.Text}
			for i := range min(len(rows.raw), len(b.columns)-own) {
				values = append(values, readable(rows.at(i).prose()))
			}
			mark := problemColumn(p, h.columns)
			if mark >= 0 {
				mark += own
				for len(values) <= mark {
					values = append(values, "")
				}
			}
			b.addMarked(mark, values...)
		}
	}
	return rows.err()
}

// readable returns text from a faulty cell with what cannot stand in one replaced.
func readable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f || r == 0xfffe || r == 0xffff {
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}
