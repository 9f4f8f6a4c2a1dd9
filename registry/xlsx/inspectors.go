package xlsx

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/registry"
)

// A RowProblem is what is wrong with one row of a directory of inspectors.
type RowProblem struct {
	Place        // of the row
	ID    string // the inspector's, "" if it could not be read
	Text  string // what is wrong and what was expected
}

// Error returns the problem as one line.
func (p *RowProblem) Error() string { return fmt.Sprintf("xlsx: %s: %s", p.Place, p.Text) }

// ReadInspectors builds the directory of inspectors from the sheets that have a
// header row with ID, name and department, as in [InspectorHeaders]. Rows with a
// problem are left out and returned, all of them in their order; of two rows with
// one ID the first is kept. A nil departments leaves departments unchecked.
//
// Lists are separated by 、, ， , ； or ;. A department that stands over merged cells belongs to
// the rows below it, too: an empty one is that of the row above, in the same sheet. Roles are 组长 or
// lead, and 专家 or expert; statuses 在岗, 请假, 停职, 调离 and 退休, or the texts of
// [registry.InspectorStatus.String]. Each kind of certificate has the row's number and days.
func (w *Workbook) ReadInspectors(names Headers, departments *registry.Departments) (*registry.Inspectors, []RowProblem, error) {
	headers, err := w.headers(names, "id", "name", "department")
	if err != nil {
		return nil, nil, err
	}
	t := newTable(w, headers, nil)
	t.down = []string{"department"}
	defer t.close()
	var problems []RowProblem
	seen := map[string]Place{}
	all := func(yield func(registry.Inspector, error) bool) {
		for t.Next() {
			p, err := t.inspector()
			if err == nil {
				err = alone(p, departments)
			}
			if first, ok := seen[p.ID]; err == nil && ok {
				err = fmt.Errorf("the ID %q is already in %s", p.ID, first)
			}
			if err != nil {
				problems = append(problems, RowProblem{t.place(), p.ID, err.Error()})
				continue
			}
			seen[p.ID] = t.place()
			if !yield(p, nil) {
				return
			}
		}
		if t.Err() != nil {
			yield(registry.Inspector{}, t.Err())
		}
	}
	list, err := registry.NewInspectors(all, departments)
	if err != nil {
		return nil, problems, err
	}
	return list, problems, nil
}

// alone checks an inspector by itself, with the registry's words.
func alone(p registry.Inspector, departments *registry.Departments) error {
	_, err := registry.NewInspectors(func(yield func(registry.Inspector, error) bool) { yield(p, nil) }, departments)
	if err != nil {
		_, text, ok := strings.Cut(err.Error(), ": "+fmt.Sprintf("%q", p.ID)+": ")
		if !ok {
			text = strings.TrimPrefix(err.Error(), "registry: inspector row 1: ")
		}
		return errors.New(text)
	}
	return nil
}

func (t *table) inspector() (p registry.Inspector, err error) {
	wrong := ""
	if p.ID, wrong = t.cell("id").code(); wrong != "" {
		return p, t.wrongCell("id", wrong)
	}
	p.Name, p.Department = t.text("name"), t.text("department")
	p.Competences = split(t.cell("competences").prose())
	for _, text := range split(t.cell("roles").prose()) {
		switch text {
		case "组长", "lead":
			p.Roles |= registry.Lead
		case "专家", "expert":
			p.Roles |= registry.Expert
		case "组员", "成员":
		default:
			return p, fmt.Errorf("role %q, expected 组长, 专家 or 组员", text)
		}
	}
	if p.Status, err = inspectorStatus(t.cell("status").prose()); err != nil {
		return p, err
	}
	var days [2]registry.Date
	for i, field := range []string{"from", "to"} {
		text, wrong := t.cell(field).date(t.book.date1904)
		if wrong == "" && text != "" {
			if days[i], err = registry.ParseDate(text); err != nil {
				wrong = "is no day, expected YYYY-MM-DD"
			}
		}
		if wrong != "" {
			return p, t.wrongCell(field, wrong)
		}
	}
	number, wrong := t.cell("number").code()
	if wrong != "" {
		return p, t.wrongCell("number", wrong)
	}
	for _, kind := range split(t.cell("kind").prose()) {
		p.Certificates = append(p.Certificates, registry.Certificate{Kind: kind, Number: number, From: days[0], To: days[1]})
	}
	return p, nil
}

func inspectorStatus(text string) (registry.InspectorStatus, error) {
	names := []string{"", "在岗", "请假", "停职", "调离", "退休"} // in the order of the constants
	if i := slices.Index(names, text); i >= 0 {
		return registry.InspectorStatus(i), nil
	}
	if s, err := registry.ParseInspectorStatus(text); err == nil {
		return s, nil
	}
	return 0, fmt.Errorf("status %q, expected one of 在岗, 请假, 停职, 调离, 退休", text)
}

// split returns the entries of a list in a cell.
func split(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、，,；; \u3000\n\r", r) })
}
