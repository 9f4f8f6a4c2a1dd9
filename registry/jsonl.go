package registry

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/doublerandom/doublerandom/internal/label"
)

// ReadJSONLines builds a registry from JSON Lines in UTF-8: one object a line,
// such as
//
//	{"id":"91370200163562681G","name":"青岛啤酒股份有限公司","attributes":{"capital_wan":136439}}
//
// The fields are id, name, domain, division, industry, status, founded,
// last_inspected and attributes. All are text, spelled as in a CSV file, with
// the industry as "2017:8210"; attributes is an object of texts and numbers, a
// number being kept as it is spelled. null is the same as leaving a field out.
// Unknown fields, fields that come twice, other types and text after the object
// make the row a [BadRow]. Row numbers are line numbers; blank lines are skipped.
//
// Rows are checked as c says. A line over c.MaxRow ends the import, whatever its
// action. Where an object has no division or domain and c.Codes is set, they are
// taken from the code. Errors are as in [ReadCSV].
func ReadJSONLines(r io.Reader, c Checks) (*Registry, *Report, error) {
	im, err := newImporter(c)
	if err != nil {
		return nil, nil, err
	}
	t := newTextReader(r, im.checks.MaxRow)
	t.skipMark()
	for row := int64(1); ; row++ {
		line, next, err := t.line()
		t.rest = next
		switch {
		case err == io.EOF:
			return im.finish()
		case err == errTooLong:
			err = im.tooLong(row)
		case err != nil:
			err = fmt.Errorf("registry: row %d: %w", row, err)
		case line == "":
		case !utf8.ValidString(line):
			err = im.unreadable(row, BadText, "the line is not valid UTF-8")
		default:
			var fields textRow
			if bad := parseObject(line, &fields); bad != "" {
				err = im.unreadable(row, BadRow, bad)
			} else {
				err = im.text(row, &fields)
			}
		}
		if err != nil {
			return nil, im.report, err
		}
	}
}

// parseObject reads an object into the fields and returns "" or what is wrong.
func parseObject(line string, row *textRow) string {
	if !json.Valid([]byte(line)) {
		return syntaxText(line)
	}
	// The line is valid JSON, so that reading its tokens cannot fail.
	d := json.NewDecoder(strings.NewReader(line))
	d.UseNumber()
	if start, _ := d.Token(); start != json.Delim('{') {
		return "not an object"
	}
	row.domainOfCode, row.divisionOfCode = true, true
	seen := make(map[string]bool)
	replaced := !strings.ContainsRune(line, utf8.RuneError)
	for d.More() {
		key, _ := d.Token()
		name, _ := key.(string)
		if seen[name] {
			return fmt.Sprintf("field %s comes twice", label.Quote(name))
		}
		seen[name] = true
		value, _ := d.Token()
		if name == "attributes" {
			if bad := parseAttributes(d, value, row, replaced); bad != "" {
				return bad
			}
			continue
		}
		field := row.field(name)
		if field == nil {
			return fmt.Sprintf("unknown field %s", label.Quote(name))
		}
		text, ok := value.(string)
		switch {
		case value == nil:
			continue
		case !ok:
			return fmt.Sprintf("field %s is not text", label.Quote(name))
		case replaced && strings.ContainsRune(text, utf8.RuneError):
			return fmt.Sprintf("field %s has an escape that is no character", label.Quote(name))
		}
		*field = text
		switch name {
		case "domain":
			row.domainOfCode = false
		case "division":
			row.divisionOfCode = false
		}
	}
	return ""
}

func parseAttributes(d *json.Decoder, start json.Token, row *textRow, replaced bool) string {
	if start == nil {
		return ""
	}
	if start != json.Delim('{') {
		return `field "attributes" is not an object`
	}
	seen := make(map[string]bool)
	for d.More() {
		token, _ := d.Token()
		key, _ := token.(string)
		if seen[key] {
			return fmt.Sprintf("attribute %s comes twice", label.Quote(key))
		}
		seen[key] = true
		token, _ = d.Token()
		var value string
		switch v := token.(type) {
		case nil:
			continue
		case string:
			value = v
		case json.Number:
			value = v.String()
		default:
			return fmt.Sprintf("attribute %s is neither text nor a number", label.Quote(key))
		}
		if replaced && strings.ContainsRune(key+value, utf8.RuneError) {
			return fmt.Sprintf("attribute %s has an escape that is no character", label.Quote(key))
		}
		row.attributes = append(row.attributes, Attribute{Key: key, Value: value})
	}
	_, _ = d.Token() // the closing brace
	return ""
}

// field returns the field with the given name in JSON, or nil.
func (t *textRow) field(name string) *string {
	switch name {
	case "id":
		return &t.id
	case "name":
		return &t.name
	case "domain":
		return &t.domain
	case "division":
		return &t.division
	case "industry":
		return &t.industry
	case "status":
		return &t.status
	case "founded":
		return &t.founded
	case "last_inspected":
		return &t.inspected
	}
	return nil
}

func syntaxText(line string) string {
	var v any
	err := json.Unmarshal([]byte(line), &v)
	if syntax, ok := err.(*json.SyntaxError); ok {
		return fmt.Sprintf("not JSON: %v at byte %d", syntax, syntax.Offset)
	}
	return "not JSON"
}
