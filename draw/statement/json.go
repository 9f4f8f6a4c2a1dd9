package statement

import (
	"bytes"
	"encoding/json"

	"github.com/doublerandom/doublerandom/registry"
)

// MarshalJSON returns a view for services: see [View].
func (s *Series) MarshalJSON() ([]byte, error) { return View(s) }

// MarshalJSON returns a view for services: see [View].
func (n *Notice) MarshalJSON() ([]byte, error) { return View(n) }

// MarshalJSON returns a view for services: see [View].
func (c *Commit) MarshalJSON() ([]byte, error) { return View(c) }

// MarshalJSON returns a view for services: see [View].
func (r *Reveal) MarshalJSON() ([]byte, error) { return View(r) }

// MarshalJSON returns a view for services: see [View].
func (c *Close) MarshalJSON() ([]byte, error) { return View(c) }

// MarshalJSON returns a view for services: see [View].
func (p *Pulse) MarshalJSON() ([]byte, error) { return View(p) }

// MarshalJSON returns a view for services: see [View].
func (s *SealedResult) MarshalJSON() ([]byte, error) { return View(s) }

// MarshalJSON returns a view for services: see [View].
func (r *Receipt) MarshalJSON() ([]byte, error) { return View(r) }

// MarshalJSON returns a view for services: see [View].
func (e *Event) MarshalJSON() ([]byte, error) { return View(e) }

// MarshalJSON returns a view for services: see [View].
func (o *Opening) MarshalJSON() ([]byte, error) { return View(o) }

// MarshalJSON returns a view for services: see [View].
func (v *Void) MarshalJSON() ([]byte, error) { return View(v) }

// View returns a statement as a JSON object: "statement" with its kind, then the
// keywords of its text in their order. A line of one field becomes a value, a
// line of several an array of values, lines that may come several times an array
// of those. Numbers are numbers, "none" is null, everything else is the text's
// string. It is a view only: nothing reads it back, and it is never hashed or
// signed. A statement that breaks a rule has none, but the *[Error] of
// MarshalText.
func View(s Statement) ([]byte, error) {
	text, err := s.MarshalText()
	if err != nil {
		return nil, err
	}
	v := &view{rows: map[string][]any{}, lists: map[string]bool{}}
	s.walk(&form{view: v})
	return v.encode(Kind(text))
}

// mayBeAbsent is a field whose text can be "none".
type mayBeAbsent interface{ absent() bool }

func (f hashField) absent() bool  { return f.optional && *f.h == (ID{}) }
func (f saltField) absent() bool  { return f.optional && *f.s == (registry.Salt{}) }
func (f labelField) absent() bool { return f.optional && *f.s == "" }
func (f tokenField) absent() bool { return f.optional && *f.s == "" }
func (p pathField) absent() bool  { return len(*p.path) == 0 }

// A view collects the rows of a statement.
type view struct {
	keys  []string // in the order of the text
	rows  map[string][]any
	lists map[string]bool // keywords of lines that may come several times
}

func (v *view) key(keyword string) {
	if _, ok := v.rows[keyword]; !ok {
		v.keys = append(v.keys, keyword)
		v.rows[keyword] = []any{}
	}
}

func (v *view) list(keyword string) {
	v.key(keyword)
	v.lists[keyword] = true
}

func (v *view) add(keyword string, fields []field) {
	v.key(keyword)
	values := make([]any, len(fields))
	for i, f := range fields {
		text, _ := f.format(nil) // checked by MarshalText
		values[i] = string(text)
		switch f := f.(type) {
		case numberField:
			values[i] = json.Number(text)
		case mayBeAbsent:
			if f.absent() {
				values[i] = nil
			}
		}
	}
	var row any = values
	if len(values) == 1 {
		row = values[0]
	}
	v.rows[keyword] = append(v.rows[keyword], row)
}

func (v *view) encode(kind string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	b.WriteString(`{"statement":"` + kind + `"`)
	for _, key := range v.keys {
		var value any = v.rows[key]
		if !v.lists[key] {
			value = v.rows[key][0]
		}
		b.WriteString(`,"` + key + `":`)
		if err := enc.Encode(value); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1) // the encoder's newline
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
