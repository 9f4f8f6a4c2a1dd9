package registry

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// ItemColumns says which column of a CSV file holds what, by the names in its
// header line. An empty name means that there is no such column. Of lists,
// entries are separated by ";" or "；".
type ItemColumns struct {
	ID           string // if there is none, items are numbered "1", "2", … in the order of the rows
	Name         string // required
	Part         string // a part of the item (抽查内容), joined to its name by "："
	Basis        string // the legal basis
	Importance   string // 一般, 重点, with or without 事项 or 检查事项, or the texts that ParseImportance reads
	Ratio        string // as ReadRatio reads it
	Frequency    string // as ReadFrequency reads it
	Methods      string // a list
	Certificates string // a list of kinds
	Department   string // an ID
	Domains      string // a list of the texts that ParseDomain reads
	Divisions    string // a list
	Industries   string // a list of the texts that ParseIndustry reads
}

// An ItemRefusal is a ratio or frequency of an item list that only a person can
// read. The item is in the directory, with the field at its zero value.
type ItemRefusal struct {
	Row int64      // the row of the file; the header line is row 1, line breaks in a cell do not count
	ID  string     // the item's ID
	Err *ReadError // which field and part, and why
}

// Error returns the refusal as one line with the row and the item's ID.
func (e *ItemRefusal) Error() string {
	return fmt.Sprintf("registry: item row %d: %s: %s", e.Row, label.Quote(e.ID), strings.TrimPrefix(e.Err.Error(), "registry: "))
}

// An ItemReport says how an item list was read. Empty ratios and frequencies are
// neither read nor refused.
type ItemReport struct {
	Rows        int           // rows read, without the header line
	Ratios      int           // ratios that were read
	Frequencies int           // frequencies that were read
	YearlyRatio []int64       // rows whose frequency restated the ratio as one per year; the item has that ratio
	Refused     []ItemRefusal // in the order of the rows, the ratio before the frequency
}

// maxItemList is the limit of an item list in bytes.
const maxItemList = 64 << 20

// ReadItemsCSV reads an item list as officials keep it: CSV in UTF-8, with or
// without a byte order mark, with a header line. Spaces around a cell and line
// breaks in it do not count.
//
// A ratio or a frequency that only a person can read is left at its zero value
// and reported, so that a person can complete the item. Everything else that is
// wrong ends the reading with an error that names the row: a column that is not
// there or there twice, bad CSV, a field outside its range, a duplicate ID, more
// than 64 MiB.
//
// Officials write some ratios into the column of the frequency, as 每年1次33%；
// 或者每年分次达到33% beside a ratio of 33%. Where both are the same fixed figure
// for all, the item's ratio is the one per year; otherwise both are refused. The
// frequency is refused in either case.
func ReadItemsCSV(r io.Reader, columns ItemColumns) (*Items, *ItemReport, error) {
	limited := &io.LimitedReader{R: r, N: maxItemList + 1}
	buffered := bufio.NewReader(limited)
	if mark, _ := buffered.Peek(3); string(mark) == "\uFEFF" {
		_, _ = buffered.Discard(3) // cannot fail: they were just peeked at
	}
	reader := csv.NewReader(buffered)
	header, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil, errors.New("registry: item list is empty, expected a header line")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("registry: item row 1: %w", err)
	}
	find, err := columns.find(header)
	if err != nil {
		return nil, nil, err
	}
	list, report := &Items{byID: map[string]int32{}}, &ItemReport{}
	for row := int64(2); ; row++ {
		cells, err := reader.Read()
		if limited.N == 0 {
			return nil, nil, fmt.Errorf("registry: item list has more than %d bytes", maxItemList)
		}
		if errors.Is(err, io.EOF) {
			return list, report, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("registry: item row %d: %w", row, err)
		}
		report.Rows++
		item, err := readItem(find, cells, columns.ID == "", report)
		if err != nil {
			return nil, nil, rowError("item", int(row), item.ID, strings.TrimPrefix(err.Error(), "registry: "))
		}
		if wrong := list.add(item); wrong != "" {
			if first, ok := list.byID[item.ID]; ok {
				wrong = fmt.Sprintf("the ID is already in row %d", first+2)
			}
			return nil, nil, rowError("item", int(row), item.ID, wrong)
		}
	}
}

// itemCells returns the cell of a row, by the field's place in ItemColumns.list.
type itemCells func(cells []string, field int) string

// The fields of a row, in the order of ItemColumns.list.
const (
	itemID = iota
	itemName
	itemPart
	itemBasis
	itemImportance
	itemRatio
	itemFrequency
	itemMethods
	itemCertificates
	itemDepartment
	itemDomains
	itemDivisions
	itemIndustries
)

func (c ItemColumns) list() [13]string {
	return [...]string{c.ID, c.Name, c.Part, c.Basis, c.Importance, c.Ratio, c.Frequency,
		c.Methods, c.Certificates, c.Department, c.Domains, c.Divisions, c.Industries}
}

