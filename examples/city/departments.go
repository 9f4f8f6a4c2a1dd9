package main

import (
	"fmt"

	"github.com/doublerandom/doublerandom/registry"
)

// A bureau is a department with its line of work and its place.
type bureau struct {
	registry.Department
	line           int
	district, town int // -1 above that tier
}

// makeDepartments makes up the tree: the lines in the city, most of them in each district, and below those in
// the towns.
func makeDepartments(s sizes) (*registry.Departments, []bureau, error) {
	all := lines()[:s.city]
	var list []bureau
	for l, line := range all {
		list = append(list, bureau{registry.Department{
			ID: line.key, Name: "样本市" + line.name, Division: "370200", Tier: registry.CityTier,
		}, l, -1, -1})
	}
	// The lines at the end of the list are the ones that some districts do without.
	skip, half := map[[2]int]bool{}, max(1, s.city/2)
	for k := range s.city*districts - s.district {
		skip[[2]int{s.city - 1 - k%half, districts - 1 - k/half}] = true
	}
	first := len(list)
	for l, line := range all {
		for d, p := range places() {
			if !skip[[2]int{l, d}] {
				list = append(list, bureau{registry.Department{
					ID: line.key + "/" + p.code, Name: p.name + line.name, Parent: line.key, Division: p.code, Tier: registry.DistrictTier,
				}, l, d, -1})
			}
		}
	}
	above := list[first:]
	for k := range s.town {
		b := above[k%len(above)]
		town := (k/len(above) + b.line) % s.townsEach
		list = append(list, bureau{registry.Department{
			ID: fmt.Sprintf("%s/%s/%d", b.ID, townCode(b.district, town)[6:], k/len(above)+1), Name: fmt.Sprintf("%s第%d所", b.Name, k/len(above)+1),
			Parent: b.ID, Division: townCode(b.district, town), Tier: registry.TownTier,
		}, b.line, b.district, town})
	}
	departments, err := registry.NewDepartments(func(yield func(registry.Department, error) bool) {
		for _, b := range list {
			if !yield(b.Department, nil) {
				return
			}
		}
	})
	return departments, list, err
}
