package registry

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fakeRows are rows as *sql.Rows gives them: Scan hands each value to the
// destination's own Scan, and bytes are only lent.
type fakeRows struct {
	columns []string
	rows    [][]any
	at      int
	err     error // of Columns if there are none, of Err otherwise
}

func (f *fakeRows) Columns() ([]string, error) {
	if f.columns == nil {
		return nil, f.err
	}
	return f.columns, nil
}

func (f *fakeRows) Next() bool { f.at++; return f.at <= len(f.rows) }

func (f *fakeRows) Scan(dest ...any) error {
	for i, value := range f.rows[f.at-1] {
		scanner, ok := dest[i].(interface{ Scan(any) error })
		if !ok {
			return fmt.Errorf("unsupported destination %T", dest[i])
		}
		lent, isBytes := value.([]byte)
		if isBytes {
			value = append([]byte(nil), lent...)
		}
		if err := scanner.Scan(value); err != nil {
			return fmt.Errorf("sql: Scan error on column index %d, name %q: %w", i, f.columns[i], err)
		}
		if isBytes {
			clear(value.([]byte))
		}
	}
	return nil
}

func (f *fakeRows) Err() error {
	if f.columns == nil {
		return nil
	}
	return f.err
}

func TestReadRows(t *testing.T) {
	zone := time.FixedZone("UTC+8", 8*3600)
	rows := &fakeRows{
		columns: []string{"uscc", "name", "score", "reg_date", "capital", "listed"},
		rows: [][]any{
			{goodCode, []byte("青岛公平"), 1.5, time.Date(1980, 1, 22, 0, 30, 0, 0, zone), int64(-640), true},
			{[]byte(otherCode), nil, nil, nil, nil, false},
			{goodCode, "again", 2.5, "1980-02-30", "x", nil},
			{badCheck, "", 0.0, time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC), nil, nil},
		},
	}
	columns := Columns{ID: "uscc", Name: "name", Founded: "reg_date", Attributes: []string{"capital", "listed"}}
	reg, report, err := ReadRows(rows, columns, Checks{Codes: true})
	require.NoError(t, err)
	requireAddsUp(t, reg, report, Checks{})
	require.Equal(t, 2, reg.Len())
	require.Equal(t, Entity{ID: goodCode, Name: "青岛公平", Domain: Enterprise, Division: "370200", Founded: dayOf(t, "1980-01-22")}, plain(reg.At(0)))
	require.True(t, mustAttributes(t, Attribute{"capital", "-640"}, Attribute{"listed", "true"}).Equal(reg.At(0).Attributes))
	require.Equal(t, Entity{ID: otherCode, Domain: Enterprise, Division: "370203"}, plain(reg.At(1)))
	require.True(t, mustAttributes(t, Attribute{"listed", "false"}).Equal(reg.At(1).Attributes))
	require.Equal(t, []Problem{
		{3, goodCode, DuplicateID, `seen before, with the name "青岛公平"`},
		{3, goodCode, BadDate, `founded: date "1980-02-30": day 30 is outside 1–29 of February 1980`},
		{4, badCheck, CodeCheck, `check character is "9", expected "8"`},
		{4, badCheck, BadDate, `founded: date "12345-01-01": expected YYYY-MM-DD`},
	}, report.Problems)
}

func TestReadRowsBadRows(t *testing.T) {
	rows := &fakeRows{columns: []string{"id", "x"}, rows: [][]any{
		{1.5, nil}, {"a", 2.5}, {"b", uint8(1)}, {strings.Repeat("c", 60), strings.Repeat("y", 41)}, {"d", strings.Repeat("y", 99)},
	}}
	columns := Columns{ID: "id", Attributes: []string{"x"}}
	reg, report, err := ReadRows(rows, columns, Checks{MaxRow: 100})
	require.NoError(t, err)
	requireAddsUp(t, reg, report, Checks{})
	require.Equal(t, 1, reg.Len())
	require.Equal(t, []Problem{
		{1, "", BadRow, `sql: Scan error on column index 0, name "id": type float64 may lose digits: cast it to text in the query`},
		{2, "", BadRow, `sql: Scan error on column index 1, name "x": type float64 may lose digits: cast it to text in the query`},
		{3, "", BadRow, `sql: Scan error on column index 1, name "x": type uint8 may lose digits: cast it to text in the query`},
		{4, "", RowTooLong, "101 bytes, at most 100"},
	}, report.Problems)
}

func TestReadRowsErrors(t *testing.T) {
	broken := errors.New("connection lost")
	columns := Columns{ID: "id"}
	reg, report, err := ReadRows(&fakeRows{columns: []string{"id"}, rows: [][]any{{"a"}}, err: broken}, columns, Checks{})
	require.EqualError(t, err, "registry: row 2: connection lost")
	require.ErrorIs(t, err, broken)
	require.Nil(t, reg)
	require.Equal(t, &Report{Rows: 1, Kept: 1}, report)

	_, report, err = ReadRows(&fakeRows{err: broken}, columns, Checks{})
	require.EqualError(t, err, "registry: header: connection lost")
	require.Nil(t, report)

	_, _, err = ReadRows(&fakeRows{columns: []string{"ID"}}, columns, Checks{})
	require.EqualError(t, err, `registry: header: no column "id" among "ID"`)

	_, report, err = ReadRows(&fakeRows{columns: []string{"id"}, rows: [][]any{{"a"}, {nil}, {"b"}}}, columns, Checks{Actions: map[Kind]Action{EmptyID: Stop}})
	require.EqualError(t, err, "registry: row 2: empty-id: no ID")
	require.Equal(t, int64(2), report.Rows)
}

func TestCut(t *testing.T) {
	require.Equal(t, strings.Repeat("x", 400), cut(strings.Repeat("x", 400)))
	require.Equal(t, strings.Repeat("x", 400)+"…", cut(strings.Repeat("x", 401)))
}
