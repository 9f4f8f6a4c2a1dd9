package coverage

import (
	"fmt"
	"hash"
	"iter"
	"slices"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/label"
	"github.com/doublerandom/doublerandom/registry"
)

// Limits of a plan.
const (
	MaxBatches = 1000      // batches
	MaxCells   = 1 << 17   // cells
	MaxCuts    = 1 << 22   // cells times batches
	MaxPart    = 1_000_000 // a cell's part of one batch
	MaxLead    = 3660      // days
)

// A Batch is a part of the period, from its first to its last day.
type Batch struct {
	Label string        // 1–64 bytes of UTF-8 without spaces and control characters
	From  registry.Date // first day
	To    registry.Date // last day, not before From
}

// Terms are what a plan fixes beside the frame.
type Terms struct {
	// Batches are in the order of their days and do not overlap; days between
	// them may be left out. Labels differ.
	Batches []Batch
	// Lead is how many days must be left until a batch's last day for a newcomer
	// to be placed in it, 0 to [MaxLead].
	Lead int
	// Shares are there for each cell of the frame, in any order. A cell that the
	// frame does not have may be there, too: newcomers are placed by it.
	Shares []Shares
}

// A Plan fixes when everybody in a frame is inspected, but for chance: the suite,
// the frame by its root and size, the batches, and each cell's share of each
// batch. It is immutable and safe for concurrent use. The zero Plan is not valid.
//
// A plan has one text ([Plan.MarshalText], [ParsePlan]); its ID is the suite's
// hash of that text.
type Plan struct {
	suite   draw.Suite
	root    draw.Hash
	units   uint64
	lead    int
	batches []Batch
	cells   []planCell
	id      draw.Hash
}

// NewPlan returns the plan of spreading a frame over batches. It hashes the whole
// frame for its root. Parts with a common divisor are divided by it.
func NewPlan(suite draw.Suite, frame *registry.Frame, terms Terms) (*Plan, error) {
	return newPlan(suite, frame, terms, frame.Root)
}

// NewSaltedPlan is [NewPlan] for a frame whose rows are not public: the plan
// fixes the root of [registry.Frame.SaltedTree] with the frame's secret. The
// plan's text does not say whether its frame is salted, and it shows the number of
// units in each cell.
func NewSaltedPlan(suite draw.Suite, frame *registry.Frame, secret [32]byte, terms Terms) (*Plan, error) {
	return newPlan(suite, frame, terms, saltedRoot(frame, secret))
}

func saltedRoot(frame *registry.Frame, secret [32]byte) func(func() hash.Hash) (draw.Hash, error) {
	return func(newHash func() hash.Hash) (draw.Hash, error) {
		tree, err := frame.SaltedTree(newHash, secret)
		if err != nil {
			return draw.Hash{}, err
		}
		return tree.Root(), nil
	}
}

func newPlan(suite draw.Suite, frame *registry.Frame, terms Terms, rootOf func(func() hash.Hash) (draw.Hash, error)) (*Plan, error) {
	if suite.Name() == "" {
		return nil, fmt.Errorf("coverage: zero Suite, expected one from draw.SHA256 or draw.NewSuite")
	}
	p := &Plan{suite: suite, units: uint64(frame.Len()), lead: terms.Lead, batches: slices.Clone(terms.Batches)}
	if terms.Lead < 0 || terms.Lead > MaxLead {
		return nil, fmt.Errorf("coverage: lead of %d days, expected 0 to %d", terms.Lead, MaxLead)
	}
	if err := checkSize(uint64(len(terms.Batches)), uint64(len(terms.Shares))); err != nil {
		return nil, fmt.Errorf("coverage: %w", err)
	}
	for i := range p.batches {
		if err := checkBatch(p.batches[:i], p.batches[i]); err != nil {
			return nil, fmt.Errorf("coverage: %w", err)
		}
	}
	if err := p.setCells(frame, terms.Shares); err != nil {
		return nil, err
	}
	root, err := rootOf(suite.Hash)
	if err != nil {
		return nil, fmt.Errorf("coverage: %w", err)
	}
	p.root = root
	p.finish()
	return p, nil
}

// checkSize checks the numbers of batches and cells.
func checkSize(batches, cells uint64) error {
	switch {
	case batches < 1 || batches > MaxBatches:
		return fmt.Errorf("%d batches, expected 1 to %d", batches, MaxBatches)
	case cells < 1 || cells > MaxCells:
		return fmt.Errorf("%d cells, expected 1 to %d", cells, MaxCells)
	case batches*cells > MaxCuts:
		return fmt.Errorf("%d cells of %d batches, expected at most %d together", cells, batches, MaxCuts)
	}
	return nil
}

