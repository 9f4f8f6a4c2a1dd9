package evaluate

import (
	"errors"
	"fmt"
	"iter"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// Respondents returns the units of a survey among the inspected, for [registry.NewFrame]: each entity once, with weight 1, in the
// stratum of its first visit by the order of visit IDs. It does not look at what was found: neither the satisfied nor the fined are
// drawn more often, and a frame that was published before the results are in stays the same. The sequence ends with an
// error if a visit is not valid.
func Respondents(visits []Visit) iter.Seq2[registry.Unit, error] {
	return func(yield func(registry.Unit, error) bool) {
		order, err := inOrder(visits)
		if err != nil {
			yield(registry.Unit{}, err)
			return
		}
		seen := map[string]bool{}
		for _, i := range order {
			v := &visits[i]
			if seen[v.Entity] {
				continue
			}
			seen[v.Entity] = true
			if !yield(registry.Unit{ID: v.Entity, Stratum: v.Stratum, Weight: 1}, nil) {
				return
			}
		}
	}
}

// Recheck returns the units of a blind second inspection, for [registry.NewFrame]: all visits of the inspectors whose verdict is Review, and
// all visits of so many others for each of them, who have enough data and are within limits. The units are visits, with weight 1, in
// their own strata and sorted by ID; nothing in them says who is who, and whoever looks up who went finds an inspector of either
// kind with all visits in the frame. The others are those with the smallest tickets under the key, which stays secret until the second
// inspections are done. What was found does not decide which visits are in the frame.
//
// The visits are those of the report. The sequence ends with an error if one is not valid, if there is no trigger, if the number of
// others is not positive, or if there are not enough of them.
func (r *Report) Recheck(visits []Visit, others int, key [32]byte) iter.Seq2[registry.Unit, error] {
	return func(yield func(registry.Unit, error) bool) {
		order, err := inOrder(visits)
		if err != nil {
			yield(registry.Unit{}, err)
			return
		}
		chosen, err := r.rechecked(others, key)
		if err != nil {
			yield(registry.Unit{}, err)
			return
		}
		for _, i := range order {
			v := &visits[i]
			in := false
			for _, id := range v.Inspectors {
				if _, ok := r.Find(id); !ok {
					yield(registry.Unit{}, fmt.Errorf("evaluate: visit %s: inspector %s is not in the report", label.Quote(v.ID), label.Quote(id)))
					return
				}
				in = in || chosen[id]
			}
			if in && !yield(registry.Unit{ID: v.ID, Stratum: v.Stratum, Weight: 1}, nil) {
				return
			}
		}
	}
}

// rechecked returns the inspectors whose visits are inspected again.
func (r *Report) rechecked(others int, key [32]byte) (map[string]bool, error) {
	var candidates []string
	chosen := map[string]bool{}
	for _, f := range r.Inspectors {
		switch f.Verdict {
		case Review:
			chosen[f.Inspector] = true
		case WithinLimits:
			candidates = append(candidates, f.Inspector)
		}
	}
	flagged := len(chosen)
	switch {
	case flagged == 0:
		return nil, errors.New("evaluate: no inspector is to be reviewed")
	case others < 1:
		return nil, fmt.Errorf("evaluate: %d others for each inspector to be reviewed, expected at least 1", others)
	case others > len(candidates)/flagged:
		return nil, fmt.Errorf("evaluate: %d others for each of %d inspectors to be reviewed, but %d are within limits", others, flagged, len(candidates))
	}
	sorted, err := tickets(candidates, key, "recheck")
	if err != nil {
		return nil, err
	}
	for _, id := range sorted[:others*flagged] {
		chosen[id] = true
	}
	return chosen, nil
}
