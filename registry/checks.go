package registry

import (
	"fmt"
	"slices"
)

// Checks say how an import judges its rows. The zero Checks take any ID of 1–64
// bytes, look nothing up in tables, and reject each row with a problem.
//
// With Codes, and for a division, full-width digits and letters are narrowed and
// lower-case letters upper-cased before anything is checked; the [Report] counts
// the rows.
type Checks struct {
	// On is the day for which divisions are checked. With the zero Date each
	// period of a division counts, so that none is retired.
	On Date

	// Codes says that IDs are unified social credit codes of GB 32100-2015.
	// They are folded and checked; and where the source has no field for them,
	// domain and division are taken from the code.
	Codes bool

	Divisions  *Divisions  // the divisions that may occur; nil: any 6 or 9 digits
	Industries *Industries // the industries that may occur; nil: any well-formed one

	// Actions says what to do with a row by the kind of its problem; a kind
	// that is missing has its DefaultAction. If a row has several problems the
	// strictest action wins: Stop before Reject before Keep. Keep is refused
	// for BadRow, RowTooLong, EmptyID, BadText and DuplicateID.
	Actions map[Kind]Action

	MaxRow      int // longest row in bytes, without its line end; 0: 1 MiB
	MaxRows     int // most rows, kept or not; 0: 2,147,483,646
	MaxReported int // most problems in Report.Problems; 0: 1000. All are counted.
}

// Defaults of Checks.
const (
	defaultMaxRow      = 1 << 20
	defaultMaxReported = 1000
)

// ready returns the checks with their defaults filled in, and an action for each
// kind.
func (c Checks) ready() (Checks, [kindCount]Action, error) {
	var actions [kindCount]Action
	for _, limit := range []struct {
		name  string
		value *int
		zero  int
		most  int
	}{
		{"MaxRow", &c.MaxRow, defaultMaxRow, maxPage / 2},
		{"MaxRows", &c.MaxRows, maxRows, maxRows},
		{"MaxReported", &c.MaxReported, defaultMaxReported, maxRows},
	} {
		if *limit.value < 0 || *limit.value > limit.most {
			return c, actions, fmt.Errorf("registry: checks: %s is %d, expected 0 to %d", limit.name, *limit.value, limit.most)
		}
		if *limit.value == 0 {
			*limit.value = limit.zero
		}
	}
	// Sorted, so that of two mistakes the same one is always named.
	kinds := make([]Kind, 0, len(c.Actions))
	for kind := range c.Actions {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	for _, kind := range kinds {
		action := c.Actions[kind]
		switch {
		case kind == 0 || kind >= kindCount:
			return c, actions, fmt.Errorf("registry: checks: unknown kind %s", kind)
		case action > Stop:
			return c, actions, fmt.Errorf("registry: checks: unknown action %d for %s", action, kind)
		case action == Keep && !mayKeep(kind):
			return c, actions, fmt.Errorf("registry: checks: a row with %s cannot be kept: expected Reject or Stop", kind)
		}
		actions[kind] = action
	}
	for kind := range actions {
		if actions[kind] == DefaultAction {
			actions[kind] = Reject
			if Kind(kind) == CodeOrganisation || Kind(kind) == RetiredDivision {
				actions[kind] = Keep
			}
		}
	}
	return c, actions, nil
}

// mayKeep reports whether a row with a problem of this kind can be held at all.
func mayKeep(kind Kind) bool {
	switch kind {
	case BadRow, RowTooLong, EmptyID, BadText, DuplicateID:
		return false
	}
	return true
}
