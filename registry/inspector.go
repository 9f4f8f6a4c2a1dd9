package registry

import (
	"fmt"
	"iter"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// An Inspector is one row of the directory of inspectors. It is a plain value.
type Inspector struct {
	ID           string          // 1–64 bytes without spaces and control characters
	Name         string          // at most 1,024 bytes without control characters
	Department   string          // ID of the department
	Certificates []Certificate   // at most 1,000
	Competences  []string        // fields of work, each once; 1–64 bytes, as an ID
	Roles        Roles           // what the inspector may be in a team, besides a member
	Status       InspectorStatus // whether the inspector is on duty
}

// Valid reports whether the inspector has a certificate of the given kind that
// is valid on the given day. It does not look at the inspector's status. It is
// false for the zero Date.
func (p Inspector) Valid(kind string, on Date) bool { return anyValid(p.Certificates, kind, on) }

// A Certificate entitles an inspector to a kind of inspection.
type Certificate struct {
	Kind   string // 1–64 bytes, as an ID
	Number string // at most 64 bytes without control characters; "" if not stated
	From   Date   // first day of validity; zero if not stated: valid since ever
	To     Date   // last day of validity; zero if not stated: valid without end
}

// Valid reports whether the certificate is valid on the given day, its first and
// last days included. It is false for the zero Date.
func (c Certificate) Valid(on Date) bool {
	return !on.IsZero() && c.From.Compare(on) <= 0 && (c.To.IsZero() || on.Compare(c.To) <= 0)
}

func anyValid(certificates []Certificate, kind string, on Date) bool {
	for _, c := range certificates {
		if c.Kind == kind && c.Valid(on) {
			return true
		}
	}
	return false
}

// Roles is a set of roles. The zero Roles is a plain member of a team.
type Roles uint8

// The roles.
const (
	Lead   Roles = 1 << iota // "lead": may lead a team
	Expert                   // "expert": joins for special knowledge
)

// Has reports whether the set has all roles of want.
func (r Roles) Has(want Roles) bool { return r&want == want }

// String returns the roles' texts: "", "lead", "expert" or "lead+expert".
func (r Roles) String() string {
	switch r {
	case 0:
		return ""
	case Lead:
		return "lead"
	case Expert:
		return "expert"
	case Lead | Expert:
		return "lead+expert"
	}
	return fmt.Sprintf("Roles(%d)", uint8(r))
}

// ParseRoles returns the set with the given text. It accepts exactly the texts
// that [Roles.String] returns.
func ParseRoles(s string) (Roles, error) {
	for r := Roles(0); r <= Lead|Expert; r++ {
		if r.String() == s {
			return r, nil
		}
	}
	return 0, fmt.Errorf("registry: unknown roles %s", label.Quote(s))
}

// An InspectorStatus says whether an inspector is on duty. The zero
// InspectorStatus is InspectorStatusUnknown.
type InspectorStatus uint8

// The statuses of inspectors. Their texts are stable.
const (
	InspectorStatusUnknown InspectorStatus = iota // "unknown": not stated
	InspectorActive                               // "active": on duty
	InspectorOnLeave                              // "leave": absent for a time
	InspectorSuspended                            // "suspended": may not inspect for a time
	InspectorTransferred                          // "transferred": works elsewhere
	InspectorRetired                              // "retired"
)

var inspectorStatusNames = [...]string{"unknown", "active", "leave", "suspended", "transferred", "retired"}

// String returns the status's text, such as "active".
func (s InspectorStatus) String() string {
	return enumText(inspectorStatusNames[:], uint8(s), "InspectorStatus")
}

// ParseInspectorStatus returns the status with the given text. It accepts exactly
// the texts that [InspectorStatus.String] returns.
func ParseInspectorStatus(s string) (InspectorStatus, error) {
	i, err := parseEnum(inspectorStatusNames[:], s, "inspector status")
	return InspectorStatus(i), err
}

// Inspectors is a directory of inspectors in the order of its source. It is
// immutable and safe for concurrent use; a nil *Inspectors is an empty directory.
type Inspectors struct {
	rows         []inspectorRow
	certificates []Certificate // of all inspectors, in the order of the rows
	competences  []string      // likewise
	byID         map[string]int32
}

// inspectorRow is an inspector without the lists, which end where the next row's begin.
type inspectorRow struct {
	id, name, department      string
	certificates, competences int // where the lists end
	roles                     Roles
	status                    InspectorStatus
}

// NewInspectors builds the directory. It fails, naming the row (the first is row
// 1) and the ID, at the first error that seq yields, a field outside its
// documented range, an ID that an earlier row has, or a department that is not
// in departments. A nil departments leaves the departments unchecked.
func NewInspectors(seq iter.Seq2[Inspector, error], departments *Departments) (*Inspectors, error) {
	list := &Inspectors{byID: map[string]int32{}}
	words := map[string]string{} // kinds, competences and departments repeat: one copy of each
	intern := func(s string) string {
		kept, ok := words[s]
		if !ok {
			kept = strings.Clone(s)
			words[kept] = kept
		}
		return kept
	}
	for p, err := range seq {
		row := len(list.rows) + 1
		if err != nil {
			return nil, fmt.Errorf("registry: inspector row %d: %w", row, err)
		}
		if wrong := checkInspector(p); wrong != "" {
			return nil, rowError("inspector", row, p.ID, wrong)
		}
		if _, ok := departments.Lookup(p.Department); !ok && departments != nil {
			return nil, rowError("inspector", row, p.ID, "department "+label.Quote(p.Department)+" is not in the directory")
		}
		if first, ok := list.byID[p.ID]; ok {
			return nil, rowError("inspector", row, p.ID, fmt.Sprintf("the ID is already in row %d", first+1))
		}
		for _, c := range p.Certificates {
			list.certificates = append(list.certificates, Certificate{intern(c.Kind), strings.Clone(c.Number), c.From, c.To})
		}
		for _, c := range p.Competences {
			list.competences = append(list.competences, intern(c))
		}
		id := strings.Clone(p.ID)
		list.byID[id] = int32(len(list.rows))
		list.rows = append(list.rows, inspectorRow{
			id: id, name: strings.Clone(p.Name), department: intern(p.Department),
			certificates: len(list.certificates), competences: len(list.competences),
			roles: p.Roles, status: p.Status,
		})
	}
	return list, nil
}

// Len returns the number of inspectors.
func (list *Inspectors) Len() int {
	if list == nil {
		return 0
	}
	return len(list.rows)
}

// At returns the inspector in row i, counted from 0, with lists of its own. It
// panics if i is out of range.
func (list *Inspectors) At(i int) Inspector {
	row := list.rows[i]
	from := inspectorRow{}
	if i > 0 {
		from = list.rows[i-1]
	}
	return Inspector{
		ID: row.id, Name: row.name, Department: row.department,
		Certificates: append([]Certificate(nil), list.certificatesOf(i)...),
		Competences:  append([]string(nil), list.competences[from.competences:row.competences]...),
		Roles:        row.roles, Status: row.status,
	}
}

// Valid is [Inspector.Valid] of the inspector in row i, without copying the
// inspector's lists. It panics if i is out of range.
func (list *Inspectors) Valid(i int, kind string, on Date) bool {
	return anyValid(list.certificatesOf(i), kind, on)
}

// Row returns the row of the inspector with the given ID, counted from 0.
func (list *Inspectors) Row(id string) (int, bool) {
	if list == nil {
		return 0, false
	}
	i, ok := list.byID[id]
	return int(i), ok
}

// Lookup returns the inspector with the given ID, with lists of its own.
func (list *Inspectors) Lookup(id string) (Inspector, bool) {
	i, ok := list.Row(id)
	if !ok {
		return Inspector{}, false
	}
	return list.At(i), true
}

// All iterates over the inspectors in the order of their source, each with lists
// of its own.
func (list *Inspectors) All() iter.Seq2[int, Inspector] {
	return func(yield func(int, Inspector) bool) {
		for i := range list.Len() {
			if !yield(i, list.At(i)) {
				return
			}
		}
	}
}

func (list *Inspectors) certificatesOf(i int) []Certificate {
	from := 0
	if i > 0 {
		from = list.rows[i-1].certificates
	}
	return list.certificates[from:list.rows[i].certificates]
}

// checkInspector returns "" or what is wrong with the inspector on its own.
func checkInspector(p Inspector) string {
	if wrong := checkID(p.ID); wrong != "" {
		return "ID " + wrong
	}
	if wrong := checkProse("name", p.Name, maxProse); wrong != "" {
		return wrong
	}
	if wrong := checkID(p.Department); wrong != "" {
		return "department " + wrong
	}
	if p.Roles > Lead|Expert {
		return fmt.Sprintf("unknown roles %s", p.Roles)
	}
	if p.Status > InspectorRetired {
		return fmt.Sprintf("unknown status %s", p.Status)
	}
	if len(p.Certificates) > maxList {
		return fmt.Sprintf("has %d certificates, at most %d", len(p.Certificates), maxList)
	}
	for i, c := range p.Certificates {
		wrong := ""
		switch {
		case checkID(c.Kind) != "":
			wrong = "kind " + checkID(c.Kind)
		case checkProse("number", c.Number, maxID) != "":
			wrong = checkProse("number", c.Number, maxID)
		case !c.To.IsZero() && c.To.Compare(c.From) < 0:
			wrong = fmt.Sprintf("ends on %s, before it begins on %s", c.To, c.From)
		}
		if wrong != "" {
			return fmt.Sprintf("certificate %d: %s", i+1, wrong)
		}
	}
	return checkWords("competences", p.Competences)
}
