package main

import (
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/registry"
)

// An item is an entry of the list of what may be inspected.
type item struct {
	registry.Item
	line    int
	targets []string // industries, or a domain, as the index has them
}

// makeItems makes up the item list: a general item of each line, a key item of some, and one of all enterprises.
func makeItems(s sizes) (*registry.Items, []*item, error) {
	var list []*item
	add := func(l int, id, name string, importance registry.Importance, prefixes []string) {
		it := &item{line: l}
		it.Item = registry.Item{
			ID: id, Name: name, Basis: "《" + lines()[l].name + "抽查办法》（虚构）", Importance: importance, Department: lines()[l].key,
			Methods: []string{"现场检查", "书面检查", "网络监测", "抽样检测"}, Certificates: []string{lawEnforcement, lines()[l].key},
		}
		it.Target, it.targets = targetOf(prefixes)
		list = append(list, it)
	}
	add(0, "all", "登记事项和公示信息检查", registry.GeneralItem, nil)
	for l, line := range lines()[:s.city] {
		if line.general != nil {
			add(l, line.key, line.name+"一般检查", registry.GeneralItem, line.general)
		}
		if line.special != nil {
			add(l, line.key+"-key", line.name+"重点检查", registry.KeyItem, line.special)
		}
	}
	items, err := registry.NewItems(func(yield func(registry.Item, error) bool) {
		for _, it := range list {
			if !yield(it.Item, nil) {
				return
			}
		}
	})
	return items, list, err
}

// targetOf returns whom an item concerns, and the same for the index. Without prefixes it is all enterprises.
func targetOf(prefixes []string) (registry.Target, []string) {
	domains := map[string]registry.Domain{
		social: registry.SocialOrganisation, judicial: registry.JudicialService, institution: registry.Institution,
	}
	if len(prefixes) == 1 && domains[prefixes[0]] != registry.DomainUnknown {
		return registry.Target{Domains: []registry.Domain{domains[prefixes[0]]}}, prefixes
	}
	t, codes := registry.Target{Domains: []registry.Domain{registry.Enterprise}}, []string(nil)
	for _, i := range industries() {
		if prefixes == nil || slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(i.code, p) }) {
			codes = append(codes, i.code)
			if prefixes != nil {
				t.Industries = append(t.Industries, registry.Industry{Edition: 2017, Code: i.code})
			}
		}
	}
	return t, codes
}
