package registry

import "slices"

// A recordChecker checks records by themselves, without the registry, so that
// another goroutine can do it. It finds those that are as they should be; what is
// wrong with the others the importer finds and reports.
type recordChecker struct {
	table *tableReader
	codes bool                // as in Checks
	hash  func(string) uint64 // of the index
}

// A checkedRecord is what a checker made of a record.
type checkedRecord struct {
	clean              bool // nothing is wrong or to be folded; if not, the values do not count
	domain             Domain
	status             Status
	founded, inspected Date
	packedEnd          int // of its attributes in the batch's packed
}

func newRecordChecker(t *tableReader, im *importer) *recordChecker {
	return &recordChecker{table: t, codes: im.checks.Codes, hash: im.to.index.hash}
}

// check checks the records of a batch, if that is not done yet.
func (c *recordChecker) check(b *recordBatch) {
	if len(b.checked) > 0 {
		return
	}
	n := len(b.rows)
	b.hashes, b.checked = slices.Grow(b.hashes, n)[:n], slices.Grow(b.checked, n)[:n]
	for i := range n {
		record := b.record(i)
		b.hashes[i] = c.hash(record[c.table.id])
		r := &b.checked[i]
		r.clean = c.cleanTexts(record) && c.readEnums(r, record) && c.readDates(r, record) && c.packAttributes(b, record)
		r.packedEnd = len(b.packed)
	}
}

// cleanTexts reports whether nothing is wrong with the ID and the name.
func (c *recordChecker) cleanTexts(record []string) bool {
	return c.cleanID(record[c.table.id]) && checkPlain(field(record, c.table.name)) == ""
}

// readEnums reads domain and status.
func (c *recordChecker) readEnums(r *checkedRecord, record []string) (ok bool) {
	if r.status, ok = statusOfText(field(record, c.table.status)); !ok {
		return false
	}
	if c.table.domain < 0 && c.codes {
		r.domain = DomainOfCode(record[c.table.id])
		return true
	}
	r.domain, ok = domainOfText(field(record, c.table.domain))
	return ok
}

// readDates reads the dates.
func (c *recordChecker) readDates(r *checkedRecord, record []string) (ok bool) {
	if r.founded, ok = dateOfText(field(record, c.table.founded)); !ok {
		return false
	}
	r.inspected, ok = dateOfText(field(record, c.table.inspected))
	return ok
}

// dateOfText reads a date; "" is none.
func dateOfText(s string) (Date, bool) {
	if s == "" {
		return Date{}, true
	}
	d, err := ParseDate(s)
	return d, err == nil
}

// packAttributes adds the attributes of a record to those of the batch.
func (c *recordChecker) packAttributes(b *recordBatch, record []string) bool {
	for key, column := range c.table.attributes {
		value := record[column]
		if value == "" {
			continue
		}
		if checkValue(value) != "" {
			return false
		}
		b.packed = packAttribute(b.packed, key, value)
	}
	return true
}

// cleanID reports whether nothing is wrong with an ID and nothing to be folded.
func (c *recordChecker) cleanID(id string) bool {
	if c.codes {
		return codeKind(id) == 0
	}
	return checkID(id) == ""
}
