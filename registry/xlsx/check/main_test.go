package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

func book(t *testing.T, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	name := filepath.Join(t.TempDir(), "list.xlsx")
	require.NoError(t, f.SaveAs(name))
	return name
}

func TestCheck(t *testing.T) {
	companies := book(t, []any{"统一社会信用代码", "企业名称"}, []any{"91370202MA3C000019", "一号"}, []any{"x", "二号"})
	n, err := check("entities", "", true, 2017, []string{companies})
	require.NoError(t, err)
	require.Equal(t, 2, n) // neither code is right
	f, err := excelize.OpenFile(companies[:len(companies)-len(".xlsx")] + "-errors.xlsx")
	require.NoError(t, err)
	require.Equal(t, []string{"汇总", "问题 Sheet1"}, f.GetSheetList())
	require.NoError(t, f.Close())

	n, err = check("entities", "", false, 2017, []string{companies})
	require.NoError(t, err)
	require.Zero(t, n)
	n, err = check("inspectors", "", true, 2017, []string{book(t, []any{"工号", "姓名", "所属单位"}, []any{"1", "张三", "市局"}, []any{"1", "李四", "市局"})})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	n, err = check("items", "", true, 2017, []string{book(t, []any{"抽查事项", "抽查比例"}, []any{"食品", "5%"}, []any{"广告", "按需"})})
	require.NoError(t, err)
	require.Equal(t, 1, n)

	for _, c := range []struct {
		kind string
		args []string
		err  string
	}{
		{"entities", nil, "expected one file, such as check companies.xlsx"},
		{"people", []string{companies}, `-kind "people", expected entities, inspectors or items`},
	} {
		_, err := check(c.kind, "", true, 2017, c.args)
		require.EqualError(t, err, c.err)
	}
	_, err = check("entities", "", true, 2017, []string{filepath.Join(t.TempDir(), "none.xlsx")})
	require.ErrorIs(t, err, os.ErrNotExist)
}
