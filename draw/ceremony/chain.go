package ceremony

import (
	"fmt"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/label"
)

// A Chain is a contributor's hash chain: one secret that serves all draws of a
// series. The series publishes the last link, and draw number k shows the value
// k links before it; that tells nothing of the values of later draws, which lie
// further back. It prints as "[redacted]"; only [Chain.Export] gives the secret.
// It is immutable and safe for concurrent use. The zero Chain is of no use.
type Chain struct {
	redacted
	suite       draw.Suite
	contributor string
	length      uint64
	end         statement.ID
	marks       func(i uint64) statement.ID // the value i·spacing links after the first secret
}

// spacing is the number of links between two values that a Chain keeps.
const spacing = 128

// NewChain returns the hash chain of a contributor for draws number 1 to length
// of a series, at most [statement.MaxChain]. The secret is the chain's own: it
// must serve nothing else. It takes length hashes.
func NewChain(suite draw.Suite, secret *Secret, contributor string, length uint64) (*Chain, error) {
	switch {
	case suite.Name() == "":
		return nil, errZeroSuite
	case secret.export == nil:
		return nil, errZeroSecret
	case length < 1 || length > statement.MaxChain:
		return nil, fmt.Errorf("ceremony: chain of %d draws, expected 1 to %d", length, statement.MaxChain)
	}
	if wrong := label.Check(contributor); wrong != "" {
		return nil, fmt.Errorf("ceremony: name of the contributor %s", wrong)
	}
	value := statement.ID(secret.Export())
	var marks []statement.ID
	for i := range length {
		if i%spacing == 0 {
			marks = append(marks, value)
		}
		value = statement.ChainLink(suite, contributor, value)
	}
	return &Chain{
		suite: suite, contributor: contributor, length: length, end: value,
		marks: func(i uint64) statement.ID { return marks[i] },
	}, nil
}

// Export returns the chain's first secret, from which [NewChain] makes it again.
// That of the zero Chain is zero.
func (c *Chain) Export() [32]byte {
	if c.marks == nil {
		return [32]byte{}
	}
	return c.marks(0)
}

// End returns the last link, which the series publishes.
func (c *Chain) End() statement.ID { return c.end }

// Length returns the number of draws that the chain serves.
func (c *Chain) Length() uint64 { return c.length }

// Line returns what the series says of the chain.
func (c *Chain) Line() statement.Chain {
	return statement.Chain{Contributor: c.contributor, Length: c.length, End: c.end}
}

// Value returns what draw number k shows, k from 1 to the chain's length. Do not
// publish it before its draw's reveals are due: whoever has it has all values of
// earlier draws too. It takes at most 128 hashes.
func (c *Chain) Value(k uint64) (statement.ID, error) {
	if k < 1 || k > c.length {
		return statement.ID{}, fmt.Errorf("ceremony: chain of %s: draw %d, expected 1 to %d", label.Quote(c.contributor), k, c.length)
	}
	links := c.length - k // after the first secret
	value := c.marks(links / spacing)
	for range links % spacing {
		value = statement.ChainLink(c.suite, c.contributor, value)
	}
	return value, nil
}

// Reveal returns the statement that shows the value of draw number k, whose
// notice has the given ID.
func (c *Chain) Reveal(notice statement.ID, k uint64) (*statement.Reveal, error) {
	value, err := c.Value(k)
	if err != nil {
		return nil, err
	}
	return &statement.Reveal{Notice: notice, Contributor: c.contributor, Value: value}, nil
}
