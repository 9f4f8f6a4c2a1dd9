package registry

import (
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// begin starts a row.
func (im *importer) begin(row int64) error {
	if im.full() {
		return fmt.Errorf("registry: row %d: more than %d rows", row, im.checks.MaxRows)
	}
	im.report.Rows++
	im.row, im.rejected, im.stop, im.narrowed, im.uppercased = row, false, nil, false, false
	im.draft = draft{packed: im.draft.packed[:0]}
	return nil
}

// full reports whether there may be no more rows.
func (im *importer) full() bool { return im.report.Rows == int64(im.checks.MaxRows) }

// found counts a problem of the row and reports it if there is room.
func (im *importer) found(kind Kind, format string, args ...any) {
	im.report.counts[kind]++
	action := im.actions[kind]
	if action != Keep {
		im.rejected = true
	}
	first := action == Stop && im.stop == nil
	room := len(im.report.Problems) < im.checks.MaxReported
	if !first && !room {
		return
	}
	id := im.draft.id
	p := Problem{
		Row:  im.row,
		ID:   strings.Clone(id[:min(len(id), maxID)]), // not a view of the source's buffer
		Kind: kind,
		Text: fmt.Sprintf(format, args...),
	}
	if room {
		im.report.Problems = append(im.report.Problems, p)
	}
	if first {
		im.stop = &p
	}
}

// quoted is text from outside that is quoted only if its problem is reported.
type quoted string

func (q quoted) String() string { return label.Quote(string(q)) }

// folded folds an ID or a division and notes what that changed.
func (im *importer) folded(s string) string {
	s, narrowed, uppercased := fold(s)
	im.narrowed = im.narrowed || narrowed
	im.uppercased = im.uppercased || uppercased
	return s
}

// noCheck is what checkTexts returns for an ID that is not fit for checkCode.
const noCheck = kindCount

// checkTexts checks the ID and the name as texts. It returns what is wrong with
// the ID as a code, for checkCode.
func (im *importer) checkTexts() Kind {
	d := &im.draft
	var kind Kind
	if im.checks.Codes {
		// Most codes need no folding, which a right length and alphabet shows.
		if kind = codeKind(d.id); kind == CodeLength || kind == CodeAlphabet {
			d.id, d.hash = im.folded(d.id), 0
			kind = codeKind(d.id)
		}
	}
	if d.id == "" {
		im.found(EmptyID, "no ID")
		kind = noCheck
	} else if !im.checks.Codes || kind == CodeLength || kind == CodeAlphabet {
		// The alphabet of codes leaves no room for these problems.
		if wrong := checkID(d.id); wrong != "" {
			im.found(BadText, "ID %s", wrong)
			kind = noCheck
		}
	}
	if wrong := checkPlain(d.name); wrong != "" {
		im.found(BadText, "name %s", wrong)
	}
	return kind
}

// checkCode reports what is wrong with the ID as a code, and whether it was seen
// before.
func (im *importer) checkCode(kind Kind) {
	if kind == noCheck {
		return
	}
	d := &im.draft
	if kind != 0 {
		im.found(kind, "%s", codeText(d.id))
	}
	if d.hash == 0 {
		d.hash = im.to.index.hash(d.id)
	}
	row, free, seen := im.to.index.find(d.hash, d.id, &im.to.rowStore)
	if seen {
		im.found(DuplicateID, "seen before, with the name %s", quoted(im.to.name(row)))
	}
	d.free = free
}

// A codeText is a code whose problem is put into words only if it is reported.
type codeText string

func (c codeText) String() string {
	if err, ok := CheckCode(string(c)).(*CodeError); ok {
		return err.text()
	}
	return ""
}

// attributeText checks an attribute and adds it to the row.
func (im *importer) attributeText(a *Attribute) {
	wrongKey, wrong := checkKey(a.Key), checkValue(a.Value)
	if wrongKey != "" {
		im.found(BadText, "attribute key %s %s", quoted(a.Key), wrongKey)
	}
	if wrong != "" {
		im.found(BadText, "attribute %s %s", quoted(a.Key), wrong)
	}
	if wrongKey == "" && wrong == "" {
		im.attribute(a.Key, a.Value)
	}
}

// attribute adds an attribute to the row. A new key has a place in the table at
// once; drop takes it back if the row is rejected.
func (im *importer) attribute(key, value string) {
	at, ok := im.keyPlaces[key]
	if !ok {
		if at = im.addKey(key); at < 0 {
			im.found(BadRow, "attribute %s would be key %d of the registry, at most %d", quoted(key), maxKeys+1, maxKeys)
			return
		}
		im.draft.newKeys++
	}
	im.draft.packed = packAttribute(im.draft.packed, at, value)
}

// addKey returns the place of a new key, or -1 if there is none left.
func (im *importer) addKey(key string) int {
	at := len(im.to.keys)
	if at == maxKeys {
		return -1
	}
	key = strings.Clone(key)
	im.to.keys = append(im.to.keys, key)
	im.keyPlaces[key] = at
	return at
}

// setDivision folds and checks the division.
func (im *importer) setDivision(s string) {
	d := &im.draft
	p, ok := im.divisionPlaces.find(s)
	code := s
	if !ok {
		code = im.folded(s)
		p, ok = im.divisionPlaces.find(code)
	}
	if !ok {
		if _, digits := divisionKey(code); !digits {
			im.found(UnknownDivision, "division %s: expected 6 or 9 digits", quoted(s))
			return
		}
		if im.checks.Divisions != nil {
			p.kind = im.checks.Divisions.kind(code, im.checks.On)
		}
		d.newDivision = code
	}
	d.division = p
	switch {
	case p.kind == 0:
	case p.kind == RetiredDivision:
		im.found(p.kind, "division %s was abolished before %s", quoted(s), im.checks.On)
	case im.checks.On.IsZero():
		im.found(p.kind, "division %s is not in the table", quoted(s))
	default:
		im.found(p.kind, "division %s is not in the table, or not valid yet on %s", quoted(s), im.checks.On)
	}
}

// setIndustryText reads the industry, with the import's edition if it states none.
func (im *importer) setIndustryText(s string) {
	p, ok := im.industryTexts.find(s)
	if ok {
		im.industryAt(p, im.to.industryTable[p.at])
		return
	}
	full := s
	if im.edition != 0 && !strings.Contains(s, ":") && len(s) <= len("8210") {
		full = fmt.Sprintf("%04d:%s", im.edition, s)
	}
	n, err := ParseIndustry(full)
	if err != nil {
		im.found(UnknownIndustry, "%s", ownText(err))
		return
	}
	im.setIndustry(n)
	im.draft.newIndustryText = s
}

// setIndustry checks the industry.
func (im *importer) setIndustry(n Industry) {
	p, ok := im.industryPlaces[n]
	if !ok {
		if what := n.problem(); what != "" {
			im.found(UnknownIndustry, "industry %s: %s", quoted(n.String()), what)
			return
		}
		if im.checks.Industries != nil && !im.checks.Industries.Has(n) {
			p.kind = UnknownIndustry
		}
		im.draft.newIndustry = n
	}
	im.industryAt(p, n)
}

func (im *importer) industryAt(p place, n Industry) {
	im.draft.industry = p
	if p.kind != 0 {
		im.found(p.kind, "industry %s is not in the table", n)
	}
}

// date reads a date; "" is none.
func (im *importer) date(field, s string) Date {
	if s == "" {
		return Date{}
	}
	day, err := ParseDate(s)
	if err != nil {
		im.found(BadDate, "%s: %s", field, ownText(err))
	}
	return day
}

// ownText is one of this package's errors as part of a longer text.
func ownText(err error) string { return strings.TrimPrefix(err.Error(), "registry: ") }

// end keeps or rejects the row. It returns the problem that stops the import.
func (im *importer) end() error {
	if im.narrowed {
		im.report.Narrowed++
	}
	if im.uppercased {
		im.report.Uppercased++
	}
	if !im.rejected {
		return im.keep()
	}
	im.report.Rejected++
	for range im.draft.newKeys {
		last := len(im.to.keys) - 1
		delete(im.keyPlaces, im.to.keys[last])
		im.to.keys = im.to.keys[:last]
	}
	if im.stop != nil {
		return im.stop
	}
	return nil
}

func (im *importer) keep() error {
	d, to := &im.draft, im.to
	if !to.fits(max(len(d.name), len(d.packed))) {
		im.report.Rejected++
		return fmt.Errorf("registry: row %d: more than %d bytes of text in %d rows", im.row, maxPage, pageRows)
	}
	if d.newDivision != "" {
		d.division.at = uint32(len(to.divisionTable))
		text := strings.Clone(d.newDivision)
		to.divisionTable = append(to.divisionTable, text)
		im.divisionPlaces.add(text, d.division)
	}
	if !d.newIndustry.IsZero() {
		d.industry.at = uint32(len(to.industryTable))
		n := Industry{Edition: d.newIndustry.Edition, Code: strings.Clone(d.newIndustry.Code)}
		to.industryTable = append(to.industryTable, n)
		im.industryPlaces[n] = d.industry
	}
	if d.newIndustryText != "" {
		im.industryTexts.add(strings.Clone(d.newIndustryText), d.industry)
	}
	im.store(d.hash, d.free, &rowValues{
		id: d.id, name: d.name, packed: d.packed, domain: d.domain, status: d.status,
		division: d.division.at, industry: d.industry.at, founded: d.founded, inspected: d.inspected,
	})
	return nil
}

// store stores a row with what the index returned when its ID was looked for.
func (im *importer) store(hash uint64, free int, v *rowValues) {
	row := im.to.append(v)
	im.to.index.put(hash, free, row, &im.to.rowStore)
	im.report.Kept++
}
