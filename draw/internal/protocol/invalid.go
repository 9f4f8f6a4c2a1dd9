package main

import (
	"maps"
	"slices"
)

// A fault is a vector with one thing wrong, as changes to a valid one.
type fault struct {
	Name        string            `json:"name"`
	About       string            `json:"about"`
	Base        string            `json:"base"`                   // name of the valid vector
	Policy      string            `json:"policy,omitempty"`       // that of the valid vector if absent
	FrameSecret string            `json:"frame_secret,omitempty"` // that of the valid vector if absent
	Files       map[string]string `json:"files,omitempty"`        // new or in place of the valid ones
	Remove      []string          `json:"remove,omitempty"`       // files that are not there
	Check       string            `json:"check"`                  // the check that must find it
	Status      string            `json:"status"`                 // what it says
	Verdict     string            `json:"verdict"`
	Receipt     string            `json:"receipt,omitempty"` // the file that is refused alone, too, with notice and sealed result
}

// A change makes a fault: it changes the recipe, or the finished bundle, or both.
type change struct {
	name, about string
	base        func() recipe // with baseName
	baseName    string
	recipe      func(r *recipe)
	bundle      func(b *bundle)
	policy      func(p string) string
	check       string
	status      string // wrong if ""
	receipt     string
}

// verdictOf is the line of the table in section 13.6 for a status.
func verdictOf(status string) string {
	return map[string]string{"wrong": "wrong", "missing": "cannot tell", "not-proven": "order not proven"}[status]
}

func (c change) fault() fault {
	valid := c.base().make()
	r := c.base()
	if c.recipe != nil {
		c.recipe(&r)
	}
	b := r.make()
	if c.bundle != nil {
		c.bundle(b)
	}
	f := fault{Name: c.name, About: c.about, Base: c.baseName, Check: c.check, Status: c.status, Receipt: c.receipt}
	if f.Status == "" {
		f.Status = "wrong"
	}
	f.Verdict = verdictOf(f.Status)
	f.difference(valid.files, b.files)
	p := policy(valid)
	changed := p
	if c.policy != nil {
		changed = c.policy(p)
	}
	if changed != p {
		f.Policy = changed
	}
	return f
}

// difference sets what to change in the valid files.
func (f *fault) difference(valid, have map[string]string) {
	f.Files = map[string]string{}
	for name, s := range have {
		if valid[name] != s {
			f.Files[name] = s
		}
	}
	for _, name := range slices.Sorted(maps.Keys(valid)) {
		if _, ok := have[name]; !ok {
			f.Remove = append(f.Remove, name)
		}
	}
}

func invalidVectors() []fault {
	var all []fault
	for _, c := range slices.Concat(noteFaults(), noticeFaults(), contributionFaults(), randomnessFaults(), resultFaults(), laterFaults()) {
		if c.base == nil {
			c.base, c.baseName = sealedRecipe, "sealed"
		}
		all = append(all, c.fault())
	}
	return append(all, seriesFaults()...)
}

// line replaces the line that begins with a keyword in statements of a kind.
func line(kind, keyword, new string) func(r *recipe) {
	return func(r *recipe) {
		r.edit = func(k, s string) string {
			if k == kind {
				return setLine(s, keyword, new)
			}
			return s
		}
	}
}
