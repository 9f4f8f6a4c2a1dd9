package model

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A Row is a fact and the entity that it is about.
type Row struct {
	Entity string // 1–64 bytes without spaces and control characters
	Fact   Fact   // of the model that read it
}

// maxRow is longer than every row.
const maxRow = 512

// ReadRows goes through the rows of r, one to a line that ends with LF: the ID of an entity, a
// space, and a fact as [Model.ParseFact] reads it. A row that is wrong gives a [*ParseError] in
// its place, and reading goes on with the next line, so that a caller may report all that is
// wrong and choose what to do. An error of r ends the rows; it is wrapped.
//
// Rows are read as they are asked for, in constant memory however long a line is.
func (m *Model) ReadRows(r io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		lines := bufio.NewReaderSize(r, maxRow)
		for n := 1; ; n++ {
			line, err := lines.ReadSlice('\n')
			text := string(line)
			long := errors.Is(err, bufio.ErrBufferFull)
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = lines.ReadSlice('\n')
			}
			if err != nil && err != io.EOF {
				yield(Row{}, fmt.Errorf("model: row %d: %w", n, err))
				return
			}
			if err == io.EOF && text == "" {
				return
			}
			var row Row
			var wrong error
			switch {
			case long:
				wrong = fmt.Errorf("model: row %s, expected less than %d bytes", label.Quote(text), maxRow)
			case err == io.EOF:
				wrong = fmt.Errorf("model: row %s does not end with LF", label.Quote(text))
			default:
				row, wrong = m.parseRow(text[:len(text)-1])
			}
			if wrong != nil {
				row, wrong = Row{}, &ParseError{n, wrong}
			}
			if !yield(row, wrong) || err == io.EOF {
				return
			}
		}
	}
}

func (m *Model) parseRow(s string) (Row, error) {
	entity, fact, _ := strings.Cut(s, " ")
	if wrong := label.Check(entity); wrong != "" {
		return Row{}, fmt.Errorf("model: entity %s", wrong)
	}
	f, err := m.ParseFact(fact)
	if err != nil {
		return Row{}, err
	}
	return Row{entity, f}, nil
}

// AppendRow appends the line of a row, which [Model.ReadRows] reads, to b. If the entity's ID is
// none or the model cannot take the fact it returns b as it was, and an error.
func (m *Model) AppendRow(b []byte, row Row) ([]byte, error) {
	if wrong := label.Check(row.Entity); wrong != "" {
		return b, fmt.Errorf("model: entity %s", wrong)
	}
	fact, err := m.FormatFact(row.Fact)
	if err != nil {
		return b, err
	}
	return fmt.Appendf(b, "%s %s\n", row.Entity, fact), nil
}