// checkBatch checks a batch that follows others.
func checkBatch(before []Batch, b Batch) error {
	if text := label.Check(b.Label); text != "" {
		return fmt.Errorf("batch %s", text)
	}
	if slices.ContainsFunc(before, func(other Batch) bool { return other.Label == b.Label }) {
		return fmt.Errorf("batch %q is there twice", b.Label)
	}
	if b.From.IsZero() || b.To.IsZero() {
		return fmt.Errorf("batch %q has no first or no last day", b.Label)
	}
	if b.To.Compare(b.From) < 0 {
		return fmt.Errorf("batch %q ends on %s, before it begins on %s", b.Label, b.To, b.From)
	}
	if n := len(before); n > 0 && b.From.Compare(before[n-1].To) <= 0 {
		return fmt.Errorf("batch %q begins on %s, expected a day after %s, the last of batch %q",
			b.Label, b.From, before[n-1].To, before[n-1].Label)
	}
	return nil
}

// finish sets the ID.
func (p *Plan) finish() {
	text, _ := p.MarshalText() // never fails
	p.id = p.suite.Sum(text)
}

// ID returns the suite's hash of the plan's text.
func (p *Plan) ID() draw.Hash { return p.id }

// Suite returns the plan's suite.
func (p *Plan) Suite() draw.Suite { return p.suite }

// FrameRoot returns the root of the frame.
func (p *Plan) FrameRoot() draw.Hash { return p.root }

// Units returns the number of units in the frame.
func (p *Plan) Units() uint64 { return p.units }

// Lead returns how many days must be left until a batch's last day for a newcomer
// to be placed in it.
func (p *Plan) Lead() int { return p.lead }

// Batches returns the batches, in the order of their days.
func (p *Plan) Batches() []Batch { return slices.Clone(p.batches) }

// Cells returns the cells, by the bytes of the stratum's label and ascending
// weight.
func (p *Plan) Cells() iter.Seq[Cell] {
	return func(yield func(Cell) bool) {
		for _, c := range p.cells {
			parts := make([]uint64, len(c.parts))
			for k, part := range c.parts {
				parts[k] = uint64(part)
			}
			if !yield(Cell{c.stratum, c.weight, c.units, parts}) {
				return
			}
		}
	}
}

// Find returns the index in [Plan.Batches] of the batch with the given label, and
// whether there is one.
func (p *Plan) Find(label string) (int, bool) {
	i := slices.IndexFunc(p.batches, func(b Batch) bool { return b.Label == label })
	return max(i, 0), i >= 0
}

// Open returns the index of the first batch that is open to a newcomer who is
// registered on the given day: the first with [Plan.Lead] days left, or more,
// until its last. All later batches are open, too. It reports false if none is, or
// for the zero Date.
func (p *Plan) Open(registered registry.Date) (int, bool) {
	if registered.IsZero() {
		return 0, false
	}
	i := slices.IndexFunc(p.batches, func(b Batch) bool { return b.To.DaysSince(registered) >= p.lead })
	return max(i, 0), i >= 0
}

// Size returns the least and the most units that a batch can have under any seed;
// on average it has exactly its share of each cell. Cells are rounded
// independently. It panics unless batch is an index in [Plan.Batches].
func (p *Plan) Size(batch int) (least, most uint64) {
	if batch < 0 || batch >= len(p.batches) {
		panic("coverage: bad index of a batch")
	}
	for i := range p.cells {
		down, rest := p.cells[i].share(batch)
		least += down
		most += down
		if rest {
			most++
		}
	}
	return least, most
}

// CheckFrame returns nil if frame is the one that the plan fixes. It hashes the
// whole frame.
func (p *Plan) CheckFrame(frame *registry.Frame) error { return p.checkFrame(frame, frame.Root) }

// CheckSaltedFrame is [Plan.CheckFrame] for a plan by [NewSaltedPlan].
func (p *Plan) CheckSaltedFrame(frame *registry.Frame, secret [32]byte) error {
	return p.checkFrame(frame, saltedRoot(frame, secret))
}

func (p *Plan) checkFrame(frame *registry.Frame, rootOf func(func() hash.Hash) (draw.Hash, error)) error {
	if uint64(frame.Len()) != p.units {
		return fmt.Errorf("coverage: frame has %d units, the plan says %d", frame.Len(), p.units)
	}
	root, err := rootOf(p.suite.Hash)
	if err != nil {
		return fmt.Errorf("coverage: %w", err)
	}
	if root != p.root {
		return fmt.Errorf("coverage: frame has root %x, the plan says %x", root, p.root)
	}
	_, err = p.match(frame)
	return err
}
