package registry

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// A Tier is a level of government. The zero Tier is AnyTier.
type Tier uint8

// The tiers, from the highest. Their texts are stable and appear in published files.
const (
	AnyTier      Tier = iota // "any": in a policy, whichever tier has no figure of its own
	ProvinceTier             // "province" (省级)
	CityTier                 // "city" (市级: a prefecture-level city)
	DistrictTier             // "district" (县级: a district, county or county-level city)
	TownTier                 // "town" (乡镇, 街道, 所)
)

var tierNames = [...]string{"any", "province", "city", "district", "town"}

// String returns the tier's text, such as "city".
func (t Tier) String() string { return enumText(tierNames[:], uint8(t), "Tier") }

// ParseTier returns the tier with the given text. It accepts exactly the texts
// that [Tier.String] returns.
func ParseTier(s string) (Tier, error) {
	i, err := parseEnum(tierNames[:], s, "tier")
	return Tier(i), err
}

// A Department is one body that inspects. It is a plain value.
type Department struct {
	ID       string // 1–64 bytes without spaces and control characters
	Name     string // at most 1,024 bytes without control characters
	Parent   string // ID of the department one tier above; "" for a city's department
	Division string // GB/T 2260, 6 digits, or 9 for a town; "" if not stated
	Tier     Tier   // CityTier, DistrictTier or TownTier
}

// Departments is a directory of departments: trees of three tiers, city over
// district over town. It keeps the order of its source. It is immutable and
// safe for concurrent use; a nil *Departments is an empty directory.
type Departments struct {
	rows     []Department
	byID     map[string]int32 // looked up, never ranged over
	parent   []int32          // row of the parent; -1 for a city's department
	children [][]int32        // rows, sorted by ID bytes
}

// NewDepartments builds the directory. Parents may come after their children.
// It fails, naming the row (the first is row 1) and the ID, at the first error
// that seq yields, a malformed field, a duplicate ID, an unknown parent, a
// cycle of parents, or a parent that is not exactly one tier above.
func NewDepartments(seq iter.Seq2[Department, error]) (*Departments, error) {
	d := &Departments{byID: map[string]int32{}}
	for dep, err := range seq {
		row := len(d.rows) + 1
		if err != nil {
			return nil, fmt.Errorf("registry: department row %d: %w", row, err)
		}
		if wrong := checkDepartment(dep); wrong != "" {
			return nil, departmentError(row, dep.ID, "%s", wrong)
		}
		if first, ok := d.byID[dep.ID]; ok {
			return nil, departmentError(row, dep.ID, "the ID is already in row %d", first+1)
		}
		dep = Department{strings.Clone(dep.ID), strings.Clone(dep.Name), strings.Clone(dep.Parent), strings.Clone(dep.Division), dep.Tier}
		d.byID[dep.ID] = int32(len(d.rows))
		d.rows = append(d.rows, dep)
	}
	if err := d.link(); err != nil {
		return nil, err
	}
	return d, nil
}

// Len returns the number of departments.
func (d *Departments) Len() int {
	if d == nil {
		return 0
	}
	return len(d.rows)
}

// At returns the department in row i, counted from 0. It panics if i is out of range.
func (d *Departments) At(i int) Department { return d.rows[i] }

// Lookup returns the department with the given ID.
func (d *Departments) Lookup(id string) (Department, bool) {
	i, ok := d.row(id)
	if !ok {
		return Department{}, false
	}
	return d.rows[i], true
}

// All iterates over the departments in the order of their source.
func (d *Departments) All() iter.Seq2[int, Department] {
	return func(yield func(int, Department) bool) {
		for i := range d.Len() {
			if !yield(i, d.rows[i]) {
				return
			}
		}
	}
}

// Parent returns the department above the one with the given ID. It returns
// false for a city's department and for an ID that is not in the directory.
func (d *Departments) Parent(id string) (Department, bool) {
	i, ok := d.row(id)
	if !ok || d.parent[i] < 0 {
		return Department{}, false
	}
	return d.rows[d.parent[i]], true
}

// Children iterates over the departments directly below the one with the given
// ID, sorted by ID bytes. An ID that is not in the directory has none.
func (d *Departments) Children(id string) iter.Seq[Department] {
	return func(yield func(Department) bool) {
		i, ok := d.row(id)
		if !ok {
			return
		}
		for _, c := range d.children[i] {
			if !yield(d.rows[c]) {
				return
			}
		}
	}
}

