package matching

import (
	"encoding/binary"
	"fmt"
	"hash"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/doublerandom/doublerandom/internal/label"
)

// Limits of a directory.
const (
	MaxInspectors = 1 << 22
	MaxCapacity   = 1 << 20 // places that one inspector may take
	MaxCarried    = 2       // load carried over from earlier rounds
	maxSkills     = 1 << 10 // areas, roles and certificates of one inspector
)

// An Inspector is an entry of the inspectors' directory.
type Inspector struct {
	ID           string        // 1–64 bytes without spaces and control characters
	Areas        []string      // departments or districts that the inspector works for
	Roles        []string      // roles beyond that of a member, such as "lead"
	Certificates []Certificate // whatever their validity
	Capacity     int           // places that the inspector may take: 0–MaxCapacity
	// Carried is load from earlier rounds, 0–2, which counts for balance as if it
	// were places of this one. It is kept small: unlimited catching up gives all
	// work to whoever was away.
	Carried int
}

// A Certificate entitles an inspector to places that ask for its kind.
type Certificate struct {
	Kind string // such as "food-safety"
	From string // first day, YYYY-MM-DD, "" for no limit
	To   string // last day, YYYY-MM-DD, "" for no limit
}

// A Directory is the inspectors' directory on one day, checked and indexed, from
// which any number of problems may be made. It is immutable and safe for
// concurrent use. Make one with [NewDirectory].
type Directory struct {
	newHash  func() hash.Hash
	f        digest.Func
	id       [32]byte
	ids      []string // ascending
	index    map[string]int32
	words    []uint64 // the first 8 bytes of the hash of each ID
	capacity []int32
	carried  []int32
	areas    map[string][]int32 // inspectors by what they have, ascending
	roles    map[string][]int32
	kinds    map[string][]int32 // certificates valid on the day
	known    map[string]bool    // kinds of all certificates
}

// NewDirectory returns the directory on a day (YYYY-MM-DD), on which certificates
// must be valid to count, under the hash function of the draw's suite. The order of
// the inspectors does not matter. It returns an error that names the inspector if an
// entry is not valid or an ID is there twice.
func NewDirectory(newHash func() hash.Hash, on string, inspectors []Inspector) (*Directory, error) {
	f, err := digest.New(newHash)
	if err != nil {
		return nil, fmt.Errorf("matching: %w", err)
	}
	if problem := badDay(on); problem != "" || on == "" {
		return nil, fmt.Errorf("matching: the day %q is not of the form YYYY-MM-DD", on)
	}
	if len(inspectors) > MaxInspectors {
		return nil, fmt.Errorf("matching: %d inspectors, expected at most %d", len(inspectors), MaxInspectors)
	}
	sorted := slices.Clone(inspectors)
	slices.SortStableFunc(sorted, func(x, y Inspector) int { return strings.Compare(x.ID, y.ID) })
	d := &Directory{
		newHash: newHash, f: f, index: make(map[string]int32, len(sorted)),
		areas: map[string][]int32{}, roles: map[string][]int32{}, kinds: map[string][]int32{}, known: map[string]bool{},
	}
	h := f.Hasher()
	for i := range sorted {
		in := &sorted[i]
		if problem := in.problem(); problem != "" {
			return nil, fmt.Errorf("matching: inspector %s: %s", label.Quote(in.ID), problem)
		}
		if i > 0 && sorted[i-1].ID == in.ID {
			return nil, fmt.Errorf("matching: inspector %s is listed twice", label.Quote(in.ID))
		}
		sum := h.Sum([]byte(in.ID))
		d.index[in.ID] = int32(i)
		d.ids = append(d.ids, in.ID)
		d.words = append(d.words, binary.BigEndian.Uint64(sum[:]))
		d.capacity, d.carried = append(d.capacity, int32(in.Capacity)), append(d.carried, int32(in.Carried))
		for _, area := range in.Areas {
			d.areas[area] = append(d.areas[area], int32(i))
		}
		for _, role := range in.Roles {
			d.roles[role] = append(d.roles[role], int32(i))
		}
		for _, c := range in.Certificates {
			d.known[c.Kind] = true
			list := d.kinds[c.Kind]
			valid := c.From <= on && (c.To == "" || on <= c.To)
			if valid && (len(list) == 0 || list[len(list)-1] != int32(i)) { // two of a kind may be valid
				d.kinds[c.Kind] = append(list, int32(i))
			}
		}
	}
	d.id = hashOf(newHash, d.writeText)
	return d, nil
}

// ID returns the hash of the directory's text, which a notice fixes.
func (d *Directory) ID() [32]byte { return d.id }

// Len returns the number of inspectors.
func (d *Directory) Len() int { return len(d.ids) }

// find returns the place of an inspector in the directory, or -1.
func (d *Directory) find(id string) int32 {
	if i, ok := d.index[id]; ok {
		return i
	}
	return -1
}

func (in *Inspector) problem() string {
	if problem := label.Check(in.ID); problem != "" {
		return "ID " + problem
	}
	if in.Capacity < 0 || in.Capacity > MaxCapacity {
		return fmt.Sprintf("capacity %d, expected 0 to %d", in.Capacity, MaxCapacity)
	}
	if in.Carried < 0 || in.Carried > MaxCarried {
		return fmt.Sprintf("load carried over %d, expected 0 to %d", in.Carried, MaxCarried)
	}
	for _, list := range []struct {
		what  string
		items []string
	}{{"area", in.Areas}, {"role", in.Roles}} {
		if len(list.items) > maxSkills {
			return fmt.Sprintf("%d entries of kind %s, expected at most %d", len(list.items), list.what, maxSkills)
		}
		for i, item := range list.items {
			if problem := badLabel(item); problem != "" {
				return list.what + " " + problem
			}
			if slices.Contains(list.items[:i], item) {
				return fmt.Sprintf("%s %s is listed twice", list.what, label.Quote(item))
			}
		}
	}
	if len(in.Certificates) > maxSkills {
		return fmt.Sprintf("%d certificates, expected at most %d", len(in.Certificates), maxSkills)
	}
	for _, c := range in.Certificates {
		if problem := badLabel(c.Kind); problem != "" {
			return "certificate " + problem
		}
		for _, day := range []string{c.From, c.To} {
			if problem := badDay(day); problem != "" {
				return fmt.Sprintf("certificate %s: day %s %s", label.Quote(c.Kind), label.Quote(day), problem)
			}
		}
		if c.To != "" && c.From > c.To {
			return fmt.Sprintf("certificate %s is valid from %s to %s", label.Quote(c.Kind), c.From, c.To)
		}
	}
	return ""
}

func badLabel(s string) string {
	if s == "none" {
		return `"none" is kept for a place that asks for nothing`
	}
	return label.Check(s)
}

// badDay returns what is wrong with a day, or "". Days of that form compare as
// texts.
func badDay(s string) string {
	const form = "is not of the form YYYY-MM-DD"
	if s == "" {
		return ""
	}
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return form
	}
	for i := range len(s) {
		if c := s[i]; i != 4 && i != 7 && (c < '0' || c > '9') {
			return form
		}
	}
	month, day := s[5:7], s[8:]
	most := "31"
	switch month {
	case "04", "06", "09", "11":
		most = "30"
	case "02":
		most = "28"
		year := int(s[0]-'0')*1000 + int(s[1]-'0')*100 + int(s[2]-'0')*10 + int(s[3]-'0')
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			most = "29"
		}
	}
	if s[:4] == "0000" || month < "01" || month > "12" || day < "01" || day > most {
		return "is not a day of the calendar"
	}
	return ""
}
