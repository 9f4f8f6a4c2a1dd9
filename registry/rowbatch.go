package registry

// A rowBatch imports the records of a table.
type rowBatch struct {
	table   *tableReader
	checker *recordChecker
	im      *importer
	row     textRow
	warmth  uint64 // keeps the compiler from dropping the looks
}

// lookAhead is for how many IDs the index looks together.
const lookAhead = 32

func newRowBatch(t *tableReader, c *recordChecker, im *importer) *rowBatch {
	return &rowBatch{table: t, checker: c, im: im, row: t.newRow()}
}

// add imports records in order. It returns the error that stops the import.
func (r *rowBatch) add(b *recordBatch) error {
	r.checker.check(b)
	packed := 0
	for i, row := range b.rows {
		if i%lookAhead == 0 {
			r.warmth += r.im.to.index.warm(b.hashes[i:min(i+lookAhead, len(b.hashes))])
		}
		record, checked := b.record(i), &b.checked[i]
		attributes := b.packed[packed:checked.packedEnd]
		packed = checked.packedEnd
		if checked.clean && r.keep(record, b.hashes[i], checked, attributes) {
			continue
		}
		r.table.read(record, &r.row)
		r.row.hash = b.hashes[i]
		if err := r.im.text(row, &r.row); err != nil {
			return err
		}
	}
	return nil
}

// keep stores a clean record as the importer would, in a shorter way. It leaves
// to the importer, and then returns false, a record that brings something new or
// with which anything is wrong after all.
func (r *rowBatch) keep(record []string, hash uint64, c *checkedRecord, attributes []byte) bool {
	t, im := r.table, r.im
	id, name, division := record[t.id], field(record, t.name), field(record, t.division)
	if t.division < 0 && im.checks.Codes {
		division = DivisionOfCode(id)
	}
	inDivision, known := im.divisionPlaces.find(division)
	if !known || inDivision.kind != 0 {
		return false
	}
	inIndustry, known := im.industryTexts.find(field(record, t.industry))
	if !known || inIndustry.kind != 0 {
		return false
	}
	_, free, seen := im.to.index.find(hash, id, &im.to.rowStore)
	if seen || im.full() || !im.to.fits(max(len(name), len(attributes))) {
		return false
	}
	im.report.Rows++
	im.store(hash, free, &rowValues{
		id: id, name: name, packed: attributes, domain: c.domain, status: c.status,
		division: inDivision.at, industry: inIndustry.at, founded: c.founded, inspected: c.inspected,
	})
	return true
}