// Under reports whether the department child is ancestor or stands anywhere
// below it. It is false if either ID is not in the directory.
func (d *Departments) Under(child, ancestor string) bool {
	c, ok := d.row(child)
	a, known := d.row(ancestor)
	if !ok || !known {
		return false
	}
	for c >= 0 {
		if c == a {
			return true
		}
		c = d.parent[c]
	}
	return false
}

func (d *Departments) row(id string) (int32, bool) {
	if d == nil {
		return 0, false
	}
	i, ok := d.byID[id]
	return i, ok
}

// link fills parent and children.
func (d *Departments) link() error {
	d.parent = make([]int32, len(d.rows))
	for i, dep := range d.rows {
		d.parent[i] = -1
		if dep.Parent == "" {
			continue
		}
		p, ok := d.byID[dep.Parent]
		if !ok {
			return departmentError(i+1, dep.ID, "parent %s is not in the directory", label.Quote(dep.Parent))
		}
		d.parent[i] = p
	}
	// Cycles first: in a cycle some tier is always wrong, but that would not say what to mend.
	if err := d.checkCycles(); err != nil {
		return err
	}
	d.children = make([][]int32, len(d.rows))
	for i, dep := range d.rows {
		p := d.parent[i]
		switch {
		case p < 0 && dep.Tier != CityTier:
			return departmentError(i+1, dep.ID, "a %s department needs a parent in tier %s", dep.Tier, dep.Tier-1)
		case p >= 0 && dep.Tier == CityTier:
			return departmentError(i+1, dep.ID, "a city department has no parent, found %s", label.Quote(dep.Parent))
		case p >= 0 && d.rows[p].Tier != dep.Tier-1:
			return departmentError(i+1, dep.ID, "parent %s is in tier %s, expected %s", label.Quote(dep.Parent), d.rows[p].Tier, dep.Tier-1)
		}
		if p >= 0 {
			d.children[p] = append(d.children[p], int32(i))
		}
	}
	for _, rows := range d.children {
		slices.SortFunc(rows, func(a, b int32) int { return strings.Compare(d.rows[a].ID, d.rows[b].ID) })
	}
	return nil
}

// checkCycles walks up from every row once, in linear time.
func (d *Departments) checkCycles() error {
	walk := make([]int32, len(d.rows)) // number of the walk that came by; 0 if none
	for i := range d.rows {
		for at := int32(i); at >= 0 && walk[at] != -1; at = d.parent[at] {
			if walk[at] == int32(i)+1 {
				dep := d.rows[at]
				return departmentError(int(at)+1, dep.ID, "is its own ancestor through parent %s", label.Quote(dep.Parent))
			}
			walk[at] = int32(i) + 1
		}
		for at := int32(i); at >= 0 && walk[at] != -1; at = d.parent[at] {
			walk[at] = -1 // known to end at a root
		}
	}
	return nil
}

func departmentError(row int, id, format string, args ...any) error {
	return rowError("department", row, id, fmt.Sprintf(format, args...))
}

// rowError names the row and the ID of a fault in one of the directories.
func rowError(what string, row int, id, wrong string) error {
	if id == "" {
		return fmt.Errorf("registry: %s row %d: %s", what, row, wrong)
	}
	return fmt.Errorf("registry: %s row %d: %s: %s", what, row, label.Quote(id), wrong)
}

// checkDepartment returns "" or what is wrong with the department on its own.
func checkDepartment(dep Department) string {
	if wrong := checkID(dep.ID); wrong != "" {
		return "ID " + wrong
	}
	if wrong := checkProse("name", dep.Name, maxProse); wrong != "" {
		return wrong
	}
	if dep.Division != "" && !isDivision(dep.Division) {
		return fmt.Sprintf("division %s: expected 6 or 9 digits", label.Quote(dep.Division))
	}
	if dep.Tier < CityTier || dep.Tier > TownTier {
		return fmt.Sprintf("tier %s: expected city, district or town", dep.Tier)
	}
	return ""
}

// maxProse is the limit of a name in the directories, in bytes.
const maxProse = 1024

// checkProse returns "" if s is plain text of at most limit bytes, and otherwise
// what is wrong with the field.
func checkProse(field, s string, limit int) string {
	if len(s) > limit {
		return fmt.Sprintf("%s has %d bytes, at most %d", field, len(s), limit)
	}
	if wrong := checkPlain(s); wrong != "" {
		return field + " " + wrong
	}
	return ""
}

// isDivision reports whether s has the form of a division code.
func isDivision(s string) bool { return (len(s) == 6 || len(s) == 9) && allDigits(s) }
