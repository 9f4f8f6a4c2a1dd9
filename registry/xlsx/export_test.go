package xlsx

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/registry"
)

// drawn returns a small draw; one stratum has a name that a spreadsheet takes for a formula.
func drawn(t testing.TB) (*draw.Plan, *draw.Result) {
	t.Helper()
	frame, err := registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		for i := range 9 {
			if !yield(registry.Unit{ID: fmt.Sprintf("3702020000000000%02d", i), Stratum: []string{"=1+1", "food"}[i%2], Weight: uint64(1 + i%3)}, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	half, err := draw.NewFraction(7, 2)
	require.NoError(t, err)
	plan, err := draw.NewPlan(draw.SHA256(), frame, draw.Quotas{{Stratum: "=1+1", Count: half}, {Stratum: "food", Count: draw.WholeFraction(2)}}, 1)
	require.NoError(t, err)
	result, err := draw.Run(plan, frame, draw.Seed{1})
	require.NoError(t, err)
	return plan, result
}

// written10Times opens what a writer wrote, ten times the same.
func written10Times(t testing.TB, write func(*bytes.Buffer) error) *excelize.File {
	t.Helper()
	var a bytes.Buffer
	require.NoError(t, write(&a))
	for range 9 {
		var b bytes.Buffer
		require.NoError(t, write(&b))
		require.True(t, bytes.Equal(a.Bytes(), b.Bytes()), "the bytes depend on more than the content")
	}
	f, err := excelize.OpenReader(&a)
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func rowsOf(t testing.TB, f *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := f.GetRows(sheet)
	require.NoError(t, err)
	return rows
}

func TestWritePlan(t *testing.T) {
	plan, _ := drawn(t)
	f := written10Times(t, func(b *bytes.Buffer) error { return WritePlan(b, "抽取方案", plan) })
	rows := rowsOf(t, f, "抽取方案")
	require.Equal(t, [][]string{{"层", "单位数", "权重合计", "抽取数"}, {"'=1+1", "5", "10", "7/2"}, {"food", "4", "8", "2"}}, rows[2:])
	require.Contains(t, rows[1][0], fmt.Sprintf("%x", plan.FrameRoot()))
}

func TestWriteResult(t *testing.T) {
	_, result := drawn(t)
	names := Names(func(id string) string { return "@公司" + id[16:] })
	f := written10Times(t, func(b *bytes.Buffer) error { return WriteResult(b, "抽取结果", result, names) })
	rows := rowsOf(t, f, "抽中名单")[3:]
	require.Len(t, rows, result.Len())
	i := 0
	for d := range result.Drawn() {
		stratum := d.Stratum
		if stratum == "=1+1" {
			stratum = "'=1+1"
		}
		require.Equal(t, []string{fmt.Sprint(i + 1), d.ID, "'@公司" + d.ID[16:], stratum, fmt.Sprint(d.Weight), fmt.Sprint(d.Rank), d.Chance.String(), d.Ticket.String()}, rows[i])
		i++
	}
	// An ID of digits is text: as a number it would lose some.
	kind, err := f.GetCellType("抽中名单", "B4")
	require.NoError(t, err)
	require.Equal(t, excelize.CellTypeInlineString, kind)
	for r := range rows {
		for _, column := range "ABCDEFGH" {
			formula, err := f.GetCellFormula("抽中名单", fmt.Sprintf("%c%d", column, r+4))
			require.NoError(t, err)
			require.Empty(t, formula)
		}
	}
	require.NotEmpty(t, rowsOf(t, f, "备选名单")[3:])
	panes, err := f.GetPanes("抽中名单")
	require.NoError(t, err)
	require.True(t, panes.Freeze)
}

const roster = `doublerandom/roster/v1
problem 1111111111111111111111111111111111111111111111111111111111111111
key 2222222222222222222222222222222222222222222222222222222222222222
teams 1
refused 1
regions 1
squares 2
team a p q
refused b 1 1
region 2 1 1 0
inspector r
`

func TestWriteRoster(t *testing.T) {
	r, err := matching.ParseRoster(strings.NewReader(roster))
	require.NoError(t, err)
	f := written10Times(t, func(b *bytes.Buffer) error {
		return WriteRoster(b, "派出表", r, func(id string) string { return "公司" + id }, func(id string) string { return "检查员" + id })
	})
	require.Equal(t, [][]string{{"1", "a", "公司a", "检查员p、检查员q", "p、q"}}, rowsOf(t, f, "派出表")[3:])
	require.Equal(t, [][]string{{"1", "b", "公司b"}}, rowsOf(t, f, "未派出")[3:])
	f = written10Times(t, func(b *bytes.Buffer) error { return WriteRoster(b, "派出表", r, nil, nil) })
	require.Equal(t, [][]string{{"1", "a", "", "", "p、q"}}, rowsOf(t, f, "派出表")[3:])
}

func TestWritePublicity(t *testing.T) {
	list := []Publicity{{"370202000000000001", "=cmd|' /C calc'!A0", "食品", "市局", []string{"37020001", "37020002"}, "2026-11-27", "未发现问题"}}
	f := written10Times(t, func(b *bytes.Buffer) error { return WritePublicity(b, "公示表", "青岛市", list) })
	require.Equal(t, [][]string{{"1", "370202000000000001", "'=cmd|' /C calc'!A0", "食品", "市局", "37020001、37020002", "2026-11-27", "未发现问题"}}, rowsOf(t, f, "公示表")[3:])
	list[0].Result = "a\x01"
	require.EqualError(t, WritePublicity(&bytes.Buffer{}, "公示表", "", list), "xlsx: 公示表 row 4: 检查结果: text has a control character at byte 2")
}

// TestSplit writes a table that is longer than a sheet.
func TestSplit(t *testing.T) {
	b := newBook()
	b.limit = 5
	b.table("名单", "标题", "", column{"序号", 8})
	for i := range 5 {
		b.add(i)
	}
	b.table("另一", "标题", "", column{"序号", 8})
	var out bytes.Buffer
	require.NoError(t, b.writeTo(&out))
	f, err := excelize.OpenReader(&out)
	require.NoError(t, err)
	defer f.Close()
	require.Equal(t, []string{"名单", "名单 (2)", "名单 (3)", "另一"}, f.GetSheetList())
	require.Equal(t, [][]string{{"0"}, {"1"}}, rowsOf(t, f, "名单")[3:])
	require.Equal(t, [][]string{{"4"}}, rowsOf(t, f, "名单 (3)")[3:])
}

func TestNumber(t *testing.T) {
	require.Equal(t, uint64(999_999_999_999_999), number(999_999_999_999_999))
	require.Equal(t, "1000000000000000", number(1_000_000_000_000_000))
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, fmt.Errorf("disk full") }

func TestWriterFails(t *testing.T) {
	plan, _ := drawn(t)
	require.EqualError(t, WritePlan(failing{}, "x", plan), "xlsx: disk full")
}
