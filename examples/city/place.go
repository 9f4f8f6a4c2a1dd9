package main

import (
	"fmt"

	"github.com/doublerandom/doublerandom/registry"
)

// A place is a district with its towns, of GB/T 2260.
type place struct {
	code, name string
	share      int     // of the entities
	risk       float64 // of violations, 1 being usual
}

// places are the districts: real codes, the rest made up.
func places() [districts]place {
	return [districts]place{
		{"370202", "市南区", 9, 0.7}, {"370203", "市北区", 12, 1.0}, {"370211", "黄岛区", 19, 1.1}, {"370212", "崂山区", 7, 0.8},
		{"370213", "李沧区", 8, 1.0}, {"370214", "城阳区", 14, 1.2}, {"370215", "即墨区", 12, 1.3}, {"370281", "胶州市", 9, 1.0},
		{"370283", "平度市", 6, 1.4}, {"370285", "莱西市", 4, 0.9},
	}
}

// townCode returns the code of a town of a district, counted from 0.
func townCode(district, town int) string {
	return fmt.Sprintf("%s%03d", places()[district].code, town+1)
}

// divisionTable returns the registry's table of districts and towns.
func divisionTable(townsEach int) (*registry.Divisions, error) {
	return registry.NewDivisions(func(yield func(registry.Division) bool) {
		for d, p := range places() {
			if !yield(registry.Division{Code: p.code, Name: p.name}) {
				return
			}
			for t := range townsEach {
				if !yield(registry.Division{Code: townCode(d, t), Name: fmt.Sprintf("%s第%d街道", p.name, t+1)}) {
					return
				}
			}
		}
	})
}
