package xlsx

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"

	"github.com/doublerandom/doublerandom/registry"
)

// ItemHeaders returns the usual names of the columns of an item list (抽查事项清单), a new
// map on each call: the fields of [registry.ItemColumns] in lower case.
func ItemHeaders() Headers {
	return Headers{
		"id":           {"序号", "编号", "事项编号", "no", "id"},
		"name":         {"抽查事项", "抽查事项名称", "检查事项", "事项名称", "item", "name"},
		"part":         {"抽查内容", "检查内容", "抽查类别", "subitem", "part"},
		"basis":        {"抽查依据", "检查依据", "法律依据", "basis"},
		"importance":   {"事项类别", "事项分类", "importance"},
		"ratio":        {"抽查比例", "检查比例", "ratio"},
		"frequency":    {"抽查频次", "检查频次", "frequency"},
		"methods":      {"抽查方式", "检查方式", "检查方法", "method", "methods"},
		"certificates": {"执法资格", "人员资格", "certificates"},
		"department":   {"责任部门", "department"},
		"domains":      {"对象类别", "domains"},
		"divisions":    {"适用区划", "divisions"},
		"industries":   {"适用行业", "industries"},
	}
}

// ReadItems reads an item list, from the sheets whose header row has at least the name, by the
// rules of [registry.ReadItemsCSV]: ratios and frequencies are read as they are
// shown, so that a cell with 5 % is "5%". Of cells that were merged over several rows the lower ones
// are empty; names of columns in down are those in which they are filled with the
// value above, such as "name" where it stands over several parts.
//
// The rows of the report's refusals are those of the import; the second result's
// Place says where they are.
func (w *Workbook) ReadItems(names Headers, down ...string) (*registry.Items, *ItemReport, error) {
	headers, err := w.headers(names, "name")
	if err != nil {
		return nil, nil, err
	}
	fields := slices.Sorted(maps.Keys(names))
	fields = slices.DeleteFunc(fields, func(field string) bool {
		return !slices.ContainsFunc(headers, func(h header) bool { _, ok := h.columns[field]; return ok })
	})
	t := newTable(w, headers, fields)
	t.down = down
	defer t.close()
	var list bytes.Buffer
	if err := t.writeCSV(&list); err != nil {
		return nil, nil, err
	}
	columns := registry.ItemColumns{}
	for field, to := range map[string]*string{
		"id": &columns.ID, "name": &columns.Name, "part": &columns.Part, "basis": &columns.Basis, "importance": &columns.Importance,
		"ratio": &columns.Ratio, "frequency": &columns.Frequency, "methods": &columns.Methods, "certificates": &columns.Certificates,
		"department": &columns.Department, "domains": &columns.Domains, "divisions": &columns.Divisions, "industries": &columns.Industries,
	} {
		if slices.Contains(fields, field) {
			*to = field
		}
	}
	items, report, err := registry.ReadItemsCSV(&list, columns)
	if err != nil {
		return nil, nil, err
	}
	t.report.Report = &registry.Report{Rows: int64(report.Rows)}
	return items, &ItemReport{report, t.report}, nil
}

// An ItemReport says how an item list was read.
type ItemReport struct {
	*registry.ItemReport
	places *Report
}

// Place returns where a row of the report, of which the header is row 1, is in the workbook.
func (r *ItemReport) Place(row int64) (Place, bool) { return r.places.Place(row - 1) }

// maxItemList is the registry's limit of an item list, in bytes.
const maxItemList = 64 << 20

// writeCSV writes the table as the registry reads it.
func (t *table) writeCSV(w *bytes.Buffer) error {
	out := csv.NewWriter(w)
	if err := out.Write(t.fields); err != nil {
		return err
	}
	record := make([]string, len(t.fields))
	for t.Next() {
		for i, field := range t.fields {
			record[i] = t.text(field)
		}
		if err := out.Write(record); err != nil {
			return err
		}
		if w.Len() > maxItemList {
			return fmt.Errorf("xlsx: %s: the item list has more than %d bytes", t.place(), maxItemList)
		}
	}
	if t.Err() != nil {
		return t.Err()
	}
	out.Flush()
	return out.Error()
}
