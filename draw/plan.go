package draw

import (
	"fmt"
	"slices"

	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// MaxReserves is the greatest number of reserves per cell.
const MaxReserves = 1000

// A Plan fixes a draw before its seed is known: the suite, the frame by its root
// and size, the strata with their quotas, and the number of reserves. It is
// immutable and safe for concurrent use. The zero Plan is not valid.
//
// A plan has one text ([Plan.MarshalText], [ParsePlan]); its ID is the suite's
// hash of that text.
type Plan struct {
	suite    Suite
	root     Hash
	units    uint64
	reserves int
	strata   []registry.Stratum
	quotas   []Fraction // one for each stratum
	id       Hash
}

// NewPlan returns the plan of drawing from a frame: from each stratum its quota,
// and up to reserves units behind each cell's last drawn one, 0 to
// [MaxReserves]. A stratum that quotas do not name has quota 0. Faults of the
// quotas are a *[QuotaError]. It hashes the whole frame for its root.
func NewPlan(suite Suite, frame *registry.Frame, quotas Quotas, reserves int) (*Plan, error) {
	return newPlan(suite, frame, quotas, reserves, func() (Hash, error) { return frame.Root(suite.fresh) })
}

// NewSaltedPlan is [NewPlan] for a frame whose rows are not public: the plan
// fixes the root of [registry.Frame.SaltedTree] with the frame's secret. The
// plan's text does not say whether its frame is salted; the notice does.
func NewSaltedPlan(suite Suite, frame *registry.Frame, secret [32]byte, quotas Quotas, reserves int) (*Plan, error) {
	return newPlan(suite, frame, quotas, reserves, func() (Hash, error) { return saltedRoot(suite, frame, secret) })
}

func newPlan(suite Suite, frame *registry.Frame, quotas Quotas, reserves int, rootOf func() (Hash, error)) (*Plan, error) {
	if err := suite.check(); err != nil {
		return nil, err
	}
	strata := frame.Strata()
	if err := quotas.Validate(strata); err != nil {
		return nil, err
	}
	root, err := rootOf()
	if err != nil {
		return nil, fmt.Errorf("draw: %w", err)
	}
	p := &Plan{suite: suite, root: root, units: uint64(frame.Len()), reserves: reserves, strata: strata}
	for _, s := range strata {
		p.quotas = append(p.quotas, quotas.Of(s.Label))
	}
	if err := p.finish(); err != nil {
		return nil, err
	}
	return p, nil
}

// finish checks what the plan's parts do not tell one by one, and sets the ID.
func (p *Plan) finish() error {
	if p.reserves < 0 || p.reserves > MaxReserves {
		return fmt.Errorf("draw: %d reserves, expected 0 to %d", p.reserves, MaxReserves)
	}
	if p.Quotas().Total().IsZero() {
		return fmt.Errorf("draw: all quotas are 0: there is nothing to draw")
	}
	text, err := p.MarshalText()
	if err != nil {
		return err
	}
	p.id = p.suite.Sum(text)
	return nil
}

// ID returns the suite's hash of the plan's text.
func (p *Plan) ID() Hash { return p.id }

// Suite returns the plan's suite.
func (p *Plan) Suite() Suite { return p.suite }

// FrameRoot returns the root of the frame that is drawn from.
func (p *Plan) FrameRoot() Hash { return p.root }

// Units returns the number of units in the frame.
func (p *Plan) Units() uint64 { return p.units }

// Reserves returns the number of reserves per cell.
func (p *Plan) Reserves() int { return p.reserves }

// Strata returns the strata, sorted by the bytes of their labels.
func (p *Plan) Strata() []registry.Stratum { return slices.Clone(p.strata) }

// Quotas returns the quota of every stratum, in the order of [Plan.Strata].
func (p *Plan) Quotas() Quotas {
	quotas := make(Quotas, len(p.strata))
	for i, s := range p.strata {
		quotas[i] = Quota{s.Label, p.quotas[i]}
	}
	return quotas
}

// CheckFrame returns nil if frame is the one that the plan fixes. It hashes the
// whole frame.
func (p *Plan) CheckFrame(frame *registry.Frame) error {
	return p.checkFrame(frame, func() (Hash, error) { return frame.Root(p.suite.fresh) })
}

// CheckSaltedFrame is [Plan.CheckFrame] for a plan by [NewSaltedPlan].
func (p *Plan) CheckSaltedFrame(frame *registry.Frame, secret [32]byte) error {
	return p.checkFrame(frame, func() (Hash, error) { return saltedRoot(p.suite, frame, secret) })
}

func saltedRoot(suite Suite, frame *registry.Frame, secret [32]byte) (Hash, error) {
	tree, err := frame.SaltedTree(suite.fresh, secret)
	if err != nil {
		return Hash{}, err
	}
	return tree.Root(), nil
}

func (p *Plan) checkFrame(frame *registry.Frame, rootOf func() (Hash, error)) error {
	if uint64(frame.Len()) != p.units {
		return fmt.Errorf("draw: frame has %d units, the plan says %d", frame.Len(), p.units)
	}
	root, err := rootOf()
	if err != nil {
		return fmt.Errorf("draw: %w", err)
	}
	if root != p.root {
		return fmt.Errorf("draw: frame has root %x, the plan says %x", root, p.root)
	}
	return p.checkStrata(frame.Strata())
}

// checkStrata compares counted strata with those of the plan.
func (p *Plan) checkStrata(strata []registry.Stratum) error {
	for i := range max(len(strata), len(p.strata)) {
		switch {
		case i == len(strata) || i < len(p.strata) && p.strata[i].Label < strata[i].Label:
			return fmt.Errorf("draw: stratum %q of the plan is not in the frame", p.strata[i].Label)
		case i == len(p.strata) || strata[i].Label < p.strata[i].Label:
			return fmt.Errorf("draw: stratum %q of the frame is not in the plan", strata[i].Label)
		case strata[i] != p.strata[i]:
			return fmt.Errorf("draw: stratum %q has %d units of weight %d in the frame, %d of weight %d in the plan",
				strata[i].Label, strata[i].Units, strata[i].Weight, p.strata[i].Units, p.strata[i].Weight)
		}
	}
	return nil
}

// checkLabel returns an error that says what is wrong with a label, to follow
// the name of what it labels.
func checkLabel(s string) error {
	if text := label.Check(s); text != "" {
		return fmt.Errorf("%s", text)
	}
	return nil
}
