package registry

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// An Item is one row of the item list (抽查事项清单): what may be inspected, of
// whom, on which legal basis, how much of it and how often. It is a plain value.
type Item struct {
	ID           string     // 1–64 bytes without spaces and control characters
	Name         string     // 1–1,024 bytes without control characters
	Basis        string     // the legal basis; at most 16 KiB without control characters
	Target       Target     // whom the item concerns
	Importance   Importance // general or key item
	Ratio        Ratio      // how many of the targets are drawn; zero if not stated
	Frequency    Frequency  // how often; zero if not stated
	Methods      []string   // how it is inspected, such as 现场检查; each at most 1,024 bytes
	Certificates []string   // kinds of certificate that an inspector needs, all of them; 1–64 bytes each, as an ID
	Department   string     // ID of the department in charge; "" if not stated
}

// A Target says whom an item concerns: entities that match all lists that are
// not empty, each by any of its entries. The zero Target is every entity.
type Target struct {
	Domains    []Domain   // kinds of body
	Divisions  []string   // GB/T 2260 codes of 6 digits, or 9 for a town
	Industries []Industry // industries, each with those below it
}

// An Importance ranks an item. The zero Importance is UnstatedItem.
type Importance uint8

// The ranks of an item. Their texts are stable.
const (
	UnstatedItem Importance = iota // "unstated"
	GeneralItem                    // "general" (一般检查事项)
	KeyItem                        // "key" (重点检查事项)
)

var importanceNames = [...]string{"unstated", "general", "key"}

// String returns the rank's text, such as "key".
func (i Importance) String() string { return enumText(importanceNames[:], uint8(i), "Importance") }

// ParseImportance returns the rank with the given text. It accepts exactly the
// texts that [Importance.String] returns.
func ParseImportance(s string) (Importance, error) {
	i, err := parseEnum(importanceNames[:], s, "importance")
	return Importance(i), err
}

// maxBasis is the limit of a legal basis in bytes; maxList that of the entries
// in each list of an item or an inspector.
const (
	maxBasis = 16 << 10
	maxList  = 1000
)

// Items is a directory of items in the order of its source. It is immutable and
// safe for concurrent use; a nil *Items is an empty directory.
type Items struct {
	rows []Item
	byID map[string]int32 // looked up, never ranged over
}

// NewItems builds the directory. It fails, naming the row (the first is row 1)
// and the ID, at the first error that seq yields, a field outside its documented
// range, or an ID that an earlier row has.
func NewItems(seq iter.Seq2[Item, error]) (*Items, error) {
	list := &Items{byID: map[string]int32{}}
	row := 0
	for item, err := range seq {
		row++
		if err != nil {
			return nil, fmt.Errorf("registry: item row %d: %w", row, err)
		}
		if wrong := list.add(item); wrong != "" {
			return nil, rowError("item", row, item.ID, wrong)
		}
	}
	return list, nil
}

// add returns "" or what is wrong with the item.
func (list *Items) add(item Item) string {
	if wrong := checkItem(item); wrong != "" {
		return wrong
	}
	if first, ok := list.byID[item.ID]; ok {
		return fmt.Sprintf("the ID is already in row %d", first+1)
	}
	item = item.clone()
	list.byID[item.ID] = int32(len(list.rows))
	list.rows = append(list.rows, item)
	return ""
}

// Len returns the number of items.
func (list *Items) Len() int {
	if list == nil {
		return 0
	}
	return len(list.rows)
}

// At returns the item in row i, counted from 0, with lists of its own. It panics
// if i is out of range.
func (list *Items) At(i int) Item { return list.rows[i].clone() }

// Lookup returns the item with the given ID, with lists of its own.
func (list *Items) Lookup(id string) (Item, bool) {
	if list == nil {
		return Item{}, false
	}
	i, ok := list.byID[id]
	if !ok {
		return Item{}, false
	}
	return list.At(int(i)), true
}

// All iterates over the items in the order of their source, each with lists of its own.
func (list *Items) All() iter.Seq2[int, Item] {
	return func(yield func(int, Item) bool) {
		for i := range list.Len() {
			if !yield(i, list.At(i)) {
				return
			}
		}
	}
}

// clone copies the lists, so that nobody can change a directory through them.
func (item Item) clone() Item {
	item.Target.Domains = slices.Clone(item.Target.Domains)
	item.Target.Divisions = slices.Clone(item.Target.Divisions)
	item.Target.Industries = slices.Clone(item.Target.Industries)
	item.Methods = slices.Clone(item.Methods)
	item.Certificates = slices.Clone(item.Certificates)
	return item
}

// checkItem returns "" or what is wrong with the item on its own.
func checkItem(item Item) string {
	if wrong := checkID(item.ID); wrong != "" {
		return "ID " + wrong
	}
	if strings.TrimSpace(item.Name) == "" {
		return "name is empty"
	}
	if wrong := checkProse("name", item.Name, maxProse); wrong != "" {
		return wrong
	}
	if wrong := checkProse("basis", item.Basis, maxBasis); wrong != "" {
		return wrong
	}
	if item.Importance > KeyItem {
		return fmt.Sprintf("unknown importance %s", item.Importance)
	}
	if item.Department != "" && checkID(item.Department) != "" {
		return "department " + checkID(item.Department)
	}
	if len(item.Methods) > maxList {
		return fmt.Sprintf("has %d methods, at most %d", len(item.Methods), maxList)
	}
	for i, method := range item.Methods {
		if wrong := checkProse("method", method, maxProse); wrong != "" {
			return fmt.Sprintf("entry %d of the methods: %s", i+1, wrong)
		}
	}
	if wrong := checkWords("certificates", item.Certificates); wrong != "" {
		return wrong
	}
	return item.Target.wrong()
}

// wrong returns "" or what is wrong with the target.
func (t Target) wrong() string {
	if n := max(len(t.Domains), len(t.Divisions), len(t.Industries)); n > maxList {
		return fmt.Sprintf("target has %d entries in one list, at most %d", n, maxList)
	}
	for _, d := range t.Domains {
		if d > OtherDomain {
			return fmt.Sprintf("target has the unknown domain %s", d)
		}
	}
	for _, d := range t.Divisions {
		if !isDivision(d) {
			return fmt.Sprintf("target division %s: expected 6 or 9 digits", label.Quote(d))
		}
	}
	for _, n := range t.Industries {
		if wrong := n.problem(); wrong != "" {
			return fmt.Sprintf("target industry %s: %s", label.Quote(n.String()), wrong)
		}
	}
	return ""
}

// checkWords returns "" if the words can be labels and each stands once, and
// otherwise what is wrong with the field.
func checkWords(field string, words []string) string {
	if len(words) > maxList {
		return fmt.Sprintf("has %d %s, at most %d", len(words), field, maxList)
	}
	for i, word := range words {
		if wrong := checkID(word); wrong != "" {
			return fmt.Sprintf("entry %d of the %s %s", i+1, field, wrong)
		}
		if slices.Contains(words[:i], word) {
			return fmt.Sprintf("%s %s stands twice", field, label.Quote(word))
		}
	}
	return ""
}
