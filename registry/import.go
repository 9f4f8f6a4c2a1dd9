package registry

import (
	"fmt"
	"iter"
)

// Import builds a registry from the entities of a source, checked as c says. The
// first entity is row 1. An error from the source ends the import and is
// wrapped; so does a problem whose action is [Stop], which is returned as a
// [*Problem]. With an error the registry is nil; the report is there all the
// same, except if c itself is at fault.
//
// Texts are copied. Nothing is derived from an entity's ID here: a source that
// wants that calls [DomainOfCode] and [DivisionOfCode].
func Import(source iter.Seq2[Entity, error], c Checks) (*Registry, *Report, error) {
	im, err := newImporter(c)
	if err != nil {
		return nil, nil, err
	}
	row := int64(0)
	for e, err := range source {
		row++
		if err != nil {
			return nil, im.report, fmt.Errorf("registry: row %d: %w", row, err)
		}
		if err := im.entity(row, &e); err != nil {
			return nil, im.report, err
		}
	}
	return im.finish()
}

// An importer checks rows one by one and appends those that are kept.
type importer struct {
	checks  Checks            // with its defaults
	actions [kindCount]Action // without DefaultAction
	report  *Report
	to      *Registry
	edition uint16 // of industries that state none

	keyPlaces      map[string]int
	divisionPlaces places
	industryPlaces map[Industry]place
	industryTexts  places // the same by the source's spelling

	// The row at hand.
	row        int64
	rejected   bool
	stop       *Problem // the first problem whose action is Stop
	narrowed   bool
	uppercased bool
	draft      draft
}

// A draft is a row on its way into the registry.
type draft struct {
	id, name           string
	hash               uint64
	free               int // where the index has room for id
	domain             Domain
	status             Status
	founded, inspected Date
	packed             []byte // attributes
	newKeys            int    // keys that this row added to the table

	division, industry place
	newDivision        string   // gets its place when the row is kept
	newIndustry        Industry // the same
	newIndustryText    string   // the same
}

// A textRow is a row of a source whose fields are all text. "" is not stated.
type textRow struct {
	id, name, domain, division, industry string
	status, founded, inspected           string

	domainOfCode, divisionOfCode bool // the source has no such field

	hash uint64 // of id in the index; 0 if it is not known

	values     []string    // of the attributes with the registry's first keys; "" is none
	attributes []Attribute // of sources whose keys are not known before
}

func newImporter(c Checks) (*importer, error) {
	c, actions, err := c.ready()
	if err != nil {
		return nil, err
	}
	return &importer{
		checks:         c,
		actions:        actions,
		report:         &Report{},
		to:             newRegistry(),
		keyPlaces:      map[string]int{},
		industryPlaces: map[Industry]place{{}: {}},
	}, nil
}

// entity imports one entity.
func (im *importer) entity(row int64, e *Entity) error {
	if err := im.begin(row); err != nil {
		return err
	}
	d := &im.draft
	d.id, d.name, d.domain, d.status = e.ID, e.Name, e.Domain, e.Status
	d.founded, d.inspected = e.Founded, e.LastInspected
	size := len(e.ID) + len(e.Name) + len(e.Division) + len(e.Industry.Code) + len(e.Attributes.packed)
	if size > im.checks.MaxRow {
		im.found(RowTooLong, "%d bytes, at most %d", size, im.checks.MaxRow)
		return im.end()
	}
	if int(e.Domain) >= len(domainNames) {
		im.found(BadRow, "unknown domain %d", uint8(e.Domain))
	}
	kind := im.checkTexts()
	for key, value := range e.Attributes.All() {
		im.attribute(key, value)
	}
	im.checkCode(kind)
	im.setDivision(e.Division)
	im.setIndustry(e.Industry)
	if int(e.Status) >= len(statusNames) {
		d.status = StatusUnknown
		im.found(BadStatus, "unknown status %d", uint8(e.Status))
	}
	return im.end()
}

// text imports one row of texts.
func (im *importer) text(row int64, t *textRow) error {
	if err := im.begin(row); err != nil {
		return err
	}
	d := &im.draft
	d.id, d.hash, d.name = t.id, t.hash, t.name
	var ok bool
	if d.domain, ok = domainOfText(t.domain); !ok {
		im.found(BadRow, "unknown domain %s", quoted(t.domain))
	}
	kind := im.checkTexts()
	for i, value := range t.values {
		if value == "" {
			continue
		}
		if wrong := checkValue(value); wrong != "" {
			im.found(BadText, "attribute %s %s", quoted(im.to.keys[i]), wrong)
		}
		d.packed = packAttribute(d.packed, i, value)
	}
	for i := range t.attributes {
		im.attributeText(&t.attributes[i])
	}
	im.checkCode(kind)
	if t.domainOfCode && im.checks.Codes {
		d.domain = DomainOfCode(d.id)
	}
	if t.divisionOfCode && im.checks.Codes {
		t.division = DivisionOfCode(d.id)
	}
	im.setDivision(t.division)
	im.setIndustryText(t.industry)
	d.founded = im.date("founded", t.founded)
	d.inspected = im.date("last inspected", t.inspected)
	if d.status, ok = statusOfText(t.status); !ok {
		im.found(BadStatus, "unknown status %s", quoted(t.status))
	}
	return im.end()
}

// unreadable imports a row that could not be taken apart: it reports it.
func (im *importer) unreadable(row int64, kind Kind, text string) error {
	if err := im.begin(row); err != nil {
		return err
	}
	im.found(kind, "%s", text)
	return im.end()
}

// tooLong reports a row of a file over the limit. It ends the import, whatever
// the action: to find where the next row begins it would have to read on
// without a limit.
func (im *importer) tooLong(row int64) error {
	im.actions[RowTooLong] = Stop
	return im.unreadable(row, RowTooLong, fmt.Sprintf("more than %d bytes", im.checks.MaxRow))
}

// finish returns what the import made.
func (im *importer) finish() (*Registry, *Report, error) {
	im.to.freeze()
	return im.to, im.report, nil
}
