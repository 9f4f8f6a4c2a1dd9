package teams

import (
	"iter"

	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/registry"
)

// Inspectors returns the registry's inspectors ([registry.Inspectors.All]) for package matching: the department as area, the
// roles "lead" and "expert", and the certificates with their validity. Those who are not active
// keep their place in the directory, but have no capacity; nor has a capacity function to be
// asked for them. Carried may be nil if no load is carried over.
func Inspectors(all iter.Seq2[int, registry.Inspector], capacity func(in registry.Inspector) int, carried func(in registry.Inspector) int) []matching.Inspector {
	var list []matching.Inspector
	for _, in := range all {
		out := matching.Inspector{ID: in.ID}
		if in.Department != "" {
			out.Areas = []string{in.Department}
		}
		for _, role := range []registry.Roles{registry.Lead, registry.Expert} {
			if in.Roles.Has(role) {
				out.Roles = append(out.Roles, role.String())
			}
		}
		for _, c := range in.Certificates {
			out.Certificates = append(out.Certificates, matching.Certificate{Kind: c.Kind, From: c.From.String(), To: c.To.String()})
		}
		if in.Status == registry.InspectorActive {
			out.Capacity = capacity(in)
			if carried != nil {
				out.Carried = carried(in)
			}
		}
		list = append(list, out)
	}
	return list
}
