package registry

import (
	"cmp"
	"fmt"
	"iter"
	"math/bits"
	"slices"

	"github.com/doublerandom/doublerandom/internal/label"
)

// PPM is a ratio in parts per million: 1 % is 10,000, 1 ‰ is 1,000, all is [WholePPM].
type PPM uint32

// WholePPM is the ratio of one: every unit.
const WholePPM PPM = 1_000_000

// A RatioKind says how a ratio binds. The zero RatioKind is no ratio.
type RatioKind uint8

// The kinds of ratio.
const (
	RatioFloor RatioKind = iota + 1 // "floor": at least (不低于, 不少于)
	RatioCap                        // "cap": at most (不超过)
	RatioFixed                      // "fixed": exactly
)

var ratioKindNames = [...]string{"none", "floor", "cap", "fixed"}

// String returns the kind's text, such as "floor".
func (k RatioKind) String() string { return enumText(ratioKindNames[:], uint8(k), "RatioKind") }

// A RatioBasis says over what a ratio is counted. The zero RatioBasis is PerDraw.
type RatioBasis uint8

// The bases of a ratio.
const (
	PerDraw RatioBasis = iota // "draw": each draw by itself
	PerYear                   // "year": all draws of a year together
)

var ratioBasisNames = [...]string{"draw", "year"}

// String returns the basis's text, "draw" or "year".
func (b RatioBasis) String() string { return enumText(ratioBasisNames[:], uint8(b), "RatioBasis") }

// A Share is one figure of a ratio policy. The zero Share is no figure.
type Share struct {
	Kind  RatioKind  // how the figure binds
	PPM   PPM        // parts per million of the units, 1 to WholePPM
	Basis RatioBasis // each draw, or all draws of a year together
}

// Bounds returns the least and the most units that may be drawn of the given
// number, in one draw, or in a whole year if the basis is [PerYear]:
//
//	floor  ceil(units·PPM/10⁶) to units
//	cap    0 to floor(units·PPM/10⁶)
//	fixed  ceil(units·PPM/10⁶), both
//
// A floor and a fixed ratio of any units are at least one unit. A cap is never
// exceeded, so that of few units it may allow none: 2 % of 49 is 0. No units,
// or the zero Share, give 0 and 0. Shares above WholePPM count as WholePPM.
func (s Share) Bounds(units uint64) (lo, hi uint64) {
	switch s.Kind {
	case RatioFloor:
		return s.PPM.up(units), units
	case RatioCap:
		return 0, s.PPM.down(units)
	case RatioFixed:
		n := s.PPM.up(units)
		return n, n
	}
	return 0, 0
}

// Remaining returns the least and the most units for the next draw of a year,
// when already units were drawn earlier in it and draws are still to come, the
// next one included. If every draw takes lo, the year's floor or fixed figure
// is reached exactly, in parts as equal as can be (the larger ones first):
//
//	floor  lo = ceil(rest/draws), hi = units
//	fixed  lo = ceil(rest/draws), hi = rest
//	cap    lo = 0, hi = rest
//
// where rest is the year's figure by [Share.Bounds] less already, not below 0.
// With no draws left it returns 0 and 0. A share per draw does not look at the
// year: Remaining is then Bounds.
func (s Share) Remaining(units, already, draws uint64) (lo, hi uint64) {
	if draws == 0 {
		return 0, 0
	}
	if s.Basis != PerYear {
		return s.Bounds(units)
	}
	yearLo, yearHi := s.Bounds(units)
	restLo, restHi := yearLo-min(yearLo, already), yearHi-min(yearHi, already)
	lo = restLo / draws
	if restLo%draws != 0 {
		lo++
	}
	if s.Kind == RatioFloor {
		return lo, units
	}
	return lo, restHi
}

// down returns floor(units·p/10⁶); up returns the ceiling, which is at least 1 of any
// units, since p is not 0 in a valid share.
func (p PPM) down(units uint64) uint64 {
	n, _ := p.of(units)
	return n
}

func (p PPM) up(units uint64) uint64 {
	n, exact := p.of(units)
	if !exact {
		n++
	}
	return n
}

// of multiplies in 128 bits. p ≤ 10⁶ keeps the high word below the divisor.
func (p PPM) of(units uint64) (n uint64, exact bool) {
	high, low := bits.Mul64(units, uint64(min(p, WholePPM)))
	n, rest := bits.Div64(high, low, uint64(WholePPM))
	return n, rest == 0
}

// A SubShare is a quota inside a quota: of the units that a rule draws, so many
// belong to a group, as in 10%，其中重点检查单位不低于8%. The zero SubShare is none.
//
// Its figure is of the same units as the rule's (8 of 100 units, when 10 of 100
// are drawn), and has the rule's basis. It cannot be above the rule's figure.
type SubShare struct {
	Group string    // the group in the source's words; 1–64 bytes without spaces, control characters and ";"
	Kind  RatioKind // how the figure binds
	PPM   PPM       // parts per million of the rule's units, not of the group
}

// IsZero reports whether there is no sub-quota.
func (s SubShare) IsZero() bool { return s == SubShare{} }

