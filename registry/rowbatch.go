package registry

// A rowBatch imports the records of a table, a few at a time, so that the index
// can look for all their IDs together.
type rowBatch struct {
	table  *tableReader
	im     *importer
	row    textRow
	hashes [32]uint64
	warmth uint64 // keeps the compiler from dropping the looks
}

func newRowBatch(t *tableReader, im *importer) *rowBatch {
	return &rowBatch{table: t, im: im, row: t.newRow()}
}

// add imports records in order. It returns the error that stops the import.
func (r *rowBatch) add(b *recordBatch) error {
	if len(b.rows) == 0 {
		return nil
	}
	index := &r.im.to.index
	width := len(b.fields) / len(b.rows)
	fields := b.fields
	for rows := b.rows; len(rows) > 0; {
		n := min(len(rows), len(r.hashes))
		for i := range n {
			r.hashes[i] = index.hash(fields[i*width+r.table.id])
		}
		r.warmth += index.warm(r.hashes[:n])
		for i := range n {
			r.table.read(fields[i*width:(i+1)*width], &r.row)
			r.row.hash = r.hashes[i]
			if err := r.im.text(rows[i], &r.row); err != nil {
				return err
			}
		}
		rows, fields = rows[n:], fields[n*width:]
	}
	return nil
}
