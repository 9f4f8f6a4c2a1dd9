package xlsx

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/doublerandom/doublerandom/internal/realdata"
	"github.com/doublerandom/doublerandom/registry"
)

func TestReadInspectors(t *testing.T) {
	departments, err := registry.NewDepartments(func(yield func(registry.Department, error) bool) {
		for _, id := range []string{"市局", "二科"} {
			if !yield(registry.Department{ID: id, Name: id, Tier: registry.CityTier}, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	book := bookOf(t, func(f *excelize.File) { require.NoError(t, f.MergeCell("名录", "C4", "C6")) }, sheetOf{"名录", [][]any{
		{"执法检查人员名录库"},
		{"（2026年）"},
		{"执法证号", "姓名", "所属单位", "执法类别", "证件编号", "有效期至", "业务专长", "角色", "人员状态"},
		{"37020001", "张三", "市局", "食品、药品", "A-1", "2027-12-31", "食品；冷链", "组长、专家", "在岗"},
		{37020002, "李四", nil, "食品", 12, "2027年1月5日", "", "", "请假"},
		{"37020001", "王五", nil, "食品", "", "", "", "", ""},
		{"37020004", "赵六", "三科", "", "", "", "", "", ""},
		{"37020005", "钱七", "二科", "", "", "", "", "队长", ""},
		{"37020006", "孙八", "二科", "", "", "", "", "", "退职"},
		{"37020007", "周九", "二科", "", "", "长期", "", "", ""},
		{123456789012345678.0, "吴十", "二科", "", "", "", "", "", ""},
		{"", "郑一", "二科", "", "", "", "", "", ""},
	}}, sheetOf{"另一处", [][]any{{"姓名", "工号", "所属单位"}, {"冯二", "9", ""}, {"陈三", "10", "二科"}}})
	list, problems, err := open(t, book).ReadInspectors(InspectorHeaders(), departments)
	require.NoError(t, err)
	var have []string
	for _, p := range list.All() {
		have = append(have, fmt.Sprint(p.ID, " ", p.Name, " ", p.Department, " ", p.Certificates, " ", p.Competences, " ", p.Roles, " ", p.Status))
	}
	require.Equal(t, []string{
		"37020001 张三 市局 [{食品 A-1  2027-12-31} {药品 A-1  2027-12-31}] [食品 冷链] lead+expert active",
		"37020002 李四 市局 [{食品 12  2027-01-05}] []  leave",
		"10 陈三 二科 [] []  unknown",
	}, have)
	var wrong []string
	for _, p := range problems {
		wrong = append(wrong, p.Error())
	}
	require.Equal(t, []string{
		`xlsx: 名录!6: the ID "37020001" is already in 名录!4`,
		`xlsx: 名录!7: department "三科" is not in the directory`,
		`xlsx: 名录!8: role "队长", expected 组长, 专家 or 组员`,
		`xlsx: 名录!9: status "退职", expected one of 在岗, 请假, 停职, 调离, 退休`,
		`xlsx: 名录!10: cell F10: "长期" is no day, expected YYYY-MM-DD`,
		`xlsx: 名录!11: cell A11: "1.23456789012346E+17" is a number in scientific notation: Excel keeps 15 digits, the others are lost; format the column as text and enter the code again`,
		`xlsx: 名录!12: ID is empty`,
		`xlsx: 另一处!2: department is empty`,
	}, wrong)
	_, _, err = open(t, bookOf(t, nil, sheetOf{"a", [][]any{{"姓名", "工号"}}})).ReadInspectors(InspectorHeaders(), nil)
	require.ErrorContains(t, err, `xlsx: no column for department in sheet "a", whose row 1 has others`)
}

// TestMergedDepartment has a department that stands beside a damaged ID, and is that of
// the row below it, too.
func TestMergedDepartment(t *testing.T) {
	list, problems, err := open(t, bookOf(t, nil, sheetOf{"a", [][]any{
		{"工号", "姓名", "所属单位"}, {"1", "张三", "一科"}, {123456789012345678.0, "李四", "二科"}, {"3", "王五", ""},
	}})).ReadInspectors(InspectorHeaders(), nil)
	require.NoError(t, err)
	require.Len(t, problems, 1)
	p, ok := list.Lookup("3")
	require.True(t, ok)
	require.Equal(t, "二科", p.Department)
}

func TestReadItems(t *testing.T) {
	book := bookOf(t, func(f *excelize.File) {
		style, err := f.NewStyle(&excelize.Style{NumFmt: 9}) // 0%
		require.NoError(t, err)
		require.NoError(t, f.SetCellStyle("清单", "D3", "D3", style))
	}, sheetOf{"清单", [][]any{
		{"双随机抽查事项清单"},
		{"序号", "抽查事项", "抽查内容", "抽查比例", "抽查频次"},
		{1, "食品生产监督\n检查", "现场", 0.05, "每年1次"},
		{2, "", "抽样", "不低于3%", "每年1次"},
		{3, "广告监测", "", "按计划确定", ""},
	}})
	items, report, err := open(t, book).ReadItems(ItemHeaders(), "name")
	require.NoError(t, err)
	require.Equal(t, 3, items.Len())
	item, ok := items.Lookup("1")
	require.True(t, ok)
	require.Equal(t, "食品生产监督检查：现场", item.Name)
	require.Equal(t, 2, report.Ratios)
	item, _ = items.Lookup("2")
	require.Equal(t, "食品生产监督检查：抽样", item.Name)
	require.Len(t, report.Refused, 1)
	place, ok := report.Place(report.Refused[0].Row)
	require.True(t, ok)
	require.Equal(t, "清单!5", place.String())
	_, _, err = open(t, bookOf(t, nil, sheetOf{"a", [][]any{{"序号", "抽查事项"}, {"a b", "x"}}})).ReadItems(ItemHeaders())
	require.EqualError(t, err, `registry: item row 2: "a b": ID has the space U+0020 at byte 2`)
}

// TestRealItems reads a real item list from a workbook as from its CSV.
func TestRealItems(t *testing.T) {
	text := realdata.Read(t, "zj_spot_check_items.csv")
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	cells := [][]any{{"随机抽查事项清单"}}
	for _, row := range rows {
		line := make([]any, len(row))
		for i, s := range row {
			line[i] = s
		}
		cells = append(cells, line)
	}
	headers := Headers{"name": {"item"}, "part": {"subitem"}, "basis": {"basis"}, "ratio": {"ratio"}, "frequency": {"frequency"}}
	items, report, err := open(t, bookOf(t, nil, sheetOf{"清单", cells})).ReadItems(headers)
	require.NoError(t, err)
	want, wantReport, err := registry.ReadItemsCSV(bytes.NewReader(text), registry.ItemColumns{Name: "item", Part: "subitem", Basis: "basis", Ratio: "ratio", Frequency: "frequency"})
	require.NoError(t, err)
	require.Equal(t, wantReport.Ratios, report.Ratios)
	require.Equal(t, len(wantReport.Refused), len(report.Refused))
	require.Equal(t, want.Len(), items.Len())
	require.True(t, slices.EqualFunc(report.Refused, wantReport.Refused, func(a, b registry.ItemRefusal) bool { return a.Row == b.Row && a.ID == b.ID }))
	for i, item := range want.All() {
		require.Equal(t, item, items.At(i))
	}
}
