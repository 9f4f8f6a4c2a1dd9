// Package model scores entities by risk models that are data: a published table of terms,
// limits, time weights and thresholds, in whole numbers, in force from a day to a day.
//
//	Parse        reads a model, which is one text
//	Model.On     fixes the day of scoring
//	Scorer.Score gives an entity's class, explained line by line
//
// [Scorer.Classify] gives the same class without the lines, for a whole city. [Versions] finds
// the model that was in force on a day, so that an old score can be computed again. A class
// carries a weight and a draw rate, which [Model.Weigher] and [Model.Ratio] hand to the sampling
// frame and to quotas; both are at least 1, since nobody is exempt. [FHRS], [NYC], [FMCSA],
// [China4] and [China5] are ready-made.
//
// # How a score is made
//
// A fact is something found on a day in one of the model's terms: points, and how often. For
// each term
//
//  1. a fact's points are multiplied by its count and the term's factor;
//  2. within one visit they count up to the term's limit for a visit;
//  3. they are multiplied by the weight of the time since, added up, and divided if the time
//     weights are fractions;
//  4. the sum is raised to the term's least and lowered to its most.
//
// The total is the sum over the terms. The class is the first whose limits on the total and on
// each single term hold. More points never lead to an earlier class, unless they are on a later
// visit and the model looks at the latest visit alone.
//
// All sums are exact: by the limits on facts and models none exceeds 64 bits. Models, scorers and
// sets of versions are immutable and safe for concurrent use.
package model

import (
	"cmp"
	"fmt"
	"hash"
	"iter"
	"slices"

	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/doublerandom/doublerandom/registry"
)

// A Model is one version of a risk model. It is made by [Parse] or [New].
type Model struct {
	def     Definition
	terms   map[string]uint16
	once    bool // some term needs exactly one fact
	ordered bool // the order of visits plays a part
}

// New returns the model that d defines. It fails with an [*ExemptError] if a class has rate or
// weight 0, with a [*DateError] if it has no first day or ends before it begins, and with
// another error if a field of d is outside its documented range.
func New(d Definition) (*Model, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	m := &Model{def: d.clone(), terms: make(map[string]uint16, len(d.Terms)), ordered: d.Latest}
	for i, t := range d.Terms {
		m.terms[t.Label] = uint16(i)
		m.once = m.once || t.Once
		m.ordered = m.ordered || t.VisitMost > 0
	}
	return m, nil
}

// Name returns the label that all versions of the model have in common.
func (m *Model) Name() string { return m.def.Name }

// Version returns the number of the version, from 1.
func (m *Model) Version() uint32 { return m.def.Version }

// Period returns the first and the last day on which the model is in force. The last day is zero
// if it is so until there is a next version.
func (m *Model) Period() (from, to registry.Date) { return m.def.From, m.def.To }

// Definition returns a copy of all that the model states.
func (m *Model) Definition() Definition { return m.def.clone() }

// Term returns the index of the term with that label, for [Fact].
func (m *Model) Term(label string) (index uint16, ok bool) {
	index, ok = m.terms[label]
	return index, ok
}

// Classes goes through the classes from the lowest risk to the highest.
func (m *Model) Classes() iter.Seq[Class] { return slices.Values(m.def.Classes) }

// Class returns the class with that label, such as one that another authority gave.
func (m *Model) Class(label string) (Class, bool) {
	for _, c := range m.def.Classes {
		if c.Label == label {
			return c, true
		}
	}
	return Class{}, false
}

// Weigher returns the weigher of a sampling frame that reads an entity's class from a field and
// takes its weight. A class that the model does not have is an error for that entity.
func (m *Model) Weigher(class registry.Field) registry.Weigher {
	weights := make(map[string]uint64, len(m.def.Classes))
	for _, c := range m.def.Classes {
		weights[c.Label] = c.Weight
	}
	return registry.WeightByClass(class, weights)
}

// Ratio returns the ratio policy that draws of each class, in all tiers, its rate. It fails if
// kind or basis is unknown.
func (m *Model) Ratio(kind registry.RatioKind, basis registry.RatioBasis) (registry.Ratio, error) {
	var rules []registry.RatioRule
	for _, c := range m.def.Classes {
		rules = append(rules, registry.RatioRule{Class: c.Label, Share: registry.Share{Kind: kind, PPM: c.Rate, Basis: basis}})
	}
	ratio, err := registry.NewRatio(rules...)
	if err != nil {
		return registry.Ratio{}, fmt.Errorf("model: %s: %w", m, err)
	}
	return ratio, nil
}

// ID returns the digest of the model's text, which names it beyond doubt. It fails if newHash is
// nil or has no digests of 32 bytes.
func (m *Model) ID(newHash func() hash.Hash) ([32]byte, error) {
	f, err := digest.New(newHash)
	if err != nil {
		return [32]byte{}, fmt.Errorf("model: %w", err)
	}
	return f.Sum(m.appendText(nil)), nil
}

// String returns the name and the version, such as "fhrs version 1".
func (m *Model) String() string { return fmt.Sprintf("%s version %d", m.def.Name, m.def.Version) }

// orOpen returns the text of a last day, of which the zero one is "open".
func orOpen(d registry.Date) string { return cmp.Or(d.String(), "open") }
