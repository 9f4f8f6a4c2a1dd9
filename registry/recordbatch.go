package registry

import (
	"fmt"
	"math/bits"
)

// A recordBatch holds records that follow each other in a text.
type recordBatch struct {
	rows   []int64  // their row numbers
	fields []string // of all of them
	width  int      // fields of each
	size   int      // bytes of text they take

	// What a recordChecker found of them, if it has checked them.
	hashes  []uint64 // of the IDs
	checked []checkedRecord
	packed  []byte // attributes

	// What comes after them: nil if it is more records, a recordError if one
	// cannot be used, and any other error if there are no more.
	err    error
	errRow int64
}

// batchSize is how much text a batch takes, at most one record over. More would
// not stay in the processor's cache; fewer records cost more to hand over.
const batchSize = 1 << 16

// ended reports whether there are no records after the batch.
func (b *recordBatch) ended() bool {
	_, bad := b.err.(recordError)
	return b.err != nil && !bad
}

// record returns the fields of a record.
func (b *recordBatch) record(i int) []string {
	return b.fields[i*b.width : (i+1)*b.width]
}

// clear makes the batch empty.
func (b *recordBatch) clear(width int) {
	b.width = width
	b.rows, b.fields, b.size, b.err = b.rows[:0], b.fields[:0], 0, nil
	b.hashes, b.checked, b.packed = b.hashes[:0], b.checked[:0], b.packed[:0]
}

// fill reads a batch of records with the given number of fields. One with
// another number is a recordError.
func (s *recordReader) fill(b *recordBatch, width int) {
	b.clear(width)
	for {
		s.split(b, width)
		if b.size >= batchSize {
			return
		}
		// A record with a quote, of a wrong length, or at the end of the block.
		record, err := s.read()
		if err == nil && len(record) != width {
			err = recordError(fmt.Sprintf("%d fields, expected %d as in the header", len(record), width))
		}
		if err != nil {
			b.err, b.errRow = err, s.row
			return
		}
		b.rows = append(b.rows, s.row)
		b.fields = append(b.fields, record...)
		for _, field := range record {
			b.size += len(field) + 1
		}
	}
}

// split takes records apart up to the first that is not plain, and leaves that
// one and the end of the block to read.
func (s *recordReader) split(b *recordBatch, width int) {
	text, fields := s.rest, b.fields
	record, done := 0, len(fields) // where the record begins, and its fields
	field := 0                     // where the field begins
scan:
	for at := 0; at+64 <= len(text); at += 64 {
		for marks := lowBytes(text[at : at+64]); marks != 0; marks &= marks - 1 {
			i := at + bits.TrailingZeros64(marks)
			switch text[i] {
			case ',':
				fields = append(fields, text[field:i])
				field = i + 1
			case '"':
				break scan
			case '\n':
				end := i
				if end > field && text[end-1] == '\r' {
					end--
				}
				n := len(fields) + 1 - done
				blank := n == 1 && end == field
				if end-record > s.max || n != width && !blank {
					break scan
				}
				s.row++
				if !blank {
					fields = append(fields, text[field:end])
					b.rows = append(b.rows, s.row)
				}
				done = len(fields)
				b.size += i + 1 - record
				field, record = i+1, i+1
				if b.size >= batchSize {
					break scan
				}
			}
		}
	}
	b.fields = fields[:done]
	s.rest = text[record:]
}

// lowBytes returns a number whose bit i is set if byte i of the text, of 64, is
// at most a comma. That has the highest code of the bytes that matter in a file;
// in Chinese text there are few others.
func lowBytes(text string) uint64 {
	s := text[:64]
	low := func(i int) uint64 { return lowOfEight(eightBytes(s[i:i+8])) << i }
	return low(0) | low(8) | low(16) | low(24) | low(32) | low(40) | low(48) | low(56)
}

func lowOfEight(w uint64) uint64 {
	const (
		ones  = 0x0101010101010101
		tops  = 0x80 * ones
		above = (0x80 - (',' + 1)) * ones
		// Multiplying by gather brings the highest bits of the bytes together at the top.
		gather = 0x0002040810204081
	)
	return ^(w&^tops + above | w) & tops * gather >> 56
}
