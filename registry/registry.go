// Package registry holds the directories a public draw is taken from: the
// inspected entities, the inspectors, the items and the departments.
//
// The entities come first. [ReadCSV], [ReadJSONLines], [ReadRows] and [Import]
// read them, check every row as [Checks] says, and return a [Registry] with a
// [Report] of what was wrong, row by row and by kind. [Registry.Lookup] finds an
// entity by its ID, [Registry.All] goes through them in the order of the source.
//
//	columns, err := registry.ParseColumns("id=uscc,name=name,founded=reg_date,attr=capital_wan")
//	reg, report, err := registry.ReadCSV(file, columns, registry.Checks{Codes: true})
//
// Nothing is dropped silently: a row is kept, or it is rejected and counted.
// The package opens no files and reads no clock; days and sources are given by
// the caller.
package registry

import (
	"fmt"
	"iter"
)

// A Registry is the directory of inspected entities. It is made by an import,
// never changes afterwards and is safe for concurrent use. The zero Registry is
// empty.
//
// It is held by columns, at about 100 bytes for an entity with a name of 35
// bytes. All strings it returns are views of its memory: they cost no
// allocation, and one of them keeps its page of 4,096 rows alive.
type Registry struct {
	rowStore
	divisionTable []string
	industryTable []Industry
	keys          []string // of attributes, at most maxKeys
	index         index
}

// Len returns the number of entities.
func (r *Registry) Len() int { return r.rows }

// At returns the entity in row i, counted from 0 in the order of the source.
// It panics unless 0 ≤ i < r.Len().
func (r *Registry) At(i int) Entity {
	if i < 0 || i >= r.rows {
		panic(fmt.Sprintf("registry: row %d of %d entities", i, r.rows))
	}
	p, k := r.pages[i>>pageBits], i&(pageRows-1)
	return Entity{
		ID:            view(&p.ids, &p.idEnds, k),
		Name:          view(&p.names, &p.nameEnds, k),
		Domain:        p.domains[k],
		Division:      r.divisionTable[p.divisions[k]],
		Industry:      r.industryTable[p.industries[k]],
		Status:        p.statuses[k],
		Founded:       p.founded[k],
		LastInspected: p.inspected[k],
		Attributes:    Attributes{keys: r.keys, packed: view(&p.attributes, &p.attributeEnds, k)},
	}
}

// Row returns the row of the entity with exactly the given ID and reports
// whether there is one.
func (r *Registry) Row(id string) (int, bool) {
	if r.rows == 0 {
		return 0, false
	}
	row, _, ok := r.index.find(r.index.hash(id), id, &r.rowStore)
	return row, ok
}

// Lookup returns the entity with exactly the given ID and reports whether there
// is one.
func (r *Registry) Lookup(id string) (Entity, bool) {
	row, ok := r.Row(id)
	if !ok {
		return Entity{}, false
	}
	return r.At(row), true
}

// All goes through the rows and their entities in the order of the source.
func (r *Registry) All() iter.Seq2[int, Entity] {
	return func(yield func(int, Entity) bool) {
		for i := range r.Len() {
			if !yield(i, r.At(i)) {
				return
			}
		}
	}
}

// newRegistry returns an empty registry to append to. The first place of each
// table stands for "not stated".
func newRegistry() *Registry {
	return &Registry{
		divisionTable: []string{""},
		industryTable: []Industry{{}},
		index:         newIndex(),
	}
}

// freeze ends the building: it gives back what memory the growing needed.
func (r *Registry) freeze() {
	if n := len(r.pages); n > 0 {
		r.pages[n-1].trim()
	}
	r.index.freeze(&r.rowStore)
}