// Bounds returns the least and the most units of the group among drawn units
// that were taken of the given number. It rounds as [Share.Bounds] does; both
// bounds are at most drawn. Whether the group has so many is for the caller to see.
func (s SubShare) Bounds(units, drawn uint64) (lo, hi uint64) {
	lo, hi = Share{Kind: s.Kind, PPM: s.PPM}.Bounds(units)
	return min(lo, drawn), min(hi, drawn)
}

// A RatioRule is one line of a ratio policy: for whom a figure holds, and what it is.
type RatioRule struct {
	Tier  Tier     // the tier that draws; AnyTier for every tier without a rule of its own
	Class string   // the risk class, 1–64 bytes without spaces, control characters and ";"; "" for every class without a rule of its own
	Share Share    // the figure
	Sub   SubShare // the quota inside it; zero if there is none
}

// A Ratio is an item's ratio policy: at most 32 rules, one for each pair of tier
// and class. It is immutable and safe for concurrent use. The zero Ratio has no
// rules: the policy is not stated, or only a person can read it.
//
// Its text has one spelling, see [ParseRatio].
type Ratio struct {
	rules []RatioRule // sorted by tier, then class; never modified
}

// maxRules bounds the rules of a policy.
const maxRules = 32

// NewRatio returns the policy with the given rules, in any order. Without rules
// it returns the zero Ratio. It fails if there are more than 32, two for the same
// tier and class, or one with a field outside its documented range.
func NewRatio(rules ...RatioRule) (Ratio, error) {
	if len(rules) == 0 {
		return Ratio{}, nil
	}
	if len(rules) > maxRules {
		return Ratio{}, fmt.Errorf("registry: ratio has %d rules, limit %d", len(rules), maxRules)
	}
	rules = slices.Clone(rules)
	slices.SortStableFunc(rules, compareRatioRules)
	for i, r := range rules {
		if wrong := r.wrong(); wrong != "" {
			return Ratio{}, fmt.Errorf("registry: ratio rule for %s: %s", r.whom(), wrong)
		}
		if i > 0 && compareRatioRules(rules[i-1], r) == 0 {
			return Ratio{}, fmt.Errorf("registry: ratio has two rules for %s", r.whom())
		}
	}
	return Ratio{rules}, nil
}

// IsZero reports whether the policy has no rules.
func (r Ratio) IsZero() bool { return len(r.rules) == 0 }

// Equal reports whether both policies have the same rules.
func (r Ratio) Equal(other Ratio) bool { return slices.Equal(r.rules, other.rules) }

// Rules iterates over the rules, sorted by tier, then by the bytes of the class.
func (r Ratio) Rules() iter.Seq[RatioRule] { return slices.Values(r.rules) }

// For returns the rule for a draw by a department of the given tier from
// entities of the given risk class: the rule for both, else the one for the
// class, else the one for the tier, else the one for all. It returns false if
// there is none.
func (r Ratio) For(tier Tier, class string) (RatioRule, bool) {
	for _, want := range [...]RatioRule{{Tier: tier, Class: class}, {Class: class}, {Tier: tier}, {}} {
		if i, ok := slices.BinarySearchFunc(r.rules, want, compareRatioRules); ok {
			return r.rules[i], true
		}
	}
	return RatioRule{}, false
}

func compareRatioRules(a, b RatioRule) int {
	return cmp.Or(cmp.Compare(a.Tier, b.Tier), cmp.Compare(a.Class, b.Class))
}

// whom names the rule's tier and class for an error.
func (r RatioRule) whom() string {
	if r.Class == "" {
		return fmt.Sprintf("tier %s, all classes", r.Tier)
	}
	return fmt.Sprintf("tier %s, class %s", r.Tier, label.Quote(r.Class))
}

// wrong returns "" or what is wrong with the rule.
func (r RatioRule) wrong() string {
	switch {
	case r.Tier > TownTier:
		return "unknown tier"
	case r.Class != "" && checkWord(r.Class) != "":
		return "class " + checkWord(r.Class)
	case r.Share.Basis > PerYear:
		return fmt.Sprintf("unknown basis %s", r.Share.Basis)
	}
	if wrong := wrongFigure(r.Share.Kind, r.Share.PPM); wrong != "" {
		return wrong
	}
	if r.Sub.IsZero() {
		return ""
	}
	if wrong := checkWord(r.Sub.Group); wrong != "" {
		return "sub-quota's group " + wrong
	}
	if wrong := wrongFigure(r.Sub.Kind, r.Sub.PPM); wrong != "" {
		return "sub-quota: " + wrong
	}
	if r.Sub.PPM > r.Share.PPM {
		return fmt.Sprintf("sub-quota of %d ppm is above its quota of %d ppm", r.Sub.PPM, r.Share.PPM)
	}
	return ""
}

func wrongFigure(kind RatioKind, ppm PPM) string {
	if kind < RatioFloor || kind > RatioFixed {
		return fmt.Sprintf("kind %s: expected floor, cap or fixed", kind)
	}
	if ppm == 0 || ppm > WholePPM {
		return fmt.Sprintf("%d ppm: expected 1 to %d", ppm, WholePPM)
	}
	return ""
}
