package registry

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// Rules say which entities of a registry are in a frame, in which stratum and
// with which weight. The zero Rules put every entity into one stratum "all" with
// weight 1.
type Rules struct {
	On Date // the day of the frame; needed for RestMonths

	Statuses   []Status    // eligible statuses; none means all
	Target     Target      // whom the item concerns; zero means everyone
	Industries *Industries // lets Target name sections and groups by the table; may be nil

	RestMonths int // leaves out who was inspected within so many months up to On; 0 means no such rule

	MaxVisits uint                 // leaves out who had so many visits already; 0 means no such rule
	Visits    func(id string) uint // visits of an entity in the current period; needed for MaxVisits

	Excluded map[string]string // IDs left out for a reason of their own: ID to reason, 1–58 bytes without spaces

	Stratum Labeler // nil means "all"
	Weight  Weigher // nil means 1
}

// The reasons for which rules leave out an entity, in the order in which they
// are tried. An entity that Rules.Excluded names has the reason "named:" and what
// is given there.
const (
	ReasonNamed     = "named:"
	ReasonStatus    = "status"    // its status is not eligible
	ReasonDomain    = "domain"    // it is not of the target's domains
	ReasonDivision  = "division"  // it is not in the target's divisions
	ReasonIndustry  = "industry"  // it is not in the target's industries
	ReasonRecent    = "recent"    // it was inspected within RestMonths
	ReasonFrequency = "frequency" // it had MaxVisits visits
)

// Frame returns the frame that the rules make of the registry, and every entity
// left out with its reason: frame and exclusions together have as many rows as
// the registry. It returns an error if the rules are incomplete, name an ID that
// the registry does not have, or give a unit that a frame cannot hold.
func (r *Registry) Frame(rules Rules) (*Frame, *Exclusions, error) {
	if err := rules.check(r); err != nil {
		return nil, nil, err
	}
	b := newFrameBuilder()
	out := new(Exclusions)
	for _, e := range r.All() {
		if reason := rules.exclude(&e); reason != "" {
			out.rows = append(out.rows, Exclusion{e.ID, reason})
			continue
		}
		label, weight := "all", uint64(1)
		var err error
		if rules.Stratum != nil {
			if label, err = rules.Stratum(e); err != nil {
				return nil, nil, fmt.Errorf("registry: frame: stratum of %q: %w", e.ID, err)
			}
		}
		if rules.Weight != nil {
			if weight, err = rules.Weight(e); err != nil {
				return nil, nil, fmt.Errorf("registry: frame: weight of %q: %w", e.ID, err)
			}
		}
		if text := b.addUnit(Unit{e.ID, label, weight}); text != "" {
			return nil, nil, fmt.Errorf("registry: frame: unit %q: %s", e.ID, text)
		}
	}
	if len(b.ends) == 0 {
		return nil, nil, fmt.Errorf("registry: frame has no units: the rules leave out all %d entities", r.Len())
	}
	b.sort()
	frame, err := b.frame()
	if err != nil {
		return nil, nil, err
	}
	out.finish()
	return frame, out, nil
}

func (rules *Rules) check(r *Registry) error {
	if rules.RestMonths < 0 {
		return fmt.Errorf("registry: frame rules: RestMonths is %d, expected 0 or more", rules.RestMonths)
	}
	if rules.RestMonths > 0 && rules.On.IsZero() {
		return fmt.Errorf("registry: frame rules: RestMonths needs the day On")
	}
	if rules.MaxVisits > 0 && rules.Visits == nil {
		return fmt.Errorf("registry: frame rules: MaxVisits needs Visits")
	}
	for _, id := range slices.Sorted(maps.Keys(rules.Excluded)) {
		if _, ok := r.Row(id); !ok {
			return fmt.Errorf("registry: frame rules: excluded id %s is not in the registry", label.Quote(id))
		}
		if text := checkLabel(ReasonNamed + rules.Excluded[id]); text != "" || rules.Excluded[id] == "" {
			return fmt.Errorf("registry: frame rules: excluded id %q: reason %s, expected 1–%d bytes without spaces",
				id, label.Quote(rules.Excluded[id]), maxID-len(ReasonNamed))
		}
	}
	return nil
}

// exclude returns the reason for which an entity is left out, or "".
func (rules *Rules) exclude(e *Entity) string {
	t := &rules.Target
	if reason, ok := rules.Excluded[e.ID]; ok {
		return ReasonNamed + reason
	}
	switch {
	case len(rules.Statuses) > 0 && !slices.Contains(rules.Statuses, e.Status):
		return ReasonStatus
	case len(t.Domains) > 0 && !slices.Contains(t.Domains, e.Domain):
		return ReasonDomain
	case len(t.Divisions) > 0 && !slices.ContainsFunc(t.Divisions, func(d string) bool { return WithinDivision(e.Division, d) }):
		return ReasonDivision
	case len(t.Industries) > 0 && !slices.ContainsFunc(t.Industries, func(i Industry) bool { return rules.withinIndustry(e.Industry, i) }):
		return ReasonIndustry
	case rules.RestMonths > 0 && !e.LastInspected.IsZero() && e.LastInspected.Compare(rules.On.AddMonths(-rules.RestMonths)) > 0:
		return ReasonRecent
	case rules.MaxVisits > 0 && rules.Visits(e.ID) >= rules.MaxVisits:
		return ReasonFrequency
	}
	return ""
}

func (rules *Rules) withinIndustry(child, parent Industry) bool {
	if rules.Industries != nil {
		return rules.Industries.Within(child, parent)
	}
	return child.Within(parent)
}

// WithinDivision reports whether a division is the given one or lies in it: a
// town of 9 digits in its district, a district in its city ("370202" in
// "370200"), a city in its province ("370200" in "370000").
func WithinDivision(division, in string) bool {
	if len(in) == 6 {
		in = strings.TrimSuffix(strings.TrimSuffix(in, "00"), "00")
	}
	return in != "" && strings.HasPrefix(division, in)
}
