package xlsx

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/doublerandom/doublerandom/registry"
)

const benchRows = 20_000

func benchBook(b *testing.B) []byte {
	f := excelize.NewFile()
	defer f.Close()
	s, err := f.NewStreamWriter("Sheet1")
	require.NoError(b, err)
	require.NoError(b, s.SetRow("A1", []any{"统一社会信用代码", "企业名称", "行政区划", "登记状态", "成立日期"}))
	for i := range benchRows {
		require.NoError(b, s.SetRow(fmt.Sprintf("A%d", i+2), []any{code(b, i), fmt.Sprintf("青岛第%d号公司", i), "370202", "存续", "2020-03-01"}))
	}
	require.NoError(b, s.Flush())
	var out bytes.Buffer
	require.NoError(b, f.Write(&out))
	return out.Bytes()
}

// BenchmarkRowsFloor goes through the rows with excelize and does nothing else.
func BenchmarkRowsFloor(b *testing.B) {
	book := benchBook(b)
	b.ResetTimer()
	for range b.N {
		w := open(b, book)
		rows, err := w.file.Rows("Sheet1")
		require.NoError(b, err)
		n := 0
		for rows.Next() {
			_, err := rows.Columns()
			require.NoError(b, err)
			n++
		}
		require.Equal(b, benchRows+1, n)
		require.NoError(b, rows.Close())
	}
	perRow(b)
}

// BenchmarkReadEntities imports them, with all checks.
func BenchmarkReadEntities(b *testing.B) {
	book := benchBook(b)
	b.ResetTimer()
	for range b.N {
		_, report, err := open(b, book).ReadEntities(EntityHeaders(), 2017, registry.Checks{Codes: true})
		require.NoError(b, err)
		require.EqualValues(b, benchRows, report.Kept)
	}
	perRow(b)
}

func perRow(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
}