// find looks the columns up in the header line.
func (c ItemColumns) find(header []string) (itemCells, error) {
	if c.Name == "" {
		return nil, errors.New("registry: item columns: no column for the name")
	}
	var places [13]int
	for field, name := range c.list() {
		places[field] = -1
		for i, h := range header {
			if name == "" || strings.TrimSpace(h) != name {
				continue
			}
			if places[field] >= 0 {
				return nil, fmt.Errorf("registry: item row 1: column %s stands twice", label.Quote(name))
			}
			places[field] = i
		}
		if name != "" && places[field] < 0 {
			return nil, fmt.Errorf("registry: item row 1: no column %s", label.Quote(name))
		}
	}
	return func(cells []string, field int) string {
		if places[field] < 0 {
			return ""
		}
		return strings.TrimSpace(joinLines(cells[places[field]]))
	}, nil
}

// joinLines makes one line of a cell: the breaks are layout.
func joinLines(cell string) string {
	cell = strings.ReplaceAll(cell, "\r\n", " ")
	return strings.ReplaceAll(strings.ReplaceAll(cell, "\n", " "), "\t", " ")
}

// readItem reads one row, which is the report.Rows-th, and counts and reports its policies.
func readItem(cell itemCells, cells []string, numbered bool, report *ItemReport) (item Item, err error) {
	item.ID = cell(cells, itemID)
	if numbered {
		item.ID = strconv.Itoa(report.Rows)
	}
	item.Name = cell(cells, itemName)
	if part := cell(cells, itemPart); part != "" {
		item.Name += "：" + part
	}
	item.Basis, item.Department = cell(cells, itemBasis), cell(cells, itemDepartment)
	if item.Importance, err = readImportance(cell(cells, itemImportance)); err != nil {
		return item, err
	}
	item.Methods = splitList(cell(cells, itemMethods))
	item.Certificates = splitList(cell(cells, itemCertificates))
	item.Target.Divisions = splitList(cell(cells, itemDivisions))
	for _, text := range splitList(cell(cells, itemDomains)) {
		domain, err := ParseDomain(text)
		if err != nil {
			return item, err
		}
		item.Target.Domains = append(item.Target.Domains, domain)
	}
	for _, text := range splitList(cell(cells, itemIndustries)) {
		industry, err := ParseIndustry(text)
		if err != nil {
			return item, err
		}
		item.Target.Industries = append(item.Target.Industries, industry)
	}
	report.policies(&item, cell(cells, itemRatio), cell(cells, itemFrequency))
	return item, nil
}

// policies reads an item's ratio and frequency.
func (report *ItemReport) policies(item *Item, ratio, frequency string) {
	row := int64(report.Rows) + 1
	var ratioErr, frequencyErr error
	if ratio != "" {
		item.Ratio, ratioErr = ReadRatio(ratio)
	}
	if frequency != "" {
		item.Frequency, frequencyErr = ReadFrequency(frequency)
	}
	if frequencyErr != nil && !item.Ratio.IsZero() && statesRatio(frequency) {
		yearly, err := ReadRatio(frequency)
		if err == nil && restates(yearly, item.Ratio) {
			item.Ratio = yearly
			report.YearlyRatio = append(report.YearlyRatio, row)
		} else { // 20% beside 每年2次各10%: neither is the whole truth
			item.Ratio = Ratio{}
			ratioErr = &ReadError{"ratio", ratio, "", ratio, "stands beside a frequency that states another ratio"}
		}
	}
	for _, err := range [...]error{ratioErr, frequencyErr} {
		var refused *ReadError
		if errors.As(err, &refused) {
			report.Refused = append(report.Refused, ItemRefusal{row, item.ID, refused})
		}
	}
	if !item.Ratio.IsZero() {
		report.Ratios++
	}
	if !item.Frequency.IsZero() {
		report.Frequencies++
	}
}

// restates reports whether yearly is the one fixed figure of ratio, per year.
func restates(yearly, ratio Ratio) bool {
	if len(yearly.rules) != 1 || len(ratio.rules) != 1 {
		return false
	}
	rule := ratio.rules[0]
	rule.Share.Basis = PerYear
	return rule == yearly.rules[0] && rule.Share.Kind == RatioFixed
}

// readImportance reads the rank of an item from a cell.
func readImportance(s string) (Importance, error) {
	switch s {
	case "":
		return UnstatedItem, nil
	case "一般", "一般事项", "一般检查事项":
		return GeneralItem, nil
	case "重点", "重点事项", "重点检查事项":
		return KeyItem, nil
	}
	return ParseImportance(s)
}

// splitList returns the entries of a list, without empty ones; nil if there are none.
func splitList(s string) (entries []string) {
	for entry := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ';' || r == '；' }) {
		if entry = strings.TrimSpace(entry); entry != "" {
			entries = append(entries, entry)
		}
	}
	return entries
}
